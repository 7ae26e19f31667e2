"""Commands for forms: out, in, checked, consolidated, answered. No logic lives here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from krs.cli.rahmen import (
    MIT_FEHLERN,
    AblagePfad,
    Stichtag,
    befehl,
    fortschritt,
    hand,
    tag,
    zeige_befunde,
    zeige_stammdaten,
    zeit_,
)
from krs.cli.schirm import breite, sage

if TYPE_CHECKING:
    from krs.ablauf import Konsolidiert


@befehl("Ablage")
def neu(
    ablage: Annotated[Path, typer.Argument(metavar="ABLAGE", help="neuer oder leerer Ordner", readable=False)],
) -> None:
    """Legt einen Arbeitsordner an.

    Stammdaten.xlsx nennt dann alle Solothurner Gemeinden; tragen Sie ein, welche beteiligt sind.
    """
    from krs import ablauf

    ordner = ablauf.neu(ablage)
    sage(f"Die Ablage liegt in {ordner.pfad}.")
    sage(f"Nächster Schritt: Tragen Sie in {ordner.stammdaten.name} ein, welche Gemeinden beteiligt sind.")


@befehl("Formulare und Mails")
def vorlagen(
    ablage: AblagePfad,
    periode: Annotated[str, typer.Option(metavar="JJJJ-H1", help="Anhang 2 für dieses Halbjahr, z. B. 2024-H1")] = "",
    jahr: Annotated[str, typer.Option(metavar="JJJJ", help="Anhang 3 für dieses Jahr, z. B. 2024")] = "",
) -> None:
    """Schreibt die Formulare für die Gemeinden.

    Eine Datei je beteiligte Gemeinde. Was schon ausgefüllt ist, wird nicht überschrieben.
    """
    from krs import ablauf, saetze

    ergebnis = ablauf.vorlagen(ablage, zeit_(periode, jahr), fortschritt)
    zeige_stammdaten(ergebnis.befunde)
    sage(*saetze.vorlagen(ergebnis))
    if any(b.stufe == "Fehler" for b in ergebnis.befunde):
        raise typer.Exit(MIT_FEHLERN)


@befehl("Prüfen und zusammenführen")
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
    from krs import ablauf, saetze

    ergebnis = ablauf.pruefen(dateien, ablage, tag(stichtag), rueckmeldung)
    if json:
        sys.stdout.write(ablauf.als_json(ergebnis.befunde) + "\n")
    else:
        zeige_befunde(ergebnis.paare)
        if ergebnis.daneben or any(p.is_dir() for p in dateien):
            sage(*saetze.gelesen(ergebnis))
        sage(saetze.geprueft(ergebnis))
        for pfad in ergebnis.antworten:
            sage(f"Rückmeldung: {pfad}")
    if ergebnis.hat_fehler:
        raise typer.Exit(MIT_FEHLERN)


@befehl("Prüfen und zusammenführen")
def konsolidieren(
    ablage: AblagePfad,
    stichtag: Stichtag = "",
    alle: Annotated[bool, typer.Option("--alle", help="jede Gemeinde zeigen, nicht nur was zu tun ist")] = False,
) -> None:
    """Liest den Eingang und baut Master.xlsx.

    Archiviert, was kam, prüft es, rechnet die Ansprüche, zeigt, wer noch fehlt, und legt die Rückmeldungen an die
    Gemeinden bereit. Mit einem früheren Stichtag entsteht nur der Master jenes Tages.
    """
    from krs import ablauf

    ergebnis = ablauf.konsolidieren(ablage, tag(stichtag), fortschritt, tag(""), uhr_stimmt=bool(stichtag), hand=hand())
    zeige_konsolidiert(ergebnis, alle)
    if ergebnis.hat_fehler:
        raise typer.Exit(MIT_FEHLERN)


@befehl("Prüfen und zusammenführen")
def heute(
    ablage: AblagePfad,
    stichtag: Stichtag = "",
    alle: Annotated[bool, typer.Option("--alle", help="alles zeigen, nicht nur das Dringendste")] = False,
) -> None:
    """Sagt, was heute zu tun ist.

    Nach Art der Arbeit: zuordnen, entscheiden, senden, mahnen, vorbereiten, auszahlen, abschliessen; das Neueste und
    Grösste zuerst. Geschrieben wird nichts.
    """
    from krs.ablauf.heute import heute as faellig
    from krs.cli import anzeige_heute

    sage(*anzeige_heute.heute(faellig(ablage, tag(stichtag), fortschritt), alle))


@befehl("Formulare und Mails")
def mahnungen(
    ablage: AblagePfad,
    periode: Annotated[str, typer.Option(metavar="JJJJ-H1", help="Anhang 2 für dieses Halbjahr, z. B. 2024-H1")] = "",
    jahr: Annotated[str, typer.Option(metavar="JJJJ", help="Anhang 3 für dieses Jahr, z. B. 2024")] = "",
    stichtag: Stichtag = "",
    nachfrist: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="letzter Tag, den der Brief nennt")] = "",
    visum: Annotated[str, typer.Option(metavar="AB", help="wer die Nachfrist gewährt; bleibt stehen")] = "",
    offen: Annotated[bool, typer.Option("--offen", help="an unbeantwortete Rückmeldungen erinnern")] = False,
    tage: Annotated[int, typer.Option(metavar="ZAHL", help="mit --offen: so viele Tage ohne Antwort")] = 21,
    rechnungen: Annotated[bool, typer.Option("--rechnungen", help="überfällige Rechnungen mahnen")] = False,
) -> None:
    """Schreibt Mahnungen an alle, die noch etwas schulden.

    Es entstehen Entwürfe (.eml), die Sie in Outlook prüfen und senden. Wer früher schon gemahnt wurde, erhält die
    zweite Mahnung. Vor Ablauf der Frist wird niemand gemahnt. Eine Nachfrist steht danach in den Stammdaten, Blatt
    Fristen. Mit --offen entstehen stattdessen Erinnerungen an Rückmeldungen, die gesendet und nicht beantwortet sind,
    mit --rechnungen erste und zweite Mahnungen zu überfälligen Rechnungen, mit Zahlteil und ohne Zins.
    """
    from krs import ablauf
    from krs.ablauf.gesendet import offene
    from krs.ablauf.rechnungsmahnungen import mahne_rechnungen
    from krs.cli import anzeige
    from krs.cli.anzeige_geld import liste

    if rechnungen:
        sage(*liste(mahne_rechnungen(ablage, tag(stichtag)).liste()))
        return
    if offen:
        sage(*anzeige.offen(offene(ablage, tag(stichtag), tage, fortschritt, tag("")), tage))
        return
    zeit = zeit_(periode, jahr)
    bis = (tag(nachfrist), visum) if nachfrist else None
    ergebnis = ablauf.mahnen(ablage, zeit, tag(stichtag), bis, fortschritt, tag(""))
    zeige_stammdaten(ergebnis.befunde)
    sage(*anzeige.gemahnt(ergebnis, zeit))


@befehl("Formulare und Mails")
def gesendet(
    ablage: AblagePfad,
    dateien: Annotated[
        list[str] | None, typer.Argument(metavar="[DATEI…]", help="Entwürfe, die gesendet sind", show_default=False)
    ] = None,
    alle: Annotated[bool, typer.Option("--alle", help="alle Entwürfe, die daliegen")] = False,
) -> None:
    """Hält fest, welche Mailentwürfe gesendet sind.

    Sie kommen in den Ordner Rueckmeldungen/Gesendet und entstehen nicht wieder, ausser es gibt Neues zu sagen. Dasselbe
    bewirkt, wer einen Entwurf von Hand dorthin verschiebt. Ohne DATEI nennt der Befehl, was noch zu senden ist.
    """
    from krs.ablauf.gesendet import gesendet as festhalten
    from krs.cli import anzeige

    sage(*anzeige.gesendet(festhalten(ablage, dateien or (), tag(""), alle=alle)))


@befehl("Prüfen und zusammenführen")
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
    from krs import ablauf
    from krs.cli import anzeige

    ergebnis = ablauf.stichprobe(ablage, periode, (anzahl, seed, not gleich), tag(stichtag), fortschritt)
    zeige_stammdaten(ergebnis.befunde)
    sage(*anzeige.gezogen(ergebnis))


@befehl("Prüfen und zusammenführen")
def archiv(
    ablage: AblagePfad,
    was: Annotated[
        str,
        typer.Argument(
            metavar="liste|loeschen",
            help="was eingegangen ist, oder ein Original löschen",
            autocompletion=lambda: ["liste", "loeschen"],
        ),
    ],
    sha: Annotated[str, typer.Argument(metavar="SHA", help="SHA-256 der Datei, mindestens 8 Zeichen")] = "",
    grund: Annotated[str, typer.Option(metavar="TEXT", help="weshalb gelöscht wird; bleibt stehen")] = "",
    visum: Annotated[str, typer.Option(metavar="AB", help="wer löscht; bleibt stehen")] = "",
    trotzdem: Annotated[bool, typer.Option("--trotzdem", help="auch, was noch nicht bezahlt ist")] = False,
    aelter_als: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="alle, die vorher eingingen")] = "",
    endgueltig: Annotated[
        bool, typer.Option("--endgueltig", help="mit --aelter-als: löschen, nicht nur zeigen")
    ] = False,
    stichtag: Stichtag = "",
) -> None:
    """Zeigt das Archiv oder löscht Originale daraus.

    «liste» nennt, was bis zum Stichtag einging. «loeschen» entfernt ein Original endgültig, zum Beispiel wenn es
    Angaben zu Personen enthält; Prüfsumme, Grund und Visum bleiben. Das Formular zählt weiterhin als eingegangen, und
    was bezahlt ist, bleibt bezahlt. «loeschen --aelter-als» zeigt, was länger als zehn Jahre da ist, und löscht es mit
    --endgueltig; was ein Lauf oder ein Entscheid noch braucht, bleibt.
    """
    from krs import ablauf
    from krs.cli import anzeige

    if was not in ("liste", "loeschen") or (was == "loeschen") is (bool(sha) is bool(aelter_als)):
        raise typer.BadParameter(
            "Nennen Sie «liste», «loeschen SHA --grund TEXT --visum AB» oder «loeschen --aelter-als JJJJ-MM-TT»."
        )
    heute = tag(stichtag)
    if was == "liste":
        sage(*anzeige.archiv(*ablauf.archiv_liste(ablage, heute)))
    elif aelter_als:
        vor = tag(aelter_als)
        b = ablauf.archiv_bereinigen(ablage, vor, heute, grund, visum, hand(), endgueltig=endgueltig)
        sage(*anzeige.bereinigt(b, vor))
    else:
        sage(*anzeige.geloescht(ablauf.archiv_loeschen(ablage, sha, heute, grund, visum, hand(), trotzdem=trotzdem)))


@befehl("Auskunft")
def erklaere(code: Annotated[str, typer.Argument(metavar="CODE", help="zum Beispiel A2-07")]) -> None:
    """Erklärt eine Regel: was, warum, Ziffer."""
    from krs.formulare.erklaeren import BREITE
    from krs.formulare.erklaeren import erklaere as text

    sage(text(code, min(breite() or BREITE, BREITE)))


@befehl("Ablage")
def demo(
    ordner: Annotated[
        Path, typer.Argument(metavar="ORDNER", help="wohin; ein früherer Demo-Ordner wird ersetzt", readable=False)
    ] = Path("Demo"),
) -> None:
    """Zeigt alles an Beispieldaten.

    Ein ganzes Halbjahr: Formulare gehen hinaus, kommen zurück wie im Leben, werden geprüft; am Ende steht der Master.
    """
    from krs import demo as vorfuehrung
    from krs.cli import anzeige_geld

    ergebnis = vorfuehrung.vorfuehren(ordner, fortschritt)
    zeige_konsolidiert(ergebnis.konsolidiert)
    sage("")
    sage(*anzeige_geld.stand(ergebnis.lauf))
    sage("Der erste Lauf liegt daneben; beide sind übergeben, siehe Uebergaben.")
    sage("Mahnungen: Rueckmeldungen/Mahnungen. Stichprobe: Stichproben.")
    aufruf, ort = os.environ.get("KRS_AUFRUF", "krs"), f'"{ordner}"' if " " in str(ordner) else str(ordner)
    sage("Nächster Schritt, warum sich Beträge geändert haben:")
    sage(f"  {aufruf} vergleich {ort} 2024-03 2024-09")


def zeige_konsolidiert(ergebnis: Konsolidiert, alle: bool = False) -> None:
    """Print what came in, what is wrong, what is owed, and where to look."""
    from krs.cli import anzeige

    zeige_stammdaten(ergebnis.stammdaten_befunde)
    sage(*anzeige.zusammenfassung(ergebnis, alle))
