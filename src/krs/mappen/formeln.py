"""The native formulas of the templates: check line, contradictions, expected contribution (design 5)."""

from __future__ import annotations

from krs.formulare.befund import meldungen
from krs.mappen.aufbau import WERT, Aufbau, Platz

VOLLSTAENDIG = "Alle Pflichtangaben sind erfasst."
FEHLERWERT = "In einem Feld steht ein Fehlerwert (#…). Bitte überschreiben Sie ihn."
ANSATZ_FEHLT = "nicht geregelt"
UNVOLLSTAENDIG = "unvollständig"


def pruefzeile(fehlen: int) -> str:
    """Return the text of the check line for a number of missing entries."""
    if fehlen == 0:
        return VOLLSTAENDIG
    return "Noch 1 Angabe fehlt." if fehlen == 1 else f"Noch {fehlen} Angaben fehlen."


def pruefzeile_formel(zelle: str) -> str:
    """Return the formula of the check line; `zelle` counts what is missing."""
    return (
        f'=IF(ISERROR({zelle}),"{FEHLERWERT}",IF({zelle}=0,"{VOLLSTAENDIG}",'
        f'IF({zelle}=1,"Noch 1 Angabe fehlt.","Noch "&{zelle}&" Angaben fehlen.")))'
    )


def fehlende_formel(plan: Aufbau) -> str:
    """Return the formula that counts empty mandatory entries, as formulare.pruefen.fehlende does."""
    blatt = plan.formular.blatt
    immer, ohne_null, bedingt = [], [], []
    for feld in plan.formular.felder_von(plan.version):
        if feld.pflicht == "nein" or feld.schluessel not in plan.plaetze:
            continue
        leer = f'(TRIM({blatt}!{plan.adresse(feld.schluessel)})="")'
        if feld.pflicht == "immer":
            immer.append(leer)
        elif feld.pflicht == "ohne_nullmeldung":
            ohne_null.append(leer)
        elif feld.wenn_ja:
            bedingt.append(f'IF({blatt}!{plan.adresse(feld.wenn_ja)}="Ja",1,0)*{leer}')
        else:
            summe = ",".join(f"{blatt}!{plan.adresse(k)}" for k in feld.wenn_summe if k in plan.plaetze)
            null = f"{blatt}!{plan.adresse('nullmeldung')}"
            bedingt.append(f'IF(AND({null}<>"Ja",SUM({summe})>0),1,0)*{leer}')
    teile = ["+".join(immer), *bedingt]
    if ohne_null:
        teile.insert(1, f'IF({blatt}!{plan.adresse("nullmeldung")}="Ja",0,{"+".join(ohne_null)})')
    return "=" + "+".join(teile)


def bereich(plan: Aufbau, vorne: str) -> str:
    """Return the range of the three settings, `C20:C22`."""
    return f"{plan.adresse(vorne + '_einzelpersonen')}:{plan.adresse(vorne + '_gruppen')}"


def _widersprueche_anhang2(plan: Aufbau) -> list[tuple[str, str]]:
    arten = ("erst", "integ") if "integ_einzelpersonen" in plan.plaetze else ("erst",)
    null = f'{plan.adresse("nullmeldung")}="Ja"'
    gespraeche = {a: f"SUM({bereich(plan, a)})" for a in arten}
    einsaetze = {a: f"SUM({bereich(plan, a + '_dolmetsch')})" for a in arten}
    voll = {a: f"COUNT({bereich(plan, a)})=3" for a in arten}
    alle = "+".join([*gespraeche.values(), *einsaetze.values()])
    zeile, zeilen, _ = plan.listen["sprachen"]
    sprachen = f"SUM({Platz(zeile, WERT, WERT).adresse}:{Platz(zeile + zeilen - 1, WERT, WERT).adresse})"
    regeln = [("A2-03", f"AND({null},{alle}>0)")]
    regeln += [("A2-07", f"AND(NOT({null}),{voll[a]},{einsaetze[a]}>0,{gespraeche[a]}=0)") for a in arten]
    regeln += [("A2-08", f"AND(NOT({null}),{voll[a]},{gespraeche[a]}>0,{einsaetze[a]}>{gespraeche[a]})") for a in arten]
    regeln.append(("A2-10", f"AND(NOT({null}),{sprachen}<>{'+'.join(einsaetze.values())})"))
    regeln += [
        ("A2-12", f"AND(NOT({null}),{voll[a]},N({plan.adresse(a + '_sozialregion')})>{gespraeche[a]})") for a in arten
    ]
    return regeln


def _widersprueche_anhang3(plan: Aufbau) -> list[tuple[str, str]]:
    def spalte(erstes: str, letztes: str) -> str:
        return f"{plan.adresse(erstes)}:{plan.adresse(letztes)}"

    bedingungen = spalte("bedingung_organisation", "bedingung_umsetzung")
    return [
        ("A3-01", f'COUNTIF({bedingungen},"Nein")>0'),
        ("A3-02", f'COUNTIF({spalte("aufgabe_1", "aufgabe_6")},"nicht erfüllt")>0'),
        ("A3-04", f'{plan.adresse("sozialregion_delegation")}="weitere"'),
    ]


def widersprueche(plan: Aufbau) -> list[tuple[str, str]]:
    """Return (code, condition) in the order of the line «Zu prüfen»; the rules themselves live in formulare/."""
    regeln = _widersprueche_anhang2(plan) if plan.formular.id == "anhang2" else _widersprueche_anhang3(plan)
    return [*regeln, ("F-40", f'{plan.adresse("bestaetigung")}="Nein"')]


def widerspruch_text(code: str) -> str:
    """Return what the line shows for a code; the words come from the catalogue."""
    return f"Zu prüfen: {meldungen()[code].titel} ({code})"


def widerspruch_formel(plan: Aufbau) -> str:
    """Return the formula that shows the first contradiction, or nothing."""
    formel = '""'
    for code, bedingung in reversed(widersprueche(plan)):
        formel = f'IF({bedingung},"{widerspruch_text(code)}",{formel})'
    return f'=IFERROR({formel},"")'


def anzahl_formel(plan: Aufbau, schluessel: str) -> str:
    """Return the formula of the number paid for: the three settings, 0 for a Nullmeldung."""
    return f'=IF({plan.adresse("nullmeldung")}="Ja",0,SUM({bereich(plan, schluessel)}))'


def betrag_formel(anzahl: str, ansatz: str) -> str:
    """Return count × rate, rounded to 5 Rappen; a sentence where the rate is not regulated."""
    return f'=IF({anzahl}=0,0,IF(ISNUMBER({ansatz}),ROUND({anzahl}*{ansatz}*20,0)/20,"{ANSATZ_FEHLT}"))'


def summe_formel(oben: str, unten: str, anzahl: int) -> str:
    """Return the total, or «unvollständig» while a rate is missing."""
    return f'=IF(COUNT({oben}:{unten})={anzahl},SUM({oben}:{unten}),"{UNVOLLSTAENDIG}")'
