"""What the bank or the accounting answers: read, or refused with one sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krs.export.antwort import Antwort, AntwortFehler, Rueckmeldung, lies_antwort

NS = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
TAG = date(2024, 3, 28)


def pain002(inhalt: str, ns: str = NS, gruppe: str = "<GrpSts>PART</GrpSts>") -> bytes:
    """Return a report on the order KRS-2024-03 of 28.03.2024."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{ns}">
  <CstmrPmtStsRpt>
    <GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2024-03-28T09:15:00+01:00</CreDtTm></GrpHdr>
    <OrgnlGrpInfAndSts>
      <OrgnlMsgId>KRS-2024-03</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{gruppe}
    </OrgnlGrpInfAndSts>
    {inhalt}
  </CstmrPmtStsRpt>
</Document>
""".encode()


def teil(zahlungen: str, stand: str = "") -> str:
    """Return the answer to the order's part."""
    return f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>KRS-2024-03</OrgnlPmtInfId>{stand}{zahlungen}</OrgnlPmtInfAndSts>"


def zahlung(kennung: str, status: str, mehr: str = "") -> str:
    """Return the answer to one payment."""
    kopf = f"<OrgnlInstrId>{kennung}</OrgnlInstrId><OrgnlEndToEndId>{kennung}</OrgnlEndToEndId>"
    return f"<TxInfAndSts>{kopf}<TxSts>{status}</TxSts>{mehr}</TxInfAndSts>"


def grund(code: str, text: str = "") -> str:
    """Return a reason."""
    worte = f"<AddtlInf>{text}</AddtlInf>" if text else ""
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn>{worte}</StsRsnInf>"


def abgewiesen(daten: bytes) -> str:
    """Return why a file is refused."""
    with pytest.raises(AntwortFehler) as fehler:
        lies_antwort(daten, "bank.xml")
    return str(fehler.value)


# --- pain.002 -------------------------------------------------------------------------------
def test_eine_abgewiesene_und_eine_verbuchte_zahlung_und_der_stand_aller_uebrigen() -> None:
    verbucht = "<FctvIntrBkSttlmDt><Dt>2024-03-27</Dt></FctvIntrBkSttlmDt>"
    zahlungen = zahlung("Z1", "RJCT", grund("AC04", "Konto\n  saldiert") + grund("ZZ99")) + zahlung(
        "Z2", "ACSC", verbucht
    )
    antwort = lies_antwort(pain002(teil(zahlungen)), "bank.xml")
    z1 = Rueckmeldung("Z1", False, TAG, "AC04 (Konto geschlossen): Konto saldiert; ZZ99", "RJCT")
    z2 = Rueckmeldung("Z2", True, date(2024, 3, 27), "", "ACSC")
    assert antwort == Antwort("KRS-2024-03", (z1, z2), Rueckmeldung("", None, TAG, "", "PART"))
    assert antwort.fuer("Z1") == z1
    assert antwort.fuer("Z3") == Rueckmeldung("Z3", None, TAG, "", "PART")


@pytest.mark.parametrize("status", ["ACCP", "ACSP", "ACWC", "ACTC", "PDNG", "RCVD"])
def test_angenommen_ist_noch_nicht_ausgefuehrt(status: str) -> None:
    antwort = lies_antwort(pain002("", gruppe=f"<GrpSts>{status}</GrpSts>"), "bank.xml")
    assert antwort == Antwort("KRS-2024-03", (), Rueckmeldung("", None, TAG, "", status))


def test_ist_die_meldung_abgewiesen_sind_es_alle_zahlungen() -> None:
    gruppe = "<GrpSts>RJCT</GrpSts>" + grund("DU01")
    antwort = lies_antwort(
        pain002(teil(zahlung("Z1", "ACSP") + zahlung("Z2", "RJCT", grund("AC01"))), gruppe=gruppe), ""
    )
    warum = "DU01 (Meldung schon erhalten)"
    assert antwort.eintraege == (
        Rueckmeldung("Z1", False, TAG, warum, "RJCT"),
        Rueckmeldung("Z2", False, TAG, "AC01 (IBAN falsch)", "RJCT"),
    )
    assert antwort.fuer("Z3") == Rueckmeldung("Z3", False, TAG, warum, "RJCT")


