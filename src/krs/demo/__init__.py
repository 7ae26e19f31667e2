"""A whole half-year on example data: forms go out, come back as in life, are judged, and the Master is built."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

from krs import ablauf
from krs.ablage.eingangsjournal import Hand
from krs.ablage.ordner import Ablage, AblageFehler, schreibe
from krs.ablauf import Fortschritt, Konsolidiert
from krs.ablauf.beitraege import anhang1
from krs.ablauf.fristen import Auftrag as Frist
from krs.ablauf.fristen import erstrecken
from krs.ablauf.gesendet import gesendet
from krs.ablauf.laeufe import Auftrag, Zahlungslauf, zahlungslauf
from krs.ablauf.uebergabe import uebergeben
from krs.demo import stamm, szenario
from krs.demo.fuellen import fuelle
from krs.demo.szenario import Sendung
from krs.demo.umschlaege import KOLLEGIN, gepackt, mail, outlook, weitergeleitet
from krs.demo.zahlen import reporting
from krs.formulare.formular import formular, formular_fuer
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.stammdaten import stammdaten_mappe
from krs.urteil.nachbarn import beteiligte

MERKMAL = ".krs-demo"
_LIBREOFFICE = Path(__file__).parent / "libreoffice"  # filled in and saved there (scripts/demo_libreoffice.py)
MAHNUNG, NACH_WINTER, MAHNUNG_H1, STICHTAG = (
    date(2024, 2, 12), date(2024, 3, 15), date(2024, 8, 26), date(2024, 9, 20),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vorgefuehrt:
    """What the last consolidation and the second run say."""

    konsolidiert: Konsolidiert
    lauf: Zahlungslauf


def vorfuehren(pfad: Path, fortschritt: Fortschritt = ablauf.stille) -> Vorgefuehrt:
    """Build the demo folder and consolidate it; an earlier demo at this place is replaced.

    Raises: AblageFehler: the folder holds something else.
    """
    _platz_machen(pfad)
    ablage = Ablage.anlegen(pfad, stammdaten_mappe(stamm.stammdaten()))
    schreibe(pfad / MERKMAL, b"Beispieldaten; dieser Ordner darf ersetzt werden.\n")
    anhang1(pfad, int(szenario.JAHR), mit_pdf=False)
    for zeit in (szenario.H2, szenario.JAHR):
        ablauf.vorlagen(pfad, zeit, fortschritt)
        _einreichen(ablage, zeit)
    winter = (szenario.H2, szenario.JAHR)
    ablauf.mahnen(pfad, winter, MAHNUNG, hand=_hand(MAHNUNG, "MB"))
    gesendet(pfad, (), MAHNUNG, alle=True)
    ablauf.mahnen(pfad, winter, NACH_WINTER, (date(2024, 4, 5), "MB"), hand=_hand(NACH_WINTER, "MB"))
    _lauf(pfad, "2024-03", date(2024, 3, 20))
    gesendet(pfad, (), date(2024, 3, 21), alle=True)
    ablauf.vorlagen(pfad, szenario.H1, fortschritt)
    _einreichen(ablage, szenario.H1)
    _fremdes(ablage)
    ablauf.mahnen(pfad, szenario.H1, MAHNUNG_H1, hand=_hand(MAHNUNG_H1, "MB"))
    erstrecken(pfad, Frist(szenario.H1, *szenario.ERSTRECKT), date(2024, 8, 28))
    ablauf.stichprobe(pfad, szenario.H1, (5, 2024, True), MAHNUNG_H1)
    zweiter = _lauf(pfad, "2024-09", STICHTAG)
    return Vorgefuehrt(ablauf.konsolidieren(pfad, STICHTAG, fortschritt, STICHTAG, hand=_hand(STICHTAG, "MB")), zweiter)


def _lauf(pfad: Path, name: str, tag: date) -> Zahlungslauf:
    """Prepare a run, release it by a second person, hand it over."""
    zahlungslauf(pfad, Auftrag(name, tag, vorbereiten=True, visa=("MB",), hand=_hand(tag, "MB")), tag)
    ergebnis = zahlungslauf(pfad, Auftrag(name, tag, freigeben=True, visa=("RK",), hand=_hand(tag, "RK")), tag)
    uebergeben(pfad, name, tag, hand=_hand(tag, "RK"))
    return ergebnis


def _hand(tag: date, visum: str) -> Hand:
    """Return who acts in the demo; its clock stands still, so that two demos are equal."""
    return Hand(datetime.combine(tag, time(9), timezone(timedelta(hours=1))), "demo", visum)


def _platz_machen(pfad: Path) -> None:
    if pfad.exists() and (not pfad.is_dir() or any(pfad.iterdir())):
        if not (pfad / MERKMAL).is_file():
            raise AblageFehler(f"«{pfad}» enthält etwas anderes als eine Demo. Nennen Sie einen neuen Ordner.")
        shutil.rmtree(pfad)


def _einreichen(ablage: Ablage, zeit: str) -> None:
    stammdaten, _, _ = ablauf.stammdaten_laden(ablage)
    gebiet = stammdaten.gebiet
    for s in szenario.sendungen(zeit, beteiligte(stammdaten, zeit), gebiet):
        vorlagenname = ablauf.vorlagenname(formular_fuer(s.zeit), s.zeit, s.bfs_nr, gebiet.name(s.bfs_nr))
        daten = (_LIBREOFFICE / vorlagenname).read_bytes() if s.libreoffice else _gefuellt(ablage, s, vorlagenname)
        ort, inhalt = _sendung(s, vorlagenname, daten, gebiet.name(s.bfs_nr))
        schreibe(ablage.eingang / ort, inhalt)


def _sendung(s: Sendung, vorlagenname: str, daten: bytes, gemeinde: str) -> tuple[str, bytes]:
    """Return where below Eingang/ a form lies and what lies there: itself, or the envelope that it came in."""
    tag, post, wer = s.eingang, f"Mail {gemeinde} {s.zeit}", (s.bfs_nr, s.zeit)
    if s.name:
        return f"{tag}/{s.name}", daten
    if s.bfs_nr in szenario.ALS_ARCHIV:
        return f"{tag}/Formulare {gemeinde}.zip", gepackt(vorlagenname, daten)
    if wer == szenario.AUS_OUTLOOK:
        return f"{post}.msg", outlook(tag, vorlagenname, daten, f"integration.{s.bfs_nr}@so.example")
    if s.bfs_nr not in szenario.PER_MAIL:
        return f"{tag}/{vorlagenname}", daten
    if wer == szenario.FALSCHE_UHR:
        return f"{tag}/{post}.eml", mail(tag.replace(year=2098), vorlagenname, daten, gemeinde)
    weiter = wer == szenario.WEITERGELEITET
    brief = mail(tag, vorlagenname, daten, gemeinde, *([KOLLEGIN] if weiter else []))
    return f"{post}.eml", weitergeleitet(szenario.WEITER_AM, brief, gemeinde) if weiter else brief


def _gefuellt(ablage: Ablage, s: Sendung, vorlagenname: str) -> bytes:
    form = formular_fuer(s.zeit)
    vorlage = (ablage.vorlagen / s.zeit / vorlagenname).read_bytes()
    return fuelle(vorlage, form.id, form.version_fuer(s.zeit).id, s.werte)


def _fremdes(ablage: Ablage) -> None:
    """Put beside the good files what people really send: other formats, other municipality's form, own lists."""
    tag = ablage.eingang / "2024-07-30"
    bfs, name, statt = szenario.FREMDES_FORMULAR
    vorlage = next((ablage.vorlagen / szenario.H1).glob(f"*_{bfs}_*"))
    form = formular("anhang2")
    werte = {"gemeinde": name, "nullmeldung": "Nein", "erst_einzelpersonen": 4, "bestaetigung": "Ja"}
    schreibe(
        tag / f"Reporting {name}.xlsx", fuelle(vorlage.read_bytes(), form.id, form.version_fuer(szenario.H1).id, werte)
    )
    bfs, name = szenario.VERBUNDEN
    vorlage = next((ablage.vorlagen / szenario.H1).glob(f"*_{bfs}_*"))
    werte = szenario.verbunden(bfs, name)
    verbunden = fuelle(vorlage.read_bytes(), form.id, form.version_fuer(szenario.H1).id, werte, "C21:C22")
    schreibe(tag / vorlage.name, verbunden)
    schreibe(tag / "Gunzgen Liste Gespräche.xlsx", _eigene_liste())
    schreibe(tag / "Haegendorf_Reporting.xlsx", stamm.PDF)
    schreibe(tag / "Dulliken.msg", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    schreibe(tag / f"~$Anhang_2_{szenario.H1}_{statt}.xlsx", b"\x05Muster" + bytes(158))
    alt = next((ablage.vorlagen / szenario.H2).glob("*_2574_*"))
    werte = reporting(2574, "Eppenberg-Wöschnau", 900, 73_000, szenario.H2)
    daten = fuelle(alt.read_bytes(), form.id, form.version_fuer(szenario.H2).id, werte)
    schreibe(ablage.eingang / "2024-07-24" / "Eppenberg letztes Formular.xlsx", daten)


def _eigene_liste() -> bytes:
    mappe = Mappe("Gespräche Gunzgen")
    blatt = mappe.blatt("Tabelle1")
    zeilen = (("Datum", "Gespräch mit"), ("12.03.2024", "Familie"), ("18.04.2024", "Einzelperson"))
    for zeile, werte in enumerate(zeilen):
        blatt.write_row(zeile, 0, werte)
    return mappe.bytes()
