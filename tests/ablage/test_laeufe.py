"""The ledger on disk: what was changed by hand stops everything, a kill leaves no run or a whole one (entwurf 4.5)."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ablage.hilfe import baum
from ablage.laufhilfe import LAUF, NAECHSTER, TAG, freie, freigeben, geldstamm, json_von, kopie, lauf, offene, tabelle
from ablage.toeten import WARTEN, aenderungen, getoetet, krs, momente
from krs import ablauf
from krs.ablage import laeufe as modul
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import auskunft
from krs.ablauf.uebergabe import antwort_einlesen, uebergeben

SPAETER = date(2025, 3, 10)


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return freie(tmp_path)


@pytest.fixture
def zwei(tmp_path: Path) -> Ablage:
    """Two runs: the second pays again what the bank turned away."""
    ablage = freie(tmp_path)
    uebergeben(ablage.pfad, LAUF, TAG)
    bank = tmp_path / "bank.csv"
    bank.write_text("id;status\nKRS-2024-09-2401;abgelehnt\n", encoding="utf-8")
    antwort_einlesen(ablage.pfad, LAUF, bank, TAG)
    shutil.rmtree(ablage.pfad / "Uebergaben")
    freigeben(ablage, NAECHSTER, SPAETER)
    return ablage


def alles_haelt_an(ablage: Ablage) -> str:
    """Return the one sentence with which every command that reads the ledger stops; nothing has changed."""
    vorher, saetze = baum(ablage.pfad), set()
    befehle: tuple[Callable[[], object], ...] = (
        lambda: ablauf.konsolidieren(ablage.pfad, TAG),
        lambda: lauf(ablage, "2025-09", date(2025, 9, 10)),
        lambda: lauf(ablage, "2025-09", date(2025, 9, 10), freigeben=True, visa=("AB", "CD")),
        lambda: uebergeben(ablage.pfad, LAUF, TAG),
        lambda: auskunft.rueckforderungen(ablage.pfad, TAG),
        lambda: auskunft.kredit(ablage.pfad, 2024, (), TAG),
        lambda: auskunft.vergleich(ablage.pfad, LAUF, "heute", TAG),
        lambda: auskunft.jahresbericht(ablage.pfad, 2024, TAG),
    )
    for befehl in befehle:
        with pytest.raises(AblageFehler) as fehler:
            befehl()
        saetze.add(str(fehler.value))
    assert baum(ablage.pfad) == vorher
    (satz,) = saetze
    return satz


def veraendert(pfad: Path) -> str:
    return (
        f"«{pfad}» fehlt oder wurde nach der Freigabe verändert. Ein freigegebener Lauf ändert sich nie: Stellen Sie "
        "die Datei aus der Sicherung wieder her."
    )


def ausgetauscht(ablage: Ablage, name: str) -> str:
    return (
        f"Der Lauf {name} schliesst nicht an den Lauf davor an: In «{ablage.laeufe}» fehlt ein Lauf, oder einer wurde "
        "ausgetauscht. Stellen Sie den Ordner aus der Sicherung wieder her."
    )


# --- changed by hand ------------------------------------------------------------------------
@pytest.mark.parametrize("datei", ["buchungen.csv", "zahlungen.csv", "lauf.json"])
@pytest.mark.parametrize("art", ["eine Ziffer", "gelöscht", "leer", "eine Zeile mehr"])
def test_ein_veraenderter_lauf_haelt_alles_an(frei: Ablage, datei: str, art: str) -> None:
    pfad = frei.laeufe / LAUF / datei
    daten = pfad.read_bytes()
    if art == "gelöscht":
        pfad.unlink()
    else:
        neu = {"eine Ziffer": daten.replace(b"760.00", b"761.00").replace(b"1010.00", b"1011.00"), "leer": b""}
        pfad.write_bytes(neu.get(art, daten + b"x;y\r\n"))
    assert alles_haelt_an(frei) == veraendert(pfad)


@pytest.mark.parametrize("text", ["[]", "5", "{}", "null", '"a"', "{", "\x00", '{"pruefsumme": 1}'])
def test_was_keine_lauf_json_ist_haelt_alles_an(frei: Ablage, text: str) -> None:
    pfad = frei.laeufe / LAUF / "lauf.json"
    pfad.write_text(text, encoding="utf-8")
    assert alles_haelt_an(frei) == veraendert(pfad)


@pytest.mark.parametrize(
    ("datei", "alt", "neu", "satz"),
    [
        (
            "zahlungen.csv", ";760.00;0.00\r\n2024-09;2402;", ";5760.00;0.00\r\n2024-09;2402;",
            "lauf.json nennt als Auszahlung 1'010.00, zahlungen.csv ergibt 6'010.00; buchungen.csv ergibt für "
            "Egerkingen einen anderen Betrag als die Auszahlung 5'760.00; pain001.xml zahlt für KRS-2024-09-2401 "
            "760.00, zahlungen.csv 5'760.00; pain001.xml nennt als Total 1'010.00, zahlungen.csv ergibt 6'010.00",
        ),
        (
            "pain001.xml", ">760.00<", ">5760.00<",
            "pain001.xml zahlt für KRS-2024-09-2401 5'760.00, zahlungen.csv 760.00",
        ),
        (
            "pain001.xml", "<CtrlSum>1010.00<", "<CtrlSum>6010.00<",
            "pain001.xml nennt als Total 6'010.00, zahlungen.csv ergibt 1'010.00",
        ),
        (
            "buchungen.csv", "2401;600.00;", "2401;5600.00;",
            "buchungen.csv ergibt für Egerkingen einen anderen Betrag als die Auszahlung 760.00",
        ),
        ("buchungen.csv", "Anspruch;2401;", "Anspruch;2404;",
            "buchungen.csv ergibt für Egerkingen einen anderen Betrag als die Auszahlung 760.00; buchungen.csv nennt "
            "Gemeinden, die in zahlungen.csv fehlen",
        ),
        (
            "lauf.json", '"betrag": "240.00",\n   "bfs_nr"', '"betrag": "24.00",\n   "bfs_nr"',
            "die Rechnungen in lauf.json ergeben 24.00, zahlungen.csv 240.00",
        ),
    ],
)  # fmt: skip
def test_wer_auch_die_pruefsummen_neu_rechnet_faellt_an_den_summen_auf(
    frei: Ablage, datei: str, alt: str, neu: str, satz: str
) -> None:
    """Four lines of Python give new hashes; each sum is kept three times (notes on money, A6)."""
    ordner = frei.laeufe / LAUF
    text = (ordner / datei).read_bytes()
    assert alt.encode() in text
    (ordner / datei).write_bytes(text.replace(alt.encode(), neu.encode()))
    inhalt = json.loads((ordner / "lauf.json").read_bytes())
    if datei != "lauf.json":
        inhalt["dateien"][datei] = hashlib.sha256((ordner / datei).read_bytes()).hexdigest()
    inhalt["pruefsumme"] = modul.pruefsumme(inhalt)
    (ordner / "lauf.json").write_bytes(modul.als_json(inhalt))
    assert alles_haelt_an(frei) == (
        f"Der Lauf 2024-09 geht nicht auf: {satz}. Er wurde nach der Freigabe verändert; stellen Sie den Ordner aus "
        "der Sicherung wieder her."
    )


def test_ein_lauf_unter_anderem_namen_haelt_alles_an(frei: Ablage) -> None:
    (frei.laeufe / LAUF).rename(frei.laeufe / "2024-03")
    assert alles_haelt_an(frei) == veraendert(frei.laeufe / "2024-03" / "lauf.json")


def test_ein_fehlender_lauf_in_der_mitte_haelt_alles_an(zwei: Ablage) -> None:
    shutil.rmtree(zwei.laeufe / LAUF)
    assert alles_haelt_an(zwei) == ausgetauscht(zwei, NAECHSTER)


def test_ein_ausgetauschter_lauf_haelt_alles_an(zwei: Ablage, tmp_path: Path) -> None:
    """Somebody puts a whole run in its place, released elsewhere with other Stammdaten."""
    andere = offene(tmp_path / "andere")
    andere.stammdaten.write_bytes(geldstamm(Rückforderungen=[]))
    freigeben(andere)
    shutil.rmtree(zwei.laeufe / LAUF)
    shutil.copytree(andere.laeufe / LAUF, zwei.laeufe / LAUF)
    assert alles_haelt_an(zwei) == ausgetauscht(zwei, NAECHSTER)


def test_ein_uebergebener_letzter_lauf_der_fehlt_haelt_alles_an(frei: Ablage) -> None:
    """Without it, everything would be paid a second time."""
    uebergeben(frei.pfad, LAUF, TAG)
    shutil.rmtree(frei.laeufe / LAUF)
    assert alles_haelt_an(frei) == (
        f"Der Lauf 2024-09 wurde am 2024-09-10 übergeben, in «{frei.laeufe}» fehlt er aber oder wurde ausgetauscht. "
        "Stellen Sie den Ordner aus der Sicherung wieder her."
    )


@pytest.mark.parametrize(
    "zeile",
    [
        "2024-09;KRS-2024-09-2401;2401;7600.00;Nein;2024-10-01;",
        "2024-09;KRS-2024-09-2401;2402;760.00;Nein;2024-10-01;",
        "2023-09;KRS-2023-09-2401;2401;760.00;Nein;2024-10-01;",
        "2024-09;KRS-2024-09-2401;2401;760.00;nein;2024-10-01;",
        "2024-09;KRS-2024-09-2401;2401;viel;Nein;2024-10-01;", "2024-09;KRS-2024-09-2401;2401;NaN;Nein;2024-10-01;",
        "2024-09;KRS-2024-09-2401;2401;760.00;Nein;gestern;", "2024-09;KRS-2024-09-2401;2401;760.00;Nein",
        '2024-09;"KRS-2024-09-2401;2401;760.00;Nein;2024-10-01;', "2024-09;KRS;2401;760.00;Nein;2024-10-01;;;",
    ],
)  # fmt: skip
def test_eine_von_hand_geaenderte_antwort_haelt_alles_an(frei: Ablage, zeile: str) -> None:
    """What comes back is paid again: nothing that the run did not pay."""
    pfad = frei.laeufe / "antworten.csv"
    pfad.write_text(f"lauf;end_to_end_id;bfs_nr;betrag;ausgefuehrt;datum;grund\n{zeile}\n", encoding="utf-8")
    assert alles_haelt_an(frei) == f"«{pfad}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."


def test_ein_veraenderter_zahlungsauftrag_haelt_nur_die_uebergabe_an(frei: Ablage) -> None:
    pfad = frei.laeufe / LAUF / "pain001.xml"
    pfad.write_bytes(pfad.read_bytes().replace(b"CH", b"LI", 1))
    with pytest.raises(AblageFehler) as fehler:
        uebergeben(frei.pfad, LAUF, TAG)
    assert str(fehler.value) == veraendert(pfad)
    assert not (frei.pfad / "Uebergaben").exists()
    assert ablauf.konsolidieren(frei.pfad, TAG).master.is_file()
    assert lauf(frei, NAECHSTER, SPAETER).stand == "Vorschau"


def test_was_sonst_in_laeufe_liegt_stoert_nicht(frei: Ablage) -> None:
    (frei.laeufe / "2024-09 Kopie").mkdir()
    (frei.laeufe / "2024-03").write_text("kein Ordner", encoding="utf-8")
    (frei.laeufe / "Notiz.txt").write_text("Guten Tag", encoding="utf-8")
    assert list(Laeufe(frei.laeufe).inhalte) == [LAUF]


# --- reading back ---------------------------------------------------------------------------
def test_gelesen_wird_was_freigegeben_wurde(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    plan = freigeben(ablage).plan
    laeufe = Laeufe(ablage.laeufe)
    assert laeufe.journal.buchungen == plan.buchungen
    assert laeufe.abrechnungen == plan.abrechnungen
    assert laeufe.journal.rechnungen == tuple((LAUF, r) for r in plan.rechnungen)
    assert laeufe.journal.laeufe == (LAUF,)


def test_jeder_lauf_nennt_den_davor(zwei: Ablage) -> None:
    erster, zweiter = (json_von(zwei.laeufe / n / "lauf.json") for n in (LAUF, NAECHSTER))
    assert (erster["vorlauf"], zweiter["vorlauf"]) == ("", erster["pruefsumme"])


# --- kill -----------------------------------------------------------------------------------
def test_ein_rest_einer_abgebrochenen_freigabe_verschwindet(frei: Ablage) -> None:
    rest = frei.laeufe / ".2024-03.123.neu"
    (rest / "mitteilungen").mkdir(parents=True)
    (rest / "lauf.json").write_text("{}", encoding="utf-8")
    ablauf.konsolidieren(frei.pfad, TAG)
    assert not rest.exists()
    assert list(Laeufe(frei.laeufe).inhalte) == [LAUF]


def test_bricht_die_freigabe_ab_gibt_es_keinen_lauf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ablage = offene(tmp_path)
    lauf(ablage, vorbereiten=True, visa=("AB",))
    schreibe, geschrieben = modul.schreibe, list[Path]()

    def voll(pfad: Path, daten: bytes) -> bool:
        geschrieben.append(pfad)
        if len(geschrieben) == 5:
            raise AblageFehler("Der Datenträger ist voll.")
        return schreibe(pfad, daten)

    monkeypatch.setattr(modul, "schreibe", voll)
    with pytest.raises(AblageFehler, match="Der Datenträger ist voll"):
        lauf(ablage, freigeben=True, visa=("CD",))
    monkeypatch.undo()
    assert not (ablage.laeufe / LAUF).exists()
    lauf(ablage, freigeben=True, visa=("CD",))
    ungestoert = freie(tmp_path / "ungestört")
    assert baum(ablage.laeufe) == baum(ungestoert.laeufe)


def test_haelt_excel_die_vorschau_gilt_die_freigabe_trotzdem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ablage = offene(tmp_path)
    lauf(ablage, vorbereiten=True, visa=("AB",))

    def gehalten(pfad: Path) -> None:
        raise AblageFehler(f"«{pfad}» kann nicht gelöscht werden.")

    monkeypatch.setattr(modul, "loesche_datei", gehalten)
    assert lauf(ablage, freigeben=True, visa=("CD",)).stand == "freigegeben"
    monkeypatch.undo()
    with pytest.raises(AblageFehler, match="schon freigegeben"):
        lauf(ablage)
    assert sorted(p.name for p in ablage.laeufe.iterdir()) == [LAUF, "protokoll.csv"]  # the next call tidies up


def test_getoetet_bleibt_kein_lauf_oder_ein_ganzer(tmp_path: Path) -> None:
    vorbereitet = offene(tmp_path)
    lauf(vorbereitet, vorbereiten=True, visa=("AB",))
    ungestoert = kopie(vorbereitet.pfad, tmp_path / "ungestört")
    befehl = (LAUF, "--freigeben", "--visum", "CD")
    anzahl = aenderungen(ungestoert.pfad, "lauf", ungestoert.pfad, *befehl)
    soll = ohne_protokoll(ungestoert)
    for moment in momente(anzahl, 10, seed=2024):
        ablage = kopie(vorbereitet.pfad, tmp_path / str(moment))
        getoetet(ablage.pfad, moment, "lauf", ablage.pfad, *befehl)
        ort = ablage.laeufe / LAUF
        if ort.exists():
            assert baum(ort) == baum(ungestoert.laeufe / LAUF)
            with pytest.raises(AblageFehler, match="schon freigegeben"):
                lauf(ablage, freigeben=True, visa=("CD",))
        else:
            assert lauf(ablage, freigeben=True, visa=("CD",)).stand == "freigegeben"
        assert ohne_protokoll(ablage) == soll
        uebergeben(ablage.pfad, LAUF, TAG)  # whatever the log still lacked is there now
        assert [z["Vorgang"] for z in tabelle(ablage.laeufe / "protokoll.csv")] == [
            "vorbereitet", "freigegeben", "übergeben",
        ]  # fmt: skip


def ohne_protokoll(ablage: Ablage) -> dict[str, str]:
    """Return all files but the log, whose last line is written after the run is there."""
    return {n: sha for n, sha in baum(ablage.pfad).items() if not n.endswith("protokoll.csv")}


def test_zwei_gleichzeitige_freigaben_geben_einen_lauf(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    lauf(ablage, vorbereiten=True, visa=("AB",))
    prozesse = [krs("lauf", ablage.pfad, LAUF, "--freigeben", "--visum", visum) for visum in ("CD", "EF", "GH")]
    assert sorted(p.wait(WARTEN) for p in prozesse) == [0, 2, 2]
    assert list(Laeufe(ablage.laeufe).inhalte) == [LAUF]
    assert sorted(p.name for p in ablage.laeufe.iterdir()) == [LAUF, "protokoll.csv"]


def test_lauf_json_ist_lesbar_und_ohne_ort(frei: Ablage) -> None:
    text = (frei.laeufe / LAUF / "lauf.json").read_text(encoding="utf-8")
    assert str(frei.pfad) not in text
    assert json.loads(text)["lauf"] == LAUF
