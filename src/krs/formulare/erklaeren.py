"""A rule in words: for the terminal (`krs erklaere CODE`) and for the handbook (docs/handbuch/regeln.md)."""

from __future__ import annotations

import re
from difflib import get_close_matches
from textwrap import fill

from krs.formulare.befund import Meldung, Stufe, meldungen

GRUPPEN = {
    "E": ("Eingang einer Datei", "Was keine lesbare Vorlage ist, bleibt, wo es liegt, und wird mit Grund gemeldet."),
    "F": ("Beide Formulare", "Gemeinde und Periode, fehlende und unlesbare Angaben, Bestätigung, Frist."),
    "A2": ("Anhang 2, Reportingformular", "Gespräche, Dolmetscheinsätze und ihr Zusammenhang."),
    "A3": ("Anhang 3, Selbstdeklaration", "Voraussetzungen, Aufgaben, Leitgemeinde, Dritte."),
    "S": ("Stammdaten", "Was in der Arbeitsmappe Stammdaten.xlsx nicht stimmt."),
}
STUFEN = {
    Stufe.FEHLER: "Was der Befund trifft, wird nicht vergütet, bis es berichtigt ist.",
    Stufe.RUECKFRAGE: "Was der Befund trifft, ist zurückgestellt, bis ein Entscheid vorliegt.",
    Stufe.HINWEIS: "Zur Kenntnis; auf die Ansprüche hat es keinen Einfluss.",
}
BREITE = 96
_KOPF = """\
# Regeln der Prüfung

<!-- Erzeugt aus src/krs/formulare/meldungen.toml mit `./run bauen`; nicht von Hand ändern. -->

Diese Seite ist erzeugt (`./run bauen`). Jede Prüfung hat einen Code, der für immer gleich bleibt. Wo im Text
«…» steht, setzt das Programm ein, was im Formular steht; davor steht im Befund der Ort (Blatt und Zelle), dahinter
die Ziffer des Kreisschreibens und der Code. `krs erklaere CODE` zeigt eine Regel im Terminal.
"""


def _muster(m: Meldung) -> str:
    """Return the message with an ellipsis for what stands in the form."""
    return re.sub(r"\{[^}]*\}", "…", m.text)


def erklaere(code: str, breite: int = BREITE) -> str:
    """Return a rule as plain text, in lines of that width.

    Raises: ValueError: no such code (German sentence with the nearest ones).

    >>> print(erklaere("a2-11").splitlines()[0])
    A2-11  Zeile der Sprachen unvollständig
    """
    gesucht = code.strip().upper()
    meldung = meldungen().get(gesucht)
    if meldung is None:
        raise ValueError(_unbekannt(code.strip(), gesucht))
    zeilen = [f"{meldung.code}  {meldung.titel}", ""]
    zeilen += [_absatz(f"{name}:", text, breite) for name, text in _angaben(meldung)]
    return "\n".join(zeilen)


def _unbekannt(code: str, gesucht: str) -> str:
    form = re.fullmatch(rf"({'|'.join(GRUPPEN)})-?(\d{{1,2}})", gesucht)
    muster = f"{form[1]}-{int(form[2]):02}" if form else gesucht
    codes = [c for c in meldungen() if form is None or c.startswith(f"{form[1]}-")]
    nahe = get_close_matches(muster, codes, n=3, cutoff=0.5)
    wahl = " oder ".join(filter(None, (", ".join(nahe[:-1]), *nahe[-1:])))
    rat = f"Meinten Sie {wahl}?" if nahe else "Codes sehen aus wie A2-07, A3-02, F-21, E-05 oder S-23."
    return f"Den Code «{code[:30]}» gibt es nicht. {rat} Alle Codes stehen in docs/handbuch/regeln.md."


def _angaben(m: Meldung) -> list[tuple[str, str]]:
    """Return name and text of what there is to say about a rule, in order."""
    angaben = [
        ("Stufe", f"{m.stufe}. {STUFEN[m.stufe]}"),
        ("Kreisschreiben", f"Ziff. {m.ziffer}" if m.ziffer else "keine Ziffer, ein Ablauf der Software"),
        ("Felder", "keines, die Datei als Ganzes" if m.felder == "–" else m.felder),
        ("Betrifft", m.betrifft),
        ("Meldung", _muster(m)),
        ("Warum", m.warum),
        ("Beispiel", m.beispiel),
    ]
    return [*angaben, ("Entscheid", _entscheid(m))] if m.stufe is not Stufe.HINWEIS else angaben


def _entscheid(m: Meldung) -> str:
    if not m.hebbar:
        return "Ein Entscheid kann diesen Befund nicht aufheben; es braucht eine berichtigte Angabe."
    return "Ein Entscheid «anerkennen» in den Stammdaten (Blatt Entscheide) hebt diesen Befund auf."


def _absatz(name: str, text: str, breite: int) -> str:
    return fill(f"{name:16}{text}", breite, subsequent_indent=" " * 16, break_long_words=False, break_on_hyphens=False)


def regeln_md() -> str:
    """Return docs/handbuch/regeln.md: a table of contents by group, then one section per code."""
    inhalt, abschnitte = [], []
    for gruppe, (titel, worum) in GRUPPEN.items():
        regeln = sorted((m for m in meldungen().values() if m.code.startswith(f"{gruppe}-")), key=lambda m: m.code)
        inhalt += [f"**{gruppe}: {titel}**\n", "| Code | Titel | Stufe | Ziffer |", "|---|---|---|---|"]
        inhalt += [f"| [{m.code}](#{m.code.lower()}) | {m.titel} | {m.stufe} | {m.ziffer} |" for m in regeln]
        inhalt.append("")
        abschnitte += [f"## {gruppe}: {titel}\n", f"{worum}\n", *map(_abschnitt, regeln)]
    return "\n".join([_KOPF, *inhalt, *abschnitte])


def _abschnitt(m: Meldung) -> str:
    """Return one section; its anchor is the code alone, so that links outlive a new title."""
    punkte = [f"- **{name}:** {text}" for name, text in _angaben(m) if name != "Meldung"]
    return "\n".join([f"### {m.code}\n", f"**{m.titel}**\n", f"> {_muster(m)}\n", *punkte, ""])
