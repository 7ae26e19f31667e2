Attribute VB_Name = "KrsAufruf"
Option Explicit

' The way to Python (krs.excel.udf) and back. Nothing is computed here.

Public Const KRS_TITEL As String = "start.integration"
Private Const MODUL As String = "krs.excel.udf"
' How a text is marked on the way: the sentence of a mistake, a day as its serial number, the size of a range.
Private Const ZEICHEN_SATZ As Long = 2
Private Const ZEICHEN_TAG As Long = 3
Private Const ZEICHEN_UMFANG As Long = 4

' One argument of a function: the bare values of a range (numbers, texts, errors), never the range itself.
Public Function KrsRohwert(Optional ByVal wert As Variant) As Variant
    If IsMissing(wert) Then Exit Function
    If Not IsObject(wert) Then
        KrsRohwert = wert
        Exit Function
    End If
    If wert.Areas.Count > 1 Then
        Err.Raise KRS_FEHLER, "krs", "Markieren Sie einen einzigen zusammenhängenden Bereich."
    End If
    If wert.CountLarge > KRS_MAX_ZELLEN Then
        ' Longer than any function takes: its size is enough for the sentence.
        KrsRohwert = Chr$(ZEICHEN_UMFANG) & wert.Rows.Count & ";" & wert.Columns.Count
    Else
        KrsRohwert = wert.Value2
    End If
End Function

' One function of a cell: its result, or #WERT! with a sentence that «Fehler erklären» shows.
Public Function KrsRufe(ByVal funktion As String, ByVal argumente As Variant) As Variant
    Dim teile() As Variant, i As Long, python As Object, antwort As Variant

    ReDim teile(0 To UBound(argumente) + 2)
    teile(0) = KRS_VERSION
    teile(1) = funktion
    For i = 0 To UBound(argumente)
        teile(i + 2) = argumente(i)
    Next i
    Set python = XLPy()
    antwort = python.Var(python.Call(python.Module(MODUL), "rufe", python.TupleFromArray(teile)))
    If IstSatz(antwort) Then Err.Raise KRS_FEHLER, "krs", Mid$(antwort, 2)
    KrsVergiss
    KrsRufe = Gewandelt(antwort)
End Function

' What a wrapper gives back when anything failed.
Public Function KrsGescheitert(ByVal nummer As Long, ByVal text As String) As Variant
    KrsMerke KrsSatz(nummer, text)
    KrsGescheitert = CVErr(xlErrValue)
End Function

' The sentence for an error: ours carry their own, the others are in English and stay hidden.
Public Function KrsSatz(ByVal nummer As Long, ByVal text As String) As String
    Select Case nummer
        Case KRS_FEHLER
            KrsSatz = text
        Case 1
            KrsSatz = "Auf diesem Computer fehlt xlwings " & XLWINGS_VERSION & _
                ", zu dem dieses Add-in gehört. Führen Sie install.ps1 erneut aus."
        Case Else
            KrsSatz = "Python antwortet nicht. Wählen Sie «Python neu starten» im Register start.integration; " & _
                "hilft das nicht, führen Sie install.ps1 erneut aus."
    End Select
End Function

' One button. Python shows its own results; a sentence comes back only when it could not.
Public Sub KrsStarte(ByVal makro As String)
    Dim python As Object, satz As String

    On Error GoTo gescheitert
    Application.StatusBar = "krs arbeitet ..."
    Set python = XLPy()
    satz = python.Str(python.Call(python.Module(MODUL), "knopf", _
        python.TupleFromArray(Array(KRS_VERSION, makro, ActiveWorkbook))))
    GoTo fertig
gescheitert:
    satz = KrsSatz(Err.Number, Err.Description)
    Resume fertig
fertig:
    Application.StatusBar = False
    If satz <> "" Then MsgBox satz, vbExclamation, KRS_TITEL
End Sub

Private Function IstSatz(ByVal antwort As Variant) As Boolean
    If VarType(antwort) = vbString Then IstSatz = (Left$(antwort, 1) = Chr$(ZEICHEN_SATZ))
End Function

Private Function Gewandelt(ByVal antwort As Variant) As Variant
    Dim i As Long, j As Long

    If Not IsArray(antwort) Then
        Gewandelt = Zellwert(antwort)
        Exit Function
    End If
    For i = LBound(antwort, 1) To UBound(antwort, 1)
        For j = LBound(antwort, 2) To UBound(antwort, 2)
            antwort(i, j) = Zellwert(antwort(i, j))
        Next j
    Next i
    Gewandelt = antwort
End Function

Private Function Zellwert(ByVal wert As Variant) As Variant
    Zellwert = wert
    If VarType(wert) = vbString Then
        If Left$(wert, 1) = Chr$(ZEICHEN_TAG) Then Zellwert = CDate(Val(Mid$(wert, 2)))
    End If
End Function
