"""Which cells of a form the KRS_ functions take over, and the native formulas that stood there.

Native formulas come from the generator of the templates, never from the workbook: the Server cannot read them, and a
text in a foreign workbook must not become a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from krs.excel.live.zellen import Ersatz
from krs.formulare.anhang2 import BEZAHLT
from krs.formulare.formular import Feld
from krs.formulare.kontext import benennung
from krs.mappen.berichte.anhang1_tabellen import sockel_formel
from krs.mappen.lesen.adresse import zitiert
from krs.mappen.vorlage import formeln
from krs.mappen.vorlage.aufbau import LABEL, WERT, Aufbau, Platz
from krs.recht import LEISTUNG, TARIFE, Leistung
from krs.urteil.angaben import TRENNER

_WOERTLICH = ("gemeinde", "periode")  # texts that are judged by what they say


@dataclass(frozen=True, slots=True)
class Pruefzeile:
    """One line of the list that KRS_PRUEFEN judges: label, field key, formula of the value."""

    text: str
    schluessel: str
    formel: str
    datum: bool = False


@dataclass(frozen=True, slots=True)
class Ansatz:
    """A rate that the office printed on the form, and the function that knows the one in force."""

    text: str
    formular: str
    heute: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What makes one workbook live; formulas in English with commas.

    Args:
        blatt: the sheet whose cells `ersatz` takes over.
        titel: formula of what stands on top: form, municipality, period.
        beitrag: formula of the contribution.
        rechenweg: formula that fills several cells; «» for none.
        anhang: number of the form, as KRS_PRUEFEN takes it.
        periode: what the functions take as period or year: a defined name or a number.
        eigene: cells of Anhang 1 in which somebody typed another amount; they stay.
    """

    blatt: str
    titel: str
    ersatz: tuple[Ersatz, ...]
    beitrag: str
    rechenweg: str
    anhang: int
    periode: str
    eintraege: tuple[Pruefzeile, ...]
    ansaetze: tuple[Ansatz, ...]
    eigene: tuple[str, ...] = ()


def formularplan(plan: Aufbau, blatt: str) -> Plan:
    """Return the plan for Anhang 2 or 3; `blatt` is the name of the sheet in the open workbook."""
    form = plan.formular
    zeit = "periode" if form.nummer == 2 else "jahr"
    if form.nummer == 2:
        tag = 'DATE(LEFT(periode,4),IF(RIGHT(periode,1)="1",1,7),1)'
        ort = f"{zitiert(blatt)}!"
        ersatz, beitrag = tuple(_betraege(plan)), "=beitrag_total"
        rechenweg = f"=KRS_RECHENWEG({_anzahlen(plan, ort)},periode)"
    else:
        tag = "DATE(jahr,1,1)"
        ersatz, beitrag, rechenweg = (_sockel(plan),), "=sockelbeitrag", ""
    return Plan(
        blatt=blatt, titel=f'="{form.name}, {form.titel}: "&gemeinde&", "&{zeit}', ersatz=ersatz, beitrag=beitrag,
        rechenweg=rechenweg, anhang=form.nummer, periode=zeit, eintraege=tuple(_eintraege(plan)),
        ansaetze=tuple(_ansatz(plan, k, blatt, tag) for k in plan.rechnung),
    )  # fmt: skip


def anhang1plan(
    blatt: str, jahr: int, tabelle: tuple[int, int], zeilen: tuple[int, ...], eigene: Iterable[int]
) -> Plan:
    """Return the plan for Anhang 1.

    Args:
        blatt: the sheet with the municipalities.
        tabelle: first and last row of its table.
        zeilen: rows in which residents × rate stands. `eigene`: those with an amount that somebody typed.
    """
    ort, (erste, letzte) = zitiert(blatt), tabelle
    leistung = Leistung.SOCKEL
    heute = f'=KRS_TARIF("{leistung.value}",DATE({jahr},1,1))'
    return Plan(
        blatt=blatt, titel=f'="Anhang 1: Sockelbeiträge {jahr} je Gemeinde"',
        ersatz=tuple(Ersatz(f"J{z}", f"=KRS_SOCKELBEITRAG(H{z},{jahr})", sockel_formel(z)) for z in zeilen),
        beitrag=f"=SUM({ort}!J{erste}:J{letzte})", rechenweg="", anhang=1, periode=str(jahr), eintraege=(),
        ansaetze=(Ansatz(TARIFE[leistung].bezeichnung, f"={ort}!I{zeilen[0]}", heute),) if zeilen else (),
        eigene=tuple(f"J{z}" for z in eigene),
    )  # fmt: skip


