"""The clerks: what each municipality sends, how it goes wrong, and what it does with a letter (seeded)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING
from zipfile import ZipFile

from krs.ablauf.ausgabe import vorlagenname
from krs.demo import stamm
from krs.demo.fuellen import Getippt, fuelle
from krs.demo.umschlaege import KOLLEGIN, mail, weitergeleitet
from krs.demo.zahlen import Werte, reporting, selbstdeklaration
from krs.formulare.formular import eingabefrist, folgeperiode, formular_fuer
from krs.mappen.vorlage.vorlage import vorlage
from krs.recht import Halbjahr

if TYPE_CHECKING:
    from hilfe.briefe import Abschnitt, Mail
    from krs.ablage.ordner import Ablage

LEER = Getippt("")


class Art(StrEnum):
    """How a first form comes in; the weights are those of the office that was played through before."""

    GUT = "gut"
    FALSCH = "falsch ausgefüllt"
    VERSPAETET = "verspätet"
    GEMAHNT = "erst nach der Mahnung"
    MAIL = "an einer Mail"
    WEITER = "weitergeleitete Mail"
    DOPPELT = "zwei Dateien am selben Tag"
    BERICHTIGT = "rechtzeitig berichtigt"
    ZWEIMAL = "zweimal gesendet"
    ALTE_VORLAGE = "alte Vorlage"
    UNLESBAR = "PDF statt Formular"
    OHNE_TAG = "ohne Tagesordner"
    NIE = "nie"


GEWICHTE = dict(zip(Art, (378, 72, 40, 40, 23, 17, 18, 17, 15, 13, 19, 14, 7), strict=True))
FALSCH: dict[int, tuple[Werte, ...]] = {
    2: (
        {"integ_durch_verantwortliche": LEER, "integ_nachweis": LEER}, {"erst_einzelpersonen": LEER},
        {"bestaetigung": "Nein"}, {"erst_einzelpersonen": 95}, {"erst_familien": "zwei"},
        {"erst_sozialregion": 3, "sozialregion_dossier": "Nein"}, {"sprachen": [("Arabisch", 1)]},
        {"erst_dolmetsch_einzelpersonen": 60},
    ),
    3: (
        {"bedingung_organisation": LEER}, {"bedingung_beauftragte": "Nein"}, {"aufgabe_1": "nicht erfüllt"},
        {"sozialregion_delegation": "weitere"}, {"bestaetigung": LEER},
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Auftrag:
    """Why a file is sent. `bis`: last day that the canton's letter named. `verlangt`: the canton asked for it, and
    what it asks about had come in time.
    """

    bis: date | None = None
    verlangt: bool = False


_UNVERLANGT = Auftrag()


@dataclass(frozen=True, slots=True)
class Sendung:
    """One file on its way: where below Eingang/ it will lie; `sha256`: of the form, not of the mail."""

    tag: date
    ort: str
    daten: bytes
    sha256: str
    bfs_nr: int
    zeit: str
    auftrag: Auftrag = _UNVERLANGT

    @property
    def wer(self) -> tuple[int, str]:
        """Whose form it is, and for when."""
        return self.bfs_nr, self.zeit


class Gemeinden:
    """All clerks. What they send waits in `post` for its day."""

    def __init__(self, ablage: Ablage, namen: dict[int, str], seed: int) -> None:
        self.ablage, self.namen, self.seed = ablage, namen, seed
        self.post: list[Sendung] = []
        self.alle: dict[str, Sendung] = {}  # by the SHA-256 of the form
        self.arten: dict[tuple[int, str], Art] = {}
        self.richtig: dict[tuple[int, str], Werte] = {}
        self.bfs = {name: bfs for bfs, name in namen.items()}

    def eingang(self, bis: date) -> list[Sendung]:
        """Return what comes in up to a day."""
        da = sorted((s for s in self.post if s.tag <= bis), key=lambda s: (s.tag, s.ort))
        self.post = [s for s in self.post if s.tag > bis]
        return da

    # --- first forms --------------------------------------------------------------------------
    def verlangt(self, zeit: str, wer: Sequence[int]) -> None:
        """Let everyone who owes a form decide when and how to send it."""
        mitglieder = {m for gruppe in stamm.LEITGEMEINDEN.values() for m in gruppe} if "-" not in zeit else set()
        for bfs in wer:
            if bfs not in mitglieder:
                self._plane(bfs, zeit)

    def _plane(self, bfs: int, zeit: str) -> None:
        zufall, alt = self._zufall(bfs, zeit), _davor(zeit)
        art = zufall.choices(list(Art), list(GEWICHTE.values()))[0]
        if art is Art.ALTE_VORLAGE and (_version(alt) != _version(zeit) or not self._vorlage(bfs, alt)):
            art = Art.GUT
        self.arten[bfs, zeit], nummer = art, formular_fuer(zeit).nummer
        werte = self.richtig[bfs, zeit] = self._werte(bfs, zeit)
        frist = eingabefrist(nummer, zeit)
        tag = frist - timedelta(int(zufall.triangular(0, 27, 1)))
        tag = frist + timedelta(zufall.randint(1, 9)) if art is Art.VERSPAETET else tag
        if art is Art.UNLESBAR:
            self._sende(bfs, zeit, tag, "Scan.pdf", f"%PDF-1.7\n% {bfs} {zeit}\n".encode())
        elif art is Art.FALSCH:
            falsch = werte | zufall.choice(FALSCH[nummer])
            self._sende(bfs, zeit, tag, "Formular.xlsx", self._gefuellt(bfs, zeit, falsch))
        elif art not in (Art.GEMAHNT, Art.NIE):
            daten = self._gefuellt(bfs, alt if art is Art.ALTE_VORLAGE else zeit, werte)
            self._sende(bfs, zeit, tag, "Formular.xlsx", daten)
            self._nochmals(art, bfs, zeit, tag, frist)

    def _nochmals(self, art: Art, bfs: int, zeit: str, tag: date, frist: date) -> None:
        """Send a second file where the clerk does: another one of the same day, a correction, the same again."""
        zufall, werte = self._zufall(bfs, zeit, "nochmals"), self.richtig[bfs, zeit]
        if art is Art.ZWEIMAL:
            spaeter = tag + timedelta(zufall.randint(1, 20))
            self._sende(bfs, zeit, spaeter, "Formular nochmals.xlsx", self._gefuellt(bfs, zeit, werte))
        if art in (Art.DOPPELT, Art.BERICHTIGT):
            self.richtig[bfs, zeit] = besser = werte | _mehr(werte)
            spaeter = tag if art is Art.DOPPELT else min(frist, tag + timedelta(zufall.randint(1, 5)))
            self._sende(bfs, zeit, spaeter, "Formular neu.xlsx", self._gefuellt(bfs, zeit, besser))

    # --- letters ------------------------------------------------------------------------------
    def mahnung(self, bfs: int, zeit: str, tag: date, bis: date | None) -> None:
        """Read a reminder: who was waiting for it sends the form, most of them by the day that it names."""
        zufall, art = self._zufall(bfs, zeit, "mahnung", tag), self.arten.get((bfs, zeit), Art.NIE)
        if art not in (Art.GEMAHNT, Art.UNLESBAR) or any(s.wer == (bfs, zeit) for s in self.post):
            return
        tage = zufall.randint(2, 12) if zufall.random() < 0.8 or bis is None else zufall.randint(16, 24)
        daten = self._gefuellt(bfs, zeit, self.richtig[bfs, zeit])
        self._sende(bfs, zeit, tag + timedelta(tage), "Formular.xlsx", daten, Auftrag(bis, verlangt=bool(bis)))

    def antwort(self, mail: Mail, a: Abschnitt, tag: date) -> None:
        """Read what a letter says about one form; send the marked workbook back, mostly corrected."""
        wer = (self.bfs[a.gemeinde], a.periode) if a.gemeinde in self.bfs else self._von_datei(a.kopf)
        if wer is None or wer not in self.richtig:
            return
        zufall = self._zufall(*wer, "antwort", tag, a.kopf)
        fragt, wurf = not a.ruht, zufall.random()
        unveraendert = zufall.random() < 0.08
        if wurf > (0.75 if fragt else 0.15):
            return
        bfs, zeit = wer
        wann = tag + timedelta(zufall.randint(2, 9))
        wann = min(wann, a.bis) if a.bis and a.bis > tag and zufall.random() < 0.85 else wann
        mappe = next((d for n, d in mail.anhaenge if f"_{bfs}_" in n and zeit in n and n.startswith("Rueck")), None)
        gemeint = next((k for k in ((bfs, folgeperiode(zeit)),) if a.fragt("F-52") and k in self.richtig), wer)
        if gemeint != wer:
            daten = self._gefuellt(*gemeint, self.richtig[gemeint])
        elif mappe is None or not _ist_formular(mappe, zeit):
            daten = self._gefuellt(bfs, zeit, self.richtig[wer])
        else:
            daten = mappe if unveraendert else self._berichtigt(mappe, zeit, self.richtig[wer], fragt)
        self._sende(*gemeint, wann, f"AW {tag}.xlsx", daten, Auftrag(a.bis, verlangt=fragt and a.rechtzeitig))

    def _von_datei(self, kopf: str) -> tuple[int, str] | None:
        """Return whose file a letter is about that could not be read: the sender knows."""
        return next((s.wer for s in self.alle.values() if s.ort.rpartition("/")[2] in kopf), None)

    # --- workbooks ----------------------------------------------------------------------------
    def _werte(self, bfs: int, zeit: str) -> Werte:
        auslaender, name = _bestand().get(bfs, 0), self.namen[bfs]
        if "-" in zeit:
            return reporting(bfs, name, auslaender, sum(_bestand().values()), zeit)
        return selbstdeklaration(bfs, name, auslaender, int(zeit), bfs in stamm.LEITGEMEINDEN)

    def _vorlage(self, bfs: int, zeit: str) -> bytes:
        name = vorlagenname(formular_fuer(zeit), zeit, bfs, self.namen[bfs])
        pfad = self.ablage.vorlagen / zeit / name
        return pfad.read_bytes() if pfad.is_file() else b""

    def _gefuellt(self, bfs: int, zeit: str, werte: Werte) -> bytes:
        return fuelle(self._vorlage(bfs, zeit), formular_fuer(zeit).id, _version(zeit), werte)

    def _berichtigt(self, mappe: bytes, zeit: str, werte: Werte, fragt: bool) -> bytes:
        """Return the marked workbook with the right figures, and where the question was whether they are, a word."""
        form, version = formular_fuer(zeit), _version(zeit)
        plan = vorlage(form.id, version).plan
        felder = (k for k in form.version_fuer(zeit).felder if k in plan.plaetze and k not in plan.listen)
        leer: Werte = {k: LEER for k in felder if form.felder[k].eingabe}
        leer |= {k: [[LEER] * spalten] * zeilen for k, (_, zeilen, spalten) in plan.listen.items()}
        alle = leer | werte | ({"bemerkungen": "Geprüft."} if fragt and "bemerkungen" in leer else {})
        for k, (_, zeilen, spalten) in plan.listen.items():
            typed = [list(z) for z in werte.get(k, [])]  # type: ignore[call-overload]
            alle[k] = [*typed, *[[LEER] * spalten] * (zeilen - len(typed))]
        return fuelle(mappe, form.id, version, alle)

    # --- post ---------------------------------------------------------------------------------
    def _sende(self, bfs: int, zeit: str, tag: date, datei: str, daten: bytes, auftrag: Auftrag = _UNVERLANGT) -> None:
        sha, art, name = hashlib.sha256(daten).hexdigest(), self.arten.get((bfs, zeit), Art.GUT), self.namen[bfs]
        ort, inhalt = f"{tag}/{name} {zeit} {datei}", daten
        if art in (Art.MAIL, Art.WEITER):
            weiter = art is Art.WEITER and not auftrag.verlangt
            inhalt = mail(tag, f"{zeit} {datei}", daten, name, *([KOLLEGIN] if weiter else []))
            inhalt = weitergeleitet(tag + timedelta(3), inhalt, name) if weiter else inhalt
            ort = f"{name} {zeit} {tag} {datei}.eml"
        elif art is Art.OHNE_TAG:
            ort = f"{name} {zeit} {tag} {datei}"
        neu = Sendung(tag, ort, inhalt, sha, bfs, zeit, auftrag)
        self.alle.setdefault(sha, neu)
        self.post.append(neu)

    def _zufall(self, *was: object) -> Random:
        return Random("/".join(map(str, (self.seed, *was))))


def _ist_formular(mappe: bytes, zeit: str) -> bool:
    """Tell whether a return is the sender's own form; of an unreadable file it is only a list."""
    with ZipFile(BytesIO(mappe)) as z:
        return formular_fuer(zeit).blatt.encode() in z.read("xl/workbook.xml")


@cache
def _bestand() -> dict[int, int]:
    return stamm.bestand()


def _version(zeit: str) -> str:
    return formular_fuer(zeit).version_fuer(zeit).id


def _davor(zeit: str) -> str:
    if "-" in zeit:
        return str(Halbjahr.parse(zeit).vorher())
    return str(int(zeit) - 1)


def _mehr(werte: Werte) -> Werte:
    """Return what a second file says otherwise: one family more, or only a remark."""
    if werte.get("nullmeldung") != "Nein":
        return {"bemerkungen": "Neue Fassung."} if "nullmeldung" in werte else {"aufwand_stunden": 11}
    return {k: int(str(werte[k])) + n for k, n in (("erst_familien", 1), ("erst_personen", 3))}
