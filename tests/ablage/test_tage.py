"""Nothing disappears in time: wrong clocks, days to come, looks back (entwurf 1)."""

from __future__ import annotations

from datetime import date

import pytest

from ablage.hilfe import STICHTAG, ausgefuellt, baum, einwerfen
from ablage.test_eingang import befunde, eingaenge, mail
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import Konsolidiert

SPAETER = date(2024, 10, 1)
VORHER = date(2024, 8, 5)


def an(ablage: Ablage, tag: date = STICHTAG, **mehr: bool) -> Konsolidiert:
    return ablauf.konsolidieren(ablage.pfad, tag, heute=tag, **mehr)


def e25(quelle: str, behauptet: str, eingang: str) -> str:
    return (
        f"{quelle} nennt als Tag des Eingangs den {behauptet}; gelesen wurde die Datei aber schon vorher. "
        f"Als eingegangen gilt sie am {eingang}. Stimmt das nicht, legen Sie sie in den Ordner des richtigen Tages "
        "(Eingang/JJJJ-MM-TT). (Ziff. 5.2, E-25)"
    )


def e28(ordner: str, eingang: str) -> str:
    return (
        f"Der Ordner «{ordner}» sieht wie ein Tag aus, ist aber keiner: Nur Namen wie 2024-07-20 (JJJJ-MM-TT) zählen. "
        f"Als eingegangen gilt die Datei am {eingang}. Kam sie an einem andern Tag, benennen Sie den Ordner so um. "
        "(Ziff. 5.2, E-28)"
    )


def kein_tag(ordner: str, dateien: str) -> str:
    return (
        f"Der Ordner «{ordner}» im Eingang ist kein Tag (E-28): {dateien}. Benennen Sie ihn um; nur Namen wie "
        "2024-07-20 (JJJJ-MM-TT) sind ein Tag."
    )


SCHEIN = [
    "20.07.2024", "2024-7-20", "2024-13-45", "20240720", "20-07-2024", "2024_07_20", "2024–07–20", "Post 20. Juli 2024",
    "2024-07-20 Post", "20.7.24", "1. Mär 24", "20. 07. 2024",
]  # fmt: skip


def test_ein_ordner_der_nur_wie_ein_tag_aussieht_ist_genannt_und_die_gemeinde_nicht_bestraft(ablage: Ablage) -> None:
    for nr, name in enumerate(SCHEIN):
        einwerfen(ablage, f"{name}/{nr}.pdf", f"%PDF-1.4 {nr}".encode())
    einwerfen(ablage, "20.07.2024/a.xlsx", ausgefuellt(ablage))
    for name in ("2024-07-20", "2024-H1", "2401 Olten", "Nachtrag 3", "032 627 22 86"):
        einwerfen(ablage, f"{name}/x.pdf", name.encode())
    k = an(ablage)
    assert {(d, m) for d, c, m in befunde(k.urteil) if c == "E-28"} == {
        *((f"{name}/{nr}.pdf", e28(name, "10.09.2024")) for nr, name in enumerate(SCHEIN)),
        ("20.07.2024/a.xlsx", e28("20.07.2024", "10.09.2024")),
    }
    anzahl = {name: 1 + (name == "20.07.2024") for name in SCHEIN}
    assert k.meldungen == tuple(
        kein_tag(n, f"{'2 Dateien darin gelten' if z == 2 else '1 Datei darin gilt'} als eingegangen am 10.09.2024")
        for n, z in sorted(anzahl.items())
    )
    assert [(d, t, s) for d, t, s in eingaenge(k.urteil) if d.endswith("a.xlsx")] == [
        ("20.07.2024/a.xlsx", STICHTAG, "Rückfrage offen")
    ]
    assert not [p for p in ablage.rueckmeldungen.rglob("*") if "Egerkingen" in p.name]  # nothing about being late
    assert an(ablage).meldungen == ()
    (ablage.eingang / "20.07.2024").rename(ablage.eingang / "2024-07-19")
    k = an(ablage)
    assert "Eingang von «2024-07-19/a.xlsx»: neu 19.07.2024 statt 10.09.2024, nach seinem Ordner." in k.meldungen
    assert ("2024-07-19/a.xlsx", date(2024, 7, 19), "angenommen") in eingaenge(k.urteil)


