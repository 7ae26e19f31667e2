"""The functions of Excel as xlwings Server lists them; they live in krs.excel."""

from krs.excel.xl import *  # noqa: F403 the names follow from the catalogue
