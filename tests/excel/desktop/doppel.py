"""Stand-ins: an Excel in memory that runs the add-in's VBA (pyOpenVBA), and the parts of Windows that it calls.

Only the borders are stood in for: the DLL of xlwings, pywin32, the registry and the cell that calls. What runs is the
VBA of the add-in and the COM object of xlwings (xlwings.com_server.XLPython).
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter._objects import VBAObject, method
from pyopenvba.interpreter._values import EMPTY, MISSING, NOTHING, VBAArray, VBAErrorValue, VBAInt

# What Windows would answer; RegWert and Befehl are set and read by the tests.
WINDOWS = """\
Attribute VB_Name = "Windows"
Public RegWert As String
Public Datei As String
Public Befehl As String
Public Geladen As String
Public DLLFehlt As Boolean
Public Function GetSetting(app As String, teil As String, name As String, Optional vorgabe As String = "") As String
    If app & "/" & teil & "/" & name = "krs/Python/Interpreter" And RegWert <> "" Then
        GetSetting = RegWert
    Else
        GetSetting = vorgabe
    End If
End Function
Public Function GetAttr(pfad As String) As Long
    If LCase(pfad) <> LCase(Datei) Then Err.Raise 53
    GetAttr = 32
End Function
Public Function Environ(name As String) As String
    Environ = "C:/Users/M"
End Function
Public Function LoadLibrary(pfad As String) As Long
    Geladen = Geladen & pfad & "|"
    If Not DLLFehlt Then LoadLibrary = 1
End Function
Public Function XLPyDLLActivateAuto(ByRef ergebnis As Variant, Optional zeile As String, Optional modus As Long) As Long
    Befehl = modus & " " & zeile
    If modus = 1 Then Set ergebnis = PythonDoppel
End Function
"""
DECLARE = re.compile(r"^.*\bDeclare PtrSafe Function \w+ Lib .*\n", re.MULTILINE)
PYWIN32 = (
    "win32api", "win32event", "pythoncom", "pywintypes", "win32com", "win32com.client", "win32com.server",
    "win32com.server.dispatcher", "win32com.server.policy", "win32com.server.util", "win32com.server.exception",
    "xlwings._xlwindows",
)  # fmt: skip
PYTHON = r"C:\Users\Müller\AppData\Local\krs\venv\Scripts\python.exe"


class Huelle(VBAObject):
    """A Python object in VBA's hands."""

    def __init__(self, objekt: object) -> None:
        self.objekt = objekt


class PythonDoppel(VBAObject):
    """The COM object of xlwings, with VBA's values turned into what pywin32 hands over, and back."""

    def __init__(self, xlpython: Any) -> None:
        self.xlpython = xlpython
        self.gesehen: list[tuple[object, ...]] = []

    @method
    def Module(self, name: object) -> object:  # noqa: N802 - the names are xlwings'
        return zu_vba(self.xlpython.Module(zu_com(name)))

    @method
    def TupleFromArray(self, feld: object) -> object:  # noqa: N802
        werte = zu_com(feld)
        assert isinstance(werte, tuple)
        self.gesehen.append(werte)
        return zu_vba(self.xlpython.TupleFromArray(werte))

    @method
    def Call(self, objekt: object, name: object, werte: object) -> object:  # noqa: N802
        return zu_vba(self.xlpython.Call(zu_com(objekt), zu_com(name), zu_com(werte)))

    @method
    def Var(self, objekt: object) -> object:  # noqa: N802
        wert = self.xlpython.Var(zu_com(objekt))
        # A tuple given back to COM stands for its out-parameters; the first is the value.
        return zu_vba(wert[0] if isinstance(wert, tuple) else wert)

    @method
    def Str(self, objekt: object) -> object:  # noqa: N802
        return zu_vba(self.xlpython.Str(zu_com(objekt)))


def zu_com(wert: Any) -> Any:
    """What pywin32 makes of a VARIANT."""
    if wert is EMPTY or wert is MISSING:
        return None
    if isinstance(wert, VBAErrorValue):
        return -2146828288 + wert.number
    if isinstance(wert, VBAInt):
        return int(wert)
    if isinstance(wert, VBAArray):
        (von, bis), *rest = wert.bounds
        if not rest:
            return tuple(zu_com(wert.get([i])) for i in range(von, bis + 1))
        links, rechts = rest[0]
        return tuple(tuple(zu_com(wert.get([i, j])) for j in range(links, rechts + 1)) for i in range(von, bis + 1))
    return wert


