"""What LibreOffice shows of a number in a format that krs lets pass is the number (needs soffice)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from eingaben.bauen import BLATT, ausgefuellt, mit_stil, teile, umbau, zelle
from krs.mappen.lesen.zahlenformat import anders
from uno.buero import Buero, python_mit_uno

pytestmark = pytest.mark.xdist_group("soffice")
STUECKE = (
    *(
        "0",
        "0",
        "0",
        "#",
        "#",
        "?",
        "#,##0",
        "0.0",
        ".",
        ",",
        "%",
        " ",
        "-",
        "(",
        ")",
        '"5"',
        '"x"',
        "\\.",
        "\\1",
        "_-",
    ),
    *("* ", "*9", "[Red]", "[>5]", ";", ";", "General", "@", '" Personen"', '"Fr. "', "E+0", "/", "[$-807]0", "'"),
)
WERTE = (0, 1, 5, 8, 40, 53, 1234)
ORTE = [f"{s}{z}" for z in (21, 22, 23, 25, 26, 27, 30, 31) for s in "CE" if (s, z) != ("E", 31)]


def formate(anzahl: int) -> list[str]:
    z = random.Random("formate")
    return ["".join(z.choices(STUECKE, k=z.randint(1, 5))) for _ in range(anzahl)]


def test_was_durchgeht_zeigt_libreoffice_als_die_zahl(tmp_path: Path, verlange: Callable[[object, str], None]) -> None:
    verlange(python_mit_uno(), "soffice oder python3-uno fehlt")
    codes, falsch, gesehen = formate(160), [], 0
    with Buero(tmp_path / "profil") as buero:
        for n in range(0, len(codes), len(ORTE)):
            paare = list(zip(ORTE, codes[n:], strict=False))
            daten = ausgefuellt()
            for ort, code in paare:
                daten = mit_stil(daten, ort, code)
            for wert in WERTE[n % 2 :: 2]:
                voll = umbau(daten, blatt=lambda xml, w=wert: _mit_wert(xml, w))
                (tmp_path / "f.xlsx").write_bytes(voll)
                buero("oeffnen", str(tmp_path / "f.xlsx"))
                zeigt = buero("anzeige", [["Reporting", ort] for ort, _ in paare])
                for (_, code), text in zip(paare, zeigt, strict=True):
                    if not anders(code, Decimal(wert), "anzahl"):
                        gesehen += 1
                        if not _ist(text, wert):
                            falsch.append((code, wert, text))
    assert falsch == []
    assert gesehen > 100


def _mit_wert(xml: bytes, wert: int) -> bytes:
    for ort in ORTE:
        stil = re.search(rf'<c r="{ort}"[^>]*? (s="\d+")', xml.decode())
        assert stil
        xml = zelle(ort, stil[1], f"<v>{wert}</v>")(xml)
    return xml


def _ist(text: str, wert: int) -> bool:
    """Tell whether somebody reads a text as a number."""
    if "E" in text:
        return Decimal(re.sub(r"[^\dE+.-]", "", text)) == wert
    ziffern = re.sub(r"(?<=\d)[’' ,](?=\d{3})|[^\d.]", "", text.replace("Fr.", "")).strip(".")
    return Decimal(ziffern) == wert if ziffern else wert == 0


def test_die_orte_sind_felder() -> None:
    xml = teile(ausgefuellt())[BLATT].decode()
    assert all(f'r="{ort}"' in xml for ort in ORTE)
