"""What an adapter's class can do, against what its manifest claims."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from hub.contract.adapter import Adapter, Enquires, Fetches, LooksUp, lacking
from hub.contract.messages import Piece
from hub.engine.registry import adapter_class, load_manifests
from hub.errors import ManifestInvalid

MANIFEST = """
system: {system}
version: "1"
adapter: adapters.{system}.adapter:{name}
title: {{ zh: 测试, en: test }}
agency_type: POLICE
transport: rest
owner: tests
can: [{can}]
own_numbers: [police_number]
increment: {{ by: time, lag_seconds: 0 }}
idempotency: {{ key: id, honoured: true }}
{more}
"""
CODE = """
class Whole:
    def read(self, raw): ...
    def locate(self, raw, place): ...
    async def pull(self, watermark): ...
    async def lookup(self, kind, key): ...
    fetch = None
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of adapters of the test's own, in the place of the real one."""
    here = tmp_path / "adapters"
    here.mkdir()
    (here / "__init__.py").touch()
    for name in [one for one in sys.modules if one.partition(".")[0] == "adapters"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    return here


def _adapter(folder: Path, system: str, can: str, name: str = "Whole", more: str = ""):
    there = folder / system
    there.mkdir()
    (there / "__init__.py").touch()
    (there / "adapter.py").write_text(textwrap.dedent(CODE))
    (there / "manifest.yaml").write_text(
        MANIFEST.format(system=system, can=can, name=name, more=more)
    )
    return load_manifests(folder)[system]


def test_a_class_that_has_what_its_manifest_claims_is_taken(folder: Path) -> None:
    manifest = _adapter(folder, "able", "pull, lookup")
    assert adapter_class(manifest).__name__ == "Whole"


@pytest.mark.parametrize("claimed", ["push", "enquire", "fetch", "ingest", "probe"])
def test_a_manifest_that_claims_what_its_class_lacks_is_refused(
    folder: Path, claimed: str
) -> None:
    manifest = _adapter(folder, f"claims_{claimed}", f"pull, {claimed}")
    with pytest.raises(ManifestInvalid, match=claimed) as caught:
        adapter_class(manifest)
    assert caught.value.where.endswith("manifest.yaml: can")


def test_an_identity_of_an_unknown_kind_is_refused(folder: Path) -> None:
    with pytest.raises(ManifestInvalid, match="identity"):
        _adapter(folder, "kinds", "pull", more="identity: { person: SFZH }")


def test_what_is_only_inherited_from_the_protocol_counts_as_lacking() -> None:
    class Child(Adapter, Enquires):
        async def push(self, parcel): ...

    assert lacking(Child, ("pull", "push", "enquire", "fetch")) == (
        "pull",
        "enquire",
        "fetch",
    )


def test_no_stub_is_needed_for_what_a_system_cannot_do(folder: Path) -> None:
    found = adapter_class(_adapter(folder, "small", "pull"))
    adapter = object.__new__(found)
    assert isinstance(adapter, LooksUp)
    assert not isinstance(adapter, Enquires)


def test_a_piece_knows_where_the_next_begins() -> None:
    first, last = Piece(b"abc", 0, 5), Piece(b"de", 3, 5)
    assert (first.end, first.is_last, last.end, last.is_last) == (3, False, 5, True)
    assert not issubclass(Piece, Fetches)
