"""What goes into krs.xlam: the sources of vba/, the generated modules and the extract of xlwings."""

from __future__ import annotations

import krs
from krs.excel.katalog import funktionen
from krs.excel.makrokatalog import makros
from krs.excel.udf import HOECHSTENS_ZELLEN
from xlambau import DESKTOP, basic, huellen, knoepfe, paket, xlwings_vba

QUELLEN = ("ThisWorkbook.cls", "KrsEinstellung.bas", "KrsAufruf.bas", "KrsFehler.bas", "KrsHilfe.bas", "KrsDienst.bas")


def module() -> dict[str, str]:
    """Return the modules of the VBA project by name."""
    alle = {name.partition(".")[0]: (DESKTOP / "vba" / name).read_text(encoding="utf-8") for name in QUELLEN}
    alle["KrsVersion"] = _version()
    alle["KrsFunktionen"] = huellen.modul(funktionen())
    alle["KrsKnoepfe"] = knoepfe.modul(makros())
    alle["xlwings"] = xlwings_vba.auszug(xlwings_vba.original())
    return alle


def addin() -> bytes:
    """Return krs.xlam.

    Raises: Baufehler: a text that VBA cannot hold, or another xlwings than the one that was read.
    """
    return paket.xlam(
        module(),
        knoepfe.ribbon(knoepfe.knoepfe(makros())),
        titel=f"start.integration (krs {krs.__version__})",
        text="Beiträge und Formulare nach dem Kreisschreiben KRS-GEF-2017/01",
    )


def _version() -> str:
    return f"""\
Attribute VB_Name = "KrsVersion"
Option Explicit

' Generated (addin/desktop/xlambau).
Public Const KRS_VERSION As String = {basic.text(krs.__version__)}
Public Const KRS_MAX_ZELLEN As Long = {HOECHSTENS_ZELLEN}
"""
