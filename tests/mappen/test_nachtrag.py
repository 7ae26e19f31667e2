"""krs writes into Stammdaten.xlsx: rows are added, all else stays, or nothing is written."""

import re
import subprocess
import time
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from krs.mappen.lesen.formular import alle_zellen
from krs.mappen.nachtrag import NichtErgaenzbar, ergaenzt
from krs.mappen.stammdaten import lies_tabellen, stammdaten_mappe
from krs.stammdaten.stammdaten import Zuordnung, lies_stammdaten
from mappen.test_stammdaten import beispiel

TAG = date(2024, 8, 12)
ZEILE: list[str | int | date | None] = ["c" * 64, 2402, None, None, "AB", TAG]
OHNE = {"zellen": ()}


def zuordnungen(daten: bytes) -> list[tuple[str, int, str, str, str, date]]:
    stammdaten, befunde = lies_stammdaten(lies_tabellen(daten))
    assert [b.meldung for b in befunde] == []
    return [(z.sha256[0], z.bfs_nr, z.formular, z.periode, z.visum, z.datum) for z in stammdaten.zuordnungen]


def zellen(daten: bytes) -> dict[str, dict[tuple[int, int], object]]:
    alle = alle_zellen(daten, "x.xlsx", lambda _: True)[0]
    return {name: {ort: z.wert for ort, z in inhalt.items() if not z.leer} for name, inhalt in alle.items()}


def geaendert(daten: bytes, teil: str, alt: bytes, neu: bytes) -> bytes:
    """Return the package with one text replaced in one part."""
    ziel = BytesIO()
    with zipfile.ZipFile(BytesIO(daten)) as quelle, zipfile.ZipFile(ziel, "w") as zip_:
        for info in quelle.infolist():
            inhalt = quelle.read(info)
            if info.filename == teil:
                assert alt in inhalt
                inhalt = inhalt.replace(alt, neu, 1)
            zip_.writestr(info, inhalt)
    return ziel.getvalue()


def ohne_blatt(daten: bytes, name: str = "Zuordnungen") -> bytes:
    buch = openpyxl.load_workbook(BytesIO(daten))
    del buch[name]
    ziel = BytesIO()
    buch.save(ziel)
    return ziel.getvalue()


def test_eine_zeile_kommt_unter_die_letzte_und_alles_andere_bleibt() -> None:
    alt = stammdaten_mappe(beispiel())
    neu = ergaenzt(alt, "Zuordnungen", [ZEILE])
    assert zuordnungen(neu) == [("b", 2401, "Anhang 2", "2024-H1", "AB", TAG), ("c", 2402, "", "", "AB", TAG)]
    vorher, nachher = zellen(alt), zellen(neu)
    assert {ort: nachher["Zuordnungen"].pop(ort) for ort in [(3, 1), (3, 2), (3, 5), (3, 6)]} == {
        (3, 1): "c" * 64,
        (3, 2): 2402,
        (3, 5): "AB",
        (3, 6): 45516,
    }
    assert nachher == vorher


def test_dieselbe_zeile_gibt_dieselben_bytes() -> None:
    alt = stammdaten_mappe(beispiel())
    erste = ergaenzt(alt, "Zuordnungen", [ZEILE])
    time.sleep(1.1)  # the clock of a package counts in seconds
    assert ergaenzt(alt, "Zuordnungen", [ZEILE]) == erste


def test_tabellen_notizen_pruefungen_und_fixierung_bleiben() -> None:
    daten = stammdaten_mappe(beispiel())
    alt, neu = (openpyxl.load_workbook(BytesIO(d)) for d in (daten, ergaenzt(daten, "Zuordnungen", [ZEILE])))
    for vorher, nachher in zip(alt.worksheets, neu.worksheets, strict=True):
        assert dict(nachher.tables.items()) == dict(vorher.tables.items())
        assert [c.comment and c.comment.text for c in nachher[1]] == [c.comment and c.comment.text for c in vorher[1]]
        regeln = [
            sorted((str(r.sqref), r.type, r.formula1, r.error) for r in b.data_validations.dataValidation)
            for b in (vorher, nachher)
        ]
        assert regeln[0] == regeln[1]
        bedingt = [
            sorted((str(b.sqref), r.type, tuple(r.formula)) for b in blatt.conditional_formatting for r in b.rules)
            for blatt in (vorher, nachher)
        ]
        assert bedingt[0] == bedingt[1]
        assert nachher.freeze_panes == vorher.freeze_panes
        assert nachher.print_title_rows == vorher.print_title_rows
        for reihe, gleiche in zip(vorher.iter_rows(), nachher.iter_rows(), strict=True):
            assert [c.number_format for c in reihe] == [c.number_format for c in gleiche]
        assert {k: d.width for k, d in nachher.column_dimensions.items()} == {
            k: d.width for k, d in vorher.column_dimensions.items()
        }


