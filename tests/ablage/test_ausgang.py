"""Folders to send from: what is settled goes, what somebody changed stays, and nothing is written without need."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ablage.hilfe import baum
from krs.ablage import ausgang
from krs.ablage.ausgang import abgleichen
from krs.ablage.ordner import AblageFehler

VON_HAND = "«{}» wurde von Hand geändert und bleibt, wie es ist."
AUFGEHOBEN = "«{}» ist erledigt oder überholt, aber von Hand geändert; die Datei liegt jetzt in Erledigt/{}."
OFFEN = "«{}» ist offen und bleibt, wie es ist. Schliessen Sie die Datei und wiederholen Sie den Befehl."


def sha(daten: bytes) -> str:
    return hashlib.sha256(daten).hexdigest()


def inhalt(ordner: Path) -> dict[str, bytes]:
    return {
        p.relative_to(ordner).as_posix(): p.read_bytes()
        for p in sorted(ordner.rglob("*"))
        if p.is_file() and p.name != "index.csv"
    }


def index(ordner: Path) -> str:
    return (ordner / "index.csv").read_bytes().decode("utf-8-sig")


def verzeichnis(**dateien: bytes) -> str:
    return "Datei;SHA-256\r\n" + "".join(f"{n};{sha(d)}\r\n" for n, d in sorted(dateien.items()))


@pytest.fixture
def ordner(tmp_path: Path) -> Path:
    return tmp_path / "Rueckmeldungen"


def test_der_ordner_enthaelt_was_verlangt_ist_und_ein_verzeichnis(ordner: Path) -> None:
    assert abgleichen(ordner, {"2024-H1/a.xlsx": b"A", "b.eml": b"B"}) == []
    assert inhalt(ordner) == {"2024-H1/a.xlsx": b"A", "b.eml": b"B"}
    assert index(ordner) == f"Datei;SHA-256\r\n2024-H1/a.xlsx;{sha(b'A')}\r\nb.eml;{sha(b'B')}\r\n"


def test_wo_nichts_zu_tun_ist_entsteht_nichts(ordner: Path) -> None:
    assert abgleichen(ordner, {}) == []
    assert not ordner.exists()


def test_zweimal_dasselbe_schreibt_nichts(ordner: Path) -> None:
    abgleichen(ordner, {"d/a": b"A", "b": b"B"})
    vorher = {p: p.stat().st_mtime_ns for p in ordner.rglob("*")}
    assert abgleichen(ordner, {"b": b"B", "d/a": b"A"}) == []
    assert {p: p.stat().st_mtime_ns for p in ordner.rglob("*")} == vorher


def test_was_neu_ist_ersetzt_und_was_erledigt_ist_geht_samt_leerem_ordner(ordner: Path) -> None:
    abgleichen(ordner, {"d/a": b"A", "b": b"B"})
    assert abgleichen(ordner, {"b": b"B2"}) == []
    assert inhalt(ordner) == {"b": b"B2"}
    assert not (ordner / "d").exists()
    assert abgleichen(ordner, {}) == []
    assert (inhalt(ordner), index(ordner)) == ({}, "Datei;SHA-256\r\n")


def test_ein_ordner_in_dem_noch_etwas_liegt_bleibt(ordner: Path) -> None:
    abgleichen(ordner, {"d/a": b"A"})
    (ordner / "d/meins.txt").write_bytes(b"Notiz")
    assert abgleichen(ordner, {}) == []
    assert inhalt(ordner) == {"d/meins.txt": b"Notiz"}


def test_was_jemand_dazulegt_geht_nie_verloren(ordner: Path) -> None:
    ordner.mkdir()
    (ordner / "Brief.docx").write_bytes(b"meins")
    (ordner / "a").write_bytes(b"auch meins")
    assert abgleichen(ordner, {"a": b"A"}) == [VON_HAND.format("a")]
    assert abgleichen(ordner, {}) == [AUFGEHOBEN.format("a", "a")]
    assert inhalt(ordner) == {"Brief.docx": b"meins", "Erledigt/a": b"auch meins"}


def test_was_von_hand_geaendert_ist_bleibt_und_wird_jedes_mal_gesagt(ordner: Path) -> None:
    abgleichen(ordner, {"a": b"A", "b": b"B"})
    (ordner / "a").write_bytes(b"A, mit Gruss")
    for neu in (b"A", b"A2", b"A3"):
        assert abgleichen(ordner, {"a": neu, "b": b"B"}) == [VON_HAND.format("a")]
    assert inhalt(ordner) == {"a": b"A, mit Gruss", "b": b"B"}
    (ordner / "a").unlink()
    assert abgleichen(ordner, {"a": b"A3", "b": b"B"}) == []
    assert inhalt(ordner)["a"] == b"A3"
    assert index(ordner) == verzeichnis(a=b"A3", b=b"B")


def test_wer_seine_aenderung_zuruecknimmt_erhaelt_wieder_die_neue_fassung(ordner: Path) -> None:
    abgleichen(ordner, {"a": b"A"})
    (ordner / "a").write_bytes(b"anders")
    assert abgleichen(ordner, {"a": b"A2"}) == [VON_HAND.format("a")]
    (ordner / "a").write_bytes(b"A")
    assert abgleichen(ordner, {"a": b"A2"}) == []
    assert inhalt(ordner) == {"a": b"A2"}


def test_was_erledigt_und_von_hand_geaendert_ist_kommt_jedes_mal_nach_erledigt(ordner: Path) -> None:
    saetze = []
    for gruss in (b"mit Gruss", b"mit Dank", b"mit Gruss"):
        abgleichen(ordner, {"d/a.eml": b"A", "b": b"B"})
        (ordner / "d/a.eml").write_bytes(gruss)
        saetze += abgleichen(ordner, {"b": b"B"})
    assert saetze == [AUFGEHOBEN.format("d/a.eml", n) for n in ("a.eml", "a_2.eml", "a.eml")]
    assert abgleichen(ordner, {"b": b"B"}) == []
    assert inhalt(ordner) == {"Erledigt/a.eml": b"mit Gruss", "Erledigt/a_2.eml": b"mit Dank", "b": b"B"}


@pytest.mark.parametrize("sperre", ["~$a", ".~lock.a#"])
def test_was_offen_ist_bleibt_und_wird_beim_naechsten_mal_ersetzt(ordner: Path, sperre: str) -> None:
    abgleichen(ordner, {"a": b"A"})
    (ordner / sperre).write_bytes(b"")
    assert abgleichen(ordner, {"a": b"A"}) == []  # nothing to write, nothing to say
    assert abgleichen(ordner, {"a": b"A2"}) == [OFFEN.format("a")]
    assert inhalt(ordner)["a"] == b"A"
    (ordner / sperre).unlink()
    assert abgleichen(ordner, {"a": b"A2"}) == []
    assert inhalt(ordner) == {"a": b"A2"}
    assert index(ordner) == verzeichnis(a=b"A2")


def test_was_erledigt_aber_offen_ist_geht_beim_naechsten_mal(ordner: Path) -> None:
    abgleichen(ordner, {"a": b"A"})
    (ordner / "~$a").write_bytes(b"")
    satz = "«a» ist erledigt, aber offen. Schliessen Sie die Datei und wiederholen Sie den Befehl."
    assert abgleichen(ordner, {}) == [satz]
    assert abgleichen(ordner, {}) == [satz]
    (ordner / "~$a").unlink()
    assert abgleichen(ordner, {}) == []
    assert inhalt(ordner) == {}


def gesperrt(wann: Path) -> AblageFehler:
    fehler = AblageFehler(f"«{wann}» kann nicht geschrieben werden.")
    fehler.__cause__ = PermissionError()
    return fehler


def test_haelt_ein_programm_die_datei_fest_ist_sie_offen(ordner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows: the file can be read, not replaced, and not removed."""
    abgleichen(ordner, {"a": b"A", "b": b"B"})
    echt, weg = ausgang.schreibe, ausgang.loesche_datei

    def schreibe(pfad: Path, daten: bytes) -> bool:
        if pfad.name == "a":
            raise gesperrt(pfad)
        return echt(pfad, daten)

    def loesche(pfad: Path) -> None:
        if pfad.name == "b":
            raise gesperrt(pfad)
        weg(pfad)

    monkeypatch.setattr(ausgang, "schreibe", schreibe)
    monkeypatch.setattr(ausgang, "loesche_datei", loesche)
    assert abgleichen(ordner, {"a": b"A2", "c": b"C"}) == [
        OFFEN.format("a"),
        "«b» ist erledigt, aber offen. Schliessen Sie die Datei und wiederholen Sie den Befehl.",
    ]
    assert inhalt(ordner) == {"a": b"A", "b": b"B", "c": b"C"}
    monkeypatch.undo()
    assert abgleichen(ordner, {"a": b"A3", "c": b"C"}) == []
    assert inhalt(ordner) == {"a": b"A3", "c": b"C"}


