"""Anhang 3, Selbstdeklaration: the typed form (Ziff. 3.2, 3.4, 4.2, 5.2); its rules are in regeln_anhang3.py."""

from __future__ import annotations

from krs.formulare.typen import Anteil, Anzahl, Datum, EMail, JaNein, Modell, Text, Zahl


class Leistungsvertrag(Modell):
    """One row of the list `leistungsvertraege`; betrag in CHF."""

    organisation: Text = None
    angebot: Text = None
    betrag: Zahl = None


class Anhang3(Modell):
    """All fields of both versions."""

    gemeinde: Text = None
    bfs_nr: Anzahl = None
    jahr: Anzahl = None
    auslaender_anzahl: Zahl = None
    kontakt_name: Text = None
    kontakt_funktion: Text = None
    kontakt_email: EMail = None
    kontakt_telefon: Text = None
    datum: Datum = None
    bedingung_organisation: JaNein = None
    bedingung_beauftragte: JaNein = None
    bedingung_umsetzung: JaNein = None
    beauftragte_name: Text = None
    beauftragte_email: EMail = None
    beauftragte_telefon: Text = None
    beauftragte_pensum: Anteil = None
    koordination_name: Text = None
    koordination_email: EMail = None
    koordination_telefon: Text = None
    leitgemeinde_modell: JaNein = None
    leitgemeinde_bfs: Anzahl = None
    leitgemeinde_vertrag: Datum = None
    aufgabe_1: Text = None
    aufgabe_2: Text = None
    aufgabe_3: Text = None
    aufgabe_4: Text = None
    aufgabe_5: Text = None
    aufgabe_6: Text = None
    aufgabe_1_text: Text = None
    aufgabe_2_text: Text = None
    aufgabe_3_text: Text = None
    aufgabe_4_text: Text = None
    aufgabe_5_text: Text = None
    aufgabe_6_text: Text = None
    sozialregion_delegation: Text = None
    leistungsvertraege: tuple[Leistungsvertrag, ...] = ()
    kurse_besucht: JaNein = None
    vernetzung_besucht: JaNein = None
    aufwand_stunden: Zahl = None
    aufwand_franken: Zahl = None
    wirkung: Text = None
    schwierigkeiten: Text = None
    bedarf: Text = None
    bemerkungen: Text = None
    bestaetigung: JaNein = None
