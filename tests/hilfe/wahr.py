"""Is a letter true? Each sentence that can be read is held against the judgement and the ledger of its day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from hilfe.briefe import Abschnitt, Mail, formular_von, tag_von
from krs.ablage.laeufe import Laeufe
from krs.ablage.mahnprotokoll import bisherige
from krs.ablage.ordner import Ablage
from krs.ablage.postausgang import Postausgang
from krs.lauf.buchung import Art, Journal
from krs.lauf.gezahlt import mit_laeufen
from krs.recht import Leistung
from krs.urteil.urteil import Urteil

Zeile = Mapping[str, Any]  # one row of a sheet, by its titles
GILT = ("angenommen", "angenommen mit Hinweisen", "Rückfrage offen", "gelöscht")
WORTE = {
    "Ausbezahlt": "bezahlt", "Anerkannt und noch nicht ausbezahlt": "anerkannt",
    "Noch zurückgestellt": "zurückgestellt", "Nicht ausgerichtet": "nicht beitragsberechtigt",
}  # fmt: skip


@dataclass
class Stand:
    """What letters are read beside, as on one day: rows as in the Master, and the logs; it counts what it has read."""

    tag: date
    einreichungen: Sequence[Zeile]
    ansprueche: Sequence[Zeile]
    buchungen: Sequence[Zeile]
    journal: Journal
    entworfen: Mapping[str, date]
    mahnungen: frozenset[tuple[int, str, str, date]] = frozenset()
    fristen: frozenset[date] = frozenset()
    korrekturtage: int = 0
    gelesen: Counter[str] = field(default_factory=Counter)

    def eigene(self, gemeinde: str, form: str, periode: str) -> list[Zeile]:
        """Return what came in, or is owed, of one form."""
        wer = (gemeinde, form, periode)
        return [z for z in self.einreichungen if (z["Gemeinde"], z["Formular"], z["Periode"]) == wer]

    def forderungen(self, gemeinde: str, leistung: str, form: str, periode: str) -> list[Zeile]:
        """Return the claims that count; a Selbstdeklaration holds talks of its year, a lead's that of its members."""
        return [
            z for z in self.ansprueche
            if z["Leistung"] == leistung and z["Status"] != "ersetzt" and z["Gemeinde"] == gemeinde
            and (z["Periode"] == periode or (form == "Anhang 3" and str(z["Periode"]).startswith(f"{periode}-H")))
        ]  # fmt: skip

    def gebucht(self, bfs: int | None, leistung: str, periode: str) -> Decimal:
        """Return what runs booked for a claim, in CHF."""
        wer = (bfs, leistung, periode)
        return sum(
            (z["Betrag"] for z in self.buchungen if (z["Anspruch BFS-Nr."], z["Leistung"], z["Periode"]) == wer),
            Decimal(),
        )

    def bfs(self, gemeinde: str) -> int | None:
        """Return the number of a municipality that owes or sent something."""
        return next((z["BFS-Nr."] for z in self.einreichungen if z["Gemeinde"] == gemeinde), None)


def stand(ablage: Ablage, urteil: Urteil) -> Stand:
    """Return what letters of the Stichtag are read beside."""
    journal, post = Laeufe(ablage.laeufe).journal, Postausgang(ablage.rueckmeldungen)
    s = urteil.stammdaten
    return Stand(
        urteil.stichtag,
        [
            {
                "BFS-Nr.": z.bfs_nr, "Gemeinde": z.gemeinde, "Formular": z.formular, "Periode": z.periode,
                "Status": z.status, "Eingang": z.eingang, "Frist": z.frist, "Datei": z.datei, "SHA-256": z.sha256,
                "Bemerkung": z.bemerkung, "Offen": {b.code for b in z.fassung.offen} if z.fassung else set(),
            }
            for z in urteil.zeilen
        ],
        [
            {
                "BFS-Nr.": a.bfs_nr, "Gemeinde": a.gemeinde, "Leistung": str(a.leistung), "Periode": a.periode,
                "Anzahl": a.anzahl, "Betrag": a.betrag, "Status": a.status, "SHA-256": a.sha256,
            }
            for a in mit_laeufen(urteil, journal).ansprueche
        ],
        [
            {
                "Anspruch BFS-Nr.": b.posten.bfs_nr, "Leistung": str(b.posten.leistung), "Periode": b.posten.periode,
                "Betrag": b.betrag,
            }
            for b in journal.buchungen if b.posten is not None
        ],
        journal, post.entworfen(),
        frozenset((m.bfs_nr, m.formular, m.periode, m.datum) for m in bisherige(ablage.rueckmeldungen)),
        frozenset(f.neue_frist for f in s.fristen), s.einstellungen.korrekturfrist_tage or 0,
    )  # fmt: skip


