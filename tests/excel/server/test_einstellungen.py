"""Settings: by option or variable, checked together before anything listens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from urllib.request import urlopen

import pytest

from krs.excel.anfrage import Rolle
from krs.excel.server import lauf, projekt, start, tokendatei
from krs.excel.server.einstellungen import RAHMEN, Einstellungen, aus_umgebung, ist_lokal, variable

Aufruf = Callable[..., tuple[int, str, str]]
KRS = Path(sys.executable).with_name("krs")
ANMELDUNG = (
    "Ausserhalb dieses Computers braucht der Server eine Anmeldung: eine Token-Datei (--tokens DATEI, gemacht mit "
    "«krs token») oder Entra ID (--entra-tenant und --entra-client)."
)


@pytest.mark.parametrize(
    ("anders", "satz"),
    [
        ({"host": "0.0.0.0"}, ANMELDUNG),
        ({"host": "::"}, ANMELDUNG),
        ({"host": "krs.so.ch"}, ANMELDUNG),
        ({"host": ""}, ANMELDUNG),
        ({"adresse": "https://krs.so.ch"}, ANMELDUNG),  # behind a proxy on the same computer
        ({"entra_tenant": "x"}, "Für Entra ID braucht es beides: --entra-tenant und --entra-client."),
        ({"entra_client": "x"}, "Für Entra ID braucht es beides: --entra-tenant und --entra-client."),
        (
            {"entra_tenant": "x", "entra_client": "y", "tokens": Path("t")},
            "Nennen Sie entweder --tokens oder --entra-tenant, nicht beides.",
        ),
        (
            {"entra_tenant": "common", "entra_client": "y"},
            "Nennen Sie bei --entra-tenant den Mandanten des Kantons, nicht einen gemeinsamen.",
        ),
        ({"zertifikat": Path("c")}, "Für HTTPS braucht es beides: --zertifikat und --schluessel."),
        (
            {"adresse": "krs.so.ch"},
            "«krs.so.ch» ist keine Adresse. Schreiben Sie sie wie https://krs.so.ch, ohne Pfad.",
        ),
        (
            {"adresse": "https://krs.so.ch/addin"},
            "«https://krs.so.ch/addin» ist keine Adresse. Schreiben Sie sie wie https://krs.so.ch, ohne Pfad.",
        ),
        ({"adresse": "http://krs.so.ch"}, "Office verlangt HTTPS. Schreiben Sie die Adresse mit https://."),
        ({"arbeiter": 0}, "Die Einstellung KRS_ARBEITER muss mindestens 1 sein."),
    ],
)
def test_was_nicht_zusammenpasst_startet_nicht(anders: dict[str, object], satz: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as fehler:
        replace(Einstellungen(), **anders).pruefen()
    assert str(fehler.value) == satz


@pytest.mark.parametrize(
    "anders",
    [
        {},
        {"host": "localhost"},
        {"host": "::1"},
        {"host": "127.0.0.2"},
        {"host": "0.0.0.0", "tokens": Path("t")},
        {"host": "0.0.0.0", "entra_tenant": "x", "entra_client": "y", "adresse": "https://krs.so.ch"},
    ],
)
def test_was_zusammenpasst_startet(anders: dict[str, object]) -> None:
    e = replace(Einstellungen(), **anders)
    e.pruefen()
    assert e.anmeldung == ("entra" if e.entra_tenant else "token" if e.tokens else "keine")
    assert (e.anmeldung == "keine") <= ist_lokal(e.host)


def test_dieselben_einstellungen_entstehen_aus_der_umgebung() -> None:
    e = Einstellungen(
        Path("/a/Ablage"), "0.0.0.0", 1234, Path("t.toml"), "", "", "https://krs.so.ch", 3, "10.0.0.1", "https://x",
        Path("c"), Path("k"), 4, 50, 20, 10,
    )  # fmt: skip
    assert {f.name for f in fields(e) if getattr(e, f.name) == f.default} == {"entra_tenant", "entra_client"}
    assert aus_umgebung(e.als_umgebung()) == e
    assert aus_umgebung(Einstellungen().als_umgebung()) == Einstellungen()
    assert aus_umgebung({}) == Einstellungen()
    assert variable("entra_tenant") == "KRS_ENTRA_TENANT"
    with pytest.raises(ValueError, match=r"^KRS_PORT ist «abc»; schreiben Sie eine ganze Zahl\.$"):
        aus_umgebung({"KRS_PORT": "abc"})


def test_der_server_sagt_unter_welcher_adresse_er_ist() -> None:
    assert Einstellungen().ort == "http://localhost:8765"
    assert Einstellungen(adresse="https://krs.so.ch/").ort == "https://krs.so.ch"
    assert Einstellungen(host="::1", port=1).ort == "http://[::1]:1"
    assert Einstellungen(host="127.0.0.2", zertifikat=Path("c")).ort == "https://127.0.0.2:8765"


def test_vor_dem_start_wird_geprueft_was_sonst_erst_der_erste_benutzer_merkt(tmp_path: Path) -> None:
    with socket.socket() as besetzt:
        besetzt.bind(("127.0.0.1", 0))
        besetzt.listen()
        port = besetzt.getsockname()[1]
        with pytest.raises(ValueError, match="kann der Server nicht warten") as fehler:
            start.pruefe(Einstellungen(port=port))
        assert str(fehler.value) == (
            f"Auf 127.0.0.1, Port {port} kann der Server nicht warten. Läuft er schon? Sonst nennen Sie mit --port "
            "einen anderen Port."
        )
    with pytest.raises(Exception, match="gibt es nicht") as weg:
        start.pruefe(Einstellungen(port=0, zertifikat=tmp_path / "c", schluessel=tmp_path / "k"))
    assert str(weg.value) == f"Die Datei «{tmp_path / 'c'}» gibt es nicht. Prüfen Sie den Pfad."
    assert start.pruefe(Einstellungen(port=0)) == []
    offen = tmp_path / "t.toml"
    tokendatei.hinzufuegen(offen, tokendatei.Eintrag("A", "A", frozenset(Rolle), ""))
    offen.chmod(0o644)
    assert start.pruefe(Einstellungen(host="0.0.0.0", port=0, tokens=offen)) == [
        f"Achtung: Andere können «{offen}» lesen. Beschränken Sie die Rechte (chmod 600).",
        "Achtung: Der Server spricht kein HTTPS. Stellen Sie einen Proxy davor (--proxy) oder nennen Sie --zertifikat "
        "und --schluessel.",
    ]


def test_xlwings_liest_nichts_aus_der_umgebung_als_seinen_schluessel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLWINGS_CORS_ALLOW_ORIGINS", '["*"]')
    monkeypatch.setenv("XLWINGS_ENABLE_EXAMPLES", "true")
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "eigener")
    vorher = dict(os.environ)
    try:
        projekt.vorbereiten()
        assert os.environ["XLWINGS_CORS_ALLOW_ORIGINS"] == "[]"
        assert os.environ["XLWINGS_ENABLE_EXAMPLES"] == "false"
        assert os.environ["XLWINGS_LICENSE_KEY"] == "eigener"
        assert os.environ["XLWINGS_MANIFEST_ID_PROD"] == projekt.MANIFEST_ID
        assert projekt.lizenz() == "eigene"
    finally:
        os.environ.clear()
        os.environ.update(vorher)


def test_rahmen_und_proxy_sind_eng_voreingestellt() -> None:
    assert all(teil.startswith("https://") for teil in RAHMEN.split())
    o = lauf.optionen(Einstellungen())
    assert (o["proxy_headers"], o["server_header"], o["access_log"], o["ws"]) == (False, False, False, "none")
    assert lauf.optionen(Einstellungen(proxy="10.0.0.1"))["forwarded_allow_ips"] == "10.0.0.1"


# --- commands -------------------------------------------------------------------------------------
def test_serve_ohne_anmeldung_ausserhalb_endet_mit_einem_satz(krs: Aufruf) -> None:
    assert krs("serve", "--host", "0.0.0.0") == (2, "", f"{ANMELDUNG}\n")


def test_serve_ohne_den_zusatz_sagt_was_fehlt(krs: Aufruf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "find_spec", lambda _: None)
    assert krs("serve") == (
        2, "",
        "Für «krs serve» fehlt der Zusatz krs[server]. Installieren Sie krs damit neu (Handbuch für die Informatik, "
        "Schritt 1), nie aus dem Internet; im Checkout bringt ihn «./run krs serve» mit.\n",
    )  # fmt: skip


def test_die_befehlszeile_braucht_die_teile_des_servers_nicht() -> None:
    ohne = (
        "import sys; sys.modules.update(dict.fromkeys(['xlwings', 'xlwings_server', 'starlette', 'uvicorn', 'orjson']))"
    )
    befehl = [sys.executable, "-c", f"{ohne}; from krs.cli import main; sys.argv = ['krs', 'serve']; main()"]
    ergebnis = subprocess.run(befehl, capture_output=True, text=True, check=False)
    assert ergebnis.returncode == 2
    assert ergebnis.stderr.startswith("Für «krs serve» fehlt der Zusatz krs[server].")


def test_serve_mit_einer_ablage_die_es_nicht_gibt(krs: Aufruf, tmp_path: Path) -> None:
    code, _, fehler = krs("serve", "--ablage", tmp_path / "weg")
    assert (code, fehler) == (
        2, f"Den Ordner «{tmp_path / 'weg'}» gibt es nicht. Legen Sie ihn mit «krs neu {tmp_path / 'weg'}» an.\n"
    )  # fmt: skip


def test_ein_token_entsteht_und_wird_widerrufen(krs: Aufruf, tmp_path: Path) -> None:
    datei = tmp_path / "t.toml"
    code, text, hinweis = krs(
        "token", "--datei", datei, "--name", "Anna", "--visum", "AB", "--rolle", "Erfassung", "--rolle", "Freigabe",
        "--gueltig-bis", "2025-12-31",
    )  # fmt: skip
    assert (code, len(text.strip())) == (0, 43)
    assert hinweis == f"Token für Anna: Es steht nur hier. In {datei} bleibt seine Prüfsumme.\n"
    assert text.strip() not in datei.read_text("utf-8")
    assert krs("token", "--datei", datei, "--widerrufen", "AB") == (0, "Das Token von Anna ist widerrufen.\n", "")
    wieder = ("token", "--datei", datei, "--name", "Anna", "--visum", "AB", "--rolle", "Erfassung")
    assert krs(*wieder)[0] == 0


@pytest.mark.parametrize(
    ("argumente", "satz"),
    [
        (
            ("--name", "Anna"),
            "Nennen Sie --name, --visum und mindestens eine --rolle, oder --widerrufen VISUM.",
        ),
        (("--widerrufen", "AB", "--name", "x"), "Nennen Sie neben --widerrufen nur --datei."),
        (
            ("--name", "Anna", "--visum", "AB", "--rolle", "Chef"),
            "Die Rolle «Chef» gibt es nicht. Möglich sind Erfassung und Freigabe.",
        ),
        (
            ("--name", "Anna", "--visum", "A B", "--rolle", "Freigabe"),
            "Das Visum hat 1 bis 20 Zeichen: Buchstaben, Ziffern, Punkt oder Bindestrich.",
        ),
    ],
)
def test_ein_falscher_aufruf_von_token(krs: Aufruf, tmp_path: Path, argumente: tuple[str, ...], satz: str) -> None:
    assert krs("token", "--datei", tmp_path / "t.toml", *argumente) == (2, "", f"{satz}\n")
    assert list(tmp_path.iterdir()) == []


def test_ein_token_in_einem_ordner_den_es_nicht_gibt(krs: Aufruf, tmp_path: Path) -> None:
    neu = ("--name", "Anna", "--visum", "AB", "--rolle", "Freigabe")
    assert krs("token", "--datei", tmp_path / "weg" / "t.toml", *neu) == (
        2, "", f"Den Ordner «{tmp_path / 'weg'}» gibt es nicht. Prüfen Sie den Pfad.\n",
    )  # fmt: skip


def test_serve_ist_bereit_und_sagt_wo(tmp_path: Path) -> None:
    with socket.socket() as frei:
        frei.bind(("127.0.0.1", 0))
        port = frei.getsockname()[1]
    with (tmp_path / "aus").open("w") as aus, (tmp_path / "protokoll").open("w") as err:
        bis = time.monotonic() + 60
        p = subprocess.Popen([KRS, "serve", "--port", str(port)], stdout=aus, stderr=err)
        try:
            while True:
                try:
                    with urlopen(f"http://localhost:{port}/bereit", timeout=1) as antwort:
                        assert antwort.status == 200
                    break
                except OSError:
                    assert p.poll() is None
                    assert time.monotonic() < bis
                    time.sleep(0.02)
        finally:
            p.terminate()
            p.wait()
    assert (tmp_path / "aus").read_text("utf-8").splitlines() == [
        "Lizenz von xlwings: noncommercial. Einen eigenen Schlüssel nennt die Variable XLWINGS_LICENSE_KEY.",
        f"Aufgabenbereich: http://localhost:{port}/taskpane.html",
        f"Manifest: http://localhost:{port}/manifest.xml",
        "Der Server läuft, bis Sie ihn mit Ctrl-C beenden.",
    ]
    assert "INFO GET /bereit 200" in (tmp_path / "protokoll").read_text("utf-8")
