"""The commands for money: what the screen says, exit codes of entwurf 4.1, one sentence for every mistake."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ablage.hilfe import ausgefuellt, baum, einwerfen
from ablage.laufhilfe import LAUF, freie, json_von, offene
from ablauf.test_uebergabe import PAIN002, TEIL, ZAHLUNG
from export.test_kontoauszug import auszug, eintrag, einzel
from krs.ablage.ordner import Ablage
from krs.demo.stamm import iban
from krs.export import pdf
from krs.lauf.kennung import pruefziffer

Aufruf = Callable[..., tuple[int, str, str]]
ZIFFER = "Prüfziffer des Inhalts, auf Papier oder per Mail zu melden: "
TAG, SPAETER = ("--datum", "2024-09-10"), ("--datum", "2025-03-10")


@pytest.fixture
def offen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ablage:
    monkeypatch.chdir(tmp_path)
    offene(tmp_path)
    return Ablage(Path("Ablage"))


@pytest.fixture
def frei(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ablage:
    monkeypatch.chdir(tmp_path)
    freie(tmp_path)
    return Ablage(Path("Ablage"))


def pruefsumme(ablage: Ablage, feld: str = "inhalt") -> str:
    return str(json_von(ablage.laeufe / LAUF / "lauf.json")[feld])


def sha_von(ablage: Ablage) -> str:
    return hashlib.sha256((ablage.laeufe / LAUF / "pain001.xml").read_bytes()).hexdigest()


# --- a run from preview to answer -----------------------------------------------------------
@pytest.mark.usefixtures("offen")
def test_die_vorschau_im_wortlaut(krs: Aufruf) -> None:
    code, text, fehler = krs("lauf", "Ablage", LAUF, *TAG)
    assert (code, fehler) == (0, "")
    zeilen = text.splitlines()
    ziffer, summe = zeilen.pop(-3), zeilen.pop(-3)
    assert summe.startswith("Prüfsumme des Inhalts: ")
    assert len(summe) == 23 + 64
    assert ziffer == f"{ZIFFER}{pruefziffer(summe[23:])}"
    assert zeilen == [
        "Lauf 2024-09, Vorschau vom 10.09.2024, Valuta 30.09.2024",
        "",
        "                                    CHF",
        "─────────────────────────────  ────────",
        "Ansprüche dieses Laufs         1'920.00",
        "Differenzen früherer Perioden      0.00",
        "Verrechnet                       910.00",
        "Auszahlung                     1'010.00",
        "In Rechnung gestellt             240.00",
        "",
        "3 Gemeinden, 2 Zahlungen, 1 Rechnung, 7 Buchungen.",
        "Vorschau: Ablage/Laeufe/Vorschau_2024-09.xlsx",
        "Nächster Schritt: krs lauf ABLAGE 2024-09 --vorbereiten --visum AB",
    ]


def test_vorbereiten_freigeben_uebergeben_und_antwort_lesen(krs: Aufruf, offen: Ablage) -> None:
    code, text, fehler = krs("lauf", "Ablage", LAUF, *TAG, "--vorbereiten", "--visum", "AB")
    assert (code, fehler) == (0, "")
    assert text.splitlines()[0] == "Lauf 2024-09, vorbereitet vom 10.09.2024, Valuta 30.09.2024"
    assert text.splitlines()[-1] == (
        "Nächster Schritt, durch eine andere Person: krs lauf ABLAGE 2024-09 --freigeben --visum CD"
    )
    code, text, fehler = krs("lauf", "Ablage", LAUF, "--freigeben", "--visum", "ab")
    assert (code, text) == (2, "")
    assert fehler == "«ab» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person.\n"
    code, text, fehler = krs("lauf", "Ablage", LAUF, "--freigeben", "--visum", "CD")
    assert (code, fehler) == (0, "")
    ziffer = ZIFFER + pruefziffer(pruefsumme(offen))
    assert text.splitlines()[-4:] == [
        f"Prüfsumme des Inhalts: {pruefsumme(offen)}",
        ziffer,
        "Lauf: Ablage/Laeufe/2024-09",
        "Nächster Schritt: krs export ABLAGE 2024-09",
    ]
    code, text, fehler = krs("export", "Ablage", LAUF, "--datum", "2024-09-12")
    assert (code, fehler) == (0, "")
    assert text.splitlines() == [
        "Lauf 2024-09, Übergabe Nr. 1: Ablage/Uebergaben/2024-09_1_2024-09-12",
        "",
        "Datei",
        "─────────────────────────────",
        "pain001.xml",
        "buchungen.csv",
        "zahlungen.csv",
        "journal.csv",
        "rechnungen.csv",
        "rechnungen/R-2024-09-2403.pdf",
        "rechnungen/R-2024-09-2403.svg",
        "",
        "2 Zahlungen, Total 1'010.00 CHF.",
        "7 Buchungen.",
        f"SHA-256 von pain001.xml, zum Vergleichen vor dem Hochladen: {sha_von(offen)}",
        f"Prüfsumme des Inhalts: {pruefsumme(offen)}",
        ziffer,
        f"Prüfsumme des Laufs (lauf.json, nennt jede Datei): {pruefsumme(offen, 'pruefsumme')}",
    ]
    Path("bank.csv").write_text("id;status;grund\nKRS-2024-09-2402;abgelehnt;Konto zu\nX;bezahlt;\n", encoding="utf-8")
    code, text, fehler = krs("export", "Ablage", LAUF, "--antwort", "bank.csv")
    assert (code, fehler) == (0, "")
    assert text.splitlines() == [
        "Lauf 2024-09: 0 ausgeführt, 1 zurückgewiesen, 1 noch ohne Antwort.",
        "Zurückgewiesen: Härkingen, 250.00 CHF (Konto zu). Die nächste Nachzahlung («krs lauf ABLAGE 2024-09 "
        "--nachzahlung») oder der nächste Lauf zahlt den Betrag erneut.",
        "Die Kennung «X» gehört zu keiner Zahlung dieses Laufs und ist nicht berücksichtigt.",
    ]
    code, text, _ = krs("lauf", "Ablage", "2025-03", *SPAETER)
    assert code == 0
    assert "Auszahlung                     250.00" in text


@pytest.mark.usefixtures("frei")
def test_was_der_naechste_lauf_schon_bezahlt_hat_zahlt_er_nicht_nochmals(krs: Aufruf) -> None:
    def bank(wort: str) -> list[str]:
        Path("bank.csv").write_text(f"id;status\nKRS-2024-09-2402;{wort}\n", encoding="utf-8")
        return krs("export", "Ablage", LAUF, "--antwort", "bank.csv")[1].splitlines()

    krs("export", "Ablage", LAUF)
    bank("abgelehnt")
    assert krs("lauf", "Ablage", "2025-03", *SPAETER, "--freigeben", "--visum", "AB", "--visum", "CD")[0] == 0
    assert bank("abgelehnt") == [
        "Lauf 2024-09: 0 ausgeführt, 1 zurückgewiesen, 1 noch ohne Antwort.",
        "Zurückgewiesen: Härkingen, 250.00 CHF. Der Lauf 2025-03 hat den Betrag schon erneut bezahlt.",
    ]
    assert bank("bezahlt") == [
        "Lauf 2024-09: 1 ausgeführt, 0 zurückgewiesen, 1 noch ohne Antwort.",
        "Doppelt bezahlt: Härkingen, 250.00 CHF. Die Zahlung war als zurückgewiesen gemeldet, der Lauf 2025-03 hat sie "
        "erneut bezahlt. Erfassen Sie die Rückforderung; «krs rueckforderungen» nennt ihre Nr.",
    ]


@pytest.mark.usefixtures("frei")
def test_was_im_weg_steht_gibt_in_der_vorschau_1_und_bei_der_freigabe_2(krs: Aufruf) -> None:
    satz = "Im Lauf 2025-03 gibt es nichts auszuzahlen, zu verrechnen oder in Rechnung zu stellen."
    code, text, fehler = krs("lauf", "Ablage", "2025-03", *SPAETER)
    assert (code, fehler) == (1, "")
    assert f"Eine Freigabe ist noch nicht möglich:\n– {satz}\n" in text
    assert "Nächster Schritt" not in text
    code, text, fehler = krs("lauf", "Ablage", "2025-03", *SPAETER, "--vorbereiten", "--visum", "AB")
    assert (code, text, fehler) == (2, "", f"Der Lauf 2025-03 kann nicht freigegeben werden:\n– {satz}\n")


def test_beide_visa_in_einem_aufruf(krs: Aufruf, offen: Ablage) -> None:
    assert krs("lauf", "Ablage", LAUF, *TAG, "--freigeben", "--visum", "AB", "--visum", "CD")[0] == 0
    visa = [v["visum"] for v in json_von(offen.laeufe / LAUF / "lauf.json")["visa"]]
    assert visa == ["AB", "CD"]


@pytest.mark.usefixtures("frei")
def test_die_auskuenfte_enden_mit_0(krs: Aufruf) -> None:
    tag = ("--stichtag", "2024-09-12")
    for befehl in (
        ("rueckforderungen", "Ablage"), ("kredit", "Ablage", "--jahr", "2024"),
        ("kredit", "Ablage", "--jahr", "2024", "--ansatz", "erst=210", "--ansatz", "Sockelbeitrag=8.00"),
        ("vergleich", "Ablage", LAUF), ("vergleich", "Ablage", LAUF, "heute"), ("vergleich", "Ablage", LAUF, LAUF),
        ("jahresbericht", "Ablage", "--jahr", "2024"),
    ):  # fmt: skip
        code, text, fehler = krs(*befehl, *tag)
        assert (code, fehler) == (0, ""), befehl
        assert text.strip(), befehl


def test_konsolidieren_haelt_an_wenn_ein_lauf_veraendert_ist(krs: Aufruf, frei: Ablage) -> None:
    pfad = frei.laeufe / LAUF / "buchungen.csv"
    pfad.write_bytes(pfad.read_bytes().replace(b"600.00", b"700.00"))
    satz = (
        f"«{pfad}» fehlt oder wurde nach der Freigabe verändert. Ein freigegebener Lauf ändert sich nie: Stellen Sie "
        "die Datei aus der Sicherung wieder her.\n"
    )
    for befehl in (("konsolidieren", "Ablage"), ("export", "Ablage", LAUF), ("rueckforderungen", "Ablage"),
                   ("anhang1", "Ablage", "--jahr", "2024", "--ohne-pdf")):  # fmt: skip
        assert krs(*befehl) == (2, "", satz)


# --- wrong calls ----------------------------------------------------------------------------
KEIN_LAUF = "ist kein Lauf. Ausbezahlt wird im März und im September: 2024-03 oder 2024-09 (Ziff. 4.5.2)."
KEIN_TAG = "erwartet wird ein Datum wie 2024-07-31."
AUFRUF = "Der Aufruf ist nicht richtig ({}). «krs{} --help» zeigt, was möglich ist."
OHNE_WERT = "bei der Option {} fehlt der Wert, oder einer ist zu viel"
KEIN_JAHR = "erwartet wird ein Jahr von 2017 bis 2100."
KEIN_BETRAG = "ist kein Ansatz für Sockelbeitrag. Erwartet wird ein Betrag in Franken ab 0, zum Beispiel 8.00."
KUENFTIG = "Der {}, 31.12.2099, liegt in der Zukunft. Nennen Sie den heutigen Tag oder einen früheren."
FALSCH = {
    "lauf": AUFRUF.format("ABLAGE fehlt", " lauf"),
    "lauf Ablage": AUFRUF.format("LAUF fehlt", " lauf"),
    "lauf Ablage 2024-13": f"«2024-13» {KEIN_LAUF}",
    "lauf Ablage 2024-9": f"«2024-9» {KEIN_LAUF}",
    "lauf Ablage 1999-03": f"«1999-03» {KEIN_LAUF}",
    "lauf Ablage ../2024-03": f"«../2024-03» {KEIN_LAUF}",
    "lauf Ablage 2025-03 mehr": AUFRUF.format(
        "zu viel ist «mehr»; ein Pfad mit Leerzeichen gehört in Anführungszeichen", " lauf"
    ),
    "lauf Ablage 2025-03 --nix": "Die Option «--nix» gibt es nicht. «krs lauf --help» zeigt, was möglich ist.",
    "lauf Ablage 2025-03 --datum": AUFRUF.format(OHNE_WERT.format("--datum"), " lauf"),
    "lauf Ablage 2025-03 --datum 2025-02-30": f"Gelesen wurde «2025-02-30»; {KEIN_TAG}",
    "lauf Ablage 2025-03 --datum morgen": f"Gelesen wurde «morgen»; {KEIN_TAG}",
    "lauf Ablage 2025-03 --valuta 1.3.2025": f"Gelesen wurde «1.3.2025»; {KEIN_TAG}",
    "lauf Ablage 2025-03 --datum 0001-01-01": "Datum und Valuta eines Laufs liegen zwischen 2017 und 2100.",
    "lauf Ablage 2025-03 --datum 9999-12-31": "Datum und Valuta eines Laufs liegen zwischen 2017 und 2100.",
    "lauf Ablage 2025-03 --valuta 9999-12-31": "Datum und Valuta eines Laufs liegen zwischen 2017 und 2100.",
    "lauf Ablage 2025-03 --visum AB":
        "Ein Visum gehört zu «--vorbereiten» oder «--freigeben». Nennen Sie, was Sie tun wollen.",
    "lauf Ablage 2024-09":
        "Der Lauf 2024-09 ist schon freigegeben und ändert sich nicht mehr («Ablage/Laeufe/2024-09»).",
    "lauf Ablage 2024-03 --datum 2024-09-11":
        "Der Lauf 2024-03 liegt vor dem freigegebenen Lauf 2024-09. Was seither einging oder sich änderte, gehört in "
        "den nächsten Lauf.",
    "lauf nirgends 2025-03": "Den Ordner «nirgends» gibt es nicht. Legen Sie ihn mit «krs neu nirgends» an.",
    "lauf a.csv 2025-03": "«a.csv» ist eine Datei. Nennen Sie den Ordner, in dem Stammdaten.xlsx liegt.",
    "export": AUFRUF.format("ABLAGE fehlt", " export"),
    "export Ablage": AUFRUF.format("LAUF fehlt", " export"),
    "export Ablage 2025-03": "Der Lauf 2025-03 ist nicht freigegeben. Übergeben wird nur ein freigegebener Lauf.",
    "export Ablage 2024-09 --datum gestern": f"Gelesen wurde «gestern»; {KEIN_TAG}",
    "export Ablage 2024-09 --antwort": AUFRUF.format(OHNE_WERT.format("--antwort"), " export"),
    "export Ablage 2024-09 --antwort nirgends.xml":
        "«nirgends.xml» ist nicht zugänglich (Fehler 2 des Systems). Prüfen Sie Pfad und Laufwerk.",
    "export Ablage 2024-09 --antwort leer.csv":
        "leer.csv: Die erste Zeile muss die Spalten «id» und «status» je einmal nennen; Kopfzeile ergänzen.",
    "export Ablage 2024-09 --antwort a.csv": "«a.csv» nennt keine einzige Zahlung des Laufs 2024-09.",
    "export Ablage 2025-03 --antwort a.csv":
        "Der Lauf 2025-03 ist nicht freigegeben; es gibt dazu keine Zahlungen.",
    "rueckforderungen": AUFRUF.format("ABLAGE fehlt", " rueckforderungen"),
    "rueckforderungen Ablage --stichtag 2024-09": f"Gelesen wurde «2024-09»; {KEIN_TAG}",
    "kredit Ablage": AUFRUF.format("--jahr fehlt", " kredit"),
    "kredit Ablage --jahr": AUFRUF.format(OHNE_WERT.format("--jahr"), " kredit"),
    "kredit Ablage --jahr zwei": AUFRUF.format("bei --jahr steht keine ganze Zahl", " kredit"),
    "kredit Ablage --jahr 1": f"Gelesen wurde «1»; {KEIN_JAHR}",
    "kredit Ablage --jahr -5": f"Gelesen wurde «-5»; {KEIN_JAHR}",
    "kredit Ablage --jahr 99999": f"Gelesen wurde «99999»; {KEIN_JAHR}",
    "kredit Ablage --jahr 2024 --ansatz Sockelbeitrag=": f"«» {KEIN_BETRAG}",
    "kredit Ablage --jahr 2024 --ansatz Sockelbeitrag=NaN": f"«NaN» {KEIN_BETRAG}",
    "kredit Ablage --jahr 2024 --ansatz Sockelbeitrag=-1": f"«-1» {KEIN_BETRAG}",
    "kredit Ablage --jahr 2024 --ansatz Sockelbeitrag=1e99": f"«1e99» {KEIN_BETRAG}",
    "export Ablage 2024-09 --datum 2099-12-31": KUENFTIG.format("Tag der Übergabe"),
    "export Ablage 2024-09 --datum 2099-12-31 --antwort a.csv": KUENFTIG.format("Tag der Antwort"),
    "mahnungen Ablage --periode 2024-H1 --stichtag 2099-12-31": KUENFTIG.format("Tag der Mahnung"),
    "stichprobe Ablage --periode 2024-H1 --anzahl 3 --seed 1 --stichtag 2099-12-31": KUENFTIG.format("Stichtag"),
    "archiv Ablage loeschen 0123456789 --grund x --visum MB --stichtag 2099-12-31": KUENFTIG.format("Stichtag"),
    "entscheid Ablage 2401 2024-H1 anerkennen --begruendung x --visum M --stichtag 2099-12-31":
        KUENFTIG.format("Stichtag"),
    "vergleich Ablage": AUFRUF.format("LAUF_A fehlt", " vergleich"),
    "vergleich Ablage 2025-03": "Den Lauf 2025-03 gibt es nicht. Freigegeben sind: 2024-09.",
    "vergleich Ablage 2024-09 morgen": f"«morgen» {KEIN_LAUF}",
    "jahresbericht Ablage": AUFRUF.format("--jahr fehlt", " jahresbericht"),
    "jahresbericht Ablage --jahr 20240": f"Gelesen wurde «20240»; {KEIN_JAHR}",
    "anhang1 Ablage": AUFRUF.format("--jahr fehlt", " anhang1"),
    "anhang1 nirgends --jahr 2024": "Den Ordner «nirgends» gibt es nicht. Legen Sie ihn mit «krs neu nirgends» an.",
}  # fmt: skip


@pytest.fixture(scope="module")
def ort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a released run and two answers; no wrong call changes it."""
    pfad = tmp_path_factory.mktemp("falsch")
    freie(pfad)
    shutil.copytree(pfad / "Ablage" / "Laeufe" / LAUF, pfad / "Ablage" / "Uebergaben" / f"{LAUF}_1_2024-09-12")
    (pfad / "a.csv").write_text("id;status\nKRS-2023-09-2401;abgelehnt\n", encoding="utf-8")
    (pfad / "leer.csv").write_text("", encoding="utf-8")
    return pfad


