"""DataFrames to words, tables, charts and their provenance."""
