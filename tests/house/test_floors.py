import re
import tomllib
from importlib.metadata import version

import pytest
from packaging.version import Version

from tests.house.documents import ROOT

TOLD = tomllib.loads((ROOT / "tests/house/floors.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(name):
    words = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^ ;\\\n]+)", words))


@pytest.mark.parametrize("package", TOLD["floors"])
def test_nothing_with_a_known_hole_is_locked_or_installed(package):
    lowest = Version(TOLD["floors"][package]["lowest"])
    assert Version(version(package)) >= lowest
    for name in LOCKS:
        assert Version(locked(name)[package]) >= lowest


@pytest.mark.parametrize("name", LOCKS)
def test_no_banned_package_comes_in(name):
    assert not set(TOLD["banned"]) & set(locked(name))


def test_the_development_lock_holds_the_product_exactly():
    product, development = locked(LOCKS[0]), locked(LOCKS[1])
    assert product.items() <= development.items()
