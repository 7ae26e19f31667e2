"""What two people see before they sign a run: what changed in the Stammdaten, and what is odd (entwurf 4.5)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from krs.formulare.eingabe import Zelle
from krs.lauf.auffaellig import Vorlauf, fremdes_konto, warnungen
from krs.lauf.buchung import Art, Buchung, Journal, Posten, Rechnung, Rechnungsposten
from krs.lauf.kennung import Lauf
from krs.lauf.mutationen import Mutation, in_kuerze, mutationen, text
from krs.lauf.plan import Abrechnung, Laufplan
from krs.recht import Halbjahr, Leistung
from krs.stammdaten.stammdaten import (
    Bestandszeile,
    Einstellungen,
    Entscheid,
    Gemeinde,
    Rueckforderung,
    Stammdaten,
    Tarifeintrag,
)

NULL = Decimal("0.00")
IBAN = {n: f"CH93007620116238529{n:02}" for n in range(9)}
LESBAR = {n: f"CH93 0076 2011 6238 5290 {n}" for n in range(9)}
AB = date(2018, 1, 1)
OLTEN = Gemeinde(
    bfs_nr=2581, name="Olten", beteiligt_ab=AB, iban=IBAN[1], zellen=(("iban", Zelle("Gemeinden", "M12")),)
)
OENSINGEN = Gemeinde(bfs_nr=2407, name="Oensingen", beteiligt_ab=AB, iban=IBAN[2])
KANTON = Einstellungen(kanton_name="Kanton Solothurn", kanton_iban=IBAN[0])
FORDERUNG = Rueckforderung(
    nr="R-1", bfs_nr=2581, datum=date(2024, 2, 1), betrag=Decimal("20000.00"), grund="Stichprobe", ziffer="4.7",
    verfuegt_von="AB", freigegeben_von="CD",
)  # fmt: skip
S = Stammdaten(gemeinden=(OLTEN, OENSINGEN), einstellungen=KANTON)
TAG = date(2024, 9, 12)


def _mit(**neu: Any) -> Stammdaten:
    return replace(S, **neu)


def _plan(*abrechnungen: Abrechnung, buchungen: tuple[Buchung, ...] = ()) -> Laufplan:
    return Laufplan(Lauf(2024, 9), TAG, date(2024, 9, 30), buchungen, abrechnungen, ())


def _zahlt(bfs: int, name: str, betrag: str, empfaenger: int = 0) -> Abrechnung:
    return Abrechnung("2024-09", bfs, name, empfaenger or bfs, Decimal(betrag), NULL, NULL, Decimal(betrag), NULL)


def _buchung(lauf: str, art: Art, betrag: str, periode: str, **mehr: Any) -> Buchung:
    posten = Posten(2581, Leistung.ERST, periode)
    wann = date.fromisoformat(f"{lauf}-12")
    return Buchung(
        f"{lauf}/{posten}", lauf, wann, art, 2581, "Olten", 2581, Decimal(betrag), **{"posten": posten, **mehr}
    )


def _saetze(
    plan: Laufplan, s: Stammdaten, vorher: Stammdaten | None = None, journal: Journal | None = None
) -> list[str]:
    vorlauf = Vorlauf("2024-03", vorher, date(2024, 3, 20)) if vorher else None
    return list(warnungen(plan, s, journal or Journal(), vorlauf))


# --- the list -------------------------------------------------------------------------------
def test_jede_geaenderte_angabe_steht_mit_alt_und_neu_das_geld_zuerst() -> None:
    tarif = Tarifeintrag(leistung=Leistung.ERST, ab=date(2025, 1, 1), ansatz=Decimal(210), quelle="RRB 2024/9")
    bestand = Bestandszeile(bfs_nr=2407, stichtag=date(2023, 12, 31), anzahl=1204, quelle="Statistik")
    entscheid = Entscheid(
        bfs_nr=2407, formular="Anhang 2", periode="2024-H1", code="F-50", entscheid="anerkennen",
        begruendung="Ferien", visum="AB", datum=date(2024, 8, 3),
    )  # fmt: skip
    vorher = _mit(rueckforderungen=(FORDERUNG,), bestandszeilen=(bestand,))
    heute = _mit(
        gemeinden=(OLTEN.model_copy(update={"iban": IBAN[5], "ort": "Olten"}), OENSINGEN),
        rueckforderungen=(FORDERUNG.model_copy(update={"betrag": Decimal("2780.00")}),),
        tarifeintraege=(tarif,),
        bestandszeilen=(bestand.model_copy(update={"anzahl": 99_999}),),
        entscheide=(entscheid,),
        einstellungen=KANTON.model_copy(update={"gefuehrt_ab": Halbjahr(2024, 1)}),
    )
    assert mutationen(vorher, heute) == (
        Mutation("Konto", 2581, "Olten", "IBAN", LESBAR[1], LESBAR[5], "Gemeinden!M12"),
        Mutation("Rückforderung", 2581, "Olten", "Rückforderungen R-1: Betrag", "20'000.00", "2'780.00"),
        Mutation(
            "Tarif", None, "", "Tarife Erstinformationsgespräch 01.01.2025: neu", "leer",
            "Erstinformationsgespräch, 01.01.2025, 210.00, RRB 2024/9",
        ),
        Mutation("Ausländerbestand", 2407, "Oensingen", "Ausländerbestand 31.12.2023: Anzahl", "1204", "99999"),
        Mutation("Einstellung", None, "Kanton", "geführt ab", "leer", "2024-H1"),
        Mutation(
            "Entscheid", 2407, "Oensingen", "Entscheide Anhang 2 2024-H1 F-50 anerkennen 03.08.2024: neu", "leer",
            "Anhang 2, 2024-H1, F-50, anerkennen, Ferien, AB, 03.08.2024",
        ),
        Mutation("Adressen und Kontakte", 2581, "Olten", "Ort", "leer", "Olten"),
    )  # fmt: skip
    assert in_kuerze(mutationen(vorher, heute)) == (
        "Konto 1, Rückforderung 1, Tarif 1, Ausländerbestand 1, Einstellung 1, Entscheid 1, Adressen und Kontakte 1"
    )


def test_was_nicht_mehr_da_ist_steht_als_entfernt() -> None:
    assert mutationen(_mit(rueckforderungen=(FORDERUNG,)), S) == (
        Mutation(
            "Rückforderung", 2581, "Olten", "Rückforderungen R-1: entfernt",
            "R-1, 01.02.2024, 20'000.00, Stichprobe, 4.7, AB, CD", "leer",
        ),
    )  # fmt: skip


def test_dieselben_stammdaten_geben_keine_mutation() -> None:
    assert (mutationen(S, S), in_kuerze(())) == ((), "")


def test_vor_dem_ersten_lauf_ist_alles_neu_und_steht_gruppenweise() -> None:
    alle = mutationen(None, S)
    assert next((m.gruppe, m.neu) for m in alle) == ("Konto", "3 Angaben")  # two municipalities, the canton
    assert {(m.bfs_nr, m.was, m.alt) for m in alle} == {(None, "erster Lauf: alles ist neu", "leer")}
    assert in_kuerze(alle) == ""


# --- accounts ---------------------------------------------------------------------------------
def test_ein_anderes_konto_einer_bezahlten_gemeinde_steht_mit_betrag_alt_und_neu() -> None:
    heute = _mit(gemeinden=(OLTEN.model_copy(update={"iban": IBAN[5]}), OENSINGEN.model_copy(update={"iban": IBAN[6]})))
    assert _saetze(_plan(_zahlt(2581, "Olten", "3320.00")), heute, S) == [
        f"Olten erhält Fr. 3'320.00 auf ein anderes Konto als beim Lauf 2024-03: neu {LESBAR[5]}, bisher {LESBAR[1]}. "
        "Bestätigen lassen, bevor Sie freigeben."
    ]


def test_ein_anderes_konto_des_kantons_und_ein_anderer_empfaenger_stehen_da() -> None:
    mitglied = OENSINGEN.model_copy(update={"leitgemeinde": 2581, "leitgemeinde_ab": AB, "empfaenger": 2581})
    heute = _mit(gemeinden=(OLTEN, mitglied), einstellungen=KANTON.model_copy(update={"kanton_iban": IBAN[7]}))
    assert _saetze(_plan(_zahlt(2407, "Oensingen", "600.00", 2581)), heute, S) == [
        f"Das Konto des Kantons ist ein anderes als beim Lauf 2024-03: neu {LESBAR[7]}, bisher {LESBAR[0]}. "
        "Rechnungen und Belastungen nennen das neue.",
        "Oensingen: Fr. 600.00 gehen an Olten, nach den Stammdaten des Laufs 2024-03 gingen sie an Oensingen.",
    ]


def test_dasselbe_konto_zweier_gemeinden_ist_eine_warnung_das_einer_leitgemeinde_nicht() -> None:
    gleich = OENSINGEN.model_copy(update={"iban": IBAN[1]})
    plan = _plan(_zahlt(2407, "Oensingen", "600.00"), _zahlt(2581, "Olten", "3320.00"))
    assert _saetze(plan, _mit(gemeinden=(OLTEN, gleich))) == [
        f"Oensingen und Olten haben dasselbe Konto {LESBAR[1]}; dorthin gehen Fr. 3'920.00."
    ]
    mitglied = gleich.model_copy(update={"leitgemeinde": 2581, "leitgemeinde_ab": AB})
    assert _saetze(plan, _mit(gemeinden=(OLTEN, mitglied))) == []


def test_auf_das_konto_des_kantons_wird_nichts_bezahlt() -> None:
    s = _mit(gemeinden=(OLTEN.model_copy(update={"iban": IBAN[0]}), OENSINGEN))
    assert list(fremdes_konto(_plan(_zahlt(2581, "Olten", "3320.00")), s)) == [
        "Stammdaten, Blatt Gemeinden, 2581 Olten: Die IBAN ist das Konto des Kantons."
    ]
    assert list(fremdes_konto(_plan(_zahlt(2407, "Oensingen", "600.00")), s)) == []


@pytest.mark.parametrize(
    ("iban", "konto"),
    [
        (IBAN[1], f"damals und jetzt auf {LESBAR[1]}"),
        (IBAN[5], f"damals auf {LESBAR[1]}, jetzt auf {text(IBAN[5])}"),
    ],
)
def test_was_die_bank_zurueckwies_und_nochmals_bezahlt_wird_nennt_das_konto(iban: str, konto: str) -> None:
    grund = "Zahlung des Laufs 2024-03 zurückgewiesen: AC04"
    b = _buchung("2024-09", Art.RUECKWEISUNG, "3320.00", "", posten=None, rueckforderung="2024-03/2581", grund=grund)
    heute = _mit(gemeinden=(OLTEN.model_copy(update={"iban": iban}), OENSINGEN))
    satz = f"Olten: Fr. 3'320.00 kommen nochmals in den Lauf, {konto} ({grund})."
    vorlauf = Vorlauf("2024-09", heute, TAG, {"2024-03/2581": IBAN[1]})  # of the run that paid, not of the last one
    assert list(warnungen(_plan(buchungen=(b,)), heute, Journal(), vorlauf)) == [satz]


# --- what is taken back, owed, skipped ----------------------------------------------------------
def test_was_ein_lauf_zuruecknimmt_steht_mit_summe_lauf_und_grund() -> None:
    bezahlt = _buchung("2024-03", Art.ANSPRUCH, "2080.00", "2023-H2")
    zurueck = _buchung("2024-09", Art.DIFFERENZ, "-2080.00", "2023-H2", grund="Entscheid: ablehnen")
    journal = Journal((bezahlt,), laeufe=("2024-03",))
    assert _saetze(_plan(buchungen=(zurueck,)), S, S, journal) == [
        "Olten: Von den Beiträgen (2. Halbjahr 2023, zuletzt gebucht im Lauf 2024-03) werden Fr. 2'080.00 "
        "zurückgenommen. Grund: Entscheid: ablehnen."
    ]


def test_wer_eine_ueberfaellige_rechnung_hat_und_bezahlt_wird_ist_genannt() -> None:
    rechnung = Rechnung(
        "R-2024-03-2581", 2581, "Olten", Decimal("17220.00"), date(2024, 4, 19),
        (Rechnungsposten("R-1", Decimal("17220.00")),),
    )  # fmt: skip
    netto = _buchung("2024-03", Art.VERRECHNUNG, "-2780.00", "", posten=None, rueckforderung="R-1")
    journal = Journal((netto,), (("2024-03", rechnung),), ("2024-03",))
    s = _mit(rueckforderungen=(FORDERUNG,))
    assert _saetze(_plan(_zahlt(2581, "Olten", "4320.00")), s, s, journal) == [
        "Olten erhält Fr. 4'320.00 und schuldet Fr. 17'220.00, fällig seit 19.04.2024 (Rechnung R-2024-03-2581). "
        "Zum Verrechnen setzen Sie im Blatt Rückforderungen «erneut verrechnen» auf Ja."
    ]
    bezahlt = FORDERUNG.model_copy(update={"bezahlt_am": date(2024, 4, 2), "bezahlter_betrag": Decimal("17220.00")})
    assert _saetze(_plan(_zahlt(2581, "Olten", "4320.00")), _mit(rueckforderungen=(bezahlt,)), None, journal) == []


def test_ein_uebersprungener_lauf_ist_genannt() -> None:
    b = _buchung("2024-09", Art.DIFFERENZ, "16920.00", "2023-H2")
    assert _saetze(_plan(buchungen=(b,)), S) == [
        "Der Lauf 2024-03 ist nicht freigegeben; was damals fällig war, Fr. 16'920.00, zahlt dieser Lauf als "
        "«Differenz früher». Danach lässt sich 2024-03 nicht mehr freigeben."
    ]
    assert _saetze(_plan(buchungen=(b,)), S, S, Journal(laeufe=("2024-03",))) == []


@pytest.mark.parametrize(
    ("valuta", "saetze"),
    [
        (date(2024, 9, 27), []),
        (
            date(2024, 9, 29),
            ["Der Zahltag 29.09.2024 ist kein Bankwerktag (Sonntag); die Bank verschiebt die Zahlung."],
        ),
        (
            date(2024, 12, 25),
            [
                "Der Zahltag 25.12.2024 ist kein Bankwerktag (Weihnachten); die Bank verschiebt die Zahlung.",
                "Der Zahltag 25.12.2024 liegt mehr als 21 Tage neben dem üblichen, dem 30.09.2024 (Ziff. 4.5.2).",
            ],
        ),
        (
            date(2026, 1, 30),
            ["Der Zahltag 30.01.2026 liegt mehr als 21 Tage neben dem üblichen, dem 30.09.2024 (Ziff. 4.5.2)."],
        ),
    ],
)
def test_ein_ungewoehnlicher_zahltag_ist_genannt(valuta: date, saetze: list[str]) -> None:
    assert _saetze(replace(_plan(), valuta=valuta), S, S, Journal(laeufe=("2024-03",))) == saetze


def test_bezahlte_perioden_vor_gefuehrt_ab_sind_genannt() -> None:
    journal = Journal((_buchung("2024-03", Art.ANSPRUCH, "1880.00", "2023-H2"),), laeufe=("2024-03",))
    heute = _mit(einstellungen=KANTON.model_copy(update={"gefuehrt_ab": Halbjahr(2024, 1)}))
    assert _saetze(_plan(), heute, S, journal) == [
        "«geführt ab» ist 2024-H1: Bezahlte Perioden davor (2. Halbjahr 2023, Fr. 1'880.00) werden nicht mehr "
        "berichtigt."
    ]


# --- out of proportion --------------------------------------------------------------------------
def test_ein_ansatz_vom_zehnfachen_steht_mit_dem_was_daran_haengt() -> None:
    tarif = Tarifeintrag(leistung=Leistung.ERST, ab=AB.replace(year=2024), ansatz=Decimal(2000), quelle="mündlich")
    heute = _mit(tarifeintraege=(tarif,))
    b = _buchung("2024-09", Art.ANSPRUCH, "12000.00", "2024-H1", anzahl=6, ansatz=Decimal("2000.00"))
    satz = (
        "Erstinformationsgespräch: Ab 01.01.2024 gilt Fr. 2'000.00 statt Fr. 200.00. Daran hängen in diesem Lauf "
        "Fr. 12'000.00. Quelle: mündlich."
    )
    assert _saetze(_plan(buchungen=(b,)), heute, S) == [satz]
    assert _saetze(_plan(buchungen=(b,)), heute, heute) == []  # the last run knew it
    wenig = _mit(tarifeintraege=(tarif.model_copy(update={"ansatz": Decimal(210)}),))
    assert _saetze(_plan(), wenig, S) == []


@pytest.mark.parametrize(
    ("vorher", "jetzt", "auffaellig"),
    [(100, 99_999, 1), (100, 126, 1), (100, 125, 0), (100, 75, 0), (100, 74, 1), (40, 59, 0), (0, 25, 1)],
)  # fmt: skip
def test_ein_bestand_der_um_mehr_als_ein_viertel_abweicht(vorher: int, jetzt: int, auffaellig: int) -> None:
    zeilen = tuple(
        Bestandszeile(bfs_nr=2581, stichtag=date(jahr, 12, 31), anzahl=n, quelle="Statistik")
        for jahr, n in ((2022, vorher), (2023, jetzt))
    )
    zahl = f"{jetzt:,}".replace(",", "'")
    satz = f"Olten: Ausländerbestand am 31.12.2023 {zahl}, ein Jahr davor {vorher}."
    assert _saetze(_plan(), _mit(bestandszeilen=zeilen), _mit(bestandszeilen=zeilen[:1])) == [satz] * auffaellig
    assert _saetze(_plan(), _mit(bestandszeilen=zeilen), _mit(bestandszeilen=zeilen)) == []
