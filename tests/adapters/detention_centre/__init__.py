"""The evidence of the detention centre's adapter."""
