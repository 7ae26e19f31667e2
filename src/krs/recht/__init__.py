"""The circular KRS-GEF-2017/01 as pure code: no file, no clock, no Excel."""

from krs.recht.beitrag import (
    Rechenschritt,
    beitraege,
    beitrag,
    dolmetschpauschale,
    fallpauschale,
    pauschale,
    rechenweg,
    sockelbeitrag,
    summe,
)
from krs.recht.berechtigung import AUFGABEN, BEDINGUNGEN, Punkt
from krs.recht.bestand import Bestand, BestandFehlt, BestandUnklar, BestandZeile, auslaender
from krs.recht.betrag import chf, franken, runden, tausender
from krs.recht.gebiet import Gebiet, gemeinde
from krs.recht.gemeinde import Beteiligung, GemeindeZeile
from krs.recht.leistung import DOLMETSCHEN, GESPRAECH, GEZAEHLT, LEISTUNG, Leistung, NichtGeregelt
from krs.recht.rueckforderung import Verrechnung, verrechnung
from krs.recht.stufen import Tarif, Tarifstufe
from krs.recht.tarife import TARIFE, Tarife, TarifZeile, tarif
from krs.recht.zeit import (
    Halbjahr,
    auszahlungstermin,
    datum,
    faelligkeit,
    frist,
    fristhinweis,
    stichtag,
    tage_verspaetet,
    wochentag,
)
