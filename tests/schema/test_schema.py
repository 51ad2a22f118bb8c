"""The schema as a whole: committed as printed, bilingual, and what guards it."""

import re
import time

import pytest
from graphql import build_schema, get_introspection_query, parse, validate

from hub.errors import NotFound
from schema.build import SCHEMA, printed
from schema.cost import LIMITS
from schema.execute import execute
from tests.conftest import ROOT
from tests.schema import seeds
from tests.schema.conftest import caller_of

CHINESE = re.compile(r"[一-鿿]")
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def test_the_committed_schema_is_what_the_code_prints():
    committed = (ROOT / "schema/schema.graphql").read_text("utf-8")
    assert committed == printed(), "run: hub schema --write"


def described():
    for name, kind in build_schema(printed()).type_map.items():
        if name.startswith("__") or name in BUILT_IN:
            continue
        yield name, kind.description
        for part, field in getattr(kind, "fields", {}).items():
            yield f"{name}.{part}", field.description
            for argument, one in getattr(field, "args", {}).items():
                yield f"{name}.{part}({argument})", one.description
        for part, value in getattr(kind, "values", {}).items():
            yield f"{name}.{part}", value.description


def test_every_type_field_argument_and_value_is_described_in_both_languages():
    bad = [
        name
        for name, text in described()
        if not text or not CHINESE.search(text) or not re.search(r" / [A-Za-z]", text)
    ]
    assert bad == []


def ladder(rungs):
    """Fragments that spread the next one twice: two to the power of ``rungs``."""
    steps = [
        f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(rungs)
    ]
    last = f"fragment f{rungs} on Query {{ caller {{ agencyType }} }}"
    return "\n".join(["{ ...f0 }", *steps, last])


@pytest.mark.parametrize("rungs", [14, 22, 40, 49])
async def test_a_ladder_of_fragments_is_refused_by_its_cost(refusal, rungs):
    found = await refusal(seeds.POLICE, ladder(rungs))
    assert found["code"] == "REQUEST_INVALID"


async def test_the_measuring_of_a_ladder_takes_its_length_not_a_power(hub):
    """Compared with itself, not with a clock: four times the rungs, not 2^120."""
    spent = []
    for rungs in (40, 160):
        begun = time.process_time()
        await execute(hub, caller_of(seeds.POLICE), ladder(rungs))
        spent.append(time.process_time() - begun)
    assert spent[1] < 1000 * max(spent[0], 0.001)


def nested(fields):
    return "{ caller { " + fields + " } }"


DEEP = """{ cases { nodes { persons { case { persons { case { persons { case {
  investigator { code } } } } } } } } } }"""


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (DEEP.replace("{ code }", "{ type { code } }"), "depth"),
        (
            "{ cases(first: 100) { nodes { persons { name charges { person { charges {"
            " person { charges { id wording } } } } } } } } }",
            "cost",
        ),
        (nested(" ".join(f"a{n}: agencyType" for n in range(31))), "aliases"),
        (nested("agencyType " * 2000), "token"),
        ("{" + "caller { mayAsk } " * 11 + "}", "root fields"),
        (nested("agencyType @skip(if: false) " * 51), "directives"),
        ("{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
        ("{ case(numbr: 1) { hubNumber } }", "Unknown argument"),
        ("{", "Syntax Error"),
    ],
)
async def test_what_is_too_much_or_malformed_is_refused_in_both_languages(
    refusal, document, words
):
    found = await refusal(seeds.POLICE, document)
    assert found["code"] == "REQUEST_INVALID"
    assert found["messageZh"]
    assert words in found["messageEn"]
    assert "Did you mean" not in found["messageEn"]


async def test_exactly_as_deep_as_allowed_is_answered(ask):
    assert LIMITS.depth == 10
    assert await ask(seeds.POLICE, DEEP) == {"cases": {"nodes": []}}


async def test_a_page_size_in_a_variable_is_counted(hub):
    text = """query ($n: Int!) { cases(first: $n) { nodes { persons { name charges {
      person { charges { id wording person {
        name address occupation formerName } } } } } } } }"""
    small = await execute(hub, caller_of(seeds.POLICE), text, {"n": 1})
    large = await execute(hub, caller_of(seeds.POLICE), text, {"n": 100})
    assert small.errors == ()
    assert "cost" in large.errors[0]["extensions"]["messageEn"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Date", "2023-13-01"),
        ("Date", "yesterday"),
        ("Date", 5),
        ("DateTime", "2023-08-01T00:00:00"),
        ("DateTime", "noon"),
    ],
)
async def test_a_value_of_the_wrong_form_is_the_callers_fault(refusal, kind, value):
    name = {"Date": "filedFrom", "DateTime": "changedSince"}[kind]
    text = f"query ($v: {kind}) {{ cases(filter: {{ {name}: $v }}) {{ totalCount }} }}"
    found = await refusal(seeds.POLICE, text, v=value)
    assert found["code"] == "REQUEST_INVALID"
    assert "should be" in found["messageEn"]


async def test_whoever_is_signed_in_may_read_the_schema(hub):
    answer = await execute(
        hub, caller_of(seeds.POLICE), get_introspection_query(descriptions=True)
    )
    assert answer.errors == ()
    assert len(answer.data["__schema"]["types"]) > 40


@pytest.mark.parametrize("document", ["", "fragment x on Query { caller { mayAsk } }"])
async def test_a_document_without_an_operation_is_refused(refusal, document):
    assert (await refusal(seeds.POLICE, document))["code"] == "REQUEST_INVALID"


async def test_a_subscription_does_not_come_by_post(refusal):
    found = await refusal(seeds.POLICE, "subscription { caseEvents { id } }")
    assert found["where"] == "operationName"


async def test_a_defect_is_masked_and_found_again_by_its_reference(
    hub, monkeypatch, caplog
):
    async def broken(*_):
        raise RuntimeError("password=secret 421381198001010010")

    monkeypatch.setattr("hub.engine.answers.cases.case", broken)
    text = '{ case(number: "421381198001010010") { title } }'
    with caplog.at_level("DEBUG"):
        answer = await execute(hub, caller_of(seeds.POLICE), text)
    told = answer.errors[0]
    assert told["extensions"]["code"] == "HUB"
    assert told["extensions"]["reference"] in told["message"]
    assert "secret" not in str(told)
    assert "421381198001010010" not in caplog.text


async def test_a_house_error_keeps_its_words_and_its_place(hub, monkeypatch):
    async def gone(*_):
        raise NotFound("没有", "none", where="number")

    monkeypatch.setattr("hub.engine.answers.cases.case", gone)
    answer = await execute(hub, caller_of(seeds.POLICE), '{ case(number: "1") { id } }')
    told = answer.errors[0]
    assert told["path"] == ["case"]
    assert told["message"] == "没有 / none"
    assert told["extensions"]["remedy"]["en"]
    assert SCHEMA is not None


def test_every_snippet_of_the_guide_is_valid():
    text = (ROOT / "docs/graphql.md").read_text("utf-8")
    snippets = re.findall(r"```graphql\n(.*?)```", text, re.DOTALL)
    assert len(snippets) >= 4
    for snippet in snippets:
        assert validate(SCHEMA._schema, parse(snippet)) == []
