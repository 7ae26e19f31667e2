"""Payment runs: preview, two people, what is refused, what a released run holds (entwurf 4.5)."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook

from ablage.hilfe import ausgefuellt, baum, einwerfen
from ablage.laufhilfe import (
    LAUF,
    NAECHSTER,
    TAG,
    einstellungen,
    freie,
    freigeben,
    geldstamm,
    gemeinden,
    json_von,
    kopie,
    lauf,
    offene,
    rueckforderung,
    tabelle,
)  # fmt: skip
from krs import __version__, ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.demo.stamm import iban

SPAETER = date(2025, 3, 10)
KOPF = "Der Lauf 2024-09 kann nicht freigegeben werden:\n– "
GEAENDERT = (
    "Seit der Vorbereitung des Laufs 2024-09 am 10.09.2024 hat sich geändert, was bezahlt würde: Beträge, Tag, Konten "
    "oder Adressen. Sehen Sie die Vorschau an und bereiten Sie den Lauf neu vor."
)


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    return offene(tmp_path)


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return freie(tmp_path)


def verweigert(ablage: Ablage, name: str = LAUF, tag: date = TAG, **auftrag: Any) -> str:
    """Return why a call is refused; nothing below Laeufe/ has changed."""
    vorher = baum(ablage.laeufe)
    with pytest.raises((AblageFehler, ValueError)) as fehler:
        lauf(ablage, name, tag, **auftrag)
    assert baum(ablage.laeufe) == vorher
    return str(fehler.value)


def mit_stamm(ablage: Ablage, **blaetter: list[dict[str, object]]) -> Ablage:
    ablage.stammdaten.write_bytes(geldstamm(**blaetter))
    return ablage


# --- preview --------------------------------------------------------------------------------
def test_die_vorschau_schreibt_nichts_als_sich_selbst(ablage: Ablage) -> None:
    vorher = baum(ablage.pfad)
    ergebnis = lauf(ablage)
    assert (ergebnis.stand, ergebnis.hindernisse, ergebnis.plan.valuta) == ("Vorschau", (), date(2024, 9, 30))
    assert ergebnis.ort == ablage.laeufe / "Vorschau_2024-09.xlsx"
    nachher = baum(ablage.pfad)
    assert set(nachher) - set(vorher) == {"Laeufe/Vorschau_2024-09.xlsx"}
    assert {n: nachher[n] for n in vorher} == vorher


def test_die_vorschau_legt_keinen_eingangstag_fest(ablage: Ablage) -> None:
    einwerfen(ablage, "ohne Tag.xlsx", ausgefuellt(ablage, 2402, erst_einzelpersonen=9))
    lauf(ablage, tag=date(2024, 7, 20))
    assert list(ablage.archiv.iterdir()) == []


def test_die_vorschau_zeigt_was_einer_freigabe_im_weg_steht(ablage: Ablage) -> None:
    ergebnis = lauf(mit_stamm(ablage, Gemeinden=gemeinden(b2401={"iban": None})))
    assert ergebnis.hindernisse == ("Stammdaten, Blatt Gemeinden, 2401 Egerkingen: Es fehlt «IBAN».",)
    assert ergebnis.ort.is_file()


def test_dieselbe_vorschau_hat_dieselben_bytes(ablage: Ablage, tmp_path: Path) -> None:
    andere = kopie(ablage.pfad, tmp_path / "ganz wo anders" / "A")
    assert lauf(ablage).ort.read_bytes() == lauf(andere).ort.read_bytes()


# --- two people -----------------------------------------------------------------------------
def test_eine_person_bereitet_vor_eine_andere_gibt_frei(ablage: Ablage) -> None:
    vorbereitet = lauf(ablage, vorbereiten=True, visa=("AB",))
    assert (vorbereitet.stand, vorbereitet.ort.name) == ("vorbereitet", "Vorschau_2024-09.xlsx")
    assert json_von(ablage.laeufe / "2024-09.vorbereitet.json")["visum"] == "AB"
    assert not (ablage.laeufe / LAUF).exists()
    frei = lauf(ablage, tag=date(2024, 9, 12), freigeben=True, visa=("CD",))
    assert (frei.stand, frei.ort, frei.pruefsumme) == ("freigegeben", ablage.laeufe / LAUF, vorbereitet.pruefsumme)
    assert [p.name for p in ablage.laeufe.iterdir()] == [LAUF]  # neither preview nor preparation stay
    inhalt = json_von(frei.ort / "lauf.json")
    assert [(v["rolle"], v["visum"]) for v in inhalt["visa"]] == [("vorbereitet", "AB"), ("freigegeben", "CD")]
    assert (inhalt["datum"], inhalt["valuta"]) == ("2024-09-10", "2024-09-30")  # of the preparation


@pytest.mark.parametrize("visum", ["AB", "ab", " Ab ", "A B", "\uff21\uff22", "A\u200bB", "AB\u00ad"])
def test_wer_vorbereitet_gibt_nicht_selbst_frei(ablage: Ablage, visum: str) -> None:
    lauf(ablage, vorbereiten=True, visa=("AB",))
    satz = f"«{visum.strip()}» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person."
    assert verweigert(ablage, freigeben=True, visa=(visum,)) == satz


def test_ein_angemeldetes_konto_gibt_nicht_frei_was_es_vorbereitet_hat(ablage: Ablage) -> None:
    lauf(ablage, vorbereiten=True, visa=("AB",), konto="anna@so.example")
    assert verweigert(ablage, freigeben=True, visa=("CD",), konto="Anna@SO.example") == (
        "Das Konto «Anna@SO.example» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person."
    )
    assert verweigert(ablage, freigeben=True, visa=("ab",), konto="beat@so.example") == (
        "«ab» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person."
    )
    lauf(ablage, freigeben=True, visa=("CD",), konto="beat@so.example")
    visa = json_von(ablage.laeufe / LAUF / "lauf.json")["visa"]
    assert [v["konto"] for v in visa] == ["anna@so.example", "beat@so.example"]


def test_wer_angemeldet_ist_kann_nicht_beide_visa_setzen(ablage: Ablage) -> None:
    assert verweigert(ablage, freigeben=True, visa=("AB", "CD"), konto="anna") == (
        "Das Konto «anna» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person."
    )


@pytest.mark.parametrize("visa", [(), ("",), ("  ",), ("AB", "CD")])
def test_vorbereitet_wird_mit_genau_einem_visum(ablage: Ablage, visa: tuple[str, ...]) -> None:
    satz = "Nennen Sie ein Visum (--visum AB): Wer vorbereitet, gibt nicht selbst frei."
    assert verweigert(ablage, vorbereiten=True, visa=visa) == satz
    lauf(ablage, vorbereiten=True, visa=("EF",))
    assert verweigert(ablage, freigeben=True, visa=visa) == satz


@pytest.mark.parametrize("visa", [(), ("CD",), ("AB", "CD", "EF"), ("AB", " ")])
def test_ohne_vorbereitung_braucht_es_beide_visa(ablage: Ablage, visa: tuple[str, ...]) -> None:
    satz = "Nennen Sie zwei Visa (--visum AB --visum CD): Wer vorbereitet, gibt nicht selbst frei."
    assert verweigert(ablage, freigeben=True, visa=visa) == satz


def test_beide_visa_in_einem_aufruf_geben_frei(ablage: Ablage) -> None:
    assert verweigert(ablage, freigeben=True, visa=("AB", "ab")) == (
        "«ab» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person."
    )
    frei = lauf(ablage, freigeben=True, visa=("AB", "CD"))
    assert [v["visum"] for v in json_von(frei.ort / "lauf.json")["visa"]] == ["AB", "CD"]


def test_ein_visum_allein_tut_nichts(ablage: Ablage) -> None:
    assert verweigert(ablage, visa=("AB",)) == (
        "Ein Visum gehört zu «--vorbereiten» oder «--freigeben». Nennen Sie, was Sie tun wollen."
    )


def test_eine_neue_vorbereitung_ersetzt_die_fruehere(ablage: Ablage) -> None:
    lauf(ablage, vorbereiten=True, visa=("AB",))
    lauf(ablage, vorbereiten=True, visa=("CD",))
    assert [v["visum"] for v in json_von(lauf(ablage, freigeben=True, visa=("AB",)).ort / "lauf.json")["visa"]] == [
        "CD", "AB",
    ]  # fmt: skip


# --- changed since the preparation ----------------------------------------------------------
def test_ein_geaenderter_betrag_verlangt_eine_neue_vorbereitung(ablage: Ablage) -> None:
    lauf(ablage, vorbereiten=True, visa=("AB",))
    einwerfen(ablage, "2024-07-20/neu.xlsx", ausgefuellt(ablage, 2401, erst_einzelpersonen=4, erst_personen=4))
    assert verweigert(ablage, freigeben=True, visa=("CD",)) == GEAENDERT
    assert lauf(ablage, vorbereiten=True, visa=("AB",)).plan.abrechnungen[0].auszahlung == 960  # 4 x 200 + 160
    assert lauf(ablage, freigeben=True, visa=("CD",)).stand == "freigegeben"


@pytest.mark.parametrize(
    "blaetter",
    [
        {"Gemeinden": gemeinden(b2401={"iban": iban(666)})},
        {"Gemeinden": gemeinden(b2403={"ort": "Anderswo"})},
        {"Einstellungen": einstellungen(Kanton_IBAN=iban(2))},
        {"Rückforderungen": [rueckforderung("R-1", 2402, 150), rueckforderung("R-2", 2403, 999)]},
    ],
)
def test_ein_anderes_konto_verlangt_eine_neue_vorbereitung(
    ablage: Ablage, blaetter: dict[str, list[dict[str, object]]]
) -> None:
    lauf(ablage, vorbereiten=True, visa=("AB",))
    assert verweigert(mit_stamm(ablage, **blaetter), freigeben=True, visa=("CD",)) == GEAENDERT


@pytest.mark.parametrize("anders", [{"datum": date(2024, 9, 11)}, {"valuta": date(2024, 9, 27)}])
def test_ein_anderer_tag_als_vorbereitet_wird_nicht_freigegeben(ablage: Ablage, anders: dict[str, date]) -> None:
    lauf(ablage, vorbereiten=True, visa=("AB",))
    assert verweigert(ablage, freigeben=True, visa=("CD",), **anders) == GEAENDERT


def test_datum_und_valuta_kommen_aus_der_vorbereitung(ablage: Ablage) -> None:
    tage = {"datum": date(2024, 9, 16), "valuta": date(2024, 9, 25)}
    lauf(ablage, vorbereiten=True, visa=("AB",), **tage)
    inhalt = json_von(lauf(ablage, tag=date(2024, 12, 1), freigeben=True, visa=("CD",)).ort / "lauf.json")
    assert (inhalt["datum"], inhalt["valuta"]) == ("2024-09-16", "2024-09-25")
    assert inhalt["rechnungen"][0]["faellig"] == "2024-10-16"


def test_was_nach_der_vorbereitung_einging_kommt_in_den_naechsten_lauf(ablage: Ablage) -> None:
    lauf(ablage, vorbereiten=True, visa=("AB",))
    einwerfen(ablage, "2024-09-11/neu.xlsx", ausgefuellt(ablage, 2401, erst_einzelpersonen=4, erst_personen=4))
    frei = lauf(ablage, tag=date(2024, 9, 12), freigeben=True, visa=("CD",))
    assert frei.plan.abrechnungen[0].auszahlung == 760


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"lauf": "2024-09"}', '{"lauf":"2024-03","datum":"2024-09-10","valuta":"2024-09-30",'
     '"pruefsumme":"","visum":"AB","konto":""}', '{"lauf":"2024-09","datum":"2024-09-10","valuta":"2024-09-30",'
     '"pruefsumme":"","visum":5,"konto":""}'],
)  # fmt: skip
def test_eine_beschaedigte_vorbereitung_wird_genannt(ablage: Ablage, text: str) -> None:
    pfad = ablage.laeufe / "2024-09.vorbereitet.json"
    pfad.write_text(text, encoding="utf-8")
    assert verweigert(ablage, freigeben=True, visa=("CD",)) == (
        f"«{pfad}» ist beschädigt. Bereiten Sie den Lauf neu vor."
    )
    assert lauf(ablage, vorbereiten=True, visa=("AB",)).stand == "vorbereitet"


# --- what stands in the way -----------------------------------------------------------------
def test_eine_verweigerte_freigabe_nennt_alle_hindernisse(ablage: Ablage) -> None:
    mit_stamm(
        ablage,
        Gemeinden=gemeinden(b2401={"iban": None}, b2402={"plz": None, "ort": None}, b2403={"ort": None}),
        Einstellungen=einstellungen(Kanton_IBAN="", Konto_Verrechnung=""),
    )
    for auftrag in ({"vorbereiten": True, "visa": ("AB",)}, {"freigeben": True, "visa": ("AB", "CD")}):
        alle = [
            "Der Zahltag 09.09.2024 liegt vor dem Tag des Laufs 10.09.2024. "
            "Nennen Sie einen späteren: --valuta JJJJ-MM-TT.",
            "Stammdaten, Blatt Einstellungen: Es fehlt «Kanton IBAN», «Konto Verrechnung».",
            "Stammdaten, Blatt Gemeinden, 2401 Egerkingen: Es fehlt «IBAN».",
            "Stammdaten, Blatt Gemeinden, 2402 Härkingen: Es fehlt «PLZ», «Ort».",
            "Stammdaten, Blatt Gemeinden, 2403 Kestenholz: Es fehlt «Ort».",
        ]
        assert verweigert(ablage, valuta=date(2024, 9, 9), **auftrag) == KOPF + "\n– ".join(alle)


def test_wer_nur_verrechnet_oder_eine_rechnung_erhaelt_braucht_keine_iban(ablage: Ablage) -> None:
    assert freigeben(mit_stamm(ablage, Gemeinden=gemeinden(b2403={"iban": None}))).stand == "freigegeben"


def test_ein_fehler_in_den_stammdaten_haelt_jeden_lauf_auf(ablage: Ablage) -> None:
    zeilen = [*gemeinden(), {"bfs_nr": 2401, "name": "Egerkingen", "beteiligt_ab": date(2018, 1, 1)}]
    satz = verweigert(mit_stamm(ablage, Gemeinden=zeilen), vorbereiten=True, visa=("AB",))
    assert satz.startswith(f"{KOPF}Stammdaten, Gemeinden!A")
    assert "2401" in satz


def test_was_die_bank_nicht_annaehme_steht_schon_in_der_vorschau(ablage: Ablage) -> None:
    mit_stamm(ablage, Gemeinden=gemeinden(b2401={"iban": iban(2401)[:-1] + "9"}))
    vorschau = lauf(ablage)
    assert [h for h in vorschau.hindernisse if "2401" in h or "Egerkingen" in h]
    mit_stamm(ablage, Gemeinden=gemeinden(b2403={"ort": "K" * 80}))
    (satz,) = lauf(ablage).hindernisse
    assert satz.startswith("Rechnung R-2024-09-2403: ")
    assert verweigert(ablage, vorbereiten=True, visa=("AB",)) == KOPF + satz


def test_ohne_ansatz_fuer_2025_wird_der_lauf_nicht_freigegeben(frei: Ablage) -> None:
    ablauf.vorlagen(frei.pfad, "2024-H2")
    daten = ausgefuellt(frei, 2401)
    einwerfen(frei, "2025-01-15/a.xlsx", daten)
    mit_stamm(
        frei,
        Ausländerbestand=[
            {"bfs_nr": b, "stichtag": date(2023, 12, 31), "anzahl": 100, "quelle": "Statistik"}
            for b in (2401, 2402, 2403)
        ],
    )
    (frei.vorlagen / "2025").mkdir()
    satz = verweigert(frei, NAECHSTER, SPAETER, vorbereiten=True, visa=("AB",))
    assert satz.split("\n– ")[1:] == [
        "Im Lauf 2025-03 gibt es nichts auszuzahlen, zu verrechnen oder in Rechnung zu stellen.",
        "Für Sockelbeitrag, 2025, fehlt der Ansatz: Stammdaten, Blatt Tarife (Ziff. 4.3.2).",
    ]


def test_ein_lauf_in_dem_es_nichts_zu_zahlen_gibt_wird_nicht_freigegeben(frei: Ablage) -> None:
    assert verweigert(frei, NAECHSTER, SPAETER, freigeben=True, visa=("AB", "CD")) == (
        "Der Lauf 2025-03 kann nicht freigegeben werden:\n"
        "– Im Lauf 2025-03 gibt es nichts auszuzahlen, zu verrechnen oder in Rechnung zu stellen."
    )


# --- order ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "auftrag", [{}, {"vorbereiten": True, "visa": ("AB",)}, {"freigeben": True, "visa": ("AB", "CD")}]
)
def test_ein_zweites_mal_wird_kein_lauf_freigegeben(frei: Ablage, auftrag: dict[str, Any]) -> None:
    assert verweigert(frei, **auftrag) == (
        f"Der Lauf 2024-09 ist schon freigegeben und ändert sich nicht mehr («{frei.laeufe / LAUF}»)."
    )


@pytest.mark.parametrize("auftrag", [{}, {"freigeben": True, "visa": ("AB", "CD")}])
def test_ein_aelterer_lauf_wird_nicht_mehr_freigegeben(frei: Ablage, auftrag: dict[str, Any]) -> None:
    assert verweigert(frei, "2024-03", **auftrag) == (
        "Der Lauf 2024-03 liegt vor dem freigegebenen Lauf 2024-09. Was seither einging oder sich änderte, gehört in "
        "den nächsten Lauf."
    )


def test_ein_lauf_ist_nicht_vom_tag_vor_dem_letzten(frei: Ablage) -> None:
    assert verweigert(frei, NAECHSTER, date(2024, 9, 9)) == (
        "Der Lauf 2025-03 kann nicht vom 09.09.2024 sein: Der letzte freigegebene ist vom 10.09.2024."
    )


# --- the files of a run ---------------------------------------------------------------------
def test_ein_lauf_hat_diese_dateien(frei: Ablage) -> None:
    assert sorted(baum(frei.laeufe / LAUF)) == [
        "Abrechnungslauf_2024-09.xlsx",
        "Stammdaten.xlsx",
        "buchungen.csv",
        "journal.csv",
        "lauf.json",
        "mitteilungen/Beitragsmitteilung_2024-09_2401_Egerkingen.xlsx",
        "mitteilungen/Beitragsmitteilung_2024-09_2402_Haerkingen.xlsx",
        "mitteilungen/Beitragsmitteilung_2024-09_2403_Kestenholz.xlsx",
        "pain001.xml",
        "rechnungen.csv",
        "rechnungen/R-2024-09-2403.pdf",
        "rechnungen/R-2024-09-2403.svg",
        "zahlungen.csv",
    ]
    assert (frei.laeufe / LAUF / "Stammdaten.xlsx").read_bytes() == geldstamm()


def test_rechnungen_csv_im_wortlaut(frei: Ablage) -> None:
    assert (frei.laeufe / LAUF / "rechnungen.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "Nr.;BFS-Nr.;Gemeinde;Debitor-Nr.;Betrag;Datum;fällig;SCOR-Referenz;Rückforderung",
        "R-2024-09-2403;2403;Kestenholz;;240.00;2024-09-10;2024-10-10;RF06R2024092403;R-2",
    ]


def test_das_journal_ohne_eigene_konten_bucht_aufwand_und_verrechnung(frei: Ablage) -> None:
    """Owed 1150 since June, 1920 now: 910 netted by that account alone, 1010 to be paid against 240 invoiced."""
    zeilen = tabelle(frei.laeufe / LAUF / "journal.csv")
    assert [(z["Beleg"], z["Soll"], z["Haben"], z["Betrag"]) for z in zeilen] == [
        ("KRS-2024-09-RF-R-1", "2006.00", "3632.00", "150.00"),
        ("KRS-2024-09-RF-R-2", "2006.00", "3632.00", "1000.00"),
        ("KRS-2024-09-2401", "3632.00", "2006.00", "600.00"),
        ("KRS-2024-09-2401", "3632.00", "2006.00", "160.00"),
        ("KRS-2024-09-2402", "3632.00", "2006.00", "400.00"),
        ("KRS-2024-09-2403", "3632.00", "2006.00", "600.00"),
        ("KRS-2024-09-2403", "3632.00", "2006.00", "160.00"),
    ]


def test_zahlungen_csv_im_wortlaut(frei: Ablage) -> None:
    zeilen = [
        "\ufefflauf;bfs_nr;gemeinde;empfaenger_bfs_nr;anspruch;differenz_frueher;verrechnet;auszahlung;rechnung",
        "2024-09;2401;Egerkingen;2401;760.00;0.00;0.00;760.00;0.00",
        "2024-09;2402;Härkingen;2402;400.00;0.00;150.00;250.00;0.00",
        "2024-09;2403;Kestenholz;2403;760.00;0.00;760.00;0.00;240.00",
        "",
    ]
    assert (frei.laeufe / LAUF / "zahlungen.csv").read_bytes() == "\r\n".join(zeilen).encode()


def test_buchungen_csv_im_wortlaut(frei: Ablage) -> None:
    a, b, c = (
        hashlib.sha256((frei.eingang / n).read_bytes()).hexdigest()
        for n in ("2024-07-15/a.xlsx", "2024-07-16/b.xlsx", "2024-07-17/c.xlsx")
    )
    erst, dolm = "Reporting!C21+C22+C23", "Reporting!C25+C26+C27"
    zeilen = [
        "\ufeffbuchung;lauf;datum;art;bfs_nr;gemeinde;empfaenger_bfs_nr;betrag;anspruch_bfs_nr;leistung;periode;"
        "anzahl;ansatz;rueckforderung;kreditjahr;konto;sha256;zellen;grund",
        "2024-09/2401/erst/2024-H1;2024-09;2024-09-10;Anspruch;2401;Egerkingen;2401;600.00;2401;erst;2024-H1;3;200.00;"
        f";2024;3632.00;{a};{erst};",
        "2024-09/2401/erst_dolmetsch/2024-H1;2024-09;2024-09-10;Anspruch;2401;Egerkingen;2401;160.00;2401;"
        f"erst_dolmetsch;2024-H1;1;160.00;;2024;3632.00;{a};{dolm};",
        "2024-09/2402/erst/2024-H1;2024-09;2024-09-10;Anspruch;2402;Härkingen;2402;400.00;2402;erst;2024-H1;2;200.00;"
        f";2024;3632.00;{b};{erst};",
        "2024-09/2403/erst/2024-H1;2024-09;2024-09-10;Anspruch;2403;Kestenholz;2403;600.00;2403;erst;2024-H1;3;200.00;"
        f";2024;3632.00;{c};{erst};",
        "2024-09/2403/erst_dolmetsch/2024-H1;2024-09;2024-09-10;Anspruch;2403;Kestenholz;2403;160.00;2403;"
        f"erst_dolmetsch;2024-H1;1;160.00;;2024;3632.00;{c};{dolm};",
        "2024-09/2402/Verrechnung/R-1;2024-09;2024-09-10;Verrechnung;2402;Härkingen;2402;-150.00;;;;;;R-1;;2006.00;;;",
        "2024-09/2403/Verrechnung/R-2;2024-09;2024-09-10;Verrechnung;2403;Kestenholz;2403;-760.00;;;;;;R-2;;2006.00;;;",
        "",
    ]
    assert (frei.laeufe / LAUF / "buchungen.csv").read_bytes() == "\r\n".join(zeilen).encode()


def test_lauf_json_nennt_eingaben_summen_visa_und_jede_datei(frei: Ablage) -> None:
    ort = frei.laeufe / LAUF
    inhalt = json_von(ort / "lauf.json")
    formulare = [hashlib.sha256(p.read_bytes()).hexdigest() for p in frei.eingang.rglob("*.xlsx")]
    konten = [v.pop("konto") for v in inhalt["visa"]]
    assert konten[0] == konten[1]
    assert len(inhalt.pop("inhalt")) == 64
    pruefsumme = inhalt.pop("pruefsumme")
    assert inhalt == {
        "lauf": "2024-09", "datum": "2024-09-10", "valuta": "2024-09-30", "software": f"krs {__version__}",
        "visa": [{"rolle": "vorbereitet", "visum": "AB"}, {"rolle": "freigegeben", "visum": "CD"}],
        "eingaben": {"stammdaten": hashlib.sha256(geldstamm()).hexdigest(), "formulare": sorted(formulare)},
        "summen": {
            "anspruch": "1920.00", "differenz": "0.00", "verrechnet": "910.00", "auszahlung": "1010.00",
            "rechnung": "240.00",
        },
        "anzahlen": {"buchungen": 7, "gemeinden": 3, "zahlungen": 2, "rechnungen": 1},
        "rechnungen": [
            {"nr": "R-2024-09-2403", "bfs_nr": 2403, "gemeinde": "Kestenholz", "betrag": "240.00",
             "faellig": "2024-10-10", "posten": [{"nr": "R-2", "betrag": "240.00"}]},
        ],
        "warnungen": [], "vorlauf": "",
        "dateien": {n: sha for n, sha in baum(ort).items() if n != "lauf.json"},
    }  # fmt: skip
    voll = {**json_von(ort / "lauf.json")}
    del voll["pruefsumme"]
    text = json.dumps(voll, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert pruefsumme == hashlib.sha256(text.encode()).hexdigest()


def test_der_zahlungsauftrag_stimmt_mit_zahlungen_csv_ueberein(frei: Ablage) -> None:
    baum_ = etree.parse(frei.laeufe / LAUF / "pain001.xml")

    def texte(name: str) -> list[str | None]:
        return [e.text for e in baum_.iterfind(f".//{{*}}{name}")]

    assert set(texte("NbOfTxs")) == {"2"}
    assert set(texte("CtrlSum")) == {"1010.00"}
    assert texte("MsgId") == ["KRS-2024-09"]
    assert texte("EndToEndId") == ["KRS-2024-09-2401", "KRS-2024-09-2402"]
    assert texte("InstdAmt") == ["760.00", "250.00"]
    assert texte("Ustrd") == [f"start.integration 2024-09 {g}: 2024-H1" for g in ("Egerkingen", "Härkingen")]
    assert texte("ReqdExctnDt/{*}Dt") == ["2024-09-30"]
    ibans = {i.text for i in baum_.iterfind(".//{*}CdtrAcct//{*}IBAN")}
    assert ibans == {iban(2401), iban(2402)}


def test_die_rechnung_traegt_einen_qr_code(frei: Ablage) -> None:
    text = (frei.laeufe / LAUF / "rechnungen" / "R-2024-09-2403.svg").read_text(encoding="utf-8")
    assert text.startswith(("<svg", "<?xml"))
    assert "240.00" in text
    assert "Kestenholz" in text


def test_an_einem_anderen_ort_entsteht_derselbe_lauf(ablage: Ablage, tmp_path: Path) -> None:
    andere = kopie(ablage.pfad, tmp_path / "ganz" / "wo anders")
    freigeben(ablage)
    freigeben(andere)
    assert baum(ablage.laeufe) == baum(andere.laeufe)


@pytest.mark.skipif(os.name == "nt", reason="Verknüpfungen gibt es dort nicht ohne Weiteres")
def test_ein_lauf_der_nur_eine_verknuepfung_ist_zaehlt_nicht(frei: Ablage, tmp_path: Path) -> None:
    ort = frei.laeufe / LAUF
    ort.rename(tmp_path / "woanders")
    ort.symlink_to(tmp_path / "woanders")
    with pytest.raises(AblageFehler) as fehler:
        lauf(frei, NAECHSTER, SPAETER)
    assert str(fehler.value) == (
        f"«{ort}» ist nur eine Verknüpfung. Ein Lauf liegt als Ordner in der Ablage; stellen Sie ihn aus der Sicherung "
        "wieder her."
    )


def test_ohne_zahlung_entsteht_kein_zahlungsauftrag(ablage: Ablage) -> None:
    mit_stamm(ablage, Rückforderungen=[rueckforderung(f"R-{b}", b, 5000) for b in (2401, 2402, 2403)])
    ort = freigeben(ablage).ort
    assert not (ort / "pain001.xml").exists()
    inhalt = json_von(ort / "lauf.json")
    # 15000 owed, 1920 netted
    assert inhalt["summen"] | {"anspruch": ""} == {
        "anspruch": "", "differenz": "0.00", "verrechnet": "1920.00", "auszahlung": "0.00", "rechnung": "13080.00",
    }  # fmt: skip


# --- afterwards -----------------------------------------------------------------------------
def test_ein_freigegebener_lauf_aendert_sich_nie(frei: Ablage) -> None:
    vorher, mails = baum(frei.laeufe / LAUF), baum(frei.rueckmeldungen / "Mitteilungen_2024-09")
    mit_stamm(frei, Gemeinden=gemeinden(b2401={"iban": iban(77)}), Rückforderungen=[])
    einwerfen(frei, "2024-09-20/neu.xlsx", ausgefuellt(frei, 2401, erst_einzelpersonen=4, erst_personen=4))
    ablauf.konsolidieren(frei.pfad, date(2024, 10, 1))
    lauf(frei, NAECHSTER, SPAETER)
    for n in ("a.xlsx", "b.xlsx", "c.xlsx"):
        next(frei.eingang.rglob(n)).unlink()
    ablauf.konsolidieren(frei.pfad, date(2024, 10, 2))
    assert baum(frei.laeufe / LAUF) == vorher
    assert baum(frei.rueckmeldungen / "Mitteilungen_2024-09") == mails
    assert len(mails) == 4  # three drafts and their index


def entscheid_ueber_spaetes() -> list[dict[str, object]]:
    return [{
        "bfs_nr": 2401, "formular": "Anhang 2", "periode": "2024-H1", "code": "F-50", "entscheid": "anerkennen",
        "begruendung": "Telefonisch angekündigt", "visum": "RK", "datum": date(2024, 9, 25),
    }]  # fmt: skip


def test_eine_spaete_korrektur_wird_als_differenz_bezahlt(frei: Ablage) -> None:
    mit_stamm(frei, Entscheide=entscheid_ueber_spaetes())
    einwerfen(frei, "2024-09-20/neu.xlsx", ausgefuellt(frei, 2401, erst_einzelpersonen=4, erst_personen=4))
    ort = freigeben(frei, NAECHSTER, SPAETER).ort
    assert tabelle(ort / "zahlungen.csv") == [
        {"lauf": "2025-03", "bfs_nr": "2401", "gemeinde": "Egerkingen", "empfaenger_bfs_nr": "2401",
         "anspruch": "0.00", "differenz_frueher": "200.00", "verrechnet": "0.00", "auszahlung": "200.00",
         "rechnung": "0.00"},
    ]  # fmt: skip
    (b,) = tabelle(ort / "buchungen.csv")
    assert (b["buchung"], b["art"], b["anzahl"], b["ansatz"], b["betrag"]) == (
        "2025-03/2401/erst/2024-H1", "Differenz", "4", "200.00", "200.00",
    )  # fmt: skip
    assert json_von(ort / "lauf.json")["vorlauf"] == json_von(frei.laeufe / LAUF / "lauf.json")["pruefsumme"]


# --- Master ---------------------------------------------------------------------------------
def blatt(ablage: Ablage, name: str, *spalten: str) -> list[tuple[object, ...]]:
    mappe = load_workbook(ablage.master, data_only=True)
    zeilen = list(mappe[name].iter_rows(values_only=True))
    orte = [zeilen[0].index(s) for s in spalten]
    return [tuple(z[o] for o in orte) for z in zeilen[1:] if any(w is not None for w in z)]


def test_der_master_zeigt_was_bezahlt_ist(frei: Ablage) -> None:
    ablauf.konsolidieren(frei.pfad, TAG)
    assert blatt(frei, "Ansprüche", "BFS-Nr.", "Betrag", "Status", "Lauf", "Grund") == [
        (2401, 600, "bezahlt", "2024-09", None), (2401, 160, "bezahlt", "2024-09", None),
        (2402, 400, "bezahlt", "2024-09", None),
        (2403, 600, "bezahlt", "2024-09", None), (2403, 160, "bezahlt", "2024-09", None),
    ]  # fmt: skip
    assert blatt(
        frei, "Abrechnung", "Lauf", "BFS-Nr.", "Gemeinde", "Empfänger BFS-Nr.", "Anspruch", "Differenz früher",
        "Verrechnet", "Auszahlung", "Rechnung",
    ) == [
        ("2024-09", 2401, "Egerkingen", 2401, 760, 0, 0, 760, 0),
        ("2024-09", 2402, "Härkingen", 2402, 400, 0, 150, 250, 0),
        ("2024-09", 2403, "Kestenholz", 2403, 760, 0, 760, 0, 240),
    ]  # fmt: skip
    faellig = load_workbook(frei.master, data_only=True)["Rückforderungen"]
    assert [c.value for c in faellig[1]] == [
        "Nr.", "BFS-Nr.", "Gemeinde", "Datum", "Betrag", "Grund", "Ziffer", "verfügt von", "freigegeben von",
        "bezahlt am", "bezahlter Betrag", "verrechnet", "Rest", "Rechnung", "fällig", "Stand",
    ]  # fmt: skip
    assert blatt(frei, "Rückforderungen", "Nr.", "Betrag", "verrechnet", "Rest", "Rechnung", "Stand") == [
        ("R-1", 150, 150, 0, None, "erledigt"),
        ("R-2", 1000, 760, 240, "R-2024-09-2403", "in Rechnung"),
    ]
    assert blatt(frei, "Kredit", "Jahr", "anerkannt", "Rest") == [(2024, 1920, 18080)]


def test_das_blatt_buchungen_sagt_was_buchungen_csv_sagt(frei: Ablage) -> None:
    ablauf.konsolidieren(frei.pfad, TAG)
    zeilen = blatt(frei, "Buchungen", "Buchung", "Art", "BFS-Nr.", "Betrag", "Rückforderung", "SHA-256", "Zellen")
    assert [tuple("" if w is None else str(w) for w in z) for z in zeilen] == [
        (z["buchung"], z["art"], z["bfs_nr"], str(int(float(z["betrag"]))), z["rueckforderung"], z["sha256"],
         z["zellen"])
        for z in tabelle(frei.laeufe / LAUF / "buchungen.csv")
    ]  # fmt: skip


def test_der_master_nennt_bei_einer_spaeten_korrektur_was_bezahlt_ist(frei: Ablage) -> None:
    mit_stamm(frei, Entscheide=entscheid_ueber_spaetes())
    einwerfen(frei, "2024-09-20/neu.xlsx", ausgefuellt(frei, 2401, erst_einzelpersonen=4, erst_personen=4))
    ablauf.konsolidieren(frei.pfad, date(2024, 9, 30))
    zeilen = blatt(frei, "Ansprüche", "BFS-Nr.", "Betrag", "Status", "Lauf", "Grund")
    assert [z for z in zeilen if z[0] == 2401 and z[2] != "ersetzt"] == [
        (2401, 800, "anerkannt", "2024-09", "bezahlt 600.00"), (2401, 160, "bezahlt", "2024-09", None),
    ]  # fmt: skip


def test_vor_dem_ersten_lauf_sind_die_blaetter_leer(ablage: Ablage) -> None:
    ablauf.konsolidieren(ablage.pfad, TAG)
    assert blatt(ablage, "Buchungen", "Buchung") == []
    assert blatt(ablage, "Abrechnung", "Lauf") == []
    assert {z[0] for z in blatt(ablage, "Ansprüche", "Status")} == {"anerkannt"}


# --- what a run used stays as it was -----------------------------------------------------------
R2 = (
    "Stammdaten, Blatt Rückforderungen, Nr. R-2: Der Lauf 2024-09 kennt Fr. 1'000.00 von Kestenholz vom 01.06.2024, "
    "heute {}. Stellen Sie die Zeile wieder her; mehr oder weniger ist eine neue Zeile mit der Art «Erhöhung» oder "
    "«Erlass» zu Nr. R-2."
)


@pytest.mark.parametrize(
    ("neu", "satz"),
    [
        (rueckforderung("R-2", 2403, 760), R2.format("steht Fr. 760.00 von Kestenholz vom 01.06.2024")),
        (rueckforderung("R-2", 2402, 1000), R2.format("steht Fr. 1'000.00 von Härkingen vom 01.06.2024")),
        (
            rueckforderung("R-2", 2403, 1000, datum=date(2099, 6, 1)),
            R2.format("steht Fr. 1'000.00 von Kestenholz vom 01.06.2099"),
        ),
        (rueckforderung("R-2", 2403, 1000, freigegeben_von=""), R2.format("fehlt sie")),
        (rueckforderung("R-9", 2403, 1000), R2.format("fehlt sie")),
    ],
)
def test_mit_einer_geaenderten_rueckforderung_eines_laufs_gibt_es_keine_freigabe(
    tmp_path: Path, neu: dict[str, object], satz: str
) -> None:
    """Lowering one cell made 17'220 francs vanish (notes on money, A2)."""
    ablage = freie(tmp_path)
    ablage.stammdaten.write_bytes(geldstamm(Rückforderungen=[rueckforderung("R-1", 2402, 150), neu]))
    assert satz in lauf(ablage, NAECHSTER, SPAETER).hindernisse


def test_ein_erlass_steht_als_neue_zeile_und_haelt_nichts_an(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    bisher = [rueckforderung("R-1", 2402, 150), rueckforderung("R-2", 2403, 1000)]
    erlass = rueckforderung("E-1", 2403, 240, art="Erlass", zu_nr="R-2", grund="Gesuch vom 2. Oktober")
    ablage.stammdaten.write_bytes(geldstamm(Rückforderungen=[*bisher, erlass]))
    e = lauf(ablage, NAECHSTER, SPAETER)
    assert e.hindernisse == (
        "Im Lauf 2025-03 gibt es nichts auszuzahlen, zu verrechnen oder in Rechnung zu stellen.",
    )  # and nothing of the 240: they are waived
    assert [(m.gruppe, m.was) for m in e.plan.mutationen] == [("Rückforderung", "Rückforderungen E-1: neu")]
