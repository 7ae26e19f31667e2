"""Rows into a Stammdaten.xlsx that people keep: openpyxl writes, our reader proves that nothing else changed."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from krs.formulare.eingabe import Zelle
from krs.mappen.antwort.buch import Buch
from krs.mappen.antwort.paket import NichtTragbar, Paket
from krs.mappen.gestalt.stile import DATUM
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.formular import alle_zellen
from krs.mappen.lesen.tabellen import lies_tabellen
from krs.mappen.lesen.zellen import position
from krs.mappen.stammdaten import notizgroesse, stammdaten_mappe
from krs.stammdaten.lesen import Tabelle, tabelle_von
from krs.stammdaten.plan import Stammblatt, blaetter, schluessel

Wert = str | int | Decimal | date | None
Inhalt = Mapping[str, Mapping[tuple[int, int], Zelle]]
_VERLUST = (  # parts that openpyxl does not write again
    ("xl/vbaproject", "Makros"),
    ("xl/charts/", "ein Diagramm"),
    ("xl/media/", "ein Bild"),
    ("xl/drawings/drawing", "eine Zeichnung"),
    ("xl/pivot", "eine Pivot-Tabelle"),
    ("xl/threadedcomments/", "Kommentare mit Antworten"),
    ("xl/externallinks/", "eine Verknüpfung zu einer anderen Datei"),
    ("_xmlsignatures/", "eine digitale Signatur"),
)
_BLEIBT = re.compile(  # what it writes again, and what nobody misses (printer, SharePoint, order of calculation)
    r"\[content_types\]\.xml|(.*/)?_rels/.*|docprops/.*|docmetadata/.*|customxml/.*|xl/printersettings/.*|xl/calcchain\.xml"
    r"|xl/(workbook|styles|sharedstrings|metadata)\.xml|xl/(theme|worksheets|tables|comments|persons)/.*"
    r"|xl/comments[^/]*\.xml|xl/drawings/(vmldrawing|commentsdrawing)[^/]*|xl/worksheets/.*"
)
_GEZAEHLT = (
    "dataValidation",
    "cfRule",
    "mergeCell",
    "hyperlink",
    "tablePart",
    "sheetProtection",
    "filterColumn",
    "brk",
)


class NichtErgaenzbar(Exception):
    """The workbook would lose something, or has no place for the rows; `grund` says what, in German."""

    def __init__(self, grund: str) -> None:
        super().__init__(grund)
        self.grund = grund


def ergaenzt(daten: bytes, blatt: str, zeilen: Sequence[Sequence[Wert]] = (), leeren: Collection[int] = ()) -> bytes:
    """Return the workbook with rows below the last one of a sheet; a sheet that is missing is made as by `krs neu`.

    Args:
        daten: Stammdaten.xlsx as it lies there.
        blatt: name of the sheet.
        zeilen: values in the order of the sheet's columns in `stammdaten.toml`; None leaves a cell empty.
        leeren: numbers of rows whose cells become empty (the row stays).
    Raises: NichtErgaenzbar: nothing else may change, and something would.
    """
    plan = next(b for b in blaetter() if b.name == blatt)
    vorher = _inhalt(daten)
    _tragbar(daten)
    buch = _geladen(daten)
    tabelle = tabelle_von(lies_tabellen(daten), plan)
    if tabelle is None:
        _neues_blatt(buch, plan)
        tabelle = tabelle_von(lies_tabellen(stammdaten_mappe()), plan)
        assert tabelle is not None
    ziel = next(b for b in buch.worksheets if schluessel(b.title) == schluessel(plan.name))
    neu = _schreibe(ziel, plan, tabelle, zeilen, leeren)
    _notizen(buch)
    ergebnis = _gespeichert(buch)
    _pruefe(daten, vorher, ergebnis, ziel.title, neu)
    return ergebnis


# --- what stands against it -----------------------------------------------------------------
def _geladen(daten: bytes) -> Workbook:
    with _streng():
        return load_workbook(BytesIO(daten), rich_text=True)


def _gespeichert(buch: Workbook) -> bytes:
    puffer = BytesIO()
    with _streng():
        buch.save(puffer)
    return puffer.getvalue()


@contextmanager
def _streng() -> Iterator[None]:
    """Take what openpyxl warns of for a loss: it says so when it drops something. It stumbles over strange files."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", UserWarning)
            warnings.filterwarnings("ignore", "Workbook contains no default style")
            yield
    except (UserWarning, ValueError, KeyError, TypeError, AttributeError) as fehler:
        raise NichtErgaenzbar("etwas, das beim Schreiben verloren ginge") from fehler


