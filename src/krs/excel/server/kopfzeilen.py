"""The headers of every answer, errors included: what a browser may do with it."""

from __future__ import annotations

from collections.abc import Iterable

from krs.excel.server.einstellungen import Einstellungen

Kopf = tuple[bytes, bytes]
# Bootstrap draws its icons from data: addresses; scripts and styles come from here alone.
_SEITE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'self' {rahmen}"
)
_IMMER: tuple[Kopf, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"x-permitted-cross-domain-policies", b"none"),
)
# No Cross-Origin-Opener-Policy: it cuts a dialog of Office off from its task pane.
_EINBETTUNG: tuple[Kopf, ...] = (
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"cross-origin"),  # Office itself fetches the icons
)
_DATEN: tuple[Kopf, ...] = (
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
)


class Kopfzeilen:
    """The headers of one server."""

    def __init__(self, e: Einstellungen) -> None:
        sicher: tuple[Kopf, ...] = ()
        if e.adresse.startswith("https://") or e.zertifikat:
            sicher = ((b"strict-transport-security", b"max-age=31536000"),)
        rahmen = _SEITE.format(rahmen=" ".join(e.rahmen.replace(";", " ").replace(",", " ").split()))
        csp = (b"content-security-policy", rahmen.strip().encode("ascii", "replace"))
        self._seite = (*_IMMER, *_EINBETTUNG, csp, *sicher)
        self._daten = (*_IMMER, *_DATEN, *sicher)

    def zu(self, kopf: Iterable[Kopf]) -> list[Kopf]:
        """Return the headers of an answer with ours: pages say how long one may keep them, data nobody keeps."""
        eigene = list(kopf)
        return [*(self._seite if any(k == b"cache-control" for k, _ in eigene) else self._daten), *eigene]
