"""The ears: one folder a legacy system and version, found by its manifest."""
