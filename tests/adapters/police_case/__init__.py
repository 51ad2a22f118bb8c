"""Evidence for the adapter police_case: simulator, bench, fixtures, tests."""
