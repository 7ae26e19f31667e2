"""Reminders as the folder shows them: drafts per day, the log, and nothing twice (Ziff. 5.2)."""

from __future__ import annotations

import email
import email.policy
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from ablage.hilfe import GEMEINDEN, ausgefuellt, baum, einwerfen, stammdaten
from krs import ablauf
from krs.ablage import ordner
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import mahnungen
from krs.ablauf.gesendet import gesendet
from krs.ablauf.heute import heute
from krs.ablauf.mahnungen import Gemahnt
from krs.lauf.heute import Gruppe

FRIST, TAG1, TAG2 = date(2024, 7, 31), date(2024, 8, 5), date(2024, 8, 20)
KOPF = "Datum;Stufe;BFS-Nr.;Gemeinde;Formular;Periode;an\r\n"
STELLE: dict[str, object] = {"koordinationsstelle": "Sozialregion", "email_koordination": "sr@thal.example"}


def gemeinden(ablage: Ablage, **stellen: dict[str, object]) -> None:
    """Write Stammdaten in which `b2402={…}` gives a municipality more columns."""
    zeilen = [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1)} | stellen.get(f"b{b}", {})
        for b, n in GEMEINDEN.items()
    ]
    name = [{"name": "Kanton Name", "wert": "AGS"}]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=zeilen, Einstellungen=name))


def mahnen(ablage: Ablage, tag: date, zeit: str = "2024-H1", nachfrist: date | None = None) -> Gemahnt:
    return ablauf.mahnen(ablage.pfad, zeit, tag, (nachfrist, "AB") if nachfrist else None)


def stufen(g: Gemahnt) -> list[tuple[str, int]]:
    return [(p.zeile.gemeinde, p.stufe) for b in g.briefe for p in b.posten]


def da(ablage: Ablage) -> list[str]:
    """Return what lies in Rueckmeldungen/, without the lists of what we wrote."""
    return [n for n in baum(ablage.rueckmeldungen) if not n.endswith("index.csv") and n != "protokoll.csv"]


def log(ablage: Ablage) -> str:
    return (ablage.rueckmeldungen / "Mahnungen/protokoll.csv").read_bytes().decode("utf-8-sig")


def brief(pfad: Path) -> EmailMessage:
    nachricht = email.message_from_bytes(pfad.read_bytes(), policy=email.policy.default)
    assert isinstance(nachricht, EmailMessage)
    return nachricht


def text(pfad: Path) -> str:
    inhalt = brief(pfad).get_body()
    assert inhalt is not None
    return str(inhalt.get_content()).replace("\r\n", "\n").rstrip("\n") + "\n"  # the last one is the envelope's


def zeiten(ablage: Ablage) -> dict[Path, int]:
    return {p: p.stat().st_mtime_ns for p in ablage.rueckmeldungen.rglob("*")}


@pytest.fixture
def nur_eine(ablage: Ablage) -> Ablage:
    """Only Kestenholz owes; its office has an address."""
    gemeinden(ablage, b2403=STELLE)
    for bfs in (2401, 2402):
        einwerfen(ablage, f"2024-07-20/{bfs}.xlsx", ausgefuellt(ablage, bfs))
    return ablage


# --- when -----------------------------------------------------------------------------------
@pytest.mark.parametrize("tag", [date(2024, 1, 1), date(2024, 7, 30), FRIST])
def test_bis_zum_tag_der_frist_wird_niemand_gemahnt_und_nichts_geschrieben(ablage: Ablage, tag: date) -> None:
    g = mahnen(ablage, tag)
    assert (g.briefe, g.meldungen, baum(ablage.rueckmeldungen)) == ((), (), {})


def test_am_tag_danach_erhalten_alle_die_noch_schulden_die_erste_mahnung(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    g = mahnen(ablage, date(2024, 8, 1))
    assert stufen(g) == [("Härkingen", 1), ("Kestenholz", 1)]
    assert g.ordner == ablage.rueckmeldungen / "Mahnungen/2024-H1_2024-08-01"
    assert da(ablage) == [
        "Mahnungen/2024-H1_2024-08-01/Mahnung_1_2024-H1_2402_Haerkingen_2024-08-01.eml",
        "Mahnungen/2024-H1_2024-08-01/Mahnung_1_2024-H1_2403_Kestenholz_2024-08-01.eml",
        "Mahnungen/protokoll.csv",
    ]
    assert log(ablage) == (
        KOPF + "2024-08-01;1;2402;Härkingen;Anhang 2;2024-H1;\r\n2024-08-01;1;2403;Kestenholz;Anhang 2;2024-H1;\r\n"
    )


def test_wer_alles_eingereicht_hat_wird_nicht_gemahnt_auch_wenn_es_fehlerhaft_oder_spaet_ist(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, erst_familien="ca. 5"))
    einwerfen(ablage, "2024-08-03/c.xlsx", ausgefuellt(ablage, 2403))
    g = mahnen(ablage, TAG1)
    assert (g.briefe, g.meldungen, baum(ablage.rueckmeldungen)) == ((), (), {})


