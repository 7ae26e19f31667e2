"""The spot check as the folder shows it: one protocol per draw, which is never lost (Ziff. 4.2, 6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from math import log
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ablage.hilfe import STICHTAG, ausgefuellt, baum, einwerfen
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.stichproben import Gezogene

NULL: dict[str, object] = {"nullmeldung": "Ja"} | {
    f"{art}_{was}": 0
    for art in ("erst", "integ")
    for was in ("einzelpersonen", "familien", "gruppen", "dolmetsch_einzelpersonen", "personen")
}
BETRAG = {2401: Decimal(760), 2402: Decimal(2160), 2403: Decimal(0)}  # 3 × 200 + 160; 10 × 200 + 160; nothing


@pytest.fixture
def voll(ablage: Ablage) -> Ablage:
    """Three Anhang 2: of 760 and 2'160 francs, and one without talks."""
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, erst_einzelpersonen=10, erst_personen=10))
    einwerfen(ablage, "2024-07-20/c.xlsx", ausgefuellt(ablage, 2403, sprachen=None, **NULL))
    return ablage


def ziehe(ablage: Ablage, anzahl: int, seed: int = 7, gewichtet: bool = True, periode: str = "2024-H1") -> Gezogene:
    return ablauf.stichprobe(ablage.pfad, periode, (anzahl, seed, gewichtet), STICHTAG)


def u(seed: int, bfs: int) -> float:
    """Return the number that decides, as anyone can compute it: SHA-256 of «seed-bfs», its first 13 digits."""
    return (int(sha256(f"{seed}-{bfs}".encode()).hexdigest()[:13], 16) + 0.5) / 16**13


def test_nach_betrag_wird_gezogen_wie_man_es_nachrechnen_kann(voll: Ablage) -> None:
    for seed in (1, 2, 7, 8):
        soll = sorted((2401, 2402), key=lambda b: -log(u(seed, b)) / float(BETRAG[b]))
        g = ziehe(voll, 2, seed)
        assert [z.bfs_nr for z in g.zeilen] == soll
        assert [z.betrag for z in g.zeilen] == [BETRAG[b] for b in soll]
        assert (g.grundgesamtheit, g.neu) == (3, True)


def test_gleich_zieht_auch_wer_keinen_betrag_hat(voll: Ablage) -> None:
    g = ziehe(voll, 3, gewichtet=False)
    assert [z.bfs_nr for z in g.zeilen] == sorted(BETRAG, key=lambda b: u(7, b))
    assert {(z.bfs_nr, z.gespraeche, z.einsaetze, z.betrag) for z in g.zeilen} == {
        (2401, 3, 1, Decimal("760.00")), (2402, 10, 1, Decimal("2160.00")), (2403, 0, 0, Decimal(0)),
    }  # fmt: skip


def test_das_protokoll_nennt_im_namen_alles_was_die_ziehung_bestimmt(voll: Ablage) -> None:
    assert ziehe(voll, 1).protokoll == voll.pfad / "Stichproben/Stichprobe_2024-H1_nach-Betrag_1_Seed-7_2024-09-10.xlsx"
    gleich = ziehe(voll, 2, 8, gewichtet=False).protokoll
    assert gleich.name == "Stichprobe_2024-H1_gleich_2_Seed-8_2024-09-10.xlsx"
    texte = {str(z.value) for b in load_workbook(gleich).worksheets for r in b.iter_rows() for z in r if z.value}
    assert {"Egerkingen", "Härkingen", "Kestenholz"} <= texte


def test_zweimal_dasselbe_laesst_das_protokoll_wie_es_ist(voll: Ablage) -> None:
    erste = ziehe(voll, 1)
    vorher = erste.protokoll.stat().st_mtime_ns
    zweite = ziehe(voll, 1)
    assert (zweite.zeilen, zweite.protokoll, erste.neu, zweite.neu) == (erste.zeilen, erste.protokoll, True, False)
    assert zweite.protokoll.stat().st_mtime_ns == vorher


