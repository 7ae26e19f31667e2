"""Files that could not be read find their sender: proposed, assigned, settled; they never count (Ziff. 5.2)."""

from dataclasses import replace
from datetime import date

import pytest

from krs.formulare.befund import Akte, melde
from krs.stammdaten.stammdaten import Entscheid, Gemeinde, Stammdaten, Zuordnung
from krs.urteil.absender import Vorschlag, vorschlag
from krs.urteil.fassung import Einreichung
from krs.urteil.urteil import Urteil, urteile
from urteil.hilfe import einreichung

TAG, STICHTAG = date(2024, 7, 30), date(2024, 9, 20)
GEMEINDEN = (
    Gemeinde(bfs_nr=2402, name="Härkingen", beteiligt_ab=date(2018, 1, 1), email="info@haerkingen.example"),
    Gemeinde(bfs_nr=2581, name="Olten", beteiligt_ab=date(2018, 1, 1), email="anna@olten.example"),
    Gemeinde(bfs_nr=2586, name="Wangen bei Olten", beteiligt_ab=date(2018, 1, 1), email="info@region.example"),
    Gemeinde(bfs_nr=2580, name="Lostorf", beteiligt_ab=date(2018, 1, 1), email_finanzen="geld@region.example"),
    Gemeinde(bfs_nr=2456, name="Lüterswil", gueltig_bis=date(2023, 12, 31), nachfolgerin=2465),
    Gemeinde(bfs_nr=2465, name="Buchegg", beteiligt_ab=date(2018, 1, 1), email="buchegg@bluewin.ch"),
)
S = Stammdaten(gemeinden=GEMEINDEN)


@pytest.mark.parametrize(
    ("name", "absender", "erwartet"),
    [
        ("2024-07-30/Liste Olten.pdf", "", Vorschlag((2581,), "Dateiname nennt Olten")),
        ("ReportingOlten.pdf", "", Vorschlag((2581,), "Dateiname nennt Olten")),
        ("Anhang_2_2024-H1_2402.pdf", "", Vorschlag((2402,), "Dateiname nennt 2402")),
        ("HAERKINGEN.pdf", "", Vorschlag((2402,), "Dateiname nennt Härkingen")),
        ("Harkingen.pdf", "", Vorschlag((2402,), "Dateiname nennt Härkingen")),
        ("Ha\u0308rkingen.pdf", "", Vorschlag((2402,), "Dateiname nennt Härkingen")),
        ("Wangen bei Olten.pdf", "", Vorschlag((2586,), "Dateiname nennt Wangen bei Olten")),
        ("2024-07-30/Mail aus Lostorf.eml/Scan.pdf", "", Vorschlag((2580,), "Ordner oder Mail nennt Lostorf")),
        ("Lüterswil.pdf", "", Vorschlag((2465,), "Dateiname nennt Lüterswil")),
        ("Scan.pdf", "Anna@Olten.example", Vorschlag((2581,), "E-Mail-Adresse anna@olten.example")),
        ("Scan.pdf", "beat@olten.example", Vorschlag((2581,), "Mail aus @olten.example")),
        ("Scan.pdf", "beat@region.example", Vorschlag((2580, 2586), "Mail aus @region.example")),
        (
            "Lostorf.pdf",
            "beat@region.example",
            Vorschlag((2580,), "Mail aus @region.example und Dateiname nennt Lostorf"),
        ),
        (
            "Lostorf.pdf",
            "anna@olten.example",
            Vorschlag((2580, 2581), "E-Mail-Adresse anna@olten.example und Dateiname nennt Lostorf"),
        ),
        ("Olten und Lostorf.pdf", "", Vorschlag((2580, 2581), "Dateiname nennt Lostorf, Olten")),
        ("2024-07-30/Scan 2024.pdf", "beat@post.example", None),
        ("Oltenerin.pdf", "", None),
        ("Scan.pdf", "beat@bluewin.ch", None),  # a provider for everybody says nothing
    ],
)
def test_vorschlag(name: str, absender: str, erwartet: Vorschlag | None) -> None:
    assert vorschlag(name, absender, TAG, S) == erwartet


@pytest.mark.parametrize(
    ("name", "inhalt", "erwartet"),
    [
        ("Scan.xlsx", "Tabelle1 | Gemeinde Olten | 12", Vorschlag((2581,), "Inhalt nennt Olten")),
        ("Scan.xlsx", "Liste | BFS-Nr. | 2402", Vorschlag((2402,), "Inhalt nennt Härkingen")),
        ("Scan.xlsx", "Liste | 2402 | BFS-Nr.", None),
        ("Scan.xlsx", "Olten | Lostorf", None),
        ("Scan.xlsx", "Lüterswil", Vorschlag((2465,), "Inhalt nennt Buchegg")),
        ("Scan.xlsx", "BFS-Nr. 9999", None),
        ("Härkingen.xlsx", "Olten", Vorschlag((2402,), "Dateiname nennt Härkingen")),  # the name of the file says more
        (
            "Olten und Lostorf.xlsx", "Lostorf",
            Vorschlag((2580,), "Dateiname nennt Lostorf, Olten und Inhalt nennt Lostorf"),
        ),
    ],
)  # fmt: skip
def test_vorschlag_aus_dem_inhalt(name: str, inhalt: str, erwartet: Vorschlag | None) -> None:
    assert vorschlag(name, "", TAG, S, inhalt) == erwartet