def _tragbar(daten: bytes) -> None:
    try:
        paket = Paket(daten, "Stammdaten.xlsx")
        for teil in paket.teile():
            for anfang, was in _VERLUST:
                if teil.startswith(anfang):
                    raise NichtErgaenzbar(was)
            if not _BLEIBT.fullmatch(teil):
                raise NichtErgaenzbar(f"einen Teil, den krs nicht kennt («{teil}»)")
        for b in Buch(paket).blaetter():
            if b.teil in paket and next(paket.baum(b.teil).iterchildren("{*}extLst"), None) is not None:
                raise NichtErgaenzbar(f"neuere Regeln oder Formate auf dem Blatt «{b.name}»")
    except NichtTragbar as fehler:
        raise NichtErgaenzbar(fehler.teil) from fehler


def _inhalt(daten: bytes) -> Inhalt:
    try:
        alle = alle_zellen(daten, "Stammdaten.xlsx", lambda _: True)[0]
    except Abgewiesen as fehler:
        raise NichtErgaenzbar("einen beschädigten Teil") from fehler
    for name, zellen in alle.items():
        for z in zellen.values():
            if z.formel is not None:  # openpyxl drops the saved result, and krs reads that
                raise NichtErgaenzbar(f"eine Formel ({name}!{z.adresse})")
    return {name: {ort: z for ort, z in zellen.items() if not z.leer} for name, zellen in alle.items()}


# --- writing --------------------------------------------------------------------------------
def _schreibe(
    ziel: Worksheet, plan: Stammblatt, tabelle: Tabelle, zeilen: Sequence[Sequence[Wert]], leeren: Collection[int]
) -> dict[tuple[int, int], Wert]:
    """Write and empty cells; return what changed."""
    kopf = {schluessel(z.anzeige): position(z.adresse) for z in reversed(tabelle.kopf)}
    orte = [kopf.get(schluessel(s.titel)) for s in plan.spalten]
    if fehlt := [s.titel for s, ort in zip(plan.spalten, orte, strict=True) if ort is None]:
        raise NichtErgaenzbar(f"auf dem Blatt «{plan.name}» keine Spalte «{fehlt[0]}»")
    spalten = [ort[1] for ort in orte if ort is not None]
    kopfzeile = position(tabelle.kopf[0].adresse)[0]
    belegt = [position(z.adresse)[0] for reihe in tabelle.zeilen for z in reihe if not z.leer]
    erste = max([kopfzeile, *belegt]) + 1
    neu: dict[tuple[int, int], Wert] = {(zeile, spalte): None for zeile in leeren for spalte in spalten}
    for nummer, werte in enumerate(zeilen, erste):
        neu |= {(nummer, spalte): wert for spalte, wert in zip(spalten, werte, strict=True)}
    for (zeile, spalte), wert in neu.items():
        _setze(_zelle(ziel, zeile, spalte), wert, _zelle(ziel, zeile - 1, spalte) if zeile - 1 > kopfzeile else None)
    _tabelle_bis(ziel, erste + len(zeilen) - 1)
    return neu


def _zelle(blatt: Worksheet, zeile: int, spalte: int) -> Cell:
    zelle = blatt.cell(zeile, spalte)
    if isinstance(zelle, MergedCell):
        raise NichtErgaenzbar(f"auf dem Blatt «{blatt.title}» verbundene Zellen")
    return zelle


def _wie(zelle: Cell, vorbild: Cell) -> None:
    for was in ("font", "fill", "border", "alignment", "number_format", "protection"):
        setattr(zelle, was, copy(getattr(vorbild, was)))


def _setze(zelle: Cell, wert: Wert, vorbild: Cell | None) -> None:
    if not zelle.has_style and vorbild is not None:
        _wie(zelle, vorbild)
    zelle.value = datetime(wert.year, wert.month, wert.day) if isinstance(wert, date) else wert  # noqa: DTZ001
    if isinstance(wert, str):
        zelle.data_type = "s"  # never a formula, whatever it begins with
    if isinstance(wert, date) and not zelle.is_date:
        zelle.number_format = DATUM


