"""The small working folder of tests/ablage; xlwings asks for a licence key at its first import."""

import os

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")

from ablage.conftest import ablage, muster  # noqa: F401 fixtures
