"""The simulated court system and what only it can be asked."""
