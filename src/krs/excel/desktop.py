"""The buttons of Excel on Windows without a server: ask, run, show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from krs.excel import schutz, stoerung
from krs.excel.anfrage import Anfrage, Eingabefehler, eingestellte_ablage, jetzt
from krs.excel.angaben import lies
from krs.excel.ausfuehren import ausfuehren, pruefe
from krs.excel.makrokatalog import Feld, Makro

if TYPE_CHECKING:
    import xlwings as xw

    from krs.excel.ergebnis import Ergebnis

TITEL = "start.integration"
BESCHAEFTIGT = (
    "Excel nahm den Befehl nicht an. Schliessen Sie die Eingabe in der Zelle mit Enter ab, schliessen Sie offene "
    "Fenster von Excel und versuchen Sie es noch einmal."
)
ABGEBROCHEN = "Abgebrochen. Es wurde nichts geändert."
_BESTAETIGEN = frozenset({"lauf_freigeben", "finanz_export"})  # what cannot be taken back
_EIGENE = frozenset({"Stammdaten.xlsx", "Master.xlsx"})  # also where the cloud hides that they lie in the Ablage
_TIEFE = 6  # folders between a workbook and its Ablage
_LANG = 1500  # characters of a message; the result sheet has all
_SCHRITT = 5  # files between two signs of progress


class Dialoge:
    """The dialogs of Excel."""

    def __init__(self, app: xw.App) -> None:
        self._app: Any = app

    def frage(self, text: str, vorgabe: str) -> str | None:
        """Ask for one entry by Excel's own box; None if the user cancels, for which it gives False."""
        antwort = self._app.api.InputBox(text, TITEL, vorgabe, Type=2)
        return None if antwort is False else str(antwort)

    def bestaetige(self, text: str) -> bool:
        """Ask yes or no."""
        return bool(self._app.alert(text, TITEL, "yes_no", "critical") == "yes")

    def zeige(self, text: str, *, warnung: bool = False) -> None:
        """Show sentences until they are read."""
        self._app.alert(text, TITEL, "ok", "critical" if warnung else "info")

    def status(self, text: str) -> None:
        """Show a text in the status bar; Excel's own one for nothing."""
        self._app.status_bar = text or False

    def oeffne(self, pfad: Path) -> None:
        """Open a workbook."""
        self._app.books.open(str(pfad))


def starte(name: str, fragen: Dialoge | None = None) -> None:
    """Run a macro over the workbook in front. Nothing but German sentences reaches the user."""
    import xlwings

    mappe = xlwings.Book.caller()
    fragen = fragen or Dialoge(mappe.app)
    try:
        _lauf(name, mappe, fragen)
    except Eingabefehler as fehler:
        fragen.zeige(str(fehler), warnung=True)
    except Exception as fehler:  # noqa: BLE001 the last line of defence: no traceback reaches a user
        was = BESCHAEFTIGT if isinstance(fehler, schutz.com_fehler()) else stoerung.UNERWARTET
        fragen.zeige(stoerung.satz(fehler, was), warnung=True)
    finally:
        fragen.status("")


def _lauf(name: str, mappe: xw.Book, fragen: Dialoge) -> None:
    ort = schutz.ort(mappe)
    anfrage = Anfrage(ablage_von(ort), date.today(), fortschritt=_fortschritt(fragen))  # noqa: DTZ011 the user's day
    m = pruefe(name, anfrage)
    angaben = _frage_alle(m, fragen)
    if angaben is None or (name in _BESTAETIGEN and not fragen.bestaetige(_frage(m, angaben))):
        fragen.zeige(ABGEBROCHEN)
        return
    fragen.status(f"krs: {m.knopf} läuft …")
    anfrage = replace(anfrage, angaben=angaben, zeit=jetzt())
    ergebnis = ausfuehren(name, mappe, anfrage, ziel=lambda b, e: _ziel(b, e, anfrage.ablage, ort))
    text = "\n".join(ergebnis.saetze)
    fragen.zeige(text if len(text) <= _LANG else f"{text[:_LANG]} …", warnung=ergebnis.hat_fehler)
    if ergebnis.mappe is not None and ergebnis.mappe.pfad is not None:
        _oeffne(ergebnis.mappe.pfad, fragen)


