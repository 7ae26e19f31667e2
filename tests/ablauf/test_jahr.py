"""A winter of the office with twelve municipalities, played through (`./run jahre --kurz`): every figure is known."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # jahre/ lies beside tests/

from jahre.gemeinden import Art
from jahre.spiel import KURZES_JAHR, spiele
from jahre.zaehlung import SPALTEN, zahl

# What the clerks do with 12 Anhang 2 and 10 Anhang 3 (two members of a Leitgemeinde file none).
ARTEN = {
    Art.GUT: 11, Art.DOPPELT: 1, Art.VERSPAETET: 1, Art.GEMAHNT: 1, Art.OHNE_TAG: 1, Art.UNLESBAR: 1,
    Art.BERICHTIGT: 1, Art.WEITER: 1, Art.MAIL: 1, Art.NIE: 1, Art.FALSCH: 1, Art.ZWEIMAL: 1,
}  # fmt: skip


def test_ein_winter_wird_fertig_und_jeder_brief_ist_wahr(tmp_path: Path) -> None:
    (s,), amt = spiele(tmp_path, KURZES_JAHR)
    assert Counter(amt.g.arten.values()) == ARTEN
    assert (s.geld, list(s.unwahr), amt.verweigert) == ("", [], [])
    # Late by itself is one form (2403), recognised by one decision. Asked for, and so in time: the second Anhang 3 of
    # 2402 (F-51), those of 2403 and 2404 within the Nachfrist. The PDF of 2404 is assigned. Wolfwil sent its wrong
    # Anhang 3 back unchanged and answers nothing: one question is open, and its Fehler ends eight of twelve
    # consolidations with 1. Mails: 10 invitations, 12 receipts (2402, 2403 and 2404 twice), 6 answers (2408 three),
    # 1 decision, 1 friendly word before the extended deadline, 4 reminders and 12 statements.
    assert {titel: zahl(getattr(s, feld)) for titel, feld in SPALTEN.items() if feld != "dateien"} == {
        "offene Fragen": 1, "Entscheide getippt": 1, "Entscheide übernommen": 0, "Unbeantwortetes geschlossen": 0,
        "Fristen erstreckt": 0, "Zuordnungen": 1, "Mails gesendet": 46, "F-50 insgesamt": 1,
        "F-50 selbst verursacht": 0, "Gesendetes liegt wieder da": 0, "Offenes älter als eine Saison": 0,
        "Konsolidierungen": 12, "mit Rückgabe 1": 8, "gelesene Sätze": 140, "unwahre Sätze": 0,
    }  # fmt: skip
    assert s.fehler == {"F-11": 8, "E-03": 3}
    assert s.gelesen["Mitteilung"] == 12
    assert s.gelesen["Uns fehlt"] == 4
