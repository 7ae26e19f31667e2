"""The cases that an officer can read: tests/faelle/laeufe.toml."""

from __future__ import annotations

from typing import Any

import pytest

from hilfe.formulare import lade
from krs.lauf.buchung import Journal
from lauf.hilfe import buchung, freigegeben, plane, rechnung, schliesst, stand, zeile, zurueckgewiesen
from urteil.hilfe import zeilen

DATEN = lade("laeufe.toml")
FAELLE = [pytest.param(fall, id=fall["name"]) for fall in DATEN["fall"]]
ERLAUBT = {
    "lauf", "datum", "zeilen", "buchungen", "rechnungen", "forderungen", "warnungen", "abgelehnt",
    "eingang", "entscheide", "bestand", "tarife", "einstellungen", "kredit", "rueckforderungen", "gemeinde",
    "stammdaten_befunde", "zurueckgewiesen",
}  # fmt: skip


@pytest.mark.parametrize("fall", FAELLE)
def test_fall(fall: dict[str, Any]) -> None:
    journal = Journal()
    for lauf in fall["laeufe"]:
        assert set(lauf) <= ERLAUBT
        journal = zurueckgewiesen(journal, lauf)
        if "abgelehnt" in lauf:
            with pytest.raises(ValueError, match=r"\.$") as fehler:
                plane(fall, lauf, journal)
            assert str(fehler.value) == lauf["abgelehnt"]
            continue
        plan = plane(fall, lauf, journal)
        assert [zeile(a) for a in plan.abrechnungen] == zeilen(lauf.get("zeilen", ""))
        assert [buchung(b) for b in plan.buchungen] == zeilen(lauf.get("buchungen", ""))
        assert [rechnung(r) for r in plan.rechnungen] == zeilen(lauf.get("rechnungen", ""))
        assert list(plan.warnungen) == lauf.get("warnungen", [])
        schliesst(plan, journal)
        journal = freigegeben(journal, plan)
        assert stand(fall, lauf, journal) == zeilen(lauf.get("forderungen", ""))


@pytest.mark.parametrize("fall", FAELLE)
def test_die_reihenfolge_der_dateien_und_zeilen_aendert_nichts(fall: dict[str, Any]) -> None:
    listen = ("eingang", "bestand", "tarife", "kredit", "rueckforderungen", "gemeinden")
    umgekehrt = {**fall, **{k: [*reversed(fall[k])] for k in listen if k in fall}}
    hin, her = Journal(), Journal()
    for lauf in (lauf for lauf in fall["laeufe"] if "abgelehnt" not in lauf):
        gedreht = {**lauf, **{k: [*reversed(lauf[k])] for k in listen if k in lauf}}
        hin, her = zurueckgewiesen(hin, lauf), zurueckgewiesen(her, lauf)
        eins, zwei = plane(fall, lauf, hin), plane(umgekehrt, gedreht, her)
        assert [zeile(a) for a in zwei.abrechnungen] == [zeile(a) for a in eins.abrechnungen]
        assert [buchung(b).split("Ausländerbestand!")[0] for b in zwei.buchungen] == [
            buchung(b).split("Ausländerbestand!")[0] for b in eins.buchungen
        ]
        assert zwei.rechnungen == eins.rechnungen
        assert zwei.warnungen == eins.warnungen
        hin, her = freigegeben(hin, eins), freigegeben(her, zwei)


def test_jeder_fall_nennt_seine_ziffer_und_heisst_anders() -> None:
    namen = [fall["name"] for fall in DATEN["fall"]]
    assert len(set(namen)) == len(namen)
    assert all(fall["ziffer"] and fall["name"].endswith(".") for fall in DATEN["fall"])
