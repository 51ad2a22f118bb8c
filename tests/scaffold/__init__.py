"""Adapters begun in a copy of the project, and the tutorial followed."""
