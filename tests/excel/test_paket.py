"""What an installation gets: the wheel carries the server's pages and the manual; the core needs no xlwings."""

from __future__ import annotations

import re
import subprocess
import sys
from email import message_from_bytes
from email.message import Message
from pathlib import Path, PurePosixPath
from posixpath import normpath
from zipfile import ZipFile

import pytest

from krs import __version__

WURZEL = Path(__file__).parents[2]
PROJEKT = "krs/excel/server/projekt/"
# What krs[server] and krs[desktop] bring, and the core must do without.
ZUSAETZE = (
    "anyio", "fastapi", "httpx", "joserfc", "orjson", "python_multipart", "starlette", "uvicorn", "xlwings",
    "xlwings_server",
)  # fmt: skip


@pytest.fixture(scope="module")
def rad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `pip wheel --no-deps --no-build-isolation` builds it."""
    return _bauen(tmp_path_factory.mktemp("rad"))


def _bauen(ziel: Path) -> Path:
    befehl = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(ziel)]
    subprocess.run(befehl, cwd=WURZEL, check=True, capture_output=True)
    (datei,) = ziel.glob("krs-*.whl")
    return datei


@pytest.fixture(scope="module")
def installiert(rad: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, laid out as pip does it."""
    ordner = tmp_path_factory.mktemp("installiert")
    with ZipFile(rad) as archiv:
        archiv.extractall(ordner)
    return ordner


def _python(installiert: Path, text: str) -> str:
    """Return what Python prints where krs is installed and no checkout is near."""
    # -S: the .pth of the editable installation stays out; -P: and the current folder.
    voran = f"import sys; sys.path[:0] = {[str(installiert), *_bibliotheken()]!r}; "
    ergebnis = subprocess.run(
        [sys.executable, "-S", "-P", "-c", voran + text], cwd=installiert, capture_output=True, text=True, check=False
    )
    assert ergebnis.returncode == 0, ergebnis.stderr
    return ergebnis.stdout.strip()


def _bibliotheken() -> list[str]:
    return [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]


def test_das_rad_bringt_die_dateien_des_servers_mit(rad: Path) -> None:
    quelle = WURZEL / "addin" / "server"
    muss = {
        p.relative_to(quelle).as_posix()
        for p in quelle.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts and not p.name.startswith(".")
    }
    with ZipFile(rad) as archiv:
        gepackt = {n.removeprefix(PROJEKT): archiv.read(n) for n in archiv.namelist() if n.startswith(PROJEKT)}
    assert set(gepackt) == muss
    assert all((quelle / name).read_bytes() == inhalt for name, inhalt in gepackt.items())
    assert {"templates/taskpane.html", "templates/manifest.xml", "static/js/main.js", "static/css/style.css"} <= muss
    assert {f"{ordner}/__init__.py" for ordner in ("custom_functions", "custom_scripts", "auth/custom")} <= muss


def test_das_rad_bringt_die_daten_mit_aber_nichts_aus_werkstatt_und_tests(rad: Path) -> None:
    with ZipFile(rad) as archiv:
        namen = archiv.namelist()
    assert {"krs/recht/tarife.toml", "krs/excel/funktionen.toml", "krs/excel/makros.toml"} <= set(namen)
    assert {n.partition("/")[0].partition("-")[0] for n in namen} == {"krs"}
    assert [n for n in namen if n.endswith((".pyc", ".lock", ".xlam", ".log")) or "cache" in n] == []


def _angaben(rad: Path) -> Message:
    with ZipFile(rad) as archiv:
        (name,) = (n for n in archiv.namelist() if n.endswith(".dist-info/METADATA"))
        return message_from_bytes(archiv.read(name))


def test_das_rad_sagt_wer_es_ist_und_unter_welcher_lizenz(rad: Path) -> None:
    angaben = _angaben(rad)
    assert (angaben["Name"], angaben["Version"]) == ("krs", __version__)
    assert (angaben["License-Expression"], angaben["License-File"]) == ("MIT", "LICENSE")
    assert angaben["Description-Content-Type"] == "text/markdown"
    assert {"Typing :: Typed", "Private :: Do Not Upload"} <= set(angaben.get_all("Classifier", []))
    assert (angaben.get_all("Project-URL"), angaben["Home-page"]) == (None, None)
    with ZipFile(rad) as archiv:
        lizenz = archiv.read(f"krs-{__version__}.dist-info/licenses/LICENSE")
        assert "krs/py.typed" in archiv.namelist()
    assert lizenz == (WURZEL / "LICENSE").read_bytes()
    assert lizenz.startswith(b"MIT License\n\nCopyright (c) 2026 Die Mitwirkenden von krs\n")


