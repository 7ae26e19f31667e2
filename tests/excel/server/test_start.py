"""What an installer gets wrong is one sentence before anything listens."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ablage.laufhilfe import offene
from krs.cli import app, laufen
from krs.excel.server import start, tokendatei
from krs.excel.server.einstellungen import Einstellungen

OHNE = serialization.NoEncryption()


def _paar(ordner: Path, verschluesselt: serialization.KeySerializationEncryption = OHNE) -> tuple[Path, Path]:
    """Return a certificate made by itself, and its key."""
    schluessel = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "krs.example.ch")])
    zertifikat = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(schluessel.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2044, 1, 1, tzinfo=UTC))
        .sign(schluessel, hashes.SHA256())
    )
    ordner.mkdir(exist_ok=True)
    c, k = ordner / "c.pem", ordner / "k.pem"
    c.write_bytes(zertifikat.public_bytes(serialization.Encoding.PEM))
    k.write_bytes(
        schluessel.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, verschluesselt)
    )
    return c, k


def _satz(e: Einstellungen) -> str:
    with pytest.raises(Exception, match=r"\.$") as fehler:
        start.pruefe(e)
    return str(fehler.value)


@pytest.mark.parametrize("port", [65_536, 80_000, -1])
def test_ein_port_den_es_nicht_gibt(port: int) -> None:
    assert _satz(Einstellungen(port=port)) == (
        f"Den Port {port} gibt es nicht. Nennen Sie mit --port eine Zahl von 1 bis 65535."
    )


def test_ein_port_fuer_den_das_recht_fehlt(monkeypatch: pytest.MonkeyPatch) -> None:
    def verweigert(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", verweigert)
    assert _satz(Einstellungen(port=443)) == (
        "Für Port 443 fehlt diesem Konto das Recht. Nennen Sie mit --port einen ab 1024 und stellen Sie einen Proxy "
        "davor."
    )


@pytest.mark.parametrize(
    ("proxy", "falsch"), [("nginx", "nginx"), ("*", "*"), ("127.0.0.1, http://10.0.0.1", "http://10.0.0.1"), (",", "")]
)
def test_ein_proxy_der_keine_adresse_ist(proxy: str, falsch: str) -> None:
    assert _satz(Einstellungen(port=0, proxy=proxy)) == (
        f"«{falsch}» ist keine Adresse eines Proxys. Nennen Sie IP-Adressen oder Netze, mit Komma getrennt, zum "
        "Beispiel 127.0.0.1 oder 10.0.0.0/24."
    )


def test_adressen_und_netze_sind_proxys() -> None:
    assert start.pruefe(Einstellungen(port=0, proxy="127.0.0.1, 10.0.0.0/24,::1")) == []


def test_https_geht_mit_zwei_dateien_die_zusammengehoeren(tmp_path: Path) -> None:
    zertifikat, schluessel = _paar(tmp_path)
    assert start.pruefe(Einstellungen(port=0, zertifikat=zertifikat, schluessel=schluessel)) == []


def test_https_geht_sonst_nicht_und_niemand_wird_nach_einem_kennwort_gefragt(tmp_path: Path) -> None:
    zertifikat, _ = _paar(tmp_path / "a")
    _, fremder = _paar(tmp_path / "b")
    eigenes, gesperrter = _paar(tmp_path / "c", serialization.BestAvailableEncryption(b"geheim"))
    unsinn = tmp_path / "unsinn.pem"
    unsinn.write_text("Unsinn")
    for c, k in ((zertifikat, fremder), (eigenes, gesperrter), (unsinn, unsinn)):
        assert _satz(Einstellungen(port=0, zertifikat=c, schluessel=k)) == (
            f"Mit «{c}» und «{k}» geht HTTPS nicht. Nötig sind zwei lesbare Dateien im Format PEM, die "
            "zusammengehören, der Schlüssel ohne Kennwort."
        )


def test_eine_ablage_in_die_das_konto_nicht_schreiben_darf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ablage = offene(tmp_path).pfad
    assert start.pruefe(Einstellungen(port=0, ablage=ablage)) == []
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert _satz(Einstellungen(port=0, ablage=ablage)) == (
        f"In der Ablage «{ablage}» darf dieses Konto nicht schreiben. Prüfen Sie die Rechte."
    )


def test_eine_token_datei_die_einem_anderen_konto_gehoert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def verweigert(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", verweigert)
    with pytest.raises(ValueError, match=r"\.$") as fehler:
        tokendatei.lies(tmp_path / "t.toml")
    assert str(fehler.value) == (
        f"Die Token-Datei «{tmp_path / 't.toml'}» darf dieses Konto nicht lesen. Geben Sie sie dem Konto, unter dem "
        "der Server läuft."
    )


def test_ein_ordner_statt_der_token_datei(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    neu = ["--name", "Anna", "--visum", "AB", "--rolle", "Freigabe"]
    assert laufen(app, ["token", "--datei", str(tmp_path), *neu]) == 2
    assert capsys.readouterr().err == f"«{tmp_path}» ist ein Ordner. Nennen Sie die Datei, zum Beispiel tokens.toml.\n"


@pytest.mark.skipif(os.name != "posix", reason="Windows kennt kein SIGINT für einen anderen Prozess.")
@pytest.mark.parametrize("arbeiter", [1, 2])
def test_ctrl_c_beendet_den_server_mit_einem_satz(arbeiter: int, tmp_path: Path) -> None:
    with socket.socket() as frei:
        frei.bind(("127.0.0.1", 0))
        port = frei.getsockname()[1]
    zertifikat, schluessel = _paar(tmp_path)
    krs = Path(sys.executable).with_name("krs")
    befehl = [
        krs, "serve", "--port", str(port), "--arbeiter", str(arbeiter), "--zertifikat", zertifikat, "--schluessel",
        schluessel,
    ]  # fmt: skip
    p = subprocess.Popen(befehl, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        _warte(f"https://localhost:{port}/bereit", p)
    finally:
        os.killpg(p.pid, signal.SIGINT)  # as a terminal does: to everybody in it
        aus, fehler = p.communicate(timeout=60)
    assert p.returncode == 0
    assert aus.splitlines()[-3:] == [
        f"Manifest: https://localhost:{port}/manifest.xml",
        "Der Server läuft, bis Sie ihn mit Ctrl-C beenden.",
        "Der Server ist beendet.",
    ]
    assert all(" INFO GET /bereit 200 " in zeile for zeile in fehler.splitlines())


def _warte(url: str, p: subprocess.Popen[str]) -> None:
    vertraut = ssl.create_default_context()
    vertraut.check_hostname = False
    vertraut.verify_mode = ssl.CERT_NONE
    ende = time.monotonic() + 60
    while p.poll() is None and time.monotonic() < ende:
        try:
            with urlopen(url, timeout=2, context=vertraut) as antwort:
                assert antwort.status == 200
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Der Server startet nicht.")
