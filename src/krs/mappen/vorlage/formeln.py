"""The native formulas of the templates: check line, contradictions, expected contribution (entwurf 5)."""

from __future__ import annotations

from xlsxwriter.utility import xl_range

from krs.formulare.befund import meldungen
from krs.mappen.vorlage.aufbau import LABEL, WERT, Aufbau

VOLLSTAENDIG = "Alle Pflichtangaben sind erfasst."
FEHLERWERT = "In einem Feld steht ein Fehlerwert (#…). Bitte überschreiben Sie ihn."
TEXT_STATT_ZAHL = "In einem Zahlenfeld steht Text. Bitte tippen Sie dort nur Ziffern."
DOPPELT = "Zwei Felder führen auf dieselbe Zelle. Bitte füllen Sie die Vorlage neu aus, ohne Zellen zu verschieben."
ANSATZ_FEHLT = "nicht geregelt"
ANZAHL_FEHLT = "noch offen"
UNVOLLSTAENDIG = "unvollständig"
_ZAHLEN = ("anzahl", "zahl", "betrag", "anteil")


def pruefzeile(fehlen: int) -> str:
    """Return the text of the check line for a number of missing entries."""
    if fehlen == 0:
        return VOLLSTAENDIG
    return "Noch 1 Angabe fehlt." if fehlen == 1 else f"Noch {fehlen} Angaben fehlen."


def pruefzeile_formel(fehlen: str, texte: str, doppelt: str) -> str:
    """Return the formula of the check line.

    The cells count what is missing, texts where a number belongs, and fields that share a cell.
    """
    return (
        f'=IF(ISERROR({fehlen}+{texte}+{doppelt}),"{FEHLERWERT}",IF({doppelt}>0,"{DOPPELT}",IF({texte}>0,'
        f'"{TEXT_STATT_ZAHL}",IF({fehlen}=0,"{VOLLSTAENDIG}",IF({fehlen}=1,"Noch 1 Angabe fehlt.",'
        f'"Noch "&{fehlen}&" Angaben fehlen.")))))'
    )


def ort_formel(feld: str) -> str:
    """Return the formula of the place to which a field's name leads: its row and column as one number."""
    return f"=ROW({feld})*100+COLUMN({feld})"


def doppelte_formel(orte: str) -> str:
    """Return the formula that counts places that are not the only ones of their kind."""
    return f"=SUMPRODUCT(--(COUNTIF({orte},{orte})>1))"


def text_statt_zahl_formel(plan: Aufbau) -> str:
    """Return the formula that counts texts in entry cells for numbers: a pasted «12» as text would not be summed."""
    zellen = []
    for feld in plan.formular.felder_von(plan.version):
        if feld.art in _ZAHLEN:
            zellen.append(plan.adresse(feld.schluessel))
        if feld.schluessel in plan.listen:
            erste, zeilen, _ = plan.listen[feld.schluessel]
            orte = [LABEL + n for n, spalte in enumerate(feld.spalten) if spalte.art in _ZAHLEN]
            zellen += [xl_range(erste, s, erste + zeilen - 1, s) for s in orte]
    blatt = plan.formular.blatt
    return "=SUMPRODUCT(" + ")+SUMPRODUCT(".join(f'ISTEXT({blatt}!{z})*(TRIM({blatt}!{z})<>"")' for z in zellen) + ")"


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
    arten = plan.version.arten
    null = f'{plan.adresse("nullmeldung")}="Ja"'
    gespraeche = {a: f"SUM({bereich(plan, a)})" for a in arten}
    einsaetze = {a: f"SUM({bereich(plan, a + '_dolmetsch')})" for a in arten}
    voll = {a: f"COUNT({bereich(plan, a)})=3" for a in arten}
    alle = "+".join([*gespraeche.values(), *einsaetze.values()])
    durch = {a: f"N({plan.adresse(a + '_sozialregion')})" for a in arten}
    ohne_null: list[tuple[str, str]] = []
    ohne_null += [("A2-07", f"{voll[a]},{einsaetze[a]}>0,{gespraeche[a]}=0") for a in arten]
    ohne_null += [("A2-08", f"{voll[a]},{gespraeche[a]}>0,{einsaetze[a]}>{gespraeche[a]}") for a in arten]
    ohne_null += [("A2-09", f"{voll[a]},{_gruppe_zuviel(plan, a)}") for a in arten]
    ohne_null.append(("A2-10", _sprachen_anders(plan, arten)))
    ohne_null += [("A2-12", f"{voll[a]},{durch[a]}>{gespraeche[a]}") for a in arten]
    ohne_null.append(("A2-13", f'{durch["erst"]}>0,{plan.adresse("sozialregion_dossier")}="Nein"'))
    if "integ" in arten:
        ohne_null.append(("A2-14", f"{durch['integ']}>0"))
        for code, feld in (("A2-15", "integ_durch_verantwortliche"), ("A2-16", "integ_nachweis")):
            ohne_null.append((code, f'{gespraeche["integ"]}>0,{plan.adresse(feld)}="Nein"'))
    return [("A2-03", f"AND({null},{alle}>0)"), *((code, f"AND(NOT({null}),{wenn})") for code, wenn in ohne_null)]


def _gruppe_zuviel(plan: Aufbau, art: str) -> str:
    gruppen = ("einzelpersonen", "familien", "gruppen")
    paare = (f"N({plan.adresse(f'{art}_dolmetsch_{g}')})>N({plan.adresse(f'{art}_{g}')})" for g in gruppen)
    return f"OR({','.join(paare)})"


def _sprachen_anders(plan: Aufbau, arten: tuple[str, ...]) -> str:
    bereiche = [bereich(plan, a + "_dolmetsch") for a in arten]
    zeile, zeilen, _ = plan.listen["sprachen"]
    sprachen = xl_range(zeile, WERT, zeile + zeilen - 1, WERT)
    return f"COUNT({','.join(bereiche)})={3 * len(arten)},SUM({sprachen})<>SUM({','.join(bereiche)})"


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


def sockel_formel(anzahl: str, ansatz: str) -> str:
    """Return residents × rate; a missing count is never 0 (docs/entscheide/02)."""
    return f'=IF(ISNUMBER({anzahl}),{betrag_formel(anzahl, ansatz)[1:]},"{ANZAHL_FEHLT}")'


def summe_formel(oben: str, unten: str, anzahl: int) -> str:
    """Return the total, or «unvollständig» while a rate is missing."""
    return f'=IF(COUNT({oben}:{unten})={anzahl},ROUND(SUM({oben}:{unten}),2),"{UNVOLLSTAENDIG}")'
