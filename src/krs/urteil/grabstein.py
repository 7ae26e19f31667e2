"""What stays of a purged form: whose it was, when it came in, who purged it why, and what it was worth then.

Its counts are gone; that it came in, and what was paid for it, stays (docs/entscheide/51).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from krs.formulare.befund import Akte
from krs.recht import datum

BEZAHLT, UNBEZAHLT, NICHT_IN_KRAFT = "in Kraft, bezahlt", "in Kraft, nicht bezahlt", "nicht in Kraft"
UNBRAUCHBAR, UNBEKANNT = "nicht verwendbar", "unbekannt"  # of the last the original was lost
WIEDERHOLT = "wiederholt"  # the same content as another version


@dataclass(frozen=True, slots=True)
class Grabstein:
    """A purged version; `stand` is what it was worth when it was purged, empty where krs 0.4.0 purged it."""

    akte: Akte
    am: date
    grund: str
    visum: str
    stand: str = ""

    @property
    def galt(self) -> bool:
        """True if it may have been in force."""
        return self.stand not in (NICHT_IN_KRAFT, UNBRAUCHBAR, WIEDERHOLT)

    @property
    def zahlt(self) -> bool:
        """True if something is paid for it: then a newer one replaces it only where nothing of that one is held."""
        return self.stand in ("", BEZAHLT, UNBEKANNT)

    @property
    def satz(self) -> str:
        """The remark of its row in the Master."""
        rest = "" if self.zahlt or not self.galt else "; nicht bezahlt, ein Lauf zahlt nichts mehr dafür"
        return f"gelöscht am {datum(self.am)} durch {self.visum}: {self.grund}{rest}"
