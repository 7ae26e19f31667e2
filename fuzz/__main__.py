"""Damaged and disarranged forms, random folders, killed runs in bulk: `./run fuzz [--dateien N] [--lagen N] …`.

Seeded: a number that fails can be looked at again with `beschaedigt(name, nummer)`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from ablage.hilfe import neue_ablage  # noqa: E402
from ablage.toeten import mit_eingang, toeten  # noqa: E402
from ablage.zufallsordner import ordner as zufallsordner  # noqa: E402
from eingaben.lage import verletzt, verstellt  # noqa: E402
from eingaben.pruefstand import durchlauf  # noqa: E402
from eingaben.zufall import FORMEN, beschaedigt  # noqa: E402

HOECHSTENS = 5.0  # seconds of CPU for one file


def dateien(anzahl: int, ab: int) -> int:
    """Damage forms; return how many brought krs down, each named."""
    gesehen: Counter[str] = Counter()
    namen, gescheitert = list(FORMEN), 0
    for n in range(anzahl):
        name, nummer = namen[n % len(namen)], ab + n // len(namen)
        beginn = time.process_time()
        try:
            gesehen[durchlauf(beschaedigt(name, nummer))] += 1
        except Exception as fehler:  # noqa: BLE001 whatever it is, the file is named
            gescheitert += 1
            sys.stdout.write(f"FEHL  {name}, Nummer {nummer}: {fehler!r}\n")
        if (sekunden := time.process_time() - beginn) > HOECHSTENS:
            gescheitert += 1
            sys.stdout.write(f"FEHL  {name}, Nummer {nummer}: {sekunden:.1f} s CPU\n")
        if n % 1000 == 999:
            sys.stdout.write(f"      {n + 1} Dateien: {dict(sorted(gesehen.items()))}\n")
            sys.stdout.flush()
    return gescheitert


def lagen(anzahl: int, ab: int) -> int:
    """Move, merge, copy, rename; return how many forms count something else than they show, each named."""
    gescheitert = 0
    for nummer in range(ab, ab + anzahl):
        was, daten = verstellt(nummer)
        if anders := verletzt(daten):
            gescheitert += 1
            sys.stdout.write(f"FEHL  Lage {nummer} ({was}): gezählt und gezeigt {anders}\n")
    sys.stdout.write(f"      {anzahl} verstellte Formulare: {gescheitert} zählen anderes, als sie zeigen\n")
    return gescheitert


def toetungen(anzahl: int, seed: int) -> None:
    """Kill `krs konsolidieren` at random moments.

    Raises: AssertionError: a file was half, or the next run did not complete.
    """
    with tempfile.TemporaryDirectory() as ordner:
        ablage = neue_ablage(Path(ordner) / "Ablage")
        mit_eingang(ablage, 45)
        getoetet = toeten(ablage, Path(ordner), anzahl, seed)
    sys.stdout.write(f"      {getoetet} Läufe mitten in der Arbeit beendet: nichts halb, alles vollendet\n")


def ordner(anzahl: int, ab: int) -> int:
    """Read random folders; return how many of them hold something that counts and is not archived, each named."""
    gescheitert = 0
    with tempfile.TemporaryDirectory() as ort:
        ablage = neue_ablage(Path(ort) / "Ablage")
        for n in range(anzahl):
            try:
                zufallsordner(ablage.pfad, 1, ab + n, ablage)
            except Exception as fehler:  # noqa: BLE001 whatever it is, the folder is named
                gescheitert += 1
                sys.stdout.write(f"FEHL  Ordner {ab + n}: {fehler!r}\n")
            if n % 1000 == 999:
                sys.stdout.write(f"      {n + 1} Ordner: {gescheitert} gescheitert\n")
                sys.stdout.flush()
    return gescheitert


def laeufe(anzahl: int) -> int:
    """Work out random sequences of claims, corrections, clawbacks and runs; return the exit code of the tests."""
    befehl = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/lauf/test_zufall.py"]
    return subprocess.call(befehl, cwd=ROOT, env={**os.environ, "KRS_FUZZ": str(anzahl)})


def main() -> int:
    """Run all; exit code 1 if a file brought krs down or a folder lost one."""
    leser = argparse.ArgumentParser(prog="./run fuzz", description="Zufällige Eingaben in grosser Zahl")
    leser.add_argument("--dateien", type=int, default=10_000, help="beschädigte Formulare (Vorgabe: 10000)")
    leser.add_argument("--ordner", type=int, default=10_000, help="zufällige Eingänge (Vorgabe: 10000)")
    leser.add_argument("--lagen", type=int, default=10_000, help="verstellte Formulare (Vorgabe: 10000)")
    leser.add_argument("--toetungen", type=int, default=200, help="abgebrochene Läufe (Vorgabe: 200)")
    leser.add_argument("--laeufe", type=int, default=10_000, help="Folgen von Zahlungsläufen (Vorgabe: 10000)")
    leser.add_argument("--ab", type=int, default=1_000, help="Nummer des ersten Formulars (Vorgabe: 1000)")
    wahl = leser.parse_args()
    gescheitert = dateien(wahl.dateien, wahl.ab)
    gescheitert += ordner(wahl.ordner, wahl.ab)
    gescheitert += lagen(wahl.lagen, wahl.ab)
    toetungen(wahl.toetungen, wahl.ab)
    folgen = laeufe(wahl.laeufe)
    return 1 if gescheitert or folgen else 0


if __name__ == "__main__":
    sys.exit(main())
