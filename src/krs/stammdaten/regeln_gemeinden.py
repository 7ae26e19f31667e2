"""Rules for the sheet Gemeinden: history, merger, Leitgemeinde, payee (Ziff. 3.4.2, 4.5.2, docs/entscheide/13, 20)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from krs import daten
from krs.formulare.leser import qr_iban
from krs.recht import datum
from krs.stammdaten.lesen import Rohzeile
from krs.stammdaten.plan import blatt
from krs.stammdaten.sicht import Regel, Sicht, Verstoss

_SPANNEN = ("gueltig", "beteiligt", "leitgemeinde")


def _verstoss(zeile: Rohzeile, feld: str, code: str, **werte: object) -> Verstoss:
    return Verstoss("gemeinden", zeile, feld, code, werte)


def _titel(feld: str) -> str:
    return blatt("gemeinden").spalte(feld).titel


def _spanne(zeile: Rohzeile, name: str) -> tuple[date, date]:
    return zeile.wert(f"{name}_ab") or date.min, zeile.wert(f"{name}_bis") or date.max


def _beruehrt(a: tuple[date, date], b: tuple[date, date]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def ende_nach_beginn(s: Sicht) -> Iterator[Verstoss]:
    """An end before its beginning."""
    for zeile in s.zeilen["gemeinden"]:
        for name in _SPANNEN:
            ab, bis = zeile.wert(f"{name}_ab"), zeile.wert(f"{name}_bis")
            if ab and bis and bis < ab:
                yield _verstoss(
                    zeile, f"{name}_bis", "S-10",
                    ende=_titel(f"{name}_bis"), bis=datum(bis), beginn=_titel(f"{name}_ab"), ab=datum(ab),
                )  # fmt: skip


def zusammengehoerig(s: Sicht) -> Iterator[Verstoss]:
    """A date without what it belongs to; an empty «beteiligt ab» would mean: not taking part."""
    paare = (
        ("beteiligt_bis", "beteiligt_ab"),
        ("leitgemeinde", "leitgemeinde_ab"),
        ("leitgemeinde_ab", "leitgemeinde"),
        ("leitgemeinde_bis", "leitgemeinde"),
    )
    for zeile in s.zeilen["gemeinden"]:
        fehlend: dict[str, str] = {}
        for voll, leer in paare:
            if zeile.wert(voll) and not zeile.wert(leer):
                fehlend.setdefault(leer, voll)
        for leer, voll in fehlend.items():
            yield _verstoss(zeile, leer, "S-11", titel=_titel(leer), voll=_titel(voll))


def ueberschneidung(s: Sicht) -> Iterator[Verstoss]:
    """Two rows of one municipality in force on the same day, with nothing that tells them apart."""
    gemeldet: set[int] = set()
    je_nummer: dict[int, list[Rohzeile]] = {}
    for zeile in s.zeilen["gemeinden"]:
        je_nummer.setdefault(zeile.wert("bfs_nr"), []).append(zeile)
    for a, b in (paar for reihe in je_nummer.values() for paar in combinations(reihe, 2)):
        if id(b) in gemeldet:
            continue
        getrennt = any(
            a.wert(f"{name}_ab") and b.wert(f"{name}_ab") and not _beruehrt(_spanne(a, name), _spanne(b, name))
            for name in ("beteiligt", "leitgemeinde")
        )
        if not getrennt and _beruehrt(_spanne(a, "gueltig"), _spanne(b, "gueltig")):
            gemeldet.add(id(b))
            yield _verstoss(b, "bfs_nr", "S-09", bfs_nr=b.wert("bfs_nr"), andere=a.nummer)


def nachfolgerin(s: Sicht) -> Iterator[Verstoss]:
    """A successor that is no municipality, or the municipality itself."""
    for zeile in s.zeilen["gemeinden"]:
        neu = zeile.wert("nachfolgerin")
        if neu is not None and (neu not in s.namen or neu == zeile.wert("bfs_nr")):
            yield _verstoss(zeile, "nachfolgerin", "S-12", gelesen=neu)


def nachfolge_im_kreis(s: Sicht) -> Iterator[Verstoss]:
    """A chain of successors that comes back to its start: nobody would be left."""
    nach = {z.wert("bfs_nr"): z.wert("nachfolgerin") for z in s.zeilen["gemeinden"] if z.wert("nachfolgerin")}
    for zeile in s.zeilen["gemeinden"]:
        bfs, weg = zeile.wert("bfs_nr"), []
        naechste = nach.get(bfs) if zeile.wert("nachfolgerin") else None
        while naechste is not None and naechste not in weg:
            weg.append(naechste)
            naechste = nach.get(naechste)
        if bfs in weg and len(weg) > 1:
            kette = " → ".join(str(n) for n in [bfs, *weg[: weg.index(bfs) + 1]])
            yield _verstoss(zeile, "nachfolgerin", "S-35", kette=kette)


def leitgemeinde(s: Sicht) -> Iterator[Verstoss]:
    """A lead that is no municipality (Ziff. 3.4.2)."""
    for zeile in s.zeilen["gemeinden"]:
        leit = zeile.wert("leitgemeinde")
        if leit is not None and leit not in s.namen:
            yield _verstoss(zeile, "leitgemeinde", "S-13", gelesen=leit)


def leitgemeinde_ist_mitglied(s: Sicht) -> Iterator[Verstoss]:
    """A lead that is led itself at the same time; a lead that names itself is not (docs/entscheide/13)."""
    mitglieder = [z for z in s.zeilen["gemeinden"] if z.wert("leitgemeinde") not in (None, z.wert("bfs_nr"))]
    for zeile in mitglieder:
        leit = zeile.wert("leitgemeinde")
        for andere in mitglieder:
            if andere.wert("bfs_nr") == leit and all(
                _beruehrt(_spanne(zeile, name), _spanne(andere, name)) for name in ("gueltig", "leitgemeinde")
            ):
                ueber = andere.wert("leitgemeinde")
                yield _verstoss(zeile, "leitgemeinde", "S-14", gelesen=leit, ueber=ueber, andere=andere.nummer)
                break


def empfaenger(s: Sicht) -> Iterator[Verstoss]:
    """A payee that is not the lead (Ziff. 4.5.2)."""
    for zeile in s.zeilen["gemeinden"]:
        wer, leit = zeile.wert("empfaenger"), zeile.wert("leitgemeinde")
        if wer is not None and wer != leit:
            soll = "es ist keine Leitgemeinde eingetragen" if leit is None else f"die Leitgemeinde ist {leit}"
            yield _verstoss(zeile, "empfaenger", "S-15", gelesen=wer, soll=soll)


def qr(s: Sicht) -> Iterator[Verstoss]:
    """A QR-IBAN takes only payments with a QR reference."""
    for zeile in s.zeilen["gemeinden"]:
        if zeile.wert("iban") and qr_iban(zeile.wert("iban")):
            yield _verstoss(zeile, "iban", "S-17", gelesen=zeile.zellen["iban"].anzeige)


def _ohne_kanton(name: str) -> str:
    return " ".join(name.casefold().removesuffix("(so)").split())


def gemeindename(s: Sicht) -> Iterator[Verstoss]:
    """A name beside a number that is not this municipality's; «(SO)» does not matter."""
    verzeichnis = {g.bfs_nr: (g.name,) for g in daten.gemeinden()}
    for kennung, feld, namen in (
        ("gemeinden", "name", verzeichnis),
        ("bestand", "gemeinde", s.namen),
        ("rueckforderungen", "gemeinde", s.namen),
        ("entscheide", "gemeinde", s.namen),
    ):
        for zeile in s.zeilen[kennung]:
            gelesen, bekannt = zeile.wert(feld), namen.get(zeile.wert("bfs_nr"), ())
            if gelesen and bekannt and _ohne_kanton(gelesen) not in {_ohne_kanton(n) for n in bekannt}:
                werte = {"gelesen": gelesen, "bfs_nr": zeile.wert("bfs_nr"), "name": bekannt[-1]}
                yield Verstoss(kennung, zeile, feld, "S-08", werte)


