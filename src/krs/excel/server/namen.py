"""Names from outside: what a file may be called on any disk, and sentences without the server's paths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path, PurePosixPath, PureWindowsPath

from krs.ablage.durchgang import sichtbarer_name

_LANG = 120  # characters; a disk takes 255 bytes
_BYTES = 180  # of them for the stem; beside it stand a number, an ending and what a write adds
_VERBOTEN = re.compile(r'[<>:"/\\|?*�\u2028\u2029]')
_GERAETE = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?")
_BEIWERK = frozenset({"thumbs.db", "desktop.ini"})
# What forms and letters come in; anything else gets «_» behind its ending, so that no double click starts it.
_ENDUNGEN = frozenset({
    "xlsx", "xlsm", "xltx", "xls", "xlsb", "ods", "fods", "numbers", "csv", "eml", "msg", "p7m", "zip", "pdf", "txt",
    "docx", "doc", "odt", "rtf", "png", "jpg", "jpeg", "heic", "gif", "tif", "tiff",
})  # fmt: skip
_ZITAT = re.compile(r"«([^«»]*)»")
_ABSOLUT = re.compile(r"(?:/|[A-Za-z]:[\\/]|\\\\)")


def sicherer_name(name: str, vergeben: Collection[str] = ()) -> str:
    """Return the file name under which an upload may lie: one level, visible, on Windows too, not taken.

    Args:
        vergeben: names that are taken, in lower case: Windows tells them not apart.

    >>> [sicherer_name(n) for n in ("../../Laeufe/x.xlsx", "C:\\\\a\\\\CON.xlsx", ".versteckt.xlsx", "", "a<b>.xlsx")]
    ['x.xlsx', '_CON.xlsx', '_.versteckt.xlsx', 'Datei', 'a_b_.xlsx']
    >>> sicherer_name("A.xlsx", {"a.xlsx"})
    'A_2.xlsx'
    >>> [sicherer_name(n) for n in ("a.lnk", "autorun.inf", "x.xlsx_.exe", "Reporting")]
    ['a.lnk_', 'autorun.inf_', 'x.xlsx_.exe_', 'Reporting']
    """
    letzter = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    sauber = _VERBOTEN.sub("_", sichtbarer_name(letzter)).strip().rstrip(". ")
    if sauber.startswith(".") or _GERAETE.fullmatch(sauber) or sauber.lower() in _BEIWERK:
        sauber = f"_{sauber}"  # hidden or of Windows: it would be passed over in silence
    if "." in sauber and sauber.rpartition(".")[2].lower() not in _ENDUNGEN:
        sauber += "_"
    stamm, punkt, endung = (sauber or "Datei").rpartition(".")
    if not stamm or len(endung) > 10:
        stamm, punkt, endung = sauber or "Datei", "", ""
    stamm = _kurz(stamm, _LANG - 20)
    frei, nummer = f"{stamm}{punkt}{endung}", 2
    while frei.lower() in vergeben:
        frei, nummer = f"{stamm}_{nummer}{punkt}{endung}", nummer + 1
    return frei


def _kurz(text: str, zeichen: int) -> str:
    kurz = text[:zeichen]
    while len(kurz.encode()) > _BYTES:
        kurz = kurz[:-1]
    return kurz.rstrip(". ") or "Datei"


def ohne_pfade(satz: str, *wurzeln: Path) -> str:
    """Return a sentence without the places of this server: within the working folder the way there, else the name.

    >>> ohne_pfade("«/srv/krs/Ablage/Archiv/index.csv» ist beschädigt.", Path("/srv/krs/Ablage"))
    '«Archiv/index.csv» ist beschädigt.'
    >>> ohne_pfade("Den Ordner «/srv/krs» gibt es nicht. Legen Sie ihn mit «krs neu /srv/krs» an.", Path("/srv/krs"))
    'Den Ordner «Ablage» gibt es nicht. Legen Sie ihn mit «krs neu Ablage» an.'
    """
    formen = {str(form) for w in wurzeln for form in (w, w.absolute(), w.resolve()) if form != Path()}
    for wurzel in sorted(formen, key=len, reverse=True):
        for zeichen in ("/", "\\"):
            satz = satz.replace(f"{wurzel}{zeichen}", "")
        satz = re.sub(rf"{re.escape(wurzel)}(?![\w.-])", "Ablage", satz)
    return _ZITAT.sub(lambda t: f"«{_letzter(t[1])}»", satz)


def _letzter(text: str) -> str:
    if not _ABSOLUT.match(text):
        return text
    return PureWindowsPath(text).name if "\\" in text else PurePosixPath(text).name
