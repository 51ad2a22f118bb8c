"""The conformance kit: the same questions to every adapter found on disk."""
