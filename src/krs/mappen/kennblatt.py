"""The hidden sheet that says what a template was made for; writer and reader share its shape."""

KENNBLATT = "_krs"
KENNUNG_ZEILEN = ("formular", "version", "bfs_nr", "periode", "gemeinde", "auslaender_anzahl", "fingerabdruck")
