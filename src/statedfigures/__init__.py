"""Stated Figures: check and project the figures that a press release states.

Data flows one way: `sources` → `analysis` → `display` → `reports` → `cli`.
"""

__version__ = "0.1.0"
