"""One form per municipality: patch the few cells that differ into the ready-made zip instead of building it anew."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from krs.formulare.eingabe import KENNBLATT, KENNUNG_ZEILEN, Kennung, fingerabdruck
from krs.formulare.formular import Formular, periodenbeginn
from krs.mappen.gestalt.stile import ZEITPUNKT
from krs.mappen.vorlage.formeln import ANSATZ_FEHLT, ANZAHL_FEHLT
from krs.mappen.vorlage.vorlage import vorlage
from krs.recht import (
    GEZAEHLT,
    TARIFE,
    Halbjahr,
    NichtGeregelt,
    Tarife,
    datum,
    frist,
    sockelbeitrag,
    stichtag,
    wochentag,
)
from krs.recht.zeit import ERSTES_HALBJAHR

Wert = str | int | Decimal | None
_TEXTE = "xl/sharedStrings.xml"
_ZAEHLER = re.compile(rb' count="(\d+)" uniqueCount="(\d+)">')


@dataclass(frozen=True, slots=True)
class Angaben:
    """What the template of one municipality shows: residents, previous figures, rates in force."""

    bfs_nr: int
    gemeinde: str
    periode: str
    auslaender: int | None = None
    vorperiode: Mapping[str, int | None] = field(default_factory=dict)
    tarife: Tarife = field(default_factory=lambda: TARIFE)
    frist: date | None = None  # None: that of the circular


@dataclass(frozen=True, slots=True)
class _Teile:
    """The ready zip without the parts that change: the two sheets, cut at the cells to fill, and the shared texts."""

    rest: bytes
    haupt: tuple[bytes, ...]
    orte: tuple[str, ...]
    kenn: tuple[bytes, ...]
    namen: tuple[str, str, str]
    texte: bytes


class _Texte:
    """The shared texts of one template: those of its form, and what was added. Some programs read no others."""

    def __init__(self, xml: bytes) -> None:
        self._xml, zaehler = xml, _ZAEHLER.search(xml)
        assert zaehler is not None
        self._stellen, (self._genutzt, self._vorhanden) = zaehler, map(int, zaehler.groups())
        self._neue: dict[str, int] = {}
        self._verwendet = 0

    def nummer(self, text: str) -> int:
        """Return the number of a text, a new one if it was not added before."""
        self._verwendet += 1
        return self._vorhanden + self._neue.setdefault(text, len(self._neue))

    def xml(self) -> bytes:
        """Return the part."""
        zaehler = b' count="%d" uniqueCount="%d">' % (
            self._genutzt + self._verwendet, self._vorhanden + len(self._neue),
        )  # fmt: skip
        neue = b"".join(b'<si><t xml:space="preserve">%s</t></si>' % escape(t).encode() for t in self._neue)
        vorne, hinten = self._xml[: self._stellen.start()], self._xml[self._stellen.end() :]
        return vorne + zaehler + hinten.removesuffix(b"</sst>") + neue + b"</sst>"


def stempeln(form: Formular, angaben: Angaben) -> bytes:
    """Return the template of one municipality and period. Raises: ValueError: the period is not one of this form."""
    version = form.version_fuer(angaben.periode)
    teile = _zerlegt(form.id, version.id)
    kennung = Kennung(
        form.id, version.id, str(angaben.bfs_nr), angaben.periode, angaben.gemeinde,
        "" if angaben.auslaender is None else str(angaben.auslaender), "",
    )  # fmt: skip
    druck = fingerabdruck(kennung, version.felder)
    kennwerte = [getattr(kennung, name) for name in KENNUNG_ZEILEN[:-1]] + [druck]
    werte: dict[str, Wert] = {"gemeinde": angaben.gemeinde, "bfs_nr": angaben.bfs_nr}
    werte |= _werte_anhang2(angaben) if form.nummer == 2 else _werte_anhang3(angaben)
    return _packen(teile, [werte.get(ort) for ort in teile.orte], kennwerte)


def leer(form: Formular, version: str) -> bytes:
    """Return the blank form of one version, for people to look at; it is no valid submission."""
    teile = _zerlegt(form.id, version)
    gezeigt = {"gemeinde": "Gemeinde", "sockelbeitrag": ANZAHL_FEHLT}
    return _packen(teile, [gezeigt.get(ort) for ort in teile.orte], [form.id, version, *[""] * 5])


def _einreichen(bis: date) -> str:
    return f"Einzureichen bis {datum(bis)} ({wochentag(bis)}), Ziff. 5.2"


def _werte_anhang2(a: Angaben) -> dict[str, Wert]:
    halbjahr = Halbjahr.parse(a.periode)
    vorher = halbjahr.vorher() if halbjahr > ERSTES_HALBJAHR else None
    werte: dict[str, Wert] = {
        "periode": a.periode,
        "zeitraum": f"{halbjahr.text} ({datum(halbjahr.beginn)} bis {datum(halbjahr.ende)})",
        "einreichen": _einreichen(a.frist or frist(2, halbjahr)),
    }
    for nummer in (0, 1):
        werte[f"vorperiode_{nummer}"] = f"Vorperiode\n{vorher}" if vorher else "Vorperiode"
    werte |= {f"vor_{k}": v for k, v in a.vorperiode.items() if v is not None}
    hinweise = []
    for leistung in GEZAEHLT:
        try:
            satz = a.tarife[leistung].ueber(halbjahr.beginn, halbjahr.ende)
        except NichtGeregelt:
            werte["ansatz_" + leistung.schluessel] = ANSATZ_FEHLT
            continue
        werte["ansatz_" + leistung.schluessel] = satz.betrag
        if satz.zu_bestaetigen:
            hinweise.append("Ansätze zu bestätigen durch AGS.")
    werte["tarifhinweis"] = _tarifhinweis(hinweise)
    return werte


def _werte_anhang3(a: Angaben) -> dict[str, Wert]:
    jahr = periodenbeginn(a.periode).year
    werte: dict[str, Wert] = {
        "jahr": jahr,
        "zeitraum": f"Jahr {jahr} (Rückblick auf {jahr - 1})",
        "einreichen": _einreichen(a.frist or frist(3, jahr)),
        "auslaender_anzahl": a.auslaender,
    }
    hinweise = [f"Anzahl: Ausländerinnen und Ausländer am {datum(stichtag(jahr))}, gemäss kantonaler Statistik."]
    try:
        schritt = sockelbeitrag(a.auslaender or 0, jahr, a.tarife)
        werte |= {"ansatz_sockel": schritt.ansatz, "sockelbeitrag": schritt.betrag}
        if schritt.zu_bestaetigen:
            hinweise.append("Ansatz zu bestätigen durch AGS.")
    except NichtGeregelt:
        werte["ansatz_sockel"] = ANSATZ_FEHLT
        werte["sockelbeitrag"] = ANSATZ_FEHLT if a.auslaender else Decimal(0)
    if a.auslaender is None:
        werte["sockelbeitrag"] = ANZAHL_FEHLT
        hinweise.append("Die Anzahl liegt noch nicht vor.")
    werte["tarifhinweis"] = _tarifhinweis(hinweise)
    return werte


def _tarifhinweis(hinweise: list[str]) -> str:
    text = "Voraussichtlicher Betrag; es besteht kein Rechtsanspruch (Ziff. 4.1.1)."
    return " ".join([text, *dict.fromkeys(hinweise)])


@cache
def _zerlegt(kennung: str, version: str) -> _Teile:
    v = vorlage(kennung, version)
    with zipfile.ZipFile(BytesIO(v.daten)) as zip_:
        namen = (*blattnamen(zip_, v.plan.formular.blatt), _TEXTE)
        inhalt = {n: zip_.read(n) for n in zip_.namelist()}
    puffer = BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as ziel:
        for name, daten in inhalt.items():
            if name not in namen:
                ziel.writestr(zipfile.ZipInfo(name, ZEITPUNKT), daten, zipfile.ZIP_DEFLATED)
    haupt, orte = _schneiden(inhalt[namen[0]], {**v.stempel, **v.formelwerte})
    kenn, _ = _schneiden(inhalt[namen[1]], {n: f"B{z + 1}" for z, n in enumerate(KENNUNG_ZEILEN)})
    return _Teile(puffer.getvalue(), haupt, orte, kenn, namen, inhalt[_TEXTE])


def blattnamen(zip_: zipfile.ZipFile, blatt: str) -> tuple[str, str]:
    """Return the parts of the main sheet and of `_krs`: XlsxWriter numbers them in order."""
    namen = re.findall(rb'<sheet name="([^"]+)"', zip_.read("xl/workbook.xml"))
    haupt, kenn = (f"xl/worksheets/sheet{namen.index(n.encode()) + 1}.xml" for n in (blatt, KENNBLATT))
    return haupt, kenn


def _schneiden(xml: bytes, orte: Mapping[str, str]) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Cut the sheet at each cell: even pieces are kept, odd ones are the start of the cell to fill."""
    treffer = []
    for name, adresse in orte.items():
        muster = rb'<c r="%s"( s="\d+")?(?:/>|>(<f>[^<]*</f>)<v>[^<]*</v></c>)' % adresse.encode()
        fund = re.search(muster, xml)
        if fund is None:
            raise KeyError(f"{name} ({adresse})")
        treffer.append((fund.start(), fund.end(), name, fund.group(1) or b"", fund.group(2) or b"", adresse))
    stuecke, namen, ende = [], [], 0
    for von, bis, name, stil, formel, adresse in sorted(treffer):
        stuecke += [xml[ende:von], b'<c r="%s"%s' % (adresse.encode(), stil), formel]
        namen.append(name)
        ende = bis
    return (*stuecke, xml[ende:]), tuple(namen)


