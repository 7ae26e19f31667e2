"""The commands that note in the Stammdaten what a person orders: what the screen says, to the letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ablage.hilfe import ausgefuellt, einwerfen
from krs.ablage.ordner import Ablage

Aufruf = Callable[..., tuple[int, str, str]]
AM = ("--stichtag", "2024-08-12", "--visum", "AB")
DANACH = "Rückmeldung, Mahnung und Master nennen es nach «krs konsolidieren»."


def test_entscheiden_und_zuruecknehmen(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-08-05/a.xlsx", ausgefuellt(ablage))
    aufruf = ("entscheid", "Ablage", "Egerkingen", "2024-H1", "F-50")
    code, text, fehler = krs(*aufruf, "anerkennen", "--begruendung", "Ferien", *AM)
    assert (code, fehler) == (0, "")
    assert text.splitlines() == [
        "Egerkingen, Anhang 2, 2024-H1: F-50, anerkennen.",
        "Beiträge: anerkannt CHF 760.00 mehr, zurückgestellt CHF 760.00 weniger.",
        "Stammdaten wie zuvor: Sicherungen/Stammdaten_2024-08-12_1.xlsx.",
        DANACH,
    ]
    assert krs(*aufruf, "--zurueck", *AM[:2])[1].splitlines()[:2] == [
        "Egerkingen, Anhang 2, 2024-H1: Der Entscheid über F-50 ist zurückgenommen.",
        "Beiträge: anerkannt CHF 760.00 weniger, zurückgestellt CHF 760.00 mehr.",
    ]
    assert krs(*aufruf, "anerkennen", *AM) == (
        2, "", "Sagen Sie, weshalb (--begruendung); der Text bleibt bei der Zeile stehen.\n",
    )  # fmt: skip


@pytest.mark.usefixtures("ablage")
def test_fristen_erstrecken_einige_oder_alle(krs: Aufruf) -> None:
    rest = ("--bis", "2024-08-31", "--grund", "Ferien", *AM)
    assert krs("frist", "Ablage", "Egerkingen", "2402", "2024-H1", *rest)[1].splitlines()[0] == (
        "Erstreckt: Anhang 2 für 2024-H1, Egerkingen und Härkingen; die Frist läuft bis zum 31.08.2024 statt "
        "31.07.2024."
    )
    assert krs("frist", "Ablage", "alle", "2024", *rest)[1].splitlines()[0] == (
        "Erstreckt: Anhang 3 für 2024, alle Gemeinden; die Frist läuft bis zum 31.08.2024 statt 31.01.2024."
    )
    assert krs("frist", "Ablage", "alle", "2024", "--zurueck", *AM[:2])[1].splitlines()[0] == (
        "Zurückgenommen: Anhang 3 für 2024, alle Gemeinden; die Frist läuft bis zum 31.01.2024 statt 31.08.2024."
    )


@pytest.mark.usefixtures("ablage")
def test_aktualisieren_und_kontakte_sagen_wenn_nichts_zu_tun_ist(krs: Aufruf) -> None:
    code, text, fehler = krs("aktualisieren", "Ablage", *AM[:2])
    assert (code, fehler) == (0, "")
    assert text.splitlines()[-2:] == [
        "Blatt Tarife: 2025 ohne Ansatz; tragen Sie Ansatz und Quelle ein.",
        "Stammdaten wie zuvor: Sicherungen/Stammdaten_2024-08-12_1.xlsx.",
    ]
    assert krs("aktualisieren", "Ablage", *AM[:2]) == (
        0, "Stammdaten.xlsx hat schon alles; es ist nichts geschrieben.\n", "",
    )  # fmt: skip
    assert krs("kontakte", "Ablage", *AM[:2]) == (
        0, "Die angenommenen Selbstdeklarationen nennen keine anderen Kontakte als die Stammdaten.\n", "",
    )  # fmt: skip
