"""The result sheet of a macro: written beside the old one, then put in its place, so nothing is ever half there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Literal

from krs.excel import schutz
from krs.excel.anfrage import Eingabefehler
from krs.excel.ergebnis import Ergebnis, Tabelle, Wert
from krs.excel.gestalt import gestalte, grundschrift, spaltenbreiten
from krs.mappen.gestalt.stile import AKZENT, BETRAG, DATUM
from krs.mappen.lesen.adresse import spaltenname

if TYPE_CHECKING:
    import xlwings as xw

_UNGUELTIG = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LANG, _NEU = 31, " neu"  # characters of a sheet's name; what the sheet in the making is called
_HOECHSTER_TEXT = 32_000  # characters; a cell holds 32'767
_BREIT, _SCHMAL = 60, 9  # characters of a column
_KOPF_OBEN = 15  # a header further down is not frozen: too little would scroll
_FORMATE: tuple[tuple[type, str, Literal["left", "center", "right"]], ...] = (
    (Decimal, BETRAG, "right"), (date, DATUM, "center"), (bool, "General", "center"), (int, "0", "right"),
)  # fmt: skip

Zelle = str | float | date | None


def blattname(titel: str, *, neu: bool = False) -> str:
    """Return the name of a result sheet, or of the one in the making; Excel takes both.

    >>> blattname("Lauf 2024-09"), blattname("Übergabe 1/2", neu=True)
    ('krs Lauf 2024-09', 'krs Übergabe 1 2 neu')
    """
    name = "krs " + _UNGUELTIG.sub(" ", titel).strip("' ")
    return name[: _LANG - len(_NEU)].rstrip("' ") + _NEU if neu else name[:_LANG].rstrip("' ")


def pruefe(mappe: xw.Book) -> None:
    """Refuse a workbook that takes no new sheet; on the Server only Excel itself can tell. Raises: Eingabefehler."""
    if not schutz.am_server(mappe) and mappe.api.ProtectStructure:
        raise Eingabefehler(schutz.STRUKTUR.format(mappe=mappe.name))


def schreibe(mappe: xw.Book, ergebnis: Ergebnis) -> None:
    """Write the result sheet and show it; one of an earlier run is replaced once the new one is whole."""
    name, neu = blattname(ergebnis.titel), blattname(ergebnis.titel, neu=True)
    vorhandene = {b.name.casefold(): b for b in mappe.sheets}
    if neu.casefold() in vorhandene:  # of a run that broke off
        schutz.loesche(vorhandene[neu.casefold()])
    blatt = mappe.sheets.add(neu, after=mappe.sheets[len(mappe.sheets) - 1])
    try:
        kopf = _fuelle(blatt, ergebnis)
    except Exception:
        blatt.delete()
        raise
    if name.casefold() in vorhandene:
        schutz.loesche(vorhandene[name.casefold()])
    blatt.name = name
    blatt.activate()
    if 0 < kopf <= _KOPF_OBEN:
        _fixiere(blatt, kopf)


# --- values ---------------------------------------------------------------------------------
def zelle(wert: Wert) -> Zelle:
    """Return a value as Excel takes it. Text begins with Excel's own mark for text, so nothing becomes a formula.

    Without the mark «=1+1» would be computed, «2024-03» a day in March and «007» the number 7.

    >>> zelle("=1+1"), zelle(Decimal("1.50")), zelle(True)
    ("'=1+1", 1.5, "'Ja")
    """
    if isinstance(wert, bool):
        wert = "Ja" if wert else "Nein"
    if isinstance(wert, Decimal | int):
        return float(wert)
    if isinstance(wert, str):
        sichtbar = "".join(z if z.isprintable() or z in "\n\t" else " " for z in wert)
        return f"'{sichtbar[:_HOECHSTER_TEXT]}" if sichtbar else None
    return wert


def _fuelle(blatt: xw.Sheet, ergebnis: Ergebnis) -> int:
    """Write title, sentences and tables; return the row of the header if there is one table."""
    oben = [[zelle(ergebnis.titel)], *([zelle(s)] for s in ergebnis.saetze)]
    blatt.range((1, 1), (len(oben), 1)).value = oben
    grundschrift(blatt.range((1, 1), (len(oben), 1)))
    gestalte(blatt.range("A1"), "titel")
    if ergebnis.saetze:
        gestalte(blatt.range("A2"), "gross")
    zeile, koepfe = len(oben) + 2, []
    for tabelle in ergebnis.tabellen:
        koepfe.append(zeile + bool(tabelle.titel))
        zeile = _tabelle(blatt, tabelle, zeile) + 2
    spaltenbreiten(blatt, _breiten(ergebnis.tabellen))
    breite = max((len(t.spalten) for t in ergebnis.tabellen), default=1)
    blatt.range((1, 1), (zeile, breite)).rows.autofit()  # last: the height of wrapped text follows from the widths
    return koepfe[0] if len(koepfe) == 1 else 0


def _tabelle(blatt: xw.Sheet, tabelle: Tabelle, oben: int) -> int:
    """Write one table; return its last row."""
    if tabelle.titel:
        ueber = blatt.range((oben, 1))
        ueber.value = zelle(tabelle.titel)
        grundschrift(ueber)
        gestalte(ueber, "gross")
        oben += 1
    breite, unten = len(tabelle.spalten), oben + len(tabelle.zeilen)
    alles = blatt.range((oben, 1), (unten, breite))
    alles.value = [[zelle(w) for w in z] for z in chain([tabelle.spalten], tabelle.zeilen)]
    grundschrift(alles)
    kopf = blatt.range((oben, 1), (oben, breite))
    gestalte(kopf, "tabellenkopf")
    kopf.borders.set("edge_bottom", line_style="continuous", color=AKZENT)
    if tabelle.zeilen:
        blatt.range((oben + 1, 1), (unten, breite)).vertical_alignment = "top"
        for nummer in range(breite):
            _spalte(blatt, tabelle, nummer, oben)
    return unten


def _spalte(blatt: xw.Sheet, tabelle: Tabelle, nummer: int, kopf: int) -> None:
    werte = [z[nummer] for z in tabelle.zeilen if z[nummer] is not None]
    bereich = blatt.range((kopf + 1, nummer + 1), (kopf + len(tabelle.zeilen), nummer + 1))
    for art, format_, uebliche in _FORMATE:
        if werte and all(isinstance(w, art) for w in werte):
            seite = "left" if "Nr." in tabelle.spalten[nummer] else uebliche  # a number that nobody adds up
            bereich.number_format = format_
            bereich.horizontal_alignment = seite
            if seite == "right":
                blatt.range((kopf, nummer + 1)).horizontal_alignment = "right"
            return
    bereich.horizontal_alignment = "left"
    if any(_laenge(w) > _BREIT or "\n" in str(w) for w in werte):
        bereich.wrap_text = True


def _breiten(tabellen: Iterable[Tabelle]) -> dict[str, float]:
    breiten: dict[str, float] = {}
    for tabelle in tabellen:
        for nummer, ueberschrift in enumerate(tabelle.spalten):
            laengen = (_laenge(w) for w in chain([ueberschrift], (z[nummer] for z in tabelle.zeilen)))
            spalte = spaltenname(nummer + 1)
            breiten[spalte] = min(max(breiten.get(spalte, _SCHMAL), *laengen), _BREIT)
    return breiten


def _laenge(wert: Wert) -> float:
    if isinstance(wert, Decimal):
        return len(f"{wert:,.2f}") + 2
    return 12 if isinstance(wert, date) else len(str("" if wert is None else wert)) * 1.1 + 1


def _fixiere(blatt: xw.Sheet, kopf: int) -> None:
    """Keep title and header in view; the desktop engine of xlwings has no call for it."""
    if schutz.am_server(blatt.book):
        blatt.freeze_panes.freeze_at(f"1:{kopf}")
        return
    fenster = blatt.book.app.api.ActiveWindow
    fenster.SplitColumn, fenster.SplitRow = 0, kopf
    fenster.FreezePanes = True
