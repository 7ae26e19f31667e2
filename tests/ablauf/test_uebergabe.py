"""Hand-over to finance and the bank's answer: always the same files, nothing paid twice (entwurf 4.1, 4.5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ablage.hilfe import baum
from ablage.laufhilfe import (
    FORDERUNGEN,
    LAUF,
    NAECHSTER,
    freie,
    freigeben,
    geldstamm,
    json_von,
    kopie,
    lauf,
    offene,
    rueckforderung,
    tabelle,
)  # fmt: skip
from krs.ablage.laeufe import Laeufe, als_json, pruefsumme
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.laeufe import Zahlungslauf
from krs.ablauf.uebergabe import Eingelesen, Uebergabe, antwort_einlesen, uebergeben

TAG, SPAETER, DANACH = date(2024, 9, 12), date(2025, 3, 10), date(2025, 9, 10)
DATEIEN = (
    "pain001.xml", "buchungen.csv", "zahlungen.csv", "journal.csv", "rechnungen.csv", "rechnungen/R-2024-09-2403.pdf",
    "rechnungen/R-2024-09-2403.svg",
)  # fmt: skip
OLTEN, HAERKINGEN = "KRS-2024-09-2401", "KRS-2024-09-2402"
PAIN002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>B-1</MsgId><CreDtTm>2024-09-30T18:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{msg}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>{gruppe}</OrgnlGrpInfAndSts>
{teil}</CstmrPmtStsRpt></Document>"""
TEIL = """<OrgnlPmtInfAndSts><OrgnlPmtInfId>1</OrgnlPmtInfId>{}</OrgnlPmtInfAndSts>"""
ZAHLUNG = """<TxInfAndSts><OrgnlEndToEndId>{}</OrgnlEndToEndId><TxSts>{}</TxSts>
<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"""


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return freie(tmp_path)


def verweigert(ablage: Ablage, name: str = LAUF, *, erneut: bool = False, grund: str = "") -> str:
    """Return why a hand-over is refused; nothing has changed."""
    vorher = baum(ablage.pfad)
    with pytest.raises((AblageFehler, ValueError)) as fehler:
        uebergeben(ablage.pfad, name, TAG, erneut=erneut, grund=grund)
    assert baum(ablage.pfad) == vorher
    return str(fehler.value)


def veraendert(pfad: Path) -> str:
    return (
        f"«{pfad}» fehlt oder wurde nach der Freigabe verändert. Ein freigegebener Lauf ändert sich nie: Stellen Sie "
        "die Datei aus der Sicherung wieder her."
    )


# --- hand-over ------------------------------------------------------------------------------
def test_uebergeben_werden_die_dateien_des_laufs(frei: Ablage) -> None:
    inhalt = json_von(frei.laeufe / LAUF / "lauf.json")
    u = uebergeben(frei.pfad, " 2024-09 ", TAG)
    ordner = frei.pfad / "Uebergaben" / "2024-09_1_2024-09-12"
    pruefsummen = inhalt["pruefsumme"], inhalt["inhalt"], inhalt["dateien"]["pain001.xml"]
    assert u == Uebergabe(LAUF, ordner, DATEIEN, 1, inhalt["summen"], inhalt["anzahlen"], *pruefsummen)
    assert baum(ordner) == {d: inhalt["dateien"][d] for d in sorted(DATEIEN)}
    assert (frei.laeufe / "uebergaben.csv").read_bytes().decode("utf-8-sig").splitlines() == [
        "Datum;Lauf;Nummer;Prüfsumme;Grund",
        f"2024-09-12;2024-09;1;{inhalt['pruefsumme']};",
    ]


