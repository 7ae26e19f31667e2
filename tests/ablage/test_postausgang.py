"""The outbox: what was said about a matter, when, and whether it is to be said again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from krs.ablage.ordner import AblageFehler
from krs.ablage.postausgang import KOPF, Brief, Postausgang, Stand, sache

EINS, ZWEI = date(2024, 8, 1), date(2024, 8, 2)
FRAGE = sache(2402, "ab" * 32, "A2-20", "Stimmt das?")
ENTSCHEID = sache(2402, "cd" * 32, "F-50", "abgelehnt")


def test_der_schluessel_wird_in_excel_keine_zahl() -> None:
    assert FRAGE.inhalt == "kf7c5c52268fafd6"
    assert all(sache(None, "", "", str(n)).inhalt[0] == "k" for n in range(50))


def test_ein_leerer_postausgang_schreibt_nichts(tmp_path: Path) -> None:
    post = Postausgang(tmp_path / "R")
    assert (post.legen([], EINS, {}), post.gesendete(EINS), post.entworfen()) == ([], 0, {})
    assert not (tmp_path / "R").exists()


def test_das_protokoll_sagt_was_wann_entworfen_und_gesendet_wurde(tmp_path: Path) -> None:
    brief = Brief("Mail_2402", (FRAGE, ENTSCHEID), b"Text", "=a@b.example")
    Postausgang(tmp_path).legen([brief], EINS, {"2024-H1/x.xlsx": b"X"})
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "2024-H1",
        "Mail_2402_2024-08-01.eml",
        "index.csv",
        "protokoll.csv",
    ]
    post = Postausgang(tmp_path)
    assert post.stand(FRAGE) == Stand(EINS, "Mail_2402_2024-08-01.eml", EINS)
    assert post.entworfen() == {"ab" * 32: EINS, "cd" * 32: EINS}
    assert [v.an for v in post.vorgaenge] == ["=a@b.example"] * 2
    assert "'=a@b.example" in (tmp_path / "protokoll.csv").read_text("utf-8-sig")  # no formula where Excel opens it
    post.senden(["Mail_2402_2024-08-01.eml"], ZWEI)
    assert (tmp_path / "Gesendet/Mail_2402_2024-08-01.eml").read_bytes() == b"Text"
    assert Postausgang(tmp_path).stand(FRAGE) == Stand(EINS, "", None, (ZWEI,))


def test_wie_excel_die_datei_speichert_ist_sie_lesbar(tmp_path: Path) -> None:
    Postausgang(tmp_path).legen([Brief("Mail_2402", (FRAGE,), b"Text")], EINS, {})
    log = tmp_path / "protokoll.csv"
    log.write_bytes(log.read_bytes().replace(b"2024-08-01;entworfen", b"01.08.2024;entworfen") + b"\r\n")
    assert Postausgang(tmp_path).stand(FRAGE).erstmals == EINS


@pytest.mark.parametrize(
    "zeile", ["x;entworfen;a;b;2402;c;d;k1;", "2024-08-01;verloren;a;b;2402;c;d;k1;", "2024-08-01;entworfen"]
)
def test_ein_beschaedigtes_protokoll_gibt_einen_satz(tmp_path: Path, zeile: str) -> None:
    (tmp_path / "protokoll.csv").write_text(";".join(KOPF) + "\n" + zeile + "\n", "utf-8-sig")
    with pytest.raises(AblageFehler) as fehler:
        Postausgang(tmp_path)
    satz = f"«{tmp_path / 'protokoll.csv'}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
    assert str(fehler.value) == satz


def test_ein_eigener_ordner_neben_den_anderen(tmp_path: Path) -> None:
    post = Postausgang(tmp_path)
    post.legen([Brief("Mail_2402", (FRAGE,), b"A")], EINS, {})
    post.legen([Brief("Einladung_2402", (ENTSCHEID,), b"B")], EINS, {}, "Versand")
    assert post.offene().keys() == {"Mail_2402_2024-08-01.eml", "Versand/Einladung_2402_2024-08-01.eml"}
    (tmp_path / "Gesendet").mkdir()
    (tmp_path / "Versand/Einladung_2402_2024-08-01.eml").rename(tmp_path / "Gesendet/anders.eml")
    assert Postausgang(tmp_path).gesendete(ZWEI) == 1
    assert Postausgang(tmp_path).stand(ENTSCHEID).gesendet == (ZWEI,)


def test_ein_brief_mit_einer_neuen_sache_hat_deren_tag_und_behaelt_ihn(tmp_path: Path) -> None:
    post = Postausgang(tmp_path)
    post.legen([Brief("Mail_2402", (FRAGE,), b"A")], EINS, {})
    post.legen([Brief("Mail_2402", (FRAGE, ENTSCHEID), b"AB")], ZWEI, {})
    assert post.offene().keys() == {"Mail_2402_2024-08-02.eml"}
    post.legen([Brief("Mail_2402", (FRAGE,), b"A")], date(2024, 8, 9), {})
    assert [p.name for p in tmp_path.glob("Mail*")] == ["Mail_2402_2024-08-02.eml"]
    assert post.entworfen()["ab" * 32] == EINS
