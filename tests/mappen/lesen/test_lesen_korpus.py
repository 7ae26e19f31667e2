"""Files that other programs and attackers made: each is refused with one reason or read, none brings us down.

The collection lies outside the repository (../shared/corpus); without it these tests are skipped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from krs.formulare.befund import meldungen
from krs.formulare.eingabe import Eingabe
from krs.mappen.lesen.arbeiter import lesen_sicher
from krs.mappen.lesen.formular import Abgewiesen, alle_zellen, lesen

KORPUS = Path(os.environ.get("KRS_KORPUS") or Path(__file__).parents[4] / "shared" / "corpus")
DATEIEN = sorted(p for p in KORPUS.glob("*/*") if p.is_file())
MB = 1_000_000
UNVOLLSTAENDIG = "E-04 das Archiv ist unvollständig"
pytestmark = pytest.mark.skipif(not DATEIEN, reason=f"{KORPUS} fehlt")

ERWARTET = {
    "damaged/ClosedXML__InvalidFirstPageNumber.xlsx": "E-05",
    "damaged/ClosedXML__NoReferencesOnRowsOrCells.xlsx": "E-05",
    "damaged/ExcelDataReader__Test_git_issue_368_header.xls": "E-01",
    "damaged/ExcelDataReader__Test_git_issue_385_backslash.xlsx": "E-05",
    "damaged/ExcelDataReader__as3xls_BIFF4.xls": "E-03 Excel 4.0 (.xls)",
    "damaged/calamine__issue252.xlsx": "E-04 das Archiv ist beschädigt",
    "damaged/calamine__minimal_package.xlsx": "E-05",
    "damaged/openpyxl2__null_archive.xlsx": "E-01",
    "damaged/poi__clusterfuzz-testcase-minimized-POIHSSFFuzzer-4651309315719168.xls": "E-03 Excel 97–2003 (.xls)",
    "damaged/poi__clusterfuzz-testcase-minimized-POIHSSFFuzzer-4819588401201152.xls": "E-03 Excel 97–2003 (.xls)",
    "damaged/poi__clusterfuzz-testcase-minimized-POIHSSFFuzzer-6322470200934400.xls": "E-03 Excel 97–2003 (.xls)",
    "damaged/poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx": "E-05",
    "damaged/poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-6448258963341312.xlsx": UNVOLLSTAENDIG,
    "damaged/poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5025401116950528.xlsx": UNVOLLSTAENDIG,
    "damaged/poi__duplicate-filename.xlsx": "E-04 ein Teil kommt doppelt vor",
    "damaged/test_files__CRLFX5_3.XLS": "E-03 Excel 3.0 (.xls)",
    "damaged/test_files__LO7322.fods": "E-03 XML",
    "damaged/test_files__crlf.fods": "E-03 XML",
    "encrypted/ExcelDataReader__Test_git_issue289.xlsx": "E-02",
    "encrypted/excelize__encryptSHA1.xlsx": "E-02",
    "encrypted/excelize__encryptSHA512.xlsx": "E-02",
    "encrypted/oletools__dde-test-encrypt-standardpassword.xlsm": "E-02",
    "encrypted/oletools__encrypted.xlsm": "E-02",
    "encrypted/poi__60320-protected.xlsx": "E-02",
    "encrypted/poi__protect.xlsx": "E-02",
    "encrypted/roo__encrypted-letmein.ods": "E-03 OpenDocument (.ods)",
    "hostile/calamine__OOM_alloc2.xls": "E-03 Excel 5.0/95 (.xls)",
    "hostile/oletools__excel4_sample_macro.xlsm": "E-05",
    "hostile/oletools__sample_with_external_link_to_doc.xlsm": "E-05",
    "hostile/oletools__sample_with_external_link_to_doc.xlsx": "E-05",
    "hostile/poi__poc-xmlbomb-empty.xlsx": "E-05",
    "hostile/tika__testDdeLink.xlsx": "E-05",
    "links/poi__64473.xlsx": "E-05",
    "links/poi__HsGetVal.xlsx": "E-05",
    "links/poi__bug66682.xlsb": "E-03 Excel-Binärarbeitsmappe (.xlsb)",
    "links/poi__link-external-workbook-b.xlsx": "E-05",
    "macros/ExcelDataReader__Test_git_issue_68_NullSheetPath.xlsm": "E-05",
    "macros/poi__12561-2.xls": "E-03 Excel 97–2003 (.xls)",
    "macros/poi__45431.xlsm": "E-05",
    "macros/poi__mortgage-calculation.xls": "E-03 Excel 97–2003 (.xls)",
    "macros/test_files__apachepoi_27852.xls.xlsb": "E-03 Excel-Binärarbeitsmappe (.xlsb)",
    "producers/PhpSpreadsheet__OOCalcTest.ods": "E-03 OpenDocument (.ods)",
    "producers/calamine__covered.ods": "E-03 OpenDocument (.ods)",
    "producers/calamine__date_iso.xlsx": "E-05",
    "producers/calamine__with-annotation.ods": "E-03 OpenDocument (.ods)",
    "producers/e17fa6_flatten-tool__meta-tab.xlsx": "E-05",
    "producers/flatten-tool__commands_id_name.ods": "E-03 OpenDocument (.ods)",
    "producers/flatten-tool__types.xlsx": "E-05",
    "producers/oletools__embedded-simple-2007.ods": "E-03 OpenDocument (.ods)",
    "producers/openpyxl2__hyperlink.xlsx": "E-05",
    "producers/poi__19599-2.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/poi__27394.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/poi__30978-alt.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/poi__30978-deleted.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/poi__FormatConditionTests.xlsx": "E-05",
    "producers/poi__NumberFormatTests.xlsx": "E-05",
    "producers/poi__OPCCompliance_NoCoreProperties.xlsx": "E-05",
    "producers/poi__TwoSheetsNoneHidden.xlsx": "E-05",
    "producers/poi__WithVariousData.xlsx": "E-05",
    "producers/poi__customIndexedColors.xlsx": "E-05",
    "producers/poi__styles.xlsx": "E-05",
    "producers/pyxform__case_insensitivity.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/pyxform__choice_name_same_as_select_name.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/pyxform__ict_survey_fails.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/pyxform__spaces_in_choices_header.xls": "E-03 Excel 97–2003 (.xls)",
    "producers/pyxform__xl_date_ambiguous.xlsx": "E-05",
    "producers/pyxform__xl_date_ambiguous_v1.xlsx": "E-05",
    "producers/test_files__AutoFilter.ods": "E-03 OpenDocument (.ods)",
    "producers/test_files__merge_cells.ods": "E-03 OpenDocument (.ods)",
    "producers/test_files__rich_text_stress.ods": "E-03 OpenDocument (.ods)",
    "producers/test_files__write.xls": "E-03 Excel 97–2003 (.xls)",
    "returns/FAC-xlsx-validator__fails001-minimal.xlsx": "E-05",
    "returns/FAC__notes-to-sefa-workbook.xlsx": "E-05",
    "returns/arpa-reporter__project111210BulkUpload.xlsx": "E-05",
    "returns/arpa-reporter__project51518BulkUpload.xlsx": "E-05",
    "returns/cpf-reporter__sample_template_2.xlsx": "E-05",
    "returns/csc-validator-be-903__combined_scp_ch_fake.xlsx": "E-05",
    "returns/funding-service-design-post-award-data-store__PF_Round_2_General_Validation_Failures.xlsx": "E-05",
    "returns/usdr-gost__project18_229233BulkUpload.xlsx": "E-05",
    "returns/usdr-gost__project236BulkUpload.xlsx": "E-05",
    "returns/usdr-gost__subRecipientBulkUpload.xlsx": "E-05",
    "returns/usdr-gost__summary_file_Projects_tab_spec.xlsx": "E-05",
    "returns/usdr-gost__testAgencyUploadErrors.xlsx": "E-05",
    "strict/ExcelDataReader__CollapsedHide.xlsx": "E-05",
    "strict/ExcelDataReader__TestOpen.xlsx": "E-05",
    "strict/ExcelDataReader__Test_Encoding_Formula_Date_1520.xlsx": "E-05",
    "strict/ExcelDataReader__Test_Excel_OpenOffice.xlsx": "E-05",
    "strict/ExcelDataReader__roo_1904_base.xlsx": "E-05",
    "strict/poi__SampleSS.strict.xlsx": "E-05",
    "strict/roo__strict.xlsx": "E-05",
    "strict/test_files__sheet_visibility_strict.xlsx": "E-05",
}

# Damaged in a sheet that no form has: E-05 comes first.
DEFEKT = (
    "damaged/poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx",
    "hostile/poi__poc-xmlbomb-empty.xlsx",
    "macros/ExcelDataReader__Test_git_issue_68_NullSheetPath.xlsm",
)
LESBAR = [p for p in (KORPUS / n for n, grund in ERWARTET.items() if grund == "E-05" and n not in DEFEKT) if p.exists()]


def grund(daten: bytes, name: str, lies: Callable[[bytes, str], Eingabe] = lesen) -> str:
    with pytest.raises(Abgewiesen) as fehler:
        lies(daten, name)
    befund = fehler.value.befund(name)
    assert befund.code in meldungen()
    return " ".join([befund.code, *(v for k, v in fehler.value.werte.items() if v and k != "abhilfe")])


def test_die_tabelle_nennt_jede_datei_der_sammlung() -> None:
    assert {f"{p.parent.name}/{p.name}" for p in DATEIEN} == set(ERWARTET)


@pytest.mark.parametrize("pfad", DATEIEN, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_jede_fremde_datei_wird_mit_einem_grund_abgewiesen(pfad: Path) -> None:
    daten, vorher = pfad.read_bytes(), hoechster_bedarf()
    assert grund(daten, pfad.name) == ERWARTET[f"{pfad.parent.name}/{pfad.name}"]
    assert hoechster_bedarf() - vorher < 100 * MB


@pytest.mark.parametrize("pfad", DATEIEN, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_sicher_gelesen_hat_jede_fremde_datei_denselben_grund(pfad: Path) -> None:
    daten, vorher = pfad.read_bytes(), hoechster_bedarf()
    assert grund(daten, pfad.name, lesen_sicher) == ERWARTET[f"{pfad.parent.name}/{pfad.name}"]
    assert hoechster_bedarf() - vorher < 300 * MB


@pytest.mark.parametrize("pfad", LESBAR, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_alle_zellen_einer_fremden_mappe_werden_gelesen(pfad: Path) -> None:
    daten, vorher = pfad.read_bytes(), hoechster_bedarf()
    blaetter, _ = alle_zellen(daten, pfad.name, lambda _: True)
    assert not any(z.leer for zellen in blaetter.values() for z in zellen.values())
    assert hoechster_bedarf() - vorher < 200 * MB


@pytest.mark.parametrize("name", DEFEKT)
def test_ein_schaden_ausserhalb_des_formulars_faellt_beim_lesen_aller_zellen_auf(name: str) -> None:
    with pytest.raises(Abgewiesen) as fehler:
        alle_zellen((KORPUS / name).read_bytes(), name, lambda _: True)
    assert fehler.value.code == "E-04"


def hoechster_bedarf() -> int:
    """Return the most memory in bytes that this process ever took; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