def test_die_notizen_behalten_ihre_groesse() -> None:
    with zipfile.ZipFile(BytesIO(ergaenzt(stammdaten_mappe(), "Zuordnungen", [ZEILE]))) as zip_:
        vml = b"".join(zip_.read(n) for n in zip_.namelist() if n.endswith(".vml"))
    assert set(re.findall(rb"width: ?(\d+)px", vml)) == {b"270"}


def test_ein_fehlendes_blatt_entsteht_wie_mit_krs_neu() -> None:
    alt = ohne_blatt(stammdaten_mappe(beispiel()))
    neu = ergaenzt(alt, "Zuordnungen", [ZEILE])
    assert zuordnungen(neu) == [("c", 2402, "", "", "AB", TAG)]
    muster = openpyxl.load_workbook(BytesIO(stammdaten_mappe()))["Zuordnungen"]
    blatt = openpyxl.load_workbook(BytesIO(neu))["Zuordnungen"]
    assert [c.value for c in blatt[1]] == [c.value for c in muster[1]]
    assert [c.comment.text for c in blatt[1] if c.comment] == [c.comment.text for c in muster[1] if c.comment]
    assert dict(blatt.tables.items()) == {"Zuordnungen": "A1:F21"}
    assert len(blatt.data_validations.dataValidation) == len(muster.data_validations.dataValidation)
    assert blatt.freeze_panes == muster.freeze_panes
    assert {k: v for k, v in zellen(neu).items() if k != "Zuordnungen"} == zellen(alt)


def test_die_tabelle_waechst_mit_der_letzten_zeile() -> None:
    voll = stammdaten_mappe({"Zuordnungen": [[f"{n:064x}", 2401, None, None, "AB", TAG] for n in range(3)]})
    knapp = geaendert(voll, "xl/tables/table8.xml", b'ref="A1:F24" totals', b'ref="A1:F4" totals')
    knapp = geaendert(knapp, "xl/tables/table8.xml", b'autoFilter ref="A1:F24"', b'autoFilter ref="A1:F4"')
    tabelle = openpyxl.load_workbook(BytesIO(ergaenzt(knapp, "Zuordnungen", [ZEILE, ZEILE])))["Zuordnungen"].tables[
        "Zuordnungen"
    ]
    assert (tabelle.ref, tabelle.autoFilter.ref) == ("A1:F6", "A1:F6")


def test_eine_zeile_wird_geleert() -> None:
    daten = ergaenzt(stammdaten_mappe(beispiel()), "Zuordnungen", [ZEILE])
    assert zuordnungen(ergaenzt(daten, "Zuordnungen", leeren=[2])) == [("c", 2402, "", "", "AB", TAG)]


def test_text_bleibt_text() -> None:
    neu = ergaenzt(stammdaten_mappe(beispiel()), "Zuordnungen", [["c" * 64, 2402, None, None, "=1+1", TAG]])
    assert zellen(neu)["Zuordnungen"][3, 5] == "=1+1"


def test_verschobene_spalten_werden_an_ihrem_titel_gefunden() -> None:
    buch = openpyxl.load_workbook(BytesIO(stammdaten_mappe(beispiel())))
    blatt = buch["Zuordnungen"]
    for name in list(blatt.tables):
        del blatt.tables[name]
    blatt.insert_rows(1)
    blatt.insert_cols(1)
    blatt["A1"], blatt["XFD1000000"] = "Zuordnungen des Amtes", "verirrt"
    ziel = BytesIO()
    buch.save(ziel)
    neu = ergaenzt(ziel.getvalue(), "Zuordnungen", [ZEILE])
    assert [(z, s) for z, s in zellen(neu)["Zuordnungen"] if z == 4] == [(4, 2), (4, 3), (4, 6), (4, 7)]
    assert zuordnungen(neu)[-1] == ("c", 2402, "", "", "AB", TAG)


