"""A deadline as a calendar entry that Outlook and others open (RFC 5545): an all-day event with a reminder."""

from __future__ import annotations

from datetime import date, timedelta

_LANG = 75  # octets of a line


def termin(titel: str, text: str, tag: date, kennung: str, vom: date, tage_vorher: int = 7) -> bytes:
    """Return an .ics file, byte for byte the same for the same inputs.

    Args:
        titel, text: what the calendar shows; line ends are kept.
        kennung: equal for the same matter, so that a second file moves the entry instead of adding one.
        vom: day of the letter.
        tage_vorher: days before, on which the calendar reminds.
    """
    zeilen = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kanton Solothurn//krs//DE", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:{_wert(kennung)}@krs.start.integration", f"DTSTAMP:{vom:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{tag:%Y%m%d}", f"DTEND;VALUE=DATE:{tag + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_wert(titel)}", f"DESCRIPTION:{_wert(text)}", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_wert(titel)}", f"TRIGGER:-P{tage_vorher}D", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_gefaltet(z)}\r\n" for z in zeilen).encode()


def _wert(text: str) -> str:
    for zeichen in "\\;,":
        text = text.replace(zeichen, "\\" + zeichen)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _gefaltet(zeile: str) -> str:
    """Return a line folded so that none has more octets than allowed; no character is cut in two."""
    teile, laenge = [""], 0
    for zeichen in zeile:
        breite = len(zeichen.encode())
        if laenge + breite > _LANG:
            teile.append("")
            laenge = 1  # the blank that begins a folded line
        teile[-1] += zeichen
        laenge += breite
    return "\r\n ".join(teile)
