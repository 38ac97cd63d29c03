"""Executed notebooks to pages and downloads."""
