"""What may be heavy is read by another process: it may hang, swell or die, the run goes on with the next file."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from eingaben.bauen import ausgefuellt, gezeigt, meldung, packen, teile, umbau
from krs.formulare.eingabe import Eingabe, Kennung
from krs.mappen.lesen import arbeiter
from krs.mappen.lesen.arbeiter import Abgewiesen, lesen_sicher
from krs.mappen.lesen.formular import lesen
from krs.mappen.lesen.lesedienst import auspacken
from krs.mappen.lesen.leseprozess import Leseprozess
from krs.mappen.lesen.schranke import harmlos

GUT = ausgefuellt()
GROSS = packen({**teile(GUT), "xl/media/foto.jpg": bytes(n % 251 for n in range(1_100_000))})
ABBRUCH = meldung("E-04", "beim Lesen brach das Programm ab")
ZU_SPAET = meldung("E-10", "das Lesen dauert länger als 1.5 Sekunden")
SPEICHER = meldung("E-10", "sie braucht zu viel Arbeitsspeicher")
# Reads as we do, but obeys some names; {} is what else it does with the file.
LESER = """
import ctypes, os, sys, time
from krs.mappen.lesen.lesedienst import bedienen
from krs.mappen.lesen.formular import lesen
def lies(daten, datei):
    match datei:
        case "endlos.xlsx":
            while True: pass
        case "schlaf.xlsx": time.sleep(600)
        case "langsam.xlsx": time.sleep(1)
        case "absturz.xlsx": os.abort()
        case "ende.xlsx": os._exit(0)
        case "fehler.xlsx": raise KeyError(datei)
        case "speicher.xlsx": return bytearray(2_000_000_000)
        case "geschwaetz.xlsx": sys.__stdout__.buffer.write(b"\\0\\0\\0\\2hi"); sys.__stdout__.flush()
        case "fremd.xlsx": return lies
    return lesen(daten, datei)
bedienen(lies{})
"""


def befehl(argumente: str = "") -> list[str]:
    return [sys.executable, "-P", "-c", LESER.format(argumente)]


@contextmanager
def leser(sekunden: float = 5) -> Iterator[Leseprozess]:
    prozess = Leseprozess(befehl(), sekunden)
    try:
        yield prozess
    finally:
        prozess.beenden()
        assert prozess.pid is None


def abgewiesen(prozess: Leseprozess, datei: str, daten: bytes = GUT) -> tuple[str, str]:
    with pytest.raises(Abgewiesen) as fehler:
        prozess.lesen(daten, datei)
    return gezeigt(fehler.value.befund(datei))


def lebt(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be counted does not."""
    with suppress(OSError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    return False


def endet(pid: int, sekunden: float) -> bool:
    frist = time.monotonic() + sekunden
    while lebt(pid) and time.monotonic() < frist:
        time.sleep(0.02)
    return not lebt(pid)


# --- the same outcome here and there ---------------------------------------------------------
def test_ein_formular_mit_foto_wird_im_anderen_prozess_gelesen_und_ist_dasselbe() -> None:
    assert harmlos(GUT)
    assert not harmlos(GROSS)
    assert lesen_sicher(GROSS, "Formular.xlsx") == lesen(GUT, "Formular.xlsx") == lesen_sicher(GUT, "Formular.xlsx")


@pytest.mark.parametrize("kennung", ["anhang2", "anhang3"])
def test_alle_werte_kommen_unveraendert_zurueck(kennung: str) -> None:
    name = "Grüsse\udcfc 1.xlsx"  # as Linux names a file that is not UTF-8
    with leser() as prozess:
        assert prozess.lesen(ausgefuellt(kennung), name) == lesen(ausgefuellt(kennung), name)


def test_abgewiesen_wird_mit_derselben_meldung() -> None:
    foto = {"xl/media/foto.jpg": teile(GROSS)["xl/media/foto.jpg"]}
    kaputt = umbau(GUT, blatt=lambda _: b"<a>")
    faelle = {
        packen({**teile(kaputt), **foto}): meldung("E-04", "ein Teil ist nicht lesbar"),
        packen({**teile(GUT), **foto, "mimetype": b"x"}): meldung("E-01"),
        packen({**foto, "xl/workbook.bin": b""}): meldung("E-03", "Excel-Binärarbeitsmappe (.xlsb)"),
    }
    for daten, erwartet in faelle.items():
        assert not harmlos(daten)
        for lies in (lesen, lesen_sicher):
            with pytest.raises(Abgewiesen) as fehler:
                lies(daten, "Formular.xlsx")
            assert gezeigt(fehler.value.befund("Formular.xlsx")) == erwartet


def test_das_groesste_das_die_schranke_durchlaesst_wird_innert_der_grenzen_gelesen() -> None:
    knoten = b"".join(b"<x/>%d" % (n % 1009) for n in range(590_000)) + b"</sheetData>"
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", knoten))
    with leser() as prozess:  # 5 seconds and, on Linux, 300 MB
        assert prozess.lesen(daten, "Formular.xlsx") == lesen(GUT, "Formular.xlsx")


def test_was_die_schranke_abweist_braucht_keinen_anderen_prozess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arbeiter, "_leseprozess", lambda: pytest.fail("gestartet"))
    bombe = packen({**teile(GUT), "xl/media/bild.emf": b" " * 50_000_000})
    with pytest.raises(Abgewiesen) as fehler:
        lesen_sicher(bombe, "Formular.xlsx")
    assert gezeigt(fehler.value.befund("")) == meldung("E-10", "auffällig stark gepackt")


