"""What the server answers: pages, functions, macros, files, with and without a working folder."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ablage import laufhilfe
from ablage.hilfe import ausgefuellt, baum
from excel.server.hilfe import HEUTE, Server, anfrage, dateien, formular, json_post, krs_serve, laufend, makro, roh
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage
from krs.excel.ergebnis import Ergebnis
from krs.excel.katalog import funktionen
from krs.excel.makrokatalog import makros
from krs.excel.server import auftraege
from krs.excel.server.einstellungen import Einstellungen
from krs.recht import datum

FUNKTION = "/xlwings/custom-functions-call"
STICHTAG = ("stichtag", None, b"2024-09-10")


@pytest.fixture(scope="module")
def ohne_ablage() -> Iterator[Server]:
    """A server that keeps nothing."""
    with laufend(Einstellungen()) as server:
        yield server


@pytest.fixture
def eigene(tmp_path: Path) -> Ablage:
    """A working folder that a test may change."""
    return laufhilfe.offene(tmp_path)


@pytest.fixture
def darauf(eigene: Ablage) -> Iterator[Server]:
    """A server over it."""
    with laufend(Einstellungen(ablage=eigene.pfad)) as server:
        yield server


@pytest.fixture
def temporaer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of this test alone: what others leave in theirs is not seen."""
    ordner = tmp_path / "temporaer"
    ordner.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(ordner))
    return ordner


# --- pages --------------------------------------------------------------------------------------
def test_bereit_sagt_wie_der_server_eingerichtet_ist(lokal: Server, mit_tokens: Server, ohne_ablage: Server) -> None:
    def von(server: Server) -> dict[str, object]:
        wert: dict[str, object] = json.loads(roh(server.port, anfrage("GET", "/bereit")).inhalt)
        del wert["version"]
        return wert

    assert von(lokal) == {"anmeldung": "keine", "ablage": True, "lizenz": "noncommercial"}
    assert von(mit_tokens) == {"anmeldung": "token", "ablage": True, "lizenz": "noncommercial"}
    assert von(ohne_ablage) == {"anmeldung": "keine", "ablage": False, "lizenz": "noncommercial"}


@pytest.mark.parametrize(
    ("pfad", "art"),
    [
        ("/taskpane.html", "text/html; charset=utf-8"),
        ("/manifest.xml", "text/xml; charset=utf-8"),
        ("/xlwings/custom-functions-meta.json", "application/json"),
        ("/xlwings/custom-functions-code.js", "text/javascript; charset=utf-8"),
        ("/xlwings/custom-scripts-meta.json", "application/json"),
        ("/static/js/utils.js", "text/javascript; charset=utf-8"),
    ],
)
def test_seiten_sind_offen_und_tragen_die_kopfzeilen_fuer_office(mit_tokens: Server, pfad: str, art: str) -> None:
    ganz = roh(mit_tokens.port, anfrage("GET", pfad))
    assert (ganz.status, ganz.kopf["content-type"]) == (200, art)
    regeln = dict(regel.split(" ", 1) for regel in ganz.kopf["content-security-policy"].split("; "))
    assert regeln["script-src"] == "'self'"
    assert regeln["style-src"] == "'self'"
    assert regeln["default-src"] == "'none'"
    assert "https://*.officeapps.live.com" in regeln["frame-ancestors"]
    assert ganz.kopf["cache-control"] == "no-cache"
    assert ganz.kopf["strict-transport-security"] == "max-age=31536000"
    kurz = roh(mit_tokens.port, anfrage("HEAD", pfad))
    assert (kurz.status, kurz.inhalt) == (200, b"")
    assert {k: v for k, v in kurz.kopf.items() if k != "date"} == {k: v for k, v in ganz.kopf.items() if k != "date"}


def test_das_manifest_nennt_die_eingestellte_adresse_und_keine_aus_der_anfrage(mit_tokens: Server) -> None:
    text = roh(mit_tokens.port, anfrage("GET", "/manifest.xml", host="boese.example")).text
    assert "https://krs.so.ch/taskpane.html" in text
    assert "boese.example" not in text


def test_ohne_adresse_nennt_das_manifest_den_namen_der_anfrage(lokal: Server) -> None:
    text = roh(lokal.port, anfrage("GET", "/manifest.xml")).text
    assert f"http://localhost:{lokal.port}/taskpane.html" in text


