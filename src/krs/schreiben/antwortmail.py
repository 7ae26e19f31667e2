"""The mail about the forms of one Koordinationsstelle: what is open, what holds meanwhile, until when to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import count, groupby

from krs.formulare.befund import Befund, Stufe
from krs.schreiben.rueckmeldung import (
    Paar,
    Rueckmeldung,
    antworttext,
    aufforderung,
    empfang,
    formularname,
    nicht_ausbezahlt,
    ruhe,
    stand_der_dinge,
    wessen,
    zaehlung,
)
from krs.urteil.fassung import mit_wochentag

_ORTE = 12  # cells that one line names


def mailtext(
    rs: Sequence[Rueckmeldung],
    unterschrift: str,
    erinnerung: date | None = None,
    mit_vorlage: Collection[Rueckmeldung] = (),
) -> str:
    """Return one mail for one Koordinationsstelle, by municipality, form and cell.

    Args:
        unterschrift: the last paragraph.
        erinnerung: the day of a mail that reminds.
        mit_vorlage: for these the template that was meant hangs on the mail.
    """
    geordnet = sorted(rs, key=lambda r: (r.akte.gemeinde, r.akte.formular, r.akte.periode, r.datei))
    zeilen = ["Guten Tag", "", *_einleitung(geordnet, erinnerung is not None)]
    for r in geordnet:
        zeilen += ["", *_abschnitt(r, erinnerung, ["Die richtige Vorlage liegt bei."] if r in mit_vorlage else [])]
    return "\n".join([*zeilen, "", unterschrift, ""])


def _einleitung(rs: Sequence[Rueckmeldung], erinnerung: bool) -> list[str]:
    eines = len(rs) == 1
    dank = "Besten Dank für Ihr Formular." if eines else "Besten Dank für Ihre Formulare."
    if not any(r.zu_tun for r in rs):
        return [f"{dank} Es ist nichts zu berichtigen und nichts zu beantworten; Sie müssen nichts zurücksenden."]
    if erinnerung:
        dank = f"Zu {'Ihrem Formular' if eines else 'Ihren Formularen'} fehlt uns noch Ihre Antwort."
    wartet = any(nicht_ausbezahlt(r, r.offen) or not r.lesbar for r in rs)
    wozu = "Damit die Beiträge ausbezahlt werden können, braucht es" if wartet else "Dazu braucht es"
    mappe = "die beigelegte Arbeitsmappe" if eines else "die beigelegten Arbeitsmappen"
    return [
        f"{dank} {wozu} noch Ihre Mithilfe:",
        "",
        "- Fehler: bitte im Formular berichtigen.",
        "- Rückfragen: bitte prüfen. Stimmt die Angabe, erklären Sie es in den Bemerkungen des Formulars.",
        "- Hinweise: zur Kenntnis.",
        "",
        f"Öffnen Sie {mappe}: Das erste Blatt «Rückmeldung» nennt jede Stelle und sagt, was zu tun ist. Die Liste "
        "finden Sie auch unten.",
        "Senden Sie das berichtigte Formular als .xlsx-Datei zurück, am einfachsten als Antwort auf diese E-Mail.",
    ]


def _abschnitt(r: Rueckmeldung, erinnerung: date | None, vorlage: list[str]) -> list[str]:
    titel = f"{wessen(r)}: {formularname(r)}".removesuffix(": ")
    zeilen = [titel, "-" * min(len(titel), 72)]
    zeilen += [f"{text}." for text in (empfang(r), zaehlung(r)) if text]
    zeilen += [] if r.zu_tun else [ruhe(r)]
    if wartet := nicht_ausbezahlt(r, r.offen):
        zeilen += [f"Bis zur Klärung nicht ausbezahlt: {wartet}."]
    zeilen += stand_der_dinge(r)
    if r.zu_tun and r.lage.bis:
        vorbei = erinnerung is not None and erinnerung > r.lage.bis
        ende = ". Antworten Sie bitte umgehend." if vorbei else "."
        zeilen += [f"Rechtzeitig {'war' if vorbei else 'ist'} Ihre Antwort bis {mit_wochentag(r.lage.bis)}{ende}"]
    zeilen += vorlage
    if r.mit_ahv:
        zeilen += ["Ihre Datei enthält eine AHV-Nummer; wir schicken sie deshalb nicht zurück."]
    nummern = count(1)
    for titel, paare in (("", r.offen), ("Vom Kanton entschieden:", r.entschieden), ("Hinweise:", r.hinweise)):
        zeilen += ["", titel] if paare and titel else [""] if paare else []
        for text, e in _gefaltet(paare):
            zeilen.append(f"{next(nummern)}. {text}")
            zeilen += [f"   Entscheid des Kantons: {e}"] if e else []
    return zeilen


def _gefaltet(paare: Sequence[Paar]) -> Iterator[tuple[str, str]]:
    """Yield a line per point with its decision; what is said of several cells in the same words is said once."""
    for (stufe, _, was, entscheid), gruppe in groupby(paare, key=_worte):
        befunde = [b for b, _ in gruppe]
        vorne = "" if stufe is Stufe.HINWEIS else f"{stufe}: "
        yield f"{vorne}{befunde[0].meldung if len(befunde) == 1 else f'{_orte(befunde)}: {was}'}", entscheid


def _worte(p: Paar) -> tuple[Stufe, str, str, str]:
    b, e = p
    ende = f" (Ziff. {b.ziffer}, {b.code})" if b.ziffer else f" ({b.code})"
    return b.stufe, b.code, f"{aufforderung(b)}{ende}", antworttext(e)


def _orte(befunde: Sequence[Befund]) -> str:
    zellen = list(dict.fromkeys(b.zelle for b in befunde if b.zelle))
    rest = len(zellen) - _ORTE
    return f"{befunde[0].blatt}!{', '.join(zellen[:_ORTE])}" + (f" und {rest} weitere" if rest > 0 else "")