def unwahr(s: Stand, name: str, mail: Mail) -> list[str]:
    """Return the sentences of a draft that are not true; `name`: its path below Rueckmeldungen/."""
    datei = name.rpartition("/")[2]
    saetze: list[str] = []
    if datei.startswith("Mahnung_"):
        saetze += _mahnung(s, mail)
    elif datei.startswith(("Einladung_", "Erinnerung_")):
        saetze += _versand(s, mail, erinnert=datei.startswith("Erinnerung_"))
    elif datei.startswith("Quittung_"):
        saetze += _quittung(s, mail)
    elif datei.startswith("Mitteilung_"):
        saetze += _mitteilung(s, mail)
    else:
        saetze += [satz for a in mail.abschnitte() for satz in _abschnitt(s, a)]
    return [f"{s.tag} {name}: {satz}" for satz in saetze]


def betrag(text: str) -> Decimal:
    """Return the amount of `1'234.50`."""
    return Decimal(text.replace("'", ""))


def _lies(s: Stand, text: str, saetze: Mapping[str, Callable[..., bool]]) -> Iterator[str]:
    """Yield each sentence that a pattern finds and that its test refuses; the groups are the test's arguments."""
    for muster, stimmt in saetze.items():
        for t in re.finditer(muster, text):
            s.gelesen[muster] += 1
            if not stimmt(*t.groups()):
                yield t.group().strip()


# --- answers and decisions --------------------------------------------------------------------
def _abschnitt(s: Stand, a: Abschnitt) -> Iterator[str]:
    gemeinde, form, periode = a.gemeinde, a.formular, a.periode
    if not form:
        return
    eigene = s.eigene(gemeinde, form, periode)
    shas = {z["SHA-256"] for z in eigene if z["SHA-256"]}

    def bezahlt(summe: str) -> bool:
        posten = {(s.bfs(gemeinde), x, periode) for x in Leistung}
        posten |= {
            (z["BFS-Nr."], z["Leistung"], z["Periode"])
            for z in s.ansprueche
            if z["SHA-256"] in shas and z["Periode"] == periode
        }
        return betrag(summe) == sum((s.gebucht(*p) for p in posten), Decimal())

    def wartet(liste: str) -> bool:
        for leistung in liste.split(", "):
            da = s.forderungen(gemeinde, leistung, form, periode)
            gut = leistung in list(Leistung) and (any(x["Status"] == "zurückgestellt" for x in da) or not da)
            if not gut or any(s.gebucht(x["BFS-Nr."], leistung, x["Periode"]) for x in da if len(da) == 1):
                return False
        return True

    def rechtzeitig(tag: str) -> bool:
        moeglich = {
            max(z["Frist"], s.entworfen.get(z["SHA-256"], s.tag)).toordinal() + s.korrekturtage
            for z in eigene if z["Frist"] and z["SHA-256"]
            and (z["Eingang"] <= z["Frist"] or "Korrekturfrist" in z["Bemerkung"])
        }  # fmt: skip
        return tag_von(tag).toordinal() in moeglich

    def entschieden(was: str, liste: str) -> bool:
        for teil in liste.split(", "):
            leistung, _, zahl = teil.partition(" Fr. ")
            da = [z for z in s.forderungen(gemeinde, leistung, form, periode) if z["Periode"] == periode]
            if not any(z["Status"] == WORTE[was] and (not zahl or z["Betrag"] == betrag(zahl)) for z in da):
                return False
        return True

    yield from _lies(s, a.text, {
        r"(?m)^Bis zur Klärung nicht ausbezahlt: (.*)\.$": wartet,
        r"Es gilt weiterhin Ihre? F\w+ vom ([\d.]{10})": lambda tag: any(
            f"es gilt weiterhin die Fassung vom {tag}" in str(z["Bemerkung"])
            or (z["Eingang"] == tag_von(tag) and z["Status"] in GILT)
            for z in eigene
        ),
        r"ausbezahlt(?: sind dafür|:) Fr\. ([\d'.]+) \(Lauf": bezahlt,
        r"Eingabefrist \w+, ([\d.]{10})": lambda tag: {z["Frist"] for z in eigene} == {tag_von(tag)},
        r"Eingegangen am \w+, ([\d.]{10})": lambda tag: any(z["Eingang"] == tag_von(tag) for z in eigene),
        r"Rechtzeitig ist Ihre Antwort bis \w+, ([\d.]{10})": rechtzeitig,
        r"(?m)^(" + "|".join(WORTE) + r"): (.*)\.$": entschieden,
        r"Das Formular ist nicht eingegangen": lambda: not shas,
        r"Der Kanton entscheidet und meldet sich": lambda: any(z["Offen"] for z in eigene),
    })  # fmt: skip


