"""What all commands share: the German frame around typer, arguments, output, exit codes (design 4.1)."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for plugins costs a tenth of the start-up

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from krs.formulare.befund import Befund
    from krs.stammdaten.stammdaten import Entscheid

FERTIG, MIT_FEHLERN, NICHT_GETAN = 0, 1, 2
ABGEBROCHEN = 130  # what newer typers make of Ctrl-C
_WORTE = (
    ("Usage:", "Aufruf:"),
    ("Options:", "Optionen:"),
    ("Commands:", "Befehle:"),
    ("Arguments:", "Argumente:"),
    (r"\[OPTIONS\]", "[OPTIONEN]"),
    (r"COMMAND \[ARGS\]\.\.\.", "BEFEHL …"),
    (r"Show this message and exit\.", "Diese Hilfe zeigen."),
    (r"\[required\]", "[nötig]"),
    (r"\[default: \(?([^)\]]*)\)?\]", r"[Vorgabe: \1]"),
    (r" <(?:path|str|list\[Path\])>", ""),  # Python's names of types help nobody
    (r"\{([^}]+)\}(?:\.\.\.)?", r"\1"),
)


def _deutsch(hilfe: str) -> str:
    for englisch, deutsch in _WORTE:
        hilfe = re.sub(englisch, deutsch, hilfe)
    return hilfe


class _Gruppe(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _deutsch(super().get_help(ctx))


class Befehl(TyperCommand):
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


def tag(text: str) -> date:
    """Return a day as typed, today for nothing."""
    if not text:
        return date.today()  # noqa: DTZ011 the user's day
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"«{text}» ist kein Datum. Schreiben Sie es als JJJJ-MM-TT, zum Beispiel 2024-07-31."
        ) from None


def zeit_(periode: str, jahr: str) -> str:
    """Return the half-year or the year, of which one must be given."""
    if bool(periode) == bool(jahr):
        raise typer.BadParameter("Nennen Sie entweder --periode 2024-H1 (Anhang 2) oder --jahr 2024 (Anhang 3).")
    if periode and "-" not in periode:
        raise typer.BadParameter(f"«{periode}» ist kein Halbjahr. Schreiben Sie es als 2024-H1 oder 2024-H2.")
    if jahr and not jahr.isdigit():
        raise typer.BadParameter(f"«{jahr}» ist kein Jahr. Schreiben Sie es als 2024.")
    return periode or jahr


# readable=False: else a folder without rights gets an English sentence before ours.
AblagePfad = Annotated[Path, typer.Argument(metavar="ABLAGE", help="Arbeitsordner mit Stammdaten.xlsx", readable=False)]
Stichtag = Annotated[
    str, typer.Option("--stichtag", metavar="JJJJ-MM-TT", help="Stand an diesem Tag", show_default="heute")
]


def zeige_befunde(paare: Iterable[tuple[Befund, Entscheid | None]]) -> None:
    from krs.schreiben.rueckmeldung import entscheidtext

    datei = None
    for b, entscheid in paare:
        if b.datei != datei:
            datei = b.datei
            sage(f"{datei}")
        sage(f"  {b.stufe}: {b.meldung}")
        if entscheid:
            sage(f"    Entscheid: {entscheidtext(entscheid)}")


def zeige_stammdaten(befunde: Sequence[Befund]) -> None:
    from krs.formulare.befund import gruppiert

    zeige_befunde((b, None) for b in gruppiert(befunde))


def sage(text: str) -> None:
    typer.echo(text)


def fortschritt(dateien: Iterable[Path], anzahl: int, text: str) -> Iterable[Path]:
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
    gc.disable()  # a run is short, makes many small objects and no cycles: looking for them takes a tenth of its time
    sys.exit(laufen(app, sys.argv[1:]))


def laufen(befehle: Callable[..., Any], argumente: list[str]) -> int:
    """Run one call and return its exit code."""
    try:
        ergebnis = befehle(args=argumente, prog_name="krs", standalone_mode=False)
        if ergebnis == ABGEBROCHEN:
            raise KeyboardInterrupt
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
    if art == "BadParameter" and getattr(fehler, "param", None) is None:  # ours; with a parameter it is typer's
        return str(getattr(fehler, "message", fehler))
    if art == "NoArgsIsHelpError":
        return _deutsch(str(getattr(fehler, "message", "")))
    if hasattr(fehler, "ctx"):  # what typer says about a call, in English
        ctx = fehler.ctx
        pfad = ctx.command_path if ctx is not None else "krs"
        return f"Der Aufruf ist nicht richtig ({_was(art, fehler)}). «{pfad} --help» zeigt, was möglich ist."
    if isinstance(fehler, OSError):
        return f"«{fehler.filename}» ist nicht zugänglich (Fehler {fehler.errno} des Systems). Prüfen Sie den Pfad."
    return (
        f"Das hat nicht geklappt, der Fehler liegt im Programm ({art}: {fehler}). Es ist nichts halb geschrieben. "
        "Melden Sie den Fehler mit diesem Satz der Informatik."
    )


def _was(art: str, fehler: Any) -> str:
    name, parameter = getattr(fehler, "option_name", ""), getattr(fehler, "param", None)
    if art == "BadOptionUsage":
        return f"bei der Option {name} fehlt der Wert, oder einer ist zu viel"
    if name:
        return f"die Option {name} gibt es nicht"
    if parameter is not None:
        wo = parameter.opts[0] if parameter.opts[0].startswith("--") else parameter.metavar or parameter.name
        return f"bei {wo} steht keine ganze Zahl" if art == "BadParameter" else f"{wo} fehlt"
    return "unbekannter Befehl oder zu viele Angaben"
