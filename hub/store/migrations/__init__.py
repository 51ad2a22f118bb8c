"""Alembic migrations: how the tables come about, step by step."""
