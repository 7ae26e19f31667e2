"""The open form, read from Excel, is judged like the file it came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from xlwings.pro._xlremote import get_range_api

from ablage.hilfe import STICHTAG, ausgefuellt
from excel.makrohilfe import aus_datei, buch, leer
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.demo.fuellen import fuelle
from krs.excel.anfrage import Eingabefehler
from krs.excel.lesen import eingabe_aus, rohwert, vergiss
from krs.formulare.formular import formular
from krs.mappen.lesen.adresse import spaltenname

TAG = datetime(2024, 1, 20)  # noqa: DTZ001 xlwings gives times without a zone
NUR_DATEI = {"E-16", "E-17", "E-18"}  # macros, links, a second form: only a file shows them


FALSCH: dict[str, object] = {
    "erst_einzelpersonen": 0, "erst_dolmetsch_einzelpersonen": 7, "erst_familien": 2.5, "erst_gruppen": -1,
    "kontakt_email": "keine", "sprachen": [("Tigrinya", 3), ("=SUMME(A1)", "zwei")],
}  # fmt: skip
ANDERS: dict[str, dict[str, object]] = {
    "gut": {},
    "viel falsch": FALSCH,
    "leer": dict.fromkeys(formular("anhang2").felder),
    "Nullmeldung": {"nullmeldung": "Ja", "erst_einzelpersonen": None},
    "Text statt Zahl": {"erst_einzelpersonen": "3'000", "erst_familien": "drei", "erst_gruppen": " 4 "},
    "Datum": {"datum": "heute", "erst_personen": date(2024, 1, 20)},
}
SELBST: dict[str, dict[str, object]] = {
    "Anhang 3": {
        "bedingung_organisation": "Ja", "beauftragte_pensum": 0.2, "aufwand_stunden": 123.45,
        "leitgemeinde_vertrag": date(2020, 5, 17), "aufgabe_1": "teilweise",
    },
    "Anhang 3 leer": {},
}  # fmt: skip


def form(ablage: Ablage, art: str) -> bytes:
    """Return a form as a municipality saved it."""
    if art in ANDERS:
        return ausgefuellt(ablage, **ANDERS[art])
    vorlage = next((ablage.vorlagen / "2024").glob("*_2401_*")).read_bytes()
    return fuelle(vorlage, "anhang3", formular("anhang3").version_fuer("2024").id, SELBST[art])


@pytest.mark.parametrize("art", [*ANDERS, *SELBST])
@pytest.mark.parametrize("mit_ablage", [False, True])
def test_das_offene_formular_gibt_dieselben_befunde_wie_die_datei(
    ablage: Ablage, tmp_path: Path, art: str, mit_ablage: bool
) -> None:
    datei = tmp_path / "Formular.xlsx"
    datei.write_bytes(form(ablage, art))
    stamm = ablage.pfad if mit_ablage else None
    eingabe = eingabe_aus(buch(aus_datei(datei.read_bytes())))
    von_datei = [b.als_dict() for b in ablauf.pruefen([datei], stamm, STICHTAG).befunde if b.code not in NUR_DATEI]
    von_excel = [b.als_dict() for b in ablauf.pruefe_eingabe(eingabe, stamm, STICHTAG).befunde]
    assert von_excel == von_datei
    assert bool(von_datei) is (art != "gut" or mit_ablage)  # with Stammdaten it is known to be late


def test_alle_zellen_des_formulars_haben_denselben_wert_wie_in_der_datei(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage, bemerkungen="=1+1", kontakt_name="Grüningen-Wälchli Zoë")
    von_datei = ablauf.einreichung(daten, "Formular.xlsx", STICHTAG).eingabe
    assert von_datei is not None
    von_excel = eingabe_aus(buch(aus_datei(daten)))
    assert von_excel.kennung == von_datei.kennung
    assert von_excel.felder == von_datei.felder
    assert von_excel.listen == von_datei.listen
    assert von_excel.fehlende == von_datei.fehlende == ()


def test_ein_geloeschtes_feld_fehlt(ablage: Ablage) -> None:
    daten = aus_datei(ausgefuellt(ablage))
    daten["names"] = [n for n in daten["names"] if n["name"] != "erst_personen"]
    next(n for n in daten["names"] if n["name"] == "datum")["refers_to"] = "=#REF!"
    assert eingabe_aus(buch(daten)).fehlende == ("datum", "erst_personen")


def test_ein_fehlerwert_in_einem_feld_wird_benannt(ablage: Ablage) -> None:
    daten = aus_datei(ausgefuellt(ablage))
    ort = next(n for n in daten["names"] if n["name"] == "erst_personen")
    blatt = daten["sheets"][ort["sheet_index"]]
    zeile, spalte = int(ort["address"][1:].split(":")[0]) - 1, ord(ort["address"][0]) - ord("A")
    blatt["values"][zeile][spalte] = "#DIV/0!"
    zelle = eingabe_aus(buch(daten)).felder["erst_personen"]
    assert (zelle.wert, zelle.fehler) == (None, "#DIV/0!")


@pytest.mark.parametrize("daten", [leer, lambda: leer("_krs"), lambda: leer("Master", "Einreichungen")])
def test_was_kein_formular_ist_sagt_was_zu_oeffnen_ist(daten: Callable[[], dict[str, Any]]) -> None:
    with pytest.raises(Eingabefehler) as fehler:
        eingabe_aus(buch(daten()))
    assert str(fehler.value) == (
        "«Mappe1.xlsx» ist kein Formular von start.integration. Öffnen Sie ein ausgefülltes Anhang 2 oder Anhang 3 "
        "und klicken Sie dann auf «Formular prüfen»."
    )


@pytest.mark.parametrize(
    ("roh", "wert"),
    [
        (12.0, Decimal(12)), (0.2, Decimal("0.2")), (0.1 + 0.2, Decimal("0.3")), (1e22, Decimal(10) ** 22),
        (True, True), ("", None), (None, None), (" ", " "), (Decimal("1.50"), Decimal("1.50")),
        (TAG, Decimal(45311)), (TAG.replace(hour=12), Decimal("45311.5")),
        (date(2024, 1, 20), Decimal(45311)), (float("inf"), "inf"), (-3.0, Decimal(-3)), (7, Decimal(7)),
    ],
)  # fmt: skip
def test_werte_kommen_wie_aus_der_datei(roh: object, wert: object) -> None:
    assert (rohwert(roh), type(rohwert(roh))) == (wert, type(wert))


# --- on the desktop -------------------------------------------------------------------------
class Com:
    """A workbook as the desktop engine gives it: formulas too, values as Excel's own types."""

    def __init__(self, vorlage: xw.Book, formeln: dict[str, str], werte: dict[str, object]) -> None:
        self.name, self.names = vorlage.name, vorlage.names
        self.app = type("App", (), {"engine": type("E", (), {"type": "desktop"})})
        self.sheets = [ComBlatt(b, formeln, werte) for b in vorlage.sheets]


