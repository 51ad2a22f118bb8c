import json
import shutil

import pytest

from hub.check.finding import KINDS
from hub.check.run import check
from hub.errors import NotFound
from tests.unit.check.copies import SYSTEM, codes, copied, edit

MANIFEST = f"adapters/{SYSTEM}/manifest.yaml"
MAPPING = f"mappings/{SYSTEM}.yaml"
FAULTS = f"adapters/{SYSTEM}/faults.yaml"
FIXTURES = f"tests/adapters/{SYSTEM}/fixtures"


@pytest.fixture
def house(tmp_path):
    return copied(tmp_path)


def found(house, code):
    return [one for one in check(house, SYSTEM) if one.code == code]


def test_an_adapter_without_a_fault_has_no_finding(house):
    assert codes(house) == []


def test_every_fault_of_a_manifest_is_told_at_once_with_its_line(house):
    path = house.root / MANIFEST
    first = edit(path, "receipt: at_once", "reciept: at_once")
    second = edit(path, "transport: soap", "transport: sopa")
    third = edit(path, "lag_seconds: 600", "lag_seconds: -1")
    told = {one.code: one for one in check(house, SYSTEM)}
    assert told["MANIFEST_KEY_UNKNOWN"].where == f"{MANIFEST}:{first}"
    assert "receipt" in told["MANIFEST_KEY_UNKNOWN"].message.en
    assert "是否应为 receipt" in told["MANIFEST_KEY_UNKNOWN"].message.zh
    wheres = {one.where for one in found(house, "MANIFEST_VALUE_INVALID")}
    assert wheres == {f"{MANIFEST}:{second}", f"{MANIFEST}:{third}"}


def test_a_word_nobody_knows_is_told_with_the_near_one(house):
    edit(house.root / MANIFEST, "transport: soap", "transport: sopa")
    (one,) = found(house, "MANIFEST_VALUE_INVALID")
    assert "did you mean soap" in one.message.en


def test_a_tier_cannot_be_declared(house):
    path = house.root / MANIFEST
    path.write_text(path.read_text("utf-8") + "tier: gold\n", "utf-8")
    assert [code for code, _ in codes(house)] == ["MANIFEST_KEY_UNKNOWN"]


def test_a_key_told_twice_and_broken_yaml_are_told_with_their_line(house):
    path = house.root / MANIFEST
    path.write_text(path.read_text("utf-8") + "owner: somebody\n", "utf-8")
    (one,) = found(house, "MANIFEST_UNREADABLE")
    assert one.where.startswith(f"{MANIFEST}:")


def test_what_a_manifest_names_must_exist(house):
    path = house.root / MANIFEST
    edit(path, "agency_type: POLICE", "agency_type: POLICY")
    edit(path, "receives: [RETURN_FOR_SUPPLEMENT]", "receives: [RETURN]")
    words = [one.message.en for one in found(house, "MANIFEST_VALUE_INVALID")]
    assert any("POLICE" in one for one in words)
    assert any("node" in one for one in words)


def test_a_class_that_is_not_there_is_told(house):
    edit(house.root / MANIFEST, ":PoliceCase", ":PoliceCases")
    assert [code for code, _ in codes(house)] == ["ADAPTER_UNLOADABLE"]


def test_faults_of_a_mapping_have_the_line_of_the_file(house):
    path = house.root / MAPPING
    line = edit(path, "{ from: CSRQ,", "{ from: CSRQ, tabel: sex,")
    (one, *_) = found(house, "MAPPING_INVALID")
    assert one.where == f"{MAPPING}:{line}"
    assert "did you mean table" in one.message.en


def test_a_table_that_is_not_there_is_told_as_such(house):
    shutil.rmtree(house.mappings / "tables" / "sex")
    assert {code for code, _ in codes(house)} == {"TABLE_MISSING"}


def test_a_crosswalk_row_points_to_a_code_that_exists(house):
    path = house.mappings / "tables/education/crosswalk" / f"{SYSTEM}.tsv"
    if not path.exists():
        path = next(house.mappings.glob(f"tables/*/crosswalk/{SYSTEM}.tsv"))
    path.write_text(path.read_text("utf-8") + "NOPE\tNOPE-1\tequal\t\n", "utf-8")
    lines = len(path.read_text("utf-8").splitlines())
    where = f"mappings/{path.relative_to(house.mappings).as_posix()}:{lines}"
    assert ("CROSSWALK_INVALID", where) in codes(house)


def test_a_path_that_no_fixture_has_is_told_with_the_near_one(house):
    line = edit(house.root / MAPPING, "{ from: WHCD", "{ from: WHCDX")
    told = {one.code: one for one in check(house, SYSTEM)}
    assert told["PATH_UNSEEN"].where == f"{MAPPING}:{line}"
    assert "AJ/RYLB/RY/WHCD?" in told["PATH_UNSEEN"].message.en
    assert "FIELD_UNSPOKEN" in told


def test_a_raw_field_that_nobody_speaks_of_is_told_with_its_fixture(house):
    edit(house.root / MAPPING, "CZRXM:", "CZRXMX:")
    (one, *_) = found(house, "FIELD_UNSPOKEN")
    assert one.where.startswith(f"{FIXTURES}/case-")
    assert "AJ/CZRXM" in one.message.en


