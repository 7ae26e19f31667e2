"""Open a Stammdaten.xlsx that people keep, save it, and prove with our reader that nothing else changed."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook

from krs.formulare.eingabe import Zelle
from krs.mappen.antwort.buch import Buch
from krs.mappen.antwort.paket import NichtTragbar, Paket
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.formular import alle_zellen
from krs.mappen.stammdaten import notizgroesse

Inhalt = Mapping[str, Mapping[tuple[int, int], Zelle]]
Neu = Mapping[str, Mapping[tuple[int, int], object]]  # by sheet and place: what was written
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


class Offen:
    """A Stammdaten.xlsx open for writing: change `buch`, then take `fertig`.

    Raises: NichtErgaenzbar: it has something that would be lost.
    """

    def __init__(self, daten: bytes) -> None:
        self._alt, self._vorher = daten, _inhalt(daten)
        _tragbar(daten)
        self.buch = geladen(daten)

    def fertig(self, neu: Neu, dazu: Collection[str] = ()) -> bytes:
        """Return the new workbook. Raises: NichtErgaenzbar: it says anything else than the old one with `neu`.

        Args:
            dazu: names of the sheets that were just made.
        """
        ergebnis = _gespeichert(self.buch)
        nachher = _inhalt(ergebnis)
        _nur_neues(self._vorher, nachher, neu, dazu)
        for name, werte in neu.items():
            for ort, wert in werte.items():
                if (nachher[name].get(ort) is None) is not (wert is None or wert == ""):
                    raise NichtErgaenzbar(f"auf dem Blatt «{name}» eine Zelle, die sich nicht schreiben lässt")
        if fehlend := _zaehlung(self._alt) - _zaehlung(ergebnis):
            raise NichtErgaenzbar(f"etwas auf dem Blatt «{next(iter(fehlend))[0]}», das verloren ginge")
        return ergebnis


def geladen(daten: bytes) -> Workbook:
    """Return the workbook. Raises: NichtErgaenzbar: openpyxl would drop something of it."""
    with _streng():
        return load_workbook(BytesIO(daten), rich_text=True)


def _gespeichert(buch: Workbook) -> bytes:
    _notizen(buch)
    puffer = BytesIO()
    with _streng():
        buch.save(puffer)
    return _ohne_uhr(puffer)


def _ohne_uhr(mappe: BytesIO) -> bytes:
    """Return the package without the day of saving: the same order makes the same bytes (entwurf 1)."""
    ziel = BytesIO()
    with ZipFile(mappe) as alt, ZipFile(ziel, "w", ZIP_DEFLATED) as neu:
        for name in alt.namelist():
            teil = alt.read(name)
            if name == "docProps/core.xml":
                teil = re.sub(rb"<dcterms:modified.*?</dcterms:modified>", b"", teil)
            neu.writestr(ZipInfo(name), teil, ZIP_DEFLATED)
    return ziel.getvalue()


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


def _notizen(buch: Workbook) -> None:
    """Give the notes their size: openpyxl forgets it."""
    for blatt in buch.worksheets:
        for zelle in blatt._cells.values():  # iter_rows would make every cell up to a stray one in XFD1000000
            if zelle.comment is not None:
                zelle.comment.width, zelle.comment.height = notizgroesse(zelle.comment.text)


# --- the proof ------------------------------------------------------------------------------
def _nur_neues(vorher: Inhalt, nachher: Inhalt, neu: Neu, dazu: Collection[str]) -> None:
    for name in {*vorher, *nachher} - set(dazu):
        hier, dort = vorher.get(name, {}), nachher.get(name, {})
        for ort in {*hier, *dort} - {*neu.get(name, {})}:
            if not _gleich(hier.get(ort), dort.get(ort)):
                adresse = (hier.get(ort) or dort[ort]).adresse
                raise NichtErgaenzbar(f"eine Zelle, die sich ändern würde ({name}!{adresse})")


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
