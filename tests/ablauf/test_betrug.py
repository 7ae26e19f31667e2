"""What a dishonest insider would try: each attack is stopped, or seen before two people sign."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ablage.hilfe import ausgefuellt, einwerfen
from ablage.laufhilfe import LAUF, NAECHSTER, TAG, einstellungen, freie, geldstamm, lauf, tabelle
from krs import ablauf
from krs.ablage.eingangsjournal import Hand
from krs.ablage.laeufe import Laeufe, als_json, pruefsumme
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.auskunft import rueckforderungen
from krs.ablauf.heute import heute
from krs.ablauf.uebergabe import antwort_einlesen, uebergeben
from krs.demo.stamm import iban
from krs.lauf.mutationen import text

TESTS = Path(__file__).parents[1]
SPAETER, DANACH = date(2025, 3, 10), date(2025, 9, 10)
# Attack → where its test stands: a function, or a case of tests/faelle.
ANDERSWO = {
    "IBAN geändert zwischen Vorbereitung und Freigabe":
        "ablauf/test_laeufe.py::test_ein_anderes_konto_verlangt_eine_neue_vorbereitung",
    "IBAN geändert vor der Vorbereitung":
        "lauf/test_mutationen.py::test_ein_anderes_konto_einer_bezahlten_gemeinde_steht_mit_betrag_alt_und_neu",
    "dieselbe IBAN bei zwei Gemeinden":
        "lauf/test_mutationen.py::test_dasselbe_konto_zweier_gemeinden_ist_eine_warnung_das_einer_leitgemeinde_nicht",
    "IBAN des Kantons bei einer Gemeinde":
        "lauf/test_mutationen.py::test_auf_das_konto_des_kantons_wird_nichts_bezahlt",
    "IBAN des Kantons für die QR-Rechnungen":
        "lauf/test_mutationen.py::test_ein_anderes_konto_des_kantons_und_ein_anderer_empfaenger_stehen_da",
    "buchungen.csv, zahlungen.csv geändert": "ablage/test_laeufe.py::test_ein_veraenderter_lauf_haelt_alles_an",
    "pain001.xml, mitteilungen, Stammdaten.xlsx im Lauf geändert":
        "ablauf/test_uebergabe.py::test_was_von_hand_geaendert_ist_wird_nicht_uebergeben",
    "Beträge geändert und Prüfsummen neu gerechnet":
        "ablage/test_laeufe.py::test_wer_auch_die_pruefsummen_neu_rechnet_faellt_an_den_summen_auf",
    "übergebener Lauf gelöscht":
        "ablage/test_laeufe.py::test_ein_uebergebener_letzter_lauf_der_fehlt_haelt_alles_an",
    "übergebener Lauf umbenannt": "ablage/test_laeufe.py::test_ein_lauf_unter_anderem_namen_haelt_alles_an",
    "letzter Lauf gelöscht, nicht übergeben":
        "ablage/test_laufprotokoll.py::test_ein_geloeschter_letzter_lauf_haelt_alles_an_auch_wenn_er_nicht_"
        "uebergeben_war",
    "uebergaben.csv gelöscht":
        "ablauf/test_uebergabe.py::test_die_kopien_zaehlen_als_uebergabe_auch_ohne_liste_und_protokoll",
    "antworten.csv von Hand": "ablage/test_laufprotokoll.py::test_eine_antwort_die_niemand_einlas_haelt_alles_an",
    "Antwort auf einen Lauf, der nie übergeben wurde":
        "ablauf/test_uebergabe.py::test_auf_einen_lauf_den_niemand_uebergab_kann_die_bank_nicht_antworten",
    "ausgeführt, dann abgelehnt": "ablauf/test_uebergabe.py::test_ausgefuehrtes_kommt_nur_mit_einem_grund_zurueck",
    "zweite Freigabe": "ablauf/test_laeufe.py::test_ein_zweites_mal_wird_kein_lauf_freigegeben",
    "älterer Lauf": "ablauf/test_laeufe.py::test_ein_aelterer_lauf_wird_nicht_mehr_freigegeben",
    "zweite Übergabe": "ablauf/test_uebergabe.py::test_ein_zweites_mal_nur_mit_grund",
    "Formular mit anderer Gemeinde (F-02)":
        "faelle/gemeinsam.toml::In der Vorlage von Olten wurde Trimbach mit seiner BFS-Nr. eingetragen.",
    "Formular mit anderer Periode (F-03)":
        "faelle/gemeinsam.toml::In der Vorlage für 2024-H1 wurde 2023-H2 eingetragen.",
    "Formular mit anderem _krs (E-09)":
        "faelle/gemeinsam.toml::Im versteckten Blatt wurde die Periode überschrieben.",
    "Formular nachgelegt mit früherem Tag":
        "urteil/test_folge.py::test_was_ein_frueherer_lauf_nicht_kannte_wird_gefragt",
    "Rückforderung gesenkt, umadressiert, «bezahlt» getippt":
        "lauf/test_mutationen.py::test_jede_geaenderte_angabe_steht_mit_alt_und_neu_das_geld_zuerst",
    "Rückforderung gelöscht": "lauf/test_mutationen.py::test_was_nicht_mehr_da_ist_steht_als_entfernt",
    "verrechnete Rückforderung gelöscht":
        "faelle/laeufe.toml::Verschwindet eine verrechnete Rückforderung aus dem Blatt, sagt es eine Warnung.",
    "Gemeinde nach der Zahlung herausgenommen":
        "faelle/laeufe.toml::Tritt eine Gemeinde rückwirkend aus, wird der bezahlte Sockelbeitrag nicht von selbst "
        "zurückgefordert.",
    "DTD oder Entität in pain.002":
        "export/test_antwort.py::test_was_keine_antwort_ist_wird_mit_einem_satz_abgewiesen",
    "erstes Visum von Hand": "ablage/test_laufprotokoll.py::test_eine_vorbereitung_von_hand_gibt_niemand_frei",
    "zwei Visa, ein Konto":
        "ablage/test_laufprotokoll.py::test_ein_konto_gibt_nicht_frei_was_es_vorbereitet_hat_wo_vier_augen_pflicht_sind",
}  # fmt: skip


@pytest.mark.parametrize("angriff", ANDERSWO)
def test_jeder_angriff_der_anderswo_steht_hat_seinen_test(angriff: str) -> None:
    datei, _, name = ANDERSWO[angriff].partition("::")
    inhalt = (TESTS / datei).read_text(encoding="utf-8")
    if datei.endswith(".toml"):
        assert name in {f.get("name") for art in tomllib.loads(inhalt).values() if isinstance(art, list) for f in art}
    else:
        assert f"def {name}(" in inhalt


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return freie(tmp_path)


def bank(ablage: Ablage, wort: str) -> None:
    pfad = ablage.pfad.parent / "bank.csv"
    pfad.write_text(f"id;status\nKRS-2024-09-2401;{wort}\n", encoding="utf-8")
    antwort_einlesen(ablage.pfad, LAUF, pfad, date(2024, 10, 1))


# --- the ledger -------------------------------------------------------------------------------
def test_ein_anderes_konto_im_zahlungsauftrag_mit_neu_gerechneten_pruefsummen(frei: Ablage) -> None:
    """No sum tells it: the log knows which run was released."""
    ordner = frei.laeufe / LAUF
    auftrag, inhalt = ordner / "pain001.xml", Laeufe(frei.laeufe).inhalte[LAUF]
    alt, neu = iban(2401).encode(), iban(9999).encode()
    auftrag.write_bytes(auftrag.read_bytes().replace(alt, neu))
    assert neu in auftrag.read_bytes()
    inhalt["dateien"]["pain001.xml"] = hashlib.sha256(auftrag.read_bytes()).hexdigest()
    inhalt["pruefsumme"] = pruefsumme(inhalt)
    (ordner / "lauf.json").write_bytes(als_json(inhalt))
    with pytest.raises(AblageFehler, match=r"^Der Lauf 2024-09 vom 2024-09-10 steht im Protokoll der Läufe, in "):
        uebergeben(frei.pfad, LAUF, TAG)


def test_eine_kopie_der_uebergabe_die_jemand_aenderte_ist_genannt(frei: Ablage) -> None:
    kopie = uebergeben(frei.pfad, LAUF, TAG).ordner / "pain001.xml"
    assert lauf(frei, NAECHSTER, SPAETER).meldungen == ()
    kopie.write_bytes(kopie.read_bytes().replace(b">760.00<", b">960.00<"))
    assert lauf(frei, NAECHSTER, SPAETER).meldungen == (
        "«Uebergaben/2024-09_1_2024-09-10/pain001.xml» ist nicht, was übergeben wurde. Vergleichen Sie mit der Bank, "
        "was sie erhielt.",
    )
    # what was handed over stays known by its hash
    assert (
        tabelle(frei.laeufe / "protokoll.csv")[-1]["Prüfsumme"]
        == hashlib.sha256((frei.laeufe / LAUF / "pain001.xml").read_bytes()).hexdigest()
    )


def test_was_doppelt_bezahlt_ist_steht_ueberall_bis_es_zurueckgefordert_ist(frei: Ablage) -> None:
    uebergeben(frei.pfad, LAUF, TAG)
    bank(frei, "abgelehnt")
    plan = lauf(frei, NAECHSTER, SPAETER, freigeben=True, visa=("AB", "CD")).plan
    assert plan.warnungen == (
        f"Egerkingen: Fr. 760.00 kommen nochmals in den Lauf, damals und jetzt auf {text(iban(2401))} (Zahlung des "
        "Laufs 2024-09 zurückgewiesen).",
    )
    bank(frei, "bezahlt")
    satz = (
        "Doppelt bezahlt: Egerkingen, Fr. 760.00. Die Zahlung des Laufs 2024-09 war als zurückgewiesen gemeldet, der "
        "Lauf 2025-03 hat sie erneut bezahlt, und die Bank hat sie doch ausgeführt. Erfassen Sie eine Rückforderung "
        "mit der Nr. D-2024-09/2401."
    )

    def gesagt() -> list[bool]:
        return [
            satz in lauf(frei, "2025-09", DANACH).plan.warnungen,
            satz in rueckforderungen(frei.pfad, DANACH).saetze,
            satz in [a.text for a in heute(frei.pfad, DANACH).aufgaben],
        ]

    def gefordert(betrag: int) -> None:
        zeile = {
            "nr": "D-2024-09/2401", "bfs_nr": 2401, "datum": DANACH, "betrag": betrag, "grund": "Doppelt bezahlt",
            "ziffer": "4.7", "verfuegt_von": "MB", "freigegeben_von": "RK",
        }  # fmt: skip
        frei.stammdaten.write_bytes(geldstamm(Rückforderungen=[zeile]))

    assert gesagt() == [True, True, True]
    gefordert(700)
    assert gesagt() == [True, True, True]
    gefordert(760)
    assert gesagt() == [False, False, False]


# --- days -------------------------------------------------------------------------------------
def test_ein_formular_das_nach_dem_lauf_in_einen_frueheren_tag_gelegt_wird(frei: Ablage) -> None:
    """In time by its folder, +400 by its counts: nothing is paid, and who laid it in stands before the release."""
    frei.stammdaten.write_bytes(geldstamm(Einstellungen=einstellungen(Korrekturfrist_Tage=10)))
    nachtrag = ausgefuellt(frei, 2401, erst_einzelpersonen=5, erst_personen=5)
    einwerfen(frei, "2024-09-20/post.xlsx", ausgefuellt(frei, 2402, erst_einzelpersonen=9, erst_personen=9))
    hand = Hand(datetime(2024, 10, 5, 9, tzinfo=UTC), "anna", "")
    vorher = Hand(datetime(2024, 9, 21, 9, tzinfo=UTC), "beat", "")
    ablauf.konsolidieren(frei.pfad, date(2024, 9, 21), heute=date(2024, 9, 21), hand=vorher)
    einwerfen(frei, "2024-07-25/nachtrag.xlsx", nachtrag)
    k = ablauf.konsolidieren(frei.pfad, date(2024, 10, 5), heute=date(2024, 10, 5), hand=hand)
    assert [b.code for b, _ in k.urteil.befunde if b.datei.endswith("nachtrag.xlsx")] == ["F-65"]
    ergebnis = lauf(frei, NAECHSTER, SPAETER)
    assert ergebnis.plan.buchungen == ()
    assert ergebnis.meldungen == (
        "1 Formular wurde mehr als 5 Tage nach dem Tag des Eingangs eingelesen:\n"
        "– Egerkingen, Anhang 2, 2024-H1: Eingang 25.07.2024, eingelesen am 05.10.2024 durch anna, 72 Tage später; "
        "am 21.09.2024 lag es nicht da",
    )


def test_wer_handelt_waehlt_keinen_tag_der_noch_kommt(frei: Ablage) -> None:
    hand = Hand(datetime(2024, 9, 12, 9, tzinfo=UTC), "anna", "AB")
    morgen = date(2024, 9, 13)
    with pytest.raises(AblageFehler) as fehler:
        uebergeben(frei.pfad, LAUF, morgen, hand=hand)
    assert str(fehler.value) == (
        "Der Tag der Übergabe, 13.09.2024, liegt in der Zukunft. Nennen Sie den heutigen Tag oder einen früheren."
    )
    uebergeben(frei.pfad, LAUF, TAG, hand=hand)
    with pytest.raises(AblageFehler, match=r"^Der Tag der Antwort, 13\.09\.2024, liegt in der Zukunft"):
        antwort_einlesen(frei.pfad, LAUF, frei.stammdaten, morgen, hand=hand)
    with pytest.raises(AblageFehler, match=r"^Der Tag der Mahnung, 13\.09\.2024, liegt in der Zukunft"):
        ablauf.mahnen(frei.pfad, "2024-H1", morgen, hand=hand)
    assert "Der Tag des Laufs, 10.03.2025, liegt in der Zukunft. Nennen Sie einen anderen mit --datum." in (
        lauf(frei, NAECHSTER, TAG, datum=SPAETER).hindernisse
    )
