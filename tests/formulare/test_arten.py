"""Every kind of value: what it reads, what it refuses, and that all hosts answer alike."""

import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pkgutil import get_data
from typing import Any, NamedTuple

import pytest

from krs.cli import rahmen
from krs.excel import rohwerte
from krs.excel.angaben import lies as lies_angabe
from krs.excel.katalog import Argument, Funktion, funktionen
from krs.excel.makrokatalog import Feld as Makrofeld
from krs.formulare.arten import ARTEN
from krs.formulare.befund import Akte
from krs.formulare.eingabe import Eingabe, Kennung, Rohwert, Zelle
from krs.formulare.formular import formulare
from krs.formulare.pruefen import typisiere
from krs.recht import Halbjahr, Leistung
from krs.stammdaten.plan import Stammspalte, blaetter, einstellungen_plan

D = Decimal
ANZAHL = {12: 12, "3'000": 3000, " 12 ": 12, "12.0": 12, "9999": 9999}
KEIN_ANZAHL = (-1, "10000", "1.5", "zwei", "Fr. 12", True, date(2024, 1, 31))
ZAHL = {"12,5": D("12.5"), 7: D(7), "0.125": D("0.125")}
KEINE_ZAHL = ("1.200", "-1", "Fr. 5", 1_000_000_000, True)
TAG = {"31.01.2024": date(2024, 1, 31), "2024-1-31": date(2024, 1, 31), date(2024, 1, 31): date(2024, 1, 31)}
KURZTAG = {**TAG, "31. 1. 24": date(2024, 1, 31)}
TAGE = ("31. Januar 2024", "31 Jan. 2024", "31.JANUAR 2024", "31/01/2024", "31.1.24")
BETRAEGE = (
    "Fr. 9'000.–", "9000.–", "CHF 9000", "9'000.-", "9000 Fr.", "9\u2009000", "9 000.-- Fr.",
    "sFr. 9'000,–", "9000 Franken",
)  # fmt: skip
KEIN_TAG = ("31.02.2024", "gestern", 12, True)
FRANKEN = {"Fr. 1'234.50": D("1234.50"), D("12.350000000000001"): D("12.35"), "12.–": D("12.00"), 0: D("0.00")}
KEINE_FRANKEN = ("-0.01", "1.005", "zwölf", 1_000_000_000, True)
H1, JAHR = Halbjahr(2024, 1), {"2024": 2024, 2100: 2100, "2017": 2017}
KEIN_JAHR = (2016, "2101", "24", "2024.5", "2024-H1")
HALBJAHR = {"2024-H1": H1, " 2024-h1 ": H1}
KEIN_HALBJAHR = ("2016-H2", "2024-H3", "2024/1", True)
IBAN, SHA = "CH93 0076 2011 6238 5295 7", "0a" * 32
BEISPIELE: dict[str, tuple[dict[Any, Any], tuple[Any, ...]]] = {
    "text": ({" a b ": "a b", D("1.50"): "1.50"}, ()),
    "konstante_text": ({"Olten": "Olten"}, ()),
    "konstante_zahl": ({2581: "2581"}, ()),
    "liste": ({"Tigrinya": "Tigrinya"}, ()),
    "auswahl": ({"a": "a"}, ()),
    "anzahl": (ANZAHL, KEIN_ANZAHL),
    "zahl": (ZAHL, KEINE_ZAHL),
    "betrag": (
        {**ZAHL, **dict.fromkeys(BETRAEGE, D(9000)), "Fr. 5": D(5)},
        (*(x for x in KEINE_ZAHL if x != "Fr. 5"), "Fr. 9.000", "EUR 9000", "Fr.", "9000 Stück", "Fr. -5"),
    ),
    "anteil": (
        {"20%": D("0.2"), " 12,5 % ": D("0.125"), "0.2": D("0.2"), 10: D("0.1"), "20": D("0.2"), 4: D(4), 5: D("0.05")},
        ("101", "1001%", "-1%", True),
    ),
    "datum": (
        {**KURZTAG, **dict.fromkeys(TAGE, date(2024, 1, 31)), "7/7/2024": date(2024, 7, 7)},
        (
            *KEIN_TAG,
            "31.12.1999",
            "1.1.2100",
            45291,
            "10/07/2024",
            "31/1/24",
            "1/31/2024",
            "31. Februar 2024",
            "Mai 2024",
        ),
    ),
    "email": ({" a@olten.example ": "a@olten.example"}, ("a@", "a@b.example; c@d.example", 5)),
    "ja_nein": ({" ja": True, "NEIN": False, True: True}, ("vielleicht", 2)),
    "bfs": ({"2581": 2581, 1: 1}, (0, 10000, "Olten")),
    "plz": ({"4600": 4600}, (46222, 999, "CH-4600")),
    "bestand": ({"1'234": 1234, 999_999: 999_999}, (-1, 1_000_000, "viele", "1.5")),
    "jahr": (JAHR, KEIN_JAHR),
    "franken": (FRANKEN, KEINE_FRANKEN),
    "franken_ueber_null": ({"0.05": D("0.05")}, (*KEINE_FRANKEN, 0)),
    "ansatz": ({"7.125": D("7.125"), "CHF 160": D("160.00")}, ("7.12555", "-5")),
    "faktor": ({"2.5": D("2.50"), 1: D("1.00")}, ("0.9", "viel")),
    "tag": ({**TAG, "1.1.1800": date(1800, 1, 1)}, (*KEIN_TAG, "31.12.1799", "31.1.24")),
    "halbjahr": (HALBJAHR, KEIN_HALBJAHR),
    "periode": ({"2024-h1": "2024-H1", "2024": "2024", 2024: "2024"}, (*KEIN_HALBJAHR, 2016, "24")),
    "jahre": ({"2023: b; 2022: a": ((2022, "a"), (2023, "b"))}, ("2023", "2016: a", "2023: a; 2023: b")),
    "code": ({" a2 - 07": "A2-07"}, ()),
    "sha256": ({SHA.upper(): SHA}, ("abc", SHA + "0")),
    "mailserver": (
        {"Mail.SO.example, *.admin.example;mx-1.so.example": ("mail.so.example", "admin.example", "mx-1.so.example")},
        ("server", "mail so.example", "a_b.so.example"),
    ),
    "iban": ({IBAN: "CH9300762011623852957"}, (IBAN[:-1] + "8", "keine")),
    "anhang": ({"Anhang 3": 3, 2: 2}, (0, 4, "drei")),
    "gespraech": ({"INTEG": "integ"}, ("telefon", 1)),
    "leistung": ({"sockelbeitrag": Leistung.SOCKEL}, ("Sockel", 1)),
    "zelltag": ({**KURZTAG, 45322: date(2024, 1, 31)}, (*KEIN_TAG, "31.12.1999")),
    "zeit": ({**JAHR, **HALBJAHR}, (2016, "24", *KEIN_HALBJAHR)),
    "iban_text": ({" keine ": "keine"}, ("x" * 61,)),
    "datum_iso": ({"2024-01-31": date(2024, 1, 31)}, ("31.01.2024", "2024-1-31", "20240131", "2024-02-30")),
    "ganzzahl": ({"007": 7}, ("-1", "²", "1.5", "1'000", "1" * 10)),
    "datum_getippt": ({"1.2.2024": date(2024, 2, 1), "2024-02-01": date(2024, 2, 1)}, ("1.2.24", "30.2.2024", "x")),
}


