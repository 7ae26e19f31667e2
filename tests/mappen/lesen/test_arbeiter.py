"""What may be heavy is read by another process: it may hang, swell or die, the run goes on with the next file."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from eingaben.bauen import ausgefuellt, gezeigt, meldung, packen, teile, umbau
from hilfe.warten import warte
from krs.formulare.eingabe import Eingabe, Kennung
from krs.mappen.lesen import arbeiter, leseprozess
from krs.mappen.lesen.arbeiter import Abgewiesen, lesen_sicher
from krs.mappen.lesen.behaelter import Behaelter
from krs.mappen.lesen.formular import lesen
from krs.mappen.lesen.leseprozess import auspacken, lesen_lassen

GUT = ausgefuellt()
NAME = "Formular.xlsx"
GROSS = packen({**teile(GUT), "xl/media/daten.bin": bytes(n % 251 for n in range(1_100_000))})
ABBRUCH = meldung("E-04", "beim Lesen brach das Programm ab")
ZU_SPAET = meldung("E-10", "das Lesen braucht mehr als 5 Sekunden Rechenzeit")
HAENGT = meldung("E-04", "das Lesen war nach 120 Sekunden nicht zu Ende")
SPEICHER = meldung("E-10", "sie braucht zu viel Arbeitsspeicher")
# Reads as we do, with a second of CPU, but does something else first.
LESER = """
import ctypes, os, signal, sys, time
{zuvor}
from krs.mappen.lesen.leseprozess import bedienen
from krs.mappen.lesen.behaelter import Behaelter
from krs.mappen.lesen.formular import lesen
def lies(daten, datei):
    {tun}
    return lesen(daten, datei)