def _sockel(plan: Aufbau) -> Ersatz:
    anzahl, ansatz, betrag = _zellen(plan.rechnung["sockel"])
    gezaehlt = f"IF({anzahl}=0,0,KRS_SOCKELBEITRAG({anzahl},jahr))"
    live = f'=IF(ISNUMBER({anzahl}),{gezaehlt},"{formeln.ANZAHL_FEHLT}")'
    return Ersatz(betrag, live, formeln.sockel_formel(anzahl, ansatz))


def _anzahlen(plan: Aufbau, ort: str = "") -> str:
    """Return the four counts as KRS_BEITRAG takes them; 0 for what a version does not know."""
    return ",".join(ort + _zellen(plan.rechnung[k])[0] if k in plan.rechnung else "0" for k in BEZAHLT)


def _zellen(zeile: int) -> tuple[str, str, str]:
    """Return the cells of count, rate and amount in a row of the calculation."""
    anzahl, ansatz, betrag = (Platz(zeile, WERT + n, WERT + n).adresse for n in range(3))
    return anzahl, ansatz, betrag


def _betraege(plan: Aufbau) -> Iterator[Ersatz]:
    for schluessel, zeile in plan.rechnung.items():
        anzahl, ansatz, betrag = _zellen(zeile)
        leistung = LEISTUNG[schluessel]
        funktion = "KRS_DOLMETSCHPAUSCHALE" if leistung.dolmetschen else "KRS_FALLPAUSCHALE"
        # «None» of something that is not regulated costs nothing, as on the form.
        live = f'=IF({anzahl}=0,0,{funktion}({anzahl},periode,"{leistung.art}"))'
        yield Ersatz(betrag, live, formeln.betrag_formel(anzahl, ansatz))
    assert plan.summenzeile is not None
    betraege = [_zellen(z)[2] for z in plan.rechnung.values()]
    nativ = formeln.summe_formel(betraege[0], betraege[-1], len(betraege))
    yield Ersatz(_zellen(plan.summenzeile)[2], f"=KRS_BEITRAG({_anzahlen(plan)},periode)", nativ)


def _ansatz(plan: Aufbau, schluessel: str, blatt: str, tag: str) -> Ansatz:
    leistung = LEISTUNG[schluessel]
    zelle = f"={zitiert(blatt)}!{_zellen(plan.rechnung[schluessel])[1]}"
    return Ansatz(TARIFE[leistung].bezeichnung, zelle, f'=KRS_TARIF("{leistung.value}",{tag})')


def _eintraege(plan: Aufbau) -> Iterator[Pruefzeile]:
    """Yield the fields of the form with the cells that they stand in; of a list each row is one entry."""
    for feld in plan.formular.felder_von(plan.version):
        if feld.art == "berechnet":
            continue
        if feld.schluessel in plan.listen:
            yield from _liste(plan, feld)
        else:
            text = f"{benennung(feld)} ({plan.adresse(feld.schluessel)})"
            yield Pruefzeile(text, feld.schluessel, _wert(feld), feld.art == "datum")


def _liste(plan: Aufbau, feld: Feld) -> Iterator[Pruefzeile]:
    """Yield the rows as KRS_PRUEFEN takes them, «Tigrinya; 4»; an empty row stays empty."""
    erste, zeilen, _ = plan.listen[feld.schluessel]
    for nummer in range(zeilen):
        zellen = [f"INDEX({feld.schluessel},{nummer + 1},{s})" for s in range(1, len(feld.spalten) + 1)]
        alles, getrennt = "&".join(zellen), f'&"{TRENNER} "&'.join(zellen)
        formel = f'=IF({alles}="","",{getrennt})'
        text = f"{benennung(feld)} ({Platz(erste + nummer, LABEL, LABEL).adresse})"
        yield Pruefzeile(text, feld.schluessel, formel)


def _wert(feld: Feld) -> str:
    """Return the formula of a value: a blank stays blank, an error stays an error.

    Of a free text only that there is one: names and remarks are not copied, and an AHV number is not found twice.
    """
    if feld.art == "text" and feld.schluessel not in _WOERTLICH:
        return f'=IF(TRIM({feld.schluessel})="","","erfasst")'
    return f'=IF(ISBLANK({feld.schluessel}),"",{feld.schluessel})'