def test_ein_scheinbarer_tag_im_ordner_eines_tages_ist_genannt_eine_mail_hat_ihren_eigenen(
    ablage: Ablage,
) -> None:
    einwerfen(ablage, "2024-07-25/20.7.24/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "20.7.24/2024-07-26/b.xlsx", ausgefuellt(ablage, 2402))
    einwerfen(ablage, "20.7.24/m.eml", mail(("c.xlsx", ausgefuellt(ablage, 2403))))
    k = an(ablage)
    assert [m for _, c, m in befunde(k.urteil) if c == "E-28"] == [e28("2024-07-25/20.7.24", "25.07.2024")]
    assert k.meldungen == (kein_tag("2024-07-25/20.7.24", "1 Datei darin gilt als eingegangen am 25.07.2024"),)
    paare = ablauf.pruefen([ablage.eingang / "2024-07-25"], ablage.pfad, STICHTAG).paare
    assert [b.meldung for b, _ in paare if b.code == "E-28"] == [e28("2024-07-25/20.7.24", "25.07.2024")]


def test_eine_mail_aus_der_zukunft_gilt_heute_und_wird_genannt(ablage: Ablage) -> None:
    einwerfen(ablage, "m.eml", mail(("a.xlsx", ausgefuellt(ablage)), empfangen="Wed, 31 Dec 2098 10:00:00 +0000"))
    k = an(ablage)
    assert eingaenge(k.urteil) == [("m.eml/a.xlsx", STICHTAG, "Rückfrage offen")]  # the deadline was 31 July
    erwartet = [("m.eml/a.xlsx", "E-25", e25("Die E-Mail", "31.12.2098", "10.09.2024"))]
    assert befunde(k.urteil) == erwartet
    assert k.meldungen == ("1 Datei nennt einen Tag des Eingangs, der noch nicht da war (E-25): «m.eml/a.xlsx».",)
    (eintrag,) = Archiv(ablage.archiv).eintraege.values()
    assert (eintrag.eingang, eintrag.gelesen_am) == (STICHTAG, STICHTAG)
    assert an(ablage).meldungen == ()  # said once; the Befund stays
    spaeter = an(ablage, date(2099, 1, 5)).urteil  # once its day has come it still counts from its reading
    assert eingaenge(spaeter) == [("m.eml/a.xlsx", STICHTAG, "Rückfrage offen")]
    assert befunde(spaeter) == erwartet


def test_liegt_die_mail_im_ordner_eines_tages_gilt_dieser(ablage: Ablage) -> None:
    kuenftig = mail(("a.xlsx", ausgefuellt(ablage)), empfangen="Fri, 15 Jan 2027 10:00:00 +0000")
    einwerfen(ablage, "2024-07-30/m.eml", kuenftig)
    u = an(ablage).urteil
    assert eingaenge(u) == [("2024-07-30/m.eml/a.xlsx", date(2024, 7, 30), "angenommen mit Hinweisen")]
    assert befunde(u) == [("2024-07-30/m.eml/a.xlsx", "E-25", e25("Die E-Mail", "15.01.2027", "30.07.2024"))]


def test_ein_ordner_mit_einem_kuenftigen_tag_haelt_kein_formular_zurueck(ablage: Ablage) -> None:
    einwerfen(ablage, "2042-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2042-07-20/Foto.jpg", b"\xff\xd8\xff")
    u = an(ablage).urteil
    assert [(d, t) for d, t, _ in eingaenge(u)] == [
        ("2042-07-20/Foto.jpg", STICHTAG),
        ("2042-07-20/a.xlsx", STICHTAG),
    ]
    assert [(d, m) for d, c, m in befunde(u) if c == "E-25"] == [
        ("2042-07-20/Foto.jpg", e25("Der Ordner", "20.07.2042", "10.09.2024")),
        ("2042-07-20/a.xlsx", e25("Der Ordner", "20.07.2042", "10.09.2024")),
    ]


def test_wer_mahnt_bevor_konsolidiert_wurde_mahnt_niemanden_dessen_formular_da_ist(ablage: Ablage) -> None:
    for bfs in (2401, 2402):
        einwerfen(ablage, f"2042-07-20/{bfs}.xlsx", ausgefuellt(ablage, bfs))
    g = ablauf.mahnen(ablage.pfad, "2024-H1", STICHTAG, heute=STICHTAG)
    assert [b.posten[0].zeile.bfs_nr for b in g.briefe] == [2403]


def test_pruefen_nennt_eine_mail_aus_der_zukunft(ablage: Ablage) -> None:
    m = mail(("a.xlsx", ausgefuellt(ablage)), empfangen="Wed, 31 Dec 2098 10:00:00 +0000")
    datei = einwerfen(ablage, "m.eml", m)
    paare = ablauf.pruefen([datei], ablage.pfad, STICHTAG).paare
    assert [b.code for b, _ in paare] == ["F-50", "E-25"]


def test_ein_formular_das_vor_seinem_halbjahr_kam_wird_genannt(ablage: Ablage) -> None:
    einwerfen(ablage, "2023-07-20/a.xlsx", ausgefuellt(ablage))
    u = an(ablage).urteil
    assert [(d, t) for d, t, _ in eingaenge(u)] == [("2023-07-20/a.xlsx", date(2023, 7, 20))]
    assert befunde(u) == [
        (
            "2023-07-20/a.xlsx",
            "E-26",
            "Das Formular ging nach seiner E-Mail oder seinem Ordner am 20.07.2023 ein, bevor 2024-H1 am 01.01.2024 "
            "begann. Stimmt der Tag nicht, legen Sie die Datei in den Ordner des richtigen Tages (Eingang/JJJJ-MM-TT). "
            "(Ziff. 5.2, E-26)",
        )
    ]


def test_ein_blick_zurueck_schreibt_den_master_jenes_tages_und_sonst_nichts(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, erst_einzelpersonen="viele"))
    an(ablage)
    einwerfen(ablage, "2024-07-30/neu.xlsx", ausgefuellt(ablage, 2402))
    einwerfen(ablage, "ohne Tag.xlsx", ausgefuellt(ablage, 2403))
    vorher = baum(ablage.pfad)
    k = ablauf.konsolidieren(ablage.pfad, VORHER, heute=STICHTAG)
    assert [(z.datei, z.eingang) for z in k.urteil.zeilen if z.datei] == [
        ("2024-07-20/a.xlsx", date(2024, 7, 20)),
        ("2024-07-30/neu.xlsx", date(2024, 7, 30)),
    ]
    assert k.meldungen == (
        "Ein Blick zurück: Geschrieben ist nur «Master_2024-08-05.xlsx»; sonst bleibt alles, wie es ist.",
    )
    nachher = baum(ablage.pfad)
    assert nachher.pop("Master_2024-08-05.xlsx")
    assert nachher == vorher


