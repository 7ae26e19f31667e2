"""A purged form stays received, and what was paid for it stays paid: through the whole folder (Entscheid 51)."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ablage.hilfe import ausgefuellt, baum, einwerfen
from ablage.laufhilfe import LAUF, NAECHSTER, freie, freigeben, lauf, offene
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.auskunft import kredit, vergleich
from krs.cli import anzeige
from krs.urteil import grabstein

GELOESCHT, SPAETER = date(2024, 10, 1), date(2025, 3, 10)
ALT = date(2034, 10, 1)


def sha_von(ablage: Ablage, bfs: int) -> str:
    return next(s for s, e in Archiv(ablage.archiv).eintraege.items() if e.wer.bfs_nr == bfs)


def loesche(ablage: Ablage, bfs: int, am: date = GELOESCHT, **wie: Any) -> str:
    sha = sha_von(ablage, bfs)
    g = ablauf.archiv_loeschen(ablage.pfad, sha, am, "Namen", "MB", **wie)
    assert g.eintrag.loeschung is not None
    return g.eintrag.loeschung.stand


def blatt(ablage: Ablage, name: str, tag: date = SPAETER) -> list[dict[str, Any]]:
    ablauf.konsolidieren(ablage.pfad, tag)
    kopf, *zeilen = load_workbook(BytesIO(ablage.master.read_bytes()), data_only=True)[name].values
    return [dict(zip(kopf, z, strict=True)) for z in zeilen]


def test_ein_bezahltes_formular_bleibt_eingegangen_und_bezahlt(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    laeufe, vorher = baum(ablage.laeufe), kredit(ablage.pfad, 2024, [], SPAETER).stand
    summen = [str(a.betrag) for a in ablauf.konsolidieren(ablage.pfad, SPAETER).urteil.ansprueche if a.bfs_nr == 2401]
    assert loesche(ablage, 2401) == grabstein.BEZAHLT
    (zeile,) = [z for z in blatt(ablage, "Einreichungen") if (z["BFS-Nr."], z["Formular"]) == (2401, "Anhang 2")]
    assert (zeile["Status"], zeile["Datei"], zeile["Bemerkung"]) == (
        "gelöscht", None, "gelöscht am 01.10.2024 durch MB: Namen",
    )  # fmt: skip
    gezeigt = [z for z in blatt(ablage, "Ansprüche") if z["BFS-Nr."] == 2401 and z["Leistung"] != "Sockelbeitrag"]
    assert [(z["Anzahl"], z["Betrag"], z["Status"], z["Lauf"], z["Grund"]) for z in gezeigt] == [
        (3, 600, "bezahlt", LAUF, "Formular gelöscht"), (1, 160, "bezahlt", LAUF, "Formular gelöscht"),
    ]  # fmt: skip
    (reporting,) = [z for z in blatt(ablage, "Reporting") if z["BFS-Nr."] == 2401]
    assert {v for k, v in reporting.items() if k not in ("BFS-Nr.", "Gemeinde", "Bezirk", "Periode")} == {"gelöscht"}
    u = ablauf.konsolidieren(ablage.pfad, SPAETER).urteil
    assert [str(a.betrag) for a in u.ansprueche if a.bfs_nr == 2401] == summen
    assert kredit(ablage.pfad, 2024, [], SPAETER).stand == vorher
    assert not [p for b in ablauf.mahnen(ablage.pfad, "2024-H1", SPAETER).briefe for p in b.posten]
    assert vergleich(ablage.pfad, LAUF, "heute", SPAETER) == (
        "Zwischen Lauf 2024-09 und heute unterscheidet sich kein Betrag.",
    )
    plan = lauf(ablage, NAECHSTER, SPAETER).plan
    assert (plan.warnungen, [b for b in plan.buchungen if b.bfs_nr == 2401]) == ((), [])
    assert {k: v for k, v in baum(ablage.laeufe).items() if k.startswith(LAUF)} == {
        k: v for k, v in laeufe.items() if k.startswith(LAUF)
    }
    ablauf.vorlagen(ablage.pfad, "2024-H2")  # the figures of the period before are gone, too


def test_was_noch_nicht_bezahlt_ist_braucht_trotzdem_und_bringt_dann_nichts(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    ablauf.konsolidieren(ablage.pfad, date(2024, 9, 1))
    with pytest.raises(AblageFehler, match=r"Daran hängt noch Geld: noch nicht gebucht Fr\. 760\.00"):
        loesche(ablage, 2401, date(2024, 9, 1))
    assert loesche(ablage, 2401, date(2024, 9, 1), trotzdem=True) == grabstein.UNBEZAHLT
    freigeben(ablage)
    assert next(z["Status"] for z in blatt(ablage, "Einreichungen") if z["BFS-Nr."] == 2401) == "gelöscht"
    assert [z for z in blatt(ablage, "Ansprüche") if z["BFS-Nr."] == 2401 and z["Leistung"] != "Sockelbeitrag"] == []
    assert not [z for z in blatt(ablage, "Buchungen") if z["BFS-Nr."] == 2401]


def test_eine_neue_fassung_nach_dem_loeschen_bucht_den_unterschied(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    loesche(ablage, 2401)
    mehr = {"erst_einzelpersonen": 4, "erst_personen": 4, "bemerkungen": "berichtigt"}
    einwerfen(ablage, "2024-07-30/neu.xlsx", ausgefuellt(ablage, 2401, **mehr))
    einwerfen(ablage, "2024-10-05/spaet.xlsx", ausgefuellt(ablage, 2402, bemerkungen="zu spät"))
    loesche(ablage, 2402)
    u = ablauf.konsolidieren(ablage.pfad, SPAETER).urteil
    assert [(z.bfs_nr, z.status) for z in u.zeilen if z.formular == "Anhang 2" and z.bfs_nr != 2403] == [
        (2401, "ersetzt"), (2401, "angenommen"), (2402, "gelöscht"), (2402, "Rückfrage offen"),
    ]  # fmt: skip
    plan = lauf(ablage, NAECHSTER, SPAETER).plan
    gebucht = [(b.bfs_nr, str(b.posten), b.betrag) for b in plan.buchungen if b.posten]
    assert {b for b, _, _ in gebucht} == {2401}
    assert plan.warnungen == ()


def test_ein_verlorenes_original_wird_vermerkt_und_haelt_nichts_mehr_an(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    sha = sha_von(ablage, 2401)
    next(p for p in ablage.eingegangen() if hashlib.sha256(p.read_bytes()).hexdigest() == sha).unlink()
    Archiv(ablage.archiv).pfad(sha).unlink()
    with pytest.raises(AblageFehler, match=r"^Das Original von Egerkingen, Anhang 2 2024-H1, Eingang 15\.07\.2024, "):
        ablauf.konsolidieren(ablage.pfad, SPAETER)
    assert loesche(ablage, 2401) == grabstein.UNBEKANNT
    assert [z["Status"] for z in blatt(ablage, "Ansprüche") if z["BFS-Nr."] == 2401][:2] == ["bezahlt", "bezahlt"]
    assert lauf(ablage, NAECHSTER, SPAETER).plan.warnungen == ()


def test_ein_grabstein_ohne_stand_zaehlt_als_eingegangen(tmp_path: Path) -> None:
    """As krs 0.4.0 left it: no column «Stand»."""
    ablage = freie(tmp_path)
    loesche(ablage, 2401)
    index = ablage.archiv / "index.csv"
    alt = [z.removesuffix(f";{grabstein.BEZAHLT}") for z in index.read_text("utf-8-sig").splitlines()]
    zeilen = [z.removesuffix(";Stand") if n == 0 else z.removesuffix(";") if z.count(";") == 13 else z
              for n, z in enumerate(alt)]  # fmt: skip
    index.write_text("\r\n".join(zeilen) + "\r\n", "utf-8-sig", newline="")
    assert [e.loeschung.stand for e in Archiv(ablage.archiv).eintraege.values() if e.loeschung] == [""]
    u = ablauf.konsolidieren(ablage.pfad, SPAETER).urteil
    assert [z.status for z in u.zeilen if z.bfs_nr == 2401 and z.formular == "Anhang 2"] == ["gelöscht"]
    assert lauf(ablage, NAECHSTER, SPAETER).plan.warnungen == ()


# --- by age ---------------------------------------------------------------------------------
def test_gesammelt_wird_erst_gezeigt_dann_geloescht_und_nach_einem_abbruch_vollendet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ablage = freie(tmp_path)
    foto = einwerfen(ablage, "2024-07-18/Foto.jpg", b"\xff\xd8\xff")
    offen = {"erst_einzelpersonen": 5, "erst_personen": 5, "bemerkungen": "berichtigt"}
    einwerfen(ablage, "2024-07-20/offen.xlsx", ausgefuellt(ablage, 2402, **offen))
    ablauf.konsolidieren(ablage.pfad, SPAETER)
    vor = date(2024, 10, 1)
    with pytest.raises(AblageFehler, match="Originale bleiben mindestens 10 Jahre"):
        ablauf.archiv_bereinigen(ablage.pfad, vor, date(2034, 9, 30), "alt", "MB", endgueltig=True)
    vorher = baum(ablage.pfad)
    b = ablauf.archiv_bereinigen(ablage.pfad, vor, ALT)
    assert (b.anzahl, b.getan) == ({(2024, "Anhang 2"): 2, (2024, "kein Formular"): 1}, False)
    assert [(e.wer.gemeinde, e.datei, g) for e, g in b.bleiben] == [
        ("Härkingen", "2024-07-16/b.xlsx", "noch nicht bezahlt"),
        ("Härkingen", "2024-07-20/offen.xlsx", "noch nicht bezahlt"),
    ]
    assert baum(ablage.pfad) == vorher
    assert [*anzeige.bereinigt(b, vor)][-1].startswith("Gelöscht ist nichts.")
    with pytest.raises(AblageFehler, match="Nennen Sie den Grund"):
        ablauf.archiv_bereinigen(ablage.pfad, vor, ALT, endgueltig=True)

    def bricht_ab(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr("krs.ablage.archiv.loesche_datei", bricht_ab)
        with pytest.raises(KeyboardInterrupt):
            ablauf.archiv_bereinigen(ablage.pfad, vor, ALT, "alt", "MB", endgueltig=True)
    assert foto.exists()
    c = ablauf.archiv_bereinigen(ablage.pfad, vor, ALT, "alt", "MB", endgueltig=True)
    assert (c.anzahl, len(c.dateien), foto.exists()) == ({}, 3, False)
    assert sorted(p.suffix for p in ablage.archiv.iterdir()) == [".csv", ".csv", ".xlsx", ".xlsx"]  # index, journal
    u = ablauf.konsolidieren(ablage.pfad, ALT).urteil
    anhang2 = [(z.bfs_nr, z.status) for z in u.zeilen if z.formular == "Anhang 2"]
    assert anhang2 == [(2401, "gelöscht"), (2402, "ersetzt"), (2402, "angenommen"), (2403, "gelöscht")]
    assert [z["Meldungen"] for z in blatt(ablage, "Auswertung", ALT)][:1] == [1]
