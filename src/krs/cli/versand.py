"""Commands for what goes out before forms come in: mails to come, distribution lists. No logic lives here."""

from __future__ import annotations

from typing import Annotated

import typer

from krs.cli.rahmen import AblagePfad, Stichtag, befehl, fortschritt, tag, vergangen, zeige_stammdaten, zeit_
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


@befehl("Formulare und Mails")
def versand(
    ablage: AblagePfad,
    periode: Annotated[str, typer.Option(metavar="JJJJ-H1", help="Anhang 2 für dieses Halbjahr, z. B. 2024-H1")] = "",
    jahr: Annotated[str, typer.Option(metavar="JJJJ", help="Anhang 3 für dieses Jahr, z. B. 2024")] = "",
    einladung: Annotated[bool, typer.Option("--einladung", help="Mails mit den Vorlagen und der Frist")] = False,
    erinnerung: Annotated[bool, typer.Option("--erinnerung", help="vor der Frist, an alle, die noch fehlen")] = False,
    quittung: Annotated[bool, typer.Option("--quittung", help="für jedes angenommene Formular")] = False,
    trotzdem: Annotated[bool, typer.Option("--trotzdem", help="auch wenn Ansätze oder Bestände fehlen")] = False,
    stichtag: Stichtag = "",
) -> None:
    """Schreibt Einladungen, Erinnerungen, Quittungen.

    Im Winter gehen Anhang 2 und 3 zusammen: --periode 2023-H2 --jahr 2024. Je Koordinationsstelle entsteht ein Entwurf
    (.eml), den Sie in Outlook prüfen und senden; was gesendet ist, entsteht nicht noch einmal.
    """
    from krs.ablauf.gemeinsam import Uhr
    from krs.ablauf.versand import Art, versenden
    from krs.cli import anzeige_versand

    zeiten = [*([zeit_(periode, "")] if periode else []), *([zeit_("", jahr)] if jahr else [])]
    arten = [art for art, ja in zip(Art, (einladung, erinnerung, quittung), strict=True) if ja]
    if not zeiten or len(arten) != 1:
        raise typer.BadParameter(
            "Nennen Sie --periode oder --jahr (oder beide) und eines von --einladung, --erinnerung, --quittung."
        )
    uhr = Uhr(vergangen(stichtag), tag(""))
    ergebnis = versenden(ablage, zeiten, arten[0], uhr, fortschritt, trotzdem=trotzdem)
    zeige_stammdaten(ergebnis.befunde)
    sage(*anzeige_versand.versandt(ergebnis, arten[0]))
