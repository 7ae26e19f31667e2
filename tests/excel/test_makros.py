"""Macros over the open workbook do what the commands do, and say it on a sheet of their own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ablage.hilfe import STICHTAG, ausgefuellt, baum, einwerfen
from ablage.laufhilfe import LAUF, TAG, freie, json_von, kopie, offene
from excel.makrohilfe import aktionen, aus_datei, buch, danach, leer
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.excel import ausfuehren as modul
from krs.excel import live
from krs.excel.anfrage import Anfrage, Eingabefehler, Person, Rolle
from krs.excel.ausfuehren import ausfuehren
from krs.excel.ergebnis import Ergebnis
from krs.excel.makrokatalog import makros
from krs.excel.makros import formulare

BEIDE = frozenset(Rolle)
ANNA = Person("anna@so.example", "AM", BEIDE)
BEAT = Person("beat@so.example", "BK", BEIDE)
VORHER = {"Tabelle1": [[""]]}


def starte(
    name: str, ablage: Path | None, heute: date = STICHTAG, person: Person | None = None, **angaben: str
) -> tuple[Ergebnis, dict[str, Any]]:
    """Run a macro over an empty workbook; return its result and the sheets afterwards."""
    mappe = buch(leer())
    ergebnis = ausfuehren(name, mappe, Anfrage(ablage, heute, angaben, person))
    return ergebnis, danach(VORHER, mappe)


def verweigert(name: str, ablage: Path | None, person: Person | None = None, heute: date = TAG, **angaben: str) -> str:
    """Return why a macro is refused; neither workbook nor Ablage have changed, but for what has come in."""
    mappe, vorher = buch(leer()), _ohne_archiv(ablage)
    with pytest.raises(Eingabefehler) as fehler:
        ausfuehren(name, mappe, Anfrage(ablage, heute, angaben, person))
    assert aktionen(mappe) == []
    assert _ohne_archiv(ablage) == vorher
    return str(fehler.value)


def _ohne_archiv(ablage: Path | None) -> dict[str, str]:
    return {n: h for n, h in (baum(ablage) if ablage else {}).items() if not n.startswith("Archiv/")}


# --- forms ----------------------------------------------------------------------------------
def test_ein_gutes_formular_hat_keine_befunde(ablage: Ablage) -> None:
    mappe = buch(aus_datei(ausgefuellt(ablage)))
    ergebnis = ausfuehren("einreichung_pruefen", mappe, Anfrage(None, STICHTAG))
    assert ergebnis.saetze == ("Keine Befunde: Es ist alles in Ordnung.",)
    assert (ergebnis.hat_fehler, ergebnis.tabellen[0].zeilen) == (False, ())
    assert ergebnis.tafel == {
        "stichtag": "2024-09-10", "saetze": ["Keine Befunde: Es ist alles in Ordnung."], "tafel": [], "befunde": [],
        "zahlen": [{"text": "Fehler", "wert": "0"}, {"text": "Rückfragen", "wert": "0"}, {"text": "Hinweise",
        "wert": "0"}], "master": None,
    }  # fmt: skip


def test_ein_falsches_formular_zeigt_dieselben_befunde_wie_der_befehl(ablage: Ablage, tmp_path: Path) -> None:
    daten = ausgefuellt(ablage, erst_einzelpersonen=0, erst_personen=0, kontakt_email="keine")
    datei = tmp_path / "Formular.xlsx"
    datei.write_bytes(daten)
    von_befehl = json.loads(ablauf.als_json(ablauf.pruefen([datei], None, STICHTAG).befunde))
    mappe = buch(aus_datei(daten))
    ergebnis = ausfuehren("einreichung_pruefen", mappe, Anfrage(None, STICHTAG))
    assert ergebnis.tafel is not None
    ohne = [{k: v for k, v in b.items() if k not in ("erledigt", "sha256")} for b in ergebnis.tafel["befunde"]]
    assert ohne == von_befehl
    assert json.loads(json.dumps(ergebnis.tafel)) == ergebnis.tafel
    blatt = danach({s["name"]: s["values"] for s in aus_datei(daten)["sheets"]}, mappe)["krs Prüfung"]
    assert blatt[3] == ["'Stufe", "'Blatt", "'Zelle", "'Meldung", "'Wert", "'Ziffer", "'Code", "'Entscheid"]
    assert sorted(z[6] for z in blatt[4:]) == sorted(f"'{b['code']}" for b in von_befehl)
    assert ergebnis.hat_fehler is any(b["stufe"] == "Fehler" for b in von_befehl)


def test_konsolidieren_baut_den_master_und_gibt_ihn_zum_oeffnen(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-15/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-15/b.xlsx", ausgefuellt(ablage, 2402, erst_einzelpersonen=0))
    ergebnis, blaetter = starte("konsolidieren", ablage.pfad)
    assert ergebnis.mappe is not None
    assert (ergebnis.mappe.name, ergebnis.mappe.pfad) == ("Master.xlsx", ablage.master)
    assert ergebnis.mappe.daten == ablage.master.read_bytes()
    assert ergebnis.saetze[0] == "Stand am 10.09.2024: angenommen 1, fehlerhaft 1, fehlt 4."
    assert ergebnis.hat_fehler is True
    assert blaetter["krs Konsolidierung"][0][0] == "'Konsolidierung"
    assert ergebnis.tafel is not None
    assert [(z["gemeinde"], z["formular"], z["status"]) for z in ergebnis.tafel["tafel"]][:2] == [
        ("Egerkingen", "Anhang 2", "angenommen"), ("Härkingen", "Anhang 2", "fehlerhaft"),
    ]  # fmt: skip
    offene_ = [b for b in ergebnis.tafel["befunde"] if b["stufe"] == "Fehler"]
    haerkingen = next(z for z in ergebnis.tafel["tafel"] if z["gemeinde"] == "Härkingen" and z["sha256"])
    assert {b["sha256"] for b in offene_} == {haerkingen["sha256"]}
    assert {"text": "Anerkannt (CHF)", "wert": "760.00"} in ergebnis.tafel["zahlen"]  # 3 × 200 + 1 × 160
    assert json.loads(json.dumps(ergebnis.tafel)) == ergebnis.tafel


def test_zweimal_konsolidieren_gibt_dasselbe_blatt_und_denselben_master(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-15/a.xlsx", ausgefuellt(ablage))
    erstes, blaetter = starte("konsolidieren", ablage.pfad)
    zweites, nochmals = starte("konsolidieren", ablage.pfad)
    assert (zweites.mappe, nochmals) == (erstes.mappe, blaetter)


def test_vorlagen_entstehen_und_ausgefuelltes_bleibt(ablage: Ablage) -> None:
    ergebnis, blaetter = starte("vorlagen_erstellen", ablage.pfad, periode="2024-H2")
    assert ergebnis.saetze == (f"3 Vorlagen geschrieben in {ablage.vorlagen / '2024-H2'}.",)
    assert blaetter["krs Vorlagen 2024-H2"][3:] == [
        ["'Vorlage", "'Stand"],
        ["'Anhang_2_2024-H2_2401_Egerkingen.xlsx", "'bereit"],
        ["'Anhang_2_2024-H2_2402_Haerkingen.xlsx", "'bereit"],
        ["'Anhang_2_2024-H2_2403_Kestenholz.xlsx", "'bereit"],
    ]
    next((ablage.vorlagen / "2024-H1").glob("*_2401_*")).write_bytes(ausgefuellt(ablage))
    wieder, _ = starte("vorlagen_erstellen", ablage.pfad, periode="2024-H1")
    assert wieder.tabellen[0].zeilen[0] == ("Anhang_2_2024-H1_2401_Egerkingen.xlsx", "belassen, weil ausgefüllt")


def test_mahnungen_nennen_wer_schuldet(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-15/a.xlsx", ausgefuellt(ablage))
    ergebnis, blaetter = starte("mahnungen", ablage.pfad, periode="2024-H1", nachfrist="30.09.2024", visum="AB")
    assert [z[:3] for z in ergebnis.tabellen[0].zeilen] == [
        ("Härkingen", "Anhang 2", "1."), ("Kestenholz", "Anhang 2", "1."),
    ]  # fmt: skip
    ordner = ablage.rueckmeldungen / "Mahnungen" / "2024-H1_2024-09-10"
    assert ergebnis.saetze == (f"2 Entwürfe zum Prüfen und Senden: {ordner}",)
    assert len(list(ordner.glob("*.eml"))) == 2
    assert blaetter["krs Mahnungen 2024-H1"][3] == ["'Gemeinde", "'Formular", "'Mahnung", "'an", "'Bemerkung"]


def test_die_stichprobe_zieht_wie_der_befehl(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    wie_befehl = ablauf.stichprobe(kopie(ablage.pfad, tmp_path / "B").pfad, "2024-H1", (2, 7, True), TAG)
    ergebnis, _ = starte("stichprobe", ablage.pfad, TAG, periode="2024-H1", anzahl="2", seed="7")
    assert [z[1] for z in ergebnis.tabellen[0].zeilen] == [z.bfs_nr for z in wie_befehl.zeilen]
    assert ergebnis.saetze[0] == "Gezogen aus 3 Meldungen."
    assert (ablage.stichproben / wie_befehl.protokoll.name).is_file()
    gleich, _ = starte("stichprobe", ablage.pfad, TAG, periode="2024-H1", anzahl="2", seed="7", gleich="ja")
    assert "gleich" in gleich.saetze[1]


def test_anhang_1_entsteht_mit_den_mails(ablage: Ablage) -> None:
    ergebnis, _ = starte("anhang1_erstellen", ablage.pfad, jahr="2024", pdf="nein")
    assert ergebnis.mappe is not None
    assert ergebnis.mappe.pfad is not None
    assert ergebnis.mappe.pfad.parent == ablage.pfad / "Anhang 1" / "2024"
    assert "3 Mailentwürfe im Unterordner Mails." in ergebnis.saetze


# --- money ----------------------------------------------------------------------------------
@pytest.fixture
def geld(tmp_path: Path) -> Path:
    return offene(tmp_path).pfad


@pytest.fixture
def frei(tmp_path: Path) -> Path:
    return freie(tmp_path).pfad


def test_die_vorschau_zeigt_die_zahlungen(geld: Path) -> None:
    ergebnis, blaetter = starte("lauf_vorschau", geld, TAG, lauf=LAUF)
    assert ergebnis.tabellen[1].zeilen == (  # worked out by hand in laufhilfe
        (2401, "Egerkingen", 2401, 760, 0, 0, 760, 0), (2402, "Härkingen", 2402, 400, 0, 150, 250, 0),
        (2403, "Kestenholz", 2403, 760, 0, 760, 0, 240),
    )  # fmt: skip
    assert ergebnis.saetze[0] == "Lauf 2024-09, Vorschau vom 10.09.2024, Valuta 30.09.2024."
    assert ergebnis.saetze[-1] == "Nächster Schritt: «Lauf: Freigabe», Schritt «vorbereiten»."
    assert ergebnis.mappe is not None
    assert ergebnis.mappe.name == "Vorschau_2024-09.xlsx"
    assert blaetter["krs Lauf 2024-09"][-1] == [2403.0, "'Kestenholz", 2403.0, 760.0, 0.0, 760.0, 0.0, 240.0]


def test_was_einer_freigabe_im_weg_steht_nennt_die_felder_und_nicht_die_optionen(geld: Path) -> None:
    angaben = {"lauf": LAUF, "datum": "01.10.2024", "valuta": "2024-09-01"}
    ergebnis, blaetter = starte("lauf_vorschau", geld, TAG, **angaben)
    assert ergebnis.tabellen[1].zeilen == (
        ("Der Tag des Laufs, 01.10.2024, liegt in der Zukunft. Nennen Sie einen anderen im Feld «Datum».",),
        ("Der Zahltag 01.09.2024 liegt vor dem Tag des Laufs 01.10.2024. Nennen Sie einen späteren im Feld «Valuta».",),
    )
    assert ergebnis.hat_fehler is True
    assert "--" not in str(blaetter)
    satz = verweigert("lauf_freigeben", geld, ANNA, schritt="vorbereiten", **angaben)
    assert satz.startswith("Der Lauf 2024-09 kann nicht freigegeben werden:\n– Der Tag des Laufs, 01.10.2024, ")
    assert "--" not in satz


def test_zwei_personen_geben_einen_lauf_frei(geld: Path) -> None:
    starte("lauf_freigeben", geld, TAG, ANNA, lauf=LAUF, schritt="vorbereiten")
    vorbereitet = json_von(geld / "Laeufe" / "2024-09.vorbereitet.json")
    assert (vorbereitet["visum"], vorbereitet["konto"]) == ("AM", "anna@so.example")
    ergebnis, _ = starte("lauf_freigeben", geld, TAG, BEAT, lauf=LAUF, schritt="freigeben", visum="bk")
    assert ergebnis.mappe is not None
    assert ergebnis.mappe.name == "Abrechnungslauf_2024-09.xlsx"
    visa = json_von(geld / "Laeufe" / LAUF / "lauf.json")["visa"]
    assert visa == [
        {"rolle": "vorbereitet", "visum": "AM", "konto": "anna@so.example"},
        {"rolle": "freigegeben", "visum": "BK", "konto": "beat@so.example"},
    ]


def test_dasselbe_konto_gibt_nicht_frei_was_es_vorbereitet_hat(geld: Path) -> None:
    starte("lauf_freigeben", geld, TAG, ANNA, lauf=LAUF, schritt="vorbereiten")
    zwilling = Person("Anna@SO.example", "ZZ", BEIDE)
    assert verweigert("lauf_freigeben", geld, zwilling, lauf=LAUF, schritt="freigeben") == (
        "Das Konto «Anna@SO.example» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person."
    )


def test_ohne_vorbereitung_keine_freigabe(geld: Path) -> None:
    satz = (
        "Dieser Lauf ist noch nicht vorbereitet. Zuerst hält ihn eine Person mit «vorbereiten» fest, dann gibt ihn "
        "eine andere frei."
    )
    assert verweigert("lauf_freigeben", geld, BEAT, lauf=LAUF, schritt="freigeben") == satz
    assert verweigert("lauf_freigeben", geld, lauf=LAUF, schritt="freigeben", visum="AB") == satz


@pytest.mark.parametrize(
    ("schritt", "hat", "braucht"), [("freigeben", "Erfassung", "Freigabe"), ("vorbereiten", "Freigabe", "Erfassung")]
)
def test_jeder_schritt_braucht_seine_rolle(geld: Path, schritt: str, hat: str, braucht: str) -> None:
    person = Person("c", "CC", frozenset({Rolle(hat)}))
    tun = {"freigeben": "freizugeben", "vorbereiten": "vorzubereiten"}[schritt]
    assert verweigert("lauf_freigeben", geld, person, lauf=LAUF, schritt=schritt) == (
        f"Um einen Lauf {tun}, braucht es die Rolle {braucht}; CC hat sie nicht. Wenden Sie sich an die Informatik."
    )


def test_wer_angemeldet_ist_zeichnet_mit_dem_eigenen_visum(geld: Path) -> None:
    assert verweigert("lauf_freigeben", geld, ANNA, lauf=LAUF, schritt="vorbereiten", visum="XY") == (
        "Angemeldet sind Sie mit dem Visum AM; ein anderes gilt nicht. Lassen Sie das Feld «Visum» leer."
    )


def test_ohne_anmeldung_braucht_es_ein_visum(geld: Path) -> None:
    assert verweigert("lauf_freigeben", geld, lauf=LAUF, schritt="vorbereiten") == (
        "Es fehlt die Angabe «Visum» (Ihr Kürzel). Wer vorbereitet, gibt nicht selbst frei."
    )


def test_ohne_anmeldung_geben_zwei_visa_frei(geld: Path) -> None:
    starte("lauf_freigeben", geld, TAG, lauf=LAUF, schritt="vorbereiten", visum="AB")
    assert verweigert("lauf_freigeben", geld, lauf=LAUF, schritt="freigeben", visum="ab") == (
        "«ab» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person."
    )
    ergebnis, _ = starte("lauf_freigeben", geld, TAG, lauf=LAUF, schritt="freigeben", visum="CD")
    assert ergebnis.saetze[-1] == "Nächster Schritt: «Übergabe»."


def test_ein_freigegebener_lauf_wird_nicht_noch_einmal_freigegeben(frei: Path) -> None:
    satz = f"Der Lauf 2024-09 ist schon freigegeben und ändert sich nicht mehr («{frei / 'Laeufe' / LAUF}»)."
    assert verweigert("lauf_freigeben", frei, BEAT, lauf=LAUF, schritt="freigeben") == satz


def test_die_uebergabe_braucht_beim_zweiten_mal_einen_grund(frei: Path) -> None:
    ergebnis, _ = starte("finanz_export", frei, TAG, lauf=LAUF)
    assert ergebnis.saetze[:2] == (
        f"Lauf 2024-09, Übergabe Nr. 1: {frei / 'Uebergaben' / '2024-09_1_2024-09-10'}",
        "2 Zahlungen, Total 1'010.00 CHF.",
    )
    assert ergebnis.tabellen[0].zeilen == tuple((d,) for d in (
        "pain001.xml", "buchungen.csv", "zahlungen.csv", "journal.csv", "rechnungen.csv",
        "rechnungen/R-2024-09-2403.pdf", "rechnungen/R-2024-09-2403.svg",
    ))  # fmt: skip
    assert verweigert("finanz_export", frei, lauf=LAUF, erneut="ja") == (
        "Der Lauf 2024-09 wurde am 2024-09-10 schon übergeben. Nochmals nur mit «Erneut übergeben: ja» und einem "
        "Grund; die Bank erkennt die Datei an derselben Kennung und zahlt nicht doppelt."
    )
    nochmals, _ = starte("finanz_export", frei, TAG, lauf=LAUF, erneut="ja", grund="Bank hat nichts erhalten")
    assert nochmals.saetze[0].startswith("Lauf 2024-09, Übergabe Nr. 2: ")


# --- functions ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "funktion"), [("funktionen_einsetzen", "einsetzen"), ("funktionen_entfernen", "entfernen")]
)
def test_funktionen_kommen_und_gehen(monkeypatch: pytest.MonkeyPatch, name: str, funktion: str) -> None:
    mappe, ergebnis = buch(leer()), Ergebnis("Funktionen", ("Getan.",))
    gerufen: list[Any] = []
    monkeypatch.setattr(live, funktion, lambda m: gerufen.append(m) or ergebnis)
    assert ausfuehren(name, mappe, Anfrage(None, TAG)) is ergebnis
    assert (gerufen, aktionen(mappe)) == ([mappe], [])


# --- what is refused ------------------------------------------------------------------------
def test_ein_unbekannter_befehl_nennt_die_bekannten() -> None:
    namen = ", ".join(m.name for m in makros())
    assert verweigert("loeschen", None) == f"Diesen Befehl gibt es nicht. Es gibt: {namen}."


@pytest.mark.parametrize("m", [m for m in makros() if m.braucht_ablage], ids=lambda m: m.name)
def test_ohne_ablage_sagt_jeder_befehl_was_zu_tun_ist(m: Any) -> None:
    assert verweigert(m.name, None) == (
        f"Für «{m.knopf}» braucht es eine Ablage. Auf dem Server richtet sie die Informatik ein; einzelne Formulare "
        "ziehen Sie in den Aufgabenbereich. Ohne Server öffnen Sie Stammdaten.xlsx oder Master.xlsx der Ablage."
    )


@pytest.mark.parametrize("m", [m for m in makros() if m.rolle], ids=lambda m: m.name)
def test_ohne_die_rolle_geschieht_nichts(m: Any, tmp_path: Path) -> None:
    niemand = Person("n", "NN", frozenset())
    assert verweigert(m.name, tmp_path, niemand) == (
        f"Für «{m.knopf}» braucht es die Rolle {m.rolle}; NN hat sie nicht. Wenden Sie sich an die Informatik."
    )


def test_ein_ordner_ohne_stammdaten_ist_keine_ablage(tmp_path: Path) -> None:
    assert verweigert("konsolidieren", tmp_path) == (
        f"Im Ordner «{tmp_path}» fehlt Stammdaten.xlsx; es ist keine Ablage. Legen Sie eine mit «krs neu» an."
    )


def test_was_kein_formular_ist_wird_nicht_geprueft() -> None:
    assert verweigert("einreichung_pruefen", None) == (
        "«Mappe1.xlsx» ist kein Formular von start.integration. Öffnen Sie ein ausgefülltes Anhang 2 oder Anhang 3 und "
        "klicken Sie dann auf «Formular prüfen»."
    )


def test_ein_fehler_des_programms_wird_nicht_verschluckt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def kaputt(*_: object, **__: object) -> None:
        raise ValueError("int() is not a sentence")

    monkeypatch.setattr(formulare.ablauf, "konsolidieren", kaputt)
    mappe = buch(leer())
    with pytest.raises(ValueError, match="int"):
        ausfuehren("konsolidieren", mappe, Anfrage(tmp_path, TAG))
    assert aktionen(mappe) == []


def test_ein_unzugaenglicher_ordner_ist_ein_satz(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def gesperrt(*_: object, **__: object) -> None:
        raise PermissionError(13, "denied", "S:/Ablage")

    monkeypatch.setattr(formulare.ablauf, "konsolidieren", gesperrt)
    assert verweigert("konsolidieren", tmp_path) == (
        "«S:/Ablage» ist nicht zugänglich (Fehler 13 des Systems). Prüfen Sie den Pfad."
    )


def test_eine_volle_platte_ist_ein_satz(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def voll(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(formulare.ablauf, "konsolidieren", voll)
    assert verweigert("konsolidieren", tmp_path) == (
        "Eine Datei oder ein Ordner ist nicht zugänglich (Fehler 28 des Systems). Prüfen Sie den Pfad."
    )


def test_ein_anderes_ziel_oder_keines_fuer_das_ergebnisblatt(ablage: Ablage) -> None:
    mappe, andere, anfrage = buch(leer()), buch(leer("Neu")), Anfrage(ablage.pfad, STICHTAG)
    ausfuehren("konsolidieren", mappe, anfrage, ziel=lambda _, __: andere)
    assert (aktionen(mappe), list(danach({"Neu": [[""]]}, andere))) == ([], ["Neu", "krs Konsolidierung"])
    ausfuehren("konsolidieren", mappe, anfrage, ziel=lambda _, __: None)
    assert aktionen(mappe) == []


def test_das_blatt_wird_erst_am_schluss_geschrieben(monkeypatch: pytest.MonkeyPatch, ablage: Ablage) -> None:
    stand: list[int] = []
    mappe, echt = buch(leer()), modul.blatt.schreibe

    def merke(ort: Any, ergebnis: Ergebnis) -> None:
        stand.append(len(aktionen(mappe)))
        echt(ort, ergebnis)

    monkeypatch.setattr(modul.blatt, "schreibe", merke)
    ausfuehren("konsolidieren", mappe, Anfrage(ablage.pfad, STICHTAG))
    assert stand == [0]


@pytest.mark.parametrize(
    "text",
    ["2024-02-30T00:00:00.000Z", "2024-01-20T10:00:00+01:00", "0000-01-01T00:00:00Z", "12024-01-01T00:00:00", "\ud800",
     {"a": 1}, ["a"], float("nan"), float("inf"), 1e308],
)  # fmt: skip
@pytest.mark.parametrize("blatt", ["Reporting", "_krs"])
@pytest.mark.parametrize("makro", ["einreichung_pruefen", "funktionen_einsetzen"])
def test_was_in_einer_zelle_steht_bringt_kein_makro_zu_fall(
    ablage: Ablage, makro: str, blatt: str, text: object
) -> None:
    nutz = aus_datei(ausgefuellt(ablage))
    werte = next(b for b in nutz["sheets"] if b["name"] == blatt)["values"]
    for zeile in werte[2:]:
        zeile[1] = text
    try:
        ergebnis = ausfuehren(makro, buch(nutz), Anfrage(None, TAG))
    except Eingabefehler as fehler:
        assert str(fehler).endswith(".")  # noqa: PT017 either way it is told in German
    else:
        assert ergebnis.saetze[0].endswith(".")


def test_ein_text_wie_ein_zeitpunkt_bleibt_der_text_den_jemand_tippte(ablage: Ablage) -> None:
    nutz = aus_datei(ausgefuellt(ablage, erst_personen="2024-01-20T10:00:00+01:00"))
    tafel = ausfuehren("einreichung_pruefen", buch(nutz), Anfrage(None, TAG)).tafel
    assert tafel is not None
    assert [b["wert"] for b in tafel["befunde"]] == ["2024-01-20T10:00:00+01:00 "]  # the blank keeps it a text
