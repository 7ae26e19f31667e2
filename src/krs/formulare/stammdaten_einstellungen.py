"""The sheet Einstellungen: each name once, each value of its own type (design 4.8)."""

from __future__ import annotations

from typing import Any

from krs.formulare.eingabe import LEERE_ZELLE
from krs.formulare.stammdaten_lesen import Lesung, Rohzeile, lies_zelle
from krs.formulare.stammdaten_plan import einstellungen_plan, schluessel
from krs.formulare.stammdaten_typen import qr_iban
from krs.formulare.stammdaten_zeilen import Einstellungen


def lies_einstellungen(lesung: Lesung) -> Einstellungen:
    """Return the settings; what is missing or wrong has its default, and a wrong one a Befund."""
    plan = {schluessel(e.name): e for e in einstellungen_plan()}
    erste: dict[str, Rohzeile] = {}
    werte: dict[str, Any] = {}
    for zeile in (z for z in lesung.zeilen["einstellungen"] if z.gut):
        name, zelle = zeile.wert("name"), zeile.zellen["name"]
        eintrag = plan.get(schluessel(name))
        if eintrag is None:
            lesung.melde("S-20", zelle, name, gelesen=name)
        elif eintrag.id in erste:
            lesung.melde("S-19", zelle, name, was=f"«{eintrag.name}»", erste=erste[eintrag.id].nummer)
        else:
            erste[eintrag.id] = zeile
            neu = Rohzeile({eintrag.id: zeile.zellen.get("wert", LEERE_ZELLE)})
            lies_zelle(lesung, neu, eintrag.spalte)
            werte |= neu.werte
            if eintrag.art == "iban" and qr_iban(neu.wert(eintrag.id) or ""):
                lesung.melde("S-17", zeile.zellen["wert"], name, gelesen=zeile.zellen["wert"].anzeige)
    zellen = tuple((k, z.zellen.get("wert", LEERE_ZELLE)) for k, z in erste.items())
    return Einstellungen(**werte, zellen=zellen)
