"""Changed rules tried on captured records, and their approval."""
