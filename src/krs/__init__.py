"""Software zum Kreisschreiben Integration (KRS-GEF-2017/01, «start.integration»)."""

__version__ = "0.4.0"
