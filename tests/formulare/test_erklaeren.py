"""Each rule in words, in the terminal and in the handbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from krs.formulare.befund import meldungen
from krs.formulare.erklaeren import GRUPPEN, erklaere, regeln_md

REGELN = Path(__file__).parents[2] / "docs" / "handbuch" / "regeln.md"


def test_erklaere_nennt_alles_zu_einer_regel() -> None:
    assert erklaere("A2-07") == (
        "A2-07  Dolmetscheinsätze ohne Gespräch\n"
        "\n"
        "Stufe:          Fehler. Was der Befund trifft, wird nicht vergütet, bis es berichtigt ist.\n"
        "Kreisschreiben: Ziff. 4.3.2\n"
        "Felder:         erst_dolmetsch_*, integ_dolmetsch_*\n"
        "Betrifft:       Dolmetschpauschale dieser Gesprächsart\n"
        "Meldung:        …, aber …. Erfassen Sie die Gespräche in … bis … oder setzen Sie … auf 0.\n"
        "Warum:          Vergütet werden Einsätze für Gespräche; ohne Gespräch kein Einsatz.\n"
        "Beispiel:       12 Dolmetscheinsätze und 0 Erstinformationsgespräche.\n"
        "Entscheid:      Ein Entscheid «anerkennen» in den Stammdaten (Blatt Entscheide) hebt diesen\n"
        "                Befund auf."
    )


def test_ein_fehler_der_identitaet_ist_durch_keinen_entscheid_aufzuheben() -> None:
    assert "Ein Entscheid kann diesen Befund nicht aufheben" in erklaere(" f-02 ")


def test_ein_hinweis_braucht_keinen_entscheid() -> None:
    assert "Entscheid" not in erklaere("F-24")


def test_zum_eingang_gehoert_die_datei_als_ganzes() -> None:
    text = erklaere("E-11")
    assert "Kreisschreiben: keine Ziffer, ein Ablauf der Software" in text
    assert "Felder:         keines, die Datei als Ganzes" in text


@pytest.mark.parametrize("code", list(meldungen()))
def test_jede_regel_passt_ins_terminal(code: str) -> None:
    text = erklaere(code)
    assert text.startswith(f"{code}  {meldungen()[code].titel}\n\nStufe:")
    assert max(map(len, text.splitlines())) <= 100


def test_ein_unbekannter_code_nennt_die_naechsten() -> None:
    with pytest.raises(
        ValueError, match=r"^Den Code «a2-7» gibt es nicht\. Meinten Sie A2-07, A2-\d\d oder A2-\d\d\? "
    ):
        erklaere("a2-7")
    with pytest.raises(ValueError, match=r"^Den Code «F99» gibt es nicht\. Meinten Sie F-\d\d, F-"):
        erklaere("F99")


def test_ein_ganz_fremder_code_nennt_die_form() -> None:
    with pytest.raises(ValueError, match=r"Codes sehen aus wie A2-07") as fehler:
        erklaere("xyz")
    assert str(fehler.value).endswith("Alle Codes stehen in docs/handbuch/regeln.md.")


def test_jeder_code_gehoert_zu_einer_gruppe_und_hat_einen_abschnitt() -> None:
    text = regeln_md()
    for code, meldung in meldungen().items():
        assert code.partition("-")[0] in GRUPPEN
        assert text.count(f"### {code}\n") == 1
        assert f"| [{code}](#{code.lower()}) | {meldung.titel} |" in text


def test_das_handbuch_ist_auf_dem_stand_der_meldungen() -> None:
    assert REGELN.read_text(encoding="utf-8") == regeln_md(), "Bitte ./run bauen ausführen"
