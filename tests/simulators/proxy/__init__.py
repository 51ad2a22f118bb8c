"""A line between the hub and an agency that can go wrong in every way a line does."""