# --- reminders, invitations, receipts -----------------------------------------------------------
_PUNKT = re.compile(
    r"\n- ([^\n]+?): (Anhang \d) \(([^)]+)\) für das ([^;.\n]+(?:\. Halbjahr \d{4})?)(.*?)(?=\n- |\n\n)", re.DOTALL
)


def _mahnung(s: Stand, mail: Mail) -> Iterator[str]:
    punkte = _PUNKT.findall(mail.text)
    if not punkte:
        yield "kein Punkt gelesen"
    for gemeinde, form, titel, zeit, rest in punkte:
        name, periode = formular_von(f"{titel} ({form}), {zeit}")
        eigene = s.eigene(gemeinde, name, periode)
        fehlt = [z for z in eigene if z["Status"] == "fehlt"]
        s.gelesen["Uns fehlt"] += 1
        if not fehlt:
            yield f"{gemeinde} {periode} fehlt nicht"
            continue
        bfs, frist = fehlt[0]["BFS-Nr."], fehlt[0]["Frist"]

        def frueher(tag: str, wer: tuple[int, str, str] = (bfs, name, periode)) -> bool:
            return (*wer, tag_von(tag)) in s.mahnungen

        def da(tag: str, zeilen: Sequence[Zeile] = tuple(eigene)) -> bool:
            return any(z["Eingang"] == tag_von(tag) and z["SHA-256"] in s.entworfen for z in zeilen)

        def alt(tag: str, vorlage: str, wer: tuple[str, str] = (gemeinde, name)) -> bool:
            return any(z["Eingang"] == tag_von(tag) and "F-52" in z["Offen"] for z in s.eigene(*wer, vorlage))

        def unlesbar(tag: str, datei: str, bfs: int = bfs) -> bool:
            zeilen = [z for z in s.einreichungen if z["BFS-Nr."] == bfs and z["Status"] == "fehlerhaft"]
            return any(z["Eingang"] == tag_von(tag) and z["Datei"].endswith(datei) for z in zeilen)

        yield from _lies(s, rest, {
            r"Frist \w+, ([\d.]{10})": lambda tag, frist=frist: tag_von(tag) == frist,
            r"seit (\d+) Tag": lambda n, frist=frist: (s.tag - frist).days == int(n),
            r"Die erste Mahnung sandten wir am \w+, ([\d.]{10})": frueher,
            r"Ihre Einreichung vom ([\d.]{10}) konnten wir nicht verwenden; die Rückmeldung sagt": da,
            r"Am ([\d.]{10}) kam «([^»]+)»; diese Datei konnte nicht gelesen": unlesbar,
            r"Am ([\d.]{10}) kam ein Formular mit der Vorlage ([\dH-]+)": alt,
        })  # fmt: skip
    yield from _lies(s, mail.text, {
        r"bis heute, \w+, ([\d.]{10})": lambda tag: tag_von(tag) == s.tag,
        r"(?:Bitte reichen Sie|Wir bitten Sie nachdrücklich,) \w+ bis \w+, ([\d.]{10})": lambda tag: (
            tag_von(tag) in s.fristen
        ),
    })  # fmt: skip


