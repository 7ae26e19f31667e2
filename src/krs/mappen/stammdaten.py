"""Stammdaten.xlsx: written for `krs neu` and the demo, read from whatever program saved it (entwurf 4.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from krs import daten
from krs.formulare.arten import ARTEN
from krs.mappen.gestalt.stile import AKZENT, BAND, DATUM, EINGABE, GRUND, LEISE, STILE, Mappe, regel
from krs.mappen.lesen.tabellen import lies_tabellen
from krs.stammdaten.plan import Stammblatt, Stammspalte, blaetter, einstellungen_plan

__all__ = ["lies_tabellen", "notizgroesse", "stammdaten_mappe", "vorgabe"]

LETZTE_ZEILE = 1999  # validations reach this far, so that a table that grows stays checked
Zeilen = Mapping[str, Sequence[Sequence[object]]]


def vorgabe() -> dict[str, list[list[object]]]:
    """Return the rows of `krs neu`: who existed since 2017, and the settings; nothing else is invented."""
    gemeinden: list[list[object]] = []
    for g in daten.gemeinden():
        ab = g.gueltig_ab if g.gueltig_ab and g.gueltig_ab >= daten.ERSTES_JAHR else None
        gemeinden.append([g.bfs_nr, g.name, g.bezirk, ab, g.gueltig_bis, g.nachfolgerin])
    einstellungen: list[list[object]] = [
        [e.titel, Decimal(e.vorgabe) if e.vorgabe.isdigit() else e.vorgabe] for e in einstellungen_plan()
    ]
    return {"Gemeinden": gemeinden, "Einstellungen": einstellungen}


def stammdaten_mappe(zeilen: Zeilen | None = None) -> bytes:
    """Return Stammdaten.xlsx with these rows by sheet name, values in the order of the columns.

    A sheet that is not given is empty; Einstellungen then holds all names with their defaults.

    Raises: ValueError: an unknown sheet, more values than columns, or a text that no cell can hold.
    """
    gegeben: dict[str, Sequence[Sequence[object]]] = {"Einstellungen": vorgabe()["Einstellungen"], **(zeilen or {})}
    unbekannt = set(gegeben) - {b.name for b in blaetter()}
    if unbekannt:
        raise ValueError(f"Unbekannte Blätter: {', '.join(sorted(unbekannt))}")
    mappe = Mappe("start.integration – Stammdaten")
    stil = Stil(mappe)
    for plan in blaetter():
        _blatt(mappe, stil, plan, gegeben.get(plan.name, ()))
    return mappe.bytes()


def _blatt(mappe: Mappe, stil: Stil, plan: Stammblatt, zeilen: Sequence[Sequence[object]]) -> None:
    blatt = mappe.blatt(plan.name, quer=True)
    letzte = max(len(zeilen) + plan.leerzeilen, 1)
    for n, spalte in enumerate(plan.spalten):
        blatt.set_column(n, n, spalte.breite, stil.spalte(spalte))
        blatt.write_comment(0, n, spalte.notiz, stil.notiz(spalte.notiz))
        _spalte(blatt, plan, spalte, n, letzte, stil)
    koepfe = [{"header": s.titel, "header_format": stil.kopf(s)} for s in plan.spalten]
    ecke = (0, 0, letzte, len(plan.spalten) - 1)
    blatt.add_table(*ecke, {"name": plan.tabelle, "columns": koepfe, "style": None})
    for nummer in range(letzte):
        _zeile(blatt, plan, nummer + 1, zeilen[nummer] if nummer < len(zeilen) else (), stil)
    _einrichten(blatt, plan)


def _spalte(blatt: Worksheet, plan: Stammblatt, spalte: Stammspalte, n: int, letzte: int, stil: Stil) -> None:
    if spalte.pflicht:
        blatt.conditional_format(1, n, letzte, n, {**bedingt(n, len(plan.spalten)), "format": stil.fehlt})
    if plan.id != "einstellungen" and (gilt := pruefung(spalte, n)):
        blatt.data_validation(1, n, LETZTE_ZEILE, n, gilt)


def _zeile(blatt: Worksheet, plan: Stammblatt, nummer: int, werte: Sequence[object], stil: Stil) -> None:
    if len(werte) > len(plan.spalten):
        raise ValueError(f"{plan.name}, Zeile {nummer + 1}: {len(werte)} Werte für {len(plan.spalten)} Spalten")
    voll = [*werte, *[None] * (len(plan.spalten) - len(werte))]
    eintrag = next((e for e in einstellungen_plan() if plan.id == "einstellungen" and e.titel == voll[0]), None)
    for n, (spalte, wert) in enumerate(zip(plan.spalten, voll, strict=True)):
        art = eintrag if eintrag and n else spalte
        if eintrag and n:
            blatt.data_validation(nummer, n, nummer, n, pruefung(art, n, hilfe=True))
        _schreiben(blatt, nummer, n, wert, stil.zelle(art))


def _schreiben(blatt: Worksheet, zeile: int, spalte: int, wert: object, format_: Format) -> None:
    """Write one value by its type; text is always text, whatever it begins with."""
    if wert is None or wert == "":
        ergebnis = blatt.write_blank(zeile, spalte, None, format_)
    elif isinstance(wert, bool):
        ergebnis = blatt.write_string(zeile, spalte, "Ja" if wert else "Nein", format_)
    elif isinstance(wert, int | Decimal):
        ergebnis = blatt.write_number(zeile, spalte, float(wert), format_)
    elif isinstance(wert, date):
        mittag = datetime(wert.year, wert.month, wert.day)  # noqa: DTZ001 a day has no zone
        ergebnis = blatt.write_datetime(zeile, spalte, mittag, format_)
    else:
        ergebnis = blatt.write_string(zeile, spalte, str(wert), format_)
    if ergebnis != 0:
        raise ValueError(f"Zeile {zeile + 1}, Spalte {spalte + 1}: Der Text hat mehr als 32'767 Zeichen.")


def _einrichten(blatt: Worksheet, plan: Stammblatt) -> None:
    blatt.set_row(0, 30 if any(len(s.titel) + 2 > s.breite for s in plan.spalten) else 20)
    blatt.freeze_panes(1, plan.fest)
    blatt.repeat_rows(0)
    blatt.fit_to_pages(plan.seiten_breit, 0)
    if plan.seiten_breit > 1:
        blatt.repeat_columns(0, plan.fest - 1)
    blatt.set_footer(f"&L&8start.integration  ·  Stammdaten&C&8{plan.name}&R&8Seite &P von &N")
    blatt.set_selection(1, 0, 1, 0)


_LINIE = {"border": 1, "border_color": "#D0D0D0"}
_LINKS = {"align": "left", "indent": 1}
_FORMAT: dict[str, dict[str, Any]] = {  # by the look of a kind, where it differs from the other workbooks
    **STILE, "text": {"num_format": "@", **_LINKS}, "datum": {"num_format": DATUM, "align": "right"},
}  # fmt: skip
_UMBRUCH = {"text_wrap": True, "valign": "top"}
BREIT = 34  # from this width on, a text may run over several lines


class Stil:
    """The formats of one workbook; XlsxWriter keeps each only once per object."""

    def __init__(self, mappe: Mappe) -> None:
        self._mappe = mappe
        self._formate: dict[str, Format] = {}
        self.fehlt = mappe.buch.add_format({"bg_color": EINGABE})

    def _format(self, name: str, *teile: dict[str, Any]) -> Format:
        if name not in self._formate:
            alle = {k: v for teil in (GRUND, *teile) for k, v in teil.items()}
            self._formate[name] = self._mappe.buch.add_format(alle)
        return self._formate[name]

    def spalte(self, spalte: Stammspalte) -> Format:
        """Return the format of a whole column, for rows that will be typed below the table."""
        return self._format("spalte_" + spalte.art, _FORMAT[ARTEN[spalte.art].stil])

    def zelle(self, spalte: Stammspalte) -> Format:
        """Return the format of a cell in the table; settings stand to the left, whatever their type."""
        einstellung, breit = spalte.breite == 0, spalte.art == "text" and spalte.breite >= BREIT
        weiter = _LINKS if einstellung else _UMBRUCH if breit else {}
        return self._format(f"{spalte.art}_{einstellung}_{breit}", _FORMAT[ARTEN[spalte.art].stil], _LINIE, weiter)

    def kopf(self, spalte: Stammspalte) -> Format:
        """Return the header's format: mandatory columns in strong type; their note says so too."""
        schrift = {} if spalte.pflicht else {"font_color": LEISE}
        kopf = {"bold": spalte.pflicht, "bg_color": BAND, "text_wrap": True, "bottom": 2, "bottom_color": AKZENT}
        return self._format(f"kopf_{spalte.pflicht}", kopf, _LINKS, schrift)

    def notiz(self, text: str) -> dict[str, Any]:
        """Return the options of a header's note, tall enough for its text."""
        breite, hoehe = notizgroesse(text)
        return {"author": "krs", "font_name": "Arial", "font_size": 9, "width": breite, "height": hoehe}