# --- the letter and the log -----------------------------------------------------------------
ERSTE = """\
Guten Tag

Uns fehlt bis heute, Montag, 05.08.2024, das folgende Formular:

- Kestenholz: Anhang 2 (Reportingformular) für das 1. Halbjahr 2024; Frist Mittwoch, 31.07.2024, seit 5 Tagen abgelaufen.

Bitte reichen Sie es so bald wie möglich ein.

Die Vorlage Ihrer Gemeinde liegt bei: Senden Sie sie ausgefüllt als Excel-Arbeitsmappe (.xlsx) als Antwort auf diese E-Mail. Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der Nullmeldung «Ja» und bestätigen Sie das Formular am Schluss.

Es verfällt nichts von selbst. Zurückgestellt sind aber die Beiträge, die das Formular belegt: Fall- und Dolmetschpauschalen für das 1. Halbjahr 2024. Das gilt, bis das Formular vollständig vorliegt und wir über die Verspätung entschieden haben. Die Ausrichtung von Beiträgen kann von der vollständigen und fristgerechten Einreichung abhängig gemacht werden (Kreisschreiben KRS-GEF-2017/01, Ziff. 5.2); ein Rechtsanspruch besteht nicht (Ziff. 4.1.1). Andere Beiträge sind davon nicht betroffen.

Haben Sie das Formular inzwischen gesendet, ist diese E-Mail gegenstandslos.

Freundliche Grüsse

AGS
start.integration
"""  # noqa: E501


def test_die_erste_mahnung_im_wortlaut_und_im_protokoll(nur_eine: Ablage) -> None:
    mahnen(nur_eine, TAG1)
    pfad = nur_eine.rueckmeldungen / "Mahnungen/2024-H1_2024-08-05/Mahnung_1_2024-H1_2403_Sozialregion_2024-08-05.eml"
    assert text(pfad) == ERSTE
    nachricht = brief(pfad)
    assert [nachricht[k] for k in ("X-Unsent", "To", "From", "Date")] == ["1", "sr@thal.example", None, None]
    betreff = "start.integration: Mahnung, Anhang 2 (Reportingformular) für das 1. Halbjahr 2024, Kestenholz"
    assert nachricht["Subject"] == betreff
    assert log(nur_eine) == KOPF + "2024-08-05;1;2403;Kestenholz;Anhang 2;2024-H1;sr@thal.example\r\n"


# --- both forms, templates, sent ------------------------------------------------------------
def beilagen(pfad: Path) -> dict[str, bytes]:
    return {str(a.get_filename()): a.get_content() for a in brief(pfad).iter_attachments()}


def test_wer_beide_formulare_schuldet_erhaelt_einen_brief_mit_beiden_fristen_und_vorlagen(nur_eine: Ablage) -> None:
    """The letters about one form of this day go; the log has a row per form, as with two commands."""
    mahnen(nur_eine, TAG1)
    g = ablauf.mahnen(nur_eine.pfad, ("2024-H1", "2024"), TAG1)
    assert [[p.zeile.periode for p in b.posten] for b in g.briefe] == [["2024"], ["2024"], ["2024-H1", "2024"]]
    ordner = "Mahnungen/2024-H1_2024_2024-08-05"
    name = f"{ordner}/Mahnung_1_2024-H1_2024_2403_Sozialregion_2024-08-05.eml"
    assert da(nur_eine) == [
        name, f"{ordner}/Mahnung_1_2024_2401_Egerkingen_2024-08-05.eml",
        f"{ordner}/Mahnung_1_2024_2402_Haerkingen_2024-08-05.eml", "Mahnungen/protokoll.csv",
    ]  # fmt: skip
    pfad = nur_eine.rueckmeldungen / name
    assert brief(pfad)["Subject"] == "start.integration: Mahnung, 2 Formulare fehlen"
    assert text(pfad).splitlines()[2:6] == [
        "Uns fehlen bis heute, Montag, 05.08.2024, die folgenden 2 Formulare:",
        "",
        "- Kestenholz: Anhang 2 (Reportingformular) für das 1. Halbjahr 2024; Frist Mittwoch, 31.07.2024, seit 5 Tagen "
        "abgelaufen.",
        "- Kestenholz: Anhang 3 (Selbstdeklaration) für das Jahr 2024; Frist Mittwoch, 31.01.2024, seit 187 Tagen "
        "abgelaufen.",
    ]
    assert beilagen(pfad) == {
        v.name: v.read_bytes() for v in sorted(nur_eine.vorlagen.rglob("*_2403_*.xlsx"), key=lambda v: v.name)
    }
    assert log(nur_eine) == KOPF + (
        "2024-08-05;1;2401;Egerkingen;Anhang 3;2024;\r\n2024-08-05;1;2402;Härkingen;Anhang 3;2024;\r\n"
        "2024-08-05;1;2403;Kestenholz;Anhang 2;2024-H1;sr@thal.example\r\n"
        "2024-08-05;1;2403;Kestenholz;Anhang 3;2024;sr@thal.example\r\n"
    )


