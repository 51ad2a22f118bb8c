"""One operation from document to answer: the one place every door comes through.

The web door and the console's pages call ``execute``; so whatever is true of one
is true of the other. A planner that turns a whole operation into one statement may
answer here first: it looks at (document, operation name, the caller's policy
class), and where it knows a plan returns the finished answer; everything else,
every error included, goes on to the reference executor below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import (
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)
from strawberry.types.graphql import OperationType

from hub.engine.hub import Hub
from hub.errors import HubError, RequestInvalid
from hub.records.caller import Caller
from schema import errors
from schema.build import SCHEMA, written
from schema.context import Context
from schema.loaders import Loaders


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation came to; ``body`` is what GraphQL over HTTP sends."""

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """The response as JSON."""
        if not self.errors:
            return {"data": self.data}
        return {"data": self.data, "errors": list(self.errors)}


def context(hub: Hub, caller: Caller) -> Context:
    """What the resolvers of one request are given."""
    return Context(hub, caller, Loaders(hub, caller))


async def execute(
    hub: Hub,
    caller: Caller,
    document: str,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
) -> Answer:
    """Run a query or mutation as a caller. Never raises for what a caller sent.

    What the answer shows of cases is written down before it is handed over; where
    that fails, there is no answer.
    """
    asked = context(hub, caller)
    try:
        result = await SCHEMA.execute(
            document,
            variable_values=dict(variables or {}),
            context_value=asked,
            operation_name=operation_name,
            allowed_operation_types={OperationType.QUERY, OperationType.MUTATION},
        )
    except (
        MissingQueryError,
        CannotGetOperationTypeError,
        InvalidOperationTypeError,
    ):
        return refused(_no_operation())
    unwritten = await written(asked)
    if unwritten is not None:
        return Answer(None, (dict(unwritten.formatted),))
    found = [error.formatted for error in result.errors or ()]
    return Answer(result.data, tuple(dict(one) for one in found))


def refused(error: HubError) -> Answer:
    """An error that came before there was anything to resolve."""
    text = f"{error.message.zh} / {error.message.en}"
    formatted = GraphQLError(text, extensions=errors.body(error)).formatted
    return Answer(None, (dict(formatted),))


def _no_operation() -> RequestInvalid:
    return RequestInvalid(
        "文档中没有可执行的查询或变更（订阅请用 WebSocket）",
        "The document holds no query or mutation to run (subscribe by WebSocket)",
        where="operationName",
    )
