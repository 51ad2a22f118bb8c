"""Canonical records: plain frozen dataclasses that travel between rooms."""