def mit_diagramm(daten: bytes) -> bytes:
    buch = openpyxl.load_workbook(BytesIO(daten))
    diagramm = BarChart()
    diagramm.add_data(Reference(buch["Kredit"], min_col=2, min_row=1, max_row=2))
    buch["Kredit"].add_chart(diagramm, "H2")
    ziel = BytesIO()
    buch.save(ziel)
    return ziel.getvalue()


def mit_formel(daten: bytes) -> bytes:
    buch = openpyxl.load_workbook(BytesIO(daten))
    buch.create_sheet("Notizen")["A1"] = "=1+1"
    ziel = BytesIO()
    buch.save(ziel)
    return ziel.getvalue()


def mit_x14(daten: bytes) -> bytes:
    ext = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    return geaendert(daten, "xl/worksheets/sheet1.xml", b"</worksheet>", ext)


def mit_teil(daten: bytes, name: str) -> bytes:
    ziel = BytesIO(daten)
    with zipfile.ZipFile(ziel, "a") as zip_:
        zip_.writestr(name, b"<x/>")
    return ziel.getvalue()


@pytest.mark.parametrize(
    ("verbiege", "grund"),
    [
        pytest.param(mit_diagramm, "ein Diagramm|eine Zeichnung", id="Diagramm"),
        pytest.param(mit_formel, r"eine Formel \(Notizen!A1\)", id="Formel"),
        pytest.param(mit_x14, "neuere Regeln oder Formate auf dem Blatt «Gemeinden»", id="x14"),
        pytest.param(lambda d: mit_teil(d, "xl/vbaProject.bin"), "Makros", id="Makros"),
        pytest.param(lambda d: mit_teil(d, "xl/media/image1.png"), "ein Bild", id="Bild"),
        pytest.param(lambda d: mit_teil(d, "xl/pivotTables/pivotTable1.xml"), "eine Pivot-Tabelle", id="Pivot"),
        pytest.param(lambda d: mit_teil(d, "xl/slicers/slicer1.xml"), r"einen Teil, den krs nicht kennt", id="Slicer"),
        pytest.param(
            lambda d: geaendert(d, "xl/tables/table8.xml", b'totalsRowShown="0"', b'totalsRowCount="1"'),
            "auf dem Blatt «Zuordnungen» eine Ergebniszeile",
            id="Ergebniszeile",
        ),
        pytest.param(lambda d: d[:3000], "einen beschädigten Teil", id="beschädigt"),
    ],
)
def test_was_verloren_ginge_haelt_alles_an(verbiege, grund: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NichtErgaenzbar, match=f"^({grund})"):
        ergaenzt(verbiege(stammdaten_mappe(beispiel())), "Zuordnungen", [ZEILE])


@pytest.mark.xdist_group("soffice")
def test_was_libreoffice_gespeichert_hat_laesst_sich_ergaenzen(tmp_path: Path) -> None:
    (tmp_path / "Stammdaten.xlsx").write_bytes(stammdaten_mappe(beispiel()))
    befehl = ["soffice", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}", "--headless", "--convert-to"]
    befehl += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "neu"), str(tmp_path / "Stammdaten.xlsx")]
    subprocess.run(befehl, check=True, capture_output=True, timeout=180)
    neu = ergaenzt((tmp_path / "neu" / "Stammdaten.xlsx").read_bytes(), "Zuordnungen", [ZEILE])
    assert zuordnungen(neu)[-1] == ("c", 2402, "", "", "AB", TAG)


def test_die_zeile_ist_eine_zuordnung() -> None:
    stammdaten, _ = lies_stammdaten(lies_tabellen(ergaenzt(stammdaten_mappe(beispiel()), "Zuordnungen", [ZEILE])))
    erwartet = Zuordnung(sha256="c" * 64, bfs_nr=2402, visum="AB", datum=TAG)
    assert stammdaten.zuordnungen[-1].model_copy(update=OHNE) == erwartet
