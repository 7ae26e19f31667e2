"""The demo: a whole half-year, the same at every run, never over anything else (entwurf 4.1)."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ablage.hilfe import baum
from demo.hilfe import demo
from hilfe.sauber import verstoesse
from krs.ablage.ordner import AblageFehler
from krs.demo import MERKMAL, vorfuehren

pytestmark = pytest.mark.xdist_group("soffice")  # one worker builds the demo once, for the Master's tests too


def test_die_demo_ist_immer_gleich(tmp_path: Path) -> None:
    ergebnis = subprocess.run(
        [sys.executable, "-m", "krs", "demo", tmp_path / "woanders"],
        env=os.environ | {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}, capture_output=True, check=False,
    )  # fmt: skip
    assert (ergebnis.returncode, ergebnis.stderr) == (0, b"")
    assert baum(tmp_path / "woanders") == baum(demo()[0])


def test_die_demo_ersetzt_eine_fruehere_und_ihr_letzter_satz_ist_ein_befehl_der_geht(
    tmp_path: Path, krs: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRS_AUFRUF", "./run krs")  # so ./run says how it was called
    ordner = tmp_path / "Meine Demo"
    shutil.copytree(demo()[0], ordner)
    (ordner / "Eingang" / "alt.xlsx").write_bytes(b"alt")
    code, text, _ = krs("demo", ordner)
    assert baum(ordner) == baum(demo()[0])
    satz, befehl = text.splitlines()[-2:]
    assert code == 0
    assert "krs export" not in text  # the demo has handed both runs over
    assert satz == "Nächster Schritt, warum sich Beträge geändert haben:"
    assert befehl == f'  ./run krs vergleich "{ordner}" 2024-03 2024-09'
    code, text, fehler = krs(*shlex.split(befehl)[2:])
    assert (code, fehler) == (0, "")
    assert text.startswith("Kriegstetten, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 200.00")


@pytest.mark.parametrize("inhalt", ["meins.txt", "Stammdaten.xlsx", "Eingang/a.xlsx"])
def test_die_demo_ruehrt_einen_anderen_ordner_nicht_an(tmp_path: Path, inhalt: str) -> None:
    datei = tmp_path / "Demo" / inhalt
    datei.parent.mkdir(parents=True)
    datei.write_bytes(b"meins")
    with pytest.raises(AblageFehler) as fehler:
        vorfuehren(tmp_path / "Demo")
    assert str(fehler.value) == (
        f"«{tmp_path / 'Demo'}» enthält etwas anderes als eine Demo. Nennen Sie einen neuen Ordner."
    )
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [datei]


def test_die_demo_traegt_ihr_merkmal_und_keine_reste() -> None:
    ordner, _ = demo()
    assert (ordner / MERKMAL).is_file()
    assert sorted(p.name for p in ordner.iterdir() if not p.name.startswith(".krs")) == [
        "Anhang 1", "Archiv", "Eingang", "Laeufe", "Master.xlsx", "Rueckmeldungen", "Sicherungen",
            "Stammdaten.xlsx", "Stichproben",
        "Uebergaben", "Vorlagen",
    ]  # fmt: skip
    assert list(ordner.rglob("*.neu")) == []


def test_in_jeder_rueckmeldung_der_demo_steht_nur_harmloses() -> None:
    ordner, _ = demo()
    mappen = sorted((ordner / "Rueckmeldungen").rglob("*.xlsx"))
    assert len(mappen) > 5
    assert {p.name: v for p in mappen if (v := verstoesse(p.read_bytes()))} == {}


def test_die_demo_zeigt_jeden_status_einer_einreichung_und_eines_anspruchs() -> None:
    _, ergebnis = demo()
    assert set(Counter(z.status for z in ergebnis.urteil.zeilen)) == {
        "angenommen", "angenommen mit Hinweisen", "Rückfrage offen", "fehlerhaft", "fehlt", "durch Leitgemeinde",
        "ersetzt", "erledigt",
    }  # fmt: skip
    assert {a.status for a in ergebnis.urteil.ansprueche} == {
        "anerkannt", "zurückgestellt", "nicht beitragsberechtigt", "ersetzt",
    }  # fmt: skip
    assert ergebnis.stammdaten_befunde == ()
    assert ergebnis.meldungen == ()  # E-25 was said when its file was new; its Befund stays


def test_die_demo_zeigt_frist_kuerzung_uebernommenen_entscheid_und_neuen_kontakt() -> None:
    """Of eighteen open decisions nine are taken. Bärschwil is in time by its Frist; Langendorf is cut to what is shown.

    Paid in 2024-09 is what it was, 109'040, and Langendorf's 160 of 3 × 160; of Bärschwil everything of 2024 is refused
    with its Anhang 3.
    """
    ordner, ergebnis = demo()
    urteil = ergebnis.urteil
    assert sum(z.status == "Rückfrage offen" for z in urteil.zeilen) == 8
    langendorf = [(z.eingang, z.status) for z in urteil.zeilen if (z.bfs_nr, z.periode) == (2550, "2024-H1")]
    assert langendorf == [(date(2024, 7, 17), "ersetzt"), (date(2024, 7, 29), "angenommen mit Hinweisen")]
    gekuerzt = [a for a in urteil.ansprueche if a.gemeldet not in (None, a.anzahl) and a.status == "anerkannt"]
    assert [(a.bfs_nr, a.gemeldet, a.anzahl, a.betrag) for a in gekuerzt] == [(2550, 3, 1, 160)]
    uebernommen = [(e.code, e.datum) for b, e in urteil.befunde if e and b.bfs_nr == 2550]
    assert uebernommen == [("A2-10", date(2024, 7, 22))] * 2
    baerschwil = [z for z in urteil.zeilen if (z.bfs_nr, z.periode) == (2611, "2024-H1")]
    assert [(z.eingang, z.frist, z.tage, z.status) for z in baerschwil] == [
        (date(2024, 9, 2), date(2024, 9, 6), 0, "angenommen"),
    ]  # fmt: skip
    assert [b.bfs_nr for b, _ in urteil.befunde if b.code == "F-64"] == [2543, 2543]
    lauf = json.loads((ordner / "Laeufe/2024-09/lauf.json").read_bytes())
    assert Decimal(lauf["summen"]["auszahlung"]) == 109_040 + 160


def test_was_in_der_demo_gesendet_ist_liegt_dort_und_heute_nennt_den_rest() -> None:
    """Reminders of the winter and the statements of the first run are sent; the others wait, a line per folder."""
    ordner, _ = demo()
    fort = Counter(p.name.partition("_")[0] for p in (ordner / "Rueckmeldungen/Gesendet").iterdir())
    assert fort == {"Mahnung": 7, "Mitteilung": 98}
    seite = load_workbook(ordner / "Master.xlsx")["Heute"]
    reihen = [[z.value for z in r] for r in seite[seite.tables["Heute"].ref]][1:]
    assert [r[1] for r in reihen if "Entwürfe" in str(r[1]) or "weitere" in str(r[1])] == [
        "98 Entwürfe: Mitteilungen_2024-09", "… und 20 weitere",
    ]  # fmt: skip
    assert Counter(str(r[0]) for r in reihen)["Entscheiden (9)"] == 9


def test_die_demo_zeigt_umschlaege_und_wann_ihr_inhalt_einging() -> None:
    _, ergebnis = demo()
    zeilen = {z.datei: z for z in ergebnis.urteil.zeilen if z.datei}
    gezeigt = {
        "2024-07-19/Mail Lommiswil 2024-H1.eml/Anhang_2_2024-H1_2551_Lommiswil.xlsx": (date(2024, 7, 19), {"E-25"}),
        "Mail Recherswil 2024-H1.eml/Anhang_2_2024-H1_2530_Recherswil.xlsx": (date(2024, 7, 18), {"E-27"}),
        "Mail Oberdorf (SO) 2024-H1.msg/Anhang_2_2024-H1_2553_Oberdorf-SO.xlsx": (date(2024, 7, 27), set()),
        "2024-07-30/Anhang_2_2024-H1_2475_Hochwald.xlsx": (date(2024, 7, 30), {"E-32"}),
    }
    codes = {n: {b.code for b, _ in ergebnis.urteil.befunde if b.datei == n and b.code[0] == "E"} for n in gezeigt}
    assert {n: (zeilen[n].eingang, codes[n]) for n in gezeigt} == gezeigt


def test_die_verbundene_zelle_haelt_fuenf_gespraeche_zurueck_und_sonst_nichts() -> None:
    """3 + 2 talks at 200 francs are held, nobody counts them; all other counts of the form are zero."""
    urteil = demo()[1].urteil
    hochwald = [a for a in urteil.ansprueche if (a.bfs_nr, str(a.periode)) == (2475, "2024-H1")]
    assert [(str(a.leistung), a.status, a.betrag) for a in hochwald if a.betrag] == [
        ("Erstinformationsgespräch", "zurückgestellt", 1000),
    ]