def test_a_fixture_that_cannot_be_read_is_told_without_its_content(house):
    (house.root / FIXTURES / "case-full.raw.xml").write_bytes(b"<half")
    told = found(house, "FIXTURE_UNREADABLE")
    assert [one.where for one in told] == [f"{FIXTURES}/case-full.raw.xml"]


def test_missing_evidence_is_told(house):
    (house.root / FIXTURES / "case-ugly.raw.xml").unlink()
    (house.root / FIXTURES / "case-full.canonical.json").unlink()
    (house.adapters / SYSTEM / "README.md").write_text("\n", "utf-8")
    (house.adapters / SYSTEM / "__init__.py").unlink()
    told = {code for code, _ in codes(house)}
    asked = {"FIXTURES_FEW", "EXPECTATION_MISSING", "FOLDER_INCOMPLETE"}
    assert asked <= told
    wheres = {one.where for one in found(house, "FOLDER_INCOMPLETE")}
    folder = f"adapters/{SYSTEM}"
    assert wheres == {f"{folder}/README.md", f"{folder}/__init__.py"}


def test_an_empty_owner_is_told(house):
    edit(house.root / MANIFEST, "owner: 枢纽维护组 / hub maintainers", 'owner: " "')
    assert [code for code, _ in codes(house)] == ["MANIFEST_VALUE_INVALID"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("leaf: AGENCY_BUSY, zh: 公安系统繁忙", "leaf: BUSY, zh: 忙", "LEAF_UNKNOWN"),
        ("reason: R07,", "reason: R70,", "REASON_UNKNOWN"),
        ("reason: R07, zh:", "reason: R07, zhh:", "INVALID"),
        ("reason: R07,", "reason: R07, leaf: AGENCY_BUSY,", "INVALID"),
    ],
)
def test_fault_codes_speak_of_what_exists(house, old, new, code):
    line = edit(house.root / FAULTS, old, new)
    told = codes(house)
    # a code may stand one line above its meaning
    places = {f"{FAULTS}:{number}" for number in (line, line - 1)}
    assert told
    assert {one for one, _ in told} == {f"FAULTS_{code}"}
    assert {where for _, where in told} <= places


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("settings.yaml", 'password: "hunter2"\n'),
        ("notes.md", "see https://hub:hunter2@police.example/\n"),
        ("key.md", "-----BEGIN RSA PRIVATE KEY-----\n"),
        ("more.py", 'CALL = dict(token="hunter2")\n'),
    ],
)
def test_a_secret_written_out_is_told_and_not_repeated(house, name, text):
    (house.adapters / SYSTEM / name).write_text(text, "utf-8")
    told = check(house, SYSTEM)
    assert [(one.code, one.where) for one in told] == [
        ("SECRET_WRITTEN_OUT", f"adapters/{SYSTEM}/{name}:1")
    ]
    assert "hunter2" not in json.dumps([one.plain() for one in told])


@pytest.mark.parametrize("text", ['password: "env:POLICE"', "token: file:/run/t"])
def test_a_reference_to_a_secret_passes(house, text):
    (house.adapters / SYSTEM / "settings.yaml").write_text(text, "utf-8")
    assert codes(house) == []


def test_a_secret_in_the_bench_and_in_an_agencies_file_is_told(house):
    bench = house.evidence / SYSTEM / "bench.py"
    line = edit(bench, 'secrets={"secret": secret}', 'secrets={"x": "hunter2"}')
    (house.root / "docker").mkdir()
    agencies = house.root / "docker/agencies.example.toml"
    agencies.write_text('secrets = { password = "hunter2" }\n', "utf-8")
    assert codes(house) == [
        ("SECRET_WRITTEN_OUT", f"tests/adapters/{SYSTEM}/bench.py:{line}"),
        ("SECRET_WRITTEN_OUT", "docker/agencies.example.toml:1"),
    ]


def test_a_proposal_that_nobody_accepted_is_told(house):
    line = edit(house.root / MAPPING, "revision: 1", "revision: 1  # PROPOSED p01: so")
    assert codes(house) == [("PROPOSAL_OPEN", f"{MAPPING}:{line}")]


def test_names_that_nobody_put_in_are_told(house):
    path = house.root / MANIFEST
    text = path.read_text("utf-8")
    version = text.split("\n")[1]
    first = edit(path, version, 'version: "unknown"')
    second = edit(house.root / MAPPING, "title: { zh: ", "title: { zh: 待命名")
    assert codes(house) == [
        ("PLACEHOLDER_LEFT", f"{MANIFEST}:{first}"),
        ("PLACEHOLDER_LEFT", f"{MAPPING}:{second}"),
    ]


def test_cases_without_a_number_to_count_on_are_a_warning(house):
    rule = "police_number: { from: AJBH, convert: police_number"
    edit(house.root / MAPPING, f"{rule}, required: true }}", f"{rule} }}")
    (one,) = check(house, SYSTEM)
    assert one.code == "NUMBER_OPTIONAL"
    assert one.is_warning
    assert one.plain()["warning"] is True


def test_every_kind_of_finding_says_what_to_do_in_both_languages():
    for kind in KINDS.values():
        for text in (kind.title, kind.remedy):
            assert text.zh
            assert text.en


def test_an_unknown_system_is_told_with_the_near_one(house):
    with pytest.raises(NotFound) as caught:
        house.asked("police_cas")
    assert "police_case" in caught.value.message.en