def test_die_beschreibung_nennt_nur_was_das_rad_mitbringt(rad: Path) -> None:
    text = _angaben(rad).get_payload(decode=True).decode()
    assert text == (WURZEL / "docs" / "paket.md").read_text("utf-8")
    assert re.findall(r"\]\(|://", text) == []  # a link would lead nowhere from a list of packages
    genannt = set(re.findall(r"`((?:docs/|[A-Z]+\.md)[^`]*)`", text))
    with ZipFile(rad) as archiv:
        assert {f"krs/{name}" for name in genannt} <= set(archiv.namelist())
    handbuch = {f"docs/handbuch/{p.name}" for p in (WURZEL / "docs" / "handbuch").glob("*.md")}
    # Other pages lead to these two.
    assert handbuch - genannt <= {"docs/handbuch/befehle.md", "docs/handbuch/windows-pruefliste.md"}


def test_jede_verknuepfung_des_mitgelieferten_handbuchs_fuehrt_zu_einer_mitgelieferten_datei(rad: Path) -> None:
    with ZipFile(rad) as archiv:
        namen = set(archiv.namelist())
        seiten = {n: archiv.read(n).decode() for n in namen if n.startswith("krs/docs/") and n.endswith(".md")}
    tot = [
        (seite, ziel)
        for seite, text in seiten.items()
        for ziel in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", text)
        if normpath(str(PurePosixPath(seite).parent / ziel)) not in namen
    ]
    assert len(seiten) > 40
    assert tot == []


def test_zweimal_gebaut_gibt_dieselben_bytes(rad: Path, tmp_path: Path) -> None:
    assert _bauen(tmp_path).read_bytes() == rad.read_bytes()


def test_installiert_nimmt_der_server_den_gepackten_ordner(installiert: Path) -> None:
    text = "from krs.excel.server.projekt import projektordner; print(projektordner())"
    assert _python(installiert, text) == str(installiert / PROJEKT.rstrip("/"))


def test_installiert_macht_der_server_seine_seiten(installiert: Path) -> None:
    text = (
        "from krs.excel.server.einstellungen import Einstellungen; "
        "from krs.excel.server.projekt import Seiten, statische; "
        "s = Seiten(Einstellungen()); b = 'http://localhost:1'; wort = b'start.integration'; "
        "print(wort in s.seite('taskpane.html', b), wort in s.seite('manifest.xml', b), "
        "b'KRS_BEITRAG' in s.funktionen, b'konsolidieren' in s.skripte, "
        "{'js/main.js', 'css/style.css', 'images/icons/krs-32.png'} <= set(statische()))"
    )
    assert _python(installiert, text) == "True True True True True"


def test_der_kern_und_die_befehlszeile_brauchen_keinen_zusatz(installiert: Path) -> None:
    text = (
        f"sys.modules.update(dict.fromkeys({ZUSAETZE!r})); import pkgutil, importlib, krs; "
        "namen = [m.name for m in pkgutil.walk_packages(krs.__path__, 'krs.') "
        "if not m.name.startswith(('krs.excel.server.', 'krs.excel.xl')) and not m.name.endswith('__main__')]; "
        "[importlib.import_module(n) for n in namen]; print('krs.excel.makros' in namen, 'krs.ablauf' in namen)"
    )
    assert _python(installiert, text) == "True True"


def test_installiert_sagt_serve_ohne_zusatz_einen_satz(installiert: Path) -> None:
    text = (
        f"sys.modules.update(dict.fromkeys({ZUSAETZE!r})); from krs.cli import app, laufen; "
        "sys.stderr = sys.stdout; print(laufen(app, ['serve']))"
    )
    satz, code = _python(installiert, text).splitlines()
    assert satz.startswith("Für «krs serve» fehlt der Zusatz krs[server].")
    assert code == "2"
