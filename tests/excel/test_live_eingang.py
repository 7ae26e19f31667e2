"""A live form that is sent in all the same: it is judged as the form that it is; nothing of ours disturbs."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from excel.fern import Fern
from excel.test_live import VERSIONEN, form
from krs.demo.fuellen import fuelle
from krs.excel.live import einsetzen
from krs.formulare.befund import Befund
from krs.formulare.eingabe import Eingabe
from krs.formulare.formular import formular
from krs.formulare.identitaet import zuordnen
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe, typisiere
from krs.mappen.lesen.formular import lesen
from krs.mappen.vorlage.stempel import Angaben, stempeln

AHV = "756.1234.5678.97"  # the number that the AHV itself prints as its example


def eingesandt(daten: bytes, schreibweise: str, ergebnis: str | None = None) -> tuple[bytes, bytes]:
    """Return the form as saved by the same program without and with functions; `ergebnis`: cached by Excel."""
    fern = Fern(daten)
    vorher = fern.bytes()
    fern.laufe(einsetzen)
    mappe = load_workbook(BytesIO(fern.bytes()))
    for zelle in (z for blatt in mappe for zeile in blatt.iter_rows() for z in zeile):
        if isinstance(zelle.value, str) and zelle.value.startswith("=") and "KRS_" in zelle.value:
            zelle.value = re.sub("@?KRS_", schreibweise, zelle.value) if ergebnis is None else ergebnis
    puffer = BytesIO()
    mappe.save(puffer)
    return vorher, puffer.getvalue()


def gelesen(daten: bytes) -> Eingabe:
    return lesen(daten, "Formular.xlsx")


def beurteilt(eingabe: Eingabe) -> tuple[Befund, ...]:
    ort = zuordnen(eingabe)
    assert ort.befund is None
    assert ort.formular is not None
    assert ort.version is not None
    typisiert = typisiere(eingabe, ort.akte, ort.formular, ort.version)
    return pruefe(typisiert, Kontext(ort.akte, eingabe, ort.formular, ort.version, eingabe.kennung.periode))


@pytest.mark.parametrize(("kennung", "periode"), VERSIONEN)
@pytest.mark.parametrize("schreibweise", ["_xldudf_KRS_", "@KRS_", "KRS_"])
def test_ein_formular_mit_funktionen_wird_gelesen_und_beurteilt_wie_ohne(
    kennung: str, periode: str, schreibweise: str
) -> None:
    ohne, mit = (gelesen(d) for d in eingesandt(form(kennung, periode), schreibweise))
    assert mit == ohne
    assert mit.merkmale == ()
    assert beurteilt(mit) == beurteilt(ohne)


def test_auch_mit_fehlerwerten_in_den_rechnenden_zellen_wird_es_beurteilt_wie_ohne() -> None:
    ohne, mit = (gelesen(d) for d in eingesandt(form("anhang2", "2024-H1"), "", "#NAME?"))
    assert mit == ohne


def test_freie_texte_stehen_nicht_nochmals_in_krs_live_eine_ahv_nummer_wird_einmal_gemeldet() -> None:
    leer = stempeln(formular("anhang2"), Angaben(2401, "Egerkingen", "2024-H1"))
    daten = fuelle(leer, "anhang2", "2022-01", {"bemerkungen": f"Frau mit {AHV} kam zweimal", "kontakt_name": "Muster"})
    ohne, mit = (gelesen(d) for d in eingesandt(daten, "_xldudf_KRS_"))
    assert mit == ohne
    assert [(b.code, b.zelle) for b in beurteilt(mit) if b.code == "F-30"] == [("F-30", "C59")]
    fern = Fern(daten)
    fern.laufe(einsetzen)
    live = {z.value for zeile in fern.formeln["krs Live"].iter_rows() for z in zeile}
    assert '=IF(TRIM(bemerkungen)="","","erfasst")' in live
    assert replace(mit, felder={}) == replace(ohne, felder={})