def test_beigelegt_ist_immer_die_leere_vorlage(nur_eine: Ablage) -> None:
    """Somebody filled in the one in Vorlagen/, somebody else removed it: the letter brings a new one."""
    (vorlage,) = nur_eine.vorlagen.rglob("Anhang_2_*_2403_*.xlsx")
    leer = vorlage.read_bytes()
    vorlage.write_bytes(ausgefuellt(nur_eine, 2403))
    pfad = mahnen(nur_eine, TAG1).ordner / "Mahnung_1_2024-H1_2403_Sozialregion_2024-08-05.eml"
    assert beilagen(pfad) == {vorlage.name: leer}
    vorlage.unlink()
    mahnen(nur_eine, TAG1)
    assert beilagen(pfad) == {vorlage.name: leer}


def test_eine_gesendete_mahnung_entsteht_am_selben_tag_nur_mit_neuer_nachfrist_wieder(nur_eine: Ablage) -> None:
    name = "Mahnung_1_2024-H1_2403_Sozialregion_2024-08-05.eml"
    mahnen(nur_eine, TAG1)
    assert gesendet(nur_eine.pfad, (), TAG1).liegen == (f"Mahnungen/2024-H1_2024-08-05/{name}",)
    assert gesendet(nur_eine.pfad, ("2024-H1_2024-08-05",), TAG1).liegen == ()
    assert stufen(mahnen(nur_eine, TAG1)) == [("Kestenholz", 1)]
    assert da(nur_eine) == [f"Gesendet/{name}", "Mahnungen/protokoll.csv"]
    mahnen(nur_eine, TAG1, nachfrist=TAG2)
    assert da(nur_eine)[1:] == [f"Mahnungen/2024-H1_2024-08-05/{name[:-4]}_2.eml", "Mahnungen/protokoll.csv"]


def test_heute_nennt_mahnungen_die_noch_zu_senden_sind(nur_eine: Ablage) -> None:
    """By folder; not what a later letter says again, and not what came in meanwhile."""

    def senden(tag: date) -> list[tuple[str, date | None, str]]:
        alle = [a for a in heute(nur_eine.pfad, tag).aufgaben if a.gruppe is Gruppe.SENDEN]
        return [(a.text, a.seit, a.befehl) for a in alle]

    mahnen(nur_eine, TAG1)
    erste = ("1 Entwurf: Mahnungen/2024-H1_2024-08-05", TAG1, "gesendet … 2024-H1_2024-08-05")
    assert senden(TAG1) == [erste]
    mahnen(nur_eine, TAG2)
    assert senden(TAG2) == [("1 Entwurf: Mahnungen/2024-H1_2024-08-20", TAG2, "gesendet … 2024-H1_2024-08-20")]
    einwerfen(nur_eine, "2024-08-21/c.xlsx", ausgefuellt(nur_eine, 2403))
    assert (senden(date(2024, 8, 21)), senden(TAG1)) == ([], [erste])


