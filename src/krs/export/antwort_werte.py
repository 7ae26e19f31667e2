"""What an answer to a payment order consists of: states, days, reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

_UNTERWEGS = ("ACCP", "ACFC", "ACIS", "ACPD", "ACSP", "ACTC", "ACWC", "ACWP",
              "BLCK", "PART", "PATC", "PDNG", "PRES", "RCVD")  # fmt: skip
# ISO 20022, ExternalPaymentTransactionStatus1Code. True: paid, False: not and never, None: not yet.
_STATUS: dict[str, bool | None] = {
    **dict.fromkeys(("ACSC", "ACCC"), True),
    **dict.fromkeys(("RJCT", "CANC"), False),
    **dict.fromkeys(_UNTERWEGS),
}
_WORTE: dict[str, bool | None] = {
    **dict.fromkeys(("ausgeführt", "ausgefuehrt", "bezahlt", "gebucht", "verbucht"), True),
    **dict.fromkeys(("abgelehnt", "zurückgewiesen", "zurueckgewiesen", "storniert"), False),
    **dict.fromkeys(("offen", "pendent", "angenommen", "in bearbeitung")),
}
# ExternalStatusReason1Code, as far as a payment to a municipality meets it.
_GRUENDE = {
    "AC01": "IBAN falsch", "AC04": "Konto geschlossen", "AC06": "Konto gesperrt", "AG01": "Zahlung nicht erlaubt",
    "AM04": "Deckung fehlt", "AM05": "Doppel", "BE09": "Land ungültig", "DT01": "Datum ungültig",
    "DU01": "Meldung schon erhalten", "FF01": "Format ungültig", "RC01": "Bank unbekannt",
    "CH21": "Pflichtangabe fehlt", "CH17": "Angabe nicht erlaubt", "CH16": "Angabe falsch",
}  # fmt: skip


class AntwortFehler(ValueError):
    """The file cannot be read; one German sentence."""


@dataclass(frozen=True, slots=True)
class Rueckmeldung:
    """The state of one payment; without `end_to_end_id` that of all not named.

    `ausgefuehrt`: True paid, False turned away, None neither yet. `status` is the word that the file uses.
    """

    end_to_end_id: str
    ausgefuehrt: bool | None
    datum: date | None
    grund: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Antwort:
    """An answer to the order `msg_id` (empty if the file does not say); `gesamt` holds for payments not named."""

    msg_id: str
    eintraege: tuple[Rueckmeldung, ...]
    gesamt: Rueckmeldung | None = None

    def fuer(self, end_to_end_id: str) -> Rueckmeldung | None:
        """Return what the answer says of one payment of that order; None: nothing."""
        for eintrag in self.eintraege:
            if eintrag.end_to_end_id == end_to_end_id:
                return eintrag
        return replace(self.gesamt, end_to_end_id=end_to_end_id) if self.gesamt else None


def zustand(status: str) -> bool | None:
    """Return whether a payment in this state was made; None: not yet.

    Raises: AntwortFehler: not known.
    """
    if status.upper() in _STATUS:
        return _STATUS[status.upper()]
    if status.casefold() in _WORTE:
        return _WORTE[status.casefold()]
    raise AntwortFehler(
        f"Der Status «{status}» ist unbekannt; «ausgeführt», «abgelehnt», «offen» oder einen ISO-Code angeben."
    )


def datum(text: str) -> date | None:
    """Return the day of «2024-03-28» or «28.03.2024»; None if empty.

    Raises: AntwortFehler: not a day.
    """
    if not text:
        return None
    try:
        tag, punkt, rest = text.partition(".")
        monat, _, jahr = rest.partition(".")
        return date(int(jahr), int(monat), int(tag)) if punkt else date.fromisoformat(text)
    except ValueError:
        raise AntwortFehler(f"Das Datum «{text}» ist keines; als 28.03.2024 schreiben.") from None


def bedeutung(code: str) -> str:
    """Return a reason's code with what it means.

    >>> bedeutung("AC04")
    'AC04 (Konto geschlossen)'
    """
    return f"{code} ({_GRUENDE[code]})" if code in _GRUENDE else code
