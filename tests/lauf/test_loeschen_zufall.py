"""Forms, corrections, decisions, runs and purges in any order: purging moves no franc that is paid (Entscheid 51)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from krs.formulare.befund import Akte
from krs.lauf.buchung import Journal
from krs.lauf.gezahlt import mit_laeufen
from krs.lauf.kennung import Lauf
from krs.lauf.loeschung import Wirkung, staende, wirkung
from krs.lauf.plan import laufplan
from krs.lauf.status import formular_von
from krs.urteil.fassung import Einreichung, Schluessel
from krs.urteil.grabstein import Grabstein
from krs.urteil.tafel import FEHLT, GELOESCHT
from krs.urteil.urteil import Urteil, urteile
from lauf.hilfe import freigegeben, schliesst
from urteil.hilfe import einreichung, stammdaten

BEISPIELE = int(os.environ.get("KRS_FUZZ", "60"))
BESTAND = [(b, date(j, 12, 31), 100 + b % 7) for b in (2401, 2422, 2425) for j in (2022, 2023)]
KARG: dict[str, Any] = {"gemeinden": [2401, 2422, 2425], "bestand": BESTAND}
STAMM = stammdaten(KARG)
PERIODEN, JAHRE = ("2023-H1", "2023-H2"), (2024,)
LAEUFE = [Lauf(2023, 9), Lauf(2024, 3), Lauf(2024, 9), Lauf(2025, 3)]
WER = [(b, z) for b in (2401, 2422, 2425) for z in PERIODEN] + [(2401, "2024"), (2422, "2024"), (2425, "2024")]
FEHLERHAFT = {"bestaetigung": "Nein"}, {"bedingung_organisation": "Nein"}
LEAD = {"leitgemeinde_modell": "Ja", "leitgemeinde_bfs": 2422, "leitgemeinde_vertrag": date(2020, 11, 24)}

SCHRITTE = st.one_of(
    *[st.tuples(st.just("kommt"), st.sampled_from(WER), st.integers(0, 9), st.integers(-120, 60), st.booleans())] * 3,
    st.tuples(st.just("entscheid"), st.integers(0, 40), st.sampled_from(["anerkennen", "ablehnen", "zurückstellen"]),
              st.sampled_from(["", "F-50", "F-51"]), st.booleans()),
    *[st.tuples(st.just("loeschen"), st.integers(0, 40), st.booleans())] * 3,
)  # fmt: skip
FOLGEN = st.lists(st.lists(SCHRITTE, min_size=3, max_size=9), min_size=3, max_size=len(LAEUFE))


@dataclass
class Welt:
    """What arrived, what is purged, what was decided and paid."""

    tag: date = date(2023, 9, 20)
    alle: list[Einreichung] = field(default_factory=list)
    entscheide: list[dict[str, Any]] = field(default_factory=list)
    journal: Journal = field(default_factory=Journal)
    geloescht: int = 0

    def urteil(self, alle: list[Einreichung] | None = None) -> Urteil:
        s = stammdaten({**KARG, "entscheide": self.entscheide}) if self.entscheide else STAMM
        return urteile(self.alle if alle is None else alle, s, PERIODEN, JAHRE, self.tag)

    def kommt(self, wer: tuple[int, str], anzahl: int, tage: int, schlecht: bool) -> None:
        bfs, zeit = wer
        jahr, werte = "-" not in zeit, {}
        frist = {"2023-H1": date(2023, 7, 31), "2023-H2": date(2024, 1, 31), "2024": date(2024, 1, 31)}[zeit]
        am = min(frist + timedelta(tage), self.tag)
        if jahr:
            werte |= LEAD if bfs == 2422 else {}
        werte |= FEHLERHAFT[jahr] if schlecht else {}
        werte |= {"bemerkungen": f"Fassung {len(self.alle)}"}
        eintrag = {"datei": "x", "gemeinde": bfs, "zeit": zeit, "am": am, "werte": werte}
        e = einreichung(eintrag if jahr else {**eintrag, "zahlen": [anzahl, anzahl // 3, anzahl // 2, 0]}, STAMM)
        assert e.eingabe is not None
        name, sha = f"{len(self.alle)}.xlsx", f"{len(self.alle):064x}"
        self.alle.append(replace(e, datei=name, sha256=sha, eingabe=replace(e.eingabe, datei=name)))

    def entscheid(self, n: int, was: str, code: str, mit_sha: bool) -> None:
        if not self.alle:
            return
        e = self.alle[n % len(self.alle)]
        akte = akte_von(e)
        zeile = {"gemeinde": akte.bfs_nr, "zeit": akte.periode, "code": code, "entscheid": was, "am": self.tag}
        if not any((z["gemeinde"], z["zeit"], z["code"]) == (akte.bfs_nr, akte.periode, code) for z in self.entscheide):
            self.entscheide.append(zeile | ({"datei": e.sha256} if mit_sha else {}))

    def loeschen(self, n: int, trotzdem: bool) -> None:
        """Purge as the command does; then nothing that is paid, and nothing of other forms, may move."""
        offene = [e for e in self.alle if e.grab is None]
        if not offene:
            return
        e, vorher = offene[n % len(offene)], self.urteil()
        grab = Grabstein(akte_von(e), self.tag, "Namen", "AB", staende(vorher, self.journal).get(e.sha256, ""))
        danach = [Einreichung("", x.sha256, x.eingang, grab=grab) if x is e else x for x in self.alle]
        nachher = self.urteil(danach)
        w = wirkung(vorher, nachher, self.journal)
        if w.anders or (w.verliert and not trotzdem):
            return
        self.pruefe(vorher, nachher, w, e)
        self.alle, self.geloescht = danach, self.geloescht + 1

    def pruefe(self, vorher: Urteil, nachher: Urteil, w: Wirkung, e: Einreichung) -> None:
        alt, neu = (geplant(u, self.journal) for u in (vorher, nachher))
        weg = {formular_von(p) for p in w.unbezahlt}
        assert neu == {p: b for p, b in alt.items() if formular_von(p) not in weg}
        schluessel: Schluessel = (akte_von(e).bfs_nr or 0, akte_von(e).formular, akte_von(e).periode)
        if schluessel in {f.schluessel for f in vorher.gueltige}:
            assert fehlende(nachher) <= fehlende(vorher)
            assert schluessel in {f.schluessel for f in (*nachher.geloeschte, *nachher.gueltige)}
        (zeile,) = [z for z in nachher.zeilen if z.sha256 == e.sha256]
        assert zeile.status in (GELOESCHT, "ersetzt")
        self.gezeigt(nachher)

    def gezeigt(self, u: Urteil) -> None:
        """What is paid for a purged form stands there as paid, with its amount; no warning speaks of it."""
        bezahlt = {(a.bfs_nr, a.leistung, a.periode): a for a in mit_laeufen(u, self.journal).ansprueche
                   if a.status != "ersetzt"}  # fmt: skip
        for p, stand in self.journal.staende.items():
            if stand.betrag and formular_von(p) in u.ohne_beleg:
                a = bezahlt[p.bfs_nr, p.leistung, p.periode]
                if a.sha256 not in {z.sha256 for z in u.zeilen if z.fassung} and a.grund == "Formular gelöscht":
                    assert (a.status, a.betrag, a.lauf != "") == ("bezahlt", stand.betrag, True)

    def lauf(self, lauf: Lauf) -> None:
        self.tag = date(lauf.jahr, lauf.monat, 20)
        plan = laufplan(self.urteil(), self.journal, lauf, self.tag)
        schliesst(plan, self.journal)
        assert not [x for x in plan.warnungen if "Beleg" in x]
        self.journal = freigegeben(self.journal, plan)
        self.tag += timedelta(1)


def akte_von(e: Einreichung) -> Akte:
    if e.grab is not None:
        return e.grab.akte
    assert e.eingabe is not None
    k = e.eingabe.kennung
    name = "Anhang 2" if k.formular == "anhang2" else "Anhang 3"
    return Akte("", k.gemeinde, int(k.bfs_nr), name, k.periode)


def fehlende(u: Urteil) -> set[tuple[int | None, str, str]]:
    return {(z.bfs_nr, z.formular, z.periode) for z in u.zeilen if z.status == FEHLT}


def geplant(u: Urteil, journal: Journal) -> dict[Any, Any]:
    """Return what all runs to come would book."""
    plan = laufplan(u, journal, Lauf(2030, 3), date(2030, 3, 20))
    assert not [w for w in plan.warnungen if "Beleg" in w]
    return {b.posten: b.betrag for b in plan.buchungen if b.posten is not None}


def spiele(folge: list[list[tuple[Any, ...]]]) -> Welt:
    welt = Welt()
    for lauf, schritte in zip(LAEUFE, folge, strict=False):
        for art, *was in schritte:
            getattr(welt, art)(*was)
        welt.lauf(lauf)
    return welt


@settings(max_examples=BEISPIELE, derandomize=True, deadline=None, database=None)
@given(FOLGEN)
def test_loeschen_aendert_keinen_bezahlten_franken(folge: list[list[tuple[Any, ...]]]) -> None:
    spiele(folge)