bedienen(lies, 1, {wandzeit})
"""


def befehl(tun: str = "pass", zuvor: str = "", wandzeit: int = 600) -> list[str]:
    return [sys.executable, "-P", "-c", LESER.format(tun=tun, zuvor=zuvor, wandzeit=wandzeit)]


def gelesen(tun: str = "pass", zuvor: str = "") -> tuple[str, str]:
    """Return the refusal; «gelesen» if the same was read as here."""
    try:
        eingabe = lesen_lassen(GUT, befehl(tun, zuvor))
    except Abgewiesen as fehler:
        return gezeigt(fehler.befund(NAME))
    assert eingabe == lesen(GUT, "")
    return ("gelesen", "")


def gestartet(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return the list of the processes started from now on."""
    prozesse = []
    starte = subprocess.Popen

    def merke(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        prozesse.append(starte(*args, **kwargs))
        return prozesse[-1]

    monkeypatch.setattr(leseprozess.subprocess, "Popen", merke)
    return prozesse


def lebt(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be counted does not."""
    with suppress(OSError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    return False


# --- the same outcome here and there ---------------------------------------------------------
def test_ein_formular_mit_grossem_anhang_wird_im_anderen_prozess_gelesen_und_ist_dasselbe() -> None:
    assert not Behaelter(GUT, NAME).schwer
    assert Behaelter(GROSS, NAME).schwer
    assert lesen_sicher(GROSS, "Formular.xlsx") == lesen(GUT, "Formular.xlsx") == lesen_sicher(GUT, "Formular.xlsx")


@pytest.mark.parametrize("kennung", ["anhang2", "anhang3"])
def test_alle_werte_kommen_unveraendert_zurueck(kennung: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Behaelter, "schwer", True)
    prozesse = gestartet(monkeypatch)
    name = "Grüsse\udcfc 1.xlsx"  # as Linux names a file that is not UTF-8
    assert lesen_sicher(ausgefuellt(kennung), name) == lesen(ausgefuellt(kennung), name)
    assert len(prozesse) == 1


def test_abgewiesen_wird_mit_derselben_meldung() -> None:
    foto = {"xl/media/daten.bin": teile(GROSS)["xl/media/daten.bin"]}
    kaputt = umbau(GUT, blatt=lambda _: b"<a>")
    faelle = {
        packen({**teile(kaputt), **foto}): meldung("E-04", "ein Teil ist nicht lesbar"),
        packen({**teile(GUT), **foto, "mimetype": b"x"}): meldung("E-01"),
        packen({**foto, "xl/workbook.bin": b""}): meldung("E-03", "Excel-Binärarbeitsmappe (.xlsb)"),
    }
    for daten, erwartet in faelle.items():
        assert Behaelter(daten, NAME).schwer
        for lies in (lesen, lesen_sicher):
            with pytest.raises(Abgewiesen) as fehler:
                lies(daten, "Formular.xlsx")
            assert gezeigt(fehler.value.befund("Formular.xlsx")) == erwartet


def test_das_groesste_das_die_schranke_durchlaesst_wird_innert_der_grenzen_gelesen() -> None:
    knoten = b"".join(b"<x/>%d" % (n % 1009) for n in range(590_000)) + b"</sheetData>"
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", knoten))
    assert lesen_sicher(daten, NAME) == lesen(GUT, NAME)  # 5 seconds of CPU and, on Linux, 300 MB


def test_was_die_schranke_abweist_braucht_keinen_anderen_prozess(monkeypatch: pytest.MonkeyPatch) -> None:
    prozesse = gestartet(monkeypatch)
    bombe = packen({**teile(GUT), "xl/media/bild.emf": b" " * 50_000_000})
    with pytest.raises(Abgewiesen) as fehler:
        lesen_sicher(bombe, NAME)
    assert gezeigt(fehler.value.befund("")) == meldung("E-10", "auffällig stark gepackt")
    assert not prozesse


def test_ein_eigener_fehler_ist_hier_wie_dort_eine_abgewiesene_datei(monkeypatch: pytest.MonkeyPatch) -> None:
    for fehler, erwartet in ((KeyError, ABBRUCH), (MemoryError, SPEICHER)):

        def lies(_behaelter: Behaelter, _datei: str, fehler: type[Exception] = fehler) -> Eingabe:
            raise fehler

        monkeypatch.setattr(arbeiter, "aus_behaelter", lies)
        with pytest.raises(Abgewiesen) as abgewiesen:
            lesen_sicher(GUT, NAME)
        assert gezeigt(abgewiesen.value.befund(NAME)) == erwartet
        assert gelesen(f"raise {fehler.__name__}") == erwartet


# --- it hangs, swells, dies ------------------------------------------------------------------
@pytest.mark.parametrize("tun", ["while True: pass", "import re; re.match('(a+)+$', 'a' * 60 + 'b')"])
def test_wer_zu_lange_rechnet_wird_beendet_auch_mitten_in_c(tun: str) -> None:
    assert gelesen(tun) == ZU_SPAET


def test_wo_das_system_keine_rechenzeit_begrenzt_zaehlt_sie_der_prozess_selbst() -> None:
    assert gelesen("while True: pass", "sys.modules['resource'] = None") == ZU_SPAET
    assert gelesen("time.sleep(1.5)", "sys.modules['resource'] = None") == ("gelesen", "")


def test_wer_nur_wartet_hat_zeit_und_wird_gelesen() -> None:
    """As on a busy machine: more than the second of CPU it has passes on the wall."""
    assert gelesen("time.sleep(2.5)") == ("gelesen", "")


@pytest.mark.parametrize("zuletzt", ["pass", "os.write(1, b'hallo'); os.close(1)"])
def test_wer_haengt_wird_beendet_mit_einem_eigenen_satz(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zuletzt: str
) -> None:
    marke = tmp_path / "hängt"

    warten = subprocess.Popen.communicate

    def communicate(prozess: Any, daten: bytes | None = None, timeout: float | None = None) -> Any:
        """The time is up when the process hangs, not two minutes later."""
        while timeout is not None:
            assert timeout == 120
            try:
                return warten(prozess, daten, 0.1)
            except subprocess.TimeoutExpired:
                if marke.exists():
                    raise
                daten = None  # is on its way
        return warten(prozess, daten)

    monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
    prozesse = gestartet(monkeypatch)
    assert gelesen(f"{zuletzt}; open({str(marke)!r}, 'w').close(); time.sleep(6000)") == HAENGT
    assert [p.poll() for p in prozesse] == [-signal.SIGKILL]


@pytest.mark.parametrize("tun", ["os.abort()", "os._exit(0)", "ctypes.string_at(0)"])
def test_ein_absturz_ist_eine_abgewiesene_datei(tun: str) -> None:
    assert gelesen(tun) == ABBRUCH


@pytest.mark.skipif(sys.platform != "linux", reason="nur Linux begrenzt den Speicher eines Prozesses")
def test_zu_viel_speicher_ist_eine_abgewiesene_datei() -> None:
    assert gelesen("bytearray(2_000_000_000)") == SPEICHER


def test_wird_der_prozess_von_aussen_beendet_liest_ein_neuer_dieselbe_datei(tmp_path: Path) -> None:
    marke = tmp_path / "eins"
    marke.touch()
    datei = repr(str(marke))
    assert gelesen(f"os.path.exists({datei}) and (os.remove({datei}), os.kill(os.getpid(), 15))") == ("gelesen", "")
    assert not marke.exists()


@pytest.mark.parametrize(
    "tun",
    [
        "sys.__stdout__.buffer.write(b'hallo')",
        "return lies",
        "import pickle; os.write(1, pickle.dumps(('E-99', {}))); os._exit(0)",
    ],
)
def test_eine_antwort_die_keine_ist_wird_nicht_angenommen(tun: str) -> None:
    assert gelesen(tun) == ABBRUCH


def test_wo_sich_kein_prozess_starten_laesst_liest_das_programm_selbst(monkeypatch: pytest.MonkeyPatch) -> None:
    for nichts in (["/gibt/es/nicht"], [sys.executable, "-c", "pass"], [sys.executable, "-c", "print('hallo')"]):
        monkeypatch.setattr(leseprozess, "lesen_lassen", lambda daten, nichts=nichts: lesen_lassen(daten, nichts))
        assert lesen_sicher(GROSS, NAME) == lesen(GUT, NAME)
        kaputt = packen({**teile(umbau(GUT, blatt=lambda _: b"<a>")), "x.bin": teile(GROSS)["xl/media/daten.bin"]})
        with pytest.raises(Abgewiesen) as fehler:
            lesen_sicher(kaputt, NAME)
        assert gezeigt(fehler.value.befund(NAME)) == meldung("E-04", "ein Teil ist nicht lesbar")


def test_der_ordner_in_dem_man_steht_liefert_kein_programm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("krs", "lxml", "pickle"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert lesen_lassen(GUT) == lesen(GUT, "")


# --- nothing stays behind --------------------------------------------------------------------
VATER = """
import sys
from krs.mappen.lesen.leseprozess import lesen_lassen
lesen_lassen(open({datei!r}, "rb").read(), {befehl!r})
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="braucht /proc")
@pytest.mark.parametrize("tun", ["while True: pass", "time.sleep(6000)"])
@pytest.mark.parametrize("ende", [signal.SIGKILL, signal.SIGINT])
def test_stirbt_wer_fragte_endet_auch_der_andere_prozess(tmp_path: Path, tun: str, ende: signal.Signals) -> None:
    gut, entsteht, da = (str(tmp_path / name) for name in ("gut.xlsx", "neu", "pid"))
    Path(gut).write_bytes(GUT)
    melden = f"print(os.getpid(), file=open({entsteht!r}, 'w'), flush=True); os.rename({entsteht!r}, {da!r})"
    text = VATER.format(befehl=befehl(f"{melden}\n    {tun}", wandzeit=20), datei=gut)
    with subprocess.Popen([sys.executable, "-c", text], stderr=subprocess.DEVNULL) as vater:
        warte(Path(da).exists)
        pid = int(Path(da).read_text("ascii"))
        assert lebt(pid)
        vater.send_signal(ende)
    if ende == signal.SIGINT:  # then it ends the other one itself
        assert not lebt(pid)
    warte(lambda: not lebt(pid))


def test_am_ende_bleibt_kein_prozess_und_keine_warnung(tmp_path: Path) -> None:
    (tmp_path / "gross.xlsx").write_bytes(GROSS)
    text = (
        "import os, pathlib, sys, krs.mappen.lesen.arbeiter as a\n"
        "a.lesen_sicher(pathlib.Path(sys.argv[1]).read_bytes(), 'x.xlsx')\n"
        "try: os.waitpid(-1, 0)\n"
        "except ChildProcessError: print('keiner')"
    )
    befehl_ = [sys.executable, "-W", "error", "-c", text, str(tmp_path / "gross.xlsx")]
    lauf = subprocess.run(befehl_, capture_output=True, text=True, check=True)
    assert (lauf.stdout, lauf.stderr) == ("keiner\n", "")


# --- the answer ------------------------------------------------------------------------------
class Boese:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("echo boese",)


@pytest.mark.parametrize(
    "antwort",
    [
        Boese(),
        [Boese()],
        ("E-10", {"grund": Boese()}),
        ("E-10", {}),
        ("E-99", {"grund": "x"}),
        ("E-10",),
        "text",
        Kennung("", "", "", "", "", "", ""),
    ],
)
def test_ein_fremdes_pickle_wird_nicht_ausgepackt(antwort: object, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((pickle.UnpicklingError, KeyError)):
        auspacken(pickle.dumps(antwort))
    assert capfd.readouterr().out == ""


def test_auch_kein_umweg_ueber_erlaubte_module_fuehrt_hinaus() -> None:
    for modul, name in (("krs.formulare.eingabe", "hashlib.sys.exit"), ("datetime", "sys.exit"), ("builtins", "eval")):
        umweg = b"\x80\x05\x8c" + bytes([len(modul)]) + modul.encode() + b"\x8c" + bytes([len(name)]) + name.encode()
        with pytest.raises(pickle.UnpicklingError):
            auspacken(umweg + b"\x93.")