class ComBlatt:
    def __init__(self, blatt: xw.Sheet, formeln: dict[str, str], werte: dict[str, object]) -> None:
        self.name, self._blatt, self._formeln, self._werte = blatt.name, blatt, formeln, werte
        self.aufrufe = 0

    def range(self, a: tuple[int, int], b: tuple[int, int] | None = None) -> ComBereich:
        self.aufrufe += 1
        return ComBereich(self, a, b or a)


class ComBereich:
    def __init__(self, sheet: ComBlatt, a: tuple[int, int], b: tuple[int, int]) -> None:
        self.sheet, self._von, self._bis = sheet, a, b

    def _raster(self, eigene: dict[str, Any], werte: Any) -> Any:
        (z0, s0), (z1, s1) = self._von, self._bis
        return [
            [eigene.get(f"{self.sheet.name}!{spaltenname(s)}{z}", werte[z - z0][s - s0]) for s in range(s0, s1 + 1)]
            for z in range(z0, z1 + 1)
        ]

    def options(self, **_: object) -> ComBereich:
        return self

    @property
    def value(self) -> Any:
        return self._raster(self.sheet._werte, self._roh())

    def _roh(self) -> Any:
        return self.sheet._blatt.range(self._von, self._bis).options(ndim=2, err_to_str=True).value

    @property
    def formula(self) -> Any:
        texte = [["" if w is None else str(w) for w in z] for z in self._roh()]
        raster = self._raster(self.sheet._formeln, texte)
        return raster[0][0] if self._von == self._bis else tuple(tuple(z) for z in raster)


