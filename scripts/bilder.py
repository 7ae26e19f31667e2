"""Make the pictures of README and manual from a demo folder: python scripts/bilder.py DEMO (needs soffice)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ZIEL = Path(__file__).resolve().parents[1] / "docs" / "bilder"


def bild(mappe: Path, name: str, tmp: Path) -> None:
    """Render the first page of a workbook to docs/bilder/NAME.png."""
    profil = f"-env:UserInstallation=file://{tmp}/profil"
    befehl = ["soffice", profil, "--headless", "--convert-to", "pdf", "--outdir", str(tmp), str(mappe)]
    for _ in range(2):  # a fresh profile ends with 81 once
        if subprocess.run(befehl, capture_output=True, check=False).returncode == 0:
            break
    pdf = tmp / f"{mappe.stem}.pdf"
    ziel = ["-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", str(pdf), str(ZIEL / name)]
    subprocess.run(["pdftoppm", *ziel], check=True)


def main() -> None:
    """Render a filled form, a Selbstdeklaration, and the first sheets of Master, return and sample."""
    demo = Path(sys.argv[1])
    ZIEL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as ordner:
        tmp = Path(ordner)
        bild(next((demo / "Eingang").rglob("Anhang_2_2024-H1_2581_*.xlsx")), "anhang2", tmp)
        bild(next((demo / "Eingang").rglob("Anhang_3_2024_2581_*.xlsx")), "anhang3", tmp)
        bild(demo / "Master.xlsx", "master", tmp)
        bild(next((demo / "Rueckmeldungen").rglob("*_2024-H1_2403_*.xlsx")), "rueckmeldung", tmp)
        bild(next((demo / "Stichproben").glob("*.xlsx")), "stichprobe", tmp)
        bild(next((demo / "Laeufe/2024-09/mitteilungen").glob("*_2407_*.xlsx")), "beitragsmitteilung", tmp)
        bild(demo / "Laeufe/2024-09/Abrechnungslauf_2024-09.xlsx", "abrechnungslauf", tmp)


if __name__ == "__main__":
    main()
