"""Pure questions write nothing and hold no lock; who may only read can ask them (entwurf 7)."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import BaseFileLock, FileLock, Timeout

from ablage.fragen import FRAGEN, NEU, SCHREIBEND, Antworten, frage, nur_lesbar, spuren
from ablage.hilfe import ausgefuellt, einwerfen, stammdaten
from ablage.laufhilfe import LAUF, TAG, freie, freigeben, lauf, offene
from krs import ablauf
from krs.ablage import ordner
from krs.ablage.archiv import Archiv
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, loesche_datei, schreibe
from krs.ablauf import auskunft, eingang
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.uebergabe import uebergeben
from krs.excel.server import auftraege
from krs.excel.server.antworten import Abweisung

HEUTE = date(2024, 9, 20)
KEIN_RECHT = "In der Ablage «ABLAGE» darf dieses Konto nicht schreiben. Prüfen Sie die Rechte."
BELEGT = "In der Ablage «ABLAGE» wird bereits mit krs gearbeitet. Versuchen Sie es später erneut."
VORSCHAU = "lauf ABLAGE 2025-03 --datum 2025-03-10"
nur_posix = pytest.mark.skipif("sys.platform == 'win32'", reason="Windows kennt diese Rechte nicht")


@pytest.fixture
def voll(tmp_path: Path) -> Ablage:
    """A folder with a released run, a Master, and a corrected form that nobody has archived."""
    ablage = freie(tmp_path)
    ablauf.konsolidieren(ablage.pfad, TAG)
    einwerfen(ablage, NEU.removeprefix("Eingang/"), ausgefuellt(ablage, 2402, erst_familien=4, erst_personen=9))
    return ablage


def ohne_mappe(antworten: Antworten, grund: str) -> Antworten:
    """Return what a preview says that could not be put into the folder, made of what it says with it."""
    erwartet = dict(antworten)
    satz = f"Die Vorschau liegt nicht als Mappe in der Ablage: {grund}"
    code, text, fehler = antworten[VORSCHAU]
    zeilen = str(text).splitlines()
    ort = zeilen.index("Vorschau: ABLAGE/Laeufe/Vorschau_2025-03.xlsx")
    summe = next(n for n, z in enumerate(zeilen) if z.startswith("Prüfsumme des Inhalts: "))
    zeilen[summe : ort + 1] = [satz, *zeilen[summe:ort]]
    erwartet[VORSCHAU] = [code, "\n".join(zeilen) + "\n", fehler]
    *saetze, summe_, ziffer, _ort, schritt, tabellen, _mappe = antworten["lauf_vorschau"]
    erwartet["lauf_vorschau"] = [*saetze, satz, summe_, ziffer, schritt, tabellen, False]
    return erwartet


# --- who may only read ----------------------------------------------------------------------
@nur_posix
def test_wer_nur_lesen_darf_erhaelt_dieselben_antworten(voll: Ablage) -> None:
    with nur_lesbar(voll.pfad):
        vorher = spuren(voll.pfad)
        gelesen = frage(voll.pfad, "10", "nur-lesen")
        assert spuren(voll.pfad) == vorher
    for worte in SCHREIBEND:  # that nothing could be written is proved by what writes
        assert (" ".join(worte), gelesen.pop(" ".join(worte))) == (" ".join(worte), [2, "", f"{KEIN_RECHT}\n"])
    geschrieben = frage(voll.pfad)
    assert gelesen == ohne_mappe(geschrieben, KEIN_RECHT)
    assert [geschrieben[" ".join(f)][0] for f in FRAGEN] == [0, 0, 0, 0, 0, 0, 2, 1]
    assert "neu.xlsx" not in str(geschrieben["archiv ABLAGE liste --stichtag 2024-09-20"])


def test_fragen_aendern_auch_dort_nichts_wo_sie_duerften(voll: Ablage) -> None:
    vorher = spuren(voll.pfad)
    frage(voll.pfad)
    nachher = spuren(voll.pfad)
    anders = {n for n in {*vorher, *nachher} if vorher.get(n) != nachher.get(n)}
    assert anders <= {"Laeufe", "Laeufe/Vorschau_2025-03.xlsx", ".", ".krs.lock"}
    assert (voll.laeufe / "Vorschau_2025-03.xlsx").is_file()
    (voll.laeufe / "Vorschau_2025-03.xlsx").unlink()
    vorher = spuren(voll.pfad)
    auskunft.kredit(voll.pfad, 2024, (), HEUTE)
    auskunft.rueckforderungen(voll.pfad, HEUTE)
    auskunft.vergleich(voll.pfad, LAUF, "heute", HEUTE)
    ablauf.archiv_liste(voll.pfad, HEUTE)
    auftraege.stand(voll.pfad, Uhr(HEUTE, HEUTE))
    assert spuren(voll.pfad) == vorher


@nur_posix
def test_auch_ein_ordner_in_dem_noch_nichts_liegt_gibt_auskunft(tmp_path: Path) -> None:
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "Stammdaten.xlsx").write_bytes(stammdaten())
    with nur_lesbar(tmp_path / "A"):
        antworten = frage(tmp_path / "A", "10", "nur-lesen")
        assert [p.name for p in (tmp_path / "A").iterdir()] == ["Stammdaten.xlsx"]
    assert antworten["archiv ABLAGE liste --stichtag 2024-09-20"] == [0, "Im Archiv ist nichts.\n", ""]
    assert [antworten[" ".join(f)][0] for f in FRAGEN] == [0, 0, 2, 0, 2, 2, 1, 1]
    ablauf.konsolidieren(tmp_path / "A", HEUTE)  # who writes makes the folders
    assert all((tmp_path / "A" / o).is_dir() for o in Ablage.ORDNER)


@nur_posix
@pytest.mark.parametrize("recht", [0o000, 0o444])
def test_was_nicht_gelesen_werden_darf_ist_bei_jeder_frage_genannt(voll: Ablage, recht: int) -> None:
    satz = (
        "«2024-07-15» konnte nicht gelesen werden: Die Datei liess sich nicht öffnen (es ist ein Ordner, den dieses "
        "Konto nicht lesen darf). Schliessen Sie sie in anderen Programmen oder laden Sie sie aus der Cloud auf den "
        "Computer, und konsolidieren Sie erneut. (Ziff. 5.2, E-15)"
    )
    with nur_lesbar(voll.pfad):
        offen = frage(voll.pfad, "10", "nur-lesen")
        (voll.eingang / "2024-07-15").chmod(recht)  # what was in it is archived: the figures stay
        verschlossen = frage(voll.pfad, "10", "nur-lesen")
        (voll.eingang / "2024-07-15").chmod(0o555)
    fragen = [" ".join(f) for f in FRAGEN if f[0] in ("kredit", "rueckforderungen", "vergleich") or "2025-03" in f]
    for name in fragen:
        code, text, fehler = verschlossen[name]
        zeilen = str(text).splitlines()
        assert zeilen.count(satz) == 1, name
        zeilen.remove(satz)
        assert [code, "\n".join(zeilen) + "\n", fehler] == offen[name]
    assert satz in verschlossen["lauf_vorschau"]
    assert satz in verschlossen["tafel"][0]["saetze"]  # type: ignore[index]
    anders = {n for n in offen if offen[n] != verschlossen[n]}
    assert anders - {" ".join(f) for f in SCHREIBEND} == {*fragen, "lauf_vorschau", "tafel"}


@nur_posix
@pytest.mark.parametrize("name", ["Eingang", "Archiv", "Laeufe", "Vorlagen", ""])
def test_ein_ordner_der_nicht_gelesen_werden_darf_ist_ein_satz(voll: Ablage, name: str) -> None:
    ordner = voll.pfad / name
    with nur_lesbar(voll.pfad):
        ordner.chmod(0o000)
        gesagt = frage(voll.pfad, "10", "verschlossen")
        ordner.chmod(0o555)
    satz = f"«ABLAGE/{name or 'Stammdaten.xlsx'}» kann nicht gelesen werden. Prüfen Sie die Rechte.\n"
    fragen = [" ".join(f) for f in FRAGEN if f[0] in ("kredit", "rueckforderungen", "vergleich") or "2025-03" in f]
    assert [gesagt[name] for name in fragen] == [[2, "", satz]] * len(fragen)


# --- while somebody writes ------------------------------------------------------------------
def test_fragen_warten_auf_niemanden(voll: Ablage) -> None:
    frei = frage(voll.pfad)
    (voll.laeufe / "Vorschau_2025-03.xlsx").unlink()
    with FileLock(voll.pfad / ".krs.lock"):
        vorher = spuren(voll.pfad)
        besetzt = frage(voll.pfad, "0.2")
        nachher = spuren(voll.pfad)
    assert nachher | {".": vorher["."]} == vorher  # trying whether one may write touches the folder
    assert besetzt == ohne_mappe(frei, BELEGT)


def einmal(monkeypatch: pytest.MonkeyPatch, ort: Any, name: str, tun: Callable[[], object], male: int = 1) -> None:
    """Let somebody do something just before a function is called for the first time."""
    echt, rest = getattr(ort, name), [None] * male

    def dazwischen(*a: Any, **k: Any) -> Any:
        if rest:
            rest.pop()
            tun()
        return echt(*a, **k)

    monkeypatch.setattr(ort, name, dazwischen)


def test_ein_lauf_der_waehrend_der_frage_freigegeben_und_uebergeben_wird(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ablage = offene(tmp_path)

    def tun() -> None:
        freigeben(ablage)
        uebergeben(ablage.pfad, LAUF, TAG)

    vorher = auskunft.kredit(ablage.pfad, 2024, (), HEUTE)
    einmal(monkeypatch, Laeufe, "uebergaben", tun)
    waehrend = auskunft.kredit(ablage.pfad, 2024, (), HEUTE)
    assert waehrend == auskunft.kredit(ablage.pfad, 2024, (), HEUTE)
    assert (vorher.stand.bezahlt, waehrend.stand.bezahlt) == (0, 1920)


def test_ein_original_das_waehrend_der_frage_geloescht_wird(voll: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(voll.eingang / "2024-07-15")
    sha = next(e.sha256 for e in Archiv(voll.archiv).geordnet() if e.wer.bfs_nr == 2401)
    einmal(
        monkeypatch, Archiv, "lies", lambda: ablauf.archiv_loeschen(voll.pfad, sha, HEUTE, "Namen", "AB", trotzdem=True)
    )
    waehrend = auftraege.stand(voll.pfad, Uhr(HEUTE, HEUTE))
    assert waehrend == auftraege.stand(voll.pfad, Uhr(HEUTE, HEUTE))
    assert [(z["status"], z["datei"]) for z in waehrend["tafel"] if z["sha256"] == sha] == [("gelöscht", "")]


def test_eine_datei_die_waehrend_der_frage_verschoben_wird(voll: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    einmal(monkeypatch, eingang, "funde", lambda: (voll.pfad / NEU).parent.rename(voll.eingang / "2024-09-13"))
    waehrend = auftraege.stand(voll.pfad, Uhr(HEUTE, HEUTE))
    assert waehrend == auftraege.stand(voll.pfad, Uhr(HEUTE, HEUTE))
    assert "2024-09-13/neu.xlsx" in [z["datei"] for z in waehrend["tafel"]]
    assert "E-15" not in [b["code"] for b in waehrend["befunde"]]


def test_eine_datei_im_archiv_deren_zeile_noch_fehlt(voll: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    def tun() -> None:
        daten = einwerfen(voll, "2024-09-14/mehr.xlsx", ausgefuellt(voll, 2403, erst_familien=1)).read_bytes()
        (voll.archiv / f"{hashlib.sha256(daten).hexdigest()}.xlsx").write_bytes(daten)

    def fremde() -> list[str]:
        return [s for s in auftraege.stand(voll.pfad, Uhr(HEUTE, HEUTE))["saetze"] if "ohne Eintrag" in s]

    einmal(monkeypatch, Archiv, "fremde", tun)  # after Eingang was read
    assert (fremde(), fremde()) == ([], [])
    shutil.copy(voll.pfad / NEU, voll.archiv / "fremd.xlsx")
    assert fremde() == ["Im Archiv liegt «fremd.xlsx» ohne Eintrag in index.csv; legen Sie die Datei in den Eingang."]


def test_die_vorschau_wartet_nicht_bis_die_ablage_stillsteht(voll: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds the lock and writes all the time; that the workbook is kept is tried once, for a second."""
    frei, wie_lange = lauf(voll, "2025-03"), []

    def belegt(schloss: FileLock) -> None:
        wie_lange.append(schloss.timeout)
        os.utime(voll.stammdaten, ns=(0, len(wie_lange)))
        raise Timeout("x")

    monkeypatch.setattr(BaseFileLock, "acquire", belegt)
    satz = f"Die Vorschau liegt nicht als Mappe in der Ablage: {BELEGT.replace('ABLAGE', str(voll.pfad))}"
    assert lauf(voll, "2025-03") == replace(frei, ort=None, meldungen=(*frei.meldungen, satz))
    assert wie_lange == [1]


