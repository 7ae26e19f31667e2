"""Anhang 1 as figures: rates, dates and contributions of each year, and what is not known (Ziff. 4.3, 4.5.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from krs.recht import Leistung, chf, datum
from krs.schreiben import anhang1_brief as brief
from krs.schreiben.anhang1 import Anhang1, Bezahlt, Zeile, anhang1
from krs.schreiben.anhang1_ansaetze import Ansatz
from krs.stammdaten.stammdaten import Stammdaten, Tarifeintrag
from urteil.hilfe import stammdaten

TAG_2022 = date(2022, 12, 31)
GAEU = {"2401": {"Bezirk": "Gäu"}, "2402": {"Bezirk": "Gäu"}, "2422": {"Bezirk": "Thal"}}
ALLE = [
    "Erstinformationsgespräch", "Dolmetschen Erstinformationsgespräch", "Integrationsgespräch",
    "Dolmetschen Integrationsgespräch", "Sockelbeitrag",
]  # fmt: skip
INTEG_2022 = "werden erst ab 01.01.2022 subventioniert, vorher besteht kein Beitrag (Ziff. 4.3.1)."
DOLM_INTEG_2022 = "wird erst ab 01.01.2022 subventioniert, vorher besteht kein Beitrag (Ziff. 4.3.1)."
TERMIN_FEHLT = (
    "Der Auszahlungstermin des Sockelbeitrags wurde per 01.01.2022 angepasst; wie er für die Jahre 2018 bis 2021 "
    "lautete, nennt das Kreisschreiben nicht (Ziff. 4.5.2)."
)


def lage(**mehr: Any) -> Stammdaten:
    grund = {"gemeinden": [2401, 2402, 2422], "gemeinde": GAEU}
    return stammdaten(grund | mehr)


def tarif(leistung: str, ab: date, ansatz: int | None) -> dict[str, Any]:
    return {"Leistung": leistung, "ab": ab, "Ansatz": ansatz, "Quelle": "Verfügung AGS"}


def voll() -> Stammdaten:
    """Residents of 2024: 100 and 40 in the Gäu, 7 in the Thal."""
    return lage(bestand=[[2401, TAG_2022, 100], [2402, TAG_2022, 40], [2422, TAG_2022, 7]])


def ansatz(x: Ansatz) -> str:
    betrag = chf(x.wert.ansatz) if x.wert else "–"
    return f"{x.leistung} | {datum(x.von)[:5]}–{datum(x.bis)[:5]} | {betrag} | {x.quelle}"


def zeile(z: Zeile) -> tuple[object, ...]:
    return z.bfs_nr, z.anzahl, z.schritt.betrag if z.schritt else None, z.bemerkung


def je(a: Anhang1, bfs: int) -> Zeile:
    return next(z for z in a.zeilen if z.bfs_nr == bfs)


# --- contributions --------------------------------------------------------------------------
def test_jede_gemeinde_erhaelt_bestand_mal_ansatz_und_die_summen_gehen_auf() -> None:
    a = anhang1(voll(), 2024)
    assert (a.name, a.stichtag, a.hinweise) == ("1h", TAG_2022, ())
    assert [zeile(z) for z in a.zeilen] == [
        (2401, 100, Decimal("700.00"), ""), (2402, 40, Decimal("280.00"), ""), (2422, 7, Decimal("49.00"), ""),
    ]  # fmt: skip
    summen = [(s.name, s.gemeinden, s.offen, s.anzahl, s.betrag, s.bezahlt) for s in (*a.bezirke(), a.total())]
    assert summen == [
        ("Gäu", 2, 0, 140, Decimal("980.00"), None), ("Thal", 1, 0, 7, Decimal("49.00"), None),
        ("Kanton Solothurn", 3, 0, 147, Decimal("1029.00"), None),
    ]  # fmt: skip
    assert a.quellen == ("Kantonale Statistik",)


def test_ein_fehlender_bestand_ist_nie_null_und_die_summe_sagt_dass_sie_unvollstaendig_ist() -> None:
    a = anhang1(lage(bestand=[[2401, TAG_2022, 100]]), 2024)
    assert [zeile(z) for z in a.zeilen] == [
        (2401, 100, Decimal("700.00"), ""), (2402, None, None, "Bestand fehlt"), (2422, None, None, "Bestand fehlt"),
    ]  # fmt: skip
    assert je(a, 2402).satz == (
        "Der Ausländerbestand von Härkingen (BFS-Nr. 2402) per 31.12.2022 fehlt; erfassen Sie ihn mit Quelle in den "
        "Stammdaten, Blatt Ausländerbestand (Ziff. 4.3.2)."
    )
    summen = [(s.name, s.offen, s.anzahl, s.betrag) for s in (*a.bezirke(), a.total())]
    assert summen == [
        ("Gäu", 1, 100, Decimal("700.00")), ("Thal", 1, None, None), ("Kanton Solothurn", 2, 100, Decimal("700.00")),
    ]  # fmt: skip
    assert a.hinweise == (
        "Unvollständig: Der Ausländerbestand fehlt oder ist unklar bei 2 Gemeinden. Ihr Sockelbeitrag ist in keiner "
        "Summe enthalten; das Blatt Offen sagt, was zu erfassen ist.",
    )


def test_doppelt_gezaehlte_menschen_sind_unklar_und_nicht_gerechnet() -> None:
    # 2021: Gänsbrunnen and Welschenrohr have merged; the new one has a row of its own besides theirs.
    tag = date(2019, 12, 31)
    bestand = [[2423, tag, 10], [2429, tag, 90], [2430, tag, 100]]
    s = lage(gemeinden=[2423, 2429, 2430], bestand=bestand, gemeinde={}, stammdaten_befunde=["S-26"])
    (z,) = anhang1(s, 2021).zeilen
    assert (z.gemeinde, z.anzahl, z.schritt, z.bemerkung, z.offen) == (
        "Welschenrohr-Gänsbrunnen", None, None, "Bestand unklar", True,
    )  # fmt: skip
    assert z.satz.startswith("Der Ausländerbestand von Welschenrohr-Gänsbrunnen (BFS-Nr. 2430) per 31.12.2019 ist")


def test_die_fusionierte_gemeinde_zaehlt_die_bestaende_ihrer_vorgaengerinnen() -> None:
    tag = date(2019, 12, 31)
    s = lage(gemeinden=[2423, 2429, 2430], gemeinde={}, bestand=[[2423, tag, 10], [2429, tag, 90]])
    assert [zeile(z) for z in anhang1(s, 2021).zeilen] == [(2430, 100, Decimal("700.00"), "")]
    vorher = anhang1(lage(gemeinden=[2423, 2429, 2430], gemeinde={}), 2020)
    assert [(z.bfs_nr, z.bezirk) for z in vorher.zeilen] == [(2423, "ohne Bezirk"), (2429, "ohne Bezirk")]


def test_leitgemeinde_und_empfaengerin_gelten_am_ersten_januar() -> None:
    empfang = {"2426": {"Empfänger BFS-Nr.": 2422}}
    a = anhang1(lage(gemeinden=[2422, 2425, 2426], gemeinde=empfang), 2024)
    assert [(z.gemeinde, z.leitgemeinde, z.empfaenger) for z in a.zeilen] == [
        ("Balsthal", "", "Balsthal"), ("Holderbank", "Balsthal", "Holderbank"), ("Laupersdorf", "Balsthal", "Balsthal"),
    ]  # fmt: skip
    assert [z.leitgemeinde for z in anhang1(lage(gemeinden=[2422, 2425]), 2020).zeilen] == ["", ""]


def test_wer_unter_dem_jahr_beitritt_steht_da_und_wartet_auf_den_entscheid() -> None:
    gemeinde = {"2402": {"beteiligt ab": date(2024, 7, 1)}, "2422": {"beteiligt ab": date(2025, 1, 1)}}
    a = anhang1(lage(bestand=[[2402, TAG_2022, 40]], gemeinde=gemeinde, gemeinden=[2402, 2422]), 2024)
    assert [zeile(z) for z in a.zeilen] == [(2402, 40, Decimal("280.00"), "teilweise beteiligt: Entscheid (Ziff. 4.2)")]


def test_ist_niemand_beteiligt_sagt_der_anhang_was_zu_tun_ist() -> None:
    a = anhang1(Stammdaten(), 2024)
    assert (a.zeilen, a.bezirke()) == ((), ())
    assert a.hinweise == (
        "Keine Gemeinde ist beteiligt: Tragen Sie in den Stammdaten, Blatt Gemeinden, «beteiligt ab» ein.",
    )


def test_fehler_in_den_stammdaten_machen_den_anhang_vorlaeufig() -> None:
    s = lage(tarife=[tarif("Sockelbeitrag", date(2024, 1, 1), -5)], stammdaten_befunde=["S-04"])
    assert anhang1(s, 2024).hinweise[-1] == (
        "Vorläufig: Die Stammdaten haben Fehler (S-04), die Gemeinden oder Ansätze betreffen können. Beheben Sie "
        "diese, bevor der Anhang 1 hinausgeht."
    )


# --- rates and dates ------------------------------------------------------------------------
def test_die_jahre_tragen_die_buchstaben_der_anhaenge() -> None:
    tarife = [tarif(t, date(2025, 1, 1), 9) for t in ALLE]
    s = lage(tarife=tarife)
    namen = [anhang1(s, jahr).name for jahr in range(2017, 2027)]
    assert namen == ["1a", "1b", "1c", "1d", "1e", "1f", "1g", "1h", "1i", "1j"]


def test_2024_gelten_die_ansaetze_von_2022_unter_vorbehalt() -> None:
    quelle = "Ansatz 2022 weitergeführt (Anhang 1h), zu bestätigen durch AGS"
    betraege = ("200.00", "160.00", "200.00", "160.00", "7.00")
    assert [ansatz(x) for x in anhang1(lage(), 2024).ansaetze] == [
        f"{leistung} | 01.01–31.12 | {betrag} | {quelle}" for leistung, betrag in zip(ALLE, betraege, strict=True)
    ]


def test_2018_ist_die_dolmetschpauschale_nur_im_zweiten_halbjahr_bekannt() -> None:
    assert [ansatz(x) for x in anhang1(lage(), 2018).ansaetze] == [
        "Erstinformationsgespräch | 01.01–31.12 | 200.00 | KRS-GEF-2017/01, Ziff. 4.3.2",
        "Dolmetschen Erstinformationsgespräch | 01.01–30.06 | – | Dolmetschpauschale Erstinformationsgespräch am "
        "01.01.2018: Das Kreisschreiben nennt den Ansatz vor dem 01.07.2018 nicht; erfassen Sie ihn mit Quelle in den "
        "Stammdaten, Blatt Tarife (Ziff. 4.3.2, Fussnote 3).",
        "Dolmetschen Erstinformationsgespräch | 01.07–31.12 | 160.00 | KRS-GEF-2017/01, Ziff. 4.3.2, Fussnote 3",
        "Integrationsgespräch | 01.01–31.12 | – | Fallpauschale Integrationsgespräch am 01.01.2018: "
        f"Integrationsgespräche {INTEG_2022}",
        "Dolmetschen Integrationsgespräch | 01.01–31.12 | – | Dolmetschpauschale Integrationsgespräch am 01.01.2018: "
        f"Das Dolmetschen bei Integrationsgesprächen {DOLM_INTEG_2022}",
        "Sockelbeitrag | 01.01–31.12 | 7.00 | KRS-GEF-2017/01, Ziff. 4.3.2",
    ]


def test_2017_gibt_es_keinen_sockelbeitrag_und_kein_bestand_fehlt() -> None:
    a = anhang1(lage(), 2017)
    assert a.sockel.wert is None
    assert a.sockel.satz == (
        "Sockelbeitrag am 01.01.2017: Der Sockelbeitrag wird erst ab 01.01.2018 subventioniert, vorher besteht kein "
        "Beitrag (Ziff. 4.3.1)."
    )
    assert [zeile(z) for z in a.zeilen] == [(2401, None, None, ""), (2402, None, None, ""), (2422, None, None, "")]
    assert (a.hinweise, a.total().offen, a.total().betrag) == ((), 0, None)


def test_ein_wechsel_auf_den_1_juli_steht_in_zwei_halbjahren() -> None:
    s = lage(tarife=[tarif("Erstinformationsgespräch", date(2023, 7, 1), 220)])
    erst = [ansatz(x) for x in anhang1(s, 2023).ansaetze if x.leistung is Leistung.ERST]
    assert erst == [
        "Erstinformationsgespräch | 01.01–30.06 | 200.00 | KRS-GEF-2017/01, Ziff. 4.3.2",
        "Erstinformationsgespräch | 01.07–31.12 | 220.00 | Verfügung AGS",
    ]


def test_ein_sockelbeitrag_der_im_jahr_wechselt_wird_nicht_gerechnet() -> None:
    neu = Tarifeintrag(leistung=Leistung.SOCKEL, ab=date(2023, 7, 1), ansatz=Decimal(8), quelle="Verfügung AGS")
    s = replace(lage(bestand=[[2401, date(2021, 12, 31), 100]]), tarifeintraege=(neu,))
    a = anhang1(s, 2023)
    assert a.sockel.satz.startswith("Sockelbeitrag: Der Ansatz wechselt am 01.07.2023 von Fr. 7.00 auf Fr. 8.00")
    assert {z.schritt for z in a.zeilen} == {None}


@pytest.mark.parametrize("jahr", [2025, 2026])
def test_ab_2025_gibt_es_ohne_zeile_im_blatt_tarife_keinen_anhang_1(jahr: int) -> None:
    with pytest.raises(ValueError, match="Der Anhang 1") as fehler:
        anhang1(lage(), jahr)
    assert str(fehler.value) == (
        f"Der Anhang 1 für {jahr} kann nicht erstellt werden. Fallpauschale Erstinformationsgespräch: Ab 01.01.2025 "
        "ist kein Ansatz bekannt; erfassen Sie ihn mit Quelle in den Stammdaten, Blatt Tarife (Ziff. 4.1.2, 4.3.3). "
        "Dasselbe gilt für: Dolmetschen Erstinformationsgespräch, Integrationsgespräch, "
        "Dolmetschen Integrationsgespräch, Sockelbeitrag."
    )


def test_fehlt_2025_ein_einziger_ansatz_nennt_die_absage_nur_diesen() -> None:
    s = lage(tarife=[tarif(t, date(2025, 1, 1), 9) for t in ALLE[:4]])
    with pytest.raises(ValueError, match="Der Anhang 1") as fehler:
        anhang1(s, 2025)
    assert str(fehler.value) == (
        "Der Anhang 1 für 2025 kann nicht erstellt werden. Sockelbeitrag: Ab 01.01.2025 ist kein Ansatz bekannt; "
        "erfassen Sie ihn mit Quelle in den Stammdaten, Blatt Tarife (Ziff. 4.1.2, 4.3.3)."
    )


def test_ein_tarif_den_die_stammdaten_beenden_verhindert_den_anhang_nicht() -> None:
    tarife = [tarif(t, date(2025, 1, 1), 9) for t in ALLE[:3]] + [tarif(ALLE[4], date(2025, 1, 1), 8)]
    s = lage(tarife=[*tarife, tarif(ALLE[3], date(2025, 1, 1), None)], bestand=[[2401, date(2023, 12, 31), 100]])
    a = anhang1(s, 2025)
    assert je(a, 2401).schritt is not None
    assert ansatz(a.ansaetze[3]) == (
        "Dolmetschen Integrationsgespräch | 01.01–31.12 | – | Dolmetschpauschale Integrationsgespräch am 01.01.2025: "
        "Der Tarif ist per 01.01.2025 beendet (Quelle: Verfügung AGS); ein neuer Ansatz gehört mit Quelle in die "
        "Stammdaten, Blatt Tarife."
    )


def test_ein_jahr_vor_dem_kreisschreiben_ist_keines() -> None:
    with pytest.raises(ValueError, match="Gelesen wurde «2016»; erwartet wird ein Jahr von 2017 bis 2100"):
        anhang1(lage(), 2016)


def test_fristen_und_auszahlungen_stehen_wie_im_kreisschreiben() -> None:
    termine = [(t.was, t.formular, t.frist, t.auszahlung, t.hinweis) for t in anhang1(lage(), 2024).termine]
    a2, a3 = "Anhang 2 (Reportingformular)", "Anhang 3 (Selbstdeklaration)"
    gespraeche = "Gespräche und Dolmetschen, {}. Halbjahr 2024"
    assert termine == [
        ("Sockelbeitrag 2024", a3, date(2024, 1, 31), date(2024, 3, 31), ""),
        (gespraeche.format(1), a2, date(2024, 7, 31), date(2024, 9, 30), ""),
        (gespraeche.format(2), a2, date(2025, 1, 31), date(2025, 3, 31), ""),
    ]


@pytest.mark.parametrize("jahr", [2018, 2019, 2020, 2021])
def test_von_2018_bis_2021_ist_der_termin_des_sockelbeitrags_nicht_bekannt(jahr: int) -> None:
    t = anhang1(lage(), jahr).termine[0]
    assert (t.auszahlung, t.satz) == (None, TERMIN_FEHLT)


def test_eine_frist_am_wochenende_hat_ihren_hinweis() -> None:
    wochenende = "Die Frist vom 31.01.2021 ist ein Sonntag; sie gilt, wie sie im Kreisschreiben steht (Ziff. 5.2)."
    assert anhang1(lage(), 2021).termine[0].hinweis == f"{TERMIN_FEHLT} {wochenende}"


# --- what was paid --------------------------------------------------------------------------
def bezahlt(franken: int, **anzahlen: int) -> Bezahlt:
    return Bezahlt(Decimal(franken), {Leistung[k.upper()]: n for k, n in anzahlen.items()})


def test_vor_dem_ersten_lauf_ist_noch_nichts_bezahlt_danach_hat_jede_gemeinde_einen_betrag() -> None:
    assert {z.gezeigt for z in anhang1(voll(), 2024).zeilen} == {None}
    a = anhang1(voll(), 2024, {2401: bezahlt(2000, erst=10), 2422: bezahlt(1000, erst=5)})
    assert [z.gezeigt for z in a.zeilen] == [Decimal(2000), Decimal("0.00"), Decimal(1000)]
    assert [s.bezahlt for s in (*a.bezirke(), a.total())] == [
        Decimal("2000.00"),
        Decimal("1000.00"),
        Decimal("3000.00"),
    ]


def test_aus_den_betraegen_liest_niemand_eine_kleine_anzahl() -> None:
    # 3 talks in Egerkingen; Balsthal's, the next smallest amount, stays away too, and so do all sums with them.
    a = anhang1(voll(), 2024, {2401: bezahlt(600, erst=3), 2402: bezahlt(4000, erst=20), 2422: bezahlt(1000, erst=5)})
    assert [z.gezeigt for z in a.zeilen] == ["nicht genannt", Decimal(4000), "nicht genannt"]
    assert [z.bezahlt for z in a.zeilen] == [Decimal(600), Decimal(4000), Decimal(1000)]
    assert [s.bezahlt for s in (*a.bezirke(), a.total())] == ["nicht genannt"] * 3


def test_bezahltes_einer_nicht_beteiligten_gemeinde_geht_nicht_verloren() -> None:
    gemeinde = {"2402": {"beteiligt bis": date(2023, 12, 31)}}
    a = anhang1(lage(gemeinde=gemeinde, gemeinden=[2401, 2402]), 2024, {2402: bezahlt(1000, erst=5)})
    assert [(z.bfs_nr, z.beteiligt, z.gezeigt, z.bemerkung) for z in a.zeilen] == [
        (2401, True, Decimal("0.00"), "Bestand fehlt"), (2402, False, Decimal(1000), "am 01.01. nicht beteiligt"),
    ]  # fmt: skip
    assert [z.bfs_nr for z in a.beteiligte] == [2401]


# --- letter ---------------------------------------------------------------------------------
def test_der_brief_nennt_beitrag_ansaetze_fristen_und_dass_kein_rechtsanspruch_besteht() -> None:
    a = anhang1(voll(), 2024, {2402: bezahlt(400, erst=2)})
    assert brief.betreff(a, je(a, 2402)) == "start.integration: Beiträge 2024, Härkingen (Anhang 1h)"
    assert brief.text(a, je(a, 2402), "AGS") == (
        "Guten Tag\n\n"
        "Der Kanton informiert Sie über die Beiträge, die der Gemeinde Härkingen für das Jahr 2024 auszurichten sind "
        "(Kreisschreiben KRS-GEF-2017/01, Ziff. 4.5.3). Die Zahlen aller Gemeinden stehen im beiliegenden Anhang 1h."
        "\n\n"
        "Sockelbeitrag 2024: 40 Personen × Fr. 7.00 (gültig ab 01.01.2024) = Fr. 280.00 (Ziff. 4.3.2) – Ansatz zu "
        "bestätigen durch AGS. Gezählt sind die Ausländerinnen und Ausländer am 31.12.2022; Quelle: Kantonale "
        "Statistik.\n\n"
        "Ansätze für Gespräche und Dolmetschen:\n"
        "- Fallpauschale Erstinformationsgespräch, 01.01.–31.12.2024: Fr. 200.00 pro Gespräch\n"
        "- Dolmetschpauschale Erstinformationsgespräch, 01.01.–31.12.2024: Fr. 160.00 pro Einsatz\n"
        "- Fallpauschale Integrationsgespräch, 01.01.–31.12.2024: Fr. 200.00 pro Gespräch\n"
        "- Dolmetschpauschale Integrationsgespräch, 01.01.–31.12.2024: Fr. 160.00 pro Einsatz\n\n"
        "Die Ansätze sind vorläufig: Sie sind noch zu bestätigen durch das AGS (Ziff. 4.3.3).\n\n"
        "Bisher haben wir für Gespräche und Dolmetschen des Jahres 2024 Fr. 400.00 abgerechnet.\n\n"
        "Fristen und Auszahlung:\n"
        "- Sockelbeitrag 2024: Anhang 3 (Selbstdeklaration) bis Mittwoch, 31.01.2024; Auszahlung per 31.03.2024\n"
        "- Gespräche und Dolmetschen, 1. Halbjahr 2024: Anhang 2 (Reportingformular) bis Mittwoch, 31.07.2024; "
        "Auszahlung per 30.09.2024\n"
        "- Gespräche und Dolmetschen, 2. Halbjahr 2024: Anhang 2 (Reportingformular) bis Freitag, 31.01.2025; "
        "Auszahlung per 31.03.2025\n\n"
        "Ein Rechtsanspruch auf diese Beiträge besteht nicht (Ziff. 4.1.1). Die Ausrichtung kann von der vollständigen "
        "und fristgerechten Einreichung der Berichterstattung abhängig gemacht werden (Ziff. 5.2).\n\n"
        "Freundliche Grüsse\n\nAGS\nstart.integration\n"
    )


def test_was_der_kanton_noch_erfassen_muss_verlangt_der_brief_nicht_von_der_gemeinde() -> None:
    a = anhang1(lage(), 2018)
    text = brief.text(a, je(a, 2401), "")
    assert (
        "Sockelbeitrag 2018: noch offen. Der Ausländerbestand von Egerkingen (BFS-Nr. 2401) per 31.12.2016 fehlt.\n"
        in text
    )
    assert "am 01.01.2018: Das Kreisschreiben nennt den Ansatz vor dem 01.07.2018 nicht.\n" in text
    assert f"bis Mittwoch, 31.01.2018. {TERMIN_FEHLT}\n" in text
    assert "Stammdaten" not in text
    alt = anhang1(lage(), 2017)
    assert "\n\nSockelbeitrag am 01.01.2017: Der Sockelbeitrag wird erst ab 01.01.2018" in brief.text(
        alt, alt.zeilen[0], ""
    )


def test_der_brief_sagt_wenn_die_leitgemeinde_das_geld_erhaelt_und_wenn_noch_entschieden_wird() -> None:
    gemeinde = {"2426": {"Empfänger BFS-Nr.": 2422, "beteiligt ab": date(2024, 7, 1)}}
    s = lage(gemeinden=[2422, 2426], gemeinde=gemeinde, bestand=[[2426, TAG_2022, 10]])
    a = anhang1(s, 2024)
    assert (
        "Quelle: Kantonale Statistik. Die Auszahlung geht an Balsthal (Leitgemeinde, Ziff. 3.4.2). Ihre Gemeinde ist "
        "nicht das ganze Jahr beteiligt; wir entscheiden noch über den Beitrag.\n"
    ) in brief.text(a, je(a, 2426), "")


def test_den_anhang_erhalten_koordinationsstelle_praesidium_und_finanzverwaltung() -> None:
    adressen = {
        "E-Mail": "ib@a.example", "E-Mail Präsidium": "praesidium@a.example", "E-Mail Finanzverwaltung": "fv@a.example",
    }  # fmt: skip
    stelle = {"E-Mail Koordinationsstelle": "stelle@b.example", "E-Mail": "ib@b.example"}
    s = lage(gemeinde={"2401": adressen, "2402": stelle})
    kreis = ("Koordinationsstelle", "Präsidium", "Finanzverwaltung")
    erste, zweite, keine = (tuple(brief.empfaenger(s, b).values()) for b in (2401, 2402, 2999))
    assert tuple(brief.empfaenger(s, 2401)) == kreis
    assert erste == ("ib@a.example", "praesidium@a.example", "fv@a.example")
    assert (zweite, keine) == (("stelle@b.example", "", ""), ("", "", ""))
