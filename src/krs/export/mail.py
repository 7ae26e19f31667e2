"""Drafts of e-mails (.eml) that Outlook opens ready to send: the same content gives the same bytes.

Written here, not by `email`: its folding drops blanks in a subject and differs between versions of Python.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from krs.formulare.typen import mailadresse

_TYPEN = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "ics": "text/calendar; charset=utf-8",
}
_ZEILE = "\r\n"
_LANG = 60  # characters of a value on one line; its header stands before it
_STUECK = 39  # bytes of an encoded word: 52 characters in base64
_MIT_NAME = re.compile(r"(.*?)\s*<([^<>]*)>")


def entwurf(
    an: Sequence[str],
    betreff: str,
    text: str,
    anhaenge: Sequence[tuple[str, bytes]] = (),
    blind: Sequence[str] = (),
) -> bytes:
    """Return an unsent e-mail with CRLF, without date, sender and message id: the program that sends it adds them.

    Args:
        an: addresses, «anna@gemeinde.example» or «Muster Anna <anna@gemeinde.example>»; invalid ones are left out.
        betreff: one line; what would begin a new header becomes a blank.
        text: plain text.
        anhaenge: (file name, content).
        blind: addresses that do not see each other (Bcc).
    """
    kopf = ["X-Unsent: 1"]
    for feld, texte in (("To", an), ("Bcc", blind)):
        if adressen := list(_adressen(texte)):
            kopf.append(f"{feld}: " + f",{_ZEILE} ".join(adressen))
    kopf += [f"Subject: {_kopftext(einzeilig(betreff))}", "MIME-Version: 1.0"]
    teile = [_textteil(text), *(_anhang(einzeilig(name), daten) for name, daten in anhaenge)]
    if not anhaenge:
        return (_ZEILE.join(kopf) + _ZEILE + teile[0]).encode()
    grenze = f"krs-{hashlib.sha256(''.join(teile).encode()).hexdigest()[:32]}"  # no text holds its own hash
    kopf.append(f'Content-Type: multipart/mixed; boundary="{grenze}"')
    trenner = f"--{grenze}{_ZEILE}"
    rumpf = "".join(trenner + teil for teil in teile)
    return f"{_ZEILE.join(kopf)}{_ZEILE * 2}{rumpf}--{grenze}--{_ZEILE}".encode()


def einzeilig(text: str) -> str:
    """Return one line: control characters and line ends become blanks, several blanks one.

    >>> einzeilig("Mahnung\\r\\nBcc: alle@gemeinde.example")
    'Mahnung Bcc: alle@gemeinde.example'
    """
    sichtbar = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in _zeichen(text))
    return " ".join(sichtbar.split())


def _zeichen(text: str) -> str:
    """Return text that UTF-8 can hold."""
    return re.sub("[\ud800-\udfff]", "�", text)


# --- headers --------------------------------------------------------------------------------
def _kopftext(text: str) -> str:
    """Return a header's text as it is, or in encoded words (RFC 2047), one a line."""
    if text.isascii() and "=?" not in text and len(text) <= _LANG:
        return text
    woerter = (base64.b64encode(stueck).decode() for stueck in _stuecke(text))
    return f"{_ZEILE} ".join(f"=?utf-8?B?{wort}?=" for wort in woerter)


def _stuecke(text: str) -> Iterator[bytes]:
    """Yield UTF-8 in short pieces, no character cut in two."""
    stueck = b""
    for zeichen in text:
        roh = zeichen.encode()
        if len(stueck) + len(roh) > _STUECK:
            yield stueck
            stueck = b""
        stueck += roh
    yield stueck


def _adressen(texte: Iterable[str]) -> Iterator[str]:
    for text in texte:
        zeile = einzeilig(text)
        treffer = _MIT_NAME.fullmatch(zeile)
        name, roh = treffer.groups() if treffer else ("", zeile)
        adresse = mailadresse(roh.strip())
        name = name.strip('" ')
        if adresse and name:
            yield f"{_anzeigename(name)}{_ZEILE} <{adresse}>"
        elif adresse:
            yield adresse


def _anzeigename(name: str) -> str:
    kodiert = _kopftext(name)
    if kodiert != name:
        return kodiert
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- parts ----------------------------------------------------------------------------------
def _textteil(text: str) -> str:
    zeilen = re.sub(r"\r\n?", "\n", _zeichen(text)).rstrip("\n") + "\n"
    kodiert = binascii.b2a_qp(zeilen.encode(), istext=True).decode().replace("\n", _ZEILE)
    kopf = 'Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable"
    return _ZEILE.join((*kopf, "", kodiert))


def _anhang(name: str, daten: bytes) -> str:
    typ = _TYPEN.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    kopf = (
        f"Content-Type: {typ}", "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment;{_ZEILE} {_dateiname(name)}",
    )  # fmt: skip
    return _ZEILE.join((*kopf, "", base64.encodebytes(daten).decode().replace("\n", _ZEILE)))


def _dateiname(name: str) -> str:
    """Return the parameter `filename`, a long one or one with umlauts as in RFC 2231.

    >>> _dateiname("Härkingen.xlsx")
    "filename*=utf-8''H%C3%A4rkingen.xlsx"
    """
    if re.fullmatch(rf"[A-Za-z0-9 ._()-]{{1,{_LANG}}}", name):
        return f'filename="{name}"'
    stuecke = [quote(s, safe="") for s in _stuecke(name)]
    if len("".join(stuecke)) <= _LANG:
        return f"filename*=utf-8''{''.join(stuecke)}"
    stuecke[0] = "utf-8''" + stuecke[0]
    voll = [f"filename*{n}*={s}" for n, s in enumerate(stuecke)]
    return f";{_ZEILE} ".join(voll)
