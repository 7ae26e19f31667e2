"""What came in: files and the attachments of mails, each with its day of receipt, read and kept (entwurf 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.archiv import Archiv, Eintrag, Wer
from krs.ablage.durchgang import nicht_gelesen, sichtbarer_name
from krs.ablage.eingangsjournal import Eingangsjournal
from krs.ablage.ordner import Ablage, AblageFehler, lies_hoechstens
from krs.ablauf.eingangstag import Ort, angesagt, bestimme, ungewisse
from krs.ablauf.gemeinsam import Fortschritt, Uhr, einreichung
from krs.ablauf.weiterleitung import nach_innen
from krs.formulare.ahv import ohne_ahv
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.formular import formulare
from krs.formulare.identitaet import zuordnen
from krs.recht import datum
from krs.urteil.fassung import Einreichung
from krs.urteil.grabstein import Grabstein

if TYPE_CHECKING:
    from krs.ablage.post.teil import Mail
    from krs.ablage.post.weg import Weg
    from krs.stammdaten.zeilen import Einstellungen

HOECHSTENS = 40_000_000  # bytes read of one file; a form has 20,000, a mail a few of them
RUECKSPRUNG = 7  # days that a clock may be behind an earlier reading


@dataclass(frozen=True, slots=True)
class Fund:
    """One file to judge, as it lies in the folder or hangs on a mail; `abweisung` where it could not be opened.

    `absender` is the address of the mail in lower case, empty for a file or a mail that names none; `wege` the
    e-mails inside it that carried the file; `daneben` what lay beside it in its envelope and is not read.
    """

    name: str
    tag: date | None
    daten: bytes = b""
    abweisung: Befund | None = None
    absender: str = ""
    wege: tuple[Weg, ...] = ()
    daneben: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of its bytes; empty where there are none to hash."""
        return hashlib.sha256(self.daten).hexdigest() if self.abweisung is None else ""


def funde(pfad: Path, name: str, tag: date | None) -> Iterator[Fund]:
    """Yield the file itself, or what an envelope holds: a mail with the day it was received, an archive (entwurf 1)."""
    name = ohne_ahv(sichtbarer_name(name))
    try:
        daten = lies_hoechstens(pfad, HOECHSTENS)
    except AblageFehler as fehler:
        grund = "ein anderes Programm hält sie, oder das Recht dazu fehlt" if fehler.gesperrt else "sie liegt nicht vor"
        grund = "es ist ein Ordner, den dieses Konto nicht lesen darf" if pfad.is_dir() else grund
        yield Fund(name, tag, abweisung=melde(Akte(name), "E-15", grund=grund))
        return
    if daten[30:49] == b"[Content_Types].xml":  # a workbook, as nearly all
        yield Fund(name, tag, daten)
        return
    from krs.ablage.post import oeffne

    huelle = oeffne(daten, name)
    if huelle is None:
        yield Fund(name, tag, daten)
        return
    eingang, von, wege = huelle.eingang or tag, huelle.absender, _wege(huelle, tag)
    if wege:
        eingang = tag
    if huelle.grund:
        yield Fund(name, eingang, abweisung=melde(Akte(name), "E-22", grund=huelle.grund), absender=von, wege=wege)
    elif not (huelle.anhaenge or huelle.maengel):
        yield Fund(name, eingang, abweisung=melde(Akte(name), "E-20"), absender=von, wege=wege)
    for mangel in huelle.maengel:
        ort, grund = f"{name}/{ohne_ahv(mangel.name)}" if mangel.name else name, ohne_ahv(mangel.grund)
        befund = melde(Akte(ort), mangel.code, grund=grund, was=grund)
        yield Fund(ort, eingang, abweisung=befund, absender=von, wege=wege)
    neben = tuple(f"{name}/{n}" for n in huelle.daneben)
    for anhang in huelle.anhaenge:
        alle, ort = (*wege, *anhang.wege), f"{name}/{ohne_ahv(anhang.name)}"
        yield Fund(ort, eingang, anhang.daten, absender=von, wege=alle, daneben=neben)


def _wege(huelle: Mail, tag: date | None) -> tuple[Weg, ...]:
    """Return what an e-mail claims that was there before the day of its folder, if no server says so."""
    from krs.ablage.post.weg import Stempel, Weg

    frueher = huelle.behauptet and tag and huelle.eingang and huelle.eingang < tag
    return (Weg("", (Stempel("", huelle.eingang),), aussen=True),) if frueher else ()


