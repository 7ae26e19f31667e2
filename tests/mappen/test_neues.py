"""`krs aktualisieren`: what a Stammdaten.xlsx of 0.4 lacks comes behind what is there, and all else stays."""

import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook import Workbook

from krs.mappen.nachtrag import aktualisiert
from krs.mappen.stammdaten import lies_tabellen, stammdaten_mappe
from krs.stammdaten.plan import blaetter, blatt
from krs.stammdaten.stammdaten import lies_stammdaten
from mappen.test_nachtrag import zellen
from mappen.test_stammdaten import beispiel

JE_100 = "Gespräche je 100 Ausländer/innen"
NEUE_KONTEN = tuple(f"Konto {x}" for x in (
    "Erstinformationsgespräch", "Dolmetschen Erstgespräch", "Integrationsgespräch", "Dolmetschen Integration",
    "Sockelbeitrag", "Rückforderung", "Debitoren", "Kreditoren", "Bank", "Abgrenzung",
))  # fmt: skip
NEUE_ZEILEN = (
    "Kontakt Name", "Kontakt Telefon", "Kontakt E-Mail", "Korrekturfrist Tage", "Erreichungsgrad", JE_100, *NEUE_KONTEN,
    "Vier Augen Pflicht", "Nachfassen Tage",
)  # fmt: skip


def gespeichert(buch: Workbook) -> bytes:
    ziel = BytesIO()
    buch.save(ziel)
    return ziel.getvalue()


def von_04() -> Workbook:
    """Return the workbook as 0.4.0 made it: without the later sheets, columns, settings and words."""
    buch = openpyxl.load_workbook(BytesIO(stammdaten_mappe(beispiel())))
    for plan in blaetter():
        if plan.freiwillig:
            del buch[plan.name]
            continue
        seite, breite = buch[plan.name], sum(not s.freiwillig for s in plan.spalten)
        weg = [openpyxl.utils.get_column_letter(n) for n in range(breite + 1, len(plan.spalten) + 1)]
        seite.delete_cols(breite + 1, len(weg))
        for name in weg:
            seite.column_dimensions.pop(name, None)
        regeln = seite.data_validations.dataValidation
        regeln[:] = [r for r in regeln if str(r.sqref)[0:1] not in weg and not str(r.sqref).startswith(tuple(weg))]
        (tabelle,) = seite.tables.values()
        tabelle.tableColumns = tabelle.tableColumns[:breite]
        tabelle.ref = f"A1:{openpyxl.utils.get_column_letter(breite)}{range_boundaries(tabelle.ref)[3]}"
        tabelle.autoFilter.ref = tabelle.ref
    seite = buch["Einstellungen"]
    for n in range(seite.max_row, 1, -1):
        if seite.cell(n, 1).value in NEUE_ZEILEN:
            seite.delete_rows(n)
    seite.tables["Einstellungen"].ref = seite.tables["Einstellungen"].autoFilter.ref = f"A1:B{seite.max_row}"
    regeln = seite.data_validations.dataValidation
    regeln[:] = [r for r in regeln if int(str(r.sqref)[1:]) <= seite.max_row]
    for r in buch["Entscheide"].data_validations.dataValidation:
        if str(r.sqref).startswith("E2"):
            r.formula1, r.operator, r.formula2 = "5", "equal", None
        if str(r.sqref).startswith("G2"):
            r.formula1 = '"anerkennen,zurückstellen,ablehnen"'
    return buch


SAETZE = (
    "Blatt Gemeinden: neue Spalte «Strategische Leitung».",
    "Blatt Gemeinden: neue Spalte «E-Mail strategische Leitung».",
    "Blatt Gemeinden: neue Spalte «Sozialregion».",
    "Blatt Gemeinden: neue Spalte «Kreditor-Nr.».",
    "Blatt Gemeinden: neue Spalte «Debitor-Nr.».",
    "Blatt Gemeinden: neue Spalte «Kostenstelle».",
    "Blatt Rückforderungen: neue Spalte «Art».",
    "Blatt Rückforderungen: neue Spalte «zu Nr.».",
    "Blatt Rückforderungen: neue Spalte «Beleg».",
    "Blatt Entscheide: neue Spalte «Leistung».",
    "Blatt Entscheide: neue Spalte «anerkannte Anzahl».",
    "Blatt Entscheide: Die Spalte «Code» lässt in Excel zu, was krs annimmt.",
    "Blatt Entscheide: Die Spalte «Entscheid» lässt in Excel zu, was krs annimmt.",
    "Neues Blatt: Zuordnungen.",
    "Neues Blatt: Fristen.",
    "Neues Blatt: Sozialregionen.",
    "Neues Blatt: Verteiler.",
    "Neues Blatt: Projektkredit.",
    "Blatt Einstellungen: neue Zeile «Kontakt Name».",
    "Blatt Einstellungen: neue Zeile «Kontakt Telefon».",
    "Blatt Einstellungen: neue Zeile «Kontakt E-Mail».",
    "Blatt Einstellungen: neue Zeile «Korrekturfrist Tage» (10).",
    "Blatt Einstellungen: neue Zeile «Erreichungsgrad».",
    f"Blatt Einstellungen: neue Zeile «{JE_100}» (20).",
    *(f"Blatt Einstellungen: neue Zeile «{k}»." for k in NEUE_KONTEN),
    "Blatt Einstellungen: neue Zeile «Vier Augen Pflicht» (Ja).",
    "Blatt Einstellungen: neue Zeile «Nachfassen Tage» (21).",
)


