"""The rules of Anhang 2, Reportingformular (Ziff. 3.4.3, 4.3, 5.2). One rule, one unit; each may need several codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from krs.formulare.anhang2 import BEZAHLT, GRUPPEN, Anhang2, anteil_erreicht, prozent
from krs.formulare.befund import Befund, mehrzahl
from krs.formulare.kontext import Kontext, aufzaehlung, benennung
from krs.recht import GESPRAECH, GEZAEHLT, Halbjahr, Leistung, datum, stichtag

Regel = Callable[[Anhang2, Kontext], Iterator[Befund]]


def _gespraeche(art: str, anzahl: int) -> str:
    return mehrzahl(anzahl, GESPRAECH[art], GESPRAECH[art].mehrzahl)


def _nur(art: str, anzahl: int) -> str:
    return f"nur {_gespraeche(art, anzahl)}" if anzahl else f"kein einziges {GESPRAECH[art]}"


def _einsaetze(anzahl: int) -> str:
    return mehrzahl(anzahl, "Dolmetscheinsatz", "Dolmetscheinsätze")


def _alle_einsaetze(f: Anhang2, k: Kontext) -> int:
    return sum(f.zaehle(f"{art}_dolmetsch") or 0 for art in k.version.arten)


def betroffene(f: Anhang2, befund: Befund) -> frozenset[str]:
    """Return the claims that a Befund on one cell touches, where that depends on other cells.

    An unreadable count of talks also touches the assignments, while these exceed the talks that are readable;
    the question for a dossier touches the kind of talk that the Sozialregion held (Ziff. 3.4.3).
    """
    if befund.ansprueche and befund.feld == "sozialregion_dossier":
        arten = [a for a in GESPRAECH if f.wert(f"{a}_sozialregion")]
        return frozenset(a + d for a in arten for d in ("", "_dolmetsch"))
    art = befund.feld.partition("_")[0]
    if befund.ansprueche == {art} and (f.zaehle(f"{art}_dolmetsch") or 0) > (f.zaehle(art) or 0):
        return befund.ansprueche | {f"{art}_dolmetsch"}
    return befund.ansprueche


def nullmeldung(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-03 to A2-05: a Nullmeldung has no numbers; no numbers at all should be a Nullmeldung (Ziff. 5.2)."""
    if f.nullmeldung:
        gespraeche, einsaetze = sum(f.zaehle(a) or 0 for a in k.version.arten), _alle_einsaetze(f, k)
        worte = [mehrzahl(gespraeche, "Gespräch", "Gespräche")] if gespraeche else []
        worte += [_einsaetze(einsaetze)] if einsaetze else []
        weitere = _weitere_angaben(f, k)
        if worte:
            yield k.befund(
                "A2-03", "nullmeldung", k.formular.felder["nullmeldung"].anspruch, anzahl=" und ".join(worte)
            )
        elif weitere:
            yield k.befund("A2-05", "nullmeldung", zellen=aufzaehlung([k.ort(feld) for feld in weitere]))
    elif f.nullmeldung is False and all(f.ganz(b) == 0 for b in BEZAHLT if b.partition("_")[0] in k.version.arten):
        yield k.befund("A2-04", "nullmeldung")


def _weitere_angaben(f: Anhang2, k: Kontext) -> list[str]:
    """Return the unpaid fields that hold a number only if there were talks or assignments."""
    felder = [f"{a}_{n}" for a in k.version.arten for n in ("dolmetsch_andere", "personen", "sozialregion")]
    gefuellt = [feld for feld in felder if f.wert(feld)]
    return gefuellt + (["sprachen"] if any(z.einsaetze for z in f.sprachen) else [])


