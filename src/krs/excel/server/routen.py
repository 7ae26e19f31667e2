"""What each path does. The work is elsewhere: here a request is read, and its outcome becomes an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import anyio

from krs.excel import tafel
from krs.excel.anfrage import Anfrage, Eingabefehler, Person, Rolle, Rollenfehler
from krs.excel.server import auftraege, draht
from krs.excel.server.antworten import TEXT, Abweisung, Antwort, als_json, datei
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.grenzen import FUNKTION, LANG, SKRIPT, Rumpf, lies_json
from krs.excel.server.namen import ohne_pfade
from krs.excel.server.offene import Offene
from krs.excel.server.ruf import Ruf

if TYPE_CHECKING:
    from krs.excel.ergebnis import Ergebnis

_RUECKRUF = "krsErgebnis"
_WARTENDE = 20
T = TypeVar("T")


class Routen:
    """What one server answers."""

    def __init__(self, e: Einstellungen, heute: Callable[[], date]) -> None:
        self._e, self._heute = e, heute
        self.offen = Offene(e)
        self._wurzeln = {e.ablage.absolute(), e.ablage.resolve()} if e.ablage else set()
        self._schwer = anyio.Semaphore(e.gleichzeitig)
        self._wartende = 0

    # --- Excel ------------------------------------------------------------------------------
    async def funktion(self, ruf: Ruf) -> Antwort:
        """Compute one function of a cell."""
        from krs.excel.funktionen import rufe

        rumpf = self._rumpf(ruf, FUNKTION)
        rumpf.zu_gross = "Der Bereich ist zu gross. Wählen Sie nur die Zeilen, in denen etwas steht."
        daten = await rumpf.json_bytes()

        def rechnen() -> bytes:
            name, argumente, mit_format = draht.aufruf(lies_json(daten))
            try:
                return draht.als_ergebnis(rufe(name, argumente, self._e.ablage), mit_format)
            except Eingabefehler as fehler:
                raise Abweisung(400, self._oeffentlich(fehler)) from None

        return Antwort(await anyio.to_thread.run_sync(rechnen) if len(daten) > LANG else rechnen())

    async def skript(self, ruf: Ruf) -> Antwort:
        """Run one macro over the workbook that Excel sent."""
        from krs.excel.makrokatalog import makro

        m = makro(ruf.rest)
        if m is None:
            raise Abweisung(400, "Diesen Befehl gibt es nicht. Laden Sie das Add-in neu.")
        if m.rolle is not None:
            _braucht(ruf.person, m.rolle)
        mappe, angaben = draht.mappe_und_angaben(await self._rumpf(ruf, SKRIPT).json())
        anfrage = Anfrage(self._e.ablage, self._heute(), angaben, ruf.person)
        return await self._arbeiten(lambda: self._makro(m.name, mappe, anfrage))

    def _makro(self, name: str, daten: dict[str, Any], anfrage: Anfrage) -> Antwort:
        from krs.excel.ausfuehren import ausfuehren

        mappe = draht.oeffne(daten)
        try:
            ergebnis = ausfuehren(name, mappe, anfrage)
            aktionen = self._ohne_pfade(mappe.json()["actions"])
            mappe.app.macro(_RUECKRUF)(als_json(self._ergebnis(name, ergebnis)).inhalt.decode())
            return als_json({"actions": [*aktionen, mappe.json()["actions"][-1]]})
        except Eingabefehler as fehler:
            status = 403 if isinstance(fehler, Rollenfehler) else 400
            raise Abweisung(status, self._oeffentlich(fehler)) from None
        finally:
            mappe.close()

    # --- files ------------------------------------------------------------------------------
    async def ich(self, ruf: Ruf) -> Antwort:
        """Tell who is signed on."""
        p = ruf.person
        return als_json({"visum": p.visum if p else "", "rollen": sorted(p.rollen) if p else sorted(Rolle)})

    async def eingang(self, ruf: Ruf) -> Antwort:
        """Take files in and return the board with the Master."""
        _braucht(ruf.person, Rolle.ERFASSUNG)
        form = await self._rumpf(ruf, self._e.bytes).formular(self._e.dateien)
        _nur(form.dateien, form.felder, {"dateien", "stammdaten"}, {"stichtag"})
        dateien, stamm = form.dateien.get("dateien", []), form.dateien.get("stammdaten", [])
        if not dateien:
            raise Abweisung(400, "Es kam keine Datei an. Ziehen Sie die Formulare in das Feld.")
        if len(stamm) > 1:
            raise Abweisung(400, "Es kamen mehrere Stammdaten an. Senden Sie eine Datei.")
        stichtag = auftraege.eingangstag(form.felder.get("stichtag", ""), self._heute())
        stammdaten = stamm[0][1] if stamm else None
        return await self._arbeiten(lambda: als_json(auftraege.eingang(self._e.ablage, dateien, stammdaten, stichtag)))

    async def pruefen(self, ruf: Ruf) -> Antwort:
        """Check files; nothing is kept."""
        form = await self._rumpf(ruf, self._e.bytes).formular(self._e.dateien)
        _nur(form.dateien, form.felder, {"dateien"}, {"stichtag"})
        dateien = form.dateien.get("dateien", [])
        if not dateien:
            raise Abweisung(400, "Es kam keine Datei an. Ziehen Sie die Formulare in das Feld.")
        stichtag = auftraege.tag(form.felder.get("stichtag", ""), self._heute())
        return await self._arbeiten(lambda: als_json(auftraege.pruefen(self._e.ablage, dateien, stichtag)))

    async def tafel(self, ruf: Ruf) -> Antwort:
        """Return the board of the working folder."""
        stichtag = auftraege.tag(ruf.anfrage.get("stichtag", ""), self._heute())
        return await self._arbeiten(lambda: als_json(auftraege.stand(self._e.ablage, stichtag)))

    async def master(self, ruf: Ruf) -> Antwort:  # noqa: ARG002
        """Return the Master of the working folder."""
        return datei(await anyio.to_thread.run_sync(auftraege.master, self._e.ablage), "Master.xlsx")

    async def einreichung(self, ruf: Ruf) -> Antwort:
        """Return an archived form."""
        name, daten = await anyio.to_thread.run_sync(auftraege.einreichung, self._e.ablage, ruf.rest)
        return datei(daten, name)

    # --- shared -----------------------------------------------------------------------------
    def _rumpf(self, ruf: Ruf, hoechstens: int) -> Rumpf:
        return Rumpf(ruf.kopf, ruf.receive, hoechstens, self._e.sekunden)

    async def _arbeiten(self, tun: Callable[[], T]) -> T:
        """Do what takes long beside the loop, a few at a time. Raises: Abweisung: 429: too many wait already."""
        if self._wartende >= _WARTENDE:
            satz = "Der Server hat zurzeit viel zu tun. Versuchen Sie es in einer Minute erneut."
            raise Abweisung(429, satz, {"retry-after": "60"})
        self._wartende += 1
        try:
            async with self._schwer:
                return await anyio.to_thread.run_sync(tun)
        finally:
            self._wartende -= 1

    def _ergebnis(self, name: str, ergebnis: Ergebnis) -> dict[str, Any]:
        """Return what the task pane shows after a macro; workbooks in it are base64, which nothing may touch."""
        t = ergebnis.tafel
        return {
            "name": name, "titel": ergebnis.titel, "saetze": self._ohne_pfade(ergebnis.saetze),
            "hat_fehler": ergebnis.hat_fehler, "tafel": t and {**t, "saetze": self._ohne_pfade(t["saetze"])},
            "mappe": tafel.als_json(ergebnis.mappe),
        }  # fmt: skip

    def _oeffentlich(self, fehler: Exception) -> str:
        return ohne_pfade(str(fehler), *self._wurzeln)

    def _ohne_pfade(self, wert: Any) -> Any:
        """Return the same data in which no text names the place of the working folder."""
        if isinstance(wert, str):
            return ohne_pfade(wert, *self._wurzeln) if any(str(w) in wert for w in self._wurzeln) else wert
        if isinstance(wert, Mapping):
            return {k: self._ohne_pfade(v) for k, v in wert.items()}
        return [self._ohne_pfade(v) for v in wert] if isinstance(wert, list | tuple) else wert


def _braucht(person: Person | None, rolle: Rolle) -> None:
    if person is not None and rolle not in person.rollen:
        raise Abweisung(403, f"Dafür braucht es die Rolle {rolle}. Wenden Sie sich an die Informatik.")


def _nur(dateien: dict[str, Any], felder: dict[str, str], erlaubte: set[str], texte: set[str]) -> None:
    if set(dateien) - erlaubte or set(felder) - texte:
        raise Abweisung(400, "Die Anfrage hat ein Feld, das es nicht gibt. Laden Sie den Aufgabenbereich neu.")


@dataclass(frozen=True, slots=True)
class Route:
    """One path: `muster` stands in the log; `offen` needs no sign-on; `art` is how its errors are told.

    `ohne_rolle` answers also whom the canton gave no role.
    """

    muster: str
    methode: str
    tun: Callable[[Ruf], Awaitable[Antwort]]
    offen: bool = False
    art: bytes = b"application/json"
    ohne_rolle: bool = False


def tabelle(r: Routen) -> tuple[dict[str, Route], dict[str, Route]]:
    """Return all routes: by their whole path, and by how it begins. There are no others."""
    alle = (
        Route("/bereit", "GET", r.offen.bereit, True),
        Route("/taskpane.html", "GET", r.offen.aufgabenbereich, True),
        Route("/manifest.xml", "GET", r.offen.manifest, True),
        Route("/xlwings/custom-functions-meta.json", "GET", r.offen.funktionsliste, True),
        Route("/xlwings/custom-functions-code.js", "GET", r.offen.funktionsstubs, True),
        Route("/xlwings/custom-scripts-meta.json", "GET", r.offen.skriptliste, True),
        Route("/static/*", "GET", r.offen.statisch, True),
        Route("/krs/regel/*", "GET", r.offen.regel, True),
        Route("/xlwings/custom-functions-call", "POST", r.funktion, art=TEXT),
        Route("/xlwings/custom-scripts-call/*", "POST", r.skript, art=TEXT),
        Route("/krs/ich", "GET", r.ich, ohne_rolle=True),
        Route("/krs/eingang", "POST", r.eingang),
        Route("/krs/pruefen", "POST", r.pruefen),
        Route("/krs/tafel", "GET", r.tafel),
        Route("/krs/master", "GET", r.master),
        Route("/krs/einreichung/*", "GET", r.einreichung),
    )
    ganze = {route.muster: route for route in alle if not route.muster.endswith("*")}
    return ganze, {route.muster[:-1]: route for route in alle if route.muster.endswith("*")}