def test_eine_uhr_die_zurueckspringt_haelt_an_bis_jemand_den_tag_bestaetigt(ablage: Ablage) -> None:
    einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))
    an(ablage, date(2052, 1, 20))
    an(ablage, date(2052, 1, 13))  # a few days change nothing
    vorher = baum(ablage.pfad)
    with pytest.raises(AblageFehler) as fehler:
        an(ablage)
    assert str(fehler.value) == (
        "Die Uhr dieses Computers zeigt den 10.09.2024, aber schon am 20.01.2052 wurden hier Dateien gelesen. Stellen "
        "Sie die Uhr richtig. Ging sie damals falsch, bestätigen Sie den heutigen Tag: «krs konsolidieren ABLAGE "
        "--stichtag 2024-09-10»."
    )
    assert baum(ablage.pfad) == vorher
    k = an(ablage, uhr_stimmt=True)
    assert [(d, t) for d, t, _ in eingaenge(k.urteil)] == [("a.xlsx", STICHTAG)]
    assert befunde(k.urteil) == [("a.xlsx", "E-25", e25("Das Archiv", "20.01.2052", "10.09.2024"))]
    assert an(ablage).meldungen == ()


def test_ein_eingang_der_zukunft_aus_einem_alten_archiv_heilt_auch_ohne_die_datei(ablage: Ablage) -> None:
    datei = einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))
    ablauf.konsolidieren(ablage.pfad, date(2052, 1, 20))  # 0.4.0 did not know today
    datei.unlink()
    k = an(ablage)
    assert [(d, t) for d, t, _ in eingaenge(k.urteil)] == [("a.xlsx", STICHTAG)]
    assert befunde(k.urteil) == [("a.xlsx", "E-25", e25("Das Archiv", "20.01.2052", "10.09.2024"))]
