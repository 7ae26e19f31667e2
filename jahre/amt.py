"""The officer comes every few days and works off what `krs heute` lists; every order goes through krs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from hilfe.briefe import Mail, mail_von
from hilfe.wahr import Stand, stand, unwahr
from jahre.stamm import zeile
from jahre.zaehlung import Saison
from krs import ablauf
from krs.ablage.eingangsjournal import Hand
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablauf.anordnung import nummer
from krs.ablauf.beitraege import anhang1
from krs.ablauf.entscheiden import Auftrag as Entscheidauftrag
from krs.ablauf.entscheiden import entscheiden
from krs.ablauf.fristen import Auftrag as Fristauftrag
from krs.ablauf.fristen import erstrecken
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.gesendet import gesendet, offene
from krs.ablauf.heute import heute
from krs.ablauf.konsolidierung import beurteilen, nochmals
from krs.ablauf.laeufe import Auftrag as Laufauftrag
from krs.ablauf.laeufe import zahlungslauf
from krs.ablauf.laufausgabe import end_to_end_id
from krs.ablauf.stammdatei import aenderung, anhaengen
from krs.ablauf.uebergabe import antwort_einlesen, uebergeben
from krs.ablauf.versand import Art, versenden
from krs.ablauf.zuordnen import Auftrag as Zuordnungsauftrag
from krs.ablauf.zuordnen import zuordnen
from krs.demo.stamm import iban
from krs.formulare.formular import folgeperiode, formular_fuer
from krs.urteil.fassung import BEIM_KANTON, HALTEND
from krs.urteil.nachbarn import beteiligte
from krs.urteil.tafel import FEHLT

if TYPE_CHECKING:
    from jahre.gemeinden import Gemeinden
    from krs.ablauf import Konsolidiert
    from krs.ablauf.heute import Heute
    from krs.urteil.tafel import Zeile
    from krs.urteil.urteil import Urteil

NACHFRIST, MAHNEN_NACH, ENTSCHEIDEN_NACH = 14, 8, 5  # days
ERKENNT_AN = 0.62


def offen(z: Zeile) -> bool:
    """Tell whether anything about a submission still waits for somebody; what is refused does not."""
    if z.status in (FEHLT, "Rückfrage offen") or z.fassung is None:
        return z.status in (FEHLT, "Rückfrage offen")
    return z.status == "fehlerhaft" and any(b.stufe in HALTEND for b in z.fassung.offen)


def _alter(z: Zeile, tag: date) -> int:
    return (tag - z.eingang).days if z.eingang else 0


def _zahltag(tag: date) -> bool:
    return tag.month in (3, 9) and tag.day >= 10


class Amt:
    """One officer with a seed; `saison` takes what is counted, `verweigert` what krs refused to do."""

    def __init__(self, ablage: Ablage, gemeinden: Gemeinden, seed: int) -> None:
        self.ablage, self.pfad, self.g, self.seed = ablage, ablage.pfad, gemeinden, seed
        self.saison = Saison("")
        self.gesagt: set[tuple[str, str]] = set()
        self.verweigert: list[str] = []
        self.geloest: set[tuple[int, str]] = set()
        self.banken: dict[str, date] = {}
        self.eingeladen: set[str] = set()

    # --- a visit ------------------------------------------------------------------------------
    def besuch(self, tag: date, *, alles: bool = False) -> Konsolidiert:
        """Take in the post, consolidate, read all drafts, work off the list.

        Args:
            alles: leave no draft unsent.
        """
        for s in self.g.eingang(tag):
            schreibe(self.ablage.eingang / s.ort, s.daten)
        k = ablauf.konsolidieren(self.pfad, tag, heute=tag, uhr_stimmt=True, hand=self._hand(tag))
        self.saison.konsolidiert(k)
        self.stand = stand(self.ablage, k.urteil)
        liegende = sorted(p for p in self.ablage.rueckmeldungen.glob("*.eml"))
        self._lies(liegende)
        self.saison.wieder = sum(self._wort(mail_von(lies(p))) in self.gesagt for p in liegende)
        self._verspaetete(k.urteil)
        self._arbeiten(tag, k.urteil, heute(self.pfad, tag), alles)
        return k

    def _hand(self, tag: date) -> Hand:
        return Hand(datetime.combine(tag, time(9), timezone(timedelta(hours=1))), "jahre", "MB")

    def _zufall(self, *was: object) -> Random:
        return Random("/".join(map(str, (self.seed, "amt", *was))))

    @staticmethod
    def _wort(m: Mail) -> tuple[str, str]:
        return m.betreff, m.text

    def _lies(self, pfade: Iterable[Path], s: Stand | None = None) -> None:
        """Read drafts beside the judgement of today."""
        neben = s or self.stand
        for p in pfade:
            name = p.relative_to(self.ablage.rueckmeldungen).as_posix()
            self.saison.unwahr |= dict.fromkeys(unwahr(neben, name, mail_von(lies(p))))
        self.saison.gelesen += neben.gelesen
        neben.gelesen.clear()

    def _verspaetete(self, urteil: Urteil) -> None:
        """Count what is called late though the canton itself asked for it by a later day."""
        for z in urteil.zeilen:
            s = self.g.alle.get(z.sha256)
            codes = {b.code for b in z.fassung.befunde} if z.fassung else set()
            if s is None or not codes & {"F-50", "F-52"}:
                continue
            self.saison.verspaetet.add(z.sha256)
            auftrag = s.auftrag
            if auftrag.verlangt and (auftrag.bis is None or s.tag <= auftrag.bis):
                self.saison.selbst_verspaetet[z.sha256] = (
                    f"{z.gemeinde} {z.periode}: {z.eingang}, verlangt bis {auftrag.bis}"
                )

    # --- the list -----------------------------------------------------------------------------
    def _arbeiten(self, tag: date, urteil: Urteil, liste: Heute, alles: bool) -> None:
        befehle = [(a.befehl.split(), a) for a in liste.aufgaben if a.befehl]
        self._formulare(tag, [b for b, _ in befehle if b[0] in ("vorlagen", "versand")])
        mahnen = {b[-1] for b, a in befehle if b[0] == "mahnungen" and a.seit and (tag - a.seit).days >= MAHNEN_NACH}
        for zeit in sorted(mahnen):
            self._mahnen(zeit, tag)
        for b in (b for b, _ in befehle if b[0] == "zuordnen"):
            self._zuordnen(b[2], tag)
        self._entscheiden(tag, urteil, {(int(b[-2]), b[-1]) for b, _ in befehle if b[0] == "entscheid"})
        if tag.month in (5, 11):
            self._aufraeumen(tag, urteil)
        for b, _ in befehle:
            if b[0] == "lauf" and tag.day >= 18 and b[-1][0] != "-":
                self._lauf(b[-1], tag)
        for b in (b for b, _ in befehle if b[0] == "stichprobe"):
            ablauf.stichprobe(self.pfad, b[-1], (5, tag.year, True), tag)
        self._geld(tag, liste)
        if tag.day <= 4:
            offene(self.pfad, tag, heute=tag)
        if mahnen or tag.day <= 4:
            self._quittieren(tag, urteil)
        if alles or self._zufall(tag, "senden").random() < 0.8:
            self._senden(tag)

    def _formulare(self, tag: date, befehle: Sequence[list[str]]) -> None:
        zeiten = sorted(b[-1] for b in befehle if b[0] == "vorlagen")
        if zeiten:
            for zeit in zeiten:
                ablauf.vorlagen(self.pfad, zeit)
            self._lies_ordner(versenden(self.pfad, zeiten, Art.EINLADUNG, Uhr(tag, tag)).ordner, tag)
            s = ablauf.stammdaten_laden(self.ablage)[0]
            for zeit in zeiten:
                self.g.verlangt(zeit, beteiligte(s, zeit))
            if "-" not in zeiten[0]:
                anhang1(self.pfad, int(zeiten[0]), mit_pdf=False)
        for zeit in sorted(b[3] for b in befehle if b[0] == "versand"):
            if zeit not in self.eingeladen:
                self.eingeladen.add(zeit)
                self._lies_ordner(versenden(self.pfad, [zeit], Art.ERINNERUNG, Uhr(tag, tag)).ordner, tag)

    def _quittieren(self, tag: date, urteil: Urteil) -> None:
        neueste = {max(z) for z in (list(urteil.perioden), [str(j) for j in urteil.jahre]) if z}
        if neueste:
            self._lies_ordner(versenden(self.pfad, sorted(neueste), Art.QUITTUNG, Uhr(tag, tag)).ordner, tag)

    def _lies_ordner(self, ordner: Path, tag: date) -> None:
        urteil = beurteilen(self.ablage, Uhr(tag, tag), festhalten=False)[0]
        self._lies(sorted(ordner.glob("*.eml")), stand(self.ablage, urteil))

    def _mahnen(self, zeit: str, tag: date) -> None:
        bis = tag + timedelta(NACHFRIST)
        g = ablauf.mahnen(self.pfad, zeit, tag, (bis, "MB"), heute=tag)
        vorher = beurteilen(self.ablage, Uhr(tag, tag), festhalten=False)[0]
        ohne = tuple(f for f in vorher.stammdaten.fristen if f.datum != tag or not f.grund.startswith("Nachfrist"))
        neu = stand(self.ablage, nochmals(self.ablage, vorher, replace(vorher.stammdaten, fristen=ohne)))
        neu.fristen |= {bis}
        self._lies(sorted(g.ordner.glob("*.eml")), neu)
        for p in (p for b in g.briefe for p in b.posten):
            self.g.mahnung(p.zeile.bfs_nr or 0, zeit, tag, bis)

    def _senden(self, tag: date) -> None:
        """Send all drafts that lie there; each clerk reads hers."""
        for name in gesendet(self.pfad, (), tag, alle=True).gesendet:
            m = mail_von(lies(self.ablage.rueckmeldungen / "Gesendet" / Path(name).name))
            self.gesagt.add(self._wort(m))
            self.saison.gesendet += 1
            if Path(name).name.startswith("Mail_"):
                for a in m.abschnitte():
                    self.g.antwort(m, a, tag)

    # --- decisions ----------------------------------------------------------------------------
    def _ordne(self, wer: str, tun: object, *was: object) -> bool:
        """Give an order; note what krs refuses."""
        try:
            tun(*was)  # type: ignore[operator]
        except (AblageFehler, ValueError) as fehler:
            self.verweigert.append(f"{was[-1]} {wer}: {fehler}")
            return False
        return True

    def _entscheide(self, z: Zeile, codes: Iterable[str], wort: str, tag: date, *, sha: bool = True) -> bool:
        auftrag = Entscheidauftrag(
            str(z.bfs_nr), z.periode, (*sorted(codes), wort), "Telefonisch geklärt", "MB", z.sha256 if sha else ""
        )
        return self._ordne(f"{z.gemeinde} {z.periode} {codes} {wort}", entscheiden, self.pfad, auftrag, tag)

    def _entscheiden(self, tag: date, urteil: Urteil, wer: set[tuple[int, str]]) -> None:
        kulanz: dict[str, list[Zeile]] = {}
        for z in urteil.zeilen:
            if (z.bfs_nr, z.periode) in wer and z.status == "Rückfrage offen" and z.fassung is not None and z.eingang:
                codes = {b.code for b in z.fassung.offen if b.stufe in HALTEND}
                if codes <= set(BEIM_KANTON):
                    self._verspaetung(z, codes, tag, kulanz)
                else:
                    self._rueckfrage(z, codes, tag)
        for zeit, zeilen in sorted(kulanz.items()):
            self._kulanz(zeit, zeilen, tag)

    def _verspaetung(self, z: Zeile, codes: set[str], tag: date, kulanz: dict[str, list[Zeile]]) -> None:
        """Recognise most after a few days, decide the rest before the money goes out."""
        wurf = self._zufall(z.sha256).random()
        if _alter(z, tag) >= ENTSCHEIDEN_NACH and wurf < ERKENNT_AN:
            kulanz.setdefault(z.periode, []).append(z)
        elif _zahltag(tag):
            self.saison.entscheide += self._entscheide(z, codes, "anerkennen" if wurf < 0.8 else "ablehnen", tag)

    def _rueckfrage(self, z: Zeile, codes: set[str], tag: date) -> None:
        """Wait for the municipality's answer, then decide; what it was asked by mistake it says on the telephone."""
        s = self.g.alle.get(z.sha256)
        if "F-52" in codes:
            self._alte_vorlage(z, tag)
        elif "F-51" in codes:
            if _alter(z, tag) >= MAHNEN_NACH + ENTSCHEIDEN_NACH and "neu" in z.datei:
                self.saison.entscheide += self._entscheide(z, ["F-51"], "anerkennen", tag)
        elif (s is not None and s.auftrag.verlangt) or _zahltag(tag):
            self.saison.entscheide += self._entscheide(z, codes, "anerkennen", tag)

    def _kulanz(self, zeit: str, zeilen: Sequence[Zeile], tag: date) -> None:
        """Recognise what came late: several at once by one extension, a single one by a decision."""
        if len(zeilen) == 1:
            self.saison.entscheide += self._entscheide(zeilen[0], ["F-50"], "anerkennen", tag)
            return
        bis = max(z.eingang for z in zeilen if z.eingang)
        namen = tuple(str(z.bfs_nr) for z in zeilen)
        auftrag = Fristauftrag(zeit, namen, bis, "Verspätung telefonisch begründet", "MB")
        if self._ordne(f"{namen} {zeit}", erstrecken, self.pfad, auftrag, tag):
            self.saison.fristen += 1

    def _alte_vorlage(self, z: Zeile, tag: date) -> None:
        """Ask by telephone after a few days: mostly it is the form of the next period."""
        s, folge = self.g.alle.get(z.sha256), folgeperiode(z.periode)
        if _alter(z, tag) < ENTSCHEIDEN_NACH:
            return
        if s is not None and s.wer == (z.bfs_nr, folge):
            self._ordne_zu(z.sha256, s.bfs_nr, folge, tag)
        else:
            self.saison.entscheide += self._entscheide(z, ["F-52"], "anerkennen", tag)

    def _zuordnen(self, anfang: str, tag: date) -> None:
        s = next((s for sha, s in self.g.alle.items() if sha.startswith(anfang)), None)
        if s is not None and (tag - s.tag).days >= 2 and (s.bfs_nr, s.sha256) not in self.geloest:
            self.geloest.add((s.bfs_nr, s.sha256))
            self._ordne_zu(s.sha256, s.bfs_nr, s.zeit, tag)

    def _ordne_zu(self, sha: str, bfs: int, zeit: str, tag: date) -> None:
        auftrag = Zuordnungsauftrag(sha, str(bfs), formular_fuer(zeit).name, zeit, "MB")
        if self._ordne(f"{bfs} {zeit}", zuordnen, self.pfad, auftrag, tag):
            self.saison.zuordnungen += 1

    def _aufraeumen(self, tag: date, urteil: Urteil) -> None:
        """Close what is still open of the season before."""
        for z in urteil.tafel():
            if offen(z) and z.bfs_nr is not None and z.periode and z.frist and (tag - z.frist).days > 60:
                self.saison.abschluesse += self._entscheide(z, [], "ablehnen", tag, sha=bool(z.sha256))

    # --- money --------------------------------------------------------------------------------
    def _lauf(self, lauf: str, tag: date) -> None:
        for schritt, visum in (("vorbereiten", "MB"), ("freigeben", "RK")):
            auftrag = Laufauftrag(lauf, tag, visa=(visum,), hand=self._hand(tag), **{schritt: True})
            zahlungslauf(self.pfad, auftrag, tag)
        uebergeben(self.pfad, lauf, tag)
        self.banken[lauf] = tag + timedelta(10)
        self._lies_ordner(self.ablage.rueckmeldungen / f"Mitteilungen_{lauf}", tag)

    def _geld(self, tag: date, liste: Heute) -> None:
        for lauf in [x for x, wann in self.banken.items() if wann <= tag]:
            del self.banken[lauf]
            self._bank(lauf, tag)
        s = ablauf.stammdaten_laden(self.ablage)[0]
        for r in Laeufe(self.ablage.laeufe).journal.zurueckgekommen():
            g = max((g for g in s.gemeinden if g.bfs_nr == r.bfs_nr), key=nummer)
            if g.iban == iban(r.bfs_nr):
                aenderung(self.ablage, "Gemeinden", setzen={nummer(g): {"iban": iban(r.bfs_nr + 5000)}}).schreiben(tag)
        for k in s.kredit:
            if k.abgeschlossen_am is None and tag >= date(k.jahr + 1, 6, 15):
                aenderung(self.ablage, "Kredit", setzen={nummer(k): {"abgeschlossen_am": tag}}).schreiben(tag)
        if tag.month in (5, 11) and f"R-{tag.year}-{tag.month}" not in {r.nr for r in s.rueckforderungen}:
            self._rueckforderung(tag)
        for a in liste.aufgaben:
            if a.text.find(": Rechnung R-") > 0:
                self.saison.rechnungen.add(a.text)

    def _bank(self, lauf: str, tag: date) -> None:
        zufall, alle = self._zufall(lauf, "bank"), Laeufe(self.ablage.laeufe).abrechnungen
        ids = [end_to_end_id(a) for a in alle if a.lauf == lauf and a.auszahlung]
        nein = set(zufall.sample(ids, min(len(ids), zufall.choice((1, 1, 2)))))
        zeilen = [f"{i};{'RJCT' if i in nein else 'ACSC'};{tag};{'AC04' if i in nein else ''}" for i in ids]
        datei = self.pfad.parent / f"Bank_{lauf}.csv"
        datei.write_text("\n".join(["id;status;datum;grund", *zeilen]) + "\n", encoding="utf-8")
        antwort_einlesen(self.pfad, lauf, datei, tag)

    def _rueckforderung(self, tag: date) -> None:
        bezahlt = [a for a in Laeufe(self.ablage.laeufe).abrechnungen if a.auszahlung > 1000]
        if not bezahlt:
            return
        a = self._zufall(tag.year, tag.month, "zurück").choice(bezahlt)
        neu = zeile(
            "Rückforderungen", nr=f"R-{tag.year}-{tag.month}", bfs_nr=a.bfs_nr, datum=tag, betrag=Decimal(400),
            grund="Zwei Gespräche ohne Nachweis (Stichprobe)", ziffer="4.7", verfuegt_von="MB", freigegeben_von="RK",
        )  # fmt: skip
        anhaengen(self.ablage, "Rückforderungen", [neu], tag)
