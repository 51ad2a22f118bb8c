"""Where values come from, what others say instead, what nobody could read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from hub.records import provenance
from schema import ids
from schema.context import Info
from schema.fields import Paths, Shows, path_of
from schema.scalars import Json, plain
from schema.types.agency import Agency, Endpoint, agency, endpoint

#: a record and where it stands below the one that is asked; or the name of a field
Placed = tuple[str, Any]


def _field(name: str, record: Any) -> tuple[int, str]:
    """Of which case, and at which canonical path, a record's field is."""
    case_id = record.id if type(record).__name__ == "Case" else record.case_id
    return case_id, path_of(record, name)


@strawberry.type(description="来源 / Where a value came from and when.")
class Source:
    origin: strawberry.Private[provenance.Source]
    path: str = strawberry.field(description="字段路径 / The field.")
    endpoint_code: str = strawberry.field(
        description="接入点代码 / The endpoint's code."
    )
    at: datetime | None = strawberry.field(
        description="获取时间 / When it was fetched."
    )
    facet: strawberry.ID | None = strawberry.field(
        description="分面标识 / The facet that tells it."
    )

    @classmethod
    def of(cls, path: str, origin: provenance.Source) -> Source:
        """The source of the value at a path."""
        facet = origin.facet
        return cls(
            origin=origin,
            path=path,
            endpoint_code=origin.endpoint,
            at=origin.at,
            facet=ids.encode("Facet", facet) if facet is not None else None,
        )

    @strawberry.field(description="来源机关 / The agency that runs the endpoint.")
    async def agency(self, info: Info) -> Agency | None:
        found = (await info.context.loaders.endpoints()).get(self.endpoint_code)
        return agency(info, found.agency) if found else None

    @strawberry.field(
        description="接入点 / The endpoint; null once it is not configured."
    )
    async def endpoint(self, info: Info) -> Endpoint | None:
        return await endpoint(info, self.endpoint_code)


@strawberry.type(description="落选的值 / A value another facet tells instead.")
class Claim:
    value: Json = strawberry.field(description="值 / The value that lost.")
    endpoint_code: str = strawberry.field(description="接入点代码 / Who tells it.")
    at: datetime | None = strawberry.field(
        description="获取时间 / When it was fetched."
    )

    @strawberry.field(
        description="接入点 / The endpoint; null once it is not configured."
    )
    async def endpoint(self, info: Info) -> Endpoint | None:
        return await endpoint(info, self.endpoint_code)


@strawberry.type(
    description="数据不一致 / A field of which agencies tell different things."
)
class Disagreement(Shows):
    of: strawberry.Private[Placed]
    path: str = strawberry.field(
        description="字段路径 / The field, as in persons[0].birthDate."
    )
    chosen: Json | None = strawberry.field(
        description="采用的值 / The value shown, chosen by precedence."
    )
    others: list[Claim] = strawberry.field(
        description="落选的值 / What the others tell."
    )

    def shows(self, chosen: frozenset[str]) -> tuple[int, Paths]:
        """What is noted in the read log: the value chosen, and those that lost."""
        case_id, path = _field(*self.of)
        shown = [path] if "chosen" in chosen else []
        return case_id, (*shown, *([f"facets.{path}"] if "others" in chosen else []))


@strawberry.type(description="无法识读的字段 / A field told that could not be read.")
class Unreadable(Shows):
    of: strawberry.Private[Placed]
    path: str = strawberry.field(description="字段路径 / The field.")
    text: str = strawberry.field(description="原文 / Its original text.")

    def shows(self, chosen: frozenset[str]) -> tuple[int, Paths]:
        """What is noted in the read log: the field whose text is shown."""
        case_id, path = _field(*self.of)
        return case_id, ((path,) if "text" in chosen else ())


@strawberry.interface(
    description="可溯源的记录 / A record each of whose values has a source."
)
class Sourced:
    record: strawberry.Private[Any]

    @strawberry.field(description="来源 / Who told the values, and when.")
    def sources(
        self,
        paths: Annotated[
            list[str] | None,
            strawberry.argument(
                description="只取这些字段 / Only these fields, as in filedOn."
            ),
        ] = None,
    ) -> list[Source]:
        wanted = {to_camel_case(path) for path in paths} if paths is not None else None
        return [
            Source.of(to_camel_case(name), origin)
            for name, origin in self.record.told.sources.items()
            if wanted is None or to_camel_case(name) in wanted
        ]


def disagreements(records: Iterator[Placed]) -> list[Disagreement]:
    """What agencies tell differently of these records."""
    return [
        Disagreement(
            of=(name, record),
            path=f"{prefix}{to_camel_case(name)}",
            chosen=Json(plain(getattr(record, name, None))),
            others=[
                Claim(
                    value=Json(claim.value),
                    endpoint_code=claim.source.endpoint,
                    at=claim.source.at,
                )
                for claim in claims
            ],
        )
        for prefix, record in records
        for name, claims in record.told.disagreements.items()
    ]


def unreadable(records: Iterator[Placed]) -> list[Unreadable]:
    """What nobody could read of these records."""
    return [
        Unreadable(of=(name, record), path=f"{prefix}{to_camel_case(name)}", text=text)
        for prefix, record in records
        for name, text in record.told.unreadable.items()
    ]
