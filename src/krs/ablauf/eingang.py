"""What came in: files and the attachments of mails, each with its day of receipt, read and kept (design 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from krs.ablage.archiv import Archiv, Eintrag, Wer
from krs.ablage.ordner import Ablage, AblageFehler, lies_hoechstens, sichtbarer_name
from krs.ablauf.gemeinsam import Fortschritt, einreichung
from krs.formulare.ahv import ohne_ahv
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.identitaet import zuordnen
from krs.recht import datum
from krs.urteil.fassung import Einreichung

HOECHSTENS = 40_000_000  # bytes read of one file; a form has 20,000, a mail a few of them


@dataclass(frozen=True, slots=True)
class Fund:
    """One file to judge, as it lies in the folder or hangs on a mail; `abweisung` where it could not be opened."""

    name: str
    tag: date | None
    daten: bytes = b""
    abweisung: Befund | None = None

    @property
    def sha256(self) -> str:
        """The hash of its bytes; empty where there are none to hash."""
        return hashlib.sha256(self.daten).hexdigest() if self.abweisung is None else ""


def funde(pfad: Path, name: str, tag: date | None) -> Iterator[Fund]:
    """Yield the file itself, or the attachments of a mail with the day it was received (design 1)."""
    name = ohne_ahv(sichtbarer_name(name))
    try:
        daten = lies_hoechstens(pfad, HOECHSTENS)
    except AblageFehler as fehler:
        grund = "ein anderes Programm hält sie, oder das Recht dazu fehlt" if fehler.gesperrt else "sie liegt nicht vor"
        yield Fund(name, tag, abweisung=melde(Akte(name), "E-15", grund=grund))
        return
    if not name.lower().endswith(".eml"):
        yield Fund(name, tag, daten)
        return
    from krs.ablage.post import ist_entwurf, lies_mail

    if ist_entwurf(daten):  # one of ours, put into the wrong folder: nobody sent it in
        yield Fund(name, tag, abweisung=melde(Akte(name), "E-14", was="ein Entwurf, der nie gesendet wurde (.eml)"))
        return
    mail = lies_mail(daten)
    eingang = mail.eingang or tag
    if mail.grund:
        yield Fund(name, eingang, abweisung=melde(Akte(name), "E-10", grund=mail.grund))
    elif not mail.anhaenge:
        yield Fund(name, eingang, abweisung=melde(Akte(name), "E-20"))
    for anhang in mail.anhaenge:
        yield Fund(f"{name}/{ohne_ahv(anhang.name)}", eingang, anhang.daten)


def einlesen(
    ablage: Ablage, stichtag: date, fortschritt: Fortschritt, *, festhalten: bool = True
) -> tuple[list[Einreichung], list[str]]:
    """Read Eingang/ and the forms that only the archive still has; whatever could be opened is archived.

    Args:
        festhalten: False only looks: nothing is archived, and no day of receipt is fixed.
    Raises: AblageFehler; FileNotFoundError: who only looks holds no lock, and a file went away.
    """
    return _Einlesen(Archiv(ablage.archiv), stichtag, festhalten).alles(ablage, fortschritt)


class _Einlesen:
    def __init__(self, archiv: Archiv, stichtag: date, festhalten: bool) -> None:
        self.archiv, self.stichtag, self.festhalten = archiv, stichtag, festhalten
        self.gelesen: dict[str, Einreichung] = {}
        self.abgewiesen: list[tuple[str, Einreichung]] = []  # with the SHA-256 of what was kept, else empty
        self.orte: dict[str, list[tuple[str, date | None]]] = {}
        self.meldungen: list[str] = []

    def alles(self, ablage: Ablage, fortschritt: Fortschritt) -> tuple[list[Einreichung], list[str]]:
        dateien = ablage.eingegangen()
        for pfad in fortschritt(dateien, len(dateien), "Formulare lesen"):
            for fund in funde(pfad, ablage.name(pfad), ablage.eingangstag(pfad)):
                if fund.abweisung and not self.festhalten and not pfad.exists():
                    raise FileNotFoundError(pfad)  # moved while we ask: `lesend` looks where it is now
                if fund.abweisung is None:
                    self._nimm(fund)
                else:
                    self._huelle(fund, fund.abweisung, pfad)
        einreichungen = [self._mit_eingang(e) for e in self.gelesen.values()]
        einreichungen += [self._ohne_formular(sha, e) for sha, e in self.abgewiesen if sha not in self.gelesen]
        einreichungen += self._aus_dem_archiv()
        if self.festhalten:
            self.archiv.sichern()
        self.meldungen += [
            f"Im Archiv liegt «{name}» ohne Eintrag in index.csv; legen Sie die Datei in den Eingang."
            for name in self.archiv.fremde()
        ]
        return einreichungen, self.meldungen

    def _nimm(self, fund: Fund) -> None:
        """Take a file that may be a form. The same bytes are one file; of its names one that it can be read by wins."""
        if len(fund.daten) > HOECHSTENS:  # only its beginning was read: no hash, nothing to keep
            self.abgewiesen.append(("", replace(einreichung(fund.daten, fund.name, self._tag(fund)), sha256="")))
            return
        sha = fund.sha256
        if self._geloescht(sha, fund):
            return
        self.orte.setdefault(sha, []).append((fund.name, fund.tag))
        if sha in self.gelesen:
            return
        e, alt = einreichung(fund.daten, fund.name, self._tag(fund), sha), self.archiv.eintraege.get(sha)
        if e.eingabe is None and alt is not None and not alt.abgewiesen:
            e = einreichung(fund.daten, alt.datei, self._tag(fund), sha)
        if e.eingabe is None:
            self._abweisen(sha, e, fund.daten)
            return
        self.gelesen[sha] = e
        if self.festhalten and self.archiv.ablegen(sha, fund.daten):
            satz = f"Archiv: «{fund.name}» fehlte oder war verändert und ist aus dem Eingang wiederhergestellt."
            self.meldungen.append(satz)

    def _huelle(self, fund: Fund, abweisung: Befund, pfad: Path) -> None:
        """Keep a whole file whose contents could not be taken out; what cannot be opened is only named."""
        e = Einreichung(fund.name, "", self._tag(fund), abweisung=abweisung)
        try:
            daten = lies_hoechstens(pfad, HOECHSTENS)
        except AblageFehler:
            daten = None
        if daten is None or len(daten) > HOECHSTENS:
            self.abgewiesen.append(("", e))
            return
        sha = hashlib.sha256(daten).hexdigest()
        if not self._geloescht(sha, fund):
            self.orte.setdefault(sha, []).append((fund.name, fund.tag))
            self._abweisen(sha, e, daten)

    def _geloescht(self, sha: str, fund: Fund) -> bool:
        """Refuse what was purged (E-19); it is not kept again."""
        alt = self.archiv.eintraege.get(sha)
        if alt is None or alt.loeschung is None:
            return False
        g = alt.loeschung
        befund = melde(Akte(fund.name), "E-19", am=datum(g.am), visum=g.visum, grund=g.grund)
        self.abgewiesen.append(("", Einreichung(fund.name, sha, self._tag(fund), abweisung=befund)))
        return True

    def _abweisen(self, sha: str, e: Einreichung, daten: bytes) -> None:
        """Five empty files are five: each is named, their bytes are kept once."""
        self.abgewiesen.append((sha, e))
        if self.festhalten:
            self.archiv.aufheben(sha, daten)

    def _tag(self, fund: Fund) -> date:
        return fund.tag or self.stichtag

    def _eingang(self, sha: str, sonst: date) -> date:
        """Return the day of receipt (design 1): of folder or mail, of several the earliest; else as archived first."""
        tage, alt = [tag for _, tag in self.orte[sha] if tag is not None], self.archiv.eintraege.get(sha)
        return min(tage) if tage else alt.eingang if alt else sonst

    def _mit_eingang(self, e: Einreichung) -> Einreichung:
        """Return a form with its day of receipt. It keeps the name it was archived under while that lies there."""
        alt, eingang = self.archiv.eintraege.get(e.sha256), self._eingang(e.sha256, e.eingang)
        bekannt = alt is not None and not alt.abgewiesen and any(alt.datei == n for n, _ in self.orte[e.sha256])
        name = alt.datei if alt and bekannt else e.datei
        if alt and alt.eingang != eingang:
            satz = f"Eingang von «{name}»: neu {datum(eingang)} statt {datum(alt.eingang)}, nach seinem Ordner."
            self.meldungen.append(satz)
        self.archiv.eintragen(Eintrag(e.sha256, eingang, name, _wer(e)))
        assert e.eingabe is not None
        return replace(e, datei=name, eingang=eingang, eingabe=replace(e.eingabe, datei=name))

    def _ohne_formular(self, sha: str, e: Einreichung) -> Einreichung:
        """Note in the index what is kept and no form; its day is fixed like that of a form."""
        if not sha or e.abweisung is None:
            return e
        alt, eingang = self.archiv.eintraege.get(sha), self._eingang(sha, e.eingang)
        if alt is None or alt.abgewiesen:
            self.archiv.eintragen(Eintrag(sha, eingang, alt.datei if alt else e.datei, abgewiesen=e.abweisung.code))
        return replace(e, eingang=eingang)

    def _aus_dem_archiv(self) -> Iterable[Einreichung]:
        """Yield the forms that lie in the archive alone. What is no form counts while it lies in Eingang/."""
        for eintrag in list(self.archiv.eintraege.values()):
            if eintrag.sha256 not in self.orte and eintrag.loeschung is None and not eintrag.abgewiesen:
                e = einreichung(self.archiv.lies(eintrag.sha256), eintrag.datei, eintrag.eingang, eintrag.sha256)
                self.archiv.eintragen(replace(eintrag, wer=_wer(e)))
                yield e


def _wer(e: Einreichung) -> Wer:
    """Return whose form a file is, as the index of the archive names it."""
    if e.eingabe is None:
        return Wer()
    akte = zuordnen(e.eingabe).akte
    return Wer(akte.bfs_nr, akte.gemeinde, akte.formular, akte.periode)