def test_ausgelieferte_dateien_merkt_sich_der_browser(lokal: Server) -> None:
    eigene = roh(lokal.port, anfrage("GET", "/static/js/utils.js"))
    assert eigene.kopf["cache-control"] == "no-cache"
    wieder = roh(lokal.port, anfrage("GET", "/static/js/utils.js", b"", f"If-None-Match: {eigene.kopf['etag']}"))
    assert (wieder.status, wieder.inhalt) == (304, b"")
    htmx = roh(lokal.port, anfrage("GET", "/static/vendor/htmx.org/2.0.11/dist/htmx.min.js"))
    assert htmx.kopf["cache-control"] == "public, max-age=31536000, immutable"


def test_jede_funktion_und_jedes_makro_ist_dem_client_bekannt() -> None:
    namen = {f.excel for f in funktionen()}
    with krs_serve() as port:  # a process of its own: xlwings decides at its first import that it is on the server
        liste = json.loads(roh(port, anfrage("GET", "/xlwings/custom-functions-meta.json")).inhalt)["functions"]
        stubs = roh(port, anfrage("GET", "/xlwings/custom-functions-code.js")).text
        skripte = json.loads(roh(port, anfrage("GET", "/xlwings/custom-scripts-meta.json")).inhalt)
    assert {f["id"] for f in liste} == namen
    assert set(re.findall(r'CustomFunctions\.associate\("(\w+)"', stubs)) == namen
    assert {s["function_name"] for s in skripte} == {m.name for m in makros()}


# --- functions ------------------------------------------------------------------------------------
def ruf(server: Server, name: str, *argumente: object, laufzeit: str = "1.4") -> object:
    """Call a function and return its cells."""
    antwort = roh(server.port, json_post(FUNKTION, {"func_name": name, "args": argumente, "runtime": laufzeit}))
    assert antwort.status == 200, antwort.text
    return json.loads(antwort.inhalt)["result"]


def test_eine_funktion_rechnet_in_der_zelle(lokal: Server) -> None:
    # 3 talks at 200, 1 interpreter at 160
    assert ruf(lokal, "krs_beitrag", [[3]], [[1]], [[0]], [[0]], [["2024-H1"]]) == [[760.0]]


def test_ein_datum_traegt_sein_format_wenn_excel_es_versteht(lokal: Server) -> None:
    assert ruf(lokal, "krs_stichtag", [[2024]]) == [
        [{"type": "FormattedNumber", "basicValue": 44926, "numberFormat": "dd.mm.yyyy"}]
    ]
    assert ruf(lokal, "krs_stichtag", [[2024]], laufzeit="1.3") == [[44926]]


def test_ein_grosser_bereich_kommt_zeile_um_zeile_zurueck(lokal: Server) -> None:
    bereich = [[n % 3, 0, 0, 0] for n in range(10_000)]
    assert ruf(lokal, "krs_beitraege", bereich, [["2024-H1"]]) == [[n % 3 * 200.0] for n in range(10_000)]


def test_ein_fehler_ist_ein_satz_den_excel_in_der_zelle_zeigt(lokal: Server) -> None:
    antwort = roh(lokal.port, json_post(FUNKTION, {"func_name": "krs_stichtag", "args": [[["x"]]], "runtime": "1.4"}))
    assert (antwort.status, antwort.kopf["content-type"]) == (400, "text/plain; charset=utf-8")
    assert "«x»" in antwort.text
    assert antwort.text.endswith(".")


# --- macros ---------------------------------------------------------------------------------------
def test_ein_makro_schreibt_sein_blatt_und_gibt_den_master_mit(darauf: Server, eigene: Ablage) -> None:
    antwort = roh(darauf.port, makro("konsolidieren", stichtag="10.09.2024"))
    assert antwort.status == 200
    aktionen = json.loads(antwort.inhalt)["actions"]
    assert aktionen[0]["func"] == "addSheet"
    assert (aktionen[-1]["func"], aktionen[-1]["args"][0]) == ("runMacro", "krsErgebnis")
    ergebnis = json.loads(aktionen[-1]["args"][1])
    assert ergebnis["name"] == "konsolidieren"
    assert ergebnis["saetze"][0].startswith("Stand am 10.09.2024: ")
    assert [z["status"] for z in ergebnis["tafel"]["tafel"]] == ["angenommen"] * 3
    assert base64.b64decode(ergebnis["mappe"]["base64"]) == eigene.master.read_bytes()
    assert str(eigene.pfad) not in antwort.text


