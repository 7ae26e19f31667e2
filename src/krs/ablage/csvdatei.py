"""CSV files as Excel opens them: UTF-8 with BOM, semicolons, and no text that becomes a formula (entwurf 4.5, 7)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

_FORMEL = ("=", "+", "-", "@", "\t", "\r", "'")


def als_text(text: str) -> str:
    """Return text that never becomes a formula where Excel opens the file; `csv_lesen` takes the mark off again.

    >>> als_text("=1+1"), als_text("Olten")
    ("'=1+1", 'Olten')
    """
    return "'" + text if text[:1] in _FORMEL else text


def csv_schreiben(kopf: Sequence[str], zeilen: Iterable[Sequence[object]]) -> bytes:
    """Return a table with its header: amounts as 1234.50, days as 2024-09-20, Ja or Nein, nothing for None."""
    puffer = StringIO()
    schreiber = csv.writer(puffer, delimiter=";", lineterminator="\r\n")
    schreiber.writerow(kopf)
    schreiber.writerows([_zelle(wert) for wert in zeile] for zeile in zeilen)
    return puffer.getvalue().encode("utf-8-sig")


def angehaengt(roh: bytes, kopf: Sequence[str], zeilen: Iterable[Sequence[object]]) -> bytes:
    """Return a table with rows behind what it holds, which stays byte for byte; a last line cut off is ended."""
    ende = b"" if roh.endswith((b"\n", b"\r")) or not roh else b"\r\n"
    return roh + ende + csv_schreiben(kopf, zeilen).removeprefix(csv_schreiben(kopf, ()) if roh else b"")


def _zelle(wert: object) -> str:
    if isinstance(wert, bool):
        return "Ja" if wert else "Nein"
    if isinstance(wert, Decimal):
        return f"{wert:.2f}"
    return "" if wert is None else als_text(wert) if isinstance(wert, str) else str(wert)


def tag_lesen(text: str) -> date:
    """Return a day; Excel saves `2024-08-12` as it shows it, 12.08.2024. Raises: ValueError."""
    return datetime.strptime(text, "%d.%m.%Y").date() if "." in text else date.fromisoformat(text)  # noqa: DTZ007 a day has no zone


def csv_lesen(daten: bytes, *koepfe: tuple[str, ...], mit_leeren: bool = False) -> Iterator[dict[str, str]]:
    """Yield rows as written, without the mark of `als_text`.

    Args:
        koepfe: the columns of the table, and those that earlier versions wrote.
        mit_leeren: blank lines, left by an editor, are passed over instead of being damage.
    Raises: ValueError: not such a table.
    """
    leser = csv.reader(StringIO(daten.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
    try:
        kopf = tuple(next(leser, ()))
        if kopf not in koepfe:
            raise ValueError
        for zeile in leser:
            if not zeile and mit_leeren:
                continue
            yield {k: v.removeprefix("'") for k, v in zip(kopf, zeile, strict=True)}
    except csv.Error as fehler:
        raise ValueError from fehler
