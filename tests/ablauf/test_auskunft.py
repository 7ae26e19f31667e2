"""Questions about money: nothing is written, nothing is archived, the figures are those of the runs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ablage.hilfe import ausgefuellt, baum, einwerfen
from ablage.laufhilfe import LAUF, freie, offene
from krs.ablage.ordner import Ablage
from krs.ablauf import auskunft

TAG = date(2024, 9, 12)


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return freie(tmp_path)


def test_wer_fragt_aendert_nichts(frei: Ablage) -> None:
    einwerfen(frei, "neu.xlsx", ausgefuellt(frei, 2402, erst_einzelpersonen=9))
    vorher = baum(frei.pfad)
    auskunft.rueckforderungen(frei.pfad, TAG)
    auskunft.kredit(frei.pfad, 2024, ("Sockelbeitrag=8.00",), TAG)
    auskunft.vergleich(frei.pfad, LAUF, "heute", TAG)
    assert baum(frei.pfad) == vorher


def test_die_rueckforderungen_sind_jene_der_laeufe_und_stammdaten(frei: Ablage) -> None:
    liste = auskunft.rueckforderungen(frei.pfad, TAG)
    spalten = [liste.kopf.index(k) for k in ("Nr.", "verrechnet", "Rest", "Rechnung", "Stand")]
    assert [tuple(str(z[s]) for s in spalten) for z in liste.zeilen] == [
        ("R-1", "150.00", "0.00", "–", "erledigt"), ("R-2", "760.00", "240.00", "R-2024-09-2403", "in Rechnung"),
        ("Total", "910.00", "240.00", "", ""),
    ]  # fmt: skip


def test_der_kredit_zeigt_was_bezahlt_ist_und_was_andere_ansaetze_kosten(frei: Ablage) -> None:
    ohne = auskunft.kredit(frei.pfad, 2024, (), TAG)
    assert ohne.wirkungen == ()
    mit = auskunft.kredit(frei.pfad, 2024, ("Erstinformationsgespräch=210",), TAG)
    # 3, 2 and 3 talks, 10 francs more each
    assert [(w.bfs_nr, w.anzahl, w.unterschied) for w in mit.wirkungen] == [
        (2401, 3, Decimal(30)), (2402, 2, Decimal(20)), (2403, 3, Decimal(30)),
    ]  # fmt: skip


@pytest.mark.parametrize("jahr", [0, -5, 2016, 2101, 99999])
def test_ein_jahr_liegt_zwischen_2017_und_2100(frei: Ablage, monkeypatch: pytest.MonkeyPatch, jahr: int) -> None:
    monkeypatch.delattr(auskunft, "beurteilen")  # refused before anything is read
    satz = f"Gelesen wurde «{jahr}»; erwartet wird ein Jahr von 2017 bis 2100."
    for frage in (
        lambda: auskunft.kredit(frei.pfad, jahr, (), TAG), lambda: auskunft.jahresbericht(frei.pfad, jahr, TAG),
    ):  # fmt: skip
        with pytest.raises(ValueError) as fehler:  # noqa: PT011 the sentence is compared whole
            frage()
        assert str(fehler.value) == satz
    assert not (frei.pfad / "Berichte").exists()


def test_unveraendert_unterscheidet_sich_kein_betrag(frei: Ablage) -> None:
    assert auskunft.vergleich(frei.pfad, LAUF, "heute", TAG) == (
        "Zwischen Lauf 2024-09 und heute unterscheidet sich kein Betrag.",
    )


def test_der_jahresbericht_liegt_unter_seinem_jahr(frei: Ablage) -> None:
    pfad, saetze = auskunft.jahresbericht(frei.pfad, 2024, TAG)
    assert saetze == ()
    assert pfad == frei.pfad / "Berichte" / "2024" / "Jahresbericht_2024_2024-09-12.xlsx"
    assert pfad.read_bytes()[:2] == b"PK"


def test_ohne_lauf_gibt_es_keine_verrechnung(tmp_path: Path) -> None:
    liste = auskunft.rueckforderungen(offene(tmp_path).pfad, TAG)
    assert [(z[liste.kopf.index("Nr.")], z[liste.kopf.index("Stand")]) for z in liste.zeilen] == [
        ("R-1", "offen"), ("R-2", "offen"), ("Total", ""),
    ]  # fmt: skip