def test_an_einem_spaeteren_tag_ist_es_die_zweite_mahnung_und_die_erste_bleibt_liegen(nur_eine: Ablage) -> None:
    mahnen(nur_eine, TAG1)
    erste = baum(nur_eine.rueckmeldungen / "Mahnungen/2024-H1_2024-08-05")
    assert stufen(mahnen(nur_eine, TAG2)) == [("Kestenholz", 2)]
    pfad = nur_eine.rueckmeldungen / "Mahnungen/2024-H1_2024-08-20/Mahnung_2_2024-H1_2403_Sozialregion_2024-08-20.eml"
    zeilen = text(pfad).splitlines()
    assert zeilen[2] == "Trotz unserer Mahnung fehlt bis heute, Dienstag, 20.08.2024, das folgende Formular:"
    assert zeilen[5] == "  Die erste Mahnung sandten wir am Montag, 05.08.2024."
    assert str(brief(pfad)["Subject"]).startswith("start.integration: Zweite Mahnung, Anhang 2 ")
    assert baum(nur_eine.rueckmeldungen / "Mahnungen/2024-H1_2024-08-05") == erste
    assert log(nur_eine) == KOPF + (
        "2024-08-05;1;2403;Kestenholz;Anhang 2;2024-H1;sr@thal.example\r\n"
        "2024-08-20;2;2403;Kestenholz;Anhang 2;2024-H1;sr@thal.example\r\n"
    )


def test_die_dritte_mahnung_ist_nochmals_eine_zweite(nur_eine: Ablage) -> None:
    for tag in (TAG1, TAG2, date(2024, 9, 2)):
        g = mahnen(nur_eine, tag)
    assert stufen(g) == [("Kestenholz", 2)]
    assert log(nur_eine).count("\r\n") == 4


def test_zweimal_am_selben_tag_aendert_nichts(nur_eine: Ablage) -> None:
    erste = mahnen(nur_eine, TAG1)
    vorher = zeiten(nur_eine)
    assert mahnen(nur_eine, TAG1) == erste
    assert zeiten(nur_eine) == vorher


def test_mit_nachfrist_am_selben_tag_steht_sie_im_brief_und_das_protokoll_bleibt(nur_eine: Ablage) -> None:
    mahnen(nur_eine, TAG1)
    protokoll = log(nur_eine)
    g = mahnen(nur_eine, TAG1, nachfrist=TAG2)
    (name,) = (n for n in da(nur_eine) if n.endswith(".eml"))
    satz, neu = "Bitte reichen Sie es {} ein.", "bis Dienstag, 20.08.2024,"
    assert text(nur_eine.rueckmeldungen / name) == ERSTE.replace(satz.format("so bald wie möglich"), satz.format(neu))
    assert (stufen(g), log(nur_eine)) == ([("Kestenholz", 1)], protokoll)


def fristen(ablage: Ablage) -> list[tuple[int | None, str, str, date, str, str, date]]:
    zeilen = ablauf.stammdaten_laden(ablage)[0].fristen
    return [(f.bfs_nr, f.formular, f.periode, f.neue_frist, f.grund, f.visum, f.datum) for f in zeilen]


def test_die_nachfrist_steht_in_den_stammdaten_und_richtet_sich_nach_den_briefen_des_tages(nur_eine: Ablage) -> None:
    zeile = (2403, "Anhang 2", "2024-H1", TAG2, "Nachfrist der Mahnung vom 05.08.2024", "AB", TAG1)
    erste = mahnen(nur_eine, TAG1, nachfrist=TAG2)
    assert fristen(nur_eine) == [zeile]
    vorher = baum(nur_eine.pfad)
    assert mahnen(nur_eine, TAG1, nachfrist=TAG2) == erste  # again: the same letters, no second row
    assert baum(nur_eine.pfad) == vorher
    mahnen(nur_eine, TAG1, nachfrist=date(2024, 8, 25))
    assert fristen(nur_eine) == [(*zeile[:3], date(2024, 8, 25), *zeile[4:])]
    assert stufen(mahnen(nur_eine, TAG1)) == [("Kestenholz", 1)]
    assert fristen(nur_eine) == []


def test_ohne_zeile_kein_brief(nur_eine: Ablage) -> None:
    vorher = baum(nur_eine.pfad)
    with pytest.raises(AblageFehler, match=r"^Nennen Sie Ihr Visum"):
        ablauf.mahnen(nur_eine.pfad, "2024-H1", TAG1, (TAG2, ""))
    assert baum(nur_eine.pfad) == vorher
    (nur_eine.pfad / "~$Stammdaten.xlsx").write_bytes(b"")
    with pytest.raises(AblageFehler, match=r"^Stammdaten.xlsx ist in Excel offen; es ist nichts geändert\."):
        mahnen(nur_eine, TAG1, nachfrist=TAG2)
    (nur_eine.pfad / "~$Stammdaten.xlsx").unlink()
    assert baum(nur_eine.pfad) == vorher


