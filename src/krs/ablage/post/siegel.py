"""A signed e-mail whose content lies inside its signature (S/MIME, CMS): the content, without judging who signed.

Read by hand (Entscheid 45): eight heads of RFC 5652 before the content; the libraries for it are ten times as much.
"""

from __future__ import annotations

_SIGNIERT = bytes.fromhex("2a864886f70d010702")
_VERSCHLUESSELT = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117"))
_FOLGE, _MENGE, _ZAHL, _KENNUNG, _BYTES, _STUECKE, _NULL = 0x30, 0x31, 0x02, 0x06, 0x04, 0x24, 0xA0
_OFFEN = -1  # ends with two zero bytes (BER)
TYPEN = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


def inhalt(daten: bytes) -> bytes | None:
    """Return what was signed; None if it is encrypted. Raises: ValueError and others of `DEFEKT`: it is neither."""
    leser = _Leser(daten)
    leser.hinein(_FOLGE)
    art = leser.wert(_KENNUNG)
    if art in _VERSCHLUESSELT:
        return None
    if art != _SIGNIERT:
        raise ValueError
    leser.hinein(_NULL)
    leser.hinein(_FOLGE)
    leser.wert(_ZAHL)
    leser.wert(_MENGE)
    leser.hinein(_FOLGE)
    leser.wert(_KENNUNG)
    leser.hinein(_NULL)
    return leser.bytes_()


class _Leser:
    def __init__(self, daten: bytes) -> None:
        self.daten, self.ort = daten, 0

    def _kopf(self) -> tuple[int, int]:
        """Return tag and length of what comes next; the position is then behind them."""
        marke, laenge = self.daten[self.ort], self.daten[self.ort + 1]
        self.ort += 2
        if laenge > 0x84:
            raise ValueError
        if laenge == 0x80:
            return marke, _OFFEN
        if laenge > 0x80:
            ende = self.ort + laenge - 0x80
            laenge, self.ort = int.from_bytes(self.daten[self.ort : ende], "big"), ende
        if self.ort + laenge > len(self.daten):
            raise ValueError
        return marke, laenge

    def hinein(self, erwartet: int) -> None:
        """Go into what comes next. Raises: ValueError: it is something else."""
        if self._kopf()[0] != erwartet:
            raise ValueError

    def wert(self, erwartet: int) -> bytes:
        """Return the bytes of what comes next and go past it. Raises: ValueError: it is something else."""
        marke, laenge = self._kopf()
        if marke != erwartet or laenge == _OFFEN:
            raise ValueError
        self.ort += laenge
        return self.daten[self.ort - laenge : self.ort]

    def bytes_(self) -> bytes:
        """Return a string of bytes, in one piece or in many."""
        marke, laenge = self._kopf()
        if marke == _BYTES and laenge != _OFFEN:
            return self.daten[self.ort : self.ort + laenge]
        if marke != _STUECKE:
            raise ValueError
        ende = len(self.daten) if laenge == _OFFEN else self.ort + laenge
        stuecke = []
        while self.ort < ende and self.daten[self.ort : self.ort + 2] != b"\0\0":
            stuecke.append(self.wert(_BYTES))
        return b"".join(stuecke)
