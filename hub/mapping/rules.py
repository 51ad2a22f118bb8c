"""A mapping file, taken apart and checked: what reading and writing walk over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hub.contract.messages import Tree
from hub.errors import Text
from hub.mapping.condition import Condition
from hub.mapping.converters.converter import Converter
from hub.mapping.expect import Expect
from hub.mapping.lookup import Lookup
from hub.mapping.path import Path
from hub.mapping.value import Result


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field comes about.

    ``target`` is the canonical field, or the receiver's path in a parcel.
    ``sources`` are alternatives, the first that tells something wins; ``each``
    are lists, taken one after the other. ``take`` turns one raw value into a
    canonical one, or the other way round in a parcel. ``key`` is the only step of
    the only source, where there is but one: the common case, looked up at once.
    ``wholes`` are texts that ``split`` leaves whole though a mark stands in them.
    A value is borrowed where it does not come from the record itself (a constant,
    a field from the top): alone it makes no nested record.
    ``when`` must hold, else the rule tells nothing. ``is_merge``: all sources that
    tell something are put together by ``join`` before anything else. ``choices`` are
    rules of one field, the first that tells something counts; such a rule is nothing
    but them. ``passes``: an unreadable text is taken as it is, and told so.
    ``place`` is where the rule stands in its file; ``take`` is made of ``converters``
    and ``lookup``.
    """

    target: tuple[str, ...]
    sources: tuple[Path, ...] = ()
    each: tuple[Path, ...] = ()
    split: re.Pattern[str] | None = None
    join: str | None = None
    inner: RecordRules | None = None
    is_many: bool = False
    take: Callable[[Tree], Result] | None = None
    constant: Tree = None
    hold: bool = False
    required: bool = False
    key: str = ""
    wholes: frozenset[str] = frozenset()
    is_borrowed: bool = False
    when: Condition | None = None
    is_merge: bool = False
    choices: tuple[Rule, ...] = ()
    passes: bool = False
    place: str = ""
    converters: tuple[Converter, ...] = ()
    lookup: Lookup | None = None

    @property
    def name(self) -> str:
        """The target as one text."""
        return "/".join(self.target)


@dataclass(frozen=True, slots=True)
class RecordRules:
    """The rules of one kind of record. ``ignore`` maps a path to its reason.

    ``wholes`` are the raw codes that its ``.`` may be, where a table says so.
    ``when``: elements of which it does not hold are no such records. ``expect`` are
    the bounds of a run.
    """

    name: str
    kind: str
    rules: tuple[Rule, ...]
    root: Path | None = None
    ignore: Mapping[Path, str] = field(default_factory=dict)
    needs: tuple[Path, ...] = ()
    wholes: frozenset[str] = frozenset()
    when: Condition | None = None
    expect: Expect = field(default_factory=Expect)


@dataclass(frozen=True, slots=True)
class SystemRules:
    """One mapping file: records by name (in), nodes by code (out)."""

    system: str
    revision: int
    title: Text
    records: Mapping[str, RecordRules]
    parcels: Mapping[str, RecordRules]
    tables: frozenset[str]
