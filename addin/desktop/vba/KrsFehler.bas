Attribute VB_Name = "KrsFehler"
Option Explicit

' The last sentence of every cell whose function failed. A cell itself shows #WERT!: a text there would be skipped
' by a SUM without anybody noticing.

Private Const HOECHSTENS As Long = 5000
Private saetze As Collection

Public Sub KrsMerke(ByVal satz As String)
    Dim ort As String

    ort = Aufrufer()
    If ort = "" Then Exit Sub
    If saetze Is Nothing Then Set saetze = New Collection
    If saetze.Count >= HOECHSTENS Then Set saetze = New Collection
    Streiche ort
    saetze.Add satz, ort
End Sub

Public Sub KrsVergiss()
    If saetze Is Nothing Then Exit Sub
    If saetze.Count > 0 Then Streiche Aufrufer()
End Sub

' What «Fehler erklären» says about a cell.
Public Function KrsErklaerung(ByVal zelle As Object) As String
    Dim satz As String

    If zelle Is Nothing Then
        KrsErklaerung = "Markieren Sie zuerst die Zelle mit dem Fehler."
        Exit Function
    End If
    satz = Satz_zu(zelle.Cells(1, 1).Address(External:=True))
    If satz <> "" Then
        KrsErklaerung = satz
    ElseIf Not IsError(zelle.Cells(1, 1).Value) Then
        KrsErklaerung = "In dieser Zelle steht kein Fehler."
    ElseIf InStr(1, zelle.Cells(1, 1).Formula, "KRS_", vbTextCompare) = 0 Then
        KrsErklaerung = "Der Fehler in dieser Zelle kommt nicht von einer KRS_-Funktion."
    Else
        KrsErklaerung = "Zu dieser Zelle ist noch kein Satz bekannt. Drücken Sie F2 und die Eingabetaste, damit sie " & _
            "neu rechnet, und wählen Sie danach nochmals «Fehler erklären»."
    End If
End Function

Private Function Satz_zu(ByVal ort As String) As String
    If saetze Is Nothing Then Exit Function
    On Error Resume Next
    Satz_zu = saetze.Item(ort)
    On Error GoTo 0
End Function

Private Sub Streiche(ByVal ort As String)
    On Error Resume Next
    saetze.Remove ort
    On Error GoTo 0
End Sub

' The address of the cell that calls, with sheet and workbook; empty when it is not a cell.
Private Function Aufrufer() As String
    If TypeName(Application.Caller) = "Range" Then
        Aufrufer = Application.Caller.Cells(1, 1).Address(External:=True)
    End If
End Function
