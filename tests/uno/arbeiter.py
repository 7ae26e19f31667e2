"""One LibreOffice, driven over UNO: runs on the system's Python (python3-uno), speaks JSON, one line in, one line out.

`/usr/bin/python3 arbeiter.py PROFIL` starts its own soffice with its own profile and ends it when stdin closes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # first: it makes com.sun.star importable

# isort: split
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

FRISCH = 81  # a fresh profile ends with this once
LEER, ZAHL, TEXT, FORMEL = "EMPTY", "VALUE", "TEXT", "FORMULA"
FEHLERFORMELN = 4  # com.sun.star.sheet.FormulaResult
FORMELTEXT = 2


def _eigenschaften(**werte: Any) -> tuple[Any, ...]:
    ergebnis = []
    for name, wert in werte.items():
        eigenschaft = PropertyValue()
        eigenschaft.Name, eigenschaft.Value = name, wert
        ergebnis.append(eigenschaft)
    return tuple(ergebnis)


def _url(pfad: str) -> str:
    return str(uno.systemPathToFileUrl(str(Path(pfad).resolve())))


class Buero:
    """The office process and the one document that is open."""

    def __init__(self, profil: str) -> None:
        self.rohr = "krs" + "".join(c for c in profil if c.isalnum())[-40:]
        self.befehl = [
            "soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
            f"-env:UserInstallation={_url(profil)}", f"--accept=pipe,name={self.rohr};urp;",
        ]  # fmt: skip
        self.prozess = self._starten()
        self.desktop = self._verbinden()
        self.mappe: Any = None
        self._bekannt: dict[str, Any] = {}

    def _starten(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.befehl, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _verbinden(self) -> Any:
        lokal = uno.getComponentContext()
        loeser = lokal.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", lokal)
        ende = time.monotonic() + 600
        while time.monotonic() < ende:
            if self.prozess.poll() == FRISCH:
                self.prozess = self._starten()
            try:
                fern = loeser.resolve(f"uno:pipe,name={self.rohr};urp;StarOffice.ComponentContext")
                return fern.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", fern)
            except NoConnectException:
                time.sleep(0.1)
        self.prozess.kill()
        raise SystemExit("soffice antwortet nicht")

    def beenden(self) -> None:
        """Close the document and the office; kill it if it does not go."""
        try:
            self.schliessen()
            self.desktop.terminate()
        except Exception:  # noqa: BLE001 the bridge breaks while the office ends
            pass
        try:
            self.prozess.wait(60)
        except subprocess.TimeoutExpired:
            self.prozess.kill()

    # --- commands: each takes and returns JSON values -------------------------------------------
    def oeffnen(self, pfad: str) -> dict[str, Any]:
        """Open a workbook and calculate all of it anew; LibreOffice trusts cached values otherwise."""
        self.schliessen()
        self.mappe = self.desktop.loadComponentFromURL(_url(pfad), "_blank", 0, _eigenschaften(Hidden=True))
        self.mappe.calculateAll()
        return {b.Name: {"geschuetzt": b.isProtected(), "sichtbar": b.IsVisible} for b in self._blaetter()}

    def schliessen(self) -> None:
        """Close the open workbook, if any."""
        if self.mappe is not None:
            self.mappe.close(True)
        self.mappe = None
        self._bekannt = {}

    def _blaetter(self) -> list[Any]:
        return [self._blatt(name) for name in self.mappe.Sheets.ElementNames]

    def _blatt(self, name: str) -> Any:
        if name not in self._bekannt:
            self._bekannt[name] = self.mappe.Sheets.getByName(name)
        return self._bekannt[name]

    def _zelle(self, blatt: str, adresse: str) -> Any:
        """Return a cell; kept, since the first look at an object costs more than any later one."""
        ort = f"{blatt}!{adresse}"
        if ort not in self._bekannt:
            self._bekannt[ort] = self._blatt(blatt).getCellRangeByName(adresse)
        return self._bekannt[ort]

    def schreiben(self, werte: list[list[Any]]) -> None:
        """Type values: [sheet, address, number | text | true | null | {"formel": "=5+7"}]."""
        self.mappe.enableAutomaticCalculation(False)  # once at the end is ten times as fast
        for blatt, adresse, wert in werte:
            zelle = self._zelle(blatt, adresse)
            if isinstance(wert, dict):
                zelle.setFormula(wert["formel"])
            elif isinstance(wert, bool):
                zelle.setFormula("=TRUE()" if wert else "=FALSE()")
            elif wert is None:
                zelle.clearContents(1 | 2 | 4 | 16)  # numbers, dates, texts, formulas; the format stays
            elif isinstance(wert, str):
                zelle.String = wert
            else:
                zelle.setValue(wert)
        self.mappe.enableAutomaticCalculation(True)
        self.mappe.calculate()

    def lesen(self, zellen: list[list[str]]) -> list[Any]:
        """Return what the cells hold: number, text, null, or {"fehler": n}."""
        return [self._inhalt(self._zelle(blatt, adresse)) for blatt, adresse in zellen]

    def _inhalt(self, zelle: Any) -> Any:
        if zelle.getError():
            return {"fehler": zelle.getError()}
        art = zelle.Type.value
        if art == FORMEL:
            art = TEXT if zelle.FormulaResultType2 == FORMELTEXT else ZAHL
        return None if art == LEER else zelle.Value if art == ZAHL else zelle.String

    def runde(self, werte: list[list[Any]], zellen: list[list[str]]) -> dict[str, Any]:
        """Type, read the cells, and list every cell that shows an error."""
        self.schreiben(werte)
        return {"zellen": self.lesen(zellen), "fehler": self.fehler()}

    def anzeige(self, zellen: list[list[str]]) -> list[str]:
        """Return the cells as they are shown."""
        return [self._zelle(blatt, adresse).String for blatt, adresse in zellen]

    def fehler(self) -> list[str]:
        """Return every formula cell with an error, `_krs.B9`."""
        return [
            bereich.AbsoluteName
            for blatt in self._blaetter()
            for bereich in self._bereiche(blatt.queryFormulaCells(FEHLERFORMELN))
        ]

    @staticmethod
    def _bereiche(gruppe: Any) -> list[Any]:
        return [gruppe.getByIndex(n) for n in range(gruppe.Count)]

    def namen(self) -> dict[str, str]:
        """Return the defined names of the workbook, as in Excel: `$Blatt.$A$1`."""
        namen = self.mappe.NamedRanges
        return {n: namen.getByName(n).Content for n in namen.ElementNames}

    def ungueltig(self, blatt: str) -> int:
        """Return how many cells of a sheet break their own validation."""
        seite = self._blatt(blatt)
        vorher = seite.DrawPage.Count
        seite.showInvalid()
        anzahl = seite.DrawPage.Count - vorher
        seite.clearArrows()
        return int(anzahl)

    def zellen(self, blatt: str) -> dict[str, dict[str, Any]]:
        """Return lock, validation and prompt of every cell of the used area."""
        seite = self._blatt(blatt)
        zeiger = seite.createCursor()
        zeiger.gotoEndOfUsedArea(False)
        ende = zeiger.RangeAddress
        ergebnis = {}
        for zeile in range(ende.EndRow + 2):
            for spalte in range(ende.EndColumn + 2):
                zelle = seite.getCellByPosition(spalte, zeile)
                ergebnis[f"{chr(65 + spalte)}{zeile + 1}"] = self._sicht(zelle)
        return ergebnis

    @staticmethod
    def _sicht(zelle: Any) -> dict[str, Any]:
        regel = zelle.Validation
        return {
            "gesperrt": zelle.CellProtection.IsLocked,
            "art": regel.Type.value,
            "liste": regel.getFormula1(),
            "bis": regel.getFormula2(),
            "vergleich": regel.getOperator().value,
            "titel": regel.InputTitle,
            "hinweis": regel.InputMessage,
            "meldung": regel.ErrorMessage,
            "strenge": regel.ErrorAlertStyle.value,
            "schrift": zelle.CharFontName,
        }

    def zu_knapp(self, blatt: str, anteil: float) -> list[list[Any]]:
        """Return the texts that need more height than their cell has: [address, text, has, needs] in 1/100 mm.

        `anteil`: how much of the width counts; columns are some per cent narrower in Excel.
        """
        seite = self._blatt(blatt)
        self.mappe.Sheets.insertNewByName("Messen", self.mappe.Sheets.Count)
        messen = self.mappe.Sheets.getByName("Messen")
        ergebnis = []
        for bereich in self._bereiche(seite.queryContentCells(4 | 16)):
            for n in range(bereich.Rows.Count):
                for m in range(bereich.Columns.Count):
                    zelle = bereich.getCellByPosition(m, n)
                    fund = self._messen(seite, messen, zelle, anteil) if zelle.String else None
                    if fund:
                        ergebnis.append(fund)
        self.mappe.Sheets.removeByName("Messen")
        return ergebnis

    @staticmethod
    def _messen(seite: Any, messen: Any, zelle: Any, anteil: float) -> list[Any] | None:
        zeiger = seite.createCursorByRange(zelle)
        zeiger.collapseToMergedArea()
        breit = sum(zeiger.Columns.getByIndex(n).Width for n in range(zeiger.Columns.Count))
        hoch = sum(zeiger.Rows.getByIndex(n).Height for n in range(zeiger.Rows.Count))
        adresse = zelle.CellAddress
        rechts = seite.getCellByPosition(adresse.Column + zeiger.Columns.Count, adresse.Row)
        if not zelle.IsTextWrapped and rechts.Type.value == LEER and zeiger.Columns.Count == 1:
            return None  # it may run on into the next cell
        probe = messen.getCellByPosition(0, 0)
        for name in ("CharFontName", "CharHeight", "CharWeight", "ParaIndent", "HoriJustify"):
            setattr(probe, name, getattr(zelle, name))
        probe.IsTextWrapped = True
        messen.Columns.getByIndex(0).Width = int(breit * anteil)
        probe.String = zelle.String
        messen.Rows.getByIndex(0).OptimalHeight = True
        noetig = messen.Rows.getByIndex(0).Height
        name = f"{chr(65 + adresse.Column)}{adresse.Row + 1}"
        return [name, zelle.String, hoch, noetig] if noetig > hoch else None

    def ziehen(self, blatt: str, von: str, nach: str) -> None:
        """Drag a cell onto another one, with what it holds."""
        seite = self._blatt(blatt)
        seite.moveRange(self._zelle(blatt, nach).CellAddress, seite.getCellRangeByName(von).RangeAddress)

    def verbinden(self, blatt: str, bereich: str) -> None:
        """Merge cells and keep what they hold."""
        self._blatt(blatt).getCellRangeByName(bereich).merge(True)

    def zeilen(self, blatt: str, vor: int, anzahl: int) -> None:
        """Insert rows."""
        self._blatt(blatt).Rows.insertByIndex(vor - 1, anzahl)

    def blatt_kopieren(self, blatt: str, name: str) -> None:
        """Copy a sheet behind all others."""
        self.mappe.Sheets.copyByName(blatt, name, self.mappe.Sheets.Count)

    def entsperren(self, blatt: str) -> None:
        """Take away a protection without password."""
        self._blatt(blatt).unprotect("")

    def speichern(self, pfad: str) -> None:
        """Save as xlsx, as the menu does."""
        self.mappe.storeToURL(_url(pfad), _eigenschaften(FilterName="Calc MS Excel 2007 XML"))

    def pdf(self, pfad: str, blatt: str) -> None:
        """Print one sheet."""
        zeiger = self._blatt(blatt).createCursor()
        zeiger.gotoEndOfUsedArea(False)
        ende = zeiger.RangeAddress
        auswahl = self._blatt(blatt).getCellRangeByPosition(0, 0, ende.EndColumn, ende.EndRow)
        daten = uno.Any("[]com.sun.star.beans.PropertyValue", _eigenschaften(Selection=auswahl))
        self.mappe.storeToURL(_url(pfad), _eigenschaften(FilterName="calc_pdf_Export", FilterData=daten))


BEFEHLE = frozenset({
    "oeffnen", "schliessen", "schreiben", "lesen", "runde", "anzeige", "fehler",
    "namen", "ungueltig", "zellen", "zu_knapp", "speichern", "pdf",
    "ziehen", "verbinden", "zeilen", "blatt_kopieren", "entsperren",
})  # fmt: skip


def main(profil: str) -> None:
    """Answer one request per line until stdin closes."""
    buero = Buero(profil)
    try:
        for zeile in sys.stdin:
            name, *werte = json.loads(zeile)
            try:
                antwort = {"ok": getattr(buero, name)(*werte)} if name in BEFEHLE else {"fehler": f"unbekannt: {name}"}
            except Exception as fehler:  # noqa: BLE001 the caller shall see it, the office go on
                antwort = {"fehler": f"{type(fehler).__name__}: {fehler}"}
            sys.stdout.write(json.dumps(antwort) + "\n")
            sys.stdout.flush()
    finally:
        buero.beenden()


if __name__ == "__main__":
    main(sys.argv[1])
