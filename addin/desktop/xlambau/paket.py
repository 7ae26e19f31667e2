"""The file: VBA project, ribbon and properties in one .xlam, the same bytes for the same sources."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from pyopenvba import ExcelFile
from pyopenvba.vba import VBAModuleKind

from xlambau import Baufehler, basic

# The first moment that a zip can hold: a built file has no time of its own.
ZEIT = (1980, 1, 1, 0, 0, 0)
FORTSETZUNGEN = 24
RIBBON = "customUI/customUI14.xml"
BEZIEHUNG = (
    '<Relationship Id="rIdRibbon" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    f'Target="{RIBBON}"/></Relationships>'
)
EIGENSCHAFTEN = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{titel}</dc:title><dc:description>{text}</dc:description>\
</cp:coreProperties>
"""


def xlam(module: dict[str, str], ribbon: bytes, titel: str, text: str) -> bytes:
    """Return the add-in.

    Args:
        module: name → source, «ThisWorkbook» among them; line feeds alone, umlauts as in the sources.
    """
    for name, quelle in module.items():
        pruefe(name, quelle)
    return _paket(_mit_vba(module), ribbon, EIGENSCHAFTEN.format(titel=escape(titel), text=escape(text)).encode())


def pruefe(name: str, quelle: str) -> None:
    """Raise a Baufehler for what VBA's editor would not take: long lines, foreign characters, names used twice."""
    try:
        quelle.encode("cp1252")
    except UnicodeEncodeError as error:
        raise Baufehler(f"{name}: «{quelle[error.start]}» gibt es in VBA-Modulen nicht (Windows-1252).") from error
    fortgesetzt = 0
    for nummer, zeile in enumerate(quelle.split("\n"), 1):
        fortgesetzt = fortgesetzt + 1 if zeile.endswith(" _") else 0
        if len(zeile) > basic.ZEILE or fortgesetzt > FORTSETZUNGEN:
            raise Baufehler(f"{name}, Zeile {nummer}: länger, als VBA erlaubt.")
    namen = [n.lower() for n in re.findall(r"^(?:Public |Private )?(?:Sub|Function) (\w+)", quelle, re.MULTILINE)]
    doppelt = {n for n in namen if namen.count(n) > 1}
    if doppelt:
        raise Baufehler(f"{name}: «{doppelt.pop()}» kommt doppelt vor.")


def _mit_vba(module: dict[str, str]) -> bytes:
    with TemporaryDirectory() as ordner:
        datei = Path(ordner) / "krs.xlam"
        with ExcelFile.create_new(datei) as mappe:
            projekt = mappe.vba_project()
            projekt.delete_module("Module1")
            for name, quelle in module.items():
                text = quelle.replace("\n", "\r\n")
                if name in mappe.module_names():
                    mappe.set_module(name, text)
                else:
                    projekt.add_module(name, text, kind=VBAModuleKind.standard)
            mappe.save()
        return datei.read_bytes()


def _paket(roh: bytes, ribbon: bytes, eigenschaften: bytes) -> bytes:
    ziel = BytesIO()
    with zipfile.ZipFile(BytesIO(roh)) as alt, zipfile.ZipFile(ziel, "w", zipfile.ZIP_DEFLATED) as neu:
        for teil in [*alt.namelist(), RIBBON]:
            inhalt = ribbon if teil == RIBBON else alt.read(teil)
            if teil == "_rels/.rels":
                inhalt = inhalt.replace(b"</Relationships>", BEZIEHUNG.encode())
            elif teil == "docProps/core.xml":
                inhalt = eigenschaften
            eintrag = zipfile.ZipInfo(teil, ZEIT)
            eintrag.compress_type = zipfile.ZIP_DEFLATED
            eintrag.create_system = 0  # the same on every system that builds
            neu.writestr(eintrag, inhalt, compresslevel=9)
    return ziel.getvalue()
