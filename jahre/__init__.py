"""Two and a half years of the office, played through (`./run jahre`): clerks and an officer as models, seeded."""
