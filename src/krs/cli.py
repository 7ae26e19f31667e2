"""The command line: it collects arguments, calls ablauf, shows the result (design 4.1). No logic lives here."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from krs.ablauf import Konsolidiert
    from krs.formulare.befund import Befund

FERTIG, MIT_FEHLERN, NICHT_GETAN = 0, 1, 2
_WORTE = {
    "Usage:": "Aufruf:",
    "Options:": "Optionen:",
    "Commands:": "Befehle:",
    "Arguments:": "Argumente:",
    "[OPTIONS]": "[OPTIONEN]",
    "COMMAND [ARGS]...": "BEFEHL …",
    "Show this message and exit.": "Diese Hilfe zeigen.",
    "[required]": "[nötig]",
    "[default: ": "[Vorgabe: ",
}


def _deutsch(hilfe: str) -> str:
    for englisch, deutsch in _WORTE.items():
        hilfe = hilfe.replace(englisch, deutsch)
    return hilfe


class _Gruppe(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _deutsch(super().get_help(ctx))


class _Befehl(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return _deutsch(super().get_help(ctx))


app = typer.Typer(
    cls=_Gruppe,
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Formulare, Prüfung, Beiträge und Master zum Kreisschreiben Integration (start.integration).",
    epilog="Anleitung: docs/handbuch. Jeder Befehl erklärt sich mit --help.",
)
befehl = app.command


def _tag(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"«{text}» ist kein Datum. Schreiben Sie es als JJJJ-MM-TT, zum Beispiel 2024-07-31."
        ) from None


AblagePfad = Annotated[Path, typer.Argument(metavar="ABLAGE", help="Arbeitsordner mit Stammdaten.xlsx")]
Stichtag = Annotated[
    str, typer.Option("--stichtag", metavar="JJJJ-MM-TT", help="Stand an diesem Tag", show_default="heute")
]


@befehl(cls=_Befehl)
def neu(ablage: Annotated[Path, typer.Argument(metavar="ABLAGE", help="neuer oder leerer Ordner")]) -> None:
    """Legt einen Arbeitsordner an, mit Stammdaten aller Solothurner Gemeinden."""
    from krs import ablauf

    ordner = ablauf.neu(ablage)
    _sage(f"Die Ablage liegt in {ordner.pfad}.")
    _sage(f"Nächster Schritt: Tragen Sie in {ordner.stammdaten.name} ein, welche Gemeinden beteiligt sind.")


@befehl(cls=_Befehl)
def vorlagen(
    ablage: AblagePfad,
    periode: Annotated[str, typer.Option(metavar="JJJJ-H1", help="Anhang 2 für dieses Halbjahr, z. B. 2024-H1")] = "",
    jahr: Annotated[str, typer.Option(metavar="JJJJ", help="Anhang 3 für dieses Jahr, z. B. 2024")] = "",
) -> None:
    """Schreibt die Formulare für alle beteiligten Gemeinden, eine Datei je Gemeinde."""
    from krs import ablauf

    if bool(periode) == bool(jahr):
        raise typer.BadParameter("Nennen Sie entweder --periode 2024-H1 (Anhang 2) oder --jahr 2024 (Anhang 3).")
    if periode and "-" not in periode:
        raise typer.BadParameter(f"«{periode}» ist kein Halbjahr. Schreiben Sie es als 2024-H1 oder 2024-H2.")
    if jahr and not jahr.isdigit():
        raise typer.BadParameter(f"«{jahr}» ist kein Jahr. Schreiben Sie es als 2024.")
    ergebnis = ablauf.vorlagen(ablage, periode or jahr, _fortschritt)
    _zeige_befunde(ergebnis.befunde)
    _sage(f"{ergebnis.geschrieben} Vorlagen geschrieben in {ergebnis.ordner}.")
    for pfad in ergebnis.belassen:
        _sage(f"Nicht überschrieben, weil schon ausgefüllt: {pfad.name}")


@befehl(cls=_Befehl)
def pruefen(
    dateien: Annotated[list[Path], typer.Argument(metavar="DATEI…", help="Formulare oder Ordner")],
    json: Annotated[bool, typer.Option("--json", help="Befunde als JSON ausgeben")] = False,
    ablage: Annotated[Path | None, typer.Option(metavar="ABLAGE", help="auch gegen diese Stammdaten prüfen")] = None,
    stichtag: Stichtag = "",
) -> None:
    """Prüft Formulare Zelle für Zelle und sagt, was zu tun ist. Schreibt nichts."""
    from krs import ablauf

    befunde = ablauf.pruefen(dateien, ablage, _tag(stichtag) if stichtag else date.today())  # noqa: DTZ011 the user's day
    if json:
        sys.stdout.write(ablauf.als_json(befunde) + "\n")
    else:
        _zeige_befunde(befunde)
        zahl = ablauf.stufen(befunde)
        text = f"{zahl['Fehler']} Fehler, {zahl['Rückfrage']} Rückfragen, {zahl['Hinweis']} Hinweise."
        _sage(text if befunde else "Keine Befunde: Das Formular ist in Ordnung.")
    if any(b.stufe == "Fehler" for b in befunde):
        raise typer.Exit(MIT_FEHLERN)


@befehl(cls=_Befehl)
def konsolidieren(ablage: AblagePfad, stichtag: Stichtag = "") -> None:
    """Liest den Eingang, archiviert, prüft, rechnet und baut Master.xlsx."""
    from krs import ablauf

    ergebnis = ablauf.konsolidieren(ablage, _tag(stichtag) if stichtag else date.today(), _fortschritt)  # noqa: DTZ011 the user's day
    zeige_konsolidiert(ergebnis)
    if ergebnis.hat_fehler:
        raise typer.Exit(MIT_FEHLERN)


@befehl(cls=_Befehl)
def erklaere(code: Annotated[str, typer.Argument(metavar="CODE", help="zum Beispiel A2-07")]) -> None:
    """Erklärt eine Regel: was, warum, Ziffer, Beispiel."""
    from krs.formulare.erklaeren import erklaere as text

    _sage(text(code))


@befehl(cls=_Befehl)
def demo(
    ordner: Annotated[
        Path, typer.Argument(metavar="ORDNER", help="wohin; ein früherer Demo-Ordner wird ersetzt")
    ] = Path("Demo"),
) -> None:
    """Zeigt ein ganzes Halbjahr an Beispieldaten: Formulare, Eingang, Prüfung, Master."""
    from krs import demo as vorfuehrung

    zeige_konsolidiert(vorfuehrung.vorfuehren(ordner, _fortschritt))


def zeige_konsolidiert(ergebnis: Konsolidiert) -> None:
    """Print what came in, what is wrong, what is owed, and where to look."""
    from krs import anzeige

    _zeige_befunde(ergebnis.stammdaten_befunde)
    for zeile in anzeige.zusammenfassung(ergebnis):
        _sage(zeile)


def _zeige_befunde(befunde: Iterable[Befund]) -> None:
    datei = None
    for b in befunde:
        if b.datei != datei:
            datei = b.datei
            _sage(f"{datei}")
        _sage(f"  {b.stufe}: {b.meldung}")


def _sage(text: str) -> None:
    typer.echo(text)


def _fortschritt(dateien: Iterable[Path], anzahl: int, text: str) -> Iterable[Path]:
    """Show a progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty() or anzahl < 20:
        return dateien
    from rich.console import Console
    from rich.progress import track

    return track(dateien, text, total=anzahl, console=Console(stderr=True), transient=True)


