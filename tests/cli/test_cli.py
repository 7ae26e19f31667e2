"""The command line: German, one sentence for every mistake, exit codes of design 4.1."""

from __future__ import annotations

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

import pytest

from ablage.hilfe import ausgefuellt, baum, einwerfen, stammdaten
from krs import ablauf, cli
from krs.ablage.ordner import Ablage

Aufruf = Callable[..., tuple[int, str, str]]
BEFEHLE = ("", "neu", "vorlagen", "pruefen", "konsolidieren", "erklaere", "demo")
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
    zeilen = re.findall(r"^  (\w+) {2,}(.+)$", text.split("Befehle:")[1], re.MULTILINE)
    assert [name for name, _ in zeilen] == list(BEFEHLE[1:])
    assert all(satz.endswith(".") and "..." not in satz for _, satz in zeilen)


def test_ohne_befehl_steht_die_hilfe_da(krs: Aufruf) -> None:
    code, text, fehler = krs()
    assert (code, text) == (2, "")
    assert fehler == krs("--help")[1]


def test_eine_hilfe_im_wortlaut(krs: Aufruf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert krs("konsolidieren", "--help")[1].splitlines() == [
        "Aufruf: krs konsolidieren [OPTIONEN] ABLAGE",
        "",
        "  Liest den Eingang und baut Master.xlsx.",
        "",
        "  Archiviert jedes Formular, prüft es, rechnet die Ansprüche und zeigt, wer",
        "  noch fehlt.",
        "",
        "Argumente:",
        "  ABLAGE  Arbeitsordner mit Stammdaten.xlsx  [nötig]",
        "",
        "Optionen:",
        "  --stichtag JJJJ-MM-TT  Stand an diesem Tag  [Vorgabe: heute]",
        "  --help                 Diese Hilfe zeigen.",
    ]


# --- wrong calls --------------------------------------------------------------------------------
AUFRUF = "Der Aufruf ist nicht richtig ({}). «krs{} --help» zeigt, was möglich ist."
ZU_VIEL = "unbekannter Befehl oder zu viele Angaben"
WERT = "bei der Option {} fehlt der Wert, oder einer ist zu viel"
KEIN_TAG = "«{}» ist kein Datum. Schreiben Sie es als JJJJ-MM-TT, zum Beispiel 2024-07-31."
NICHT_LEER = "«{}» ist nicht leer. Nennen Sie einen neuen oder leeren Ordner."
KEINE_ABLAGE = "Im Ordner «leer» fehlt Stammdaten.xlsx; es ist keine Ablage. Legen Sie eine mit «krs neu» an."
NIRGENDS = "Den Ordner «nirgends» gibt es nicht. Legen Sie ihn mit «krs neu nirgends» an."
ENTWEDER = "Nennen Sie entweder --periode 2024-H1 (Anhang 2) oder --jahr 2024 (Anhang 3)."
VOR_2017 = "Das Jahr «2016» liegt nicht zwischen 2017 und 2100; das Kreisschreiben gilt ab 01.01.2017."
FALSCH = {
    "gibtsnicht": AUFRUF.format(ZU_VIEL, ""),
    "--foo": AUFRUF.format("die Option --foo gibt es nicht", ""),
    "neu": AUFRUF.format("ABLAGE fehlt", " neu"),
    "neu a b": AUFRUF.format(ZU_VIEL, " neu"),
    "neu Ablage": NICHT_LEER.format("Ablage"),
    "neu datei.txt": NICHT_LEER.format("datei.txt"),
    "pruefen": AUFRUF.format("DATEI… fehlt", " pruefen"),
    "pruefen fehlt.xlsx": "Die Datei «fehlt.xlsx» gibt es nicht. Prüfen Sie den Pfad.",
    "pruefen Ablage fehlt.xlsx": "Die Datei «fehlt.xlsx» gibt es nicht. Prüfen Sie den Pfad.",
    "pruefen leer": "Im Ordner «leer» liegt keine Datei. Prüfen Sie den Pfad.",
    "pruefen datei.txt --ablage leer": KEINE_ABLAGE,
    "pruefen datei.txt --json=3": AUFRUF.format(WERT.format("--json"), ""),
    "konsolidieren nirgends": NIRGENDS,
    "konsolidieren datei.txt": "«datei.txt» ist eine Datei. Nennen Sie den Ordner, in dem Stammdaten.xlsx liegt.",
    "konsolidieren leer": KEINE_ABLAGE,
    "konsolidieren Ablage --stichtag 31.07.2024": KEIN_TAG.format("31.07.2024"),
    "konsolidieren Ablage --stichtag 20240731": KEIN_TAG.format("20240731"),
    "konsolidieren Ablage --stichtag 2024-02-30": KEIN_TAG.format("2024-02-30"),
    "konsolidieren Ablage --stichtag": AUFRUF.format(WERT.format("--stichtag"), ""),
    "vorlagen Ablage": ENTWEDER,
    "vorlagen Ablage --periode 2024-H1 --jahr 2024": ENTWEDER,
    "vorlagen Ablage --periode 2024": "«2024» ist kein Halbjahr. Schreiben Sie es als 2024-H1 oder 2024-H2.",
    "vorlagen Ablage --periode 2024-H3": "«2024-H3» ist keine Periode; erwartet wird die Form 2024-H1 oder 2024-H2.",
    "vorlagen Ablage --periode 2016-H2": VOR_2017,
    "vorlagen Ablage --jahr 2024-H1": "«2024-H1» ist kein Jahr. Schreiben Sie es als 2024.",
    "vorlagen Ablage --jahr 1999": "«1999» ist kein Jahr von 2017 bis 2100.",
    "vorlagen nirgends --jahr 2024": NIRGENDS,
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
    assert "Ausstehend nach Ablauf der Frist: 6 (Liste im Master, Blatt Übersicht)." in text.splitlines()
    assert text.splitlines()[-1] == f"Öffnen: {ablage.master}"


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
        "Stand am 10.09.2024",
        "",
        "Einreichungen  Periode  angenommen  Rückfrage offen  fehlerhaft  fehlt",
        "─────────────  ───────  ──────────  ───────────────  ──────────  ─────",
        "Anhang 2       2024-H1           1                1           –      1",
        "Anhang 3       2024              –                –           –      3",
        "unlesbar                         –                –           1      –",
        "",
        "Befunde    Anzahl  durch Entscheid aufgehoben",
        "─────────  ──────  ──────────────────────────",
        "Fehler          1                           –",
        "Rückfrage       1                           –",
        "Hinweis         0                           –",
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
        "Ausstehend nach Ablauf der Frist: 4 (Liste im Master, Blatt Übersicht).",
        f"Öffnen: {ablage.master}",
    ]


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
        "  Fehler: Die Datei hat das Format Text (.csv). Öffnen Sie Ihr Formular in Excel, wählen Sie "
        "«Speichern unter», Dateityp «Excel-Arbeitsmappe (.xlsx)», und senden Sie die neue Datei. (Ziff. 5.2, E-03)",
        "~$a.xlsx",
        "  Hinweis: Das ist keine Einreichung, sondern eine Sperrdatei, die Excel beim Öffnen anlegt. "
        "Schliessen Sie die Datei in Excel; die Sperrdatei verschwindet von selbst. (E-11)",
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
        "  Rückfrage: Das Formular ging am 01.08.2024 ein, 1 Tag nach der Eingabefrist vom 31.07.2024. Der Kanton "
        "entscheidet, ob es anerkannt wird (Stammdaten, Blatt Entscheide). (Ziff. 5.2, F-50)",
        "0 Fehler, 1 Rückfrage, 0 Hinweise.",
    ]


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
    return subprocess.run(befehl, capture_output=True, check=False, timeout=60, env=os.environ | umgebung)


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


