"""Read what came back: every value by its defined name, with its cell; nothing is ever evaluated (design 6).

One reader for all programs: the sheet XML itself. It sees what value readers hide (typed formulas, error
values, missing results) and cannot be brought down by a stray cell in the last row (docs/entscheide).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from posixpath import join, normpath
from typing import TypeVar

from lxml import etree

from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import Eingabe, Kennung, Zelle
from krs.formulare.formular import Formular, Version, formulare
from krs.formulare.typen import dezimal
from krs.mappen.kennblatt import KENNBLATT, KENNUNG_ZEILEN

T = TypeVar("T")
HOECHSTE_DATEI = 20_000_000  # bytes; a filled form has about 20,000
HOECHSTER_TEIL = 60_000_000  # bytes unpacked, all parts together
HOECHSTE_ZELLEN = 500_000
_FORMATE = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"<?xml": "XML",
    b"<html": "HTML",
    b"<!DOC": "HTML",
}
_ORT = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$")
_ADRESSE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_EPOCHE = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


class Abgewiesen(Exception):
    """The file is no readable form; `code` and `werte` make the Befund."""

    def __init__(self, code: str, **werte: str) -> None:
        super().__init__(code)
        self.code, self.werte = code, werte

    def befund(self, datei: str) -> Befund:
        """Return the Befund for this file."""
        return melde(Akte(datei=datei), self.code, **self.werte)


@dataclass(frozen=True, slots=True)
class Bereich:
    """A defined name: sheet and corner cells (1-based)."""

    blatt: str
    zeile: int
    spalte: int
    bis_zeile: int
    bis_spalte: int


def lesen(daten: bytes, datei: str) -> Eingabe:
    """Return the form that a municipality filled in.

    Raises: Abgewiesen: not a workbook, encrypted, damaged, too large or not ours (E-01 to E-05, E-10 to E-12).
    """
    return _mit_leser(daten, datei, lambda leser: leser.formular(datei))


def alle_zellen(
    daten: bytes, datei: str, blaetter: Callable[[str], bool]
) -> tuple[dict[str, dict[tuple[int, int], Zelle]], date]:
    """Return every filled cell of the wanted sheets by (row, column), 1-based, and day 0 of date serials.

    Raises: Abgewiesen: as `lesen`.
    """
    return _mit_leser(daten, datei, lambda leser: (leser.tabellen(blaetter), leser.epoche))


def _mit_leser(daten: bytes, datei: str, lies: Callable[[_Leser], T]) -> T:
    pruefe_behaelter(daten, datei)
    try:
        with zipfile.ZipFile(BytesIO(daten)) as zip_:
            return lies(_Leser(zip_))
    except zipfile.BadZipFile as fehler:
        raise Abgewiesen("E-04", grund="das Archiv ist unvollständig") from fehler
    except (etree.XMLSyntaxError, UnicodeDecodeError, zipfile.zlib.error, EOFError, ValueError) as fehler:  # type: ignore[attr-defined]
        raise Abgewiesen("E-04", grund="ein Teil ist nicht lesbar") from fehler
    except (NotImplementedError, RuntimeError, OSError) as fehler:
        raise Abgewiesen("E-04", grund="das Archiv ist verschlüsselt oder unbekannt gepackt") from fehler


def pruefe_behaelter(daten: bytes, datei: str) -> None:
    """Look at the container before any parser does. Raises: Abgewiesen."""
    endung = datei.lower().rpartition(".")[2]
    if datei.rpartition("/")[2].startswith("~$"):
        raise Abgewiesen("E-11")
    if endung in ("eml", "msg"):
        raise Abgewiesen("E-12")
    if len(daten) > HOECHSTE_DATEI:
        raise Abgewiesen("E-10", grund=f"{len(daten) // 1_000_000} MB")
    if daten[:8] == bytes.fromhex("D0CF11E0A1B11AE1"):
        if "EncryptedPackage".encode("utf-16-le") in daten:
            raise Abgewiesen("E-02")
        raise Abgewiesen("E-03", format="«Excel 97–2003 (.xls)»")
    if daten[:4] != b"PK\x03\x04":
        anfang = daten[:5]
        art = next((a for k, a in _FORMATE.items() if anfang.startswith(k)), "")
        if art:
            raise Abgewiesen("E-03", format=art)
        if endung in ("csv", "txt"):
            raise Abgewiesen("E-03", format="Text (.csv)")
        raise Abgewiesen("E-01")


class _Leser:
    """One open zip: parts, sheets, names, cells."""

    def __init__(self, zip_: zipfile.ZipFile) -> None:
        self.zip = zip_
        self.teile = {i.filename: i for i in zip_.infolist()}
        self._gelesen = 0
        if "mimetype" in self.teile:
            raise Abgewiesen("E-03", format="OpenDocument (.ods)")
        if "xl/workbook.bin" in self.teile:
            raise Abgewiesen("E-03", format="Excel-Binärarbeitsmappe (.xlsb)")
        self.mappe = self._mappenteil()
        wurzel = self._xml(self.mappe)
        if etree.QName(wurzel).localname != "workbook":
            raise Abgewiesen("E-01")
        eigenschaft = next(iter(_alle(wurzel, "workbookPr")), None)
        self.epoche = _EPOCHE[eigenschaft is not None and eigenschaft.get("date1904") in ("1", "true")]
        self.blaetter = self._blaetter(wurzel)
        self.namen = self._namen(wurzel)
        self._texte: list[str] | None = None

    def _xml(self, teil: str) -> etree._Element:
        info = self.teile.get(teil)
        if info is None:
            raise Abgewiesen("E-04", grund=f"der Teil «{teil[:60]}» fehlt")
        self._gelesen += info.file_size
        if self._gelesen > HOECHSTER_TEIL:
            raise Abgewiesen("E-10", grund="ausgepackt über 60 MB")
        daten = self.zip.read(info)
        if b"<!DOCTYPE" in daten[:4096]:
            raise Abgewiesen("E-04", grund="sie enthält eine unzulässige Dokumentdefinition")
        return etree.fromstring(daten, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))

    def _mappenteil(self) -> str:
        if "_rels/.rels" in self.teile:
            for beziehung in _alle(self._xml("_rels/.rels"), "Relationship"):
                if str(beziehung.get("Type")).endswith("/officeDocument"):
                    return str(beziehung.get("Target")).lstrip("/")
        if "xl/workbook.xml" in self.teile:
            return "xl/workbook.xml"
        raise Abgewiesen("E-01")

    def _blaetter(self, wurzel: etree._Element) -> dict[str, str]:
        ordner, _, name = self.mappe.rpartition("/")
        ziele = {
            b.get("Id"): normpath(join("/" + ordner, b.get("Target") or "")).lstrip("/")
            for b in _alle(self._xml(f"{ordner}/_rels/{name}.rels"), "Relationship")
        }
        blaetter = {}
        for blatt in _alle(wurzel, "sheet"):
            kennung = next((v for k, v in blatt.items() if str(k).endswith("}id")), None)
            if kennung in ziele:
                blaetter[blatt.get("name") or ""] = ziele[kennung]
        return blaetter

    def _namen(self, wurzel: etree._Element) -> dict[str, Bereich | None]:
        """Return each defined name; None where it points nowhere. Workbook-level names win."""
        namen: dict[str, Bereich | None] = {}
        for global_ in (False, True):
            for eintrag in _alle(wurzel, "definedName"):
                if (eintrag.get("localSheetId") is None) is global_:
                    namen[eintrag.get("name") or ""] = _bereich(eintrag.text or "")
        return namen

    def formular(self, datei: str) -> Eingabe:
        """Return the form with all its fields."""
        kennung = self._kennung()
        form = next((f for f in formulare() if f.id == kennung.formular), None)
        version = form.version(kennung.version) if form else None
        if form is None or version is None:
            return Eingabe(datei, kennung, {})
        return self._felder(datei, kennung, form, version)

    def tabellen(self, blaetter: Callable[[str], bool]) -> dict[str, dict[tuple[int, int], Zelle]]:
        """Return the filled cells of the wanted sheets by row and column."""
        return {
            name: {_stelle(adresse): zelle for adresse, zelle in self._zellen(name, None).items()}
            for name in self.blaetter
            if blaetter(name)
        }

    def _kennung(self) -> Kennung:
        if KENNBLATT not in self.blaetter:
            raise Abgewiesen("E-05")
        zellen = self._zellen(KENNBLATT, {f"B{n + 1}" for n in range(len(KENNUNG_ZEILEN))})
        werte = [zellen[f"B{n + 1}"].anzeige if f"B{n + 1}" in zellen else "" for n in range(len(KENNUNG_ZEILEN))]
        return Kennung(*werte)

    def _felder(self, datei: str, kennung: Kennung, form: Formular, version: Version) -> Eingabe:
        bereiche: dict[str, Bereich] = {}
        fehlend = []
        for feld in form.felder_von(version):
            bereich = self.namen.get(feld.schluessel)
            if bereich is not None and bereich.blatt in self.blaetter:
                bereiche[feld.schluessel] = bereich
            elif feld.art != "berechnet":
                fehlend.append(feld.schluessel)
        zellen = {b: self._zellen(b, _adressen(bereiche.values(), b)) for b in {x.blatt for x in bereiche.values()}}
        felder, listen = {}, {}
        for schluessel, bereich in bereiche.items():
            feld, blatt = form.felder[schluessel], zellen[bereich.blatt]
            if feld.art == "liste":
                listen[schluessel] = _zeilen(bereich, blatt, len(feld.spalten))
                continue
            zelle = _zelle(blatt, bereich.blatt, bereich.zeile, bereich.spalte)
            felder[schluessel] = self._als_datum(zelle) if feld.art == "datum" else zelle
        return Eingabe(datei, kennung, felder, listen, tuple(fehlend))

    def _als_datum(self, zelle: Zelle) -> Zelle:
        if isinstance(zelle.wert, Decimal) and 20_000 <= zelle.wert < 80_000:
            return replace(zelle, wert=self.epoche + timedelta(days=int(zelle.wert)))
        return zelle

    def _zellen(self, blatt: str, gesucht: set[str] | None) -> dict[str, Zelle]:
        """Return the wanted cells of a sheet that hold anything, all of them for None."""
        zellen: dict[str, Zelle] = {}
        gemeinsam: dict[str, str] = {}
        zeile = spalte = anzahl = 0
        for c in _alle(self._xml(self.blaetter[blatt]), "c"):
            anzahl += 1
            adresse = c.get("r")
            if adresse is None:  # some programs leave addresses out: count
                eltern = c.getparent()
                vorher = c.getprevious()
                zeile = int(eltern.get("r") or zeile) if eltern is not None else zeile
                spalte = spalte + 1 if vorher is not None else 1
                adresse = f"{spaltenname(spalte)}{zeile}"
            if gesucht is None or adresse in gesucht:
                zelle = self._zelle(blatt, adresse, c, gemeinsam)
                if zelle is not None:
                    zellen[adresse] = zelle
        if anzahl > HOECHSTE_ZELLEN:
            raise Abgewiesen("E-10", grund=f"{anzahl} Zellen auf einem Blatt")
        return zellen

    def _zelle(self, blatt: str, adresse: str, c: etree._Element, gemeinsam: dict[str, str]) -> Zelle | None:
        formel: str | None = None
        roh: str | None = None
        direkt: str | None = None
        for kind in c:
            name = etree.QName(kind).localname
            if name == "f":
                formel = kind.text or gemeinsam.get(kind.get("si") or "", "")
                if kind.get("si") and kind.text:
                    gemeinsam[kind.get("si") or ""] = kind.text
            elif name == "v":
                roh = kind.text
            elif name == "is":
                direkt = _fliesstext(kind)
        if formel is None and roh is None and direkt is None:
            return None
        art = c.get("t") or "n"
        if art == "e":
            return Zelle(blatt, adresse, None, formel, roh or "#WERT!")
        return Zelle(blatt, adresse, self._wert(art, roh, direkt), formel)

    def _wert(self, art: str, roh: str | None, direkt: str | None) -> str | Decimal | bool | date | None:
        if art == "inlineStr" or roh is None:
            return direkt
        if art == "s":
            texte = self._gemeinsame_texte()
            return texte[int(roh)] if roh.isdigit() and int(roh) < len(texte) else roh
        if art == "d":
            return date.fromisoformat(roh[:10])
        zahl = dezimal(roh) if art == "n" else None
        return roh in ("1", "true") if art == "b" else roh if zahl is None else zahl

    def _gemeinsame_texte(self) -> list[str]:
        if self._texte is None:
            teil = self.mappe.rpartition("/")[0] + "/sharedStrings.xml"
            vorhanden = teil in self.teile
            self._texte = [_fliesstext(si) for si in _alle(self._xml(teil), "si")] if vorhanden else []
        return self._texte


def _alle(wurzel: etree._Element, name: str) -> Iterable[etree._Element]:
    """Yield all elements of this name in any namespace (transitional and strict OOXML)."""
    return wurzel.iter("{*}" + name)


def _fliesstext(element: etree._Element) -> str:
    return "".join(t.text or "" for t in _alle(element, "t") if etree.QName(t.getparent()).localname != "rPh")


def _bereich(text: str) -> Bereich | None:
    treffer = _ORT.match(text.strip())
    if treffer is None:
        return None
    zitiert, frei, spalte, zeile, bis_spalte, bis_zeile = treffer.groups()
    blatt = (zitiert or frei).replace("''", "'")
    links, oben = _spaltennummer(spalte), int(zeile)
    rechts = _spaltennummer(bis_spalte) if bis_spalte else links
    return Bereich(blatt, oben, links, int(bis_zeile) if bis_zeile else oben, rechts)


def _adressen(bereiche: Iterable[Bereich], blatt: str) -> set[str]:
    adressen = set()
    for b in bereiche:
        if b.blatt == blatt:
            for zeile in range(b.zeile, min(b.bis_zeile, b.zeile + 200) + 1):
                adressen |= {f"{spaltenname(s)}{zeile}" for s in range(b.spalte, min(b.bis_spalte, b.spalte + 20) + 1)}
    return adressen


def _zeilen(bereich: Bereich, zellen: Mapping[str, Zelle], spalten: int) -> tuple[tuple[Zelle, ...], ...]:
    return tuple(
        tuple(_zelle(zellen, bereich.blatt, zeile, bereich.spalte + n) for n in range(spalten))
        for zeile in range(bereich.zeile, min(bereich.bis_zeile, bereich.zeile + 200) + 1)
    )


def _zelle(zellen: Mapping[str, Zelle], blatt: str, zeile: int, spalte: int) -> Zelle:
    adresse = f"{spaltenname(spalte)}{zeile}"
    return zellen.get(adresse) or Zelle(blatt, adresse)


def _stelle(adresse: str) -> tuple[int, int]:
    treffer = _ADRESSE.match(adresse)
    if treffer is None:
        raise ValueError(adresse)
    return int(treffer[2]), _spaltennummer(treffer[1])


def _spaltennummer(name: str) -> int:
    nummer = 0
    for buchstabe in name:
        nummer = nummer * 26 + ord(buchstabe) - 64
    return nummer


def spaltenname(nummer: int) -> str:
    name = ""
    while nummer:
        nummer, rest = divmod(nummer - 1, 26)
        name = chr(65 + rest) + name
    return name
