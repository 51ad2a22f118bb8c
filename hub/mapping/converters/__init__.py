"""The closed list of named converters, one module a family."""
