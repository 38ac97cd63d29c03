"""Notebooks run by papermill, one page or many."""
