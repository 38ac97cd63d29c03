"""Notebook runs, pages and the published site folder."""
