"""All claims of a judgement: which form releases which, what holds it, what an officer refused (Ziff. 4.3, 4.5.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from krs.formulare.befund import Akte, Befund, Stufe, melde, meldungen
from krs.formulare.eingabe import LEERE_ZELLE, Zelle
from krs.formulare.formular import periodenbeginn, periodenende
from krs.recht import BestandFehlt, BestandUnklar, Beteiligung, auslaender
from krs.urteil.ansprueche import OHNE_ANHANG_3, ZURUECK, Anspruch, Halt, Sockel, gesperrt, gespraeche, sockel
from krs.urteil.entscheide import entscheiden
from krs.urteil.fassung import Fassung, Schluessel, gehoben, letzter, status
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from datetime import date

    from krs.stammdaten.stammdaten import Entscheid, Stammdaten


@dataclass(frozen=True, slots=True)
class Anspruchslage:
    """What claims hang on; `weitere` takes the Befunde that stand in no form."""

    s: Stammdaten
    stichtag: date
    entscheide: Mapping[Schluessel, Sequence[Entscheid]]
    ketten: Mapping[Schluessel, Sequence[Fassung]]
    gueltig: Mapping[Schluessel, Fassung]
    weitere: dict[Befund, Entscheid | None] = field(default_factory=dict)

    def alle(self, perioden: Sequence[str], faellige: Sequence[int], jahre: Sequence[int]) -> Iterator[Anspruch]:
        """Yield the claims of these half-years and years; `faellige`: years in which everyone owes a form."""
        return gesperrt([*self._gespraeche(perioden), *self._sockel(faellige, jahre)], self.s.sperren)

    def lead_fassung(self, bfs: int, jahr: str) -> Fassung | None:
        """Return the lead's Selbstdeklaration as it stands for a member: F-07 is about the lead alone."""
        lead = self.s.gebiet.leitgemeinde(bfs, periodenbeginn(jahr))
        f = self.gueltig.get((lead, "Anhang 3", jahr)) if lead else None
        if f is None or all(b.code != "F-07" for b in f.befunde):
            return f
        ohne = replace(f, befunde=tuple(b for b in f.befunde if b.code != "F-07"), entscheide=())
        return entscheiden(ohne, self.entscheide.get(f.schluessel, ()))

    def _halt(self, bfs: int, jahr: str) -> Halt:
        """Return what the Selbstdeklaration of the year (own or the lead's) holds (docs/entscheide/05)."""
        codes: dict[str, list[str]] = defaultdict(list)
        abgelehnt: frozenset[str] = frozenset()
        for f in filter(None, (self.gueltig.get((bfs, "Anhang 3", jahr)), self.lead_fassung(bfs, jahr))):
            abgelehnt |= f.abgelehnt
            offen = [b for b in f.offen if b.stufe is not Stufe.HINWEIS]
            for b in offen:
                for a in b.ansprueche:
                    codes[a].append(b.code)
            for a in f.gehalten.difference(*(b.ansprueche for b in offen)):
                codes[a].append(ZURUECK)
        return Halt({a: tuple(dict.fromkeys(c)) for a, c in codes.items()}, abgelehnt)

    def _gespraeche(self, perioden: Sequence[str]) -> Iterator[Anspruch]:
        for periode in perioden:
            for k in sorted(k for k in self.ketten if k[1:] == ("Anhang 2", periode)):
                halt = self._halt(k[0], periode[:4])
                for f in self.ketten[k]:
                    gilt = f is self.gueltig.get(k)
                    zaehlt = gilt or status(f, self.gueltig.get(k)) == "ersetzt"
                    if f.wiederholt or not f.identitaet_gut or not zaehlt:
                        continue
                    for anspruch, satz in gespraeche(f, self.s.tarife, halt, gilt):
                        if satz and gilt:
                            self._melde_stamm("S-23", f.akte, "Tarife", satz, anspruch.leistung.schluessel)
                        yield anspruch

    def _sockel(self, faellige: Sequence[int], jahre: Sequence[int]) -> Iterator[Anspruch]:
        """Yield the Sockelbeitrag of all that take part; in years without templates of those that filed."""
        for jahr in jahre:
            for bfs in beteiligte(self.s, str(jahr)):
                if jahr not in faellige and self._formular3(bfs, str(jahr)) is None:
                    continue
                anspruch, satz = sockel(self._sockel_lage(bfs, jahr), self.s.tarife)
                if satz:
                    akte = Akte("", anspruch.gemeinde, bfs, "Anhang 3", str(jahr))
                    self._melde_stamm("S-23", akte, "Tarife", satz, "sockel")
                yield anspruch

    def _formular3(self, bfs: int, jahr: str) -> Fassung | None:
        """Return the Selbstdeklaration that releases the Sockelbeitrag: the lead's, else the own."""
        return self.lead_fassung(bfs, jahr) or self.gueltig.get((bfs, "Anhang 3", jahr))

    def _sockel_lage(self, bfs: int, jahr: int) -> Sockel:
        zeit, gebiet = str(jahr), self.s.gebiet
        akte = Akte("", gebiet.name(bfs), bfs, "Anhang 3", zeit)
        f, halt = self._formular3(bfs, zeit), self._halt(bfs, zeit)
        gruende, abgelehnt = list(halt.codes.get("sockel", ())), "sockel" in halt.abgelehnt
        if (bfs, "Anhang 3", zeit) not in self.gueltig:
            mehr, nein = self._ohne_formular(akte, f is None)
            gruende, abgelehnt = [*gruende, *mehr], abgelehnt or nein
        anzahl: int | None = None
        try:
            anzahl = auslaender(self.s.bestand, gebiet, bfs, jahr).anzahl
        except BestandFehlt as fehler:
            gruende.append(self._melde_stamm("S-21", akte, "Ausländerbestand", str(fehler), "sockel"))
        except BestandUnklar as fehler:
            gruende.append(self._melde_stamm("S-22", akte, "Ausländerbestand", str(fehler), "sockel"))
        faellig = self.s.frist(bfs, "Anhang 3", zeit, self.stichtag) < self.stichtag
        return Sockel(bfs, akte.gemeinde, jahr, anzahl, f, tuple(dict.fromkeys(gruende)), abgelehnt, faellig)

    def _ohne_formular(self, akte: Akte, fehlt: bool) -> tuple[list[str], bool]:
        """Return why a Sockelbeitrag without an own form is held, and whether an officer refused it.

        A decision on the whole form releases it (docs/entscheide/04). Who takes part in a part of the year only
        waits for a decision: no pro rata (F-07, docs/entscheide/19).
        """
        bfs, zeit, gruende = akte.bfs_nr or 0, akte.periode, []
        entscheide = [e for e in self.entscheide.get((bfs, "Anhang 3", zeit), ()) if not e.sha256]
        ganz = letzter(e for e in entscheide if not e.code)
        wort = ganz.entscheid if ganz else ""
        if fehlt and wort != "anerkennen":
            gruende.append(OHNE_ANHANG_3)
        if wort == "zurückstellen":
            gruende.append(ZURUECK)
        abgelehnt = wort == "ablehnen"
        if self.s.gebiet.beteiligung(bfs, periodenbeginn(zeit), periodenende(zeit)) is not Beteiligung.GANZ:
            befund = melde(akte, "F-07", LEERE_ZELLE, "bfs_nr", ("sockel",), gemeinde=akte.gemeinde, periode=zeit)
            e = self.weitere[befund] = letzter(e for e in entscheide if e.code in ("", "F-07"))
            gruende += [] if gehoben(befund, e) else ["F-07"]
            abgelehnt = abgelehnt or (e is not None and e.entscheid == "ablehnen")
        return gruende, abgelehnt

    def _melde_stamm(self, code: str, akte: Akte, blatt: str, satz: str, anspruch: str) -> str:
        kurz = satz.removesuffix(f" (Ziff. {meldungen()[code].ziffer}).")  # the clause follows anyway
        satz = satz if kurz == satz else f"{kurz}."
        stamm = replace(akte, datei="Stammdaten.xlsx")
        self.weitere[melde(stamm, code, Zelle(blatt), "", (anspruch,), satz=satz)] = None
        return code
