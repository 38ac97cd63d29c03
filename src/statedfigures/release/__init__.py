"""Files to checked DataFrames: the tables of a release, its text, and drafts of new ones."""
