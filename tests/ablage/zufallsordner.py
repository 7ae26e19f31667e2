"""Random folders below Eingang/, and what must hold of every one: whatever counts is in the archive."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Sequence
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from ablage.hilfe import STICHTAG, ausgefuellt
from krs.ablage.archiv import Archiv
from krs.ablage.eingangsjournal import Eingangsjournal, Vorgang
from krs.ablage.ordner import Ablage
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen

ORDNER = ("", "2024-07-20", "2024-07-31/per Post", "2024-07-20/k/2024-08-05", ".sync", "2024-02-30")
NAMEN = (
    "A.xlsx", "B.xlsx", "A.xlsx.part", "a.XLSX", "b.xlsx.crdownload", "c.gsheet", "d.txt", "e.pdf", ".A.xlsx", "Z.xlsm",
    "~$A.xlsx", "ohne Endung", "Frau 756.1234.5678.97.xlsx", "zip.zip", "x.csv", "._A.xlsx", "q.lnk", "A (1).xlsx",
)  # fmt: skip
MAILS = ("m.eml", "n.EML", "A.eml")
SCHLECHT = (
    b"",
    b"kein Formular",
    b"%PDF-1.7\n",
    b"PK\x03\x04 abgeschnitten",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
)
Lage = dict[str, bytes]


def inhalte(ablage: Ablage) -> list[bytes]:
    """Return contents that many files share: three forms, two versions of one, and what is none."""
    formulare = [ausgefuellt(ablage, bfs) for bfs in (2401, 2402, 2403)]
    return [*formulare, ausgefuellt(ablage, erst_einzelpersonen=2), *SCHLECHT]


def mail(anhaenge: Sequence[tuple[str, bytes]], tag: str) -> bytes:
    """Return a mail with these attachments; an empty day leaves it without any."""
    nachricht = EmailMessage()
    if tag:
        nachricht["Received"] = f"from a by b; {tag} 10:00:00 +0200"
    nachricht.set_content("Guten Tag")
    nachricht.set_boundary("grenze")
    for name, daten in anhaenge:
        nachricht.add_attachment(daten, maintype="application", subtype="octet-stream", filename=name)
    if anhaenge:
        nachricht.set_boundary("grenze")
    return bytes(nachricht)


def zufaellig(wuerfel: random.Random, auswahl: Sequence[bytes]) -> Lage:
    """Return up to seven files by their path."""
    lage: Lage = {}
    for _ in range(wuerfel.randint(0, 7)):
        ordner = wuerfel.choice(ORDNER)
        if wuerfel.random() < 0.25:
            anhaenge = [(wuerfel.choice(NAMEN), wuerfel.choice(auswahl)) for _ in range(wuerfel.randint(0, 2))]
            tag = wuerfel.choice(("", "Wed, 17 Jul 2024", "Thu, 01 Aug 2024"))
            name, daten = wuerfel.choice(MAILS), mail(anhaenge, tag)
        else:
            name, daten = wuerfel.choice(NAMEN), wuerfel.choice(auswahl)
        lage[f"{ordner}/{name}".lstrip("/")] = daten
    return lage


def legen(ablage: Ablage, lage: Lage) -> None:
    """Make Eingang/ hold exactly these files."""
    shutil.rmtree(ablage.eingang)
    for name, daten in lage.items():
        ziel = ablage.eingang / name
        ziel.parent.mkdir(parents=True, exist_ok=True)
        ziel.write_bytes(daten)
    ablage.eingang.mkdir(exist_ok=True)


def leeren(ablage: Ablage) -> None:
    """Forget what was archived."""
    shutil.rmtree(ablage.archiv)
    ablage.archiv.mkdir()


def im_archiv(ablage: Ablage) -> set[str]:
    """Return the hashes of the files in Archiv/. Raises: AssertionError: a name that is not the hash, no row."""
    dateien = [p for p in ablage.archiv.iterdir() if p.suffix != ".csv"]
    gehalten = {p.stem: p.read_bytes() for p in dateien}
    assert len(gehalten) == len(dateien), "dieselbe Prüfsumme liegt zweimal da"
    assert all(hashlib.sha256(d).hexdigest() == sha for sha, d in gehalten.items())
    assert gehalten.keys() == Archiv(ablage.archiv).eintraege.keys()
    journal = Eingangsjournal(ablage.archiv)
    assert (journal.schaeden, journal.dateien) == (0, gehalten.keys()), "nicht im Journal"
    erste = [(z.sha256, z.herkunft) for z in journal.zeilen if z.vorgang != Vorgang.NEUER_TAG]
    assert len(set(erste)) == len(erste), "zweimal im Journal"
    return set(gehalten)


def pruefe(ablage: Ablage, lagen: Sequence[Lage], auswahl: Sequence[bytes], tag: date = STICHTAG) -> None:
    """Read one state of Eingang/ after the other. Raises: AssertionError: something that counts is nowhere."""
    leeren(ablage)
    formulare: set[str] = set()
    for lage in lagen:
        legen(ablage, lage)
        urteil, _, _, meldungen = beurteilen(ablage, Uhr(tag, tag))
        gehalten = im_archiv(ablage)
        wahre = ("Eingang von «", "Nicht gelesen, ", "Der Ordner «2024-02-30» im Eingang ist kein Tag (E-28): ")
        assert meldungen == [m for m in meldungen if m.startswith(wahre)], "ein Verlust, der keiner war"
        genannt = {z.sha256 for z in urteil.zeilen if z.sha256}
        assert genannt <= gehalten, "beurteilt und nicht archiviert"
        sichtbar = {n: d for n, d in lage.items() if not any(t.startswith(".") for t in n.split("/"))}
        offen = {hashlib.sha256(d).hexdigest() for n, d in sichtbar.items() if not n.lower().endswith(".eml")}
        assert offen <= gehalten, "gelesen und nicht archiviert"
        gut = {hashlib.sha256(d).hexdigest() for d in auswahl if d not in SCHLECHT}
        gelesen = {z.sha256 for z in urteil.zeilen if z.fassung and z.fassung.gelesen}
        unter_gutem_namen = {
            hashlib.sha256(d).hexdigest()
            for n, d in sichtbar.items()
            if n.endswith((".xlsx", ".xlsm")) and "~$" not in n
        }
        assert unter_gutem_namen & gut <= gelesen, "ein lesbares Formular zählt nicht"
        assert formulare <= gelesen, "ein Formular ist verschwunden"
        formulare |= gelesen
        vorher = {p: p.stat().st_mtime_ns for p in ablage.archiv.iterdir()}
        beurteilen(ablage, Uhr(tag, tag))
        assert {p: p.stat().st_mtime_ns for p in ablage.archiv.iterdir()} == vorher, "zweimal gelesen schreibt"


def ordner(pfad: Path, anzahl: int, ab: int, neu: Ablage) -> None:
    """Try random folders, `anzahl` of them. Raises: AssertionError: with the number that shows it again."""
    auswahl = inhalte(neu)
    for nummer in range(ab, ab + anzahl):
        wuerfel = random.Random(nummer)
        try:
            pruefe(neu, [zufaellig(wuerfel, auswahl) for _ in range(2)], auswahl)
        except AssertionError as fehler:
            raise AssertionError(f"Ordner {nummer} ({pfad}): {fehler}") from fehler