def test_zwei_zugleich_erhalten_jede_das_eigene_ergebnis(lokal: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    beide = threading.Barrier(2)

    def zusammen(name: str, *_: object) -> Ergebnis:
        beide.wait(60)  # both workbooks are open before either has its result
        return Ergebnis(name, ())

    monkeypatch.setattr("krs.excel.ausfuehren.ausfuehren", zusammen)
    namen = ("lauf_vorschau", "konsolidieren")
    with ThreadPoolExecutor(2) as faeden:
        antworten = dict(zip(namen, faeden.map(lambda n: roh(lokal.port, makro(n)), namen), strict=True))
    for name, antwort in antworten.items():
        (aktion,) = json.loads(antwort.inhalt)["actions"]
        assert aktion["args"][0] == "krsErgebnis"
        assert json.loads(aktion["args"][1])["titel"] == name


def test_kein_makro_nennt_den_ort_der_ablage(darauf: Server, eigene: Ablage) -> None:
    for name, angaben in {
        "lauf_vorschau": {"lauf": "2024-09"},
        "vorlagen_erstellen": {"periode": "2024-H2"},
        "mahnungen": {"periode": "2024-H1"},
        "stichprobe": {"periode": "2024-H1", "anzahl": "2", "seed": "7"},
        "anhang1_erstellen": {"jahr": "2024"},
        "finanz_export": {"lauf": "2024-03"},
    }.items():
        antwort = roh(darauf.port, makro(name, **angaben))
        assert antwort.status in (200, 400), name
        assert str(eigene.pfad) not in antwort.text, name


def test_ein_fehler_im_programm_zeigt_nur_eine_kennung(
    lokal: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def kaputt(*_: object) -> None:
        raise KeyError("Name der Gemeinde")

    monkeypatch.setattr("krs.excel.ausfuehren.ausfuehren", kaputt)
    caplog.set_level(logging.INFO, "krs.server")
    antwort = roh(lokal.port, makro("einreichung_pruefen"))
    assert antwort.status == 500
    treffer = re.fullmatch(
        r"Unerwarteter Fehler im Server; Kennung ([0-9a-f]{8})\. Melden Sie ihn mit der Kennung der Informatik\.",
        antwort.text,
    )
    assert treffer is not None
    assert any(treffer[1] in zeile and "KeyError" in zeile for zeile in caplog.messages)
    assert not any("Gemeinde" in zeile for zeile in caplog.messages)


# --- files ----------------------------------------------------------------------------------------
def test_ein_formular_wird_geprueft_und_nicht_behalten(ohne_ablage: Server, ordner: Path, temporaer: Path) -> None:
    daten = next((ordner / "Eingang").rglob("a.xlsx")).read_bytes()
    antwort = roh(ohne_ablage.port, formular("/krs/pruefen", [("dateien", "Egerkingen.xlsx", daten), STICHTAG]))
    board = json.loads(antwort.inhalt)
    assert (antwort.status, board["befunde"]) == (200, [])
    assert board["saetze"] == ["Keine Befunde: Es ist alles in Ordnung."]
    assert list(temporaer.iterdir()) == []


def test_eine_reparierbare_datei_wird_mit_ihren_befunden_genannt(ohne_ablage: Server, ordner: Path) -> None:
    daten = ausgefuellt(Ablage.oeffnen(ordner), 2401, erst_dolmetsch_einzelpersonen="x")
    antwort = roh(ohne_ablage.port, formular("/krs/pruefen", [("dateien", "Egerkingen.xlsx", daten), STICHTAG]))
    board = json.loads(antwort.inhalt)
    assert {b["stufe"] for b in board["befunde"]} >= {"Fehler"}
    assert {b["datei"] for b in board["befunde"]} == {"Egerkingen.xlsx"}
    assert "tafel" in board


def test_ohne_ablage_entstehen_tafel_und_master_und_nichts_bleibt(
    ohne_ablage: Server, ordner: Path, temporaer: Path
) -> None:
    eingang = sorted((ordner / "Eingang").rglob("*.xlsx"))
    teile = [("dateien", p.name, p.read_bytes()) for p in eingang]
    stamm = ("stammdaten", "Stammdaten.xlsx", (ordner / "Stammdaten.xlsx").read_bytes())
    rechtzeitig = ("stichtag", None, b"2024-07-20")
    antwort = roh(ohne_ablage.port, formular("/krs/eingang", [*teile, stamm, rechtzeitig]))
    board = json.loads(antwort.inhalt)
    assert (antwort.status, board["stichtag"]) == (200, HEUTE.isoformat())
    satz = "3 Dateien geprüft. Der Server behält nichts davon: Öffnen und speichern Sie den Master."
    assert board["saetze"][1] == satz
    assert [(z["gemeinde"], z["status"], z["datei"]) for z in board["tafel"]] == [
        ("Egerkingen", "angenommen", "2024-07-20/a.xlsx"),
        ("Härkingen", "angenommen", "2024-07-20/b.xlsx"),
        ("Kestenholz", "angenommen", "2024-07-20/c.xlsx"),
    ]
    assert board["master"]["name"] == "Master.xlsx"
    assert base64.b64decode(board["master"]["base64"])[:4] == b"PK\x03\x04"
    assert list(temporaer.iterdir()) == []


def test_ohne_ablage_und_stammdaten_gelten_die_vorgegebenen(ohne_ablage: Server, ordner: Path) -> None:
    daten = next((ordner / "Eingang").rglob("a.xlsx")).read_bytes()
    antwort = roh(ohne_ablage.port, formular("/krs/eingang", [("dateien", "a.xlsx", daten), STICHTAG]))
    board = json.loads(antwort.inhalt)
    assert antwort.status == 200
    assert [z["bfs_nr"] for z in board["tafel"]] == [2401]


def test_unlesbare_stammdaten_sind_ein_satz_ohne_pfad(ohne_ablage: Server) -> None:
    antwort = roh(
        ohne_ablage.port, formular("/krs/eingang", [("dateien", "a.xlsx", b"x"), ("stammdaten", "S.xlsx", b"x")])
    )
    assert (antwort.status, antwort.satz) == (
        422,
        "Die Stammdaten «Stammdaten.xlsx» sind nicht lesbar (Keine Arbeitsmappe). Speichern Sie die Datei in "
        "Excel als .xlsx, oder stellen Sie sie aus der Sicherung wieder her.",
    )


def test_mit_ablage_liegen_die_dateien_im_eingang_des_tages_und_nie_zweimal(darauf: Server, eigene: Ablage) -> None:
    neu = ausgefuellt(eigene, 2402, bemerkungen="Nachgereicht")
    sendung = formular("/krs/eingang", [
        ("dateien", "../a.xlsx", neu), ("dateien", "A.xlsx", neu + b"\0"), ("dateien", "egal.xlsx", neu), STICHTAG,
    ])  # fmt: skip
    antwort = roh(darauf.port, sendung)
    assert antwort.status == 200
    ort = eigene.eingang / "2024-09-10"
    assert {p.name: p.read_bytes() for p in ort.iterdir()} == {"a.xlsx": neu, "A_2.xlsx": neu + b"\0"}
    board = json.loads(antwort.inhalt)
    assert board["saetze"][1:3] == [
        "2 Dateien in den Eingang gelegt.", "Schon im Eingang und nicht nochmals abgelegt: 1 Datei."
    ]  # fmt: skip
    assert base64.b64decode(board["master"]["base64"]) == eigene.master.read_bytes()
    vorher = baum(eigene.pfad)
    assert roh(darauf.port, sendung).status == 200
    assert baum(eigene.pfad) == vorher


def test_post_von_gestern_setzt_den_stand_nicht_zurueck(darauf: Server, eigene: Ablage) -> None:
    davor = ablauf.konsolidieren(eigene.pfad, HEUTE, heute=HEUTE)
    vorher = baum(eigene.rueckmeldungen)
    teile = [("dateien", "leer.xlsx", b"nichts"), ("stichtag", None, b"2020-01-01")]
    board = json.loads(roh(darauf.port, formular("/krs/eingang", teile)).inhalt)
    assert (eigene.eingang / "2020-01-01" / "leer.xlsx").read_bytes() == b"nichts"
    assert board["stichtag"] == HEUTE.isoformat()
    status = [(z["gemeinde"], z["status"]) for z in board["tafel"] if z["gemeinde"]]
    assert status == [(z.gemeinde, z.status) for z in davor.urteil.tafel() if z.gemeinde]
    assert vorher.items() <= baum(eigene.rueckmeldungen).items()


def test_die_tafel_zeigt_dasselbe_wie_die_befehlszeile_und_schreibt_nichts(darauf: Server, eigene: Ablage) -> None:
    vorher = baum(eigene.pfad)
    board = json.loads(roh(darauf.port, anfrage("GET", "/krs/tafel?stichtag=2024-09-10")).inhalt)
    assert baum(eigene.pfad) == vorher
    urteil = ablauf.konsolidieren(eigene.pfad, HEUTE).urteil
    assert [(z["bfs_nr"], z["status"], z["sha256"]) for z in board["tafel"]] == [
        (z.bfs_nr, z.status, z.sha256) for z in urteil.tafel()
    ]
    assert board["master"] is None


def test_master_und_originale_kommen_wie_sie_liegen(darauf: Server, eigene: Ablage) -> None:
    leer = roh(darauf.port, anfrage("GET", "/krs/master"))
    assert (leer.status, leer.satz) == (404, "Es gibt noch keinen Master. Konsolidieren Sie zuerst.")
    ablauf.konsolidieren(eigene.pfad, HEUTE)
    master = roh(darauf.port, anfrage("GET", "/krs/master"))
    assert (master.status, master.inhalt) == (200, eigene.master.read_bytes())
    original = (eigene.eingang / "2024-07-15" / "a.xlsx").read_bytes()
    sha = hashlib.sha256(original).hexdigest()
    geholt = roh(darauf.port, anfrage("GET", f"/krs/einreichung/{sha}"))
    assert (geholt.status, geholt.inhalt) == (200, original)
    assert geholt.kopf["content-disposition"] == "attachment; filename=\"a.xlsx\"; filename*=UTF-8''a.xlsx"


def test_ein_veraendertes_original_wird_nicht_ausgeliefert(darauf: Server, eigene: Ablage) -> None:
    ablauf.konsolidieren(eigene.pfad, HEUTE)
    original = next(eigene.archiv.glob("*.xlsx"))
    original.write_bytes(b"anders")
    e = Archiv(eigene.archiv).eintraege[original.stem]
    antwort = roh(darauf.port, anfrage("GET", f"/krs/einreichung/{original.stem}"))
    assert (antwort.status, antwort.satz) == (
        409, f"Das Original von {e.wer.gemeinde}, Anhang 2 2024-H1, Eingang {datum(e.eingang)}, wurde im Archiv "
        f"verändert. Stellen Sie «{original.stem[:12]}….xlsx» im Ordner «Archiv» aus der Sicherung wieder her, oder "
        "legen Sie dieselbe Datei nochmals in den Eingang. Gibt es beides nicht, halten Sie den Verlust fest: krs "
        f"archiv ABLAGE loeschen {original.stem[:12]} --grund … --visum …; das Formular zählt dann weiterhin als "
        "eingegangen.",
    )  # fmt: skip


def test_eine_gesperrte_ablage_ist_ein_satz_und_nichts_geschieht(
    darauf: Server, eigene: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("krs.ablage.ordner._WARTEN", 0.2)
    vorher = baum(eigene.pfad)
    with eigene.sperre():
        antwort = roh(darauf.port, dateien("/krs/eingang", ("neu.xlsx", b"x")))
    assert (antwort.status, antwort.satz) == (
        409, "In der Ablage «Ablage» wird bereits mit krs gearbeitet. Versuchen Sie es später erneut.",
    )  # fmt: skip
    assert baum(eigene.pfad) == vorher


def test_eine_datei_die_gerade_verschwindet_ist_ein_satz_und_nichts_geschieht(
    darauf: Server, eigene: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ablage, "eingegangen", lambda ablage: [ablage.eingang / "weg.xlsx"])
    vorher = baum(eigene.pfad)
    antwort = roh(darauf.port, dateien("/krs/eingang", ("neu.xlsx", b"x")))
    assert (antwort.status, antwort.satz) == (
        409, "«Eingang/weg.xlsx» ist nicht zugänglich (Fehler 2 des Systems). Prüfen Sie Pfad und Laufwerk.",
    )  # fmt: skip
    assert baum(eigene.pfad) == vorher


def test_ein_gesperrter_master_ist_ein_satz(darauf: Server, eigene: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    ablauf.konsolidieren(eigene.pfad, HEUTE)
    lesen = Path.read_bytes

    def gesperrt(pfad: Path) -> bytes:
        if pfad.name == "Master.xlsx":
            raise PermissionError(13, "", str(pfad))
        return lesen(pfad)

    monkeypatch.setattr(Path, "read_bytes", gesperrt)
    antwort = roh(darauf.port, anfrage("GET", "/krs/master"))
    assert (antwort.status, antwort.satz) == (
        409, "«Master.xlsx» kann nicht gelesen werden. Schliessen Sie die Datei in Excel oder prüfen Sie die Rechte.",
    )  # fmt: skip


@pytest.mark.parametrize("pfad", ["/krs/tafel", "/krs/master", f"/krs/einreichung/{'0' * 64}"])
def test_ohne_ablage_gibt_es_nichts_zu_holen(ohne_ablage: Server, pfad: str) -> None:
    antwort = roh(ohne_ablage.port, anfrage("GET", pfad))
    assert (antwort.status, antwort.satz) == (
        404, "Auf diesem Server ist keine Ablage eingerichtet. Wenden Sie sich an die Informatik.",
    )  # fmt: skip


def test_wer_zu_lange_anstehen_muesste_erfaehrt_es_gleich(ordner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("krs.excel.server.routen._WARTENDE", 0)
    with laufend(Einstellungen(ablage=ordner)) as server:
        antwort = roh(server.port, anfrage("GET", "/krs/tafel"))
    assert (antwort.status, antwort.kopf["retry-after"], antwort.satz) == (
        429, "60", "Der Server hat zurzeit viel zu tun. Versuchen Sie es in einer Minute erneut.",
    )  # fmt: skip


# --- log ------------------------------------------------------------------------------------------
def test_das_protokoll_nennt_weg_dauer_und_visum_aber_keine_inhalte(
    mit_tokens: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "krs.server")
    token = mit_tokens.tokens["AB"]
    traeger = f"Authorization: Bearer {token}"
    roh(mit_tokens.port, dateien("/krs/pruefen", ("Geheim.xlsx", b"Inhalt"), kopf=[traeger]))
    roh(mit_tokens.port, anfrage("GET", f"/krs/einreichung/{'a' * 64}", b"", traeger))
    roh(mit_tokens.port, anfrage("GET", "/gibt%0a2024-01-01%20INFO%20es-nicht"))
    bis = time.monotonic() + 60
    while len(caplog.messages) < 3 and time.monotonic() < bis:
        time.sleep(0.01)  # the line comes after the answer
    zeilen = [re.sub(r"\d+ms", "1ms", z) for z in caplog.messages]
    assert zeilen == [
        "POST /krs/pruefen 200 1ms AB", "GET /krs/einreichung/* 404 1ms AB", "GET (unbekannt) 404 1ms -"
    ]  # fmt: skip


def test_ein_abgebrochener_auftrag_raeumt_hinter_sich_auf(monkeypatch: pytest.MonkeyPatch, temporaer: Path) -> None:
    def kaputt(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(auftraege.ablauf, "konsolidieren", kaputt)
    with pytest.raises(RuntimeError):
        auftraege.eingang(None, [("a.xlsx", b"x")], None, (HEUTE, HEUTE))
    assert list(temporaer.iterdir()) == []


def test_beim_pruefen_zaehlen_die_stammdaten_der_ablage(darauf: Server, ohne_ablage: Server, eigene: Ablage) -> None:
    vorher = baum(eigene.pfad)
    daten = ausgefuellt(eigene, 2401, bemerkungen="neu")
    sendung = formular("/krs/pruefen", [("dateien", "x.xlsx", daten), STICHTAG])  # due on 31 July

    def codes(server: Server) -> list[str]:
        return [b["code"] for b in json.loads(roh(server.port, sendung).inhalt)["befunde"]]

    assert codes(ohne_ablage) == []
    assert codes(darauf) == ["F-50"]
    assert baum(eigene.pfad) == vorher