def test_ist_die_zahlungsgruppe_abgewiesen_sind_es_alle_ihre_zahlungen() -> None:
    stand = "<PmtInfSts>RJCT</PmtInfSts>" + grund("AM04")
    ohne_status = "<TxInfAndSts><OrgnlEndToEndId>Z1</OrgnlEndToEndId></TxInfAndSts>"
    antwort = lies_antwort(pain002(teil(ohne_status, stand), gruppe=""), "bank.xml")
    warum = "AM04 (Deckung fehlt)"
    assert antwort.eintraege == (Rueckmeldung("Z1", False, TAG, warum, "RJCT"),)
    assert antwort.fuer("Z2") == Rueckmeldung("Z2", False, TAG, warum, "RJCT")


def test_ohne_stand_der_meldung_ist_von_den_uebrigen_nichts_gesagt() -> None:
    antwort = lies_antwort(pain002(teil(zahlung("Z1", "ACCC")), gruppe=""), "bank.xml")
    assert antwort.gesamt is None
    assert antwort.fuer("Z2") is None


@pytest.mark.parametrize(
    "ns",
    [
        "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03",
        "http://www.six-interbank-clearing.com/de/pain.002.001.03.ch.02.xsd",
    ],
)
def test_aeltere_fassungen_werden_gelesen(ns: str) -> None:
    assert lies_antwort(pain002(teil(zahlung("Z1", "RJCT")), ns), "b").fuer("Z1") == Rueckmeldung(
        "Z1", False, TAG, "", "RJCT"
    )


BOMBE = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (n, b"&%c;" % (n - 1) * 10) for n in range(98, 123)
) + b']><a b="&z;">&z;</a>'  # fmt: skip
STATUS = "ist unbekannt; «ausgeführt», «abgelehnt», «offen» oder einen ISO-Code angeben."
ZWEIMAL = "kommt zweimal mit verschiedenen Angaben vor; eine streichen."
KEIN_TAG = "ist keines; als 28.03.2024 schreiben."
KEINE = "bank.xml: Die Datei ist keine Antwort auf Zahlungen (pain.002); die richtige Datei wählen."
KEIN_XML = "bank.xml: Die Datei ist kein lesbares XML; bei der Bank neu herunterladen."


@pytest.mark.parametrize(
    ("daten", "erwartet"),
    [
        (pain002("")[:-20], KEIN_XML),
        (b"<", KEIN_XML),
        (b"<a>" * 100_000, KEIN_XML),
        (BOMBE, KEIN_XML),
        (b"<html/>", KEINE),
        (pain002("", "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"), KEINE),
        (pain002("", "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"), KEINE),
        (f'<Document xmlns="{NS}"/>'.encode(), KEINE),
        (
            pain002("").replace(b"<Document", b'<!DOCTYPE Document SYSTEM "file:///etc/passwd"><Document'),
            "bank.xml: Die Datei enthält eine DTD; eine Antwort der Bank hat keine: die richtige Datei wählen.",
        ),
        (
            pain002(teil(zahlung("Z1", "JEIN"))),
            f"bank.xml: Der Status «JEIN» {STATUS}",
        ),
        (
            pain002(teil(zahlung("", "RJCT"))),
            "bank.xml: Eine Zahlung hat keine OrgnlEndToEndId; bei der Bank nachfragen, welche es ist.",
        ),
        (
            pain002(teil(zahlung("Z1", "RJCT") + zahlung("Z1", "ACSC"))),
            f"bank.xml: Die Zahlung «Z1» {ZWEIMAL}",
        ),
        (
            pain002("").replace(b"2024-03-28T", b"2024-13-28T"),
            f"bank.xml: Das Datum «2024-13-28» {KEIN_TAG}",
        ),
        (
            b" " * 10_000_001,
            "bank.xml: Die Datei ist grösser als 10 MB; nur die Antwort auf einen Auftrag liefern.",
        ),
    ],
    ids=range(14),
)
def test_was_keine_antwort_ist_wird_mit_einem_satz_abgewiesen(daten: bytes, erwartet: str) -> None:
    assert abgewiesen(daten) == erwartet


