"""The schema put together, with what guards every operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import aclosing
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from schema import errors, permissions
from schema.context import Context
from schema.cost import LIMITS, rule
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.seen import Noting
from schema.subscription import Subscription


class Guard(SchemaExtension):
    """Caps tokens before parsing and cost before anything is resolved."""

    def on_operation(self) -> Iterator[None]:
        """Set the caps for this operation, in every transport."""
        context = self.execution_context
        context.parse_options["max_tokens"] = LIMITS.tokens
        context.validation_rules += (rule(context.variables or {}),)
        yield


class HubSchema(strawberry.Schema):
    """The hub's schema: errors leave it coded, streams carry subscriptions only."""

    def process_errors(
        self,
        errors_found: list[GraphQLError],
        execution_context: ExecutionContext | None = None,
    ) -> None:
        """Make every error one that may be told; the library would log the document.

        Changed in place: this is the one spot that both the request and the
        stream path pass before anything is sent.
        """
        errors_found[:] = [errors.told(error) for error in errors_found]

    async def stream(  # noqa: PLR0917 - the library's signature
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> StreamResult:
        """Subscriptions alone: nothing else may come through a WebSocket.

        No event leaves before what it shows of cases is written down.
        """
        stream = await super().stream(
            query,
            variable_values=variable_values,
            context_value=context_value,
            root_value=root_value,
            operation_name=operation_name,
            operation_extensions=operation_extensions,
            allowed_operation_types={OperationType.SUBSCRIPTION},
        )
        return _noted(stream, context_value)


async def _noted(stream: StreamResult, context: Any) -> StreamResult:
    async with aclosing(stream):
        async for result in stream:
            unwritten = await written(context)
            if unwritten is not None:
                yield ExecutionResult(data=None, errors=[unwritten])
                return
            yield result


async def written(context: Context) -> GraphQLError | None:
    """Write down what was shown; or the error that is the answer instead."""
    try:
        await context.seen.write(context.hub, context.caller)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer stays here
        return errors.told(GraphQLError(str(error), original_error=error))
    return None


SCHEMA = HubSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[Guard],
    execution_context_class=Noting,
    config=StrawberryConfig(
        scalar_map=SCALARS, disable_field_suggestions=True, relay_max_results=100
    ),
)
permissions.check(SCHEMA._schema)


def printed() -> str:
    """The schema as it is committed in ``schema/schema.graphql``."""
    return SCHEMA.as_str() + "\n"
