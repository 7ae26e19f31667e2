"""What an attacker may send: each request, what it gets, and that nothing in the working folder changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from ablage.hilfe import baum
from eingaben.bauen import ausgefuellt, packen, teile
from excel.server.hilfe import MAPPE, Server, anfrage, dateien, formular, json_post, makro, roh
from krs.excel.server.anmeldung import Bremse
from krs.excel.server.namen import sicherer_name

Bytes = bytes | Sequence[bytes]
FUNKTION, SKRIPT = "/xlwings/custom-functions-call", "/xlwings/custom-scripts-call"
SHA = "0" * 64
BEITRAG = {"client": "Office.js", "func_name": "krs_beitrag", "runtime": "1.4", "args": []}
ANMELDEN = "Melden Sie sich an: Es fehlt ein gültiges Token, oder es ist abgelaufen."
FREMD = "Die Anfrage kommt von einer anderen Website und wird abgelehnt. Öffnen Sie den Aufgabenbereich in Excel."
NAME = "Unter diesem Namen antwortet der Server nicht. Nehmen Sie die Adresse, die «krs serve» nennt."
PROXY = (
    "Ohne Anmeldung antwortet der Server nur direkt auf diesem Computer, nicht hinter einem Proxy. Starten Sie ihn mit "
    "einer Token-Datei oder mit Entra ID."
)
KEIN_WEG = "Diese Adresse gibt es auf dem Server nicht."
KEINE_DATEI = "Diese Datei gibt es nicht."
NICHT_SO = "So lässt sich diese Adresse nicht aufrufen."
KEIN_HTTP = "Die Anfrage ist kein gültiges HTTP."
KEIN_JSON = "Die Anfrage ist kein gültiges JSON."
KEINE_FUNKTION = "Die Anfrage nennt keine Funktion. Laden Sie das Add-in neu."
KEINE_MAPPE = "Die Anfrage enthält keine Arbeitsmappe. Laden Sie das Add-in neu."
KEIN_BEFEHL = "Diesen Befehl gibt es nicht. Laden Sie das Add-in neu."
KEIN_FORMULAR = "Die Anfrage ist kein lesbares Formular. Senden Sie die Dateien erneut."
ZU_GROSS = "Die Anfrage ist zu gross. Senden Sie höchstens 3 MB auf einmal."
FUNKTION_ZU_GROSS = "Der Bereich ist zu gross. Wählen Sie nur die Zeilen, in denen etwas steht."
KEIN_TAG = "Der Stichtag ist kein Datum von 2017 bis 2100. Schreiben Sie ihn als JJJJ-MM-TT."
KEINE_SHA = "Die SHA-256 hat 64 Zeichen von 0 bis 9 und a bis f."
UNBEKANNT = "Diese Einreichung liegt nicht im Archiv. Laden Sie die Übersicht neu."
ZU_LANGSAM = "Die Anfrage kam zu langsam an. Prüfen Sie die Verbindung und versuchen Sie es erneut."


class Angriff(NamedTuple):
    """One request: on which server, what is sent, what must come back."""

    name: str
    auf: str
    senden: Bytes | Callable[[Server], Bytes]
    status: int
    satz: str


def stueckweise(ziel: str, menge: int, typ: str) -> list[bytes]:
    """Return a request that never tells its length."""
    kopf = f"POST {ziel} HTTP/1.1\r\nHost: HOST\r\nContent-Type: {typ}\r\nTransfer-Encoding: chunked\r\n\r\n"
    return [kopf.encode(), *[STUECK] * (menge // 65_536 + 1), b"0\r\n\r\n"]


STUECK = b"10000\r\n" + b"1" * 65_536 + b"\r\n"
TEIL = b'--g\r\nContent-Disposition: form-data; name="dateien"; filename="a.xlsx"\r\n\r\n'
ANFANG = f"{len(TEIL):x}\r\n".encode() + TEIL + b"\r\n"


def traeger(visum: str) -> Callable[[Server], str]:
    """Return the header of a person."""
    return lambda s: f"Authorization: Bearer {s.tokens[visum]}"


def als(visum: str, bauen: Callable[[str], bytes]) -> Callable[[Server], bytes]:
    """Return a request with the token of a person."""
    return lambda s: bauen(traeger(visum)(s))


ANGRIFFE = (
    # --- who asks
    Angriff("ohne Token", "tokens", anfrage("GET", "/krs/ich"), 401, ANMELDEN),
    Angriff("ohne Token eine Funktion", "tokens", json_post(FUNKTION, BEITRAG), 401, ANMELDEN),
    Angriff("ohne Token ein Makro", "tokens", makro("konsolidieren"), 401, ANMELDEN),
    Angriff("ohne Token Dateien", "tokens", dateien("/krs/eingang", ("a.xlsx", b"x")), 401, ANMELDEN),
    Angriff("ohne Token der Master", "tokens", anfrage("GET", "/krs/master"), 401, ANMELDEN),
    Angriff("ohne Token ein Original", "tokens", anfrage("GET", f"/krs/einreichung/{SHA}"), 401, ANMELDEN),
    Angriff("falsches Token", "tokens", anfrage("GET", "/krs/ich", b"", "Authorization: Bearer x"), 401, ANMELDEN),
    Angriff(
        "das Token der Vorlage von xlwings", "tokens",
        anfrage("GET", "/krs/ich", b"", "Authorization: Bearer test-token"), 401, ANMELDEN,
    ),
    Angriff("leeres Token", "tokens", anfrage("GET", "/krs/ich", b"", "Authorization: Bearer "), 401, ANMELDEN),
    Angriff("abgelaufenes Token", "tokens", als("XY", lambda k: anfrage("GET", "/krs/ich", b"", k)), 401, ANMELDEN),
    Angriff(
        "Token ohne «Bearer»", "tokens",
        lambda s: anfrage("GET", "/krs/ich", b"", f"Authorization: {s.tokens['AB']}"), 401, ANMELDEN,
    ),
    Angriff(
        "Token als Basic", "tokens",
        lambda s: anfrage("GET", "/krs/ich", b"", f"Authorization: Basic {s.tokens['AB']}"), 401, ANMELDEN,
    ),
    Angriff(
        "Token in der Adresse", "tokens",
        lambda s: anfrage("GET", f"/krs/ich?token={s.tokens['AB']}&access_token={s.tokens['AB']}"), 401, ANMELDEN,
    ),
    Angriff(
        "Token als Cookie", "tokens",
        lambda s: anfrage("GET", "/krs/ich", b"", f"Cookie: Authorization={s.tokens['AB']}"), 401, ANMELDEN,
    ),
    Angriff(
        "zwei Authorization", "tokens",
        als("AB", lambda k: anfrage("GET", "/krs/ich", b"", k, "Authorization: Bearer x")), 401, ANMELDEN,
    ),
    Angriff(
        "Prüfsumme statt Token", "tokens",
        anfrage("GET", "/krs/ich", b"", f"Authorization: Bearer {SHA}"), 401, ANMELDEN,
    ),
    Angriff(
        "riesiges Token", "tokens",
        anfrage("GET", "/krs/ich", b"", f"Authorization: Bearer {'x' * 20_000}"), 401, ANMELDEN,
    ),
    Angriff(
        "Konsolidieren ohne Rolle", "tokens", als("GH", lambda k: dateien("/krs/eingang", ("a.xlsx", b"x"), kopf=[k])),
        403, "Dafür braucht es die Rolle Erfassung. Wenden Sie sich an die Informatik.",
    ),
    Angriff(
        "Makro ohne Rolle", "tokens", als("GH", lambda k: makro("konsolidieren", k)),
        403, "Dafür braucht es die Rolle Erfassung. Wenden Sie sich an die Informatik.",
    ),
    Angriff(
        "Freigabe ohne Rolle", "tokens",
        als("EF", lambda k: makro("lauf_freigeben", k, lauf="2024-09", schritt="freigeben")),
        403, "Um einen Lauf freizugeben, braucht es die Rolle Freigabe; EF hat sie nicht. Wenden Sie sich an die "
        "Informatik.",
    ),
    Angriff(
        "Freigabe mit fremdem Visum", "tokens",
        als("AB", lambda k: makro("lauf_freigeben", k, lauf="2024-09", schritt="vorbereiten", visum="CD")),
        400, "Angemeldet sind Sie mit dem Visum AB; ein anderes gilt nicht. Lassen Sie das Feld «Visum» leer.",
    ),
    # --- from where
    Angriff("fremde Herkunft", "lokal", json_post(FUNKTION, BEITRAG, "Origin: https://boese.example"), 403, FREMD),
    Angriff("Herkunft «null»", "lokal", json_post(FUNKTION, BEITRAG, "Origin: null"), 403, FREMD),
    Angriff(
        "ähnliche Herkunft", "lokal", json_post(FUNKTION, BEITRAG, "Origin: http://localhost.boese.example"), 403, FREMD
    ),
    Angriff(
        "Formular einer fremden Seite", "lokal",
        dateien("/krs/eingang", ("a.xlsx", b"x"), kopf=["Sec-Fetch-Site: cross-site"]), 403, FREMD,
    ),
    Angriff(
        "fremde Herkunft mit Token", "tokens",
        als("AB", lambda k: dateien("/krs/eingang", ("a.xlsx", b"x"), kopf=[k, "Origin: https://boese.example"])),
        403, FREMD,
    ),
    Angriff("Daten für eine fremde Seite", "lokal",
            anfrage("GET", "/krs/tafel", b"", "Sec-Fetch-Site: cross-site"), 403, FREMD),
    Angriff("umgebogener Name", "lokal", anfrage("GET", "/krs/tafel", host="boese.example"), 403, NAME),
    Angriff("Name mit localhost am Anfang", "lokal", anfrage("GET", "/bereit", host="localhost.x.example"), 403, NAME),
    Angriff("kein Name", "lokal", b"GET /bereit HTTP/1.1\r\n\r\n", 400, KEIN_HTTP),
    Angriff("kein Name, altes HTTP", "lokal", b"GET /bereit HTTP/1.0\r\n\r\n", 400, NAME),
    Angriff("zwei Namen", "lokal", b"GET /bereit HTTP/1.1\r\nHost: localhost\r\nHost: x\r\n\r\n", 400, KEIN_HTTP),
    Angriff("Name mit falscher Klammer", "lokal", anfrage("GET", "/bereit", host="[1.2.3.4]"), 400, NAME),
    Angriff("Name mit leerer Klammer", "lokal", anfrage("GET", "/bereit", host="[....]"), 400, NAME),
    Angriff("Name mit Punkt am Ende", "lokal", anfrage("GET", "/bereit", host="localhost."), 403, NAME),
    Angriff("Name mit Konto", "lokal", anfrage("GET", "/bereit", host="localhost@boese.example"), 400, NAME),
    Angriff("dieser Computer als Zahl", "lokal", anfrage("GET", "/bereit", host="2130706433"), 403, NAME),
    Angriff("Name mit Skript", "tokens", anfrage("GET", "/manifest.xml", host='x"><script>'), 400, NAME),
    Angriff("hinter einem Proxy", "lokal", anfrage("GET", "/krs/tafel", b"", "X-Forwarded-For: 10.0.0.1"), 403, PROXY),
    Angriff("Forwarded", "lokal", anfrage("GET", "/krs/tafel", b"", "Forwarded: for=10.0.0.1"), 403, PROXY),
    Angriff(
        "vorgetäuschter Nachbar", "tokens", anfrage("GET", "/krs/ich", b"", "X-Forwarded-For: 127.0.0.1"), 401, ANMELDEN
    ),
    # --- how much
    Angriff("angekündigt zu gross", "lokal", anfrage(
        "POST", "/krs/eingang", b"", "Content-Type: multipart/form-data; boundary=g", "Content-Length: 999999999",
        "Connection: close"), 413, ZU_GROSS),
    Angriff("stückweise Unsinn", "lokal", stueckweise("/krs/eingang", 3_200_000, "multipart/form-data; boundary=g"),
            400, KEIN_FORMULAR),
    Angriff("stückweise zu gross", "lokal",
            [*stueckweise("/krs/pruefen", 0, "multipart/form-data; boundary=g")[:1], ANFANG,
             *[STUECK] * 50], 413, ZU_GROSS),
    Angriff("Funktion zu gross", "lokal", stueckweise(FUNKTION, 10_100_000, "application/json"),
            413, FUNKTION_ZU_GROSS),
    Angriff("zu viele Dateien", "lokal", dateien("/krs/pruefen", *[(f"{n}.xlsx", b"") for n in range(121)]),
            413, "Das sind zu viele Dateien auf einmal. Senden Sie höchstens 120."),
    Angriff("tausende Teile", "lokal", formular("/krs/pruefen", [(f"f{n}", None, b"x") for n in range(5_000)]),
            400, KEIN_FORMULAR),
    Angriff("tausend Kopfzeilen je Teil", "lokal", anfrage(
        "POST", "/krs/pruefen", b"--g\r\n" + b"X-A: b\r\n" * 1_000 + b"\r\nx\r\n--g--\r\n",
        "Content-Type: multipart/form-data; boundary=g"), 400, KEIN_FORMULAR),
    Angriff("riesige Kopfzeile", "lokal", anfrage("GET", "/bereit", b"", f"X-A: {'x' * 200_000}"), 400, KEIN_HTTP),
    Angriff("Teil ohne Ende", "lokal", anfrage(
        "POST", "/krs/pruefen", b"Kein Formular", "Content-Type: multipart/form-data; boundary=g"), 400, KEIN_FORMULAR),
    Angriff("abgeschnittene Datei", "lokal", anfrage(
        "POST", "/krs/pruefen", TEIL + b"PK\x03\x04 und dann", "Content-Type: multipart/form-data; boundary=g"),
        400, KEIN_FORMULAR),
    Angriff("Formular ohne Grenze", "lokal", anfrage("POST", "/krs/pruefen", b"x", "Content-Type: multipart/form-data"),
            400, KEIN_FORMULAR),
    Angriff("unmöglicher Zeichensatz", "lokal", anfrage(
        "POST", "/krs/pruefen", TEIL + b"x\r\n--g--\r\n",
        "Content-Type: multipart/form-data; boundary=g; charset=undefined"), 400, KEIN_FORMULAR),
    Angriff("Datei statt Angabe", "lokal", formular("/krs/eingang", [
        ("dateien", "a.xlsx", b"x"), ("stichtag", "s", b"2024-09-10")]), 400,
            "Die Anfrage hat ein Feld, das es nicht gibt. Laden Sie den Aufgabenbereich neu."),
    Angriff("JSON als Eingang", "lokal", json_post("/krs/eingang", {}), 415,
            "Senden Sie die Dateien als Formular (multipart/form-data)."),
    Angriff("keine Datei", "lokal", formular("/krs/eingang", [("stichtag", None, b"2024-09-10")]), 400,
            "Es kam keine Datei an. Ziehen Sie die Formulare in das Feld."),
    Angriff("keine Datei zu prüfen", "lokal", formular("/krs/pruefen", [("stichtag", None, b"2024-09-10")]), 400,
            "Es kam keine Datei an. Ziehen Sie die Formulare in das Feld."),
    Angriff("zweierlei Stammdaten", "lokal", formular("/krs/eingang", [
        ("dateien", "a.xlsx", b"x"), ("stammdaten", "S.xlsx", b"x"), ("stammdaten", "T.xlsx", b"x")]), 400,
            "Es kamen mehrere Stammdaten an. Senden Sie eine Datei."),
    Angriff("unbekanntes Feld", "lokal", formular("/krs/eingang", [("ablage", None, b"/etc")]), 400,
            "Die Anfrage hat ein Feld, das es nicht gibt. Laden Sie den Aufgabenbereich neu."),
    Angriff("fremde Stammdaten für die Ablage", "lokal",
            formular("/krs/eingang", [("dateien", "a.xlsx", b"x"), ("stammdaten", "Stammdaten.xlsx", b"x")]), 400,
            "Die Ablage hat eigene Stammdaten. Ändern Sie diese dort, und senden Sie nur die Formulare."),
    # --- where to
    Angriff("Ausbruch aus den Dateien", "lokal", anfrage("GET", "/static/../../../../etc/passwd"), 404, KEINE_DATEI),
    Angriff("Ausbruch, verschlüsselt", "lokal", anfrage("GET", "/static/%2e%2e/pyproject.toml"), 404, KEINE_DATEI),
    Angriff("Ausbruch, Schrägstrich", "lokal", anfrage("GET", "/static/..%2fpyproject.toml"), 404, KEINE_DATEI),
    Angriff("Ausbruch, Windows", "lokal", anfrage("GET", "/static/..%5cauth%5ccustom"), 404, KEINE_DATEI),
    Angriff("absoluter Pfad", "lokal", anfrage("GET", "/static//etc/passwd"), 404, KEINE_DATEI),
    Angriff("Nullzeichen", "lokal", anfrage("GET", "/static/js/utils.js%00.png"), 404, KEINE_DATEI),
    Angriff("Quelltext des Servers", "lokal", anfrage("GET", "/custom_functions/__init__.py"), 404, KEIN_WEG),
    Angriff("Weg von xlwings", "lokal", anfrage("GET", "/xlwings/alert?prompt=a&title=b&buttons=c&mode=d&callback=e"),
            404, KEIN_WEG),
    Angriff("Weg zu Socket.io", "lokal", anfrage("GET", "/socket.io/?EIO=4&transport=polling"), 404, KEIN_WEG),
    Angriff("Beschreibung der Schnittstelle", "lokal", anfrage("GET", "/openapi.json"), 404, KEIN_WEG),
    Angriff("Wurzel", "lokal", anfrage("GET", "/"), 404, KEIN_WEG),
    Angriff("Weg mit Zeilenende", "lokal", anfrage("GET", "/bereit%0a"), 404, KEIN_WEG),
    Angriff("Weg mit Schrägstrich am Ende", "lokal", anfrage("GET", "/krs/ich/"), 404, KEIN_WEG),
    Angriff("Ausbruch über die SHA", "lokal", anfrage("GET", "/krs/einreichung/../../Stammdaten.xlsx"), 400, KEINE_SHA),
    Angriff("verschlüsselte SHA", "lokal", anfrage("GET", "/krs/einreichung/%2e%2e%2findex.csv"), 400, KEINE_SHA),
    Angriff("Platzhalter als SHA", "lokal", anfrage("GET", f"/krs/einreichung/{'*' * 64}"), 400, KEINE_SHA),
    Angriff("SHA mit Zeilenende", "lokal", anfrage("GET", f"/krs/einreichung/{SHA}%0a"), 400, KEINE_SHA),
    Angriff("unbekannte SHA", "lokal", anfrage("GET", f"/krs/einreichung/{SHA}"), 404, UNBEKANNT),
    Angriff("Stichtag als Pfad", "lokal",
            formular("/krs/eingang", [("dateien", "a.xlsx", b"x"), ("stichtag", None, b"../Laeufe")]), 400, KEIN_TAG),
    Angriff("Eingang von morgen", "lokal",
            formular("/krs/eingang", [("dateien", "a.xlsx", b"x"), ("stichtag", None, b"2024-09-11")]), 400,
            "Der Stichtag liegt in der Zukunft. Nennen Sie den Tag, an dem die Dateien eingegangen sind."),
    Angriff("Stichtag mit Zeilenende", "lokal", anfrage("GET", "/krs/tafel?stichtag=2024-09-10%0a"), 400, KEIN_TAG),
    Angriff("Stichtag in fremden Ziffern", "lokal",
            anfrage("GET", "/krs/tafel?stichtag=%D9%A2%D9%A0%D9%A2%D9%A4-09-10"), 400, KEIN_TAG),
    Angriff("unmöglicher Tag", "lokal", anfrage("GET", "/krs/tafel?stichtag=2024-02-30"), 400, KEIN_TAG),
    # --- how
    Angriff("PUT", "lokal", anfrage("PUT", "/krs/master", b"x"), 405, NICHT_SO),
    Angriff("DELETE", "lokal", anfrage("DELETE", f"/krs/einreichung/{SHA}"), 405, NICHT_SO),
    Angriff("TRACE", "lokal", anfrage("TRACE", "/bereit"), 405, NICHT_SO),
    Angriff("GET statt POST", "lokal", anfrage("GET", "/krs/eingang"), 405, NICHT_SO),
    Angriff("Vorabfrage eines Browsers", "lokal", anfrage(
        "OPTIONS", FUNKTION, b"", "Origin: https://boese.example", "Access-Control-Request-Method: POST"), 403, FREMD),
    Angriff("unbekannte Methode", "lokal", anfrage("KRSKRS", "/bereit"), 405, NICHT_SO),
    Angriff("zwei Längen", "lokal", anfrage(
        "POST", FUNKTION, b"{}", "Content-Type: application/json", "Content-Length: 2", "Content-Length: 20"),
        400, KEIN_HTTP),
    Angriff("Länge und Stücke", "lokal",
            b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400, KEIN_HTTP),
    Angriff("Länge neben Stücken", "lokal",
            f"POST {FUNKTION} HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 4\r\n"
            "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n".encode(), 400, KEIN_HTTP),
    Angriff("ganze Adresse", "lokal", anfrage("GET", "http://localhost/krs/tafel"), 404, KEIN_WEG),
    Angriff("zweite Anfrage im Rumpf", "lokal", anfrage(
        "GET", "/gibt-es-nicht", b"GET /krs/tafel HTTP/1.1\r\nHost: localhost\r\n\r\n"), 404, KEIN_WEG),
    Angriff("kein HTTP", "lokal", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, KEIN_HTTP),
    Angriff("Kopfzeile mit Zeilenende", "lokal", b"GET /bereit HTTP/1.1\r\nHost: HOST\r\nX: a\rb\r\n\r\n",
            400, KEIN_HTTP),
    Angriff("langsamer Rumpf", "eilig", anfrage(
        "POST", FUNKTION, b"{", "Content-Type: application/json", "Content-Length: 100"), 400, ZU_LANGSAM),
    # --- what
    Angriff("kaputtes JSON", "lokal", json_post(FUNKTION, b'{"func_name":'), 400, KEIN_JSON),
    Angriff("JSON als Text", "lokal", anfrage("POST", FUNKTION, b"{}", "Content-Type: text/plain"), 400,
            "Die Anfrage muss JSON sein (Content-Type: application/json)."),
    Angriff("kein UTF-8", "lokal", json_post(FUNKTION, b'{"func_name":"\xff"}'), 400, KEIN_JSON),
    Angriff("NaN", "lokal", json_post(FUNKTION, b'{"func_name":"krs_beitrag","args":[NaN]}'), 400, KEIN_JSON),
    Angriff("tief verschachtelt", "lokal", json_post(FUNKTION, b"[" * 100_000), 400, KEIN_JSON),
    Angriff("Liste statt Anfrage", "lokal", json_post(FUNKTION, []), 400, KEINE_FUNKTION),
    Angriff("Name als Zahl", "lokal", json_post(FUNKTION, {**BEITRAG, "func_name": 7}), 400, KEINE_FUNKTION),
    Angriff("Argumente als Text", "lokal", json_post(FUNKTION, {**BEITRAG, "args": "x"}), 400, KEINE_FUNKTION),
    Angriff("Makro __class__", "lokal", makro("__class__"), 400, KEIN_BEFEHL),
    Angriff("Makro mit Pfad", "lokal", makro("../custom-functions-call"), 400, KEIN_BEFEHL),
    Angriff("Makro mit Zeilenende", "lokal", makro("konsolidieren%0d%0aX-A:%20b"), 400, KEIN_BEFEHL),
    Angriff("Makro ohne Mappe", "lokal", json_post(f"{SKRIPT}/einreichung_pruefen", {"args": []}), 400, KEINE_MAPPE),
    Angriff("Mappe ohne Blätter", "lokal", json_post(f"{SKRIPT}/einreichung_pruefen", {**MAPPE, "sheets": []}),
            400, KEINE_MAPPE),
    Angriff("aktives Blatt ausserhalb", "lokal", json_post(
        f"{SKRIPT}/einreichung_pruefen", {**MAPPE, "book": {"name": "x", "active_sheet_index": 10**9}}),
        400, KEINE_MAPPE),
    Angriff("zu viele Angaben", "lokal", json_post(f"{SKRIPT}/konsolidieren", {**MAPPE, "args": [{}, {}]}), 400,
            "Die Angaben zum Befehl sind nicht lesbar. Laden Sie das Add-in neu."),
    Angriff("unbekannte Angabe", "lokal", makro("konsolidieren", ablage="/etc"), 400,
            "Die Angabe «ablage» gibt es bei diesem Befehl nicht."),
)  # fmt: skip


@pytest.mark.parametrize("a", ANGRIFFE, ids=lambda a: a.name)
def test_der_angriff_wird_abgewiesen_und_aendert_nichts(
    a: Angriff, lokal: Server, mit_tokens: Server, eilig: Server, ordner: Path
) -> None:
    server = {"lokal": lokal, "tokens": mit_tokens, "eilig": eilig}[a.auf]
    server.anmeldung.bremse = Bremse()
    vorher = baum(ordner)
    antwort = roh(server.port, a.senden(server) if callable(a.senden) else a.senden)
    assert (antwort.status, antwort.satz) == (a.status, a.satz)
    assert_geschuetzt(antwort.kopf)
    assert antwort.kopf["cache-control"] == "no-store"
    assert_verraet_nichts(antwort.text, ordner)
    assert baum(ordner) == vorher


@pytest.mark.parametrize("teil", ["bytes=5-2", "x", "zeilen=1-2", "bytes=", "bytes=99999999-", "bytes=0-4"])
def test_wer_einen_teil_einer_datei_verlangt_erhaelt_sie_ganz(lokal: Server, teil: str) -> None:
    ganz = roh(lokal.port, anfrage("GET", "/static/js/utils.js"))
    antwort = roh(lokal.port, anfrage("GET", "/static/js/utils.js", b"", f"Range: {teil}"))
    assert (antwort.status, antwort.text) == (ganz.status, ganz.text) == (200, ganz.text)
    assert_geschuetzt(antwort.kopf)


def assert_geschuetzt(kopf: object) -> None:
    """Every answer, also a refusal by the protocol, forbids what a browser may forbid."""
    assert isinstance(kopf, dict)
    assert "default-src 'none'" in kopf["content-security-policy"]
    assert kopf["x-content-type-options"] == "nosniff"
    assert kopf["referrer-policy"] == "no-referrer"
    assert "server" not in kopf
    assert [k for k in kopf if k.startswith("access-control")] == []


def assert_verraet_nichts(text: str, ordner: Path) -> None:
    """No answer names a place on the server or how it is made."""
    assert str(ordner) not in text
    assert re.findall(r"Traceback|\.py\b|site-packages|xlwings|uvicorn|starlette|<html", text) == []


def test_die_liste_ist_lang_genug_und_jeder_name_einmalig() -> None:
    assert len(ANGRIFFE) >= 30
    assert len({a.name for a in ANGRIFFE}) == len(ANGRIFFE)


BOMBE = packen({**teile(ausgefuellt()), "xl/bombe.bin": b"\0" * 50_000_000})
LACHEN = packen({
    name: teil.replace(b"<workbook", b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook', 1)
    for name, teil in teile(ausgefuellt()).items()
})  # fmt: skip


@pytest.mark.parametrize(
    ("daten", "code"), [(BOMBE, "E-10"), (LACHEN, "E-04"), (b"PK\x03\x04" + b"\xff" * 2_000, "E-04"), (b"", "E-04")]
)
def test_eine_bombe_wird_ein_befund(lokal: Server, ordner: Path, daten: bytes, code: str) -> None:
    vorher = baum(ordner)
    antwort = roh(lokal.port, dateien("/krs/pruefen", ("Bombe.xlsx", daten)))
    assert antwort.status == 200
    assert [(b["code"], b["datei"]) for b in json.loads(antwort.inhalt)["befunde"]] == [(code, "Bombe.xlsx")]
    assert baum(ordner) == vorher


@pytest.mark.parametrize(
    ("name", "gezeigt"),
    [
        ("../../../Laeufe/x.xlsx", "x.xlsx"),
        ("/etc/passwd", "passwd"),
        ("C:\\\\Windows\\\\System32\\\\x.xlsx", "x.xlsx"),
        ("..\\\\..\\\\Stammdaten.xlsx", "Stammdaten.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        ("nul", "_nul"),
        (".versteckt.xlsx", "_.versteckt.xlsx"),
        ("..", "Datei"),
        ("a\x00b.xlsx", "a_b.xlsx"),
        ("<img src=x onerror=alert(1)>.xlsx", "_img src=x onerror=alert(1)_.xlsx"),
        ("=HYPERLINK(1).xlsx", "=HYPERLINK(1).xlsx"),
        ("Olten\u202exslx.exe", "Olten_xslx.exe_"),
        ("Olten\u2028neu.xlsx", "Olten_neu.xlsx"),
        ("desktop.ini", "_desktop.ini_"),
        ("x" * 300 + ".xlsx", "x" * 100 + ".xlsx"),
    ],
)
def test_ein_boeser_dateiname_wird_ein_harmloser(lokal: Server, ordner: Path, name: str, gezeigt: str) -> None:
    vorher = baum(ordner)
    antwort = roh(lokal.port, dateien("/krs/pruefen", (name, b"x")))
    assert antwort.kopf["content-type"] == "application/json"
    assert {b["datei"] for b in json.loads(antwort.inhalt)["befunde"]} == {gezeigt}
    assert baum(ordner) == vorher


def test_auch_nummeriert_passt_ein_name_aus_bildern_auf_die_platte() -> None:
    vergeben: set[str] = set()
    for _ in range(12):
        vergeben.add(sicherer_name("😀" * 60 + "." + "😀" * 10, vergeben).lower())
    assert len(vergeben) == 12
    assert max(len(f".{name}.4194304.neu".encode()) for name in vergeben) <= 255  # while it is written


@pytest.mark.parametrize("name", ["__class__", "rufe", "krs_beitrag\r\nX-A: b", "os.system", "KRS_BEITRAG ", ""])
def test_eine_unbekannte_funktion_ist_kein_fehler_des_servers(lokal: Server, name: str) -> None:
    antwort = roh(lokal.port, json_post(FUNKTION, {**BEITRAG, "func_name": name}))
    assert (antwort.status, antwort.kopf["content-type"]) == (400, "text/plain; charset=utf-8")
    assert antwort.text.endswith(".")
    assert "\r" not in antwort.text
    assert "x-a" not in antwort.kopf


@pytest.mark.parametrize(
    "argumente",
    [
        [[[1e308 * 10]]], [[[10**400]]], [[["=cmd|' /C calc'!A0"]]], [{"a": 1}], [[[[[[]]]]]], [[]], [None] * 50,
        [[[{"type": "Error", "basicValue": "#REF!"}]]], [[["\ud800"]]], [[[True]]], [7], [[["1"] * 100_000]],
    ],
)  # fmt: skip
def test_unmoegliche_argumente_sind_ein_satz_und_kein_fehler_des_servers(lokal: Server, argumente: object) -> None:
    rumpf = json.dumps({**BEITRAG, "args": argumente}).encode()
    antwort = roh(lokal.port, json_post(FUNKTION, rumpf))
    assert antwort.status == 400
    assert antwort.text.endswith(".")
    assert_verraet_nichts(antwort.text, Path("/nirgends"))


@pytest.mark.parametrize("saat", range(20))
def test_verdrehte_anfragen_bringen_den_server_nie_aus_dem_tritt(lokal: Server, ordner: Path, saat: int) -> None:
    zufall, vorher = Random(saat), baum(ordner)
    gute = (
        json_post(FUNKTION, {**BEITRAG, "args": [[[3]], [[1]], [[0]], [[0]], [["2024-H1"]]]}, "Connection: close"),
        dateien("/krs/pruefen", ("a.xlsx", ausgefuellt()[:500]), kopf=["Connection: close"]),
        makro("einreichung_pruefen", "Connection: close"),
        anfrage("GET", "/krs/tafel?stichtag=2024-09-10", b"", "Connection: close"),
    )
    for _ in range(6):
        roh_ = bytearray(zufall.choice(gute))
        for _ in range(zufall.randint(1, 8)):
            ort = zufall.randrange(len(roh_))
            match zufall.randrange(3):
                case 0:
                    roh_[ort] = zufall.randrange(256)
                case 1:
                    del roh_[ort : ort + zufall.randrange(20)]
                case _:
                    roh_[ort:ort] = zufall.randbytes(zufall.randrange(10))
        with suppress(OSError, HTTPException):  # it may also just wait for what was cut off
            assert roh(lokal.port, bytes(roh_), 0.5).status < 500
    assert roh(lokal.port, anfrage("GET", "/bereit")).status == 200
    assert baum(ordner) == vorher
