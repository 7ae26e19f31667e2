"""What is dropped: the forms of 107 invented municipalities, three of them wrong, and their Stammdaten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from krs import ablauf
from krs.ablage.ordner import Ablage, schreibe
from krs.demo.fuellen import fuelle
from krs.demo.zahlen import reporting
from krs.formulare.formular import formular
from krs.mappen.stammdaten import stammdaten_mappe

PERIODE, STICHTAG, GEMEINDEN = "2023-H2", date(2024, 1, 22), range(2001, 2108)
# Beispielwil 2003 reports interpreters without talks, 2005 wrote a number in letters, 2007 did not confirm.
FALSCH: dict[int, dict[str, object]] = {
    2003: {"erst_einzelpersonen": 0, "erst_familien": 0, "erst_gruppen": 0, "erst_dolmetsch_einzelpersonen": 12},
    2005: {"erst_einzelpersonen": "zwölf"},
    2007: {"bestaetigung": None},
}


@dataclass(frozen=True, slots=True)
class Post:
    """Stammdaten and forms, file name → bytes."""

    stammdaten: bytes
    formulare: dict[str, bytes]

    def formular(self, bfs: int) -> tuple[str, bytes]:
        """Return name and bytes of one municipality's form."""
        return next((n, d) for n, d in self.formulare.items() if f"_{bfs}_" in n)


@cache
def post() -> Post:
    """Return the post of one day, made once per process."""
    with TemporaryDirectory() as ordner:
        ablage = neue_ablage(Path(ordner) / "Ablage")
        form = formular("anhang2")
        formulare = {}
        for bfs in GEMEINDEN:
            werte = reporting(bfs, f"Beispielwil {bfs}", _auslaender(bfs), 800 * len(GEMEINDEN), PERIODE)
            werte |= FALSCH.get(bfs, {})
            name = ablauf.vorlagenname(form, PERIODE, bfs, f"Beispielwil {bfs}")
            vorlage = (ablage.vorlagen / PERIODE / name).read_bytes()
            formulare[name] = fuelle(vorlage, form.id, form.version_fuer(PERIODE).id, werte)
        return Post(ablage.stammdaten.read_bytes(), formulare)


def neue_ablage(pfad: Path) -> Ablage:
    """Make a folder with 107 municipalities and the templates of one half-year."""
    zeilen = {
        "Gemeinden": [[b, f"Beispielwil {b}", "Olten", None, None, None, date(2017, 1, 1)] for b in GEMEINDEN],
        "Ausländerbestand": [[b, None, date(2022, 12, 31), _auslaender(b), "Erfunden"] for b in GEMEINDEN],
    }
    ablage = Ablage.anlegen(pfad, stammdaten_mappe(zeilen))
    ablauf.vorlagen(pfad, PERIODE)
    return ablage


def konsolidiert(pfad: Path) -> ablauf.Konsolidiert:
    """Put the post into a folder of its own and consolidate it without any server, today as the server does."""
    ablage = Ablage.anlegen(pfad, post().stammdaten)
    for name, daten in post().formulare.items():
        schreibe(ablage.eingang / f"{STICHTAG:%Y-%m-%d}" / name, daten)
    heute = date.today()  # noqa: DTZ011 the server's day
    return ablauf.konsolidieren(pfad, heute, heute=heute)


def _auslaender(bfs: int) -> int:
    return 400 + bfs % 900


def drei() -> dict[str, bytes]:
    """Return the forms of three municipalities, the third of them wrong."""
    return dict(post().formular(b) for b in (2001, 2002, 2003))


def form(bfs: int, **werte: object) -> bytes:
    """Return the form of a municipality with other entries."""
    version = formular("anhang2").version_fuer(PERIODE).id
    return fuelle(post().formular(bfs)[1], "anhang2", version, werte)
