"""The answer, asked as callers ask it: one file a query or mutation."""
