"""What an operation shows of which case, noted while it is answered.

Noted where an object of the answer is completed: aliases, fragments, ``@include``
and interfaces are resolved by then, and an object that is not in the answer is not
noted. The note is written down before the answer leaves (``Seen.write``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any, cast

from graphql import GraphQLObjectType, get_named_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from hub.engine import readlog
from hub.engine.hub import Hub
from hub.records.caller import Caller
from schema.fields import BELOW, LEAVES, Paths, Shows


class Seen:
    """What one request (or one socket) has shown and not yet written down."""

    def __init__(self) -> None:
        """Nothing shown yet."""
        self._found: dict[int, dict[int, Paths]] = {}
        self._began: float | None = None
        self._turn = asyncio.Lock()

    def add(self, case_id: int, paths: Paths, began: float) -> None:
        """Note that an operation that began then shows these paths of a case."""
        if paths:
            self._found.setdefault(case_id, {})[id(paths)] = paths
            self._since(began)

    def _since(self, began: float) -> None:
        self._began = began if self._began is None else min(began, self._began)

    async def write(self, hub: Hub, caller: Caller) -> None:
        """Write it down; the answer may leave afterwards. Raises what prevents it.

        What could not be written stays noted. One after the other: whoever waits
        here leaves with its own notes written, by itself or by the one before.
        """
        async with self._turn:
            found, began = self._found, self._began
            if not found or began is None:
                return
            self._found, self._began = {}, None
            shown = {
                case_id: frozenset(path for paths in many.values() for path in paths)
                for case_id, many in found.items()
            }
            try:
                await readlog.write(hub, caller, shown, began)
            except BaseException:
                for case_id, many in found.items():
                    self._found.setdefault(case_id, {}).update(many)
                self._since(began)
                raise


class Noting(StrawberryGraphQLCoreExecutionContext):
    """The executor, which notes every object that shows something of a case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One execution: a request, or one event of a subscription."""
        super().__init__(*args, **kwargs)
        self._start = time.monotonic()
        self._paths: dict[tuple[str, int], Paths] = {}

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Note the object, then answer its fields."""
        if return_type.name in LEAVES:
            paths = self._static(return_type, field_details_list)
            record = result.record
            case_id = record.id if return_type.name == "Case" else record.case_id
            self.context_value.seen.add(case_id, paths, self._start)
        elif isinstance(result, Shows):
            chosen = frozenset(self._chosen(return_type, field_details_list))
            case_id, paths = result.shows(chosen)
            self.context_value.seen.add(case_id, paths, self._start)
        return super().collect_and_execute_subfields(
            return_type, field_details_list, path, result, position_context
        )

    def _static(self, kind: GraphQLObjectType, details: Any) -> Paths:
        """The paths a selection shows, whatever the object; looked up once."""
        key = (kind.name, id(details))
        known = self._paths.get(key)
        if known is None:
            found = dict.fromkeys(self._walk(kind, details))
            known = self._paths[key] = tuple(found)
        return known

    def _walk(self, kind: GraphQLObjectType, details: Any) -> Iterator[str]:
        """Also through lists of the same case: an empty one shows that it is."""
        leaves, below = LEAVES[kind.name], BELOW.get(kind.name, {})
        for name, inner in self._chosen(kind, details).items():
            yield from leaves.get(name, ())
            if name in below:
                child = cast(
                    "GraphQLObjectType", get_named_type(kind.fields[name].type)
                )
                for one in inner:
                    yield from self._walk(child, one)

    def _chosen(self, kind: GraphQLObjectType, details: Any) -> dict[str, list[Any]]:
        """Field -> its selections, one for each alias."""
        found: dict[str, list[Any]] = {}
        collected = self.collect_subfields(kind, details)
        for one in collected.grouped_field_set.values():
            found.setdefault(one[0].node.name.value, []).append(one)
        return found
