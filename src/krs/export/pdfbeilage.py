"""Pages behind those of another PDF: a statement and its payment part are one file (docs/entscheide/80)."""

from __future__ import annotations

import logging
from io import BytesIO

from pypdf import PdfWriter
from pypdf.errors import PyPdfError

from krs.export.pdf import marke

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # no user reads its English words


def mit_beilage(pdf: bytes, xlsx: bytes, beilage: bytes) -> bytes | None:
    """Return a PDF of `krs.export.pdf` with the pages of another behind its own, None if it cannot be read.

    It then belongs to workbook and enclosure together (`pdf.gehoert_zu`).
    """
    ziel = BytesIO()
    try:
        schreiber = PdfWriter(clone_from=BytesIO(pdf))
        schreiber.append(BytesIO(beilage), import_outline=False)
        schreiber.write(ziel)
    except PyPdfError:
        return None
    return ziel.getvalue().rstrip() + marke(xlsx + beilage)
