"""The command line: it collects arguments, calls ablauf, shows the result (design 4.1). No logic lives here."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for plugins costs a tenth of the start-up

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from krs.ablauf import Konsolidiert
    from krs.formulare.befund import Befund
    from krs.formulare.stammdaten import Entscheid

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


def _zeit(periode: str, jahr: str) -> str:
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


@befehl(cls=_Befehl)
def neu(
    ablage: Annotated[Path, typer.Argument(metavar="ABLAGE", help="neuer oder leerer Ordner", readable=False)],
) -> None:
    """Legt einen Arbeitsordner an.

    Stammdaten.xlsx nennt dann alle Solothurner Gemeinden; tragen Sie ein, welche beteiligt sind.
    """
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
    """Schreibt die Formulare für die Gemeinden.

    Eine Datei je beteiligte Gemeinde. Was schon ausgefüllt ist, wird nicht überschrieben.
    """
    from krs import ablauf
    from krs.formulare.befund import mehrzahl

    ergebnis = ablauf.vorlagen(ablage, _zeit(periode, jahr), _fortschritt)
    _zeige_befunde((b, None) for b in ergebnis.befunde)
    _sage(f"{mehrzahl(ergebnis.geschrieben, 'Vorlage', 'Vorlagen')} geschrieben in {ergebnis.ordner}.")
    if ergebnis.unveraendert:
        _sage(f"Schon da und unverändert: {mehrzahl(ergebnis.unveraendert, 'Vorlage', 'Vorlagen')}.")
    for pfad in ergebnis.belassen:
        _sage(f"Nicht überschrieben, weil schon ausgefüllt: {pfad.name}")
    if any(b.stufe == "Fehler" for b in ergebnis.befunde):
        raise typer.Exit(MIT_FEHLERN)


@befehl(cls=_Befehl)
def pruefen(
    dateien: Annotated[list[Path], typer.Argument(metavar="DATEI…", help="Formulare oder Ordner", readable=False)],
    json: Annotated[bool, typer.Option("--json", help="Befunde als JSON ausgeben")] = False,
    ablage: Annotated[
        Path | None, typer.Option(metavar="ABLAGE", help="auch gegen diese Stammdaten prüfen", readable=False)
    ] = None,
    stichtag: Stichtag = "",
    rueckmeldung: Annotated[
        Path | None,
        typer.Option(metavar="ORDNER", help="die Formulare markiert und kommentiert hier ablegen", readable=False),
    ] = None,
) -> None:
    """Prüft einzelne Formulare.

    Sagt Zelle für Zelle, was gelesen wurde, was nicht stimmt und was zu tun ist. Archiviert nichts.
    """
    from krs import ablauf
    from krs.formulare.befund import mehrzahl

    ergebnis = ablauf.pruefen(dateien, ablage, _tag(stichtag), rueckmeldung)
    if json:
        sys.stdout.write(ablauf.als_json(ergebnis.befunde) + "\n")
    else:
        _zeige_befunde(ergebnis.paare)
        zahl = ablauf.stufen(ergebnis.befunde)
        rueckfragen = mehrzahl(zahl["Rückfrage"], "Rückfrage", "Rückfragen")
        text = f"{zahl['Fehler']} Fehler, {rueckfragen}, {mehrzahl(zahl['Hinweis'], 'Hinweis', 'Hinweise')}."
        if ergebnis.erledigt:
            text = f"{text[:-1]}; durch Entscheid erledigt: {ergebnis.erledigt}."
        _sage(text if ergebnis.befunde else "Keine Befunde: Es ist alles in Ordnung.")
        for pfad in ergebnis.antworten:
            _sage(f"Rückmeldung: {pfad}")
    if ergebnis.hat_fehler:
        raise typer.Exit(MIT_FEHLERN)


@befehl(cls=_Befehl)
def konsolidieren(
    ablage: AblagePfad,
    stichtag: Stichtag = "",
    alle: Annotated[bool, typer.Option("--alle", help="jede Gemeinde zeigen, nicht nur was zu tun ist")] = False,
) -> None:
    """Liest den Eingang und baut Master.xlsx.

    Archiviert jedes Formular, prüft es, rechnet die Ansprüche, zeigt, wer noch fehlt, und legt die Rückmeldungen
    an die Gemeinden bereit.
    """
    from krs import ablauf

    ergebnis = ablauf.konsolidieren(ablage, _tag(stichtag), _fortschritt)
    zeige_konsolidiert(ergebnis, alle)
    if ergebnis.hat_fehler:
        raise typer.Exit(MIT_FEHLERN)


@befehl(cls=_Befehl)
def mahnungen(
    ablage: AblagePfad,
    periode: Annotated[str, typer.Option(metavar="JJJJ-H1", help="Anhang 2 für dieses Halbjahr, z. B. 2024-H1")] = "",
    jahr: Annotated[str, typer.Option(metavar="JJJJ", help="Anhang 3 für dieses Jahr, z. B. 2024")] = "",
    stichtag: Stichtag = "",
    nachfrist: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="letzter Tag, den der Brief nennt")] = "",
) -> None:
    """Schreibt Mahnungen an alle, die noch etwas schulden.

    Es entstehen Entwürfe (.eml), die Sie in Outlook prüfen und senden. Wer früher schon gemahnt wurde, erhält die
    zweite Mahnung. Vor Ablauf der Frist wird niemand gemahnt.
    """
    from krs import ablauf, anzeige

    zeit = _zeit(periode, jahr)
    ergebnis = ablauf.mahnen(ablage, zeit, _tag(stichtag), _tag(nachfrist) if nachfrist else None, _fortschritt)
    _zeige_befunde((b, None) for b in ergebnis.befunde)
    for zeile in anzeige.gemahnt(ergebnis, zeit):
        _sage(zeile)


@befehl(cls=_Befehl)
def stichprobe(
    ablage: AblagePfad,
    periode: Annotated[str, typer.Option(metavar="JJJJ-H1", help="Halbjahr, z. B. 2024-H1")],
    anzahl: Annotated[int, typer.Option(metavar="ZAHL", help="wie viele Gemeinden")],
    seed: Annotated[int, typer.Option(metavar="ZAHL", help="Startzahl; dieselbe gibt dieselbe Stichprobe")],
    gleich: Annotated[bool, typer.Option("--gleich", help="alle gleich wahrscheinlich statt nach Betrag")] = False,
    stichtag: Stichtag = "",
) -> None:
    """Zieht eine Stichprobe und schreibt das Protokoll.

    Gezogen wird aus den Reportingformularen, die gelten; mit derselben Startzahl immer dieselben Gemeinden.
    """
    from krs import ablauf, anzeige

    ergebnis = ablauf.stichprobe(ablage, periode, (anzahl, seed, not gleich), _tag(stichtag), _fortschritt)
    _zeige_befunde((b, None) for b in ergebnis.befunde)
    for zeile in anzeige.gezogen(ergebnis):
        _sage(zeile)


@befehl(cls=_Befehl)
def archiv(
    ablage: AblagePfad,
    was: Annotated[
        str, typer.Argument(metavar="liste|loeschen", help="was eingegangen ist, oder ein Original löschen")
    ],
    sha: Annotated[str, typer.Argument(metavar="SHA", help="SHA-256 der Datei, mindestens 8 Zeichen")] = "",
    grund: Annotated[str, typer.Option(metavar="TEXT", help="weshalb gelöscht wird; bleibt stehen")] = "",
    visum: Annotated[str, typer.Option(metavar="AB", help="wer löscht; bleibt stehen")] = "",
    stichtag: Stichtag = "",
) -> None:
    """Zeigt das Archiv oder löscht ein Original daraus.

    «liste» nennt, was bis zum Stichtag einging. «loeschen» entfernt ein Original endgültig, zum Beispiel wenn es
    Angaben zu Personen enthält oder die Aufbewahrung abgelaufen ist; Prüfsumme, Grund und Visum bleiben.
    """
    from krs import ablauf, anzeige

    if was not in ("liste", "loeschen") or (was == "loeschen") is not bool(sha):
        raise typer.BadParameter("Nennen Sie «liste» oder «loeschen SHA --grund TEXT --visum AB».")
    if was == "liste":
        for zeile in anzeige.archiv(ablauf.archiv_liste(ablage, _tag(stichtag))):
            _sage(zeile)
        return
    for zeile in anzeige.geloescht(ablauf.archiv_loeschen(ablage, sha, _tag(stichtag), grund, visum)):
        _sage(zeile)


@befehl(cls=_Befehl)
def erklaere(code: Annotated[str, typer.Argument(metavar="CODE", help="zum Beispiel A2-07")]) -> None:
    """Erklärt eine Regel: was, warum, Ziffer."""
    from krs.formulare.erklaeren import erklaere as text

    _sage(text(code))


@befehl(cls=_Befehl)
def demo(
    ordner: Annotated[
        Path, typer.Argument(metavar="ORDNER", help="wohin; ein früherer Demo-Ordner wird ersetzt", readable=False)
    ] = Path("Demo"),
) -> None:
    """Zeigt alles an Beispieldaten.

    Ein ganzes Halbjahr: Formulare gehen hinaus, kommen zurück wie im Leben, werden geprüft; am Ende steht der Master.
    """
    from krs import demo as vorfuehrung

    zeige_konsolidiert(vorfuehrung.vorfuehren(ordner, _fortschritt))
    _sage("Mahnungen (erste und zweite): Ordner Rueckmeldungen/Mahnungen. Stichprobe 2024-H1: Ordner Stichproben.")


def zeige_konsolidiert(ergebnis: Konsolidiert, alle: bool = False) -> None:
    """Print what came in, what is wrong, what is owed, and where to look."""
    from krs import anzeige

    _zeige_befunde((b, None) for b in ergebnis.stammdaten_befunde)
    for zeile in anzeige.zusammenfassung(ergebnis, alle):
        _sage(zeile)


def _zeige_befunde(paare: Iterable[tuple[Befund, Entscheid | None]]) -> None:
    from krs.formulare.rueckmeldung import entscheidtext

    datei = None
    for b, entscheid in paare:
        if b.datei != datei:
            datei = b.datei
            _sage(f"{datei}")
        _sage(f"  {b.stufe}: {b.meldung}")
        if entscheid:
            _sage(f"    Entscheid: {entscheidtext(entscheid)}")


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


if __name__ == "__main__":
    main()
