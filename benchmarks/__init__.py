"""Figures as ratios measured in one run (`./run bench`); no test depends on them."""