def test_ein_abgeschnittenes_rohr_ist_kein_fehler(ablage: Ablage) -> None:
    einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))
    befehl = f"{sys.executable} -m krs pruefen --json {ablage.eingang} | true"
    ergebnis = subprocess.run(["sh", "-c", befehl], capture_output=True, check=False, timeout=60)
    assert ergebnis.stderr == b""


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
        assert (cli._fortschritt(dateien, anzahl, "lesen") is dateien) is still


def test_kein_aufruf_gibt_je_einen_traceback_oder_einen_anderen_code(krs: Aufruf, ablage: Ablage) -> None:
    zufall = random.Random(20240731)
    (ablage.eingang / "a.xlsx").write_bytes(b"PK\x03\x04 halb")
    Path("datei").write_bytes(b"")
    teile = [
        "neu", "vorlagen", "pruefen", "konsolidieren", "erklaere", "demo", "--stichtag", "--periode", "--jahr",
        "--json", "--ablage", "--help", "Ablage", "Ablage/Eingang", "Ablage/Eingang/a.xlsx", "datei", "", ".", "..",
        "/", "-", "--", "2024-H1", "2024", "2024-07-31", "9999-12-31", "0001-01-01", "A2-07", "nul", "~", "*.xlsx",
        "x" * 300, "ä\u202e", "a\nb", "%s{}", "=1+1",
    ]  # fmt: skip
    codes = set()
    for _ in range(300):
        argumente = [zufall.choice(teile[:5]), *(zufall.choice(teile) for _ in range(zufall.randint(0, 3)))]
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
            assert fehler.endswith(".\n"), argumente
            assert ENGLISCH.findall(re.sub(r"--\w+|«[^»]*»", "", fehler)) == [], argumente
    assert codes == {0, 1, 2}


def test_pruefen_nimmt_den_tagesordner_als_eingangstag(krs: Aufruf, tmp_path: Path) -> None:
    demo = tmp_path / "Demo"
    assert krs("demo", demo)[0] == 0
    datei = next((demo / "Eingang").rglob("Anhang_2_2024-H1_2542_*.xlsx"))
    code, text, _ = krs("pruefen", datei, "--ablage", demo, *STICHTAG)
    assert (code, "F-25" in text, "F-50" in text) == (0, True, False)
    kopie = shutil.copy(datei, tmp_path / "kopie.xlsx")
    assert "F-50" in krs("pruefen", kopie, "--ablage", demo, *STICHTAG)[1]