def am_desktop(daten: bytes, formeln: dict[str, str] | None = None, werte: dict[str, object] | None = None) -> Com:
    nutz = aus_datei(daten)
    ort = {n["name"]: n["refers_to"][1:].replace("$", "").replace("'", "") for n in nutz["names"]}
    je_feld: tuple[dict[str, Any], ...] = ({ort[k]: v for k, v in (d or {}).items()} for d in (formeln, werte))
    return Com(buch(nutz), *je_feld)


def test_am_desktop_werden_getippte_formeln_gesehen(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    com = am_desktop(
        daten, {"erst_personen": "=5+7", "bemerkungen": "=1+1"}, {"erst_personen": 12.0, "bemerkungen": "=1+1"}
    )
    eingabe = eingabe_aus(com)
    personen, bemerkungen = eingabe.felder["erst_personen"], eingabe.felder["bemerkungen"]
    assert (personen.wert, personen.formel) == (Decimal(12), "5+7")
    assert (bemerkungen.wert, bemerkungen.formel) == ("=1+1", None)  # a text with the mark for text before it
    assert max(b.aufrufe for b in com.sheets) == 1  # one call a sheet, not one a cell


def test_am_desktop_hat_ein_formular_dieselben_werte(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    von_datei = ablauf.einreichung(daten, "Formular.xlsx", STICHTAG).eingabe
    assert von_datei is not None
    von_excel = eingabe_aus(am_desktop(daten))
    assert (von_excel.felder, von_excel.listen) == (von_datei.felder, von_datei.listen)


def test_ein_weit_verschobenes_feld_wird_gefunden(ablage: Ablage) -> None:
    nutz = aus_datei(ausgefuellt(ablage))
    feld = next(n for n in nutz["names"] if n["name"] == "erst_personen")
    blatt = nutz["sheets"][feld["sheet_index"]]
    feld["refers_to"] = f"='{blatt['name']}'!$B$5000"
    breite = len(blatt["values"][0])
    blatt["values"] += [[""] * breite for _ in range(5000 - len(blatt["values"]))]
    blatt["values"][4999][1] = 4
    zelle = eingabe_aus(buch(nutz)).felder["erst_personen"]
    assert (zelle.adresse, zelle.wert) == ("B5000", Decimal(4))


@pytest.mark.parametrize(
    "ziel", ["='Reporting'!$A:$XFD", "='Reporting'!$A$1:$XFD$1048576", "=SUM(1)", "", None, "=#REF!"]
)
def test_namen_die_nirgends_hinfuehren_halten_das_lesen_nicht_auf(ablage: Ablage, ziel: str | None) -> None:
    nutz = aus_datei(ausgefuellt(ablage))
    nutz["names"].append({**nutz["names"][0], "name": "fremd", "refers_to": ziel})
    assert eingabe_aus(buch(nutz)).fehlende == ()


def test_von_einem_formular_bleibt_nichts_im_prozess(ablage: Ablage) -> None:
    mappe = buch(aus_datei(ausgefuellt(ablage)))
    eingabe_aus(mappe)
    assert get_range_api.cache_info().currsize > 0
    vergiss(mappe)
    assert get_range_api.cache_info().currsize == 0