def regeln(buch: Workbook, name: str) -> list[tuple[object, ...]]:
    alle = buch[name].data_validations.dataValidation
    return sorted((str(r.sqref), r.type, r.formula1, r.formula2, r.operator or "between", r.error) for r in alle)


def test_die_mappe_von_0_4_wird_jene_von_heute() -> None:
    alt = gespeichert(von_04())
    neu, saetze = aktualisiert(alt)
    assert saetze == SAETZE
    stammdaten, befunde = lies_stammdaten(lies_tabellen(neu))
    assert [b.meldung for b in befunde] == []
    assert (stammdaten.einstellungen.korrekturfrist_tage, stammdaten.einstellungen.gespraeche_je_100) == (10, 20)
    hier = openpyxl.load_workbook(BytesIO(neu))
    heute = openpyxl.load_workbook(BytesIO(stammdaten_mappe(beispiel())))
    assert hier.sheetnames == heute.sheetnames
    for plan in blaetter():
        assert [c.value for c in hier[plan.name][1]] == [c.value for c in heute[plan.name][1]]
        assert [c.comment and c.comment.text for c in hier[plan.name][1]] == [
            c.comment and c.comment.text for c in heute[plan.name][1]
        ]
        if not plan.freiwillig:  # a new sheet has no rows yet
            assert hier[plan.name].tables.items() == heute[plan.name].tables.items()
        assert regeln(hier, plan.name) == regeln(heute, plan.name), plan.name
    vorher, nachher = zellen(alt), zellen(neu)
    for name, inhalt in vorher.items():
        assert {ort: nachher[name][ort] for ort in inhalt} == inhalt


def test_nichts_zu_ergaenzen_laesst_die_mappe() -> None:
    neu = aktualisiert(gespeichert(von_04()))[0]
    assert aktualisiert(neu) == (neu, ())
    leer = stammdaten_mappe()
    assert aktualisiert(leer) == (leer, ())


def test_eigene_spalten_ausgeblendetes_und_filter_bleiben() -> None:
    buch = von_04()
    seite = buch["Gemeinden"]
    seite["X1"], seite["X2"], seite["Z3"] = "Bemerkung des Amtes", "ruft zurück", "Zettel"
    seite.column_dimensions["M"].hidden = True
    seite.column_dimensions["X"].min, seite.column_dimensions["X"].max = 24, 60
    seite.column_dimensions["X"].hidden = True
    seite.tables["Gemeinden"].autoFilter.add_filter_column(2, ["Gäu"])
    alt = gespeichert(buch)
    neu = aktualisiert(alt)[0]
    danach = openpyxl.load_workbook(BytesIO(neu))["Gemeinden"]
    titel = [s.titel for s in blatt("gemeinden").spalten]
    assert [c.value for c in danach[1]] == [*titel[:23], "Bemerkung des Amtes", titel[23], None, *titel[24:]]
    assert zellen(neu)["Gemeinden"][3, 26] == "Zettel"
    masse = {
        n: (d.min, d.max, d.hidden) for n, d in danach.column_dimensions.items() if n in ("M", "X", "Y", "AA", "AB")
    }
    assert masse["M"][2]
    assert (masse["X"], masse["Y"], masse["AA"]) == ((24, 24, True), (25, 25, False), (27, 27, False))
    assert danach.tables["Gemeinden"].ref.startswith("A1:W")  # a note beside the table is none of its columns
    assert [f.colId for f in danach.tables["Gemeinden"].autoFilter.filterColumn] == [2]
    assert lies_stammdaten(lies_tabellen(neu))[1] == ()


@pytest.mark.xdist_group("soffice")
def test_auch_was_libreoffice_gespeichert_hat(tmp_path: Path) -> None:
    (tmp_path / "Stammdaten.xlsx").write_bytes(gespeichert(von_04()))
    befehl = ["soffice", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}", "--headless", "--convert-to"]
    befehl += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "neu"), str(tmp_path / "Stammdaten.xlsx")]
    subprocess.run(befehl, check=True, capture_output=True, timeout=180)
    neu, saetze = aktualisiert((tmp_path / "neu" / "Stammdaten.xlsx").read_bytes())
    assert saetze == SAETZE
    assert aktualisiert(neu)[1] == ()
    assert lies_stammdaten(lies_tabellen(neu))[1] == ()


def test_ein_vorbereiteter_bestand_wartet_still_und_gilt_nicht() -> None:
    reihe = [2401, "Egerkingen", date(2023, 12, 31), None, None]
    for zeile, codes in ((reihe, []), ([*reihe[:3], 7, None], ["S-05"]), ([*reihe[:3], None, "Statistik"], ["S-05"])):
        zeilen = beispiel() | {"Ausländerbestand": [zeile], "Tarife": [["Sockelbeitrag", date(2025, 1, 1), None, None]]}
        s, befunde = lies_stammdaten(lies_tabellen(stammdaten_mappe(zeilen)))
        assert (s.bestandszeilen, s.tarifeintraege, [b.code for b in befunde]) == ((), (), codes)
