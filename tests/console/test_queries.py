import pytest
from graphql import parse, validate

from hub.console.asking import HOME
from schema.build import SCHEMA
from schema.cost import rule

DOCUMENTS = sorted(HOME.glob("*.graphql"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_question_of_the_console_is_one_the_schema_answers(path):
    found = parse(path.read_text("utf-8"))
    assert validate(SCHEMA._schema, found) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_question_stays_under_the_limit_of_any_client(path):
    found = parse(path.read_text("utf-8"))
    variables = {"first": 50}
    assert validate(SCHEMA._schema, found, [rule(variables)]) == []


def test_every_document_is_used():
    code = "\n".join(p.read_text("utf-8") for p in HOME.parent.glob("*.py"))
    assert not [path.stem for path in DOCUMENTS if f'"{path.stem}"' not in code]
