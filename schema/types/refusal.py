"""Refusals: expected answers that say no, with everything needed to mend it."""

from __future__ import annotations

import strawberry

from hub import errors
from schema.shown import place
from schema.types.text import Text


@strawberry.type(description="问题 / One thing wrong in one place.")
class Problem:
    code: str = strawberry.field(description="错误码 / Code of the error tree.")
    where: str = strawberry.field(
        description="位置 / Path in the record or input, as in persons[0].birthDate."
    )
    message: Text = strawberry.field(description="说明 / What is wrong.")
    source: str = strawberry.field(
        description="原始位置 / The place in the raw record, if there is one."
    )
    rule: str = strawberry.field(
        description="规则 / The converter, table or check that objected."
    )

    @classmethod
    def of(cls, fault: errors.Fault) -> Problem:
        """A fault as found."""
        return cls(
            code=fault.code,
            where=place(fault.where),
            message=Text.of(fault.message),
            source=fault.source,
            rule=fault.rule,
        )


@strawberry.type(
    description="拒绝 / The request was understood and refused; nothing was changed."
)
class Refusal:
    code: str = strawberry.field(description="错误码 / Stable code of the error tree.")
    message: Text = strawberry.field(description="说明 / Why it was refused.")
    remedy: Text = strawberry.field(description="处理办法 / What to do.")
    where: str = strawberry.field(description="位置 / The argument or thing meant.")
    problems: list[Problem] = strawberry.field(
        description="问题清单 / Everything wrong, each with its place."
    )

    @classmethod
    def of(cls, error: errors.HubError) -> Refusal:
        """An error as a refusal; one that stops the hub is raised again instead."""
        if error.disposition is errors.Disposition.STOP:
            raise error
        return cls.told(error)

    @classmethod
    def told(cls, error: errors.HubError) -> Refusal:
        """Any error as a refusal, also one that would stop a start of the hub."""
        return cls(
            code=error.code,
            message=Text.of(error.message),
            remedy=Text.of(error.remedy),
            where=place(error.where),
            problems=[Problem.of(fault) for fault in error.faults],
        )
