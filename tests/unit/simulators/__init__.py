"""Tests of what simulators share."""
