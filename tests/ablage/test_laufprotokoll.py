"""Laeufe/protokoll.csv: each act in the system's time, each line chained; what it names must be there."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ablage.hilfe import baum
from ablage.laufhilfe import LAUF, NAECHSTER, TAG, einstellungen, freie, geldstamm, lauf, offene, tabelle
from krs.ablage.eingangsjournal import Hand
from krs.ablage.laeufe import Laeufe, als_json, pruefsumme
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.uebergabe import antwort_einlesen, uebergeben
from krs.lauf.kennung import pruefziffer

SPAETER = date(2025, 3, 10)


def hand(tag: int, konto: str) -> Hand:
    return Hand(datetime(2024, 9, tag, 14, 5, 9, tzinfo=UTC), konto, "")


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return freie(tmp_path)


def haelt_an(ablage: Ablage) -> str:
    """Return the sentence with which whoever reads the ledger stops."""
    vorher = baum(ablage.pfad)
    with pytest.raises(AblageFehler) as fehler:
        Laeufe(ablage.laeufe)
    assert baum(ablage.pfad) == vorher
    return str(fehler.value)


def bank(ablage: Ablage, wort: str = "abgelehnt", bfs: int = 2401) -> Path:
    pfad = ablage.pfad.parent / "bank.csv"
    pfad.write_text(f"id;status\nKRS-2024-09-{bfs};{wort}\n", encoding="utf-8")
    return pfad


# --- what it says ---------------------------------------------------------------------------
def test_jeder_schritt_steht_mit_wirklicher_zeit_konto_und_gewaehltem_tag(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    vorbereitet = lauf(ablage, vorbereiten=True, visa=("AB",), hand=hand(11, "anna"))
    lauf(ablage, freigeben=True, visa=("CD",), hand=hand(12, "beat"))
    uebergeben(ablage.pfad, LAUF, TAG, hand=hand(13, "beat"))
    antwort_einlesen(ablage.pfad, LAUF, bank(ablage), date(2024, 9, 20), hand=hand(20, "carla"))
    laeufe = Laeufe(ablage.laeufe)
    lauf_json, auftrag = laeufe.inhalte[LAUF]["pruefsumme"], laeufe.inhalte[LAUF]["dateien"]["pain001.xml"]
    zeilen = tabelle(ablage.laeufe / "protokoll.csv")
    ziffer, beleg = pruefziffer(vorbereitet.pruefsumme), zeilen[3]["Datei"]
    kurz = [tuple(z.values())[:9] for z in zeilen]
    assert kurz == [
        ("1", "2024-09-11T14:05:09+00:00", "anna", "AB", "vorbereitet", LAUF, "2024-09-10", ziffer,
         "2024-09.vorbereitet.json"),
        ("2", "2024-09-12T14:05:09+00:00", "beat", "CD", "freigegeben", LAUF, "2024-09-10", ziffer,
         "2024-09/lauf.json"),
        ("3", "2024-09-13T14:05:09+00:00", "beat", "", "übergeben", LAUF, "2024-09-10", ziffer,
         "Uebergaben/2024-09_1_2024-09-10"),
        ("4", "2024-09-20T14:05:09+00:00", "carla", "", "Antwort", LAUF, "2024-09-20", ziffer, beleg),
    ]  # fmt: skip
    assert [z["Prüfsumme"] for z in zeilen[1:3]] == [lauf_json, auftrag]
    assert (ablage.laeufe / beleg).read_bytes() == bank(ablage).read_bytes()


def test_kein_byte_eines_laufs_haengt_an_der_zeit(tmp_path: Path) -> None:
    eine, andere = offene(tmp_path / "1"), offene(tmp_path / "2")
    for ablage, tag in ((eine, 11), (andere, 28)):
        lauf(ablage, vorbereiten=True, visa=("AB",), hand=hand(tag, "anna"))
        lauf(ablage, freigeben=True, visa=("CD",), hand=hand(tag, "beat"))
    assert baum(eine.laeufe / LAUF) == baum(andere.laeufe / LAUF)


# --- a ledger of 0.4.0 ----------------------------------------------------------------------
def von_040(ablage: Ablage) -> Ablage:
    """Make the ledger one of 0.4.0: no log, and a lauf.json that knows of none."""
    pfad = ablage.laeufe / LAUF / "lauf.json"
    inhalt = {k: v for k, v in Laeufe(ablage.laeufe).inhalte[LAUF].items() if k != "pruefziffer"}
    inhalt["pruefsumme"] = pruefsumme(inhalt)
    pfad.write_bytes(als_json(inhalt))
    (ablage.laeufe / "protokoll.csv").unlink()
    return ablage


def test_laeufe_von_0_4_0_gelten_und_ihr_protokoll_beginnt_mit_dem_naechsten_schritt(frei: Ablage) -> None:
    von_040(frei)
    (frei.laeufe / "antworten.csv").write_bytes(
        b"lauf;end_to_end_id;bfs_nr;betrag;ausgefuehrt;datum;grund\n"
        b"2024-09;KRS-2024-09-2401;2401;760.00;Nein;2024-10-01;\n"
    )
    vorher = baum(frei.laeufe / LAUF)
    assert [b.betrag for b in lauf(frei, NAECHSTER, SPAETER).plan.buchungen] == [760]
    assert not (frei.laeufe / "protokoll.csv").exists()
    uebergeben(frei.pfad, LAUF, TAG)
    assert [(z["Vorgang"], z["Datei"]) for z in tabelle(frei.laeufe / "protokoll.csv")] == [
        ("vorgefunden", "2024-09/lauf.json"), ("vorgefunden", "antworten.csv"),
        ("übergeben", "Uebergaben/2024-09_1_2024-09-10"),
    ]  # fmt: skip
    assert baum(frei.laeufe / LAUF) == vorher
    assert [b.betrag for b in lauf(frei, NAECHSTER, SPAETER).plan.buchungen] == [760]


# --- what it stops --------------------------------------------------------------------------
def test_ein_geloeschter_letzter_lauf_haelt_alles_an_auch_wenn_er_nicht_uebergeben_war(frei: Ablage) -> None:
    shutil.rmtree(frei.laeufe / LAUF)
    assert haelt_an(frei) == (
        f"Der Lauf 2024-09 vom 2024-09-10 steht im Protokoll der Läufe, in «{frei.laeufe}» fehlt er aber oder wurde "
        "ausgetauscht. Stellen Sie den Ordner aus der Sicherung wieder her."
    )


def test_ein_lauf_den_niemand_freigab_haelt_alles_an(tmp_path: Path, frei: Ablage) -> None:
    ablage = offene(tmp_path / "andere")
    ablage.stammdaten.write_bytes(geldstamm(Rückforderungen=[]))
    lauf(ablage, vorbereiten=True, visa=("AB",))
    shutil.copytree(frei.laeufe / LAUF, ablage.laeufe / LAUF)
    assert haelt_an(ablage) == (
        f"Den Lauf 2024-09 in «{ablage.laeufe}» kennt das Protokoll der Läufe nicht. Stellen Sie den Ordner aus der "
        "Sicherung wieder her."
    )


@pytest.mark.parametrize("art", ["andere Zeit", "Zeile fehlt", "Zeile davor", "leere Zeile", "kein Kopf", "Excel"])
def test_ein_veraendertes_protokoll_ist_ein_satz(frei: Ablage, art: str) -> None:
    uebergeben(frei.pfad, LAUF, TAG, hand=hand(13, "beat"))
    pfad = frei.laeufe / "protokoll.csv"
    zeilen = pfad.read_bytes().splitlines(keepends=True)
    neu, ab = {
        "andere Zeit": ([*zeilen[:3], zeilen[3].replace(b"T14:", b"T08:")], 4),
        "Zeile fehlt": ([*zeilen[:2], zeilen[3]], 3),
        "Zeile davor": ([*zeilen[:3], zeilen[1], zeilen[3]], 4),
        "leere Zeile": ([*zeilen[:2], b"\r\n", *zeilen[2:]], 3),
        "kein Kopf": (zeilen[1:], 2),
        "Excel": ([z.replace(b"2024-09-10", b"10.09.2024") for z in zeilen], 2),
    }[art]
    pfad.write_bytes(b"".join(neu))
    assert haelt_an(frei) == (
        f"«{pfad}» wurde verändert (ab Zeile {ab}): Jede Zeile nennt die Prüfsumme der Zeile davor. Stellen Sie die "
        "Datei aus der Sicherung wieder her."
    )


def test_fehlt_das_protokoll_eines_laufs_der_eines_hatte_haelt_alles_an(frei: Ablage) -> None:
    pfad = frei.laeufe / "protokoll.csv"
    pfad.unlink()
    assert haelt_an(frei) == f"«{pfad}» fehlt. Stellen Sie die Datei aus der Sicherung wieder her."


@pytest.mark.parametrize("zeile", ["", "2024-09;KRS-2024-09-2402;2402;250.00;Nein;2024-10-01;\r\n"])
def test_eine_antwort_die_niemand_einlas_haelt_alles_an(frei: Ablage, zeile: str) -> None:
    """By one line in a CSV, 250 would be paid again; without its line, 760 would never be."""
    uebergeben(frei.pfad, LAUF, TAG)
    antwort_einlesen(frei.pfad, LAUF, bank(frei), TAG)
    pfad = frei.laeufe / "antworten.csv"
    if zeile:
        pfad.write_bytes(pfad.read_bytes() + zeile.encode())
    else:
        antwort_einlesen(frei.pfad, LAUF, bank(frei, "bezahlt"), TAG)
        pfad.unlink()
    assert haelt_an(frei) == (
        f"«{pfad}» ist nicht, was krs eingelesen hat (Protokoll der Läufe). Stellen Sie die Datei aus der Sicherung "
        "wieder her, und lesen Sie Antworten der Bank mit «krs export ABLAGE LAUF --antwort DATEI» ein."
    )


def test_ein_abgebrochenes_einlesen_wird_genannt_und_laesst_sich_fertig_machen(frei: Ablage) -> None:
    uebergeben(frei.pfad, LAUF, TAG)
    antwort_einlesen(frei.pfad, LAUF, bank(frei), TAG)
    (frei.laeufe / "antworten.csv").unlink()  # the kill came between log and list
    datei = frei.laeufe / tabelle(frei.laeufe / "protokoll.csv")[-1]["Datei"]
    assert haelt_an(frei) == (
        "Das Einlesen der Antwort auf den Lauf 2024-09 ist abgebrochen. Lesen Sie sie nochmals ein: krs export ABLAGE "
        f"2024-09 --antwort {datei}"
    )
    antwort_einlesen(frei.pfad, LAUF, datei, TAG)
    assert [b.betrag for b in lauf(frei, NAECHSTER, SPAETER).plan.buchungen] == [760]


def test_eine_vorbereitung_von_hand_gibt_niemand_frei(tmp_path: Path) -> None:
    """The first mark is a text file: who may write it would be both people."""
    ablage = offene(tmp_path)
    lauf(ablage, vorbereiten=True, visa=("AB",), hand=hand(11, "anna"))
    pfad = ablage.laeufe / "2024-09.vorbereitet.json"
    pfad.write_bytes(pfad.read_bytes().replace(b'"anna"', b'"carl"'))
    with pytest.raises(AblageFehler) as fehler:
        lauf(ablage, freigeben=True, visa=("CD",), hand=hand(12, "anna"))
    assert str(fehler.value) == f"«{pfad}» ist beschädigt. Bereiten Sie den Lauf neu vor."


# --- two people, two accounts ---------------------------------------------------------------
def test_ein_konto_gibt_nicht_frei_was_es_vorbereitet_hat_wo_vier_augen_pflicht_sind(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    ablage.stammdaten.write_bytes(geldstamm(Einstellungen=einstellungen(Vier_Augen_Pflicht="Ja")))
    satz = (
        "Das Konto «Anna» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person mit eigenem Konto. Arbeitet "
        "mit dieser Ablage nur eine Person, setzen Sie in den Stammdaten, Blatt Einstellungen, «Vier Augen Pflicht» "
        "auf Nein; der Lauf sagt es dann."
    )
    with pytest.raises(AblageFehler) as fehler:
        lauf(ablage, freigeben=True, visa=("CD", "EF"), hand=hand(11, "Anna"))  # both marks in one call
    assert str(fehler.value) == satz
    lauf(ablage, vorbereiten=True, visa=("AB",), hand=hand(11, "anna"))
    with pytest.raises(AblageFehler) as fehler:
        lauf(ablage, freigeben=True, visa=("CD",), hand=hand(12, "Anna"))
    assert str(fehler.value) == satz
    assert lauf(ablage, freigeben=True, visa=("CD",), hand=hand(12, "beat")).stand == "freigegeben"


@pytest.mark.parametrize(
    ("konten", "satz", "stil"),
    [(("anna", "beat"), "ja, zwei Konten", "FF1A1A1A"), (("anna", "Anna"), "nein, ein Konto: Anna", "FFC8102E")],
)
def test_das_erste_blatt_zeigt_beide_konten_und_ein_einziges_in_rot(
    tmp_path: Path, konten: tuple[str, str], satz: str, stil: str
) -> None:
    ablage = offene(tmp_path)
    ablage.stammdaten.write_bytes(geldstamm(Einstellungen=einstellungen(Vier_Augen_Pflicht="Nein")))
    lauf(ablage, vorbereiten=True, visa=("AB",), hand=hand(11, konten[0]))
    frei = lauf(ablage, freigeben=True, visa=("CD",), hand=hand(12, konten[1]))
    assert frei.ort is not None
    blatt = load_workbook(frei.ort / "Abrechnungslauf_2024-09.xlsx")["Übersicht"]
    angaben = {z[0].value: z[1] for z in blatt.iter_rows(min_row=4, max_row=12)}
    assert angaben["vorbereitet"].value == f"AB, Konto {konten[0]}, 10.09.2024"
    assert angaben["freigegeben"].value == f"CD, Konto {konten[1]}, 10.09.2024"
    assert angaben["Prüfziffer, für Papier und Mail"].value == pruefziffer(frei.pruefsumme)
    assert (angaben["Vier Augen"].value, angaben["Vier Augen"].font.color.rgb) == (satz, stil)
