"""Statements of a released run as PDF (Ziff. 4.5.2): where LibreOffice is there, once each."""

from __future__ import annotations

import shutil
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from pypdf import PdfReader

from ablage.hilfe import baum
from ablage.laufhilfe import freie
from demo.hilfe import demo
from export.test_qrrechnung import RECHNUNG
from krs.ablage.ordner import AblageFehler
from krs.ablauf import laufmails
from krs.ablauf.laufmails import mitteilungen_als_pdf
from krs.export import pdf
from krs.export.pdfbeilage import mit_beilage
from krs.export.zahlteil_pdf import zahlteil_pdf

pytestmark = pytest.mark.xdist_group("soffice")

EGERKINGEN, HAERKINGEN, KESTENHOLZ = (
    f"Mitteilung_2024-09_{g}_2024-09-10.eml" for g in ("2401_Egerkingen", "2402_Haerkingen", "2403_Kestenholz")
)


@pytest.fixture
def ablage(tmp_path: Path) -> Path:
    """A copy of the demo, of which only three statements are left to convert."""
    shutil.copytree(demo()[0], tmp_path / "Demo")
    return tmp_path / "Demo"


def test_ohne_libreoffice_sagt_ein_satz_was_fehlt(ablage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    ordner, anzahl, saetze = mitteilungen_als_pdf(ablage, "2024-09")
    alle = len(list((ablage / "Laeufe/2024-09/mitteilungen").iterdir()))
    assert (anzahl, saetze) == (
        0, [f"{alle} PDF fehlen: LibreOffice (soffice) fehlt oder konnte nicht umwandeln."],
    )  # fmt: skip
    assert not ordner.exists()


def test_jede_mitteilung_wird_einmal_zum_pdf(ablage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gerufen: list[int] = []

    def umwandeln(_soffice: str, mappen: dict[str, bytes], _zeit: float) -> dict[str, bytes]:
        gerufen.append(len(mappen))
        return {n: zahlteil_pdf(RECHNUNG) + pdf.marke(m) for n, m in mappen.items()}

    monkeypatch.setattr(pdf.shutil, "which", lambda name: name if name == "soffice" else None)  # pypdf asks, too
    monkeypatch.setattr(pdf, "_umwandeln", umwandeln)
    ordner, anzahl, saetze = mitteilungen_als_pdf(ablage, "2024-09")
    namen = {f"{p.stem}.pdf" for p in (ablage / "Laeufe/2024-09/mitteilungen").iterdir()}
    assert (anzahl, saetze, {p.name for p in ordner.glob("*.pdf")}) == (len(namen), [], namen)
    (ordner / min(namen)).unlink()
    mitteilungen_als_pdf(ablage, "2024-09")
    assert gerufen == [len(namen), 1]


def anhaenge(ordner: Path) -> dict[str, list[str]]:
    """Return the names of what hangs on each draft of a folder."""
    mails = {p: message_from_bytes(p.read_bytes(), policy=default) for p in sorted(ordner.glob("*.eml"))}
    return {p.name: [str(a.get_filename()) for a in m.iter_attachments()] for p, m in mails.items()}


def test_mitteilung_und_zahlteil_werden_ein_pdf_das_am_entwurf_haengt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frei = freie(tmp_path)
    entwuerfe, stamm = frei.rueckmeldungen / "Mitteilungen_2024-09", "Beitragsmitteilung_2024-09_2403_Kestenholz"
    assert anhaenge(entwuerfe)[KESTENHOLZ] == [
        f"{stamm}.xlsx",
        "R-2024-09-2403.pdf",
    ]
    geaendert = entwuerfe / EGERKINGEN
    geaendert.write_bytes(geaendert.read_bytes().replace(b"Guten Tag", b"Liebe Anna"))
    (entwuerfe / HAERKINGEN).unlink()  # sent
    text = message_from_bytes((entwuerfe / KESTENHOLZ).read_bytes(), policy=default).get_body()
    monkeypatch.setattr(
        laufmails, "alle_als_pdf", lambda mappen: {n: zahlteil_pdf(RECHNUNG) + pdf.marke(m) for n, m in mappen.items()}
    )
    ordner, anzahl, saetze = mitteilungen_als_pdf(frei.pfad, "2024-09")
    assert (anzahl, saetze) == (
        3,
        [f"«{EGERKINGEN}» wurde von Hand geändert und bleibt, wie es ist."],
    )
    assert anhaenge(entwuerfe) == {
        EGERKINGEN: ["Beitragsmitteilung_2024-09_2401_Egerkingen.xlsx"],
        KESTENHOLZ: [f"{stamm}.pdf", f"{stamm}.xlsx"],
    }
    seiten = [s.extract_text() for s in PdfReader(ordner / f"{stamm}.pdf", strict=True).pages]
    assert [("R-2024-09-2403" in s, "12 840.50" in s) for s in seiten] == [(False, True), (True, False)]
    neu = message_from_bytes((entwuerfe / KESTENHOLZ).read_bytes(), policy=default).get_body()
    assert text is not None
    assert neu is not None
    assert neu.get_content() == text.get_content()
    vorher = baum(frei.rueckmeldungen)
    assert mitteilungen_als_pdf(frei.pfad, "2024-09")[1:] == (anzahl, saetze)
    assert baum(frei.rueckmeldungen) == vorher


def test_ein_pdf_das_sich_nicht_ergaenzen_laesst_fehlt() -> None:
    assert mit_beilage(b"%PDF-1.7", b"mappe", b"kein PDF") is None


def test_zu_einem_lauf_ohne_freigabe_gibt_es_kein_pdf(ablage: Path) -> None:
    with pytest.raises(AblageFehler) as fehler:
        mitteilungen_als_pdf(ablage, "2025-03")
    assert str(fehler.value) == "Der Lauf 2025-03 ist nicht freigegeben; es gibt dazu keine Beitragsmitteilungen."
