import re

import pytest

from tests.house.documents import ROOT, tracked

#: told apart so that this file does not find itself
PLACES = (
    r"/wor" + r"k/(main|shared|steering|\.)",
    r"\.\./share" + r"d\b",
    r"/hom" + r"e/\w+/",
    r"/roo" + r"t/",
)
REGISTRIES = (
    r"index-ur" + r"l\s*=",
    r"--(extra-)?index-ur" + r"l[ =]",
    r"pypi\.(or" + r"g|python)",
    r"registry\.npmj" + r"s",
    r"deb\.debia" + r"n\.org",
    r"\"resolved\"\s*:\s*\"http",
    r"--find-link" + r"s[ =]",
)


def lines(pattern):
    for path in tracked():
        try:
            words = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(words.splitlines(), 1):
            if re.search(pattern, line):
                yield f"{path.relative_to(ROOT)}:{number}"


@pytest.mark.parametrize("pattern", PLACES)
def test_no_file_names_a_place_of_one_machine(pattern):
    assert not list(lines(pattern))


@pytest.mark.parametrize("pattern", REGISTRIES)
def test_no_file_names_a_package_registry(pattern):
    assert not list(lines(pattern))


def test_every_locked_package_has_its_digests():
    for name, least in (
        ("requirements.lock", 50),
        ("requirements-dev.lock", 50),
        ("requirements-bench.lock", 30),
    ):
        words = (ROOT / name).read_text("utf-8").replace("\\\n", "")
        pinned = [
            line for line in words.splitlines() if re.match(r"[a-z0-9]", line, re.I)
        ]
        assert len(pinned) > least
        assert all("==" in one and "--hash=sha256:" in one for one in pinned)
