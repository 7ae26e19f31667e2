"""A whole half-year on example data: forms go out, come back as in life, are judged, and the Master is built."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler, schreibe
from krs.ablauf import Fortschritt, Konsolidiert
from krs.ablauf.beitraege import anhang1
from krs.ablauf.laeufe import Auftrag, Zahlungslauf, zahlungslauf
from krs.ablauf.uebergabe import uebergeben
from krs.demo import stamm, szenario
from krs.demo.fuellen import fuelle
from krs.demo.szenario import Sendung
from krs.demo.zahlen import reporting
from krs.export.mail import entwurf
from krs.formulare.formular import Formular, formular
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
    for zeit in (szenario.H2, szenario.JAHR):
        ablauf.mahnen(pfad, zeit, MAHNUNG)
    for zeit in (szenario.H2, szenario.JAHR):
        ablauf.mahnen(pfad, zeit, NACH_WINTER, (date(2024, 4, 5), "MB"))
    _lauf(pfad, "2024-03", date(2024, 3, 20))
    ablauf.vorlagen(pfad, szenario.H1, fortschritt)
    _einreichen(ablage, szenario.H1)
    _fremdes(ablage)
    ablauf.mahnen(pfad, szenario.H1, MAHNUNG_H1)
    ablauf.stichprobe(pfad, szenario.H1, (5, 2024, True), MAHNUNG_H1)
    zweiter = _lauf(pfad, "2024-09", STICHTAG)
    return Vorgefuehrt(ablauf.konsolidieren(pfad, STICHTAG, fortschritt, STICHTAG), zweiter)


def _lauf(pfad: Path, name: str, tag: date) -> Zahlungslauf:
    """Prepare a run, release it by a second person, hand it over."""
    zahlungslauf(pfad, Auftrag(name, tag, vorbereiten=True, visa=("MB",)), STICHTAG)
    ergebnis = zahlungslauf(pfad, Auftrag(name, tag, freigeben=True, visa=("RK",)), STICHTAG)
    uebergeben(pfad, name, tag)
    return ergebnis


def _platz_machen(pfad: Path) -> None:
    if pfad.exists() and (not pfad.is_dir() or any(pfad.iterdir())):
        if not (pfad / MERKMAL).is_file():
            raise AblageFehler(f"«{pfad}» enthält etwas anderes als eine Demo. Nennen Sie einen neuen Ordner.")
        shutil.rmtree(pfad)


def _einreichen(ablage: Ablage, zeit: str) -> None:
    stammdaten, _, _ = ablauf.stammdaten_laden(ablage)
    gebiet = stammdaten.gebiet
    for s in szenario.sendungen(zeit, beteiligte(stammdaten, zeit), gebiet):
        vorlagenname = ablauf.vorlagenname(_form(zeit), zeit, s.bfs_nr, gebiet.name(s.bfs_nr))
        daten = (_LIBREOFFICE / vorlagenname).read_bytes() if s.libreoffice else _gefuellt(ablage, s, vorlagenname)
        if s.bfs_nr in szenario.PER_MAIL and not s.name:
            mail = _mail(s, vorlagenname, daten, gebiet.name(s.bfs_nr))
            schreibe(ablage.eingang / f"Mail {gebiet.name(s.bfs_nr)} {zeit}.eml", mail)
        elif s.bfs_nr in szenario.ALS_ARCHIV and not s.name:
            ziel = ablage.eingang / str(s.eingang) / f"Formulare {gebiet.name(s.bfs_nr)}.zip"
            schreibe(ziel, _gepackt(vorlagenname, daten))
        else:
            schreibe(ablage.eingang / str(s.eingang) / (s.name or vorlagenname), daten)


def _gepackt(name: str, daten: bytes) -> bytes:
    """Return an archive with one form; without a clock, so that two demos are equal."""
    puffer = BytesIO()
    with ZipFile(puffer, "w") as archiv:
        archiv.writestr(ZipInfo(name), daten)
    return puffer.getvalue()


def _mail(s: Sendung, name: str, daten: bytes, gemeinde: str) -> bytes:
    """Return the e-mail as the canton's server saved it: its Received says when it came."""
    text = f"Guten Tag\n\nAnbei das Formular von {gemeinde}.\n\nFreundliche Grüsse\n"
    zeit = format_datetime(datetime.combine(s.eingang, time(9, 12), UTC))
    kopf = f"Received: from mail.example by so.example; {zeit}\r\n"
    mail = entwurf(["start.integration@so.example"], f"Formular {gemeinde}", text, [(name, daten)])
    return kopf.encode() + mail.replace(b"X-Unsent: 1\r\n", b"", 1)  # it was sent


def _form(zeit: str) -> Formular:
    return formular("anhang2" if "-" in zeit else "anhang3")


def _gefuellt(ablage: Ablage, s: Sendung, vorlagenname: str) -> bytes:
    form = _form(s.zeit)
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
