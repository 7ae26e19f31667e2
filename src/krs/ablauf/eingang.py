"""What came in: files and the attachments of mails, each with its day of receipt, read and kept (entwurf 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
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
    """Yield the file itself, or the attachments of a mail with the day it was received (entwurf 1)."""
    name = ohne_ahv(sichtbarer_name(name))
    try:
        daten = lies_hoechstens(pfad, HOECHSTENS)
    except AblageFehler as fehler:
        grund = "ein anderes Programm hält sie, oder das Recht dazu fehlt" if fehler.gesperrt else "sie liegt nicht vor"
        grund = "es ist ein Ordner, den dieses Konto nicht lesen darf" if pfad.is_dir() else grund
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
    """Read Eingang/ and what only the archive still has; every form is archived, refused files stay where they are.

    Args:
        festhalten: False only looks: nothing is archived, and no day of receipt is fixed.
    Raises: AblageFehler; FileNotFoundError: who only looks holds no lock, and a file went away.
    """
    return _Einlesen(Archiv(ablage.archiv), stichtag, festhalten).alles(ablage, fortschritt)


class _Einlesen:
    def __init__(self, archiv: Archiv, stichtag: date, festhalten: bool) -> None:
        self.archiv, self.stichtag, self.festhalten = archiv, stichtag, festhalten
        self.gelesen: dict[str, Einreichung] = {}
        self.weitere: list[Einreichung] = []
        self.orte: dict[str, list[tuple[str, date | None]]] = {}
        self.meldungen: list[str] = []

    def alles(self, ablage: Ablage, fortschritt: Fortschritt) -> tuple[list[Einreichung], list[str]]:
        dateien = ablage.eingegangen()
        for pfad in fortschritt(dateien, len(dateien), "Formulare lesen"):
            for fund in funde(pfad, ablage.name(pfad), ablage.eingangstag(pfad)):
                if fund.abweisung and not self.festhalten and not pfad.exists():
                    raise FileNotFoundError(pfad)  # moved while we ask: `lesend` looks where it is now
                self._nimm(fund)
        einreichungen = [self._mit_eingang(e, self.orte[sha]) for sha, e in self.gelesen.items()]
        einreichungen += [*self.weitere, *self._aus_dem_archiv()]
        if self.festhalten:
            self.archiv.sichern()
        return einreichungen, [*self.meldungen, *self.archiv.fremde()]

    def _nimm(self, fund: Fund) -> None:
        sha, tag = fund.sha256, fund.tag or self.stichtag
        grabstein, abweisung = self.archiv.eintraege.get(sha), fund.abweisung
        if grabstein is not None and grabstein.loeschung is not None:
            g = grabstein.loeschung
            abweisung = melde(Akte(fund.name), "E-19", am=datum(g.am), visum=g.visum, grund=g.grund)
        if abweisung is not None:
            self.weitere.append(Einreichung(fund.name, sha, tag, abweisung=abweisung))
            return
        self.orte.setdefault(sha, []).append((fund.name, fund.tag))
        if sha in self.gelesen:
            if self.gelesen[sha].eingabe is None:  # five empty files are five: each is named
                self.weitere.append(einreichung(fund.daten, fund.name, tag, sha))
            return
        self.gelesen[sha] = einreichung(fund.daten, fund.name, self.stichtag, sha)
        behalten = self.festhalten and self.gelesen[sha].eingabe is not None
        if behalten and self.archiv.ablegen(sha, fund.daten):
            satz = f"Archiv: «{fund.name}» fehlte oder war verändert und ist aus dem Eingang wiederhergestellt."
            self.meldungen.append(satz)

    def _mit_eingang(self, e: Einreichung, orte: Sequence[tuple[str, date | None]]) -> Einreichung:
        """Return a file with its day of receipt (entwurf 1): its folder or mail, else the day it was archived first.

        Of several copies the earliest day counts. A file keeps the name it was archived under while it lies there.
        """
        tage = [tag for _, tag in orte if tag is not None]
        alt = self.archiv.eintraege.get(e.sha256)
        eingang = min(tage) if tage else alt.eingang if alt else e.eingang
        name = alt.datei if alt and any(alt.datei == n for n, _ in orte) else e.datei
        if alt and alt.eingang != eingang:
            satz = f"Eingang von «{name}»: neu {datum(eingang)} statt {datum(alt.eingang)}, nach seinem Ordner."
            self.meldungen.append(satz)
        if e.eingabe is None:
            return replace(e, eingang=eingang)
        self.archiv.eintragen(Eintrag(e.sha256, eingang, name, _wer(e)))
        return replace(e, datei=name, eingang=eingang, eingabe=replace(e.eingabe, datei=name))

    def _aus_dem_archiv(self) -> Iterable[Einreichung]:
        for eintrag in list(self.archiv.eintraege.values()):
            if eintrag.sha256 not in self.gelesen and eintrag.loeschung is None:
                e = einreichung(self.archiv.lies(eintrag.sha256), eintrag.datei, eintrag.eingang, eintrag.sha256)
                self.archiv.eintragen(replace(eintrag, wer=_wer(e)))
                yield e


def _wer(e: Einreichung) -> Wer:
    """Return whose form a file is, as the index of the archive names it."""
    if e.eingabe is None:
        return Wer()
    akte = zuordnen(e.eingabe).akte
    return Wer(akte.bfs_nr, akte.gemeinde, akte.formular, akte.periode)
