Attribute VB_Name = "KrsHilfe"
Option Explicit

' The German help of the functions in Excel's function dialog.

Private Const KATEGORIE As String = "start.integration"
Private eingetragen As Boolean

Public Sub KrsHilfeEintragen()
    If eingetragen Then Exit Sub
    If ActiveWorkbook Is Nothing Then Exit Sub
    On Error GoTo spaeter
    KrsHilfetexte
    eingetragen = True
    ThisWorkbook.Saved = True
    Exit Sub
spaeter:
    ' Without help texts the functions compute all the same; the next workbook is another try.
End Sub

Public Sub KrsHilfetext(ByVal funktion As String, ByVal text As String, ByVal argumente As Variant)
    Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & funktion, Description:=text, _
        Category:=KATEGORIE, ArgumentDescriptions:=argumente
End Sub
