"""Feedback on a form of Olten: a Fehler and a Hinweis in one cell, a Rückfrage in another, one without a cell."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

from lxml import etree

from eingaben.bauen import ort
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import Zelle
from krs.schreiben.rueckmeldung import Paar, Rueckmeldung
from krs.stammdaten.stammdaten import Entscheid

ABSENDER = "Kanton Solothurn"
AKTE = Akte("Olten.xlsx", "Olten", 2581, "Anhang 2", "2024-H1")
ERST, SPRACHEN = ort("erst_einzelpersonen"), ort("sprachen")
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def fehler(wert: str = "acht", blatt: str = "Reporting") -> Befund:
    """Return a Fehler in the cell of the talks with single persons."""
    return melde(
        AKTE, "F-21", Zelle(blatt, ERST, wert), "erst_einzelpersonen", {"erst"},
        gelesen=wert, bezeichnung="mit Einzelpersonen",
    )  # fmt: skip


def rueckfrage() -> Befund:
    """Return a Rückfrage in the first cell of the list of languages."""
    return melde(
        AKTE, "A2-10", Zelle("Reporting", SPRACHEN, "Tigrinya"), "sprachen", {"erst_dolmetsch", "integ_dolmetsch"},
        summe="6 Dolmetscheinsätze", einsaetze="7 Dolmetscheinsätze",
    )  # fmt: skip


def hinweis() -> Befund:
    """Return a Hinweis in the same cell as the Fehler."""
    return melde(
        AKTE, "A2-21", Zelle("Reporting", ERST, "acht"), "erst_einzelpersonen",
        was="Gespräche", neu=8, vorperiode="2023-H2", alt=3,
    )  # fmt: skip


def ohne_zelle() -> Befund:
    """Return a Befund about the whole file."""
    return melde(AKTE, "E-18", Zelle("Reporting"), blatt="Reporting", weitere="Reporting (2)")


def ahv() -> Befund:
    """Return the Befund on an AHV number."""
    return melde(AKTE, "F-30", Zelle("Reporting", ort("bemerkungen"), "Frau X, [AHV-Nummer]"), "bemerkungen")


def entscheid(befund: Befund, wie: str = "anerkennen") -> Entscheid:
    """Return an officer's decision on a Befund."""
    return Entscheid.model_validate(
        {
            "bfs_nr": 2581, "formular": "Anhang 2", "periode": "2024-H1", "code": befund.code, "entscheid": wie,
            "begruendung": "Telefonisch geklärt", "visum": "AB", "datum": date(2024, 8, 5),
        }
    )  # fmt: skip


def rueckmeldung(*paare: Befund | Paar) -> Rueckmeldung:
    """Return the feedback on Olten's form, received on its last day; without Befunde: those of this module."""
    alle = paare or (hinweis(), rueckfrage(), fehler(), ohne_zelle())
    mit = tuple(p if isinstance(p, tuple) else (p, None) for p in alle)
    return Rueckmeldung("Olten.xlsx", "ab" * 32, AKTE, date(2024, 7, 31), date(2024, 7, 31), mit)


def teile(daten: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook."""
    with zipfile.ZipFile(BytesIO(daten)) as zip_:
        return {name: zip_.read(name) for name in zip_.namelist()}


def texte(xml: bytes) -> list[str]:
    """Return the texts of our sheet, cell by cell."""
    wurzel = etree.fromstring(xml)
    return ["".join(t.text or "" for t in c.iter("{*}t")) for c in wurzel.iter("{*}c") if len(c)]
