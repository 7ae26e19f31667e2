"""`krs zuordnen`: a PDF finds its sender; its answer, the reminder and the board name it, and it counts nothing."""

import hashlib
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from ablage.hilfe import ausgefuellt, neue_ablage, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.zuordnen import Auftrag, zuordnen
from krs.urteil.tafel import Zeile

PDF = b"%PDF-1.7 Liste"
SHA = hashlib.sha256(PDF).hexdigest()
AM, STICHTAG = date(2024, 8, 12), date(2024, 9, 10)


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    ablage = neue_ablage(tmp_path / "Ablage")
    gemeinden: list[dict[str, object]] = [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1), "email": f"integration@{b}.example"}
        for b, n in ((2401, "Egerkingen"), (2402, "Härkingen"), (2403, "Kestenholz"))
    ]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=gemeinden))
    (ablage.eingang / "2024-07-30").mkdir(parents=True)
    (ablage.eingang / "2024-07-30" / "Liste.pdf").write_bytes(PDF)
    return ablage


def zeile(ablage: Ablage) -> Zeile:
    return next(z for z in ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil.zeilen if z.sha256 == SHA)


def post(ordner: Path) -> dict[str, str]:
    texte = {}
    for datei in ordner.rglob("*.eml"):
        mail = message_from_bytes(datei.read_bytes(), policy=policy.default)
        texte[str(mail["To"])] = str(next(t for t in mail.walk() if t.get_content_type() == "text/plain").get_content())
    return texte


def test_zugeordnet_geht_die_antwort_an_die_gemeinde_und_die_mahnung_nennt_die_datei(ablage: Ablage) -> None:
    vorher = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert post(ablage.rueckmeldungen) == {}
    ergebnis = zuordnen(ablage.pfad, Auftrag(SHA[:8], "Egerkingen", "Anhang 2", "2024-H1", "AB"), AM)
    assert (ergebnis.datei, ergebnis.gemeinde) == ("2024-07-30/Liste.pdf", "Egerkingen")
    assert ergebnis.sicherung == ablage.sicherungen / "Stammdaten_2024-08-12_1.xlsx"
    nachher = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert nachher.urteil.ansprueche == vorher.urteil.ansprueche
    assert nachher.hat_fehler
    texte = post(ablage.rueckmeldungen)
    assert list(texte) == ["integration@2401.example"]
    satz = "Solange kein lesbares Formular vorliegt, gilt es als nicht eingereicht:"
    assert satz in texte["integration@2401.example"]
    mahnung = post(ablauf.mahnen(ablage.pfad, "2024-H1", STICHTAG).ordner)
    datei = "Am 30.07.2024 kam «Liste.pdf»; diese Datei konnte nicht gelesen werden."
    assert {an: datei in text.replace("\n", " ") for an, text in mahnung.items()} == {
        "integration@2401.example": True,
        "integration@2402.example": False,
        "integration@2403.example": False,
    }


def test_ohne_formular_gilt_die_datei_um_die_frist(ablage: Ablage) -> None:
    zuordnen(ablage.pfad, Auftrag(SHA, "2401", visum="AB"), AM)
    for zeit, genannt in (("2024-H1", True), ("2024", False)):
        briefe = ablauf.mahnen(ablage.pfad, zeit, STICHTAG).briefe
        posten = next(p for b in briefe for p in b.posten if p.zeile.bfs_nr == 2401)
        assert posten.unlesbar == (((date(2024, 7, 30), "Liste.pdf"),) if genannt else ()), zeit


def test_ein_lesbares_formular_schliesst_die_sache(ablage: Ablage) -> None:
    zuordnen(ablage.pfad, Auftrag(SHA, "2401", visum="AB"), AM)
    (ablage.eingang / "2024-07-31").mkdir()
    (ablage.eingang / "2024-07-31" / "Anhang 2.xlsx").write_bytes(ausgefuellt(ablage))
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    z = next(z for z in ergebnis.urteil.zeilen if z.sha256 == SHA)
    satz = "am 31.07.2024 kam ein lesbares Formular («2024-07-31/Anhang 2.xlsx»)"
    assert (z.status, z.bemerkung) == ("erledigt", satz)
    assert not ergebnis.hat_fehler
    assert z in ergebnis.urteil.tafel()
    assert post(ablage.rueckmeldungen) == {}


