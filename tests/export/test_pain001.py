"""The payment order: what the bank takes, and every reason for which it would turn it away."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from krs.export.konto import Konto
from krs.export.pain001 import PainFehler, Zahlung, Zahlungsauftrag, pain001, uetr
from krs.export.zeichen import ERLAUBT, umschreiben

# The schema lies outside the repository (© SIX, for checking only): without it the tests marked so are skipped.
SPS = Path(os.environ.get("KRS_SPS") or Path(__file__).parents[3] / "shared" / "data" / "sps")
XSD = SPS / "pain.001.001.09.ch.03.xsd"
mit_schema = pytest.mark.skipif(not XSD.exists(), reason=f"{SPS} fehlt")

KANTON = Konto("Kanton Solothurn, Amt für Gesellschaft", "", "", "4509", "Solothurn", iban="CH93 0076 2011 6238 5295 7")
OLTEN = Konto("Einwohnergemeinde Olten", "Dornacherstrasse", "1", "4600", "Olten", iban="CH56 0483 5012 3456 7800 9")
HAERKINGEN = Konto("Einwohnergemeinde Härkingen", "", "", "4624", "Härkingen", iban="CH5800791123000889012")
ZAHLUNGEN = (
    Zahlung("KRS-2024-03-2581", Decimal("12345.6"), OLTEN, "Beiträge 2023-H2 – «Fachstelle»"),
    Zahlung("KRS-2024-03-2402", Decimal("200"), HAERKINGEN, ""),
)
AUFTRAG = Zahlungsauftrag("KRS-2024-03", date(2024, 3, 15), date(2024, 3, 28), KANTON, ZAHLUNGEN, "krs", "0.3.0")

ERWARTET = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>KRS-2024-03</MsgId>
      <CreDtTm>2024-03-15T12:00:00</CreDtTm>
      <NbOfTxs>2</NbOfTxs>
      <CtrlSum>12545.60</CtrlSum>
      <InitgPty>
        <Nm>Kanton Solothurn, Amt für Gesellschaft</Nm>
        <CtctDtls>
          <Othr>
            <ChanlTp>NAME</ChanlTp>
            <Id>krs</Id>
          </Othr>
          <Othr>
            <ChanlTp>VRSN</ChanlTp>
            <Id>0.3.0</Id>
          </Othr>
          <Othr>
            <ChanlTp>SPSV</ChanlTp>
            <Id>0202</Id>
          </Othr>
        </CtctDtls>
      </InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>KRS-2024-03</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <BtchBookg>true</BtchBookg>
      <NbOfTxs>2</NbOfTxs>
      <CtrlSum>12545.60</CtrlSum>
      <ReqdExctnDt>
        <Dt>2024-03-28</Dt>
      </ReqdExctnDt>
      <Dbtr>
        <Nm>Kanton Solothurn, Amt für Gesellschaft</Nm>
      </Dbtr>
      <DbtrAcct>
        <Id>
          <IBAN>CH9300762011623852957</IBAN>
        </Id>
      </DbtrAcct>
      <DbtrAgt>
        <FinInstnId>
          <ClrSysMmbId>
            <ClrSysId>
              <Cd>CHBCC</Cd>
            </ClrSysId>
            <MmbId>762</MmbId>
          </ClrSysMmbId>
        </FinInstnId>
      </DbtrAgt>
      <CdtTrfTxInf>
        <PmtId>
          <InstrId>KRS-2024-03-2581</InstrId>
          <EndToEndId>KRS-2024-03-2581</EndToEndId>
          <UETR>88468301-8422-4907-b9ba-de43945836a5</UETR>
        </PmtId>
        <Amt>
          <InstdAmt Ccy="CHF">12345.60</InstdAmt>
        </Amt>
        <Cdtr>
          <Nm>Einwohnergemeinde Olten</Nm>
          <PstlAdr>
            <StrtNm>Dornacherstrasse</StrtNm>
            <BldgNb>1</BldgNb>
            <PstCd>4600</PstCd>
            <TwnNm>Olten</TwnNm>
            <Ctry>CH</Ctry>
          </PstlAdr>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <IBAN>CH5604835012345678009</IBAN>
          </Id>
        </CdtrAcct>
        <RmtInf>
          <Ustrd>Beiträge 2023-H2 - "Fachstelle"</Ustrd>
        </RmtInf>
      </CdtTrfTxInf>
      <CdtTrfTxInf>
        <PmtId>
          <InstrId>KRS-2024-03-2402</InstrId>
          <EndToEndId>KRS-2024-03-2402</EndToEndId>
          <UETR>32c111cf-9390-43c9-862e-11f91092170e</UETR>
        </PmtId>
        <Amt>
          <InstdAmt Ccy="CHF">200.00</InstdAmt>
        </Amt>
        <Cdtr>
          <Nm>Einwohnergemeinde Härkingen</Nm>
          <PstlAdr>
            <PstCd>4624</PstCd>
            <TwnNm>Härkingen</TwnNm>
            <Ctry>CH</Ctry>
          </PstlAdr>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <IBAN>CH5800791123000889012</IBAN>
          </Id>
        </CdtrAcct>
      </CdtTrfTxInf>
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
"""


