"""A workbook as PDF, where LibreOffice is found; without it nothing fails."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

ZEITGRENZE = 120  # seconds; LibreOffice takes about 5 for a workbook of four pages
_JE_MAPPE = 5  # seconds more for each further one, against what hangs: a busy machine must not lack a PDF
_JE_AUFRUF = 100  # LibreOffice leaves out, without a word, what comes after the 247th
_MARKE = b"\n%krs-mappe "  # a comment after the end of a PDF: readers skip it


def als_pdf(mappe: bytes, zeitgrenze: float = ZEITGRENZE) -> bytes | None:
    """Return the workbook as PDF, None if LibreOffice (`soffice` on PATH) is missing, fails or takes too long.

    Its last line names the workbook it was made of (`gehoert_zu`); the other bytes differ from call to call.
    """
    return alle_als_pdf({"mappe": mappe}, zeitgrenze).get("mappe")


def alle_als_pdf(mappen: Mapping[str, bytes], zeitgrenze: float = ZEITGRENZE) -> dict[str, bytes]:
    """Return workbooks as PDF, by their names; those that could not be made are left out (see `als_pdf`).

    Args:
        zeitgrenze: seconds for one workbook in a call of LibreOffice, which takes up to 100.
    """
    soffice = shutil.which("soffice")
    fertig: dict[str, bytes] = {}
    namen = list(mappen) if soffice is not None else []
    for anfang in range(0, len(namen), _JE_AUFRUF):
        teil = {n: mappen[n] for n in namen[anfang : anfang + _JE_AUFRUF]}
        fertig |= _umwandeln(str(soffice), teil, zeitgrenze + _JE_MAPPE * (len(teil) - 1))
    return fertig


def _umwandeln(soffice: str, mappen: Mapping[str, bytes], zeitgrenze: float) -> dict[str, bytes]:
    fertig: dict[str, bytes] = {}
    with TemporaryDirectory(prefix="krs-pdf-", ignore_cleanup_errors=True) as ordner:
        ort = Path(ordner)
        dateien = {name: ort / f"mappe{n}.xlsx" for n, name in enumerate(mappen)}
        for name, datei in dateien.items():
            datei.write_bytes(mappen[name])
        profil = f"-env:UserInstallation={(ort / 'profil').as_uri()}"
        befehl = [soffice, profil, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(ort)]
        if not _laufen([*befehl, *map(str, dateien.values())], zeitgrenze):
            return {}
        for name, datei in dateien.items():
            ziel = datei.with_suffix(".pdf")
            pdf = ziel.read_bytes() if ziel.is_file() else b""
            if pdf.startswith(b"%PDF-"):
                fertig[name] = pdf.rstrip() + marke(mappen[name])
    return fertig


def gehoert_zu(pdf: bytes, xlsx: bytes) -> bool:
    """Tell whether a PDF was made of this workbook by `als_pdf`, and nothing was added to it since."""
    return pdf.endswith(marke(xlsx))


def marke(xlsx: bytes) -> bytes:
    """Return the last line of a PDF that was made of this workbook."""
    return _MARKE + hashlib.sha256(xlsx).hexdigest().encode() + b"\n"


def _laufen(befehl: list[str], zeitgrenze: float) -> bool:
    """Run a program in a group of its own, so that all of it ends with the time; True if it did its work."""
    try:
        prozess = subprocess.Popen(
            befehl, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        return False
    try:
        return prozess.wait(zeitgrenze) == 0
    except BaseException as fehler:
        _beende(prozess)
        if isinstance(fehler, subprocess.TimeoutExpired):
            return False
        raise


def _beende(prozess: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(prozess.pid, signal.SIGKILL)
        else:
            prozess.kill()
    prozess.wait()