def _oeffne(pfad: Path, fragen: Dialoge) -> None:
    try:
        fragen.oeffne(pfad)
    except schutz.com_fehler():
        fragen.zeige(
            f"Excel konnte «{pfad}» nicht öffnen. Schliessen Sie eine Mappe gleichen Namens und öffnen Sie die Datei "
            "von Hand.",
            warnung=True,
        )


# --- where the workbook and its Ablage lie --------------------------------------------------
def ablage_von(ort: Path | None) -> Path | None:
    """Return the Ablage that a workbook lies in, else that of KRS_ABLAGE, else None."""
    if ort is not None:
        for ordner in ort.parents[:_TIEFE]:
            if (ordner / "Stammdaten.xlsx").is_file() and (ordner / "Eingang").is_dir():
                return ordner
    return eingestellte_ablage()


def _ziel(mappe: xw.Book, ergebnis: Ergebnis, ablage: Path | None, ort: Path | None) -> xw.Book | None:
    """Return the workbook for the result sheet: never one of the Ablage, and none where one is opened anyway."""
    eigen = mappe.name in _EIGENE or (ablage is not None and ort is not None and ort.is_relative_to(ablage))
    if not eigen and (schutz.am_server(mappe) or not mappe.api.ProtectStructure):
        return mappe
    if ergebnis.mappe is not None:
        return None
    neue = (b for b in mappe.app.books if not b.api.Path)  # never saved
    return next((b for b in neue if any(s.name.startswith("krs ") for s in b.sheets)), None) or mappe.app.books.add()


# --- entries --------------------------------------------------------------------------------
def _frage_alle(m: Makro, fragen: Dialoge) -> dict[str, str] | None:
    """Ask for each entry until it can be meant; None if the user cancels."""
    angaben: dict[str, str] = {}
    for feld in m.felder:
        if feld.schluessel == "jahr" and angaben.get("periode"):
            continue
        if feld.schluessel == "grund" and angaben.get("erneut") == "nein":
            continue
        antwort = _frage_eine(m, feld, fragen)
        if antwort is None:
            return None
        angaben[feld.schluessel] = antwort
    return angaben


def _frage_eine(m: Makro, feld: Feld, fragen: Dialoge) -> str | None:
    wahl = f"\n{' oder '.join(feld.werte)}" if feld.werte else ""
    text = f"{m.knopf}\n\n{feld.text}: {feld.hinweis}{wahl}"
    while True:
        antwort = fragen.frage(text, feld.vorgabe)
        if antwort is None:
            return None
        try:
            if feld.schluessel == "visum" and not antwort.strip():  # nobody is signed on here
                raise Eingabefehler("«Visum» fehlt. Tippen Sie Ihr Kürzel.")
            gelesen = lies(feld, antwort)
        except Eingabefehler as fehler:
            fragen.zeige(str(fehler), warnung=True)
        else:
            return gelesen if isinstance(gelesen, str) else antwort.strip()


def _frage(m: Makro, angaben: dict[str, str]) -> str:
    if m.name == "finanz_export":
        return f"Den Lauf {angaben['lauf']} an die Finanzen übergeben? Die Übergabe wird festgehalten."
    if angaben["schritt"] == "freigeben":
        return f"Den Lauf {angaben['lauf']} freigeben? Danach ändert er sich nie mehr."
    return f"Den Lauf {angaben['lauf']} mit dem Visum {angaben['visum']} zur Freigabe festhalten?"


def _fortschritt(fragen: Dialoge) -> Callable[[Iterable[Path], int, str], Iterable[Path]]:
    def zeige(dateien: Iterable[Path], anzahl: int, text: str) -> Iterator[Path]:
        for nummer, datei in enumerate(dateien):
            if nummer % _SCHRITT == 0:
                fragen.status(f"krs: {text}, {nummer} von {anzahl}")
            yield datei

    return zeige
