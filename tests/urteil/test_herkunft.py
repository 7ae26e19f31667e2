"""F-63: who sent a form by mail is compared with the addresses of its municipality (docs/entscheide/54)."""

from dataclasses import replace
from datetime import date

import pytest

from krs.stammdaten.stammdaten import Gemeinde, Stammdaten
from krs.urteil.fassung import Einreichung
from krs.urteil.urteil import urteile
from urteil.hilfe import einreichung

TAG, STICHTAG = date(2024, 7, 30), date(2024, 9, 20)
AB = date(2018, 1, 1)
S = Stammdaten(
    gemeinden=(
        Gemeinde(
            bfs_nr=2581, name="Olten", beteiligt_ab=AB, email="anna@olten.example", email_praesidium="p@olten.example",
            email_finanzen="geld@finanzen.example",
        ),
        Gemeinde(bfs_nr=2402, name="Härkingen", beteiligt_ab=AB, email="haerkingen@bluewin.ch"),
        Gemeinde(bfs_nr=2401, name="Egerkingen", beteiligt_ab=AB, koordinationsstelle="Stelle Gäu",
                 email_koordination="stelle@gaeu.example"),
        Gemeinde(bfs_nr=2580, name="Lostorf", beteiligt_ab=AB, leitgemeinde=2401, leitgemeinde_ab=AB),
        Gemeinde(bfs_nr=2456, name="Lüterswil", gueltig_bis=date(2023, 12, 31), nachfolgerin=2465,
                 email="info@lueterswil.example"),
        Gemeinde(bfs_nr=2465, name="Buchegg", beteiligt_ab=AB, email="info@buchegg.example"),
    )
)  # fmt: skip


def form(gemeinde: int, *von: str, datei: str = "a.xlsx") -> Einreichung:
    fall = {"datei": datei, "am": TAG, "gemeinde": gemeinde, "zeit": "2024-H1", "zahlen": [1, 0, 0, 0]}
    return replace(einreichung(fall, S), absender=von)


def fragen(*formulare: Einreichung, s: Stammdaten = S) -> list[tuple[str, str]]:
    u = urteile(formulare, s, ["2024-H1"], [], STICHTAG)
    return [(b.gemeinde, b.meldung) for b, _ in u.befunde if b.code == "F-63"]


@pytest.mark.parametrize(
    ("gemeinde", "von"),
    [
        (2581, ()),  # a file, no mail
        (2581, ("anna@olten.example",)),
        (2581, ("lehrling@olten.example",)),
        (2581, ("geld@finanzen.example",)),
        (2402, ("haerkingen@bluewin.ch",)),
        (2401, ("stelle@gaeu.example",)),
        (2580, ("stelle@gaeu.example",)),  # the lead files for its member
        (2465, ("info@lueterswil.example",)),  # merged; the old address still writes
        (2581, ("fremd@evil.example", "anna@olten.example")),  # the same bytes came from both
    ],
)
def test_wer_bekannt_ist_wird_nicht_gefragt(gemeinde: int, von: tuple[str, ...]) -> None:
    assert fragen(form(gemeinde, *von)) == []


def anfang(von: str, gemeinde: str) -> str:
    return f"Das Formular kam per E-Mail von «{von}»; in den Stammdaten ist das keine Adresse von {gemeinde}."


def ende(an: str) -> str:
    satz = "Prüfen Sie, ob es von der Gemeinde stammt."
    return f"{satz} Was es zu antworten gibt, geht an «{an}», nicht an den Absender. (Ziff. 5.2, F-63)"


OHNE = (
    "Prüfen Sie zuerst, ob es von der Gemeinde stammt: Für sie steht dort keine E-Mail-Adresse für Antworten; gibt es "
    "etwas zu antworten, hat der Entwurf keinen Empfänger. (Ziff. 5.2, F-63)"
)


@pytest.mark.parametrize(
    ("gemeinde", "von", "satz"),
    [
        ("Olten", "fremd@evil.example", ende("anna@olten.example")),
        ("Olten", "anna@sub.olten.example", ende("anna@olten.example")),
        ("Härkingen", "irgendwer@bluewin.ch", ende("haerkingen@bluewin.ch")),
        ("Lostorf", "fremd@evil.example", OHNE),
        (
            "Egerkingen", "anna@olten.example",
            f"Sie gehört zu einer andern Gemeinde (Olten). {ende('stelle@gaeu.example')}",
        ),
    ],
)  # fmt: skip
def test_wer_unbekannt_ist_wird_genannt(gemeinde: str, von: str, satz: str) -> None:
    bfs = next(g.bfs_nr for g in S.gemeinden if g.name == gemeinde)
    assert fragen(form(bfs, von)) == [(gemeinde, f"{anfang(von, gemeinde)} {satz}")]


def test_wer_formulare_fremder_gemeinden_schickt_faellt_bei_jeder_auf() -> None:
    von = "fremd@evil.example"
    gesehen = fragen(
        form(2581, von), form(2402, von, datei="b.xlsx"), form(2401, "stelle@gaeu.example", datei="c.xlsx")
    )
    auch = "Von dort kamen auch andere Formulare"
    assert gesehen == [
        ("Härkingen", f"{anfang(von, 'Härkingen')} {auch} (Olten). {ende('haerkingen@bluewin.ch')}"),
        ("Olten", f"{anfang(von, 'Olten')} {auch} (Härkingen). {ende('anna@olten.example')}"),
    ]


def test_die_frage_haelt_nichts_zurueck() -> None:
    ohne, mit = (urteile([f], S, ["2024-H1"], [], STICHTAG) for f in (form(2581), form(2581, "fremd@evil.example")))
    assert mit.ansprueche == ohne.ansprueche
    status = [[z.status for z in u.zeilen if z.datei] for u in (ohne, mit)]
    assert status == [["angenommen"], ["angenommen mit Hinweisen"]]
