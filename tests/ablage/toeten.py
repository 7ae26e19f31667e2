"""A real `krs konsolidieren`, killed at random moments: every file is old or new, and the next run completes."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from ablage.hilfe import GEMEINDEN, STICHTAG, ausgefuellt, baum, einwerfen
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage
from krs.mappen.lesen.formular import lesen

BEFEHL = "from krs.cli import main; main()"


def mit_eingang(ablage: Ablage, anzahl: int) -> None:
    """Fill Eingang/: every third form has something to answer."""
    for n in range(anzahl):
        bfs = list(GEMEINDEN)[n % len(GEMEINDEN)]
        werte: dict[str, object] = {"erst_neuzugezogene": n + 3}
        werte |= {"bestaetigung": "Nein"} if n % 3 == 0 else {}
        einwerfen(ablage, f"2024-07-{1 + n % 28:02d}/{n}.xlsx", ausgefuellt(ablage, bfs, **werte))


def krs(*argumente: object) -> subprocess.Popen[bytes]:
    """Start krs as a process of its own."""
    befehl = [sys.executable, "-c", BEFEHL, *map(str, argumente)]
    return subprocess.Popen(befehl, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def unversehrt(pfad: Path) -> None:
    """Assert that every file that has its name is whole."""
    for datei in (pfad / "Archiv").glob("*.xlsx"):
        lesen(datei.read_bytes(), datei.name)
    Archiv(pfad / "Archiv")
    for datei in [*pfad.glob("*.xlsx"), *(pfad / "Rueckmeldungen").rglob("*.xlsx")]:
        with zipfile.ZipFile(datei) as zip_:
            assert zip_.testzip() is None
    for mail in (pfad / "Rueckmeldungen").rglob("*.eml"):
        assert mail.read_bytes().endswith(b"--\r\n")


def toeten(ablage: Ablage, tmp: Path, male: int, seed: int) -> int:
    """Kill a run `male` times, each in a fresh copy; return how many were still at work. Asserts as above."""
    ungestoert = tmp / "ungestört"
    shutil.copytree(ablage.pfad, ungestoert)
    beginn = time.monotonic()
    assert krs("konsolidieren", ungestoert, "--stichtag", STICHTAG).wait(60) == 1  # a form is not confirmed
    dauer = time.monotonic() - beginn
    soll, zufall, getoetet = baum(ungestoert), random.Random(seed), 0
    for nummer in range(male):
        pfad = tmp / str(nummer)
        shutil.copytree(ablage.pfad, pfad)
        prozess = krs("konsolidieren", pfad, "--stichtag", STICHTAG)
        time.sleep(zufall.uniform(0.25, 0.98) * dauer)
        prozess.kill()
        traf = prozess.wait(60) != 1
        getoetet += traf
        dauer *= 1.03 if traf else 0.85  # the machine is not as quick all the time
        unversehrt(pfad)
        ablauf.konsolidieren(pfad, STICHTAG)
        assert [n for n, sha in sorted((baum(pfad).items() | soll.items()) - (baum(pfad).items() & soll.items()))] == []
        shutil.rmtree(pfad)
    return getoetet
