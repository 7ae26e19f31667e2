"""What lies in Eingang/: mails with their attachments, files that cannot be opened, files that were purged."""

from __future__ import annotations

import hashlib
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from ablage.hilfe import STICHTAG, ausgefuellt, einwerfen
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage, AblageFehler
from krs.export.mail import entwurf
from krs.urteil.urteil import Urteil


def mail(*anhaenge: tuple[str, bytes], empfangen: str = "Wed, 31 Jul 2024 21:30:00 +0000") -> bytes:
    nachricht = EmailMessage()
    nachricht["Received"] = f"from a by b; {empfangen}"
    nachricht["Date"] = "Mon, 01 Jul 2024 08:00:00 +0200"
    nachricht["Subject"] = "Reporting"
    nachricht.set_content("Guten Tag, anbei das Formular.")
    for name, daten in anhaenge:
        nachricht.add_attachment(daten, maintype="application", subtype="octet-stream", filename=name)
    return bytes(nachricht)


def urteil(ablage: Ablage, stichtag: date = STICHTAG) -> Urteil:
    return ablauf.konsolidieren(ablage.pfad, stichtag).urteil


def eingaenge(u: Urteil) -> list[tuple[str, date | None, str]]:
    return [(z.datei, z.eingang, z.status) for z in u.zeilen if z.datei]


def befunde(u: Urteil) -> list[tuple[str, str, str]]:
    return [(b.datei, b.code, b.meldung) for b, _ in u.befunde if b.code.startswith("E-")]


