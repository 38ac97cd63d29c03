"""Pure functions from records to results; nothing is read or written here."""
