"""Payment runs: preview, prepare with a first mark, release with a second; afterwards nothing changes (entwurf 4.5)."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs import __version__
from krs.ablage.eingangsjournal import NIEMAND, Hand
from krs.ablage.gegenrechnung import summen
from krs.ablage.laeufe import Laeufe, Vorbereitung, als_json
from krs.ablage.laufdateien import buchungen_csv, zahlungen_csv
from krs.ablage.lesend import lesend
from krs.ablage.ordner import Ablage, AblageFehler, schreibe
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stammdaten_aus, stille
from krs.ablauf.gemeinsam import konto as konto_des_systems
from krs.ablauf.konsolidierung import beurteilen
from krs.ablauf.laufausgabe import Lage, konten, mitteilungen, zahlungsdateien, zahlungsprobleme
from krs.ablauf.laufmails import schreibe_laufmails
from krs.lauf.auffaellig import Vorlauf
from krs.lauf.forderungen import veraendert
from krs.lauf.freigabe import hindernisse, kuenftig
from krs.lauf.kennung import Lauf
from krs.lauf.kredit import kreditstand
from krs.lauf.plan import Laufplan, laufplan
from krs.recht import datum as tagtext
from krs.recht.zeit import JAHRE

if TYPE_CHECKING:
    from krs.formulare.befund import Befund
    from krs.stammdaten.stammdaten import Stammdaten

_NACHZAHLUNGEN = 9  # to one run: names in the order of time
VORSCHAU, VORBEREITET, FREIGEGEBEN = "Vorschau", "vorbereitet", "freigegeben"


@dataclass(frozen=True, slots=True)
class Auftrag:
    """What is to be done with a run: nothing but a preview, or with which marks.

    `konto`: who is signed on, where a host knows; such an account never prepares and releases the same run. Empty:
    the account of the system, as a record only. `hand`: who acts and when really, for the journal of intake.
    `nachzahlung`: the next one after that run is meant, which pays again what the bank turned away.
    """

    lauf: str
    datum: date | None = None
    valuta: date | None = None
    vorbereiten: bool = False
    freigeben: bool = False
    visa: tuple[str, ...] = ()
    konto: str = ""
    hand: Hand = NIEMAND
    nachzahlung: bool = False


@dataclass(frozen=True, slots=True)
class Zahlungslauf:
    """A run as worked out or released: where it lies, None for a preview that could not be kept; what is in its way."""

    stand: str
    plan: Laufplan
    hindernisse: tuple[str, ...]
    pruefsumme: str
    ort: Path | None
    befunde: tuple[Befund, ...] = ()
    meldungen: tuple[str, ...] = ()


def zahlungslauf(pfad: Path, auftrag: Auftrag, heute: date, fortschritt: Fortschritt = stille) -> Zahlungslauf:
    """Work a run out; prepare or release it as told.

    Args:
        heute: the day of the run where the order names none; no form is received later.
    Raises: AblageFehler: refused, with the list of reasons; ValueError: no such run.
    """
    lauf = Lauf.parse(auftrag.lauf)
    ernst = auftrag.vorbereiten or auftrag.freigeben
    if auftrag.visa and not ernst:
        raise AblageFehler("Ein Visum gehört zu «--vorbereiten» oder «--freigeben». Nennen Sie, was Sie tun wollen.")
    ablage = Ablage.oeffnen(pfad)
    if not ernst:
        return _vorschau(*lesend(ablage, lambda: _rechnen(ablage, lauf, auftrag, heute, fortschritt)))
    with ablage.sperre():
        lage, vorher, im_weg, meldungen = _rechnen(ablage, lauf, auftrag, heute, fortschritt)
        plan, befunde = lage.plan, lage.befunde
        if im_weg:
            raise AblageFehler("\n– ".join((f"Der Lauf {lauf} kann nicht freigegeben werden:", *im_weg)))
        if auftrag.vorbereiten and not auftrag.freigeben:
            ort = _vorbereiten(lage, auftrag)
            return Zahlungslauf(VORBEREITET, plan, (), lage.summe, ort, befunde, tuple(meldungen))
        ort, mehr = _freigeben(lage, auftrag, vorher)
        return Zahlungslauf(FREIGEGEBEN, plan, (), lage.summe, ort, befunde, (*meldungen, *mehr))


def _rechnen(
    ablage: Ablage, lauf: Lauf, auftrag: Auftrag, heute: date, fortschritt: Fortschritt
) -> tuple[Lage, Vorbereitung | None, tuple[str, ...], list[str]]:
    """Return the run, what was prepared, what stands in the way, and sentences. Raises: AblageFehler: released."""
    laeufe = _offen(ablage, lauf, nachzahlung=auftrag.nachzahlung)
    lauf = _nachzahlung(laeufe, lauf) if auftrag.nachzahlung or lauf.nummer else lauf
    vorher = laeufe.vorbereitung(str(lauf)) if auftrag.freigeben else None
    tag = auftrag.datum or (vorher.datum if vorher else heute)
    valuta = auftrag.valuta or (vorher.valuta if vorher else None)
    if not all(t.year in JAHRE for t in (tag, valuta or tag)):
        raise AblageFehler(f"Datum und Valuta eines Laufs liegen zwischen {JAHRE[0]} und {JAHRE[-1]}.")
    ernst = auftrag.vorbereiten or auftrag.freigeben
    urteil, befunde, stamm, meldungen = beurteilen(
        ablage, Uhr(tag, heute, hand=auftrag.hand), fortschritt, festhalten=ernst, laeufe=laeufe
    )
    letzter = vorlauf(laeufe)
    plan = laufplan(urteil, laeufe.journal, lauf, tag, valuta, letzter)
    for jahr in sorted({b.kreditjahr for b in plan.buchungen if b.kreditjahr is not None}):
        meldungen += kreditstand(urteil, laeufe.journal, jahr, tag).warnungen()
    lage = Lage(ablage, laeufe, urteil, befunde, stamm, plan, _inhaltssumme(plan, urteil.stammdaten), letzter)
    anders = veraendert(urteil.stammdaten, letzter.stammdaten, letzter.lauf, laeufe.journal) if letzter else ()
    im_weg = (*kuenftig(plan, heute), *hindernisse(plan, urteil, befunde, anders)) or zahlungsprobleme(lage)
    return lage, vorher, im_weg, meldungen


def vorlauf(laeufe: Laeufe) -> Vorlauf | None:
    """Return the last released run with its Stammdaten. Raises: AblageFehler: they are not as they were released."""
    if not laeufe.inhalte:
        return None
    name = max(laeufe.inhalte)
    stamm = stammdaten_aus(laeufe.pruefe(name, "Stammdaten.xlsx"), Path(name, "Stammdaten.xlsx"))[0]
    return Vorlauf(name, stamm, date.fromisoformat(laeufe.inhalte[name]["datum"]))


def _nachzahlung(laeufe: Laeufe, lauf: Lauf) -> Lauf:
    """Return the next Nachzahlung after a run. Raises: AblageFehler: that is not the last one released."""
    letzter = Lauf.parse(max(laeufe.inhalte)) if laeufe.inhalte else None
    neu = replace(letzter, nummer=letzter.nummer + 1) if letzter else lauf
    if (
        letzter is None
        or replace(letzter, nummer=0) != replace(lauf, nummer=0)
        or lauf.nummer not in (0, neu.nummer - 1, neu.nummer)
    ):
        wie = f"der letzte ist {letzter}" if letzter else "es gibt noch keinen"
        raise AblageFehler(
            f"Eine Nachzahlung folgt auf den letzten freigegebenen Lauf, und sie haben keine Lücken; {wie}. "
            "Sie zahlt alles, was die Bank zurückwies und noch kein Lauf erneut bezahlt hat."
        )
    if neu.nummer > _NACHZAHLUNGEN:
        raise AblageFehler(
            f"Zum Lauf {letzter.jahr}-{letzter.monat:02d} gibt es schon {_NACHZAHLUNGEN} Nachzahlungen; was noch offen "
            "ist, zahlt der nächste Lauf."
        )
    return neu


def _offen(ablage: Ablage, lauf: Lauf, *, nachzahlung: bool = False) -> Laeufe:
    """Return the runs so far. Raises: AblageFehler: this one is released, and no Nachzahlung to it is meant."""
    laeufe = Laeufe(ablage.laeufe)
    if str(lauf) in laeufe.inhalte and not nachzahlung:
        laeufe.wegraeumen(str(lauf))
        raise AblageFehler(
            f"Der Lauf {lauf} ist schon freigegeben und ändert sich nicht mehr («{ablage.laeufe / str(lauf)}»)."
        )
    return laeufe


def _inhaltssumme(plan: Laufplan, stammdaten: Stammdaten) -> str:
    """Return the hash of what is paid, netted and invoiced, and to whom: two people mark the same one."""
    inhalt = {
        "datum": plan.datum,
        "valuta": plan.valuta,
        "zahlungen": zahlungen_csv(plan.abrechnungen).decode(),
        "buchungen": buchungen_csv(plan.buchungen, None).decode(),
        "rechnungen": list(map(asdict, plan.rechnungen)),
        "konten": konten(plan, stammdaten),
    }
    return hashlib.sha256(als_json(inhalt)).hexdigest()


# --- preview and marks ----------------------------------------------------------------------
def _vorschau(lage: Lage, _: Vorbereitung | None, im_weg: tuple[str, ...], meldungen: list[str]) -> Zahlungslauf:
    """Return what a run would pay; a workbook shows it where one may write at once (docs/entscheide/41)."""
    lauf, mappe = lage.plan.lauf, _mappe(lage, (), vorschau=True)
    ort: Path | None = None
    try:
        with lage.ablage.sperre(kurz=True):
            schreibe(ziel := lage.laeufe.vorschau(str(lauf)), mappe)
            ort = ziel
    except AblageFehler as fehler:
        meldungen.append(f"Die Vorschau liegt nicht als Mappe in der Ablage: {fehler}")
    _offen(lage.ablage, lauf)  # it may have been released meanwhile
    return Zahlungslauf(VORSCHAU, lage.plan, im_weg, lage.summe, ort, lage.befunde, tuple(meldungen))


def _mappe(lage: Lage, visa: tuple[tuple[str, str, date], ...], *, vorschau: bool) -> bytes:
    from krs.mappen.berichte.abrechnung import Laufkopf, abrechnungslauf_mappe

    kopf = Laufkopf(lage.summe, visa, vorschau)
    return abrechnungslauf_mappe(lage.plan, lage.urteil, lage.laeufe.journal, kopf)


def _vorbereiten(lage: Lage, auftrag: Auftrag) -> Path:
    visum, konto = _visa(auftrag, 1)[0], auftrag.konto or konto_des_systems()
    plan = lage.plan
    ort = lage.laeufe.vorschau(str(plan.lauf))
    schreibe(ort, _mappe(lage, (), vorschau=True))  # first: where Excel holds it, nothing is prepared
    lage.laeufe.vorbereiten(Vorbereitung(str(plan.lauf), plan.datum, plan.valuta, lage.summe, visum, konto))
    return ort


def _visa(auftrag: Auftrag, anzahl: int) -> tuple[str, ...]:
    visa = tuple(v.strip() for v in auftrag.visa if v.strip())
    if len(visa) != anzahl:
        wie = "ein Visum (--visum AB)" if anzahl == 1 else "zwei Visa (--visum AB --visum CD)"
        raise AblageFehler(f"Nennen Sie {wie}: Wer vorbereitet, gibt nicht selbst frei.")
    return visa


def _freigeben(lage: Lage, auftrag: Auftrag, vorher: Vorbereitung | None) -> tuple[Path, list[str]]:
    plan, konto = lage.plan, auftrag.konto or konto_des_systems()
    if vorher is None:
        erstes, zweites = _visa(auftrag, 2)
        erstkonto = konto
    else:
        erstes, erstkonto = vorher.visum, vorher.konto
        (zweites,) = _visa(auftrag, 1)
        if vorher.pruefsumme != lage.summe:
            raise AblageFehler(
                f"Seit der Vorbereitung des Laufs {plan.lauf} am {tagtext(vorher.datum)} hat sich geändert, was "
                "bezahlt würde: Beträge, Tag, Konten oder Adressen. Sehen Sie die Vorschau an und bereiten Sie den "
                "Lauf neu vor."
            )
    if auftrag.konto and _gleich(erstkonto) == _gleich(konto):
        raise AblageFehler(f"Das Konto «{konto}» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person.")
    if _gleich(erstes) == _gleich(zweites):
        raise AblageFehler(f"«{zweites}» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person.")
    visa = ((VORBEREITET, erstes, plan.datum), (FREIGEGEBEN, zweites, plan.datum))
    dateien = {
        f"Abrechnungslauf_{plan.lauf}.xlsx": _mappe(lage, visa, vorschau=False),
        "Stammdaten.xlsx": lage.stammdaten_bytes,
        **zahlungsdateien(lage),
        **mitteilungen(lage),
    }
    inhalt = {
        "lauf": str(plan.lauf),
        "datum": plan.datum,
        "valuta": plan.valuta,
        "software": f"krs {__version__}",
        "inhalt": lage.summe,
        "visa": [
            {"rolle": rolle, "visum": visum, "konto": k}
            for (rolle, visum, _), k in zip(visa, (erstkonto, konto), strict=True)
        ],
        "eingaben": {
            "stammdaten": hashlib.sha256(lage.stammdaten_bytes).hexdigest(),
            "formulare": sorted({z.sha256 for z in lage.urteil.zeilen if z.sha256 and z.fassung and z.fassung.gelesen}),
        },
        "summen": summen(plan.abrechnungen),
        "anzahlen": {
            "buchungen": len(plan.buchungen),
            "gemeinden": len(plan.abrechnungen),
            "zahlungen": sum(a.auszahlung > 0 for a in plan.abrechnungen),
            "rechnungen": len(plan.rechnungen),
        },
        "rechnungen": list(map(asdict, plan.rechnungen)),
        "warnungen": list(plan.warnungen),
    }
    meldungen = schreibe_laufmails(lage, dateien)  # first: once the run stands, nobody would write them any more
    return lage.laeufe.freigeben(str(plan.lauf), dateien, inhalt), meldungen


def _gleich(visum: str) -> str:
    """Return a mark as it is compared: case, blanks, widths and what nobody sees make no other person."""
    glatt = unicodedata.normalize("NFKC", visum).casefold()
    return "".join(z for z in glatt if z.isprintable() and not z.isspace())
