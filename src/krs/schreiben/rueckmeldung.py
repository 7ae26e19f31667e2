"""What goes back to a municipality about one of its files: in order, and in words for whoever filled it in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from krs.formulare.ahv import ERSATZ
from krs.formulare.befund import Akte, Befund, Stufe, mehrzahl
from krs.formulare.formular import Formular, formulare
from krs.formulare.kontext import aufzaehlung
from krs.recht import LEISTUNG, Halbjahr, datum
from krs.urteil.fassung import HALTEND, erledigt, mit_wochentag

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid

Paar = tuple[Befund, "Entscheid | None"]
_ADRESSE = re.compile(r"([A-Z]+)(\d+)")
BEIM_KANTON = ("F-07", "F-50")  # only the canton can act: taking part for a part of the period, received late
UNLESBAR = (
    "Solange kein lesbares Formular vorliegt, gilt es als nicht eingereicht: Die Beiträge, die es belegt, werden nicht "
    "ausbezahlt."
)
_ENTSCHIEDEN = {
    "anerkennen": "anerkannt",
    "kürzen": "gekürzt",
    "ablehnen": "abgelehnt",
    "zurückstellen": "zurückgestellt",
}


@dataclass(frozen=True, slots=True)
class Rueckmeldung:
    """The Befunde of one file with the decisions on them, in the order in which one reads the form."""

    datei: str
    sha256: str
    akte: Akte
    eingang: date | None
    frist: date | None
    paare: tuple[Paar, ...]

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
    return f"{e.entscheid}: {e.begruendung} ({e.visum}, {datum(e.datum)})" if e else ""


def antworttext(e: Entscheid | None) -> str:
    """Return the decision as the municipality reads it, such as «anerkannt am 05.08.2024 (AB): …»."""
    return f"{_ENTSCHIEDEN[e.entscheid]} am {datum(e.datum)} ({e.visum}): {e.begruendung}" if e else ""


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


def zeitraum(periode: str) -> str:
    """Return a period for people.

    >>> zeitraum("2024-H1"), zeitraum("2024")
    ('1. Halbjahr 2024', 'Jahr 2024')
    """
    if "-H" in periode:
        return Halbjahr.parse(periode).text
    return f"Jahr {periode}" if periode else ""


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


def leistungen(paare: Iterable[Paar]) -> str:
    """Return the contributions that Befunde touch, in the order of the circular."""
    betroffen = {a for b, _ in paare for a in b.ansprueche}
    return ", ".join(str(leistung) for schluessel, leistung in LEISTUNG.items() if schluessel in betroffen)


def mailtext(rs: Sequence[Rueckmeldung], absender: str) -> str:
    """Return one mail for one Koordinationsstelle, by municipality, form and cell."""
    geordnet = sorted(rs, key=lambda r: (r.akte.gemeinde, r.akte.formular, r.akte.periode, r.datei))
    zeilen = ["Guten Tag", "", *_einleitung(geordnet)]
    for r in geordnet:
        zeilen += ["", *_abschnitt(r)]
    return "\n".join([*zeilen, "", "Freundliche Grüsse", absender, "start.integration", ""])


def _einleitung(rs: Sequence[Rueckmeldung]) -> list[str]:
    dank = "Besten Dank für Ihr Formular." if len(rs) == 1 else "Besten Dank für Ihre Formulare."
    if not any(r.zu_tun for r in rs):
        return [f"{dank} Es ist nichts zu berichtigen und nichts zu beantworten; Sie müssen nichts zurücksenden."]
    mappe = "die beigelegte Arbeitsmappe" if len(rs) == 1 else "die beigelegten Arbeitsmappen"
    return [
        f"{dank} Damit die Beiträge ausbezahlt werden können, braucht es noch Ihre Mithilfe:",
        "",
        "- Fehler: bitte im Formular berichtigen.",
        "- Rückfragen: bitte prüfen. Stimmt die Angabe, erklären Sie es in den Bemerkungen des Formulars.",
        "- Hinweise: zur Kenntnis.",
        "",
        f"Öffnen Sie {mappe}: Das erste Blatt «Rückmeldung» nennt jede Stelle und sagt, was zu tun ist. Die Liste "
        "finden Sie auch unten.",
        "Senden Sie das berichtigte Formular als .xlsx-Datei zurück, am einfachsten als Antwort auf diese E-Mail.",
    ]


def _abschnitt(r: Rueckmeldung) -> list[str]:
    titel = f"{wessen(r)}: {formularname(r)}".removesuffix(": ")
    zeilen = [titel, "-" * min(len(titel), 72)]
    zeilen += [f"{text}." for text in (empfang(r), zaehlung(r)) if text]
    zeilen += [] if r.zu_tun else [ruhe(r)]
    if gehalten := leistungen(r.offen):
        zeilen += [f"Bis zur Klärung nicht ausbezahlt: {gehalten}."]
    zeilen += [] if r.lesbar else [UNLESBAR]
    if r.mit_ahv:
        zeilen += ["Ihre Datei enthält eine AHV-Nummer; wir schicken sie deshalb nicht zurück."]
    nummern = count(1)
    for titel, paare in (("", r.offen), ("Vom Kanton entschieden:", r.entschieden), ("Hinweise:", r.hinweise)):
        zeilen += ["", titel] if paare and titel else [""] if paare else []
        for b, e in paare:
            zeilen.append(f"{next(nummern)}. {'' if b.stufe is Stufe.HINWEIS else f'{b.stufe}: '}{b.meldung}")
            zeilen += [f"   Entscheid des Kantons: {antworttext(e)}"] if e else []
    return zeilen
