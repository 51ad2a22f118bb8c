"""The two walks, end to end, against simulated agencies."""
