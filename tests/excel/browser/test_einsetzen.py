"""KRS_ functions in the open form: they compute while somebody types, and leave without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ablage.hilfe import neue_ablage
from excel.browser.buehne import Buehne
from excel.browser.daten import form
from excel.browser.mappen import als_json
from excel.browser.seite import Seite
from excel.browser.server import Server
from krs.ablauf.beitraege import anhang1

pytestmark = pytest.mark.xdist_group("chromium")


def alles(seite: Seite) -> object:
    """Return everything in the workbook: sheets with their protection, formulas and values."""
    return seite.page.evaluate(
        "krsMappe.blaetter().map(b => [b, krsMappe.geschuetzt(b), krsMappe.formeln(b), krsMappe.inhalt(b)])"
    )


def live(seite: Seite) -> list[str]:
    """Return the texts of the sheet «krs Live»."""
    return [str(z) for zeile in seite.mappe("inhalt", "krs Live") for z in zeile]


def test_anhang_2_rechnet_beim_tippen_mit_und_nennt_was_falsch_ist(buehne: Buehne, server: Server) -> None:
    werte = {"erst_einzelpersonen": 3, "erst_familien": 0, "erst_gruppen": 0, "erst_dolmetsch_einzelpersonen": 1}
    seite = buehne.oeffne(server, als_json(form(2001, **werte), "Formular.xlsx"))
    seite.mappe("ruhig")
    nativ = seite.mappe("zelle", "beitrag_total")["wert"]
    seite.fuehre_aus("funktionen_einsetzen")
    assert (seite.satz(), seite.mappe("geschuetzt", "Reporting")) == ("", True)
    assert "KRS_BEITRAG(" in seite.mappe("zelle", "beitrag_total")["formel"]
    assert seite.mappe("zelle", "beitrag_total")["wert"] == nativ

    seite.mappe("tippe", "erst_einzelpersonen", 5)
    seite.mappe("ruhig")
    assert seite.mappe("zelle", "beitrag_total")["wert"] == nativ + 2 * 200

    assert not any("«fünf»" in text for text in live(seite))
    seite.mappe("tippe", "erst_einzelpersonen", "fünf")
    seite.mappe("ruhig")
    assert any("«fünf»" in text for text in live(seite))


def _anhang_2(_: Path) -> bytes:
    return form(2001)


def _anhang_3(ordner: Path) -> bytes:
    ablage = neue_ablage(ordner / "Ablage")
    return next((ablage.vorlagen / "2024").glob("*_2401_*")).read_bytes()


def _anhang_1(ordner: Path) -> bytes:
    ablage = neue_ablage(ordner / "Ablage")
    anhang1(ablage.pfad, 2024, mit_pdf=False)
    return next(ablage.pfad.rglob("Anhang_1*.xlsx")).read_bytes()


FORMULARE = {
    "Anhang 1": (_anhang_1, "Gemeinden!J5"),
    "Anhang 2": (_anhang_2, "beitrag_total"),
    "Anhang 3": (_anhang_3, "sockelbeitrag"),
}


@pytest.mark.parametrize(("bauen", "zelle"), FORMULARE.values(), ids=FORMULARE)
def test_die_funktionen_rechnen_dasselbe_wie_das_formular_und_verschwinden_ohne_spur(
    buehne: Buehne, server: Server, tmp_path: Path, bauen: Callable[[Path], bytes], zelle: str
) -> None:
    seite = buehne.oeffne(server, als_json(bauen(tmp_path), "Formular.xlsx"))
    seite.mappe("ruhig")
    vorher, nativ = alles(seite), seite.mappe("zelle", zelle)
    assert nativ["wert"] > 0

    for _ in range(2):  # twice is the same as once
        seite.fuehre_aus("funktionen_einsetzen")
    eingesetzt = seite.mappe("zelle", zelle)
    assert "KRS_" in eingesetzt["formel"]
    assert (eingesetzt["wert"], eingesetzt["fehler"]) == (nativ["wert"], None)
    assert not any(text.startswith("#") for text in live(seite))

    seite.fuehre_aus("funktionen_entfernen")
    assert alles(seite) == vorher
