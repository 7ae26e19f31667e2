"""The cases that an officer can read: tests/faelle/urteil.toml."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from krs.urteil.ansprueche import summe
from urteil.hilfe import DATEN, anspruch, befund, texte, urteil, zeile, zeilen

WURZEL = Path(__file__).parents[2]
FAELLE = [pytest.param(fall, id=fall["name"]) for fall in DATEN["fall"]]


@pytest.mark.parametrize("fall", FAELLE)
def test_fall(fall: dict[str, Any]) -> None:
    ergebnis = urteil(fall)
    assert [zeile(z) for z in ergebnis.zeilen] == zeilen(fall["einreichungen"])
    assert [anspruch(a) for a in ergebnis.ansprueche] == zeilen(fall.get("ansprueche", ""))
    assert [befund(p) for p in ergebnis.befunde] == zeilen(fall.get("befunde", ""))
    assert dict(texte(ergebnis.befunde, fall.get("texte", {}))) == fall.get("texte", {})
    bemerkungen = {z.datei: z.bemerkung for z in ergebnis.zeilen if z.datei in fall.get("bemerkungen", {})}
    assert bemerkungen == fall.get("bemerkungen", {})


@pytest.mark.parametrize("fall", FAELLE)
def test_die_reihenfolge_der_dateien_aendert_nichts(fall: dict[str, Any]) -> None:
    ergebnis = urteil(fall)
    umgekehrt = urteil({**fall, "eingang": [*reversed(fall.get("eingang", []))]})
    assert [zeile(z) for z in umgekehrt.zeilen] == [zeile(z) for z in ergebnis.zeilen]
    assert umgekehrt.ansprueche == ergebnis.ansprueche
    assert umgekehrt.befunde == ergebnis.befunde


def test_jeder_fall_nennt_seine_ziffer_und_heisst_anders() -> None:
    namen = [fall["name"] for fall in DATEN["fall"]]
    assert len(set(namen)) == len(namen)
    assert all(fall["ziffer"] and fall["name"].endswith(".") for fall in DATEN["fall"])


def test_gezaehlt_wird_nur_was_anerkannt_ist() -> None:
    fall = next(f for f in DATEN["fall"] if f["name"].startswith("Die neueste gültige Fassung gilt"))
    ansprueche = urteil(fall).ansprueche
    assert summe(ansprueche) == Decimal("1000.00")
    assert summe(ansprueche, "ersetzt") == Decimal("1560.00")
    assert summe(ansprueche, "zurückgestellt") == Decimal("0.00")


def test_wer_nach_der_frist_noch_fehlt_steht_in_der_liste_der_ausstehenden() -> None:
    fall = next(f for f in DATEN["fall"] if f["name"].startswith("Wer nichts einreicht, fehlt"))
    assert [z.bfs_nr for z in urteil(fall).offen()] == [2401]
    assert urteil({**fall, "stichtag": date(2024, 7, 31)}).offen() == ()


def test_die_entscheide_nennen_faelle_die_es_gibt() -> None:
    seiten = "".join(s.read_text(encoding="utf-8") for s in sorted((WURZEL / "docs" / "entscheide").glob("*.md")))
    genannt = re.findall(r"`tests/faelle/urteil\.toml`: ((?:«[^»]+»(?:, )?)+)", seiten)
    namen = {name for liste in genannt for name in re.findall(r"«([^»]+)»", liste)}
    assert len(namen) >= 6
    assert namen <= {fall["name"] for fall in DATEN["fall"]}
