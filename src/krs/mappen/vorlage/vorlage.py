"""Build the blank form of one version, once; mappen/vorlage/stempel.py makes one per municipality from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from krs.formulare.eingabe import KENNBLATT, KENNUNG_ZEILEN, Eingabe, Kennung
from krs.formulare.formular import Feld, Formular, Spalte, Version, formular
from krs.formulare.pruefen import MODELLE, fehlende
from krs.mappen.gestalt.stile import Mappe, regel
from krs.mappen.vorlage import beiblatt, formeln
from krs.mappen.vorlage.aufbau import HOEHE, LABEL, LETZTE, WERT, Aufbau, Platz, plane
from krs.recht import LEISTUNG, TARIFE

_STIL = {"email": "ein_text"}
_LEGENDE = "Bitte füllen Sie die gelben, umrandeten Felder aus."
_MASSSTAB = 78  # per cent: the form is as wide as the page


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
        bauen = {
            "felder": self._felder, "matrix": self._matrix, "aufgaben": self._aufgaben, "liste": self._liste,
            "rechnung": self._rechnung,
        }  # fmt: skip
        for block in self.plan.bloecke:
            if block.titelzeile is not None and block.daten["art"] != "aufgaben":
                self._ueber(block.titelzeile, LABEL, LETZTE, block.daten["titel"], "band")
            bauen[block.daten["art"]](block)
        self._namen()
        if self.form.nummer == 2:
            beiblatt.nachweis(self.mappe, self.plan)
        beiblatt.erlaeuterungen(self.mappe, self.plan)
        self._kennblatt()
        return Vorlage(self.mappe.bytes(), self.plan, self.stempel, self.formelwerte)

    def _einrichten(self) -> None:
        b = self.blatt
        for spalte, breite in enumerate(self.form.spaltenbreiten):
            b.set_column(spalte, spalte, breite, self.mappe["text"])
        b.set_default_row(HOEHE[self.form.nummer])
        for zeile, hoehe in self.plan.hoehen.items():
            b.set_row(zeile, hoehe)
        b.set_row(1, 26)
        b.set_row(4, 20)
        b.freeze_panes(6, 0)
        b.print_area(0, LABEL, self.plan.zeilen - 1, LETZTE)
        b.center_horizontally()
        b.repeat_rows(0, 3)
        if self.form.nummer == 2:
            b.fit_to_pages(1, 1)
        else:  # a scale, not «fit to pages»: with that Excel may ignore the page break
            b.set_print_scale(_MASSSTAB)
            b.set_h_pagebreaks([x.zeile - 2 for x in self.plan.bloecke if x.daten.get("seite_davor")])
        beiblatt.fusszeile(b, self.plan)
        b.protect("", {"format_rows": True, "format_columns": True, "select_locked_cells": True})
        erste = min(p.zeile for k, p in self.plan.plaetze.items() if self.form.felder[k].eingabe)
        b.set_selection(erste, WERT, erste, WERT)

    def _ueber(self, zeile: int, von: int, bis: int, text: str, stil: str) -> None:
        """Write a text over columns; without one they are only formatted."""
        if bis > von:
            self.blatt.merge_range(zeile, von, zeile, bis, text, self.mappe[stil])
        else:
            self.blatt.write(zeile, von, text, self.mappe[stil])

    def _stempeln(self, name: str, zeile: int, spalte: int, stil: str, bis: int | None = None) -> None:
        self._ueber(zeile, spalte, bis or spalte, "", stil)
        self.stempel[name] = xl_rowcol_to_cell(zeile, spalte)

    def _formel(self, zeile: int, von: int, bis: int, formel: str, stil: str, wert: str | int = 0) -> None:
        self._ueber(zeile, von, bis, "", stil)
        self.blatt.write_formula(zeile, von, formel, self.mappe[stil], wert)

    def _kopf(self) -> None:
        marke = f"start.integration  ·  {self.form.name}  ·  {self.form.titel}"
        self._ueber(0, LABEL, WERT, marke, "marke")
        self._ueber(0, WERT + 1, LETZTE, _LEGENDE, "legende")
        self._stempeln("gemeinde", 1, LABEL, "titel", LETZTE)
        self._stempeln("zeitraum", 2, LABEL, "gross", WERT + 1)
        self._stempeln("einreichen", 3, LABEL, "untertitel", WERT + 1)
        zeit = "periode" if self.form.nummer == 2 else "jahr"
        for zeile, feld in ((2, "bfs_nr"), (3, zeit)):
            self.blatt.write(zeile, LETZTE - 1, self.form.felder[feld].bezeichnung, self.mappe["rechts"])
            self._stempeln(feld, zeile, LETZTE, "konstante")
        fehlen = formeln.pruefzeile(self._blank_fehlen())
        formel = formeln.pruefzeile_formel(*(f"{KENNBLATT}!$B${zeile}" for zeile in (9, 10, 11)))
        self._formel(4, LABEL, LETZTE, formel, "pruefzeile", fehlen)
        self._formel(5, LABEL, LETZTE, formeln.widerspruch_formel(self.plan), "hinweiszeile", "")

    def _blank_fehlen(self) -> int:
        leer = Eingabe("", Kennung(*[""] * 7), {})
        return len(fehlende(self.form, self.version, MODELLE[self.form.id](), leer))

    def _felder(self, block: Any) -> None:
        for feld in self.plan.felder(block.daten["felder"]):
            platz = self._feld(feld, "label_oben" if feld.mehrzeilig > 1 else "label")
            if platz.bis == WERT:
                self._ueber(platz.zeile, WERT + 1, LETZTE, feld.hilfe, "hilfe")

    def _feld(self, feld: Feld, stil: str = "label") -> Platz:
        """Write label and entry of a field; return the place of the entry."""
        platz = self.plan.plaetze[feld.schluessel]
        self.blatt.write(platz.zeile, LABEL, feld.bezeichnung, self.mappe[stil])
        self._eingabe(feld, platz)
        return platz

    def _eingabe(self, feld: Feld, platz: Platz) -> None:
        stil = "ein_lang" if feld.mehrzeilig > 1 else _STIL.get(feld.art, f"ein_{feld.art}")
        self._ueber(platz.zeile, platz.spalte, platz.bis, "", stil)
        pruefung = regel(feld.art, feld.auswahl, feld.bezeichnung, feld.hilfe)
        self.blatt.data_validation(platz.zeile, platz.spalte, platz.zeile, platz.spalte, pruefung)

    def _matrix(self, block: Any) -> None:
        zeile = block.zeile
        spalten = [
            (n, s)
            for n, s in enumerate(block.daten["spalten"])
            if any(k.startswith(s["praefix"]) for k in self.plan.plaetze)
        ]
        for nummer, spalte in spalten:
            ort = WERT + 2 * nummer
            self.blatt.write(zeile, ort, spalte["titel"], self.mappe["kopf_zahl"])
            self._stempeln(f"vorperiode_{nummer}", zeile, ort + 1, "kopf_leise")
        for gruppe in block.daten["gruppen"]:
            zeile += 1
            self._ueber(zeile, LABEL, LETZTE, gruppe["titel"], "gruppe")
            for feld in self.plan.felder([s["praefix"] + name for name in gruppe["felder"] for _, s in spalten]):
                platz = self._feld(feld)
                zeile = platz.zeile
                if feld.art == "anzahl":
                    self._stempeln("vor_" + feld.schluessel, zeile, platz.spalte + 1, "vorher")

    def _aufgaben(self, block: Any) -> None:
        self._ueber(block.titelzeile, LABEL, LABEL, block.daten["titel"], "band")
        self._ueber(block.titelzeile, WERT, WERT, block.daten["koepfe"][0], "band_mitte")
        self._ueber(block.titelzeile, WERT + 1, LETZTE, block.daten["koepfe"][1], "band_kopf")
        for feld in self.plan.felder(block.daten["felder"]):
            self._feld(feld)
            text = self.form.felder[feld.schluessel + "_text"]
            self._eingabe(text, self.plan.plaetze[text.schluessel])

    def _liste(self, block: Any) -> None:
        feld = self.form.felder[block.daten["feld"]]
        erste, zeilen, _ = self.plan.listen[feld.schluessel]
        for nummer, spalte in enumerate(feld.spalten):
            stil = "kopf_zahl" if spalte.art in ("anzahl", "betrag") else "kopf_text"
            self.blatt.write(block.zeile, LABEL + nummer, spalte.titel, self.mappe[stil])
            self._listenspalte(feld, spalte, erste, zeilen, LABEL + nummer)
        if feld.schluessel == "sprachen":
            self._gegenprobe(erste, zeilen)

    def _listenspalte(self, feld: Feld, spalte: Spalte, erste: int, zeilen: int, ort: int) -> None:
        for zeile in range(erste, erste + zeilen):
            self.blatt.write_blank(zeile, ort, None, self.mappe[f"ein_{spalte.art}"])
        letzte = erste + zeilen - 1
        pruefung = regel(spalte.art, spalte.auswahl, spalte.titel, feld.hilfe)
        self.blatt.data_validation(erste, ort, letzte, ort, pruefung)

    def _gegenprobe(self, erste: int, zeilen: int) -> None:
        spalte = xl_range(erste, WERT, erste + zeilen - 1, WERT)
        einsaetze = [formeln.bereich(self.plan, k) for k in self.plan.rechnung if k.endswith("_dolmetsch")]
        for zeile, text, formel in (
            (erste, "Summe der Liste", f"=SUM({spalte})"),
            (erste + 1, "Linguadukt-Einsätze Teil 3", f"=SUM({','.join(einsaetze)})"),
        ):
            self._ueber(zeile, WERT + 1, LETZTE - 1, text, "f_hilfe")
            self._formel(zeile, LETZTE, LETZTE, formel, "rechnung")

    def _rechnung(self, block: Any) -> None:
        self._ueber(block.zeile, LABEL, LABEL, "Leistung", "kopf_text")
        koepfe = ((WERT, WERT, "Anzahl"), (WERT + 1, WERT + 1, "Ansatz (Fr.)"), (WERT + 2, LETZTE, "Betrag (Fr.)"))
        for ort, bis, kopf in koepfe:
            self._ueber(block.zeile, ort, bis, kopf, "kopf")
        for schluessel, zeile in self.plan.rechnung.items():
            self._rechenzeile(schluessel, zeile)
        if self.plan.summenzeile is not None:
            self._summe(self.plan.summenzeile)
        self._stempeln("tarifhinweis", block.ende - 1, LABEL, "hilfe", LETZTE)

    def _rechenzeile(self, schluessel: str, zeile: int) -> None:
        anzahl, ansatz, betrag = (xl_rowcol_to_cell(zeile, WERT + n) for n in range(3))
        self.blatt.write(zeile, LABEL, TARIFE[LEISTUNG[schluessel]].bezeichnung, self.mappe["label"])
        if schluessel == "sockel":
            self._stempeln("auslaender_anzahl", zeile, WERT, "rechnung")
            self.formelwerte["sockelbeitrag"] = betrag
        else:
            self._formel(zeile, WERT, WERT, formeln.anzahl_formel(self.plan, schluessel), "rechnung")
        self._stempeln("ansatz_" + schluessel, zeile, WERT + 1, "betrag")
        rechnen = formeln.sockel_formel if schluessel == "sockel" else formeln.betrag_formel
        self._formel(zeile, WERT + 2, LETZTE, rechnen(anzahl, ansatz), "betrag")

    def _summe(self, zeile: int) -> None:
        zeilen = list(self.plan.rechnung.values())
        oben, unten = (xl_rowcol_to_cell(z, WERT + 2) for z in (zeilen[0], zeilen[-1]))
        self._ueber(zeile, LABEL, WERT + 1, "Voraussichtlicher Beitrag", "summe_label")
        self._formel(zeile, WERT + 2, LETZTE, formeln.summe_formel(oben, unten, len(zeilen)), "summe")
        self.plan.plaetze["beitrag_total"] = Platz(zeile, WERT + 2, WERT + 2)

    def _namen(self) -> None:
        blatt = self.form.blatt
        orte = {k: (p.zeile, p.spalte) for k, p in self.plan.plaetze.items() if k not in self.plan.listen}
        for name, ort in {**orte, "pruefzeile": (4, LABEL), "hinweiszeile": (5, LABEL)}.items():
            self.mappe.buch.define_name(name, f"={blatt}!{xl_range_abs(*ort, *ort)}")
        for name, (zeile, zeilen, spalten) in self.plan.listen.items():
            bereich = xl_range_abs(zeile, LABEL, zeile + zeilen - 1, LABEL + spalten - 1)
            self.mappe.buch.define_name(name, f"={blatt}!{bereich}")

    def _kennblatt(self) -> None:
        blatt = self.mappe.buch.add_worksheet(KENNBLATT)
        for zeile, name in enumerate(KENNUNG_ZEILEN):
            blatt.write(zeile, 0, name)
            blatt.write_blank(zeile, 1, None, self.mappe["kennwert"])
        blatt.write(8, 0, "fehlende_angaben")
        blatt.write_formula(8, 1, formeln.fehlende_formel(self.plan), None, self._blank_fehlen())
        blatt.write(9, 0, "text_statt_zahl")
        blatt.write_formula(9, 1, formeln.text_statt_zahl_formel(self.plan), None, 0)
        plaetze = [(k, p) for k, p in self.plan.plaetze.items() if k not in self.plan.listen]
        for zeile, (name, platz) in enumerate(plaetze):
            blatt.write_formula(zeile, 3, formeln.ort_formel(name), None, (platz.zeile + 1) * 100 + platz.spalte + 1)
        blatt.write(10, 0, "doppelte_felder")
        blatt.write_formula(10, 1, formeln.doppelte_formel(xl_range_abs(0, 3, len(plaetze) - 1, 3)), None, 0)
        blatt.protect("")
        blatt.very_hidden()
