"""Build the blank form of one version, once; mappen/stempel.py makes one per municipality from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from xlsxwriter.worksheet import Worksheet

from krs.formulare.eingabe import Eingabe, Kennung
from krs.formulare.formular import LEISTUNG, Feld, Formular, Spalte, Version, formular
from krs.formulare.pruefen import MODELLE, fehlende
from krs.formulare.typen import HOECHSTE_ANZAHL
from krs.mappen import formeln
from krs.mappen.aufbau import HOEHE, LABEL, LETZTE, WERT, Aufbau, Platz, plane
from krs.mappen.kennblatt import KENNBLATT, KENNUNG_ZEILEN
from krs.mappen.stile import Mappe
from krs.recht import TARIFE

_STIL = {"email": "ein_text", "zahl": "ein_zahl"}


@dataclass(frozen=True, slots=True)
class Vorlage:
    """A blank form, and which cells the stamp fills in: name of the value → address on the main sheet."""

    daten: bytes
    plan: Aufbau
    stempel: dict[str, str]
    formelwerte: dict[str, str]


@cache
def vorlage(kennung: str, version: str) -> Vorlage:
    """Return the blank form `anhang2` or `anhang3` in one version."""
    form = formular(kennung)
    fassung = form.version(version)
    if fassung is None:
        raise KeyError(version)
    return _Bau(form, fassung).bauen()


class _Bau:
    def __init__(self, form: Formular, version: Version) -> None:
        self.form, self.version = form, version
        self.plan = plane(form, version)
        self.mappe = Mappe(f"start.integration – {form.name}, {form.titel}, Version {version.id}")
        self.stempel: dict[str, str] = {}
        self.formelwerte: dict[str, str] = {}

    def bauen(self) -> Vorlage:
        self.blatt = self.mappe.blatt(self.form.blatt)
        self._einrichten()
        self._kopf()
        for block in self.plan.bloecke:
            if block.titelzeile is not None:
                self._ueber(block.titelzeile, LABEL, LETZTE, block.daten["titel"], "band")
            getattr(self, "_" + block.daten["art"])(block)
        self._namen()
        if self.form.nummer == 2:
            self._nachweis()
        self._erlaeuterungen()
        self._kennblatt()
        return Vorlage(self.mappe.bytes(), self.plan, self.stempel, self.formelwerte)

    def _einrichten(self) -> None:
        b = self.blatt
        for spalte, breite in enumerate(self.form.spaltenbreiten):
            b.set_column(spalte, spalte, breite, self.mappe["text"])
        b.set_default_row(HOEHE)
        for zeile, hoehe in self.plan.hoehen.items():
            b.set_row(zeile, hoehe)
        b.set_row(1, 26)
        b.set_row(4, 20)
        b.freeze_panes(6, 0)
        b.print_area(0, 0, self.plan.zeilen - 1, LETZTE)
        b.fit_to_pages(1, 1 if self.form.nummer == 2 else 0)
        b.repeat_rows(0, 3)
        b.set_h_pagebreaks([x.zeile - 1 for x in self.plan.bloecke if x.daten.get("seite_davor")])
        b.set_footer(f"&L&8{self.form.name}, {self.form.titel}&C&8Version {self.version.id}&R&8Seite &P von &N")
        b.protect("", {"format_rows": True, "format_columns": True, "select_locked_cells": True})
        b.set_selection(7, WERT, 7, WERT)

    def _ueber(self, zeile: int, von: int, bis: int, text: str, stil: str) -> None:
        if bis > von:
            self.blatt.merge_range(zeile, von, zeile, bis, text, self.mappe[stil])
        else:
            self.blatt.write(zeile, von, text, self.mappe[stil])

    def _stempeln(self, name: str, zeile: int, spalte: int, stil: str, bis: int | None = None) -> None:
        if bis is not None and bis > spalte:
            self.blatt.merge_range(zeile, spalte, zeile, bis, "", self.mappe[stil])
        else:
            self.blatt.write_blank(zeile, spalte, None, self.mappe[stil])
        self.stempel[name] = Platz(zeile, spalte, spalte).adresse

    def _kopf(self) -> None:
        marke = f"start.integration  ·  {self.form.name}  ·  {self.form.titel}"
        self._ueber(0, LABEL, LETZTE, marke, "marke")
        self._stempeln("gemeinde", 1, LABEL, "titel", LETZTE)
        self._stempeln("zeitraum", 2, LABEL, "gross", WERT + 1)
        self._stempeln("einreichen", 3, LABEL, "untertitel", WERT + 1)
        zeit = "periode" if self.form.nummer == 2 else "jahr"
        for zeile, feld in ((2, "bfs_nr"), (3, zeit)):
            self.blatt.write(zeile, LETZTE - 1, self.form.felder[feld].bezeichnung, self.mappe["rechts"])
            self._stempeln(feld, zeile, LETZTE, "konstante")
        fehlen = formeln.pruefzeile(self._blank_fehlen())
        self.blatt.merge_range(4, LABEL, 4, LETZTE, "", self.mappe["pruefzeile"])
        zaehler = f"{KENNBLATT}!$B$9"
        self.blatt.write_formula(4, LABEL, formeln.pruefzeile_formel(zaehler), self.mappe["pruefzeile"], fehlen)
        self.blatt.merge_range(5, LABEL, 5, LETZTE, "", self.mappe["hinweiszeile"])
        self.blatt.write_formula(5, LABEL, formeln.widerspruch_formel(self.plan), self.mappe["hinweiszeile"], "")

    def _blank_fehlen(self) -> int:
        leer = Eingabe("", Kennung(*[""] * 7), {})
        return len(fehlende(self.form, self.version, MODELLE[self.form.id](), leer))

    def _felder(self, block: Any) -> None:
        for feld in self.plan.felder(block.daten["felder"]):
            platz = self.plan.plaetze[feld.schluessel]
            self.blatt.write(platz.zeile, LABEL, feld.bezeichnung, self.mappe["label"])
            self._eingabe(feld, platz)
            if platz.bis == WERT:
                self._ueber(platz.zeile, WERT + 1, LETZTE, feld.hilfe, "hilfe")

    def _eingabe(self, feld: Feld, platz: Platz) -> None:
        stil = _STIL.get(feld.art, f"ein_{feld.art}")
        if platz.bis > platz.spalte:
            self.blatt.merge_range(platz.zeile, platz.spalte, platz.zeile, platz.bis, "", self.mappe[stil])
        else:
            self.blatt.write_blank(platz.zeile, platz.spalte, None, self.mappe[stil])
        texte = (feld.bezeichnung, feld.hilfe)
        self._pruefung((platz.zeile, platz.zeile, platz.spalte), feld.art, texte, feld.auswahl)

    def _pruefung(self, wo: tuple[int, int, int], art: str, texte: tuple[str, str], auswahl: tuple[str, ...]) -> None:
        """Validate rows wo[0]..wo[1] of column wo[2]; texts are title and prompt."""
        regel: dict[str, Any] = _VALIDIERUNG.get(art, {"validate": "any"})
        if auswahl:
            regel = {"validate": "list", "source": list(auswahl), **_FEHLER_LISTE}
            if art == "text":  # a suggestion: other text is allowed
                regel["error_type"] = "information"
        titel = texte[0] if len(texte[0]) <= 32 else texte[0][:31] + "…"
        regel = {**regel, "input_title": titel, "input_message": texte[1][:255]}
        self.blatt.data_validation(wo[0], wo[2], wo[1], wo[2], regel)

    def _matrix(self, block: Any) -> None:
        zeile = block.zeile
        spalten = [
            (n, s)
            for n, s in enumerate(block.daten["spalten"])
            if any(k.startswith(s["praefix"]) for k in self.plan.plaetze)
        ]
        for nummer, spalte in spalten:
            ort = WERT + 2 * nummer
            self.blatt.write(zeile, ort, spalte["titel"], self.mappe["kopf"])
            self._stempeln(f"vorperiode_{nummer}", zeile, ort + 1, "kopf_leise")
        zeile += 1
        for gruppe in block.daten["gruppen"]:
            self._ueber(zeile, LABEL, LETZTE, gruppe["titel"], "gruppe")
            zeile += 1
            for name in gruppe["felder"]:
                zeile += self._matrixzeile(zeile, name, spalten)

    def _matrixzeile(self, zeile: int, name: str, spalten: list[tuple[int, Any]]) -> bool:
        belegt = False
        for nummer, spalte in spalten:
            schluessel = spalte["praefix"] + name
            if schluessel not in self.plan.plaetze:
                continue
            feld = self.form.felder[schluessel]
            self.blatt.write(zeile, LABEL, feld.bezeichnung, self.mappe["label"])
            self._eingabe(feld, self.plan.plaetze[schluessel])
            if feld.art == "anzahl":
                self._stempeln("vor_" + schluessel, zeile, WERT + 2 * nummer + 1, "vorher")
            belegt = True
        return belegt

    def _aufgaben(self, block: Any) -> None:
        for feld in self.plan.felder(block.daten["felder"]):
            platz = self.plan.plaetze[feld.schluessel]
            self.blatt.write(platz.zeile, LABEL, feld.bezeichnung, self.mappe["label"])
            self._eingabe(feld, platz)
            text = self.form.felder[feld.schluessel + "_text"]
            self._eingabe(text, self.plan.plaetze[text.schluessel])

    def _liste(self, block: Any) -> None:
        feld = self.form.felder[block.daten["feld"]]
        erste, zeilen, _ = self.plan.listen[feld.schluessel]
        for nummer, spalte in enumerate(feld.spalten):
            stil = "kopf" if spalte.art in ("anzahl", "betrag") else "kopf_links"
            self.blatt.write(block.zeile, LABEL + nummer, spalte.titel, self.mappe[stil])
            self._listenspalte(feld, spalte, erste, zeilen, LABEL + nummer)
        if feld.schluessel == "sprachen":
            self._gegenprobe(erste, zeilen)

    def _listenspalte(self, feld: Feld, spalte: Spalte, erste: int, zeilen: int, ort: int) -> None:
        for zeile in range(erste, erste + zeilen):
            self.blatt.write_blank(zeile, ort, None, self.mappe[f"ein_{spalte.art}"])
        letzte = erste + zeilen - 1
        self._pruefung((erste, letzte, ort), spalte.art, (spalte.titel, feld.hilfe), spalte.auswahl)

    def _gegenprobe(self, erste: int, zeilen: int) -> None:
        spalte = f"{Platz(erste, WERT, WERT).adresse}:{Platz(erste + zeilen - 1, WERT, WERT).adresse}"
        einsaetze = [formeln.bereich(self.plan, k) for k in self.plan.rechnung if k.endswith("_dolmetsch")]
        for zeile, text, formel in (
            (erste, "Summe der Liste", f"=SUM({spalte})"),
            (erste + 1, "Linguadukt-Einsätze Teil 3", f"=SUM({','.join(einsaetze)})"),
        ):
            self._ueber(zeile, WERT + 1, LETZTE - 1, text, "hilfe")
            self.blatt.write_formula(zeile, LETZTE, formel, self.mappe["rechnung"], 0)

    def _rechnung(self, block: Any) -> None:
        koepfe = ("Leistung", "Anzahl", "Ansatz (Fr.)", "Betrag (Fr.)")
        for nummer, kopf in enumerate(koepfe):
            self.blatt.write(block.zeile, LABEL + nummer, kopf, self.mappe["kopf" if nummer else "kopf_links"])
        for schluessel, zeile in self.plan.rechnung.items():
            self._rechenzeile(schluessel, zeile)
        if self.plan.summenzeile is not None:
            self._summe(self.plan.summenzeile)
        self._stempeln("tarifhinweis", block.ende - 1, LABEL, "hilfe", LETZTE)

    def _rechenzeile(self, schluessel: str, zeile: int) -> None:
        anzahl, ansatz, betrag = (Platz(zeile, WERT + n, WERT + n).adresse for n in range(3))
        self.blatt.write(zeile, LABEL, TARIFE[LEISTUNG[schluessel]].bezeichnung, self.mappe["label"])
        if schluessel == "sockel":
            self._stempeln("auslaender_anzahl", zeile, WERT, "rechnung")
            self.formelwerte["sockelbeitrag"] = betrag
        else:
            formel = formeln.anzahl_formel(self.plan, schluessel)
            self.blatt.write_formula(zeile, WERT, formel, self.mappe["rechnung"], 0)
        self._stempeln("ansatz_" + schluessel, zeile, WERT + 1, "ansatz")
        formel = formeln.betrag_formel(anzahl, ansatz)
        self.blatt.write_formula(zeile, WERT + 2, formel, self.mappe["betrag"], 0)

    def _summe(self, zeile: int) -> None:
        zeilen = list(self.plan.rechnung.values())
        oben, unten = (Platz(z, WERT + 2, WERT + 2).adresse for z in (zeilen[0], zeilen[-1]))
        self._ueber(zeile, LABEL, WERT + 1, "Voraussichtlicher Beitrag", "summe_label")
        formel = formeln.summe_formel(oben, unten, len(zeilen))
        self.blatt.write_formula(zeile, WERT + 2, formel, self.mappe["summe"], 0)
        self.plan.plaetze["beitrag_total"] = Platz(zeile, WERT + 2, WERT + 2)

    def _namen(self) -> None:
        blatt = self.form.blatt
        namen = {k: p for k, p in self.plan.plaetze.items() if k not in self.plan.listen}
        for name, platz in {
            **namen,
            "pruefzeile": Platz(4, LABEL, LABEL),
            "hinweiszeile": Platz(5, LABEL, LABEL),
        }.items():
            ort = f"${platz.adresse[0]}${platz.zeile + 1}"
            self.mappe.buch.define_name(name, f"={blatt}!{ort}")
        for name, (zeile, zeilen, spalten) in self.plan.listen.items():
            letzte = "ABCDEFGH"[LABEL + spalten - 1]
            self.mappe.buch.define_name(name, f"={blatt}!$B${zeile + 1}:${letzte}${zeile + zeilen}")

    def _nachweis(self) -> None:
        blatt = self.mappe.blatt("Nachweis")
        blatt.set_column(0, 0, 14)
        blatt.set_column(1, 2, 26)
        blatt.set_column(3, 3, 26)
        text = "Freiwillig: eine Zeile je Gespräch, als Nachweis für Ihre Unterlagen. Keine Namen von Personen."
        blatt.write(0, 0, text, self.mappe["gross"])
        arten = ["Erstinformationsgespräch", "Integrationsgespräch"][: 1 + (self.version.id >= "2022")]
        listen = {1: arten, 2: ["Einzelperson", "Familie", "Personengruppe"]}
        for n, kopf in enumerate(("Datum", "Art", "Mit wem", "Linguadukt-Auftrag Nr.")):
            blatt.write(2, n, kopf, self.mappe["tabellenkopf"])
            for zeile in range(3, 63):
                blatt.write_blank(zeile, n, None, self.mappe["ein_datum" if n == 0 else "ein_text"])
        for n, werte in listen.items():
            blatt.data_validation(3, n, 62, n, {"validate": "list", "source": werte, **_FEHLER_LISTE})
        blatt.data_validation(3, 0, 62, 0, _VALIDIERUNG["datum"])
        self._nebenblatt(blatt, 2)

    def _nebenblatt(self, blatt: Worksheet, kopfzeile: int) -> None:
        blatt.freeze_panes(kopfzeile + 1, 0)
        blatt.repeat_rows(kopfzeile)
        blatt.fit_to_pages(1, 0)
        blatt.set_footer(f"&L&8{self.form.name}&C&8Version {self.version.id}&R&8Seite &P von &N")
        blatt.protect("", {"format_rows": True, "format_columns": True})

    def _erlaeuterungen(self) -> None:
        blatt = self.mappe.blatt("Erläuterungen")
        blatt.set_column(0, 0, 7)
        blatt.set_column(1, 1, 40)
        blatt.set_column(2, 2, 62)
        blatt.set_column(3, 3, 8)
        blatt.write(0, 0, f"Erläuterungen zum Formular «{self.form.titel}»", self.mappe["gross"])
        for n, kopf in enumerate(("Zelle", "Feld", "Was hineingehört", "Ziffer")):
            blatt.write(2, n, kopf, self.mappe["tabellenkopf"])
        zeile = 3
        for feld in self.form.felder_von(self.version):
            if feld.eingabe:
                werte = (self.plan.adresse(feld.schluessel), feld.voll, feld.hilfe, feld.ziffer)
                for n, wert in enumerate(werte):
                    blatt.write_string(zeile, n, wert, self.mappe["umbruch"])
                zeile += 1
        self._nebenblatt(blatt, 2)

    def _kennblatt(self) -> None:
        blatt = self.mappe.buch.add_worksheet(KENNBLATT)
        for zeile, name in enumerate(KENNUNG_ZEILEN):
            blatt.write(zeile, 0, name)
            blatt.write_blank(zeile, 1, None, self.mappe["ein_text"])
        blatt.write(8, 0, "fehlende_angaben")
        blatt.write_formula(8, 1, formeln.fehlende_formel(self.plan), None, self._blank_fehlen())
        blatt.protect("")
        blatt.very_hidden()


_FEHLER_LISTE = {"error_title": "Nicht in der Liste", "error_message": "Bitte wählen Sie einen Wert aus der Liste."}
_VALIDIERUNG: dict[str, dict[str, Any]] = {
    "anzahl": {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": HOECHSTE_ANZAHL,
        "error_title": "Keine ganze Zahl", "error_message": "Bitte erfassen Sie eine ganze Zahl ab 0.",
    },
    "zahl": {
        "validate": "decimal", "criteria": ">=", "value": 0,
        "error_title": "Keine Zahl", "error_message": "Bitte erfassen Sie eine Zahl ab 0.",
    },
    "betrag": {
        "validate": "decimal", "criteria": ">=", "value": 0,
        "error_title": "Kein Betrag", "error_message": "Bitte erfassen Sie einen Betrag in Franken ab 0.",
    },
    "anteil": {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 10,
        "error_title": "Kein Anteil", "error_message": "Bitte erfassen Sie Stellenprozente, zum Beispiel 20%.",
    },
    "datum": {
        "validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2099, 12, 31),
        "error_title": "Kein Datum", "error_message": "Bitte erfassen Sie ein Datum wie 15.07.2024.",
    },
}  # fmt: skip
