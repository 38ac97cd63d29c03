"""Check and project the figures that a press release states."""

__version__ = "2.0.0"
