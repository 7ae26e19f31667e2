"""The sheets beside the form: explanations field by field, and the voluntary list of talks."""

from __future__ import annotations

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from krs.formulare.kontext import benennung
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.stile import Mappe, regel
from krs.mappen.vorlage.aufbau import LABEL, Aufbau

_KOPF = 3  # row of the column heads
_NACHWEISE = 80  # rows: two printed pages
_NACHWEIS = (
    "Freiwillig: eine Zeile je Gespräch, für Ihre Unterlagen. Der Kanton kann die Durchführung nachprüfen "
    "(Ziff. 4.3.1). Bitte keine Namen von Personen."
)
_ERLAEUTERUNG = (
    "Die Ziffern verweisen auf das Kreisschreiben KRS-GEF-2017/01. Die Prüfzeile oben im Formular hilft beim "
    "Ausfüllen; nach der Einreichung prüft der Kanton alle Angaben."
)
_ARTEN = ("Erstinformationsgespräch", "Integrationsgespräch")
_MIT_WEM = ("Einzelperson", "Familie", "Personengruppe")


def nachweis(mappe: Mappe, plan: Aufbau) -> None:
    """Add the sheet Nachweis: date, kind, setting, order number; no names."""
    blatt = _blatt(mappe, "Nachweis", "Nachweis der Gespräche", _NACHWEIS, (14, 28, 24, 28))
    spalten = (
        ("Datum", "datum", ()),
        ("Art", "text", _ARTEN if "integ" in plan.rechnung else _ARTEN[:1]),
        ("Mit wem", "text", _MIT_WEM),
        ("Linguadukt-Auftrag Nr.", "text", ()),
    )
    erste, letzte = _KOPF + 1, _KOPF + _NACHWEISE
    for ort, (kopf, art, auswahl) in enumerate(spalten):
        blatt.write(_KOPF, ort, kopf, mappe["tabellenkopf"])
        for zeile in range(erste, letzte + 1):
            blatt.write_blank(zeile, ort, None, mappe[f"ein_{art}"])
        if auswahl or art == "datum":
            blatt.data_validation(erste, ort, letzte, ort, regel("auswahl" if auswahl else art, auswahl))
    blatt.fit_to_pages(1, 2)
    fusszeile(blatt, plan)


def erlaeuterungen(mappe: Mappe, plan: Aufbau) -> None:
    """Add the sheet Erläuterungen: one row for each entry cell."""
    breiten = (10, 38, 52, 8)
    titel = f"Erläuterungen zum Formular «{plan.formular.titel}»"
    blatt = _blatt(mappe, "Erläuterungen", titel, _ERLAEUTERUNG, breiten)
    for ort, kopf in enumerate(("Zelle", "Feld", "Was hineingehört", "Ziffer")):
        blatt.write(_KOPF, ort, kopf, mappe["tabellenkopf"])
    felder = (f for f in plan.formular.felder_von(plan.version) if f.eingabe)
    for zeile, feld in enumerate(felder, _KOPF + 1):
        werte = (_ort(plan, feld.schluessel), benennung(feld), feld.hilfe, feld.ziffer)
        for ort, wert in enumerate(werte):
            blatt.write_string(zeile, ort, wert, mappe["linie"])
        hoch = max(zeilen(wert, breite) for wert, breite in zip(werte, breiten, strict=True))
        blatt.set_row(zeile, hoehe(hoch) + 3)
    blatt.fit_to_pages(1, 0)
    fusszeile(blatt, plan)


def fusszeile(blatt: Worksheet, plan: Aufbau) -> None:
    """Set the footer: form, version, page."""
    name = f"{plan.formular.name}, {plan.formular.titel}"
    blatt.set_footer(f"&L&8{name}&C&8Version {plan.version.id}&R&8Seite &P von &N", {"scale_with_doc": False})


def _blatt(mappe: Mappe, name: str, titel: str, text: str, breiten: tuple[int, ...]) -> Worksheet:
    blatt = mappe.blatt(name)
    for spalte, breite in enumerate(breiten):
        blatt.set_column(spalte, spalte, breite, mappe["text"])
    blatt.write(0, 0, titel, mappe["gross"])
    blatt.merge_range(1, 0, 1, len(breiten) - 1, text, mappe["unterzeile"])
    blatt.set_row(1, hoehe(2, 9))
    blatt.freeze_panes(_KOPF + 1, 0)
    blatt.set_selection(_KOPF + 1, 0, _KOPF + 1, 0)
    blatt.repeat_rows(_KOPF)
    blatt.protect("", {"format_rows": True, "format_columns": True})
    return blatt


def _ort(plan: Aufbau, schluessel: str) -> str:
    """Return `C20`, of a list `B44:C51`."""
    if schluessel not in plan.listen:
        return plan.adresse(schluessel)
    zeile, anzahl, spalten = plan.listen[schluessel]
    return str(xl_range(zeile, LABEL, zeile + anzahl - 1, LABEL + spalten - 1))
