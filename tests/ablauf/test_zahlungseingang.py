"""A bank statement against the invoices of a released run: proposed, and written only when told (Ziff. 4.7).

Run 2024-09 invoiced Kestenholz 240 (R-2024-09-2403) for the Rückforderung R-2.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ablage.hilfe import baum
from ablage.laufhilfe import FORDERUNGEN, freie, freigeben, geldstamm, lauf, offene, rueckforderung
from export.test_kontoauszug import RF, auszug, eintrag, einzel
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.gemeinsam import stammdaten_laden
from krs.ablauf.zahlungseingang import Abgleich, abgleichen
from krs.demo.stamm import iban
from krs.export.qrrechnung import referenz
from krs.lauf.forderungen import forderungen

HEUTE = date(2024, 10, 6)
NR = "R-2024-09-2403"
KEINE = "0 Zahlungen an unsere Rechnungen: Fr. 0.00."


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return freie(tmp_path)


def lege(ablage: Ablage, *einzelne: str, name: str = "auszug.xml", mehr: str = "") -> Path:
    """Lay a statement beside the folder: one entry for each payment."""
    alle = "".join(eintrag("1.00", e, f"B{n}") for n, e in enumerate(einzelne, 1))
    datei = ablage.pfad.parent / name
    datei.write_bytes(auszug(alle + mehr, konto=iban(1)))
    return datei


def gezeigt(a: Abgleich) -> list[tuple[str, ...]]:
    """Return the rows of the screen without day and municipality."""
    return [(z[1], z[2], *z[4:]) for z in a.liste().zeilen]


def stand(ablage: Ablage, nr: str = "R-2") -> tuple[Decimal, Decimal, str]:
    f = next(f for f in forderungen(stammdaten_laden(ablage)[0], Laeufe(ablage.laeufe).journal, HEUTE) if f.nr == nr)
    return f.bezahlt, f.rest, f.stand(HEUTE)


def zeile(ablage: Ablage, nr: str = "R-2") -> tuple[object, ...]:
    r = next(r for r in stammdaten_laden(ablage)[0].rueckforderungen if r.nr == nr)
    return r.bezahlt_am, r.bezahlter_betrag, r.beleg, r.verfuegt_von, r.freigegeben_von


def test_der_vorschlag_sagt_was_einzutragen_waere_und_schreibt_nichts(frei: Ablage) -> None:
    datei, vorher = lege(frei, einzel("240.00", RF, "Z1")), baum(frei.pfad)
    a = abgleichen(frei.pfad, datei, HEUTE)
    assert gezeigt(a) == [("240.00", NR, "R-2", "240.00", "Z1", "bezahlt")]
    assert (a.saetze, a.sicherung) == (("1 Zahlung an unsere Rechnungen: Fr. 240.00.",), None)
    assert baum(frei.pfad) == vorher


def test_uebernommen_steht_die_zahlung_mit_beleg_und_visum_bei_ihrer_rueckforderung(frei: Ablage) -> None:
    datei = lege(frei, einzel("240.00", RF, "Z1"))
    a = abgleichen(frei.pfad, datei, HEUTE, "AB")
    assert a.sicherung == frei.pfad / "Sicherungen" / "Stammdaten_2024-10-06_1.xlsx"
    assert zeile(frei) == (date(2024, 10, 4), Decimal("240.00"), "Z1 (AB)", "MB", "RK")
    assert stand(frei) == (Decimal("240.00"), Decimal("0.00"), "erledigt")
    nochmals = abgleichen(frei.pfad, datei, HEUTE, "AB")
    assert gezeigt(nochmals) == [("240.00", NR, "–", "–", "Z1", "schon erfasst")]
    assert (nochmals.saetze, nochmals.sicherung) == ((KEINE,), None)


def test_teilzahlungen_werden_zusammengezaehlt_und_was_zu_viel_kommt_bleibt_sichtbar(frei: Ablage) -> None:
    datei = lege(frei, einzel("100.00", RF, "Z1"), einzel("150.00", RF, "Z2"), einzel("240.00", RF, "Z3"))
    a = abgleichen(frei.pfad, datei, HEUTE, "AB")
    assert gezeigt(a) == [
        ("100.00", NR, "R-2", "100.00", "Z1", "Teilzahlung"),
        ("150.00", NR, "R-2", "150.00", "Z2", "zu viel bezahlt"),
        ("240.00", NR, "R-2", "240.00", "Z3", "doppelt bezahlt"),
    ]
    wer = "Kestenholz, Rechnung R-2024-09-2403"
    assert a.saetze == (
        "3 Zahlungen an unsere Rechnungen: Fr. 490.00.",
        f"{wer}: Fr. 150.00 am 04.10.2024 zu viel bezahlt; was zu viel ist, gehört der Gemeinde.",
        f"{wer}: Fr. 240.00 am 04.10.2024 doppelt bezahlt; was zu viel ist, gehört der Gemeinde.",
    )
    assert zeile(frei)[:3] == (date(2024, 10, 4), Decimal("490.00"), "Z1 (AB), Z2 (AB), Z3 (AB)")
    assert (
        "Rückforderung R-2: Verrechnet (760.00) und bezahlt (490.00) sind zusammen 250.00 mehr als gefordert. Prüfen "
        "Sie das Blatt Rückforderungen; was zu viel bezahlt ist, gehört der Gemeinde."
    ) in lauf(frei, "2025-03", date(2025, 3, 10)).plan.warnungen
    weiter = lege(frei, einzel("1.00", RF, "Z4"), name="b.xml")
    abgleichen(frei.pfad, weiter, HEUTE, "CD")
    assert zeile(frei)[1:3] == (Decimal("491.00"), "Z1 (AB), Z2 (AB), Z3 (AB), Z4 (CD)")


def test_von_hand_eingetragenes_ohne_beleg_wird_an_tag_und_betrag_erkannt(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    bezahlt = {"bezahlt_am": date(2024, 10, 4), "bezahlter_betrag": Decimal(240)}
    ablage.stammdaten.write_bytes(geldstamm(Rückforderungen=[FORDERUNGEN[0], FORDERUNGEN[1] | bezahlt]))
    a = abgleichen(ablage.pfad, lege(ablage, einzel("240.00", RF, "Z1")), HEUTE)
    assert gezeigt(a) == [("240.00", NR, "–", "–", "Z1", "schon erfasst")]


def test_was_nicht_zu_einer_rechnung_gehoert_wird_genannt_oder_gezaehlt(frei: Ablage) -> None:
    datei = lege(
        frei,
        einzel("50.00", "RF24R2024032403", "Z1"),
        einzel("60.00", "", "Z2", text="Rechnung R-2024-09-2403"),
        einzel("70.00", "", "Z3", zahlung="KRS-2024-09-2401", von="Bank"),
        einzel("80.00", "RF18539007547034", "Z4"),
        mehr=eintrag("240.00", einzel("240.00", RF, "Z5").replace("CRDT", "DBIT"), "B9", art="DBIT"),
    )
    a = abgleichen(frei.pfad, datei, HEUTE, "AB")
    assert a.saetze == (
        KEINE,
        "Referenz RF24R2024032403: Fr. 50.00 von Gemeinde Kestenholz am 04.10.2024; eine solche Rechnung fehlt hier.",
        "Kestenholz, Rechnung R-2024-09-2403: Fr. 240.00 am 04.10.2024 zurückgebucht. Ist die Zahlung im Blatt "
        "Rückforderungen eingetragen, berichtigen Sie die Zeile von Hand.",
        "Zurückgekommen ist die Auszahlung KRS-2024-09-2401: Fr. 70.00 am 04.10.2024. Erfassen Sie sie mit «krs "
        "export ABLAGE 2024-09 --antwort DATEI» als abgelehnt.",
        "Ohne Referenz: Fr. 60.00 am 04.10.2024 von Gemeinde Kestenholz, «Rechnung R-2024-09-2403», Beleg Z2. Gehört "
        "die Zahlung zu einer Rechnung, tragen Sie sie von Hand ein.",
        "1 weitere Gutschrift nennt keine unserer Rechnungen.",
    )
    assert a.sicherung is None


def test_eine_rechnung_ueber_zwei_rueckforderungen_zahlt_die_aeltere_zuerst(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    weitere = rueckforderung("R-3", 2403, 60, datum=date(2024, 6, 2))
    ablage.stammdaten.write_bytes(geldstamm(Rückforderungen=[*FORDERUNGEN, weitere]))
    freigeben(ablage)
    a = abgleichen(ablage.pfad, lege(ablage, einzel("250.00", RF, "Z1")), HEUTE, "AB")
    assert gezeigt(a) == [
        ("250.00", NR, "R-2", "240.00", "Z1", "Teilzahlung"),
        ("250.00", NR, "R-3", "10.00", "Z1", "Teilzahlung"),
    ]
    assert (stand(ablage), stand(ablage, "R-3")) == (
        (Decimal("240.00"), Decimal("0.00"), "erledigt"),
        (Decimal("10.00"), Decimal("50.00"), "in Rechnung"),
    )


def test_eine_rueckforderung_die_ein_lauf_bildete_erhaelt_eine_zeile_die_auf_das_zweite_visum_wartet(
    tmp_path: Path,
) -> None:
    ablage, tag = freie(tmp_path), date(2025, 3, 10)
    nein: dict[str, object] = {
        "bfs_nr": 2401, "formular": "Anhang 2", "periode": "2024-H1", "entscheid": "ablehnen", "begruendung": "Doppelt",
        "visum": "MB", "datum": date(2024, 12, 1),
    }  # fmt: skip
    ablage.stammdaten.write_bytes(geldstamm(Entscheide=[nein]))
    freigeben(ablage, "2025-03", tag)
    datei = lege(ablage, einzel("760.00", referenz("R-2025-03-2401"), "Z1"))
    a = abgleichen(ablage.pfad, datei, tag, "AB")
    assert gezeigt(a) == [("760.00", "R-2025-03-2401", "2025-03-2401", "760.00", "Z1", "bezahlt")]
    assert zeile(ablage, "2025-03-2401") == (date(2024, 10, 4), Decimal("760.00"), "Z1 (AB)", "AB", "")
    assert gezeigt(abgleichen(ablage.pfad, datei, tag)) == [
        ("760.00", "R-2025-03-2401", "–", "–", "Z1", "schon erfasst")
    ]


def test_ohne_visum_und_mit_fremdem_konto(frei: Ablage) -> None:
    datei = lege(frei, einzel("240.00", RF, "Z1"))
    datei.write_bytes(datei.read_bytes().replace(iban(1).replace(" ", "").encode(), b"CH5604835012345678009"))
    with pytest.raises(AblageFehler) as fehler:
        abgleichen(frei.pfad, datei, HEUTE, " ")
    assert str(fehler.value) == "Nennen Sie Ihr Visum (--visum); es bleibt bei der Zeile stehen."
    with pytest.raises(AblageFehler) as fehler:
        abgleichen(frei.pfad, None, HEUTE, "AB")
    assert str(fehler.value) == "Übernommen wird aus einem Kontoauszug. Nennen Sie die Datei: --kontoauszug DATEI."
    assert abgleichen(frei.pfad, datei, HEUTE).saetze[-1] == (
        "Der Auszug ist vom Konto CH5604835012345678009; die Einstellung «Kanton IBAN» nennt ein anderes."
    )
