"""Forwarded e-mails: the day on which the canton's own server took the inner one counts (Entscheid 47, 65)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.ahv import ohne_ahv
from krs.recht import datum
from krs.stammdaten.adressen import anbieter
from krs.urteil.fassung import Einreichung

if TYPE_CHECKING:
    from krs.ablage.post.weg import Stempel, Weg
    from krs.stammdaten.zeilen import Einstellungen

_ZAEHLT = (
    "Es zählt der {tag}, weil dieser Server in den Einstellungen steht (Mailserver). Wer weiterleitet, könnte diese "
    "Angabe ändern: Vergleichen Sie im Zweifel mit der E-Mail beim ersten Empfänger."
)
_ZAEHLT_NICHT = (
    "Es zählt der {aussen}, weil kein Mailserver aus den Einstellungen den früheren Tag bestätigt. Ist der Server "
    "einer des Kantons, tragen Sie ihn dort ein (Mailserver); sonst entscheiden Sie über die Verspätung im Blatt "
    "Entscheide."
)
_FREMD = (
    "Es zählt der {aussen}, weil {wer} sie weiterleitete: Den früheren Tag kann schreiben, wer weiterleitet, und das "
    "ist keine Adresse des Kantons (Einstellungen: Kontakt E-Mail, Mailserver). Vergleichen Sie mit der E-Mail beim "
    "ersten Empfänger. Stimmt der Tag, legen Sie jene E-Mail in den Eingang."
)
_OHNE_EMPFANG = (
    "Es zählt der {aussen}, weil die E-Mail keinen Empfang nennt (Received) und ihr Datum jede Person schreiben kann. "
    "Ging sie früher ein, legen Sie sie in den Ordner jenes Tages (Eingang/JJJJ-MM-TT)."
)


def nach_innen(e: Einreichung, sendungen: Iterable[tuple[str, Sequence[Weg]]], kanton: Einstellungen) -> Einreichung:
    """Return a file with the day of the inner e-mail where a server of the canton stamped it, and with E-27.

    Args:
        e: with the day that counts without it; the inner one is never later.
        sendungen: who sent each outer e-mail, and the e-mails inside it that the file hung on, the outermost first; or
            the outer one where its day only its sender says.
        kanton: names its servers and its own address.
    """
    alle = [(w, wer) for absender, wege in sendungen for w, wer in _getragen(absender, wege, kanton)]
    gestempelt = _fruehester(((w, "", w.von(kanton.mailserver)) for w, wer in alle if wer is None), e.eingang)
    fremde = ((w, wer, w.von(kanton.mailserver)) for w, wer in alle if wer is not None)
    gefunden = gestempelt or _fruehester(fremde, e.eingang)
    gefunden = gefunden or _fruehester(((w, None, w.behauptet) for w, _ in alle), e.eingang)
    if gefunden is None:
        return e
    tag, weg, wer, stempel = gefunden
    werte = {
        "tag": datum(tag),
        "an": f" an {ohne_ahv(weg.an)}" if weg.an else "",
        "quelle": f"Server «{ohne_ahv(stempel.server)}»" if stempel.server else "ihrem Absender",
        "weiter": "im Eingang" if weg.aussen else "weitergeleitet",
        "aussen": datum(e.eingang),
    }
    folge = _ZAEHLT if gestempelt else _OHNE_EMPFANG if weg.aussen else _ZAEHLT_NICHT if wer is None else _FREMD
    werte["folge"] = folge.format(**werte, wer=f"«{ohne_ahv(wer)}»" if wer else "niemand, der sich nennt,")
    return replace(e, eingang=tag if gestempelt else e.eingang, vermerke=(*e.vermerke, ("E-27", werte)))


def _getragen(absender: str, wege: Sequence[Weg], kanton: Einstellungen) -> Iterator[tuple[Weg, str | None]]:
    """Yield each inner e-mail, with the first stranger among those who passed it on; None if all are the canton's."""
    fremd = None if _vom_kanton(absender, kanton) else absender
    for weg in wege:
        yield weg, fremd
        fremd = weg.absender if fremd is None and not _vom_kanton(weg.absender, kanton) else fremd


def _vom_kanton(adresse: str, kanton: Einstellungen) -> bool:
    """Tell whether an address is of the canton's domain; that of a provider for everybody says nothing."""
    domain = adresse.rpartition("@")[2]
    eigene = {kanton.kontakt_email.casefold().rpartition("@")[2], *kanton.mailserver} - {""}
    return domain in eigene and not anbieter(domain)


def _fruehester(
    alle: Iterable[tuple[Weg, str | None, Stempel | None]], aussen: date
) -> tuple[date, Weg, str | None, Stempel] | None:
    treffer = [(s.tag, w, wer, s) for w, wer, s in alle if s and s.tag and s.tag < aussen]
    return min(treffer, key=lambda t: t[0], default=None)