def als_zelle(roh: Any) -> Zelle:
    return Zelle(wert=Decimal(roh) if type(roh) is int else roh)


def antwort(lesen: Callable[[Any], Any], roh: Any) -> object:
    """Return what a host makes of a value: the value itself, or the German sentence."""
    try:
        return lesen(roh)
    except ValueError as fehler:
        return str(fehler)


def test_jede_art_hat_ihre_beispiele() -> None:
    assert BEISPIELE.keys() == ARTEN.keys()


@pytest.mark.parametrize("name", ARTEN)
def test_eine_art_nimmt_was_zu_ihr_gehoert(name: str) -> None:
    gut, _ = BEISPIELE[name]
    gelesen = [ARTEN[name].aus(als_zelle(roh)) for roh in gut]
    assert [(type(w), str(w)) for w in gelesen] == [(type(w), str(w)) for w in gut.values()]


@pytest.mark.parametrize("name", ARTEN)
def test_eine_art_sagt_was_sie_las_und_was_sie_erwartet(name: str) -> None:
    art, (_, schlecht) = ARTEN[name], BEISPIELE[name]
    for zelle in (*map(als_zelle, schlecht), Zelle(fehler="#REF!")):
        gelesen = {"#REF!": "#BEZUG!"}.get(zelle.anzeige, zelle.anzeige)
        if isinstance(zelle.wert, date):
            gelesen = "31.01.2024"
        assert antwort(art.aus, zelle) == f"Gelesen wurde «{gelesen}»; erwartet wird {art.erwartet}."


def test_felder_spalten_einstellungen_und_argumente_haben_arten_aus_der_tabelle() -> None:
    felder = [f for form in formulare() for f in form.felder.values()]
    arten = {f.art for f in felder} - {"berechnet"} | {s.art for f in felder for s in f.spalten}
    arten |= {s.art for b in blaetter() for s in b.spalten} | {e.art for e in einstellungen_plan()}
    arten |= {a.art for f in funktionen() for a in f.argumente} - rohwerte.BEREICHE
    getippt = {"datum_iso", "datum_getippt", "ganzzahl"}
    assert arten == ARTEN.keys() - getippt


