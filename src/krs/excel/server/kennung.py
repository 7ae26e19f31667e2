"""What identifies the add-in for ever: changed, Office would see another add-in."""

from __future__ import annotations

MANIFEST_ID = "622797b5-0100-4ac6-bc12-dd8f24e8b833"
PROJEKT = "start.integration"
ANBIETER = "Kanton Solothurn"