def zu_vba(wert: Any) -> Any:
    """What pywin32 makes of a Python value: rows become a SAFEARRAY from 0 on."""
    if not isinstance(wert, tuple):
        return wert
    assert all(isinstance(zeile, tuple) and len(zeile) == len(wert[0]) for zeile in wert)
    feld = VBAArray([(0, len(wert) - 1), (0, len(wert[0]) - 1)])
    for i, zeile in enumerate(wert):
        for j, w in enumerate(zeile):
            assert type(w) in {str, float, bool}, w
            feld.set([i, j], w)
    return feld


def pywin32() -> dict[str, ModuleType]:
    """The modules of pywin32 that xlwings' COM server imports, and xlwings' own that needs Windows."""
    module = {name: ModuleType(name) for name in PYWIN32}
    for name, modul in module.items():
        vater, _, kind = name.rpartition(".")
        if vater in module:
            setattr(module[vater], kind, modul)
    pythoncom: Any = module["pythoncom"]
    pythoncom.IID_IDispatch, pythoncom.IID_IEnumVARIANT = "IDispatch", "IEnumVARIANT"
    pythoncom.TypeIIDs = {"IDispatch": type("PyIDispatch", (), {})}
    pythoncom.CoInitialize = lambda: None
    client: Any = module["win32com.client"]
    client.Dispatch = lambda objekt, **_: objekt
    util: Any = module["win32com.server.util"]
    util.wrap = lambda objekt, **_: Huelle(objekt)
    util.unwrap = lambda huelle: huelle.objekt
    return module


class Excel:
    """An Excel in memory: the add-in is ThisWorkbook, a foreign workbook is active."""

    def __init__(self, module: dict[str, str], python: PythonDoppel | None, interpreter: str) -> None:
        self.app = ExcelApplication()
        self.app.add_workbook().name = "krs.xlam"
        self.fremd = self.app.add_workbook()
        self.fremd.name = "Anhang_2_Muster.xlsx"
        self.app.add_module(WINDOWS, name="Windows")
        for name, quelle in module.items():
            art = "document" if name == "ThisWorkbook" else "standard"
            self.app.add_module(ohne_windows(quelle), name=name, kind=art)
        _erweitere(self.app, python)
        self.rechne("1")  # sets up the modules
        self.setze(RegWert=interpreter, Datei=interpreter)

    def rechne(self, ausdruck: str, zelle: str = "") -> Any:
        """Evaluate a VBA expression, as if a cell of the foreign workbook called it."""
        anwendung: Any = self.app.application
        anwendung.rufer = anwendung.vba_get("Range", [zelle]) if zelle else VBAErrorValue(2023)
        return self.app.evaluate(ausdruck)

    def setze(self, **werte: object) -> None:
        """Set variables of the module Windows."""
        for name, wert in werte.items():
            self.app.interpreter.modules["windows"].variables[name.lower()].set(wert)

    def druecke(self, sub: str) -> list[str]:
        """Press a button; return what was shown."""
        bisher = len(self.app.dialogs)
        self.app.run(sub, NOTHING)
        return [text for _, text, _, _ in self.app.dialogs[bisher:]]


def ohne_windows(quelle: str) -> str:
    """What pyOpenVBA cannot read: calls into DLLs, connected events, help of a procedure, a remark behind #If."""
    quelle = DECLARE.sub("", quelle).replace("Private WithEvents", "Private")
    quelle = re.sub(r"^Attribute \w+\.VB_.*\n", "", quelle, flags=re.MULTILINE)
    return re.sub(r"^( *#[^'\n]*)'.*$", r"\1", quelle, flags=re.MULTILINE)


def _erweitere(app: ExcelApplication, python: PythonDoppel | None) -> None:
    """Give Excel what pyOpenVBA lacks: the calling cell, help texts; and the world a name for the COM object."""
    anwendung: Any = app.application
    anwendung.rufer = VBAErrorValue(2023)
    anwendung.hilfen = {}
    bekannt, host = anwendung.vba_get, app.interpreter.host
    global_bekannt = host.global_object

    def vba_get(name: str, args: Any = (), named: Any = None) -> object:
        if name.lower() == "caller":
            return anwendung.rufer
        if name.lower() == "macrooptions":
            if app.application.active_book is None:
                raise AssertionError("Excel nimmt Hilfetexte nur bei offener Mappe.")
            anwendung.hilfen[named["Macro"]] = (
                named["Description"],
                named["Category"],
                zu_com(named["ArgumentDescriptions"]),
            )
            return EMPTY
        return bekannt(name, args, named)

    def global_object(name: str) -> object:
        return python if name == "pythondoppel" and python is not None else global_bekannt(name)

    anwendung.vba_get = vba_get
    host.global_object = global_object  # type: ignore[method-assign]


def com_server() -> Any:
    """Import xlwings.com_server on the modules of `pywin32()`; they must be in sys.modules."""
    assert "pythoncom" in sys.modules
    return import_module("xlwings.com_server")
