"""Drafts of the tables of a release, from its text."""
