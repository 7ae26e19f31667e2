"""What the Master says of a claim once runs have paid it (entwurf 4.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

import pytest

from krs.lauf.buchung import Art, Buchung, Journal, Posten
from krs.lauf.status import mit_laeufen
from krs.recht import Leistung
from krs.urteil.ansprueche import Anspruch
from krs.urteil.urteil import Urteil

P = Posten(2401, Leistung.ERST, "2024-H1")


@dataclass(frozen=True)
class Kern:
    """The fields of a judgement that are looked at."""

    ansprueche: tuple[Anspruch, ...]
    ohne_beleg: frozenset[object] = frozenset()


def journal(*betraege: tuple[str, int], posten: Posten = P) -> Journal:
    return Journal(
        tuple(
            Buchung(f"{lauf}/{posten}", lauf, date(2024, 9, 10), Art.ANSPRUCH, 2401, "Egerkingen", 2401,
                    Decimal(betrag), posten, 3, Decimal(200))
            for lauf, betrag in betraege
        )
    )  # fmt: skip


def anspruch(status: str, betrag: int | None, grund: str = "") -> Anspruch:
    felder = dict.fromkeys(Anspruch.__dataclass_fields__)
    werte = felder | {
        "bfs_nr": 2401, "gemeinde": "Egerkingen", "leistung": Leistung.ERST, "periode": "2024-H1", "status": status,
        "betrag": None if betrag is None else Decimal(betrag), "grund": grund, "lauf": "",
    }  # fmt: skip
    return Anspruch(**werte)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "buchungen", "status", "lauf", "grund"),
    [
        (anspruch("anerkannt", 600), (("2024-09", 600),), "bezahlt", "2024-09", ""),
        (anspruch("anerkannt", 800), (("2024-09", 600),), "anerkannt", "2024-09", "bezahlt 600.00"),
        (anspruch("anerkannt", 800), (("2024-09", 600), ("2025-03", 200)), "bezahlt", "2025-03", ""),
        (anspruch("anerkannt", 800), (), "anerkannt", "", ""),
        (anspruch("zurückgestellt", 800, "F-50"), (("2024-09", 600),), "zurückgestellt", "2024-09",
         "F-50; bezahlt 600.00"),
        (anspruch("nicht beitragsberechtigt", 600, "Entscheid"), (("2024-09", 600),), "nicht beitragsberechtigt",
         "2024-09", "Entscheid; bezahlt 600.00"),
        (anspruch("nicht beitragsberechtigt", 600, "Entscheid"), (("2024-09", 600), ("2025-03", -600)),
         "nicht beitragsberechtigt", "2025-03", "Entscheid"),
        (anspruch("ersetzt", 600), (("2024-09", 600),), "ersetzt", "", ""),
        (anspruch("zurückgestellt", None, "S-23"), (("2024-09", 600),), "zurückgestellt", "2024-09",
         "S-23; bezahlt 600.00"),
    ],
)  # fmt: skip
def test_ein_anspruch_zeigt_was_laeufe_bezahlt_haben(
    a: Anspruch, buchungen: tuple[tuple[str, int], ...], status: str, lauf: str, grund: str
) -> None:
    ((gezeigt,),) = (mit_laeufen(cast("Urteil", Kern((a,))), journal(*buchungen)).ansprueche,)
    assert (gezeigt.status, gezeigt.lauf, gezeigt.grund) == (status, lauf, grund)
    assert replace(gezeigt, status=a.status, lauf=a.lauf, grund=a.grund) == a


def test_eine_andere_periode_oder_gemeinde_ist_ein_anderer_anspruch() -> None:
    a = anspruch("anerkannt", 600)
    for posten in (replace(P, bfs_nr=2402), replace(P, periode="2023-H2"), replace(P, leistung=Leistung.INTEG)):
        kern = cast("Urteil", Kern((a,)))
        assert mit_laeufen(kern, journal(("2024-09", 600), posten=posten)).ansprueche == (a,)
