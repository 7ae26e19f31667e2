"""Letters about forms to come and forms that were accepted: invitation, friendly reminder, receipt (Ziff. 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.formular import formular_fuer, zeitraum
from krs.formulare.kontext import aufzaehlung
from krs.recht import Leistung, datum, franken, fristhinweis
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, ZURUECKGESTELLT
from krs.urteil.fassung import mit_wochentag

if TYPE_CHECKING:
    from krs.urteil.ansprueche import Anspruch
    from krs.urteil.tafel import Zeile


@dataclass(frozen=True, slots=True)
class Posten:
    """One form of one municipality that is to come; `zeit`: `2024-H1` (Anhang 2) or `2024` (Anhang 3)."""

    bfs_nr: int
    gemeinde: str
    zeit: str
    frist: date
    lead: str = ""  # whose Selbstdeklaration stands for it too (Ziff. 4.2)

    @property
    def name(self) -> str:
        """Form and period as a letter names them."""
        form = formular_fuer(self.zeit)
        return f"{form.titel} ({form.name}), {zeitraum(self.zeit)}"


def _mehrere(posten: Sequence[object], eines: str, viele: str) -> str:
    return eines if len(posten) == 1 else viele


def _liste(posten: Sequence[Posten], mit_frist: bool) -> str:
    return "\n".join(
        f"- {p.gemeinde}: {p.name}{f', bis {mit_wochentag(p.frist)}' if mit_frist else ''}" for p in posten
    )


def _wohin(kontakt: str) -> str:
    return f"an {kontakt}" if kontakt else "als Antwort auf diese E-Mail"


def _nullmeldung(posten: Sequence[Posten]) -> str:
    if not any("-" in p.zeit for p in posten):
        return ""
    return (
        "Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der Nullmeldung «Ja» und "
        "bestätigen Sie das Formular am Schluss."
    )


def _durch_leitgemeinde(posten: Sequence[Posten]) -> str:
    """Say of members what their lead does for them: they may leave this form to it (Ziff. 4.2, docs/entscheide/13)."""
    mitglieder = {p.gemeinde: p.lead for p in posten if p.lead}
    if not mitglieder:
        return ""
    leads, wer = aufzaehlung([*dict.fromkeys(mitglieder.values())]), aufzaehlung([*mitglieder])
    return f"Die Selbstdeklaration der Leitgemeinde ({leads}) gilt auch für {wer}; eine eigene ist dann nicht nötig."


def _brief(*absaetze: str) -> str:
    return "\n\n".join(filter(None, ("Guten Tag", *absaetze))) + "\n"


def einladung(posten: Sequence[Posten], gruss: str, kontakt: str) -> tuple[str, str]:
    """Return subject and text of the mail that brings the templates; `kontakt`: where forms are sent, may be empty.

    `gruss`: its last paragraph.
    """
    fristen = sorted({p.frist for p in posten})
    bis = f"bis {mit_wochentag(fristen[0])}," if len(fristen) == 1 else "bis zu diesen Tagen"
    es = _mehrere(posten, "es", "sie")
    text = _brief(
        _mehrere(posten, "Beigelegt ist das Formular", f"Beigelegt sind die {len(posten)} Formulare")
        + " für start.integration:\n\n"
        + _liste(posten, len(fristen) > 1),
        f"Bitte füllen Sie {es} in Excel aus und senden Sie {es} {bis} als Excel-Arbeitsmappe (.xlsx) "
        f"{_wohin(kontakt)} zurück. {_mehrere(fristen, 'Die Frist ist', 'Die Fristen sind')} als Kalendereintrag "
        "beigelegt.",
        *dict.fromkeys(filter(None, map(fristhinweis, fristen))),
        _nullmeldung(posten),
        _durch_leitgemeinde(posten),
        gruss,
    )
    was = posten[0].name if len(posten) == 1 else f"{len(posten)} Formulare"
    return f"start.integration: {was}, bis {datum(fristen[0])}", text


def erinnerung(posten: Sequence[Posten], gruss: str, kontakt: str) -> tuple[str, str]:
    """Return subject and text of a friendly word before the deadline."""
    es, vorlage = _mehrere(posten, "es", "sie"), _mehrere(posten, "Die Vorlage liegt", "Die Vorlagen liegen")
    text = _brief(
        _mehrere(posten, "Dieses Formular ist", "Diese Formulare sind")
        + " bei uns noch nicht eingetroffen:\n\n"
        + _liste(posten, True),
        f"Bitte denken Sie daran und senden Sie {es} {_wohin(kontakt)}. {vorlage} bei.",
        _nullmeldung(posten),
        _durch_leitgemeinde(posten),
        f"Haben Sie {es} inzwischen gesendet, ist diese E-Mail gegenstandslos.",
        gruss,
    )
    return f"start.integration: Erinnerung, Frist {datum(min(p.frist for p in posten))}", text


def quittung(zeilen: Sequence[tuple[Zeile, Sequence[tuple[Anspruch, str]]]], gruss: str) -> tuple[str, str]:
    """Return subject and text of the receipt for accepted forms, each with its claims and why one is not paid.

    What it says holds whether the claims are paid already or not.
    """
    text = _brief(
        _mehrere(zeilen, "Wir haben Ihr Formular erhalten und angenommen:", "Wir haben Ihre Formulare angenommen:"),
        *(_angenommen(z, ansprueche) for z, ansprueche in zeilen),
        "Auf Beiträge besteht kein Rechtsanspruch (Ziff. 4.1.1); ausbezahlt wird Ende März und Ende September "
        "(Ziff. 4.5.2).",
        "Stimmt eine Zahl nicht, senden Sie bitte das berichtigte Formular"
        + ("." if any(weshalb for _, paare in zeilen for _, weshalb in paare) else "; sonst müssen Sie nichts tun."),
        gruss,
    )
    return f"start.integration: {_mehrere(zeilen, 'Formular angenommen', f'{len(zeilen)} Formulare angenommen')}", text


def _angenommen(z: Zeile, ansprueche: Sequence[tuple[Anspruch, str]]) -> str:
    assert z.eingang is not None
    kopf = f"{z.gemeinde}: {Posten(z.bfs_nr or 0, z.gemeinde, z.periode, z.eingang).name}"
    zeilen = [kopf, f"Eingegangen am {mit_wochentag(z.eingang)}; Kennzeichen der Datei: {z.sha256[:8]}."]
    if z.nullmeldung:
        zeilen.append("Nullmeldung: keine Gespräche.")
    zeilen += [f"- {_zeile(a)}{weshalb and f': {weshalb}'}" for a, weshalb in ansprueche]
    return "\n".join(zeilen)


def _zeile(a: Anspruch) -> str:
    was = f"{a.leistung}: {a.anzahl}" if a.leistung is not Leistung.SOCKEL else f"{a.leistung} {a.periode}"
    if a.status in (ANERKANNT, BEZAHLT) and a.betrag is not None:
        return f"{was}, Beitrag {franken(a.betrag)}"
    return f"{was}, {'zurückgestellt' if a.status == ZURUECKGESTELLT else a.status}"
