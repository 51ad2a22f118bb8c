"""What the simulated agencies share: the invented world and how they start."""