def personenkonto(s: Sicht) -> Iterator[Verstoss]:
    """A number of finance that two municipalities share, neither of which is the other's lead or successor."""
    for feld, titel in (("kreditor_nr", "Kreditor-Nr."), ("debitor_nr", "Debitor-Nr.")):
        erste: dict[str, Rohzeile] = {}
        for zeile in (z for z in s.zeilen["gemeinden"] if z.wert(feld)):
            andere = erste.setdefault(zeile.wert(feld), zeile)
            verwandt = {andere.wert(f) for f in ("bfs_nr", "leitgemeinde", "nachfolgerin")}
            eigene = {zeile.wert(f) for f in ("bfs_nr", "leitgemeinde", "nachfolgerin")}
            if not (verwandt & eigene) - {None}:
                werte = {"titel": titel, "gelesen": zeile.wert(feld), "erste": andere.nummer}
                yield Verstoss("gemeinden", zeile, feld, "S-46", werte)


REGELN: tuple[Regel, ...] = (
    ende_nach_beginn,
    zusammengehoerig,
    ueberschneidung,
    nachfolgerin,
    nachfolge_im_kreis,
    leitgemeinde,
    leitgemeinde_ist_mitglied,
    empfaenger,
    qr,
    gemeindename,
    personenkonto,
)
