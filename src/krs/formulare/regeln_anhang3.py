"""The rules of Anhang 3, Selbstdeklaration (Ziff. 3.2, 3.4, 4.2, 4.3.2). One rule, one unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from krs.formulare.anhang3 import Anhang3
from krs.formulare.befund import Befund
from krs.formulare.formular import periodenbeginn
from krs.formulare.kontext import Kontext, aufzaehlung, benennung
from krs.formulare.typen import grundform, lesbar, mailadresse
from krs.recht import AUFGABEN, BEDINGUNGEN, LEISTUNG

Regel = Callable[[Anhang3, Kontext], Iterator[Befund]]
# «Aufgabe 2», «Aufgabe 4 und 5», «Aufgaben 1–3»: the numbers beside the word, but not those of «Aufgabe 4, 2 Kurse».
_UND = r"\s*(?:nr\.?\s*)?(\d(?!\d)(?:\s*(?:und|u\.|[/+&]%s)\s*\d(?!\d))*)"
_AUFGABEN = re.compile(f"aufgabe{_UND % ''}|aufgaben{_UND % '|bis|[,–-]'}", re.IGNORECASE)
_AN_DRITTE = frozenset(re.sub(r"\D", "", p.feld) for p in AUFGABEN if p.an_dritte)
_ALLE_NUMMERN = frozenset(re.sub(r"\D", "", p.feld) for p in AUFGABEN)
_KERN = re.compile(r"erst(?:info|gespr)|integrationsgespr|anlaufstelle|koordinationsstelle", re.IGNORECASE)
_DOLMETSCHEN = re.compile(r"dolmetsch|übersetz", re.IGNORECASE)


def bedingungen(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """A3-01 (Ziff. 4.2): a «Nein» to one of the three conditions; a member may answer for its lead."""
    lead = _lead_eines_mitglieds(f, k)
    wer = _name(k, lead, periodenbeginn(k.periode)) if lead is not None else ""
    mitglied = f"; erfüllt sie {wer} für Sie, wählen Sie «Ja»" if wer else ""
    for feld in (punkt.feld for punkt in BEDINGUNGEN):
        if f.wert(feld) is False:
            name = k.formular.felder[feld].bezeichnung
            yield k.befund("A3-01", feld, LEISTUNG, bezeichnung=name, mitglied=mitglied)


def _lead_eines_mitglieds(f: Anhang3, k: Kontext) -> int | None:
    """Return the lead if this municipality is another's member: by the Stammdaten, without these by the form."""
    if k.gebiet is not None and k.akte.bfs_nr is not None:
        return k.gebiet.leitgemeinde(k.akte.bfs_nr, periodenbeginn(k.periode))
    return f.leitgemeinde_bfs if f.leitgemeinde_modell and f.leitgemeinde_bfs != k.akte.bfs_nr else None


