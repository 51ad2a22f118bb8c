import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.errors import AgencyFaultUnknown, HubError, InterfaceInvalid
from hub.wire.business import BusinessFaults
from hub.wire.http import Http
from hub.wire.soap import NIL, Call, File, Soap, Speech
from hub.wire.wsdl import load_wsdl
from hub.wire.wsdl_describe import describe, texts
from hub.wire.wsdl_flaws import FLAWS

ROOT = Path(__file__).parents[3]
SHAPES = Path(__file__).parent / "wsdl_zoo" / "shapes"
NAMES = sorted(path.parent.name for path in SHAPES.glob("*/case.yaml"))
CASES: dict[str, dict[str, Any]] = {
    name: yaml.safe_load((SHAPES / name / "case.yaml").read_text("utf-8"))
    for name in NAMES
}
SPOKEN = [name for name in NAMES if "call" in CASES[name]]
REFUSED = [name for name in NAMES if "refused" in CASES[name]]
NO_FAULTS = BusinessFaults({}, ())
#: flaws that a file of the zoo cannot show, with where they are shown
ELSEWHERE = {
    "file.large": "test_a_file_beyond_its_cap_is_refused",
    "file.many": "test_more_files_than_anybody_needs_are_refused",
    "other": "test_what_only_zeep_stumbles_over_is_refused",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.unit.wire.wsdl_zoo.server"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http("zoo", deadline=20) as opened:
        yield opened


def _said(case: dict[str, Any]) -> Call:
    told = case["call"]
    parts = {k: NIL if v == "NIL" else v for k, v in told["parts"].items()}
    files = case["expect"].get("files") or {}
    held = tuple(File(k, "application/pdf", v.encode()) for k, v in files.items())
    return Call(told["operation"], parts, told.get("headers") or {}, held)


def _speech(case: dict[str, Any]) -> Speech:
    encoding = case.get("expect", {}).get("encoding", "utf-8")
    return Speech(port=case.get("port", ""), encoding=encoding)


@pytest.mark.parametrize("name", SPOKEN)
async def test_a_shape_is_loaded_and_its_server_understands_us(
    name: str, address: str, http: Http
) -> None:
    case = CASES[name]
    path = SHAPES / name / "service.wsdl"
    where = f"{address}/{name}"
    async with Soap(http, path, where, NO_FAULTS, speech=_speech(case)) as soap:
        try:
            answer, tree = await soap.ask(_said(case))
        except HubError as error:
            told = getattr(error, "body", b"").decode("utf-8", "replace")
            raise AssertionError(f"{error} {error.detail} {told}") from error
    assert tree == case["tree"]
    found = {key: file.body.decode() for key, file in soap.files(answer).items()}
    assert found == case.get("files", {})


@pytest.mark.parametrize("name", SPOKEN)
async def test_the_server_of_a_shape_is_strict(
    name: str, address: str, http: Http
) -> None:
    case = CASES[name]
    path = SHAPES / name / "service.wsdl"
    # the server of another shape must not understand the same request
    other = "rpc_literal" if name != "rpc_literal" else "wrapped"
    where = f"{address}/{other}"
    async with Soap(http, path, where, NO_FAULTS, speech=_speech(case)) as soap:
        with pytest.raises(AgencyFaultUnknown) as caught:
            await soap.ask(_said(case))
    assert b"Client.Wrong" in caught.value.body


@pytest.mark.parametrize("name", REFUSED)
def test_a_shape_is_refused_with_reason_and_remedy(name: str) -> None:
    case = CASES[name]
    with pytest.raises(InterfaceInvalid) as caught:
        load_wsdl(SHAPES / name / "service.wsdl", case.get("port", ""))
    error = caught.value
    assert error.message.zh != error.message.en
    assert error.remedy.zh
    for told in case.get("says", []):
        assert told in error.message.zh
        assert told in error.message.en
    if case["refused"].startswith("patch"):
        assert error.where.startswith("service.wsdl.patch.yaml")
        return
    assert error.faults[0].rule == case["refused"]
    assert error.faults[0].message.en.startswith(error.message.en[:40])
    assert "To mend it, " in error.faults[0].message.en
    assert error.where == case.get("at", error.where)
    assert error.where.partition(":")[0].endswith((".wsdl", ".xsd"))


def test_every_flaw_is_shown_by_a_shape() -> None:
    shown = {case.get("refused") for case in CASES.values()}
    assert set(FLAWS) - shown == set(ELSEWHERE)
    assert all(name in globals() for name in ELSEWHERE.values())


def test_there_are_many_shapes() -> None:
    assert len(SPOKEN) >= 24
    assert len(REFUSED) >= 24


@pytest.mark.parametrize("name", SPOKEN)
def test_a_loaded_shape_can_be_described(name: str) -> None:
    case = CASES[name]
    found = load_wsdl(SHAPES / name / "service.wsdl", case.get("port", ""))
    service = describe(found)
    operation = service.operation(case["call"]["operation"])
    assert operation.action == case["expect"]["action"]
    assert service.version == str(case["expect"].get("version", "1.1"))
    known = {name for node in operation.input for name in (node.name, node.part)}
    told = {key.lstrip("@") for key in case["call"]["parts"]}
    assert told - known <= {"#text", "#any", "_value_1"}
    assert list(texts(operation.input)) or not case["call"]["parts"]


def test_the_vendors_file_stays_and_the_patch_is_told() -> None:
    path = SHAPES / "mended" / "service.wsdl"
    before = path.read_bytes()
    (file,) = load_wsdl(path).files
    assert path.read_bytes() == before
    assert b"xs:stirng" in before
    assert (file.name, file.size) == ("service.wsdl", len(before))
    assert file.sha256 in path.with_name("service.wsdl.patch.yaml").read_text("utf-8")
    assert len(file.mended) == 2
    assert "literal" in file.mended[0]


def test_a_file_beyond_its_cap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "service.wsdl"
    path.write_bytes(b" " * 5_000_001)
    with pytest.raises(InterfaceInvalid) as caught:
        load_wsdl(path)
    assert caught.value.faults[0].rule == "file.large"


def test_more_files_than_anybody_needs_are_refused(tmp_path: Path) -> None:
    space = "http://schemas.xmlsoap.org/wsdl/"
    for number in range(302):
        text = f'<definitions xmlns="{space}"><import location="{number + 1}.wsdl"/>'
        (tmp_path / f"{number}.wsdl").write_text(text + "</definitions>")
    with pytest.raises(InterfaceInvalid) as caught:
        load_wsdl(tmp_path / "0.wsdl")
    assert caught.value.faults[0].rule == "file.many"


def test_what_only_zeep_stumbles_over_is_refused(tmp_path: Path) -> None:
    text = (SHAPES / "wrapped" / "service.wsdl").read_text("utf-8")
    path = tmp_path / "service.wsdl"
    path.write_text(text.replace('name="Ah" type', 'minOccurs="many" name="Ah" type'))
    with pytest.raises(InterfaceInvalid) as caught:
        load_wsdl(path)
    assert caught.value.faults[0].rule == "other"
