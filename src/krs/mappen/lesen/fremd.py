"""What a file is that is no .xlsx workbook: told by its name and first bytes, before anything is read (entwurf 6)."""

from __future__ import annotations

import re

from krs.mappen.lesen.abgewiesen import Abgewiesen

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
KENNWORT = (
    "Entfernen Sie das Kennwort (Datei > Informationen > Arbeitsmappe schützen > Mit Kennwort verschlüsseln, Feld "
    "leeren) und senden Sie sie erneut. Öffnet Excel sie ohne Kennwort, speichern Sie sie unter einem neuen Namen."
)
RECHTE = (
    "Es gibt kein Kennwort: Ihre Vertraulichkeitsbezeichnung oder Rechteverwaltung verschlüsselt sie. Wählen Sie unter "
    "«Vertraulichkeit» eine Bezeichnung ohne Verschlüsselung oder unter Datei > Informationen > Arbeitsmappe schützen "
    "> Zugriff einschränken «Uneingeschränkter Zugriff», speichern Sie und senden Sie sie erneut."
)
_OLE_STROEME = (  # names in the directory of an OLE file
    ("DRMEncrypted", "E-02", RECHTE),
    ("EncryptedPackage", "E-02", KENNWORT),  # also where Excel knows the password by itself
    ("__substg1.0_", "E-12", ""),
    ("Workbook\0", "E-03", "Excel 97–2003 (.xls)"),
    ("Book\0", "E-03", "Excel 5.0/95 (.xls)"),
)
_ANFAENGE = (
    (b"%pdf", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"<?xml", "XML"),
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"\x09\x00\x04\x00", "Excel 2.0 (.xls)"),
    (b"\x09\x02\x06\x00", "Excel 3.0 (.xls)"),
    (b"\x09\x04\x06\x00", "Excel 4.0 (.xls)"),
)
_DOKUMENT, _ADRESSE = "ein Verweis auf ein Dokument im Internet", "eine Verknüpfung auf eine Internetadresse"
_DATEI, _DOWNLOAD = "eine Verknüpfung auf eine andere Datei", "ein unvollständiger Download"
_ENDUNGEN = {
    **dict.fromkeys((".gsheet", ".gdoc", ".gslides", ".gform"), _DOKUMENT),
    **dict.fromkeys((".url", ".webloc"), _ADRESSE),
    **dict.fromkeys((".lnk", ".desktop"), _DATEI),
    ".icloud": "ein Platzhalter für eine Datei in der Cloud",
    **dict.fromkeys((".crdownload", ".part", ".partial", ".download"), _DOWNLOAD),
}
_PROGRAMME = frozenset({  # what Windows runs or obeys at a double click
    ".exe", ".com", ".scr", ".pif", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta",
    ".msi", ".msc", ".cpl", ".jar", ".reg", ".inf", ".chm", ".iso", ".img", ".vhd", ".library-ms", ".search-ms",
    ".application", ".xll", ".scf", ".dll", ".xlam",
})  # fmt: skip
_INHALTE = (  # whatever they are called
    (bytes.fromhex("4C0000000114020000000000C000000000000046"), f"{_DATEI} (.lnk)"),
    (b"book\0\0\0\0mark", f"{_DATEI} (Alias von macOS)"),
    (b"[Desktop Entry]", f"{_DATEI} (.desktop)"),
    (b"[InternetShortcut]", f"{_ADRESSE} (.url)"),
    (bytes.fromhex("00051607"), "eine Begleitdatei von macOS (._)"),
)
_GOOGLE = re.compile(rb"""\s*\{[^{}]{0,1000}"(?:doc_id|url)"\s*:\s*"(?:https://docs\.google\.com|[\w-]{20})""")
_WEBLOC = re.compile(rb"<plist[^>]*>\s*<dict>\s*<key>URL</key>")


def nach_name(datei: str) -> Abgewiesen | None:
    """Return why a file of this name is never read: a lock file, a mail, a link, half a download; None if it may be."""
    name = _name(datei)
    if name.startswith(("~$", ".~lock.")):
        return Abgewiesen("E-11")
    if name.endswith((".eml", ".msg")):
        return Abgewiesen("E-12")
    endung = name[name.rfind(".") :].rstrip("_") if "." in name else ""  # the server puts «_» behind strange endings
    if endung in _PROGRAMME:
        return Abgewiesen("E-14", was=f"ein Programm oder eine Steuerdatei ({endung})")
    return Abgewiesen("E-14", was=f"{_ENDUNGEN[endung]} ({endung})") if endung in _ENDUNGEN else None


def nach_inhalt(daten: bytes, datei: str) -> Abgewiesen:
    """Return what a file is that does not begin as a ZIP archive."""
    if daten.startswith(_OLE):
        for strom, code, art in _OLE_STROEME:
            if strom.encode("utf-16-le") in daten:
                return Abgewiesen(code, **{"abhilfe" if code == "E-02" else "format": art})
        return Abgewiesen("E-01")
    anfang = daten[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if was := _verweis(daten, anfang):
        return Abgewiesen("E-14", was=was)
    text = next((f"Text ({e})" for e in (".csv", ".txt") if _name(datei).endswith(e)), "")
    klein = anfang[:100].lower()
    art = next((a for beginn, a in _ANFAENGE if klein.startswith(beginn) or daten.startswith(beginn)), text)
    return Abgewiesen("E-03", format=art) if art else Abgewiesen("E-01")


def _verweis(daten: bytes, anfang: bytes) -> str:
    """Return what kind of link the beginning of a file shows, if any."""
    if _GOOGLE.match(anfang):
        return f"{_DOKUMENT} (.gsheet)"
    if _WEBLOC.search(anfang):
        return f"{_ADRESSE} (.webloc)"
    return next((was for beginn, was in _INHALTE if daten.startswith(beginn) or anfang.startswith(beginn)), "")


def _name(datei: str) -> str:
    return re.split(r"[/\\]", datei)[-1].lower()
