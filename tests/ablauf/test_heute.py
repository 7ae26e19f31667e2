"""`krs heute`: what is due on a day, all of it, by group; in each newest and most money first."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ablage.hilfe import ausgefuellt, einwerfen, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.ablauf.gesendet import gesendet
from krs.ablauf.heute import heute
from krs.lauf.heute import Aufgabe, Gruppe

D = Decimal


def am(ablage: Ablage, tag: date) -> list[tuple[str, str, Decimal | None, date | None]]:
    return [(a.gruppe, a.text, a.betrag, a.seit) for a in heute(ablage.pfad, tag).aufgaben]


@pytest.fixture
def voll(ablage: Ablage) -> Ablage:
    """Egerkingen in order, Härkingen late (a question worth 760 francs), Kestenholz missing, a PDF of nobody."""
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-08-05/b.xlsx", ausgefuellt(ablage, 2402))
    einwerfen(ablage, "2024-07-22/Liste.pdf", b"%PDF-1.7\n")
    return ablage


def test_am_tag_nach_der_frist_steht_da_was_zu_tun_ist(voll: Ablage) -> None:
    """Härkingen: 3 × 200 + 1 × 160; of the templates of 2024 three Selbstdeklarationen are missing since January."""
    assert am(voll, date(2024, 8, 6)) == [
        (Gruppe.LESEN, "2024-07-22/Liste.pdf", None, date(2024, 7, 22)),
        (Gruppe.ENTSCHEIDEN, "Härkingen, Anhang 2, 1. Halbjahr 2024: F-50", D("760.00"), date(2024, 8, 5)),
        (Gruppe.MAHNEN, "Anhang 2, 1. Halbjahr 2024: 1 Formular fehlt, mahnen", None, date(2024, 7, 31)),
        (Gruppe.MAHNEN, "Anhang 3, Jahr 2024: 3 Formulare fehlen, mahnen", None, date(2024, 1, 31)),
    ]


def test_eine_woche_vor_der_frist_hilft_ein_freundliches_wort(voll: Ablage) -> None:
    texte = [a.text for a in heute(voll.pfad, date(2024, 7, 24)).aufgaben if a.gruppe is Gruppe.MAHNEN]
    assert texte == [
        "Anhang 3, Jahr 2024: 3 Formulare fehlen, mahnen",
        "Anhang 2, 1. Halbjahr 2024: 2 Formulare fehlen noch, Frist 31.07.2024",
    ]
    assert [a.gruppe for a in heute(voll.pfad, date(2024, 7, 23)).aufgaben].count(Gruppe.MAHNEN) == 1


def test_wer_gemahnt_ist_hat_zehn_tage_ruhe(voll: Ablage) -> None:
    ablauf.konsolidieren(voll.pfad, date(2024, 8, 6))
    ablauf.mahnen(voll.pfad, "2024-H1", date(2024, 8, 6))

    def mahnen(tag: date) -> list[str]:
        return [a.text for a in heute(voll.pfad, tag).aufgaben if "Anhang 2" in a.text and a.gruppe is Gruppe.MAHNEN]

    assert mahnen(date(2024, 8, 15)) == []
    assert mahnen(date(2024, 8, 16)) == ["Anhang 2, 1. Halbjahr 2024: 1 Formular fehlt, zum zweiten Mal mahnen"]
    ablauf.mahnen(voll.pfad, "2024-H1", date(2024, 8, 16))
    assert mahnen(date(2024, 8, 30)) == []
    (a,) = [a for a in heute(voll.pfad, date(2024, 8, 30)).aufgaben if "zwei Mahnungen" in a.text]
    text = "Anhang 2, 1. Halbjahr 2024: 1 Formular fehlt trotz zwei Mahnungen; anrufen oder «ablehnen»"
    assert a == Aufgabe(Gruppe.ENTSCHEIDEN, text, None, date(2024, 7, 31))


def test_im_september_kommt_der_lauf_mit_seinem_betrag_und_die_stichprobe(voll: Ablage) -> None:
    ablauf.konsolidieren(voll.pfad, date(2024, 9, 9))

    def lauf(tag: date) -> list[tuple[str, Decimal | None, str]]:
        return [(a.text, a.betrag, a.befehl) for a in heute(voll.pfad, tag).aufgaben if a.gruppe is Gruppe.LAUF]

    assert lauf(date(2024, 9, 9)) == []
    assert lauf(date(2024, 9, 10)) == [
        ("Lauf 2024-09: Vorschau prüfen und vorbereiten, Valuta 30.09.2024", D("760.00"), "lauf … 2024-09"),
        ("Stichprobe 1. Halbjahr 2024 ziehen (Ziff. 4.2)", None, "stichprobe … --periode 2024-H1"),
    ]


def test_im_dezember_fehlen_ansaetze_bestand_kredit_und_vorlagen_des_naechsten_jahres(voll: Ablage) -> None:
    texte = [a.text for a in heute(voll.pfad, date(2024, 12, 2)).aufgaben if a.gruppe is Gruppe.VORBEREITEN]
    assert texte[:2] == [
        "Der Ausländerbestand für 2025 fehlt: «Egerkingen», «Härkingen», «Kestenholz».",
        "Der Kredit 2025 ist nicht erfasst: Stammdaten, Blatt Kredit.",
    ]
    assert [t.partition(" am ")[0] for t in texte[2:4]] == ["Fallpauschale Erstinformationsgespräch", "Sockelbeitrag"]
    assert texte[4:] == [
        "Vorlagen schreiben und senden: 2. Halbjahr 2024", "Vorlagen schreiben und senden: Jahr 2025",
    ]  # fmt: skip


def test_was_zu_einem_abgeschlossenen_jahr_gehoert_ist_eine_zeile(voll: Ablage) -> None:
    kredit = [{"jahr": 2024, "kredit": D(20_000), "abgeschlossen_am": date(2025, 5, 15)}]
    voll.stammdaten.write_bytes(stammdaten(Kredit=kredit))
    alle = am(voll, date(2025, 5, 16))
    assert [a for a in alle if a[0] in (Gruppe.ENTSCHEIDEN, Gruppe.MAHNEN)] == []
    assert alle[-1] == (Gruppe.ABSCHLIESSEN, "6 offene Sachen aus abgeschlossenen Jahren", None, None)


def blatt(master: Path) -> list[tuple[object, ...]]:
    """Return the table of the sheet Heute."""
    seite = load_workbook(master)["Heute"]
    assert load_workbook(master).sheetnames[0] == "Heute"
    return [tuple(z.value for z in reihe) for reihe in seite[seite.tables["Heute"].ref]][1:]


def test_das_erste_blatt_des_masters_sagt_dasselbe(voll: Ablage) -> None:
    k = ablauf.konsolidieren(voll.pfad, date(2024, 8, 6))
    gruppen = Counter(a.gruppe for a in heute(voll.pfad, date(2024, 8, 6)).aufgaben)
    soll = [
        (f"{a.gruppe} ({gruppen[a.gruppe]})", a.text, a.betrag, a.seit, f"krs {a.befehl}" if a.befehl else None)
        for a in heute(voll.pfad, date(2024, 8, 6)).aufgaben
    ]
    tage = [(w, t, f, s.date() if isinstance(s, datetime) else s, b) for w, t, f, s, b in blatt(k.master)]
    assert tage == soll
    assert [t for _, t, *_ in soll if "eml" in t] == ["Mail_2402_Haerkingen_2024-08-06.eml"]
    assert not ablauf.konsolidieren(voll.pfad, date(2024, 8, 6)).geaendert


def test_der_master_eines_frueheren_tages_sagt_was_damals_zu_tun_war(voll: Ablage) -> None:
    """Härkingen is asked on 6 August and the letter sent on the 20th: on the 9th it still lay there."""
    ablauf.konsolidieren(voll.pfad, date(2024, 8, 6))
    ablauf.mahnen(voll.pfad, "2024-H1", date(2024, 8, 6))
    damals = blatt(ablauf.konsolidieren(voll.pfad, date(2024, 8, 9)).master)
    gesendet(voll.pfad, (), date(2024, 8, 20), alle=True)
    assert [t for _, t, *_ in blatt(ablauf.konsolidieren(voll.pfad, date(2024, 8, 20)).master) if "eml" in str(t)] == []
    zurueck = ablauf.konsolidieren(voll.pfad, date(2024, 8, 9), heute=date(2024, 8, 20))
    assert (zurueck.master.name, blatt(zurueck.master)) == ("Master_2024-08-09.xlsx", damals)
    assert heute(voll.pfad, date(2024, 8, 9)).aufgaben  # and so does the command


def test_fehler_abgeschlossener_jahre_geben_keinen_ausgangscode_eins(voll: Ablage) -> None:
    """The PDF is a Fehler. A closed credit year settles it; so does an Entscheid that declines it (B1, B15)."""
    assert ablauf.konsolidieren(voll.pfad, date(2025, 5, 16)).hat_fehler
    kredit = [{"jahr": 2024, "kredit": D(20_000), "abgeschlossen_am": date(2025, 5, 15)}]
    voll.stammdaten.write_bytes(stammdaten(Kredit=kredit))
    assert ablauf.konsolidieren(voll.pfad, date(2025, 5, 14)).hat_fehler
    assert not ablauf.konsolidieren(voll.pfad, date(2025, 5, 16)).hat_fehler


def test_gefragt_wird_ohne_etwas_zu_schreiben(voll: Ablage) -> None:
    ablauf.konsolidieren(voll.pfad, date(2024, 8, 6))
    vorher = {p: p.read_bytes() for p in voll.pfad.rglob("*") if p.is_file()}
    heute(voll.pfad, date(2024, 8, 6))
    assert {p: p.read_bytes() for p in voll.pfad.rglob("*") if p.is_file()} == vorher