def test_der_anhang_einer_mail_ist_die_einreichung_und_ihr_empfang_der_eingangstag(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-08-20/Reporting.eml", mail(("Anhang 2.xlsx", ausgefuellt(ablage))))
    assert eingaenge(urteil(ablage)) == [("2024-08-20/Reporting.eml/Anhang 2.xlsx", date(2024, 7, 31), "angenommen")]
    (archiviert,) = ablage.archiv.glob("*.xlsx")
    assert archiviert.read_bytes() == ausgefuellt(ablage)


def test_kurz_vor_mitternacht_nach_weltzeit_ist_in_der_schweiz_schon_der_naechste_tag(ablage: Ablage) -> None:
    spaet = mail(("a.xlsx", ausgefuellt(ablage)), empfangen="Wed, 31 Jul 2024 22:00:00 +0000")
    einwerfen(ablage, "m.eml", spaet)
    u = urteil(ablage)
    assert eingaenge(u) == [("m.eml/a.xlsx", date(2024, 8, 1), "Rückfrage offen")]
    assert [b.meldung for b, _ in u.befunde if b.code == "F-50"] == [
        "Das Formular ging am Donnerstag, 01.08.2024, ein, 1 Tag nach der Eingabefrist vom Mittwoch, 31.07.2024. Der "
        "Kanton entscheidet, ob es anerkannt wird. (Ziff. 5.2, F-50)"
    ]


def test_eine_mail_mit_zwei_formularen_gibt_zwei_einreichungen(ablage: Ablage) -> None:
    anhaenge = [("a.xlsx", ausgefuellt(ablage)), ("a.xlsx", ausgefuellt(ablage, 2402)), ("logo.png", b"\x89PNG")]
    einwerfen(ablage, "m.eml", mail(*anhaenge))
    assert [(z.bfs_nr, z.datei) for z in urteil(ablage).zeilen if z.datei] == [
        (2401, "m.eml/a.xlsx"),
        (2402, "m.eml/a (2).xlsx"),
    ]


def test_eine_mail_ohne_anhang_ist_keine_einreichung_wird_aber_genannt(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/Ankündigung.eml", mail())
    u = urteil(ablage)
    assert eingaenge(u) == []
    assert befunde(u) == [
        (
            "2024-07-20/Ankündigung.eml",
            "E-20",
            "Die E-Mail hat keine Arbeitsmappe im Anhang. Sollte sie eine enthalten, verlangen Sie das Formular "
            "nochmals. (Ziff. 5.2, E-20)",
        )
    ]


def test_ein_eigener_entwurf_im_falschen_ordner_ist_keine_einreichung(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/Mail.eml", entwurf([], "Rückmeldung", "Guten Tag", [("a.xlsx", ausgefuellt(ablage))]))
    u = urteil(ablage)
    assert eingaenge(u) == [("2024-07-20/Mail.eml", date(2024, 7, 20), "fehlerhaft")]
    assert befunde(u) == [
        (
            "2024-07-20/Mail.eml",
            "E-14",
            "Die Datei ist nur ein Entwurf, der nie gesendet wurde (.eml), nicht die Arbeitsmappe selbst. Öffnen Sie "
            "das Formular, speichern Sie es als Excel-Arbeitsmappe (.xlsx) auf dem Computer und senden Sie diese "
            "Datei. (Ziff. 5.2, E-14)",
        )
    ]


def test_dieselbe_datei_als_mail_und_im_ordner_ist_eine_einreichung_mit_dem_frueheren_tag(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-15/b.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "m.eml", mail(("a.xlsx", ausgefuellt(ablage))))
    assert eingaenge(urteil(ablage)) == [("2024-07-15/b.xlsx", date(2024, 7, 15), "angenommen")]


@pytest.mark.parametrize(
    ("nummer", "grund"),
    [(13, "ein anderes Programm hält sie, oder das Recht dazu fehlt"), (5, "sie liegt nicht vor")],
)
def test_eine_datei_die_sich_nicht_oeffnen_laesst_haelt_die_andern_nicht_auf(
    ablage: Ablage, monkeypatch: pytest.MonkeyPatch, nummer: int, grund: str
) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    zu = einwerfen(ablage, "2024-07-20/zu.xlsx", ausgefuellt(ablage, 2402))
    echt = Path.open

    def oeffne(pfad: Path, *argumente: object, **weitere: object) -> object:
        if pfad == zu:
            raise OSError(nummer, "zu", str(pfad))
        return echt(pfad, *argumente, **weitere)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", oeffne)
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    u = ergebnis.urteil
    assert ergebnis.meldungen == ()  # the Befund says it, once
    assert (ergebnis.dateien, ergebnis.neue) == (1, 1)
    assert eingaenge(u) == [
        ("2024-07-20/zu.xlsx", date(2024, 7, 20), "fehlerhaft"),
        ("2024-07-20/a.xlsx", date(2024, 7, 20), "angenommen"),
    ]
    assert befunde(u) == [
        (
            "2024-07-20/zu.xlsx",
            "E-15",
            f"Die Datei liess sich nicht öffnen ({grund}). Schliessen Sie sie in anderen Programmen oder laden Sie sie "
            "aus der Cloud auf den Computer, und konsolidieren Sie erneut. (Ziff. 5.2, E-15)",
        )
    ]
    monkeypatch.undo()
    assert [z.status for z in urteil(ablage).zeilen if z.datei] == ["angenommen", "angenommen"]
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert (ergebnis.dateien, ergebnis.neue) == (2, 0)


def test_eine_ahv_nummer_im_dateinamen_wird_genannt_und_nirgends_gezeigt(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/Frau 756.1234.5678.97.xlsx", ausgefuellt(ablage))
    u = urteil(ablage)
    assert eingaenge(u) == [("2024-07-20/Frau [AHV-Nummer].xlsx", date(2024, 7, 20), "fehlerhaft")]
    assert [b.meldung for b, _ in u.befunde if b.code == "F-30"] == [
        "Dateiname: Hier steht eine AHV-Nummer. Löschen Sie sie und senden Sie das Formular erneut; erfasst werden nur "
        "Anzahlen, keine Angaben zu einzelnen Personen. (Ziff. 5.1, F-30)"
    ]
    geschrieben = [p for p in ablage.pfad.rglob("*") if p.is_file() and ablage.eingang not in p.parents]
    assert not any(b"5678" in p.read_bytes() or "5678" in p.name for p in geschrieben)


def test_eine_riesige_datei_wird_nur_angelesen(ablage: Ablage) -> None:
    gross = einwerfen(ablage, "2024-07-20/Film.xlsx", b"")
    with gross.open("wb") as strom:
        strom.truncate(3_000_000_000)
    assert [(c, m.split(". ")[0]) for _, c, m in befunde(urteil(ablage))] == [
        ("E-10", "Die Datei ist zu gross (über 20 MB)")
    ]


# --- purging --------------------------------------------------------------------------------
def test_ein_geloeschtes_original_laesst_grund_und_visum_zurueck_und_kommt_nicht_wieder(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage, bemerkungen="zu viel")
    sha = hashlib.sha256(daten).hexdigest()
    datei = einwerfen(ablage, "2024-07-20/Anna Muster.xlsx", daten)
    einwerfen(ablage, "2024-07-10/frueher.xlsx", ausgefuellt(ablage))
    assert [s for _, _, s in eingaenge(urteil(ablage))] == ["ersetzt", "angenommen"]
    ruf = (ablage.pfad, sha[:10].upper(), STICHTAG, "Namen in den Bemerkungen", "MB")
    g = ablauf.archiv_loeschen(*ruf, trotzdem=True)
    assert (g.eintrag.sha256, g.dateien, g.mails, g.neu) == (sha, ("2024-07-20/Anna Muster.xlsx",), (), True)
    assert not datei.exists()
    assert not Archiv(ablage.archiv).pfad(sha).exists()
    zeile = next(z for z in (ablage.archiv / "index.csv").read_text("utf-8-sig").splitlines() if z.startswith(sha))
    vorher = hashlib.sha256(ausgefuellt(ablage)).hexdigest()
    assert zeile == (
        f"{sha};2024-07-20;;2401;Egerkingen;Anhang 2;2024-H1;{vorher};2024-09-10;Namen in den Bemerkungen;MB;;;"
        "in Kraft, nicht bezahlt"
    )
    assert [(z.datei, z.eingang, z.status) for z in urteil(ablage).zeilen if z.sha256] == [
        ("2024-07-10/frueher.xlsx", date(2024, 7, 10), "ersetzt"),
        ("", date(2024, 7, 20), "gelöscht"),
    ]
    einwerfen(ablage, "2024-07-25/nochmals.xlsx", daten)
    u = urteil(ablage)
    assert ("2024-07-25/nochmals.xlsx", date(2024, 7, 25), "fehlerhaft") in eingaenge(u)
    assert befunde(u) == [
        (
            "2024-07-25/nochmals.xlsx",
            "E-19",
            "Diese Datei wurde am 10.09.2024 durch MB gelöscht (Grund: Namen in den Bemerkungen) und wird nicht mehr "
            "gelesen. Löschen Sie sie auch im Ordner «Eingang». (Ziff. 5.1, E-19)",
        )
    ]
    assert not Archiv(ablage.archiv).pfad(sha).exists()
    zweites = ablauf.archiv_loeschen(ablage.pfad, sha, date(2025, 1, 1), "anderer Grund", "RK")
    assert (zweites.neu, zweites.dateien) == (False, ("2024-07-25/nochmals.xlsx",))
    assert zweites.eintrag.loeschung == g.eintrag.loeschung


def test_haengt_ein_geloeschtes_original_an_einer_mail_wird_sie_genannt(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    einwerfen(ablage, "m.eml", mail(("a.xlsx", daten)))
    urteil(ablage)
    g = ablauf.archiv_loeschen(ablage.pfad, hashlib.sha256(daten).hexdigest(), STICHTAG, "Irrtum", "MB", trotzdem=True)
    assert (g.dateien, g.mails) == ((), ("m.eml",))


def test_auch_was_nie_lesbar_war_laesst_sich_loeschen(ablage: Ablage) -> None:
    datei, leer = einwerfen(ablage, "Foto.jpg", b"\xff\xd8\xff"), einwerfen(ablage, "2024-07-20/m.eml", mail())
    urteil(ablage)
    liste, _ = ablauf.archiv_liste(ablage.pfad, STICHTAG)
    assert [(e.datei, e.eingang, e.abgewiesen) for e in liste] == [
        ("2024-07-20/m.eml", date(2024, 7, 31), "E-20"),
        ("Foto.jpg", STICHTAG, "E-01"),
    ]
    for e, pfad in zip(liste, (leer, datei), strict=True):
        g = ablauf.archiv_loeschen(ablage.pfad, e.sha256, STICHTAG, "Foto einer Person", "MB")
        assert (g.dateien, g.mails, g.neu, pfad.exists()) == ((ablage.name(pfad),), (), True, False)
    assert sorted(p.name for p in ablage.archiv.iterdir()) == ["eingang.csv", "index.csv"]
    einwerfen(ablage, "nochmals.eml", mail())
    assert [(d, c) for d, c, _ in befunde(urteil(ablage))] == [("nochmals.eml", "E-19")]
    assert sorted(p.name for p in ablage.archiv.iterdir()) == ["eingang.csv", "index.csv"]


@pytest.mark.parametrize(
    ("sha", "grund", "visum", "satz"),
    [
        ("", "g", "v", "«»: Das Archiv hat keine Datei mit dieser SHA-256. Kopieren Sie die SHA-256 aus dem Master, "
         "Blatt Einreichungen (mindestens 8 Zeichen)."),
        ("f" * 64, "g", "v", "«" + "f" * 64 + "»: Das Archiv hat keine Datei mit dieser SHA-256. Kopieren Sie die "
         "SHA-256 aus dem Master, Blatt Einreichungen (mindestens 8 Zeichen)."),
        ("f" * 64, " ", "v", "Nennen Sie den Grund (--grund) und Ihr Visum (--visum); beides bleibt im Archiv stehen."),
        ("f" * 64, "g", "", "Nennen Sie den Grund (--grund) und Ihr Visum (--visum); beides bleibt im Archiv stehen."),
    ],
)  # fmt: skip
def test_geloescht_wird_nur_was_es_gibt_und_mit_grund_und_visum(
    ablage: Ablage, sha: str, grund: str, visum: str, satz: str
) -> None:
    with pytest.raises(AblageFehler) as fehler:
        ablauf.archiv_loeschen(ablage.pfad, sha, STICHTAG, grund, visum)
    assert str(fehler.value) == satz


def test_die_liste_zeigt_was_bis_zu_einem_tag_einging(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-25/b.xlsx", ausgefuellt(ablage, 2402))
    urteil(ablage)
    gezeigt = [(e.datei, e.wer.gemeinde) for e in ablauf.archiv_liste(ablage.pfad, date(2024, 7, 24))[0]]
    assert gezeigt == [("2024-07-20/a.xlsx", "Egerkingen")]
    assert len(ablauf.archiv_liste(ablage.pfad, STICHTAG)[0]) == 2
