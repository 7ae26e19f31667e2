"""What one state (a released run, or today's judgement) says of each claim, and why two of them differ.

The reasons: form, cells, residents, rate, Entscheid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.lauf.buchung import Posten
from krs.lauf.kennung import Lauf, lauf_von
from krs.recht import Leistung, chf, datum, franken, tausender
from krs.urteil.ansprueche import jahr_von
from krs.urteil.fassung import Fassung
from krs.urteil.fassungsvergleich import Aenderung, aenderungen

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Sichtposten:
    """What one state says of one claim; `betrag` in CHF, 0 unless it is recognised or booked."""

    betrag: Decimal
    anzahl: int | None
    ansatz: Decimal | None
    sha256: str = ""
    zellen: str = ""
    status: str = ""  # of a claim that is not recognised
    grund: str = ""

    @property
    def rechnung(self) -> str:
        """«Fr. 8'000.00 (40 × 200.00)», or the state of what is not recognised."""
        if self.status:
            return self.status
        if self.anzahl is None or self.ansatz is None or not self.betrag:
            return franken(self.betrag)
        return f"{franken(self.betrag)} ({tausender(self.anzahl)} × {chf(self.ansatz)})"


@dataclass(frozen=True)
class Sicht:
    """What one state books per claim: `name` stands in the sentences, `tag` is its day (None: nothing is booked)."""

    name: str
    tag: date | None
    eintraege: Mapping[Posten, Sichtposten] = field(repr=False)
    lauf: Lauf | None = None  # None: what is recognised today
    urteil: Urteil | None = field(default=None, repr=False)
    gemeinden: Mapping[int, str] = field(default_factory=dict, repr=False)


def gruende(a: Sicht, b: Sicht, posten: Posten) -> tuple[tuple[str, ...], bool]:
    """Return why `b` differs from `a`, and whether it is only because the claim fell due in between."""
    alt, neu = a.eintraege.get(posten), b.eintraege.get(posten)
    faellig = lauf_von(posten.leistung, posten.periode)
    if alt is None and a.lauf is not None and faellig is not None and faellig > a.lauf:
        spaeter = b.lauf is not None and faellig > b.lauf
        if not spaeter:
            return (f"fällig im Lauf {faellig} (Ziff. 4.5.2)",), neu is not None and not neu.status
    alle = [
        *_beleg(a, b, posten, alt, neu), *_ansatz(b, posten, alt, neu),
        *_entscheide(a, b, posten), *_stand(a, b, alt, neu),
    ]  # fmt: skip
    return tuple(dict.fromkeys(alle)) or ("der Grund ist aus den Dateien nicht ersichtlich",), False


def _beleg(a: Sicht, b: Sicht, posten: Posten, alt: Sichtposten | None, neu: Sichtposten | None) -> Iterator[str]:
    """Yield what changed in the form or, for a Sockelbeitrag, in the residents."""
    if posten.leistung is Leistung.SOCKEL:
        if alt and neu and alt.anzahl != neu.anzahl:
            yield f"Bestand {_zahl(alt.anzahl)} → {_zahl(neu.anzahl)} (Stammdaten, Ausländerbestand)"
        return
    fassungen = _fassungen(a, b)
    vorher, nachher = (fassungen.get(e.sha256) if e else None for e in (alt, neu))
    if alt is None and neu is not None:
        yield from _neu_eingegangen(a, nachher, neu)
    elif alt is not None and neu is None:
        yield "eine Meldung dazu liegt nicht mehr vor"
    elif alt is not None and neu is not None and alt.sha256 != neu.sha256:
        yield _andere_fassung(posten, (vorher, nachher), (alt, neu), (a, b))
    elif alt is not None and neu is not None and alt.anzahl != neu.anzahl:
        yield f"Anzahl {_zahl(alt.anzahl)} → {_zahl(neu.anzahl)}"


def _neu_eingegangen(a: Sicht, f: Fassung | None, neu: Sichtposten) -> Iterator[str]:
    if f is None:
        yield f"neu gebucht ({_datei((a,), neu.sha256)})"
    elif a.tag is None or f.einreichung.eingang > a.tag:
        yield f"neu eingegangen am {datum(f.einreichung.eingang)} ({f.einreichung.datei})"
    else:
        yield f"eingegangen am {datum(f.einreichung.eingang)} ({f.einreichung.datei}), damals nicht anerkannt"


def _andere_fassung(
    posten: Posten, fassungen: tuple[Fassung | None, Fassung | None], eintraege: tuple[Sichtposten, Sichtposten],
    sichten: Sequence[Sicht],
) -> str:  # fmt: skip
    (alt, neu), (ea, en) = fassungen, eintraege
    if alt is None or neu is None or alt.formular != neu.formular:
        ort = f", Zellen {en.zellen}" if en.zellen else ""
        return (
            f"andere Datei ({_datei(sichten, ea.sha256)} → {_datei(sichten, en.sha256)}{ort}: {_zahl(ea.anzahl)} → "
            f"{_zahl(en.anzahl)})"
        )
    text = f"andere Fassung vom {datum(neu.einreichung.eingang)} ({neu.einreichung.datei})"
    zellen = [_zelle(neu, x) for x in aenderungen(alt, neu) if _zaehlt(neu, x, posten)]
    return f"{text}, {', '.join(zellen)}" if zellen else f"{text}, mit der gleichen Anzahl"


