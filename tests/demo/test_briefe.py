"""No sentence that leaves the house is untrue beside the Master: every draft of the demo is read against it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage
from functools import cache
from typing import Any

from openpyxl import load_workbook

from demo.hilfe import demo
from krs.formulare.formular import formulare, zeitraum
from krs.recht import Leistung

Abschnitt = tuple[str, str, str, list[str]]  # municipality, form, period, lines


@cache
def blatt(name: str) -> list[dict[str, Any]]:
    reihen = list(load_workbook(demo()[0] / "Master.xlsx", data_only=True)[name].iter_rows(values_only=True))
    return [dict(zip(map(str, reihen[0]), z, strict=True)) for z in reihen[1:]]


def abschnitte(muster: str) -> Iterator[Abschnitt]:
    """Yield the sections of all drafts with this name."""
    titel = {f"{f.titel} ({f.name})": f.name for f in formulare()}
    zeiten = {zeitraum(z["Periode"]): str(z["Periode"]) for z in blatt("Einreichungen") if z["Periode"]}
    for pfad in sorted((demo()[0] / "Rueckmeldungen").glob(muster)):
        nachricht = email.message_from_bytes(pfad.read_bytes(), policy=email.policy.default)
        assert isinstance(nachricht, EmailMessage)
        rumpf = nachricht.get_body()
        assert rumpf is not None
        text = str(rumpf.get_content()).replace("\r\n", "\n")
        for kopf, rest in re.findall(r"\n([^\n]+)\n-{3,}\n(.*?)(?=\n[^\n]+\n-{3,}\n|\Z)", text, re.DOTALL):
            gemeinde, _, was = kopf.partition(": ")
            form, _, zeit = was.rpartition(", ")
            yield gemeinde, titel[form], zeiten[zeit], rest.splitlines()


def betrag(text: str) -> Decimal:
    return Decimal(text.replace("'", ""))


def gebucht(gemeinde: str, leistung: str, periode: str) -> Decimal:
    bfs = {z["Gemeinde"]: z["BFS-Nr."] for z in blatt("Ansprüche")}
    treffer = [
        z for z in blatt("Buchungen")
        if (z["Anspruch BFS-Nr."], z["Leistung"], z["Periode"]) == (bfs.get(gemeinde), leistung, periode)
    ]  # fmt: skip
    return Decimal(str(sum(z["Betrag"] for z in treffer)))


def ansprueche(gemeinde: str, leistung: str, form: str, periode: str) -> list[dict[str, Any]]:
    """Return the claims that count; a Selbstdeklaration holds talks of its year, a lead's that of its members."""
    return [
        z for z in blatt("Ansprüche")
        if z["Leistung"] == leistung and z["Status"] != "ersetzt" and z["Gemeinde"] == gemeinde
        and (z["Periode"] == periode or (form == "Anhang 3" and str(z["Periode"]).startswith(f"{periode}-H")))
    ]  # fmt: skip


def test_nicht_ausbezahlt_ist_nur_was_wirklich_wartet_und_nicht_bezahlt_ist() -> None:
    gelesen, falsch = 0, []
    for gemeinde, form, periode, zeilen in abschnitte("Mail_*.eml"):
        for z in (z for z in zeilen if z.startswith("Bis zur Klärung nicht ausbezahlt: ")):
            for leistung in z.partition(": ")[2].rstrip(".").split(", "):
                assert leistung in list(Leistung)
                gelesen += 1
                da = ansprueche(gemeinde, leistung, form, periode)
                wartet = any(x["Status"] == "zurückgestellt" for x in da) or not da
                if not wartet or any(gebucht(gemeinde, leistung, str(x["Periode"])) for x in da if len(da) == 1):
                    falsch.append((gemeinde, form, periode, leistung))
    assert falsch == []
    assert gelesen > 20


def test_was_gilt_und_was_bezahlt_ist_stimmt_mit_dem_master() -> None:
    gelesen = 0
    for gemeinde, form, periode, zeilen in abschnitte("Mail_*.eml"):
        text = "\n".join(zeilen)
        eigene = [
            z
            for z in blatt("Einreichungen")
            if (z["Gemeinde"], z["Formular"], z["Periode"]) == (gemeinde, form, periode)
        ]
        for tag in re.findall(r"Es gilt weiterhin Ihre? F\w+ vom ([\d.]+\d)[;.]", text):
            gelesen += 1
            assert f"es gilt weiterhin die Fassung vom {tag}" in " ".join(str(z["Bemerkung"]) for z in eigene)
        for summe in re.findall(r"ausbezahlt(?: sind dafür|:) Fr\. ([\d'.]+) \(Lauf", text):
            gelesen += 1
            assert betrag(summe) == sum((gebucht(gemeinde, str(x), periode) for x in Leistung), Decimal())
        for tag in re.findall(r"Eingabefrist \w+, (\d\d\.\d\d\.\d{4})", text):
            gelesen += 1
            fristen = {z["Frist"].strftime("%d.%m.%Y") for z in eigene if isinstance(z["Frist"], datetime)}
            assert fristen == {tag}
    assert gelesen > 20


def test_ein_entscheid_nennt_was_der_master_sagt() -> None:
    worte = {
        "Ausbezahlt": "bezahlt", "Anerkannt und noch nicht ausbezahlt": "anerkannt",
        "Noch zurückgestellt": "zurückgestellt", "Nicht ausgerichtet": "nicht beitragsberechtigt",
    }  # fmt: skip
    gelesen = 0
    for gemeinde, form, periode, zeilen in abschnitte("Entscheid_*.eml"):
        for was, liste in (z.rstrip(".").split(": ", 1) for z in zeilen if z.partition(": ")[0] in worte):
            for teil in liste.split(", "):
                leistung, _, zahl = teil.partition(" Fr. ")
                (a,) = (z for z in ansprueche(gemeinde, leistung, form, periode) if z["Periode"] == periode)
                gelesen += 1
                assert (a["Status"], Decimal(str(a["Betrag"]))) == (worte[was], betrag(zahl)), (gemeinde, teil)
    assert gelesen > 5
