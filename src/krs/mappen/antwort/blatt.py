"""The sheet «Rückmeldung»: in five seconds what to do, then every point with its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count

from xlsxwriter.worksheet import Worksheet

from krs.formulare.befund import Befund, Stufe, mehrzahl
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.stile import AKZENT, STILE, Mappe
from krs.mappen.gestalt.tabelle import Kopf
from krs.schreiben.rueckmeldung import (
    Paar,
    Rueckmeldung,
    antworttext,
    aufforderung,
    empfang,
    feldname,
    formularname,
    gelesen,
    nicht_ausbezahlt,
    ruhe,
    stand_der_dinge,
    wessen,
)

BLATT = "Rückmeldung"
_STUFE = 1
MARKEN = {Stufe.FEHLER: "rot", Stufe.RUECKFRAGE: "gelb", Stufe.HINWEIS: "grau"}  # in the list
Ziel = Callable[[Befund], str]  # where a link to its cell leads, "" without one


_SPALTEN = (
    Kopf("Nr.", breite=5),
    Kopf("Stufe", breite=12),
    Kopf("Zelle", breite=22),
    Kopf("Feld", breite=28),
    Kopf("Gelesen", breite=16),
    Kopf("Was zu tun ist", breite=62),
    Kopf("Ziffer", breite=8),
    Kopf("Code", breite=8),
)
_ENTSCHEID = Kopf("Entscheid des Kantons", breite=30)
_ZELLE = 2
_VERWEIS = {"font_name": "Arial", "font_size": 10, "font_color": AKZENT, "underline": 1, "valign": "vcenter"}


def rueckmeldung_mappe(r: Rueckmeldung, absender: str, grund: str = "") -> bytes:
    """Return a workbook of its own with the sheet «Rückmeldung»; the same bytes for the same inputs.

    Args:
        r: what to report.
        absender: who sends it, for the footer.
        grund: a sentence why the sender's own workbook does not come back.
    """
    mappe = Mappe(f"{BLATT}: {wessen(r)}, {formularname(r)}"[:200])
    zeichne(mappe, r, absender, grund=grund)
    return mappe.bytes()


def zeichne(mappe: Mappe, r: Rueckmeldung, absender: str, ziel: Ziel | None = None, grund: str = "") -> int:
    """Draw the sheet as the next one of `mappe`; return the row (0-based) of the table's head.

    Args:
        ziel: leads to the cells, where the sheet stands in the sender's own workbook.
        grund: as for `rueckmeldung_mappe`.
    """
    spalten = (*_SPALTEN, _ENTSCHEID) if any(e for _, e in r.paare) else _SPALTEN
    blatt = mappe.blatt(BLATT, quer=True)
    for ort, s in enumerate(spalten):
        blatt.set_column(ort, ort, s.breite)
    z = _Zeichner(mappe, blatt, spalten, ziel)
    z.kopf(r, grund)
    kopfzeile = z.liste(r)
    blatt.repeat_rows(kopfzeile)
    blatt.fit_to_pages(1, 0)
    blatt.set_footer(f"&L&8{_fuss(absender)}&C&8{_fuss(wessen(r))}&R&8Seite &P von &N", {"scale_with_doc": False})
    return kopfzeile


def _fuss(text: str) -> str:
    return text.replace("&", "&&")[:80]


class _Zeichner:
    """Writes row after row; everything as text, nothing ever as a formula."""

    def __init__(self, mappe: Mappe, blatt: Worksheet, spalten: tuple[Kopf, ...], ziel: Ziel | None) -> None:
        self.mappe, self.blatt, self.spalten, self.ziel, self.zeile = mappe, blatt, spalten, ziel, 0
        self.verweis = mappe.buch.add_format({**_VERWEIS, **STILE["linie"]})

    def text(self, text: str, stil: str, punkt: float = 10, von: int = 0) -> None:
        """Write one text from a column to the last one, with as many lines as it takes."""
        letzte, breite = len(self.spalten) - 1, sum(s.breite for s in self.spalten[von:])
        self.blatt.merge_range(self.zeile, von, self.zeile, letzte, "", self.mappe[stil])
        self.blatt.write_string(self.zeile, von, text, self.mappe[stil])
        self.blatt.set_row(self.zeile, hoehe(zeilen(text, breite, punkt), punkt) + 3)
        self.zeile += 1

    def kopf(self, r: Rueckmeldung, grund: str) -> None:
        self.text("start.integration – Rückmeldung des Kantons", "marke", 9)
        self.text(wessen(r), "titel", 18)
        for text, stil in ((formularname(r), "gross"), (empfang(r), "untertitel"), (_datei(r), "klein")):
            if text:
                self.text(text, stil, 11 if stil == "gross" else 10)
        self.zeile += 1
        self.text(_stand(r), "pruefzeile", 11)
        for text in (*stand_der_dinge(r), grund, *_schritte(r, self.ziel is not None)):
            if text:
                self.text(text, "label")
        self.zeile += 1
        for stufe, bedeutung in _legende(r):
            self.blatt.write_string(self.zeile, _STUFE, str(stufe), self.mappe["text"])
            self.text(bedeutung, "label", von=_STUFE + 1)
        self.zeile += 1

    def liste(self, r: Rueckmeldung) -> int:
        """Write the points; return the row of the head."""
        kopfzeile = self.zeile
        for ort, s in enumerate(self.spalten):
            self.blatt.write_string(kopfzeile, ort, s.titel, self.mappe["tabellenkopf"])
        self.zeile += 1
        nummern = count(1)
        for titel, paare in _gruppen(r):
            self.text(titel, "band")
            for paar in paare:
                self._punkt(next(nummern), paar, r)
        for stufe, marke in MARKEN.items():
            regel = {"type": "cell", "criteria": "==", "value": f'"{stufe}"', "format": self.mappe.marke(marke)}
            self.blatt.conditional_format(0, _STUFE, self.zeile, _STUFE, regel)
        return kopfzeile

    def _punkt(self, nummer: int, paar: Paar, r: Rueckmeldung) -> None:
        b, e = paar
        ort = f"{b.blatt}!{b.zelle}" if b.zelle else b.blatt
        feld = feldname(b, r.formular) or "ganzes Formular"
        werte = [f"{nummer}", str(b.stufe), ort or "–", feld, gelesen(b), aufforderung(b), b.ziffer, b.code]
        werte += [antworttext(e)] if _ENTSCHEID in self.spalten else []
        for spalte, wert in enumerate(werte):
            self.blatt.write_string(self.zeile, spalte, wert, self.mappe["linie"])
        if self.ziel and (ziel := self.ziel(b)):
            self.blatt.write_url(self.zeile, _ZELLE, f"internal:{ziel}", self.verweis, string=ort)
        hoch = max(zeilen(wert, s.breite) for wert, s in zip(werte, self.spalten, strict=True))
        self.blatt.set_row(self.zeile, hoehe(hoch) + 4)
        self.zeile += 1


def _datei(r: Rueckmeldung) -> str:
    return f"Datei: {r.datei}" if r.akte.gemeinde else ""


def _stand(r: Rueckmeldung) -> str:
    """Return the one sentence that everybody reads."""
    fehler, fragen, _ = r.anzahlen
    if not r.lesbar:
        return "Bitte senden Sie das Formular neu: Diese Datei konnte nicht als Formular gelesen werden."
    if not r.zu_tun:
        return ruhe(r)
    if fehler:
        und = f" und {mehrzahl(fragen, 'Rückfrage', 'Rückfragen')} klären" if fragen else ""
        return f"Bitte {fehler} Fehler berichtigen{und}, dann das Formular zurücksenden."
    return f"Bitte {mehrzahl(fragen, 'Rückfrage', 'Rückfragen')} klären, dann das Formular zurücksenden."


def _schritte(r: Rueckmeldung, im_formular: bool) -> Iterator[str]:
    if not (r.zu_tun and r.lesbar):
        return
    if im_formular:
        yield "1. Klicken Sie unten in der Spalte «Zelle» auf einen Eintrag: Sie gelangen zur farbig markierten Zelle."
    else:
        yield "1. Öffnen Sie Ihr eigenes Formular und gehen Sie zu den Zellen, die unten stehen."
    yield "2. Berichtigen Sie die Angabe. Stimmt sie, erklären Sie es im Feld «Bemerkungen» des Formulars."
    was = "diese Arbeitsmappe und senden Sie sie" if im_formular else "das Formular und senden Sie es"
    yield f"3. Speichern Sie {was} als Antwort auf unsere E-Mail zurück."


def _legende(r: Rueckmeldung) -> Iterator[tuple[Stufe, str]]:
    """Yield what each kind means for the contributions, only those that occur."""
    for stufe, tun, ohne in (
        (Stufe.FEHLER, "Bis zur Berichtigung nicht ausbezahlt: {}.", "Bitte berichtigen; kein Beitrag hängt davon ab."),
        (Stufe.RUECKFRAGE, "Bis zum Entscheid des Kantons zurückgestellt: {}.", "Bitte prüfen."),
    ):
        paare = [(b, e) for b, e in r.offen if b.stufe is stufe]
        if paare:
            betroffen = nicht_ausbezahlt(r, paare)
            frei = "Bis dahin gilt, was oben steht." if r.lage.gilt or not r.lesbar else ohne
            yield stufe, tun.format(betroffen) if betroffen else frei
    if r.hinweise:
        yield Stufe.HINWEIS, "Zur Kenntnis; auf die Beiträge ohne Einfluss."


def _gruppen(r: Rueckmeldung) -> Iterator[tuple[str, Sequence[Paar]]]:
    for titel, paare in (
        ("Zu berichtigen oder zu klären" if r.zu_tun else "Beim Kanton", r.offen),
        ("Vom Kanton entschieden", r.entschieden),
        ("Hinweise", r.hinweise),
    ):
        if paare:
            yield titel, paare