def _zaehlt(f: Fassung, x: Aenderung, posten: Posten) -> bool:
    """Tell whether a field makes the count: its own cells, and the Nullmeldung."""
    feld = f.formular.felder[x.feld] if f.formular else None
    schluessel = posten.leistung.schluessel
    return feld is not None and schluessel in feld.anspruch and (feld.bezahlt or x.feld == "nullmeldung")


def _zelle(f: Fassung, x: Aenderung) -> str:
    """Return «Zelle Reporting!C21: Einzelpersonen 20 → 22»."""
    zelle = f.gelesen.eingabe.felder.get(x.feld) if f.gelesen else None
    ort = f"Zelle {zelle.blatt}!{x.zelle}: " if zelle is not None and x.zelle else ""
    return f"{ort}{x.bezeichnung} {x.alt} → {x.neu}"


def _ansatz(b: Sicht, posten: Posten, alt: Sichtposten | None, neu: Sichtposten | None) -> Iterator[str]:
    """Yield another rate, and that a rate or residents move nothing that is paid (docs/entscheide/21)."""
    if alt is None or neu is None:
        return
    anders = None not in (alt.ansatz, neu.ansatz) and alt.ansatz != neu.ansatz
    if anders:
        yield f"Ansatz {_ansatztext(alt)} → {_ansatztext(neu)} (Stammdaten, Tarife)"
    fest = anders or (posten.leistung is Leistung.SOCKEL and alt.anzahl != neu.anzahl)
    if fest and b.lauf is None and b.urteil is not None and alt.betrag and neu.betrag:
        jahre = {jahr for jahr, _ in b.urteil.stammdaten.einstellungen.neuberechnung}
        if jahr_von(posten.periode) not in jahre:
            yield "was bezahlt ist, ändert nur die Einstellung «Neuberechnung»"


def _ansatztext(e: Sichtposten) -> str:
    return "unbekannt" if e.ansatz is None else chf(e.ansatz)


def _entscheide(a: Sicht, b: Sicht, posten: Posten) -> Iterator[str]:
    """Yield the decisions on the forms behind a claim that were made between the two states."""
    urteil = b.urteil or a.urteil
    if urteil is None:
        return
    von, bis = sorted((a.tag or date.min, b.tag or date.min))
    jahr = str(jahr_von(posten.periode))
    for e in sorted(urteil.stammdaten.entscheide, key=lambda e: (e.datum, e.code)):
        gemeint = (e.formular, e.periode) in (("Anhang 2", posten.periode), ("Anhang 3", jahr))
        if gemeint and e.bfs_nr == posten.bfs_nr and von < e.datum <= bis and _trifft(a, b, e, posten):
            yield " ".join(filter(None, ("Entscheid", e.code, e.entscheid, "vom", datum(e.datum), f"({e.visum})")))


def _trifft(a: Sicht, b: Sicht, e: Entscheid, posten: Posten) -> bool:
    """Tell whether a decision may touch this claim: one on a Befund does only where the Befund touches it."""
    urteil = b.urteil or a.urteil
    if not e.code or urteil is None:
        return True
    betroffen = [
        x.ansprueche for x, _ in urteil.befunde
        if (x.code, x.bfs_nr, x.formular, x.periode) == (e.code, e.bfs_nr, e.formular, e.periode)
    ]  # fmt: skip
    return any(posten.leistung.schluessel in ansprueche for ansprueche in betroffen)


def _stand(a: Sicht, b: Sicht, alt: Sichtposten | None, neu: Sichtposten | None) -> Iterator[str]:
    """Yield why a state does not recognise the claim."""
    for sicht, e in ((a, alt), (b, neu)):
        if e is not None and e.status:
            yield f"{sicht.name} {e.status} ({e.grund})" if e.grund else f"{sicht.name} {e.status}"
    if neu is not None and neu.grund and not neu.status and (alt is None or neu.grund != alt.grund):
        yield neu.grund
    if b.lauf is None and neu is not None and neu.status == "zurückgestellt" and alt is not None and alt.betrag:
        yield "was bezahlt ist, bleibt, bis entschieden ist"


def _fassungen(a: Sicht, b: Sicht) -> dict[str, Fassung]:
    """Return the versions of all files that were received, by SHA-256."""
    return {
        z.sha256: z.fassung for s in (a, b) if s.urteil is not None for z in s.urteil.zeilen if z.fassung is not None
    }


def _datei(sichten: Iterable[Sicht], sha: str) -> str:
    """Return which version a file is: the day it came in where that is known, also of a purged one."""
    zeilen = (z for s in sichten if s.urteil is not None for z in s.urteil.zeilen if sha and z.sha256 == sha)
    z = next((z for z in zeilen if z.eingang is not None), None)
    if z is None or z.eingang is None:
        return f"SHA-256 {sha[:12]}…"
    return f"Fassung vom {datum(z.eingang)}" + ("" if z.fassung else ", gelöscht")


def _zahl(anzahl: int | None) -> str:
    return "unbekannt" if anzahl is None else tausender(anzahl)
