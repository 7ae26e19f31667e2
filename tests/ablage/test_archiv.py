"""The archive: what was received never changes, and when (entwurf 1)."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest

from ablage.hilfe import STICHTAG, ausgefuellt, baum, einwerfen
from krs import ablauf
from krs.ablage.archiv import Archiv, Eintrag, Loeschung, Wer
from krs.ablage.ordner import Ablage, AblageFehler
from krs.urteil.tafel import Zeile

ANDERS = date(2024, 12, 1)
VERLOREN = (
    "Das Original von Egerkingen, Anhang 2 2024-H1, Eingang 20.07.2024, {0}. Stellen Sie «{1}….xlsx» im Ordner "
    "«Archiv» aus der Sicherung wieder her, oder legen Sie dieselbe Datei nochmals in den Eingang. Gibt es beides "
    "nicht, halten Sie den Verlust fest: krs archiv ABLAGE loeschen {1} --grund … --visum …; das Formular zählt dann "
    "weiterhin als eingegangen."
)


def zeilen(ablage: Ablage, stichtag: date = STICHTAG) -> list[Zeile]:
    return [z for z in ablauf.konsolidieren(ablage.pfad, stichtag).urteil.zeilen if z.datei]


def eingaenge(ablage: Ablage, stichtag: date = STICHTAG) -> list[tuple[str, date | None]]:
    return [(z.datei, z.eingang) for z in zeilen(ablage, stichtag)]


def test_der_eingangstag_ist_der_naechste_ordner_mit_datum(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-01/Nachtrag/2024-07-20/per Post/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-05/2024-02-30/b.xlsx", ausgefuellt(ablage, 2402))
    einwerfen(ablage, "Juli 2024-07-06/c.xlsx", ausgefuellt(ablage, 2403))
    assert eingaenge(ablage) == [
        ("2024-07-01/Nachtrag/2024-07-20/per Post/a.xlsx", date(2024, 7, 20)),
        ("2024-07-05/2024-02-30/b.xlsx", date(2024, 7, 5)),
        ("Juli 2024-07-06/c.xlsx", STICHTAG),
    ]


def test_ohne_datum_gilt_der_stichtag_des_ersten_laufs_auch_spaeter_und_ohne_die_datei(ablage: Ablage) -> None:
    datei = einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))
    assert eingaenge(ablage, date(2024, 7, 31)) == [("a.xlsx", date(2024, 7, 31))]
    assert eingaenge(ablage, ANDERS) == [("a.xlsx", date(2024, 7, 31))]
    datei.unlink()
    assert eingaenge(ablage, ANDERS) == [("a.xlsx", date(2024, 7, 31))]
    assert eingaenge(ablage, date(2024, 7, 30)) == []


def test_ein_ordner_mit_datum_berichtigt_den_eingangstag_und_der_bildschirm_sagt_es(ablage: Ablage) -> None:
    datei = einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))
    assert eingaenge(ablage, date(2024, 8, 5)) == [("a.xlsx", date(2024, 8, 5))]
    (ablage.eingang / "2024-07-30").mkdir()
    datei = datei.rename(ablage.eingang / "2024-07-30" / "a.xlsx")
    ergebnis = ablauf.konsolidieren(ablage.pfad, ANDERS)
    assert ergebnis.meldungen == (
        "Eingang von «2024-07-30/a.xlsx»: neu 30.07.2024 statt 05.08.2024, nach seinem Ordner.",
    )
    datei.unlink()
    assert eingaenge(ablage, ANDERS) == [("2024-07-30/a.xlsx", date(2024, 7, 30))]


def test_derselbe_inhalt_unter_zwei_namen_ist_eine_einreichung_mit_dem_frueheren_tag(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    einwerfen(ablage, "2024-08-05/a.xlsx", daten)
    einwerfen(ablage, "Nachtrag/2024-07-20/b.xlsx", daten)
    assert eingaenge(ablage) == [("2024-08-05/a.xlsx", date(2024, 7, 20))]
    assert len(list(ablage.archiv.glob("*.xlsx"))) == 1


def test_eine_datei_behaelt_den_namen_unter_dem_sie_archiviert_wurde(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    einwerfen(ablage, "2024-07-20/m.xlsx", daten)
    assert eingaenge(ablage) == [("2024-07-20/m.xlsx", date(2024, 7, 20))]
    einwerfen(ablage, "2024-07-20/a.xlsx", daten)
    assert eingaenge(ablage) == [("2024-07-20/m.xlsx", date(2024, 7, 20))]


def test_eine_fremde_datei_bleibt_wo_sie_ist_und_wird_als_kein_formular_aufgehoben(ablage: Ablage) -> None:
    datei = einwerfen(ablage, "2024-07-20/Liste.xlsx", b"kein Excel")
    assert [(z.datei, z.status, z.eingang) for z in zeilen(ablage)] == [
        ("2024-07-20/Liste.xlsx", "fehlerhaft", date(2024, 7, 20))
    ]
    assert datei.read_bytes() == b"kein Excel"
    sha = hashlib.sha256(b"kein Excel").hexdigest()
    assert {p.name: p.read_bytes() for p in ablage.archiv.iterdir() if p.name != "index.csv"} == {
        f"{sha}.unlesbar": b"kein Excel"
    }
    assert Archiv(ablage.archiv).eintraege == {
        sha: Eintrag(sha, date(2024, 7, 20), "2024-07-20/Liste.xlsx", abgewiesen="E-01")
    }
    datei.unlink()
    assert zeilen(ablage) == []
    assert Archiv(ablage.archiv).eintraege[sha].eingang == date(2024, 7, 20)


def test_was_kein_formular_ist_behaelt_den_tag_an_dem_es_zuerst_gelesen_wurde(ablage: Ablage) -> None:
    einwerfen(ablage, "Foto.jpg", b"\xff\xd8\xff")
    assert eingaenge(ablage, date(2024, 7, 31)) == [("Foto.jpg", date(2024, 7, 31))]
    assert eingaenge(ablage, ANDERS) == [("Foto.jpg", date(2024, 7, 31))]


def test_jede_leere_datei_wird_genannt_auch_wenn_alle_gleich_sind(ablage: Ablage) -> None:
    for name in ("2024-07-20/Olten.xlsx", "2024-07-20/Solothurn.xlsx", "Grenchen.xlsx"):
        einwerfen(ablage, name, b"")
    urteil = ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil
    assert sorted(b.datei for b, _ in urteil.befunde if b.code == "E-04") == [
        "2024-07-20/Olten.xlsx", "2024-07-20/Solothurn.xlsx", "Grenchen.xlsx",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["1999-H1", "2300"])
def test_ein_vorlagenordner_ausserhalb_der_jahre_wird_mit_namen_genannt(ablage: Ablage, name: str) -> None:
    (ablage.vorlagen / name).mkdir()
    with pytest.raises(AblageFehler, match=f"«Vorlagen/{name}» .* Benennen Sie ihn um"):
        ablauf.konsolidieren(ablage.pfad, STICHTAG)


def test_versteckte_dateien_und_jene_von_windows_zaehlen_nicht(ablage: Ablage) -> None:
    for name in (".DS_Store", ".sync/a.xlsx", "2024-07-20/Thumbs.db", "desktop.ini", "2024-07-20/._a.xlsx"):
        einwerfen(ablage, name, ausgefuellt(ablage))
    assert zeilen(ablage) == []


@pytest.mark.parametrize(
    ("name", "gezeigt"),
    [
        ("=cmd|' !A1.xlsx", "=cmd|' !A1.xlsx"),
        ("'=1+1.xlsx", "'=1+1.xlsx"),
        ("'Olten.xlsx", "'Olten.xlsx"),
        ("@Härkingen «neu»; (2).xlsx", "@Härkingen «neu»; (2).xlsx"),
        ("-1\nzwei\x1b[31m.xlsx", "-1�zwei�[31m.xlsx"),
        ('"Anführung".xlsx', '"Anführung".xlsx'),
        ("x" * 240 + ".xlsx", "x" * 240 + ".xlsx"),
        ("umgekehrt\u202exslx.exe.xlsx", "umgekehrt�xslx.exe.xlsx"),
        ("Zoë\udcff.xlsx", "Zoë�.xlsx"),
    ],
)
def test_jeder_dateiname_geht_durch_archiv_und_master(ablage: Ablage, name: str, gezeigt: str) -> None:
    datei = einwerfen(ablage, name, ausgefuellt(ablage))
    assert [z.datei for z in zeilen(ablage)] == [gezeigt]
    erster = ablage.master.read_bytes()
    datei.unlink()
    assert [z.datei for z in zeilen(ablage)] == [gezeigt]
    assert ablage.master.read_bytes() == erster
    spalte = ablage.archiv.joinpath("index.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(";", 2)[2]
    assert spalte.lstrip('"')[0] not in "=+-@"


@pytest.mark.parametrize(
    "inhalt",
    [
        b"", b"\xff\xfe\x00", b"Datei;Eingang\r\n", b"SHA-256;Eingang;Datei\r\nabc;2024-07-20;a.xlsx\r\n",
        b"SHA-256;Eingang;Datei\r\n" + b"a" * 64 + b";20.07.2024;a.xlsx\r\n",
        b"SHA-256;Eingang;Datei\r\n" + b"a" * 64 + b";2024-07-20\r\n",
        b"SHA-256;Eingang;Datei\r\n" + b"a" * 64 + b';2024-07-20;"a.xlsx',
        b"SHA-256;Eingang;Datei\r\n../../Stammdaten;2024-07-20;a.xlsx\r\n",
    ],
)  # fmt: skip
def test_ein_beschaedigtes_verzeichnis_haelt_an_statt_zu_raten(ablage: Ablage, inhalt: bytes) -> None:
    index = ablage.archiv / "index.csv"
    index.write_bytes(inhalt)
    vorher = baum(ablage.pfad)
    with pytest.raises(AblageFehler) as fehler:
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert str(fehler.value) == f"«{index}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
    assert baum(ablage.pfad) == vorher


def test_eine_veraenderte_oder_geloeschte_archivdatei_haelt_an(ablage: Ablage) -> None:
    datei = einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    datei.unlink()
    archiviert = next(ablage.archiv.glob("*.xlsx"))
    archiviert.write_bytes(archiviert.read_bytes() + b"!")
    with pytest.raises(AblageFehler) as fehler:
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert str(fehler.value) == VERLOREN.format("wurde im Archiv verändert", archiviert.stem[:12])
    archiviert.unlink()
    with pytest.raises(AblageFehler) as fehler:
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert str(fehler.value) == VERLOREN.format("fehlt im Archiv", archiviert.stem[:12])


def test_liegt_das_original_noch_im_eingang_wird_das_archiv_daraus_wiederhergestellt(ablage: Ablage) -> None:
    datei = einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    archiviert = next(ablage.archiv.glob("*.xlsx"))
    archiviert.write_bytes(b"anders")
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert ergebnis.meldungen == (
        "Archiv: «2024-07-20/a.xlsx» fehlte oder war verändert und ist aus dem Eingang wiederhergestellt.",
    )
    assert archiviert.read_bytes() == datei.read_bytes()


def test_das_verzeichnis_ist_eine_csv_die_excel_richtig_oeffnet(tmp_path: Path) -> None:
    archiv = Archiv(tmp_path)
    olten = Wer(2581, "Olten", "Anhang 2", "2024-H1")
    eintraege = [
        Eintrag("b" * 64, date(2024, 7, 21), "=2+2.xlsx", olten),
        Eintrag("a" * 64, date(2024, 7, 20), "Härkingen; neu.xlsx", olten),
        Eintrag("c" * 64, date(2024, 7, 22), "", olten, Loeschung(date(2024, 8, 1), "-Namen", "MB")),
        Eintrag("d" * 64, date(2024, 7, 22), "alt.xlsx"),
        Eintrag("e" * 64, date(2024, 7, 23), "Foto.jpg", gelesen_am=date(2024, 7, 24), abgewiesen="E-01"),
    ]
    for eintrag in eintraege:
        archiv.eintragen(eintrag)
    archiv.sichern()
    assert (
        archiv.index.read_bytes()
        == (
            "\ufeffSHA-256;Eingang;Datei;BFS-Nr.;Gemeinde;Formular;Periode;ersetzt;gelöscht am;Grund;Visum;"
            "zuerst gelesen am;abgewiesen\r\n"
            f'{"a" * 64};2024-07-20;"Härkingen; neu.xlsx";2581;Olten;Anhang 2;2024-H1;;;;;;\r\n'
            f"{'b' * 64};2024-07-21;'=2+2.xlsx;2581;Olten;Anhang 2;2024-H1;{'a' * 64};;;;;\r\n"
            f"{'c' * 64};2024-07-22;;2581;Olten;Anhang 2;2024-H1;{'b' * 64};2024-08-01;'-Namen;MB;;\r\n"
            f"{'d' * 64};2024-07-22;alt.xlsx;;;;;;;;;;\r\n"
            f"{'e' * 64};2024-07-23;Foto.jpg;;;;;;;;;2024-07-24;E-01\r\n"
        ).encode()
    )
    assert Archiv(tmp_path).eintraege == {e.sha256: e for e in eintraege}


def test_ein_verzeichnis_der_ersten_version_wird_gelesen_und_ergaenzt(ablage: Ablage) -> None:
    datei = einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    sha = hashlib.sha256(datei.read_bytes()).hexdigest()
    (ablage.archiv / f"{sha}.xlsx").write_bytes(datei.read_bytes())
    datei.unlink()
    index = ablage.archiv / "index.csv"
    index.write_bytes(f"\ufeffSHA-256;Eingang;Datei\r\n{sha};2024-07-19;a.xlsx\r\n".encode())
    assert eingaenge(ablage) == [("a.xlsx", date(2024, 7, 19))]
    assert index.read_text("utf-8-sig").splitlines()[1] == (
        f"{sha};2024-07-19;a.xlsx;2401;Egerkingen;Anhang 2;2024-H1;;;;;;"
    )


def test_ein_verzeichnis_der_version_040_wird_gelesen_und_ergaenzt(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    sha = hashlib.sha256(daten).hexdigest()
    (ablage.archiv / f"{sha}.xlsx").write_bytes(daten)
    index = ablage.archiv / "index.csv"
    kopf = "SHA-256;Eingang;Datei;BFS-Nr.;Gemeinde;Formular;Periode;ersetzt;gelöscht am;Grund;Visum"
    zeile = f"{sha};2024-07-19;a.xlsx;2401;Egerkingen;Anhang 2;2024-H1;;;;"
    index.write_text(f"\ufeff{kopf}\r\n{zeile}\r\n", "utf-8", newline="")
    assert eingaenge(ablage) == [("a.xlsx", date(2024, 7, 19))]
    assert index.read_text("utf-8-sig").splitlines() == [f"{kopf};zuerst gelesen am;abgewiesen", f"{zeile};;"]


def test_eine_datei_im_archiv_ohne_eintrag_wird_genannt(ablage: Ablage) -> None:
    (ablage.archiv / "fremd.xlsx").write_bytes(b"?")
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).meldungen == (
        "Im Archiv liegt «fremd.xlsx» ohne Eintrag in index.csv; legen Sie die Datei in den Eingang.",
    )


def test_zweimal_gelaufen_schreibt_nichts_und_in_zwei_ordnern_entsteht_dasselbe(ablage: Ablage, tmp_path: Path) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "b.xlsx", ausgefuellt(ablage, 2402))
    zweite = tmp_path / "ganz" / "woanders"
    shutil.copytree(ablage.pfad, zweite)
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).geaendert
    zeiten = {p: p.stat().st_mtime_ns for p in ablage.pfad.rglob("*") if p.name != ".krs.lock"}
    assert not ablauf.konsolidieren(ablage.pfad, STICHTAG).geaendert
    assert {p: p.stat().st_mtime_ns for p in ablage.pfad.rglob("*") if p.name != ".krs.lock"} == zeiten
    ablauf.konsolidieren(zweite, STICHTAG)
    assert baum(zweite) == baum(ablage.pfad)


def test_eine_leere_zeile_im_verzeichnis_schadet_nicht(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    vorher = eingaenge(ablage)
    index = ablage.archiv / "index.csv"
    index.write_bytes(index.read_bytes() + b"\r\n")
    assert eingaenge(ablage) == vorher == [("2024-07-20/a.xlsx", date(2024, 7, 20))]
