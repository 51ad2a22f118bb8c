"""The schema put together, with what guards every operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext
from strawberry.types.graphql import OperationType

from schema import errors, permissions
from schema.cost import LIMITS, rule
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
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
        """Subscriptions alone: nothing else may come through a WebSocket."""
        return await super().stream(
            query,
            variable_values=variable_values,
            context_value=context_value,
            root_value=root_value,
            operation_name=operation_name,
            operation_extensions=operation_extensions,
            allowed_operation_types={OperationType.SUBSCRIPTION},
        )


SCHEMA = HubSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[Guard],
    config=StrawberryConfig(
        scalar_map=SCALARS, disable_field_suggestions=True, relay_max_results=100
    ),
)
permissions.check(SCHEMA._schema)


def printed() -> str:
    """The schema as it is committed in ``schema/schema.graphql``."""
    return SCHEMA.as_str() + "\n"
