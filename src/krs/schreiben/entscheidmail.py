"""The mail that tells what the canton decided about the forms of one Koordinationsstelle (Ziff. 4.2, 5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from krs.formulare.befund import Befund
from krs.recht import Leistung, datum, tausender
from krs.schreiben.rueckmeldung import ENTSCHIEDEN, Rueckmeldung, empfang, formularname, klausel, wessen

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid

_SATZENDE = re.compile(r"(?<!\b\d)(?<!\bSt)\. (?=[A-ZÄÖÜ«])")  # not that of «2. Halbjahr», «St. Niklaus»


@dataclass(frozen=True, slots=True)
class Kuerzung:
    """How much of a Leistung is declared and recognised."""

    leistung: Leistung
    gemeldet: int | None
    anerkannt: int | None


@dataclass(frozen=True, slots=True)
class Beschluss:
    """One decision: the points that it settles, and what it shortens."""

    entscheid: Entscheid
    befunde: tuple[Befund, ...] = ()
    kuerzungen: tuple[Kuerzung, ...] = ()


@dataclass(frozen=True, slots=True)
class Mitteilung:
    """What was decided about one form, and what that means for its contributions."""

    r: Rueckmeldung
    beschluesse: tuple[Beschluss, ...]
    folgen: tuple[str, ...] = ()


def entscheidmail(alle: Sequence[Mitteilung], unterschrift: str) -> tuple[str, str]:
    """Return subject and text of one mail for one Koordinationsstelle; nobody is named."""
    eines = len(alle) == 1
    wozu = "Ihrem Formular" if eines else "Ihren Formularen"
    zeilen = ["Guten Tag", "", f"Der Kanton hat zu {wozu} entschieden. Sie müssen nichts zurücksenden."]
    for m in sorted(alle, key=lambda m: (m.r.akte.gemeinde, m.r.akte.formular, m.r.akte.periode)):
        zeilen += ["", *_abschnitt(m)]
    schluss = (
        "Sind Sie mit dem Entscheid nicht einverstanden, antworten Sie auf diese E-Mail. Auf Beiträge besteht kein "
    )
    zeilen += ["", f"{schluss}Rechtsanspruch (Ziff. 4.1.1)."]
    return f"start.integration: Entscheid zu {wozu}", "\n".join([*zeilen, "", unterschrift, ""])


def _abschnitt(m: Mitteilung) -> list[str]:
    titel = f"{wessen(m.r)}: {formularname(m.r)}"
    zeilen = [titel, "-" * min(len(titel), 72)]
    zeilen += [f"{empfang(m.r)}."] if m.r.eingang else ["Das Formular ist nicht eingegangen."]
    for n, b in enumerate(m.beschluesse, 1):
        zeilen += ["", *_beschluss(n, b)]
    return [*zeilen, "", *m.folgen] if m.folgen else zeilen


def _beschluss(nummer: int, b: Beschluss) -> Iterator[str]:
    e = b.entscheid
    yield f"{nummer}. Entscheid vom {datum(e.datum)}: {ENTSCHIEDEN[e.entscheid]}. {e.begruendung.rstrip('.')}."
    for k in b.kuerzungen:
        yield f"   {k.leistung}: gemeldet {_zahl(k.gemeldet)}, anerkannt {_zahl(k.anerkannt)} (Ziff. 4.2)."
    for befund in b.befunde:
        yield f"   Es ging um: {_worum(befund)}"


def _worum(b: Befund) -> str:
    """Return what was found: the first sentence. What was to be done until the decision is over.

    >>> from krs.formulare.befund import melde, Akte
    >>> from krs.formulare.eingabe import LEERE_ZELLE
    >>> akte = Akte("a.xlsx", "Feldbrunnen-St. Niklaus", 2544, "Anhang 2", "2024-H1")
    >>> werte = {"gemeinde": "Feldbrunnen-St. Niklaus", "andere": "Riedholz", "periode": "2024-H1"}
    >>> _worum(melde(akte, "A2-22", LEERE_ZELLE, "", **werte))
    'Feldbrunnen-St. Niklaus und Riedholz melden für 2024-H1 genau die gleichen Zahlen. (Ziff. 3.4.2, A2-22)'
    """
    erster = _SATZENDE.split(b.meldung.removesuffix(f" ({klausel(b)})"), 1)[0]
    return f"{erster.removesuffix('.')}. ({klausel(b)})"


def _zahl(anzahl: int | None) -> str:
    return "unbekannt" if anzahl is None else tausender(anzahl)
