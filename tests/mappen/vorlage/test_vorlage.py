"""The templates as files: what is stamped into them, what they hold and what they must never hold."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook

from krs.formulare.eingabe import Kennung, fingerabdruck
from krs.formulare.formular import Formular, formular, formulare
from krs.mappen.gestalt import stile
from krs.mappen.lesen.formular import lesen
from krs.mappen.vorlage.aufbau import plane
from krs.mappen.vorlage.stempel import Angaben, leer, stempeln
from krs.mappen.vorlage.vorlage import formeln, vorlage
from krs.recht import LEISTUNG, TARIFE, Tarife, TarifZeile
from krs.recht.zeit import Halbjahr

A2, A3 = formular("anhang2"), formular("anhang3")
JE_VERSION = {
    "anhang2 2017-01": (A2, "2018-H1"), "anhang2 2018-07": (A2, "2021-H2"), "anhang2 2022-01": (A2, "2024-H1"),
    "anhang3 2017-01": (A3, "2018"), "anhang3 2018-07": (A3, "2024"),
}  # fmt: skip
jede_version = pytest.mark.parametrize(("form", "periode"), JE_VERSION.values(), ids=JE_VERSION)
GEFAEHRLICH = 'Zoë & <Söhne> "Käs\'" ]]> Üôß'


def _daten(form: Formular, periode: str, **angaben: Any) -> bytes:
    return stempeln(form, Angaben(**{"bfs_nr": 2581, "gemeinde": "Olten", "periode": periode} | angaben))


def _mappe(daten: bytes, werte: bool = True) -> Workbook:
    return load_workbook(BytesIO(daten), data_only=werte)


def _teile(daten: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(daten)) as zip_:
        return {name: zip_.read(name) for name in zip_.namelist()}


def _tarife(periode: str, ansatz: str | None) -> Tarife:
    tag = Halbjahr.parse(periode).beginn
    return TARIFE.mit([TarifZeile(LEISTUNG["erst"], tag, None if ansatz is None else Decimal(ansatz), "Test")])


# --- what is stamped -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("form", "periode", "zeitraum", "einreichen"),
    [
        (A2, "2024-H1", "1. Halbjahr 2024 (01.01.2024 bis 30.06.2024)", "31.07.2024 (Mittwoch)"),
        (A2, "2025-H2", "2. Halbjahr 2025 (01.07.2025 bis 31.12.2025)", "31.01.2026 (Samstag)"),
        (A2, "2021-H1", "1. Halbjahr 2021 (01.01.2021 bis 30.06.2021)", "31.07.2021 (Samstag)"),
        (A3, "2021", "Jahr 2021 (Rückblick auf 2020)", "31.01.2021 (Sonntag)"),
    ],
)
def test_oben_stehen_gemeinde_zeitraum_und_frist_mit_wochentag(
    form: Formular, periode: str, zeitraum: str, einreichen: str
) -> None:
    blatt = _mappe(_daten(form, periode))[form.blatt]
    kopf = [blatt[a].value for a in ("B2", "B3", "B4", "F3", "F4")]
    zeit = periode if form is A2 else int(periode)
    assert kopf == ["Olten", zeitraum, f"Einzureichen bis {einreichen}, Ziff. 5.2", 2581, zeit]


@jede_version
def test_das_kennblatt_traegt_kennung_und_fingerabdruck(form: Formular, periode: str) -> None:
    anzahl = 5400 if form is A3 else None
    gelesen = lesen(_daten(form, periode, auslaender=anzahl), "x.xlsx").kennung
    version = form.version_fuer(periode)
    soll = Kennung(form.id, version.id, "2581", periode, "Olten", str(anzahl or ""), "")
    assert gelesen.fingerabdruck == fingerabdruck(soll, version.felder)
    assert gelesen == Kennung(form.id, version.id, "2581", periode, "Olten", str(anzahl or ""), gelesen.fingerabdruck)


def test_zahlen_der_vorperiode_stehen_neben_den_neuen() -> None:
    plan = plane(A2, A2.version_fuer("2024-H1"))
    zahlen = {k: n for n, k in enumerate(A2.felder) if A2.felder[k].art == "anzahl"}
    luecke = "erst_familien"
    blatt = _mappe(_daten(A2, "2024-H1", vorperiode={**zahlen, luecke: None}))[A2.blatt]
    assert [blatt[a].value for a in ("D19", "F19")] == ["Vorperiode\n2023-H2"] * 2
    for schluessel, zahl in zahlen.items():
        platz = plan.plaetze[schluessel]
        assert blatt.cell(platz.zeile + 1, platz.spalte + 2).value == (None if schluessel == luecke else zahl)
        assert blatt.cell(platz.zeile + 1, platz.spalte + 1).value is None


def test_vor_2017_gibt_es_keine_vorperiode() -> None:
    assert _mappe(_daten(A2, "2017-H1"))[A2.blatt]["D19"].value == "Vorperiode"


@pytest.mark.parametrize(
    ("ansatz", "zelle"), [("201.33", 201.33), ("200", 200), ("1E+2", 100), ("0", 0), (None, formeln.ANSATZ_FEHLT)]
)
def test_der_ansatz_der_stammdaten_steht_in_der_vorlage(ansatz: str | None, zelle: object) -> None:
    blatt = _mappe(_daten(A2, "2024-H1", tarife=_tarife("2024-H1", ansatz)))[A2.blatt]
    zeile = plane(A2, A2.version_fuer("2024-H1")).rechnung["erst"] + 1
    assert blatt[f"D{zeile}"].value == zelle
    assert blatt[f"D{zeile + 1}"].value == 160


@pytest.mark.parametrize(
    ("jahr", "anzahl", "ansatz", "betrag", "hinweis"),
    [
        ("2023", 1031, 7, 7217, "Anzahl: Ausländerinnen und Ausländer am 31.12.2021"),
        ("2024", 1031, 7, 7217, "Ansatz zu bestätigen durch AGS."),
        ("2024", 0, 7, 0, "kein Rechtsanspruch (Ziff. 4.1.1)"),
        ("2024", None, 7, formeln.ANZAHL_FEHLT, "Die Anzahl liegt noch nicht vor."),
        ("2025", 1031, formeln.ANSATZ_FEHLT, formeln.ANSATZ_FEHLT, "kein Rechtsanspruch"),
        ("2025", 0, formeln.ANSATZ_FEHLT, 0, "kein Rechtsanspruch"),
    ],
)
def test_der_sockelbeitrag_ist_schon_beim_oeffnen_gerechnet(
    jahr: str, anzahl: int | None, ansatz: object, betrag: object, hinweis: str
) -> None:
    plan = plane(A3, A3.version_fuer(jahr))
    blatt = _mappe(_daten(A3, jahr, auslaender=anzahl))[A3.blatt]
    zeile = plan.rechnung["sockel"] + 1
    assert [blatt[f"{s}{zeile}"].value for s in "CDE"] == [anzahl, ansatz, betrag]
    assert hinweis in blatt[f"B{zeile + 1}"].value


@jede_version
def test_formeln_haben_richtige_gespeicherte_werte(form: Formular, periode: str) -> None:
    daten = _daten(form, periode, auslaender=None)
    werte, formeln_ = _mappe(daten)[form.blatt], _mappe(daten, werte=False)[form.blatt]
    gespeichert = {
        z.coordinate: werte[z.coordinate].value for zeile in formeln_ for z in zeile if str(z.value).startswith("=")
    }
    pflicht = sum(1 for f in form.felder_von(form.version_fuer(periode)) if f.pflicht in ("immer", "ohne_nullmeldung"))
    assert gespeichert.pop("B5") == f"Noch {pflicht} Angaben fehlen."
    assert gespeichert.pop("B6") in (None, "")
    assert set(gespeichert.values()) == ({0} if form is A2 else {formeln.ANZAHL_FEHLT})


@jede_version
def test_das_leere_muster_zeigt_keine_gemeinde_und_keinen_fehler(form: Formular, periode: str) -> None:
    version = form.version_fuer(periode)
    blatt = _mappe(leer(form, version.id))[form.blatt]
    assert blatt["B2"].value == "Gemeinde"
    assert blatt["F3"].value is None
    assert lesen(leer(form, version.id), "x.xlsx").kennung == Kennung(form.id, version.id, "", "", "", "", "")


# --- bytes -----------------------------------------------------------------------------------------
@jede_version
def test_gleiche_angaben_geben_gleiche_bytes_in_jedem_prozess(form: Formular, periode: str) -> None:
    daten = _daten(form, periode, auslaender=7)
    programm = (
        "import sys, hashlib; from krs.mappen.vorlage.stempel import Angaben, stempeln;"
        "from krs.formulare.formular import formular;"
        f"d = stempeln(formular({form.id!r}), Angaben(2581, 'Olten', {periode!r}, 7));"
        "sys.stdout.write(hashlib.sha256(d).hexdigest())"
    )
    anders = subprocess.run([sys.executable, "-c", programm], capture_output=True, text=True, check=True)
    assert anders.stdout == sha256(daten).hexdigest()


def test_was_vorher_gestempelt_wurde_aendert_nichts() -> None:
    erste = _daten(A2, "2024-H1", gemeinde="Olten")
    for form, periode in JE_VERSION.values():
        _daten(form, periode, bfs_nr=2546, gemeinde=GEFAEHRLICH, auslaender=9)
    _daten(A2, "2024-H1", bfs_nr=1, gemeinde="X" * 200, vorperiode={"erst_familien": 3})
    assert _daten(A2, "2024-H1", gemeinde="Olten") == erste


@jede_version
def test_gestempelt_ist_die_vorlage_mit_anderen_zellwerten(form: Formular, periode: str) -> None:
    """Only the main sheet and `_krs` differ, there only the cells to fill, and the shared texts, by what was added."""
    v = vorlage(form.id, form.version_fuer(periode).id)
    vorher, nachher = _teile(v.daten), _teile(_daten(form, periode, auslaender=5))
    assert set(vorher) == set(nachher)
    texte, *anders = sorted(n for n in vorher if vorher[n] != nachher[n])
    assert (texte, len(anders)) == ("xl/sharedStrings.xml", 2)
    assert _texte(nachher[texte])[: len(_texte(vorher[texte]))] == _texte(vorher[texte])
    assert not any(b"inlineStr" in nachher[name] for name in anders)
    gefuellt = set(v.stempel.values()) | set(v.formelwerte.values()) | {f"B{n}" for n in range(1, 8)}
    for name in anders:
        vor, nach = (_ohne(etree.fromstring(t[name]), gefuellt) for t in (vorher, nachher))
        assert vor == nach


def _texte(xml: bytes) -> list[bytes]:
    """Return the shared texts; how many there are, and how often they are used, must be true."""
    wurzel = etree.fromstring(xml)
    texte = [bytes(etree.tostring(si, method="c14n")) for si in wurzel]
    assert int(wurzel.get("uniqueCount") or 0) == len(texte) <= int(wurzel.get("count") or 0)
    return texte


def _ohne(wurzel: Any, zellen: set[str]) -> bytes:
    for c in wurzel.iter("{*}c"):
        if c.get("r") in zellen:
            c.attrib.pop("t", None)
            for kind in [k for k in c if not k.tag.endswith("}f")]:
                c.remove(kind)
    return bytes(etree.tostring(wurzel, method="c14n"))


@jede_version
@pytest.mark.parametrize("name", [GEFAEHRLICH, "=1+1", "Buchegg (SO)", "  Rand  "])
def test_namen_mit_sonderzeichen_bleiben_was_sie_sind(form: Formular, periode: str, name: str) -> None:
    daten = _daten(form, periode, gemeinde=name)
    eingabe = lesen(daten, "x.xlsx")
    assert (eingabe.felder["gemeinde"].wert, eingabe.kennung.gemeinde) == (name, name)
    assert eingabe.felder["gemeinde"].formel is None
    assert _mappe(daten)[form.blatt]["B2"].value == name


# --- what may and may not be in the file -----------------------------------------------------------
FUNKTIONEN = {
    "AND", "COLUMN", "COUNT", "COUNTIF", "IF", "IFERROR", "ISERROR", "ISNUMBER", "ISTEXT", "N", "NOT", "OR", "ROUND",
    "ROW", "SUM", "SUMPRODUCT", "TRIM",
}  # fmt: skip


@jede_version
def test_keine_makros_keine_verknuepfungen_nur_alte_funktionen(form: Formular, periode: str) -> None:
    teile = _teile(_daten(form, periode))
    assert not [n for n in teile if re.search(r"vba|extern|connection|macro|activeX|embed|customUI|query", n, re.I)]
    text = b"".join(v for n, v in teile.items() if n.endswith((".xml", ".rels"))).decode()
    assert "KRS_" not in text
    assert "TargetMode" not in text
    formel_texte = re.findall(r"<f[^>]*>([^<]*)</f>", text)
    assert len(formel_texte) > 4
    ohne_texte = [re.sub(r'"[^"]*"', "", f.replace("&quot;", '"')) for f in formel_texte]
    assert {n for f in ohne_texte for n in re.findall(r"([A-Za-z_.]+)\(", f)} <= FUNKTIONEN
    assert not re.search(r'<f[^>]*t="array"|cm="', text)
    assert max(len(f) for f in formel_texte) < 8000
    assert not [f for f in ohne_texte if "[" in f]


@jede_version
def test_blaetter_titel_schutz_und_druck(form: Formular, periode: str) -> None:
    mappe = _mappe(_daten(form, periode), werte=False)
    version = form.version_fuer(periode).id
    nachweis = ["Nachweis"] if form is A2 else []
    assert mappe.sheetnames == [form.blatt, *nachweis, "Erläuterungen", "_krs"]
    assert mappe["_krs"].sheet_state == "veryHidden"
    assert mappe.active is mappe[form.blatt]
    assert mappe.properties.title == f"start.integration – {form.name}, {form.titel}, Version {version}"
    for blatt in mappe:
        assert (blatt.protection.sheet, blatt.protection.password) == (True, None), blatt.title
    for blatt in mappe.worksheets[:-1]:
        assert blatt.page_setup.paperSize == 9
        assert blatt.oddFooter.left.text == f"{form.name}, {form.titel}"
        assert blatt.oddFooter.center.text == f"Version {version}"
        assert blatt.oddFooter.right.text == "Seite &P von &N"
        assert blatt.print_title_rows
    haupt = mappe[form.blatt]
    assert haupt.freeze_panes == "A7"
    assert haupt.print_title_rows == "$1:$4"
    assert haupt.print_area.startswith(f"'{form.blatt}'!$B$1:$F$")
    assert haupt.sheet_view.selection[-1].activeCell == plane(form, form.version_fuer(periode)).adresse("kontakt_name")
    assert haupt.sheet_properties.pageSetUpPr is not None or form is A3


@jede_version
def test_der_tabulator_folgt_der_lesereihenfolge(form: Formular, periode: str) -> None:
    """On a protected sheet Tab goes row by row, from left to right, through the unlocked cells."""
    plan = plane(form, form.version_fuer(periode))
    gelesen: list[str] = []
    for abschnitt in form.abschnitte:
        if abschnitt["art"] == "matrix":
            namen = [n for g in abschnitt["gruppen"] for n in g["felder"]]
            gelesen += [s["praefix"] + n for n in namen for s in abschnitt["spalten"]]
        elif abschnitt["art"] == "aufgaben":
            gelesen += [k for f in abschnitt["felder"] for k in (f, f"{f}_text")]
        else:
            gelesen += abschnitt.get("felder", [abschnitt["feld"]] if "feld" in abschnitt else [])
    gelesen = [k for k in gelesen if k in plan.version.felder]
    orte = [plan.plaetze[k] for k in gelesen]
    assert orte == sorted(orte, key=lambda p: (p.zeile, p.spalte))
    assert set(gelesen) == {f.schluessel for f in form.felder_von(plan.version) if f.eingabe}


@jede_version
def test_hinweise_passen_in_excels_grenzen(form: Formular, periode: str) -> None:
    mappe = _mappe(_daten(form, periode), werte=False)
    regeln = [r for blatt in mappe for r in blatt.data_validations.dataValidation]
    assert len(regeln) >= len(form.felder_von(form.version_fuer(periode))) - 6
    for r in regeln:
        assert len(r.promptTitle or "") <= 32
        assert len(r.prompt or "") <= 255
        assert len(r.errorTitle or "") <= 32
        assert len(r.error or "") <= 225
        assert len(r.formula1 or "") <= 257
    assert {f.hilfe for f in form.felder_von(form.version_fuer(periode)) if f.eingabe} == {
        r.prompt for r in mappe[form.blatt].data_validations.dataValidation
    }


@pytest.mark.parametrize("form", formulare(), ids=lambda f: f.id)
def test_keine_hilfe_ist_laenger_als_ein_hinweisfenster(form: Formular) -> None:
    assert not [f.schluessel for f in form.felder.values() if len(f.hilfe) > 255]


@jede_version
def test_ueberall_steht_arial(form: Formular, periode: str) -> None:
    styles = _teile(_daten(form, periode))["xl/styles.xml"]
    schriften = re.findall(rb'<(?:name|rFont) val="([^"]+)"', styles)
    assert set(schriften) == {b"Arial"}


# --- colours -----------------------------------------------------------------------------------------
def _helligkeit(farbe: str) -> float:
    """Return the relative luminance (WCAG 2)."""
    kanaele = [int(farbe[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [k / 12.92 if k <= 0.04045 else ((k + 0.055) / 1.055) ** 2.4 for k in kanaele]
    return sum(g * k for g, k in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _kontrast(vorne: str, hinten: str) -> float:
    hell, dunkel = sorted((_helligkeit(vorne), _helligkeit(hinten)), reverse=True)
    return (hell + 0.05) / (dunkel + 0.05)


@pytest.mark.parametrize("name", [*stile.STILE, *stile.MARKEN])
def test_jede_schrift_hebt_sich_genug_vom_grund_ab(name: str) -> None:
    stil = stile.STILE.get(name) or stile.MARKEN.get(name) or {}
    assert _kontrast(stil.get("font_color", stile.TEXT), stil.get("bg_color", "#FFFFFF")) >= 4.5


def test_eingabefelder_erkennt_man_auch_ohne_farbe() -> None:
    ein = [s for n, s in stile.STILE.items() if n.startswith("ein_")]
    assert all(s["border"] == 1 and s["locked"] is False for s in ein)
    assert _kontrast(stile.RAHMEN, "#FFFFFF") >= 3


def test_kontrast_rechnet_wie_wcag() -> None:
    assert round(_kontrast("#000000", "#FFFFFF"), 1) == 21
    assert round(_kontrast("#777777", "#FFFFFF"), 2) == 4.48
