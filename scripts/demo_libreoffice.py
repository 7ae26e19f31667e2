"""Make src/krs/demo/libreoffice: forms that LibreOffice filled in and saved, as a municipality with LibreOffice would.

`.venv/bin/python scripts/demo_libreoffice.py` needs soffice and python3-uno. The files are committed; each run gives
other bytes (LibreOffice writes the time into them), so run it only when the scenario or the forms have changed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

WURZEL = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(WURZEL / "tests"))  # tests/uno drives LibreOffice

from krs import ablauf  # noqa: E402
from krs.ablage.ordner import Ablage  # noqa: E402
from krs.demo import stamm, szenario  # noqa: E402
from krs.demo.fuellen import Getippt  # noqa: E402
from krs.formulare.formular import formular  # noqa: E402
from krs.mappen.stammdaten import stammdaten_mappe  # noqa: E402
from krs.mappen.vorlage.aufbau import LABEL, Aufbau, Platz  # noqa: E402
from krs.mappen.vorlage.vorlage import vorlage  # noqa: E402
from krs.urteil.nachbarn import beteiligte  # noqa: E402
from uno.buero import Buero, python_mit_uno  # noqa: E402

ZIEL = WURZEL / "src" / "krs" / "demo" / "libreoffice"
Auftrag = tuple[bytes, Aufbau, Mapping[str, object], Path]  # template, its plan, field key → value, where to


def tippe(auftraege: Iterable[Auftrag], ordner: Path) -> Iterator[Path]:
    """Type the values of each template in LibreOffice and save it; yield the files."""
    with Buero(ordner / "profil") as buero:
        for daten, plan, werte, ziel in auftraege:
            quelle = ordner / "vorlage.xlsx"
            quelle.write_bytes(daten)
            buero("oeffnen", str(quelle))
            buero("schreiben", [[plan.formular.blatt, ort, wert] for ort, wert in _zellen(plan, werte)])
            fehler = buero("fehler")
            if fehler:
                raise SystemExit(f"{ziel.name}: Fehlerwert in {', '.join(fehler)}")
            buero("speichern", str(ziel))
            yield ziel


def _zellen(plan: Aufbau, werte: Mapping[str, object]) -> Iterator[tuple[str, Any]]:
    for schluessel, wert in werte.items():
        if schluessel not in plan.listen:
            yield plan.adresse(schluessel), _als_json(wert)
            continue
        assert isinstance(wert, list)
        for n, zeile in enumerate(wert):
            for m, inhalt in enumerate(zeile):
                ort = Platz(plan.listen[schluessel][0] + n, LABEL + m, LABEL + m).adresse
                yield ort, _als_json(inhalt)


def _als_json(wert: object) -> Any:
    if isinstance(wert, Getippt):
        return {"formel": f"={wert.formel}"}
    if isinstance(wert, date):
        return (wert - date(1899, 12, 30)).days
    return float(wert) if isinstance(wert, Decimal) else wert


def auftraege(ordner: Path) -> Iterator[Auftrag]:
    """Yield the submissions that the scenario wants from LibreOffice, each with its template."""
    ablage = Ablage.anlegen(ordner / "Demo", stammdaten_mappe(stamm.stammdaten()))
    stammdaten, _, _ = ablauf.stammdaten_laden(ablage)
    for zeit in (szenario.H2, szenario.JAHR):
        form = formular("anhang2" if "-" in zeit else "anhang3")
        plan = vorlage(form.id, form.version_fuer(zeit).id).plan
        ablauf.vorlagen(ordner / "Demo", zeit)
        for s in szenario.sendungen(zeit, beteiligte(stammdaten, zeit), stammdaten.gebiet):
            if s.libreoffice:
                name = ablauf.vorlagenname(form, zeit, s.bfs_nr, stammdaten.gebiet.name(s.bfs_nr))
                yield (ablage.vorlagen / zeit / name).read_bytes(), plan, s.werte, ZIEL / name


def main() -> None:
    """Write all files anew."""
    if not python_mit_uno():
        raise SystemExit("LibreOffice (soffice) oder python3-uno fehlt; siehe scripts/debian.py")
    ZIEL.mkdir(exist_ok=True)
    for alt in ZIEL.glob("*.xlsx"):
        alt.unlink()
    with tempfile.TemporaryDirectory() as ordner:
        for ziel in tippe(auftraege(Path(ordner)), Path(ordner)):
            print(ziel.name)


if __name__ == "__main__":
    main()
