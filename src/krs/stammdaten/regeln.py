"""Rules for the sheets after Gemeinden, one rule per unit. Rules yield, they change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from krs.formulare.befund import meldungen
from krs.formulare.formular import eingabefrist
from krs.recht import Leistung, datum
from krs.recht.bestand import GEBIETSSTAND_NEU
from krs.stammdaten import regeln_gemeinden as stammdaten_gebiet
from krs.stammdaten.lesen import Rohzeile
from krs.stammdaten.plan import blatt
from krs.stammdaten.sicht import Regel, Sicht, Verstoss, doppelte

_EINMAL = (
    ("tarife", ("leistung", "ab"), "«{0}» ab {1}"),
    ("kredit", ("jahr",), "Das Jahr {0}"),
    ("rueckforderungen", ("nr",), "Die Nr. «{0}»"),
    ("sozialregionen", ("sozialregion",), "Die Sozialregion «{0}»"),
)


def bfs_bekannt(s: Sicht) -> Iterator[Verstoss]:
    """A number that the sheet Gemeinden does not have."""
    for kennung in ("bestand", "rueckforderungen", "entscheide", "zuordnungen", "fristen"):
        for zeile in s.zeilen[kennung]:
            if s.namen and zeile.wert("bfs_nr") not in (s.namen if kennung != "fristen" else {None, *s.namen}):
                yield Verstoss(kennung, zeile, "bfs_nr", "S-07", {"gelesen": zeile.wert("bfs_nr")})


def einmal(s: Sicht) -> Iterator[Verstoss]:
    """The same key twice: the upper row holds."""
    for kennung, felder, form in _EINMAL:
        for zeile, erste, wert in doppelte(s.zeilen[kennung], *felder):
            was = form.format(*(datum(w) if isinstance(w, date) else w for w in wert))
            yield Verstoss(kennung, zeile, felder[0], "S-19", {"was": was, "erste": erste.nummer})


def stichtag(s: Sicht) -> Iterator[Verstoss]:
    """Residents are counted on 31.12. (Ziff. 4.3.2)."""
    for zeile in s.zeilen["bestand"]:
        tag = zeile.wert("stichtag")
        if (tag.month, tag.day) != (12, 31):
            yield Verstoss("bestand", zeile, "stichtag", "S-24", {"gelesen": datum(tag)})


def bestand_doppelt(s: Sicht) -> Iterator[Verstoss]:
    """One municipality twice on one day; both rows stay, so that the claim is held (BestandUnklar)."""
    for zeile, erste, (bfs, tag) in doppelte(s.zeilen["bestand"], "bfs_nr", "stichtag"):
        werte = {"bfs_nr": bfs, "stichtag": datum(tag), "erste": erste.nummer}
        yield Verstoss("bestand", zeile, "stichtag", "S-25", werte)


def gebietsstand(s: Sicht) -> Iterator[Verstoss]:
    """A merged municipality's own row beside those of its predecessors (docs/entscheide/20)."""
    zeilen: dict[tuple[int, date], Rohzeile] = {}
    for zeile in s.zeilen["bestand"]:
        zeilen.setdefault((zeile.wert("bfs_nr"), zeile.wert("stichtag")), zeile)
    for (bfs, tag), zeile in zeilen.items():
        neu = GEBIETSSTAND_NEU.casefold() in zeile.wert("quelle").casefold()
        if tag.year > 2090 or not (neu or not s.gebiet.besteht(bfs, tag, tag)):
            continue
        fruehere = s.gebiet.vorgaengerinnen(bfs, tag, date(tag.year + 2, 1, 1))
        doppelt = [zeilen[nr, tag].nummer for nr in fruehere if (nr, tag) in zeilen]
        if doppelt:
            werte = {"bfs_nr": bfs, "stichtag": datum(tag), "andere": ", ".join(doppelt)}
            yield Verstoss("bestand", zeile, "quelle", "S-26", werte)