def eine(**felder: object) -> Zahlungsauftrag:
    """Return an order of one payment to Olten, some of its fields changed."""
    return replace(AUFTRAG, zahlungen=(replace(ZAHLUNGEN[0], **felder),))  # type: ignore[arg-type]


def an(**felder: object) -> Zahlungsauftrag:
    """Return an order of one payment, some of the payee's fields changed."""
    return eine(empfaenger=replace(OLTEN, **felder))  # type: ignore[arg-type]


def test_der_auftrag_zeichen_fuer_zeichen_in_utf_8_ohne_bom() -> None:
    assert pain001(AUFTRAG).decode("utf-8") == ERWARTET


def test_jede_zahlung_jedes_zahlers_hat_ihre_eigene_uetr() -> None:
    anderer = replace(AUFTRAG, auftraggeber=replace(KANTON, iban=OLTEN.iban))
    kennungen = [uetr(a, z.end_to_end_id) for a in (AUFTRAG, anderer) for z in ZAHLUNGEN]
    assert len(set(kennungen)) == 4
    assert {(UUID(k).version, UUID(k).variant) for k in kennungen} == {(4, RFC_4122)}


def test_ein_zeichen_des_xml_im_namen_bleibt_ein_zeichen() -> None:
    assert "<Nm>Müller &amp; Söhne &lt;Olten&gt;</Nm>".encode() in pain001(an(name="Müller & Söhne <Olten>"))


def test_zehntausend_zahlungen_werden_auf_den_rappen_summiert() -> None:
    viele = tuple(replace(ZAHLUNGEN[0], end_to_end_id=f"Z{n}", betrag=Decimal("0.01")) for n in range(10_000))
    assert pain001(replace(AUFTRAG, zahlungen=viele)).count(b"<CtrlSum>100.00</CtrlSum>") == 2


@pytest.mark.parametrize("betrag", [Decimal("0.01"), Decimal("9999999999.99"), Decimal("1E+2"), Decimal("5.000")])
def test_betraege_von_einem_rappen_bis_zehn_milliarden_gehen(betrag: Decimal) -> None:
    assert f">{betrag:.2f}</InstdAmt>".encode() in pain001(eine(betrag=betrag))


P = "Zahlung 1 (Einwohnergemeinde Olten): "
UNGUELTIG = "ist ungültig (Länge, Land oder Prüfziffer); in den Stammdaten berichtigen."
AUSLAND = "gehört zu keinem Konto in der Schweiz oder in Liechtenstein; ein solches eintragen."
QR = "ist eine QR-IBAN und verlangt eine QR-Referenz; die gewöhnliche IBAN eintragen."
KEIN_LAND = "ist kein Ländercode aus zwei Grossbuchstaben; «CH» eintragen."
KEIN_BETRAG = "ist nicht grösser als 0; ohne Betrag wird nicht gezahlt."
ANDERE_ZEICHEN = "enthält andere Zeichen als A-Z, a-z, 0-9, Leerschlag und '()+,-.:?/."
SCHRAEGSTRICH = "beginnt oder endet mit Leerschlag oder «/» oder enthält «//»; weglassen."
LAENGEN = (("name", "Der Name", 70), ("strasse", "Die Strasse", 70), ("hausnummer", "Die Hausnummer", 16),
           ("plz", "Die Postleitzahl", 16), ("ort", "Der Ort", 35))  # fmt: skip


def abgewiesen(auftrag: Zahlungsauftrag) -> tuple[str, ...]:
    """Return the problems of an order."""
    with pytest.raises(PainFehler) as fehler:
        pain001(auftrag)
    return fehler.value.probleme


