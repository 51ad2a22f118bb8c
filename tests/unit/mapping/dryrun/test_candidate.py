"""A proposed dictionary stands beside the one in force and touches nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hub.errors import MappingInvalid, RequestInvalid
from hub.mapping.dryrun.candidate import candidate
from hub.mapping.dryrun.digest import dictionary_digest, digests

ROOT = Path(__file__).parents[4]
SEX = "tables/sex/crosswalk/police_case.tsv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dictionary in force."""
    made = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", made)
    return made


def _offer(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("new.yaml", "system: police_case\n", "police_case.yaml"),
        ("x.yaml", "system: s\nendpoint: s-1\n", "overlays/s/s-1.yaml"),
        ("order.yaml", "default: [police_case]\n", "precedence.yaml"),
        ("sex/crosswalk/police_case.tsv", "raw\tcode\n", SEX),
        ("sex/2003.tsv", "code\n", "tables/sex/2003.tsv"),
        ("division/history/names.tsv", "code\n", "tables/division/history/names.tsv"),
    ],
)
def test_a_file_finds_its_place_by_itself(
    folder: Path, tmp_path: Path, name: str, text: str, place: str
) -> None:
    offered = _offer(tmp_path / "offered" / name, text)
    before = digests(folder)
    with candidate(folder, [offered]) as made:
        assert made.changed == (place,)
        assert (made.folder / place).read_text("utf-8") == text
        assert set(digests(made.folder)) == {*before, place}
        kept = made.folder
    assert not kept.exists()
    assert digests(folder) == before


def test_several_files_are_changed_at_once(folder: Path, tmp_path: Path) -> None:
    one = _offer(tmp_path / "a.tsv", "raw\tcode\n")
    two = _offer(tmp_path / "b.yaml", "system: court_case\n")
    with candidate(folder, [f"{SEX}={one}", two]) as made:
        assert made.changed == ("court_case.yaml", SEX)


def test_the_same_file_is_no_change(folder: Path) -> None:
    with candidate(folder, [str(folder / "police_case.yaml")]) as made:
        assert made.changed == ()
        there = dictionary_digest(digests(made.folder))
    assert there == dictionary_digest(digests(folder))


def test_a_whole_folder_is_taken_as_it_is(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / SEX).unlink()
    with candidate(folder, [str(other)]) as made:
        assert (made.folder, made.changed) == (other, (SEX,))
    assert other.is_dir()


@pytest.mark.parametrize(
    "place",
    ["../police_case.yaml", "/etc/x.yaml", "a/b/c.yaml", "tables/x.tsv", "x.py", ""],
)
def test_no_file_goes_where_the_dictionary_does_not_look(
    folder: Path, tmp_path: Path, place: str
) -> None:
    offered = _offer(tmp_path / "x.tsv", "raw\tcode\n")
    with pytest.raises(RequestInvalid), candidate(folder, [f"{place}={offered}"]):
        pass


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("police_case.tsv", "raw\tcode\n"),
        ("sexx/crosswalk/a.tsv", "raw\tcode\n"),
        ("x.yaml", "title: nothing\n"),
        ("x.yaml", "system: ../x\n"),
    ],
)
def test_a_file_whose_place_cannot_be_told_is_refused(
    folder: Path, tmp_path: Path, name: str, text: str
) -> None:
    offered = _offer(tmp_path / "offered" / name, text)
    with (
        pytest.raises(RequestInvalid, match="PLACE=FILE"),
        candidate(folder, [offered]),
    ):
        pass


def test_a_file_that_is_none_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid), candidate(folder, [str(tmp_path / "no.yaml")]):
        pass
    broken = _offer(tmp_path / "b.yaml", "a: [")
    with pytest.raises(MappingInvalid), candidate(folder, [broken]):
        pass


def test_the_digest_is_of_content_and_place(folder: Path) -> None:
    before = dictionary_digest(digests(folder))
    (folder / SEX).touch()
    assert dictionary_digest(digests(folder)) == before
    (folder / SEX).rename((folder / SEX).with_name("other.tsv"))
    assert dictionary_digest(digests(folder)) != before