def test_ohne_schreibrecht_im_ordner_gibt_es_einen_satz(ordner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def verboten(pfad: Path, _: bytes) -> bool:
        raise gesperrt(pfad)

    ordner.mkdir()
    monkeypatch.setattr(ausgang, "schreibe", verboten)
    with pytest.raises(AblageFehler, match="kann nicht geschrieben werden"):
        abgleichen(ordner, {"a": b"A"})


@pytest.mark.parametrize("nach", range(6))
def test_nach_einem_abbruch_bringt_der_naechste_lauf_alles_in_ordnung(
    ordner: Path, monkeypatch: pytest.MonkeyPatch, nach: int
) -> None:
    """Killed after any number of writes: no file of ours is taken for one that somebody changed."""
    abgleichen(ordner, {"a": b"A", "b": b"B", "c": b"C"})
    echt, weg, getan = ausgang.schreibe, ausgang.loesche_datei, 0

    def zaehle() -> None:
        nonlocal getan
        if getan == nach:
            raise KeyboardInterrupt
        getan += 1

    monkeypatch.setattr(ausgang, "schreibe", lambda p, d: (zaehle(), echt(p, d))[1])
    monkeypatch.setattr(ausgang, "loesche_datei", lambda p: (zaehle(), weg(p))[1])
    with pytest.raises(KeyboardInterrupt):
        abgleichen(ordner, {"a": b"A2", "b": b"B2", "d": b"D"})  # index, a, b, d, c, index: six steps
    monkeypatch.undo()
    assert abgleichen(ordner, {"a": b"A3", "b": b"B2"}) == []
    assert inhalt(ordner) == {"a": b"A3", "b": b"B2"}
    assert index(ordner) == verzeichnis(a=b"A3", b=b"B2")


@pytest.mark.parametrize(
    "daten",
    [
        b"", b"Datei\r\n", b"Datei,SHA-256\r\n", b"Datei;SHA-256\r\na\r\n", b"Datei;SHA-256\r\na;b;c\r\n",
        b'Datei;SHA-256\r\n"a;b\r\n', b"\xff\xfe", b"PK\x03\x04", b"Datei;SHA-256\r\n\r\n",
    ],
)  # fmt: skip
def test_ein_beschaedigtes_verzeichnis_haelt_an_und_sagt_was_zu_tun_ist(ordner: Path, daten: bytes) -> None:
    abgleichen(ordner, {"a": b"A", "b": b"B"})
    (ordner / "a").write_bytes(b"von Hand")
    (ordner / "index.csv").write_bytes(daten)
    vorher = baum(ordner)
    with pytest.raises(AblageFehler) as fehler:
        abgleichen(ordner, {"a": b"A", "b": b"B2"})
    assert str(fehler.value) == (
        f"«{ordner / 'index.csv'}» ist beschädigt. Löschen Sie die Datei; krs legt sie neu an und lässt stehen, was "
        "da ist."
    )
    assert baum(ordner) == vorher
    (ordner / "index.csv").unlink()
    assert abgleichen(ordner, {"a": b"A", "b": b"B2"}) == [VON_HAND.format("a"), VON_HAND.format("b")]
    assert inhalt(ordner) == {"a": b"von Hand", "b": b"B"}


@pytest.mark.parametrize("name", ["../Stammdaten.xlsx", "2024-H1/../../Stammdaten.xlsx", "{}"])
def test_ein_verzeichnis_das_hinauszeigt_loescht_nichts(ordner: Path, name: str) -> None:
    abgleichen(ordner, {"a": b"A"})
    draussen = ordner.parent / "Stammdaten.xlsx"
    draussen.write_bytes(b"S")
    (ordner / "index.csv").write_text(f"Datei;SHA-256\n{name.format(draussen)};{sha(b'S')}\n", encoding="utf-8")
    with pytest.raises(AblageFehler, match=r"index\.csv» ist beschädigt\."):
        abgleichen(ordner, {"a": b"A"})
    assert draussen.read_bytes() == b"S"


def test_ein_verzeichnis_ohne_marke_am_anfang_wird_gelesen(ordner: Path) -> None:
    """Excel saves CSV without the byte order mark."""
    abgleichen(ordner, {"a": b"A"})
    (ordner / "index.csv").write_text(index(ordner), encoding="ascii", newline="")
    assert abgleichen(ordner, {"a": b"A2"}) == []
    assert inhalt(ordner) == {"a": b"A2"}
