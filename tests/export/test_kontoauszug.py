"""Bank statements: what came in, payment by payment, or one sentence why the file is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from krs.export.antwort_werte import AntwortFehler
from krs.export.kontoauszug import Gutschrift, Kontoauszug, lies_kontoauszug

KONTO = "CH9300762011623852957"
RF = "RF06R2024092403"
TAG = date(2024, 10, 4)


def auszug(eintraege: str, art: str = "camt.053.001.08", konto: str = KONTO) -> bytes:
    """Return a message with one account; elements as the schema of ISO 20022 names them."""
    wurzel, teil = ("BkToCstmrStmt", "Stmt") if "053" in art else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{art}"><{wurzel}>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2024-10-05T05:00:00</CreDtTm></GrpHdr>
<{teil}><Id>A-17</Id><CreDtTm>2024-10-05T05:00:00</CreDtTm><Acct><Id><IBAN>{konto}</IBAN></Id></Acct>{eintraege}</{teil}>
</{wurzel}></Document>""".encode()


def eintrag(betrag: str, einzelne: str = "", beleg: str = "B1", art: str = "CRDT", stand: str = "BOOK") -> str:
    """Return an entry of the statement; `einzelne` are its payments."""
    ref = f"<AcctSvcrRef>{beleg}</AcctSvcrRef>" if beleg else ""
    details = f"<NtryDtls>{einzelne}</NtryDtls>" if einzelne else ""
    return (
        f'<Ntry><Amt Ccy="CHF">{betrag}</Amt><CdtDbtInd>{art}</CdtDbtInd><Sts><Cd>{stand}</Cd></Sts>'
        f"<BookgDt><Dt>2024-10-04</Dt></BookgDt><ValDt><Dt>2024-10-05</Dt></ValDt>{ref}{details}</Ntry>"
    )


def einzel(betrag: str, referenz: str = RF, beleg: str = "", **mehr: str) -> str:
    """Return one payment of an entry."""
    refs = (f"<AcctSvcrRef>{beleg}</AcctSvcrRef>" if beleg else "") + "<EndToEndId>{}</EndToEndId>".format(
        mehr.get("zahlung", "NOTPROVIDED")
    )
    strd = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{referenz}</Ref></CdtrRefInf></Strd>"
        if referenz
        else ""
    )
    ustrd = f"<Ustrd>{mehr['text']}</Ustrd>" if "text" in mehr else ""
    amt = f'<Amt Ccy="CHF">{betrag}</Amt>' if betrag else ""
    von = f"<RltdPties><Dbtr><Pty><Nm>{mehr.get('von', 'Gemeinde Kestenholz')}</Nm></Pty></Dbtr></RltdPties>"
    return f"<TxDtls><Refs>{refs}</Refs>{amt}<CdtDbtInd>CRDT</CdtDbtInd>{von}<RmtInf>{ustrd}{strd}</RmtInf></TxDtls>"


def gutschrift(beleg: str, betrag: str, referenz: str = RF, **mehr: object) -> Gutschrift:
    werte = {"zahlung": "NOTPROVIDED", "von": "Gemeinde Kestenholz"} | mehr
    return Gutschrift(beleg, TAG, Decimal(betrag), referenz, **werte)  # type: ignore[arg-type]


@pytest.mark.parametrize("art", ["camt.053.001.08", "camt.054.001.08", "camt.053.001.04", "camt.054.001.04"])
def test_eine_zahlung_mit_referenz_betrag_tag_und_beleg(art: str) -> None:
    daten = auszug(eintrag("240.00", einzel("240.00", "RF06 R202 4092 403", "ZV/1")), art)
    if art.endswith(".04"):  # a state without code, a name without party
        daten = daten.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>")
        daten = daten.replace(b"<Pty>", b"").replace(b"</Pty>", b"")
    assert lies_kontoauszug(daten, "a.xml") == Kontoauszug((KONTO,), (gutschrift("ZV/1", "240.00"),))


def test_eine_sammelbuchung_wird_in_ihre_zahlungen_zerlegt_auch_wenn_alle_denselben_beleg_tragen() -> None:
    eigene = eintrag("300.00", einzel("240.00", beleg="Z1") + einzel("60.00", "", "Z2", text="Rechnung\n R-1"))
    gleiche = eintrag("480.00", einzel("240.00", beleg="B 2") + einzel("240.00", beleg="B 2"), "B 2")
    assert lies_kontoauszug(auszug(eigene + gleiche), "a.xml").zahlungen == (
        gutschrift("Z1", "240.00"), gutschrift("Z2", "60.00", "", text="Rechnung R-1"),
        gutschrift("B-2/1", "240.00"), gutschrift("B-2/2", "240.00"),
    )  # fmt: skip


def test_ohne_einzelheiten_zaehlt_die_buchung_und_angekuendigtes_zaehlt_nicht() -> None:
    daten = auszug(eintrag("10.00", beleg="") + eintrag("20.00", stand="PDNG") + eintrag("5.00", art="DBIT"))
    assert lies_kontoauszug(daten, "a.xml").zahlungen == (
        Gutschrift("A-17/1", TAG, Decimal("10.00")),
        Gutschrift("B1", TAG, Decimal("5.00"), gutschrift=False),
    )


def test_der_betrag_einer_einzigen_zahlung_steht_notfalls_bei_der_buchung() -> None:
    (z,) = lies_kontoauszug(auszug(eintrag("240.00", einzel(""))), "a.xml").zahlungen
    assert z == gutschrift("B1", "240.00")


def test_dieselbe_buchung_zweimal_in_der_datei_ist_eine() -> None:
    einmal = eintrag("240.00", einzel("240.00", beleg="Z1"))
    assert lies_kontoauszug(auszug(einmal + einmal), "a.xml").zahlungen == (gutschrift("Z1", "240.00"),)


@pytest.mark.parametrize(
    ("daten", "satz"),
    [
        (b"<a", "Die Datei ist kein lesbares XML; bei der Bank neu herunterladen."),
        (
            b'<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + auszug("").split(b"?>\n")[1],
            "Die Datei enthält eine DTD; eine Antwort der Bank hat keine: die richtige Datei wählen.",
        ),
        (
            auszug("", "camt.052.001.08"),
            "Die Datei ist kein Kontoauszug (camt.053, camt.054); die richtige Datei wählen.",
        ),
        (
            auszug(eintrag("1.00")).replace(b'Ccy="CHF"', b'Ccy="EUR"'),
            "Eine Buchung ist in «EUR»; erwartet wird ein Konto in CHF.",
        ),
        (
            auszug(eintrag("viel")),
            "Eine Buchung hat keinen lesbaren Betrag; bei der Bank neu herunterladen.",
        ),
        (
            auszug(eintrag("1.00")).replace(b"<Dt>2024-10-04</Dt>", b"").replace(b"<Dt>2024-10-05</Dt>", b""),
            "Eine Buchung hat kein Datum; bei der Bank neu herunterladen.",
        ),
        (b"x" * 50_000_001, "Die Datei ist grösser als 50 MB; einen kürzeren Zeitraum herunterladen."),
    ],
)
def test_was_kein_auszug_ist_wird_mit_einem_satz_abgewiesen(daten: bytes, satz: str) -> None:
    with pytest.raises(AntwortFehler) as fehler:
        lies_kontoauszug(daten, "a.xml")
    assert str(fehler.value) == f"a.xml: {satz}"
