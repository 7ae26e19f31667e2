"""pyvbaanalysis over the built add-in: what the compiler of VBA would refuse (undeclared names, unknown calls)."""

from __future__ import annotations

from pathlib import Path

import pytest
from xlambau import paket

analyse = pytest.importorskip("pyvbaanalysis", reason="pyvbaanalysis fehlt")

# An unused variable of xlwings' own text, taken over word for word.
BEKANNT = [("xlwings", "unused-variable")]


def _funde(datei: Path, daten: bytes) -> list[tuple[str, str]]:
    datei.write_bytes(daten)
    return [(modul, fund.code) for modul, funde in analyse.analyze_office_file(str(datei)).items() for fund in funde]


def test_der_pruefer_findet_im_add_in_nichts(addin: bytes, tmp_path: Path) -> None:
    assert _funde(tmp_path / "krs.xlam", addin) == BEKANNT


@pytest.mark.parametrize(
    ("heil", "kaputt", "fund"),
    [
        ("Dim i As Long, j As Long", "Dim i As Long", ("KrsAufruf", "undeclared-variable")),
        ("    KrsVergiss\n", "    KrsVergisss\n", ("KrsAufruf", "unknown-call")),
    ],
)
def test_der_pruefer_faende_einen_fehler(
    module: dict[str, str], tmp_path: Path, heil: str, kaputt: str, fund: tuple[str, str]
) -> None:
    assert heil in module["KrsAufruf"]
    geaendert = {**module, "KrsAufruf": module["KrsAufruf"].replace(heil, kaputt)}
    assert fund in _funde(tmp_path / "krs.xlam", paket.xlam(geaendert, b"<customUI/>", "Titel", "Text"))
