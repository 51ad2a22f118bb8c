import ast
import re
from dataclasses import fields

import pytest
from graphql import GraphQLObjectType, build_schema

from hub.check.catalogue import CHECKS
from hub.check.house import House
from hub.check.manifest_words import MEANINGS
from hub.check.reference import contract_page, manifest_keys
from hub.contract.endpoint import Endpoint
from hub.entry import cli
from hub.entry.commands import dictionary
from hub.entry.keys import KEYS
from hub.entry.logs import SPOKEN
from hub.mapping.converters.registry import registry
from tests.adapters.subject import shipped
from tests.house.documents import (
    ROOT,
    headings,
    links,
    log_calls,
    sources,
    text,
    tracked,
)

OPERATING = "docs/operating.md"
METRICS = {"Counter", "Gauge", "Histogram", "_gauge"}


def commands(app=cli.app, path=("hub",)):
    for command in app.registered_commands:
        yield " ".join((*path, command.name or command.callback.__name__))
    for group in app.registered_groups:
        yield from commands(group.typer_instance, (*path, group.name))


def test_every_setting_has_its_heading_and_every_heading_its_setting():
    assert headings(OPERATING, "Settings") == {key.name for key in KEYS}


def test_every_default_and_variable_in_the_page_is_the_real_one():
    page = text(OPERATING)
    for key in KEYS:
        part = page.partition(f"### `{key.name}`")[2].partition("\n### ")[0]
        assert f"`{key.variable}`" in part
        assert f"`{key.default}`" in part or key.default == ""


def test_every_field_of_an_endpoint_has_its_heading():
    told = {f"endpoints.{field.name}" for field in fields(Endpoint)}
    assert headings(OPERATING, "Endpoints") == told


def test_every_command_has_its_heading_and_every_heading_its_command():
    assert headings(OPERATING, "Commands") == set(commands())


def test_every_log_event_has_its_heading_and_every_heading_its_event():
    events = {
        str(call.args[0].value)
        for _, call in log_calls()
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert headings(OPERATING, "Log events") == events | {SPOKEN}


def test_every_metric_has_its_heading_and_every_heading_its_metric():
    made = {
        node.args[0].value
        for path, tree in sources()
        if path.is_relative_to(ROOT / "hub/entry")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in METRICS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    told = {name.removesuffix("_total") for name in headings(OPERATING, "Metrics")}
    assert told == made


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
def test_every_root_field_has_its_heading_and_every_heading_its_field(root):
    kind = build_schema(text("schema/schema.graphql")).type_map[root]
    assert isinstance(kind, GraphQLObjectType)
    assert headings("docs/graphql.md", root) == set(kind.fields)


def test_every_converter_is_told_in_the_mapping_language():
    page = text("mappings/README.md")
    assert not [name for name in registry(frozenset()) if f"`{name}`" not in page]


def test_the_field_dictionaries_are_what_the_mappings_make():
    there = {
        path.name: path.read_text("utf-8")
        for path in (ROOT / "docs/dictionaries").glob("*.md")
    }
    made = dictionary.documents()
    index = there.pop("index.md").splitlines()
    assert there == {name: made.get(name) for name in there}
    # a system that was just begun gets its page when its mapping is agreed
    assert {f"{name}.md" for name in shipped()} <= set(there)
    assert set(index) <= set(made["index.md"].splitlines())
    assert not [name for name in there if f"({name})" not in "".join(index)]


def test_the_page_of_the_contract_is_what_the_code_says():
    assert text("docs/contract.md") == contract_page()


def test_every_key_of_a_manifest_has_its_meaning():
    assert not [key for key in manifest_keys() if not MEANINGS.get(key)]


def test_the_page_of_conformance_knows_every_adapter_and_every_check():
    page = text("docs/conformance.md")
    systems = House(ROOT).systems()
    assert not [one.id for one in CHECKS if f"| `{one.id}` | " not in page]
    told = set(re.findall(r"(?m)^\| `([^`]+)` \| ", page))
    # a system that was just begun has no row until its results are written down
    assert shipped() <= told
    assert told <= {*systems, *(one.id for one in CHECKS)}


@pytest.mark.parametrize(
    "page", tracked("*.md"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_every_link_leads_somewhere(page):
    broken = [target for target in links(page) if not (page.parent / target).exists()]
    assert not broken


@pytest.mark.parametrize(
    "page", tracked("*.md"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_every_command_in_a_page_exists(page):
    known = set(commands())
    groups = {" ".join(name.split()[:2]) for name in known if name.count(" ") == 2}
    told = re.findall(
        r"(?m)(?:^|`|/)hub (?:--config \S+ )?([a-z][a-z-]*)(?: ([a-z][a-z-]*))?",
        page.read_text("utf-8"),
    )
    for first, second in told:
        name = f"hub {first}"
        full = f"{name} {second}" if name in groups else name
        assert full in known or name in groups, full


def test_every_decision_is_numbered_and_says_what_came_of_it():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in pages:
        for part in ("## Context", "## Alternatives", "## Outcome", "## Consequences"):
            assert part in page.read_text("utf-8"), f"{page.name}: {part}"


def test_the_two_readmes_tell_the_same():
    english, chinese = text("README.md"), text("README.zh-CN.md")
    fences = re.compile(r"```.*?```", re.DOTALL)
    assert len(fences.findall(english)) == len(fences.findall(chinese))
    assert english.count("\n## ") == chinese.count("\n## ")
