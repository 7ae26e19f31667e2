"""The annotated return: the sender's own workbook with the sheet «Rückmeldung», marked cells and notes.

The sender's package is patched, not rewritten: what need not change stays byte for byte as it came.
"""

from __future__ import annotations

from krs.formulare.befund import Befund
from krs.mappen.antwort.blatt import rueckmeldung_mappe
from krs.mappen.antwort.buch import Buch
from krs.mappen.antwort.entwurf import entwirf
from krs.mappen.antwort.paket import NichtTragbar, Paket
from krs.mappen.antwort.saeubern import saeubere
from krs.mappen.lesen.adresse import zitiert
from krs.schreiben.rueckmeldung import Rueckmeldung

_AHV = (
    "Ihre Arbeitsmappe enthält eine AHV-Nummer und kommt deshalb nicht zurück. Löschen Sie die Nummer in Ihrer "
    "eigenen Fassung; melden Sie nur Anzahlen, keine Angaben zu einzelnen Personen."
)
_UNLESBAR = "Ihre Datei konnte nicht als Formular gelesen werden und ist deshalb nicht markiert."
_NICHT_TRAGBAR = "Ihre Arbeitsmappe konnte nicht markiert werden ({}); die Zellen sind unten genannt."


def antwort(daten: bytes, r: Rueckmeldung, absender: str) -> tuple[bytes, str]:
    """Return what goes back, and why it is not the sender's own workbook (empty where it is)."""
    if r.mit_ahv:
        grund = _AHV
    elif not r.lesbar:
        grund = _UNLESBAR
    else:
        try:
            return annotiert(daten, r, absender), ""
        except NichtTragbar as fehler:
            grund = _NICHT_TRAGBAR.format(fehler.teil)
    return rueckmeldung_mappe(r, absender, grund), grund


def annotiert(daten: bytes, r: Rueckmeldung, absender: str) -> bytes:
    """Return the sender's workbook with the feedback in it; an earlier feedback is replaced.

    Raises: NichtTragbar: it holds what would be lost or broken, what the canton does not pass on, or an AHV number.
    """
    if r.mit_ahv:
        raise NichtTragbar("eine AHV-Nummer")
    paket = Paket(daten, r.datei)
    saeubere(paket)
    buch = Buch(paket)
    buch.raeume_auf()
    marken = buch.zu_markieren(r)
    links = {(b.name, zelle) for b, zellen in marken for zelle in zellen}

    def ziel(b: Befund) -> str:
        return f"{zitiert(b.blatt)}!{b.zelle}" if (b.blatt, b.zelle) in links else ""

    entwurf = entwirf(r, absender, ziel, [(paket.baum(b.teil), zellen) for b, zellen in marken])
    buch.fuege_ein(entwurf, marken)
    return paket.packe()


__all__ = ["NichtTragbar", "annotiert", "antwort"]
