"""The macros as xlwings Server lists them; `krs serve` runs them by itself (krs.excel.server.routen)."""

from krs.excel.server.skripte import skripte

globals().update(skripte())
