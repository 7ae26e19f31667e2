"""What the bank or the accounting answers to a payment order: pain.002, or a table with id and state (CSV).

A pain.002 names single payments mostly when something is wrong with them; for all others the state of the message
holds (`Antwort.fuer`). «Accepted» is not yet «paid»: only a booking is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from krs.export.antwort_werte import Antwort, AntwortFehler, Rueckmeldung, bedeutung, datum, zustand
from krs.export.iso20022 import nachricht, pfad, text, texte

_HOECHSTE_GROESSE = 10_000_000  # bytes; 99'999 payments need less in CSV, 106 need 100 kB in XML
_TEIL = "OrgnlPmtInfAndSts"
_SPALTEN = {
    **dict.fromkeys(("id", "endtoendid", "zahlung", "zahlungsid", "referenz", "kennung"), "id"),
    **dict.fromkeys(("status", "zustand", "state"), "status"),
    **dict.fromkeys(("datum", "date", "valuta", "ausgeführtam", "buchungsdatum"), "datum"),
    **dict.fromkeys(("grund", "reason", "bemerkung"), "grund"),
    **dict.fromkeys(("msgid", "meldung", "auftrag"), "meldung"),
}


def lies_antwort(daten: bytes, name: str) -> Antwort:
    """Return what a file of the bank or the accounting says.

    Args:
        daten: pain.002 (XML), or a table in CSV (`id;status;datum;grund`, UTF-8 or Windows).
        name: the file's, for messages.
    Raises: AntwortFehler: the first thing that is wrong.
    """
    try:
        if len(daten) > _HOECHSTE_GROESSE:
            raise AntwortFehler("Die Datei ist grösser als 10 MB; nur die Antwort auf einen Auftrag liefern.")
        antwort = _xml(daten) if daten.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _tabelle(daten)
        return replace(antwort, eintraege=_ohne_doppel(antwort.eintraege))
    except AntwortFehler as fehler:
        raise AntwortFehler(f"{name}: {fehler}") from fehler


def _ohne_doppel(eintraege: Iterable[Rueckmeldung]) -> tuple[Rueckmeldung, ...]:
    """Return each payment once. Raises: AntwortFehler: two states for one payment."""
    je_kennung: dict[str, Rueckmeldung] = {}
    for eintrag in eintraege:
        kennung = eintrag.end_to_end_id
        if je_kennung.setdefault(kennung, eintrag) != eintrag:
            raise AntwortFehler(f"Die Zahlung «{kennung}» kommt zweimal mit verschiedenen Angaben vor; eine streichen.")
    return tuple(je_kennung.values())


# --- pain.002 -------------------------------------------------------------------------------
def _xml(daten: bytes) -> Antwort:
    bericht = nachricht(daten, r"pain\.002", "keine Antwort auf Zahlungen (pain.002)")
    tag = datum(text(bericht, "GrpHdr/CreDtTm")[:10])
    kopf = bericht.find(pfad("OrgnlGrpInfAndSts"))
    gruppe = _stand(bericht if kopf is None else kopf, "GrpSts", tag)
    teile = [(teil, _geerbt(_stand(teil, "PmtInfSts", tag), gruppe)) for teil in bericht.iterfind(pfad(_TEIL))]
    eintraege = tuple(
        _geerbt(_stand(zahlung, "TxSts", tag, _kennung(zahlung)), stand)
        for teil, stand in teile
        for zahlung in teil.iterfind(pfad("TxInfAndSts"))
    )
    gesamt = teile[0][1] if len(teile) == 1 else gruppe  # our orders have one part
    return Antwort(text(bericht, "OrgnlGrpInfAndSts/OrgnlMsgId"), eintraege, gesamt if gesamt.status else None)


def _stand(element: etree._Element, feld: str, tag: date | None, kennung: str = "") -> Rueckmeldung:
    """Return what one level of the report says; `tag` is the report's day."""
    status = text(element, feld)
    tag_dort = text(element, "FctvIntrBkSttlmDt/Dt") or text(element, "AccptncDtTm")[:10]
    gruende = "; ".join(filter(None, map(_grund, element.iterfind(pfad("StsRsnInf")))))
    return Rueckmeldung(kennung, zustand(status) if status else None, datum(tag_dort) or tag, gruende, status)