def test_ein_lesbares_formular_laesst_sich_nur_einer_anderen_periode_zuordnen(ablage: Ablage) -> None:
    formular = ausgefuellt(ablage)
    (ablage.eingang / "2024-07-31").mkdir()
    (ablage.eingang / "2024-07-31" / "Anhang 2.xlsx").write_bytes(formular)
    sha = hashlib.sha256(formular).hexdigest()
    eigene = next(z for z in ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil.zeilen if z.sha256 == sha)
    fremd = "2402" if eigene.bfs_nr == 2401 else "2401"
    for wer, periode in ((fremd, "2024-H2"), (str(eigene.bfs_nr), eigene.periode), (str(eigene.bfs_nr), "2019-H1")):
        with pytest.raises(AblageFehler, match=r"ist ein lesbares Formular \(Anhang 2, .*, 2024-H1\)"):
            zuordnen(ablage.pfad, Auftrag(sha, wer, "Anhang 2", periode, "AB"), AM)
    zuordnen(ablage.pfad, Auftrag(sha[:8], str(eigene.bfs_nr), "Anhang 2", "2023-H2", "AB"), AM)
    zeilen = ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil.zeilen
    assert [(z.periode, z.bemerkung.partition(";")[0]) for z in zeilen if z.sha256 == sha] == [
        ("2023-H2", "Vorlage 2024-H1, gilt als 2023-H2 (AB, 12.08.2024)")
    ]


def test_zuruecknehmen_stellt_den_vorigen_stand_her(ablage: Ablage) -> None:
    vorher = zeile(ablage)
    zuordnen(ablage.pfad, Auftrag(SHA, "2401", visum="AB"), AM)
    assert zeile(ablage).gemeinde == "Egerkingen"
    ergebnis = zuordnen(ablage.pfad, Auftrag(SHA[:8], zurueck=True), AM)
    assert ergebnis.sicherung == ablage.sicherungen / "Stammdaten_2024-08-12_2.xlsx"
    assert zeile(ablage) == vorher


def test_zweimal_dasselbe_schreibt_einmal(ablage: Ablage) -> None:
    zuordnen(ablage.pfad, Auftrag(SHA, "2401", visum="AB"), AM)
    assert zuordnen(ablage.pfad, Auftrag(SHA, "Egerkingen", visum="CD"), AM).sicherung is None
    with pytest.raises(AblageFehler, match=r"ist schon Egerkingen zugeordnet\. Nehmen Sie das zuerst mit --zurueck"):
        zuordnen(ablage.pfad, Auftrag(SHA, "2402", visum="AB"), AM)


@pytest.mark.parametrize(
    ("auftrag", "satz"),
    [
        (Auftrag(SHA, "2401"), r"^Nennen Sie Ihr Visum"),
        (Auftrag(SHA[:7], "2401", visum="AB"), r"Das ist zu kurz\. Nennen Sie mindestens 8 Zeichen der SHA-256 \("),
        (Auftrag("f" * 64, "2401", visum="AB"), r"^«f{64}»: Keine Datei im Eingang beginnt so\. Kopieren Sie die SHA"),
        (Auftrag(SHA, "Trimbach", visum="AB"), r"^«Trimbach» ist keine Gemeinde der Stammdaten"),
        (Auftrag(SHA, "2401", "Anhang 2", visum="AB"), r"^Nennen Sie Formular und Periode zusammen"),
        (Auftrag(SHA, "2401", "Anhang 3", "2024-H1", "AB"), r"^Anhang 2 gilt für ein Halbjahr wie 2024-H1"),
        (Auftrag(SHA, zurueck=True), r"»: Keine Zuordnung beginnt so\. Kopieren Sie"),
    ],
)
def test_was_nicht_geht_sagt_ein_satz_und_aendert_nichts(ablage: Ablage, auftrag: Auftrag, satz: str) -> None:
    alt = ablage.stammdaten.read_bytes()
    with pytest.raises(AblageFehler, match=satz):
        zuordnen(ablage.pfad, auftrag, AM)
    assert ablage.stammdaten.read_bytes() == alt
    assert not ablage.sicherungen.exists()


def test_eine_eigene_liste_verraet_ihre_gemeinde(ablage: Ablage) -> None:
    mappe = Workbook()
    blatt = mappe.active
    assert blatt is not None
    blatt["B2"] = "Gespräche der Einwohnergemeinde Härkingen, 756.1234.5678.97"
    mappe.save(ablage.eingang / "Liste.xlsx")
    (z,) = (z for z in ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil.zeilen if z.datei == "Liste.xlsx")
    assert z.fassung is not None
    assert [b.code for b in z.fassung.befunde] == ["E-05"]
    assert z.fassung.einreichung.inhalt == "Sheet | Gespräche der Einwohnergemeinde Härkingen, [AHV-Nummer]"
    tun = f"bestätigen: krs zuordnen … {z.sha256[:8]} 2402"
    assert z.bemerkung == f"vermutlich Härkingen (Inhalt nennt Härkingen); {tun}"


