"""Commands that note in Stammdaten.xlsx what a person orders. No logic lives here."""

from __future__ import annotations

from typing import Annotated

import typer

from krs.cli import anzeige_anordnung as anzeige
from krs.cli.rahmen import AblagePfad, Stichtag, befehl, tag, vergangen
from krs.cli.schirm import sage

Visum = Annotated[str, typer.Option("--visum", metavar="AB", help="Ihr Kürzel; bleibt stehen")]


@befehl("Entscheiden")
def entscheid(
    ablage: AblagePfad,
    gemeinde: Annotated[str, typer.Argument(metavar="BFS", help="BFS-Nr. oder Name der Gemeinde")],
    periode: Annotated[str, typer.Argument(metavar="ZEIT", help="2024-H1 (Anhang 2) oder 2024 (Anhang 3)")],
    angaben: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CODE|ENTSCHEID",
            help="Codes der Befunde, keiner für das ganze Formular; anerkennen, kürzen, zurückstellen oder ablehnen",
        ),
    ] = None,
    begruendung: Annotated[str, typer.Option(metavar="TEXT", help="weshalb; geht an die Gemeinde")] = "",
    visum: Visum = "",
    sha: Annotated[str, typer.Option(metavar="SHA", help="nur für diese Datei, mindestens 8 Zeichen")] = "",
    leistung: Annotated[str, typer.Option(metavar="LEISTUNG", help="was gekürzt wird, zum Beispiel Erst")] = "",
    anzahl: Annotated[int | None, typer.Option(metavar="ZAHL", help="auf wie viele gekürzt wird")] = None,
    zurueck: Annotated[bool, typer.Option("--zurueck", help="den letzten Entscheid zurücknehmen")] = False,
    stichtag: Stichtag = "",
) -> None:
    """Entscheidet über Befunde oder ein Formular.

    Zum Beispiel: krs entscheid Ablage Egerkingen 2024-H1 F-50 anerkennen --begruendung "Ferien" --visum AB. Die Zeile
    steht danach in den Stammdaten, Blatt Entscheide. «ablehnen» ohne Code schliesst auch ein Formular, das fehlt.
    """
    from krs.ablauf.entscheiden import Auftrag, entscheiden

    auftrag = Auftrag(gemeinde, periode, tuple(angaben or ()), begruendung, visum, sha, leistung, anzahl, zurueck)
    sage(*anzeige.entschieden(entscheiden(ablage, auftrag, vergangen(stichtag))))


@befehl("Entscheiden")
def frist(
    ablage: AblagePfad,
    gemeinden: Annotated[list[str], typer.Argument(metavar="BFS", help="BFS-Nr. oder Namen, oder «alle»")],
    zeit: Annotated[str, typer.Argument(metavar="ZEIT", help="2024-H1 (Anhang 2) oder 2024 (Anhang 3)")],
    bis: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="letzter Tag der neuen Frist")] = "",
    grund: Annotated[str, typer.Option(metavar="TEXT", help="weshalb; bleibt stehen")] = "",
    visum: Visum = "",
    zurueck: Annotated[bool, typer.Option("--zurueck", help="die letzte Erstreckung zurücknehmen")] = False,
    stichtag: Stichtag = "",
) -> None:
    """Erstreckt eine Eingabefrist.

    Zum Beispiel: krs frist Ablage Egerkingen 2024-H1 --bis 2024-08-31 --grund "Ferien" --visum AB. Bis dahin ist nichts
    verspätet, und niemand wird gemahnt.
    """
    from krs.ablauf.fristen import Auftrag, erstrecken

    auftrag = Auftrag(zeit, tuple(gemeinden), tag(bis) if bis else None, grund, visum, zurueck)
    sage(*anzeige.erstreckt(erstrecken(ablage, auftrag, vergangen(stichtag)), zurueck))


@befehl("Entscheiden")
def zuordnen(
    ablage: AblagePfad,
    sha: Annotated[str, typer.Argument(metavar="SHA", help="SHA-256 der Datei, mindestens 8 Zeichen")],
    gemeinde: Annotated[str, typer.Argument(metavar="BFS", help="BFS-Nr. oder Name der Gemeinde")] = "",
    formular: Annotated[str, typer.Option(metavar="NAME", help="«Anhang 2» oder «Anhang 3», falls bekannt")] = "",
    periode: Annotated[str, typer.Option(metavar="ZEIT", help="2024-H1 oder 2024, zusammen mit --formular")] = "",
    visum: Visum = "",
    zurueck: Annotated[bool, typer.Option("--zurueck", help="die Zuordnung zurücknehmen")] = False,
    stichtag: Stichtag = "",
) -> None:
    """Sagt, von wem oder für wann eine Datei ist.

    Die Zuordnung steht in den Stammdaten, Blatt Zuordnungen; vorher entsteht eine Sicherung. Danach geht eine
    Rückmeldung an die Gemeinde, und die Mahnung nennt die Datei; aus einer unlesbaren Datei wird nichts gezählt.
    Ein lesbares Formular auf der falschen Vorlage gilt danach für die genannte Periode, mit deren Frist.
    """
    from krs.ablauf.zuordnen import Auftrag
    from krs.ablauf.zuordnen import zuordnen as notieren

    if zurueck is bool(gemeinde):
        raise typer.BadParameter("Nennen Sie «SHA BFS --visum AB» oder «SHA --zurueck».")
    auftrag = Auftrag(sha, gemeinde, formular, periode, visum, zurueck)
    sage(*anzeige.zugeordnet(notieren(ablage, auftrag, vergangen(stichtag)), zurueck))


@befehl("Entscheiden")
def kontakte(
    ablage: AblagePfad,
    gemeinden: Annotated[
        list[str] | None, typer.Argument(metavar="BFS", help="BFS-Nr. oder Namen, oder «alle»; ohne: nur zeigen")
    ] = None,
    stichtag: Stichtag = "",
) -> None:
    """Übernimmt Kontakte aus der Selbstdeklaration.

    Ohne Gemeinde zeigt er, welche Angaben von den Stammdaten abweichen. Mit Gemeinde endet ihre Zeile im Blatt
    Gemeinden am Tag davor, und eine neue gilt ab heute; alles andere darin bleibt.
    """
    from krs.ablauf.kontakte import uebernehmen

    sage(*anzeige.kontakte(uebernehmen(ablage, tuple(gemeinden or ()), vergangen(stichtag))))


@befehl("Ablage")
def aktualisieren(ablage: AblagePfad, stichtag: Stichtag = "") -> None:
    """Ergänzt Stammdaten.xlsx um Neues und leere Zeilen.

    Blätter, Spalten und Einstellungen, die seit Version 0.4 dazukamen; dazu Zeilen für die Bestände und Ansätze, die
    noch fehlen. Alles andere bleibt. Gibt es nichts zu ergänzen, wird nichts geschrieben.
    """
    from krs.ablauf.aktualisieren import aktualisieren as ergaenzen

    sage(*anzeige.aktualisiert(ergaenzen(ablage, vergangen(stichtag))))
