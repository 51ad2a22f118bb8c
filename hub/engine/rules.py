"""The rules of now: tables, mappings and precedence, read anew when files change.

Mending a mapping is an edit on disk; nobody has to restart a process for it. A
file that is broken never takes the place of rules that work.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from hub.errors import ConfigurationError, MappingInvalid
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.mapping.tables import Tables

_log = structlog.get_logger(__name__)

#: what every file that counts looks like from outside: (place, size, mtime)
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """One reading of the dictionary: everything that decides what records mean."""

    tables: Tables
    mappings: Mappings
    precedence: Precedence

    @classmethod
    def load(cls, folder: Path) -> Rules:
        """Read it all; raises ``MappingInvalid`` or ``CodeTableMissing``."""
        try:
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
        return cls(tables, mappings, precedence)


@dataclass(slots=True)
class RuleBook:
    """The rules in force and the folder they are from; no folder: they stay.

    ``seen`` is the stamp of the files in force; ``refused`` that of files found
    broken and why, so that those are not read again and again.
    """

    now: Rules
    folder: Path | None = None
    seen: Stamp = ()
    refused: tuple[Stamp, ConfigurationError] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def open(cls, folder: Path) -> RuleBook:
        """The rules of a folder, followed from now on."""
        seen = stamp(folder)
        return cls(Rules.load(folder), folder, seen)

    async def renew(self) -> Rules:
        """The rules of now, read anew if a file changed since.

        Raises ``MappingInvalid`` or ``CodeTableMissing`` for broken files; the
        rules in force stay in force then.
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
        if self.refused is not None and self.refused[0] == there:
            raise self.refused[1].with_traceback(None)
        try:
            self.now = await asyncio.to_thread(Rules.load, folder)
        except ConfigurationError as error:
            self.refused = (there, error)
            _log.warning("rules.refused", code=error.code, where=error.where)
            raise
        self.seen, self.refused = there, None
        _log.info("rules.renewed")


def stamp(folder: Path) -> Stamp:
    """What the files that make the rules look like, without reading them."""
    found = []
    for pattern in (
        "*.yaml",
        "overlays/*/*.yaml",
        "tables/*.tsv",
        "tables/*/*.tsv",
        "tables/*/crosswalk/*.tsv",
        "tables/*/history/*.tsv",
    ):
        for path in folder.glob(pattern):
            with contextlib.suppress(FileNotFoundError):
                told = path.stat()
                place = str(path.relative_to(folder))
                found.append((place, told.st_size, told.st_mtime_ns))
    return tuple(sorted(found))
