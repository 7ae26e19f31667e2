"""One file from its bytes to its Befunde, as the programme does it, without Stammdaten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from krs.formulare.befund import Befund
from krs.formulare.identitaet import zuordnen
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe, typisiere
from krs.mappen.lesen.formular import Abgewiesen, lesen


@dataclass(frozen=True)
class Ergebnis:
    """All Befunde, and every field that holds a value; rows of a list as tuples."""

    befunde: tuple[Befund, ...]
    werte: dict[str, object]


def urteile(daten: bytes, datei: str) -> Ergebnis:
    """Return what a file gives; never raises for a file, whatever it holds."""
    try:
        eingabe = lesen(daten, datei)
    except Abgewiesen as fehler:
        return Ergebnis((fehler.befund(datei),), {})
    z = zuordnen(eingabe)
    if z.formular is None or z.version is None:
        return Ergebnis((z.befund,) if z.befund else (), {})
    gelesen = typisiere(eingabe, z.akte, z.formular, z.version)
    befunde = pruefe(gelesen, Kontext(z.akte, eingabe, z.formular, z.version, z.akte.periode))
    roh: dict[str, Any] = gelesen.modell.model_dump()
    werte = {k: tuple(tuple(z.values()) for z in w) if isinstance(w, tuple) else w for k, w in roh.items()}
    return Ergebnis(befunde, {k: w for k, w in werte.items() if w not in (None, ())})
