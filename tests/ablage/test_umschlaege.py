"""Archives, Outlook's files, signed parts, winmail.dat; links and pictures instead of a form (Entscheide 44, 45)."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ablage import outlook
from ablage.test_post import datei, mail, teil
from eingaben.bauen import ausgefuellt
from krs.ablage.post import HOECHSTE_GROESSE, Anhang, Mail, Mangel, lies_mail, oeffne
from krs.ablage.post.weg import Weg
from krs.ablauf.eingang import funde

FORM = ausgefuellt()
KAPUTT = "sie ist beschädigt oder auf unübliche Art gebaut"
TAG = date(2024, 7, 31)
BUCHSTABEN = st.characters(codec="utf-8", exclude_characters="\0")


def zip_(*dateien: tuple[str, bytes], art: int = zipfile.ZIP_DEFLATED) -> bytes:
    puffer = BytesIO()
    with zipfile.ZipFile(puffer, "w", art) as z:
        for name, daten in dateien:
            z.writestr(zipfile.ZipInfo(name) if art == zipfile.ZIP_STORED else name, daten)
    return puffer.getvalue()


def namen(m: Mail | None) -> list[str]:
    assert m is not None
    return [a.name for a in m.anhaenge]


def maengel(m: Mail | None) -> list[tuple[str, str, str]]:
    assert m is not None
    return [(x.name, x.code, x.grund) for x in m.maengel]


# --- archives -------------------------------------------------------------------------------
def test_jede_mappe_in_einem_archiv_ist_eine_einreichung_der_rest_zaehlt_daneben_nicht() -> None:
    gepackt = zip_(
        ("Brief.pdf", b"%PDF"), ("2024/Olten.xlsx", FORM), ("2024/", b""),
        ("__MACOSX/2024/._Olten.xlsx", b"\0\5\x16\7"), ("2024/.DS_Store", b"x"), ("Thumbs.db", b"x"),
        ("ohne Endung", FORM),
    )  # fmt: skip
    formulare = (Anhang("Olten.xlsx", FORM), Anhang("ohne Endung", FORM))
    assert oeffne(gepackt, "Formulare.zip") == Mail(None, formulare, daneben=("Brief.pdf",))
    assert namen(oeffne(gepackt, "irgendwie.xlsx")) == ["Olten.xlsx", "ohne Endung"]


def test_eine_versteckte_mappe_im_archiv_verschwindet_nicht() -> None:
    gepackt = zip_(("a.xlsx", FORM), (".b.xlsx", FORM), ("__MACOSX/c.xlsx", FORM), ("__MACOSX/._c.xlsx", b"\0\5\x16\7"))
    assert namen(oeffne(gepackt, "F.zip")) == ["a.xlsx", ".b.xlsx", "c.xlsx"]


def test_ein_archiv_an_einer_mail_wird_geoeffnet_und_traegt_seinen_namen() -> None:
    gelesen = lies_mail(mail(datei("F.zip", zip_(("a.xlsx", FORM), ("b/a.xlsx", b"x"))), datei("c.xlsx", FORM)))
    assert gelesen.anhaenge == (Anhang("F.zip/a.xlsx", FORM), Anhang("F.zip/a (2).xlsx", b"x"), Anhang("c.xlsx", FORM))
    assert (gelesen.eingang, gelesen.maengel, gelesen.grund) == (TAG, (), "")


def test_eine_mappe_ist_kein_archiv_wie_sie_auch_heisst() -> None:
    assert oeffne(FORM, "Formular.zip") is None
    assert oeffne(zip_(("mimetype", b"x"), ("content.xml", b"x")), "Formular.zip") is None
    assert oeffne(FORM[:-30], "Formular.xlsx") is None
    assert oeffne(b"", "Formular.xlsx") is None


@pytest.mark.parametrize(
    ("name", "gezeigt"),
    [
        ("../../etc/Olten.xlsx", "Olten.xlsx"),
        ("/Olten.xlsx", "Olten.xlsx"),
        ("C:\\Daten\\Olten.xlsx", "Olten.xlsx"),
        ("Härkingen.xlsx", "Härkingen.xlsx"),
        ("Ol\u202eten.xlsx", "Ol�ten.xlsx"),
    ],
)
def test_namen_im_archiv_sind_keine_pfade(name: str, gezeigt: str) -> None:
    assert namen(oeffne(zip_((name, FORM)), "F.zip")) == [gezeigt]


def test_namen_in_cp437_und_in_utf8_ohne_kennzeichen_sind_lesbar() -> None:
    utf8 = zip_(("H\x00\x00rkingen.xlsx".replace("\0", "_"), FORM)).replace(b"H__rk", "Härk".encode())
    assert namen(oeffne(utf8, "F.zip")) == ["Härkingen.xlsx"]
    assert namen(oeffne(zip_(("H_rkingen.xlsx", FORM)).replace(b"H_rk", b"H\x84rk"), "F.zip")) == ["Härkingen.xlsx"]


def _verschluesselt(daten: bytes) -> bytes:
    ort = daten.find(b"PK\x01\x02")
    return daten[:6] + b"\1" + daten[7 : ort + 8] + b"\1" + daten[ort + 9 :]


def _falsche_summe(daten: bytes) -> bytes:
    ort = daten.find(b"PK\x01\x02")
    return daten[:14] + b"abcd" + daten[18 : ort + 16] + b"abcd" + daten[ort + 20 :]


@pytest.mark.parametrize(
    ("daten", "erwartet"),
    [
        (zip_(), ("", "es enthält keine Datei")),
        (zip_(("__MACOSX/a", b"x"), ("b/", b"")), ("", "es enthält keine Datei")),
        (zip_(("._a.xlsx", b"\0\5\x16\7")), ("", "es enthält keine Datei")),
        (zip_(("a.zip", zip_(("a.xlsx", FORM)))), ("a.zip", "es liegt in einem anderen Archiv")),
        (_verschluesselt(zip_(("a.xlsx", FORM))), ("", "es ist mit einem Kennwort geschützt")),
        (_falsche_summe(zip_(("a.xlsx", b"x"))), ("a.xlsx", "die Datei darin ist beschädigt")),
        (zip_(("a.xlsx", FORM), art=zipfile.ZIP_BZIP2), ("a.xlsx", "die Datei ist auf unübliche Art gepackt")),
        (zip_(("a.xlsx", b" " * 2_000_000)), ("a.xlsx", "die Datei ist auffällig stark gepackt")),
        (zip_(*((f"{n}.xlsx", b"") for n in range(5_001))), ("", "es ist beschädigt oder hat zu viele Einträge")),
        (zip_(("a.xlsx", FORM))[:-9], ("", "es ist beschädigt oder hat zu viele Einträge")),
    ],
    ids=[
        "leer", "nur Beiwerk", "nur macOS", "Archiv darin", "Kennwort", "Summe", "bzip2", "Bombe", "Einträge",
        "abgeschnitten",
    ],
)  # fmt: skip
def test_was_in_einem_archiv_nicht_lesbar_ist_wird_mit_seinem_grund_genannt(
    daten: bytes, erwartet: tuple[str, str]
) -> None:
    gelesen = oeffne(daten, "F.zip")
    assert (namen(gelesen), maengel(gelesen)) == ([], [(erwartet[0], "E-21", erwartet[1])])


def test_alle_archive_einer_mail_zusammen_haben_eine_grenze() -> None:
    halb = bytes(range(256)) * (HOECHSTE_GROESSE // 512 // 40)
    viele = [datei(f"{n}.zip", zip_(*((f"{m}.xlsx", halb) for m in range(20)))) for n in range(5)]
    gelesen = lies_mail(mail(*viele))
    assert sum(len(a.daten) for a in gelesen.anhaenge) <= HOECHSTE_GROESSE
    assert len(gelesen.anhaenge) + len(gelesen.maengel) == 100
    assert {m[1:] for m in maengel(gelesen)} == {("E-21", "ausgepackt über 40 MB")}


# --- Outlook --------------------------------------------------------------------------------
def msg(*anhaenge: outlook.Ordner, feste: dict[str, bytes] | None = None, **texte: str) -> bytes:
    zugestellt = {"0E060040": outlook.zeit("2024-07-31T21:30:00+00:00"), "00390040": outlook.zeit("2024-07-01T08:00Z")}
    return outlook.behaelter(outlook.mail(anhaenge, zugestellt if feste is None else feste, **texte))


def test_eine_mail_von_outlook_hat_tag_absender_und_anhaenge_auch_ohne_endung() -> None:
    daten = msg(outlook.anhang("Härkingen.xlsx", FORM), outlook.anhang("x.pdf", b"%PDF"), n5D01="Anna@Example.ch")
    erwartet = Mail(TAG, (Anhang("Härkingen.xlsx", FORM),), "", (), "anna@example.ch", daneben=("x.pdf",))
    assert oeffne(daten, "a.msg") == erwartet
    assert oeffne(daten, "a") == erwartet
    assert namen(lies_mail(mail(datei("Original.msg", daten)))) == ["Härkingen.xlsx"]


def test_eine_angehaengte_mail_und_ein_archiv_darin_werden_geoeffnet() -> None:
    innen = outlook.mail([outlook.anhang("F.zip", zip_(("a.xlsx", FORM)))], {}, 24)
    assert oeffne(msg(outlook.weitergeleitet(innen)), "a.msg") == Mail(
        TAG, (Anhang("F.zip/a.xlsx", FORM, (Weg("", ()),)),)
    )  # fmt: skip


def test_ohne_zustellung_zaehlt_der_kopf_sonst_der_versand() -> None:
    kopf = "From: <b@example.ch>\r\nReceived: from a by b; Thu, 1 Aug 2024 00:10:00 +0200\r\n"
    gesendet = {"00390040": outlook.zeit("2024-07-31T08:00Z")}
    a = outlook.anhang("a.xlsx", FORM)
    gelesen = oeffne(msg(a, feste=gesendet, n007D=kopf, n0C1F="/O=EXCHANGE/CN=ANNA"), "a.msg")
    assert gelesen == Mail(date(2024, 8, 1), (Anhang("a.xlsx", FORM),), "", (), "b@example.ch")
    assert oeffne(msg(a, feste=gesendet), "a.msg") == Mail(TAG, (Anhang("a.xlsx", FORM),))


def test_ein_entwurf_ein_cloud_anhang_und_nur_text_sind_keine_einreichung() -> None:
    entwurf = msg(outlook.anhang("a.xlsx", FORM), feste={"0E070003": struct.pack("<I", 8)})
    assert maengel(oeffne(entwurf, "a.msg")) == [("", "E-14", "ein Entwurf, der nie gesendet wurde (.msg)")]
    cloud = {**outlook.anhang("a.xlsx", b"", 7), **outlook.texte(n370D="https://x-my.sharepoint.com/personal/a")}
    assert maengel(oeffne(msg(cloud), "a.msg")) == [("", "E-23", "«x-my.sharepoint.com»")]
    assert oeffne(msg(n1000="Guten Tag"), "a.msg") == Mail(TAG, ())


def test_ein_gestoerter_behaelter_wird_genannt_und_braucht_weder_zeit_noch_speicher() -> None:
    gut = msg(outlook.anhang("a.xlsx", FORM))
    zahl = struct.pack("<I", 0x00FFFFFF)
    for ort in (44, 64, 72):  # more sectors of tables than the file can hold
        assert oeffne(gut[:ort] + zahl + gut[ort + 4 :], "a.msg") == Mail(None, (), "", (Mangel("E-22", KAPUTT),))
    assert oeffne(gut[:30] + b"\x14" + gut[31:], "a.msg") == Mail(None, (), "", (Mangel("E-22", KAPUTT),))
    viele = {f"n{n}": b"" for n in range(3_000)}  # a list instead of a tree: olefile goes down once per entry
    tief = outlook.behaelter({**outlook.mail([], {}), **viele})
    assert oeffne(tief, "a.msg") == Mail(None, (), "", (Mangel("E-22", KAPUTT),))


# --- signed, encrypted, winmail.dat ---------------------------------------------------------
INNEN = mail(datei("a.xlsx", FORM)).replace(b"\n", b"\r\n")
SIGNIERT = bytes.fromhex("06092a864886f70d010702")
DATEN = bytes.fromhex("06092a864886f70d010701")
P7M = 'Content-Type: application/pkcs7-mime; name="smime.p7m"'


def der(marke: int, *inhalt: bytes) -> bytes:
    ganz = b"".join(inhalt)
    laenge = len(ganz).to_bytes(4, "big")
    return bytes([marke, 0x84]) + laenge + ganz


def huelle(inhalt: bytes, art: bytes = SIGNIERT) -> bytes:
    kern = der(0x30, der(2, b"\1"), der(0x31, der(0x30, b"")), der(0x30, DATEN, der(0xA0, inhalt)), der(0x31, b""))
    return der(0x30, art, der(0xA0, kern))


def in_stuecken(daten: bytes) -> bytes:
    """Return a string of bytes as OpenSSL streams it: of open length, in pieces."""
    return b"\x24\x80" + b"".join(der(4, daten[n : n + 1000]) for n in range(0, len(daten), 1000)) + b"\0\0"


@pytest.mark.parametrize("p7m", [huelle(der(4, INNEN)), huelle(in_stuecken(INNEN)), INNEN], ids=["DER", "BER", "klar"])
def test_das_formular_in_einer_signatur_wird_gelesen(p7m: bytes) -> None:
    assert lies_mail(mail(teil(P7M, p7m))) == Mail(TAG, (Anhang("a.xlsx", FORM),))


def test_eine_signierte_datei_traegt_ihren_namen_ohne_p7m() -> None:
    assert oeffne(huelle(der(4, FORM)), "a.xlsx.p7m") == Mail(None, (Anhang("a.xlsx", FORM),))


VERSCHLUESSELT = bytes.fromhex("06092a864886f70d010703")


@pytest.mark.parametrize(
    ("anhang", "name", "grund"),
    [
        (teil(P7M, huelle(b"", VERSCHLUESSELT)), "smime.p7m", "sie ist mit S/MIME verschlüsselt"),
        (teil(P7M, b"0\x82UU"), "smime.p7m", "ihre Hülle (S/MIME) ist verschlüsselt oder beschädigt"),
        (teil(P7M, b"0\x84\xff\xff\xff\xff"), "smime.p7m", "ihre Hülle (S/MIME) ist verschlüsselt oder beschädigt"),
        (datei("e.asc", b"-----BEGIN PGP MESSAGE-----\n"), "e.asc", "sie ist mit PGP verschlüsselt"),
        (datei("a.xlsx.pgp", b"\x85"), "a.xlsx.pgp", "sie ist mit PGP verschlüsselt"),
        (
            teil("Content-Type: application/ms-tnef", bytes.fromhex("789f3e22") + b"\0\0\2\2\x90\6\0\0\0\0\0\0\0"),
            "winmail.dat", "ein Anhang steckt in «winmail.dat», einem Format von Outlook",
        ),
    ],
)  # fmt: skip
def test_was_verschluesselt_oder_unueblich_verpackt_ist_wird_so_genannt(anhang: bytes, name: str, grund: str) -> None:
    gelesen = lies_mail(mail(anhang))
    assert (namen(gelesen), maengel(gelesen)) == ([], [(name, "E-22", grund)])


def test_der_anhang_in_winmail_dat_wird_gelesen() -> None:
    def angabe(nummer: int, daten: bytes) -> bytes:
        return struct.pack("<BII", 2, nummer, len(daten)) + daten + b"\0\0"

    tnef = bytes.fromhex("789f3e22") + b"\1\0" + angabe(0x00069002, b"\0" * 14)
    tnef += angabe(0x00018010, "Härkingen.xlsx\0".encode("cp1252")) + angabe(0x0006800F, FORM)
    assert lies_mail(mail(datei("winmail.dat", tnef))) == Mail(TAG, (Anhang("Härkingen.xlsx", FORM),))


# --- instead of a form ----------------------------------------------------------------------
def funde_von(tmp_path: Path, name: str, daten: bytes) -> list[tuple[str, str, str]]:
    (tmp_path / name).write_bytes(daten)
    gefunden = funde(tmp_path / name, name, None)
    return [(f.name, f.absender, f.abweisung.meldung if f.abweisung else "") for f in gefunden]


def test_link_bild_leere_und_verschlossene_mail_haben_den_rat_der_hilft(tmp_path: Path) -> None:
    kopf = "From: Anna <Anna@Example.ch>\nDate: Wed, 31 Jul 2024 10:00:00 +0200"
    link = f"{kopf}\n\nHier: https://gemeinde.sharepoint.com/:x:/s/abc oder https%3A%2F%2Fwe.tl%2Fx".encode()
    assert funde_von(tmp_path, "a.eml", link) == [
        (
            "a.eml", "anna@example.ch",
            "Die E-Mail hat keine Arbeitsmappe im Anhang, aber einen Link auf «gemeinde.sharepoint.com», «we.tl». Der "
            "Link wurde nicht aufgerufen. Senden Sie das Formular als Anhang (.xlsx). (Ziff. 5.2, E-23)",
        )
    ]  # fmt: skip
    foto = mail(datei("IMG_1.jpg", b"\xff\xd8" + b"x" * 60_000, "image/jpeg"), kopf=kopf)
    assert funde_von(tmp_path, "b.eml", foto) == [
        (
            "b.eml", "anna@example.ch",
            "Die E-Mail hat keine Arbeitsmappe im Anhang, aber ein Bild: «IMG_1.jpg». Aus Fotos und Scans wird nichts "
            "gelesen. Senden Sie das ausgefüllte Formular als Excel-Arbeitsmappe (.xlsx). (Ziff. 5.2, E-24)",
        )
    ]  # fmt: skip
    assert funde_von(tmp_path, "c.eml", b"") == [
        (
            "c.eml", "",
            "Die Datei ist beschädigt (sie ist leer). Öffnen Sie Ihr Original, speichern Sie es neu und senden Sie es "
            "erneut. (Ziff. 5.2, E-04)",
        )
    ]  # fmt: skip
    assert funde_von(tmp_path, "d.eml", mail(teil(P7M, huelle(b"", VERSCHLUESSELT)))) == [
        (
            "d.eml/smime.p7m", "",
            "Die E-Mail liess sich nicht ganz öffnen: sie ist mit S/MIME verschlüsselt. Senden Sie das Formular "
            "(.xlsx) nochmals, unverschlüsselt. Kann der Kanton sie im Mailprogramm öffnen, speichert er ihren Anhang "
            "in den Ordner des Eingangstages (Eingang/JJJJ-MM-TT). (Ziff. 5.2, E-22)",
        )
    ]  # fmt: skip
    assert funde_von(tmp_path, "e.zip", zip_(("a.xlsx", FORM), ("b.zip", zip_(("c.xlsx", FORM))))) == [
        (
            "e.zip/b.zip", "",
            "Das Archiv (.zip) oder eine Datei darin liess sich nicht öffnen: es liegt in einem anderen Archiv. "
            "Entpacken Sie es und senden Sie jedes Formular als eigene Datei (.xlsx), ohne Kennwort. (Ziff. 5.2, E-21)",
        ),
        ("e.zip/a.xlsx", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("von", "adresse"),
    [
        ("Anna <Anna.Muster@Example.ch>", "anna.muster@example.ch"),
        ("anna@example.ch", "anna@example.ch"),
        ("=?utf-8?Q?M=C3=BCller?= <m@example.ch>", "m@example.ch"),
        ("a@example.ch, b@example.ch", ""),
        ("anna@", ""),
        ("", ""),
    ],
)
def test_der_absender_ist_eine_adresse_oder_keine(von: str, adresse: str) -> None:
    assert lies_mail(mail(kopf=f"From: {von}")).absender == adresse


# --- whatever comes -------------------------------------------------------------------------
@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), st.binary(max_size=40)),
        max_size=4,
    ),
    st.data(),
)
def test_jede_mappe_wird_gefunden_oder_genannt_und_ein_schnitt_schadet_nicht(
    fremde: Sequence[tuple[str, bytes]], data: st.DataObject
) -> None:
    gepackt = zip_(*((f"{i}{n}_", d) for i, (n, d) in enumerate(fremde)), ("Olten.xlsx", FORM))
    an_mail = mail(datei("F.zip", gepackt))
    an_outlook = msg(outlook.anhang("F.zip", gepackt))
    for roh, name in ((gepackt, "F.zip"), (an_mail, "m.eml"), (an_outlook, "m.msg")):
        gelesen = oeffne(roh, name)
        assert gelesen is not None
        assert any(a.daten == FORM for a in gelesen.anhaenge)
        von = data.draw(st.integers(0, len(roh)))
        gestoert = roh[:von] + data.draw(st.binary(max_size=20)) + roh[von + data.draw(st.integers(0, 40)) :]
        danach = oeffne(gestoert, name)
        if danach is not None:
            assert sum(len(a.daten) for a in danach.anhaenge) <= 2 * HOECHSTE_GROESSE
            assert all(a.name.isprintable() and ".." not in a.name.split("/") for a in danach.anhaenge)
