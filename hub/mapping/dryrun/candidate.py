"""A dictionary that is only proposed: the folder in force with some files changed."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from hub.errors import Fault, RequestInvalid
from hub.mapping.dryrun.digest import PLACES, digests
from hub.mapping.faults import raise_faults
from hub.mapping.source import read_yaml

_NAME = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """The folder of the proposed dictionary; ``changed`` are the places of files
    that are new, other or gone in it.
    """

    folder: Path
    changed: tuple[str, ...]


@contextmanager
def candidate(folder: Path, offered: Sequence[str]) -> Iterator[Candidate]:
    """A folder of mappings with the offered files in place; gone with the block.

    Each is a path: a mapping file (its ``system`` says where it belongs), an overlay
    (``system`` and ``endpoint``), ``precedence.yaml``, a code table or crosswalk in a
    folder named as in ``tables/``; or ``PLACE=PATH``. One whole folder may stand alone
    and is taken as it is. Nothing in the folder in force is touched. Raises
    ``RequestInvalid`` where there is no such file or its place cannot be told.
    """
    before = digests(folder)
    only = Path(offered[0]) if len(offered) == 1 else None
    if only is not None and only.is_dir():
        yield Candidate(only, _changed(before, digests(only)))
        return
    places = [_placed(folder, one) for one in offered]
    with tempfile.TemporaryDirectory(prefix="hub-candidate-") as made:
        copy = Path(made) / "mappings"
        _link(folder.resolve(), copy)
        for place, path in places:
            target = copy / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copyfile(path, target)
        yield Candidate(copy, _changed(before, digests(copy)))


def _changed(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    places = {*before, *after}
    return tuple(sorted(one for one in places if before.get(one) != after.get(one)))


def _placed(folder: Path, offered: str) -> tuple[str, Path]:
    named, mark, text = offered.rpartition("=")
    path = Path(text if mark else offered)
    if not path.is_file():
        raise RequestInvalid("没有这个文件", "There is no such file", where=str(path))
    place = named if mark else place_of(folder, path)
    if not _is_place(place):
        raise _no_place(offered)
    return place, path


def _is_place(place: str) -> bool:
    """Is this one of the places where the dictionary looks, and inside of it?"""
    path = PurePosixPath(place)
    return ".." not in path.parts and any(
        path.match(one) and place.count("/") == one.count("/") for one in PLACES
    )


def place_of(folder: Path, path: Path) -> str:
    """Where in the folder a file belongs; empty where it does not tell."""
    if path.suffix == ".tsv":
        return _table_place(folder, path)
    faults: list[Fault] = []
    body = read_yaml(path, faults)
    raise_faults(faults)
    system, endpoint = _name(body, "system"), _name(body, "endpoint")
    if system:
        return f"overlays/{system}/{endpoint}.yaml" if endpoint else f"{system}.yaml"
    return "precedence.yaml" if "default" in body else ""


def _name(body: dict[str, Any], key: str) -> str:
    found = body.get(key)
    return found if isinstance(found, str) and _NAME.fullmatch(found) else ""


def _table_place(folder: Path, path: Path) -> str:
    """``TABLE/REVISION.tsv`` or ``TABLE/crosswalk/SYSTEM.tsv``, of a known table."""
    above = path.resolve().parent
    inner = above.name if above.name in ("crosswalk", "history") else ""
    table = above.parent.name if inner else above.name
    if not (folder / "tables" / table).is_dir():
        return ""
    return "/".join(part for part in ("tables", table, inner, path.name) if part)


def _no_place(offered: str) -> RequestInvalid:
    return RequestInvalid(
        "看不出该文件在 mappings/ 中的位置，请写成 位置=文件，"
        "如 tables/sex/crosswalk/police_case.tsv=新表.tsv",
        "It does not tell where in mappings/ this file belongs; write PLACE=FILE, as "
        "in tables/sex/crosswalk/police_case.tsv=new.tsv",
        where=f"--with {offered}",
    )


def _link(folder: Path, copy: Path) -> None:
    """The same files under new names: a folder of links costs next to nothing."""
    for pattern in ("*.yaml", "*.tsv"):
        for path in folder.rglob(pattern):
            place = copy / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
