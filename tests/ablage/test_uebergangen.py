"""What lies there and is not read is named: links, pipes, hidden files, copies of the Stammdaten, lost Stammdaten."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ablage.hilfe import STICHTAG, ausgefuellt, einwerfen
from ablage.laufhilfe import freie
from ablage.test_post import datei, mail
from ablage.test_umschlaege import zip_
from krs import ablauf, saetze
from krs.ablage.ordner import Ablage, AblageFehler

ANFANG = "Nicht gelesen, weil versteckt, verknüpft oder keine gewöhnliche Datei: "


@pytest.mark.skipif(os.name == "nt", reason="Rohre und Verknüpfungen gibt es dort nicht ohne Weiteres")
def test_was_im_eingang_nicht_gelesen_wird_ist_genannt(ablage: Ablage, tmp_path: Path) -> None:
    woanders = tmp_path / "Netz"
    woanders.mkdir()
    (woanders / "b.xlsx").write_bytes(b"?")
    einwerfen(ablage, "k/a.xlsx", ausgefuellt(ablage))
    for name in (".Olten.xlsx", ".sync/x.xlsx", ".DS_Store", "Thumbs.db"):
        einwerfen(ablage, name, b"?")
    einwerfen(ablage, "._a.xlsx", b"\0\5\x16\7\0\2\0\0Mac OS X")
    (ablage.eingang / "Netz").symlink_to(woanders)
    (ablage.eingang / "k" / "tot.xlsx").symlink_to(tmp_path / "nirgends.xlsx")
    (ablage.eingang / "k" / "hinaus.xlsx").symlink_to(woanders / "b.xlsx")
    rohr = ablage.eingang / "k" / "rohr.xlsx"
    os.mkfifo(rohr)
    k = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert k.meldungen == (f"{ANFANG}«.Olten.xlsx», «.sync», «Netz», «k/hinaus.xlsx», «k/rohr.xlsx», «k/tot.xlsx».",)
    g = ablauf.pruefen([ablage.eingang / "k"], None, STICHTAG)
    assert list(saetze.gelesen(g)) == ["1 Datei gelesen.", f"{ANFANG}«k/hinaus.xlsx», «k/rohr.xlsx», «k/tot.xlsx»."]
    for n in range(4):
        einwerfen(ablage, f".{n}.xlsx", b"?")
    (satz,) = ablauf.konsolidieren(ablage.pfad, STICHTAG).meldungen
    assert satz == f"{ANFANG}«.0.xlsx», «.1.xlsx», «.2.xlsx», «.3.xlsx», «.Olten.xlsx» und 5 weitere."
    with pytest.raises(AblageFehler) as fehler:
        ablauf.pruefen([rohr], None, STICHTAG)
    assert str(fehler.value) == f"«{rohr}» ist keine gewöhnliche Datei. Kopieren Sie das Formular in einen Ordner."


def test_nur_was_macos_danebenlegt_wird_ohne_ein_wort_uebergangen(ablage: Ablage) -> None:
    einwerfen(ablage, "._b.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-20/._leer.xlsx", b"")
    einwerfen(ablage, "._c.xlsx", b"\0\5\x16\7\0\2\0\0Mac OS X")
    k = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert k.meldungen == (f"{ANFANG}«._b.xlsx», «2024-07-20/._leer.xlsx».",)


def test_was_neben_einem_formular_in_der_sendung_liegt_ist_einmal_genannt(ablage: Ablage) -> None:
    form, brief = ausgefuellt(ablage), b"Content-Type: image/png; name=Logo.png\n\nx"
    teile = [datei("a.xlsx", form), datei("Formular.docx", form), datei("weitere.7z", b"7z\xbc\xaf\x27\x1c"), brief]
    einwerfen(ablage, "m.eml", mail(*teile, kopf="Date: 30 Jul 2024 10:00"))
    apfel = b"\0\5\x16\7\0\2\0\0Mac OS X"
    drin = [("b.xlsx", ausgefuellt(ablage, 2402)), ("._b.xlsx", apfel), ("._c.xlsx", ausgefuellt(ablage, 2403))]
    einwerfen(ablage, "2024-07-20/z.zip", zip_(*drin, ("756.1234.5678.97.docx", b"PK\3\4")))
    k = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    satz = "Nicht gelesen, weil in derselben Sendung eine Arbeitsmappe liegt: "
    assert k.meldungen == (f"{satz}«2024-07-20/z.zip/[AHV-Nummer].docx», «m.eml/Formular.docx», «m.eml/weitere.7z».",)
    assert [z.datei for z in k.urteil.zeilen if z.datei] == [
        "m.eml/a.xlsx", "2024-07-20/z.zip/b.xlsx", "2024-07-20/z.zip/._c.xlsx",
    ]  # fmt: skip
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).meldungen == ()
    g = ablauf.pruefen([ablage.eingang / "m.eml"], None, STICHTAG)
    assert list(saetze.gelesen(g))[-1] == f"{satz}«m.eml/Formular.docx», «m.eml/weitere.7z»."


@pytest.mark.parametrize("name", ["Stammdaten (1).xlsx", "Stammdaten-PC-ANNA.xlsx", "Stammdaten - Kopie.xlsx"])
def test_eine_kopie_neben_den_stammdaten_wird_genannt(ablage: Ablage, name: str) -> None:
    shutil.copy(ablage.stammdaten, ablage.pfad / name)
    (ablage.pfad / "~$Stammdaten.xlsx").write_bytes(b"")
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).meldungen == (
        f"Neben Stammdaten.xlsx liegt «{name}». Gelesen wird nur Stammdaten.xlsx: Übertragen Sie, was dort fehlt, und "
        "verschieben Sie die Kopie an einen andern Ort.",
    )


def test_fehlen_die_stammdaten_nennt_der_satz_jene_des_letzten_laufs(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    ablage.stammdaten.unlink()
    anfang = f"In der Ablage «{ablage.pfad}» fehlt Stammdaten.xlsx. Stellen Sie die Datei aus der Sicherung wieder her"
    with pytest.raises(AblageFehler) as fehler:
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert str(fehler.value) == (
        f"{anfang}; jene des Laufs 2024-09 liegt unter «Laeufe/2024-09/Stammdaten.xlsx» (kopieren, nicht verschieben)."
    )
    shutil.rmtree(ablage.laeufe)
    with pytest.raises(AblageFehler) as fehler:
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert str(fehler.value) == f"{anfang}."


def test_von_vielen_fassungen_eines_tages_nennt_der_befund_fuenf(ablage: Ablage) -> None:
    for n in range(7):
        einwerfen(ablage, f"2024-07-20/{n}.xlsx", ausgefuellt(ablage, erst_neuzugezogene=10 + n))
    u = ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil
    (text,) = {b.meldung for b, _ in u.befunde if b.code == "F-51"}
    genannt = ", ".join(f"2024-07-20/{n}.xlsx" for n in range(5))
    assert f"{genannt} und 2 weitere" in text
    assert "5.xlsx" not in text
