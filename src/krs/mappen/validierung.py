"""Rules and prompts of the entry cells: a help for the clerk, never trusted; intake checks everything again."""

from __future__ import annotations

from datetime import date
from typing import Any

from krs.formulare.typen import HOECHSTE_ANZAHL

_JE_ART: dict[str, dict[str, Any]] = {
    "anzahl": {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": HOECHSTE_ANZAHL,
        "error_title": "Keine ganze Zahl", "error_message": "Bitte erfassen Sie eine ganze Zahl ab 0.",
    },
    "zahl": {
        "validate": "decimal", "criteria": ">=", "value": 0,
        "error_title": "Keine Zahl", "error_message": "Bitte erfassen Sie eine Zahl ab 0.",
    },
    "betrag": {
        "validate": "decimal", "criteria": ">=", "value": 0,
        "error_title": "Kein Betrag", "error_message": "Bitte erfassen Sie einen Betrag in Franken ab 0.",
    },
    "anteil": {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 10,
        "error_title": "Kein Anteil", "error_message": "Bitte erfassen Sie Stellenprozente, zum Beispiel 20%.",
    },
    "datum": {
        "validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2099, 12, 31),
        "error_title": "Kein Datum", "error_message": "Bitte erfassen Sie ein Datum wie 15.07.2024.",
    },
}  # fmt: skip


def regel(art: str, auswahl: tuple[str, ...] = (), titel: str = "", hilfe: str = "") -> dict[str, Any]:
    """Return the validation of one kind of entry, as XlsxWriter takes it; title and prompt only where given."""
    ergebnis: dict[str, Any] = dict(_JE_ART.get(art, {"validate": "any"}))
    if auswahl:
        ergebnis = {
            "validate": "list", "source": list(auswahl),
            "error_title": "Nicht in der Liste", "error_message": "Bitte wählen Sie einen Wert aus der Liste.",
        }  # fmt: skip
        if art == "text":  # a suggestion: other text is allowed
            ergebnis["error_type"] = "information"
    if titel:
        kurz = titel if len(titel) <= 32 else titel[:31] + "…"
        ergebnis |= {"input_title": kurz, "input_message": hilfe}
    return ergebnis
