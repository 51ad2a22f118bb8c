"""The JSON Schema of mapping files, for editors.

``mappings/mapping.schema.json`` is what this builds; a test compares them.
``python -m hub.mapping.editor FILE`` writes it anew. The loader knows more: it
also checks paths against the canonical shape and types against converters.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hub.mapping.converters.registry import registry
from hub.records.shape import SHAPES

_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_NAMES: dict[str, Any] = {"type": "string", "pattern": "^[a-z0-9_]+$"}


def _some(item: dict[str, Any]) -> dict[str, Any]:
    """One of these, or a list of them."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _rule(*, parcel: bool) -> dict[str, Any]:
    converters = registry(frozenset()).values()
    names = [
        one.name
        for one in converters
        if (one.write if parcel else one.read) is not None
    ]
    keys: dict[str, Any] = {
        "from": _some(_TEXT),
        "merge": {"type": "array", "items": _TEXT, "minItems": 2},
        "when": _TEXT,
        "each": _some(_TEXT),
        "join": {"type": "string"},
        "record": _TEXT,
        "convert": _some({"enum": sorted(names)}),
        "table": _NAMES,
        "by": _NAMES,
        "unknown": {"enum": ["reject", "hold"] + ([] if parcel else ["pass"])},
        "required": {"type": "boolean"},
        "note": _TEXT,
    }
    if not parcel:
        keys["split"] = _TEXT
    constant: dict[str, Any] = {"type": ["string", "boolean", "number"]}
    return {
        "anyOf": [
            {**_object(keys), "minProperties": 1},
            _object({"constant": constant, "when": _TEXT, "note": _TEXT}, "constant"),
        ]
    }


def _expect() -> dict[str, Any]:
    """Bounds of a run."""
    count = {"type": "integer", "minimum": 0}
    share = {"type": "number", "minimum": 0, "maximum": 1}
    return _object(
        {
            "records": _object({"min": count, "max": count}),
            "set_aside": share,
            "filled": {"type": "object", "additionalProperties": share},
        }
    )


def _fields(kind: str) -> dict[str, Any]:
    rule = _some({"$ref": "#/$defs/rule"})
    return _object(dict.fromkeys(SHAPES[kind], rule)) | {"minProperties": 1}


def _record() -> dict[str, Any]:
    """A record whose name is its kind, or says its kind."""
    any_field = {"type": "object", "minProperties": 1}
    keys = {
        "kind": {"enum": list(SHAPES)},
        "root": _TEXT,
        "when": _TEXT,
        "fields": any_field | {"additionalProperties": _some({"$ref": "#/$defs/rule"})},
        "ignore": {"type": "object", "additionalProperties": _TEXT},
        "expect": {"$ref": "#/$defs/expect"},
        "note": _TEXT,
    }
    told = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {"properties": {"fields": {"$ref": f"#/$defs/{kind}"}}},
        }
        for kind in SHAPES
    ]
    return _object(keys, "fields") | {"allOf": told}


def _named(kind: str) -> dict[str, Any]:
    fields = {"properties": {"fields": {"$ref": f"#/$defs/{kind}"}}}
    return {
        "allOf": [
            {"$ref": "#/$defs/record"},
            {"if": {"not": {"required": ["kind"]}}, "then": fields},
        ]
    }


def _overlay() -> dict[str, Any]:
    """What one endpoint does otherwise: fields, ignored paths, crosswalk rows."""
    rule = _some({"$ref": "#/$defs/rule"})
    record = _object(
        {
            "fields": {"type": "object", "additionalProperties": rule},
            "ignore": {"type": "object", "additionalProperties": _TEXT},
            "note": _TEXT,
        }
    )
    rows = {"type": "object", "additionalProperties": _TEXT}
    return _object(
        {
            "system": _NAMES,
            "endpoint": _TEXT,
            "title": _object({"zh": _TEXT, "en": _TEXT}, "zh", "en"),
            "records": {"type": "object", "additionalProperties": record},
            "tables": {"type": "object", "additionalProperties": rows},
            "note": _TEXT,
        },
        "system",
        "endpoint",
    )


def build() -> dict[str, Any]:
    """The schema as JSON."""
    node_rules = {"type": "object", "minProperties": 1}
    node = _object(
        {
            "needs": {"type": "array", "items": _TEXT},
            "fields": node_rules
            | {"additionalProperties": {"$ref": "#/$defs/parcel_rule"}},
            "note": _TEXT,
        },
        "fields",
    )
    title = _object({"zh": _TEXT, "en": _TEXT}, "zh", "en")
    properties = {
        "system": _NAMES,
        "revision": {"type": "integer", "minimum": 1},
        "title": title,
        "records": {
            "type": "object",
            "properties": {kind: _named(kind) for kind in SHAPES},
            "additionalProperties": {
                "allOf": [{"$ref": "#/$defs/record"}, {"required": ["kind"]}]
            },
        },
        "parcels": {"type": "object", "additionalProperties": node},
        "note": _TEXT,
    }
    mapping = _object(properties, "system", "revision", "title")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mapping of one legacy system, or an overlay (mappings/README.md)",
        "if": {"required": ["endpoint"]},
        "then": {"$ref": "#/$defs/overlay"},
        "else": {"$ref": "#/$defs/mapping"},
        "$defs": {
            "rule": _rule(parcel=False),
            "parcel_rule": _rule(parcel=True),
            "record": _record(),
            "expect": _expect(),
            "mapping": mapping,
            "overlay": _overlay(),
            **{kind: _fields(kind) for kind in SHAPES},
        },
    }


def text() -> str:
    """The schema as the file holds it."""
    return json.dumps(build(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), "utf-8")
