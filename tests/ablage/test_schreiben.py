"""Nothing is lost: every file is old or new, never half, and the next run completes (entwurf 7)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from ablage.hilfe import STICHTAG, baum
from ablage.toeten import BEFEHL, mit_eingang, toeten, unversehrt
from krs import ablauf
from krs.ablage import ordner
from krs.ablage.ordner import Ablage, AblageFehler, schreibe


def test_eine_datei_ist_danach_neu_oder_noch_die_alte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ziel = tmp_path / "x.csv"
    assert schreibe(ziel, b"alt")

    def bricht_ab(*_: object) -> None:
        raise OSError(5, "Eingabe-/Ausgabefehler", str(ziel))

    monkeypatch.setattr(os, "replace", bricht_ab)
    monkeypatch.setattr(Path, "replace", bricht_ab)
    with pytest.raises(AblageFehler) as fehler:
        schreibe(ziel, b"neu")
    assert str(fehler.value) == f"«{ziel}» ist nicht zugänglich (Fehler 5 des Systems). Prüfen Sie Pfad und Laufwerk."
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    assert ziel.read_bytes() == b"alt"


def test_ein_unveraenderter_inhalt_wird_nicht_geschrieben(tmp_path: Path) -> None:
    ziel = tmp_path / "neu" / "x.csv"
    assert schreibe(ziel, b"gleich")
    os.utime(ziel, (1, 1))
    assert not schreibe(ziel, b"gleich")
    assert ziel.stat().st_mtime == 1
    assert schreibe(ziel, b"anders")


@pytest.mark.parametrize("nummer", range(8))
def test_bricht_ein_lauf_beim_schreiben_ab_vollendet_ihn_der_naechste(
    ablage: Ablage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nummer: int
) -> None:
    mit_eingang(ablage, 5)
    ungestoert = tmp_path / "ungestört"
    shutil.copytree(ablage.pfad, ungestoert)
    ablauf.konsolidieren(ungestoert, STICHTAG)
    echt, gezaehlt = Path.replace, 0

    def bricht_ab(selbst: Path, ziel: Path) -> Path:
        nonlocal gezaehlt
        gezaehlt += 1
        if gezaehlt > nummer:
            raise OSError(28, "Kein Platz", str(ziel))
        return echt(selbst, ziel)

    with monkeypatch.context() as m:
        m.setattr(Path, "replace", bricht_ab)
        with pytest.raises(AblageFehler, match=r"^«.+» kann nicht geschrieben werden: Der Datenträger ist voll\.$"):
            ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert gezaehlt == nummer + 1  # five forms, the journal, the index, the Master
    unversehrt(ablage.pfad)
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert baum(ablage.pfad) == baum(ungestoert)


def test_ein_getoeteter_lauf_hinterlaesst_nichts_halbes_und_der_naechste_vollendet_ihn(
    ablage: Ablage, tmp_path: Path
) -> None:
    mit_eingang(ablage, 45)
    assert toeten(ablage, tmp_path, 14, seed=7) == 14


def test_reste_eines_getoeteten_laufs_raeumt_der_naechste_weg(ablage: Ablage) -> None:
    reste = [ablage.pfad / ".Master.xlsx.123.neu", ablage.archiv / ".a.xlsx.9.neu", ablage.vorlagen / "2024/.b.7.neu"]
    fremdes = ablage.pfad / ".notiz.neu"
    for datei in [*reste, fremdes]:
        datei.write_bytes(b"halb")
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert not any(datei.exists() for datei in reste)
    assert fremdes.exists()


def test_ein_zweites_krs_sagt_einen_satz_und_tut_nichts(ablage: Ablage) -> None:
    vorher = baum(ablage.pfad)
    with FileLock(ablage.pfad / ".krs.lock"):
        vorab = f"from krs.ablage import ordner; ordner._WARTEN = 0.1; {BEFEHL}"
        befehl = [sys.executable, "-c", vorab, "konsolidieren", str(ablage.pfad)]
        zweites = subprocess.run(befehl, capture_output=True, check=False, timeout=600)
    assert (zweites.returncode, zweites.stdout) == (2, b"")
    assert zweites.stderr.decode() == (
        f"In der Ablage «{ablage.pfad}» wird bereits mit krs gearbeitet. Versuchen Sie es später erneut.\n"
    )
    assert baum(ablage.pfad) == vorher


def test_ein_krs_wartet_kurz_auf_ein_anderes(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordner, "_WARTEN", 0)
    with ablage.sperre(), pytest.raises(AblageFehler), Ablage(ablage.pfad).sperre():
        pass
    with ablage.sperre():
        pass


@pytest.mark.parametrize("nummer", [13, 30])
def test_ohne_schreibrecht_steht_da_was_zu_tun_ist(
    ablage: Ablage, monkeypatch: pytest.MonkeyPatch, nummer: int
) -> None:
    mit_eingang(ablage, 1)

    def verboten(selbst: Path, _daten: bytes) -> int:
        raise OSError(nummer, "verboten", str(selbst))

    monkeypatch.setattr(Path, "write_bytes", verboten)
    with pytest.raises(AblageFehler) as fehler:
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    satz = str(fehler.value)
    assert satz.startswith(f"«{ablage.archiv}")
    assert satz.endswith("kann nicht geschrieben werden. Prüfen Sie die Rechte.")


def test_auch_das_anlegen_laesst_sich_nach_einem_abbruch_wiederholen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pfad = tmp_path / "Ablage"

    def getoetet(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(Path, "replace", getoetet)
        m.setattr(Path, "unlink", getoetet)
        with pytest.raises(KeyboardInterrupt):
            ablauf.neu(pfad)
    assert [p.suffix for p in pfad.iterdir()] == [".neu"]
    ablauf.neu(pfad)
    with pytest.raises(AblageFehler) as fehler:
        ablauf.neu(pfad)
    assert str(fehler.value) == f"«{pfad}» ist nicht leer. Nennen Sie einen neuen oder leeren Ordner."
