"""Commands for money: runs, hand-over, Rückforderungen, credit, comparison, Anhang 1. No logic lives here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from krs.cli.rahmen import MIT_FEHLERN, AblagePfad, Stichtag, befehl, fortschritt, hand, tag, zeige_stammdaten
from krs.cli.schirm import sage

LaufName = Annotated[str, typer.Argument(metavar="LAUF", help="2024-03 (Ende März) oder 2024-09 (Ende September)")]


@befehl("Geld")
def lauf(
    ablage: AblagePfad,
    name: LaufName,
    datum: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="Tag des Laufs und der Rechnungen")] = "",
    valuta: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="Zahltag; sonst letzter Bankwerktag")] = "",
    vorbereiten: Annotated[bool, typer.Option("--vorbereiten", help="mit dem ersten Visum festhalten")] = False,
    freigeben: Annotated[bool, typer.Option("--freigeben", help="mit dem zweiten Visum freigeben")] = False,
    visum: Annotated[list[str] | None, typer.Option("--visum", metavar="AB", help="Ihr Kürzel")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="die Mitteilungen eines freigegebenen Laufs als PDF")] = False,
    nachzahlung: Annotated[
        bool, typer.Option("--nachzahlung", help="nach diesem Lauf erneut zahlen, was die Bank zurückwies")
    ] = False,
) -> None:
    """Rechnet einen Zahlungslauf oder gibt ihn frei.

    Ohne weitere Angaben entsteht nur eine Vorschau. Freigegeben wird, was eine andere Person vorbereitet hat; danach
    ändert sich der Lauf nie mehr. Beide Visa in einem Aufruf sind keine Kontrolle; «Vier Augen Pflicht» lehnt sie ab.
    """
    from krs.ablauf.laeufe import Auftrag, zahlungslauf
    from krs.ablauf.laufmails import mitteilungen_als_pdf
    from krs.cli import anzeige_geld as anzeige

    if pdf:
        ordner, anzahl, saetze = mitteilungen_als_pdf(ablage, name)
        sage(*saetze, f"{anzahl} PDF in {ordner}.")
        return

    auftrag = Auftrag(
        name, tag(datum) if datum else None, tag(valuta) if valuta else None, vorbereiten, freigeben,
        tuple(visum or ()), hand=hand(), nachzahlung=nachzahlung,
    )  # fmt: skip
    ergebnis = zahlungslauf(ablage, auftrag, tag(""), fortschritt)
    zeige_stammdaten(ergebnis.befunde)
    sage(*anzeige.zahlungslauf(ergebnis))
    if ergebnis.hindernisse:
        raise typer.Exit(MIT_FEHLERN)


@befehl("Geld")
def export(
    ablage: AblagePfad,
    name: LaufName,
    datum: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="Tag der Übergabe", show_default="heute")] = "",
    erneut: Annotated[bool, typer.Option("--erneut", help="ein weiteres Mal übergeben")] = False,
    grund: Annotated[
        str,
        typer.Option(metavar="TEXT", help="weshalb nochmals, oder weshalb Ausgeführtes zurückkam; wird festgehalten"),
    ] = "",
    nach: Annotated[
        str, typer.Option("--zuordnung", metavar="NAME", help="das Journal auch als «banana», «generisch» oder .toml")
    ] = "",
    antwort: Annotated[
        Path | None,
        typer.Option(metavar="DATEI", help="Antwort der Bank oder der Buchhaltung einlesen", readable=False),
    ] = None,
) -> None:
    """Übergibt einen Lauf an die Finanzen.

    Immer dieselben Dateien eines freigegebenen Laufs, mit derselben Kennung. Jede Übergabe wird festgehalten, eine
    zweite braucht einen Grund. Mit --zuordnung liegt das Journal auch so da, wie ein Buchhaltungsprogramm es einliest.
    Mit --antwort liest er, was Bank oder Buchhaltung antworten.
    """
    from krs.ablauf.uebergabe import antwort_einlesen, uebergeben
    from krs.cli import anzeige_geld as anzeige

    if antwort is not None:
        zeilen = anzeige.antwort(antwort_einlesen(ablage, name, antwort, tag(datum), grund, hand()))
    else:
        u = uebergeben(ablage, name, tag(datum), erneut=erneut, grund=grund, nach=nach, hand=hand())
        zeilen = anzeige.uebergabe(u)
    sage(*zeilen)


@befehl("Geld")
def rueckforderungen(
    ablage: AblagePfad,
    stichtag: Stichtag = "",
    kontoauszug: Annotated[
        Path | None,
        typer.Option(
            metavar="DATEI", help="camt.053 oder camt.054 der Bank mit den Rechnungen abgleichen", readable=False
        ),
    ] = None,
    uebernehmen: Annotated[
        bool, typer.Option("--uebernehmen", help="die Zahlungen in die Stammdaten eintragen")
    ] = False,
    visum: Annotated[str, typer.Option("--visum", metavar="AB", help="Ihr Kürzel; bleibt stehen")] = "",
) -> None:
    """Zeigt offene Rückforderungen und fällige Rechnungen.

    Mit --kontoauszug zeigt er, welche Rechnungen bezahlt sind; erst --uebernehmen trägt es in die Stammdaten ein.
    """
    from krs.ablauf.auskunft import rueckforderungen as auskunft
    from krs.ablauf.zahlungseingang import abgleichen
    from krs.cli import anzeige_geld as anzeige

    if kontoauszug is not None or uebernehmen:
        ergebnis = abgleichen(ablage, kontoauszug, tag(stichtag), visum if uebernehmen else None)
        sage(*anzeige.abgleich(ergebnis))
        return
    sage(*anzeige.liste(auskunft(ablage, tag(stichtag))))


@befehl("Geld")
def kredit(
    ablage: AblagePfad,
    jahr: Annotated[int, typer.Option(metavar="JJJJ", help="Kreditjahr")],
    ansatz: Annotated[
        list[str] | None, typer.Option("--ansatz", metavar="LEISTUNG=BETRAG", help="was wäre, wenn; mehrfach möglich")
    ] = None,
    stichtag: Stichtag = "",
) -> None:
    """Zeigt Kredit, Bezahltes, Zurückgestelltes und Rest.

    Mit --ansatz rechnet er, was andere Ansätze kosten würden, zum Beispiel --ansatz Sockelbeitrag=8.00.
    """
    from krs.ablauf.auskunft import kredit as auskunft
    from krs.cli import anzeige_geld as anzeige

    sage(*anzeige.kredit(auskunft(ablage, jahr, tuple(ansatz or ()), tag(stichtag))))


@befehl("Geld")
def abgrenzung(
    ablage: AblagePfad,
    jahr: Annotated[int, typer.Option(metavar="JJJJ", help="Rechnungsjahr, das zu Ende ist")],
    stichtag: Stichtag = "",
) -> None:
    """Schreibt die Abgrenzung eines Jahres für die Finanzen.

    Was am 31.12. geschuldet und nicht bezahlt war, Schätzungen eigens; offene Rechnungen; der Beleg des Restbetrags.
    """
    from krs.ablauf.auskunft import abgrenzung as schreiben
    from krs.cli import anzeige_geld as anzeige

    liste, ort = schreiben(ablage, jahr, tag(stichtag))
    sage(*anzeige.liste(liste), f"Abgrenzung: {ort}")


@befehl("Auskunft")
def vergleich(
    ablage: AblagePfad,
    lauf_a: Annotated[str, typer.Argument(metavar="LAUF_A", help="zum Beispiel 2024-03")],
    lauf_b: Annotated[str, typer.Argument(metavar="LAUF_B", help="ein späterer Lauf, oder «heute»")] = "heute",
    stichtag: Stichtag = "",
) -> None:
    """Erklärt, weshalb sich Beträge geändert haben.

    Zwischen zwei Läufen, oder zwischen einem Lauf und heute; bis zu Datei, Zelle, Ansatz oder Entscheid.
    """
    from krs.ablauf.auskunft import vergleich as auskunft

    sage(*auskunft(ablage, lauf_a, lauf_b, tag(stichtag)))


@befehl("Geld")
def anhang1(
    ablage: AblagePfad,
    jahr: Annotated[int, typer.Option(metavar="JJJJ", help="Beitragsjahr")],
    ohne_pdf: Annotated[bool, typer.Option("--ohne-pdf", help="kein PDF versuchen")] = False,
) -> None:
    """Schreibt Anhang 1 eines Jahres und die Mails dazu.

    Mit PDF, wo LibreOffice vorhanden ist.
    """
    from krs.ablauf.beitraege import anhang1 as schreiben
    from krs.saetze import anhang1 as saetze

    ergebnis = schreiben(ablage, jahr, mit_pdf=not ohne_pdf)
    zeige_stammdaten(ergebnis.befunde)
    sage(*saetze(ergebnis))
    if any(b.stufe == "Fehler" for b in ergebnis.befunde):
        raise typer.Exit(MIT_FEHLERN)


@befehl("Auskunft")
def jahresbericht(
    ablage: AblagePfad,
    jahr: Annotated[int, typer.Option(metavar="JJJJ", help="Berichtsjahr")],
    stichtag: Stichtag = "",
) -> None:
    """Schreibt den Bericht eines Jahres an die Gemeinden.

    Gespräche, Dolmetscheinsätze, Sprachen und Aufwand gegen die Pauschalen; kleine Anzahlen sind nicht genannt.
    """
    from krs.ablauf.auskunft import jahresbericht as schreiben

    ort, meldungen = schreiben(ablage, jahr, tag(stichtag))
    sage(*meldungen, f"Jahresbericht: {ort}")
