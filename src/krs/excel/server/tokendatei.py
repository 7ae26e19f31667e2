"""The file with tokens: who may use the server, under which mark, in which roles. It holds hashes, never a token."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from krs.ablage.ordner import deutsch, schreibe
from krs.excel.anfrage import Person, Rolle

_HASH = re.compile(r"[0-9a-f]{64}")
_VISUM = re.compile(r"[\w.-]{1,20}")
_LANG = 100  # characters of a name
_MUSS = {"name", "visum", "rollen", "sha256"}


@dataclass(frozen=True, slots=True)
class Eintrag:
    """One person; `gueltig_bis` is the last day on which the token works, None: until it is revoked."""

    name: str
    visum: str
    rollen: frozenset[Rolle]
    sha256: str
    gueltig_bis: date | None = None

    def __post_init__(self) -> None:
        if not (0 < len(self.name.strip()) <= _LANG and self.name.isprintable()) or {'"', "\\"} & set(self.name):
            raise ValueError(f"Der Name hat 1 bis {_LANG} sichtbare Zeichen, ohne Anführungszeichen und \\.")
        if not _VISUM.fullmatch(self.visum):
            raise ValueError("Das Visum hat 1 bis 20 Zeichen: Buchstaben, Ziffern, Punkt oder Bindestrich.")


def lies(pfad: Path, *, leer: bool = False) -> tuple[Eintrag, ...]:
    """Return everybody in the file.

    Args:
        leer: nobody left is no mistake: who adds somebody may find the last one revoked.
    Raises: ValueError: one German sentence.
    """
    try:
        personen = tomllib.loads(pfad.read_text("utf-8")).get("person")
    except PermissionError:
        raise ValueError(
            f"Die Token-Datei «{pfad}» darf dieses Konto nicht lesen. Geben Sie sie dem Konto, unter dem der Server "
            "läuft."
        ) from None
    except OSError:
        raise ValueError(f"Die Token-Datei «{pfad}» ist nicht lesbar. Machen Sie eine mit «krs token».") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ValueError(
            f"Die Token-Datei «{pfad}» ist beschädigt. Stellen Sie sie wieder her oder machen Sie eine neue mit "
            "«krs token»."
        ) from None
    if leer and personen is None:
        return ()
    if not isinstance(personen, list) or not personen:
        raise ValueError(f"Die Token-Datei «{pfad}» nennt niemanden. Machen Sie ein Token mit «krs token».")
    eintraege = tuple(_eintrag(pfad, nr, p) for nr, p in enumerate(personen, 1))
    _einmalig(pfad, eintraege)
    return eintraege


def _eintrag(pfad: Path, nr: int, p: object) -> Eintrag:
    wo = f"Token-Datei «{pfad}», Person {nr}"
    if not isinstance(p, dict) or not _MUSS <= set(p) <= _MUSS | {"gueltig_bis"}:
        raise ValueError(f"{wo}: Nötig sind name, visum, rollen und sha256, möglich ist gueltig_bis.")
    if not isinstance(p["rollen"], list) or not p["rollen"]:
        raise ValueError(f"{wo}: rollen ist eine Liste mit Erfassung, Freigabe oder beiden.")
    bis = p.get("gueltig_bis")
    if bis is not None and type(bis) is not date:
        raise ValueError(f"{wo}: gueltig_bis ist ein Tag wie 2025-12-31, ohne Anführungszeichen.")
    if not _HASH.fullmatch(str(p["sha256"])):
        raise ValueError(f"{wo}: sha256 hat 64 Zeichen von 0 bis 9 und a bis f. Machen Sie Tokens mit «krs token».")
    try:
        return Eintrag(str(p["name"]).strip(), str(p["visum"]), rollen(p["rollen"]), str(p["sha256"]), bis)
    except ValueError as fehler:
        raise ValueError(f"{wo}: {fehler}") from None


def rollen(texte: Iterable[object]) -> frozenset[Rolle]:
    """Return roles by their names. Raises: ValueError: there is no such role.

    >>> sorted(rollen(["Erfassung"]))
    [<Rolle.ERFASSUNG: 'Erfassung'>]
    """
    genannt = list(texte)
    for text in genannt:
        if text not in tuple(Rolle):
            raise ValueError(f"Die Rolle «{text}» gibt es nicht. Möglich sind {' und '.join(Rolle)}.")
    return frozenset(r for r in Rolle if r in genannt)


def _einmalig(pfad: Path, alle: tuple[Eintrag, ...]) -> None:
    for was, werte in (
        ("Der Name", [e.name.casefold() for e in alle]),
        ("Das Visum", [e.visum.casefold() for e in alle]),
        ("Der sha256-Wert", [e.sha256 for e in alle]),
    ):
        mehrfach = [w for w, n in Counter(werte).items() if n > 1]
        if mehrfach:
            raise ValueError(f"Token-Datei «{pfad}»: {was} «{mehrfach[0]}» steht mehrmals. Jede Person steht einmal.")


def zu_offen(pfad: Path) -> bool:
    """Tell whether others on this computer may read or write the file; Windows does not say it this way."""
    return os.name == "posix" and bool(pfad.stat().st_mode & 0o077)


def hinzufuegen(pfad: Path, eintrag_ohne_hash: Eintrag) -> str:
    """Add a person and return the token, which is nowhere else. Raises: ValueError, AblageFehler."""
    token = secrets.token_urlsafe(32)
    pruefsumme = hashlib.sha256(token.encode()).hexdigest()
    neu = replace(eintrag_ohne_hash, name=eintrag_ohne_hash.name.strip(), sha256=pruefsumme)
    with _allein(pfad):
        bisher = lies(pfad, leer=True) if pfad.exists() else ()
        if any(neu.visum.casefold() == b.visum.casefold() for b in bisher):
            raise ValueError(
                f"Das Visum «{neu.visum}» hat schon ein Token. Widerrufen Sie es zuerst mit --widerrufen {neu.visum}."
            )
        if any(neu.name.casefold() == b.name.casefold() for b in bisher):
            raise ValueError(
                f"«{neu.name}» hat schon ein Token. Widerrufen Sie es zuerst mit --widerrufen und dem Visum."
            )
        _schreiben(pfad, (*bisher, neu))
    return token


def widerrufen(pfad: Path, visum: str) -> str:
    """Take a person out; the token stops working at once. Return the name. Raises: ValueError, AblageFehler."""
    with _allein(pfad):
        bisher = lies(pfad)
        weg = [b for b in bisher if b.visum.casefold() == visum.casefold()]
        if not weg:
            raise ValueError(f"Das Visum «{visum}» steht nicht in «{pfad}».")
        _schreiben(pfad, tuple(b for b in bisher if b not in weg))
    return weg[0].name


@contextmanager
def _allein(pfad: Path) -> Iterator[None]:
    """Keep another «krs token» out, and everybody else's eyes off what is written."""
    if not pfad.parent.is_dir():
        raise ValueError(f"Den Ordner «{pfad.parent}» gibt es nicht. Prüfen Sie den Pfad.")
    maske = os.umask(0o077)
    try:
        with deutsch(pfad), FileLock(pfad.with_name(f".{pfad.name}.lock"), timeout=10):
            yield
    except Timeout as fehler:
        raise ValueError(f"«{pfad}» wird gerade geändert. Versuchen Sie es erneut.") from fehler
    finally:
        os.umask(maske)


