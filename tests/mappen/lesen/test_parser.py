"""The parsers of foreign XML read nothing but the bytes they are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from krs.export import iso20022
from krs.mappen.antwort.paket import Paket
from krs.mappen.lesen.behaelter import Behaelter


@pytest.mark.parametrize("parser", [Behaelter.PARSER, Paket.PARSER, iso20022._PARSER])
def test_eine_dtd_auf_der_festplatte_wird_nicht_gelesen(tmp_path: Path, parser: etree.XMLParser) -> None:
    dtd = tmp_path / "fremd.dtd"
    dtd.write_text("kein DTD: wer sie liest, scheitert")
    wurzel = etree.fromstring(f'<!DOCTYPE D SYSTEM "{dtd.as_uri()}"><D>x</D>'.encode(), parser)
    assert (wurzel.tag, wurzel.text) == ("D", "x")
