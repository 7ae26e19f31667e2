"""What all commands share: the German frame around typer, arguments, output, exit codes (entwurf 4.1)."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for plugins costs a tenth of the start-up

import typer
from typer.core import TyperCommand, TyperGroup

import krs
from krs.cli.schirm import sage

if TYPE_CHECKING:
    from krs.ablage.eingangsjournal import Hand
    from krs.formulare.befund import Befund
    from krs.stammdaten.stammdaten import Entscheid

FERTIG, MIT_FEHLERN, NICHT_GETAN = 0, 1, 2
ABGEBROCHEN = 130  # what newer typers make of Ctrl-C
# The help names the commands by task, in this order.
GRUPPEN = (
    "Ablage",
    "Formulare und Mails",
    "Prüfen und zusammenführen",
    "Entscheiden",
    "Geld",
    "Auskunft",
    "Excel und Server",
)
_WORTE = (
    (r"\[required\]", "[nötig]"),
    (r"\[default: \(?([^)\]]*)\)?\]", r"[Vorgabe: \1]"),
    (r" <[^>]+>", ""),  # Python's names of types help nobody
    (r"\{([^}]+)\}(?:\.\.\.)?", r"\1"),
)


def _deutsch(hilfe: str) -> str:
    for englisch, deutsch in _WORTE:
        hilfe = re.sub(englisch, deutsch, hilfe)
    return hilfe


class _Deutsch:
    """A help in German, its columns aligned."""

    def parse_args(self: Any, ctx: Any, args: list[str]) -> Any:
        oben: Any = super()
        try:
            return oben.parse_args(ctx, args)
        except Exception as fehler:
            if hasattr(fehler, "option_name"):  # such a mistake does not know its command
                fehler.ctx = ctx  # type: ignore[attr-defined]
            raise

    def get_help_option(self: Any, ctx: Any) -> Any:
        oben: Any = super()
        if (option := oben.get_help_option(ctx)) is not None:
            option.help = "Diese Hilfe zeigen."
        return option

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        platz = ctx.terminal_width or max(get_terminal_size().columns - 2, 20)
        formatter.width = min(formatter.width, platz)  # click: never below 50
        angaben = _deutsch(" ".join(self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, angaben, prefix="Aufruf: ")

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        for titel, art in (("Argumente", "argument"), ("Optionen", "option")):
            zeilen = [p.get_help_record(ctx) for p in self.get_params(ctx) if p.param_type_name == art]
            if zeilen:
                with formatter.section(titel):
                    formatter.write_dl([(_deutsch(name), _deutsch(hilfe)) for name, hilfe in zeilen])


class Befehl(_Deutsch, TyperCommand):
    pass


class _Gruppe(_Deutsch, TyperGroup):
    def format_options(self, ctx: Any, formatter: Any) -> None:
        super().format_options(ctx, formatter)
        breit = max(map(len, self.commands))
        for gruppe in GRUPPEN:
            eigene = [(n, b) for n, b in self.commands.items() if getattr(b, "rich_help_panel", "") == gruppe]
            with formatter.section(gruppe):
                formatter.write_dl([(n.ljust(breit), (b.help or "").partition("\n")[0]) for n, b in eigene])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is called; «krs help lauf» is «krs lauf --help»."""
        if args[0] in ("help", "hilfe"):
            args = [*args[1:2], "--help"]
        if not (args[0] in self.commands or args[0].startswith("-") or ctx.resilient_parsing):
            raise typer.BadParameter(
                f"Den Befehl «{_kurz(args[0])}» gibt es nicht. {_rat('krs', args[0], self.commands)}"
            )
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Gruppe,
    rich_markup_mode=None,
    add_completion=False,  # its --install-completion writes into the user's profile; manual it.md
    no_args_is_help=True,
    options_metavar="[OPTIONEN]",
    subcommand_metavar="BEFEHL …",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Formulare, Prüfung, Beiträge und Master zum Kreisschreiben Integration (start.integration).",
    epilog="Anleitung: docs/handbuch. Jeder Befehl erklärt sich mit -h oder --help.",
)
_Funktion = TypeVar("_Funktion", bound=Callable[..., Any])


def befehl(gruppe: str) -> Callable[[_Funktion], _Funktion]:
    """Make a function a command, in one of the GRUPPEN of the help."""
    return app.command(cls=Befehl, rich_help_panel=gruppe, options_metavar="[OPTIONEN]")


def _version(gefragt: bool) -> None:
    if gefragt:
        sage(f"krs {krs.__version__}\nPython {sys.version.split()[0]}, {Path(krs.__file__).parent}")
        raise typer.Exit


@app.callback()
def _krs(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Version, Python und Ort zeigen.")
    ] = False,
) -> None:
    pass


def tag(text: str) -> date:
    """Return a day as typed, today for nothing."""
    if not text:
        return date.today()  # noqa: DTZ011 the user's day
    from krs.formulare.arten import ARTEN
    from krs.formulare.eingabe import Zelle

    gelesen: date = ARTEN["datum_iso"].aus(Zelle(wert=text))
    return gelesen


def vergangen(text: str) -> date:
    """Return a day as typed on which something is done, today for nothing; none to come (docs/entscheide/79)."""
    from krs.ablauf.gemeinsam import nicht_kuenftig

    gewaehlt = tag(text)
    if text:
        nicht_kuenftig(gewaehlt, hand(), "Der Stichtag")
    return gewaehlt


def hand() -> Hand:
    """Return who acts, and when really: the account of the system and its clock."""
    from krs.excel import anfrage

    return anfrage.hand(None, anfrage.jetzt())


