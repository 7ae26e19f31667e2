"""Builds dist/krs.xlam from the text sources of this folder, the catalogues of krs and xlwings' VBA (`./run addin`)."""

from pathlib import Path

WURZEL = Path(__file__).resolve().parents[3]
DESKTOP = WURZEL / "addin" / "desktop"


class Baufehler(Exception):
    """What stops the build: one German sentence."""
