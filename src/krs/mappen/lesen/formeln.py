"""Formulas that fetch, open or start something outside of the workbook."""

from __future__ import annotations

import re
from itertools import pairwise

from krs.mappen.lesen.harmlos import Art

_LAENGSTE = 8192  # characters of a formula; Excel takes no more
_FUNKTIONEN = frozenset(
    {
        "HYPERLINK", "WEBSERVICE", "FILTERXML", "IMAGE", "RTD", "DDE", "CALL", "REGISTER", "REGISTER.ID",
        "UNREGISTER", "PY", "COPILOT", "TRANSLATE", "DETECTLANGUAGE", "STOCKHISTORY", "SQL.REQUEST", "EXEC",
        "EXECUTE", "EVALUATE", "INITIATE", "POKE", "REQUEST", "TERMINATE", "RUN", "FILES", "DIRECTORY", "DOCUMENTS",
        "OPEN", "FOPEN", "FREAD", "FREADLN", "FWRITE", "FWRITELN",
    }
)  # fmt: skip
_FAMILIEN = ("CUBE", "SEND.", "OPEN.", "GET.", "APP.", "ON.")  # of the old macro functions, but for the first
_NAME = re.compile(r"([A-Za-z_][\w.]*)\s*(\(?)")
_VORSILBE = re.compile(r"(?:_xlfn\.|_xlws\.|_xludf\.|_xleta\.)+", re.I)
_ZITATE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\[[^\[\]]*\]")
_FREMDE_MAPPE = re.compile(r"\](?:[\w.:]{0,255}|(?:[^'\[\]]|''){0,255}')!")
_VON_SELBST = re.compile(r"\s*(?:_xlnm\.)?auto_?(?:open|close|activate|deactivate|exec)", re.I)


def fuehrt_hinaus(formel: str) -> Art | None:
    """Return what a formula does outside of its workbook, None where it stays inside.

    >>> [fuehrt_hinaus(f).name for f in ("_xlfn.WEBSERVICE(A1)", "[1]Liste!A1", "cmd|'/C calc'!A0", "'C:\\\\x.xlsx'!N")]
    ['FORMEL', 'VERKNUEPFT', 'VERKNUEPFT', 'VERKNUEPFT']
    >>> [fuehrt_hinaus(f).name for f in ("pwsh|'-c \\"calc\\"'!A0", "cmd   |x!A0", "HYPERLINK             (A1)")]
    ['VERKNUEPFT', 'VERKNUEPFT', 'FORMEL']
    >>> [fuehrt_hinaus(f) for f in ("SUM(Tabelle1[Anzahl])+'Mein Blatt'!A1", 'TEXTJOIN("|",TRUE,Blatt!A1)')]
    [None, None]
    """
    if len(formel) > _LAENGSTE or any(_ruft(name, bool(klammer)) for name, klammer in _NAME.findall(formel)):
        return Art.FORMEL
    stuecke = formel.replace("''", "").split("'")
    pfad = any(
        b.startswith("!") and ("\\" in a or "/" in a) for a, b in pairwise(stuecke)
    )  # no name of a sheet; outside of quotes «|» is DDE
    return Art.VERKNUEPFT if pfad or "|" in _ZITATE.sub("''", formel) or _FREMDE_MAPPE.search(formel) else None


def _ruft(name: str, aufgerufen: bool) -> bool:
    """Tell whether a name in a formula is a function that leads outside; some are passed on without being called."""
    klein = name.lower()
    rein = _VORSILBE.sub("", name).upper()
    gemeint = aufgerufen or "_xleta." in klein
    return "_xll." in klein or (gemeint and (rein in _FUNKTIONEN or rein.startswith(_FAMILIEN)))


def laeuft_von_selbst(name: str) -> bool:
    """Tell whether a defined name is one that Excel runs when a workbook is opened or closed."""
    return _VON_SELBST.match(name) is not None
