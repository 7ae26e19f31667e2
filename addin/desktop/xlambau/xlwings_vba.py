"""The part of xlwings' own VBA that the add-in carries, taken from the installed wheel at build time.

xlwings lets a sheet «xlwings.conf» or a file beside the open workbook name the program it starts, runs Python from
sheets called *.py, puts the open workbook's folder on Python's path and its name into a command line of cmd.exe. None
of that is needed here. So nothing is patched out: only the procedures named below go in, word for word, and GetConfig
and XLPyCommand are ours (vba/KrsEinstellung.bas). A wheel with any other text stops the build, to be read first.
"""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from xlambau import Baufehler

VERSION = "0.37.8"
PRUEFSUMME = "b9df9e20d54d6f04220e8382068f4b4c82bc5a8f920148daf94d9ddbda6251d6"
DATEI = "xlwings_custom_addin.bas"
PROZEDUREN = ("XLPyLoadDLL", "XLPy", "KillPy", "ParentFolder", "FileExistsOnWindows")
# In the block of declarations, but called by nothing that goes in.
OHNE = ("XLPyDLLNDims", "XLPyDLLVersion")
MAC = re.compile(r" *#If Mac Then\n *Private Declare [^\n]*libc\.dylib[^\n]*\n *#End If\n")


def original() -> str:
    """Return the VBA of the installed xlwings, with bare line feeds.

    Raises: Baufehler: another version, or another text than the one that was read.
    """
    if version("xlwings") != VERSION:
        raise Baufehler(f"Das Add-in braucht xlwings {VERSION}; installiert ist {version('xlwings')}.")
    spec = find_spec("xlwings")
    if spec is None or spec.origin is None:
        raise Baufehler("xlwings ist nicht installiert; «./run env» richtet es ein.")
    text = Path(spec.origin).with_name(DATEI).read_text(encoding="ascii").replace("\r\n", "\n")
    if hashlib.sha256(text.encode()).hexdigest() != PRUEFSUMME:
        raise Baufehler(f"{DATEI} von xlwings {VERSION} lautet anders als beim Durchsehen; lesen Sie es neu.")
    return text


def auszug(text: str) -> str:
    """Return the module «xlwings» of the add-in: licence, declarations and the procedures, word for word."""
    teile = [
        'Attribute VB_Name = "xlwings"\nOption Explicit\n',
        _genau(text, r"^'Version: .*?(?=\n\n'Attribute)", "Lizenz"),
        _deklarationen(text),
        _genau(text, r"^Public Const XLWINGS_VERSION As String = .*?$", "Version"),
        *(prozedur(text, name) for name in PROZEDUREN),
    ]
    return "\n\n".join(teil.strip("\n") for teil in teile) + "\n"


def prozedur(text: str, name: str) -> str:
    """Return one Sub or Function with its first and last line."""
    muster = rf"^(?:(?:Public|Private) )?(Function|Sub) {name}\([^\n]*\n.*?^End \1$"
    return _genau(text, muster, name)


def _deklarationen(text: str) -> str:
    block = _genau(text, r"^#If VBA7 Then\n.*?^#End If$", "Deklarationen")
    block, anzahl = MAC.subn("", block)
    if anzahl != 2:
        raise Baufehler("Die Deklarationen von xlwings lauten anders als erwartet.")
    return "\n".join(zeile for zeile in block.split("\n") if not any(name in zeile for name in OHNE))


def _genau(text: str, muster: str, was: str) -> str:
    treffer = list(re.finditer(muster, text, re.MULTILINE | re.DOTALL))
    if len(treffer) != 1:
        raise Baufehler(f"«{was}» steht in {DATEI} {len(treffer)}-mal statt einmal.")
    return treffer[0].group()
