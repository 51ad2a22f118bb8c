"""The engine of the agency hub. Knows no agency by name."""
