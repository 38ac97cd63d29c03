"""From parameters to a published edition."""
