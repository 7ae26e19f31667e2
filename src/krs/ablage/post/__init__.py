"""Envelopes dropped into Eingang/: e-mails, archives, signed parts; what they hold, when it came, from whom."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from krs.ablage.post import archiv, eml, siegel, tnef
from krs.ablage.post.eml import ist_entwurf
from krs.ablage.post.teil import (
    DEFEKT,
    HOECHSTE_ANHAENGE,
    HOECHSTE_GROESSE,
    OLE,
    ZIP,
    Anhang,
    Mail,
    Mangel,
    Teil,
    Vorrat,
    sauber,
)
from krs.ablage.post.verweise import dienste
from krs.formulare.befund import aufgezaehlt

_TIEFE = 20  # envelopes in envelopes that came as a file
_GENANNT = 3  # links or pictures named in one message
_ENDUNGEN = {ZIP: ".xlsx", OLE: ".xls", b"%PDF": ".pdf"}
_PGP, _PGP_ENDUNGEN = b"-----BEGIN PGP MESSAGE", frozenset({".pgp", ".gpg"})
_BESCHAEDIGT = "sie ist beschädigt oder auf unübliche Art gebaut"
_ENTWURF = "ein Entwurf, der nie gesendet wurde ({})"
_ZU_GROSS = "ausgepackt über 40 MB"


def oeffne(daten: bytes, name: str) -> Mail | None:
    """Return what an envelope holds; None if the file is none and is to be read itself. Nothing in it stops us."""
    endung = PurePosixPath(name).suffix.lower()
    if endung == ".eml":
        if not daten:
            return _nur(Mangel("E-04", "sie ist leer"))
        return _nur(Mangel("E-14", _ENTWURF.format(endung))) if ist_entwurf(daten) else lies_mail(daten)
    teil = Teil(sauber(name), "", True, daten)
    if teil.outlook:
        return _outlook(daten)
    try:
        teile = list(_geoeffnet(teil, Vorrat(), _TIEFE))
    except DEFEKT:
        return _nur(Mangel("E-22", _BESCHAEDIGT))
    return None if teile == [teil] else _mail([_ohne_huelle(t, teil.name) for t in teile], Mail(None, ()))


def lies_mail(daten: bytes) -> Mail:
    """Return the day of receipt, the sender and the submissions of an e-mail (.eml); nothing in it stops us.

    If a workbook is attached, workbooks alone are returned, else the other attachments, so that the reader can name
    them. E-mails, archives and signed parts that are attached are opened; what lies in them counts and names its way.
    """
    daten = _ohne_vorspann(daten)
    kopf = Mail(eml.eingang(daten), (), eml.zu_viel(daten), (), eml.absender(daten), eml.empfangen(daten) is None)
    if kopf.grund:
        return kopf
    vorrat = Vorrat()
    try:
        return _mail([t for roh in eml.teile(daten) for t in _geoeffnet(roh, vorrat, _TIEFE)], kopf)
    except DEFEKT:
        return replace(kopf, grund="zu tief verschachtelt")


def _outlook(daten: bytes) -> Mail:
    from krs.ablage.post import msg  # its library is loaded when such a file comes

    vorrat = Vorrat()
    try:
        nachricht = msg.oeffne(daten, vorrat)
        if nachricht.entwurf:
            return _nur(Mangel("E-14", _ENTWURF.format(".msg")))
        kopf = Mail(nachricht.eingang, (), "", (), nachricht.absender, nachricht.zugestellt is None)
        return _mail([t for roh in nachricht.teile() for t in _geoeffnet(roh, vorrat, _TIEFE)], kopf)
    except DEFEKT:
        return _nur(Mangel("E-22", _BESCHAEDIGT))


def _nur(mangel: Mangel) -> Mail:
    return Mail(None, (), "", (mangel,))


def _ohne_huelle(teil: Teil, huelle: str) -> Teil:
    """Return a part without the name of the file itself before its own."""
    mangel = teil.mangel and replace(teil.mangel, name=_innen(teil.mangel.name, huelle))
    return replace(teil, name=_innen(teil.name, huelle), mangel=mangel)


def _innen(name: str, huelle: str) -> str:
    return "" if name == huelle else name.removeprefix(f"{huelle}/")


def _ohne_vorspann(daten: bytes) -> bytes:
    return daten.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def _mail(teile: Sequence[Teil], kopf: Mail) -> Mail:
    """Return an envelope with what of its parts counts as submitted, and what could not be opened."""
    mappen = [t for t in teile if t.mappe]
    gewaehlt = mappen or [t for t in teile if t.beilage]
    maengel = [t.mangel for t in teile if t.mangel]
    if not mappen:
        maengel += _stattdessen(teile)
    grund = f"mehr als {HOECHSTE_ANHAENGE} Anhänge" if len(gewaehlt) > HOECHSTE_ANHAENGE else ""
    anhaenge = tuple(_benannt(gewaehlt[:HOECHSTE_ANHAENGE]))
    daneben = tuple(t.name or "Anhang ohne Namen" for t in teile if mappen and t.beilage and not t.mappe)
    return replace(kopf, anhaenge=anhaenge, grund=grund, maengel=tuple(maengel[:HOECHSTE_ANHAENGE]), daneben=daneben)


def _stattdessen(teile: Sequence[Teil]) -> Iterator[Mangel]:
    """Yield what somebody sent instead of a workbook: links, photographs."""
    texte = (t.daten for t in teile if t.typ.startswith("text/") and not t.angehaengt)
    if links := list(dict.fromkeys(host for text in texte for host in dienste(text))):
        yield Mangel("E-23", aufgezaehlt(links, _GENANNT))
    if fotos := [t.name or "ohne Namen" for t in teile if t.foto]:
        yield Mangel("E-24", aufgezaehlt(fotos, _GENANNT))


# --- envelopes in envelopes -----------------------------------------------------------------
def _geoeffnet(teil: Teil, vorrat: Vorrat, tiefe: int, im_archiv: bool = False) -> Iterator[Teil]:
    """Yield what is in a part, or the part itself if it is no envelope.

    Args:
        vorrat: what may still be unpacked.
        tiefe: how many levels may still be opened.
        im_archiv: it lies in an archive; a second one is not opened.
    """
    if teil.mangel or not tiefe:
        yield teil
    elif teil.daten[:200].lstrip().startswith(_PGP) or teil.endung in _PGP_ENDUNGEN:
        yield teil.ohne("E-22", "sie ist mit PGP verschlüsselt")
    else:
        darin = _inhalt(teil, vorrat, im_archiv)
        if darin is None:
            yield teil
        else:
            im_archiv = im_archiv or any(t.name.startswith(f"{teil.name}/") for t in darin)
            for innen in darin:
                mit_weg = replace(innen, wege=(*teil.wege, *innen.wege))
                yield from _geoeffnet(mit_weg, vorrat, tiefe - 1, im_archiv)


def _inhalt(teil: Teil, vorrat: Vorrat, im_archiv: bool) -> Sequence[Teil] | None:
    """Return the parts of an e-mail, a signed part or an archive; None for anything else."""
    if teil.endung == ".eml" or teil.typ == "message/rfc822":
        weg = eml.weg(eml.kopfzeilen(_ohne_vorspann(teil.daten)))
        return [replace(t, wege=(weg, *t.wege)) for t in _mailteile(teil, teil.daten)]
    if teil.endung == ".p7m" or teil.typ in siegel.TYPEN:
        return _signiert(teil, vorrat)
    if teil.daten.startswith(tnef.ANFANG):
        return list(tnef.teile(teil, vorrat))
    if teil.outlook:
        return _outlook_darin(teil, vorrat)
    return _entpackt(teil, vorrat, im_archiv)


def _outlook_darin(teil: Teil, vorrat: Vorrat) -> list[Teil]:
    from krs.ablage.post import msg

    try:
        nachricht = msg.oeffne(teil.daten, vorrat)
        return [replace(t, wege=(nachricht.weg, *t.wege)) for t in nachricht.teile()]
    except DEFEKT:
        return [teil.ohne("E-22", _BESCHAEDIGT)]


def _entpackt(teil: Teil, vorrat: Vorrat, im_archiv: bool) -> Sequence[Teil] | None:
    try:
        zip_ = archiv.oeffne(teil.daten)
    except zipfile.BadZipFile:
        satz = "es ist beschädigt oder hat zu viele Einträge"
        return [teil.ohne("E-21", satz)] if teil.endung == ".zip" else None
    if zip_ and im_archiv:
        return [teil.ohne("E-21", "es liegt in einem anderen Archiv")]
    return list(archiv.teile(zip_, teil.name, vorrat)) if zip_ else None


def _mailteile(teil: Teil, daten: bytes) -> list[Teil]:
    daten = _ohne_vorspann(daten)
    if grund := eml.zu_viel(daten):
        return [teil.ohne("E-22", grund)]
    return list(eml.teile(daten))


def _signiert(teil: Teil, vorrat: Vorrat) -> list[Teil]:
    """Return what lies inside a signature: the parts of an e-mail, or the file that was signed."""
    daten: bytes | None = teil.daten
    if not teil.daten.startswith(b"0"):  # Outlook keeps the whole of a clear-signed e-mail under this name
        return _mailteile(teil, teil.daten)
    try:
        daten = siegel.inhalt(teil.daten)
    except DEFEKT:
        return [teil.ohne("E-22", "ihre Hülle (S/MIME) ist verschlüsselt oder beschädigt")]
    if daten is None:
        return [teil.ohne("E-22", "sie ist mit S/MIME verschlüsselt")]
    if not vorrat.nimm(len(daten)):
        return [teil.ohne("E-22", _ZU_GROSS)]
    if daten.startswith(tuple(_ENDUNGEN)):
        return [replace(teil, name=teil.name.removesuffix(PurePosixPath(teil.name).suffix), typ="", daten=daten)]
    return _mailteile(teil, daten)


# --- names ----------------------------------------------------------------------------------
def _benannt(teile: Iterable[Teil]) -> Iterator[Anhang]:
    """Yield the attachments, each with a name of its own: «Anhang 1.xlsx» without one, «a (2).xlsx» for a second."""
    vergeben: set[str] = set()
    for nummer, teil in enumerate(teile, start=1):
        endung = next((e for anfang, e in _ENDUNGEN.items() if teil.daten.startswith(anfang)), "")
        name = PurePosixPath(teil.name or f"Anhang {nummer}{endung}")
        eigener, weitere = name, 1
        while str(eigener).casefold() in vergeben:
            weitere += 1
            eigener = name.with_name(f"{name.stem} ({weitere}){name.suffix}")
        vergeben.add(str(eigener).casefold())
        yield Anhang(str(eigener), teil.daten, teil.wege)


__all__ = [
    "HOECHSTE_ANHAENGE", "HOECHSTE_GROESSE", "Anhang", "Mail", "Mangel", "ist_entwurf", "lies_mail", "oeffne",
]  # fmt: skip