def test_ein_eigener_fehler_ist_hier_wie_dort_eine_abgewiesene_datei(monkeypatch: pytest.MonkeyPatch) -> None:
    def lies(_daten: bytes, datei: str) -> Eingabe:
        raise MemoryError if datei == "speicher.xlsx" else KeyError

    monkeypatch.setattr(arbeiter, "lesen", lies)
    with leser() as prozess:
        for datei, erwartet in (("fehler.xlsx", ABBRUCH), ("speicher.xlsx", SPEICHER)):
            with pytest.raises(Abgewiesen) as fehler:
                lesen_sicher(GUT, datei)
            assert gezeigt(fehler.value.befund(datei)) == erwartet
            if sys.platform == "linux" or datei == "fehler.xlsx":
                assert abgewiesen(prozess, datei) == erwartet


# --- it hangs, swells, dies ------------------------------------------------------------------
@pytest.mark.parametrize("datei", ["endlos.xlsx", "schlaf.xlsx"])
def test_wer_zu_lange_liest_wird_beendet_und_die_naechste_datei_gelesen(datei: str) -> None:
    with leser(1.5) as prozess:
        prozess.lesen(GUT, "vorher.xlsx")
        pid = prozess.pid
        beginn = time.monotonic()
        assert abgewiesen(prozess, datei) == ZU_SPAET
        assert time.monotonic() - beginn < 4
        assert not lebt(pid or 0)
        assert prozess.lesen(GUT, "nachher.xlsx") == lesen(GUT, "nachher.xlsx")
        assert prozess.pid != pid


@pytest.mark.parametrize("datei", ["absturz.xlsx", "ende.xlsx"])
def test_ein_absturz_ist_eine_abgewiesene_datei_und_die_naechsten_zwei_werden_gelesen(datei: str) -> None:
    with leser() as prozess:
        assert abgewiesen(prozess, datei) == ABBRUCH
        for name in ("eins.xlsx", "zwei.xlsx"):
            assert prozess.lesen(GUT, name) == lesen(GUT, name)


@pytest.mark.skipif(sys.platform != "linux", reason="nur Linux begrenzt den Speicher eines Prozesses")
def test_zu_viel_speicher_ist_eine_abgewiesene_datei() -> None:
    with leser() as prozess:
        for datei in ("speicher.xlsx", "vorher.xlsx", "speicher.xlsx"):
            if datei == "speicher.xlsx":
                assert abgewiesen(prozess, datei) == SPEICHER
            else:
                assert prozess.lesen(GUT, datei) == lesen(GUT, datei)