def test_geht_das_formular_am_selben_tag_noch_ein_verschwindet_der_entwurf(nur_eine: Ablage) -> None:
    mahnen(nur_eine, TAG1)
    einwerfen(nur_eine, "2024-08-05/c.xlsx", ausgefuellt(nur_eine, 2403))
    assert mahnen(nur_eine, TAG1).briefe == ()
    assert da(nur_eine) == ["Mahnungen/protokoll.csv"]
    assert log(nur_eine).count("\r\n") == 2  # what was drafted stays on record


def test_ein_von_hand_geaenderter_entwurf_bleibt_und_wird_genannt(nur_eine: Ablage) -> None:
    mahnen(nur_eine, TAG1)
    (name,) = (n for n in da(nur_eine) if n.endswith(".eml"))
    (nur_eine.rueckmeldungen / name).write_bytes(b"Liebe Anna")
    g = mahnen(nur_eine, TAG1, nachfrist=TAG2)
    assert g.meldungen == (f"«{Path(name).name}» wurde von Hand geändert und bleibt, wie es ist.",)
    assert (nur_eine.rueckmeldungen / name).read_bytes() == b"Liebe Anna"


def test_konsolidieren_laesst_die_mahnungen_liegen(nur_eine: Ablage) -> None:
    mahnen(nur_eine, TAG1)
    vorher = baum(nur_eine.rueckmeldungen / "Mahnungen")
    ablauf.konsolidieren(nur_eine.pfad, TAG2)
    assert baum(nur_eine.rueckmeldungen / "Mahnungen") == vorher


# --- to whom --------------------------------------------------------------------------------
def test_eine_stelle_fuer_zwei_gemeinden_erhaelt_einen_brief_und_das_protokoll_nennt_beide(ablage: Ablage) -> None:
    gemeinden(ablage, b2401=STELLE, b2403=STELLE)
    g = mahnen(ablage, TAG1)
    assert [(b.an.email, [p.zeile.gemeinde for p in b.posten]) for b in g.briefe] == [
        ("sr@thal.example", ["Egerkingen", "Kestenholz"]),
        ("", ["Härkingen"]),
    ]
    assert [Path(n).name for n in da(ablage)] == [
        "Mahnung_1_2024-H1_2401_Sozialregion_2024-08-05.eml", "Mahnung_1_2024-H1_2402_Haerkingen_2024-08-05.eml",
        "protokoll.csv",
    ]  # fmt: skip
    assert log(ablage).splitlines()[1:] == [
        "2024-08-05;1;2401;Egerkingen;Anhang 2;2024-H1;sr@thal.example",
        "2024-08-05;1;2402;Härkingen;Anhang 2;2024-H1;",
        "2024-08-05;1;2403;Kestenholz;Anhang 2;2024-H1;sr@thal.example",
    ]


def test_mit_unbrauchbarer_adresse_oder_langem_namen_gibt_es_einen_entwurf_ohne_empfaenger(ablage: Ablage) -> None:
    gemeinden(
        ablage,
        b2401={"koordinationsstelle": "Stelle " * 60, "email_koordination": "a@a.example"},
        b2402={"koordinationsstelle": "=HYPERLINK()", "email_koordination": "x\nBcc: alle@x.example"},
    )
    mahnen(ablage, TAG1)
    namen = [n for n in da(ablage) if n.endswith(".eml")]
    assert [brief(ablage.rueckmeldungen / n)["To"] for n in namen] == ["a@a.example", None, None]
    assert max(len(Path(n).name) for n in namen) <= len("Mahnung_1_2024-H1__2024-08-05.eml") + 80
    assert [brief(ablage.rueckmeldungen / n)["Bcc"] for n in namen] == [None, None, None]


def test_wo_die_leitgemeinde_noch_fehlt_sagt_es_der_brief_zur_selbstdeklaration(ablage: Ablage) -> None:
    gemeinden(ablage, b2402={"leitgemeinde": 2401, "leitgemeinde_ab": date(2020, 1, 1)})
    g = mahnen(ablage, date(2024, 2, 1), "2024")
    assert stufen(g) == [("Egerkingen", 1), ("Härkingen", 1), ("Kestenholz", 1)]
    pfad = ablage.rueckmeldungen / "Mahnungen/2024_2024-02-01/Mahnung_1_2024_2402_Haerkingen_2024-02-01.eml"
    zeilen = text(pfad).splitlines()
    assert zeilen[4:6] == [
        "- Härkingen: Anhang 3 (Selbstdeklaration) für das Jahr 2024; Frist Mittwoch, 31.01.2024, seit 1 Tag"
        " abgelaufen.",
        "  Reicht die Leitgemeinde Egerkingen ihre Selbstdeklaration ein, gilt diese auch hier.",
    ]