def _versand(s: Stand, mail: Mail, erinnert: bool) -> Iterator[str]:
    for gemeinde, titel, frist in re.findall(
        r"(?m)^- ([^:\n]+): ([^\n]+?\d{4})(?:, bis \w+, ([\d.]{10}))?$", mail.text
    ):
        eigene = s.eigene(gemeinde, *formular_von(titel))
        s.gelesen["Versand"] += 1
        if erinnert and not any(z["Status"] == "noch nicht fällig" for z in eigene):
            yield f"{gemeinde}, {titel}: ist da"
        if frist and eigene and {z["Frist"] for z in eigene} != {tag_von(frist)}:
            yield f"{gemeinde}, {titel}: Frist {frist}"


def _quittung(s: Stand, mail: Mail) -> Iterator[str]:
    muster = (
        r"\n\n([^\n:]+): ([^\n]+)\nEingegangen am \w+, ([\d.]{10}); Kennzeichen der Datei: (\w{8})\.((?:\n[^\n]+)*)"
    )
    for gemeinde, titel, tag, sha, rest in re.findall(muster, mail.text):
        eigene = [z for z in s.eigene(gemeinde, *formular_von(titel)) if z["SHA-256"].startswith(sha)]
        s.gelesen["Quittung"] += 1
        if not any(z["Eingang"] == tag_von(tag) and z["Status"].startswith("angenommen") for z in eigene):
            yield f"{gemeinde}, {titel}, {sha}: nicht angenommen"
        for leistung, anzahl, zahl in re.findall(r"\n- ([^:\n]+): (\d+), Beitrag Fr\. ([\d'.]+)", rest):
            s.gelesen["Quittung: Beitrag"] += 1
            da = [
                z
                for z in s.ansprueche
                if z["SHA-256"].startswith(sha) and z["Leistung"] == leistung and z["Status"] != "ersetzt"
            ]
            if not any((z["Anzahl"], z["Betrag"]) == (int(anzahl), betrag(zahl)) for z in da):
                yield f"{gemeinde}: {leistung} {anzahl}, {zahl}"


# --- statements -------------------------------------------------------------------------------
def _mitteilung(s: Stand, mail: Mail) -> Iterator[str]:
    t = re.search(r"Beitragsmitteilung (.+), Lauf ([\d-]+)$", mail.betreff)
    assert t is not None
    gemeinde, lauf = t.groups()
    bfs = {b.bfs_nr for b in s.journal.buchungen if b.gemeinde == gemeinde} | {s.bfs(gemeinde)}
    meine = [b for b in s.journal.buchungen if b.bfs_nr in bfs and b.lauf == lauf]
    summe = sum((b.betrag for b in meine), Decimal())
    netto = -sum((b.betrag for b in meine if b.art is Art.VERRECHNUNG), Decimal())
    gestellt = sum((r.betrag for name, r in s.journal.rechnungen if name == lauf and r.bfs_nr in bfs), Decimal())
    beilage = b"".join(d for n, d in mail.anhaenge if n.startswith("Beitragsmitteilung"))
    genannt = tuple(_nennt(beilage, x) for x in ("Zurückgestellt", "wird überprüft", "Nicht ausgerichtet"))
    s.gelesen["Mitteilung"] += 1
    yield from _lies(s, mail.text, {
        r"Ausbezahlt werden Fr\. ([\d'.]+)": lambda x: betrag(x) == summe,
        r"Mit Rückforderungen verrechnet sind Fr\. ([\d'.]+)": lambda x: betrag(x) == netto,
        r"In Rechnung gestellt sind Fr\. ([\d'.]+)": lambda x: betrag(x) == gestellt,
        r"die Mitteilung sagt, was (zurückgestellt ist)?(?: oder )?(überprüft wird)?(?: oder )?"
        r"(nicht ausgerichtet wird)? und weshalb": (
            lambda *was: tuple(map(bool, was)) == genannt
        ),
        r"wird nichts ausbezahlt\.": lambda: not any(genannt),
        r"wird nichts ausbezahlt": lambda: not summe,
    })  # fmt: skip


def _nennt(mappe: bytes, wort: str) -> bool:
    with ZipFile(BytesIO(mappe)) as z:
        return any(wort.encode() in z.read(n) for n in z.namelist() if n.endswith(("sharedStrings.xml", "sheet1.xml")))
