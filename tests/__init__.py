"""Tests, and the simulated agencies they run against."""
