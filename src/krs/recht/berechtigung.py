"""The conditions of Ziff. 4.2 and the tasks of Ziff. 3.2 as data; the checks are in krs.formulare."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Punkt:
    """One condition or task: its form field, its clause, a short label; `an_dritte` as in Ziff. 3.4.5."""

    feld: str
    ziffer: str
    text: str
    an_dritte: bool = False


BEDINGUNGEN: tuple[Punkt, ...] = (
    Punkt("bedingung_organisation", "4.2", "Die Leistungserbringung ist organisatorisch geregelt."),
    Punkt("bedingung_beauftragte", "4.2", "Ein/e Integrationsbeauftragte/r ist bezeichnet und beauftragt."),
    Punkt("bedingung_umsetzung", "4.2", "Die Gemeinde setzt die Aufgaben von start.integration um."),
)

AUFGABEN: tuple[Punkt, ...] = (
    Punkt("aufgabe_1", "3.2 Punkt 1", "Anlauf- und Koordinationsstelle für Integration"),
    Punkt("aufgabe_2", "3.2 Punkt 2", "Erstinformation der neu aus dem Ausland Zugezogenen"),
    Punkt("aufgabe_3", "3.2 Punkt 3", "Beratung der kommunalen und regionalen Regelstrukturen"),
    Punkt("aufgabe_4", "3.2 Punkt 4", "Angebote und Massnahmen zur sozialen Integration", an_dritte=True),
    Punkt("aufgabe_5", "3.2 Punkt 5", "Beratung von Personen und individuelle Integrationsmassnahmen"),
    Punkt("aufgabe_6", "3.2 Punkt 6", "Meldung an den Kanton, wenn die Integration nicht gelingt"),
)
