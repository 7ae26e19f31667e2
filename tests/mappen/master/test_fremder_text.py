"""Text from outside never becomes a formula and never breaks the workbook (entwurf 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from krs.mappen.gestalt.tabelle import text_fuer_zelle, wertform
from krs.mappen.master.master import master_mappe, von_hand_geaendert
from krs.urteil.urteil import urteile
from urteil.hilfe import DATEN, einreichung, stammdaten

BOESE = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "=HYPERLINK(\"http://x\",\"y\")", "{=1+1}",
    "http://boese.example", "internal:Ansprüche!A1", "x" * 40_000, "\x00\x01\x0b\x1f\ufffe", "_x0041_", "]]>&<'\"",
    "mailto:a@b.ch", " vorne und hinten ", "eins\r\nzwei", "TRUE", "1e5", "#NV",
]  # fmt: skip


@pytest.mark.parametrize("text", BOESE, ids=lambda t: repr(t)[:20])
def test_ein_text_von_aussen_bleibt_text(text: str) -> None:
    fall = {"gemeinden": [2401]}
    stamm = stammdaten(fall)
    datei = {"datei": "a", "gemeinde": 2401, "zeit": "2024-H1", "am": date(2024, 7, 1), "zahlen": [1, 0, 0, 0]}
    e = replace(einreichung(datei | {"werte": {"bemerkungen": text}}, stamm), datei=text)
    daten = master_mappe(urteile([e], stamm, ["2024-H1"], [], date(2024, 9, 10)), (), "0" * 64)
    mappe = load_workbook(BytesIO(daten))
    soll = wertform(text_fuer_zelle(text))
    kopf = [z.value for z in mappe["Reporting"][1]]
    for blatt, spalte in (("Reporting", kopf.index("bemerkungen")), ("Einreichungen", 10), ("Ansprüche", 13)):
        zelle = mappe[blatt][2][spalte]
        if soll:
            assert zelle.data_type in ("s", "inlineStr")
            assert wertform(zelle.value) == soll
        assert zelle.hyperlink is None
    assert not von_hand_geaendert(daten)
    assert DATEN["fall"]


def test_die_laenge_eines_textes_ist_begrenzt_bevor_er_gezaehlt_wird() -> None:
    assert len(text_fuer_zelle("x" * 40_000)) == 32_000
