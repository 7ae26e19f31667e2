"""The journal of intake: who brought which file and when really; it only grows (Entscheid 47)."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ablage.hilfe import STICHTAG, ausgefuellt, einwerfen
from ablage.test_post import datei, mail
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.eingangsjournal import Eingangsjournal, Hand, Vorgang
from krs.ablage.ordner import Ablage
from krs.ablauf import Konsolidiert
from krs.ablauf.laeufe import Auftrag, zahlungslauf
from krs.excel import anfrage
from krs.excel.server import auftraege

HAND = Hand(datetime(2024, 9, 10, 7, 30, 5, 999, tzinfo=UTC), "SO\\muster", "AB")
WER = "2024-09-10T07:30:05+00:00;SO\\muster;AB"
KOPF = "Nr.;Zeit;Konto;Visum;Vorgang;SHA-256;Eingang;Stichtag;Herkunft;Absender"
SATZ = (
    "Im Journal des Eingangs (Archiv/eingang.csv): {} beschädigt. Vergleichen Sie die Datei mit der Sicherung; krs "
    "ändert darin nichts und schreibt unten weiter."
)


def an(ablage: Ablage, tag: date = STICHTAG, hand: Hand = HAND) -> Konsolidiert:
    return ablauf.konsolidieren(ablage.pfad, tag, heute=max(tag, STICHTAG), hand=hand)


def roh(ablage: Ablage) -> bytes:
    return (ablage.archiv / "eingang.csv").read_bytes()


def zeilen(ablage: Ablage) -> list[str]:
    return roh(ablage).decode("utf-8-sig").splitlines()


def kurz(ablage: Ablage) -> list[tuple[int, str, str]]:
    return [(z.nr, z.vorgang, z.herkunft) for z in Eingangsjournal(ablage.archiv).zeilen]


def sha(daten: bytes) -> str:
    return hashlib.sha256(daten).hexdigest()


def test_jede_aufgenommene_datei_hat_eine_zeile_mit_zeit_konto_tag_und_herkunft(ablage: Ablage) -> None:
    a, b = ausgefuellt(ablage), ausgefuellt(ablage, 2402)
    einwerfen(ablage, "2024-07-20/a.xlsx", a)
    einwerfen(ablage, "m.eml", mail(datei("b.xlsx", b), kopf="From: anna@gemeinde.example\nDate: 31 Jul 2024 10:00"))
    einwerfen(ablage, "z.txt", b"kein Formular")
    an(ablage)
    assert zeilen(ablage) == [
        KOPF,
        f"1;{WER};aufgenommen;{sha(a)};2024-07-20;2024-09-10;2024-07-20/a.xlsx;",
        f"2;{WER};aufgenommen;{sha(b)};2024-07-31;2024-09-10;m.eml/b.xlsx;anna@gemeinde.example",
        f"3;{WER};aufgenommen;{sha(b'kein Formular')};2024-09-10;2024-09-10;z.txt;",
    ]


def test_eine_weitere_herkunft_kommt_dazu_was_bekannt_ist_nicht_nochmals(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    an(ablage)
    vorher = roh(ablage)
    assert not an(ablage, hand=Hand(datetime(2025, 1, 1, tzinfo=UTC), "andere")).geaendert
    assert roh(ablage) == vorher
    einwerfen(ablage, "2024-07-15/b.xlsx", ausgefuellt(ablage))
    an(ablage)
    assert roh(ablage).startswith(vorher)
    assert zeilen(ablage)[2:] == [
        f"2;{WER};weitere Herkunft;{sha(ausgefuellt(ablage))};2024-07-15;2024-09-10;2024-07-15/b.xlsx;"
    ]


def test_auch_ein_lauf_der_ernst_macht_schreibt_wer_nur_fragt_nicht(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    zahlungslauf(ablage.pfad, Auftrag("2024-09"), STICHTAG)
    an(ablage, date(2024, 8, 1))  # a look back
    assert not (ablage.archiv / "eingang.csv").exists()
    ernst = Auftrag("2024-09", STICHTAG, vorbereiten=True, visa=("AB",), hand=HAND)
    with pytest.raises(Exception, match="kann nicht freigegeben werden"):  # there is no account of the canton
        zahlungslauf(ablage.pfad, ernst, STICHTAG)
    assert kurz(ablage) == [(1, "aufgenommen", "2024-07-20/a.xlsx")]


def test_eine_ablage_ohne_journal_beginnt_eines_mit_dem_was_da_ist(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    nur_archiv = einwerfen(ablage, "2024-07-21/b.xlsx", ausgefuellt(ablage, 2402))
    an(ablage)
    (ablage.archiv / "eingang.csv").unlink()
    index = ablage.archiv / "index.csv"
    kopf = ";zuerst gelesen am;abgewiesen"  # 0.4.0 had neither these columns nor the journal
    index.write_bytes(index.read_bytes().replace(kopf.encode(), b"").replace(b";2024-09-10;\r\n", b"\r\n"))
    nur_archiv.unlink()
    einwerfen(ablage, "2024-07-22/c.xlsx", ausgefuellt(ablage, 2403))
    assert an(ablage).meldungen == ()
    assert kurz(ablage) == [
        (1, "schon im Archiv", "2024-07-20/a.xlsx"), (2, "aufgenommen", "2024-07-22/c.xlsx"),
        (3, "schon im Archiv", ""),
    ]  # fmt: skip
    assert not an(ablage).geaendert


def _abgeschnitten(b: bytes) -> bytes:
    return b[:-30]


def _ohne_zeile(b: bytes) -> bytes:
    return b.replace(b.splitlines(keepends=True)[1], b"")


def _veraendert(b: bytes) -> bytes:
    return b.replace(b"2024-07-20;", b"gestern;", 1)


def _ohne_kopf(b: bytes) -> bytes:
    return b.partition(b"\r\n")[2]


def _kein_text(b: bytes) -> bytes:
    return b.replace(b"2024-07-21/b", b"2024-07-21/\xff")


def _doppelt(b: bytes) -> bytes:
    return b + b.splitlines(keepends=True)[1]


@pytest.mark.parametrize("schaden", [_abgeschnitten, _ohne_zeile, _veraendert, _ohne_kopf, _kein_text, _doppelt])
def test_was_fehlt_oder_beschaedigt_ist_steht_in_einem_satz_und_bleibt(
    ablage: Ablage, schaden: Callable[[bytes], bytes]
) -> None:
    for n, bfs in enumerate((2401, 2402)):
        einwerfen(ablage, f"2024-07-{20 + n}/{'ab'[n]}.xlsx", ausgefuellt(ablage, bfs))
    an(ablage)
    kaputt = schaden(roh(ablage))
    (ablage.archiv / "eingang.csv").write_bytes(kaputt)
    einwerfen(ablage, "2024-07-22/c.xlsx", ausgefuellt(ablage, 2403))
    (satz,) = an(ablage).meldungen
    assert satz in (SATZ.format("1 Zeile fehlt oder ist"), SATZ.format("2 Zeilen fehlen oder sind"))
    assert roh(ablage).startswith(kaputt)
    assert kurz(ablage)[-1][1:] in (("aufgenommen", "2024-07-22/c.xlsx"), ("schon im Archiv", "2024-07-21/b.xlsx"))
    (wieder,) = an(ablage).meldungen  # it stays named until somebody mends it
    assert wieder == SATZ.format("1 Zeile fehlt oder ist")
    assert {z.herkunft for z in Eingangsjournal(ablage.archiv).zeilen} == {
        "2024-07-20/a.xlsx", "2024-07-21/b.xlsx", "2024-07-22/c.xlsx",
    }  # fmt: skip


def test_eine_vertippte_nummer_zaehlt_keine_billionen_zeilen(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    an(ablage)
    (ablage.archiv / "eingang.csv").write_bytes(roh(ablage).replace(b"\r\n1;", b"\r\n999999999999999;"))
    assert an(ablage).meldungen == (SATZ.format("viele Zeilen fehlen oder sind"),)


@pytest.mark.parametrize("rest", [None, b"", b"\xef\xbb\xbf", KOPF.encode() + b"\r\n"])
def test_ein_verlorenes_journal_wird_genannt_und_neu_begonnen(ablage: Ablage, rest: bytes | None) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-21/b.xlsx", ausgefuellt(ablage, 2402))
    an(ablage)
    pfad = ablage.archiv / "eingang.csv"
    if rest is None:
        pfad.unlink()
    else:
        pfad.write_bytes(rest)
    assert an(ablage).meldungen == (SATZ.format("2 Zeilen fehlen oder sind"),)
    assert kurz(ablage) == [(1, "schon im Archiv", "2024-07-20/a.xlsx"), (2, "schon im Archiv", "2024-07-21/b.xlsx")]
    assert an(ablage).meldungen == ()


def test_auch_was_kein_formular_ist_und_nur_im_archiv_liegt_bekommt_seine_zeile_wieder(ablage: Ablage) -> None:
    datei_ = einwerfen(ablage, "2024-07-20/z.txt", b"kein Formular")
    an(ablage)
    datei_.unlink()
    (ablage.archiv / "eingang.csv").unlink()
    assert an(ablage).meldungen == (SATZ.format("1 Zeile fehlt oder ist"),)
    assert kurz(ablage) == [(1, "schon im Archiv", "")]
    assert an(ablage).meldungen == ()


def test_was_excel_speichert_wird_gelesen(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    an(ablage)
    text = re.sub(r";(\d{4})-(\d\d)-(\d\d)(?=;)", r";\3.\2.\1", roh(ablage).decode())
    (ablage.archiv / "eingang.csv").write_bytes(text.encode() + b";;;;;;;;;\r\n".replace(b";", b""))
    assert an(ablage).meldungen == ()
    assert [z.eingang for z in Eingangsjournal(ablage.archiv).zeilen] == [date(2024, 7, 20)]


def test_text_von_aussen_wird_nie_eine_formel_und_zeigt_keine_ahv_nummer(ablage: Ablage) -> None:
    von_aussen = mail(
        datei("=1+1.xlsx", ausgefuellt(ablage)), kopf="From: =1@gemeinde.example\nDate: 31 Jul 2024 10:00"
    )
    einwerfen(ablage, "=2+2.eml", von_aussen)
    einwerfen(ablage, "Frau 756.1234.5678.97.xlsx", ausgefuellt(ablage, 2402))
    an(ablage, hand=Hand(None, '=cmd|" /C calc"!A0', "+AB\r\nx"))
    text = "\n".join(zeilen(ablage))
    assert not re.search(r"(^|;)\"?[=+@-]", text, re.MULTILINE)
    assert "5678" not in text
    assert len(zeilen(ablage)) == 3
    blatt = load_workbook(BytesIO(ablage.master.read_bytes()))["Eingangsjournal"]
    assert [z.data_type for z in blatt[2]].count("f") == 0
    assert [blatt["C2"].value, blatt["I2"].value] == ['=cmd|" /C calc"!A0', "=2+2.eml/=1+1.xlsx"]
    assert not an(ablage).geaendert  # nothing of it was misread


def test_der_master_zeigt_das_journal_und_ein_blick_zurueck_was_bis_dahin_einging(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-08-20/b.xlsx", ausgefuellt(ablage, 2402))

    def gezeigt(k: Konsolidiert) -> list[tuple[object, ...]]:
        return list(load_workbook(k.master)["Eingangsjournal"].iter_rows(2, values_only=True))

    (erste, zweite) = gezeigt(an(ablage))
    assert erste == (
        1, "2024-09-10T07:30:05+00:00", "SO\\muster", "AB", "aufgenommen", sha(ausgefuellt(ablage)),
        datetime(2024, 7, 20), datetime(2024, 9, 10), "2024-07-20/a.xlsx", None,  # noqa: DTZ001 as openpyxl has it
    )  # fmt: skip
    assert zweite[8] == "2024-08-20/b.xlsx"
    assert gezeigt(an(ablage, date(2024, 8, 1))) == [erste]


# --- purging --------------------------------------------------------------------------------
def test_loeschen_nimmt_die_namen_mit_und_steht_selbst_im_journal(ablage: Ablage) -> None:
    weg, bleibt = ausgefuellt(ablage), ausgefuellt(ablage, 2402)
    einwerfen(ablage, "2024-07-20/Anna Muster.xlsx", weg)
    einwerfen(ablage, "2024-07-21/b.xlsx", bleibt)
    einwerfen(ablage, "m.eml", mail(datei("Muster.xlsx", weg), kopf="From: muster@x.example\nDate: 31 Jul 2024 10:00"))
    an(ablage)
    vorher = zeilen(ablage)
    hand = Hand(datetime(2024, 10, 1, 8, tzinfo=UTC), "SO\\b")
    for _ in range(2):  # the same order again completes, and is one line
        ablauf.archiv_loeschen(ablage.pfad, sha(weg), date(2024, 10, 1), "Namen", "MB", hand, trotzdem=True)
    assert zeilen(ablage) == [
        *(re.sub(r"(?<=2024-09-10;).*[Mm]uster.*", ";", z) for z in vorher),
        f"4;2024-10-01T08:00:00+00:00;SO\\b;MB;gelöscht;{sha(weg)};2024-07-20;2024-10-01;;",
    ]
    assert b"Muster" not in roh(ablage)
    assert zeilen(ablage)[3] == vorher[3]
    k = an(ablage, date(2024, 10, 2))
    assert [m for m in k.meldungen if "Journal" in m] == []


# --- hosts ----------------------------------------------------------------------------------
@pytest.fixture
def steht(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anfrage, "jetzt", lambda: HAND.zeit)
    monkeypatch.setattr("getpass.getuser", lambda: "SO\\muster")


@pytest.mark.usefixtures("steht")
def test_die_befehlszeile_nennt_konto_und_zeit(ablage: Ablage, krs: Callable[..., tuple[int, str, str]]) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    krs("konsolidieren", ablage.pfad)
    (z,) = Eingangsjournal(ablage.archiv).zeilen
    assert (z.zeit, z.konto, z.visum) == ("2024-09-10T07:30:05+00:00", "SO\\muster", "")
    krs("archiv", ablage.pfad, "loeschen", z.sha256, "--grund", "Irrtum", "--visum", "CD", "--trotzdem")
    z = Eingangsjournal(ablage.archiv).zeilen[-1]
    assert (z.vorgang, z.zeit, z.konto, z.visum) == ("gelöscht", "2024-09-10T07:30:05+00:00", "SO\\muster", "CD")


def test_wer_hochlaedt_steht_mit_dem_gewaehlten_tag_da_auch_wenn_ein_anderer_konsolidiert(ablage: Ablage) -> None:
    form = ausgefuellt(ablage)
    tage = (date(2024, 7, 20), STICHTAG)
    satz = auftraege.ablegen(ablage, [("a.xlsx", form), ("b.xlsx", form), ("=c.txt", b"c")], tage, HAND)
    assert satz == [
        "2 Dateien in den Eingang gelegt.", "Schon im Eingang und nicht nochmals abgelegt: 1 Datei.",
    ]  # fmt: skip
    an(ablage, hand=Hand(None, "andere"))
    hoch, auf = Vorgang.HOCHGELADEN, Vorgang.AUFGENOMMEN
    z = Eingangsjournal(ablage.archiv).zeilen
    assert [(x.nr, x.konto, x.vorgang, x.eingang) for x in z] == [
        (1, "SO\\muster", hoch, date(2024, 7, 20)), (2, "SO\\muster", hoch, date(2024, 7, 20)),
        (3, "andere", auf, date(2024, 7, 20)), (4, "andere", auf, date(2024, 7, 20)),
    ]  # fmt: skip
    assert {x.herkunft for x in z if x.sha256 == sha(form)} == {"2024-07-20/a.xlsx"}


def test_angemeldet_steht_das_konto_der_person(ablage: Ablage) -> None:
    person = anfrage.Person("entra-7", "RK", frozenset())
    assert anfrage.hand(person, datetime(2024, 1, 1, tzinfo=UTC)) == Hand(
        datetime(2024, 1, 1, tzinfo=UTC), "entra-7", "RK"
    )
    assert anfrage.Anfrage(ablage.pfad, STICHTAG, person=person, zeit=HAND.zeit).hand == Hand(
        HAND.zeit, "entra-7", "RK"
    )


def test_dieselbe_ablage_gibt_dieselben_bytes(ablage: Ablage, tmp_path: Path) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    zweite = tmp_path / "zweite"
    shutil.copytree(ablage.pfad, zweite)
    an(ablage)
    an(Ablage(zweite))
    assert roh(Ablage(zweite)) == roh(ablage)
    assert Ablage(zweite).master.read_bytes() == ablage.master.read_bytes()


def _von_hand(ablage: Ablage, alt: str, neu: str) -> None:
    index = ablage.archiv / "index.csv"
    index.write_bytes(index.read_bytes().replace(f";{alt};".encode(), f";{neu};".encode(), 1))


def _index(ablage: Ablage) -> list[date]:
    return [e.eingang for e in Archiv(ablage.archiv).eintraege.values()]


@pytest.mark.parametrize("liegt_noch_da", [False, True])
def test_ein_frueherer_tag_ohne_zeile_im_journal_gilt_nicht(ablage: Ablage, liegt_noch_da: bool) -> None:
    pfad = einwerfen(ablage, "a.xlsx", ausgefuellt(ablage))  # no folder of a day: the day of reading counts
    an(ablage)
    if not liegt_noch_da:
        pfad.unlink()
    _von_hand(ablage, "2024-09-10", "2024-07-20")
    k = an(ablage)
    assert k.meldungen == (
        f"Archiv/index.csv nennt für «a.xlsx» (Egerkingen, SHA-256 {sha(ausgefuellt(ablage))[:8]}…) den 20.07.2024 als "
        "Tag des Eingangs, das Journal (Archiv/eingang.csv) den 10.09.2024. Es gilt der 10.09.2024.",
    )
    assert [(z.eingang, z.status) for z in k.urteil.zeilen if z.datei] == [(STICHTAG, "Rückfrage offen")]
    assert _index(ablage) == [STICHTAG]
    assert an(ablage).meldungen == ()


def test_ohne_journal_und_spaeter_gilt_der_tag_des_archivs_wie_bisher(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage)).unlink()
    einwerfen(ablage, "2024-08-01/a.xlsx", ausgefuellt(ablage))
    an(ablage)
    (ablage.eingang / "2024-08-01" / "a.xlsx").unlink()
    _von_hand(ablage, "2024-08-01", "2024-08-05")
    assert an(ablage).meldungen == ()
    assert _index(ablage) == [date(2024, 8, 5)]
    (ablage.archiv / "eingang.csv").unlink()
    _von_hand(ablage, "2024-08-05", "2024-07-20")
    assert an(ablage).meldungen == (SATZ.format("1 Zeile fehlt oder ist"),)
    assert _index(ablage) == [date(2024, 7, 20)]


def test_eine_verschobene_datei_hat_ihren_neuen_tag_auch_im_journal(ablage: Ablage) -> None:
    pfad = einwerfen(ablage, "2024-08-02/a.xlsx", ausgefuellt(ablage))
    an(ablage)
    pfad.unlink()
    pfad = einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    assert an(ablage).meldungen == (
        "Eingang von «2024-07-20/a.xlsx»: neu 20.07.2024 statt 02.08.2024, nach seinem Ordner.",
    )
    pfad.unlink()
    assert an(ablage).meldungen == ()
    assert _index(ablage) == [date(2024, 7, 20)]


def test_der_absender_bleibt_bekannt_wenn_die_mail_gegangen_ist(ablage: Ablage) -> None:
    m = mail(datei("a.xlsx", ausgefuellt(ablage)), kopf="From: wer@anders.example\nDate: 30 Jul 2024 10:00")
    pfad = einwerfen(ablage, "m.eml", m)
    vorher = an(ablage).urteil
    pfad.unlink()
    nachher = an(ablage).urteil
    assert [b for b, _ in nachher.befunde] == [b for b, _ in vorher.befunde]
    assert [b.code for b, _ in nachher.befunde] == ["F-63"]
    assert [e.absender for e in nachher.einreichungen] == [("wer@anders.example",)]
