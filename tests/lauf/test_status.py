"""What the Master says of a claim once runs have paid it (entwurf 4.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

import pytest

from krs.lauf.buchung import Art, Buchung, Journal, Posten
from krs.lauf.gezahlt import KEIN_ANSPRUCH, mit_laeufen
from krs.recht import Leistung
from krs.stammdaten.stammdaten import Gemeinde, Stammdaten
from krs.urteil.ansprueche import Anspruch, summe
from krs.urteil.urteil import Urteil

S = Stammdaten(gemeinden=(Gemeinde(bfs_nr=2401, name="Egerkingen"), Gemeinde(bfs_nr=2402, name="Härkingen")))
P = Posten(2401, Leistung.ERST, "2024-H1")


@dataclass(frozen=True)
class Kern:
    """The fields of a judgement that are looked at."""

    ansprueche: tuple[Anspruch, ...]
    ohne_beleg: frozenset[object] = frozenset()
    stammdaten: Stammdaten = S
    gueltige: tuple[object, ...] = ()
    zeilen: tuple[object, ...] = ()


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
        "betrag": None if betrag is None else Decimal(betrag), "grund": grund,
        **dict.fromkeys(("lauf", "rechenweg", "datei", "sha256", "ziffer"), ""),
    }  # fmt: skip
    return Anspruch(**werte)  # type: ignore[arg-type]


def kern(*ansprueche: Anspruch) -> Urteil:
    return cast("Urteil", Kern(ansprueche))


@pytest.mark.parametrize(
    ("a", "buchungen", "status", "lauf", "grund", "bezahlt", "offen"),
    [
        (anspruch("anerkannt", 600), (("2024-09", 600),), "bezahlt", "2024-09", "", 600, 0),
        (anspruch("anerkannt", 800), (("2024-09", 600),), "anerkannt", "2024-09", "bezahlt 600.00", 600, 200),
        (anspruch("anerkannt", 800), (("2024-09", 600), ("2025-03", 200)), "bezahlt", "2025-03", "", 800, 0),
        (anspruch("anerkannt", 800), (), "anerkannt", "", "", 0, 800),
        (anspruch("zurückgestellt", 800, "F-50"), (("2024-09", 600),), "zurückgestellt", "2024-09",
         "F-50; bezahlt 600.00", 600, 200),  # 200 could be added
        (anspruch("zurückgestellt", 400, "F-50"), (("2024-09", 600),), "zurückgestellt", "2024-09",
         "F-50; bezahlt 600.00", 600, 0),
        (anspruch("nicht beitragsberechtigt", 600, "Entscheid"), (("2024-09", 600),), "nicht beitragsberechtigt",
         "2024-09", "Entscheid; bezahlt 600.00", 600, -600),  # the next run takes it back
        (anspruch("nicht beitragsberechtigt", 600, "Entscheid"), (("2024-09", 600), ("2025-03", -600)),
         "nicht beitragsberechtigt", "2025-03", "Entscheid", 0, 0),
        (anspruch("ersetzt", 600), (("2024-09", 600),), "ersetzt", "", "", None, None),
        (anspruch("zurückgestellt", None, "S-23"), (("2024-09", 600),), "zurückgestellt", "2024-09",
         "S-23; bezahlt 600.00", 600, None),
    ],
)  # fmt: skip
def test_ein_anspruch_zeigt_was_laeufe_bezahlt_haben(
    a: Anspruch, buchungen: tuple[tuple[str, int], ...], status: str, lauf: str, grund: str, bezahlt: int | None,
    offen: int | None,
) -> None:  # fmt: skip
    gezeigt = next(x for x in mit_laeufen(kern(a), journal(*buchungen)).ansprueche if x.grund != KEIN_ANSPRUCH)
    assert (gezeigt.status, gezeigt.lauf, gezeigt.grund) == (status, lauf, grund)
    assert (gezeigt.bezahlt, gezeigt.offen) == (bezahlt, offen)
    assert replace(gezeigt, status=a.status, lauf=a.lauf, grund=a.grund, bezahlt=None, offen=None) == a


def test_eine_andere_periode_oder_gemeinde_ist_ein_anderer_anspruch_und_hat_ihre_eigene_zeile() -> None:
    a = anspruch("anerkannt", 600)
    for posten in (replace(P, bfs_nr=2402), replace(P, periode="2023-H2"), replace(P, leistung=Leistung.INTEG)):
        alle = mit_laeufen(kern(a), journal(("2024-09", 600), posten=posten)).ansprueche
        unsere, fremde = sorted(alle, key=lambda x: x.grund)
        assert unsere == replace(a, bezahlt=Decimal(0), offen=Decimal(600))
        assert (fremde.bfs_nr, fremde.periode, fremde.leistung) == (posten.bfs_nr, posten.periode, posten.leistung)
        assert (fremde.status, fremde.betrag, fremde.bezahlt, fremde.offen, fremde.lauf, fremde.grund) == (
            "bezahlt", 600, 600, None, "2024-09", "kein Anspruch mehr",
        )  # fmt: skip


def test_die_summen_sind_jene_des_kredits() -> None:
    """600 paid of 800; 600 paid of a held 400; 600 to come back: 1800 − 600 + 200 recognised, nothing more held."""
    alle = (
        (anspruch("anerkannt", 800), "2024-H1"),
        (anspruch("zurückgestellt", 400, "F-50"), "2023-H2"),
        (anspruch("nicht beitragsberechtigt", 600, "Entscheid"), "2023-H1"),
        (anspruch("zurückgestellt", 500, "F-50"), "2022-H2"),
    )
    ansprueche = tuple(replace(a, periode=periode) for a, periode in alle)
    gebucht = [b for _, p in alle[:3] for b in journal(("2024-09", 600), posten=replace(P, periode=p)).buchungen]
    gezeigt = mit_laeufen(kern(*ansprueche), Journal(tuple(gebucht))).ansprueche
    assert (summe(gezeigt), summe(gezeigt, "zurückgestellt"), summe(gezeigt, "nicht beitragsberechtigt")) == (
        1400, 500, 600,
    )  # fmt: skip
    assert summe(ansprueche) == 800  # without the runs: what is recognised
