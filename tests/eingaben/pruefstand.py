"""One file through everything that krs does with it: read, judge, answer, read the answer."""

from __future__ import annotations

import resource
from datetime import date

from krs.formulare.befund import Akte, meldungen
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe
from krs.mappen.antwort.einfuegen import antwort
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.arbeiter import lesen_sicher
from krs.mappen.lesen.formular import lesen
from krs.schreiben.antwortmail import mailtext
from krs.schreiben.rueckmeldung import Rueckmeldung
from krs.urteil.fassung import Einreichung, fassung

TAG = date(2024, 7, 20)
HOECHSTBEDARF = 300_000_000  # bytes beyond what was taken before


def durchlauf(daten: bytes, name: str = "x.xlsx") -> str:
    """Return the code of the refusal, «gelesen» for what was read, judged and answered; asserts the rest."""
    vorher = _bedarf()
    try:
        eingabe = lesen_sicher(daten, name)
    except Abgewiesen as fehler:
        befund = fehler.befund(name)
        assert befund.code in meldungen()
        r = Rueckmeldung(name, "0" * 64, Akte(name), TAG, None, ((befund, None),))
        ergebnis = befund.code
    else:
        f = fassung(Einreichung(name, "0" * 64, TAG, eingabe))
        befunde = f.befunde
        if f.gelesen is not None and f.formular is not None and f.version is not None:
            befunde = pruefe(f.gelesen, Kontext(f.akte, f.gelesen.eingabe, f.formular, f.version, f.akte.periode))
        assert all(b.code in meldungen() for b in befunde)
        r = Rueckmeldung(name, "0" * 64, f.akte, TAG, f.frist, tuple((b, None) for b in befunde))
        ergebnis = "gelesen"
    assert mailtext([r], "Kanton").strip()
    zurueck, grund = antwort(daten, r, "Kanton")
    assert _bedarf() - vorher < HOECHSTBEDARF
    if ergebnis == "gelesen" and not grund:
        nochmals = lesen(zurueck, name)
        assert (nochmals.kennung, nochmals.felder, nochmals.listen) == (eingabe.kennung, eingabe.felder, eingabe.listen)
    return ergebnis


def _bedarf() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
