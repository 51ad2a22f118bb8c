"""Documents of a case: metadata, never their bytes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from hub.records import document as records
from schema import ids
from schema.context import Info
from schema.shown import coded, shown
from schema.types.code import Code
from schema.types.node import Node
from schema.types.provenance import Sourced

if TYPE_CHECKING:
    from schema.types.case import Case


@strawberry.type(description="法律文书 / A document of a case, without its bytes.")
class Document(Node, Sourced):
    record: strawberry.Private[records.Document]
    type: Code | None = coded("type", "document_type", "文书种类 / What kind.")
    name: str | None = strawberry.field(description="文书名称 / Its name.")
    number: str | None = strawberry.field(description="文号 / Its number.")
    issued_on: date | None = strawberry.field(description="制作日期 / Day of issue.")
    file_name: str | None = strawberry.field(description="文件名 / Name of its file.")
    sha256: str | None = strawberry.field(description="文件摘要 / SHA-256 of its file.")

    @classmethod
    def of(cls, record: records.Document) -> Document:
        """A document as read."""
        return shown(cls, record, id=ids.encode("Document", record.id), record=record)

    @strawberry.field(description="所属案件 / The case.")
    async def case(
        self, info: Info
    ) -> Annotated[Case, strawberry.lazy("schema.types.case")] | None:
        return await info.context.loaders.case.load(self.record.case_id)
