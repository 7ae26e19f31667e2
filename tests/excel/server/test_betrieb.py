"""The server at work: several processes over one working folder, slow connections, many at once."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ablage import laufhilfe
from ablage.hilfe import ausgefuellt, baum
from excel.server.hilfe import Antwort, anfrage, formular, json_post, krs_serve, laufend, roh
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.excel.server import auftraege, lauf
from krs.excel.server.einstellungen import Einstellungen

FUNKTION = "/xlwings/custom-functions-call"
STICHTAG = ("stichtag", None, b"2024-09-10")


def test_zwei_prozesse_teilen_eine_ablage_und_nichts_geht_verloren(tmp_path: Path) -> None:
    ablage = laufhilfe.offene(tmp_path)
    formulare = {f"{n}.xlsx": ausgefuellt(ablage, 2401 + n % 3, bemerkungen=f"Nr. {n}") for n in range(6)}
    antworten: list[Antwort] = []

    def senden(port: int, name: str, daten: bytes) -> None:
        antworten.append(roh(port, formular("/krs/eingang", [("dateien", name, daten), STICHTAG]), 120))

    def rechnen(port: int) -> None:
        rumpf = {"func_name": "krs_beitrag", "args": [[[3]], [[1]], [[0]], [[0]], [["2024-H1"]]], "runtime": "1.4"}
        for _ in range(20):
            antworten.append(roh(port, json_post(FUNKTION, rumpf), 60))

    with krs_serve("--ablage", str(ablage.pfad), "--arbeiter", "2") as port:
        faeden = [threading.Thread(target=senden, args=(port, n, d)) for n, d in formulare.items()]
        faeden += [threading.Thread(target=rechnen, args=(port,)) for _ in range(2)]
        for faden in faeden:
            faden.start()
        for faden in faeden:
            faden.join()

    stand = Counter(a.status for a in antworten)
    assert set(stand) <= {200, 409}
    assert stand[200] >= 41
    for a in antworten:
        if a.status == 409:  # the lock was held longer than one waits
            assert a.satz == "In der Ablage «Ablage» wird bereits mit krs gearbeitet. Versuchen Sie es später erneut."
        else:
            assert set(json.loads(a.inhalt)) in ({"result"}, {
                "stichtag", "saetze", "zahlen", "tafel", "befunde", "master"
            })  # fmt: skip
    gelegt = {p.name: p.read_bytes() for p in (ablage.eingang / "2024-09-10").iterdir()}
    assert {n: formulare[n] for n in gelegt} == gelegt
    assert len(gelegt) >= 6 - stand[409]
    assert [p for p in ablage.pfad.rglob("*") if p.name.endswith(".neu")] == []
    ablauf.konsolidieren(ablage.pfad, laufhilfe.TAG)
    danach = baum(ablage.pfad)
    ablauf.konsolidieren(ablage.pfad, laufhilfe.TAG)
    assert baum(ablage.pfad) == danach
    assert Ablage.oeffnen(ablage.pfad).master.is_file()


@pytest.mark.parametrize(
    "anfang", [b"", b"GET /bereit HTTP/1.1\r\nHost: loc", b"GET /bereit HTTP/1.1\r\nHost: HOST\r\n"]
)
def test_wer_nichts_sagt_wird_getrennt(monkeypatch: pytest.MonkeyPatch, anfang: bytes) -> None:
    monkeypatch.setattr(lauf, "_FRIST", 0.3)
    with laufend(Einstellungen()) as server, socket.create_connection(("127.0.0.1", server.port), timeout=60) as s:
        s.sendall(anfang)
        assert s.recv(100) == b""


@pytest.mark.parametrize("anfang", [b"", b"POST /gibt-es-nicht HTTP/1.1\r\nHost: HOST\r\nContent-Length: 9999\r\n\r\n"])
def test_wer_nur_troepfelt_wird_getrennt_auch_nach_einer_antwort(
    monkeypatch: pytest.MonkeyPatch, anfang: bytes
) -> None:
    monkeypatch.setattr(lauf, "_FRIST", 0.5)
    with laufend(Einstellungen()) as server, socket.create_connection(("127.0.0.1", server.port), timeout=60) as s:
        s.sendall(anfang.replace(b"HOST", f"localhost:{server.port}".encode()))
        if anfang:
            assert s.recv(10_000).startswith(b"HTTP/1.1 404")
        with pytest.raises(ConnectionError):
            _troepfeln(s)


def _troepfeln(s: socket.socket) -> None:
    for _ in range(1_200):  # a minute
        s.sendall(b"x")
        time.sleep(0.05)


def test_wer_auf_eine_lange_arbeit_wartet_wird_nicht_getrennt(monkeypatch: pytest.MonkeyPatch) -> None:
    def lange(*_: object) -> dict[str, object]:
        time.sleep(1)
        return {}

    monkeypatch.setattr(lauf, "_FRIST", 0.1)
    monkeypatch.setattr(auftraege, "stand", lange)
    with laufend(Einstellungen()) as server:
        assert roh(server.port, anfrage("GET", "/krs/tafel")).inhalt == b"{}"


def test_eine_verbindung_traegt_viele_anfragen_nacheinander() -> None:
    with laufend(Einstellungen()) as server:
        verbindung = http.client.HTTPConnection("localhost", server.port, timeout=60)
        for _ in range(50):
            verbindung.request("GET", "/bereit")
            antwort = verbindung.getresponse()
            assert (antwort.status, json.loads(antwort.read())["anmeldung"]) == (200, "keine")
        verbindung.close()


def test_ein_schwerer_auftrag_haelt_die_zellen_nicht_auf(monkeypatch: pytest.MonkeyPatch) -> None:
    begonnen, weiter = threading.Event(), threading.Event()

    def schwer(*_: object) -> dict[str, object]:
        begonnen.set()
        assert weiter.wait(60)
        return {}

    monkeypatch.setattr(auftraege, "stand", schwer)
    rumpf = {"func_name": "krs_beitrag", "args": [[[3]], [[1]], [[0]], [[0]], [["2024-H1"]]], "runtime": "1.4"}
    with laufend(Einstellungen(gleichzeitig=1)) as server, ThreadPoolExecutor(1) as faden:
        tafel = faden.submit(roh, server.port, anfrage("GET", "/krs/tafel"))
        assert begonnen.wait(60)
        assert roh(server.port, json_post(FUNKTION, rumpf)).status == 200
        assert not tafel.done()
        weiter.set()
        assert tafel.result().inhalt == b"{}"
