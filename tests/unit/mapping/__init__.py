"""Tests of hub/mapping, file for file."""
