"""Claims: what each municipality is owed, for what, in which state, with its Rechenweg (Ziff. 4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.anhang2 import Anhang2
from krs.formulare.formular import periodenbeginn
from krs.recht import (
    LEISTUNG,
    Halbjahr,
    Leistung,
    NichtGeregelt,
    Rechenschritt,
    Tarife,
    datum,
    pauschale,
    sockelbeitrag,
)
from krs.stammdaten.sperren import Sperre
from krs.urteil.fassung import Fassung
from krs.urteil.tafel import NOCH_NICHT

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid

ANERKANNT, ZURUECKGESTELLT = "anerkannt", "zurückgestellt"
OHNE_ANHANG_3 = "Anhang 3 fehlt"
NICHT_BERECHTIGT, ERSETZT, BEZAHLT = "nicht beitragsberechtigt", "ersetzt", "bezahlt"
ZURUECK = "Entscheid: zurückstellen"
NULL = Decimal("0.00")
VOR_2022 = "A2-06"  # no rate is missing: nothing is owed (docs/entscheide/11)


@dataclass(frozen=True, slots=True)
class Anspruch:
    """One claim. Amounts in CHF; `anzahl`, `ansatz`, `betrag` are None where they are not known.

    `gemeldet`: what the form declares; `anzahl` is less where an officer shortened it (domain 23).
    `bezahlt` and `offen` are known with the runs (krs.lauf.gezahlt): what they paid, and what is recognised beyond it
    (below 0: comes back), or, of a held claim, what could still be added.
    """

    bfs_nr: int
    gemeinde: str
    leistung: Leistung
    periode: str
    anzahl: int | None
    ansatz: Decimal | None
    betrag: Decimal | None
    gueltig_ab: date | None
    ziffer: str
    status: str
    grund: str = ""
    rechenweg: str = ""
    datei: str = ""
    sha256: str = ""
    lauf: str = ""
    gemeldet: int | None = None
    bezahlt: Decimal | None = None
    offen: Decimal | None = None

    def zaehlt(self, status: str) -> Decimal:
        """Return what the claim adds to the sum of a state; what is paid is recognised too."""
        if status == ANERKANNT and self.bezahlt is not None:
            return self.bezahlt + (NULL if self.status in (ZURUECKGESTELLT, NOCH_NICHT) else self.offen or NULL)
        if self.status not in ((ANERKANNT, BEZAHLT) if status == ANERKANNT else (status,)):
            return NULL
        held = status == ZURUECKGESTELLT and self.bezahlt is not None and self.betrag is not None
        return (self.offen if held else self.betrag) or NULL


@dataclass(frozen=True, slots=True)
class Halt:
    """Why claims of a municipality and year are held or refused from elsewhere: claim key → code."""

    codes: dict[str, tuple[str, ...]]
    abgelehnt: frozenset[str] = frozenset()


def _gruende(f: Fassung, schluessel: str, halt: Halt) -> tuple[str, ...]:
    eigene = [b.code for b in f.offen if schluessel in b.ansprueche and b.stufe != "Hinweis"]
    if schluessel in f.gehalten and not eigene:
        eigene = [ZURUECK]
    return tuple(dict.fromkeys([*eigene, *halt.codes.get(schluessel, ())]))


def _status(f: Fassung, schluessel: str, gruende: tuple[str, ...], halt: Halt, gilt: bool) -> tuple[str, str]:
    if not gilt:
        return ERSETZT, ""
    if schluessel in f.abgelehnt | halt.abgelehnt:
        return NICHT_BERECHTIGT, "Entscheid: ablehnen"
    if VOR_2022 in gruende:
        return NICHT_BERECHTIGT, ", ".join(gruende)
    return (ZURUECKGESTELLT, ", ".join(gruende)) if gruende else (ANERKANNT, "")


def gespraeche(f: Fassung, tarife: Tarife, halt: Halt, gilt: bool) -> Iterator[tuple[Anspruch, str]]:
    """Yield the claims of one Anhang 2, none for a count of zero; beside each the sentence of NichtGeregelt, or «»."""
    assert isinstance(f.modell, Anhang2)
    halbjahr, gekuerzt = Halbjahr.parse(f.akte.periode), dict(f.gekuerzt)
    for schluessel, gemeldet in f.modell.summen().items():
        if not gemeldet:
            continue
        kuerzung = gekuerzt.get(schluessel)
        anzahl = kuerzung.anerkannte_anzahl if kuerzung and kuerzung.anerkannte_anzahl is not None else gemeldet
        gruende = _gruende(f, schluessel, halt)
        satz = ""
        schritt: Rechenschritt | None = None
        try:
            schritt = pauschale(LEISTUNG[schluessel], anzahl, halbjahr, tarife)
        except NichtGeregelt as fehler:
            if VOR_2022 not in gruende:
                satz, gruende = str(fehler), (*gruende, "S-23")
        a = _anspruch(f, schluessel, anzahl, schritt, _status(f, schluessel, gruende, halt, gilt), tarife)
        yield _gekuerzt(replace(a, gemeldet=gemeldet), kuerzung), satz


def _gekuerzt(a: Anspruch, e: Entscheid | None) -> Anspruch:
    """Say what was declared and what is recognised, and why, where an officer recognised less."""
    if e is None or a.anzahl == a.gemeldet:
        return a
    wort = f"gemeldet {a.gemeldet}, anerkannt {a.anzahl}"
    grund = f"{wort}: {e.begruendung} ({e.visum}, {datum(e.datum)})" if a.status == ANERKANNT else a.grund
    return replace(a, grund=grund, rechenweg=f"{wort}: {a.rechenweg}" if a.rechenweg else "")


def _anspruch(
    f: Fassung, schluessel: str, anzahl: int, schritt: Rechenschritt | None, stand: tuple[str, str], tarife: Tarife
) -> Anspruch:
    leistung = LEISTUNG[schluessel]
    return Anspruch(
        bfs_nr=f.akte.bfs_nr or 0, gemeinde=f.akte.gemeinde, leistung=leistung, periode=f.akte.periode,
        anzahl=anzahl, ansatz=schritt.ansatz if schritt else None, betrag=schritt.betrag if schritt else None,
        gueltig_ab=schritt.gueltig_ab if schritt else None, ziffer=tarife[leistung].ziffer,
        status=stand[0], grund=stand[1], rechenweg=schritt.text if schritt else "",
        datei=f.einreichung.datei, sha256=f.einreichung.sha256,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sockel:
    """What is known for one Sockelbeitrag: residents (None if missing), the form that releases it."""

    bfs_nr: int
    gemeinde: str
    jahr: int
    auslaender: int | None
    fassung: Fassung | None
    gruende: tuple[str, ...]
    abgelehnt: bool = False
    faellig: bool = True  # the deadline of the form is over


def sockel(s: Sockel, tarife: Tarife) -> tuple[Anspruch, str]:
    """Return the Sockelbeitrag of one municipality and year; beside it the sentence of NichtGeregelt, or nothing."""
    gruende, satz = s.gruende, ""
    schritt: Rechenschritt | None = None
    try:
        schritt = sockelbeitrag(s.auslaender or 0, s.jahr, tarife)
    except NichtGeregelt as fehler:
        satz = str(fehler)
        gruende = (*gruende, "S-23")
    bekannt = schritt is not None and s.auslaender is not None
    stand = (ZURUECKGESTELLT, ", ".join(gruende)) if gruende else (ANERKANNT, "")
    if gruende == (OHNE_ANHANG_3,) and not s.faellig:
        stand = NOCH_NICHT, OHNE_ANHANG_3
    if s.abgelehnt:
        stand = (NICHT_BERECHTIGT, "Entscheid: ablehnen")
    einreichung = s.fassung.einreichung if s.fassung else None
    anspruch = Anspruch(
        bfs_nr=s.bfs_nr, gemeinde=s.gemeinde, leistung=Leistung.SOCKEL, periode=str(s.jahr),
        anzahl=s.auslaender, ansatz=schritt.ansatz if schritt else None,
        betrag=schritt.betrag if schritt and bekannt else None,
        gueltig_ab=schritt.gueltig_ab if schritt else None, ziffer=tarife[Leistung.SOCKEL].ziffer,
        status=stand[0], grund=stand[1], rechenweg=schritt.text if schritt and bekannt else "",
        datei=einreichung.datei if einreichung else "", sha256=einreichung.sha256 if einreichung else "",
    )  # fmt: skip
    return anspruch, satz


def summe(ansprueche: Iterable[Anspruch], status: str = ANERKANNT) -> Decimal:
    """Return the sum in CHF of the claims in one state; what is paid is recognised too."""
    return sum((a.zaehlt(status) for a in ansprueche), NULL)


def jahr_von(periode: str) -> int:
    """Return the year of service: `2023-H2` counts for 2023 (docs/entscheide/03)."""
    return periodenbeginn(periode).year


def gesperrt(ansprueche: Iterable[Anspruch], alle: Iterable[Sperre]) -> Iterator[Anspruch]:
    """Yield the claims; recognised ones that a Sperre concerns are zurückgestellt, with its code as reason."""
    liste = tuple(dict.fromkeys(alle))
    for a in ansprueche:
        codes = list(dict.fromkeys(s.code for s in liste if s.trifft(a.bfs_nr, a.leistung, a.periode)))
        if codes and a.status in (ANERKANNT, ZURUECKGESTELLT, NOCH_NICHT):
            vorher = [a.grund] if a.status != ANERKANNT and a.grund else []
            grund = ", ".join([*vorher, *codes])
            yield replace(a, status=ZURUECKGESTELLT, grund=grund)
        else:
            yield a
