"""Root fields about codes, agencies and the caller."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from hub.engine import policy
from hub.engine.answers import codes as answer_codes
from schema.context import Info
from schema.types.agency import Agency
from schema.types.caller import Caller
from schema.types.code import CodeTable, CodeTranslation


@strawberry.type(description="代码查询 / Root fields about codes and agencies.")
class CodeAsks:
    @strawberry.field(description="机关列表 / Every agency, or those of one type.")
    def agencies(
        self,
        info: Info,
        type: Annotated[
            str | None,
            strawberry.argument(
                description="机关类型代码 / Of this type, as in COURT."
            ),
        ] = None,
    ) -> list[Agency]:
        hub, caller = info.context.hub, info.context.caller
        return [Agency.of(one) for one in answer_codes.agencies(hub, caller, type)]

    @strawberry.field(description="代码表列表 / Every code table, newest revision.")
    def code_tables(self, info: Info) -> list[CodeTable]:
        found = answer_codes.code_tables(info.context.hub, info.context.caller)
        return [CodeTable.of(table) for table in found]

    @strawberry.field(description="代码表 / One code table; null if there is none.")
    def code_table(
        self,
        info: Info,
        name: Annotated[
            str, strawberry.argument(description="表名 / Its name, as in stage.")
        ],
        revision: Annotated[
            str | None,
            strawberry.argument(
                description="版本，缺省为最新 / The newest if not given."
            ),
        ] = None,
    ) -> CodeTable | None:
        hub, caller = info.context.hub, info.context.caller
        found = answer_codes.code_table(hub, caller, name, revision)
        return CodeTable.of(found) if found else None

    @strawberry.field(
        description="代码转换 / What a system's raw code means, or how it tells a code."
    )
    def translate_code(  # noqa: PLR0917 - arguments of a GraphQL field
        self,
        info: Info,
        system: Annotated[
            str, strawberry.argument(description="系统 / As in police_case.")
        ],
        table: Annotated[str, strawberry.argument(description="表名 / As in crime.")],
        raw: Annotated[
            str | None, strawberry.argument(description="原值 / The raw code.")
        ] = None,
        code: Annotated[
            str | None,
            strawberry.argument(description="代码，反查 / A code, for the way back."),
        ] = None,
        as_of: Annotated[
            date | None,
            strawberry.argument(description="日期，缺省今天 / Today if not given."),
        ] = None,
    ) -> CodeTranslation:
        hub, caller = info.context.hub, info.context.caller
        found = answer_codes.translate_code(
            hub, caller, system, table, raw=raw, code=code, day=as_of
        )
        return CodeTranslation.of(found)

    @strawberry.field(description="调用方 / Who asks, and what that agency may ask.")
    def caller(self, info: Info) -> Caller:
        policy.allow(info.context.caller, "caller")
        return Caller.of(info.context.caller)