def _schreiben(pfad: Path, eintraege: tuple[Eintrag, ...]) -> None:
    text = "# Gemacht von «krs token»; die Tokens selbst stehen nirgends.\n"
    for e in eintraege:
        bis = f"gueltig_bis = {e.gueltig_bis}\n" if e.gueltig_bis else ""
        text += f'\n[[person]]\nname = "{e.name}"\nvisum = "{e.visum}"\nrollen = {json.dumps(sorted(e.rollen))}\n'
        text += f'sha256 = "{e.sha256}"\n{bis}'
    alt = pfad.stat() if pfad.exists() else None
    schreibe(pfad, text.encode())
    if alt is not None and os.name == "posix" and alt.st_uid != pfad.stat().st_uid:
        os.chown(pfad, alt.st_uid, alt.st_gid)  # root adds somebody: the server must still be able to read it


def finde(eintraege: Iterable[Eintrag], token: str, heute: date) -> Person | None:
    """Return whose token it is, None if nobody's or no more; every entry is compared, in constant time."""
    gefragt = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    treffer = None
    for e in eintraege:
        gleich = hmac.compare_digest(e.sha256, gefragt)
        if gleich and (e.gueltig_bis is None or heute <= e.gueltig_bis):
            treffer = Person(e.name, e.visum, e.rollen)
    return treffer
