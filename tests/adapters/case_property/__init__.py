"""The evidence of the case property adapter."""
