"""The same files after LibreOffice saved them: as xlsx, by way of ods, by way of xls (needs soffice).

Expected is what test_faelle.py expects of the file itself; what LibreOffice changes stands here, with its reason.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

from eingaben import test_faelle as tabelle
from eingaben.faelle import dateien
from eingaben.test_faelle import Zeile, f25, f26, f27
from eingaben.urteil import urteile

pytestmark = pytest.mark.xdist_group("soffice")
XLSX, ODS, XLS = "xlsx:Calc MS Excel 2007 XML", "ods", "xls:MS Excel 97"
WEGE: dict[str, tuple[str, ...]] = {"xlsx": (XLSX,), "ods": (ODS, XLSX), "xls": (XLS, XLSX)}
GLEICH = (
    "Anhang 2 ohne Fehler", "Anhang 3 ohne Fehler", "Zahl mit geradem Apostroph", "Zahl mit schmalem Leerschlag",
    "Zahl in Worten", "Halbes Gespräch", "Datum als Text", "Rechnung statt Zahl", "Nicht vorhanden",
    "Auswahl gross geschrieben", "Pensum als Text", "JA mit Leerschlag", "Leer zurück",
    "WAHR statt Ja",  # becomes =TRUE(), which is no formula for us
    "Liste weiter unten ausgefüllt", "Feld ausgeschnitten und eingefügt", "Zeilen eingefügt", "Spalten eingefügt",
    "Blatt umbenannt", "Blatt ganz versteckt", "Eigenes Blatt dazu", "Blatt in der Mappe kopiert",
    "Zelle in der letzten Ecke", "Texte in Stücken", "Strict OOXML", "Zeitrechnung ab 1904",
    "AHV-Nummer neben den Feldern", "AHV-Nummer im Nachweis",
    "AHV-Nummer in der Kopfzeile", "Text wie eine Formel",
)  # fmt: skip
A208 = (
    "A2-08", "C25",
    "Reporting!C25: 5 Dolmetscheinsätze, aber nur 4 Erstinformationsgespräche."
    " Prüfen Sie beide Zahlen; stimmen sie, erklären Sie es in den Bemerkungen. (Ziff. 4.3.1, A2-08)",
)  # fmt: skip
NV = f27("C59", "Bemerkungen", "der Fehlerwert #NV")
WERT = f27("C59", "Bemerkungen", "der Fehlerwert #WERT!")
NOTIZ = [
    (
        "E-38", zelle,
        f"Reporting!{zelle}: Im Feld «Integrationsgespräche{feld}» steht «{wert}», auf dem Blatt ist es aber nicht "
        "richtig zu lesen: die Beschriftung in E19 ist nicht zu lesen (ein Bild oder ein Textfeld liegt darüber). "
        "Formatieren Sie die Zelle neu und prüfen Sie den Wert; stimmt er, teilen Sie es mit. (Ziff. 5.2, E-38)",
    )
    for zelle, feld, wert in (
        ("E21", ": mit Einzelpersonen", "2"), ("E25", ", Dolmetscheinsätze bei Einzelpersonen", "1"),
        ("E30", ": Erreichte Personen", "2"), ("E34", ": Geführt durch Verantwortliche von start.integration", "Ja"),
        ("E35", ": Nachweise liegen vor (Durchführung nachprüfbar)", "Ja"),
    )
]  # fmt: skip
# Case → way → Befunde and values that differ from the file itself.
ANDERS: dict[str, dict[str, tuple[list[Zeile], dict[str, object]]]] = {
    # It computes what was saved without a result.
    "Formel ohne Ergebnis": dict.fromkeys(WEGE, ([f25("C21", "=5+3", "8")], {"erst_einzelpersonen": 8})),
    # It computes anew where the file in between holds no result it trusts: Liste!A9 is empty, so 0.
    "Formel auf ein eigenes Blatt": dict.fromkeys(
        ("ods", "xls"), ([f25("C21", "=Liste!A9", "0"), A208], {"erst_einzelpersonen": 0})
    ),
    # Formulas it cannot write in xls become #N/A.
    "Bezugsfehler": {"xls": ([f26("der Fehlerwert #NV")], {})},
    # Nor does it take over a command: only its failure stays.
    "Formel mit Befehl": {"xlsx": ([tabelle.E17, WERT], {}), "ods": ([WERT], {}), "xls": ([NV], {})},
    # A note without a shape of its own it shows for good, over the head of the column beside it.
    "AHV-Nummer in einem Kommentar": dict.fromkeys(
        WEGE, ([*NOTIZ, *tabelle.ERWARTET["AHV-Nummer in einem Kommentar"]], {})
    ),
    # It leaves out macros that are none of its own.
    "Makros": dict.fromkeys(WEGE, ([], {})),
}  # fmt: skip
NAMEN = (*GLEICH, *ANDERS)


@pytest.fixture(scope="module")
def gespeichert(
    tmp_path_factory: pytest.TempPathFactory, verlange: Callable[[object, str], None]
) -> dict[str, dict[str, bytes]]:
    """Return way → case → the bytes that LibreOffice saved; one call for all files of a format."""
    verlange(which("soffice"), "soffice fehlt")
    ordner = tmp_path_factory.mktemp("libreoffice")
    quelle = ordner / "quelle"
    quelle.mkdir()
    for nummer, name in enumerate(NAMEN):
        (quelle / f"{nummer:03}.xlsx").write_bytes(dateien()[name][0])
    ergebnis = {}
    for weg, formate in WEGE.items():
        hier = quelle
        for schritt, format_ in enumerate(formate):
            hier = _umwandeln(hier, format_, ordner / f"{weg}{schritt}", ordner / "profil")
        ergebnis[weg] = {name: (hier / f"{nummer:03}.xlsx").read_bytes() for nummer, name in enumerate(NAMEN)}
    return ergebnis


def _umwandeln(von: Path, format_: str, nach: Path, profil: Path) -> Path:
    befehl = ["soffice", f"-env:UserInstallation={profil.as_uri()}", "--headless", "--convert-to", format_]
    umgebung = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    subprocess.run(
        [*befehl, "--outdir", str(nach), *map(str, sorted(von.iterdir()))],
        check=True, capture_output=True, timeout=1200, env=umgebung,
    )  # fmt: skip
    return nach


@pytest.mark.parametrize("weg", WEGE)
@pytest.mark.parametrize("name", NAMEN)
def test_nach_libreoffice_wird_dasselbe_gelesen(name: str, weg: str, gespeichert: dict[str, dict[str, bytes]]) -> None:
    ergebnis = urteile(gespeichert[weg][name], "Formular.xlsx")
    befunde, werte = ANDERS.get(name, {}).get(weg, (tabelle.ERWARTET[name], {}))
    assert [(b.code, b.zelle, b.meldung) for b in ergebnis.befunde] == befunde
    assert ergebnis.werte == tabelle.erwartete_werte(name) | werte


def test_die_faelle_gibt_es() -> None:
    assert set(NAMEN) <= set(tabelle.ERWARTET)
