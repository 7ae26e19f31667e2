"""All pure questions, asked in a process of their own; started as a program it prints what each of them answers.

Arguments: the Ablage, the seconds to wait for the lock, and «nur-lesen» to give up what lets root read and write
anywhere; «verschlossen» does, too, and asks the command line only.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

from krs.ablage import ordner
from krs.ablauf.gemeinsam import Uhr
from krs.cli import app, laufen
from krs.excel.anfrage import Anfrage
from krs.excel.angaben import angaben
from krs.excel.makrokatalog import makros
from krs.excel.makros.geld import lauf_vorschau
from krs.excel.server import auftraege

TAG = ("--stichtag", "2024-09-20")
NEU = "Eingang/2024-09-12/neu.xlsx"
FRAGEN = (
    ("kredit", "ABLAGE", "--jahr", "2024", "--ansatz", "Sockelbeitrag=8.00", *TAG),
    ("rueckforderungen", "ABLAGE", *TAG), ("vergleich", "ABLAGE", "2024-09", *TAG), ("archiv", "ABLAGE", "liste", *TAG),
    ("pruefen", f"ABLAGE/{NEU}", "--ablage", "ABLAGE", *TAG),
    ("pruefen", f"ABLAGE/{NEU}", "--ablage", "ABLAGE", *TAG, "--json"),
    ("lauf", "ABLAGE", "2024-09"), ("lauf", "ABLAGE", "2025-03", "--datum", "2025-03-10"),
)  # fmt: skip
SCHREIBEND = (
    ("konsolidieren", "ABLAGE", *TAG), ("vorlagen", "ABLAGE", "--jahr", "2024"), ("export", "ABLAGE", "2024-09"),
    ("mahnungen", "ABLAGE", "--periode", "2024-H1", *TAG), ("jahresbericht", "ABLAGE", "--jahr", "2024", *TAG),
    ("stichprobe", "ABLAGE", "--periode", "2024-H1", "--anzahl", "1", "--seed", "1", *TAG),
    ("anhang1", "ABLAGE", "--jahr", "2024", "--ohne-pdf"),
    ("archiv", "ABLAGE", "loeschen", "12345678", "--grund", "alt", "--visum", "AB"),
    ("archiv", "ABLAGE", "loeschen", "--aelter-als", "2010-01-01", "--endgueltig", "--grund", "alt", "--visum", "AB"),
    ("lauf", "ABLAGE", "2025-03", "--datum", "2025-03-10", "--vorbereiten", "--visum", "AB"),
    ("lauf", "ABLAGE", "2024-09", "--pdf"),
)  # fmt: skip
Antworten = dict[str, list[object]]


def frage(ablage: Path, *wie: str) -> Antworten:
    """Ask everything; return code, output and complaints of each command, and what the hosts in Excel get."""
    befehl = [sys.executable, __file__, str(ablage), *(wie or ("10",))]
    ende = subprocess.run(befehl, capture_output=True, check=False, timeout=300)
    assert ende.returncode == 0, ende.stderr.decode()
    antworten: Antworten = json.loads(ende.stdout)
    return antworten


@contextmanager
def nur_lesbar(ordner: Path) -> Iterator[None]:
    """Take every right to write below a folder away, and give it back."""
    rechte = {p: stat.S_IMODE(p.stat().st_mode) for p in (ordner, *ordner.rglob("*"))}
    for pfad, recht in rechte.items():
        pfad.chmod(recht & 0o555)
    try:
        yield
    finally:
        for pfad, recht in rechte.items():
            pfad.chmod(recht)


def spuren(ordner: Path) -> dict[str, tuple[int, bytes]]:
    """Return everything below a folder, folders and hidden files too, with its time and bytes."""
    alle = (ordner, *sorted(ordner.rglob("*")))
    return {
        p.relative_to(ordner).as_posix(): (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else b"") for p in alle
    }


def _wie_jeder() -> None:
    """Start again without the capabilities that let root read and write where nobody may; what others lack anyway."""
    if os.geteuid() == 0 and "neu" not in sys.argv:
        for recht in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            assert ctypes.CDLL(None, use_errno=True).prctl(24, recht, 0, 0, 0) == 0  # PR_CAPBSET_DROP
        os.execv(sys.executable, [sys.executable, *sys.argv, "neu"])


def _befehle(ablage: str) -> Iterator[tuple[str, list[object]]]:
    for worte in (*FRAGEN, *(SCHREIBEND if "nur-lesen" in sys.argv else ())):
        aus, fehler = io.StringIO(), io.StringIO()
        with redirect_stdout(aus), redirect_stderr(fehler):
            code = laufen(app, [w.replace("ABLAGE", ablage) for w in worte])
        yield (
            " ".join(worte),
            [code, aus.getvalue().replace(ablage, "ABLAGE"), fehler.getvalue().replace(ablage, "ABLAGE")],
        )


def _gastgeber(ablage: Path) -> Iterator[tuple[str, list[object]]]:
    tag = date(2024, 9, 20)
    yield "tafel", [auftraege.stand(ablage, Uhr(tag, tag))]
    yield "master", [len(auftraege.master(ablage))]
    sha = next((ablage / "Archiv").glob("*.xlsx")).stem
    yield "einreichung", [auftraege.einreichung(ablage, sha)[0]]
    anfrage = Anfrage(ablage, date(2025, 3, 10), {"lauf": "2025-03"})
    w = angaben(next(m for m in makros() if m.name == "lauf_vorschau"), anfrage)
    e = lauf_vorschau(None, anfrage, w)  # type: ignore[arg-type] it looks at no workbook
    yield (
        "lauf_vorschau",
        [*(s.replace(str(ablage), "ABLAGE") for s in e.saetze), repr(e.tabellen), e.mappe is not None],
    )


if __name__ == "__main__":
    if len(sys.argv) > 3:
        _wie_jeder()
    ordner._WARTEN = float(sys.argv[2])
    ort = sys.argv[1]
    alles = dict(_befehle(ort))
    if "verschlossen" not in sys.argv and (Path(ort) / "Master.xlsx").exists():
        alles |= dict(_gastgeber(Path(ort)))
    sys.stdout.write(json.dumps(alles, default=str))
