"""Functions into a form and out again: what is written, what stays, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import Workbook, load_workbook

from eingaben.bauen import ausgefuellt
from excel.fern import Fern
from excel.makrohilfe import aus_datei, buch
from krs.demo.fuellen import fuelle
from krs.demo.zahlen import reporting, selbstdeklaration
from krs.excel import live
from krs.excel.anfrage import Eingabefehler
from krs.excel.funktionen import rufe
from krs.excel.live import einsetzen, entfernen
from krs.excel.live.erkennen import FREMD, LEERES_FORMULAR, VERSCHOBEN, ist_leer
from krs.formulare.formular import formular, formulare
from krs.mappen.antwort.einfuegen import annotiert
from krs.mappen.berichte.anhang1 import anhang1_mappe
from krs.mappen.vorlage.aufbau import plane
from krs.mappen.vorlage.stempel import Angaben, leer, stempeln
from mappen.antwort.hilfe import ABSENDER, rueckmeldung
from mappen.berichte.test_anhang1 import beispiel

MAPPEN = Path(__file__).parents[2] / "workbooks"
NICHTS_GEAENDERT = "Es wurde nichts geändert."
PERIODEN = {"2017-01": "2017-H2", "2018-07": "2019-H1", "2022-01": "2024-H1"}
VERSIONEN = [("anhang2", p) for p in PERIODEN.values()] + [("anhang3", "2018"), ("anhang3", "2024")]


def form(kennung: str, periode: str, voll: bool = True) -> bytes:
    """Return a stamped form, filled in as the demo does."""
    f = formular(kennung)
    daten = stempeln(f, Angaben(2401, "Egerkingen", periode, auslaender=900))
    if not voll:
        return daten
    zahlen = reporting(2401, "Egerkingen", 900, 73_000, periode) if "-" in periode else None
    werte = zahlen or selbstdeklaration(2401, "Egerkingen", 900, int(periode), False)
    version = f.version_fuer(periode)
    da = plane(f, version)
    return fuelle(daten, kennung, version.id, {k: w for k, w in werte.items() if k in da.plaetze and w is not None})


def test_alle_versionen_sind_dabei() -> None:
    benutzt = {(k, formular(k).version_fuer(p).id) for k, p in VERSIONEN}
    assert benutzt == {(f.id, v.id) for f in formulare() for v in f.versionen}


@pytest.mark.parametrize(("kennung", "periode"), VERSIONEN)
@pytest.mark.parametrize("voll", [True, False])
def test_nach_einsetzen_und_entfernen_steht_in_jeder_zelle_was_vorher_dort_stand(
    kennung: str, periode: str, voll: bool
) -> None:
    fern = Fern(form(kennung, periode, voll))
    zellen, blaetter, namen = fern.zellen(), fern.formeln.sheetnames, dict(fern.formeln.defined_names)
    fern.laufe(einsetzen)
    drin = fern.zellen()
    assert {k for k in zellen if drin[k] != zellen[k]} == {
        k for k, w in drin.items() if k in zellen and "KRS_" in str(w)
    }
    assert fern.laufe(entfernen).saetze == (live.ENTFERNT,)
    assert (fern.zellen(), fern.formeln.sheetnames) == (zellen, blaetter)
    assert {n: d.attr_text for n, d in fern.formeln.defined_names.items()} == {n: d.attr_text for n, d in namen.items()}
    assert fern.formeln[formular(kennung).blatt].protection.sheet is True


def test_im_reporting_rechnen_betraege_und_summe() -> None:
    fern = Fern(form("anhang2", "2024-H1"))
    ergebnis = fern.laufe(einsetzen)
    blatt = fern.formeln["Reporting"]
    assert [blatt[f"E{n}"].value for n in range(51, 56)] == [
        '=IF(C51=0,0,@KRS_FALLPAUSCHALE(C51,periode,"erst"))',
        '=IF(C52=0,0,@KRS_DOLMETSCHPAUSCHALE(C52,periode,"erst"))',
        '=IF(C53=0,0,@KRS_FALLPAUSCHALE(C53,periode,"integ"))',
        '=IF(C54=0,0,@KRS_DOLMETSCHPAUSCHALE(C54,periode,"integ"))',
        "=@KRS_BEITRAG(C51,C52,C53,C54,periode)",
    ]
    assert ergebnis.saetze == (
        "5 Zellen rechnen auf dem Blatt «Reporting» jetzt mit KRS_-Funktionen; «krs Live» zeigt Befunde und Ansätze "
        "beim Tippen.",
        "Das Blatt «Rechner» rechnet mit Ihren Zahlen; tippen Sie sie in die gelben Felder.",
        "Bevor die Datei den Kanton verlässt, drücken Sie «Funktionen entfernen»: Ohne das Add-in zeigen die Zellen "
        "#NAME?.",
    )


def test_vor_2022_gibt_es_keine_integrationsgespraeche() -> None:
    fern = Fern(form("anhang2", "2019-H1"))
    fern.laufe(einsetzen)
    assert [w for (b, _), w in fern.zellen().items() if b == "Reporting" and "KRS_" in str(w)] == [
        '=IF(C49=0,0,@KRS_FALLPAUSCHALE(C49,periode,"erst"))',
        '=IF(C50=0,0,@KRS_DOLMETSCHPAUSCHALE(C50,periode,"erst"))',
        "=@KRS_BEITRAG(C49,C50,0,0,periode)",
    ]
    assert fern.formeln["krs Live"]["A9"].value == "=KRS_RECHENWEG('Reporting'!C49,'Reporting'!C50,0,0,periode)"


def test_in_der_selbstdeklaration_rechnet_der_sockelbeitrag() -> None:
    fern = Fern(form("anhang3", "2024"))
    fern.laufe(einsetzen)
    ort = fern.formeln.defined_names["sockelbeitrag"].attr_text.partition("!")[2].replace("$", "")
    anzahl = fern.formeln.defined_names["auslaender_anzahl"].attr_text.partition("!")[2].replace("$", "")
    assert fern.formeln["Selbstdeklaration"][ort].value == (
        f'=IF(ISNUMBER({anzahl}),IF({anzahl}=0,0,@KRS_SOCKELBEITRAG({anzahl},jahr)),"noch offen")'
    )


@pytest.mark.parametrize(("kennung", "periode"), VERSIONEN)
def test_die_liste_fuer_krs_pruefen_nennt_jedes_feld_der_version(kennung: str, periode: str) -> None:
    fern = Fern(form(kennung, periode))
    fern.laufe(einsetzen)
    blatt = fern.formeln["krs Live"]
    f = formular(kennung)
    soll = [x.schluessel for x in f.felder_von(f.version_fuer(periode)) if x.art != "berechnet"]
    schluessel = [z[9].value for z in takewhile(lambda z: z[9].value, blatt.iter_rows(min_row=6))]
    assert list(dict.fromkeys(schluessel)) == soll
    zeit = "periode" if f.nummer == 2 else "jahr"
    assert blatt["A17"].value == f"=KRS_PRUEFEN(J6:K{5 + len(schluessel)},{f.nummer},{zeit})"


def test_zweimal_einsetzen_ist_wie_einmal_und_die_angaben_im_rechner_bleiben() -> None:
    fern = Fern(form("anhang2", "2024-H1"))
    fern.laufe(einsetzen)
    fern.formeln["Rechner"]["B5"].value = 99
    einmal, blaetter = fern.zellen(), fern.formeln.sheetnames
    fern.laufe(einsetzen)
    assert (fern.zellen(), fern.formeln.sheetnames) == (einmal, blaetter)


def test_entfernen_ohne_einsetzen_aendert_nichts() -> None:
    fern = Fern(form("anhang2", "2024-H1"))
    ergebnis = fern.laufe(entfernen)
    assert (ergebnis.saetze, fern.aktionen) == ((live.NICHTS,), [])


def test_was_man_getippt_hat_bleibt_auch_wenn_es_falsch_ist() -> None:
    fern = Fern(form("anhang2", "2024-H1"))
    blatt = fern.formeln["Reporting"]
    blatt["C21"].value, blatt["C22"].value, blatt["C23"].value = "zwölf", "=5+7", "#REF!"
    zellen = fern.zellen()
    fern.laufe(einsetzen)
    fern.laufe(entfernen)
    assert fern.zellen() == zellen


# --- what the task pane is told ---------------------------------------------------------------
def test_zuerst_wird_der_schutz_geprueft_und_nur_zum_schreiben_ist_das_formular_offen() -> None:
    fern = Fern(form("anhang2", "2024-H1"))
    fern.laufe(einsetzen)
    assert fern.rueckrufe == [(n, "Reporting") for n in ("krsSchutzAuf", "krsSchutzZu") * 2]
    assert [a["func"] for a in fern.aktionen[:3]] == ["runMacro", "runMacro", "addSheet"]
    fern.rueckrufe.clear()
    fern.laufe(entfernen)
    assert fern.rueckrufe == [(n, "Reporting") for n in ("krsSchutzAuf", "krsSchutzZu") * 2]
    assert [a["func"] for a in fern.aktionen[:2]] == ["runMacro", "runMacro"]


def test_ueberlaufende_formeln_stehen_einzeln_und_ohne_klammeraffe() -> None:
    fern = Fern(form("anhang2", "2024-H1"))
    fern.laufe(einsetzen)
    formeln = [z for a in fern.aktionen if a["func"] == "setFormula" for zeile in a["values"] for z in zeile]
    assert not [f for f in formeln if "@KRS_" in f and ("PRUEFEN" in f or "RECHENWEG" in f)]
    einzeln = [a for a in fern.aktionen if a["func"] == "setFormula" and "RECHENWEG" in str(a["values"])]
    assert [(a["row_count"], a["column_count"]) for a in einzeln] == [(1, 1), (1, 1)]
    assert "setFormulaArray" not in {a["func"] for a in fern.aktionen}


# --- what is refused --------------------------------------------------------------------------
def _verschoben(daten: bytes) -> bytes:
    mappe = load_workbook(BytesIO(daten))
    mappe.defined_names["erst_familien"].attr_text = "Reporting!$C$24"
    return _bytes(mappe)


def _ohne_name(daten: bytes) -> bytes:
    mappe = load_workbook(BytesIO(daten))
    del mappe.defined_names["erst_familien"]
    return _bytes(mappe)


def _fremdes_blatt(daten: bytes) -> bytes:
    mappe = load_workbook(BytesIO(daten))
    mappe.create_sheet("Rechner", 1)["A1"] = "Meine Rechnung"
    return _bytes(mappe)


def _bytes(mappe: Workbook) -> bytes:
    puffer = BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


FAMILIEN = VERSCHOBEN.format(feld="Erstinformationsgespräche: mit Familien", soll="C22")


@pytest.mark.parametrize(
    ("daten", "satz"),
    [
        (lambda: leer(formular("anhang2"), "2022-01"), LEERES_FORMULAR),
        (lambda: _verschoben(form("anhang2", "2024-H1")), FAMILIEN),
        (lambda: _ohne_name(form("anhang2", "2024-H1")), FAMILIEN),
        (lambda: _fremdes_blatt(form("anhang2", "2024-H1")), FREMD.format(blatt="Rechner")),
    ],
)
def test_eine_mappe_in_der_die_formeln_falsch_zaehlen_wuerden_bleibt_wie_sie_ist(
    daten: Callable[[], bytes], satz: str
) -> None:
    fern = Fern(daten())
    zellen = fern.zellen()
    with pytest.raises(Eingabefehler) as fehler:
        fern.laufe(einsetzen)
    assert str(fehler.value) == satz
    assert satz.endswith(NICHTS_GEAENDERT)
    assert fern.zellen() == zellen


@pytest.mark.parametrize("name", ["Stammdaten", "Master"])
def test_stammdaten_und_master_rechnen_nicht_mit(name: str) -> None:
    fern = Fern((MAPPEN / f"{name}.xlsx").read_bytes())
    with pytest.raises(Eingabefehler) as fehler:
        fern.laufe(einsetzen)
    assert str(fehler.value) == (
        "In «Mappe.xlsx» gibt es nichts, worin die Funktionen rechnen könnten. Öffnen Sie einen Anhang 1, 2 oder 3, "
        "für den Rechner eine leere Arbeitsmappe, und versuchen Sie es noch einmal. Es wurde nichts geändert."
    )


@pytest.mark.parametrize("text", ["", "Funktionen in J1:J9999999", "=HYPERLINK(1)", "Funktionen in J6, Jx", "J5:J4"])
def test_was_jemand_in_krs_live_schreibt_wird_nie_zur_formel(text: str) -> None:
    fern = Fern(anhang1_mappe(beispiel()))
    zellen = fern.zellen()
    fern.laufe(einsetzen)
    fern.formeln["krs Live"]["A7"].value = text
    fern.laufe(entfernen)
    anders = {k: w for k, w in fern.zellen().items() if zellen[k] != w}
    uebergangen = (5, 7) if "J6" in text else ()  # the only rows that it did not name
    assert anders == {("Gemeinden", f"J{n}"): f"=@KRS_SOCKELBEITRAG(H{n},2024)" for n in uebergangen}


def test_auch_in_einer_kommentierten_einreichung_rechnen_die_funktionen() -> None:
    fern = Fern(annotiert(ausgefuellt(), rueckmeldung(), ABSENDER))
    zellen = fern.zellen()
    fern.laufe(einsetzen)
    assert fern.formeln["Reporting"]["E55"].value == "=@KRS_BEITRAG(C51,C52,C53,C54,periode)"
    fern.laufe(entfernen)
    assert fern.zellen() == zellen


@pytest.mark.parametrize("blatt", ["krs Live", "Rechner"])
def test_auch_versteckt_gehen_die_eigenen_blaetter_weg(blatt: str) -> None:
    fern = Fern(form("anhang2", "2024-H1"))
    zellen = fern.zellen()
    fern.laufe(einsetzen)
    fern.formeln[blatt].sheet_state = "veryHidden"
    fern.laufe(entfernen)
    assert [(a["func"], a["args"]) for a in fern.aktionen if a["func"] == "setSheetVisibility"] == [
        ("setSheetVisibility", ["Visible"])
    ]
    assert fern.zellen() == zellen


def test_namen_die_nur_einem_blatt_gehoeren_zaehlen_nicht() -> None:
    nutz = aus_datei(form("anhang2", "2024-H1"))
    name = next(n for n in nutz["names"] if n["name"] == "erst_familien")
    name |= {"book_scope": False, "scope_sheet_name": "Reporting", "scope_sheet_index": name["sheet_index"]}
    with pytest.raises(Eingabefehler) as fehler:
        einsetzen(buch(nutz))
    assert str(fehler.value) == FAMILIEN


# --- the calculator alone ---------------------------------------------------------------------
def test_eine_leere_mappe_bekommt_nur_den_rechner() -> None:
    fern = Fern()
    assert fern.laufe(einsetzen).saetze == (live.NUR_RECHNER,)
    assert fern.formeln.sheetnames == ["Sheet", "Rechner"]
    assert fern.laufe(entfernen).saetze == (live.RECHNER_WEG,)
    assert fern.formeln.sheetnames == ["Sheet"]


def test_der_rechner_geht_auch_weg_wenn_er_das_einzige_blatt_ist() -> None:
    fern = Fern()
    fern.laufe(einsetzen)
    del fern.formeln["Sheet"]
    fern.laufe(entfernen)
    assert fern.formeln.sheetnames == ["Tabelle1"]


def test_ein_blatt_mit_einer_zelle_ganz_unten_rechts_wird_nicht_eingelesen() -> None:
    class Riesig:
        name = "Tabelle1"
        used_range = SimpleNamespace(last_cell=SimpleNamespace(row=1_048_576, column=16_384))

        def range(self, *_: object) -> None:
            raise AssertionError("17 Milliarden Zellen")

    assert ist_leer(SimpleNamespace(sheets=[Riesig()])) is False  # type: ignore[arg-type]


# --- Anhang 1 ---------------------------------------------------------------------------------
def test_im_anhang_1_rechnet_der_sockelbeitrag_je_gemeinde_und_die_summen_bleiben() -> None:
    fern = Fern(anhang1_mappe(beispiel()))
    zellen = fern.zellen()
    satz = fern.laufe(einsetzen).saetze[0]
    drin = fern.zellen()
    assert {k: w for k, w in drin.items() if k in zellen and zellen[k] != w} == {
        ("Gemeinden", "J5"): "=@KRS_SOCKELBEITRAG(H5,2024)",
        ("Gemeinden", "J6"): "=@KRS_SOCKELBEITRAG(H6,2024)",
        ("Gemeinden", "J7"): "=@KRS_SOCKELBEITRAG(H7,2024)",
    }
    assert satz == (
        "3 Zellen rechnen auf dem Blatt «Gemeinden» jetzt mit KRS_-Funktionen; «krs Live» zeigt Summe und Ansatz beim "
        "Tippen."
    )
    assert (drin["krs Live", "A6"], drin["krs Live", "A2"]) == (
        "=SUM('Gemeinden'!J5:J8)", '="Anhang 1: Sockelbeiträge 2024 je Gemeinde"',
    )  # fmt: skip
    werte = Fern(anhang1_mappe(beispiel()))._werte["Gemeinden"]
    for zeile in (5, 6, 7):
        live_wert = rufe("krs_sockelbeitrag", [[[werte[f"H{zeile}"].value]], [[2024]]])
        assert live_wert == Decimal(str(werte[f"J{zeile}"].value)) > 0
    fern.laufe(entfernen)
    assert fern.zellen() == zellen


def test_im_anhang_1_bleibt_ein_eigener_betrag_stehen() -> None:
    fern = Fern(anhang1_mappe(beispiel()))
    fern.formeln["Gemeinden"]["J6"].value = 250
    zellen = fern.zellen()
    satz = "Eigene Beträge bleiben, wie sie sind: J6."
    assert satz in fern.laufe(einsetzen).saetze
    assert fern.formeln["krs Live"]["A7"].value == "Funktionen in J5, J7"
    assert satz in fern.laufe(einsetzen).saetze
    fern.laufe(entfernen)
    assert fern.zellen() == zellen


def test_im_anhang_1_gehen_alle_funktionen_weg_auch_wenn_ein_neuer_ansatz_andere_betraege_ergab() -> None:
    fern = Fern(anhang1_mappe(beispiel()))
    zellen = fern.zellen()
    fern.laufe(einsetzen)
    fern._werte["Gemeinden"]["J6"].value = 999  # what KRS_SOCKELBEITRAG says since
    fern.laufe(einsetzen)
    fern.laufe(entfernen)
    assert fern.zellen() == zellen


def test_im_anhang_1_ohne_ansatz_wird_nichts_ersetzt() -> None:
    fern = Fern(anhang1_mappe(beispiel(2017)))
    zellen = fern.zellen()
    assert fern.laufe(einsetzen).saetze[0].startswith("Auf dem Blatt «Gemeinden» steht noch kein Sockelbeitrag")
    assert not [w for (b, _), w in fern.zellen().items() if b == "Gemeinden" and "KRS_" in str(w)]
    fern.laufe(entfernen)
    assert fern.zellen() == zellen