SHA = "a" * 64
PDF = Einreichung("2024-07-30/Scan.pdf", SHA, TAG, abweisung=melde(Akte("2024-07-30/Scan.pdf"), "E-03", format="PDF"))


def zuordnung(**werte: object) -> Zuordnung:
    return Zuordnung.model_validate({"sha256": SHA, "bfs_nr": 2581, "visum": "AB", "datum": TAG} | werte)


def urteil(*einreichungen: Einreichung, s: Stammdaten = S, **werte: object) -> Urteil:
    return urteile(einreichungen, replace(s, **werte), ["2024-H1"], [], STICHTAG)  # type: ignore[arg-type]


def form(datei: str, am: date, gemeinde: int = 2581) -> Einreichung:
    return einreichung({"datei": datei, "am": am, "gemeinde": gemeinde, "zeit": "2024-H1", "zahlen": [1, 0, 0, 0]}, S)


def zeile(u: Urteil, sha: str = SHA) -> tuple[object, ...]:
    z = next(z for z in u.zeilen if z.sha256 == sha)
    return z.bfs_nr, z.gemeinde, z.formular, z.periode, z.frist, z.status, z.bemerkung


def test_ohne_zeichen_bleibt_die_datei_niemandes() -> None:
    assert zeile(urteil(PDF)) == (None, "", "", "", None, "fehlerhaft", "von wem? krs zuordnen … aaaaaaaa BFS")


def test_der_vorschlag_steht_in_der_bemerkung_und_ordnet_nichts_zu() -> None:
    u = urteil(Einreichung("Olten.pdf", SHA, TAG, abweisung=PDF.abweisung))
    bemerkung = "vermutlich Olten (Dateiname nennt Olten); bestätigen: krs zuordnen … aaaaaaaa 2581"
    assert zeile(u) == (None, "", "", "", None, "fehlerhaft", bemerkung)


def test_zugeordnet_gehoert_die_datei_der_gemeinde_und_zaehlt_nie() -> None:
    ohne = urteil(PDF)
    mit = urteil(PDF, zuordnungen=(zuordnung(formular="Anhang 2", periode="2024-H1"),))
    assert zeile(mit) == (2581, "Olten", "Anhang 2", "2024-H1", date(2024, 7, 31), "fehlerhaft", "")
    assert [(b.code, b.bfs_nr, b.periode) for b, _ in mit.befunde] == [("E-03", 2581, "2024-H1")]
    assert mit.ansprueche == ohne.ansprueche
    assert mit.gueltige == ()
    assert [z.bfs_nr for z in mit.offen()] == [z.bfs_nr for z in ohne.offen()]


def test_vor_ihrem_tag_gilt_keine_zuordnung() -> None:
    assert zeile(urteil(PDF, zuordnungen=(zuordnung(datum=date(2024, 9, 21)),)))[0] is None


@pytest.mark.parametrize(
    ("am", "gemeinde", "erledigt"),
    [(TAG, 2581, True), (date(2024, 8, 5), 2581, True), (date(2024, 7, 29), 2581, False), (TAG, 2402, False)],
)
def test_ein_lesbares_formular_desselben_absenders_erledigt_sie(am: date, gemeinde: int, erledigt: bool) -> None:
    u = urteil(PDF, form("b", am, gemeinde), zuordnungen=(zuordnung(),))
    satz = f"am {am:%d.%m.%Y} kam ein lesbares Formular («b»)" if erledigt else ""
    assert zeile(u)[5:] == ("erledigt" if erledigt else "fehlerhaft", satz)


def test_ein_formular_einer_anderen_periode_erledigt_sie_nicht() -> None:
    u = urteil(PDF, form("b", TAG), zuordnungen=(zuordnung(formular="Anhang 2", periode="2023-H2"),))
    assert zeile(u)[5] == "fehlerhaft"


def test_auch_ein_eindeutiger_vorschlag_genuegt() -> None:
    u = urteil(Einreichung("Olten.pdf", SHA, TAG, abweisung=PDF.abweisung), form("b", TAG))
    satz = "vermutlich Olten (Dateiname nennt Olten); am 30.07.2024 kam ein lesbares Formular («b»)"
    assert zeile(u) == (None, "", "", "", None, "erledigt", satz)


def test_ein_entscheid_mit_der_pruefsumme_erledigt_sie() -> None:
    e = Entscheid(
        bfs_nr=2581, formular="Anhang 2", periode="2024-H1", sha256=SHA, entscheid="ablehnen",
        begruendung="Werbung", visum="AB", datum=date(2024, 8, 12),
    )  # fmt: skip
    u = urteil(PDF, entscheide=(e,))
    assert zeile(u)[5:] == ("erledigt", "abgelehnt am 12.08.2024 (AB): Werbung")
    assert [(b.code, x) for b, x in u.befunde] == [("E-03", e)]


def test_eine_zuordnung_ohne_datei_faellt_auf() -> None:
    u = urteil(PDF, zuordnungen=(zuordnung(sha256="b" * 64),))
    assert [(b.code, b.meldung) for b, _ in u.befunde if b.code != "E-03"] == [
        (
            "S-38",
            "Die Zuordnung hat keine Wirkung: Im Eingang liegt keine unlesbare Datei mit dieser SHA-256. "
            "Prüfen Sie die Prüfsumme, oder löschen Sie die Zeile. (S-38)",
        )
    ]
