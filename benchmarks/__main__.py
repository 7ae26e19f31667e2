"""Print all figures: `./run bench` (about five minutes)."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks import browser, eingang, laeufe, lesen, naiv, server
from benchmarks.daten import STICHTAG, ablage
from krs import ablauf
from krs.ablauf import einreichung
from krs.formulare.formular import formulare
from krs.mappen.vorlage.aufbau import plane
from krs.urteil.fassung import fassung

WURZEL = Path(__file__).resolve().parents[1]
KRS = [str(Path(sys.executable).with_name("krs"))]
TAG = date(2024, 2, 1)


def prozess(befehl: list[str], erlaubt: tuple[int, ...] = (0, 1)) -> tuple[float, float]:
    """Run a whole process; return seconds of CPU and its peak memory in MB."""
    pid = os.posix_spawn(befehl[0], befehl, {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}, file_actions=_STILL)
    _, status, verbrauch = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in erlaubt:
        raise SystemExit(f"{' '.join(befehl)}: Exit {os.waitstatus_to_exitcode(status)}")
    return verbrauch.ru_utime + verbrauch.ru_stime, verbrauch.ru_maxrss / 1024


_NULL = os.open(os.devnull, os.O_WRONLY)
_STILL = [(os.POSIX_SPAWN_DUP2, _NULL, 1), (os.POSIX_SPAWN_DUP2, _NULL, 2)]


def paare(a: Callable[[], float], b: Callable[[], float], male: int) -> tuple[float, float, float]:
    """Measure two things in turn; return both medians and the median of the ratios b/a."""
    messungen = [(a(), b()) for _ in range(male)]
    verhaeltnis = statistics.median(y / x for x, y in messungen)
    return statistics.median(x for x, _ in messungen), statistics.median(y for _, y in messungen), verhaeltnis


def zeile(name: str, ist: float, soll: str, gut: bool, rest: str) -> None:
    """Print one figure: ratio, goal, and whether it is reached."""
    sys.stdout.write(f"{'ok  ' if gut else 'FEHL'}  {name:<58} {ist:8.2f}  Ziel {soll:<8} {rest}\n")
    sys.stdout.flush()


def ganzer_lauf(tmp: Path) -> None:
    """krs konsolidieren against the naive script, and the gathering alone."""
    muster = tmp / "muster"
    dateien = ablage(muster, 107)
    zellen = {
        f.blatt: {k: [p.zeile, p.spalte] for k, p in plane(f, f.versionen[-1]).plaetze.items()} for f in formulare()
    }
    (tmp / "zellen.json").write_text(json.dumps(zellen), "utf-8")
    speicher = []

    def unser() -> float:
        shutil.rmtree(tmp / "lauf", ignore_errors=True)
        shutil.copytree(muster, tmp / "lauf")
        sekunden, mb = prozess([*KRS, "konsolidieren", str(tmp / "lauf"), "--stichtag", STICHTAG])
        speicher.append(mb)
        return sekunden

    def deren() -> float:
        skript = [sys.executable, str(WURZEL / "benchmarks/naiv.py"), str(muster / "Eingang")]
        return prozess([*skript, str(tmp / "naiv.xlsx"), str(tmp / "zellen.json")])[0]

    a, b, v = paare(unser, deren, 3)
    zeile(f"konsolidieren, {dateien} Dateien, schneller als naiv", v, "≥ 5", v >= 5, f"{a:.2f} s gegen {b:.2f} s CPU")
    mb = max(speicher)
    zeile("  Speicherspitze in MB", mb, "< 200", mb < 200, "")
    pfade = sorted((muster / "Eingang").rglob("*.xlsx"))

    def sammeln() -> float:
        anfang = time.process_time()
        for p in pfade:
            assert fassung(einreichung(p.read_bytes(), p.name, TAG)).gelesen is not None
        return time.process_time() - anfang

    def sammeln_naiv() -> float:
        anfang = time.process_time()
        naiv.sammeln(muster / "Eingang", zellen)
        return time.process_time() - anfang

    a, b, v = paare(sammeln, sammeln_naiv, 3)
    zeile("  nur sammeln: Dateien → typisierte Formulare", v, "≥ 8", v >= 8, f"{a:.2f} s gegen {b:.2f} s")


def vorlagen(tmp: Path) -> None:
    """krs vorlagen for both forms against openpyxl from scratch."""
    muster = tmp / "vorlagen"
    ablage(muster, 107, mit_anhang3=False)
    (tmp / "openpyxl").mkdir()

    def unser() -> float:
        shutil.rmtree(muster / "Vorlagen")
        shutil.rmtree(muster / "Eingang")
        shutil.rmtree(muster / "Archiv")
        zwei = (("--periode", "2023-H2"), ("--jahr", "2024"))
        return sum(prozess([*KRS, "vorlagen", str(muster), *z])[0] for z in zwei)

    def deren() -> float:
        return prozess([sys.executable, "-m", "benchmarks.naive_vorlagen", str(tmp / "openpyxl"), "107"])[0]

    a, b, v = paare(unser, deren, 1)
    zeile("vorlagen, 2 × 107, schneller als openpyxl", v, "≥ 10", v >= 10, f"{a:.2f} s gegen {b:.2f} s CPU")


def start(tmp: Path) -> None:
    """Whole processes against a bare interpreter."""
    gut = next((tmp / "muster/Eingang/2024-01-20").glob("Anhang_2*"))
    v = prozess([*KRS, "demo", str(tmp / "Demo")])[0]
    zeile("krs demo: Sekunden CPU", v, "< 60", v < 60, "")
    for name, befehl, soll in (
        ("krs --help", [*KRS, "--help"], 12),
        ("krs pruefen, ein gutes Formular", [*KRS, "pruefen", str(gut)], 25),
    ):

        def nackt() -> float:
            return prozess([sys.executable, "-c", "pass"])[0]

        def voll(befehl: list[str] = befehl) -> float:
            return prozess(befehl)[0]

        a, b, v = paare(nackt, voll, 15)
        zeile(f"{name}, mal python -c pass", v, f"< {soll}", v < soll, f"{b * 1000:.0f} ms gegen {a * 1000:.0f} ms CPU")


def erster_aufruf(tmp: Path) -> None:
    """The first `./run demo` in a fresh clone (of what is committed): time, download, place."""
    klon, ordner = tmp / "klon", str(tmp / "erste Demo")
    subprocess.run(["git", "clone", "--quiet", str(WURZEL), str(klon)], check=True)
    erst = prozess([str(klon / "run"), "demo", ordner])[0]
    demo = prozess([str(klon / ".venv/bin/krs"), "demo", ordner])[0]
    v = erst / demo
    zeile("erstes ./run demo, mal die Demo selbst", v, "≤ 3", v <= 3, f"{erst:.1f} s gegen {demo:.1f} s CPU")
    mb = _mb(klon / ".venv")
    zeile("  .venv danach in MB", mb, "≤ 110", mb <= 110, "")
    pip = [str(klon / ".venv/bin/python"), "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    prozess([*pip, "--dest", str(tmp / "pakete"), "--requirement", str(klon / "requirements/kern.lock")], (0,))
    mb = _mb(tmp / "pakete")
    zeile("  dafür heruntergeladen in MB", mb, "≤ 20", mb <= 20, "")


def _mb(ordner: Path) -> float:
    return sum(p.lstat().st_blocks * 512 for p in ordner.rglob("*")) / 2**20


def schranken() -> None:
    """What the gates of the intake cost on good forms."""
    for form, ohne, mit in eingang.messen():
        v, soll = mit / ohne, eingang.HOECHSTENS
        zeile(f"lesen {form} mit allen Schranken, mal ohne", v, f"≤ {soll}", v <= soll, f"{_ms(mit)} gegen {_ms(ohne)}")
    was, v = eingang.boesester()
    zeile(f"böse Texte, doppelt so lang («{was}»), mal einfach", v, "≤ 3", v <= 3, "")


def _ms(sekunden: float) -> str:
    return f"{sekunden * 1000:.2f} ms"


def wachstum(tmp: Path) -> None:
    """Ten times the municipalities: time per file and memory."""
    ergebnis = {}
    for gemeinden in (107, 1070):
        pfad = tmp / f"w{gemeinden}"
        dateien = ablage(pfad, gemeinden, mit_anhang3=False)
        befehl = [*KRS, "konsolidieren", str(pfad), "--stichtag", STICHTAG]
        sekunden, mb = prozess(befehl)
        leer = prozess([*KRS, "konsolidieren", str(_leer(tmp)), "--stichtag", STICHTAG])[0]
        ergebnis[gemeinden] = ((sekunden - leer) / dateien * 1000, mb)
    (t1, m1), (t2, m2) = ergebnis[107], ergebnis[1070]
    gut = t2 / t1 <= 1.25
    zeile("Zeit je Datei, 1070 gegen 107 Gemeinden", t2 / t1, "≤ 1.25", gut, f"{t2:.2f} ms gegen {t1:.2f} ms")
    zeile("Speicher, 1070 gegen 107 Gemeinden", m2 / m1, "≤ 10", m2 / m1 <= 10, f"{m2:.0f} MB gegen {m1:.0f} MB")


def _leer(tmp: Path) -> Path:
    pfad = tmp / "leer"
    if not pfad.exists():
        ablauf.neu(pfad)
    return pfad


def excel() -> None:
    """The server of the add-in against a bare one, its start, 20 users for a minute, and the real task pane."""
    for name, (ms, mal) in server.rundreisen().items():
        zeile(f"Funktion {name}, mal Starlette + orjson", mal, "≤ 6", mal <= 6, f"{ms:.2f} ms")
    bereit = server.bereitschaft()
    zeile("krs serve bereit: Sekunden", bereit, "< 3", bereit < 3, "")
    last = server.last()
    rest = f"{last.aufrufe} Aufrufe, {last.fehler} Fehler, längster {_ms(last.hoechste)}"
    zeile("20 Benutzer, 60 s: p95 in Sekunden", last.p95, "< 1", last.p95 < 1 and not last.fehler, rest)
    sekunden, soll = browser.messen(), browser.HOECHSTENS
    name = "107 Formulare in den Aufgabenbereich: Sekunden"
    if sekunden is None:
        sys.stdout.write(f"      {name}: nicht gemessen, Chromium fehlt (apt-get install chromium).\n")
    else:
        zeile(name, sekunden, f"< {soll:.0f}", sekunden < soll, "bis Tafel und Master, längster von drei")


def main() -> None:
    """Run everything in a temporary folder."""
    os.chdir(WURZEL)
    with tempfile.TemporaryDirectory() as ordner:
        tmp = Path(ordner)
        ganzer_lauf(tmp)
        start(tmp)
        erster_aufruf(tmp)
        for text in lesen.messen():
            sys.stdout.write(text + "\n")
        schranken()
        vorlagen(tmp)
        wachstum(tmp)
        sekunden, buchungen, gleich = laeufe.messen()
        gut = gleich and sekunden < laeufe.HOECHSTENS
        zeile(
            "20 Läufe, 106 Gemeinden, 10 Jahre: Sekunden",
            sekunden,
            "< 30",
            gut,
            f"{buchungen} Buchungen, zweimal gleich",
        )
    excel()


if __name__ == "__main__":
    main()
