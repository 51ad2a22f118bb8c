"""Mapping files as YAML, read strictly: a key told twice is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from hub.errors import Fault, MappingInvalid, Text


class _Strict(yaml.SafeLoader):
    """YAML's safe loader, but a repeated key is no silent overwrite."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[object] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, dict | list | set):
            raise yaml.constructor.ConstructorError(
                None, None, "a key must be text", key_node.start_mark
            )
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key} is told twice", key_node.start_mark
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path, faults: list[Fault]) -> dict[str, Any]:
    """A mapping file's content; empty, with a fault noted, where it is none."""
    try:
        found = yaml.load(path.read_text("utf-8"), _Strict)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        faults.append(
            Fault(
                MappingInvalid.code,
                path.name,
                Text(f"文件无法读取：{error}", f"the file cannot be read: {error}"),
            )
        )
        return {}
    if isinstance(found, dict):
        return found
    message = Text("文件应为键值结构", "the file must be a mapping of keys")
    faults.append(Fault(MappingInvalid.code, path.name, message))
    return {}
