import ast
import importlib.metadata

import pytest

from tests.house.documents import CODE, ROOT, sources, tracked

OURS = (*CODE, "tests")
#: Alembic runs these by number; they are no package and grow by whole tables
STEPS = ROOT / "hub/store/migrations/versions"


def test_no_installed_package_claims_a_room_of_ours():
    claimed = importlib.metadata.packages_distributions()
    strangers = {
        room: claimed[room]
        for room in OURS
        if set(claimed.get(room, ())) - {"agency-hub"}
    }
    assert not strangers


def test_every_package_folder_has_an_init_with_a_line_about_it():
    folders = {path.parent for path in tracked("hub/*.py", "schema/*.py")}
    folders |= {path.parent for path in tracked("adapters/*.py")}
    for folder in sorted(folders - {STEPS}):
        init = folder / "__init__.py"
        assert init.exists(), f"{folder.relative_to(ROOT)} has no __init__.py"
        words = ast.get_docstring(ast.parse(init.read_text("utf-8")))
        assert words, f"{init.relative_to(ROOT)} does not say what the room is for"


@pytest.mark.parametrize(
    "word", ["utils", "util", "common", "helpers", "helper", "misc"]
)
def test_no_room_without_a_name_of_its_own(word):
    assert not [p for p in tracked("*.py") if word in (p.stem, p.parent.name)]


def test_no_module_has_grown_into_two_ideas():
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path, _ in sources()
        if path.parent != STEPS
    }
    big = {name: count for name, count in lines.items() if count > 400}
    # the drawn tree of errors and the drawn tables are each one idea, read as a whole
    assert set(big) <= {"hub/errors.py", "hub/store/tables.py"}


def test_functions_stay_about_ten_lines_long():
    sizes = [
        len({line.lineno for line in ast.walk(node) if hasattr(line, "lineno")})
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [size for size in sizes if size > 50]
    assert len(long) <= len(sizes) / 100


def test_everything_at_the_top_is_known():
    known = {*CODE, "mappings", "tests", "docker", "docs", ".ci"}
    tops = {p.relative_to(ROOT).parts[0] for p in tracked() if p.parent != ROOT}
    assert tops <= known