def tarifwechsel(s: Sicht) -> Iterator[Verstoss]:
    """A rate changes with a half-year, the Sockelbeitrag's with a year (docs/entscheide/01)."""
    for zeile in s.zeilen["tarife"]:
        ab, sockel = zeile.wert("ab"), zeile.wert("leistung") == Leistung.SOCKEL
        if (ab.month, ab.day) not in ([(1, 1)] if sockel else [(1, 1), (7, 1)]):
            tage = "den 01.01." if sockel else "den 01.01. oder 01.07."
            yield Verstoss("tarife", zeile, "ab", "S-27", {"gelesen": datum(ab), "tage": tage})


def vier_augen(s: Sicht) -> Iterator[Verstoss]:
    """Who decides a Rückforderung does not release it (Ziff. 4.7)."""
    for zeile in s.zeilen["rueckforderungen"]:
        verfuegt, frei = zeile.wert("verfuegt_von"), zeile.wert("freigegeben_von")
        if frei and verfuegt.casefold() == frei.casefold():
            yield Verstoss("rueckforderungen", zeile, "freigegeben_von", "S-28", {"gelesen": frei})


def zahlung(s: Sicht) -> Iterator[Verstoss]:
    """A payment needs its day and its amount."""
    titel = {f: blatt("rueckforderungen").spalte(f).titel for f in ("bezahlt_am", "bezahlter_betrag")}
    for zeile in s.zeilen["rueckforderungen"]:
        for leer, voll in (("bezahlt_am", "bezahlter_betrag"), ("bezahlter_betrag", "bezahlt_am")):
            if zeile.wert(leer) is None and zeile.wert(voll) is not None:
                werte = {"titel": titel[leer], "voll": titel[voll]}
                yield Verstoss("rueckforderungen", zeile, leer, "S-11", werte)


def beleg(s: Sicht) -> Iterator[Verstoss]:
    """A payment says where it is proved, where the sheet has the column for it."""
    for zeile in s.zeilen["rueckforderungen"]:
        if zeile.wert("bezahlt_am") is not None and "beleg" in zeile.zellen and not zeile.wert("beleg"):
            yield Verstoss("rueckforderungen", zeile, "beleg", "S-51", {})


def zu_nummer(s: Sicht) -> Iterator[Verstoss]:
    """«Erhöhung» and «Erlass» say of which Rückforderung, and only they do."""
    for zeile in s.zeilen["rueckforderungen"]:
        mehr = zeile.wert("art") in ("Erhöhung", "Erlass")
        if mehr is not bool(zeile.wert("zu_nr")):
            wozu = f"zu welcher Nummer die Art «{zeile.wert('art')}» gehört"
            tun = wozu if mehr else "die Art, oder leeren Sie «zu Nr.»"
            yield Verstoss("rueckforderungen", zeile, "zu_nr" if mehr else "art", "S-50", {"tun": tun})


def entscheid_code(s: Sicht) -> Iterator[Verstoss]:
    """A code that does not exist, or a Fehler that nobody can lift."""
    for zeile in s.zeilen["entscheide"]:
        code = zeile.wert("code")
        if not code:
            continue
        if code not in meldungen():
            yield Verstoss("entscheide", zeile, "code", "S-30", {"gelesen": code})
        elif zeile.wert("entscheid") in ("anerkennen", "kürzen") and not meldungen()[code].hebbar:
            yield Verstoss("entscheide", zeile, "entscheid", "S-31", {"code": code, "titel": meldungen()[code].titel})


def entscheid_widerspruch(s: Sicht) -> Iterator[Verstoss]:
    """Two decisions of one day about the same thing: which one counts must not hang on the order of rows."""
    felder = ("bfs_nr", "formular", "periode", "code", "sha256", "datum", "leistung")
    for zeile, erste, _ in doppelte(s.zeilen["entscheide"], *felder):
        eins, zwei = _wort(erste), _wort(zeile)
        if eins != zwei:
            yield Verstoss(
                "entscheide", zeile, "entscheid", "S-34", {"erste": erste.nummer, "eins": eins, "zwei": zwei}
            )


def _wort(zeile: Rohzeile) -> str:
    auf = zeile.wert("anerkannte_anzahl")
    return f"{zeile.wert('entscheid')}{'' if auf is None else f' auf {auf}'}"


