"""Writing VBA: texts, arrays, and the limits of its editor."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlambau import Baufehler

ZEILE = 1023
# Words that cannot name an argument (MS-VBAL 3.3.5.2) and could occur in German.
VERBOTEN = frozenset({
    "and", "as", "boolean", "byref", "byte", "byval", "call", "case", "cdate", "const", "currency", "date",
    "declare", "dim", "do", "double", "each", "else", "empty", "end", "enum", "eqv", "error", "event", "exit",
    "false", "for", "friend", "function", "get", "global", "gosub", "goto", "if", "imp", "implements", "in",
    "integer", "is", "let", "like", "long", "loop", "lset", "me", "mod", "new", "next", "not", "nothing", "null",
    "object", "on", "option", "optional", "or", "paramarray", "preserve", "print", "private", "property", "public",
    "put", "redim", "rem", "resume", "return", "rset", "select", "set", "single", "static", "stop", "string", "sub",
    "then", "to", "true", "type", "until", "variant", "wend", "while", "with", "withevents", "write", "xor",
})  # fmt: skip
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")


def text(wert: str) -> str:
    """Return a VBA string literal.

    >>> text('Er sagt «ja» und "nein".')
    '"Er sagt «ja» und ""nein""."'

    Raises: Baufehler: a character that Windows-1252, the code page of VBA modules, lacks, or a line break.
    """
    if not wert.isprintable():
        raise Baufehler(f"Der Text «{wert!r}» enthält ein Steuerzeichen oder einen Zeilenumbruch.")
    try:
        wert.encode("cp1252")
    except UnicodeEncodeError as error:
        zeichen = error.object[error.start]
        raise Baufehler(f"Das Zeichen «{zeichen}» in «{wert}» gibt es in VBA-Modulen nicht (Windows-1252).") from error
    return '"' + wert.replace('"', '""') + '"'


def name(wert: str) -> str:
    """Return a name that VBA takes for a procedure or an argument."""
    if not NAME.fullmatch(wert) or wert.lower() in VERBOTEN:
        raise Baufehler(f"«{wert}» ist in VBA kein möglicher Name.")
    return wert


def feld(werte: Iterable[str]) -> str:
    """Return `Array(…)`."""
    return f"Array({', '.join(werte)})"


def umbrochen(kopf: str, teile: Iterable[str], schluss: str = ")") -> str:
    """Return a call with one part a line, continued by underscores.

    >>> umbrochen("Rufe(", ["a", "b"]).splitlines()
    ['Rufe( _', '    a, _', '    b)']
    """
    return f"{kopf} _\n    " + ", _\n    ".join(teile) + schluss
