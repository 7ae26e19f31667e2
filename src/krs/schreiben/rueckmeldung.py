"""What goes back to a municipality about one of its files: in order, and in words for whoever filled it in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.ahv import ERSATZ
from krs.formulare.befund import Akte, Befund, Stufe, mehrzahl
from krs.formulare.formular import Formular, formulare, zeitraum
from krs.formulare.kontext import aufzaehlung
from krs.recht import LEISTUNG, Leistung, datum, franken
from krs.urteil.fassung import BEIM_KANTON, HALTEND, erledigt, mit_wochentag

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid

Paar = tuple[Befund, "Entscheid | None"]
_ADRESSE = re.compile(r"([A-Z]+)(\d+)")
UNLESBAR = (
    "Solange kein lesbares Formular vorliegt, gilt es als nicht eingereicht: Die Beiträge, die es belegt, werden nicht "
    "ausbezahlt."
)
UNBEKANNT = (
    "Diese Datei wird nicht gezählt. Ist sie ein Formular, das wir noch nicht haben, gilt es bis dahin als nicht "
    "eingereicht, und die Beiträge, die es belegt, werden nicht ausbezahlt."
)
ENTSCHIEDEN = {
    "anerkennen": "anerkannt",
    "kürzen": "gekürzt",
    "ablehnen": "abgelehnt",
    "zurückstellen": "zurückgestellt",
}


@dataclass(frozen=True, slots=True)
class Lage:
    """What the other versions and the runs say about a form.

    `gilt`: day of the version in force, if it is another one; `aenderungen`: what this one changes in it. `bezahlt`,
    `anerkannt`: CHF that runs paid for the form, and that are recognised beyond. `gehalten`: what waits for this
    version; None: not known. `wartend`: what waits of the version in force. `bis`: the day to answer by.
    """

    gilt: date | None = None
    bezahlt: Decimal = Decimal("0.00")
    laeufe: tuple[str, ...] = ()
    anerkannt: Decimal = Decimal("0.00")
    gehalten: tuple[Leistung, ...] | None = None
    wartend: tuple[Leistung, ...] = ()
    aenderungen: tuple[str, ...] = ()
    bis: date | None = None


@dataclass(frozen=True, slots=True)
class Rueckmeldung:
    """The Befunde of one file with the decisions on them, in the order in which one reads the form."""

    datei: str
    sha256: str
    akte: Akte
    eingang: date | None
    frist: date | None
    paare: tuple[Paar, ...]
    lage: Lage = Lage()

    def __post_init__(self) -> None:
        object.__setattr__(self, "paare", tuple(sorted(self.paare, key=_ort)))

    @property
    def offen(self) -> tuple[Paar, ...]:
        """What waits for a correction, an answer or a decision; Hinweise are not among it."""
        return tuple((b, e) for b, e in self.paare if b.stufe in HALTEND and not erledigt(b, e))

    @property
    def zu_tun(self) -> bool:
        """True if the municipality has to correct or answer something."""
        return any(b.code not in BEIM_KANTON for b, _ in self.offen)

    @property
    def entschieden(self) -> tuple[Paar, ...]:
        """What the canton has settled: acknowledged or refused."""
        return tuple((b, e) for b, e in self.paare if b.stufe in HALTEND and erledigt(b, e))

    @property
    def hinweise(self) -> tuple[Paar, ...]:
        """What only informs."""
        return tuple((b, e) for b, e in self.paare if b.stufe not in HALTEND)

    @property
    def anzahlen(self) -> tuple[int, int, int]:
        """How many are open: Fehler, Rückfragen; and how many Hinweise there are."""
        fehler = sum(b.stufe is Stufe.FEHLER for b, _ in self.offen)
        return fehler, len(self.offen) - fehler, len(self.hinweise)

    @property
    def lesbar(self) -> bool:
        """False if the file could not be read as a form: then a new one has to come."""
        return not any(b.code.startswith("E-") and b.stufe is Stufe.FEHLER for b, _ in self.paare)

    @property
    def mit_ahv(self) -> bool:
        """True if the file holds an AHV number: then it must not be sent back (domain «Data protection»)."""
        return any(b.code == "F-30" for b, _ in self.paare)

    @property
    def formular(self) -> Formular | None:
        """The form, None where it is unknown."""
        return next((f for f in formulare() if f.name == self.akte.formular), None)


def _ort(paar: Paar) -> tuple[bool, str, int, int, str]:
    """Sort key: what has no cell, then the form itself, other sheets, rows, columns."""
    befund = paar[0]
    treffer = _ADRESSE.match(befund.zelle)
    if treffer is None:
        return False, "", 0, 0, ""
    haupt = any(f.blatt == befund.blatt for f in formulare())
    return True, "" if haupt else befund.blatt, int(treffer[2]), len(treffer[1]), treffer[1]


def entscheidtext(e: Entscheid | None) -> str:
    """Return who decided on a Befund, when and why; nothing without a decision."""
    return f"{e.entscheid}: {e.begruendung} ({e.visum}, {_vom(e)})" if e else ""


def _vom(e: Entscheid) -> str:
    """Return the day of a decision, and that it was made about an earlier version."""
    return f"übernommen vom Entscheid {datum(e.datum)}" if e.uebernommen else datum(e.datum)


def antworttext(e: Entscheid | None) -> str:
    """Return the decision as the municipality reads it, such as «anerkannt am 05.08.2024 (AB): …»."""
    if e is None:
        return ""
    wann = _vom(e) if e.uebernommen else f"am {datum(e.datum)}"
    return f"{ENTSCHIEDEN[e.entscheid]} {wann} ({e.visum}): {e.begruendung}"


def aufforderung(b: Befund) -> str:
    """Return what was read and what to do: the message without its place and clause."""
    ort = f"{b.blatt}!{b.zelle}: " if b.zelle else f"{b.blatt}: "
    return b.meldung.removeprefix(ort).removesuffix(f" ({klausel(b)})")


def klausel(b: Befund) -> str:
    """Return clause and code, such as «Ziff. 5.2, F-11»."""
    return f"Ziff. {b.ziffer}, {b.code}" if b.ziffer else b.code


def gelesen(b: Befund) -> str:
    """Return what stood in the cell; never the text around an AHV number."""
    if b.code == "F-30":
        return ERSATZ
    return b.wert or ("leer" if b.zelle else "–")


def feldname(b: Befund, form: Formular | None) -> str:
    """Return the label of the field, nothing where a Befund is about the whole form."""
    feld = form.felder.get(b.feld) if form else None
    return feld.voll if feld else ""


def wessen(r: Rueckmeldung) -> str:
    """Return the municipality, or the file where the municipality is unknown."""
    return r.akte.gemeinde or f"Datei «{r.datei}»"


def formularname(r: Rueckmeldung) -> str:
    """Return form and period, such as «Reportingformular (Anhang 2), 1. Halbjahr 2024»; nothing if unknown."""
    form = r.formular
    return f"{form.titel} ({form.name}), {zeitraum(r.akte.periode)}" if form else ""


def empfang(r: Rueckmeldung) -> str:
    """Return when the form was received and when it was due."""
    teile = [f"Eingegangen am {mit_wochentag(r.eingang)}"] if r.eingang else []
    teile += [f"Eingabefrist {mit_wochentag(r.frist)}"] if r.frist else []
    return "; ".join(teile)


def zaehlung(r: Rueckmeldung) -> str:
    """Return what is open, such as «2 Fehler, 1 Rückfrage und 3 Hinweise»; nothing if nothing is."""
    fehler, fragen, hinweise = r.anzahlen
    teile = [f"{fehler} Fehler"] if fehler else []
    teile += [mehrzahl(fragen, "Rückfrage", "Rückfragen")] if fragen else []
    teile += [mehrzahl(hinweise, "Hinweis", "Hinweise")] if hinweise else []
    return aufzaehlung(teile)


def ruhe(r: Rueckmeldung) -> str:
    """Return the sentence for a file with nothing to do."""
    if r.offen:
        return "Sie müssen nichts zurücksenden. Der Kanton entscheidet und meldet sich bei Ihnen."
    beachten = ["den Entscheid" if len(r.entschieden) == 1 else "die Entscheide"] if r.entschieden else []
    beachten += ["den Hinweis" if len(r.hinweise) == 1 else "die Hinweise"] if r.hinweise else []
    if not beachten:
        return "Alles in Ordnung. Sie müssen nichts tun."
    return f"Sie müssen nichts zurücksenden. Bitte beachten Sie {' und '.join(beachten)}."


def nicht_ausbezahlt(r: Rueckmeldung, paare: Iterable[Paar]) -> str:
    """Return the contributions that wait because of Befunde, in the order of the circular."""
    betroffen = {a for b, _ in paare for a in b.ansprueche}
    wartet = r.lage.gehalten
    return ", ".join(str(x) for s, x in LEISTUNG.items() if s in betroffen and (wartet is None or x in wartet))


def stand_der_dinge(r: Rueckmeldung) -> list[str]:
    """Return what is true beside the open points: the version in force, what is paid, what an unread file means."""
    lage = r.lage
    bezahlt = f"{franken(lage.bezahlt)} (Lauf {', '.join(lage.laeufe)})"
    if lage.gilt is None:
        saetze = [f"Zu diesem Formular schon ausbezahlt: {bezahlt}; das bleibt so, bis es geklärt ist."]
        saetze = saetze if lage.bezahlt else []
        return saetze if r.lesbar else [*saetze, UNLESBAR if lage.gehalten is None or r.akte.formular else UNBEKANNT]
    was = "Ihre Fassung" if r.lesbar else "Ihr Formular"
    geld = [f"ausbezahlt sind dafür {bezahlt}"] if lage.bezahlt else []
    geld += [f"anerkannt und noch nicht ausbezahlt sind {franken(lage.anerkannt)}"] if lage.anerkannt else []
    saetze = ["; ".join([f"Es gilt weiterhin {was} vom {datum(lage.gilt)}", *geld]) + "."]
    saetze += [f"Davon zurückgestellt: {', '.join(lage.wartend)}."] if lage.wartend else []
    if lage.aenderungen:
        saetze.append(f"Offen ist nur die Änderung: {'; '.join(lage.aenderungen)}.")
    return saetze
