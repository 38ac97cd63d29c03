"""Results as charts, tables and sentences: values with words and provenance."""