def test_ein_zweites_mal_nur_mit_grund(frei: Ablage) -> None:
    erste = uebergeben(frei.pfad, LAUF, TAG)
    satz = (
        "Der Lauf 2024-09 wurde am 2024-09-12 schon übergeben. Nochmals nur mit «--erneut --grund TEXT»; die Bank "
        "erkennt die Datei an derselben Kennung und zahlt nicht doppelt."
    )
    assert verweigert(frei) == verweigert(frei, erneut=True) == verweigert(frei, grund="Datei verloren") == satz
    assert verweigert(frei, erneut=True, grund="  ") == satz
    zweite = uebergeben(frei.pfad, LAUF, date(2024, 9, 13), erneut=True, grund="=Datei; verloren\nam Montag")
    assert (zweite.nummer, zweite.ordner.name) == (2, "2024-09_2_2024-09-13")
    assert baum(zweite.ordner) == baum(erste.ordner)
    assert [(z["Nummer"], z["Grund"]) for z in tabelle(frei.laeufe / "uebergaben.csv")] == [
        ("1", ""), ("2", "'=Datei; verloren\nam Montag"),
    ]  # fmt: skip
    assert uebergeben(frei.pfad, LAUF, TAG, erneut=True, grund="noch einmal").nummer == 3


def test_ein_grund_nennt_keine_ahv_nummer(frei: Ablage) -> None:
    uebergeben(frei.pfad, LAUF, TAG)
    uebergeben(frei.pfad, LAUF, TAG, erneut=True, grund="Betrifft 756.1234.5678.97")
    assert "1234.5678" not in (frei.laeufe / "uebergaben.csv").read_text(encoding="utf-8")


