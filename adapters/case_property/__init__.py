"""The case property centre: accounts of what was seized, and where it is."""
