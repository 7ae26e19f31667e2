Attribute VB_Name = "KrsDienst"
Option Explicit

' The buttons that need no macro of krs.

Public Sub krs_fehler_erklaeren(control As IRibbonControl)
    MsgBox KrsErklaerung(ActiveCell), vbInformation, KRS_TITEL
End Sub

Public Sub krs_python_neu(control As IRibbonControl)
    On Error GoTo gescheitert
    KillPy
    MsgBox "Python startet beim nächsten Aufruf neu.", vbInformation, KRS_TITEL
    Exit Sub
gescheitert:
    MsgBox KrsSatz(Err.Number, Err.Description), vbExclamation, KRS_TITEL
End Sub

Public Sub krs_ueber(control As IRibbonControl)
    MsgBox "start.integration (krs " & KRS_VERSION & ", xlwings " & XLWINGS_VERSION & ")." & vbCrLf & _
        "Beiträge und Formulare nach dem Kreisschreiben KRS-GEF-2017/01.", vbInformation, KRS_TITEL
End Sub