def test_nur_ein_freigegebener_lauf_wird_uebergeben(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    lauf(ablage, vorbereiten=True, visa=("AB",))
    satz = "Der Lauf 2024-09 ist nicht freigegeben. Übergeben wird nur ein freigegebener Lauf."
    assert verweigert(ablage) == satz
    assert verweigert(ablage, "2024-10").startswith("«2024-10» ist kein Lauf.")


@pytest.mark.parametrize(
    "datei",
    [
        "pain001.xml", "zahlungen.csv", "buchungen.csv", "lauf.json", "Stammdaten.xlsx", "Abrechnungslauf_2024-09.xlsx",
        "rechnungen/R-2024-09-2403.svg", "mitteilungen/Beitragsmitteilung_2024-09_2401_Egerkingen.xlsx",
    ],
)  # fmt: skip
@pytest.mark.parametrize("art", ["geändert", "gelöscht", "geleert"])
def test_was_von_hand_geaendert_ist_wird_nicht_uebergeben(frei: Ablage, datei: str, art: str) -> None:
    pfad = frei.laeufe / LAUF / datei
    if art == "gelöscht":
        pfad.unlink()
    else:
        daten = pfad.read_bytes()
        pfad.write_bytes(daten[:99] + bytes([daten[99] ^ 1]) + daten[100:] if art == "geändert" else b"")
    assert verweigert(frei) == veraendert(pfad)


def test_laesst_sich_die_liste_nicht_schreiben_ist_nichts_uebergeben(
    frei: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offen(*_: object) -> None:
        raise AblageFehler("uebergaben.csv ist in Excel offen.")

    monkeypatch.setattr(Laeufe, "uebergabe_festhalten", offen)
    assert verweigert(frei) == "uebergaben.csv ist in Excel offen."
    monkeypatch.undo()
    assert uebergeben(frei.pfad, LAUF, TAG).nummer == 1


def test_ein_lauf_ohne_zahlung_hat_keinen_zahlungsauftrag(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    schulden = [rueckforderung(f"R-{b}", b, 5000) for b in (2401, 2402, 2403)]
    ablage.stammdaten.write_bytes(geldstamm(Rückforderungen=schulden))
    freigeben(ablage)
    assert uebergeben(ablage.pfad, LAUF, TAG).dateien == (
        "buchungen.csv", "zahlungen.csv", "journal.csv", "rechnungen.csv",
        *(f"rechnungen/R-2024-09-{b}.{e}" for b in (2401, 2402, 2403) for e in ("pdf", "svg")),
    )  # fmt: skip


def test_mit_zuordnung_liegt_das_journal_auch_so_da_und_spaeter_ohne_neue_uebergabe(frei: Ablage) -> None:
    erste = uebergeben(frei.pfad, LAUF, TAG, nach="banana")
    assert erste.dateien == (*DATEIEN, "journal_banana.txt")
    journal = (erste.ordner / "journal_banana.txt").read_text(encoding="utf-8").splitlines()
    assert journal[1] == (
        "2024-09-10\tKRS-2024-09-RF-R-1\tHärkingen: Rückforderung R-1, Stichprobe\t2006.00\t3632.00\t150.00"
    )
    log = (frei.laeufe / "uebergaben.csv").read_bytes()
    spaeter = uebergeben(frei.pfad, LAUF, SPAETER, nach="generisch")
    assert (spaeter.dateien, spaeter.ordner, spaeter.nummer) == (("journal_generisch.csv",), erste.ordner, 1)
    assert (frei.laeufe / "uebergaben.csv").read_bytes() == log
    assert verweigert(frei, erneut=True) == verweigert(frei)


def test_ein_lauf_von_0_4_hat_kein_journal_und_bleibt_so(frei: Ablage) -> None:
    pfad = frei.laeufe / LAUF / "lauf.json"
    inhalt = json_von(pfad)
    for datei in ("journal.csv", "rechnungen.csv"):
        del inhalt["dateien"][datei]
        (pfad.parent / datei).unlink()
    pfad.write_bytes(als_json({**inhalt, "pruefsumme": pruefsumme(inhalt)}))
    with pytest.raises(AblageFehler, match="Der Lauf 2024-09 hat kein Journal: Eine frühere Version hat ihn freigege"):
        uebergeben(frei.pfad, LAUF, TAG, nach="banana")
    assert not (frei.pfad / "Uebergaben").exists()
    assert uebergeben(frei.pfad, LAUF, TAG).dateien == (*DATEIEN[:3], *DATEIEN[5:])


@pytest.mark.parametrize("roh", [b"", b"\xff\xfe", b"Datum;Lauf\r\n", b"Datum;Lauf;Nummer;Pr", b"a\x00;b"])
def test_eine_beschaedigte_liste_der_uebergaben_wird_genannt(frei: Ablage, roh: bytes) -> None:
    uebergeben(frei.pfad, LAUF, TAG)
    pfad = frei.laeufe / "uebergaben.csv"
    pfad.write_bytes(roh)
    assert verweigert(frei) == f"«{pfad}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."


# --- answers --------------------------------------------------------------------------------
def antwort(ablage: Ablage, text: str, name: str = LAUF, datei: str = "antwort.xml") -> Eingelesen:
    pfad = ablage.pfad.parent / datei
    pfad.write_text(text, encoding="utf-8")
    return antwort_einlesen(ablage.pfad, name, pfad, date(2024, 10, 1))


def pain002(*zahlungen: tuple[str, str], msg: str = "KRS-2024-09", gruppe: str = "") -> str:
    teil = TEIL.format("".join(ZAHLUNG.format(*z) for z in zahlungen)) if zahlungen else ""
    return PAIN002.format(msg=msg, gruppe=gruppe, teil=teil)


def gezahlt(ablage: Ablage, name: str) -> list[tuple[str, ...]]:
    return [
        (z["bfs_nr"], z["anspruch"], z["differenz_frueher"], z["auszahlung"])
        for z in tabelle(ablage.laeufe / name / "zahlungen.csv")
    ]


def test_eine_zurueckgewiesene_zahlung_zahlt_der_naechste_lauf_genau_einmal(frei: Ablage) -> None:
    e = antwort(frei, pain002((OLTEN, "RJCT"), (HAERKINGEN, "ACSC")))
    assert e == Eingelesen(LAUF, 1, (("Egerkingen", 760, "AC04 (Konto geschlossen)"),), 0)
    ort = freigeben(frei, NAECHSTER, SPAETER).ort
    assert gezahlt(frei, NAECHSTER) == [("2401", "0.00", "760.00", "760.00")]
    (b,) = tabelle(ort / "buchungen.csv")
    assert (b["buchung"], b["art"], b["betrag"], b["rueckforderung"], b["kreditjahr"], b["konto"], b["grund"]) == (
        "2025-03/2401/Rückweisung/2024-09", "Rückweisung", "760.00", "2024-09/2401", "", "2006.00",
        "Zahlung des Laufs 2024-09 zurückgewiesen: AC04 (Konto geschlossen)",
    )  # fmt: skip
    nochmals = antwort(frei, pain002((OLTEN, "RJCT"), (HAERKINGEN, "ACSC")))  # the bank says it once more
    assert (nochmals.zurueck, nochmals.erneut) == ((), (("Egerkingen", 760, NAECHSTER),))
    assert not lauf(frei, "2025-09", DANACH).plan.buchungen


def test_eine_zahlung_die_doch_noch_ausgefuehrt_wird_ist_doppelt(frei: Ablage) -> None:
    antwort(frei, pain002((OLTEN, "RJCT")))
    assert antwort(frei, pain002((HAERKINGEN, "ACSC"))).doppelt == ()
    freigeben(frei, NAECHSTER, SPAETER)
    e = antwort(frei, pain002((OLTEN, "ACSC")))
    assert e == Eingelesen(LAUF, 1, (), 1, doppelt=(("Egerkingen", 760, NAECHSTER),))
    assert not lauf(frei, "2025-09", DANACH).plan.buchungen


def nachgezahlt(ablage: Ablage, tag: date = date(2024, 10, 8)) -> Zahlungslauf:
    """Prepare and release a Nachzahlung to run 2024-09 as two people do."""
    lauf(ablage, LAUF, tag, nachzahlung=True, vorbereiten=True, visa=("AB",))
    return lauf(ablage, LAUF, tag, nachzahlung=True, freigeben=True, visa=("CD",))


def test_eine_nachzahlung_zahlt_was_zurueckkam_sofort_und_sonst_nichts(frei: Ablage, tmp_path: Path) -> None:
    neue = [rueckforderung("R-9", 2401, 500, datum=date(2024, 10, 1))]  # waits for the next run
    nein: dict[str, object] = {
        "bfs_nr": 2402, "formular": "Anhang 2", "periode": "2024-H1", "entscheid": "ablehnen", "begruendung": "Doppelt",
        "visum": "MB", "datum": date(2024, 10, 2),
    }  # fmt: skip
    frei.stammdaten.write_bytes(geldstamm(Rückforderungen=[*FORDERUNGEN, *neue], Entscheide=[nein]))
    antwort(frei, pain002((OLTEN, "RJCT"), (HAERKINGEN, "ACSC")))
    andere = kopie(frei.pfad, tmp_path / "B")
    e = nachgezahlt(frei)
    name = "2024-09-N1"
    assert (str(e.plan.lauf), e.plan.valuta, e.plan.rechnungen) == (name, date(2024, 10, 9), ())
    assert gezahlt(frei, name) == [("2401", "0.00", "760.00", "760.00")]
    (b,) = tabelle(frei.laeufe / name / "buchungen.csv")
    assert (b["buchung"], b["art"], b["rueckforderung"]) == (
        "2024-09-N1/2401/Rückweisung/2024-09", "Rückweisung", "2024-09/2401",
    )  # fmt: skip
    assert sorted(baum(frei.laeufe / name)) == [
        "Abrechnungslauf_2024-09-N1.xlsx", "Stammdaten.xlsx", "buchungen.csv", "journal.csv", "lauf.json",
        "mitteilungen/Beitragsmitteilung_2024-09-N1_2401_Egerkingen.xlsx", "pain001.xml", "rechnungen.csv",
        "zahlungen.csv",
    ]  # fmt: skip
    auftrag = (frei.laeufe / name / "pain001.xml").read_text(encoding="utf-8")
    assert "<MsgId>KRS-2024-09-N1</MsgId>" in auftrag
    assert "<EndToEndId>KRS-2024-09-N1-2401</EndToEndId>" in auftrag
    assert [p.name for p in (frei.rueckmeldungen / f"Mitteilungen_{name}").glob("*.eml")] == [
        "Mail_2401_Egerkingen.eml"
    ]
    assert uebergeben(frei.pfad, name, SPAETER).dateien == DATEIEN[:5]
    nachgezahlt(andere)  # the same run at another place has the same bytes
    assert baum(andere.laeufe / name) == baum(frei.laeufe / name)
    plan = lauf(frei, NAECHSTER, SPAETER).plan
    assert [(b.bfs_nr, b.art, b.betrag) for b in plan.buchungen] == [
        (2402, "Differenz", -400), (2402, "Rückforderung", 400),
    ]  # fmt: skip
    assert [(r.bfs_nr, r.betrag) for r in plan.rechnungen] == [(2401, 500), (2402, 400)]


def test_was_nochmals_zurueckkommt_zahlt_die_naechste_nachzahlung(frei: Ablage) -> None:
    antwort(frei, pain002((OLTEN, "RJCT")))
    nachgezahlt(frei)
    antwort(frei, pain002(("KRS-2024-09-N1-2401", "RJCT"), msg="KRS-2024-09-N1"), "2024-09-N1")
    assert str(lauf(frei, "2024-09-N1", date(2024, 10, 20), nachzahlung=True).plan.lauf) == "2024-09-N2"
    e = nachgezahlt(frei, date(2024, 10, 20))
    assert [(b.id, b.betrag) for b in e.plan.buchungen] == [("2024-09-N2/2401/Rückweisung/2024-09-N1", 760)]
    assert sorted(Laeufe(frei.laeufe).inhalte) == ["2024-09", "2024-09-N1", "2024-09-N2"]
    assert not lauf(frei, NAECHSTER, SPAETER).plan.buchungen


def test_wann_es_keine_nachzahlung_gibt(frei: Ablage, tmp_path: Path) -> None:
    leer = "Im Lauf 2024-09-N1 gibt es nichts auszuzahlen, zu verrechnen oder in Rechnung zu stellen."
    assert lauf(frei, LAUF, SPAETER, nachzahlung=True).hindernisse == (leer,)
    folgt = (
        "Eine Nachzahlung folgt auf den letzten freigegebenen Lauf, und sie haben keine Lücken; {}. Sie zahlt alles, "
    )
    folgt += "was die Bank zurückwies und noch kein Lauf erneut bezahlt hat."
    for ablage, name, wie in (
        (frei, "2024-03", "der letzte ist 2024-09"),
        (frei, "2024-09-N2", "der letzte ist 2024-09"),
        (offene(tmp_path / "offen"), LAUF, "es gibt noch keinen"),
    ):
        with pytest.raises(AblageFehler) as fehler:
            lauf(ablage, name, SPAETER, nachzahlung=True)
        assert str(fehler.value) == folgt.format(wie)


def test_auch_die_zweite_zahlung_kann_zurueckkommen(frei: Ablage) -> None:
    antwort(frei, pain002((OLTEN, "RJCT")))
    freigeben(frei, NAECHSTER, SPAETER)
    antwort(frei, pain002(("KRS-2025-03-2401", "RJCT"), msg="KRS-2025-03"), NAECHSTER)
    plan = lauf(frei, "2025-09", DANACH).plan
    assert [(b.id, b.betrag) for b in plan.buchungen] == [("2025-09/2401/Rückweisung/2025-03", 760)]


def test_alle_zurueckgewiesen_und_alle_ausgefuehrt(frei: Ablage) -> None:
    gruppe = "<GrpSts>RJCT</GrpSts>"
    assert [z[:2] for z in antwort(frei, pain002(gruppe=gruppe)).zurueck] == [("Egerkingen", 760), ("Härkingen", 250)]
    e = antwort(frei, f"id;status;datum\n{OLTEN};ausgeführt;30.09.2024\n{HAERKINGEN};ACSC;2024-09-30\n", datei="a.csv")
    assert e == Eingelesen(LAUF, 2, (), 0)
    assert not lauf(frei, NAECHSTER, SPAETER).plan.buchungen  # the last word counts


def test_das_letzte_wort_der_bank_gilt_auch_wenn_es_schon_einmal_gesagt_war(frei: Ablage) -> None:
    for wort in ("abgelehnt", "ausgeführt", "abgelehnt"):
        antwort(frei, f"id;status;datum\n{OLTEN};{wort};30.09.2024\n", datei="a.csv")
    assert [z["ausgefuehrt"] for z in tabelle(frei.laeufe / "antworten.csv")] == ["Nein", "Ja", "Nein"]
    assert [b.betrag for b in lauf(frei, NAECHSTER, SPAETER).plan.buchungen] == [760]


def test_dieselbe_antwort_zweimal_steht_einmal_da(frei: Ablage) -> None:
    for _ in range(2):
        antwort(frei, pain002((OLTEN, "RJCT")))
    assert tabelle(frei.laeufe / "antworten.csv") == [
        {"lauf": LAUF, "end_to_end_id": OLTEN, "bfs_nr": "2401", "betrag": "760.00", "ausgefuehrt": "Nein",
         "datum": "2024-09-30", "grund": "AC04 (Konto geschlossen)"},
    ]  # fmt: skip


def test_angenommen_ist_noch_nicht_bezahlt(frei: Ablage) -> None:
    assert antwort(frei, f"id;status\n{OLTEN};angenommen\n", datei="a.csv") == Eingelesen(LAUF, 0, (), 2)
    assert tabelle(frei.laeufe / "antworten.csv") == []


def test_unbekannte_kennungen_werden_genannt(frei: Ablage) -> None:
    e = antwort(frei, f"id;status\n{OLTEN};abgelehnt\nKRS-2024-09-9999;abgelehnt\nX;ausgeführt\n", datei="a.csv")
    assert e == Eingelesen(LAUF, 0, (("Egerkingen", 760, ""),), 1, ("KRS-2024-09-9999", "X"))
    assert [z["bfs_nr"] for z in tabelle(frei.laeufe / "antworten.csv")] == ["2401"]


@pytest.mark.parametrize(
    ("text", "name", "satz"),
    [
        (pain002((OLTEN, "RJCT"), msg="KRS-2024-03"), LAUF,
         "«antwort.xml» antwortet auf «KRS-2024-03», nicht auf den Lauf 2024-09."),
        (pain002((OLTEN, "RJCT")), NAECHSTER, "Der Lauf 2025-03 ist nicht freigegeben; es gibt dazu keine Zahlungen."),
        ("<a/>", LAUF, "antwort.xml: Die Datei ist keine Antwort auf Zahlungen (pain.002); die richtige Datei wählen."),
        (f"id;status\n{OLTEN};bezahlt\n{OLTEN};abgelehnt\n", LAUF,
         f"antwort.xml: Die Zahlung «{OLTEN}» kommt zweimal mit verschiedenen Angaben vor; eine streichen."),
    ],
)  # fmt: skip
def test_eine_fremde_antwort_wird_nicht_gelesen(frei: Ablage, text: str, name: str, satz: str) -> None:
    vorher = baum(frei.pfad)
    with pytest.raises((AblageFehler, ValueError)) as fehler:
        antwort(frei, text, name)
    assert str(fehler.value) == satz
    assert baum(frei.pfad) == vorher


def test_ein_grund_der_bank_wird_nie_zur_formel(frei: Ablage) -> None:
    antwort(frei, f"id;status;grund\n{OLTEN};abgelehnt;=HYPERLINK(1)\n", datei="a.csv")
    assert tabelle(frei.laeufe / "antworten.csv")[0]["grund"] == "'=HYPERLINK(1)"
    (b,) = lauf(frei, NAECHSTER, SPAETER).plan.buchungen
    assert b.grund == "Zahlung des Laufs 2024-09 zurückgewiesen: =HYPERLINK(1)"
