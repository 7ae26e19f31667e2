"""The workbook that staff keep, as data: its plan, its typed rows, its rules and what a mistake in it holds."""