def zeit_(periode: str, jahr: str) -> str:
    """Return the half-year or the year, of which one must be given."""
    if bool(periode) == bool(jahr):
        raise typer.BadParameter("Nennen Sie entweder --periode 2024-H1 (Anhang 2) oder --jahr 2024 (Anhang 3).")
    from krs.recht.zeit import Halbjahr, lies_jahr

    return str(Halbjahr.parse(periode) if periode else lies_jahr(jahr))


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


def fortschritt(dateien: Iterable[Path], anzahl: int, text: str) -> Iterable[Path]:
    """Show a progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty() or anzahl < 20:
        return dateien
    from rich.console import Console
    from rich.progress import track

    return track(dateien, text, total=anzahl, console=Console(stderr=True), transient=True)


def main() -> None:
    """Run the command line; the exit code is that of entwurf 4.1, and no traceback reaches a user."""
    for name in ("stdout", "stderr"):
        if (strom := getattr(sys, name)) is None:  # closed by the caller («>&-»)
            setattr(sys, name, strom := Path(os.devnull).open("w"))  # noqa: SIM115 stays open to the end
        if hasattr(strom, "reconfigure"):
            strom.reconfigure(encoding="utf-8", errors="replace")
    if os.environ.get("_KRS_COMPLETE"):  # the shell asks what may follow; the answer ends the program
        sys.exit(_ergaenzen(os.environ["_KRS_COMPLETE"]))
    gc.disable()  # a run is short, makes many small objects and no cycles: looking for them takes a tenth of its time
    sys.exit(laufen(app, sys.argv[1:]))


def _ergaenzen(auftrag: str) -> int:
    """Answer a shell; the answer ends the program unless the shell asked for something else."""
    from typer.completion import get_completion_inspect_parameters

    get_completion_inspect_parameters()  # makes the shells known, as add_completion would
    try:
        if re.fullmatch("(source|complete)_(bash|zsh|fish|powershell|pwsh)", auftrag):
            app(prog_name="krs")
    except (KeyError, ValueError):  # the shell did not say what was typed
        pass
    sage(f"«_KRS_COMPLETE={_kurz(auftrag)}» ist keine Frage einer Shell. Das Handbuch it.md zeigt sie.", fehler=True)
    return NICHT_GETAN


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
        satz = "Abgebrochen. Es ist nichts halb geschrieben; der Befehl kann wiederholt werden."
    except SystemExit:  # what typer makes of a pipe whose reader has gone
        return FERTIG
    except Exception as fehler:  # noqa: BLE001 the last line of defence: no traceback reaches a user
        satz = _satz(fehler)
    sage(satz, fehler=True)
    return NICHT_GETAN


def _satz(fehler: Exception) -> str:
    """Return one German sentence for whatever went wrong."""
    art = type(fehler).__name__
    if art == "AblageFehler" or (isinstance(fehler, ValueError) and str(fehler).endswith(".")):
        return str(fehler)
    unserer = art == "BadParameter" and getattr(fehler, "param", None) is None  # with a parameter it is typer's
    if unserer or art == "NoArgsIsHelpError":
        return str(getattr(fehler, "message", fehler))
    if hasattr(fehler, "ctx"):  # what typer says about a call, in English
        return _aufruf(art, fehler)
    if isinstance(fehler, OSError):
        if fehler.filename:
            from krs.ablage.ordner import satz

            return satz(fehler, fehler.filename, "gelesen")
        wo = "Ein Laufwerk oder eine Ausgabe ist voll oder nicht zugänglich"
        return f"{wo} (Fehler {fehler.errno} des Systems). Prüfen Sie den Pfad."
    return (
        f"Das hat nicht geklappt, der Fehler liegt im Programm ({art}: {fehler}). Es ist nichts halb geschrieben. "
        "Melden Sie den Fehler mit diesem Satz der Informatik."
    )


def _aufruf(art: str, fehler: Any) -> str:
    """Return what is wrong with a call, and the way on."""
    pfad = getattr(fehler.ctx, "command_path", "krs")
    name, parameter = getattr(fehler, "option_name", ""), getattr(fehler, "param", None)
    if art == "NoSuchOption":
        bekannte = [o for p in fehler.ctx.command.get_params(fehler.ctx) for o in p.opts if o.startswith("--")]
        return f"Die Option «{_kurz(name)}» gibt es nicht. {_rat(pfad, name, bekannte)}"
    if parameter is not None:
        wo = parameter.opts[0] if parameter.opts[0].startswith("--") else parameter.metavar or parameter.name
        was = f"bei {wo} steht keine ganze Zahl" if art == "BadParameter" else f"{wo} fehlt"
    elif name:
        was = f"bei der Option {name} fehlt der Wert, oder einer ist zu viel"
    else:
        zuviel = re.search(r" \((.*)\)$", str(getattr(fehler, "message", "")), re.DOTALL)
        was = (
            f"zu viel ist «{_kurz(zuviel[1])}»; ein Pfad mit Leerzeichen gehört in Anführungszeichen"
            if zuviel
            else "BEFEHL fehlt"
        )
    return f"Der Aufruf ist nicht richtig ({was}). «{pfad} --help» zeigt, was möglich ist."


def _kurz(getippt: str) -> str:
    return " ".join(getippt.split())[:60]


def _rat(pfad: str, getippt: str, vorhandene: Iterable[str]) -> str:
    """Return the nearest names, or where all of them stand."""
    alle = list(vorhandene)
    nahe = [n for n in alle if n.startswith(f"-{getippt}")]  # -stichtag is read as -s
    nahe = nahe or get_close_matches(getippt.lower(), alle)
    if nahe:
        return f"Meinten Sie {' oder '.join(f'«{n}»' for n in nahe)}?"
    return f"«{pfad} --help» zeigt, was möglich ist."
