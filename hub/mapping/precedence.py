"""Which system's word wins where several tell the same field (采信顺序)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.errors import Fault, MappingInvalid, Text
from hub.mapping.faults import hint, raise_faults
from hub.mapping.source import read_yaml
from hub.records.shape import SHAPES


@dataclass(frozen=True, slots=True)
class Precedence:
    """The order of systems per field, first wins."""

    default: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]
    fields: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def load(cls, path: Path) -> Precedence:
        """Read ``precedence.yaml``. Raises ``MappingInvalid`` with every fault."""
        faults: list[Fault] = []
        body = read_yaml(path, faults)
        default = _systems(path, "default", body.get("default"), (), faults)
        kinds: dict[str, tuple[str, ...]] = {}
        fields: dict[tuple[str, str], tuple[str, ...]] = {}
        for key in sorted(set(body) - {"default", "kinds", "fields"}, key=str):
            _complain(path, str(key), f"没有关键字 {key}", f"no key {key}", faults)
        for kind, order in (body.get("kinds") or {}).items():
            _known(path, f"kinds.{kind}", kind, SHAPES, faults)
            kinds[kind] = _systems(path, f"kinds.{kind}", order, default, faults)
        for kind, orders in (body.get("fields") or {}).items():
            if _known(path, f"fields.{kind}", kind, SHAPES, faults):
                for name, order in (orders or {}).items():
                    place = f"fields.{kind}.{name}"
                    _known(path, place, name, SHAPES[kind], faults)
                    full = _systems(path, place, order, default, faults)
                    fields[kind, name] = full
        raise_faults(faults)
        return cls(default, kinds, fields)

    def order(self, kind: str, field: str) -> tuple[str, ...]:
        """The systems that may tell a field, the one to believe first."""
        return self.fields.get((kind, field)) or self.kinds.get(kind) or self.default


def _systems(
    path: Path,
    place: str,
    order: object,
    default: tuple[str, ...],
    faults: list[Fault],
) -> tuple[str, ...]:
    """A full order: the systems named first, the others as in the default."""
    named = order if isinstance(order, list) else []
    if not named or any(not isinstance(name, str) for name in named):
        _complain(path, place, "应为系统名列表", "a list of systems", faults)
        return default
    if len(set(named)) < len(named):
        _complain(path, place, "系统名重复", "a system is told twice", faults)
    if default:
        for name in named:
            _known(path, place, name, default, faults)
    return (*named, *(name for name in default if name not in named))


def _known(
    path: Path, place: str, word: str, known: object, faults: list[Fault]
) -> bool:
    names = list(known)  # type: ignore[call-overload]  # a mapping or a tuple of names
    if word in names:
        return True
    near = hint(str(word), names)
    _complain(path, place, f"没有 {word}{near.zh}", f"no {word}{near.en}", faults)
    return False


def _complain(path: Path, place: str, zh: str, en: str, faults: list[Fault]) -> None:
    fault = Fault(MappingInvalid.code, f"{path.name}: {place}", Text(zh, en))
    faults.append(fault)