def test_gleiche_leere_dateien_von_drei_absendern_haben_drei_vorschlaege(ablage: Ablage) -> None:
    namen = ((2401, "Egerkingen"), (2402, "Härkingen"), (2403, "Kestenholz"))
    for bfs, _ in namen:
        nachricht = EmailMessage()
        nachricht["Received"] = "from a by b; Wed, 31 Jul 2024 08:00:00 +0200"
        nachricht["From"] = f"integration@{bfs}.example"
        nachricht.add_attachment(b"", maintype="application", subtype="octet-stream", filename="Scan.xlsx")
        (ablage.eingang / f"Post {bfs % 10}.eml").write_bytes(bytes(nachricht))
    zeilen = [z for z in ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil.zeilen if z.datei.startswith("Post")]
    sha = hashlib.sha256(b"").hexdigest()
    assert [(z.datei, z.sha256, z.bemerkung) for z in zeilen] == [
        (
            f"Post {bfs % 10}.eml/Scan.xlsx", sha,
            f"vermutlich {name} (E-Mail-Adresse integration@{bfs}.example); "
            f"bestätigen: krs zuordnen … {sha[:8]} {bfs}",
        )
        for bfs, name in namen
    ]  # fmt: skip


def test_auch_eine_mail_ohne_mappe_laesst_sich_zuordnen(ablage: Ablage) -> None:
    nachricht = EmailMessage()
    nachricht["Received"] = "from a by b; Wed, 31 Jul 2024 08:00:00 +0200"
    nachricht["From"] = "integration@2402.example"
    nachricht.set_content("Das Formular: https://haerkingen.sharepoint.com/x/y")
    (ablage.eingang / "Link.eml").write_bytes(bytes(nachricht))
    sha = hashlib.sha256(bytes(nachricht)).hexdigest()
    (z,) = (z for z in ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil.zeilen if z.datei == "Link.eml")
    grund = "E-Mail-Adresse integration@2402.example"
    tun = f"bestätigen: krs zuordnen … {sha[:8]} 2402"
    assert (z.sha256, z.bemerkung) == (sha, f"vermutlich Härkingen ({grund}); {tun}")
    zuordnen(ablage.pfad, Auftrag(sha[:8], "2402", visum="AB"), AM)
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    (text,) = post(ablage.rueckmeldungen).values()
    assert "aber einen Link auf «haerkingen.sharepoint.com». Der Link wurde nicht aufgerufen." in text


def test_was_geloescht_ist_laedt_nicht_zum_zuordnen_ein(ablage: Ablage) -> None:
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    ablauf.archiv_loeschen(ablage.pfad, SHA, AM, "Foto mit Namen", "AB")
    (ablage.eingang / "Egerkingen.pdf").write_bytes(PDF)
    geloescht = zeile(ablage)
    assert geloescht.fassung is not None
    assert [b.code for b in geloescht.fassung.befunde] == ["E-19"]
    assert geloescht.bemerkung == "vermutlich Egerkingen (Dateiname nennt Egerkingen)"


def test_zwei_verschlossene_teile_einer_sendung_haben_zwei_antworten(ablage: Ablage) -> None:
    puffer = BytesIO()
    with ZipFile(puffer, "w") as archiv:
        for name in ("a.zip", "b.zip"):
            archiv.writestr(name, b"PK\x03\x04")
    (ablage.eingang / "2024-07-30" / "Zwei.zip").write_bytes(puffer.getvalue())
    sha = hashlib.sha256(puffer.getvalue()).hexdigest()
    zuordnen(ablage.pfad, Auftrag(sha, "2401", "Anhang 2", "2024-H1", "AB"), AM)
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    (datei,) = ablage.rueckmeldungen.glob("Mail_*.eml")
    mail = message_from_bytes(datei.read_bytes(), policy=policy.default)
    beilagen = [a.get_filename() for a in mail.iter_attachments()]
    assert len(set(beilagen)) == len(beilagen) == 2
    assert sorted(p.name for p in (ablage.rueckmeldungen / "2024-H1").iterdir()) == sorted(map(str, beilagen))