def kuerzung(s: Sicht) -> Iterator[Verstoss]:
    """«kürzen» needs Leistung and number, and only it has them (Ziff. 4.2)."""
    for zeile in s.zeilen["entscheide"]:
        leer = {f for f in ("leistung", "anerkannte_anzahl") if zeile.wert(f) is None}
        if zeile.wert("entscheid") == "kürzen" and leer:
            feld = "leistung" if "leistung" in leer else "anerkannte_anzahl"
            tun = f"Erfassen Sie «{blatt('entscheide').spalte(feld).titel}»"
            yield Verstoss("entscheide", zeile, feld, "S-40", {"tun": tun})
        elif zeile.wert("entscheid") != "kürzen" and len(leer) < 2:
            feld = "anerkannte_anzahl" if "leistung" in leer else "leistung"
            tun = f"Leeren Sie die Zelle, oder wählen Sie «kürzen» statt «{zeile.wert('entscheid')}»"
            yield Verstoss("entscheide", zeile, feld, "S-40", {"tun": tun})


def neue_frist(s: Sicht) -> Iterator[Verstoss]:
    """An extension does not shorten the deadline of the circular (Ziff. 5.2)."""
    for zeile in s.zeilen["fristen"]:
        formular, periode, neu = (zeile.wert(f) for f in ("formular", "periode", "neue_frist"))
        if ("-" in periode) is (formular == "Anhang 2") and neu < (bis := eingabefrist(int(formular[-1]), periode)):
            yield Verstoss("fristen", zeile, "neue_frist", "S-41", {"gelesen": datum(neu), "frist": datum(bis)})


def formular_periode(s: Sicht) -> Iterator[Verstoss]:
    """Anhang 2 goes by half-years, Anhang 3 by years (Ziff. 5.2)."""
    for kennung in ("entscheide", "zuordnungen", "fristen"):
        for zeile in s.zeilen[kennung]:
            formular, periode = (zeile.wert(f) or "" for f in ("formular", "periode"))
            if formular and periode and ("-" in periode) is not (formular == "Anhang 2"):
                soll = "ein Halbjahr wie 2024-H1" if formular == "Anhang 2" else "ein Jahr wie 2024"
                werte = {"was": f"Die Periode «{periode}»", "formular": formular, "soll": soll}
                yield Verstoss(kennung, zeile, "periode", "S-32", werte)


def entscheid_formular(s: Sicht) -> Iterator[Verstoss]:
    """Codes A2 and A3 belong to their form."""
    for zeile in s.zeilen["entscheide"]:
        formular, code = (zeile.wert(f) or "" for f in ("formular", "code"))
        if code[:2] in ("A2", "A3") and code[1] != formular[-1]:
            werte = {"was": f"Der Code «{code}»", "formular": formular, "soll": f"ein Code wie A{formular[-1]}-01"}
            yield Verstoss("entscheide", zeile, "code", "S-32", werte)


def zuordnung_widerspruch(s: Sicht) -> Iterator[Verstoss]:
    """One file of two senders, or two forms: no row holds, since the order of rows must not decide."""
    erste: dict[str, Rohzeile] = {}
    for zeile in s.zeilen["zuordnungen"]:
        oben = erste.setdefault(zeile.wert("sha256"), zeile)
        if any(zeile.wert(f) != oben.wert(f) for f in ("bfs_nr", "formular", "periode")):
            for hier, dort in ((oben, zeile), (zeile, oben)):
                yield Verstoss("zuordnungen", hier, "sha256", "S-37", {"andere": dort.nummer})


REGELN: tuple[Regel, ...] = (
    *stammdaten_gebiet.REGELN,
    bfs_bekannt,
    einmal,
    stichtag,
    bestand_doppelt,
    gebietsstand,
    tarifwechsel,
    vier_augen,
    zahlung,
    beleg,
    zu_nummer,
    entscheid_code,
    entscheid_widerspruch,
    kuerzung,
    neue_frist,
    formular_periode,
    entscheid_formular,
    zuordnung_widerspruch,
)
BLEIBT = frozenset({"S-25", "S-26"})  # Fehler whose row stays: the law holds the claim (BestandUnklar)
