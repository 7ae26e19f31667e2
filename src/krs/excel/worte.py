"""Sentences of the core that name an option of the command line, as people in Excel know it: by its entry."""

from __future__ import annotations

_WORTE = (
    ("Nochmals nur mit «--erneut --grund TEXT»", "Nochmals nur mit «Erneut übergeben: ja» und einem Grund"),
    (
        "Nennen Sie zwei Visa (--visum AB --visum CD): Wer vorbereitet, gibt nicht selbst frei.",
        "Dieser Lauf ist noch nicht vorbereitet. Zuerst hält ihn eine Person mit «vorbereiten» fest, dann gibt ihn "
        "eine andere frei.",
    ),
    ("Nennen Sie ein Visum (--visum AB)", "Nennen Sie Ihr Visum"),
    ("Nennen Sie einen anderen mit --datum.", "Nennen Sie einen anderen im Feld «Datum»."),
    ("Nennen Sie einen späteren: --valuta JJJJ-MM-TT.", "Nennen Sie einen späteren im Feld «Valuta»."),
)


def wie_in_excel(text: str) -> str:
    """Return a sentence without options.

    >>> wie_in_excel("Das liegt in der Zukunft. Nennen Sie einen anderen mit --datum.")
    'Das liegt in der Zukunft. Nennen Sie einen anderen im Feld «Datum».'
    """
    for option, eintrag in _WORTE:
        text = text.replace(option, eintrag)
    return text
