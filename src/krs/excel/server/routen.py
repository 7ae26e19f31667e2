"""What each path does. The work is elsewhere: here a request is read, and its outcome becomes an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from krs.ablauf.gemeinsam import Uhr
from krs.excel import tafel
from krs.excel.anfrage import Anfrage, Eingabefehler, Person, Rolle, Rollenfehler, hand, jetzt
from krs.excel.server import auftraege, draht
from krs.excel.server.antworten import JSON, Abweisung, als_json, datei, json_bytes
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.grenzen import FUNKTION, LANG, SKRIPT, Formulardaten, Rumpf, lies_json
from krs.excel.server.namen import ohne_pfade
from krs.excel.server.offene import Endpunkt, Offene

if TYPE_CHECKING:
    from krs.excel.ergebnis import Ergebnis

_RUECKRUF = "krsErgebnis"
_WARTENDE = 20
T = TypeVar("T")


class Weg(Route):
    """One path: `muster` stands in the log; `offen` needs no sign-on; the client of xlwings reads refusals `als_text`.

    `ohne_rolle` answers also whom the canton gave no role.
    """

    methods: set[str]

    def __init__(
        self, muster: str, methode: str, tun: Endpunkt, *, offen: bool = False,
        als_text: bool = False, ohne_rolle: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(muster.replace("*", "{rest:path}"), tun, methods=[methode])
        # Starlette's own pattern takes no line break within a path, but lets one pass at its end.
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z", re.DOTALL)
        self.muster, self.offen, self.als_text, self.ohne_rolle = muster, offen, als_text, ohne_rolle


class Routen:
    """What one server answers."""

    def __init__(self, e: Einstellungen, heute: Callable[[], date]) -> None:
        self._e, self._heute = e, heute
        self._offen = Offene(e)
        self._wurzeln = {e.ablage.absolute(), e.ablage.resolve()} if e.ablage else set()
        self._schwer = anyio.Semaphore(e.gleichzeitig)
        self._wartende = 0

    def wege(self) -> list[Weg]:
        """Return all paths; there are no others."""
        o = self._offen
        return [
            Weg("/xlwings/custom-functions-call", "POST", self.funktion, als_text=True),  # first: each cell asks
            Weg("/xlwings/custom-scripts-call/*", "POST", self.skript, als_text=True),
            Weg("/krs/ich", "GET", self.ich, ohne_rolle=True),
            Weg("/krs/eingang", "POST", self.eingang),
            Weg("/krs/pruefen", "POST", self.pruefen),
            Weg("/krs/tafel", "GET", self.tafel),
            Weg("/krs/master", "GET", self.master),
            Weg("/krs/einreichung/*", "GET", self.einreichung),
            Weg("/bereit", "GET", o.bereit, offen=True),
            Weg("/taskpane.html", "GET", o.seite("taskpane.html", "text/html"), offen=True),
            Weg("/manifest.xml", "GET", o.seite("manifest.xml", "text/xml"), offen=True),
            Weg("/xlwings/custom-functions-meta.json", "GET", o.liste(o.seiten.funktionen, JSON), offen=True),
            Weg("/xlwings/custom-functions-code.js", "GET", o.liste(o.seiten.stubs, "text/javascript"), offen=True),
            Weg("/xlwings/custom-scripts-meta.json", "GET", o.liste(o.seiten.skripte, JSON), offen=True),
            Weg("/static/*", "GET", o.statisch, offen=True),
            Weg("/krs/regel/*", "GET", o.regel, offen=True),
        ]

    # --- Excel ------------------------------------------------------------------------------
    async def funktion(self, anfrage: Request) -> Response:
        """Compute one function of a cell."""
        from krs.excel.funktionen import rufe

        rumpf = self._rumpf(anfrage, FUNKTION)
        rumpf.zu_gross = "Der Bereich ist zu gross. Wählen Sie nur die Zeilen, in denen etwas steht."
        daten = await rumpf.json_bytes()

        def rechnen() -> bytes:
            name, argumente, mit_format = draht.aufruf(lies_json(daten))
            try:
                return draht.als_ergebnis(rufe(name, argumente, self._e.ablage), mit_format)
            except Eingabefehler as fehler:
                raise Abweisung(400, self._oeffentlich(fehler)) from None

        inhalt = await anyio.to_thread.run_sync(rechnen) if len(daten) > LANG else rechnen()
        return Response(inhalt, media_type=JSON)

    async def skript(self, anfrage: Request) -> Response:
        """Run one macro over the workbook that Excel sent."""
        from krs.excel.makrokatalog import makro

        m = makro(anfrage.path_params["rest"])
        if m is None:
            raise Abweisung(400, "Diesen Befehl gibt es nicht. Laden Sie das Add-in neu.")
        if m.rolle is not None:
            _braucht(anfrage.user, m.rolle)
        mappe, angaben = draht.mappe_und_angaben(await self._rumpf(anfrage, SKRIPT).json())
        auftrag = Anfrage(self._e.ablage, self._heute(), angaben, anfrage.user, zeit=jetzt())
        return await self._arbeiten(lambda: self._makro(m.name, mappe, auftrag))

    def _makro(self, name: str, daten: dict[str, Any], anfrage: Anfrage) -> Response:
        from krs.excel.ausfuehren import ausfuehren

        mappe = draht.oeffne(daten)
        try:
            ergebnis = ausfuehren(name, mappe, anfrage)
            aktionen = self._ohne_pfade(mappe.json()["actions"])
            mappe.app.macro(_RUECKRUF)(json_bytes(self._ergebnis(name, ergebnis)).decode())
            return als_json({"actions": [*aktionen, mappe.json()["actions"][-1]]})
        except Eingabefehler as fehler:
            status = 403 if isinstance(fehler, Rollenfehler) else 400
            raise Abweisung(status, self._oeffentlich(fehler)) from None
        finally:
            mappe.close()

    # --- files ------------------------------------------------------------------------------
    async def ich(self, anfrage: Request) -> Response:
        """Tell who is signed on."""
        p = anfrage.user
        return als_json({"visum": p.visum if p else "", "rollen": sorted(p.rollen) if p else sorted(Rolle)})

    async def eingang(self, anfrage: Request) -> Response:
        """Take files in and return the board with the Master."""
        _braucht(anfrage.user, Rolle.ERFASSUNG)
        form = await self._formular(anfrage, "dateien", "stammdaten")
        dateien, stamm = form.dateien["dateien"], form.dateien.get("stammdaten", [])
        if len(stamm) > 1:
            raise Abweisung(400, "Es kamen mehrere Stammdaten an. Senden Sie eine Datei.")
        heute = self._heute()
        stichtag = auftraege.eingangstag(form.felder.get("stichtag", ""), heute)
        stammdaten = stamm[0][1] if stamm else None
        von = hand(anfrage.user, jetzt())
        return await self._arbeiten(
            lambda: als_json(auftraege.eingang(self._e.ablage, dateien, stammdaten, (stichtag, heute), von))
        )

    async def pruefen(self, anfrage: Request) -> Response:
        """Check files; nothing is kept."""
        form = await self._formular(anfrage, "dateien")
        dateien, stichtag = form.dateien["dateien"], auftraege.tag(form.felder.get("stichtag", ""), self._heute())
        return await self._arbeiten(lambda: als_json(auftraege.pruefen(self._e.ablage, dateien, stichtag)))

    async def _formular(self, anfrage: Request, *felder: str) -> Formulardaten:
        """Return files and entries. Raises: Abweisung: 400: a field that there is not, or no file."""
        form = await self._rumpf(anfrage, self._e.bytes).formular(self._e.dateien)
        if set(form.dateien) - set(felder) or set(form.felder) - {"stichtag"}:
            raise Abweisung(400, "Die Anfrage hat ein Feld, das es nicht gibt. Laden Sie den Aufgabenbereich neu.")
        if "dateien" not in form.dateien:
            raise Abweisung(400, "Es kam keine Datei an. Ziehen Sie die Formulare in das Feld.")
        return form

    async def tafel(self, anfrage: Request) -> Response:
        """Return the board of the working folder."""
        heute = self._heute()
        uhr = Uhr(auftraege.tag(anfrage.query_params.get("stichtag", ""), heute), heute)
        return await self._arbeiten(lambda: als_json(auftraege.stand(self._e.ablage, uhr)))

    async def master(self, _: Request) -> Response:
        """Return the Master of the working folder."""
        return datei(await anyio.to_thread.run_sync(auftraege.master, self._e.ablage), "Master.xlsx")

    async def einreichung(self, anfrage: Request) -> Response:
        """Return an archived form."""
        name, daten = await anyio.to_thread.run_sync(auftraege.einreichung, self._e.ablage, anfrage.path_params["rest"])
        return datei(daten, name)

    # --- shared -----------------------------------------------------------------------------
    def _rumpf(self, anfrage: Request, hoechstens: int) -> Rumpf:
        return Rumpf(anfrage, hoechstens, self._e.sekunden)

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
