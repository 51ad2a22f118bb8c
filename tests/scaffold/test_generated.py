"""An adapter of each transport is begun in a copy, and passes its tests at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.house.documents import text
from tests.scaffold.copied import copy_to, digests, run
from tests.unit.wire.broker import needs_broker

#: name -> how it is begun; one name is as long as a name may be
BEGUN = {
    "begun_soap": "--transport soap",
    "begun_jail": "--transport soap --wsdl docs/examples/jail.wsdl",
    "begun_rest_of_a_system_far_off": "--transport rest",
    "begun_sql": "--transport sql",
    "begun_drop": "--transport drop --encoding gbk",
    "begun_mq": "--transport mq",
    "begun_mq_xml": "--transport mq --sample docs/examples/court-gbk.xml",
}
PLACES = r"adapters/{0}/|mappings/{0}\.yaml$|mappings/tables/\w+/crosswalk/{0}\.tsv$"
EVIDENCE = r"|tests/adapters/{0}/"
#: those whose simulator needs a broker
QUEUED = [name for name, how in BEGUN.items() if "--transport mq" in how]
#: nobody listens there
NOWHERE = "HUB_TEST_RABBITMQ=amqp://guest:guest@127.0.0.1:1/"
QUESTIONS = "tests/adapters/test_contract.py tests/adapters/test_golden.py"
TUTORIAL = "docs/adapters.md"

Done = subprocess.CompletedProcess[str]


class Copy:
    """The copy, what the commands said and what they changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_to(folder)
        before = digests(self.folder)
        self.begun = {
            name: run(self.folder, f"hub new-adapter {name} {how}")
            for name, how in BEGUN.items()
        }
        after = digests(self.folder)
        self.changed = {one for one in after if after[one] != before.get(one)}
        self.gone = set(before) - set(after)
        self.again = run(self.folder, "hub new-adapter begun_sql --transport sql")
        with ThreadPoolExecutor(3) as pool:
            asked = {name: pool.submit(self._asked, name) for name in BEGUN}
            told = pool.submit(self._followed)
            self.asked = {name: one.result() for name, one in asked.items()}
            self.told = told.result()
        self.alone = run(
            self.folder, f"{NOWHERE} {sys.executable} -m {_questions(QUEUED[0])}"
        )
        tried = f"-m hub.entry try {QUEUED[0]} --page 1"
        self.untried = run(self.folder, f"{NOWHERE} {sys.executable} {tried}")
        self.golden = run(self.folder, "hub golden")

    def _asked(self, name: str) -> Done:
        return run(self.folder, _questions(name))

    def _followed(self) -> list[tuple[str, Done]]:
        return [(line, run(self.folder, line)) for line in snippets()]


def _questions(name: str) -> str:
    return f"pytest -p no:cacheprovider {QUESTIONS} -k {name}"


def snippets() -> Iterator[str]:
    """The commands of the tutorial, one after the other."""
    page = text(TUTORIAL).partition("## By hand")[0]
    for block in re.findall(r"```bash\n(.*?)```", page, re.DOTALL):
        yield from (line for line in block.splitlines() if line.strip())


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("project"))


def said(done: Done) -> str:
    return (done.stdout + done.stderr)[-3000:]


@pytest.mark.parametrize("name", BEGUN)
def test_an_adapter_is_begun_and_passes_its_tests_at_once(
    copy: Copy, name: str
) -> None:
    assert copy.begun[name].returncode == 0, said(copy.begun[name])
    assert re.search(r"\bp01\b", copy.begun[name].stdout)
    assert copy.asked[name].returncode == 0, said(copy.asked[name])
    assert " passed" in copy.asked[name].stdout


@needs_broker
@pytest.mark.parametrize("name", QUEUED)
def test_one_of_a_queue_is_asked_everything_where_a_broker_answers(
    copy: Copy, name: str
) -> None:
    assert "skipped" not in copy.asked[name].stdout, said(copy.asked[name])


def test_one_of_a_queue_is_not_asked_without_a_broker_and_says_so(copy: Copy) -> None:
    assert copy.alone.returncode == 0, said(copy.alone)
    assert "NO RABBITMQ at 127.0.0.1:1/" in copy.alone.stdout
    assert " passed" in copy.alone.stdout, "its fixtures need no broker"
    assert copy.untried.returncode == 1, said(copy.untried)
    assert "RABBITMQ at 127.0.0.1:1" in " ".join(copy.untried.stderr.split())


def test_an_unlisted_code_is_an_error_and_never_no_change(copy: Copy) -> None:
    line = "pytest -p no:cacheprovider tests/conformance/test_change.py"
    done = run(copy.folder, f"{line} -k 'nobody_listed and begun_jail'")
    assert done.returncode == 0, said(done)
    assert "1 passed" in done.stdout, said(done)


def test_nothing_outside_the_three_places_changes(copy: Copy) -> None:
    form = "|".join((PLACES + EVIDENCE).format(name) for name in BEGUN)
    assert copy.changed
    assert not [one for one in copy.changed if not re.match(form, one)]
    assert not copy.gone


def test_every_expectation_agrees(copy: Copy) -> None:
    assert copy.golden.returncode == 0, said(copy.golden)


def test_what_is_there_is_not_begun_again(copy: Copy) -> None:
    assert copy.again.returncode == 2
    assert "is there already" in copy.again.stderr


def test_what_is_begun_needs_no_formatting(copy: Copy) -> None:
    places = " ".join(f"adapters/{one} tests/adapters/{one}" for one in BEGUN)
    for rule in ("format --check", "check"):
        done = run(copy.folder, f"{sys.executable} -m ruff {rule} {places}")
        assert done.returncode == 0, said(done)


def test_every_simulator_has_dirt_and_three_pairs(copy: Copy) -> None:
    for name in BEGUN:
        folder = copy.folder / "tests/adapters" / name
        seeds = json.loads((folder / "seeds.json").read_text("utf-8"))
        assert seeds["dirt"], "without dirt nothing proves that faults are seen"
        assert len(list(folder.glob("fixtures/case-*.canonical.json"))) == 3


def test_the_tutorial_can_be_followed(copy: Copy) -> None:
    assert len(copy.told) > 8
    for line, done in copy.told:
        assert done.returncode == 0, f"{line}\n{said(done)}"
    last = dict(copy.told)["hub check jail_ws"].stdout
    assert "complete" in last