def satz(pfad: Path) -> str:
    return (
        f"«{pfad}» gibt es schon, und es wurde darin gearbeitet oder der Stand ist ein anderer. Das Protokoll bleibt; "
        "benennen Sie es um, um neu zu ziehen."
    )


def test_ein_protokoll_in_dem_gearbeitet_wurde_bleibt(voll: Ablage) -> None:
    pfad = ziehe(voll, 1).protokoll
    mappe = load_workbook(BytesIO(pfad.read_bytes()))
    mappe.worksheets[0]["L20"] = "Nachweise gesehen"
    mappe.save(pfad)
    vorher = baum(voll.pfad)
    with pytest.raises(AblageFehler) as fehler:
        ziehe(voll, 1)
    assert str(fehler.value) == satz(pfad)
    assert baum(voll.pfad) == vorher
    pfad.rename(pfad.with_name("meins.xlsx"))
    assert ziehe(voll, 1).neu
    assert len(list(pfad.parent.iterdir())) == 2


def test_ein_anderer_stand_am_selben_tag_ueberschreibt_nichts(voll: Ablage) -> None:
    pfad = ziehe(voll, 1).protokoll
    einwerfen(voll, "2024-07-25/b2.xlsx", ausgefuellt(voll, 2402, erst_einzelpersonen=12, erst_personen=12))
    vorher = pfad.read_bytes()
    with pytest.raises(AblageFehler) as fehler:
        ziehe(voll, 1)
    assert str(fehler.value) == satz(pfad)
    assert pfad.read_bytes() == vorher


@pytest.mark.parametrize(
    ("anzahl", "seed", "gewichtet", "periode", "text"),
    [
        (3, 7, True, "2024-H1", "Verlangt sind 3 Gemeinden, in der Grundgesamtheit sind nur 2 mit einem anerkannten "
         "Betrag."),
        (4, 7, False, "2024-H1", "Verlangt sind 4 Gemeinden, in der Grundgesamtheit sind nur 3."),
        (1, 7, False, "2023-H2", "Verlangt ist 1 Gemeinde, in der Grundgesamtheit sind keine."),
        (0, 7, True, "2024-H1", "Eine Stichprobe umfasst mindestens 1 Gemeinde, verlangt sind 0."),
        (-1, 7, True, "2024-H1", "Eine Stichprobe umfasst mindestens 1 Gemeinde, verlangt sind -1."),
        (1, -7, True, "2024-H1", "Der Startwert ist eine ganze Zahl ab 0, gelesen wurde «-7»."),
        (1, 7, True, "2024", "Gelesen wurde «2024»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100)."),
        (1, 7, True, "2024-H3", "Gelesen wurde «2024-H3»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100)."),
    ],
)  # fmt: skip
def test_was_nicht_zu_ziehen_ist_gibt_einen_satz_und_kein_protokoll(
    voll: Ablage, anzahl: int, seed: int, gewichtet: bool, periode: str, text: str
) -> None:
    with pytest.raises(ValueError) as fehler:  # noqa: PT011 the whole text follows
        ziehe(voll, anzahl, seed, gewichtet, periode)
    assert str(fehler.value) == text
    assert not (voll.pfad / "Stichproben").exists()


def test_gezogen_wird_aus_der_fassung_die_am_stichtag_gilt(voll: Ablage) -> None:
    einwerfen(voll, "2024-08-25/b2.xlsx", ausgefuellt(voll, 2402, erst_einzelpersonen=12, erst_personen=12))
    for tag in (date(2024, 7, 31), STICHTAG):  # the late version does not replace the one in time
        g = ablauf.stichprobe(voll.pfad, "2024-H1", (2, 7, True), tag)
        assert {z.bfs_nr: z.betrag for z in g.zeilen}[2402] == BETRAG[2402]


def test_ist_der_ordner_eine_datei_gibt_es_einen_satz(voll: Ablage) -> None:
    (voll.pfad / "Stichproben").write_text("meins")
    with pytest.raises(AblageFehler, match=r"ist nicht zugänglich \(Fehler \d+ des Systems\)\. Prüfen Sie Pfad"):
        ziehe(voll, 1)
    assert (voll.pfad / "Stichproben").read_text() == "meins"
