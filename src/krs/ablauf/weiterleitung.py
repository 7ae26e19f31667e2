"""Forwarded e-mails: the day on which the canton's own server took the inner one counts (Entscheid 47)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.ahv import ohne_ahv
from krs.recht import datum
from krs.urteil.fassung import Einreichung

if TYPE_CHECKING:
    from krs.ablage.post.weg import Stempel, Weg

_ZAEHLT = (
    "Es zählt der {tag}, weil dieser Server in den Einstellungen steht (Mailserver). Wer weiterleitet, könnte diese "
    "Angabe ändern: Vergleichen Sie im Zweifel mit der E-Mail beim ersten Empfänger."
)
_ZAEHLT_NICHT = (
    "Es zählt der {aussen}, weil kein Mailserver aus den Einstellungen den früheren Tag bestätigt. Ist der Server "
    "einer des Kantons, tragen Sie ihn dort ein (Mailserver); sonst entscheiden Sie über die Verspätung im Blatt "
    "Entscheide."
)
_OHNE_EMPFANG = (
    "Es zählt der {aussen}, weil die E-Mail keinen Empfang nennt (Received) und ihr Datum jede Person schreiben kann. "
    "Ging sie früher ein, legen Sie sie in den Ordner jenes Tages (Eingang/JJJJ-MM-TT)."
)


def nach_innen(e: Einreichung, wege: Iterable[Weg], mailserver: Sequence[str]) -> Einreichung:
    """Return a file with the day of the inner e-mail where a server of the canton stamped it, and with E-27.

    Args:
        e: with the day that counts without it; the inner one is never later.
        wege: the e-mails inside others that it hung on, and the outer one where its day only its sender says.
        mailserver: names of servers of the canton.
    """
    alle = list(wege)
    gestempelt = _fruehester(((w, w.von(mailserver)) for w in alle), e.eingang)
    gefunden = gestempelt or _fruehester(((w, w.behauptet) for w in alle), e.eingang)
    if gefunden is None:
        return e
    tag, weg, stempel = gefunden
    werte = {
        "tag": datum(tag),
        "an": f" an {ohne_ahv(weg.an)}" if weg.an else "",
        "quelle": f"Server «{ohne_ahv(stempel.server)}»" if stempel.server else "ihrem Absender",
        "weiter": "im Eingang" if weg.aussen else "weitergeleitet",
        "aussen": datum(e.eingang),
    }
    folge = _ZAEHLT if gestempelt else _OHNE_EMPFANG if weg.aussen else _ZAEHLT_NICHT
    werte["folge"] = folge.format(**werte)
    return replace(e, eingang=tag if gestempelt else e.eingang, vermerke=(*e.vermerke, ("E-27", werte)))


def _fruehester(paare: Iterable[tuple[Weg, Stempel | None]], aussen: date) -> tuple[date, Weg, Stempel] | None:
    treffer = [(s.tag, w, s) for w, s in paare if s and s.tag and s.tag < aussen]
    return min(treffer, key=lambda t: t[0], default=None)
