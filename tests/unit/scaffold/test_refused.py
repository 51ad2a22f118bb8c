"""What cannot be begun is refused in both languages, and nothing is left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hub.errors import HubError, InterfaceInvalid, RequestInvalid
from hub.scaffold.make import new_adapter
from hub.scaffold.wish import Wish
from tests.house.documents import ROOT

SHAPES = ROOT / "tests/unit/wire/wsdl_zoo/shapes"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with the real dictionary and nothing else."""
    made = tmp_path / "project"
    shutil.copytree(ROOT / "mappings", made / "mappings")
    return made


def left(root: Path) -> list[str]:
    """Whatever stands in the project."""
    return sorted(str(path) for path in root.rglob("*"))


def refused(wish: Wish) -> HubError:
    before = left(wish.root)
    with pytest.raises((RequestInvalid, InterfaceInvalid)) as caught:
        new_adapter(wish)
    assert left(wish.root) == before
    error = caught.value
    assert error.message.zh
    assert error.message.zh != error.message.en
    assert error.where
    return error


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Court",
        "1st",
        "a-b",
        "a b",
        "class",
        "../x",
        "法院",
        "a__b",
        "x" * 31,
        "any",
    ],
)
def test_a_name_that_is_none_is_refused(root: Path, name: str) -> None:
    assert refused(Wish(root, name, "rest")).where == "NAME"


def test_a_folder_that_is_there_is_left_alone(root: Path) -> None:
    place = root / "tests/adapters/prison_x"
    place.mkdir(parents=True)
    assert "is there already" in refused(Wish(root, "prison_x", "rest")).message.en


def test_a_transport_without_template_is_refused(root: Path) -> None:
    assert refused(Wish(root, "prison_x", "carrier_pigeon")).where == "--transport"


def test_an_agency_type_that_nobody_knows_is_refused(root: Path) -> None:
    wish = Wish(root, "prison_x", "rest", agency_type="PIRATES")
    assert "POLICE" in refused(wish).message.en


@pytest.mark.parametrize("shape", ["no_laughs", "no_missing_file", "no_page", "no_xsd"])
def test_a_wsdl_is_refused_with_the_judges_remedy(root: Path, shape: str) -> None:
    wish = Wish(root, "prison_x", "soap", wsdl=SHAPES / shape / "service.wsdl")
    error = refused(wish)
    assert isinstance(error, InterfaceInvalid)
    assert "To mend it" in error.message.en


def test_a_wsdl_that_lists_nothing_names_its_operations(root: Path) -> None:
    wish = Wish(root, "prison_x", "soap", wsdl=SHAPES / "one_way" / "service.wsdl")
    assert "Ask" in refused(wish).message.en


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gone.json", None),
        ("empty.json", b" \n"),
        ("cut.json", b'{"AJBH": "A4'),
        ("cut.xml", b"<a><b>"),
        ("laughs.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("words.txt", b"nothing of the kind"),
        ("neither.xml", b"<a>\xff\xfe\xfd</a>"),
        ("nobody.json", b'{"colour": "red", "XGSJ": "2023-08-01 08:00:00"}'),
        ("timeless.json", b'{"AJBH": "A4213810000002023080001", "AJMC": "x"}'),
    ],
)
def test_a_sample_that_does_not_do_is_refused(
    root: Path, tmp_path: Path, name: str, body: bytes | None
) -> None:
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    error = refused(Wish(root, "prison_x", "rest", sample=path))
    assert error.where == "--sample"


def test_a_sample_in_another_encoding_than_told_is_refused(
    root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "case.xml"
    path.write_bytes("<AJ><AJMC>盗窃案</AJMC><AJBH>1</AJBH></AJ>".encode("gb18030"))
    wish = Wish(root, "prison_x", "drop", sample=path, encoding="utf-8")
    assert refused(wish).where == "--sample"


@pytest.mark.parametrize(
    ("transport", "body", "wanted"),
    [
        ("soap", b"code, what it means: 0 fine", "is XML, and this is none"),
        ("rest", b"<AJ><AJBH>1</AJBH></AJ>", "is JSON, and this is none"),
        ("drop", b"<AJ><AJBH>1</AJBH></AJ>", "no encoding klingon"),
    ],
)
def test_a_sample_is_refused_for_what_is_wrong_with_it(
    root: Path, tmp_path: Path, transport: str, body: bytes, wanted: str
) -> None:
    path = tmp_path / "sample.txt"
    path.write_bytes(body)
    encoding = "klingon" if "klingon" in wanted else ""
    wish = Wish(root, "prison_x", transport, sample=path, encoding=encoding)
    assert wanted in refused(wish).message.en


def test_a_folder_is_told_as_one(root: Path, tmp_path: Path) -> None:
    wish = Wish(root, "prison_x", "soap", wsdl=tmp_path)
    assert "is a folder" in refused(wish).message.en
    wish = Wish(root, "prison_x", "rest", sample=tmp_path)
    assert "is a folder" in refused(wish).message.en


def test_half_a_wsdl_is_to_be_got_again(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "half.wsdl"
    path.write_bytes((ROOT / "docs/examples/jail.wsdl").read_bytes()[:1500])
    error = refused(Wish(root, "prison_x", "soap", wsdl=path))
    assert "get the file again" in error.message.en


def test_a_disk_that_fails_half_way_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Path.write_bytes

    def full(path: Path, body: bytes) -> int:
        if path.name == "bench.py":
            raise OSError(28, "no space left")
        return written(path, body)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        new_adapter(Wish(root, "prison_x", "rest"))
    files = [path for path in root.rglob("*") if path.is_file()]
    assert [path for path in files if "prison_x" in str(path)] == []
    assert not (root / "adapters/prison_x").exists()
