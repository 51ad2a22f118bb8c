"""Where an adapter's three places lie, and the two folders a check also looks into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hub.errors import NotFound
from hub.mapping.faults import hint


@dataclass(frozen=True, slots=True)
class House:
    """A checkout of the hub, or a copy of a part of it."""

    root: Path

    @property
    def adapters(self) -> Path:
        """One folder a system."""
        return self.root / "adapters"

    @property
    def mappings(self) -> Path:
        """Mapping files and code tables."""
        return self.root / "mappings"

    @property
    def evidence(self) -> Path:
        """One folder a system: simulator, bench, fixtures."""
        return self.root / "tests" / "adapters"

    @property
    def results(self) -> Path:
        """What the conformance kit wrote, one file a system."""
        return self.root / "var" / "conformance"

    def told(self, path: Path, line: int = 0) -> str:
        """A place for people: ``adapters/court_case/manifest.yaml:12``."""
        inside = path.is_relative_to(self.root)
        name = (path.relative_to(self.root) if inside else path).as_posix()
        return f"{name}:{line}" if line else name

    def systems(self) -> tuple[str, ...]:
        """Every folder of ``adapters`` that is meant to be an adapter."""
        return tuple(
            path.name
            for path in sorted(self.adapters.iterdir())
            if path.is_dir() and not path.name.startswith(("_", "."))
        )

    def asked(self, system: str) -> str:
        """The system, if there is such a folder; raises ``NotFound``."""
        known = self.systems()
        if system in known:
            return system
        near = hint(system, known)
        raise NotFound(
            f"没有适配器 {system}{near.zh or '；已有：' + '、'.join(known)}",
            f"There is no adapter {system}"
            f"{near.en or '; there are: ' + ', '.join(known)}",
            where="NAME",
        )