def notizgroesse(text: str) -> tuple[int, int]:
    """Return width and height of a note in pixels, tall enough for its text."""
    return 270, 14 * (len(text) // 42 + 1) + 10


def bedingt(spalte: int, breite: int) -> dict[str, Any]:
    """Return the condition that marks an empty mandatory cell in a row that somebody began."""
    erste = xl_rowcol_to_cell(1, 0, col_abs=True)
    letzte = xl_rowcol_to_cell(1, breite - 1, col_abs=True)
    zelle = xl_rowcol_to_cell(1, spalte)
    return {"type": "formula", "criteria": f'=AND(COUNTA({erste}:{letzte})>0,{zelle}="")'}


def pruefung(spalte: Stammspalte, nummer: int, *, hilfe: bool = False) -> dict[str, Any]:
    """Return the data validation of a column, empty without one. A help for typing, never trusted on reading."""
    ergebnis = regel(spalte.art, spalte.auswahl or spalte.vorschlag, spalte.titel, spalte.notiz if hilfe else "")
    if spalte.art == "email":
        suche = f'=ISNUMBER(FIND("@",{xl_rowcol_to_cell(1, nummer)}))'
        ergebnis |= {"validate": "custom", "value": suche, "error_message": f"Erwartet wird {spalte.erwartet}."}
    if spalte.art == "email" or spalte.vorschlag:
        ergebnis["error_type"] = "warning"
    return ergebnis if hilfe or ergebnis["validate"] != "any" else {}
