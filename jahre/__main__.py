"""Two and a half years of the office, played through: `./run jahre [--kurz] [--seed N] [--ordner ORDNER]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from jahre.spiel import ENDEN, KURZES_JAHR, Plan, spiele  # noqa: E402
from jahre.zaehlung import tabelle  # noqa: E402


def main() -> int:
    """Play, print the table and what is wrong; exit code 1 if a letter was untrue or the money did not agree."""
    leser = argparse.ArgumentParser(prog="./run jahre", description="Zweieinhalb Jahre des Amts, durchgespielt")
    leser.add_argument("--kurz", action="store_true", help="nur ein Winter mit zwölf Gemeinden")
    leser.add_argument("--saisons", type=int, default=len(ENDEN), help="so viele Saisons (Vorgabe: 5)")
    leser.add_argument("--seed", type=int, help="Startzahl (Vorgabe: 1)")
    leser.add_argument("--ordner", type=Path, help="hier bleibt die Ablage liegen (Vorgabe: sie wird gelöscht)")
    wahl = leser.parse_args()
    voll = Plan(saisons=tuple(ENDEN)[: wahl.saisons])
    plan = KURZES_JAHR if wahl.kurz else voll
    plan = replace(plan, seed=wahl.seed) if wahl.seed is not None else plan
    with tempfile.TemporaryDirectory() as ort:
        saisons, amt = spiele(wahl.ordner or Path(ort), plan, _sage)
    sys.stdout.write(tabelle(saisons) + "\n")
    schlecht = 0
    for s in saisons:
        for titel, zeilen in (
            ("Geld", [s.geld] if s.geld else []), ("unwahr", s.unwahr),
            ("selbst verspätet", s.selbst_verspaetet.values()), ("alt und offen", s.alte_offene),
        ):  # fmt: skip
            for z in zeilen:
                sys.stdout.write(f"{s.name}, {titel}: {z}\n")
        sys.stdout.write(f"{s.name}, Rückgabe 1 wegen: {dict(s.fehler.most_common())}\n")
        schlecht += len(s.unwahr) + len(s.geld)
    for z in amt.verweigert:
        sys.stdout.write(f"verweigert: {z}\n")
    return 1 if schlecht else 0


def _sage(name: str) -> None:
    sys.stdout.write(f"{name} gespielt\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
