import re
from collections import Counter

import pytest

from hub.errors import HubError, leaf, leaves
from tests.house.documents import ROOT, sources, text

LEAVES = list(leaves())
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_no_two_leaves_share_a_code():
    assert not [c for c, many in Counter(x.code for x in LEAVES).items() if many > 1]


@pytest.mark.parametrize("found", LEAVES, ids=lambda x: x.code)
def test_a_leaf_says_what_and_what_to_do_in_both_languages(found):
    for told in (found.title, found.remedy):
        assert CHINESE.search(told.zh)
        assert re.search(r"[A-Za-z]{3}", told.en)
        assert not CHINESE.search(told.en)
    assert found.title is not HubError.title
    assert found.remedy is not HubError.remedy
    assert leaf(found.code) is found


@pytest.mark.parametrize("found", LEAVES, ids=lambda x: x.code)
def test_a_leaf_has_a_page_with_meaning_cause_and_remedy(found):
    page = text(f"docs/errors/{found.code.lower()}.md")
    assert page.startswith(f"# {found.code}\n")
    for part in ("Meaning", "Cause", "Remedy"):
        assert part in page
    assert found.title.zh in page


def test_no_page_is_about_an_error_that_is_gone():
    pages = {path.stem for path in (ROOT / "docs/errors").glob("*.md")}
    assert pages == {found.code.lower() for found in LEAVES}


def test_every_leaf_is_drawn_at_the_head_of_the_tree():
    import hub.errors

    for found in LEAVES:
        assert found.__name__ in (hub.errors.__doc__ or "")


def test_every_leaf_is_raised_or_told_somewhere():
    used = "\n".join(
        path.read_text("utf-8") for path, _ in sources() if path.name != "errors.py"
    )
    used += "\n".join(p.read_text("utf-8") for p in (ROOT / "adapters").rglob("*.yaml"))
    silent = {x.code for x in LEAVES if x.__name__ not in used and x.code not in used}
    assert not silent