@dataclass(frozen=True, slots=True)
class Eingelesen:
    """What came in, sentences about it, and how many files of Eingang/ were opened; `neue` were not archived yet."""

    einreichungen: Sequence[Einreichung]
    meldungen: Sequence[str]
    dateien: int
    neue: int


def einlesen(
    ablage: Ablage, uhr: Uhr, fortschritt: Fortschritt, kanton: Einstellungen, *, festhalten: bool = True
) -> Eingelesen:
    """Read Eingang/ and the forms that only the archive still has; whatever could be opened is archived.

    Args:
        kanton: names its servers and its address; what they stamped counts in an e-mail that it forwarded.
        festhalten: False only looks: nothing is archived, and no day of receipt is fixed.
    Raises: AblageFehler; FileNotFoundError: who only looks holds no lock, and a file went away.
    """
    archiv = Archiv(ablage.archiv)
    if festhalten:
        _pruefe_uhr(archiv, uhr)
    return _Einlesen(archiv, uhr, kanton, festhalten).alles(ablage, fortschritt)


def _pruefe_uhr(archiv: Archiv, uhr: Uhr) -> None:
    """Refuse a clock that went back by more than a week. Raises: AblageFehler."""
    zuletzt = max((e.gelesen_am for e in archiv.eintraege.values() if e.gelesen_am), default=date.min)
    if uhr.heute is not None and not uhr.stimmt and (zuletzt - uhr.heute).days > RUECKSPRUNG:
        raise AblageFehler(
            f"Die Uhr dieses Computers zeigt den {datum(uhr.heute)}, aber schon am {datum(zuletzt)} wurden hier "
            "Dateien gelesen. Stellen Sie die Uhr richtig. Ging sie damals falsch, bestätigen Sie den heutigen Tag: "
            f"«krs konsolidieren ABLAGE --stichtag {uhr.heute}»."
        )