def test_dreihundert_gemeinden_haben_dreihundert_entwuerfe(ablage: Ablage) -> None:
    alle = [{"bfs_nr": 3000 + n, "name": f"Dorf {n}", "beteiligt_ab": date(2018, 1, 1)} for n in range(300)]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=alle, Ausländerbestand=[]))
    assert len(mahnen(ablage, TAG1).briefe) == 300
    assert len([n for n in da(ablage) if n.endswith(".eml")]) == 300
    assert log(ablage).count("\r\n") == 301


# --- refused --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zeit", "satz"),
    [
        ("2024-H3", "Gelesen wurde «2024-H3»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100)."),
        ("1999", "Gelesen wurde «1999»; erwartet wird ein Jahr von 2017 bis 2100."),
        ("", "Gelesen wurde «»; erwartet wird ein Jahr von 2017 bis 2100."),
        ("2023-H1", "Für 2023-H1 gibt es keine Vorlagen, deshalb schuldet niemand ein Formular. Vorlagen gibt es für: "
         "2024-H1."),
        ("2023", "Für 2023 gibt es keine Vorlagen, deshalb schuldet niemand ein Formular. Vorlagen gibt es für: 2024."),
    ],
)  # fmt: skip
def test_eine_falsche_periode_ist_keine_entwarnung(ablage: Ablage, zeit: str, satz: str) -> None:
    vorher = baum(ablage.pfad)
    with pytest.raises((AblageFehler, ValueError)) as fehler:
        mahnen(ablage, TAG1, zeit)
    assert str(fehler.value) == satz
    assert baum(ablage.pfad) == vorher


@pytest.mark.parametrize("nachfrist", [TAG1, date(2024, 8, 4), date(2023, 8, 20)])
def test_eine_nachfrist_die_vorbei_ist_wird_abgelehnt_und_nichts_geschrieben(ablage: Ablage, nachfrist: date) -> None:
    vorher = baum(ablage.pfad)
    with pytest.raises(
        ValueError, match=r"^Die Nachfrist .* muss nach dem Tag der Mahnung liegen, dem 05\.08\.2024\.$"
    ):
        mahnen(ablage, TAG1, nachfrist=nachfrist)
    assert baum(ablage.pfad) == vorher


def test_ein_beschaedigtes_protokoll_haelt_an(nur_eine: Ablage) -> None:
    mahnen(nur_eine, TAG1)
    pfad = nur_eine.rueckmeldungen / "Mahnungen/protokoll.csv"
    pfad.write_bytes(pfad.read_bytes() + b"2024-08-05;1\r\n")
    vorher = baum(nur_eine.pfad)
    with pytest.raises(AblageFehler) as fehler:
        mahnen(nur_eine, TAG2)
    assert str(fehler.value) == (
        "Das Protokoll der Mahnungen ist beschädigt (Zeile 3). Stellen Sie die Datei aus der Sicherung wieder her."
    )
    assert baum(nur_eine.pfad) == vorher


def test_nach_einem_abbruch_vor_dem_protokoll_wird_beim_naechsten_mal_alles_ganz(
    nur_eine: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def abgebrochen(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(mahnungen, "schreibe", abgebrochen)
    with pytest.raises(KeyboardInterrupt):
        mahnen(nur_eine, TAG1)
    monkeypatch.undo()
    assert stufen(mahnen(nur_eine, TAG1)) == [("Kestenholz", 1)]
    assert log(nur_eine) == KOPF + "2024-08-05;1;2403;Kestenholz;Anhang 2;2024-H1;sr@thal.example\r\n"


def test_ist_mahnungen_eine_datei_gibt_es_einen_satz(nur_eine: Ablage) -> None:
    (nur_eine.rueckmeldungen / "Mahnungen").write_text("meins")
    with pytest.raises(AblageFehler, match=r"ist nicht zugänglich \(Fehler \d+ des Systems\)\. Prüfen Sie Pfad"):
        mahnen(nur_eine, TAG1)
    assert ordner.lies(nur_eine.rueckmeldungen / "Mahnungen") == b"meins"
