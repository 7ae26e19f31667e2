"""A deadline for the calendar: RFC 5545, byte for byte."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from krs.export.kalender import termin


def test_ein_termin_zeichen_fuer_zeichen() -> None:
    titel, text = "Frist Anhang 2, 1. Halbjahr 2024", "Olten\nHärkingen; Kestenholz"
    daten = termin(titel, text, date(2024, 7, 31), "frist-1", date(2024, 6, 3))
    assert daten.decode() == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kanton Solothurn//krs//DE\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\n"
        "UID:frist-1@krs.start.integration\r\nDTSTAMP:20240603T000000Z\r\n"
        "DTSTART;VALUE=DATE:20240731\r\nDTEND;VALUE=DATE:20240801\r\n"
        "SUMMARY:Frist Anhang 2\\, 1. Halbjahr 2024\r\nDESCRIPTION:Olten\\nHärkingen\\; Kestenholz\r\n"
        "TRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n"
        "DESCRIPTION:Frist Anhang 2\\, 1. Halbjahr 2024\r\nTRIGGER:-P7D\r\nEND:VALARM\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_keine_zeile_ist_zu_lang_und_kein_zeichen_geht_verloren(text: str) -> None:
    zeilen = termin("Frist", text, date(2024, 7, 31), "f", date(2024, 6, 3)).split(b"\r\n")
    assert max(map(len, zeilen)) <= 75
    entfaltet = b"\r\n".join(zeilen).replace(b"\r\n ", b"").decode().split("\r\n")
    wert = next(z for z in entfaltet if z.startswith("DESCRIPTION:")).removeprefix("DESCRIPTION:")
    assert wert.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == text
