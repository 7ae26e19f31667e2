"""Übersicht: the Master's first sheet: figures, charts, and who still owes a form."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from krs.formulare.befund import Befund
from krs.mappen.gestalt.stile import ZAHL
from krs.mappen.gestalt.tabelle import Formel, Schreiber, Spalte, Wert
from krs.recht import Leistung, datum
from krs.stammdaten.stammdaten import Entscheid
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, NICHT_BERECHTIGT, ZURUECKGESTELLT, summe
from krs.urteil.urteil import Urteil, nach_stufe

STATUS = (
    "angenommen", "angenommen mit Hinweisen", "Rückfrage offen", "fehlerhaft", "fehlt", "durch Leitgemeinde", "ersetzt",
)  # fmt: skip
FARBEN = ("#3B7A57", "#8FBC9B", "#E0A92E", "#C8102E", "#8C8C8C", "#6A8CAF", "#D9D9D9")
TITEL, DIAGRAMME = 4, 12  # rows: figures begin, height of the charts in rows


def blatt(s: Schreiber, urteil: Urteil, befunde: Sequence[tuple[Befund, Entscheid | None]]) -> None:
    """Write the first sheet."""
    b = s.mappe.blatt("Übersicht", quer=True)
    for spalte, breite in enumerate((36, 13, 14, 14, 14, 13, 13, 13, 13, 14, 13)):
        b.set_column(spalte, spalte, breite)
    b.set_row(0, 26)
    s.zelle(b, 0, 0, "start.integration – Master", "titel")
    stand = f"Stand am {datum(urteil.stichtag)}. Diese Mappe wird aus Stammdaten und Einreichungen gebaut; "
    s.zelle(b, 1, 0, stand + "Änderungen gehören in die Stammdaten.", "untertitel")
    fremd = sum(not z.formular for z in urteil.zeilen)
    if fremd:
        worte = "1 Datei ist kein lesbares Formular" if fremd == 1 else f"{fremd} Dateien sind keine lesbaren Formulare"
        s.zelle(b, 2, 0, f"Im Eingang: {worte} (Blatt Befunde, Codes E-…).", "untertitel")
    ende = _stand(s, b, urteil)
    links = _betraege(s, b, urteil, ende + 1)
    rechts = _befunde(s, b, befunde, ende + 1)
    unten = max(links, rechts) + 1
    _diagramme(s, b, ende, unten)
    _offene(s, b, urteil, unten + DIAGRAMME + 4)
    b.fit_to_pages(1, 0)
    b.freeze_panes(TITEL, 0)
    b.set_footer("&L&8start.integration · Übersicht&R&8Seite &P von &N")


def _stand(s: Schreiber, b: Worksheet, urteil: Urteil) -> int:
    """Submissions by form, period and state: the table «Übersicht»."""
    fristen = {(z.formular, z.periode): z.frist for z in urteil.zeilen}
    spalten = [Spalte("Formular"), Spalte("Periode"), Spalte("Frist", "datum")]
    spalten += [Spalte(t, "rechnung") for t in STATUS]
    zeilen: list[list[Wert]] = [
        [form, periode, fristen[form, periode], *(zahlen[t] for t in STATUS)]
        for (form, periode), zahlen in sorted(urteil.stand().items())
        if form
    ]
    b.set_row(TITEL, 30)
    return s.tabelle(b, "Übersicht", spalten, zeilen, TITEL)


def _betraege(s: Schreiber, b: Worksheet, urteil: Urteil, oben: int) -> int:
    """Claims in CHF by Leistung and state; the sums are living formulas over the table Ansprüche."""
    status = (ANERKANNT, ZURUECKGESTELLT, NICHT_BERECHTIGT)
    ueberschriften = ("anerkannt (Fr.)", "zurückgestellt (Fr.)", "nicht berechtigt (Fr.)")
    b.set_row(oben, 30)
    spalten = [Spalte("Leistung"), *(Spalte(t, "betrag") for t in ueberschriften)]
    letzte = len(urteil.ansprueche) + 1
    zeilen: list[list[Wert | Formel]] = []
    for leistung in Leistung:
        zeile: list[Wert | Formel] = [str(leistung)]
        for st in status:
            teile = (  # what is paid is recognised too
                f"SUMIFS('Ansprüche'!$G$2:$G${letzte},'Ansprüche'!$C$2:$C${letzte},$A{oben + len(zeilen) + 2},"
                f"'Ansprüche'!$J$2:$J${letzte},\"{x}\")"
                for x in ((ANERKANNT, BEZAHLT) if st == ANERKANNT else (st,))
            )
            zeile.append(
                Formel(f"={'+'.join(teile)}", summe((a for a in urteil.ansprueche if a.leistung == leistung), st))
            )
        zeilen.append(zeile)
    ende = s.tabelle(b, "Beiträge", spalten, zeilen, oben)
    s.zelle(b, ende, 0, "Total", "summe_label")
    for spalte, st in enumerate(status, 1):
        buchstabe = "ABCD"[spalte]
        s.zelle(
            b,
            ende,
            spalte,
            Formel(f"=SUM({buchstabe}{oben + 2}:{buchstabe}{ende})", summe(urteil.ansprueche, st)),
            "summe",
        )
    unbekannt = urteil.ohne_betrag()
    if unbekannt:
        worte = "1 Anspruch" if unbekannt == 1 else f"{unbekannt} Ansprüche"
        s.zelle(b, ende + 1, 0, f"{worte} ohne Betrag (Grund: Blatt Ansprüche)", "untertitel")
    return ende + 2


def _befunde(s: Schreiber, b: Worksheet, befunde: Sequence[tuple[Befund, Entscheid | None]], oben: int) -> int:
    zeilen: list[list[Wert]] = [[str(stufe), zahl, gehobene] for stufe, zahl, gehobene in nach_stufe(befunde)]
    spalten = [Spalte("Befunde"), Spalte("Anzahl", "rechnung"), Spalte("aufgehoben", "rechnung")]
    return s.tabelle(b, "Stufen", spalten, zeilen, oben, links=5)


def _diagramme(s: Schreiber, b: Worksheet, ende: int, oben: int) -> None:
    stapel = [(st, 3 + n, FARBEN[n]) for n, st in enumerate(STATUS[:-1])]
    ort = (TITEL + 1, max(ende - 1, TITEL + 1))
    chart = _balken(s, "percent_stacked", ort, 1, stapel, "Einreichungen nach Status")
    b.insert_chart(oben, 0, chart, {"description": "Balken: Anteil der Einreichungen je Status", "object_position": 2})
    reihen = [("anerkannt", 1, FARBEN[0]), ("zurückgestellt", 2, FARBEN[2])]
    ort = (ende + 2, ende + 1 + len(Leistung))
    chart = _balken(s, "stacked", ort, 0, reihen, "Beiträge nach Leistung (Fr.)")
    b.insert_chart(
        oben, 5, chart, {"description": "Balken: anerkannte und zurückgestellte Beiträge", "object_position": 2}
    )


def _balken(
    s: Schreiber, art: str, zeilen: tuple[int, int], bis: int, reihen: Sequence[tuple[str, int, str]], titel: str
) -> Chart:  # fmt: skip
    """Return a bar chart over rows of the sheet; categories stand in columns A to `bis`."""
    chart = s.mappe.buch.add_chart({"type": "bar", "subtype": art})
    assert isinstance(chart, Chart)
    for name, spalte, farbe in reihen:
        kategorien = ["Übersicht", zeilen[0], 0, zeilen[1], bis]
        werte = ["Übersicht", zeilen[0], spalte, zeilen[1], spalte]
        chart.add_series({"name": name, "categories": kategorien, "values": werte, "fill": {"color": farbe}, "gap": 40})
    schrift, achse = {"name": "Arial", "size": 9}, "0%" if art == "percent_stacked" else ZAHL
    chart.set_title({"name": titel, "name_font": {**schrift, "size": 10, "bold": True}})
    chart.set_legend({"position": "bottom", "font": schrift})
    chart.set_x_axis(
        {"num_font": schrift, "num_format": achse, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    chart.set_y_axis({"num_font": schrift, "reverse": True})
    chart.set_size({"width": 560, "height": 300})
    return chart


def _offene(s: Schreiber, b: Worksheet, urteil: Urteil, oben: int) -> None:
    """Who still owes a form whose deadline has passed: the table «Ausstehend»."""
    offen = urteil.offen()
    text = f"Ausstehend nach Ablauf der Frist: {len(offen)}" if offen else "Ausstehend nach Ablauf der Frist: nichts"
    s.zelle(b, oben, 0, text, "gross")
    spalten = [
        Spalte("Gemeinde"), Spalte("BFS-Nr.", "nummer"), Spalte("Formular"), Spalte("Periode"),
        Spalte("Frist", "datum"), Spalte("Tage verspätet", "ganz"),
    ]  # fmt: skip
    zeilen: list[list[Wert]] = [[z.gemeinde, z.bfs_nr, z.formular, z.periode, z.frist, z.tage] for z in offen]
    s.tabelle(b, "Ausstehend", spalten, zeilen, oben + 1)
