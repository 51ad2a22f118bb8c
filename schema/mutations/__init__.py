"""The mutations, one file each, named after it."""
