"""The small working folder of tests/ablage."""

from ablage.conftest import ablage, muster  # noqa: F401 fixtures