def test_die_grenzen_der_jahre_stehen_nur_bei_den_terminen() -> None:
    geltung = tomllib.loads((get_data("krs.recht", "termine.toml") or b"").decode())["geltung"]
    assert ARTEN["jahr"].pruefung == ("integer", geltung["erstes_jahr"], geltung["letztes_jahr"])
    assert ARTEN["jahr"].erwartet == f"ein Jahr von {geltung['erstes_jahr']} bis {geltung['letztes_jahr']}"


# --- the hosts ------------------------------------------------------------------------------
def im_formular(feld: str) -> Callable[[Rohwert], Any]:
    """Return how a cell of a form is read: its value, or the message of its Befund."""
    form = next(f for f in formulare() if feld in f.felder)

    def lesen(roh: Rohwert) -> Any:
        eingabe = Eingabe("", Kennung(form.id, "", "", "", "", "", ""), {feld: als_zelle(roh)})
        gelesen = typisiere(eingabe, Akte("", "", None), form, form.versionen[-1])
        wert = gelesen.modell.wert(feld)
        return gelesen.befunde[0].meldung if wert is None else wert

    return lesen


def in_den_stammdaten(art: str) -> Callable[[Rohwert], Any]:
    spalte = Stammspalte("x", "X", art, 10, "")

    def lesen(roh: Rohwert) -> Any:
        try:
            return spalte.lies(als_zelle(roh))
        except ValueError:
            raise ValueError(f"erwartet wird {spalte.erwartet}.") from None

    return lesen


def als_argument(art: str) -> Callable[[Rohwert], Any]:
    funktion = Funktion("x", "X", "", "", (Argument("x", "", art=art),), "")
    return lambda roh: rohwerte.lies(funktion, [roh])[0]


def im_makro(art: Any) -> Callable[[Rohwert], Any]:
    return lambda roh: lies_angabe(Makrofeld("x", "X", "", art), roh)


class Wirte(NamedTuple):
    """Hosts of one kind, what all of them read, what none of them does, and the words of the refusal."""

    lesen: tuple[Callable[[Any], Any], ...]
    gut: dict[Any, Any]
    schlecht: tuple[Any, ...]
    erwartet: str = ""


WIRTE = {
    "anzahl": Wirte((im_formular("erst_personen"), als_argument("anzahl")), ANZAHL, KEIN_ANZAHL),
    "datum": Wirte((im_formular("datum"), als_argument("zelltag"), in_den_stammdaten("tag")), TAG, KEIN_TAG),
    "email": Wirte((im_formular("kontakt_email"), in_den_stammdaten("email")), *BEISPIELE["email"]),
    "bestand": Wirte((in_den_stammdaten("bestand"), als_argument("bestand")), *BEISPIELE["bestand"]),
    "franken": Wirte((in_den_stammdaten("franken"), als_argument("franken")), FRANKEN, KEINE_FRANKEN),
    "bfs": Wirte((in_den_stammdaten("bfs"), als_argument("bfs")), *BEISPIELE["bfs"]),
    "jahr": Wirte(
        (in_den_stammdaten("jahr"), als_argument("jahr"), im_makro("jahr"), lambda z: int(rahmen.zeit_("", str(z)))),
        JAHR, KEIN_JAHR,
    ),
    "halbjahr": Wirte(
        (
            in_den_stammdaten("halbjahr"), als_argument("halbjahr"), lambda z: Halbjahr.parse(im_makro("periode")(z)),
            lambda z: Halbjahr.parse(rahmen.zeit_(z, "")),
        ),
        {"2024-H1": H1}, ("2024-H3", "2024/1", "2024"),
    ),
    "periode": Wirte((in_den_stammdaten("periode"), lambda z: str(als_argument("zeit")(z))), *BEISPIELE["periode"]),
    "datum_iso": Wirte(
        (rahmen.tag, im_makro("datum")), BEISPIELE["datum_iso"][0], ("2024-1-31", "2024-02-30"), "ein Datum wie"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WIRTE)
def test_alle_wirte_geben_dieselbe_antwort(name: str) -> None:
    wirte = WIRTE[name]
    for lesen in wirte.lesen:
        assert [lesen(roh) for roh in wirte.gut] == list(wirte.gut.values())
        for roh in wirte.schlecht:
            gesagt = antwort(lesen, roh)
            assert isinstance(gesagt, str), (roh, gesagt)
            worte = wirte.erwartet or ARTEN[name].erwartet.partition(" (")[0]
            assert f"erwartet wird {worte}" in gesagt, (roh, gesagt)
