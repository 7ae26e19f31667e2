"""Texts for payments: the characters of SPS 2025, chap. 3.1."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krs.export.zeichen import ERLAUBT, umschreiben, zahlungstext

# Any character, those that are rewritten often, among them halves of surrogate pairs and accents on their own.
HAEUFIGE = st.sampled_from("–’«»œǎ\u0308\u00a0\u00ad🎉\u200d🏽 \n.ﬁ½")
TEXTE = st.text(st.one_of(st.characters(codec=None), HAEUFIGE), max_size=60)


def test_erlaubt_sind_die_324_zeichen_des_standards_ohne_geschuetzten_leerschlag_und_trennzeichen() -> None:
    # 95 of Basic Latin, 96 of Latin-1 and 128 of Latin Extended-A, Ș ș Ț ț €, without U+00A0 and U+00AD.
    assert len(ERLAUBT) == 95 + 96 + 128 + 5 - 2
    assert not ERLAUBT & set("\u00a0\u00ad\t\n\r\x7f\x80–’“…")


@pytest.mark.parametrize(
    ("text", "erwartet"),
    [
        ("Härkingen, La Prévôté, Łódź, Ștefan", "Härkingen, La Prévôté, Łódź, Ștefan"),
        ("1. Halbjahr 2024 – Beitrag", "1. Halbjahr 2024 - Beitrag"),
        ("Gemeinde’s «Beitrag» „neu“ ‹alt›", 'Gemeinde\'s "Beitrag" "neu" \'alt\''),
        ("1’234.50 × 2 … fertig", "1'234.50 x 2 ... fertig"),
        ("Œuvre, cœur, Æ, Strauß, STRAẞE, ﬁn", "OEuvre, coeur, AE, Strauss, STRASSE, fin"),
        ("Mǎo Nguyễn", "Mao Nguyen"),
        ("u\u0308ber", "über"),
        ("gut 🎉🎉 gemacht 👩🏽\u200d🌾 中文!", "gut . gemacht . .!"),
        ("  a\u00a0b\tc\r\nd\u2009e  ", "a b c d e"),
        ("Trenn\u00adung\u200b", "Trennung"),
        ("\ud800", "."),
        ("½ ™ №", "½ TM No"),
    ],
)
def test_texte_werden_umgeschrieben(text: str, erwartet: str) -> None:
    assert umschreiben(text) == erwartet


def test_geschnitten_wird_nach_dem_umschreiben_und_ohne_leerschlag_am_ende() -> None:
    assert zahlungstext("cœur à cœur", 7) == "coeur à"
    assert zahlungstext("cœur à cœur", 8) == "coeur à"
    assert zahlungstext("u\u0308u\u0308u\u0308", 2) == "üü"
    assert zahlungstext("Olten", 0) == ""


@settings(derandomize=True, deadline=None, max_examples=500)
@given(TEXTE, st.integers(0, 70))
def test_jeder_text_hat_danach_nur_erlaubte_zeichen_und_bleibt_beim_zweiten_mal_gleich(text: str, laenge: int) -> None:
    einmal = zahlungstext(text, laenge)
    assert ERLAUBT.issuperset(einmal)
    assert len(einmal) <= laenge
    assert einmal == " ".join(einmal.split())
    assert zahlungstext(einmal, laenge) == einmal
