"""Evidence for the adapter procuratorate_15: simulator, bench, fixtures, tests."""