class _Einlesen:
    def __init__(self, archiv: Archiv, uhr: Uhr, kanton: Einstellungen, festhalten: bool) -> None:
        self.archiv, self.uhr, self.kanton, self.festhalten = archiv, uhr, kanton, festhalten
        self.journal = Eingangsjournal(archiv.ordner)
        self.gelesen: dict[str, Einreichung] = {}
        self.abgewiesen: list[tuple[str, Einreichung]] = []  # with the SHA-256 of what was kept, else empty
        self.orte: dict[str, list[Ort]] = {}
        self.bekannt, self.neue = frozenset(archiv.eintraege), set[str]()
        self.ungewiss: list[Einreichung] = []  # new, with E-25 or E-28
        self.meldungen: list[str] = []

    def alles(self, ablage: Ablage, fortschritt: Fortschritt) -> Eingelesen:
        if self.festhalten:
            mit_tag = (e.sha256 for e in self.archiv.eintraege.values() if e.gelesen_am and e.loeschung is None)
            self.meldungen += self.journal.saetze(mit_tag)
        gang = ablage.durchgang()
        dateien = gang.dateien
        neue, zu, daneben = 0, 0, list[str]()
        for pfad in fortschritt(dateien, len(dateien), "Formulare lesen"):
            ordner, stand = ablage.tagordner(pfad), len(self.neue)
            for fund in funde(pfad, ablage.name(pfad), ordner.tag):
                ort = Ort(fund.name, fund.tag, ordner.tag, fund.absender, fund.wege, ordner.schein)
                if fund.abweisung and not self.festhalten and not pfad.exists():
                    raise FileNotFoundError(pfad)  # moved while we ask: `lesend` looks where it is now
                if fund.abweisung is None:
                    self._nimm(fund, ort)
                else:
                    self._huelle(fund, fund.abweisung, pfad, ort)
                    zu += fund.abweisung.code == "E-15"
            neue += len(self.neue) > stand
            daneben += fund.daneben if len(self.neue) > stand else ()  # said once
        einreichungen = [self._mit_eingang(e) for e in self.gelesen.values()]
        einreichungen += [self._ohne_formular(sha, e) for sha, e in self.abgewiesen if sha not in self.gelesen]
        einreichungen += self._aus_dem_archiv()
        if self.festhalten:
            for e in self.archiv.eintraege.values():  # of 0.4.0, or its line got lost
                if e.loeschung is None and e.sha256 not in self.journal.dateien:
                    self._notiere(e, e)
            self.journal.sichern()  # before the index: who was new is known by it
            self.archiv.sichern()
        self.meldungen += ungewisse(self.ungewiss) + nicht_gelesen(gang.uebergangen, daneben)
        return Eingelesen(einreichungen, [*self.meldungen, *self.archiv.fremde()], len(dateien) - zu, neue)

    def _nimm(self, fund: Fund, ort: Ort) -> None:
        """Take a file that may be a form. The same bytes are one file; of its names one that it can be read by wins."""
        if len(fund.daten) > HOECHSTENS:  # only its beginning was read: no hash, nothing to keep
            e = replace(einreichung(fund.daten, fund.name, self.uhr.tag), sha256="")
            self._abweisen(e, ort)
            return
        sha = fund.sha256
        if self._geloescht(sha, ort):
            return
        self._merke(sha, ort)
        if sha in self.gelesen:
            return
        e, alt = einreichung(fund.daten, fund.name, self.uhr.tag, sha), self.archiv.eintraege.get(sha)
        if e.eingabe is None and alt is not None and not alt.abgewiesen:
            e = einreichung(fund.daten, alt.datei, self.uhr.tag, sha)
        if e.eingabe is None:
            self._abweisen(e, ort, sha, fund.daten)
            return
        self.gelesen[sha] = e
        if self.festhalten and self.archiv.ablegen(sha, fund.daten):
            satz = f"Archiv: «{fund.name}» fehlte oder war verändert und ist aus dem Eingang wiederhergestellt."
            self.meldungen.append(satz)

    def _merke(self, sha: str, ort: Ort) -> None:
        self.orte.setdefault(sha, []).append(ort)
        if sha not in self.bekannt:
            self.neue.add(sha)

    def _huelle(self, fund: Fund, abweisung: Befund, pfad: Path, ort: Ort) -> None:
        """Keep a whole file whose contents could not be taken out; what cannot be opened is only named."""
        e = Einreichung(fund.name, "", self.uhr.tag, abweisung=abweisung)
        try:
            daten = lies_hoechstens(pfad, HOECHSTENS)
        except AblageFehler:
            daten = None
        if daten is None or len(daten) > HOECHSTENS:
            self._abweisen(e, ort)
            return
        sha = hashlib.sha256(daten).hexdigest()
        if not self._geloescht(sha, ort):
            self._merke(sha, ort)
            self._abweisen(replace(e, sha256=sha), ort, sha, daten)

    def _notiere(self, e: Einreichung | Eintrag, alt: Eintrag | None) -> None:
        """Note in the journal who brought a file that is kept, and where from."""
        if self.festhalten:
            orte, tage = self.orte.get(e.sha256, [Ort("", None, None)]), (e.eingang, self.uhr.stichtag)
            herkunft = [(o.name, o.absender) for o in orte]
            self.journal.aufgenommen(self.uhr.hand, tage, e.sha256, herkunft, neu=alt is None)

    def _geloescht(self, sha: str, ort: Ort) -> bool:
        """Refuse what was purged (E-19); it is not kept again."""
        alt = self.archiv.eintraege.get(sha)
        if alt is None or alt.loeschung is None:
            return False
        g = alt.loeschung
        befund = melde(Akte(ort.name), "E-19", am=datum(g.am), visum=g.visum, grund=g.grund)
        self._abweisen(Einreichung(ort.name, sha, self.uhr.tag, abweisung=befund), ort)
        return True

    def _abweisen(self, e: Einreichung, ort: Ort, sha: str = "", daten: bytes = b"") -> None:
        """Name what is no form with its sender; with a `sha` keep its bytes. Five equal empty files are five."""
        e = replace(e, absender=self._von([ort], e.sha256))
        self.abgewiesen.append((sha, e if sha else self._mit_tag(e, [ort])))
        if sha and self.festhalten:
            self.archiv.aufheben(sha, daten)

    def _mit_tag(self, e: Einreichung, orte: Sequence[Ort], alt: Eintrag | None = None) -> Einreichung:
        """Return a file with its day of receipt, and note what the screen says about it."""
        grenze = self._gelesen_am(alt) or date.max
        tag = bestimme(e, orte, (alt.eingang, self.journal.tage.get(e.sha256)) if alt else None, grenze, self.uhr.tag)
        e = nach_innen(tag.einreichung, ((o.absender, o.wege) for o in orte), self.kanton)
        if alt is None or alt.eingang != e.eingang:
            self.ungewiss.append(e)
        if alt and alt.eingang != e.eingang:
            self.meldungen.append(angesagt(e, alt, tag))
        return e

    def _von(self, orte: Iterable[Ort], sha: str) -> tuple[str, ...]:
        """Return the addresses that sent a file, each once; the journal knows those of mails that have gone."""
        return tuple(dict.fromkeys([*(o.absender for o in orte if o.absender), *self.journal.absender.get(sha, ())]))

    def _gelesen_am(self, alt: Eintrag | None) -> date | None:
        """Return the real day of the first reading; one long after today was that of a wrong clock."""
        erst, heute = alt.gelesen_am if alt else None, self.uhr.heute
        return heute if erst is None or (heute is not None and (erst - heute).days > RUECKSPRUNG) else erst

    def _mit_eingang(self, e: Einreichung) -> Einreichung:
        """Return a form with its day of receipt. It keeps the name it was archived under while that lies there."""
        alt, orte = self.archiv.eintraege.get(e.sha256), self.orte[e.sha256]
        bekannt = alt is not None and not alt.abgewiesen and any(alt.datei == o.name for o in orte)
        e = replace(e, datei=alt.datei if alt and bekannt else e.datei, absender=self._von(orte, e.sha256))
        e = self._mit_tag(e, orte, alt)
        self._notiere(e, alt)
        self.archiv.eintragen(Eintrag(e.sha256, e.eingang, e.datei, _wer(e), gelesen_am=self._gelesen_am(alt)))
        assert e.eingabe is not None
        return replace(e, eingabe=replace(e.eingabe, datei=e.datei))

    def _ohne_formular(self, sha: str, e: Einreichung) -> Einreichung:
        """Note in the index what is kept and no form; its day is fixed like that of a form."""
        abweisung = e.abweisung
        if not sha or abweisung is None:
            return e
        alt = self.archiv.eintraege.get(sha)
        e = self._mit_tag(e, self.orte[sha], alt)
        self._notiere(replace(e, sha256=sha), alt)
        if alt is None or alt.abgewiesen:
            name, code = alt.datei if alt else e.datei, abweisung.code
            self.archiv.eintragen(Eintrag(sha, e.eingang, name, gelesen_am=self._gelesen_am(alt), abgewiesen=code))
        return e

    def _formular(self, eintrag: Eintrag) -> bool:
        """Tell whether the archive keeps it as a form, whatever somebody wrote into the index."""
        return not eintrag.abgewiesen or self.archiv.pfad(eintrag.sha256).exists()

    def _aus_dem_archiv(self) -> Iterable[Einreichung]:
        """Yield the forms that lie in the archive alone. What is no form counts while it lies in Eingang/."""
        for eintrag in list(self.archiv.eintraege.values()):
            g = eintrag.loeschung
            if g and (grab := grabstein(eintrag.wer, g.am, g.stand, g.grund, g.visum)):
                yield Einreichung("", eintrag.sha256, eintrag.eingang, grab=grab)
            elif eintrag.sha256 not in self.orte and eintrag.loeschung is None and self._formular(eintrag):
                e = einreichung(self.archiv.lies(eintrag.sha256), eintrag.datei, eintrag.eingang, eintrag.sha256)
                e = self._mit_tag(replace(e, absender=self._von((), e.sha256)), (), eintrag)
                gelesen_am = self._gelesen_am(eintrag) if eintrag.gelesen_am or e.vermerke else None
                self.archiv.eintragen(replace(eintrag, eingang=e.eingang, wer=_wer(e), gelesen_am=gelesen_am))
                yield e


def grabstein(wer: Wer, am: date, stand: str, grund: str = "", visum: str = "") -> Grabstein | None:
    """Return what stays of a purged form; None for what is none, or of which nobody knows whose it was."""
    form = next((f for f in formulare() if f.name == wer.formular), None)
    if wer.bfs_nr is None or form is None:
        return None
    try:
        form.version_fuer(wer.periode)
    except ValueError:
        return None
    return Grabstein(Akte("", wer.gemeinde, wer.bfs_nr, wer.formular, wer.periode), am, grund, visum, stand)


def _wer(e: Einreichung) -> Wer:
    """Return whose form a file is, as the index of the archive names it."""
    if e.eingabe is None:
        return Wer()
    akte = zuordnen(e.eingabe).akte
    return Wer(akte.bfs_nr, akte.gemeinde, akte.formular, akte.periode)
