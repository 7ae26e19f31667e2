"""Lines and tables of the terminal: whole in a pipe, never wider than the terminal, amounts never broken."""

from __future__ import annotations

import os
import re

import pytest

from krs.cli import schirm
from krs.cli.schirm import sage, tabelle

KOPF = ["Gemeinde", "Status", "angenommen", "nicht beitragsberechtigt", "Datei"]
ZEILEN = [
    ["Egerkingen", "Rückfrage offen", "1'234'567.00", "1'234.50", "2024-07-20/Anhang_2_2024-H1_2401_Egerkingen.xlsx"],
    ["Eppenberg-Wöschnau", "fehlt", "0.00", "–", "Mail Eppenberg-Wöschnau vom 31.07.2024.eml"],
]


@pytest.fixture
def breit(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    """A terminal of so many columns."""
    monkeypatch.setattr(schirm, "breite", lambda *_: request.param)
    return int(request.param)


@pytest.mark.parametrize("breit", [0, 200], indirect=True)
@pytest.mark.usefixtures("breit")
def test_in_einer_datei_und_auf_breitem_bildschirm_steht_alles_in_einer_zeile() -> None:
    assert list(tabelle(KOPF, ZEILEN)) == [
        "Gemeinde            Status             angenommen  nicht beitragsberechtigt  Datei",
        "──────────────────  ───────────────  ────────────  ────────────────────────  "
        "────────────────────────────────────────────────",
        "Egerkingen          Rückfrage offen  1'234'567.00                  1'234.50  "
        "2024-07-20/Anhang_2_2024-H1_2401_Egerkingen.xlsx",
        "Eppenberg-Wöschnau  fehlt                    0.00                         –  "
        "Mail Eppenberg-Wöschnau vom 31.07.2024.eml",
    ]


@pytest.mark.parametrize("breit", [79], indirect=True)
@pytest.mark.usefixtures("breit")
def test_auf_schmalem_bildschirm_wird_text_umbrochen_und_kein_betrag() -> None:
    assert list(tabelle(KOPF, ZEILEN)) == [
        "Gemeinde       Status           angenommen               nicht  Datei",
        "                                            beitragsberechtigt",
        "─────────────  ─────────────  ────────────  ──────────────────  ───────────────",
        "Egerkingen     Rückfrage      1'234'567.00            1'234.50  2024-07-20/",
        "               offen                                            Anhang_2_",
        "                                                                2024-H1_2401_",
        "                                                                Egerkingen.xlsx",
        "Eppenberg-     fehlt                  0.00                   –  Mail Eppenberg-",
        "Wöschnau                                                        Wöschnau vom",
        "                                                                31.07.2024.eml",
    ]


@pytest.mark.parametrize("breit", [49], indirect=True)
@pytest.mark.usefixtures("breit")
def test_was_keinen_platz_hat_steht_darunter_neben_den_ersten_spalten() -> None:
    assert list(tabelle(KOPF, ZEILEN)) == [
        "Gemeinde            Status             angenommen",
        "──────────────────  ───────────────  ────────────",
        "Egerkingen          Rückfrage offen  1'234'567.00",
        "Eppenberg-Wöschnau  fehlt                    0.00",
        "",
        "Gemeinde       Status                       nicht",
        "                               beitragsberechtigt",
        "─────────────  ──────────────  ──────────────────",
        "Egerkingen     Rückfrage                 1'234.50",
        "               offen",
        "Eppenberg-     fehlt                            –",
        "Wöschnau",
        "",
        "Gemeinde         Status           Datei",
        "───────────────  ───────────────  ───────────────",
        "Egerkingen       Rückfrage offen  2024-07-20/",
        "                                  Anhang_2_",
        "                                  2024-H1_2401_",
        "                                  Egerkingen.xlsx",
        "Eppenberg-       fehlt            Mail Eppenberg-",
        "Wöschnau                          Wöschnau vom",
        "                                  31.07.2024.eml",
    ]


@pytest.mark.parametrize("breit", [*range(44, 160, 5), 159], indirect=True)
def test_keine_zeile_ist_zu_breit_und_nichts_fehlt(breit: int) -> None:
    zeilen = list(tabelle(KOPF, ZEILEN))
    assert max(map(len, zeilen)) <= breit
    assert all(betrag in "\n".join(zeilen).split() for betrag in ("1'234'567.00", "1'234.50", "0.00", "–"))
    ohne = re.sub(r"\s", "", "".join(zeilen))
    assert [
        w for reihe in (KOPF, *ZEILEN) for wert in reihe for w in re.findall(r"[^\W_]{1,4}", wert) if w not in ohne
    ] == []


@pytest.mark.parametrize("breit", [40], indirect=True)
@pytest.mark.usefixtures("breit")
def test_saetze_brechen_zwischen_woertern_und_nie_vor_einem_betrag(capsys: pytest.CaptureFixture[str]) -> None:
    sage("  Fehler: Reporting!C21: «12» passt nicht. Erfassen Sie höchstens 3 × 200.00, also Fr. 600.00 (Ziff. 4.3.2).")
    sage("Öffnen: /srv/Meine Daten/Kreisschreiben Integration/Ablage/Master.xlsx")
    sage("Datei\x1b[2J.xlsx")
    assert capsys.readouterr().out.splitlines() == [
        "  Fehler: Reporting!C21: «12» passt",
        "    nicht. Erfassen Sie höchstens",
        "    3 × 200.00, also Fr. 600.00",
        "    (Ziff. 4.3.2).",
        "Öffnen: /srv/Meine Daten/Kreisschreiben Integration/Ablage/Master.xlsx",
        "Datei�[2J.xlsx",
    ]


@pytest.mark.parametrize("breit", [0], indirect=True)
@pytest.mark.usefixtures("breit")
def test_ohne_bildschirm_bleibt_jeder_satz_wie_er_ist(capsys: pytest.CaptureFixture[str]) -> None:
    sage("wort " * 60)
    assert capsys.readouterr().out == "wort " * 60 + "\n"


class Strom:
    def __init__(self, bildschirm: bool) -> None:
        self.isatty = lambda: bildschirm


@pytest.mark.parametrize(("spalten", "erwartet"), [("100", 99), ("5", 20), ("kaputt", 79)])
def test_die_breite_ist_jene_des_bildschirms(monkeypatch: pytest.MonkeyPatch, spalten: str, erwartet: int) -> None:
    monkeypatch.setenv("COLUMNS", spalten)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((80, 24)))
    monkeypatch.setattr(schirm.sys, "stdout", Strom(True))
    monkeypatch.setattr(schirm.sys, "stderr", Strom(False))
    assert (schirm.breite(), schirm.breite(fehler=True)) == (erwartet, 0)
