"""A real `krs konsolidieren`, killed at any moment: every file is old or new, and the next run completes."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

from ablage.hilfe import GEMEINDEN, ausgefuellt, baum, einwerfen
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.eingangsjournal import Eingangsjournal
from krs.ablage.ordner import Ablage
from krs.mappen.lesen.formular import lesen

# The journal of intake holds the real time and the account; here nobody's, so that two folders can be compared.
BEFEHL = (
    "from krs.ablage.eingangsjournal import Hand; from krs.excel import anfrage; anfrage.hand = lambda *_: Hand(); "
    "from krs.cli import main; main()"
)
WARTEN = 600.0  # seconds; only a test that fails needs them
# Python announces what it does to files before it does it: rename and the like, and opening to write.
STOERER = f"""
import atexit, os, pathlib, signal, sys
ordner, moment, zahl = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
del sys.argv[1:4]
bisher = 0

def horche(ereignis, args):
    global bisher
    schreibt = ereignis == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if not schreibt and ereignis not in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"):
        return
    if not os.path.abspath(os.fsdecode(args[0])).startswith(ordner + os.sep):
        return
    bisher += 1
    if bisher == moment:
        if ereignis == "os.rename" and moment % 2 and os.path.isfile(args[0]):
            os.truncate(args[0], os.path.getsize(args[0]) // 2)
        os.kill(os.getpid(), signal.SIGKILL)

if not moment:
    atexit.register(lambda: zahl.write_text(str(bisher)))
sys.addaudithook(horche)
{BEFEHL}
"""


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
    assert Eingangsjournal(pfad / "Archiv").schaeden == 0
    for datei in [*pfad.glob("*.xlsx"), *(pfad / "Rueckmeldungen").rglob("*.xlsx")]:
        with zipfile.ZipFile(datei) as zip_:
            assert zip_.testzip() is None
    for mail in (pfad / "Rueckmeldungen").rglob("*.eml"):
        assert mail.read_bytes().endswith(b"--\r\n")


def aenderungen(ordner: Path, *argumente: object) -> int:
    """Run krs undisturbed and return how often it changed something in the folder: files, names, folders."""
    assert _gestoert(ordner, 0, argumente).wait(WARTEN) in (0, 1)
    return int(_zahl(ordner).read_text("ascii"))


def getoetet(ordner: Path, moment: int, *argumente: object) -> None:
    """Run krs until just before its n-th change of the folder, then kill it; a file is half written every other time.

    The moment is a count, not a time: it is the same one on any machine.
    """
    assert _gestoert(ordner, moment, argumente).wait(WARTEN) == -signal.SIGKILL


def momente(anzahl: int, male: int, seed: int) -> list[int]:
    """Return so many different moments of a run, if it has them, the first and the last among them."""
    return [1, anzahl, *random.Random(seed).sample(range(2, anzahl), min(male, anzahl) - 2)]


def _gestoert(ordner: Path, moment: int, argumente: tuple[object, ...]) -> subprocess.Popen[bytes]:
    befehl = [sys.executable, "-c", STOERER, str(ordner), str(moment), str(_zahl(ordner)), *map(str, argumente)]
    return subprocess.Popen(befehl, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _zahl(ordner: Path) -> Path:
    return ordner.with_name(f"{ordner.name}.zahl")


def toeten(ablage: Ablage, tmp: Path, male: int, seed: int) -> int:
    """Kill a run `male` times, each in a fresh copy, and return how often it was. Asserts as above."""
    ungestoert = tmp / "ungestört"
    shutil.copytree(ablage.pfad, ungestoert)
    anzahl = aenderungen(ungestoert, "konsolidieren", ungestoert)
    heute = date.today()  # noqa: DTZ011 as the command line has it
    soll = baum(ungestoert)
    gewaehlt = momente(anzahl, male, seed)
    for moment in gewaehlt:
        pfad = tmp / str(moment)
        shutil.copytree(ablage.pfad, pfad)
        getoetet(pfad, moment, "konsolidieren", pfad)
        unversehrt(pfad)
        ablauf.konsolidieren(pfad, heute, heute=heute)
        assert [n for n, sha in sorted((baum(pfad).items() | soll.items()) - (baum(pfad).items() & soll.items()))] == []
        shutil.rmtree(pfad)
    return len(gewaehlt)