def integrationsgespraeche_vor_2022(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-06 (Ziff. 4.3.1): talks of this kind exist only in the versions from 2022 (docs/entscheide/11)."""
    for art in (a for a in GESPRAECH if a not in k.version.arten):
        for feld in (f"{art}{d}_{g}" for d in ("", "_dolmetsch") for g in GRUPPEN):
            if f.wert(feld):
                was = _einsaetze(f.wert(feld)) if "_dolmetsch_" in feld else _gespraeche(art, f.wert(feld))
                worte = {"bezeichnung": benennung(k.formular.felder[feld]), "periode": k.periode, "anzahl": was}
                yield k.befund("A2-06", feld, (art, f"{art}_dolmetsch"), **worte)


def dolmetscher_und_gespraeche(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-07 to A2-09: assignments without talks, and more assignments than talks (Ziff. 4.3.1)."""
    for art in () if f.nullmeldung else k.version.arten:
        einsaetze, gespraeche = f.zaehle(f"{art}_dolmetsch"), f.ganz(art)
        if not einsaetze or gespraeche is None:
            continue
        felder = {g: f"{art}_dolmetsch_{g}" for g in GRUPPEN}
        zuviel = [g for g in GRUPPEN if (f.wert(felder[g]) or 0) > f.wert(f"{art}_{g}")]
        if gespraeche == 0:
            yield k.befund(
                "A2-07", felder[zuviel[0]], (f"{art}_dolmetsch",),
                einsaetze=_einsaetze(einsaetze), gespraech=_nur(art, 0),
                zellen=aufzaehlung([k.ort(felder[g]) for g in zuviel]),
                von=k.ort(f"{art}_einzelpersonen"), bis=k.ort(f"{art}_gruppen"),
            )  # fmt: skip
        elif einsaetze > gespraeche:
            worte = {"einsaetze": _einsaetze(einsaetze), "gespraeche": _nur(art, gespraeche)}
            yield k.befund("A2-08", felder[zuviel[0]], (f"{art}_dolmetsch",), **worte)
        else:
            yield from (_je_gruppe(f, k, art, g) for g in zuviel)


def _je_gruppe(f: Anhang2, k: Kontext, art: str, gruppe: str) -> Befund:
    feld, name = f"{art}_dolmetsch_{gruppe}", GRUPPEN[gruppe]
    worte = {"einsaetze": _einsaetze(f.wert(feld)), "gespraeche": _nur(art, f.wert(f"{art}_{gruppe}"))}
    return k.befund("A2-09", feld, (f"{art}_dolmetsch",), **worte, gruppe=name, zelle=k.ort(f"{art}_{gruppe}"))


def sprachen_und_einsaetze(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-10, A2-11: the list of languages adds up to all Linguadukt assignments (entwurf 4.2)."""
    for zeile, (sprache, anzahl) in zip(f.sprachen, k.zeilen("sprachen"), strict=True):
        if sprache.leer and zeile.einsaetze:
            yield k.befund_zelle("A2-11", "sprachen", sprache, anzahl, was="die Sprache")
        elif anzahl.leer:
            yield k.befund_zelle("A2-11", "sprachen", anzahl, sprache, was="die Anzahl Einsätze")
    arten = [f"{a}_dolmetsch" for a in k.version.arten]
    if f.nullmeldung or any(f.ganz(a) is None for a in arten):
        return
    summe, einsaetze = sum(z.einsaetze or 0 for z in f.sprachen), _alle_einsaetze(f, k)
    if summe != einsaetze:
        betroffen = [a for a in arten if f.zaehle(a)] or arten
        worte = [_einsaetze(n) if n else "keinen Dolmetscheinsatz" for n in (summe, einsaetze)]
        yield k.befund("A2-10", "sprachen", betroffen, summe=worte[0], einsaetze=worte[1])


def sozialregion(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-12 to A2-14: talks held by the Sozialregion (Ziff. 3.4.3, 4.3.1, docs/entscheide/14)."""
    for art in () if f.nullmeldung else k.version.arten:
        feld, beide = f"{art}_sozialregion", (art, f"{art}_dolmetsch")
        durch, gespraeche = f.wert(feld), f.ganz(art)
        if not durch:
            continue
        if gespraeche is not None and durch > gespraeche:
            anzahl = mehrzahl(durch, "Gespräch", "Gespräche")
            yield k.befund("A2-12", feld, beide, anzahl=anzahl, gespraeche=_nur(art, gespraeche))
        if art == "integ":
            yield k.befund("A2-14", feld, beide, anzahl=_gespraeche(art, durch))
        elif f.sozialregion_dossier is False:
            yield k.befund("A2-13", feld, beide, anzahl=_gespraeche(art, durch))


def bedingungen_integrationsgespraech(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-15, A2-16: the two conditions for Integrationsgespräche (Ziff. 4.3.1)."""
    anzahl = f.zaehle("integ")
    if not anzahl or f.nullmeldung:
        return
    for code, feld in (("A2-15", "integ_durch_verantwortliche"), ("A2-16", "integ_nachweis")):
        if f.wert(feld) is False:
            yield k.befund(code, feld, ("integ", "integ_dolmetsch"), anzahl=_gespraeche("integ", anzahl))


def personen(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-17 to A2-19: counts that are not paid are at most a Hinweis (entwurf 4.3)."""
    for art in () if f.nullmeldung else k.version.arten:
        gespraeche, leute = f.zaehle(art), f.wert(f"{art}_personen")
        if gespraeche and leute is not None and leute < gespraeche:
            worte = mehrzahl(leute, "erreichte Person", "erreichte Personen")
            yield k.befund("A2-17", f"{art}_personen", personen=worte, gespraeche=_gespraeche(art, gespraeche))
        if andere := f.wert(f"{art}_dolmetsch_andere"):
            yield k.befund("A2-19", f"{art}_dolmetsch_andere", einsaetze=_einsaetze(andere))
    erst, neu = f.zaehle("erst"), f.erst_neuzugezogene
    if erst and neu is not None and erst > neu and not f.nullmeldung:
        worte = mehrzahl(neu, "neu zugezogene Person", "neu zugezogene Personen")
        yield k.befund("A2-18", "erst_neuzugezogene", gespraeche=_gespraeche("erst", erst), neuzugezogene=worte)


def erreichung(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-23: fewer newcomers reached than the office expects; never a deduction (Ziff. 3.2)."""
    erreicht, grenze = f.erreicht(), k.grenzen.erreichung
    anteil = anteil_erreicht([erreicht])
    if erreicht is None or anteil is None or grenze is None or Decimal(erreicht[0]) >= grenze * erreicht[1]:
        return
    worte = mehrzahl(erreicht[1], "neu zugezogenen Person", "neu zugezogenen Personen")
    werte = {"personen": erreicht[0], "neuzugezogene": worte, "anteil": prozent(anteil), "grenze": prozent(grenze)}
    yield k.befund("A2-23", "erst_personen", **werte)


def vorperiode(f: Anhang2, k: Kontext) -> Iterator[Befund]:
    """A2-20, A2-21: the four sums against those of the previous period (entwurf 4.3)."""
    summen, vorher = f.summen(ganz=True), k.vorsummen or {}
    for leistung in GEZAEHLT:
        schluessel = leistung.schluessel
        neu, alt = summen[schluessel], vorher.get(schluessel)
        if neu is None:
            continue
        if alt is None:
            yield from _je_100(leistung, neu, k)
            continue
        weit = abs(neu - alt) > k.grenzen.abstand
        vielfach = Decimal(max(neu, alt)) > k.grenzen.faktor * min(neu, alt)
        feld = "nullmeldung" if f.nullmeldung else f"{schluessel}_einzelpersonen"
        werte = {"was": leistung.mehrzahl, "neu": neu, "alt": alt, "vorperiode": k.vorperiode}
        if weit and vielfach:
            grenzen = {"faktor": f"{k.grenzen.faktor.normalize():f}", "abstand": k.grenzen.abstand}
            yield k.befund("A2-20", feld, (schluessel,), **werte, **grenzen)
        elif weit or (vielfach and min(neu, alt) > 0):
            yield k.befund("A2-21", feld, **werte)


def _je_100(leistung: Leistung, anzahl: int, k: Kontext) -> Iterator[Befund]:
    """A2-24, A2-25: a sum without a previous one, against the foreign residents (docs/entscheide/73)."""
    grenze, leute = k.grenzen.je_100, k.auslaender
    if grenze is None or not leute or 100 * anzahl <= grenze * leute:
        return
    viele, feld = anzahl > k.grenzen.abstand, f"{leistung.schluessel}_einzelpersonen"
    tag = datum(stichtag(Halbjahr.parse(k.periode).jahr))
    werte = {"was": leistung.mehrzahl, "anzahl": anzahl, "auslaender": leute, "stichtag": tag, "grenze": grenze}
    if viele:
        yield k.befund("A2-24", feld, (leistung.schluessel,), **werte, abstand=k.grenzen.abstand)
    else:
        yield k.befund("A2-25", feld, **werte)


REGELN: tuple[Regel, ...] = (
    nullmeldung,
    integrationsgespraeche_vor_2022,
    dolmetscher_und_gespraeche,
    sprachen_und_einsaetze,
    sozialregion,
    bedingungen_integrationsgespraech,
    personen,
    erreichung,
    vorperiode,
)
