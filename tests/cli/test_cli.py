"""The command line: German, one sentence for every mistake, exit codes of entwurf 4.1."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ablage.hilfe import ausgefuellt, baum, einwerfen, stammdaten
from ablage.test_umschlaege import zip_
from demo.hilfe import demo
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.cli import rahmen

Aufruf = Callable[..., tuple[int, str, str]]
BEFEHLE = (
    "", "neu", "vorlagen", "pruefen", "konsolidieren", "mahnungen", "gesendet", "heute", "versand", "verteiler",
    "stichprobe", "archiv", "entscheid", "frist", "kontakte", "zuordnen", "aktualisieren", "erklaere", "demo", "lauf",
    "export", "rueckforderungen", "kredit", "abgrenzung", "vergleich", "anhang1", "jahresbericht", "serve",
    "token",
)  # fmt: skip
ENGLISCH = re.compile(
    r"\b(the|and|this|message|exit|show|usage|options|arguments?|commands?|required|default|path|str|list|file"
    r"|directory|error|invalid|missing|try|for|help for)\b",
    re.IGNORECASE,
)
STICHTAG = ("--stichtag", "2024-09-10")


# --- help -------------------------------------------------------------------------------------
@pytest.mark.parametrize("befehl", BEFEHLE)
def test_die_hilfe_ist_deutsch(krs: Aufruf, befehl: str) -> None:
    code, text, fehler = krs(*filter(None, [befehl]), "--help")
    assert (code, fehler) == (0, "")
    ohne_schalter = re.sub(r"--\w+", "", text)
    assert ENGLISCH.findall(ohne_schalter) == []
    assert text.startswith(f"Aufruf: krs {befehl}".rstrip())
    assert "{" not in text
    assert "<" not in text


def test_jeder_befehl_steht_mit_einem_ganzen_satz_in_der_uebersicht(krs: Aufruf) -> None:
    _, text, _ = krs("--help")
    zeilen = re.findall(r"^  ([a-z]\w+) {2,}(.+)$", text, re.MULTILINE)
    assert sorted(name for name, _ in zeilen) == sorted(BEFEHLE[1:])
    assert all(satz.endswith(".") and "..." not in satz for _, satz in zeilen)


def test_die_uebersicht_ist_nach_aufgaben_gegliedert_und_ausgerichtet(
    krs: Aufruf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    zeilen = krs("--help")[1].splitlines()
    gruppen = [z.rstrip(":") for z in zeilen if re.fullmatch(r"\w.*:", z)]
    assert gruppen == ["Optionen", *rahmen.GRUPPEN]
    assert zeilen[zeilen.index("Geld:") :][:8] == [
        "Geld:",
        "  lauf              Rechnet einen Zahlungslauf oder gibt ihn frei.",
        "  export            Übergibt einen Lauf an die Finanzen.",
        "  rueckforderungen  Zeigt offene Rückforderungen und fällige Rechnungen.",
        "  kredit            Zeigt Kredit, Bezahltes, Zurückgestelltes und Rest.",
        "  abgrenzung        Schreibt die Abgrenzung eines Jahres für die Finanzen.",
        "  anhang1           Schreibt Anhang 1 eines Jahres und die Mails dazu.",
        "",
    ]
    assert max(map(len, zeilen)) <= 80


@pytest.mark.parametrize("befehl", BEFEHLE)
def test_die_hilfe_gibt_es_auch_mit_h_und_als_befehl(krs: Aufruf, befehl: str) -> None:
    worte = [w for w in (befehl,) if w]
    assert krs(*worte, "-h") == krs("help", *worte) == krs("hilfe", *worte) == krs(*worte, "--help")


@pytest.mark.parametrize("befehl", BEFEHLE[1:])
def test_jede_angabe_hat_einen_text_der_in_seiner_spalte_steht(
    krs: Aufruf, monkeypatch: pytest.MonkeyPatch, befehl: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for absatz in krs(befehl, "--help")[1].split("\n\n"):
        if absatz.startswith(("Argumente:", "Optionen:")):
            spalten = [re.match(r"  (\S.*?) {2,}(?=\S)", z) for z in absatz.splitlines()[1:] if z[2] != " "]
            assert len({s.end() for s in spalten if s}) == 1
            assert None not in spalten


def test_die_version_steht_in_der_ersten_zeile(krs: Aufruf) -> None:
    code, text, fehler = krs("--version")
    assert (code, fehler) == (0, "")
    python = ".".join(map(str, sys.version_info[:3]))
    assert text.splitlines() == ["krs 0.4.0", f"Python {python}, {Path(rahmen.__file__).parents[1]}"]


def test_ohne_befehl_steht_die_hilfe_da(krs: Aufruf) -> None:
    code, text, fehler = krs()
    assert (code, text) == (2, "")
    assert fehler == krs("--help")[1]


@pytest.mark.parametrize("befehl", BEFEHLE)
def test_die_hilfe_passt_auf_einen_schmalen_bildschirm(
    krs: Aufruf, monkeypatch: pytest.MonkeyPatch, befehl: str
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    zeilen = krs(*filter(None, [befehl]), "--help")[1].splitlines()
    assert [z for z in zeilen if len(z) > 40 and len(z.split()) > 1] == []


def test_eine_hilfe_im_wortlaut(krs: Aufruf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert krs("konsolidieren", "--help")[1].splitlines() == [
        "Aufruf: krs konsolidieren [OPTIONEN] ABLAGE",
        "",
        "  Liest den Eingang und baut Master.xlsx.",
        "",
        "  Archiviert, was kam, prüft es, rechnet die Ansprüche, zeigt, wer noch fehlt,",
        "  und legt die Rückmeldungen an die Gemeinden bereit. Mit einem früheren",
        "  Stichtag entsteht nur der Master jenes Tages.",
        "",
        "Argumente:",
        "  ABLAGE  Arbeitsordner mit Stammdaten.xlsx  [nötig]",
        "",
        "Optionen:",
        "  --stichtag JJJJ-MM-TT  Stand an diesem Tag  [Vorgabe: heute]",
        "  --alle                 jede Gemeinde zeigen, nicht nur was zu tun ist",
        "  -h, --help             Diese Hilfe zeigen.",
    ]


# --- wrong calls --------------------------------------------------------------------------------
AUFRUF = "Der Aufruf ist nicht richtig ({}). «krs{} --help» zeigt, was möglich ist."
ZU_VIEL = "zu viel ist «{}»; ein Pfad mit Leerzeichen gehört in Anführungszeichen"
HILFE = "«krs{} --help» zeigt, was möglich ist."
WERT = "bei der Option {} fehlt der Wert, oder einer ist zu viel"
KEIN_HALBJAHR = "Gelesen wurde «{}»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100)."
KEIN_TAG = "Gelesen wurde «{}»; erwartet wird ein Datum wie 2024-07-31."
NICHT_LEER = "«{}» ist nicht leer. Nennen Sie einen neuen oder leeren Ordner."
KEINE_ABLAGE = "Im Ordner «leer» fehlt Stammdaten.xlsx; es ist keine Ablage. Legen Sie eine mit «krs neu» an."
NIRGENDS = "Den Ordner «nirgends» gibt es nicht. Legen Sie ihn mit «krs neu nirgends» an."
ENTWEDER = "Nennen Sie entweder --periode 2024-H1 (Anhang 2) oder --jahr 2024 (Anhang 3)."
VOR_2017 = "Gelesen wurde «2016»; erwartet wird ein Jahr von 2017 bis 2100."
KEINE_VORLAGEN = "Für {} gibt es keine Vorlagen, deshalb schuldet niemand ein Formular. Vorlagen gibt es für: {}."
ARCHIV = "Nennen Sie «liste», «loeschen SHA --grund TEXT --visum AB» oder «loeschen --aelter-als JJJJ-MM-TT»."
KEINE_SHA = (
    "«{}»: Das Archiv hat keine Datei mit dieser SHA-256. Kopieren Sie die SHA-256 aus dem Master, Blatt "
    "Einreichungen (mindestens 8 Zeichen)."
)
WESHALB = "Nennen Sie den Grund (--grund) und Ihr Visum (--visum); beides bleibt im Archiv stehen."
FALSCH = {
    "gibtsnicht": f"Den Befehl «gibtsnicht» gibt es nicht. {HILFE.format('')}",
    "konsolidiren": "Den Befehl «konsolidiren» gibt es nicht. Meinten Sie «konsolidieren»?",
    "prüfen Ablage": "Den Befehl «prüfen» gibt es nicht. Meinten Sie «pruefen»?",
    "help gibtsnicht": f"Den Befehl «gibtsnicht» gibt es nicht. {HILFE.format('')}",
    "--foo": f"Die Option «--foo» gibt es nicht. {HILFE.format('')}",
    "neu a --foo": f"Die Option «--foo» gibt es nicht. {HILFE.format(' neu')}",
    "mahnungen Ablage --periodee 2024-H1": "Die Option «--periodee» gibt es nicht. Meinten Sie «--periode»?",
    "mahnungen Ablage -jahr 2024": "Die Option «-j» gibt es nicht. Meinten Sie «--jahr»?",
    "stichprobe Ablage -stichtag 2024-08-05": "Die Option «-s» gibt es nicht. Meinten Sie «--seed» oder «--stichtag»?",
    "--": AUFRUF.format("BEFEHL fehlt", ""),
    "neu": AUFRUF.format("ABLAGE fehlt", " neu"),
    "neu a b": AUFRUF.format(ZU_VIEL.format("b"), " neu"),
    "konsolidieren Ablage (neu) 2024": AUFRUF.format(ZU_VIEL.format("(neu) 2024"), " konsolidieren"),
    "neu Ablage": NICHT_LEER.format("Ablage"),
    "neu datei.txt": NICHT_LEER.format("datei.txt"),
    "pruefen": AUFRUF.format("DATEI… fehlt", " pruefen"),
    "pruefen fehlt.xlsx": "Die Datei «fehlt.xlsx» gibt es nicht. Prüfen Sie den Pfad.",
    "pruefen Ablage fehlt.xlsx": "Die Datei «fehlt.xlsx» gibt es nicht. Prüfen Sie den Pfad.",
    "pruefen leer": "Im Ordner «leer» liegt keine Datei. Prüfen Sie den Pfad.",
    "pruefen datei.txt --ablage leer": KEINE_ABLAGE,
    "pruefen datei.txt --json=3": AUFRUF.format(WERT.format("--json"), " pruefen"),
    "LAUF Ablage 2024-03": "Den Befehl «LAUF» gibt es nicht. Meinten Sie «lauf»?",
    "Konsolidiren Ablage": "Den Befehl «Konsolidiren» gibt es nicht. Meinten Sie «konsolidieren»?",
    "lauf Ablage 2024-03 --VISUM AB": "Die Option «--VISUM» gibt es nicht. Meinten Sie «--visum»?",
    "lauf Ablage 2024-03 --visum": AUFRUF.format(WERT.format("--visum"), " lauf"),
    "--version=3": AUFRUF.format(WERT.format("--version"), ""),
    "konsolidieren nirgends": NIRGENDS,
    "konsolidieren datei.txt": "«datei.txt» ist eine Datei. Nennen Sie den Ordner, in dem Stammdaten.xlsx liegt.",
    "konsolidieren leer": KEINE_ABLAGE,
    "konsolidieren Ablage --stichtag 31.07.2024": KEIN_TAG.format("31.07.2024"),
    "konsolidieren Ablage --stichtag 20240731": KEIN_TAG.format("20240731"),
    "konsolidieren Ablage --stichtag 2024-02-30": KEIN_TAG.format("2024-02-30"),
    "konsolidieren Ablage --stichtag": AUFRUF.format(WERT.format("--stichtag"), " konsolidieren"),
    "vorlagen Ablage": ENTWEDER,
    "vorlagen Ablage --periode 2024-H1 --jahr 2024": ENTWEDER,
    "vorlagen Ablage --periode 2024": KEIN_HALBJAHR.format("2024"),
    "vorlagen Ablage --periode 2024-H3": KEIN_HALBJAHR.format("2024-H3"),
    "vorlagen Ablage --periode 2016-H2": VOR_2017,
    "vorlagen Ablage --jahr 2024-H1": "Gelesen wurde «2024-H1»; erwartet wird ein Jahr von 2017 bis 2100.",
    "vorlagen Ablage --jahr 1999": "Gelesen wurde «1999»; erwartet wird ein Jahr von 2017 bis 2100.",
    "vorlagen nirgends --jahr 2024": NIRGENDS,
    "pruefen datei.txt --rueckmeldung Ablage/Stammdaten.xlsx": "«Ablage/Stammdaten.xlsx» ist eine Datei. Nennen Sie "
    "einen Ordner für die Rückmeldungen.",
    "konsolidieren Ablage --alle=ja": AUFRUF.format(WERT.format("--alle"), " konsolidieren"),
    "mahnungen": AUFRUF.format("ABLAGE fehlt", " mahnungen"),
    "mahnungen Ablage": ENTWEDER,
    "mahnungen Ablage --periode 2024": KEIN_HALBJAHR.format("2024"),
    "mahnungen Ablage --periode 2024-H3": KEIN_HALBJAHR.format("2024-H3"),
    "mahnungen Ablage --periode 2024-H2": KEINE_VORLAGEN.format("2024-H2", "2024-H1"),
    "mahnungen Ablage --jahr 2023": KEINE_VORLAGEN.format("2023", "2024"),
    "mahnungen Ablage --jahr 24": "Gelesen wurde «24»; erwartet wird ein Jahr von 2017 bis 2100.",
    "mahnungen Ablage --periode 2024-H1 --nachfrist 20.8.24": KEIN_TAG.format("20.8.24"),
    "mahnungen Ablage --periode 2024-H1 --stichtag 2024-08-05 --nachfrist 2024-08-05": "Die Nachfrist 05.08.2024 muss "
    "nach dem Tag der Mahnung liegen, dem 05.08.2024.",
    "mahnungen nirgends --jahr 2024": NIRGENDS,
    "mahnungen leer --jahr 2024": KEINE_ABLAGE,
    "stichprobe Ablage": AUFRUF.format("--periode fehlt", " stichprobe"),
    "stichprobe Ablage --periode 2024-H1 --seed 7": AUFRUF.format("--anzahl fehlt", " stichprobe"),
    "stichprobe Ablage --periode 2024-H1 --anzahl 7": AUFRUF.format("--seed fehlt", " stichprobe"),
    "stichprobe Ablage --periode 2024-H1 --anzahl zehn --seed 7": AUFRUF.format(
        "bei --anzahl steht keine ganze Zahl", " stichprobe"
    ),
    "stichprobe Ablage --periode 2024-H1 --anzahl 1 --seed 1.5": AUFRUF.format(
        "bei --seed steht keine ganze Zahl", " stichprobe"
    ),
    "stichprobe Ablage --periode 2024-H1 --anzahl 1 --seed 7": "Verlangt ist 1 Gemeinde, in der Grundgesamtheit sind "
    "keine mit einem anerkannten Betrag.",
    "stichprobe Ablage --periode 2024 --anzahl 1 --seed 7": KEIN_HALBJAHR.format("2024"),
    "stichprobe nirgends --periode 2024-H1 --anzahl 1 --seed 7": NIRGENDS,
    "archiv": AUFRUF.format("ABLAGE fehlt", " archiv"),
    "archiv Ablage": AUFRUF.format("liste|loeschen fehlt", " archiv"),
    "archiv liste Ablage": ARCHIV,
    "archiv Ablage löschen 12345678": ARCHIV,
    "archiv Ablage liste 12345678": ARCHIV,
    "archiv Ablage loeschen": ARCHIV,
    "archiv Ablage loeschen 12345678": WESHALB,
    "archiv Ablage loeschen 12345678 --grund Irrtum": WESHALB,
    "archiv Ablage loeschen 12345678 --visum MB": WESHALB,
    "archiv Ablage loeschen 12345678 --grund Irrtum --visum MB": KEINE_SHA.format("12345678"),
    "archiv Ablage loeschen 1234 --grund Irrtum --visum MB": KEINE_SHA.format("1234"),
    "archiv Ablage liste --stichtag gestern": KEIN_TAG.format("gestern"),
    "archiv nirgends liste": NIRGENDS,
    "demo leer-nicht": "«leer-nicht» enthält etwas anderes als eine Demo. Nennen Sie einen neuen Ordner.",
}


@pytest.mark.parametrize("argumente", FALSCH)
def test_ein_falscher_aufruf_gibt_einen_satz_und_tut_nichts(krs: Aufruf, ablage: Ablage, argumente: str) -> None:
    Path("leer").mkdir()
    Path("leer-nicht").mkdir()
    Path("leer-nicht/meins.txt").write_text("meins")
    Path("datei.txt").write_text("kein Excel")
    vorher = baum(Path())
    assert krs(*argumente.split()) == (2, "", FALSCH[argumente] + "\n")
    assert baum(Path()) == vorher
    assert ablage.pfad.is_dir()


def test_neu_in_einem_ordner_nur_zum_lesen_spricht_nicht_von_excel(
    krs: Aufruf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verboten(ort: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "denied", str(ort))

    monkeypatch.setattr(Path, "mkdir", verboten)
    satz = f"«{tmp_path / 'R'}» kann nicht geschrieben werden. Prüfen Sie die Rechte.\n"
    assert krs("neu", tmp_path / "R") == (2, "", satz)


def test_unlesbare_stammdaten_geben_einen_satz(krs: Aufruf, ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(b"kaputt")
    assert krs("konsolidieren", "Ablage") == (
        2, "",
        f"Die Stammdaten «{ablage.stammdaten}» sind nicht lesbar (Keine Arbeitsmappe). "
        "Speichern Sie die Datei in Excel als .xlsx, oder stellen Sie sie aus der Sicherung wieder her.\n",
    )  # fmt: skip


def test_ein_fehler_im_programm_gibt_keinen_traceback(krs: Aufruf, monkeypatch: pytest.MonkeyPatch) -> None:
    def kaputt(*_: object) -> None:
        raise KeyError("feld")

    monkeypatch.setattr(ablauf, "neu", kaputt)
    assert krs("neu", "x") == (
        2, "",
        "Das hat nicht geklappt, der Fehler liegt im Programm (KeyError: 'feld'). Es ist nichts halb geschrieben. "
        "Melden Sie den Fehler mit diesem Satz der Informatik.\n",
    )  # fmt: skip


def test_ein_abbruch_mit_strg_c_sagt_dass_nichts_halb_ist(krs: Aufruf, monkeypatch: pytest.MonkeyPatch) -> None:
    def abgebrochen(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ablauf, "neu", abgebrochen)
    assert krs("neu", "x") == (
        2, "", "Abgebrochen. Es ist nichts halb geschrieben; der Befehl kann wiederholt werden.\n",
    )  # fmt: skip


# --- exit codes -----------------------------------------------------------------------------------
def test_wer_noch_etwas_schuldet_ist_kein_fehler(krs: Aufruf, ablage: Ablage) -> None:
    code, text, fehler = krs("konsolidieren", "Ablage", "--stichtag", "2024-12-01")
    assert (code, fehler) == (0, "")
    assert text.split("Zu tun")[1].splitlines()[2:] == [
        "Egerkingen  Anhang 2  2024-H1  fehlt   seit 123 Tagen fällig (Mittwoch, 31.07.2024)",
        "Härkingen   Anhang 2  2024-H1  fehlt   seit 123 Tagen fällig (Mittwoch, 31.07.2024)",
        "Kestenholz  Anhang 2  2024-H1  fehlt   seit 123 Tagen fällig (Mittwoch, 31.07.2024)",
        "Egerkingen  Anhang 3  2024     fehlt   seit 305 Tagen fällig (Mittwoch, 31.01.2024)",
        "Härkingen   Anhang 3  2024     fehlt   seit 305 Tagen fällig (Mittwoch, 31.01.2024)",
        "Kestenholz  Anhang 3  2024     fehlt   seit 305 Tagen fällig (Mittwoch, 31.01.2024)",
        "",
        f"Öffnen: {ablage.master}",
    ]


def test_ein_fehler_im_eingang_gibt_1_auch_eine_fremde_datei(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, erst_einzelpersonen=None))
    assert krs("konsolidieren", "Ablage", *STICHTAG)[0] == 1
    shutil.rmtree(ablage.eingang)
    shutil.rmtree(ablage.archiv)
    einwerfen(ablage, "2024-07-20/a.txt", b"kein Excel")
    assert krs("konsolidieren", "Ablage", *STICHTAG)[0] == 1


def test_eine_rueckfrage_ist_kein_fehler(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-08-20/a.xlsx", ausgefuellt(ablage))
    assert krs("konsolidieren", "Ablage", *STICHTAG)[0] == 0


def test_ein_fehler_in_den_stammdaten_gibt_1_und_steht_zuoberst(krs: Aufruf, ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Kredit=[{"jahr": "bald", "kredit": 1}]))
    for befehl in (["konsolidieren", "Ablage", *STICHTAG], ["vorlagen", "Ablage", "--periode", "2024-H1"]):
        code, text, _ = krs(*befehl)
        assert code == 1
        assert text.splitlines()[0] == "Stammdaten.xlsx"
        assert text.splitlines()[1].startswith("  Fehler: Kredit!A2: ")


@pytest.mark.parametrize("anzahl", [3, 4])
def test_gleiche_befunde_der_stammdaten_sind_ab_vieren_eine_zeile(krs: Aufruf, ablage: Ablage, anzahl: int) -> None:
    kredit = [{"jahr": f"neulich {n}", "kredit": 1} for n in range(anzahl)]
    ablage.stammdaten.write_bytes(stammdaten(Kredit=kredit))
    _, text, _ = krs("konsolidieren", ablage.pfad, *STICHTAG)
    saetze = [
        f"Kredit!A{n}: «Jahr»: Gelesen wurde «neulich {n - 2}», erwartet wird ein Jahr von 2017 bis 2100. Berichtigen "
        "Sie die Zelle; bis dahin wird die Zeile nicht verwendet. (S-04)"
        for n in range(2, 2 + anzahl)
    ]
    zeilen = saetze if anzahl == 3 else [f"4 × S-04, zuerst {saetze[0]}"]
    assert text.splitlines()[: 1 + len(zeilen)] == ["Stammdaten.xlsx", *(f"  Fehler: {z}" for z in zeilen)]
    assert re.search(rf"^Fehler +{anzahl} ", text, re.MULTILINE)
    blatt = openpyxl.load_workbook(ablage.master)["Befunde"]
    gelistet = [str(z) for reihe in blatt.iter_rows(values_only=True) for z in reihe if "neulich" in str(z)]
    assert [z for z in gelistet if z in saetze] == saetze


def test_ein_behobener_fehler_gibt_0(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, bestaetigung="Nein"))
    assert krs("konsolidieren", "Ablage", *STICHTAG)[0] == 1
    entscheid = {
        "bfs_nr": 2401, "formular": "Anhang 2", "periode": "2024-H1", "code": "F-40", "entscheid": "anerkennen",
        "begruendung": "Telefonisch bestätigt", "visum": "AB", "datum": date(2024, 8, 1),
    }  # fmt: skip
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid]))
    assert krs("konsolidieren", "Ablage", *STICHTAG)[0] == 0


# --- commands -------------------------------------------------------------------------------------
def test_neu_legt_die_ablage_an_und_nennt_den_naechsten_schritt(krs: Aufruf, tmp_path: Path) -> None:
    pfad = tmp_path / "Büro Süd" / "Ablage"
    assert krs("neu", pfad) == (
        0,
        f"Die Ablage liegt in {pfad}.\n"
        "Nächster Schritt: Tragen Sie in Stammdaten.xlsx ein, welche Gemeinden beteiligt sind.\n",
        "",
    )
    assert sorted(p.name for p in pfad.iterdir()) == [
        "Archiv", "Eingang", "Laeufe", "Rueckmeldungen", "Stammdaten.xlsx", "Vorlagen",
    ]  # fmt: skip


def test_ein_windows_pfad_bleibt_wie_er_ist(krs: Aufruf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fehlt = r"C:\Daten\Integration\2024 (neu)\Ablage"
    assert krs("konsolidieren", fehlt) == (
        2, "", f"Den Ordner «{fehlt}» gibt es nicht. Legen Sie ihn mit «krs neu {fehlt}» an.\n",
    )  # fmt: skip


def test_vorlagen_sagt_was_geschrieben_wurde_und_was_nicht(krs: Aufruf, ablage: Ablage) -> None:
    ordner = ablage.vorlagen / "2024-H1"
    erste, zweite, _ = sorted(ordner.iterdir())
    erste.write_bytes(ausgefuellt(ablage))
    zweite.unlink()
    assert krs("vorlagen", "Ablage", "--periode", "2024-H1") == (
        0,
        f"1 Vorlage geschrieben in {ordner}.\n"
        "Schon da und unverändert: 1 Vorlage.\n"
        "Nicht überschrieben, weil schon ausgefüllt: Anhang_2_2024-H1_2401_Egerkingen.xlsx\n",
        "",
    )
    assert krs("vorlagen", "Ablage", "--jahr", "2025")[1] == (
        f"3 Vorlagen geschrieben in {ablage.vorlagen / '2025'}.\n"
    )


def test_konsolidieren_zeigt_einreichungen_befunde_und_beitraege(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-08-20/b.xlsx", ausgefuellt(ablage, 2402))
    einwerfen(ablage, "2024-08-20/c.txt", b"kein Excel")
    code, text, fehler = krs("konsolidieren", "Ablage", *STICHTAG)
    assert (code, fehler) == (1, "")
    assert text.splitlines() == [
        "Stand am 10.09.2024: 3 Dateien gelesen, 3 davon neu.",
        "",
        "Einreichungen  Periode  angenommen  Rückfrage offen  fehlerhaft  fehlt",
        "─────────────  ───────  ──────────  ───────────────  ──────────  ─────",
        "Anhang 2       2024-H1           1                1           –      1",
        "Anhang 3       2024              –                –           –      3",
        "unlesbar                         –                –           1      –",
        "",
        "Befunde    Anzahl  durch Entscheid erledigt",
        "─────────  ──────  ────────────────────────",
        "Fehler          1                         –",
        "Rückfrage       1                         –",
        "Hinweis         0                         –",
        "",
        "Beiträge (CHF)                        anerkannt  zurückgestellt  nicht beitragsberechtigt",
        "────────────────────────────────────  ─────────  ──────────────  ────────────────────────",
        "Erstinformationsgespräch                 600.00          600.00                      0.00",
        "Dolmetschen Erstinformationsgespräch     160.00          160.00                      0.00",
        "Integrationsgespräch                       0.00            0.00                      0.00",
        "Dolmetschen Integrationsgespräch           0.00            0.00                      0.00",
        "Sockelbeitrag                              0.00        2'142.00                      0.00",
        "Total                                    760.00        2'902.00                      0.00",
        "",
        "Zu tun            Formular  Periode  Status           Bemerkung",
        "────────────────  ────────  ───────  ───────────────  "
        "───────────────────────────────────────────────────────────────────",
        "2024-08-20/c.txt                     fehlerhaft       von wem? krs zuordnen … 572339fd BFS",
        "Härkingen         Anhang 2  2024-H1  Rückfrage offen  "
        "Dienstag, 20.08.2024: 20 Tage nach der Frist (Mittwoch, 31.07.2024)",
        "Kestenholz        Anhang 2  2024-H1  fehlt            seit 41 Tagen fällig (Mittwoch, 31.07.2024)",
        "Egerkingen        Anhang 3  2024     fehlt            seit 223 Tagen fällig (Mittwoch, 31.01.2024)",
        "Härkingen         Anhang 3  2024     fehlt            seit 223 Tagen fällig (Mittwoch, 31.01.2024)",
        "Kestenholz        Anhang 3  2024     fehlt            seit 223 Tagen fällig (Mittwoch, 31.01.2024)",
        "",
        "Rückmeldungen: 2 Arbeitsmappen, 1 Mailentwurf (Ordner Rueckmeldungen).",
        "1 Entwurf ohne Empfänger, weil in den Stammdaten die E-Mail-Adresse fehlt.",
        f"Öffnen: {ablage.master}",
    ]


def test_konsolidieren_mit_alle_zeigt_jede_gemeinde(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-10/alt.xlsx", ausgefuellt(ablage, kontakt_name="Alt"))
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    code, text, _ = krs("konsolidieren", "Ablage", "--stichtag", "2024-07-31", "--alle")
    assert code == 0
    assert text.split("\nAlle ")[1].splitlines()[2:] == [
        "Egerkingen  Anhang 2  2024-H1  angenommen         ersetzt die Fassung vom 10.07.2024",
        "Härkingen   Anhang 2  2024-H1  noch nicht fällig  fällig bis Mittwoch, 31.07.2024",
        "Kestenholz  Anhang 2  2024-H1  noch nicht fällig  fällig bis Mittwoch, 31.07.2024",
        "Egerkingen  Anhang 3  2024     fehlt              seit 182 Tagen fällig (Mittwoch, 31.01.2024)",
        "Härkingen   Anhang 3  2024     fehlt              seit 182 Tagen fällig (Mittwoch, 31.01.2024)",
        "Kestenholz  Anhang 3  2024     fehlt              seit 182 Tagen fällig (Mittwoch, 31.01.2024)",
        "",
        f"Öffnen: {ablage.master}",
    ]
    _, ohne, _ = krs("konsolidieren", "Ablage", "--stichtag", "2024-07-31")
    assert "ersetzt die Fassung" not in ohne


def test_auf_dem_bildschirm_stehen_hoechstens_dreissig_und_wo_der_rest_ist(krs: Aufruf, ablage: Ablage) -> None:
    alle = [{"bfs_nr": 3000 + n, "name": f"Dorf {n}", "beteiligt_ab": date(2018, 1, 1)} for n in range(300)]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=alle, Ausländerbestand=[]))
    code, text, _ = krs("konsolidieren", "Ablage", *STICHTAG)
    tafel = text.split("Zu tun")[1].splitlines()
    assert (code, len(tafel[2:32]), tafel[32]) == (
        0, 30, "… und 570 weitere (Master, Blatt Einreichungen, oder «krs konsolidieren --alle»).",
    )  # fmt: skip
    _, text, _ = krs("konsolidieren", "Ablage", *STICHTAG, "--alle")
    assert len([z for z in text.split("\nAlle ")[1].splitlines() if z.startswith("Dorf")]) == 600


def test_ein_langer_dateiname_sprengt_die_tafel_nicht(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, f"2024-07-20/{'x' * 200}-Ende.txt", b"kein Excel")
    _, text, _ = krs("konsolidieren", "Ablage", "--stichtag", "2024-07-20")
    (zeile,) = (z for z in text.splitlines() if z.startswith("…"))
    assert zeile == f"…{'x' * 50}-Ende.txt                     fehlerhaft  von wem? krs zuordnen … 572339fd BFS"


def test_was_im_ordner_rueckmeldungen_von_hand_geaendert_wurde_sagt_der_bildschirm(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, erst_familien="ca. 5"))
    krs("konsolidieren", "Ablage", *STICHTAG)
    (ablage.rueckmeldungen / "Mail_2402_Haerkingen_2024-09-10.eml").write_bytes(b"Liebe Anna")
    code, text, _ = krs("konsolidieren", "Ablage", *STICHTAG)
    assert code == 1
    assert text.splitlines()[-2:] == [
        "«Mail_2402_Haerkingen_2024-09-10.eml» wurde von Hand geändert und bleibt, wie es ist.",
        f"Öffnen: {ablage.master}",
    ]


# --- reminders, sample, archive -------------------------------------------------------------------
def test_mahnungen_zeigt_wen_und_wo(krs: Aufruf, ablage: Ablage) -> None:
    zeilen = [
        {"bfs_nr": 2401, "name": "Egerkingen", "beteiligt_ab": date(2018, 1, 1), "email_koordination": "e@e.example"},
        {"bfs_nr": 2402, "name": "Härkingen", "beteiligt_ab": date(2018, 1, 1)},
    ]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=zeilen, Ausländerbestand=[]))
    aufruf = ("mahnungen", "Ablage", "--periode", "2024-H1", "--stichtag")
    nichts = "Niemand ist zu mahnen: Für 2024-H1 ist alles eingegangen, oder die Frist läuft noch.\n"
    assert krs(*aufruf, "2024-07-31") == (0, nichts, "")
    ordner = ablage.rueckmeldungen / "Mahnungen"
    text = (
        "Gemeinde    Formular  Mahnung  an               Bemerkung\n"
        "──────────  ────────  ───────  ───────────────  ────────────────────────────────────────\n"
        "Egerkingen  Anhang 2       1.  e@e.example      seit 1 Tag fällig (Mittwoch, 31.07.2024)\n"
        "Härkingen   Anhang 2       1.  (Adresse fehlt)  seit 1 Tag fällig (Mittwoch, 31.07.2024)\n"
        "\n"
        f"2 Entwürfe zum Prüfen und Senden: {ordner / '2024-H1_2024-08-01'}\n"
    )
    assert krs(*aufruf, "2024-08-01") == (0, text, "")
    assert krs(*aufruf, "2024-08-01") == (0, text, "")
    zweite = text.replace("1. ", "2. ").replace("seit 1 Tag ", "seit 2 Tagen ").replace("08-01", "08-02")
    assert krs(*aufruf, "2024-08-02")[1].splitlines()[2:] == zweite.replace("─" * 40, "─" * 42).splitlines()[2:]


def test_mahnungen_nennt_den_von_hand_geaenderten_entwurf(krs: Aufruf, ablage: Ablage) -> None:
    aufruf = (
        "mahnungen",
        "Ablage",
        "--jahr",
        "2024",
        "--stichtag",
        "2024-02-01",
        "--nachfrist",
        "2024-02-20",
        "--visum",
        "AB",
    )
    krs(*aufruf)
    entwurf = ablage.rueckmeldungen / "Mahnungen/2024_2024-02-01/Mahnung_1_2024_2402_Haerkingen_2024-02-01.eml"
    entwurf.write_bytes(b"Liebe Anna")
    code, text, fehler = krs(*aufruf)
    assert (code, fehler) == (0, "")
    assert text.splitlines()[-2:] == [
        f"3 Entwürfe zum Prüfen und Senden: {entwurf.parent}",
        "«Mahnung_1_2024_2402_Haerkingen_2024-02-01.eml» wurde von Hand geändert und bleibt, wie es ist.",
    ]


def test_stichprobe_zeigt_die_gezogenen_und_das_protokoll(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, bestaetigung="Nein"))
    aufruf = ("stichprobe", "Ablage", "--periode", "2024-H1", "--anzahl", "1", "--seed", "7", *STICHTAG)
    protokoll = ablage.pfad / "Stichproben/Stichprobe_2024-H1_nach-Betrag_1_Seed-7_2024-09-10.xlsx"
    text = (
        "Nr.  Gemeinde    Bezirk  Gespräche  Einsätze  Betrag (CHF)\n"
        "───  ──────────  ──────  ─────────  ────────  ────────────\n"
        "  1  Egerkingen                  3         1        760.00\n"
        "\n"
        "Gezogen aus 2 Meldungen.\n"
        f"Protokoll: {protokoll}\n"
    )
    assert krs(*aufruf) == (0, text, "")
    assert krs(*aufruf) == (0, text.replace("Protokoll:", "Protokoll (unverändert):"), "")
    protokoll.write_bytes(protokoll.read_bytes() + b" ")
    assert krs(*aufruf) == (
        2, "",
        f"«{protokoll}» gibt es schon, und es wurde darin gearbeitet oder der Stand ist ein anderer. Das Protokoll "
        "bleibt; benennen Sie es um, um neu zu ziehen.\n",
    )  # fmt: skip
    code, gleich, _ = krs(*aufruf, "--gleich")
    assert (code, gleich.splitlines()[-1]) == (0, f"Protokoll: {str(protokoll).replace('nach-Betrag', 'gleich')}")


@pytest.mark.parametrize(
    ("anzahl", "satz"),
    [
        (0, "Im Archiv ist nichts."),
        (1, "Im Archiv liegt «0.xlsx» ohne Eintrag in index.csv; legen Sie die Datei in den Eingang."),
        (7, "Im Archiv liegt «0.xlsx», «1.xlsx», «2.xlsx», «3.xlsx», «4.xlsx» und 2 weitere ohne Eintrag in index.csv; "
         "legen Sie die Dateien in den Eingang."),
    ],
)  # fmt: skip
def test_archiv_nennt_was_ohne_eintrag_da_liegt(krs: Aufruf, ablage: Ablage, anzahl: int, satz: str) -> None:
    for n in range(anzahl):
        (ablage.archiv / f"{n}.xlsx").write_bytes(b"x")
    assert krs("archiv", "Ablage", "liste") == (0, f"{satz}\n", "")


def test_archiv_zeigt_was_einging_und_loescht_mit_grund_und_visum(krs: Aufruf, ablage: Ablage) -> None:
    assert krs("archiv", "Ablage", "liste", *STICHTAG) == (0, "Im Archiv ist nichts.\n", "")
    daten = ausgefuellt(ablage, bemerkungen="zu viel")
    sha = hashlib.sha256(daten).hexdigest()
    einwerfen(ablage, "2024-07-20/a.xlsx", daten)
    krs("konsolidieren", "Ablage", *STICHTAG)
    liste = (
        "   Eingang  Formular  Periode  Gemeinde    SHA-256       Datei\n"
        "──────────  ────────  ───────  ──────────  ────────────  ─────────────────\n"
        f"20.07.2024  Anhang 2  2024-H1  Egerkingen  {sha[:12]}  2024-07-20/a.xlsx\n"
    )
    assert krs("archiv", "Ablage", "liste", *STICHTAG) == (0, liste, "")
    assert krs("archiv", "Ablage", "liste", "--stichtag", "2024-07-19")[1] == "Im Archiv ist nichts.\n"
    loeschen = ("archiv", "Ablage", "loeschen", sha[:8], "--grund", "Namen", "--visum", "MB", "--trotzdem", *STICHTAG)
    code, text, fehler = krs(*(w for w in loeschen if w != "--trotzdem"))
    assert (code, text, " ".join(fehler.split())) == (
        2, "",
        "Egerkingen, Anhang 2 2024-H1: Daran hängt noch Geld: noch nicht gebucht Fr. 760.00 (Egerkingen "
        "Erstinformationsgespräch 2024-H1, Egerkingen Dolmetschen Erstinformationsgespräch 2024-H1). Nach dem Löschen "
        "zahlt es kein Lauf mehr, und gemahnt wird niemand; es braucht eine neue Fassung. Geben Sie zuerst den Lauf "
        "frei oder entscheiden Sie, was offen ist. Muss das Formular vorher weg, wiederholen Sie den Befehl mit "
        "--trotzdem.",
    )  # fmt: skip
    master = "Master und Rückmeldungen enthalten die Angaben noch, bis Sie «krs konsolidieren» aufrufen.\n"
    wer = f"{sha[:12]}… (Egerkingen Anhang 2 2024-H1)."
    assert krs(*loeschen) == (
        0,
        f"Gelöscht: {wer} Prüfsumme, Grund und Visum bleiben.\nDas Formular zählt weiterhin als eingegangen: Gemahnt "
        "wird niemand. Ein Lauf zahlt dafür erst, wenn eine neue Fassung eingeht.\n"
        f"Im Eingang gelöscht: 2024-07-20/a.xlsx\n{master}",
        "",
    )
    assert krs(*loeschen) == (0, f"War schon gelöscht: {wer}\n{master}", "")
    assert (
        krs("archiv", "Ablage", "liste", *STICHTAG)[1]
        .splitlines()[2]
        .endswith(f"Egerkingen  {sha[:12]}  gelöscht am 10.09.2024 durch MB: Namen")
    )


def test_pruefen_geht_durch_einen_gemischten_ordner_und_schreibt_nichts(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "a.xlsx", ausgefuellt(ablage, erst_familien="ca. 5"))
    einwerfen(ablage, "b/gut.xlsx", ausgefuellt(ablage, 2402))
    einwerfen(ablage, "b/Notiz.txt", b"Hallo")
    einwerfen(ablage, "~$a.xlsx", b"Sperre")
    einwerfen(ablage, ".versteckt.xlsx", b"nichts")
    vorher = baum(Path())
    code, text, fehler = krs("pruefen", ablage.eingang, *STICHTAG)
    assert (code, fehler) == (1, "")
    zeilen = [re.sub(r"Reporting![A-Z]+\d+", "Reporting!…", z) for z in text.splitlines()]
    assert zeilen == [
        "a.xlsx",
        "  Fehler: Reporting!…: «ca. 5» ist bei «Erstinformationsgespräche: mit Familien» nicht möglich. "
        "Erfassen Sie die Anzahl als ganze Zahl von 0 bis 9'999. (Ziff. 4.3.2, F-21)",
        "Notiz.txt",
        "  Fehler: Die Datei hat das Format Text (.txt). Öffnen Sie Ihr Formular in Excel, wählen Sie "
        "«Speichern unter», Dateityp «Excel-Arbeitsmappe (.xlsx)», und senden Sie die neue Datei. (Ziff. 5.2, E-03)",
        "~$a.xlsx",
        "  Hinweis: Das ist keine Einreichung, sondern eine Sperrdatei, die Excel beim Öffnen anlegt. "
        "Schliessen Sie die Datei in Excel; die Sperrdatei verschwindet von selbst. (E-11)",
        "4 Dateien gelesen.",
        "Nicht gelesen, weil versteckt, verknüpft oder keine gewöhnliche Datei: «Eingang/.versteckt.xlsx».",
        "2 Fehler, 0 Rückfragen, 1 Hinweis.",
    ]
    assert baum(Path()) == vorher


def test_pruefen_sagt_wenn_alles_in_ordnung_ist(krs: Aufruf, ablage: Ablage) -> None:
    datei = einwerfen(ablage, "gut.xlsx", ausgefuellt(ablage))
    assert krs("pruefen", datei) == (0, "Keine Befunde: Es ist alles in Ordnung.\n", "")
    assert krs("pruefen", datei, "--json") == (0, "[]\n", "")


def test_pruefen_mit_ablage_kennt_stammdaten_und_frist(krs: Aufruf, ablage: Ablage) -> None:
    datei = einwerfen(ablage, "spät.xlsx", ausgefuellt(ablage))
    code, text, _ = krs("pruefen", datei, "--ablage", "Ablage", "--stichtag", "2024-08-01")
    assert code == 0
    assert text.splitlines()[1:] == [
        "  Rückfrage: Das Formular ging am Donnerstag, 01.08.2024, ein, 1 Tag nach der Eingabefrist vom Mittwoch, "
        "31.07.2024. Der Kanton entscheidet, ob es anerkannt wird. (Ziff. 5.2, F-50)",
        "0 Fehler, 1 Rückfrage, 0 Hinweise.",
    ]


def test_ein_fehler_den_ein_entscheid_aufhebt_wird_gezeigt_und_gibt_0(krs: Aufruf, ablage: Ablage) -> None:
    datei = einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, bestaetigung="Nein"))
    aufruf = ("pruefen", datei, "--ablage", "Ablage", *STICHTAG)
    code, text, _ = krs(*aufruf)
    fehler = text.splitlines()[:2]
    assert (code, text.splitlines()[2:]) == (1, ["1 Fehler, 0 Rückfragen, 0 Hinweise."])
    assert (fehler[0], fehler[1][:10], fehler[1][-17:]) == ("a.xlsx", "  Fehler: ", "(Ziff. 5.2, F-40)")
    entscheid = {
        "bfs_nr": 2401, "formular": "Anhang 2", "periode": "2024-H1", "code": "F-40", "entscheid": "anerkennen",
        "begruendung": "Telefonisch bestätigt", "visum": "AB", "datum": date(2024, 8, 1),
    }  # fmt: skip
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid]))
    code, text, _ = krs(*aufruf)
    assert (code, text.splitlines()) == (
        0,
        [
            *fehler,
            "    Entscheid: anerkennen: Telefonisch bestätigt (AB, 01.08.2024)",
            "1 Fehler, 0 Rückfragen, 0 Hinweise; durch Entscheid erledigt: 1.",
        ],
    )


def test_pruefen_legt_die_markierten_formulare_ab_und_nennt_sie(krs: Aufruf, ablage: Ablage) -> None:
    daten = ausgefuellt(ablage, 2402, erst_familien="ca. 5")
    falsch = einwerfen(ablage, "falsch.xlsx", daten)
    gut = einwerfen(ablage, "gut.xlsx", ausgefuellt(ablage))
    pfad = Path("R") / f"Rueckmeldung_Anhang-2_2024-H1_2402_Haerkingen_{hashlib.sha256(daten).hexdigest()[:8]}.xlsx"
    for _ in range(2):
        code, text, fehler = krs("pruefen", falsch, gut, "--rueckmeldung", "R")
        assert (code, fehler) == (1, "")
        assert text.splitlines()[2:] == ["1 Fehler, 0 Rückfragen, 0 Hinweise.", f"Rückmeldung: {pfad}"]
        assert list(Path("R").iterdir()) == [pfad]
    assert krs("pruefen", gut, "--rueckmeldung", "Q") == (0, "Keine Befunde: Es ist alles in Ordnung.\n", "")
    assert not Path("Q").exists()
    pfad.write_bytes(b"meins")
    assert krs("pruefen", falsch, gut, "--rueckmeldung", "R") == (
        2, "",
        f"«{pfad}» gibt es schon, mit anderem Inhalt; es ist nichts geschrieben. Nennen Sie einen anderen Ordner, oder "
        "löschen Sie die Datei.\n",
    )  # fmt: skip


def test_json_hat_genau_die_vereinbarten_felder_in_dieser_reihenfolge(krs: Aufruf, ablage: Ablage) -> None:
    a = einwerfen(ablage, "Härkingen =1.xlsx", ausgefuellt(ablage, 2402, erst_familien="ca. 5"))
    b = einwerfen(ablage, "b.xlsx", b"kein Excel")
    code, text, fehler = krs("pruefen", a, b, "--json")
    assert (code, fehler) == (1, "")
    befunde = json.loads(text)
    felder = [
        "datei", "gemeinde", "bfs_nr", "formular", "periode", "blatt", "zelle", "feld", "wert", "stufe", "code",
        "ziffer", "meldung",
    ]  # fmt: skip
    assert [list(befund) for befund in befunde] == [felder, felder]
    zelle = befunde[0]["zelle"]
    assert befunde == [
        {
            "datei": "Härkingen =1.xlsx", "gemeinde": "Härkingen", "bfs_nr": 2402, "formular": "Anhang 2",
            "periode": "2024-H1", "blatt": "Reporting", "zelle": zelle, "feld": "erst_familien", "wert": "ca. 5",
            "stufe": "Fehler", "code": "F-21", "ziffer": "4.3.2",
            "meldung": f"Reporting!{zelle}: «ca. 5» ist bei «Erstinformationsgespräche: mit Familien» nicht möglich. "
            "Erfassen Sie die Anzahl als ganze Zahl von 0 bis 9'999. (Ziff. 4.3.2, F-21)",
        },
        {
            "datei": "b.xlsx", "gemeinde": "", "bfs_nr": None, "formular": "", "periode": "", "blatt": "",
            "zelle": "", "feld": "", "wert": "", "stufe": "Fehler", "code": "E-01", "ziffer": "5.2",
            "meldung": "Die Datei ist keine Excel-Arbeitsmappe. Senden Sie das ausgefüllte Formular als .xlsx-Datei. "
            "(Ziff. 5.2, E-01)",
        },
    ]  # fmt: skip
    assert "Härkingen" in text  # as it is read, not \u00e4


# --- the terminal -----------------------------------------------------------------------------------
def prozess(argumente: Iterable[object], **umgebung: str) -> subprocess.CompletedProcess[bytes]:
    befehl = [sys.executable, "-m", "krs", *map(str, argumente)]
    return subprocess.run(befehl, capture_output=True, check=False, timeout=600, env=os.environ | umgebung)


def test_eine_ausgabe_ohne_umlaute_bringt_nichts_zum_absturz(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/Härkingen.xlsx", ausgefuellt(ablage, 2402, erst_familien="ca. 5"))
    enge = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ergebnis = prozess(["pruefen", ablage.eingang], **enge)
    assert (ergebnis.returncode, ergebnis.stderr) == (1, b"")
    assert ergebnis.stdout.decode().endswith("1 Fehler, 0 Rückfragen, 0 Hinweise.\n")
    ergebnis = prozess(["konsolidieren", "Büro\udcff"], **enge)
    assert (ergebnis.returncode, ergebnis.stdout) == (2, b"")
    assert ergebnis.stderr.decode().startswith("Den Ordner «B")


def test_ohne_bildschirm_ist_es_still(ablage: Ablage) -> None:
    for n in range(25):
        einwerfen(ablage, f"2024-07-{n + 1:02d}/{n}.xlsx", ausgefuellt(ablage, erst_neuzugezogene=n))
    ergebnis = prozess(["konsolidieren", ablage.pfad, *STICHTAG])
    assert (ergebnis.returncode, ergebnis.stderr) == (0, b"")
    assert b"\x1b" not in ergebnis.stdout


@pytest.mark.parametrize("befehl", ["pruefen --json Ablage/Eingang", "--help", "archiv Ablage liste"])
def test_ein_abgeschnittenes_rohr_ist_kein_fehler(ablage: Ablage, befehl: str) -> None:
    einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))
    befehl = f"{{ {sys.executable} -m krs {befehl}; echo $? >code; }} | true"
    ergebnis = subprocess.run(["sh", "-c", befehl], capture_output=True, check=False, timeout=600)
    assert ergebnis.stderr == b""
    assert Path("code").read_text() == "0\n"


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows kennt das nicht")
@pytest.mark.parametrize(("befehl", "code"), [("kredit Q --jahr 2024", 2), ("pruefen --json Ablage/Eingang", 0)])
@pytest.mark.parametrize("zu", [">&-", "2>&-", ">&- 2>&-"])
def test_eine_geschlossene_ausgabe_aendert_den_code_nicht(ablage: Ablage, befehl: str, code: int, zu: str) -> None:
    einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))
    aufruf = f"exec {sys.executable} -m krs {befehl} {zu}"
    ergebnis = subprocess.run(["sh", "-c", aufruf], capture_output=True, check=False, timeout=600)
    satz = "Den Ordner «Q» gibt es nicht. Legen Sie ihn mit «krs neu Q» an.\n" if code and "2>" not in zu else ""
    assert (ergebnis.returncode, ergebnis.stderr.decode()) == (code, satz)
    assert (ergebnis.stdout != b"") is (code == 0 and zu == "2>&-")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux")
def test_eine_volle_platte_gibt_einen_satz() -> None:
    befehl = [sys.executable, "-m", "krs", "erklaere", "A2-07"]
    with Path("/dev/full").open("w") as voll:
        ergebnis = subprocess.run(befehl, stdout=voll, stderr=subprocess.PIPE, check=False, timeout=600)
    assert (ergebnis.returncode, ergebnis.stderr.decode()) == (
        2,
        "Ein Laufwerk oder eine Ausgabe ist voll oder nicht zugänglich (Fehler 28 des Systems). "
        "Prüfen Sie den Pfad.\n",
    )  # fmt: skip


ERGAENZT = {
    "krs kons": ["konsolidieren"],
    "krs re": [],
    "krs kredit --j": ["--jahr"],
    "krs archiv Ablage ": ["liste", "loeschen"],
    "krs konsolidieren Abl": [],  # the shell knows the files
}


@pytest.mark.parametrize("zeile", ERGAENZT)
def test_die_shell_ergaenzt_befehle_optionen_und_worte(zeile: str) -> None:
    umgebung = {"_KRS_COMPLETE": "complete_bash", "COMP_WORDS": zeile, "COMP_CWORD": str(zeile.count(" "))}
    ergebnis = prozess([], **umgebung)
    assert (ergebnis.returncode, ergebnis.stderr) == (0, b"")
    assert ergebnis.stdout.decode().split() == ERGAENZT[zeile]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_das_skript_der_shell_schreibt_nichts(shell: str, tmp_path: Path) -> None:
    ergebnis = prozess([], _KRS_COMPLETE=f"source_{shell}", HOME=str(tmp_path))
    assert (ergebnis.returncode, ergebnis.stderr) == (0, b"")
    assert "_KRS_COMPLETE" in ergebnis.stdout.decode()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("auftrag", ["unsinn", "complete_unsinn", "source_", "complete_bash", "a_b_c"])
def test_eine_falsche_frage_der_shell_ist_ein_satz(auftrag: str) -> None:
    ergebnis = prozess([], _KRS_COMPLETE=auftrag)
    satz = f"«_KRS_COMPLETE={auftrag}» ist keine Frage einer Shell. Das Handbuch it.md zeigt sie.\n"
    assert (ergebnis.returncode, ergebnis.stdout, ergebnis.stderr.decode()) == (2, b"", satz)


class Bildschirm:
    """A stderr that is a terminal, or is none."""

    def __init__(self, ist_einer: bool) -> None:
        self.ist_einer = ist_einer

    def isatty(self) -> bool:
        return self.ist_einer


def test_den_fortschritt_zeigt_nur_ein_bildschirm_und_nur_wenn_es_dauert(monkeypatch: pytest.MonkeyPatch) -> None:
    dateien = [Path("a")]
    for bildschirm, anzahl, still in ((False, 500, True), (True, 19, True), (True, 20, False)):
        monkeypatch.setattr(sys, "stderr", Bildschirm(bildschirm))
        assert (rahmen.fortschritt(dateien, anzahl, "lesen") is dateien) is still


def test_kein_aufruf_gibt_je_einen_traceback_oder_einen_anderen_code(krs: Aufruf, ablage: Ablage) -> None:
    zufall = random.Random(20240731)
    (ablage.eingang / "a.xlsx").write_bytes(b"PK\x03\x04 halb")
    Path("datei").write_bytes(b"")
    teile = [
        "neu", "vorlagen", "pruefen", "konsolidieren", "erklaere", "mahnungen", "stichprobe", "archiv", "demo",
        "--stichtag", "--periode", "--jahr", "--anzahl", "--seed", "--gleich", "--nachfrist", "--alle",
        "--rueckmeldung", "--grund", "--visum", "liste", "loeschen", "7", "--json", "--ablage", "--help",
        "Ablage", "Ablage/Eingang", "Ablage/Eingang/a.xlsx", "datei", "", ".", "..", "/",
        "-", "--", "2024-H1", "2024", "2024-07-31", "9999-12-31", "0001-01-01", "A2-07", "nul", "~", "*.xlsx",
        "x" * 300, "ä\u202e", "a\nb", "%s{}", "=1+1",
    ]  # fmt: skip
    codes = set()
    for _ in range(300):
        argumente = [zufall.choice(teile[:8]), *(zufall.choice(teile) for _ in range(zufall.randint(0, 4)))]
        if zufall.random() < 0.5:  # else most calls stop at a folder that is none
            argumente.insert(1, zufall.choice(("Ablage", "Ablage", "Ablage/Eingang/a.xlsx")))
        if zufall.random() < 0.2:
            argumente.append("".join(zufall.choices(string.printable, k=5)))
        pfade = {"/", ".", "..", "~"} & set(argumente)
        if argumente[0] == "pruefen" and pfade:
            continue  # the whole disk is no folder to check
        code, aus, fehler = krs(*argumente)
        codes.add(code)
        assert code in (0, 1, 2), argumente
        assert "Traceback" not in aus + fehler, argumente
        assert "liegt im Programm" not in fehler, (argumente, fehler)
        if code == 2 and argumente:
            assert fehler.endswith((".\n", "»?\n")), argumente
            assert ENGLISCH.findall(re.sub(r"--\w+|«[^»]*»", "", fehler)) == [], argumente
    assert codes == {0, 1, 2}


def test_pruefen_nennt_was_in_einer_sendung_neben_dem_formular_liegt(krs: Aufruf, ablage: Ablage) -> None:
    einwerfen(ablage, "F.zip", zip_(("a.xlsx", ausgefuellt(ablage)), ("Brief.docx", b"PK\3\4")))
    code, text, _ = krs("pruefen", ablage.eingang / "F.zip", *STICHTAG)
    assert code == 0
    assert text.splitlines()[:2] == [
        "1 Datei gelesen.", "Nicht gelesen, weil in derselben Sendung eine Arbeitsmappe liegt: «F.zip/Brief.docx».",
    ]  # fmt: skip


@pytest.mark.xdist_group("soffice")  # where the demo is built once
def test_pruefen_nimmt_den_tagesordner_als_eingangstag(krs: Aufruf, tmp_path: Path) -> None:
    ordner, _ = demo()
    datei = next((ordner / "Eingang").rglob("Anhang_2_2024-H1_2542_*.xlsx"))
    code, text, _ = krs("pruefen", datei, "--ablage", ordner, *STICHTAG)
    assert (code, "F-25" in text, "F-50" in text) == (0, True, False)
    kopie = shutil.copy(datei, tmp_path / "kopie.xlsx")
    assert "F-50" in krs("pruefen", kopie, "--ablage", ordner, *STICHTAG)[1]
