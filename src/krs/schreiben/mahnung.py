"""Who owes a form after its deadline, and the letter that reminds them (Ziff. 5.2, docs/entscheide/04)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from krs.formulare.befund import mehrzahl
from krs.formulare.formular import eingabefrist, folgeperiode, formulare, periodenbeginn, zeitraum
from krs.formulare.kontext import aufzaehlung
from krs.recht import datum, fristhinweis
from krs.schreiben.unterschrift import auskunft
from krs.stammdaten.adressen import Adressat, gruppiert
from krs.urteil.absender import kann_sein
from krs.urteil.fassung import mit_wochentag

if TYPE_CHECKING:
    from krs.urteil.tafel import Zeile
    from krs.urteil.urteil import Urteil

Mahnstufe = Literal[1, 2]


@dataclass(frozen=True, slots=True)
class Mahnung:
    """One reminder that was written: one form of one municipality."""

    datum: date
    stufe: int
    bfs_nr: int
    gemeinde: str
    formular: str
    periode: str
    an: str


@dataclass(frozen=True, slots=True)
class Posten:
    """One form that is owed, as the letter names it.

    `erste`: day of the first reminder. `unbrauchbar`: when a form arrived that could not be used. `leitgemeinde`:
    whose Selbstdeklaration would do as well. `unlesbar`: files of this sender that could not be read, with their day.
    `alte_vorlage`: forms that came with the template of the period before.
    """

    zeile: Zeile
    stufe: Mahnstufe = 1
    erste: date | None = None
    unbrauchbar: date | None = None
    leitgemeinde: str = ""
    unlesbar: tuple[tuple[date, str], ...] = ()
    alte_vorlage: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """The letter to one recipient; without an e-mail address the officer fills it in."""

    an: Adressat
    posten: tuple[Posten, ...]
    betreff: str
    text: str

    def mahnungen(self, tag: date) -> tuple[Mahnung, ...]:
        """Return what the log notes of this letter."""
        return tuple(
            Mahnung(
                tag, p.stufe, p.zeile.bfs_nr or 0, p.zeile.gemeinde, p.zeile.formular, p.zeile.periode, self.an.email
            )
            for p in self.posten
        )


def briefe(
    urteil: Urteil, periode: str, frueher: Iterable[Mahnung] = (), nachfrist: date | None = None
) -> tuple[Brief, ...]:
    """Return one letter per recipient, in the order of the municipalities' names, dated on the Stichtag.

    Raises: ValueError: somebody owes, and the Nachfrist is over already.
    """
    je_gemeinde = {p.zeile.bfs_nr or 0: p for p in posten(urteil, periode, frueher)}
    ergebnis = []
    for wer, nummern in gruppiert(urteil.stammdaten, je_gemeinde, urteil.stichtag):
        teile = tuple(je_gemeinde[n] for n in nummern)
        e = urteil.stammdaten.einstellungen
        betreff, text = brief(teile, e.kanton_name, urteil.stichtag, nachfrist)
        ergebnis.append(Brief(wer, teile, betreff, f"{text}{auskunft(e)}\n" if auskunft(e) else text))
    return tuple(ergebnis)


def ausstehend(urteil: Urteil, periode: str) -> tuple[Zeile, ...]:
    """Return who owes a form for a half-year `2024-H1` or a year `2024` whose deadline has passed on the Stichtag.

    Not owed any more is what an officer closed (status «erledigt»).
    """
    return tuple(z for z in urteil.offen() if z.periode == periode)


def posten(urteil: Urteil, periode: str, frueher: Iterable[Mahnung] = ()) -> tuple[Posten, ...]:
    """Return what `ausstehend` does with all that a letter says about it; `frueher` are the reminders so far."""
    log = tuple(frueher)
    return tuple(_posten(urteil, z, log) for z in ausstehend(urteil, periode))


def _posten(urteil: Urteil, z: Zeile, log: Sequence[Mahnung]) -> Posten:
    bfs, tag, gebiet = z.bfs_nr or 0, urteil.stichtag, urteil.stammdaten.gebiet
    lead = gebiet.leitgemeinde(bfs, periodenbeginn(z.periode)) if z.formular == "Anhang 3" else None
    tage = [
        x.eingang for x in urteil.zeilen
        if (x.bfs_nr, x.formular, x.periode) == (z.bfs_nr, z.formular, z.periode) and x.eingang is not None
        and not (x.fassung and x.fassung.zuordnung)
    ]  # fmt: skip
    return Posten(
        z,
        stufe_fuer(log, bfs, z.formular, z.periode, tag),
        min(_fruehere(log, bfs, z.formular, z.periode, tag), default=None),
        max(tage, default=None),  # whatever arrived and left the form missing could not be used
        gebiet.name(lead) if lead else "",
        tuple(_unlesbare(urteil, z)),
        tuple(_auf_alter_vorlage(urteil, z)),
    )


def _auf_alter_vorlage(urteil: Urteil, z: Zeile) -> Iterator[tuple[date, str]]:
    """Yield what came with the template of the period before, where it is asked whether this one was meant (F-52)."""
    for x in urteil.zeilen:
        gemeint = (x.bfs_nr, x.formular) == (z.bfs_nr, z.formular) and folgeperiode(x.periode or "2100") == z.periode
        if gemeint and x.eingang is not None and x.fassung and any(b.code == "F-52" for b in x.fassung.offen):
            yield x.eingang, x.periode


def _unlesbare(urteil: Urteil, z: Zeile) -> Iterator[tuple[date, str]]:
    """Yield what an officer assigned to this municipality and form; of an unknown form what came near the deadline."""
    for x in urteil.zeilen:
        if x.bfs_nr != z.bfs_nr or x.status != "fehlerhaft" or not (x.fassung and x.fassung.zuordnung and x.eingang):
            continue
        if kann_sein(x.fassung, z.bfs_nr, z):
            yield x.eingang, x.datei.rpartition("/")[2]


def stufe_fuer(frueher: Iterable[Mahnung], bfs: int, formular: str, periode: str, stichtag: date) -> Mahnstufe:
    """Return 2 if a reminder was written on an earlier day, else 1; those of the same day change nothing."""
    return 2 if _fruehere(frueher, bfs, formular, periode, stichtag) else 1


def _fruehere(frueher: Iterable[Mahnung], bfs: int, formular: str, periode: str, stichtag: date) -> list[date]:
    wer = (bfs, formular, periode)
    return [m.datum for m in frueher if (m.bfs_nr, m.formular, m.periode) == wer and m.datum < stichtag]


# --- letter ---------------------------------------------------------------------------------
def brief(fehlende: Sequence[Posten], absender: str, stichtag: date, nachfrist: date | None = None) -> tuple[str, str]:
    """Return subject and text of the letter to one recipient; paragraphs are single lines.

    Args:
        fehlende: at least one; all that this recipient owes.
        absender: the canton's office; empty: the programme's name alone.
        stichtag: the day of the letter.
        nachfrist: last day granted, after `stichtag`; without it «so bald wie möglich».
    Raises: ValueError: nothing is owed, or the Nachfrist is over already.
    """
    if not fehlende:
        raise ValueError("Ohne ausstehendes Formular gibt es keine Mahnung.")
    if nachfrist is not None and nachfrist <= stichtag:
        raise ValueError(
            f"Die Nachfrist {datum(nachfrist)} muss nach dem Tag der Mahnung liegen, dem {datum(stichtag)}."
        )
    absaetze = (
        "Guten Tag",
        _eroeffnung(fehlende, stichtag) + "\n\n" + "\n".join(_punkt(p) for p in fehlende),
        *dict.fromkeys(filter(None, map(_fristhinweis, fehlende))),
        _bitte(fehlende, nachfrist),
        _weg(fehlende),
        _folge(fehlende),
        f"{_ihr(fehlende, 'Haben Sie das Formular', 'Haben Sie die Formulare')} inzwischen gesendet,"
        " ist diese E-Mail gegenstandslos.",
        "Freundliche Grüsse",
        "\n".join(filter(None, (absender, "start.integration"))),
    )
    return _betreff(fehlende), "\n\n".join(absaetze) + "\n"


def _fristhinweis(p: Posten) -> str:
    """Return what to say of a deadline on a weekend; one that the office chose needs no word of the circular."""
    z = p.zeile
    return fristhinweis(z.frist) if z.frist == eingabefrist(int(z.formular[-1]), z.periode) else ""


def _ihr(fehlende: Sequence[Posten], eines: str, mehrere: str) -> str:
    return eines if len(fehlende) == 1 else mehrere


def _betreff(fehlende: Sequence[Posten]) -> str:
    art = "Zweite Mahnung" if all(p.stufe == 2 for p in fehlende) else "Mahnung"
    was = _ihr(fehlende, f"{_form(fehlende[0])}, {fehlende[0].zeile.gemeinde}", f"{len(fehlende)} Formulare fehlen")
    return f"start.integration: {art}, {was}"


def _form(p: Posten) -> str:
    """Return «Anhang 2 (Reportingformular) für das 1. Halbjahr 2024»."""
    titel = next(f.titel for f in formulare() if f.name == p.zeile.formular)
    return f"{p.zeile.formular} ({titel}) für das {zeitraum(p.zeile.periode)}"


def _eroeffnung(fehlende: Sequence[Posten], stichtag: date) -> str:
    trotz = "Trotz unserer Mahnung fehlt" if all(p.stufe == 2 for p in fehlende) else "Uns fehlt"
    verb = _ihr(fehlende, trotz, trotz.replace("fehlt", "fehlen"))
    was = _ihr(fehlende, "das folgende Formular", f"die folgenden {len(fehlende)} Formulare")
    return f"{verb} bis heute, {mit_wochentag(stichtag)}, {was}:"


def _punkt(p: Posten) -> str:
    z = p.zeile
    frist = f"; Frist {mit_wochentag(z.frist)}, seit {mehrzahl(z.tage, 'Tag', 'Tagen')} abgelaufen" if z.frist else ""
    saetze = [f"- {z.gemeinde}: {_form(p)}{frist}."]
    if p.erste is not None:
        saetze.append(f"Die erste Mahnung sandten wir am {mit_wochentag(p.erste)}.")
    if p.unbrauchbar is not None:
        saetze.append(
            f"Ihre Einreichung vom {datum(p.unbrauchbar)} konnten wir nicht verwenden; die Rückmeldung sagt, weshalb."
        )
    saetze += [f"Am {datum(tag)} kam «{datei}»; diese Datei konnte nicht gelesen werden." for tag, datei in p.unlesbar]
    saetze += [
        f"Am {datum(tag)} kam ein Formular mit der Vorlage {periode} ({zeitraum(periode)}); ist es für das"
        f" {zeitraum(z.periode)} gemeint, antworten Sie uns bitte."
        for tag, periode in p.alte_vorlage
    ]
    if p.leitgemeinde:
        saetze.append(f"Reicht die Leitgemeinde {p.leitgemeinde} ihre Selbstdeklaration ein, gilt diese auch hier.")
    return "\n  ".join(saetze)


def _bitte(fehlende: Sequence[Posten], nachfrist: date | None) -> str:
    bis = f"bis {mit_wochentag(nachfrist)}," if nachfrist else "so bald wie möglich"
    es = _ihr(fehlende, "es", "sie")
    if all(p.stufe == 1 for p in fehlende):
        return f"Bitte reichen Sie {es} {bis} ein."
    return (
        f"Wir bitten Sie nachdrücklich, {es} {bis} einzureichen. Ist Ihnen das nicht möglich, teilen Sie uns bitte"
        f" umgehend mit, weshalb und bis wann wir {_ihr(fehlende, 'das Formular', 'die Formulare')} erhalten."
    )


def _weg(fehlende: Sequence[Posten]) -> str:
    mehrere = len({p.zeile.bfs_nr for p in fehlende}) > 1
    gemeinde = "der jeweiligen Gemeinde" if mehrere else "Ihrer Gemeinde"
    vorlage = _ihr(fehlende, f"die Vorlage {gemeinde}", f"die Vorlagen {gemeinde}")
    datei = _ihr(fehlende, "sie ausgefüllt als Excel-Arbeitsmappe", "sie ausgefüllt als Excel-Arbeitsmappen")
    satz = f"Verwenden Sie {vorlage} und senden Sie {datei} (.xlsx) als Antwort auf diese E-Mail."
    if any(p.zeile.formular == "Anhang 2" for p in fehlende):
        satz += (
            " Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der Nullmeldung «Ja» und"
            " bestätigen Sie das Formular am Schluss."
        )
    return satz


def _folge(fehlende: Sequence[Posten]) -> str:
    """Say what is held meanwhile, and nothing more: no claim lapses by itself (docs/entscheide/04)."""
    beitraege = list(dict.fromkeys(_beitrag(p) for p in fehlende))
    wer = _ihr(fehlende, "das Formular", "die Formulare")
    return (
        f"Es verfällt nichts von selbst. Zurückgestellt sind aber die Beiträge, die {wer}"
        f" {_ihr(fehlende, 'belegt', 'belegen')}: {aufzaehlung(beitraege)}."
        f" Das gilt, bis {wer} vollständig {_ihr(fehlende, 'vorliegt', 'vorliegen')} und wir über die Verspätung"
        " entschieden haben. Die Ausrichtung von Beiträgen kann von der vollständigen und fristgerechten Einreichung"
        " abhängig gemacht werden (Kreisschreiben KRS-GEF-2017/01, Ziff. 5.2); ein Rechtsanspruch besteht nicht"
        " (Ziff. 4.1.1). Andere Beiträge sind davon nicht betroffen."
    )


def _beitrag(p: Posten) -> str:
    was = "Sockelbeitrag" if p.zeile.formular == "Anhang 3" else "Fall- und Dolmetschpauschalen"
    return f"{was} für das {zeitraum(p.zeile.periode)}"