def test_wird_der_prozess_von_aussen_beendet_liest_ein_neuer_dieselbe_datei() -> None:
    with leser() as prozess:
        prozess.lesen(GUT, "vorher.xlsx")
        os.kill(prozess.pid or 0, signal.SIGTERM)
        assert prozess.lesen(GUT, "eins.xlsx") == lesen(GUT, "eins.xlsx")
        pid = prozess.pid
        threading.Timer(0.3, lambda: os.kill(pid or 0, signal.SIGTERM)).start()
        assert prozess.lesen(GUT, "langsam.xlsx") == lesen(GUT, "langsam.xlsx")
        assert prozess.pid != pid


@pytest.mark.parametrize("datei", ["geschwaetz.xlsx", "fremd.xlsx"])
def test_eine_antwort_die_keine_ist_wird_nicht_angenommen(datei: str) -> None:
    with leser() as prozess:
        assert abgewiesen(prozess, datei) == ABBRUCH
        assert prozess.lesen(GUT, "nachher.xlsx") == lesen(GUT, "nachher.xlsx")


def test_wo_sich_kein_prozess_starten_laesst_liest_das_programm_selbst() -> None:
    for nichts in (["/gibt/es/nicht"], [sys.executable, "-c", "pass"], [sys.executable, "-c", "print('hallo')"]):
        prozess = Leseprozess(nichts)
        assert prozess.lesen(GUT, "eins.xlsx") == lesen(GUT, "eins.xlsx")
        assert prozess.pid is None
        assert abgewiesen(prozess, "zwei.xlsx", GUT[:-1]) == meldung("E-04", "das Archiv ist unvollständig")


def test_der_ordner_in_dem_man_steht_liefert_kein_programm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("krs", "lxml", "pickle"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)", "utf-8")
    monkeypatch.chdir(tmp_path)
    prozess = Leseprozess()
    assert prozess.lesen(GUT, "eins.xlsx") == lesen(GUT, "eins.xlsx")
    assert prozess.pid is not None
    prozess.beenden()


# --- nothing stays behind --------------------------------------------------------------------
VATER = """
import sys, threading
from krs.mappen.lesen.leseprozess import Leseprozess
prozess = Leseprozess({befehl!r})
gut = open({datei!r}, "rb").read()
prozess.lesen(gut, "gut.xlsx")
print(prozess.pid, flush=True)
prozess.lesen(gut, {name!r})
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="braucht /proc")
@pytest.mark.parametrize("name", ["gut.xlsx", "endlos.xlsx"])
def test_stirbt_wer_fragte_endet_auch_der_andere_prozess(tmp_path: Path, name: str) -> None:
    (tmp_path / "gut.xlsx").write_bytes(GUT)
    text = VATER.format(befehl=befehl(", nachfrist=1"), datei=str(tmp_path / "gut.xlsx"), name=name)
    with subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as vater:
        assert vater.stdout is not None
        pid = int(vater.stdout.readline())
        assert lebt(pid)
        vater.kill()
    assert endet(pid, 4)


def test_am_ende_des_programms_bleibt_kein_prozess(tmp_path: Path) -> None:
    (tmp_path / "gross.xlsx").write_bytes(GROSS)
    text = (
        "import pathlib, sys, krs.mappen.lesen.arbeiter as a\n"
        "a.lesen_sicher(pathlib.Path(sys.argv[1]).read_bytes(), 'x.xlsx')\n"
        "print(a._leseprozess().pid)"
    )
    befehl_ = [sys.executable, "-W", "error", "-c", text, str(tmp_path / "gross.xlsx")]
    lauf = subprocess.run(befehl_, capture_output=True, text=True, check=True)
    assert lauf.stderr == ""
    assert not lebt(int(lauf.stdout))


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