@pytest.mark.parametrize(
    ("auftrag", "erwartet"),
    [
        (an(iban="CH56 0483 5012 3456 7800 8"), f"{P}Die IBAN «CH56 0483 5012 3456 7800 8» {UNGUELTIG}"),
        (an(iban="Olten"), f"{P}Die IBAN «Olten» {UNGUELTIG}"),
        (an(iban=" "), f"{P}Die IBAN fehlt; in den Stammdaten ergänzen."),
        (an(iban="DE89370400440532013000"), f"{P}Die IBAN «DE89370400440532013000» {AUSLAND}"),
        (an(iban="CH4431999123000889012"), f"{P}Die IBAN «CH4431999123000889012» {QR}"),
        (an(ort=" "), f"{P}Der Ort fehlt; in den Stammdaten ergänzen."),
        (an(plz=""), f"{P}Die Postleitzahl fehlt; in den Stammdaten ergänzen."),
        (an(land=""), f"{P}Das Land «» {KEIN_LAND}"),
        (an(land="Schweiz"), f"{P}Das Land «Schweiz» {KEIN_LAND}"),
        (an(name="\u00a0"), "Zahlung 1 (\u00a0): Der Name fehlt; in den Stammdaten ergänzen."),
        (an(name=""), "Zahlung 1 (ohne Namen): Der Name fehlt; in den Stammdaten ergänzen."),
        (eine(betrag=Decimal(0)), f"{P}Der Betrag 0 {KEIN_BETRAG}"),
        (eine(betrag=Decimal("-200.00")), f"{P}Der Betrag -200.00 {KEIN_BETRAG}"),
        (eine(betrag=Decimal("NaN")), f"{P}Der Betrag NaN {KEIN_BETRAG}"),
        (
            eine(betrag=Decimal("1.005")),
            f"{P}Der Betrag 1.005 hat mehr als zwei Stellen nach dem Punkt; auf Rappen runden.",
        ),
        (
            eine(betrag=Decimal("1E+10")),
            f"{P}Der Betrag 10000000000 ist zu hoch, erlaubt sind 9'999'999'999.99; auf mehrere Zahlungen verteilen.",
        ),
        (eine(mitteilung="–" * 141), f"{P}Die Mitteilung hat 141 Zeichen, erlaubt sind 140; kürzen."),
        (eine(end_to_end_id=""), f"{P}Die Kennung «» hat 0 Zeichen, erlaubt sind 1 bis 35."),
        (eine(end_to_end_id="Z" * 36), f"{P}Die Kennung «{'Z' * 36}» hat 36 Zeichen, erlaubt sind 1 bis 35."),
        (replace(AUFTRAG, msg_id="KRS/"), f"Auftrag: Die Kennung «KRS/» {SCHRAEGSTRICH}"),
        (replace(AUFTRAG, zahlungen=()), "Auftrag: 0 Zahlungen, eine Datei fasst 1 bis 99999; teilen oder weglassen."),
        (
            replace(AUFTRAG, zahlungen=ZAHLUNGEN[:1] * 3),
            "Auftrag: Die Kennung «KRS-2024-03-2581» kommt 3-mal vor; jede Zahlung braucht ihre eigene.",
        ),
        (
            replace(AUFTRAG, version=""),
            "Auftrag: Version der Software «» hat nicht 1 bis 128 Zeichen; berichtigen.",
        ),
        (
            replace(AUFTRAG, auftraggeber=replace(KANTON, iban="CH4431999123000889012")),
            f"Auftraggeber: Die IBAN «CH4431999123000889012» {QR}",
        ),
        (
            replace(AUFTRAG, auftraggeber=replace(KANTON, name="")),
            "Auftraggeber: Der Name «» hat 0 Zeichen, erlaubt sind 1 bis 70; in den Stammdaten berichtigen.",
        ),
    ],
)
def test_was_die_bank_abwiese_wird_mit_ort_und_abhilfe_genannt(auftrag: Zahlungsauftrag, erwartet: str) -> None:
    assert abgewiesen(auftrag) == (erwartet,)


