"""Connections: pages of a list in a total order, by opaque cursors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry

from hub.records.page import Found

Item = TypeVar("Item")

First: TypeAlias = Annotated[
    int, strawberry.argument(description="每页条数 1-100 / How many, 1 to 100.")
]
After: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="从此游标之后 / After this cursor."),
]


@strawberry.type(description="分页信息 / What comes before and after a page.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description="是否有下一页 / Is there more after it?"
    )
    has_previous_page: bool = strawberry.field(
        description="是否从游标之后开始 / Was the page asked for after a cursor?"
    )
    start_cursor: str | None = strawberry.field(
        description="首条游标 / The cursor of its first item."
    )
    end_cursor: str | None = strawberry.field(
        description="末条游标 / The cursor of its last item."
    )


@strawberry.type(description="分页条目 / One item of a page and its cursor.")
class Edge(Generic[Item]):
    cursor: str = strawberry.field(description="游标 / Its cursor.")
    node: Item = strawberry.field(description="条目 / The item.")


@strawberry.type(description="分页列表 / One page of a list in a total order.")
class Connection(Generic[Item]):
    counted: strawberry.Private[Callable[[], Awaitable[int]]]
    edges: list[Edge[Item]] = strawberry.field(
        description="条目与游标 / The items with their cursors."
    )
    nodes: list[Item] = strawberry.field(description="条目 / The items alone.")
    page_info: PageInfo = strawberry.field(
        description="分页信息 / What comes before and after."
    )

    @strawberry.field(
        description="总数 / How many there are on all pages; counted only when asked."
    )
    async def total_count(self) -> int:
        return await self.counted()

    @classmethod
    def of(
        cls,
        found: Found[Any],
        show: Callable[[Any], Item],
        counted: Callable[[], Awaitable[int]],
        *,
        is_continued: bool = False,
    ) -> Connection[Item]:
        """A page as read, its rows shown as types."""
        items = [show(row) for row in found.rows]
        cursors = [found.place(row).encode() for row in found.rows]
        edges = [
            Edge(cursor=cursor, node=item)
            for cursor, item in zip(cursors, items, strict=True)
        ]
        info = PageInfo(
            has_next_page=found.has_next,
            has_previous_page=is_continued,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )
        return cls(counted=counted, edges=edges, nodes=items, page_info=info)
