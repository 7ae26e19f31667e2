"""The desktop without Excel: asked entries, confirmations, sentences, the workbook to open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from ablage.hilfe import ausgefuellt, einwerfen
from ablage.laufhilfe import LAUF, freie, json_von, offene
from excel.makrohilfe import aktionen, aus_datei, buch, danach, leer
from krs import __version__
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage
from krs.excel import desktop, schutz, stoerung, udf
from krs.excel.anfrage import Anfrage, Eingabefehler
from krs.excel.ausfuehren import ausfuehren
from krs.excel.desktop import Dialoge
from krs.excel.ergebnis import Ergebnis, Mappe
from krs.excel.makrokatalog import Makro, makros

VORHER = {"Tabelle1": [[""]]}


class Zettel(Dialoge):
    """Answers prepared on a slip; what was shown is kept."""

    def __init__(self, *antworten: str | None, ja: bool = True) -> None:
        self.antworten, self.ja = iter(antworten), ja
        self.gefragt: list[str] = []
        self.bestaetigt: list[str] = []
        self.gezeigt: list[tuple[str, bool]] = []
        self.stand: list[str] = []
        self.offen: list[Path] = []

    def frage(self, text: str, vorgabe: str) -> str | None:
        self.gefragt.append(text.split("\n\n")[1])
        antwort = next(self.antworten)
        return vorgabe if antwort == "…" else antwort

    def bestaetige(self, text: str) -> bool:
        self.bestaetigt.append(text)
        return self.ja

    def zeige(self, text: str, *, warnung: bool = False) -> None:
        self.gezeigt.append((text, warnung))

    def status(self, text: str) -> None:
        self.stand.append(text)

    def oeffne(self, pfad: Path) -> None:
        self.offen.append(pfad)


@pytest.fixture
def mappe() -> Iterator[xw.Book]:
    gerufen = buch(leer())
    gerufen.set_mock_caller()
    yield gerufen
    gerufen.close()


@pytest.fixture
def frei(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pfad = freie(tmp_path).pfad
    monkeypatch.setenv("KRS_ABLAGE", str(pfad))
    return pfad


@pytest.fixture
def geld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pfad = offene(tmp_path).pfad
    monkeypatch.setenv("KRS_ABLAGE", str(pfad))
    return pfad


# --- running --------------------------------------------------------------------------------
def test_konsolidieren_zeigt_saetze_und_oeffnet_den_master(
    mappe: xw.Book, ablage: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRS_ABLAGE", str(ablage.pfad))
    einwerfen(ablage, "2024-07-15/a.xlsx", ausgefuellt(ablage))
    zettel = Zettel("10.09.2024")
    desktop.starte("konsolidieren", zettel)
    assert zettel.gefragt == ["Stichtag: Stand an diesem Tag; leer: heute"]
    zurueck = "Ein Blick zurück: Geschrieben ist nur «Master_2024-09-10.xlsx»; sonst bleibt alles, wie es ist."
    assert zettel.gezeigt == [(f"Stand am 10.09.2024: angenommen 1, fehlt 5.\n{zurueck}", False)]
    assert zettel.offen == [ablage.pfad / "Master_2024-09-10.xlsx"]
    assert (zettel.stand[0], zettel.stand[-1]) == ("krs: Konsolidieren läuft …", "")
    assert any(" von 1" in s for s in zettel.stand)
    assert list(danach(VORHER, mappe)) == ["Tabelle1", "krs Konsolidierung"]


def test_das_offene_formular_wird_auch_ohne_ablage_geprueft(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KRS_ABLAGE", raising=False)
    mappe = buch(aus_datei(ausgefuellt(ablage)))
    mappe.set_mock_caller()
    zettel = Zettel("")
    desktop.starte("einreichung_pruefen", zettel)
    assert zettel.gezeigt == [("Keine Befunde: Es ist alles in Ordnung.", False)]
    assert zettel.offen == []


@pytest.mark.usefixtures("mappe")
def test_ohne_ablage_sagt_ein_satz_was_zu_oeffnen_ist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KRS_ABLAGE", raising=False)
    zettel = Zettel()
    desktop.starte("konsolidieren", zettel)
    ((satz, warnung),) = zettel.gezeigt
    assert satz.startswith("Für «Konsolidieren» braucht es eine Ablage.")
    assert satz.endswith("Ohne Server öffnen Sie Stammdaten.xlsx oder Master.xlsx der Ablage.")
    assert warnung is True


def test_wer_abbricht_aendert_nichts(mappe: xw.Book, geld: Path) -> None:
    zettel = Zettel(LAUF, None)
    desktop.starte("lauf_freigeben", zettel)
    assert zettel.gezeigt == [("Abgebrochen. Es wurde nichts geändert.", False)]
    assert (aktionen(mappe), [p.name for p in (geld / "Laeufe").iterdir()]) == ([], [])


def test_freigegeben_wird_erst_nach_einer_rueckfrage(mappe: xw.Book, geld: Path) -> None:
    nein = Zettel(LAUF, "vorbereiten", "AB", "10.09.2024", "", ja=False)
    desktop.starte("lauf_freigeben", nein)
    assert nein.bestaetigt == ["Den Lauf 2024-09 mit dem Visum AB zur Freigabe festhalten?"]
    assert nein.gezeigt == [("Abgebrochen. Es wurde nichts geändert.", False)]
    assert aktionen(mappe) == []
    desktop.starte("lauf_freigeben", Zettel(LAUF, "vorbereiten", "AB", "10.09.2024", ""))
    ja = Zettel(LAUF, "freigeben", "CD", "", "")
    desktop.starte("lauf_freigeben", ja)
    assert ja.bestaetigt == ["Den Lauf 2024-09 freigeben? Danach ändert er sich nie mehr."]
    assert ja.offen == [geld / "Laeufe" / LAUF / "Abrechnungslauf_2024-09.xlsx"]
    visa = json_von(geld / "Laeufe" / LAUF / "lauf.json")["visa"]
    assert [v["visum"] for v in visa] == ["AB", "CD"]


@pytest.mark.usefixtures("mappe", "geld")
def test_gross_geschriebene_antworten_gelten_auch_in_der_rueckfrage() -> None:
    zettel = Zettel(LAUF, "Vorbereiten", "AB", "10.09.2024", "", ja=False)
    desktop.starte("lauf_freigeben", zettel)
    freigabe = Zettel(LAUF, "FREIGEBEN", "AB", "10.09.2024", "", ja=False)
    desktop.starte("lauf_freigeben", freigabe)
    assert zettel.bestaetigt == ["Den Lauf 2024-09 mit dem Visum AB zur Freigabe festhalten?"]
    assert freigabe.bestaetigt == ["Den Lauf 2024-09 freigeben? Danach ändert er sich nie mehr."]


@pytest.mark.usefixtures("mappe")
def test_ohne_visum_wird_nichts_zum_bestaetigen_vorgelegt(geld: Path) -> None:
    zettel = Zettel(LAUF, "vorbereiten", "", "AB", "10.09.2024", "", ja=False)
    desktop.starte("lauf_freigeben", zettel)
    assert zettel.gezeigt[0] == ("«Visum» fehlt. Tippen Sie Ihr Kürzel.", True)
    assert zettel.bestaetigt == ["Den Lauf 2024-09 mit dem Visum AB zur Freigabe festhalten?"]
    assert Laeufe(geld / "Laeufe").vorbereitung(LAUF) is None


def test_in_dateien_der_ablage_kommen_keine_funktionen(tmp_path: Path) -> None:
    formular = Com(str(tmp_path / "Eingang" / "2024-07-01" / "F.xlsx"))
    with pytest.raises(Eingabefehler) as fehler:
        ausfuehren("funktionen_einsetzen", formular, Anfrage(tmp_path, date(2024, 9, 10)))
    assert str(fehler.value) == (
        "«F.xlsx» liegt in der Ablage und bleibt, wie sie ist. Speichern Sie eine Kopie ausserhalb der Ablage und "
        "setzen Sie die Funktionen dort ein."
    )


@pytest.mark.usefixtures("mappe", "frei")
def test_nach_einem_grund_wird_nur_beim_zweiten_mal_gefragt() -> None:
    erstes, zweites = Zettel(LAUF, "", "…"), Zettel(LAUF, "", "ja", "")
    desktop.starte("finanz_export", erstes)
    desktop.starte("finanz_export", zweites)
    assert [len(erstes.gefragt), len(zweites.gefragt)] == [3, 4]
    assert erstes.bestaetigt == ["Den Lauf 2024-09 an die Finanzen übergeben? Die Übergabe wird festgehalten."]
    assert "Nochmals nur mit «Erneut übergeben: ja» und einem Grund" in zweites.gezeigt[0][0]


@pytest.mark.usefixtures("mappe", "geld")
def test_eine_falsche_angabe_wird_noch_einmal_gefragt() -> None:
    zettel = Zettel("März", "2024-03", "30.2.2024", "20.03.2024", "")
    desktop.starte("lauf_vorschau", zettel)
    assert [t for t, _ in zettel.gezeigt][:2] == [
        "Lauf: «März» ist kein Lauf. Ausbezahlt wird im März und im September: 2024-03 oder 2024-09 (Ziff. 4.5.2).",
        "Datum: Gelesen wurde «30.2.2024»; erwartet wird ein Datum wie 31.07.2024 oder 2024-07-31.",
    ]
    assert zettel.gezeigt[2][0].startswith("Lauf 2024-03, Vorschau vom 20.03.2024")


@pytest.mark.usefixtures("mappe", "geld")
def test_nach_einem_halbjahr_wird_nicht_nach_dem_jahr_gefragt() -> None:
    zettel = Zettel("2024-H2")
    desktop.starte("vorlagen_erstellen", zettel)
    assert len(zettel.gefragt) == 1
    assert zettel.gezeigt[0][0].startswith("3 Vorlagen geschrieben")


@pytest.mark.usefixtures("mappe", "geld")
def test_ein_fehler_des_programms_wird_ein_satz_und_ein_protokoll_ohne_inhalte(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def kaputt(*_: object, **__: object) -> None:
        raise RuntimeError("756.1234.5678.97 secret")

    monkeypatch.setattr(desktop, "ausfuehren", kaputt)
    monkeypatch.setattr(stoerung.tempfile, "gettempdir", lambda: str(tmp_path))
    zettel = Zettel("")
    desktop.starte("konsolidieren", zettel)
    log = tmp_path / "krs_fehler.log"
    assert zettel.gezeigt == [
        ("Im Programm ist ein unerwarteter Fehler aufgetreten. Melden Sie ihn mit diesem Satz der Informatik. "
         f"Einzelheiten stehen in «{log}».", True)
    ]  # fmt: skip
    text = log.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "kaputt" in text
    assert "secret" not in text
    assert zettel.stand[-1] == ""


@pytest.mark.usefixtures("mappe", "geld")
def test_ein_beschaeftigtes_excel_ist_kein_fehler_des_programms(monkeypatch: pytest.MonkeyPatch) -> None:
    def besetzt(*_: object, **__: object) -> None:
        raise KeyError(0x800AC472)

    monkeypatch.setattr(desktop, "ausfuehren", besetzt)
    monkeypatch.setattr(desktop.schutz, "com_fehler", lambda: (KeyError,))
    monkeypatch.setattr(stoerung.tempfile, "gettempdir", lambda: "/gibt/es/nicht")
    zettel = Zettel("")
    desktop.starte("konsolidieren", zettel)
    assert zettel.gezeigt == [
        ("Excel nahm den Befehl nicht an. Schliessen Sie die Eingabe in der Zelle mit Enter ab, schliessen Sie offene "
         "Fenster von Excel und versuchen Sie es noch einmal.", True)
    ]  # fmt: skip


@pytest.mark.usefixtures("mappe", "geld")
def test_ein_fehler_in_den_angaben_wird_als_satz_gezeigt(monkeypatch: pytest.MonkeyPatch) -> None:
    def verweigert(*_: object, **__: object) -> None:
        raise Eingabefehler("So nicht.")

    monkeypatch.setattr(desktop, "ausfuehren", verweigert)
    zettel = Zettel("")
    desktop.starte("konsolidieren", zettel)
    assert zettel.gezeigt == [("So nicht.", True)]


@pytest.mark.usefixtures("mappe")
def test_jeder_knopf_startet_sein_makro(monkeypatch: pytest.MonkeyPatch) -> None:
    gestartet: list[str] = []
    monkeypatch.setattr(desktop, "starte", gestartet.append)
    monkeypatch.setattr(udf, "_merke_mappe", lambda _: None)
    for m in makros():
        assert udf.knopf(__version__, m.name, object()) == ""
    assert gestartet == [m.name for m in makros()]


# --- where things lie -----------------------------------------------------------------------
def test_die_ablage_der_offenen_mappe_geht_vor(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRS_ABLAGE", "S:/andere")
    assert desktop.ablage_von(ablage.stammdaten) == ablage.pfad
    assert desktop.ablage_von(ablage.eingang / "2024-07-15" / "a.xlsx") == ablage.pfad
    assert desktop.ablage_von(ablage.pfad.parent / "anders.xlsx") == Path("S:/andere")
    assert desktop.ablage_von(None) == Path("S:/andere")
    monkeypatch.setenv("KRS_ABLAGE", "  ")
    assert desktop.ablage_von(None) is None


class Com:
    """A workbook as COM would show it: where it lies, whether its structure is locked, which others are open."""

    def __init__(self, voll: str, *blaetter: str, gesperrt: bool = False, andere: tuple[Com, ...] = ()) -> None:
        self.fullname, self.name = voll, Path(voll).name
        self.sheets = [type("Blatt", (), {"name": b}) for b in blaetter]
        self.api = type(
            "Api", (), {"FullName": voll, "Path": voll if "/" in voll else "", "ProtectStructure": gesperrt}
        )
        neu: list[Com] = []

        class Buecher(list[Com]):
            def add(self) -> Com:
                neu.append(Com("Mappe2"))
                return neu[-1]

        self.neu = neu
        self.app = type("App", (), {"engine": type("E", (), {"type": "desktop"}), "books": Buecher(andere)})


ERGEBNIS = Ergebnis("Prüfung", ("Satz.",))


def ziel(mappe: Com, ergebnis: Ergebnis, ablage: Path | None) -> Any:
    ort = Path(mappe.fullname)
    return desktop._ziel(mappe, ergebnis, ablage, ort if ort.is_absolute() else None)


def test_in_eine_eigene_mappe_kommt_das_ergebnisblatt(tmp_path: Path) -> None:
    mappe = Com(str(tmp_path / "Notizen.xlsx"))
    assert ziel(mappe, ERGEBNIS, tmp_path / "Ablage") is mappe
    neu = Com("Mappe1")
    assert ziel(neu, ERGEBNIS, None) is neu


def test_in_einer_mappe_der_ablage_aendert_sich_nichts(tmp_path: Path) -> None:
    alte = Com("Mappe1", "Tabelle1", "krs Prüfung")
    stamm = str(tmp_path / "Stammdaten.xlsx")
    assert ziel(Com(stamm, andere=(Com("Mappe3", "Tabelle1"), alte)), ERGEBNIS, tmp_path) is alte
    allein = Com(stamm)
    assert ziel(allein, ERGEBNIS, tmp_path) is allein.neu[0]
    mit_mappe = Ergebnis("Konsolidierung", ("Satz.",), mappe=Mappe("Master.xlsx", b"", tmp_path / "Master.xlsx"))
    assert ziel(Com(stamm), mit_mappe, tmp_path) is None


def test_stammdaten_in_der_cloud_bleiben_wie_sie_sind(tmp_path: Path) -> None:
    wolke = Com("https://so.sharepoint.com/Ablage/Stammdaten.xlsx", andere=(Com(str(tmp_path / "a.xlsx"), "krs X"),))
    assert ziel(wolke, ERGEBNIS, tmp_path) is wolke.neu[0]


def test_eine_gesperrte_mappe_bekommt_kein_blatt(tmp_path: Path) -> None:
    gesperrt = Com(str(tmp_path / "F.xlsx"), gesperrt=True)
    assert ziel(gesperrt, ERGEBNIS, None) is gesperrt.neu[0]


@pytest.mark.parametrize(
    ("voll", "ort"),
    [("/home/x/F.xlsx", Path("/home/x/F.xlsx")), ("Mappe1", None), ("https://so.sharepoint.com/F.xlsx", None)],
)
def test_wo_eine_mappe_liegt(voll: str, ort: Path | None) -> None:
    assert schutz.ort(Com(voll)) == ort


def test_was_excel_nicht_oeffnen_kann_wird_gesagt(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kaputt(Zettel):
        def oeffne(self, pfad: Path) -> None:
            raise KeyError(pfad)

    monkeypatch.setattr(desktop.schutz, "com_fehler", lambda: (KeyError,))
    zettel = Kaputt()
    desktop._oeffne(Path("Master.xlsx"), zettel)
    assert zettel.gezeigt == [
        ("Excel konnte «Master.xlsx» nicht öffnen. Schliessen Sie eine Mappe gleichen Namens und öffnen Sie die Datei "
         "von Hand.", True)
    ]  # fmt: skip


@pytest.mark.parametrize("m", [m for m in makros() if m.felder], ids=lambda m: m.name)
def test_jede_frage_hat_platz_im_dialog_von_excel(m: Makro) -> None:
    gefragt: list[str] = []

    class Merker(Zettel):
        def frage(self, text: str, vorgabe: str) -> str | None:
            gefragt.append(text)
            return super().frage(text, vorgabe)

    gut = {"datum": "1.2.2024", "periode": "2024-H1", "jahr": "2024", "lauf": LAUF, "zahl": "1", "text": "x"}
    for feld in m.felder:
        antwort = desktop._frage_eine(m, feld, Merker(feld.werte[0] if feld.werte else gut[feld.art]))
        assert antwort == (feld.werte[0] if feld.werte else gut[feld.art])
    assert max(len(t) for t in gefragt) <= 255


# --- dialogs and versions -------------------------------------------------------------------
class App:
    """Excel as far as the dialogs need it."""

    def __init__(self, antwort: object) -> None:
        self.gerufen: list[tuple[object, ...]] = []
        self.status_bar: object = None
        self.books = type("B", (), {"open": lambda _, pfad: self.gerufen.append(("open", pfad))})()
        self.api = type("A", (), {"InputBox": lambda _, *a, **k: self._merke(antwort, *a, *k.items())})()

    def _merke(self, antwort: object, *a: object) -> object:
        self.gerufen.append(a)
        return antwort

    def alert(self, *a: object) -> str:
        self.gerufen.append(a)
        return "yes"


def test_die_dialoge_sind_die_von_excel() -> None:
    app = App(antwort="2024-H1")
    d = Dialoge(app)
    assert d.frage("Halbjahr", "x") == "2024-H1"
    assert d.bestaetige("Sicher?") is True
    d.zeige("Gut.")
    d.zeige("Schlecht.", warnung=True)
    d.oeffne(Path("M.xlsx"))
    d.status("läuft")
    assert app.status_bar == "läuft"
    d.status("")
    assert app.status_bar is False
    assert app.gerufen == [
        ("Halbjahr", "start.integration", "x", ("Type", 2)),
        ("Sicher?", "start.integration", "yes_no", "critical"),
        ("Gut.", "start.integration", "ok", "info"),
        ("Schlecht.", "start.integration", "ok", "critical"),
        ("open", "M.xlsx"),
    ]


def test_abbrechen_im_dialog_ist_keine_antwort() -> None:
    assert Dialoge(App(antwort=False)).frage("Halbjahr", "") is None


def test_add_in_und_krs_muessen_zusammenpassen() -> None:
    assert udf._anderes_addin(f" {__version__} ") == ""
    assert udf._anderes_addin("0.1.0") == (
        f"Das Add-in hat die Version 0.1.0, krs hat {__version__}. Bitten Sie die Informatik, beide neu einzurichten."
    )
    assert udf._anderes_addin("").startswith("Das Add-in hat die Version unbekannt, ")
