"""The figures of the yearly report: groups, counts, languages, contributions, cost; nothing small follows from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from krs.lauf.buchung import Art, Buchung, Journal, Posten
from krs.lauf.jahreskosten import Angaben, Kosten, ansaetze, fehlende_laeufe, kosten, nach_gruppe
from krs.lauf.jahreszahlen import Bezahlt, Gruppe, Meldung, Zeile, beitraege, bezahlt, gruppen, sprachen, total, zeilen
from krs.lauf.jahreszahlen import nach_gruppe as teile
from krs.recht import TARIFE, Leistung
from krs.schreiben.publikation import NICHT_GENANNT

N = NICHT_GENANNT
AB = (Gruppe("A", frozenset({1, 2, 3})), Gruppe("B", frozenset({4, 5, 6})))


def meldung(bfs: int, *zahlen: int, periode: str = "2023-H1", **einsaetze: int) -> Meldung:
    return Meldung(bfs, periode, (*zahlen, *(0,) * (5 - len(zahlen))), tuple(einsaetze.items()))


def zahlungen(**je: tuple[int, int, int]) -> Bezahlt:
    """Return what was paid: kind of talk and municipality → count, rate."""
    return Bezahlt({
        (bfs, Leistung[name.rstrip("0123456789")]): (anzahl, Decimal(anzahl * ansatz))
        for name, (bfs, anzahl, ansatz) in je.items()
    })  # fmt: skip


# --- groups -----------------------------------------------------------------------------------
def test_ein_bezirk_mit_weniger_als_drei_meldenden_steht_mit_seinem_nachbarn_zusammen() -> None:
    namen = {1: "Solothurn", 2: "Lebern", 3: "Lebern", 4: "Lebern", 5: "Thal", 6: "Thal", 7: "Thal"}
    folge = ("Solothurn", "Lebern", "Thal")
    assert gruppen(namen, folge, frozenset(namen)) == (
        Gruppe("Solothurn und Lebern", frozenset({1, 2, 3, 4})), Gruppe("Thal", frozenset({5, 6, 7})),
    )  # fmt: skip
    # Of Thal only two reported: it joins the one before it.
    assert gruppen(namen, folge, frozenset(namen) - {5}) == (Gruppe("Solothurn und Lebern und Thal", frozenset(namen)),)
    assert gruppen({}, folge, frozenset()) == ()


def test_ein_unbekannter_bezirk_kommt_zuletzt_und_hat_einen_namen() -> None:
    namen = dict.fromkeys((1, 2, 3), "") | dict.fromkeys((4, 5, 6), "Neu") | dict.fromkeys((7, 8, 9), "Thal")
    assert [g.name for g in gruppen(namen, ("Thal",), frozenset(namen))] == ["Thal", "ohne Bezirk", "Neu"]


# --- counts -----------------------------------------------------------------------------------
def test_kleine_anzahlen_fehlen_in_gruppen_und_total() -> None:
    alle = [meldung(1, 20, 6, 2), meldung(2, 5, 0, 1), meldung(4, 8, 3, 0, 9)]
    gezeigt = zeilen(teile(alle, AB), 5)
    # Integ: the total of 3 is told nowhere. Assignments: 6 and 3 are 9 in all, so the 6 stays away.
    assert gezeigt == (Zeile("A", 2, (25, N, "1–4", 0, 0)), Zeile("B", 1, (8, "1–4", 0, 9, 0)))
    assert total(alle, 5) == Zeile("Kanton", 3, (33, 9, "1–4", 9, 0))


# --- languages --------------------------------------------------------------------------------
def test_seltene_sprachen_stehen_ohne_namen_zusammen() -> None:
    alle = [meldung(1, 40, 30, Tigrinya=20, Farsi=6, Arabisch=3, Urdu=2), meldung(2, 9, 9, Tigrinya=9)]
    # 3 + 2 = 5 in all: two languages, neither is named.
    assert sprachen(alle, 5) == (("Tigrinya", 29), ("Farsi", 6), ("weitere Sprachen", 5))
    assert sprachen(alle, 0) == (("Tigrinya", 29), ("Farsi", 6), ("Arabisch", 3), ("Urdu", 2))


def test_eine_einzige_seltene_sprache_nimmt_die_naechste_mit() -> None:
    alle = [meldung(1, 40, 29, Tigrinya=20, Farsi=6, Arabisch=3)]
    assert sprachen(alle, 5) == (("Tigrinya", 20), ("weitere Sprachen", 9))
    # 2 + 1 = 3 in all is small as well.
    drei = [meldung(1, 40, 29, Tigrinya=20, Farsi=6, Arabisch=2, Urdu=1)]
    assert sprachen(drei, 5) == (("Tigrinya", 20), ("weitere Sprachen", 9))
    assert sprachen([meldung(1, 40, 5, Arabisch=3)], 5) == (("weitere Sprachen", N),)
    assert sprachen([], 5) == ()


def test_die_summe_der_sprachen_verraet_keine_kleine_summe_einer_art() -> None:
    # 20 + 3 assignments: 23 languages less the 20 of the Erstinformationsgespräche would be 3.
    alle = [meldung(1, 40, 20, 9, 3, Tigrinya=15, Arabisch=8)]
    assert sprachen(alle, 5) == (("Tigrinya", 15), ("weitere Sprachen", N))


# --- contributions ----------------------------------------------------------------------------
def test_bezahlt_ist_die_summe_aller_laeufe_fuer_das_jahr() -> None:
    def buchung(nr: str, betrag: int, anzahl: int, posten: Posten) -> Buchung:
        tag = date(2024, 3, 20)
        return Buchung(nr, "2024-03", tag, Art.ANSPRUCH, 1, "A", 1, Decimal(betrag), posten, anzahl, Decimal(200))

    h1, h2 = (Posten(1, Leistung.ERST, p) for p in ("2023-H1", "2023-H2"))
    andere = Posten(1, Leistung.ERST, "2024-H1")
    journal = Journal((
        buchung("1", 600, 3, h1), buchung("2", 400, 5, h1), buchung("3", 200, 1, h2), buchung("4", 800, 4, andere),
    ))  # fmt: skip
    # The correction from 3 to 5 talks is one claim; 5 + 1 talks are 1200.
    assert bezahlt(journal, 2023).summe(Leistung.ERST) == (6, Decimal(1200))
    assert bezahlt(journal, 2023).summe(Leistung.SOCKEL) == (0, Decimal("0.00"))


def test_wo_eine_anzahl_fehlt_fehlt_auch_ihr_betrag() -> None:
    reihe = (*AB, Gruppe("C", frozenset({7, 8, 9})))
    alle = [meldung(1, 20), meldung(4, 3), meldung(7, 6)]
    gezaehlt = zeilen(teile(alle, reihe), 5)
    assert [z.werte[0] for z in gezaehlt] == [20, "1–4", N]
    b = zahlungen(ERST=(1, 20, 200), ERST2=(4, 3, 200), ERST3=(7, 6, 200), SOCKEL=(4, 2, 7))
    null = Decimal("0.00")
    assert beitraege(b, reihe, gezaehlt, 5) == (
        (
            Zeile("A", 1, (Decimal(4000), null, null, null, null)),
            Zeile("B", 1, (N, null, null, null, Decimal(14))),
            Zeile("C", 1, (N, null, null, null, null)),
        ),
        (Decimal(5800), null, null, null, Decimal(14)),
    )


def test_sind_nur_wenige_gespraeche_bezahlt_fehlt_die_ganze_spalte() -> None:
    # All counts are large, but of the 20 talks of B only 3 are paid yet.
    alle = [meldung(1, 20), meldung(4, 20)]
    gezaehlt = zeilen(teile(alle, AB), 5)
    b = zahlungen(ERST=(1, 20, 200), ERST2=(4, 3, 200))
    je, kanton = beitraege(b, AB, gezaehlt, 5)
    assert [z.werte[0] for z in je] == [N, N]
    assert kanton[0] == Decimal(4600)


def test_ein_kleines_total_und_seine_einzige_gruppe_fehlen() -> None:
    alle = [meldung(1, 3)]
    je, kanton = beitraege(zahlungen(ERST=(1, 3, 200)), AB, zeilen(teile(alle, AB), 5), 5)
    assert [z.werte[0] for z in je] == [N, Decimal("0.00")]
    assert kanton[0] == N


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=9), st.integers(3, 6))
def test_aus_anzahlen_und_betraegen_folgt_keine_kleine_anzahl(paare: list[tuple[int, int]], grenze: int) -> None:
    """Everything reported is paid: amounts are counts times 200."""
    reihe = tuple(Gruppe(name, frozenset(range(n, n + 3))) for name, n in (("A", 1), ("B", 4), ("C", 7)))
    alle = [meldung(bfs, n) for bfs, n in paare]
    je: dict[tuple[int, Leistung], tuple[int, Decimal]] = {}
    for bfs, n in paare:
        if n:
            vorher = je.get((bfs, Leistung.ERST), (0, Decimal(0)))
            je[bfs, Leistung.ERST] = vorher[0] + n, vorher[1] + 200 * n
    gezaehlt = zeilen(teile(alle, reihe), grenze)
    franken, kanton = beitraege(Bezahlt(je), reihe, gezaehlt, grenze)
    wahr = [sum(n for bfs, n in paare if bfs in g.gemeinden) for g in reihe]
    bekannt = [
        z.werte[0]
        if isinstance(z.werte[0], int)
        else int(f.werte[0] / 200)
        if isinstance(f.werte[0], Decimal)
        else None
        for z, f in zip(gezaehlt, franken, strict=True)
    ]
    assert all(b in (None, w) for b, w in zip(bekannt, wahr, strict=True))
    assert not any(b is not None and 0 < b < grenze for b in bekannt)
    summe = sum(wahr)
    if 0 < summe < grenze:
        assert kanton[0] == N
        return
    rest = summe - sum(b for b in bekannt if b is not None)
    verborgen = [z.werte[0] for z, b in zip(gezaehlt, bekannt, strict=True) if b is None]
    kleine = [w for w in verborgen if w != N]
    if kleine:  # at least two values are possible for each
        hoch = len(verborgen) > len(kleine)
        tief = len(kleine) - 1 + grenze * (len(verborgen) - len(kleine))
        moeglich = [
            w for w in range(1, grenze)
            if tief <= rest - w and (hoch or rest - w <= (len(kleine) - 1) * (grenze - 1))
        ]  # fmt: skip
        assert len(moeglich) >= 2


# --- cost -------------------------------------------------------------------------------------
FUENFTEL = [meldung(bfs, 10, 6, 5, 5, periode=p) for bfs in (1, 2, 3) for p in ("2023-H1", "2023-H2")]
ERZAEHLT = Angaben(
    dict.fromkeys((1, 2, 3), Decimal(60)), dict.fromkeys((1, 2, 3), Decimal(9000)), {1: 1, 2: 2, 3: 3}
)  # fmt: skip
BEZAHLT = zahlungen(ERST=(1, 60, 200), INTEG=(1, 30, 200), ERST_DOLMETSCH=(1, 36, 160), SOCKEL=(1, 200, 7))


def test_der_aufwand_pro_gespraech_steht_neben_dem_was_die_pauschalen_decken() -> None:
    # 180 hours and Fr. 27000 for 90 talks: 2 hours, Fr. 300. Flat rates 12000 + 6000 + 5760 = 23760: 264 per talk.
    # With the Sockelbeitrag of 1400 they are 25160 of 27000, or 93.2 per cent.
    zeile = Zeile("Kanton", 3, (Decimal("2.00"), Decimal("300.00"), Decimal("264.00"), Decimal("0.932")))
    k = kosten(ERZAEHLT, BEZAHLT, FUENFTEL, 5, geheim=False)
    assert k == Kosten(3, Decimal(180), Decimal(27000), zeile)
    assert kosten(ERZAEHLT, BEZAHLT, FUENFTEL, 5, geheim=True).kanton == Zeile("Kanton", 3, (N, N, N, N))


def test_verrieten_die_verhaeltnisse_eine_kleine_anzahl_so_fehlen_sie() -> None:
    # Somebody who told no effort held 3 talks: 93 in all less the 90 of the others.
    mehr = [*FUENFTEL, meldung(4, 3)]
    assert kosten(ERZAEHLT, BEZAHLT, mehr, 5, geheim=False).kanton.werte == (N, N, N, N)
    assert kosten(ERZAEHLT, BEZAHLT, [*FUENFTEL, meldung(4, 9)], 5, geheim=False).kanton.werte[0] == Decimal("2.00")
    wenige = Angaben({1: Decimal(60)}, {1: Decimal(9000)}, {1: 1})
    assert kosten(wenige, BEZAHLT, FUENFTEL, 5, geheim=False).kanton == Zeile("Kanton", 1, (N, N, N, N))


def test_eine_gruppe_zeigt_ihren_aufwand_nur_ab_drei_gemeinden() -> None:
    alle = [*FUENFTEL, meldung(4, 10), meldung(5, 10)]
    a = Angaben(
        ERZAEHLT.stunden | dict.fromkeys((4, 5), Decimal(10)), ERZAEHLT.franken | dict.fromkeys((4, 5), Decimal(1000)),
        ERZAEHLT.durch | {4: 4, 5: 5},
    )  # fmt: skip
    voll = (Decimal("2.00"), Decimal("300.00"), Decimal("264.00"), Decimal("0.932"))
    assert nach_gruppe(a, BEZAHLT, alle, AB, (False, False), 5) == (Zeile("A", 3, voll), Zeile("B", 2, (N, N, N, N)))
    # Where a count or an amount of the group is not told, contributions per talk would give their sum.
    assert nach_gruppe(a, BEZAHLT, alle, AB, (True, False), 5)[0] == Zeile("A", 3, (*voll[:2], N, N))


def test_die_gespraeche_der_mitglieder_zaehlen_bei_der_leitgemeinde() -> None:
    # 1 told the effort of 2, too: two municipalities told, and all 90 talks count.
    lead = Angaben(
        {1: Decimal(120), 3: Decimal(60), 7: Decimal(0)}, {1: Decimal(18000), 3: Decimal(9000), 7: Decimal(0)},
        {1: 1, 2: 1, 3: 3, 7: 7},
    )  # fmt: skip
    assert lead.gedeckt(frozenset({1})) == {1, 2}
    assert kosten(lead, BEZAHLT, FUENFTEL, 5, geheim=False).kanton.werte[:2] == (Decimal("2.00"), Decimal("300.00"))


def test_die_ansaetze_eines_jahres_mit_wechsel_und_vorbehalt() -> None:
    assert ansaetze(TARIFE[Leistung.ERST_DOLMETSCH], 2018) == (
        (date(2017, 1, 1), None, False), (date(2018, 7, 1), Decimal("160.00"), False),
    )  # fmt: skip
    assert ansaetze(TARIFE[Leistung.SOCKEL], 2023)[-1][1] == Decimal("7.00")


def test_ein_satz_nennt_die_laeufe_die_noch_fehlen() -> None:
    assert fehlende_laeufe(("2023-03", "2023-09", "2024-03"), 2023) == ""
    assert fehlende_laeufe(("2023-03",), 2023) == (
        "Noch nicht ausbezahlt: 2023-09 und 2024-03. Die Beiträge sind bis dahin unvollständig."
    )
