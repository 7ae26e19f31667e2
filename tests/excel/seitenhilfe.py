"""The pages of the add-in as the server sends them, for tests that read them."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser

from krs.excel.server import projekt
from krs.excel.server.einstellungen import Einstellungen

BASIS = "https://krs.so.ch"
_OHNE_ENDE = frozenset({"link", "meta", "img", "input", "br"})


@cache
def seite(vorlage: str, *, entra: bool = False) -> str:
    """Return a page as for https://krs.so.ch."""
    anmeldung = {
        "entra_tenant": "e7a3f2c4-0000-4000-8000-000000000001",
        "entra_client": "c0ffee00-0000-4000-8000-000000000002",
    }
    e = Einstellungen(**anmeldung) if entra else Einstellungen()
    return projekt.Seiten(e).seite(vorlage, BASIS).decode()


class Seite(HTMLParser):
    """What stands in an HTML page: its elements with attributes, and what people read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elemente: list[tuple[str, dict[str, str]]] = []
        self.texte: list[str] = []
        self._offen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, and the attributes that are read out or shown."""
        werte = {name: wert or "" for name, wert in attrs}
        self.elemente.append((tag, werte))
        self.texte += [werte[n] for n in ("aria-label", "placeholder", "title", "alt") if werte.get(n)]
        if tag not in _OHNE_ENDE:
            self._offen.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that is closed at once."""
        self.handle_starttag(tag, attrs)
        if tag not in _OHNE_ENDE:
            self._offen.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self._offen.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text, but for data blocks."""
        if data.strip() and self._offen and self._offen[-1] != "script":
            self.texte.append(" ".join(data.split()))

    def ids(self) -> list[str]:
        """Return all ids in order."""
        return [werte["id"] for _, werte in self.elemente if "id" in werte]
