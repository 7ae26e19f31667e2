"""On which day a file was received: by mail, folder, archive or journal; what the screen says about it (entwurf 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from krs.ablage.durchgang import sichtbarer_name
from krs.formulare.ahv import ohne_ahv
from krs.formulare.befund import aufgezaehlt, begrenzt, mehrzahl
from krs.recht import datum
from krs.urteil.fassung import Einreichung, Vermerk

if TYPE_CHECKING:
    from krs.ablage.archiv import Eintrag
    from krs.ablage.post.weg import Weg

_JOURNAL = "Journal"


@dataclass(frozen=True, slots=True)
class Ort:
    """One place where a file lies: the day that its mail or folder claims, that of its folder, and who sent it."""

    name: str
    behauptet: date | None
    ordner: date | None
    absender: str = ""
    wege: tuple[Weg, ...] = ()
    schein: str = ""  # a folder that only looks like a day

    def tag(self, grenze: date) -> tuple[date, str] | None:
        """Return the day of receipt, none after the file was read, and where it comes from."""
        moegliche = ((self.behauptet, "nach seiner E-Mail"), (self.ordner, "nach seinem Ordner"))
        je = {tag: quelle for tag, quelle in moegliche if tag is not None and tag <= grenze}  # equal: of its folder
        return next(iter(je.items()), None)


@dataclass(frozen=True, slots=True)
class Eingangstag:
    """A file with its day of receipt; `quelle`: where the day comes from."""

    einreichung: Einreichung
    quelle: str


def bestimme(
    e: Einreichung, orte: Sequence[Ort], archiv: tuple[date, date | None] | None, grenze: date, sonst: date
) -> Eingangstag:
    """Return a file with its day of receipt (entwurf 1): of folder or mail, else the day it was archived first.

    Of several the earliest counts; none after the file was read, which E-25 says.

    Args:
        archiv: the day that its index has, and the one that the journal of intake has: an earlier one that no line of
            the journal knows is not believed (docs/entscheide/66).
        grenze: the day on which it was first read.
        sonst: the day of a file that has none.
    """
    tage = [tag for ort in orte if (tag := ort.tag(grenze)) is not None]
    alt, journal = archiv or (None, None)
    if tage:
        eingang, quelle = min(tage)
    elif alt is None or alt > grenze:
        eingang, quelle = sonst, "weil die Datei da schon gelesen war (E-25)"
    else:
        eingang = max(alt, min(journal or alt, grenze))
        quelle = _JOURNAL if eingang != alt else ""
    zu_spaet = [("Die E-Mail" if o.behauptet != o.ordner else "Der Ordner", o.behauptet) for o in orte]
    zu_spaet += [("Das Archiv", alt)] if alt else []
    for wer, behauptet in zu_spaet:
        if behauptet is not None and behauptet > grenze:
            werte = {"quelle": wer, "behauptet": datum(behauptet), "eingang": datum(eingang)}
            e = replace(e, vermerke=(("E-25", werte),))
            break
    sichere = {tag for o in orte if (tag := o.tag(grenze)) and not (o.schein and o.behauptet == o.ordner)}
    schein = next((o.schein for o in orte if o.schein and o.behauptet == o.ordner), "")
    if schein and (eingang, quelle) not in sichere:
        e = replace(e, vermerke=(*e.vermerke, kein_tag(schein, eingang)))
    return Eingangstag(replace(e, eingang=eingang), quelle)


def kein_tag(ordner: str, eingang: date) -> Vermerk:
    """Return what is noted about a file in a folder that only looks like a day."""
    return "E-28", {"ordner": ohne_ahv(sichtbarer_name(ordner)), "eingang": datum(eingang)}


def ungewisse(neue: Iterable[Einreichung]) -> list[str]:
    """Return the sentences about new files whose day is not what their mail or folder seems to say (E-25, E-28)."""
    namen: list[str] = []
    ordner: dict[object, list[str]] = {}
    for e in neue:
        for code, werte in e.vermerke:
            if code == "E-25":
                namen.append(e.datei)
            elif code == "E-28":
                ordner.setdefault(werte["ordner"], []).append(datum(e.eingang))
    anfang = mehrzahl(len(namen), "Datei nennt", "Dateien nennen")
    saetze = [f"{anfang} einen Tag des Eingangs, der noch nicht da war (E-25): {aufgezaehlt(namen)}."] if namen else []
    for name, tage in sorted(ordner.items(), key=str):
        was = mehrzahl(len(tage), "Datei darin gilt", "Dateien darin gelten")
        saetze.append(
            f"Der Ordner «{name}» im Eingang ist kein Tag (E-28): {was} als eingegangen am "
            f"{begrenzt(list(dict.fromkeys(tage)))}. Benennen Sie ihn um; nur Namen wie 2024-07-20 (JJJJ-MM-TT) sind "
            "ein Tag."
        )
    return saetze


def angesagt(e: Einreichung, alt: Eintrag, tag: Eingangstag) -> str:
    """Return the sentence about a day of receipt that is another one than the archive has, with its cause."""
    neu, bisher = datum(e.eingang), datum(alt.eingang)
    if tag.quelle == _JOURNAL:
        wer = ", ".join(filter(None, (alt.wer.gemeinde, f"SHA-256 {alt.sha256[:8]}…")))
        return (
            f"Archiv/index.csv nennt für «{e.datei}» ({wer}) den {bisher} als Tag des Eingangs, das Journal "
            f"(Archiv/eingang.csv) den {neu}. Es gilt der {neu}."
        )
    innen = e.eingang != tag.einreichung.eingang
    quelle = "weil ein Mailserver aus den Einstellungen es bestätigt (E-27)" if innen else tag.quelle
    return f"Eingang von «{e.datei}»: neu {neu} statt {bisher}, {quelle}."