@pytest.mark.parametrize("aufruf", FALSCH)
def test_ein_falscher_aufruf_gibt_2_und_einen_satz(
    krs: Aufruf, ort: Path, monkeypatch: pytest.MonkeyPatch, aufruf: str
) -> None:
    monkeypatch.chdir(ort)
    vorher = baum(ort)
    assert krs(*aufruf.split()) == (2, "", FALSCH[aufruf] + "\n")
    assert baum(ort) == vorher


def test_ein_tippfehler_im_jahr_wird_nicht_freigegeben(krs: Aufruf, offen: Ablage) -> None:
    """Once released, a run of 2042 would refuse every run before it."""
    code, _, fehler = krs("lauf", "Ablage", "2042-09", *TAG, "--freigeben", "--visum", "AB", "--visum", "CD")
    assert (code, fehler) == (2, (
        "Der Lauf 2042-09 kann nicht freigegeben werden:\n"
        "– Der Lauf 2042-09 liegt mehr als 2 Monate nach dem Tag des Laufs, dem 10.09.2024.\n"
    ))  # fmt: skip
    assert not list(offen.laeufe.glob("2042*"))


def test_ohne_schreibrecht_ein_satz_und_kein_lauf(krs: Aufruf, offen: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    def verboten(*_: object) -> None:
        raise PermissionError(13, "verboten", "Ablage/Laeufe/2024-09")

    monkeypatch.setattr(Path, "rename", verboten)
    code, text, fehler = krs("lauf", "Ablage", LAUF, *TAG, "--freigeben", "--visum", "AB", "--visum", "CD")
    assert (code, text) == (2, "")
    assert fehler == "«Ablage/Laeufe/2024-09» kann nicht geschrieben werden. Prüfen Sie die Rechte.\n"
    assert not (offen.laeufe / LAUF).exists()
    monkeypatch.undo()


def test_eine_geaenderte_lage_wird_dem_zweiten_gesagt(krs: Aufruf, offen: Ablage) -> None:
    krs("lauf", "Ablage", LAUF, *TAG, "--vorbereiten", "--visum", "AB")
    einwerfen(offen, "2024-07-20/neu.xlsx", ausgefuellt(offen, 2401, erst_einzelpersonen=4, erst_personen=4))
    code, text, fehler = krs("lauf", "Ablage", LAUF, "--freigeben", "--visum", "CD")
    assert (code, text) == (2, "")
    assert fehler == (
        "Seit der Vorbereitung des Laufs 2024-09 am 10.09.2024 hat sich geändert, was bezahlt würde: Beträge, Tag, "
        "Konten oder Adressen. Sehen Sie die Vorschau an und bereiten Sie den Lauf neu vor.\n"
    )


def test_in_einer_leeren_ablage_gibt_es_nichts_zu_zahlen(krs: Aufruf, offen: Ablage) -> None:
    shutil.rmtree(offen.eingang)
    code, text, _ = krs("lauf", "Ablage", LAUF, *TAG)
    assert code == 0  # the Rückforderungen are invoiced
    assert "2 Gemeinden, 0 Zahlungen, 2 Rechnungen, 0 Buchungen." in text


# --- the manual for finance, word by word -----------------------------------------------------
@pytest.mark.usefixtures("offen")
def test_der_maerz_des_handbuchs_laesst_sich_abtippen(krs: Aufruf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of finanzen.md in their order, half a year later: the small folder has a run of September."""
    text = (Path(__file__).parents[2] / "docs/handbuch/finanzen.md").read_text("utf-8")
    block = re.search(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block
    zeilen = [z.removeprefix("./run krs ") for z in block[1].splitlines()]
    aufrufe = [shlex.split(z.replace("2024-03", "2024-09").replace("2024-04", "2024-10")) for z in zeilen]
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    Path("pain002.xml").write_text(
        PAIN002.format(msg="KRS-2024-09", gruppe="", teil=TEIL.format(ZAHLUNG.format("KRS-2024-09-2401", "RJCT"))),
        encoding="utf-8",
    )
    Path("camt054.xml").write_bytes(auszug(eintrag("240.00", einzel("240.00", beleg="Z1")), "camt.054.001.08", iban(1)))
    gesagt = []
    for aufruf in aufrufe:
        code, ausgabe, fehler = krs(*aufruf)
        assert (code, fehler) == (0, ""), aufruf
        gesagt.append(ausgabe.splitlines())
    assert [z[0] for z in gesagt[:3]] == [
        f"Lauf 2024-09, {stand} vom 20.09.2024, Valuta 30.09.2024"
        for stand in ("Vorschau", "vorbereitet", "freigegeben")
    ]
    assert gesagt[5] == [
        "Lauf 2024-09: 0 ausgeführt, 1 zurückgewiesen, 1 noch ohne Antwort.",
        "Zurückgewiesen: Egerkingen, 760.00 CHF (AC04 (Konto geschlossen)). Die nächste Nachzahlung («krs lauf ABLAGE "
        "2024-09 --nachzahlung») oder der nächste Lauf zahlt den Betrag erneut.",
    ]
    assert [z[0] for z in gesagt[6:9]] == [
        f"Lauf 2024-09-N1, {stand} vom 08.10.2024, Valuta 09.10.2024"
        for stand in ("Vorschau", "vorbereitet", "freigegeben")
    ]
    assert gesagt[9][0] == "Lauf 2024-09-N1, Übergabe Nr. 1: " + gesagt[9][0].partition(": ")[2]
    assert gesagt[10][-2:] == [
        "1 Zahlung an unsere Rechnungen: Fr. 240.00.",
        "Es ist nichts eingetragen; «--uebernehmen --visum AB» trägt die Zahlungen in die Stammdaten ein.",
    ]
    assert gesagt[11][-1].startswith(
        "Eingetragen im Blatt Rückforderungen; was vorher dort stand, liegt in Ablage/Sich"
    )
    assert gesagt[12] == ["Keine Rechnung ist überfällig."]


def test_die_abgrenzung_zeigt_je_leistung_was_am_jahresende_offen_ist(krs: Aufruf, frei: Ablage) -> None:
    code, text, fehler = krs("abgrenzung", "Ablage", "--jahr", "2024", "--stichtag", "2025-02-10")
    assert (code, fehler) == (0, "")
    assert text.splitlines() == [
        "Leistung  Periode  anerkannt  zurückgestellt  geschätzt  abzugrenzen",
        "────────  ───────  ─────────  ──────────────  ─────────  ───────────",
        "Total                   0.00            0.00       0.00         0.00",
        "",
        "Nicht geschätzt, weil kein früheres Halbjahr bekannt ist: Egerkingen, Härkingen, Kestenholz.",
        "Abgrenzung: Ablage/Berichte/2024/Abgrenzung_2024_2025-02-10.xlsx",
    ]
    assert (frei.pfad / "Berichte/2024/Abgrenzung_2024_2025-02-10.csv").read_text("utf-8-sig").splitlines() == [
        "Beleg;Datum;Soll;Haben;Betrag;Text;Kreditjahr;Kostenstelle;BFS-Nr.;Kreditor-Nr.;Periode;Leistung"
    ]
    assert krs("abgrenzung", "Ablage", "--jahr", "2024", "--stichtag", "2024-12-31") == (
        2, "", "Das Jahr 2024 ist noch nicht zu Ende: Nennen Sie einen Stichtag danach.\n"
    )  # fmt: skip
