"""Commands of the add-in's server: start it, make and revoke tokens. No logic lives here."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from krs.cli.rahmen import befehl, tag
from krs.cli.schirm import sage

_FEHLT = (
    "Für «krs serve» fehlt der Zusatz krs[server]. Installieren Sie krs damit neu (Handbuch für die Informatik, "
    "Schritt 1), nie aus dem Internet; im Checkout bringt ihn «./run krs serve» mit."
)


@befehl("Excel und Server")
def serve(
    port: Annotated[
        int | None, typer.Option(metavar="ZAHL", help="Port, auf dem der Server wartet; sonst 8765")
    ] = None,
    ablage: Annotated[
        Path | None,
        typer.Option(metavar="ABLAGE", help="Arbeitsordner; ohne ihn wird nichts behalten", readable=False),
    ] = None,
    host: Annotated[str, typer.Option(metavar="NAME", help="Adresse, auf der er wartet; sonst 127.0.0.1")] = "",
    tokens: Annotated[
        Path | None, typer.Option(metavar="DATEI", help="Anmeldung mit Tokens aus «krs token»", readable=False)
    ] = None,
    entra_tenant: Annotated[str, typer.Option(metavar="KENNUNG", help="Mandant in Entra ID")] = "",
    entra_client: Annotated[str, typer.Option(metavar="KENNUNG", help="Anwendung in Entra ID")] = "",
    adresse: Annotated[str, typer.Option(metavar="https://…", help="unter welcher Adresse man ihn erreicht")] = "",
    arbeiter: Annotated[int | None, typer.Option(metavar="ZAHL", help="wie viele Prozesse antworten; sonst 1")] = None,
    proxy: Annotated[str, typer.Option(metavar="ADRESSE", help="Proxy, der sagt, woher eine Anfrage kommt")] = "",
    zertifikat: Annotated[
        Path | None, typer.Option(metavar="DATEI", help="Zertifikat für HTTPS ohne Proxy", readable=False)
    ] = None,
    schluessel: Annotated[
        Path | None, typer.Option(metavar="DATEI", help="Schlüssel zum Zertifikat", readable=False)
    ] = None,
) -> None:
    """Startet den Server für das Excel-Add-in.

    Ohne Anmeldung antwortet er nur auf diesem Computer. Jede Option gibt es auch als Variable der Umgebung, zum
    Beispiel KRS_ABLAGE oder KRS_ENTRA_TENANT. Beenden Sie ihn mit Ctrl-C.
    """
    genannt: dict[str, Any] = {k: v for k, v in locals().items() if v not in (None, "")}  # first: the options alone
    from krs.excel.server.einstellungen import aus_umgebung
    from krs.excel.server.start import vorhanden

    if not vorhanden():
        raise ValueError(_FEHLT)
    e = replace(aus_umgebung(os.environ), **genannt)
    e.pruefen()
    from krs.excel.server.projekt import lizenz, vorbereiten
    from krs.excel.server.start import pruefe

    vorbereiten()
    sage(*pruefe(e))
    if lizenz() == "noncommercial":
        sage("Lizenz von xlwings: noncommercial. Einen eigenen Schlüssel nennt die Variable XLWINGS_LICENSE_KEY.")
    sage(f"Aufgabenbereich: {e.ort}/taskpane.html")
    sage(f"Manifest: {e.ort}/manifest.xml")
    sage("Der Server läuft, bis Sie ihn mit Ctrl-C beenden.")
    from krs.excel.server.lauf import starten

    starten(e)
    sage("Der Server ist beendet.")


@befehl("Excel und Server")
def token(
    datei: Annotated[Path, typer.Option(metavar="DATEI", help="die Token-Datei; sie entsteht beim ersten Mal")],
    name: Annotated[str, typer.Option(metavar="NAME", help="wer das Token erhält")] = "",
    visum: Annotated[str, typer.Option(metavar="AB", help="das Kürzel der Person")] = "",
    rolle: Annotated[
        list[str] | None, typer.Option("--rolle", metavar="ROLLE", help="Erfassung oder Freigabe; mehrmals möglich")
    ] = None,
    gueltig_bis: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="letzter Tag, an dem es gilt")] = "",
    widerrufen: Annotated[str, typer.Option(metavar="AB", help="das Token dieses Visums sofort ungültig machen")] = "",
) -> None:
    """Macht oder widerruft ein Token für den Server.

    Das Token steht nur einmal auf dem Bildschirm; in der Datei bleibt seine Prüfsumme. Geben Sie es der Person auf
    sicherem Weg.
    """
    from krs.excel.server import tokendatei

    if datei.is_dir():
        raise typer.BadParameter(f"«{datei}» ist ein Ordner. Nennen Sie die Datei, zum Beispiel tokens.toml.")
    if widerrufen:
        if name or visum or rolle or gueltig_bis:
            raise typer.BadParameter("Nennen Sie neben --widerrufen nur --datei.")
        sage(f"Das Token von {tokendatei.widerrufen(datei, widerrufen)} ist widerrufen.")
        return
    if not (name and visum and rolle):
        raise typer.BadParameter("Nennen Sie --name, --visum und mindestens eine --rolle, oder --widerrufen VISUM.")
    neu = tokendatei.Eintrag(name, visum, tokendatei.rollen(rolle), "", tag(gueltig_bis) if gueltig_bis else None)
    sage(tokendatei.hinzufuegen(datei, neu))
    typer.echo(f"Token für {name}: Es steht nur hier. In {datei} bleibt seine Prüfsumme.", err=True)
