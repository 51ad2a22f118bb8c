"""Codes and code tables."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from hub.engine.answers import codes as answer_codes
from hub.records import agency as agencies
from hub.records import codes, page
from schema.context import Info
from schema.scalars import Json
from schema.types.page import Connection
from schema.types.text import Text


@strawberry.type(description="代码 / A code of a standard with its names.")
class Code:
    record: strawberry.Private[agencies.Code]
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
        names = (code.name_zh, code.name_en)
        return cls(record=code, code=code.code, name_zh=names[0], name_en=names[1])

    @strawberry.field(
        description="后继代码 / What a withdrawn code became; several if it was split."
    )
    def successors(self, info: Info) -> list[Code]:
        found = answer_codes.successors(info.context.hub, self.record)
        return [Code.of(one) for one in found]

    @strawberry.field(description="当时名称 / The same code with its names on a day.")
    def as_of(
        self,
        info: Info,
        date: Annotated[
            date, strawberry.argument(description="日期 / The day that counts.")
        ],
    ) -> Code:
        return Code.of(answer_codes.code_on(info.context.hub, self.record, date))

    @strawberry.field(description="是否有效 / Was it in force on a day?")
    def is_valid(
        self,
        info: Info,
        date: Annotated[
            date, strawberry.argument(description="日期 / The day that counts.")
        ],
    ) -> bool:
        return answer_codes.is_valid_on(info.context.hub, self.record, date)


@strawberry.type(description="候选代码 / A code that may be meant, or a raw spelling.")
class CodeCandidate:
    code: str = strawberry.field(description="代码值 / The code.")
    raw: str = strawberry.field(description="原值 / The raw code; empty for rows.")
    name_zh: str = strawberry.field(description="中文名称 / Its Chinese name.")
    name_en: str = strawberry.field(description="英文名称 / Its English name.")
    score: float = strawberry.field(description="相似度 / From 0 to 1.")
    why: str = strawberry.field(
        description="依据 / same_name, same_sound, spelling, successor or a relation."
    )


@strawberry.type(description="代码转换 / What a raw code means, and why.")
class CodeTranslation:
    code: str | None = strawberry.field(description="代码值 / Null: none.")
    relation: str = strawberry.field(
        description="关系 / equal, narrower, wider, related or none."
    )
    reason: Text = strawberry.field(description="理由 / Why it is so.")
    is_valid: bool = strawberry.field(description="是否有效 / In force on that day?")
    candidates: list[CodeCandidate] = strawberry.field(
        description="候选 / Successors, nearest rows, or every raw spelling."
    )

    @classmethod
    def of(cls, found: codes.CodeTranslation) -> CodeTranslation:
        """A translation as found."""
        return cls(
            code=found.code,
            relation=found.relation,
            reason=Text(zh=found.reason.zh, en=found.reason.en),
            is_valid=found.is_valid,
            candidates=[
                CodeCandidate(
                    code=one.code,
                    raw=one.raw,
                    name_zh=one.name_zh,
                    name_en=one.name_en,
                    score=one.score,
                    why=one.why,
                )
                for one in found.candidates
            ],
        )


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