@pytest.mark.parametrize(("feld", "was", "laenge"), LAENGEN)
def test_ein_name_oder_eine_adresse_darf_nicht_zu_lang_sein(feld: str, was: str, laenge: int) -> None:
    lang = "1" * (laenge + 1)
    ort = lang if feld == "name" else OLTEN.name
    satz = f"{was} «{lang}» hat {laenge + 1} Zeichen, erlaubt sind {laenge}; in den Stammdaten kürzen."
    assert abgewiesen(an(**{feld: lang})) == (f"Zahlung 1 ({ort}): {satz}",)
    assert pain001(an(**{feld: lang[:-1]})).count(lang[:-1].encode()) == 1


@pytest.mark.parametrize("kennung", ["KRS_2024", "Härkingen", "KRS\n", "KRS;1", "A\u00a0B"])
def test_eine_kennung_hat_nur_die_zeichen_fuer_referenzen(kennung: str) -> None:
    assert abgewiesen(eine(end_to_end_id=kennung)) == (f"{P}Die Kennung «{kennung}» {ANDERE_ZEICHEN}",)


@pytest.mark.parametrize("kennung", ["/A", "A/", "A//B", " A", "A "])
def test_eine_kennung_hat_schraegstriche_und_leerschlaege_nur_einzeln_und_innen(kennung: str) -> None:
    assert abgewiesen(eine(end_to_end_id=kennung)) == (f"{P}Die Kennung «{kennung}» {SCHRAEGSTRICH}",)
    assert pain001(eine(end_to_end_id="A/B C/D"))


def test_alle_maengel_kommen_auf_einmal_und_in_der_reihenfolge_der_datei() -> None:
    mangelhaft = replace(ZAHLUNGEN[1], betrag=Decimal(0), empfaenger=replace(HAERKINGEN, iban="", ort=""))
    with pytest.raises(PainFehler) as fehler:
        pain001(replace(AUFTRAG, msg_id="", zahlungen=(ZAHLUNGEN[0], mangelhaft)))
    assert str(fehler.value).splitlines() == [
        "Auftrag: Die Kennung «» hat 0 Zeichen, erlaubt sind 1 bis 35.",
        f"Zahlung 2 (Einwohnergemeinde Härkingen): Der Betrag 0 {KEIN_BETRAG}",
        "Zahlung 2 (Einwohnergemeinde Härkingen): Die IBAN fehlt; in den Stammdaten ergänzen.",
        "Zahlung 2 (Einwohnergemeinde Härkingen): Der Ort fehlt; in den Stammdaten ergänzen.",
    ]


# --- against the schema ---------------------------------------------------------------------
@pytest.fixture(scope="module")
def schemafehler() -> Callable[[bytes], list[str]]:
    schema = etree.XMLSchema(etree.parse(XSD))

    def pruefe(daten: bytes) -> list[str]:
        schema.validate(etree.fromstring(daten))
        return [f"{eintrag}" for eintrag in schema.error_log]

    return pruefe


@mit_schema
def test_der_auftrag_haelt_das_schema_ein(schemafehler: Callable[[bytes], list[str]]) -> None:
    assert schemafehler(pain001(AUFTRAG)) == []


@mit_schema
def test_das_schema_erlaubt_dieselben_zeichen_bis_auf_den_geschuetzten_leerschlag(
    schemafehler: Callable[[bytes], list[str]],
) -> None:
    muster = pain001(AUFTRAG).decode()
    zeichen = [chr(n) for n in (*range(0x20, 0x250), *range(0x2010, 0x2040), 0x20AC, 0x1F389) if chr(n) not in "&<"]
    laut_schema = {z for z in zeichen if not schemafehler(muster.replace("Olten</Nm>", f"Olten{z}</Nm>").encode())}
    assert laut_schema == (ERLAUBT - set("&<")) | {"\u00a0"}


@mit_schema
@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.text(min_size=1, max_size=10),  # a character becomes several: there is room for them
    st.text(max_size=20),
    st.text("AZaz09'()+,-.:?", min_size=1, max_size=35),
    st.decimals(Decimal("0.01"), Decimal("9999999999.99"), places=2),
)
def test_was_nicht_beanstandet_wird_haelt_das_schema_ein(
    schemafehler: Callable[[bytes], list[str]], name: str, mitteilung: str, kennung: str, betrag: Decimal
) -> None:
    konto = replace(OLTEN, name=name, strasse=name)
    zahlung = Zahlung(kennung, betrag, konto, mitteilung)
    try:
        daten = pain001(replace(AUFTRAG, msg_id=kennung, zahlungen=(zahlung,)))
    except PainFehler:
        assert not umschreiben(name)
    else:
        assert schemafehler(daten) == []
