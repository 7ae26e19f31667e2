"""The letters of krs as who receives them reads them: text, attachments, and the section about each form."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from functools import cache

from krs.formulare.formular import formulare, zeitraum
from krs.recht.zeit import JAHRE

_ABSCHNITT = re.compile(r"\n([^\n]+)\n-{3,}\n(.*?)(?=\n[^\n]+\n-{3,}\n|\Z)", re.DOTALL)
RUHIG = ("Sie müssen nichts zurücksenden", "Alles in Ordnung")


@dataclass(frozen=True)
class Mail:
    """A draft: subject, text with plain line ends, attachments."""

    betreff: str
    text: str
    anhaenge: tuple[tuple[str, bytes], ...]

    def abschnitte(self) -> Iterator[Abschnitt]:
        """Yield what it says about each form or file."""
        for kopf, rest in _ABSCHNITT.findall(self.text):
            gemeinde, _, was = kopf.partition(": ")
            yield Abschnitt(kopf, gemeinde, *formular_von(was), tuple(rest.splitlines()))


@dataclass(frozen=True)
class Abschnitt:
    """What a letter says about one form; `formular` and `periode` are empty where the file is none."""

    kopf: str
    gemeinde: str
    formular: str
    periode: str
    zeilen: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines of the section."""
        return "\n".join(self.zeilen)

    @property
    def ruht(self) -> bool:
        """True if the municipality has to do nothing."""
        return any(z.startswith(RUHIG) for z in self.zeilen)

    @property
    def bis(self) -> date | None:
        """The day by which the letter calls an answer in time."""
        tage = tage_von(r"Rechtzeitig \w+ Ihre Antwort bis \w+, ([\d.]{10})", self.text)
        return tage[0] if tage else None

    @property
    def rechtzeitig(self) -> bool:
        """True if the form came by the deadline that the letter names."""
        da, frist = (
            tage_von(r"Eingegangen am \w+, ([\d.]{10})", self.text),
            tage_von(r"Eingabefrist \w+, ([\d.]{10})", self.text),
        )
        return bool(da and frist and da[0] <= frist[0])

    def fragt(self, code: str) -> bool:
        """Tell whether a point with this code stands in it."""
        return f"{code})" in self.text


def mail_von(daten: bytes) -> Mail:
    """Return a draft as its recipient sees it."""
    nachricht = email.message_from_bytes(daten, policy=email.policy.default)
    assert isinstance(nachricht, EmailMessage)
    rumpf = nachricht.get_body()
    assert rumpf is not None
    teile = tuple(
        (str(t.get_filename()), bytes(t.get_payload(decode=True) or b"")) for t in nachricht.iter_attachments()
    )
    return Mail(str(nachricht["Subject"]), str(rumpf.get_content()).replace("\r\n", "\n"), teile)


def tage_von(muster: str, text: str) -> list[date]:
    """Return the days that a pattern finds, as `31.07.2024`."""
    return [tag_von(t) for t in re.findall(muster, text)]


def tag_von(text: str) -> date:
    """Return the day of `31.07.2024`."""
    return datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 a day has no zone


@cache
def _formulare() -> dict[str, tuple[str, str]]:
    zeiten = [f"{j}{h}" for j in JAHRE for h in ("", "-H1", "-H2")]
    return {
        f"{f.titel} ({f.name}), {zeitraum(z)}": (f.name, z)
        for f in formulare() for z in zeiten if ("-" in z) is (f.nummer == 2)
    }  # fmt: skip


def formular_von(text: str) -> tuple[str, str]:
    """Return form and period of «Reportingformular (Anhang 2), 1. Halbjahr 2024»; both empty where it is none."""
    return _formulare().get(text, ("", ""))
