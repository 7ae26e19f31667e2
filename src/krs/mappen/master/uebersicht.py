"""Übersicht: figures, charts, and who still owes a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from krs.formulare.befund import mehrzahl
from krs.mappen.gestalt.stile import ZAHL
from krs.mappen.gestalt.tabelle import Formel, Kopf, Schreiber, Spalte, Wert, bereich
from krs.mappen.master.spalten import ANSPRUECHE, Beurteilt
from krs.recht import Leistung, datum
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, ERSETZT, NICHT_BERECHTIGT, ZURUECKGESTELLT, summe
from krs.urteil.tafel import GELOESCHT, Zeile
from krs.urteil.urteil import Urteil, nach_stufe

STATUS = (
    "angenommen", "angenommen mit Hinweisen", "Rückfrage offen", "fehlerhaft", "fehlt", "noch nicht fällig",
    "durch Leitgemeinde", "ersetzt", "erledigt", GELOESCHT,
)  # fmt: skip
NUR_WENN_DA = (GELOESCHT,)  # columns of the first table that most never need
FARBEN = ("#3B7A57", "#8FBC9B", "#E0A92E", "#C8102E", "#8C8C8C", "#BFC9D1", "#6A8CAF", "#D9D9D9", "#D9D9D9")
AUSSTEHEND: tuple[Spalte[Zeile], ...] = (
    Spalte("Gemeinde", wert=lambda z: z.gemeinde),
    Spalte("BFS-Nr.", "nummer", wert=lambda z: z.bfs_nr),
    Spalte("Formular", wert=lambda z: z.formular),
    Spalte("Periode", wert=lambda z: z.periode),
    Spalte("Frist", "datum", wert=lambda z: z.frist),
    Spalte("Tage verspätet", "ganz", wert=lambda z: z.tage),
)
TITEL, DIAGRAMME = 4, 12  # rows: figures begin, height of the charts in rows


AUF, NICHT_AUF = "geht auf", "GEHT NICHT AUF"
Seite = tuple[str, Decimal]  # a formula, its value
Kontrolle = tuple[str, Seite, Seite]


def blatt(s: Schreiber, urteil: Urteil, befunde: Sequence[Beurteilt], kontrollen: Sequence[Kontrolle] = ()) -> None:
    """Write the sheet.

    Args:
        kontrollen: equations that must close, both sides computed from other sheets.
    """
    b = s.mappe.blatt("Übersicht", quer=True)
    stand = f"Stand am {datum(urteil.stichtag)}. Diese Mappe wird aus Stammdaten und Einreichungen gebaut; "
    unter = stand + "Änderungen gehören in die Stammdaten."
    s.kopf(b, (36, 13, 14, 14, 14, 13, 13, 13, 13, 14, 13, 13), "start.integration – Master", unter)
    fremd = sum(not z.formular for z in urteil.zeilen)
    if fremd:
        worte = mehrzahl(fremd, "Datei ist kein lesbares Formular", "Dateien sind keine lesbaren Formulare")
        s.zelle(b, 2, 0, f"Im Eingang: {worte} (Blatt Befunde, Codes E-…).", "untertitel")
    ende = _stand(s, b, urteil)
    links = _kontrollen(s, b, kontrollen, _betraege(s, b, urteil, ende + 1))
    rechts = _befunde(s, b, befunde, ende + 1)
    unten = max(links, rechts) + 1
    _diagramme(s, b, ende, unten)
    _offene(s, b, urteil, unten + DIAGRAMME + 4)
    b.freeze_panes(TITEL, 0)
    b.set_footer("&L&8start.integration · Übersicht&R&8Seite &P von &N")


def _stand(s: Schreiber, b: Worksheet, urteil: Urteil) -> int:
    """Submissions by form, period and state: the table «Übersicht»."""
    fristen = {(z.formular, z.periode): z.frist for z in urteil.zeilen}
    spalten = [Kopf("Formular"), Kopf("Periode"), Kopf("Frist", "datum")]
    gezeigt = [t for t in STATUS if t not in NUR_WENN_DA or any(z.status == t for z in urteil.zeilen)]
    spalten += [Kopf(t, "rechnung") for t in gezeigt]
    zeilen: list[list[Wert]] = [
        [form, periode, fristen[form, periode], *(zahlen[t] for t in gezeigt)]
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
    spalten = [Spalte[Leistung]("Leistung", wert=str)]
    spalten += [Spalte(t, "betrag", wert=_summe_von(urteil, st)) for t, st in zip(ueberschriften, status, strict=True)]
    ende = s.tabelle(b, "Beiträge", spalten, Leistung, oben)
    s.zelle(b, ende, 0, "Total", "summe_label")
    for spalte, st in enumerate(status, 1):
        buchstabe = "ABCD"[spalte]
        total = Formel(f"=SUM({buchstabe}{oben + 2}:{buchstabe}{ende})", summe(urteil.ansprueche, st))
        s.zelle(b, ende, spalte, total, "summe")
    unbekannt = urteil.ohne_betrag()
    if unbekannt:
        worte = mehrzahl(unbekannt, "Anspruch", "Ansprüche")
        s.zelle(b, ende + 1, 0, f"{worte} ohne Betrag (Grund: Blatt Ansprüche)", "untertitel")
    return ende + 2


def _kontrollen(s: Schreiber, b: Worksheet, alle: Sequence[Kontrolle], oben: int) -> int:
    """Equations below the claims, in one line each."""
    for zeile, (name, links, rechts) in enumerate(alle, oben):
        s.zelle(b, zeile, 0, name, "untertitel")
        for spalte, (formel, wert) in enumerate((links, rechts), 1):
            s.zelle(b, zeile, spalte, Formel(f"={formel}", wert), "betrag")
        pruefung = f'=IF(ROUND(B{zeile + 1}-C{zeile + 1},2)=0,"{AUF}","{NICHT_AUF}")'
        s.zelle(b, zeile, 3, Formel(pruefung, AUF if links[1] == rechts[1] else NICHT_AUF), "rechts")
    return oben + len(alle)


def spalte_von(urteil: Urteil, titel: str) -> str:
    """Return a column of the sheet Ansprüche as formulas take it."""
    return bereich("Ansprüche", ANSPRUECHE, titel, max(len(urteil.ansprueche), 1))


def anerkannt(urteil: Urteil, wofuer: str = "") -> str:
    """Return the formula of what is recognised, as Anspruch.zaehlt: paid, and open of what is not held.

    Args:
        wofuer: conditions of SUMIFS, such as `,range,"x"`.
    """
    bezahlt, offen, stand = (spalte_von(urteil, titel) for titel in ("bezahlt", "offen", "Status"))
    zustaende = (ANERKANNT, BEZAHLT, NICHT_BERECHTIGT)
    teile = [f'SUMIFS({offen},{stand},"{x}"{wofuer})' for x in zustaende]
    return "+".join((f'SUMIFS({bezahlt},{stand},"<>{ERSETZT}"{wofuer})', *teile))


def _summe_von(urteil: Urteil, status: str) -> Callable[[Leistung], Formel]:
    wofuer = f",{spalte_von(urteil, 'Leistung')},$[Leistung]"
    text = anerkannt(urteil, wofuer)
    if status != ANERKANNT:
        spalte = spalte_von(urteil, "offen" if status == ZURUECKGESTELLT else "Betrag")
        text = f'SUMIFS({spalte},{spalte_von(urteil, "Status")},"{status}"{wofuer})'
    return lambda was: Formel(f"={text}", summe((a for a in urteil.ansprueche if a.leistung == was), status))


def _befunde(s: Schreiber, b: Worksheet, befunde: Sequence[Beurteilt], oben: int) -> int:
    spalten = (Kopf("Befunde"), Kopf("Anzahl", "rechnung"), Kopf("erledigt", "rechnung"))
    return s.tabelle(b, "Stufen", spalten, nach_stufe(befunde), oben, links=5)


def _diagramme(s: Schreiber, b: Worksheet, ende: int, oben: int) -> None:
    stapel = [(st, 3 + n, FARBEN[n]) for n, st in enumerate(STATUS[: STATUS.index("ersetzt")])]
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
) -> Chart:
    """Return a bar chart over rows of the sheet; categories stand in columns A to `bis`."""
    von, letzte = zeilen
    gezeichnet = [
        {
            "name": name, "categories": ["Übersicht", von, 0, letzte, bis],
            "values": ["Übersicht", von, spalte, letzte, spalte], "fill": {"color": farbe}, "gap": 40,
        }
        for name, spalte, farbe in reihen
    ]  # fmt: skip
    achse = "0%" if art == "percent_stacked" else ZAHL
    return s.mappe.diagramm(titel, gezeichnet, (560, 300), subtype=art, num_format=achse)


def _offene(s: Schreiber, b: Worksheet, urteil: Urteil, oben: int) -> None:
    """Who still owes a form whose deadline has passed: the table «Ausstehend»."""
    offen = urteil.offen()
    text = f"Ausstehend nach Ablauf der Frist: {len(offen)}" if offen else "Ausstehend nach Ablauf der Frist: nichts"
    s.zelle(b, oben, 0, text, "gross")
    s.tabelle(b, "Ausstehend", AUSSTEHEND, offen, oben + 1)