def _tabelle_bis(ziel: Worksheet, zeile: int) -> None:
    """Let the Excel table reach down to a row."""
    tabellen = list(ziel.tables.values())
    for t in tabellen:
        if t.totalsRowCount:
            raise NichtErgaenzbar(f"auf dem Blatt «{ziel.title}» eine Ergebniszeile")
        von, _, bis = t.ref.partition(":")
        letzte = int(re.sub(r"\D", "", bis))
        if zeile > letzte and len(tabellen) == 1:
            t.ref = f"{von}:{re.sub(r'[0-9]', '', bis)}{zeile}"
            if t.autoFilter is not None:
                t.autoFilter.ref = t.ref


def _neues_blatt(buch: Workbook, plan: Stammblatt) -> None:
    """Add a sheet as `krs neu` makes it, at the end."""
    muster = _geladen(stammdaten_mappe())[plan.name]
    neu = buch.create_sheet(plan.name)
    for reihe in muster.iter_rows():
        for zelle in (z for z in reihe if isinstance(z, Cell)):
            ort = _zelle(neu, zelle.row, zelle.column)
            ort.value = zelle.value
            _wie(ort, zelle)
            ort.comment = copy(zelle.comment) if zelle.comment else None
    for name, spalte in muster.column_dimensions.items():
        neu.column_dimensions[name].width = spalte.width
    for regel in muster.data_validations.dataValidation:
        neu.add_data_validation(regel)
    for bereich in muster.conditional_formatting:
        for r in bereich.rules:
            neu.conditional_formatting.add(str(bereich.sqref), r)
    for t in muster.tables.values():
        neu.add_table(t)
    neu.freeze_panes, neu.print_title_rows = muster.freeze_panes, muster.print_title_rows
    neu.page_setup, neu.sheet_properties = copy(muster.page_setup), copy(muster.sheet_properties)
    neu.sheet_view.showGridLines = False
    neu.row_dimensions[1].height = muster.row_dimensions[1].height


def _notizen(buch: Workbook) -> None:
    """Give the notes their size: openpyxl forgets it."""
    for blatt in buch.worksheets:
        for zelle in blatt._cells.values():  # iter_rows would make every cell up to a stray one in XFD1000000
            if zelle.comment is not None:
                zelle.comment.width, zelle.comment.height = notizgroesse(zelle.comment.text)


# --- the proof ------------------------------------------------------------------------------
def _pruefe(alt: bytes, vorher: Inhalt, ergebnis: bytes, blatt: str, neu: Mapping[tuple[int, int], Wert]) -> None:
    """Raises: NichtErgaenzbar: the new workbook says anything else than the old one with `neu`."""
    nachher = _inhalt(ergebnis)
    for name in {*vorher, *nachher}:
        hier, dort = vorher.get(name, {}), nachher.get(name, {})
        if name not in vorher and name == blatt:
            continue  # just made
        for ort in {*hier, *dort}:
            if not (name == blatt and ort in neu) and not _gleich(hier.get(ort), dort.get(ort)):
                raise NichtErgaenzbar(
                    f"eine Zelle, die sich ändern würde ({name}!{(hier.get(ort) or dort[ort]).adresse})"
                )
    for ort, wert in neu.items():
        steht = nachher[blatt].get(ort)
        if (steht is None) is not (wert is None or wert == ""):
            raise NichtErgaenzbar(f"auf dem Blatt «{blatt}» eine Zelle, die sich nicht schreiben lässt")
    fehlend = _zaehlung(alt) - _zaehlung(ergebnis)
    if fehlend:
        raise NichtErgaenzbar(f"etwas auf dem Blatt «{next(iter(fehlend))[0]}», das verloren ginge")


def _gleich(a: Zelle | None, b: Zelle | None) -> bool:
    if a is None or b is None:
        return a is b
    if isinstance(a.wert, Decimal) and isinstance(b.wert, Decimal):
        return float(a.wert) == float(b.wert)  # 1.1 may stand there as 1.1000000000000001
    return (a.wert, a.fehler) == (b.wert, b.fehler)


def _zaehlung(daten: bytes) -> Counter[tuple[str, str]]:
    """Return how many validations, conditional formats, notes and so on each sheet has."""
    paket = Paket(daten, "Stammdaten.xlsx")
    zahl: Counter[tuple[str, str]] = Counter()
    for b in Buch(paket).blaetter():
        if b.teil not in paket:
            continue
        for art in _GEZAEHLT:
            zahl[b.name, art] = sum(1 for _ in paket.baum(b.teil).iter(f"{{*}}{art}"))
        if notizen := paket.ziel(b.teil, "comments"):
            zahl[b.name, "comment"] = sum(1 for _ in paket.baum(notizen).iter("{*}comment"))
    return zahl
