"""The typed rows of Stammdaten.xlsx: strict, frozen, each with the cells it was read from."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field, SkipValidation

from krs.formulare.eingabe import LEERE_ZELLE, Zelle
from krs.formulare.kontext import Grenzen
from krs.formulare.typen import Modell
from krs.recht import BestandZeile, GemeindeZeile, Halbjahr, Leistung, TarifZeile

T = TypeVar("T", BestandZeile, GemeindeZeile, TarifZeile)
Zellen = Annotated[tuple[tuple[str, Zelle], ...], SkipValidation, Field(repr=False)]


class Stammzeile(Modell):
    """Base of all rows; `zellen` holds (field, cell) so that a later message can name the cell."""

    zellen: Zellen = ()

    def zelle(self, feld: str) -> Zelle:
        """Return the cell of a field, an empty one where the row came from no workbook."""
        return next((z for k, z in self.zellen if k == feld), LEERE_ZELLE)

    def als(self, art: type[T]) -> T:
        """Return what the circular needs of the row: its fields of the same names."""
        return art(**{f.name: getattr(self, f.name) for f in fields(art)})


class Gemeinde(Stammzeile):
    """One stretch of a municipality's history, with contact, address and IBAN (empty text: not known)."""

    bfs_nr: int
    name: str
    bezirk: str = ""
    gueltig_ab: date | None = None
    gueltig_bis: date | None = None
    nachfolgerin: int | None = None
    beteiligt_ab: date | None = None
    beteiligt_bis: date | None = None
    leitgemeinde: int | None = None
    leitgemeinde_ab: date | None = None
    leitgemeinde_bis: date | None = None
    empfaenger: int | None = None
    iban: str = ""
    strasse: str = ""
    hausnummer: str = ""
    plz: int | None = None
    ort: str = ""
    beauftragte: str = ""
    email: str = ""
    koordinationsstelle: str = ""
    email_koordination: str = ""
    email_praesidium: str = ""
    email_finanzen: str = ""
    strategische_leitung: str = ""
    email_strategische_leitung: str = ""
    sozialregion: str = ""
    kreditor_nr: str = ""
    debitor_nr: str = ""
    kostenstelle: str = ""


class Bestandszeile(Stammzeile):
    """Foreign residents of one municipality on one Stichtag (Ziff. 4.3.2)."""

    bfs_nr: int
    gemeinde: str = ""
    stichtag: date
    anzahl: int
    quelle: str


class Tarifeintrag(Stammzeile):
    """A rate that adds to or overrides the table of the circular; no `ansatz` ends it (docs/entscheide/17)."""

    leistung: Annotated[Leistung, Field(strict=False)]
    ab: date
    ansatz: Decimal | None = None
    quelle: str


class Kredit(Stammzeile):
    """The credit of one year in CHF (Ziff. 4.3.4); closed from `abgeschlossen_am` on."""

    jahr: int
    kredit: Decimal
    abgeschlossen_am: date | None = None
    bemerkung: str = ""


class Rueckforderung(Stammzeile):
    """A clawback in CHF > 0 (Ziff. 4.7), decided by one person and released by another; before that it waits.

    `art`: a clawback (or nothing), more of one («Erhöhung»), or less («Erlass»): then `zu_nr` names it.
    """

    nr: str
    bfs_nr: int
    gemeinde: str = ""
    datum: date
    betrag: Decimal
    grund: str
    ziffer: str
    verfuegt_von: str
    freigegeben_von: str = ""
    bezahlt_am: date | None = None
    bezahlter_betrag: Decimal | None = None
    erneut_verrechnen: bool = False
    art: Literal["", "Forderung", "Erhöhung", "Erlass"] = ""
    zu_nr: str = ""
    beleg: str = ""


class Entscheid(Stammzeile):
    """An officer's decision on a submission (no `code`) or on one of its Befunde.

    `sha256`: the file that is meant, 8 hex digits or more of it. `kürzen` recognises `anerkannte_anzahl` of `leistung`.
    `uebernommen`: it was made about an earlier version and still holds; no column.
    """

    bfs_nr: int
    gemeinde: str = ""
    formular: Literal["Anhang 2", "Anhang 3"]
    periode: str
    code: str = ""
    sha256: str = ""
    entscheid: Literal["anerkennen", "kürzen", "zurückstellen", "ablehnen"]
    begruendung: str
    visum: str
    datum: date
    leistung: Annotated[Leistung | None, Field(strict=False)] = None
    anerkannte_anzahl: int | None = None
    uebernommen: bool = False


