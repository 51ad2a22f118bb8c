"""The GraphQL schema as text, for ``hub schema`` and the test that compares it."""

from __future__ import annotations

from schema.build import printed


def printed_schema() -> str:
    """What is committed as ``schema/schema.graphql``."""
    return printed()