def _geerbt(eigener: Rueckmeldung, oben: Rueckmeldung) -> Rueckmeldung:
    """Return the state with what the level above says: a rejection holds for all below, else only if there is none."""
    if eigener.status and oben.ausgefuehrt is not False:
        return eigener
    return replace(eigener, ausgefuehrt=oben.ausgefuehrt, status=oben.status, grund=eigener.grund or oben.grund)


def _kennung(zahlung: etree._Element) -> str:
    kennung = text(zahlung, "OrgnlEndToEndId") or text(zahlung, "OrgnlInstrId")
    if not kennung:
        raise AntwortFehler("Eine Zahlung hat keine OrgnlEndToEndId; bei der Bank nachfragen, welche es ist.")
    return kennung


def _grund(element: etree._Element) -> str:
    """Return code, its meaning and the bank's words.

    >>> _grund(etree.fromstring("<a><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>saldiert</AddtlInf></a>"))
    'AC04 (Konto geschlossen): saldiert'
    """
    code = text(element, "Rsn/Cd") or text(element, "Rsn/Prtry")
    worte = " ".join(texte(element, "AddtlInf"))
    return ": ".join(filter(None, (bedeutung(code), worte)))


# --- CSV ------------------------------------------------------------------------------------
def _tabelle(daten: bytes) -> Antwort:
    zeilen = _zeilen(_dekodiert(daten))
    _, koepfe = next(zeilen, (0, []))
    spalten = [_SPALTEN.get(re.sub(r"[\W_]", "", kopf).casefold(), "") for kopf in koepfe]
    if spalten.count("id") != 1 or spalten.count("status") != 1:
        raise AntwortFehler("Die erste Zeile muss die Spalten «id» und «status» je einmal nennen; Kopfzeile ergänzen.")
    werte = [(n, dict(zip(spalten, (w.strip() for w in zeile), strict=False))) for n, zeile in zeilen]
    meldungen = {m for _, w in werte if (m := w.get("meldung", ""))}
    if len(meldungen) > 1:
        raise AntwortFehler("Die Zeilen gehören zu verschiedenen Aufträgen; je Auftrag eine Datei liefern.")
    return Antwort("".join(meldungen), tuple(_zeile(nummer, w) for nummer, w in werte))


def _zeile(nummer: int, werte: dict[str, str]) -> Rueckmeldung:
    try:
        if not werte["id"]:
            raise AntwortFehler("Die «id» fehlt; ergänzen.")
        status = werte.get("status", "")
        tag = datum(werte.get("datum", ""))
        return Rueckmeldung(werte["id"], zustand(status), tag, werte.get("grund", ""), status)
    except AntwortFehler as fehler:
        raise AntwortFehler(f"Zeile {nummer}: {fehler}") from None


def _zeilen(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the filled rows with their line."""
    erste = text.lstrip().partition("\n")[0]
    leser = csv.reader(text.splitlines(keepends=True), delimiter=max(";\t,", key=erste.count), strict=True)
    try:
        yield from ((leser.line_num, zeile) for zeile in leser if any(w.strip() for w in zeile))
    except csv.Error as fehler:
        raise AntwortFehler(f"Zeile {leser.line_num}: Die Anführungszeichen gehen nicht auf; berichtigen.") from fehler


def _dekodiert(daten: bytes) -> str:
    if daten.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's «Unicode-Text»
        return daten.decode("utf-16", errors="replace")
    try:
        return daten.decode("utf-8-sig")
    except UnicodeDecodeError:
        return daten.decode("cp1252", errors="replace")
