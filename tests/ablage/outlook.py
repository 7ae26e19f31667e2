"""Writes e-mails as Outlook saves them (.msg): a minimal container of version 3 (MS-CFB) with the properties wanted."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

Ordner = Mapping[str, "bytes | Ordner"]
_ENDE, _FREI, _FAT, _KEINER = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def behaelter(inhalt: Ordner) -> bytes:
    """Return a container; siblings form a list, which every reader takes for an unbalanced tree."""
    eintraege: list[list[object]] = [["Root Entry", 5, _KEINER, _KEINER, 0, b""]]
    _eintragen(eintraege, 0, inhalt)
    klein, mini, fat, sektoren = b"", [], [], b""
    for eintrag in eintraege:
        daten = eintrag[5]
        assert isinstance(daten, bytes)
        if eintrag[1] == 2 and 0 < len(daten) < 4096:
            anzahl = -(-len(daten) // 64)
            eintrag[4] = len(mini)
            mini += [*range(len(mini) + 1, len(mini) + anzahl), _ENDE]
            klein += daten.ljust(anzahl * 64, b"\0")
    eintraege[0][5] = klein
    orte: list[int] = []
    stroeme = [e[5] for e in eintraege if e[1] == 5 or (e[1] == 2 and len(e[5]) >= 4096)]  # type: ignore[arg-type]
    minifat = struct.pack(f"<{len(mini)}I", *mini)
    minifat = minifat.ljust(-(-len(minifat) // 512) * 512, b"\xff")
    for strom in (*stroeme, minifat, b"\0" * 128 * len(eintraege)):
        assert isinstance(strom, bytes)
        anzahl = -(-len(strom) // 512)
        orte.append(len(fat) if anzahl else _ENDE)
        fat += [*range(len(fat) + 1, len(fat) + anzahl), _ENDE] if anzahl else []
        sektoren += strom.ljust(anzahl * 512, b"\0")
    gross = iter(orte)
    for eintrag in eintraege:
        if eintrag[1] == 5 or (eintrag[1] == 2 and len(eintrag[5]) >= 4096):  # type: ignore[arg-type]
            eintrag[4] = next(gross)
    verzeichnis = b"".join(_eintrag(*e) for e in eintraege)  # type: ignore[arg-type]
    sektoren = sektoren[: orte[-1] * 512] + verzeichnis.ljust(len(sektoren) - orte[-1] * 512, b"\0")
    fats = 1
    while fats * 128 < len(fat) + fats:
        fats += 1
    assert fats <= 109
    beginn = len(fat)
    fat += [_FAT] * fats
    sektoren += struct.pack(f"<{len(fat)}I", *fat).ljust(fats * 512, b"\xff")
    magie = bytes.fromhex("D0CF11E0A1B11AE1")
    kopf = struct.pack("<8s16sHHHHHH", magie, b"", 62, 3, 0xFFFE, 9, 6, 0)
    kopf += struct.pack("<10I", 0, 0, fats, orte[-1], 0, 4096, orte[-2], len(minifat) // 512, _ENDE, 0)
    kopf += struct.pack(f"<{fats}I", *range(beginn, beginn + fats)).ljust(436, b"\xff")
    return kopf + sektoren


def _eintragen(eintraege: list[list[object]], eltern: int, inhalt: Ordner) -> None:
    vorher = -1
    for name, wert in inhalt.items():
        nummer = len(eintraege)
        ordner = not isinstance(wert, bytes)
        eintraege.append([name, 1 if ordner else 2, _KEINER, _KEINER, _ENDE, b"" if ordner else wert])
        eintraege[eltern if vorher < 0 else vorher][3 if vorher < 0 else 2] = nummer
        vorher = nummer
        if not isinstance(wert, bytes):
            _eintragen(eintraege, nummer, wert)


def _eintrag(name: str, art: int, rechts: int, kind: int, ort: int, daten: bytes) -> bytes:
    lang = name.encode("utf-16-le")
    kopf = lang.ljust(64, b"\0") + struct.pack("<HBBIII", len(lang) + 2, art, 1, _KEINER, rechts, kind)
    return kopf + b"\0" * 36 + struct.pack("<IQ", ort, len(daten))


def zeit(text: str) -> bytes:
    """Return a time as Windows writes it."""
    sekunden = (datetime.fromisoformat(text) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()
    return struct.pack("<Q", int(sekunden * 10**7))


def eigenschaften(kopf: int, feste: Mapping[str, bytes]) -> bytes:
    """Return the stream of the properties of fixed length."""
    return b"\0" * kopf + b"".join(struct.pack("<II", int(n, 16), 6) + w.ljust(8, b"\0") for n, w in feste.items())


def texte(**werte: str) -> dict[str, bytes]:
    """Return texts by the number of their property, `n0C1F="anna@example.ch"`."""
    return {f"__substg1.0_{n[1:]}001F": w.encode("utf-16-le") for n, w in werte.items()}


def anhang(name: str, daten: bytes, art: int = 1) -> Ordner:
    """Return an attachment: a file."""
    feste = eigenschaften(8, {"37050003": struct.pack("<I", art)})
    return {"__properties_version1.0": feste, **texte(n3707=name), "__substg1.0_37010102": daten}


def weitergeleitet(mail: Ordner) -> Ordner:
    """Return an attachment: an e-mail."""
    feste = eigenschaften(8, {"37050003": struct.pack("<I", 5)})
    return {"__properties_version1.0": feste, "__substg1.0_3701000D": mail}


def mail(anhaenge: Sequence[Ordner], feste: Mapping[str, bytes], kopf: int = 32, **werte: str) -> Ordner:
    """Return an e-mail with its attachments, properties of fixed length and texts."""
    teile = {f"__attach_version1.0_#{n:08X}": a for n, a in enumerate(anhaenge)}
    return {"__properties_version1.0": eigenschaften(kopf, feste), **texte(**werte), **teile}
