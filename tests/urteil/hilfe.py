"""Judge a case of tests/faelle/urteil.toml and show the result as the rows that the case writes down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hilfe.formulare import Lage, eingabe, lade
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.formular import formular
from krs.recht import chf, datum
from krs.stammdaten.stammdaten import Entscheid, Stammdaten, lies_stammdaten
from krs.urteil.ansprueche import Anspruch
from krs.urteil.fassung import Einreichung
from krs.urteil.folge import Ausbezahlt, Kenntnis
from krs.urteil.grabstein import BEZAHLT, Grabstein
from krs.urteil.tafel import Zeile
from krs.urteil.urteil import Urteil, urteile
from stammdaten.hilfe import tabellen

DATEN = lade("urteil.toml")


def sha(datei: str) -> str:
    """Return the SHA-256 of file «a»: aaa…; a case names its files a to f."""
    return datei * 64


def werte(gut: Mapping[str, Any], eintrag: Mapping[str, Any]) -> dict[str, Any]:
    """Return the good form with the counts of the case: talks, assignments, Integrationsgespräche, assignments."""
    alle = dict(gut)
    if "zahlen" in eintrag:
        erst, erst_dolmetsch, integ, integ_dolmetsch = eintrag["zahlen"]
        alle |= {"erst_einzelpersonen": erst, "erst_personen": erst, "erst_neuzugezogene": erst}
        alle |= {"erst_dolmetsch_einzelpersonen": erst_dolmetsch}
        einsaetze = erst_dolmetsch + (integ_dolmetsch if "-" in eintrag["zeit"] and eintrag["zeit"] >= "2022" else 0)
        if eintrag["zeit"] >= "2022" or integ or integ_dolmetsch:
            alle |= {"integ_einzelpersonen": integ, "integ_dolmetsch_einzelpersonen": integ_dolmetsch}
        if eintrag["zeit"] >= "2022":
            alle |= {"integ_personen": integ}
        if integ and eintrag["zeit"] >= "2022":
            alle |= {"integ_durch_verantwortliche": "Ja", "integ_nachweis": "Ja"}
        if einsaetze:
            alle |= {"sprachen": [["Tigrinya", einsaetze]]}
    return alle | eintrag.get("werte", {})


def einreichung(eintrag: Mapping[str, Any], stammdaten: Stammdaten) -> Einreichung:
    """Return one file as it arrived: a form, or what `abgewiesen` says."""
    datei, am = eintrag["datei"], eintrag["am"]
    kennzeichen = sha(eintrag.get("inhalt", datei))
    if "abgewiesen" in eintrag:
        return Einreichung(datei, kennzeichen, am, abweisung=melde(Akte(datei), eintrag["abgewiesen"]))
    form = formular("anhang2" if "-" in eintrag["zeit"] else "anhang3")
    version = form.version_fuer(eintrag["zeit"])
    gut = {k: v for k, v in DATEN["gut"][form.id].items() if k in version.felder}
    name = stammdaten.gebiet.name(eintrag["gemeinde"])
    if "geloescht" in eintrag:
        akte = Akte("", name, eintrag["gemeinde"], form.name, eintrag["zeit"])
        grab = Grabstein(akte, eintrag["geloescht"], "Namen", "AB", eintrag.get("stand", BEZAHLT))
        return Einreichung("", kennzeichen, am, grab=grab)
    lage = Lage(
        form, version, eintrag["zeit"], {"gemeinde": name} | werte(gut, eintrag), eintrag["gemeinde"],
        {"gemeinde": name, "auslaender_anzahl": ""},
    )  # fmt: skip
    return Einreichung(datei, kennzeichen, am, replace(eingabe(lage), datei=datei))


def stammdaten(fall: Mapping[str, Any]) -> Stammdaten:
    """Return the Stammdaten of a case; they are in order."""
    gemeinden = [{"BFS-Nr.": nr} | DATEN["gemeinden"][str(nr)] for nr in fall["gemeinden"]]
    gemeinden = [g | fall.get("gemeinde", {}).get(str(g["BFS-Nr."]), {}) for g in gemeinden]
    bestand = [
        dict(zip(("BFS-Nr.", "Stichtag", "Anzahl", "Quelle"), (*z, "Kantonale Statistik")[:4], strict=True))
        for z in fall.get("bestand", ())
    ]
    entscheide = [_entscheid(e) for e in fall.get("entscheide", ())]
    zeilen = {
        "Gemeinden": gemeinden, "Ausländerbestand": bestand, "Entscheide": entscheide,
        "Tarife": fall.get("tarife", []), "Einstellungen": [*fall.get("einstellungen", []), *_korrekturfrist(fall)],
        "Kredit": fall.get("kredit", []), "Fristen": [_frist(f) for f in fall.get("fristen", ())],
        "Zuordnungen": [_zuordnung(z) for z in fall.get("zuordnungen", ())],
        "Rückforderungen": [_rueckforderung(r) for r in fall.get("rueckforderungen", ())],
    }  # fmt: skip
    gelesen, befunde = lies_stammdaten(tabellen({"zeilen": zeilen}, {}))
    assert sorted({b.code for b in befunde}) == fall.get("stammdaten_befunde", [])
    return gelesen


def _entscheid(e: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "BFS-Nr.": e["gemeinde"], "Formular": "Anhang 2" if "-" in e["zeit"] else "Anhang 3", "Periode": e["zeit"],
        "Code": e.get("code", ""), "SHA-256": sha(e["datei"])[:64] if "datei" in e else "", "Entscheid": e["entscheid"],
        "Begründung": "Geprüft", "Visum": "AB", "Datum": e["am"],
        "Leistung": e.get("leistung", ""), "anerkannte Anzahl": e.get("anzahl", ""),
    }  # fmt: skip


def _korrekturfrist(fall: Mapping[str, Any]) -> list[dict[str, Any]]:
    tage = fall.get("korrekturfrist")
    return [] if tage is None else [{"Name": "Korrekturfrist Tage", "Wert": tage}]


def _zuordnung(z: Mapping[str, Any]) -> dict[str, Any]:
    form = "Anhang 2" if "-" in z["zeit"] else "Anhang 3"
    wer = {"SHA-256": sha(z["datei"])[:8], "BFS-Nr.": z["gemeinde"], "Formular": form, "Periode": z["zeit"]}
    return wer | {"Visum": "AB", "Datum": z["am"]}


def _frist(f: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "BFS-Nr.": f.get("gemeinde", ""), "Formular": "Anhang 2" if "-" in f["zeit"] else "Anhang 3",
        "Periode": f["zeit"], "neue Frist": f["bis"], "Grund": "Ferien", "Visum": "AB", "Datum": f["am"],
    }  # fmt: skip


def _rueckforderung(r: Mapping[str, Any]) -> dict[str, Any]:
    zahlung = (
        {"bezahlt am": r["bezahlt_am"], "bezahlter Betrag": r["bezahlt"], "Beleg": "Auszug 7"} if "bezahlt" in r else {}
    )
    return {
        "Nr.": r["nr"], "BFS-Nr.": r["gemeinde"], "Datum": r["am"], "Betrag": r["betrag"],
        "Grund": r.get("grund", "Zweckfremd verwendet"), "Ziffer": "4.7", "verfügt von": "AB",
        "freigegeben von": "" if r.get("wartet") else "CD", "erneut verrechnen": "Ja" if r.get("erneut") else "",
        "Art": r.get("art", ""), "zu Nr.": r.get("zu", ""),
    } | zahlung  # fmt: skip


def urteil(fall: Mapping[str, Any]) -> Urteil:
    """Judge a case."""
    stamm = stammdaten(fall)
    eingaenge = [einreichung(e, stamm) for e in fall.get("eingang", ())]
    entworfen = {sha(datei): tag for datei, tag in fall.get("entworfen", {}).items()}
    laeufe = tuple(Kenntnis(n, am, frozenset(map(sha, da))) for n, am, da in fall.get("kenntnisse", ()))
    ausbezahlt = Ausbezahlt(fall.get("ausbezahlt", {}), frozenset(fall.get("bezahlte_dateien", ())), laeufe)
    zeiten = fall.get("perioden", ()), fall.get("jahre", ())
    return urteile(eingaenge, stamm, *zeiten, fall["stichtag"], entworfen, ausbezahlt)


def _tag(tag: date | None) -> str:
    return datum(tag) if tag else "–"


def _betrag(betrag: Decimal | None) -> str:
    return chf(betrag) if betrag is not None else "–"


def _reihe(*werte_: object) -> str:
    return " | ".join("–" if w is None or w == "" else str(w) for w in werte_)


def zeile(z: Zeile) -> str:
    """Return one row of the board."""
    null = {None: "–", True: "Ja", False: "Nein"}[z.nullmeldung]
    assert z.sha256 in ("", sha(z.datei or z.sha256[:1]))
    stufen = " ".join(map(str, z.stufen))
    ort = f"{z.bfs_nr} {z.gemeinde}" if z.bfs_nr else ""
    return _reihe(
        ort, z.formular, z.periode, z.version, _tag(z.eingang), _tag(z.frist), z.tage, null, z.status,
        z.datei or z.sha256[:1], stufen,
    )  # fmt: skip


def anspruch(a: Anspruch) -> str:
    """Return one claim; where the amount is known, its Rechenweg ends in it."""
    if a.betrag is not None:
        assert f"= Fr. {chf(a.betrag)} (Ziff. {a.ziffer})" in a.rechenweg
    if a.gemeldet is not None and a.gemeldet != a.anzahl:
        assert a.rechenweg.startswith(f"gemeldet {a.gemeldet}, anerkannt {a.anzahl}: ")
    assert a.sha256 == (sha(a.datei) if a.datei else "")
    assert a.lauf == ""
    return _reihe(
        f"{a.bfs_nr} {a.gemeinde}", a.leistung, a.periode, a.anzahl, _betrag(a.ansatz), _betrag(a.betrag),
        _tag(a.gueltig_ab), a.status, a.grund, a.datei,
    )  # fmt: skip


def befund(paar: tuple[Befund, Entscheid | None]) -> str:
    """Return one Befund and the decision that covers it."""
    b, e = paar
    wer = b.datei if b.datei and b.datei != "Stammdaten.xlsx" else f"{b.bfs_nr}"
    wort = f"{e.entscheid}{' (übernommen)' if e.uebernommen else ''}" if e else "offen"
    return _reihe(wer, b.code, b.stufe, " ".join(sorted(b.ansprueche)), wort)


def zeilen(text: str) -> list[str]:
    """Return the rows of a case, blanks around the bars do not matter."""
    return [" | ".join(teil.strip() for teil in z.split("|")) for z in text.strip().splitlines() if z.strip()]


def texte(befunde: Iterable[tuple[Befund, Entscheid | None]], codes: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the messages of these codes, in order, without the cell: the forms' own cases look at that."""
    paare = list(befunde)
    for code in codes:
        yield code, [b.meldung.removeprefix(f"{b.blatt}!{b.zelle}: ") for b, _ in paare if b.code == code]