class Zuordnung(Stammzeile):
    """Whose file it is that could not be read; empty `formular` and `periode`: not known.

    `sha256`: 8 hex digits or more of it.
    """

    sha256: str
    bfs_nr: int
    formular: Literal["", "Anhang 2", "Anhang 3"] = ""
    periode: str = ""
    visum: str
    datum: date


class Frist(Stammzeile):
    """A deadline that the office extended: of one municipality, or of all (no `bfs_nr`); from `datum` on."""

    bfs_nr: int | None = None
    formular: Literal["Anhang 2", "Anhang 3"]
    periode: str
    neue_frist: date
    grund: str
    visum: str
    datum: date


class Sozialregion(Stammzeile):
    """A Sozialregion and who leads it (Ziff. 3.4.3)."""

    sozialregion: str
    leitung: str = ""
    email: str = ""


class Verteilerzeile(Stammzeile):
    """One address of a distribution list that the office keeps."""

    liste: str
    name: str = ""
    email: str


class Projektbewegung(Stammzeile):
    """One movement of the credit for projects in CHF > 0 (Ziff. 4.3.4); a Gutschrift is the surplus of `jahr`."""

    datum: date
    art: Literal["Anfangsbestand", "Gutschrift", "Zusicherung", "Auszahlung"]
    jahr: int | None = None
    betrag: Decimal
    projekt: str = ""
    beleg: str = ""


class Einstellungen(Stammzeile):
    """All settings with their defaults; `neuberechnung` holds (year, reason).

    `korrekturfrist_tage`, `gespraeche_je_100` and `vier_augen_pflicht` are None where the workbook has no such row: as
    krs 0.4 had it.
    """

    kanton_name: str = ""
    kanton_iban: str = ""
    kanton_strasse: str = ""
    kanton_hausnummer: str = ""
    kanton_plz: int | None = None
    kanton_ort: str = ""
    konto_aufwand: str = ""
    konto_verrechnung: str = ""
    gefuehrt_ab: Halbjahr | None = None
    neuberechnung: tuple[tuple[int, str], ...] = ()
    plausibilitaet_faktor: Decimal = Decimal(3)
    plausibilitaet_abstand: int = 20
    publikationsgrenze: int = 5
    mailserver: tuple[str, ...] = ()
    kontakt_name: str = ""
    kontakt_telefon: str = ""
    kontakt_email: str = ""
    korrekturfrist_tage: int | None = None
    erreichungsgrad: Decimal | None = None
    gespraeche_je_100: int | None = None
    konto_erst: str = ""
    konto_erst_dolmetsch: str = ""
    konto_integ: str = ""
    konto_integ_dolmetsch: str = ""
    konto_sockel: str = ""
    konto_rueckforderung: str = ""
    konto_debitoren: str = ""
    konto_kreditoren: str = ""
    konto_bank: str = ""
    konto_abgrenzung: str = ""
    vier_augen_pflicht: bool | None = None
    nachfassen_tage: int = 21

    @property
    def grenzen(self) -> Grenzen:
        """The limits as the rules take them."""
        vorperiode = self.plausibilitaet_faktor, self.plausibilitaet_abstand
        return Grenzen(*vorperiode, self.erreichungsgrad, self.gespraeche_je_100)

    def gefuehrt(self, periode: Halbjahr) -> bool:
        """Tell whether a half-year is settled here; earlier ones are shown, never paid."""
        return self.gefuehrt_ab is None or periode >= self.gefuehrt_ab


MODELLE: dict[str, type[Stammzeile]] = {
    "gemeinden": Gemeinde,
    "bestand": Bestandszeile,
    "tarife": Tarifeintrag,
    "kredit": Kredit,
    "rueckforderungen": Rueckforderung,
    "entscheide": Entscheid,
    "zuordnungen": Zuordnung,
    "fristen": Frist,
    "sozialregionen": Sozialregion,
    "verteiler": Verteilerzeile,
    "projektkredit": Projektbewegung,
}
