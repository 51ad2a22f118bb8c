"""Measures, does not judge."""
