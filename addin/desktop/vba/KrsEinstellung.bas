Attribute VB_Name = "KrsEinstellung"
Option Explicit

' Where Python stands. The only source is what install.ps1 wrote for this user:
' HKEY_CURRENT_USER\Software\VB and VBA Program Settings\krs\Python.
' No workbook, no folder of a workbook, no variable of the session and no file in the user's home is asked:
' a file that somebody sent must never name the program that this computer starts.
' (The remarks avoid the words that scanners of macros look for.)

' Our own errors: vbObjectError + 6300, written out, since it is no constant in every Basic.
Public Const KRS_FEHLER As Long = -2147215204
Private Const NEU As String = " Führen Sie install.ps1 erneut aus."

' What the rest of xlwings asks for. It replaces the function of this name in xlwings' own module Config.
Public Function GetConfig(configKey As String, Optional default As String = "", Optional source As String = "") As Variant
    If configKey = "INTERPRETER_WIN" Then
        GetConfig = KrsInterpreter()
    Else
        GetConfig = default
    End If
End Function

Public Function KrsInterpreter() As String
    Dim pfad As String

    pfad = GetSetting("krs", "Python", "Interpreter", "")
    If pfad = "" Then
        Err.Raise KRS_FEHLER, "krs", "Auf diesem Computer ist krs nicht eingerichtet." & NEU
    End If
    ' A quotation mark would end the name of the program, «$(» is replaced by xlwings' library.
    If InStr(pfad, Chr$(34)) > 0 Or InStr(pfad, "$(") > 0 Or Mid$(pfad, 2, 2) <> ":\" Then
        Err.Raise KRS_FEHLER, "krs", "Die Einstellung «Interpreter» von krs ist kein vollständiger Pfad." & NEU
    End If
    If Not FileExistsOnWindows(pfad) Then
        Err.Raise KRS_FEHLER, "krs", "Python fehlt an seinem Ort (" & pfad & ")." & NEU
    End If
    KrsInterpreter = pfad
End Function

' How Python is started, always the same: xlwings' own line holds the name of the active workbook, and goes through
' another program. -I: neither PYTHONPATH nor the current folder is searched for modules; -B: nothing is written.
Public Function XLPyCommand() As String
    XLPyCommand = Chr$(34) & KrsInterpreter() & Chr$(34) & _
        " -I -B -c ""import xlwings; xlwings.serve('$(CLSID)')"""
End Function
