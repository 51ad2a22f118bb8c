"""The rules of now: tables, mappings and precedence, read anew when files change.

Mending a mapping is an edit on disk; nobody has to restart a process for it. A
file that is broken never takes the place of rules that work.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from hub.errors import ConfigurationError, MappingInvalid, RulesNotApproved
from hub.mapping.code_tables.tables import Tables
from hub.mapping.dryrun.digest import dictionary_digest, digests, files
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence

_log = structlog.get_logger(__name__)

#: what every file that counts looks like from outside: (place, size, mtime)
Stamp = tuple[tuple[str, int, int], ...]

#: was a dictionary of this digest approved?
Gate = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Rules:
    """One reading of the dictionary: everything that decides what records mean.

    ``digest`` is that of the files it was read from; empty where it came from none.
    """

    tables: Tables
    mappings: Mappings
    precedence: Precedence
    digest: str = ""

    @classmethod
    def load(cls, folder: Path) -> Rules:
        """Read it all; raises ``MappingInvalid`` or ``CodeTableMissing``."""
        try:
            there = digests(folder)
            tables = Tables.load(folder / "tables")
            mappings = Mappings.load(folder, tables)
            precedence = Precedence.load(folder / "precedence.yaml")
        except (OSError, ValueError) as error:
            raise MappingInvalid(
                "映射文件或代码表无法读取",
                "A mapping file or code table cannot be read",
                where=str(getattr(error, "filename", None) or folder.name),
                detail=type(error).__name__,
            ) from error
        if digests(folder) != there:
            raise MappingInvalid(
                "读取期间文件又有改动，请稍后再试",
                "The files changed while they were read; try again in a moment",
                where=folder.name,
            )
        return cls(tables, mappings, precedence, dictionary_digest(there))


@dataclass(slots=True)
class RuleBook:
    """The rules in force and the folder they are from; no folder: they stay.

    ``seen`` is the stamp of the files in force; ``refused`` that of files found
    broken and why, so that those are not read again and again. ``gate``, where there
    is one, says whether somebody approved rules of this digest; ``waiting`` are sound
    ones that nobody did so far.
    """

    now: Rules
    folder: Path | None = None
    seen: Stamp = ()
    refused: tuple[Stamp, ConfigurationError] | None = None
    gate: Gate | None = None
    waiting: Rules | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def open(cls, folder: Path) -> RuleBook:
        """The rules of a folder, followed from now on."""
        seen = stamp(folder)
        return cls(Rules.load(folder), folder, seen)

    async def renew(self) -> Rules:
        """The rules of now, read anew if a file changed since.

        Raises ``MappingInvalid`` or ``CodeTableMissing`` for broken files, and
        ``RulesNotApproved``; the rules in force stay in force then.
        """
        async with self._turn:
            if self.folder is not None:
                there = await asyncio.to_thread(stamp, self.folder)
                if there != self.seen:
                    await self._read(self.folder, there)
            return self.now

    async def renew_if_sound(self) -> Rules:
        """The same, but broken files are a warning in the log and no more."""
        with contextlib.suppress(ConfigurationError):
            await self.renew()
        return self.now

    async def _read(self, folder: Path, there: Stamp) -> None:
        known = self.refused is not None and self.refused[0] == there
        if self.refused is not None and known and self.waiting is None:
            raise self.refused[1].with_traceback(None)
        waiting = self.waiting if known else None
        self.waiting = None
        try:
            rules = (
                await asyncio.to_thread(Rules.load, folder)
                if waiting is None
                else waiting
            )
            await self._ask(rules)
        except ConfigurationError as error:
            self.refused = (there, error)
            if not known:
                _log.warning("rules.refused", code=error.code, where=error.where)
            raise
        self.now, self.seen, self.refused = rules, there, None
        _log.info("rules.renewed")

    async def _ask(self, rules: Rules) -> None:
        """Let sound rules through the gate; they wait there until they are approved."""
        if self.gate is None:
            return
        self.waiting = rules
        if not await self.gate(rules.digest):
            raise not_approved(rules.digest)
        self.waiting = None


def not_approved(digest: str) -> RulesNotApproved:
    """What is said to rules that nobody approved."""
    return RulesNotApproved(
        f"规则 {digest[:12]} 未经批准，不予启用",
        f"Rules {digest[:12]} were not approved and do not come into force",
        where="rules.approval",
    )


def stamp(folder: Path) -> Stamp:
    """What the files that make the rules look like, without reading them."""
    found = []
    for place, path in files(folder):
        with contextlib.suppress(FileNotFoundError):
            told = path.stat()
            found.append((place, told.st_size, told.st_mtime_ns))
    return tuple(sorted(found))
