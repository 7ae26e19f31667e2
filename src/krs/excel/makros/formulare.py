"""Macros for forms: check the open one, templates out, forms in, reminders, spot checks, functions in and out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from krs import ablauf, saetze
from krs.ablauf.gemeinsam import nicht_kuenftig
from krs.excel import schutz, tafel
from krs.excel.anfrage import Anfrage, Eingabefehler
from krs.excel.angaben import Angaben, zeit_
from krs.excel.ergebnis import Ergebnis, Mappe, Tabelle
from krs.excel.lesen import eingabe_aus
from krs.formulare.befund import Befund, Stufe
from krs.urteil.fassung import erledigt

if TYPE_CHECKING:
    import xlwings as xw

    from krs.stammdaten.stammdaten import Entscheid
    from krs.urteil.tafel import Zeile

BEFUNDSPALTEN = ("Stufe", "Blatt", "Zelle", "Meldung", "Wert", "Ziffer", "Code", "Entscheid")
TAFELSPALTEN = ("BFS-Nr.", "Gemeinde", "Formular", "Periode", "Status", "Bemerkung", "Datei")
IN_DER_ABLAGE = (
    "«{mappe}» liegt in der Ablage und bleibt, wie sie ist. Speichern Sie eine Kopie ausserhalb der Ablage und setzen "
    "Sie die Funktionen dort ein."
)
STICHPROBE = ("Nr.", "BFS-Nr.", "Gemeinde", "Bezirk", "Gespräche", "Einsätze", "Betrag (CHF)")


def einreichung_pruefen(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:
    """Judge the open form; with an Ablage also against its Stammdaten, like `krs pruefen --ablage`."""
    stichtag = w["stichtag"] or anfrage.heute
    geprueft = ablauf.pruefe_eingabe(eingabe_aus(mappe), anfrage.ablage, stichtag, schutz.ort(mappe))
    satz, tabelle = saetze.geprueft(geprueft), befundtabelle(geprueft.paare)
    return Ergebnis(
        "Prüfung", (satz,), (tabelle,), None, geprueft.hat_fehler, tafel.aus_befunden(geprueft.paare, stichtag, [satz])
    )


def vorlagen_erstellen(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Write the templates of a period, like `krs vorlagen`."""
    zeit = zeit_(w)
    ergebnis = ablauf.vorlagen(ablage_von(anfrage), zeit, fortschritt(anfrage))
    belassen = frozenset(p.name for p in ergebnis.belassen)
    zeilen = tuple(
        (p.name, "belassen, weil ausgefüllt" if p.name in belassen else "bereit")
        for p in sorted(ergebnis.ordner.glob("*.xlsx"))
        if not p.name.startswith("~$")
    )
    tabellen = (Tabelle(("Vorlage", "Stand"), zeilen), *stammtabelle(ergebnis.befunde))
    return Ergebnis(f"Vorlagen {zeit}", tuple(saetze.vorlagen(ergebnis)), tabellen, None, mit_fehler(ergebnis.befunde))


