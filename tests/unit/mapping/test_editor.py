"""The JSON Schema that editors use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from hub.mapping.editor import build, text

ROOT = Path(__file__).parents[3]
HEAD: dict[str, Any] = {
    "system": "demo",
    "revision": 1,
    "title": {"zh": "演示", "en": "Demo"},
}


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(build())
    return Draft202012Validator(build())


def test_the_file_is_what_the_code_builds() -> None:
    path = ROOT / "mappings" / "mapping.schema.json"
    assert path.read_text("utf-8") == text(), f"python -m hub.mapping.editor {path}"


def test_the_product_s_mappings_keep_it(validator: Draft202012Validator) -> None:
    paths = sorted((ROOT / "mappings").glob("*.yaml"))
    for path in paths:
        if path.stem != "precedence":
            body = yaml.safe_load(path.read_text("utf-8"))
            told = [
                f"{path.name}: {error.message}" for error in validator.iter_errors(body)
            ]
            assert told == []


def test_the_page_s_own_example_keeps_it(validator: Draft202012Validator) -> None:
    page = (ROOT / "mappings" / "README.md").read_text("utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    assert list(validator.iter_errors(yaml.safe_load(example))) == []


@pytest.mark.parametrize(
    "sections",
    [
        {"recrods": {}},
        {"records": {"case": {"fields": {"titel": {"from": "T"}}}}},
        {"records": {"case": {"fields": {"title": {"form": "T"}}}}},
        {"records": {"case": {"fields": {"title": {"from": "T", "convert": "dat"}}}}},
        {"records": {"case": {"fields": {"title": {"from": "T", "constant": "x"}}}}},
        {"records": {"case": {"fields": {}}}},
        {
            "records": {
                "case": {"fields": {"title": {"from": "T"}}, "ignore": {"X": ""}}
            }
        },
        {"records": {"paper": {"fields": {"name": {"from": "T"}}}}},
        {"records": {"paper": {"kind": "document", "fields": {"nam": {"from": "T"}}}}},
        {"parcels": {"INDICTMENT": {"fields": {"x": {"from": "title", "split": ","}}}}},
        {
            "parcels": {
                "INDICTMENT": {"needs": "title", "fields": {"x": {"from": "title"}}}
            }
        },
    ],
)
def test_what_the_loader_refuses_an_editor_marks(
    validator: Draft202012Validator, sections: dict[str, Any]
) -> None:
    assert list(validator.iter_errors({**HEAD, **sections}))


def test_a_second_layout_says_its_kind(validator: Draft202012Validator) -> None:
    fields = {"name": {"from": "T"}}
    sections = {"records": {"paper": {"kind": "document", "fields": fields}}}
    assert list(validator.iter_errors({**HEAD, **sections})) == []
