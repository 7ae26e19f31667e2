"""What the screen shows after an order: what was noted, what it changes, the copy, the way on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from krs.ablauf.aktualisieren import Aktualisiert
from krs.ablauf.entscheiden import Entschieden
from krs.ablauf.fristen import Erstreckt
from krs.ablauf.kontakte import Uebernommen
from krs.ablauf.zuordnen import Zugeordnet
from krs.cli.schirm import tabelle
from krs.formulare.formular import formular
from krs.formulare.kontext import aufzaehlung, benennung
from krs.recht import chf, datum


def entschieden(e: Entschieden) -> Iterator[str]:
    """Yield what was decided, by how many francs the claims change, and where the copy lies."""
    ort = f"{e.gemeinde}, {e.formular}, {e.periode}"
    was = aufzaehlung(e.codes) if any(e.codes) else "das ganze Formular"
    yield f"{ort}: {was}, {e.wort}." if e.wort else f"{ort}: Der Entscheid über {was} ist zurückgenommen."
    teile = [f"{s} CHF {chf(abs(b))} {'mehr' if b > 0 else 'weniger'}" for s, b in e.aendert.items() if b]
    yield f"Beiträge: {', '.join(teile)}." if teile else "An den Beiträgen ändert sich nichts."
    yield from _danach(e.sicherung)


def erstreckt(e: Erstreckt, zurueck: bool) -> Iterator[str]:
    """Yield whose deadline it is now."""
    wer, was = aufzaehlung(e.gemeinden), "Zurückgenommen" if zurueck else "Erstreckt"
    bis = f"bis zum {datum(e.frist)} statt {datum(e.bisher)}"
    yield f"{was}: {e.formular} für {e.periode}, {wer}; die Frist läuft {bis}."
    yield from _danach(e.sicherung)


def zugeordnet(z: Zugeordnet, zurueck: bool) -> Iterator[str]:
    """Yield what was noted, where the copy lies, and the way on."""
    if z.sicherung is None:
        yield f"War schon zugeordnet: «{z.datei}» kommt von {z.gemeinde}."
        return
    if zurueck:
        yield f"Zurückgenommen: {z.datei}… ist nicht mehr {z.gemeinde} zugeordnet."
    else:
        yield f"Zugeordnet: «{z.datei}» kommt von {z.gemeinde}."
    yield from _danach(z.sicherung)


def aktualisiert(a: Aktualisiert) -> Iterator[str]:
    """Yield what was added."""
    if a.sicherung is None:
        yield "Stammdaten.xlsx hat schon alles; es ist nichts geschrieben."
        return
    yield from a.saetze
    yield _wie_zuvor(a.sicherung)


def kontakte(u: Uebernommen) -> Iterator[str]:
    """Yield which contacts differ, or were taken over."""
    felder = formular("anhang3").felder
    zeilen = [
        [x.gemeinde, x.jahr, benennung(felder[feld]), alt or "–", neu]
        for x in u.uebernahmen for feld, (alt, neu) in x.werte.items()
    ]  # fmt: skip
    if not zeilen:
        yield "Die angenommenen Selbstdeklarationen nennen keine anderen Kontakte als die Stammdaten."
        return
    yield from tabelle(["Gemeinde", "Jahr", "Angabe", "Stammdaten", "Formular"], zeilen)
    yield ""
    if u.sicherung is None:
        yield "Es ist nichts geschrieben: Nennen Sie die Gemeinden, deren Angaben Sie übernehmen, oder «alle»."
    else:
        yield from _danach(u.sicherung)


def _wie_zuvor(sicherung: Path) -> str:
    return f"Stammdaten wie zuvor: Sicherungen/{sicherung.name}."


def _danach(sicherung: Path) -> Iterator[str]:
    yield _wie_zuvor(sicherung)
    yield "Rückmeldung, Mahnung und Master nennen es nach «krs konsolidieren»."