def test_ein_lauf_der_vor_der_mappe_der_vorschau_freigegeben_wird(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ablage = offene(tmp_path)
    einmal(monkeypatch, BaseFileLock, "acquire", lambda: freigeben(ablage))
    with pytest.raises(AblageFehler, match="schon freigegeben und ändert sich nicht mehr"):
        lauf(ablage)
    assert not Laeufe(ablage.laeufe).vorschau(LAUF).exists()


@pytest.mark.parametrize(("name", "male"), [("Stammdaten.xlsx", 99), ("Laeufe/uebergaben.csv", 99)])
def test_was_nie_stillsteht_ist_ein_satz(voll: Ablage, monkeypatch: pytest.MonkeyPatch, name: str, male: int) -> None:
    datei = voll.pfad / name
    datei.touch()
    if datei.suffix == ".csv":
        datei.write_bytes("Datum;Lauf;Nummer;Prüfsumme;Grund\r\n".encode("utf-8-sig"))

    def tun() -> None:
        os.utime(datei, ns=(datei.stat().st_atime_ns, datei.stat().st_mtime_ns + 1_000_000_000))

    einmal(monkeypatch, eingang, "funde", tun, male)
    with pytest.raises(AblageFehler) as fehler:
        auskunft.rueckforderungen(voll.pfad, HEUTE)
    assert str(fehler.value) == (
        f"In der Ablage «{voll.pfad}» ändert sich gerade etwas. Versuchen Sie es in einem Augenblick erneut."
    )


def test_waehrend_jemand_konsolidiert_und_zahlt_stimmt_jede_antwort(tmp_path: Path) -> None:
    """What a question may answer is what it answers before and after each step of the writer."""
    schritte = (
        "ablauf.konsolidieren(a, T)", "(a / 'Eingang/2024-07-16/b.xlsx').rename(a / 'Eingang/2024-07-17/b.xlsx')",
        "ablauf.konsolidieren(a, T)", "lauf(A, vorbereiten=True, visa=('AB',))",
        "lauf(A, freigeben=True, visa=('CD',))", "uebergeben(a, LAUF, T)", "(a / 'Eingang/2024-07-17/b.xlsx').unlink()",
        "ablauf.konsolidieren(a, T)",
    )  # fmt: skip
    kopf = (
        "from ablage.laufhilfe import *\nfrom krs.ablauf.uebergabe import uebergeben\nimport sys\n"
        "T = TAG; a = Path(sys.argv[1]); A = Ablage.oeffnen(a)\n"
    )
    umgebung = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def schreiber(pfad: Path, programm: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", kopf + programm, str(pfad)], env=umgebung)

    def einzeln(ablage: Ablage) -> tuple[object, object]:
        return auftraege.stand(ablage.pfad, Uhr(HEUTE, HEUTE)), auskunft.kredit(ablage.pfad, 2024, (), HEUTE)

    probe = offene(tmp_path / "probe")
    moeglich = [einzeln(probe)]
    for schritt in schritte:
        assert schreiber(probe.pfad, schritt).wait(120) == 0
        moeglich.append(einzeln(probe))
    tafeln, kredite = ([m[n] for m in moeglich] for n in (0, 1))

    ablage = offene(tmp_path / "echt")
    gesagt: list[str] = []
    with schreiber(ablage.pfad, "\n".join(schritte)) as prozess:
        while prozess.poll() is None:
            try:
                tafel, kredit = einzeln(ablage)
            except (AblageFehler, Abweisung) as fehler:  # on a slow machine it may never stand still
                gesagt.append(str(fehler))
                continue
            assert tafel in tafeln
            assert kredit in kredite
    assert prozess.returncode == 0
    assert [s for s in gesagt if "ändert sich gerade etwas" not in s] == []
    assert einzeln(ablage) == moeglich[-1]


# --- a lock that cannot be had --------------------------------------------------------------
@pytest.mark.parametrize(
    ("fehler", "satz"),
    [
        (PermissionError(errno.EACCES, "denied"), KEIN_RECHT), (PermissionError(errno.EPERM, "denied"), KEIN_RECHT),
        (OSError(errno.EROFS, "read-only"), KEIN_RECHT), (Timeout("x"), BELEGT),
        *(
            (OSError(nummer, "no locks"),
             "Das Laufwerk der Ablage «ABLAGE» kennt keine Sperren: Zwei Personen könnten zugleich schreiben. Legen "
             "Sie die Ablage auf ein anderes Laufwerk.")
            for nummer in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
        ),
        *(
            (OSError(nummer, "full", "ABLAGE/.krs.lock"),
             "«ABLAGE/.krs.lock» kann nicht geschrieben werden: Der Datenträger ist voll.")
            for nummer in (errno.ENOSPC, errno.EDQUOT)
        ),
        (OSError(errno.EIO, "broken"), "«ABLAGE» ist nicht zugänglich (Fehler 5 des Systems). Prüfen Sie Pfad und "
         "Laufwerk."),
    ],
    ids=["EACCES", "EPERM", "EROFS", "Timeout", "ENOLCK", "ENOSYS", "EOPNOTSUPP", "ENOSPC", "EDQUOT", "EIO"],
)  # fmt: skip
def test_weshalb_nicht_geschrieben_werden_kann(
    voll: Ablage, monkeypatch: pytest.MonkeyPatch, fehler: OSError, satz: str
) -> None:
    def nicht(_: object) -> None:
        raise fehler

    monkeypatch.setattr(BaseFileLock, "acquire", nicht)
    with pytest.raises(AblageFehler) as gesagt:
        ablauf.konsolidieren(voll.pfad, HEUTE)
    assert str(gesagt.value).replace(str(voll.pfad), "ABLAGE") == satz


def test_ein_fehlendes_recht_heisst_nicht_dass_jemand_arbeitet(voll: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows may answer a missing right as it answers a held lock."""

    def nicht(*_: object) -> None:
        raise Timeout("x")

    def verboten(*_: object) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(BaseFileLock, "acquire", nicht)
    monkeypatch.setattr(Path, "touch", verboten)
    with pytest.raises(AblageFehler) as gesagt:
        ablauf.konsolidieren(voll.pfad, HEUTE)
    assert str(gesagt.value).replace(str(voll.pfad), "ABLAGE") == KEIN_RECHT


def test_wer_gerade_liest_haelt_unter_windows_keinen_schreiber_auf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ziel, gezaehlt = tmp_path / "x.csv", []
    ziel.write_bytes(b"alt")

    def belegt(echt: Callable[..., object]) -> Callable[..., object]:
        def einmal_nicht(*a: Any, **k: Any) -> object:
            gezaehlt.append(echt.__name__)
            if len(gezaehlt) % 3:
                raise PermissionError(errno.EACCES, "in use")
            return echt(*a, **k)

        return einmal_nicht

    monkeypatch.setattr(ordner, "_ANLAEUFE", 3)
    monkeypatch.setattr(Path, "replace", belegt(Path.replace))
    assert schreibe(ziel, b"neu")
    assert (ziel.read_bytes(), gezaehlt) == (b"neu", ["replace"] * 3)
    monkeypatch.setattr(Path, "unlink", belegt(Path.unlink))
    loesche_datei(ziel)
    assert (ziel.exists(), gezaehlt[3:]) == (False, ["unlink"] * 3)
    monkeypatch.setattr(ordner, "_ANLAEUFE", 2)
    with pytest.raises(AblageFehler, match="kann nicht gelöscht werden"):
        loesche_datei(ziel)