def konsolidieren(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Read the Eingang, judge everything, build the Master and give it to be opened, like `krs konsolidieren`."""
    stichtag = w["stichtag"] or anfrage.heute
    k = ablauf.konsolidieren(ablage_von(anfrage), stichtag, fortschritt(anfrage), anfrage.heute, hand=anfrage.hand)
    texte = (tafel.kopfsatz(k.urteil), *saetze.ohne_betrag(k), *saetze.antworten(k))
    zu_tun = Tabelle(TAFELSPALTEN, tuple(_tafelzeile(z) for z in k.urteil.tafel() if saetze.zu_tun(z)), "Zu tun")
    return Ergebnis(
        "Konsolidierung", texte, (zu_tun, *stammtabelle(k.stammdaten_befunde)), zum_oeffnen(k.master),
        k.hat_fehler, tafel.als_tafel(k.urteil, texte, k.stammdaten_befunde),
    )  # fmt: skip


def mahnungen(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Draft reminders to all who owe a form, like `krs mahnungen`."""
    zeit, stichtag = zeit_(w), w["stichtag"] or anfrage.heute
    nachfrist = (w["nachfrist"], anfrage.visum(w["visum"])) if w["nachfrist"] else None
    g = ablauf.mahnen(
        ablage_von(anfrage), zeit, stichtag, nachfrist, fortschritt(anfrage), anfrage.heute, hand=anfrage.hand
    )
    tabellen = (Tabelle(saetze.MAHNSPALTEN, tuple(saetze.mahnposten(g))), *stammtabelle(g.befunde))
    return Ergebnis(f"Mahnungen {zeit}", tuple(saetze.gemahnt(g, zeit)), tabellen)


def stichprobe(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Draw a sample and write its protocol, like `krs stichprobe`."""
    periode, ziehung = w["periode"], (w["anzahl"], w["seed"], w["gleich"] != "ja")
    stichtag = w["stichtag"] or anfrage.heute
    nicht_kuenftig(stichtag, anfrage.hand, "Der Stichtag")
    g = ablauf.stichprobe(ablage_von(anfrage), periode, ziehung, stichtag, fortschritt(anfrage))
    zeilen = tuple(
        (n, z.bfs_nr, z.gemeinde, z.bezirk, z.gespraeche, z.einsaetze, z.betrag) for n, z in enumerate(g.zeilen, 1)
    )
    tabellen = (Tabelle(STICHPROBE, zeilen), *stammtabelle(g.befunde))
    return Ergebnis(f"Stichprobe {periode}", tuple(saetze.gezogen(g)), tabellen)


def funktionen_einsetzen(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Put the KRS_ functions into the open Anhang 1, 2 or 3."""
    from krs.excel import live

    ort = schutz.ort(mappe)
    if anfrage.ablage is not None and ort is not None and ort.is_relative_to(anfrage.ablage):
        raise Eingabefehler(IN_DER_ABLAGE.format(mappe=mappe.name))
    return live.einsetzen(mappe)


def funktionen_entfernen(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Take the KRS_ functions out again."""
    from krs.excel import live

    return live.entfernen(mappe)


# --- what macros share ----------------------------------------------------------------------
def ablage_von(anfrage: Anfrage) -> Path:
    """Return the working folder; `ausfuehren` has seen to it that there is one."""
    assert anfrage.ablage is not None
    return anfrage.ablage


def fortschritt(anfrage: Anfrage) -> ablauf.Fortschritt:
    """Return who shows how far a long step is."""
    return anfrage.fortschritt or ablauf.stille


def zum_oeffnen(pfad: Path) -> Mappe:
    """Return a workbook of the Ablage for the host to open."""
    from krs.ablage.ordner import lies

    return Mappe(pfad.name, lies(pfad), pfad)


def befundtabelle(paare: Iterable[tuple[Befund, Entscheid | None]], titel: str = "") -> Tabelle:
    """Return Befunde as a table, what weighs most first."""
    from krs.schreiben.rueckmeldung import entscheidtext

    stufen = list(Stufe)
    geordnet = sorted(paare, key=lambda p: (erledigt(*p), stufen.index(p[0].stufe)))
    zeilen = tuple(
        (str(b.stufe), b.blatt, b.zelle, b.meldung, b.wert, b.ziffer, b.code, entscheidtext(e) if e else "")
        for b, e in geordnet
    )
    return Tabelle(BEFUNDSPALTEN, zeilen, titel)


def stammtabelle(befunde: Sequence[Befund]) -> tuple[Tabelle, ...]:
    """Return what is wrong in the Stammdaten; nothing if all is well."""
    return (befundtabelle(((b, None) for b in befunde), "Stammdaten"),) if befunde else ()


def mit_fehler(befunde: Iterable[Befund]) -> bool:
    """Tell whether there is a Fehler among Befunde."""
    return any(b.stufe is Stufe.FEHLER for b in befunde)


def _tafelzeile(z: Zeile) -> tuple[int | str | None, ...]:
    return z.bfs_nr, z.gemeinde or z.datei, z.formular, z.periode, z.status, z.bemerkung, z.datei
