"""No sentence that leaves the house is untrue beside the Master: every draft of the demo is read against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from demo.hilfe import demo
from hilfe.briefe import mail_von
from hilfe.wahr import Stand, stand, unwahr
from krs.ablage.ordner import Ablage
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen, nochmals
from krs.demo import MAHNUNG, MAHNUNG_H1, NACH_WINTER

# That mail says that it came in 2098: without a clock of its own the demo could not know better on that day.
FALSCHE_UHR = {
    MAHNUNG_H1: [
        "2024-08-26 Mahnungen/2024-H1_2024-08-26/Mahnung_1_2024-H1_2551_Koordinationsstelle-Lommiswil_2024-08-26.eml: "
        "Lommiswil 2024-H1 fehlt nicht"
    ]
}


def blatt(name: str) -> list[dict[str, Any]]:
    reihen = list(load_workbook(demo()[0] / "Master.xlsx", data_only=True)[name].iter_rows(values_only=True))
    zeilen = [dict(zip(map(str, reihen[0]), z, strict=True)) for z in reihen[1:]]
    return [{k: _wert(w) for k, w in z.items()} for z in zeilen]


def _wert(wert: Any) -> Any:
    if isinstance(wert, datetime):
        return wert.date()
    return Decimal(str(wert)) if isinstance(wert, float) else wert if wert is not None else ""


@cache
def heute() -> Stand:
    """Return what the Master says; what it has no column for comes from the judgement that it shows."""
    ort, ergebnis = demo()
    s = stand(Ablage.oeffnen(ort), ergebnis.urteil)
    offen = {z["SHA-256"]: z["Offen"] for z in s.einreichungen}
    zeilen = [z | {"Offen": offen.get(z["SHA-256"], set())} for z in blatt("Einreichungen")]
    return replace(s, einreichungen=zeilen, ansprueche=blatt("Ansprüche"), buchungen=blatt("Buchungen"))


def entwuerfe(muster: str) -> Iterator[tuple[str, Path]]:
    ordner = demo()[0] / "Rueckmeldungen"
    return ((p.relative_to(ordner).as_posix(), p) for p in sorted(ordner.glob(muster)))


def test_jeder_entwurf_der_daliegt_stimmt_mit_dem_master() -> None:
    s = heute()
    assert [x for name, p in entwuerfe("*.eml") for x in unwahr(s, name, mail_von(p.read_bytes()))] == []
    assert s.gelesen.total() > 100


def test_jede_mitteilung_des_letzten_laufs_sagt_was_er_bezahlt() -> None:
    s = heute()
    alle = [x for name, p in entwuerfe("**/Mitteilung_*.eml") for x in unwahr(s, name, mail_von(p.read_bytes()))]
    assert alle == []
    assert s.gelesen["Mitteilung"] == 196


@pytest.mark.parametrize("tag", [MAHNUNG, NACH_WINTER, MAHNUNG_H1])
def test_jede_mahnung_war_an_ihrem_tag_wahr(tag: date) -> None:
    ablage = Ablage.oeffnen(demo()[0])
    urteil = beurteilen(ablage, Uhr(tag), festhalten=False)[0]
    damals = tuple(f for f in urteil.stammdaten.fristen if f.datum != tag)  # what these letters grant is no reason
    s = stand(ablage, nochmals(ablage, urteil, replace(urteil.stammdaten, fristen=damals)))
    s.fristen |= {f.neue_frist for f in urteil.stammdaten.fristen}
    alle = f"**/Mahnung_*_{tag}.eml"  # lying there, or sent
    falsch = [x for name, p in entwuerfe(alle) for x in unwahr(s, name, mail_von(p.read_bytes()))]
    assert falsch == FALSCHE_UHR.get(tag, [])
    assert s.gelesen["Uns fehlt"] > 1
