"""Codes and code tables."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import answer_codes
from hub.records import agency as agencies
from hub.records import codes, page
from schema.scalars import Json
from schema.types.page import Connection


@strawberry.type(description="代码 / A code of a standard with its names.")
class Code:
    code: str = strawberry.field(description="代码值 / The code itself.")
    name_zh: str | None = strawberry.field(
        description="中文名称 / Its Chinese name; null where no table has it."
    )
    name_en: str | None = strawberry.field(
        description="英文名称 / Its English name; null where no table has it."
    )

    @classmethod
    def of(cls, code: agencies.Code) -> Code:
        """A code as looked up."""
        return cls(code=code.code, name_zh=code.name_zh, name_en=code.name_en)


@strawberry.type(description="代码表行 / One row of a code table.")
class CodeRow:
    code: str = strawberry.field(description="代码值 / The code itself.")
    name_zh: str = strawberry.field(description="中文名称 / Its Chinese name.")
    name_en: str = strawberry.field(description="英文名称 / Its English name.")
    columns: Json = strawberry.field(
        description="其他列 / Whatever else the table tells of it."
    )

    @classmethod
    def of(cls, row: codes.CodeRow) -> CodeRow:
        """One row as read from its file."""
        return cls(
            code=row.code,
            name_zh=row.name_zh,
            name_en=row.name_en,
            columns=Json(dict(row.columns)),
        )


@strawberry.type(description="代码表 / A standard's codes at one revision.")
class CodeTable:
    record: strawberry.Private[codes.CodeTable]
    name: str = strawberry.field(description="表名 / The table's name.")
    revision: str = strawberry.field(description="版本 / Its revision.")
    digest: str = strawberry.field(description="文件摘要 / SHA-256 of its file.")

    @classmethod
    def of(cls, table: codes.CodeTable) -> CodeTable:
        """A table without its rows; those come by page."""
        return cls(
            record=table,
            name=table.name,
            revision=table.revision,
            digest=table.digest,
        )

    @strawberry.field(description="代码行 / Its rows, in the order of the standard.")
    def rows(
        self,
        codes: Annotated[
            list[str] | None,
            strawberry.argument(description="只取这些代码 / Only these codes."),
        ] = None,
        first: Annotated[
            int, strawberry.argument(description="行数 1-100 / How many, 1 to 100.")
        ] = 100,
        after: Annotated[
            str | None, strawberry.argument(description="游标 / After this cursor.")
        ] = None,
    ) -> Connection[CodeRow]:
        wanted = frozenset(codes or ())
        ask = page.ask(first, after, f"codes.{self.name}")
        found = answer_codes.page_of_codes(self.record, ask, wanted)

        async def total() -> int:
            rows = self.record.rows
            return sum(1 for row in rows if not wanted or row.code in wanted)

        return Connection.of(found, CodeRow.of, total)
