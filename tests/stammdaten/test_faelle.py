"""The cases that an officer can read: tests/faelle/stammdaten.toml."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from krs.formulare.befund import meldungen
from krs.stammdaten.stammdaten import lies_stammdaten
from stammdaten.hilfe import tabellen

DATEI = Path(__file__).parents[1] / "faelle" / "stammdaten.toml"
ALLES = tomllib.loads(DATEI.read_text(encoding="utf-8"), parse_float=Decimal)
FAELLE = ALLES["fall"]
SPAETER = {"S-21", "S-22", "S-23"}  # raised by krs.urteil.urteil, with the sentence of krs.recht
BLAETTER = {
    "gemeinden": "gemeinden",
    "bestand": "bestandszeilen",
    "tarife": "tarifeintraege",
    "kredit": "kredit",
    "rueckforderungen": "rueckforderungen",
    "entscheide": "entscheide",
    "zuordnungen": "zuordnungen",
    "fristen": "fristen",
    "sozialregionen": "sozialregionen",
    "verteiler": "verteiler",
}


@pytest.mark.parametrize("fall", [pytest.param(f, id=f["name"]) for f in FAELLE])
def test_fall(fall: dict[str, Any]) -> None:
    stammdaten, befunde = lies_stammdaten(tabellen(fall, ALLES["ausgangslage"]))
    gelesen = [
        {"blatt": b.blatt, "zelle": b.zelle, "code": b.code, "stufe": str(b.stufe), "meldung": b.meldung}
        for b in befunde
    ]
    assert gelesen == [{k: v for k, v in b.items() if k != "wert"} for b in fall["befunde"]]
    assert all(b.wert == e["wert"] for b, e in zip(befunde, fall["befunde"], strict=True) if "wert" in e)
    bleiben = {k: len(getattr(stammdaten, BLAETTER[k])) for k in fall.get("bleiben", {})}
    assert bleiben == fall.get("bleiben", {})


def test_jeder_code_der_stammdaten_hat_einen_fall() -> None:
    codes = {c for c in meldungen() if c.startswith("S-")}
    assert {b["code"] for f in FAELLE for b in f["befunde"]} == codes - SPAETER - {
        "S-33",
        "S-38",
        "S-42",
        "S-43",
        "S-44",
    }  # S-33, S-38, S-42 to S-44: tests/faelle/urteil.toml


def test_kein_befund_der_stammdaten_laesst_sich_anerkennen() -> None:
    assert not [c for c, m in meldungen().items() if c.startswith("S-") and m.hebbar]


@pytest.mark.parametrize("code", sorted(SPAETER))
def test_die_reservierten_codes_tragen_den_satz_des_rechts(code: str) -> None:
    assert (meldungen()[code].text, str(meldungen()[code].stufe)) == ("{satz}", "Rückfrage")
