import ast
import re

from hub.entry.logs import ALLOWED, SPOKEN
from tests.house.documents import ROOT, log_calls, sources

NOUN_PAST = re.compile(r"^[a-z_]+(\.[a-z_]+)+$")
#: words of other houses for our things (docs/glossary.md)
FOREIGN = {"tenant", "connector", "payload", "dlq", "outbound_payload", "transformer"}


def place(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def test_an_event_name_is_a_constant_of_noun_and_past():
    wrong = [
        place(path, call)
        for path, call in log_calls()
        if not (
            call.args
            and isinstance(call.args[0], ast.Constant)
            and NOUN_PAST.match(str(call.args[0].value))
        )
    ]
    assert not wrong


def test_every_key_of_a_log_line_stands_in_the_list():
    wrong = [
        f"{place(path, call)} {keyword.arg}"
        for path, call in log_calls()
        for keyword in call.keywords
        if keyword.arg not in ALLOWED | {"exc_info"}
    ]
    assert not wrong


def test_the_event_of_libraries_is_named_like_ours():
    assert NOUN_PAST.match(SPOKEN)


def test_errors_end_in_error_only_where_they_branch():
    import hub.errors

    for name, thing in vars(hub.errors).items():
        if isinstance(thing, type) and issubclass(thing, hub.errors.HubError):
            branches = bool(thing.__subclasses__()) or thing is hub.errors.HubError
            assert name.endswith("Error") is branches, name


def test_no_word_of_another_house_names_a_thing_of_ours():
    wrong = [
        f"{place(path, node)} {node.name}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and FOREIGN & set(re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower().split("_"))
    ]
    assert not wrong


def test_only_the_doors_read_the_environment():
    wrong = [
        place(path, node)
        for path, tree in sources()
        if not path.is_relative_to(ROOT / "hub/entry")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and ast.unparse(node.value) == "os"
    ]
    assert not wrong