def _fuellen(stuecke: tuple[bytes, ...], werte: list[Wert], texte: _Texte) -> bytes:
    teile = []
    for nummer, wert in enumerate(werte):
        vor, zelle, formel = stuecke[3 * nummer : 3 * nummer + 3]
        teile += [vor, zelle, _zelle(wert, formel, texte)]
    return b"".join([*teile, stuecke[-1]])


def _zelle(wert: Wert, formel: bytes, texte: _Texte) -> bytes:
    if wert is None or wert == "":
        return b">%s<v>0</v></c>" % formel if formel else b"/>"
    if isinstance(wert, str):
        if formel:
            return b' t="str">%s<v>%s</v></c>' % (formel, escape(wert).encode())
        return b' t="s"><v>%d</v></c>' % texte.nummer(wert)
    return b">%s<v>%s</v></c>" % (formel, format(wert, "f").encode() if isinstance(wert, Decimal) else b"%d" % wert)


def _packen(teile: _Teile, haupt: list[Wert], kenn: list[Wert]) -> bytes:
    texte = _Texte(teile.texte)
    neue = [_fuellen(teile.haupt, haupt, texte), _fuellen(teile.kenn, kenn, texte)]
    puffer = BytesIO()
    puffer.write(teile.rest)
    with zipfile.ZipFile(puffer, "a", zipfile.ZIP_DEFLATED) as ziel:
        for name, daten in zip(teile.namen, (*neue, texte.xml()), strict=True):
            ziel.writestr(zipfile.ZipInfo(name, ZEITPUNKT), daten, zipfile.ZIP_DEFLATED, 6)
    return puffer.getvalue()
