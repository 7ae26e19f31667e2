"""Notes on cells («Kommentare») with their boxes, added to what the sender's sheet has, and taken out again."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from krs.mappen.antwort import notizrahmen as rahmen
from krs.mappen.antwort.notizrahmen import Ort
from krs.mappen.antwort.paket import NichtTragbar, Paket
from krs.mappen.antwort.xmlteil import im_dialekt, rel_ns
from krs.mappen.lesen.adresse import Unlesbar, position
from krs.mappen.lesen.zellen import namensraum

KOPF = "Rückmeldung start.integration"  # the first line of each of our notes: by it we find them again
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_GESPRAECH = "tc="  # author of what stands for a threaded conversation; Excel writes its text itself


def entferne(paket: Paket, teil: str) -> None:
    """Take our notes out of a sheet; what others wrote stays. Raises: NichtTragbar."""
    kteil = paket.ziel(teil, "comments")
    if not kteil or kteil not in paket or not any(_beginn(k) >= 0 for k in _notizen(paket.baum(kteil))):
        return
    wurzel = paket.aendere(kteil)
    weg: set[Ort] = set()
    for notiz in _notizen(wurzel):
        beginn = _beginn(notiz)
        if beginn == 0:
            weg.add(_ort(notiz))
            notiz.getparent().remove(notiz)  # type: ignore[union-attr]
        elif beginn > 0:
            _kuerze(notiz, beginn)
    if wurzel.find(f".//{namensraum(wurzel)}comment") is None:
        paket.loese(teil, rahmen.beziehung(paket, teil, kteil))
    rahmen.entferne(paket, teil, weg)


def fuege_an(paket: Paket, teil: str, kommentare: bytes, vml: bytes) -> None:
    """Add notes, as XlsxWriter made them, to a sheet. Raises: NichtTragbar."""
    blatt = paket.aendere(teil)
    kteil = paket.ziel(teil, "comments")
    schon: set[Ort] = set()
    if kteil:
        wurzel = paket.aendere(kteil)
        schon = _vereine(wurzel, etree.fromstring(im_dialekt(kommentare, wurzel)))
    else:
        kteil = paket.freier_teil("xl/comments{}.xml")
        paket.setze(kteil, im_dialekt(kommentare, blatt))
        paket.typ(kteil, _COMMENTS)
        paket.beziehe(teil, f"{rel_ns(blatt)}/comments", kteil)
    rahmen.fuege_an(paket, teil, vml, schon)


def _notizen(wurzel: etree._Element) -> list[etree._Element]:
    """Return the notes, without those that stand for a conversation."""
    autoren = _autoren(wurzel)
    return [k for k in wurzel.iter(namensraum(wurzel) + "comment") if not _autor(autoren, k).startswith(_GESPRAECH)]


def _autoren(wurzel: etree._Element) -> list[str]:
    ns = namensraum(wurzel)
    return [a.text or "" for a in wurzel.findall(f"{ns}authors/{ns}author")]


def _autor(autoren: list[str], notiz: etree._Element) -> str:
    nummer = notiz.get("authorId") or "0"
    return autoren[int(nummer)] if nummer.isdecimal() and int(nummer) < len(autoren) else ""


def _texte(notiz: etree._Element) -> list[etree._Element]:
    ns = namensraum(notiz)
    return [t for text in notiz.findall(ns + "text") for t in text.iter(ns + "t")]


def _beginn(notiz: etree._Element) -> int:
    """Return where our part of a note begins, -1 where there is none."""
    text = "".join(t.text or "" for t in _texte(notiz))
    ort = text.find(KOPF)
    return len(text[:ort].rstrip("\r\n")) if ort >= 0 else -1


def _kuerze(notiz: etree._Element, laenge: int) -> None:
    """Cut the text of a note; runs that become empty go."""
    for t in _texte(notiz):
        text = t.text or ""
        t.text, laenge = text[:laenge], max(laenge - len(text), 0)
        eltern = t.getparent()
        if not t.text and text and eltern is not None and eltern.tag.endswith("}r"):
            eltern.getparent().remove(eltern)  # type: ignore[union-attr]


def _ort(notiz: etree._Element) -> Ort:
    try:
        return position(notiz.get("ref") or "")
    except Unlesbar as fehler:
        raise NichtTragbar("eine Notiz ohne gültigen Ort") from fehler


def _vereine(wurzel: etree._Element, neue: etree._Element) -> set[Ort]:
    """Add notes to those of the sheet; return the cells that had one before."""
    ns = namensraum(wurzel)
    autoren, liste = wurzel.find(ns + "authors"), wurzel.find(ns + "commentList")
    if autoren is None or liste is None:
        raise NichtTragbar("die Notizen")
    vorhanden = {k.get("ref"): k for k in liste.iter(ns + "comment")}
    schon = set()
    for notiz in neue.findall(f"{ns}commentList/{ns}comment"):
        alt = vorhanden.get(notiz.get("ref"))
        if alt is None:
            notiz.set("authorId", str(_autornummer(autoren, _autor(_autoren(neue), notiz))))
            liste.append(notiz)
            continue
        schon.add(_ort(notiz))
        if not _autor(_autoren(wurzel), alt).startswith(_GESPRAECH):
            _haenge_an(alt, notiz)
    return schon


def _autornummer(autoren: etree._Element, name: str) -> int:
    namen = [a.text or "" for a in autoren]
    if name not in namen:
        etree.SubElement(autoren, namensraum(autoren) + "author").text = name
        namen.append(name)
    return namen.index(name)


def _haenge_an(alt: etree._Element, neu: etree._Element) -> None:
    """Add the runs of our note to a note of others."""
    ns = namensraum(alt)
    text = alt.find(ns + "text")
    if text is None:
        text = etree.SubElement(alt, ns + "text")
    einfach = text.find(ns + "t")
    if einfach is not None:  # plain text stands beside no runs
        lauf = etree.Element(ns + "r")
        text.replace(einfach, lauf)
        lauf.append(einfach)
    laeufe = [deepcopy(r) for r in neu.iter(ns + "r")]
    erster = laeufe[0].find(ns + "t")
    assert erster is not None
    erster.text = f"\n\n{erster.text}"
    _bewahre_leerraum(erster)
    stelle = len(text.findall(ns + "r"))
    for n, lauf in enumerate(laeufe):  # before what may follow: phonetic runs
        text.insert(stelle + n, lauf)


def _bewahre_leerraum(t: etree._Element) -> None:
    t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
