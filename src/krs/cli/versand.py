"""Commands for what goes out before forms come in: mails to come, distribution lists. No logic lives here."""

from __future__ import annotations

from typing import Annotated

import typer

from krs.cli.rahmen import AblagePfad, Stichtag, befehl, tag, zeige_stammdaten
from krs.cli.schirm import sage


@befehl("Formulare und Mails")
def verteiler(
    ablage: AblagePfad,
    liste: Annotated[str, typer.Argument(metavar="LISTE", help="Name oder ein eindeutiger Teil davon")] = "",
    stichtag: Stichtag = "",
) -> None:
    """Zeigt die Verteiler oder legt einen bereit.

    Jene des Kreisschreibens entstehen aus den Blättern Gemeinden und Sozialregionen, weitere aus dem Blatt Verteiler
    der Stammdaten. Mit LISTE entstehen eine Tabelle (.csv) und ein leerer Entwurf (.eml) mit allen Adressen im
    Blindkopie-Feld.
    """
    from krs.ablauf.verteiler import verteilen
    from krs.cli import anzeige_versand

    ergebnis = verteilen(ablage, liste, tag(stichtag))
    zeige_stammdaten(ergebnis.befunde)
    sage(*anzeige_versand.verteilt(ergebnis))
