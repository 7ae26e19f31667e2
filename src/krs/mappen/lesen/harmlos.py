"""What a workbook may hold that the canton passes on: one list, by relationship type and content type, never by name.

What is not on the list is dangerous or unknown; both stay with the sender (Entscheid 50).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

_OFFEN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRENG = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_PAKET = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_MS = "http://schemas.microsoft.com/office/"
_X = "application/vnd.openxmlformats-officedocument."
_S = f"{_X}spreadsheetml."

BILDER: Mapping[str, tuple[bytes, ...]] = {  # how their bytes begin: Excel looks at these, not at the type
    "image/png": (b"\x89PNG",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/jpg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF8",),
    "image/bmp": (b"BM",),
}
_TEILE = {
    "officeDocument": f"{_S}sheet.main+xml",
    "worksheet": f"{_S}worksheet+xml",
    "chartsheet": f"{_S}chartsheet+xml",
    "styles": f"{_S}styles+xml",
    "sharedStrings": f"{_S}sharedStrings+xml",
    "sheetMetadata": f"{_S}sheetMetadata+xml",
    "comments": f"{_S}comments+xml",
    "table": f"{_S}table+xml",
    "theme": f"{_X}theme+xml",
    "themeOverride": f"{_X}themeOverride+xml",
    "vmlDrawing": f"{_X}vmlDrawing",
    "drawing": f"{_X}drawing+xml",
    "chart": f"{_X}drawingml.chart+xml",
    "chartUserShapes": f"{_X}drawingml.chartshapes+xml",
    "extended-properties": f"{_X}extended-properties+xml",
    "extendedProperties": f"{_X}extended-properties+xml",
    "custom-properties": f"{_X}custom-properties+xml",
    "customProperties": f"{_X}custom-properties+xml",
}
ERLAUBT: Mapping[str, frozenset[str]] = {  # type of a relationship → content types of the part that it leads to
    **{welt + art: frozenset({typ}) for welt in (_OFFEN, _STRENG) for art, typ in _TEILE.items()},
    **{f"{welt}image": frozenset(BILDER) for welt in (_OFFEN, _STRENG)},
    f"{_PAKET}core-properties": frozenset({"application/vnd.openxmlformats-package.core-properties+xml"}),
    f"{_MS}2017/10/relationships/person": frozenset({"application/vnd.ms-excel.person+xml"}),
    f"{_MS}2017/10/relationships/threadedComment": frozenset({"application/vnd.ms-excel.threadedcomments+xml"}),
    f"{_MS}2019/04/relationships/namedSheetView": frozenset({"application/vnd.ms-excel.namedsheetviews+xml"}),
    f"{_MS}2022/11/relationships/FeaturePropertyBag": frozenset({"application/vnd.ms-excel.featurepropertybag+xml"}),
    f"{_MS}2011/relationships/chartStyle": frozenset({"application/vnd.ms-office.chartstyle+xml"}),
    f"{_MS}2011/relationships/chartColorStyle": frozenset({"application/vnd.ms-office.chartcolorstyle+xml"}),
}
# What nobody misses: left out, and the workbook is whole.
ENTBEHRLICH = frozenset(
    {
        *(
            w + art
            for w in (_OFFEN, _STRENG)
            for art in ("calcChain", "printerSettings", "customXml", "customProperty")
        ),
        f"{_PAKET}thumbnail",
        f"{_MS}2020/02/relationships/classificationlabels",
        "http://customschemas.google.com/relationships/workbookmetadata",
    }
)


class Art(Enum):
    """What stands against passing a workbook on: the code of its Befund («» for none), and its name in a sentence."""

    MAKROS = "E-16", "Makros"
    VERKNUEPFT = "E-17", "Verknüpfungen zu anderen Dateien oder Programmen"
    EINGEBETTET = "E-36", "eingebettete Dateien oder Programme"
    STEUER = "E-36", "Steuerelemente"
    ADDIN = "E-36", "ein Office-Add-in"
    MENUE = "E-36", "eigene Befehle im Menüband"
    ABFRAGE = "E-36", "eine Datenabfrage (Power Query)"
    VEROEFFENTLICHT = "E-36", "eine Veröffentlichung als Webseite"
    LINK = "E-37", "Links nach aussen"
    NAME = "E-37", "Namen, die beim Öffnen etwas aufrufen oder nach aussen führen"
    FORMEL = "E-37", "Formeln, die nach aussen führen oder Programme aufrufen"
    SIGNATUR = "", "eine digitale Signatur"
    PROTOKOLL = "", "das Änderungsprotokoll einer freigegebenen Arbeitsmappe"
    FREMD = "", "Teile, die nicht in ein Formular gehören"

    @property
    def code(self) -> str:
        """The code of its Befund; none for what is no danger or not known."""
        return self.value[0]

    @property
    def worte(self) -> str:
        """What it is called in a sentence."""
        return self.value[1]


# The last word of a relationship's type, in small letters, in whatever namespace.
BEZIEHUNGEN: Mapping[str, Art] = {
    **dict.fromkeys(("vbaproject", "vbaprojectsignature", "wordvbadata"), Art.MAKROS),
    **dict.fromkeys(("xlmacrosheet", "xlintlmacrosheet", "macrosheet", "dialogsheet"), Art.MAKROS),
    **dict.fromkeys(("externallink", "externallinkpath", "connections", "querytable", "xmlmaps"), Art.VERKNUEPFT),
    **dict.fromkeys(("volatiledependencies", "attachedtemplate", "externallinklongpath"), Art.VERKNUEPFT),
    **dict.fromkeys(("oleobject", "package", "afchunk"), Art.EINGEBETTET),
    **dict.fromkeys(("control", "activexcontrol", "activexcontrolbinary", "ctrlprop"), Art.STEUER),
    **dict.fromkeys(("webextension", "webextensiontaskpanes"), Art.ADDIN),
    **dict.fromkeys(("extensibility", "attachedtoolbars", "usercustomization", "customui"), Art.MENUE),
    **dict.fromkeys(("customdata", "powerpivotdata"), Art.ABFRAGE),
    **dict.fromkeys(("origin", "signature"), Art.SIGNATUR),
    **dict.fromkeys(("revisionheaders", "revisionlog", "usernames"), Art.PROTOKOLL),
}
# What stands in a content type, in small letters.
TYPEN: Mapping[str, Art] = {
    **dict.fromkeys(("vbaproject", "macrosheet", "dialogsheet"), Art.MAKROS),
    **dict.fromkeys(("externallink", "querytable", "connections+xml", "volatiledependencies"), Art.VERKNUEPFT),
    **dict.fromkeys(("oleobject", "officedocument.package", "x-msdownload"), Art.EINGEBETTET),
    **dict.fromkeys(("activex", "controlproperties"), Art.STEUER),
    **dict.fromkeys(("webextension",), Art.ADDIN),
    **dict.fromkeys(("attachedtoolbars", "customui"), Art.MENUE),
}
# What an element is called, in small letters, in whatever namespace.
ELEMENTE: Mapping[str, Art] = {
    **dict.fromkeys(("oleobject", "oleobjects", "oleobj", "embed", "oleicon"), Art.EINGEBETTET),
    **dict.fromkeys(("control", "controls", "controlpr", "formcontrolpr"), Art.STEUER),
    **dict.fromkeys(("externalreference", "externalbook", "ddelink", "olelink", "externaldata"), Art.VERKNUEPFT),
    **dict.fromkeys(("connection", "querytable", "webpr", "dbpr", "smarttagtype"), Art.VERKNUEPFT),
    **dict.fromkeys(("webextension", "webextensionref", "taskpane"), Art.ADDIN),
    **dict.fromkeys(("webpublishitem", "webpublishobject"), Art.VEROEFFENTLICHT),
    **dict.fromkeys(("macrosheet", "dialogsheet", "fmlamacro", "script"), Art.MAKROS),
    **dict.fromkeys(("customui",), Art.MENUE),
    **dict.fromkeys(("datamashup",), Art.ABFRAGE),
}