# --- CSV ------------------------------------------------------------------------------------
TABELLE = """\
id;status;datum;grund
Z1;ausgeführt;28.03.2024;
Z2;RJCT;2024-03-28;Konto gelöscht
Z3;offen;;

"""
ZEILEN = (
    Rueckmeldung("Z1", True, TAG, "", "ausgeführt"),
    Rueckmeldung("Z2", False, TAG, "Konto gelöscht", "RJCT"),
    Rueckmeldung("Z3", None, None, "", "offen"),
)


@pytest.mark.parametrize(
    "daten",
    [
        TABELLE.encode(),
        TABELLE.encode("utf-8-sig"),
        TABELLE.encode("cp1252"),
        TABELLE.replace(";", "\t").encode("utf-16"),
        TABELLE.replace(";", ",").replace("\n", "\r\n").encode(),
        TABELLE.replace("id;status;datum;grund", "End-To-End-ID;Zustand;Ausgeführt am;Bemerkung").encode(),
        TABELLE.replace("id;status;datum;grund", '"EndToEndId";" STATUS ";Date;"reason"').encode(),
    ],
    ids=["utf-8", "bom", "windows", "unicode-text", "komma", "andere Köpfe", "anführungszeichen"],
)
def test_eine_tabelle_wird_gelesen_wie_excel_oder_die_buchhaltung_sie_schreibt(daten: bytes) -> None:
    assert lies_antwort(daten, "antwort.csv") == Antwort("", ZEILEN)


def test_eine_tabelle_kann_den_auftrag_nennen_und_mehr_spalten_haben() -> None:
    daten = b"lfd. Nr.;MsgId;id;status\n1;KRS-2024-03;Z1;bezahlt\n2;KRS-2024-03;Z2;storniert;zu viel\n"
    assert lies_antwort(daten, "antwort.csv") == Antwort(
        "KRS-2024-03", (Rueckmeldung("Z1", True, None, "", "bezahlt"), Rueckmeldung("Z2", False, None, "", "storniert"))
    )


ZWEI_AUFTRAEGE = "Die Zeilen gehören zu verschiedenen Aufträgen; je Auftrag eine Datei liefern."
SPALTEN = "Die erste Zeile muss die Spalten «id» und «status» je einmal nennen; Kopfzeile ergänzen."


@pytest.mark.parametrize(
    ("tabelle", "erwartet"),
    [
        ("", SPALTEN),
        ("id;datum\nZ1;", SPALTEN),
        ("id;status;id\nZ1;offen;Z2", SPALTEN),
        ("id;status\n\nZ1;vielleicht", f"Zeile 3: Der Status «vielleicht» {STATUS}"),
        ("id;status\nZ1", f"Zeile 2: Der Status «» {STATUS}"),
        ("id;status\n;offen", "Zeile 2: Die «id» fehlt; ergänzen."),
        ("id;status;datum\nZ1;offen;morgen", f"Zeile 2: Das Datum «morgen» {KEIN_TAG}"),
        ("id;status;datum\nZ1;offen;31.02.2024", f"Zeile 2: Das Datum «31.02.2024» {KEIN_TAG}"),
        ('id;status\nZ1;offen\n"Z2;offen', "Zeile 3: Die Anführungszeichen gehen nicht auf; berichtigen."),
        ("id;status\nZ1;offen\nZ1;bezahlt", f"Die Zahlung «Z1» {ZWEIMAL}"),
        ("msg_id;id;status\nA;Z1;offen\nB;Z2;offen", ZWEI_AUFTRAEGE),
    ],
)  # fmt: skip
def test_was_an_einer_tabelle_falsch_ist_steht_mit_seiner_zeile_in_einem_satz(tabelle: str, erwartet: str) -> None:
    assert abgewiesen(tabelle.encode()) == f"bank.xml: {erwartet}"


def test_eine_doppelte_gleiche_zeile_zaehlt_einmal() -> None:
    assert lies_antwort(b"id;status\nZ1;offen\nZ1;offen\n", "a").eintraege == (
        Rueckmeldung("Z1", None, None, "", "offen"),
    )


EINE_ZEILE = st.text(max_size=60).map(lambda t: f"id;status\n{t};offen".encode(errors="replace"))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.one_of(st.binary(max_size=200), EINE_ZEILE))
def test_keine_datei_bringt_den_leser_zu_fall(daten: bytes) -> None:
    with suppress(AntwortFehler):
        assert all(e.end_to_end_id for e in lies_antwort(daten, "x").eintraege)