def aufgaben(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """A3-02, A3-03, A3-11 (Ziff. 3.2, 4.7): tasks not or only partly done."""
    for feld in (punkt.feld for punkt in AUFGABEN):
        stand, name, text = f.wert(feld), k.formular.felder[feld].bezeichnung, f"{feld}_text"
        if stand == "nicht erfüllt":
            yield k.befund("A3-02", feld, LEISTUNG, bezeichnung=name)
        elif stand == "teilweise":
            yield k.befund("A3-03", feld, bezeichnung=name)
        if stand in ("nicht erfüllt", "teilweise") and k.zelle(text).leer:
            worte = "nicht erfüllt" if stand == "nicht erfüllt" else "teilweise erfüllt"
            yield k.befund("A3-11", text, bezeichnung=name, stand=worte, zelle=k.ort(text))


def delegation(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """A3-04 (Ziff. 3.4.3): a general delegation to the Sozialregion is not paid."""
    if f.sozialregion_delegation == "weitere":
        yield k.befund("A3-04", "sozialregion_delegation", LEISTUNG)


def leistungsvertraege(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """A3-05, A3-12 (Ziff. 3.4.5, docs/entscheide/15): only task 4 may be contracted out."""
    for zeile, zellen in zip(f.leistungsvertraege, k.zeilen("leistungsvertraege"), strict=True):
        if zeile.angebot and _ausgelagert(zeile.angebot):
            worte = {"organisation": zeile.organisation or "einer nicht genannten Organisation"}
            worte["angebot"] = lesbar(zellen[1])
            yield k.befund_zelle("A3-05", "leistungsvertraege", zellen[1], zellen[0], LEISTUNG, **worte)
        namen = ("die Organisation", "die Aufgabe oder das Angebot", "der Betrag")
        fehlt = [(name, zelle) for name, zelle in zip(namen, zellen, strict=True) if zelle.leer]
        if fehlt:
            was = ("fehlt " if len(fehlt) == 1 else "fehlen ") + aufzaehlung([name for name, _ in fehlt])
            yield k.befund_zelle("A3-12", "leistungsvertraege", fehlt[0][1], zellen[0], was=was)


def _ausgelagert(angebot: str) -> bool:
    """Tell whether an offer names a task that stays with the municipality; interpreters are no such task."""
    nummern = {n for treffer in _AUFGABEN.finditer(angebot) for n in re.findall(r"\d", treffer.group())}
    if nummern & (_ALLE_NUMMERN - _AN_DRITTE):
        return True
    return bool(_KERN.search(angebot)) and not _DOLMETSCHEN.search(angebot)


def leitgemeinde(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """A3-06, A3-08 where the entry is unreadable (empty: pruefen), A3-09: lead and model belong together."""
    felder = {"leitgemeinde_bfs": "A3-06", "leitgemeinde_vertrag": "A3-08"}
    if f.leitgemeinde_modell:
        for feld, code in felder.items():
            if f.wert(feld) is None and not k.zelle(feld).leer:
                yield k.befund(code, feld, ("sockel",), zelle=k.ort(feld))
    elif f.leitgemeinde_modell is False:
        gefuellt = [k.ort(feld) for feld in felder if f.wert(feld) is not None]
        if gefuellt:
            yield k.befund("A3-09", "leitgemeinde_modell", zellen=aufzaehlung(gefuellt))


def leitgemeinde_der_stammdaten(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """A3-07 (Ziff. 3.4.2): form and Stammdaten name the same lead (the lead names itself)."""
    if k.gebiet is None or k.akte.bfs_nr is None or f.leitgemeinde_modell is None:
        return
    tag = periodenbeginn(k.periode)
    soll = _lead(k, k.akte.bfs_nr, tag)
    ist = f.leitgemeinde_bfs if f.leitgemeinde_modell else None
    if ist == soll or (f.leitgemeinde_modell and ist is None):
        return
    feld = "leitgemeinde_bfs" if f.leitgemeinde_modell else "leitgemeinde_modell"
    worte = {"gelesen": _name(k, ist, tag), "stammdaten": _name(k, soll, tag)}
    yield k.befund("A3-07", feld, ("sockel",), **worte)


def _lead(k: Kontext, bfs: int, tag: date) -> int | None:
    assert k.gebiet is not None
    lead = k.gebiet.leitgemeinde(bfs, tag)
    return bfs if lead is None and k.gebiet.mitglieder(bfs, tag) else lead


def _name(k: Kontext, bfs: int | None, tag: date) -> str:
    if bfs is None:
        return "kein Leitgemeindemodell"
    if k.gebiet is None:
        return f"die Leitgemeinde {bfs}"
    zeile = k.gebiet.gemeinde(bfs, tag)
    return f"die Leitgemeinde {bfs} {zeile.name}" if zeile else f"die unbekannte BFS-Nr. {bfs}"


def auslaender(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """A3-10 (Ziff. 4.3.2, docs/entscheide/02): what the form shows is display; the Stammdaten count."""
    zelle, vorlage = k.zelle("auslaender_anzahl"), k.eingabe.kennung.auslaender_anzahl
    soll = str(k.auslaender) if k.auslaender is not None else vorlage
    gelesen = f"{f.auslaender_anzahl.normalize():f}" if f.auslaender_anzahl is not None else lesbar(zelle)
    if soll and not zelle.leer and gelesen != soll:
        wo = "in den Stammdaten" if k.auslaender is not None else "in der Vorlage"
        yield k.befund("A3-10", "auslaender_anzahl", gelesen=gelesen, soll=soll, wo=wo)


KONTAKTE = ("beauftragte_name", "beauftragte_email", "koordination_name", "koordination_email")


_ANREDE = ("frau", "herr", "fr", "hr", "dr", "prof", "lic", "dipl", "ing", "iur", "phil", "med", "msc", "bsc", "mas")


def _kern(text: str) -> list[str]:
    """Return what of a contact counts: an address in ASCII, or the words of a name without titles, in any order."""
    if adresse := mailadresse(text.strip()):
        return [adresse.casefold()]
    worte = re.findall(r"\w+", grundform(text))
    return sorted(w for w in worte if w not in _ANREDE)


def anders(gelesen: str, bekannt: Sequence[str]) -> bool:
    """Tell whether a form names another contact than the Stammdaten, row by row since it came (docs/entscheide/74).

    The same written otherwise is no other one; and what changed in the Stammdaten since then is newer than the form.

    >>> anders("Muster, Anna", ["Frau Dr. Anna Muster"]), anders("Beat Beck", ["Anna Muster"])
    (False, True)
    >>> anders("Beat Beck", ["Anna Muster", "Carla Caduff"])
    False
    """
    neu, alte = _kern(gelesen), [_kern(b) for b in bekannt]
    return bool(neu) and len(alte) > 0 and neu != alte[0] and all(alt == alte[0] for alt in alte)


def kontakte(f: Anhang3, k: Kontext) -> Iterator[Befund]:
    """F-64: another contact than the Stammdaten have had since the receipt; where they name none, it is no change."""
    for feld in KONTAKTE:
        bekannt = [zeile[feld] for zeile in k.kontakte]
        if any(bekannt) and anders(f.wert(feld) or "", bekannt):
            was = benennung(k.formular.felder[feld])
            yield k.befund("F-64", feld, was=was, gelesen=lesbar(k.zelle(feld)), bekannt=bekannt[-1])


REGELN: tuple[Regel, ...] = (
    bedingungen,
    aufgaben,
    delegation,
    leistungsvertraege,
    leitgemeinde,
    leitgemeinde_der_stammdaten,
    auslaender,
    kontakte,
)