def main() -> None:
    """Run the command line; the exit code is that of design 4.1, and no traceback reaches a user."""
    for strom in (sys.stdout, sys.stderr):
        if hasattr(strom, "reconfigure"):
            strom.reconfigure(encoding="utf-8", errors="replace")
    gc.set_threshold(100_000, 50, 50)  # a run makes many small objects and few cycles: a tenth of its time
    sys.exit(laufen(app, sys.argv[1:]))


def laufen(befehle: Callable[..., Any], argumente: list[str]) -> int:
    """Run one call and return its exit code."""
    try:
        ergebnis = befehle(args=argumente, prog_name="krs", standalone_mode=False)
        return ergebnis if isinstance(ergebnis, int) else FERTIG
    except typer.Exit as ende:
        return ende.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _nicht_getan("Abgebrochen. Es ist nichts halb geschrieben; der Befehl kann wiederholt werden.")
    except BrokenPipeError:
        sys.stderr.close()
        return FERTIG
    except Exception as fehler:  # noqa: BLE001 the last line of defence: no traceback reaches a user
        return _nicht_getan(_satz(fehler))


def _nicht_getan(satz: str) -> int:
    typer.echo(satz, err=True)
    return NICHT_GETAN


def _satz(fehler: Exception) -> str:
    """Return one German sentence for whatever went wrong."""
    art = type(fehler).__name__
    if art == "AblageFehler" or (isinstance(fehler, ValueError) and str(fehler).endswith(".")):
        return str(fehler)
    if art == "BadParameter":
        return str(getattr(fehler, "message", fehler))
    if art == "NoArgsIsHelpError":
        return _deutsch(str(getattr(fehler, "message", "")))
    if art in ("NoSuchOption", "NoSuchCommand", "UsageError", "MissingParameter", "BadOptionUsage", "BadArgumentUsage"):
        ctx = getattr(fehler, "ctx", None)
        pfad = ctx.command_path if ctx is not None else "krs"
        return f"Der Aufruf ist nicht richtig ({_was(fehler)}). «{pfad} --help» zeigt, was möglich ist."
    return (
        f"Das hat nicht geklappt, der Fehler liegt im Programm ({art}: {fehler}). Es ist nichts halb geschrieben. "
        "Melden Sie den Fehler mit diesem Satz der Informatik."
    )


def _was(fehler: Exception) -> str:
    name = getattr(fehler, "option_name", "")
    if name:
        return f"die Option {name} gibt es so nicht"
    parameter = getattr(fehler, "param", None)
    if parameter is not None:
        return f"{parameter.metavar or parameter.name} fehlt"
    return "unbekannter Befehl oder zu viele Angaben"


if __name__ == "__main__":
    main()
