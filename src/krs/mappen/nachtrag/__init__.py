"""krs writes into a Stammdaten.xlsx that people keep: openpyxl writes, our reader proves that nothing else changed."""

from krs.mappen.nachtrag.beweis import NichtErgaenzbar
from krs.mappen.nachtrag.neues import aktualisiert
from krs.mappen.nachtrag.zeilen import Kopie, Reihe, Wert, ergaenzt

__all__ = ["Kopie", "NichtErgaenzbar", "Reihe", "Wert", "aktualisiert", "ergaenzt"]
