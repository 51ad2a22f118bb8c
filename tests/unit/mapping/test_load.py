"""What the loader refuses: every fault, at once, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import CodeTableMissing, MappingInvalid, NotFound
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings

from .conftest import Load

GOOD = """
records:
  case:
    fields:
      title: { from: T }
"""


def faults_of(load: Load, sections: str) -> dict[str, str]:
    """The faults of a file, place to English message."""
    with pytest.raises((MappingInvalid, CodeTableMissing)) as caught:
        load(sections)
    return {
        fault.where.removeprefix("demo.yaml").removeprefix(": "): fault.message.en
        for fault in caught.value.faults
    }


def case(rule: str, field: str = "title") -> str:
    return f"records:\n  case:\n    fields:\n      {field}: {rule}\n"


def parcel(rule: str, field: str = "x") -> str:
    return f"parcels:\n  INDICTMENT:\n    fields:\n      {field}: {rule}\n"


def test_a_good_file_loads_and_says_what_it_is(load: Load) -> None:
    mapping = load(GOOD + parcel("{ from: title }"))
    assert (mapping.system, mapping.revision, mapping.title.zh) == ("demo", 1, "演示")
    assert mapping.nodes == ("INDICTMENT",)
    assert len(bytes.fromhex(mapping.rules)) == 32


def test_every_fault_is_told_at_once(load: Load) -> None:
    told = faults_of(
        load,
        """
        recrods: {}
        records:
          case:
            feilds: {}
            fields:
              titel: { from: T }
              filed_on: { form: LASJ, convert: dat }
              stage: { from: S, table: stages }
          persn: { fields: { name: { from: XM } } }
        """,
    )
    assert told == {
        "recrods": "no key recrods, did you mean records?",
        "records.case.feilds": "no key feilds, did you mean fields?",
        "records.case.fields.titel": "no canonical field titel, did you mean title?",
        "records.case.fields.filed_on.form": "no key form, did you mean from?",
        "records.case.fields.filed_on.convert": "no converter dat, did you mean date?",
        "records.case.fields.stage.table": "no code table stages, did you mean stage?",
        "records.persn": "no canonical kind persn, did you mean person?",
    }


def test_the_error_itself_tells_the_faults(load: Load) -> None:
    with pytest.raises(MappingInvalid) as caught:
        load(case("{ from: T, convert: trimed }"))
    assert "did you mean trimmed?" in str(caught.value)
    assert "是否应为 trimmed" in caught.value.message.zh
    assert caught.value.where == "demo.yaml: records.case.fields.title.convert"


def test_only_missing_tables_are_a_missing_table(load: Load) -> None:
    with pytest.raises(CodeTableMissing):
        load(case("{ from: S, table: stages }", "stage"))


@pytest.mark.parametrize(
    ("field", "rule", "place", "word"),
    [
        ("title", "{}", "", "from or each is missing"),
        ("title", "T", "", "mapping of keys"),
        ("title", "{ from: no }", ".from", "quote"),
        ("title", "{ from: A//B }", ".from", "empty step"),
        ("title", "{ from: T, unknown: skip }", ".unknown", "no choice skip"),
        ("title", "{ from: T, required: maybe }", ".required", "true or false"),
        ("title", "{ from: T, split: '、' }", "", "one value"),
        ("title", "{ each: T }", "", "one value"),
        ("title", "{ from: T, table: sex }", ".table", "table sex"),
        ("title", "{ from: T, convert: date }", "", "gives date"),
        ("title", "{ from: T, record: case }", ".x", "holds no record"),
        ("title", "{ from: T, convert: term_cn }", ".convert", "only writes"),
        ("title", "{ from: T, by: name_zh }", ".table", "by asks for table"),
        ("title", "{ constant: 1 }", ".constant", "gives int"),
        ("title", "{ constant: null }", ".constant", "gives NoneType"),
        ("title", "{ constant: x, from: T }", "", "stands alone"),
        ("filed_on", "{ from: D }", "", "gives text"),
        ("filed_on", "{ from: D, convert: local_time }", "", "gives time"),
        ("modified_at", "{ from: D, convert: date }", "", "gives date"),
        ("is_withdrawn", "{ from: D }", "", "gives text"),
        ("is_withdrawn", "{ constant: 'Y' }", ".constant", "gives str"),
        ("stage", "{ from: S }", "", "no table"),
        ("stage", "{ from: S, table: sex }", ".table", "table sex"),
        ("stage", "{ from: S, table: stage, by: nmae_zh }", ".table", "name_zh"),
        ("stage", "{ constant: S999 }", ".constant", "does not stand"),
        ("persons", "{ each: P }", "", "record is missing"),
        ("persons", "{ each: P, record: man }", ".record", "no record man"),
        ("persons", "{ each: P, record: charge }", ".record", "is charge"),
        ("persons", "{ from: P, record: charge }", "", "asks for each"),
        ("persons", "{ each: P, from: Q, record: charge }", "", "not both"),
        ("persons", "{ each: P, record: charge, convert: name }", ".convert", "nested"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    load: Load, field: str, rule: str, place: str, word: str
) -> None:
    charge = "  charge: { fields: { wording: { from: . } } }\n"
    told = faults_of(load, case(rule, field) + charge)
    spot = f"records.case.fields.{field}" + ("" if place == ".x" else place)
    assert word in told[spot]


@pytest.mark.parametrize(
    ("rule", "place", "word"),
    [
        ("{ from: titel }", ".from", "did you mean title"),
        ("{ from: persons/name }", ".from", "use each"),
        ("{ from: persons }", ".from", "use each"),
        ("{ from: title/x }", ".from", "no canonical field"),
        ("{ each: title, join: x }", ".each", "no list"),
        ("{ each: persons }", "", "record or join"),
        ("{ each: persons/name, join: x, record: y }", "", "record or join"),
        ("{ from: title, join: x }", "", "join asks for each"),
        ("{ from: title, split: x }", ".split", "no key split"),
        ("{ each: persons, record: man }", ".record", "no record man"),
        ("{ from: title, record: INDICTMENT }", "", "no nested record"),
        ("{ from: title, table: sex }", ".table", "of type text"),
        ("{ from: title, convert: birth_of_id_number }", ".convert", "only reads"),
        ("{ from: title, convert: term_cn }", ".convert", "does not take text"),
        ("{ constant: null }", "", "empty"),
        ("{ constant: x, from: title }", "", "stands alone"),
        ("{}", "", "from or each is missing"),
    ],
)
def test_a_parcel_rule_that_cannot_be_is_refused(
    load: Load, rule: str, place: str, word: str
) -> None:
    told = faults_of(load, GOOD + parcel(rule))
    assert word in told[f"parcels.INDICTMENT.fields.x{place}"]


def test_an_unknown_node_is_refused(load: Load) -> None:
    told = faults_of(load, GOOD + parcel("{ from: title }").replace("MENT", "MNT"))
    assert "did you mean INDICTMENT" in told["parcels.INDICTMNT"]


def test_a_need_that_is_no_canonical_path_is_refused(load: Load) -> None:
    told = faults_of(
        load,
        """
        parcels:
          INDICTMENT: { needs: [titel], fields: { x: { from: title } } }
        """,
    )
    assert "did you mean title" in told["parcels.INDICTMENT.needs"]


def test_two_rules_for_one_place_of_the_receiver_are_refused(load: Load) -> None:
    told = faults_of(
        load,
        """
        parcels:
          INDICTMENT: { fields: { A: { from: title }, A/B: { from: summary } } }
        """,
    )
    assert told == {"parcels.INDICTMENT.fields.A/B": "it clashes with A"}


def test_records_that_nest_in_a_circle_are_refused(load: Load) -> None:
    told = faults_of(
        load,
        """
        parcels:
          INDICTMENT: { fields: { x: { from: ., record: a } } }
          a: { fields: { y: { from: ., record: a } } }
        """,
    )
    assert told == {"parcels.a": "records nest in a circle"}


def test_ignoring_asks_for_a_reason(load: Load) -> None:
    told = faults_of(
        load, "records: { case: { fields: { title: { from: T } }, ignore: { X: } } }"
    )
    assert told == {"records.case.ignore.X": "a reason is asked for"}


def test_a_key_told_twice_is_refused(load: Load) -> None:
    told = faults_of(load, GOOD + "      title: { from: U }\n")
    assert "told twice" in told[""]


@pytest.mark.parametrize("text", ["{", "- a", "", "a: \x00"])
def test_a_file_that_is_no_mapping_is_refused(
    tmp_path: Path, standard: Tables, text: str
) -> None:
    (tmp_path / "demo.yaml").write_text(text, "utf-8")
    with pytest.raises(MappingInvalid):
        Mappings.load(tmp_path, standard)


def test_the_head_of_a_file_is_checked(tmp_path: Path, standard: Tables) -> None:
    head = "system: other\nrevision: one\ntitle: { zh: x }\n"
    (tmp_path / "demo.yaml").write_text(head, "utf-8")
    with pytest.raises(MappingInvalid) as caught:
        Mappings.load(tmp_path, standard)
    places = {fault.where for fault in caught.value.faults}
    assert places == {"demo.yaml: system", "demo.yaml: revision", "demo.yaml: title"}


def test_faults_of_all_files_are_told_together(
    tmp_path: Path, standard: Tables
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("system: x\n", "utf-8")
    with pytest.raises(MappingInvalid) as caught:
        Mappings.load(tmp_path, standard)
    files = {fault.where.partition(":")[0] for fault in caught.value.faults}
    assert files == {"a.yaml", "b.yaml"}


def test_an_unknown_system_kind_or_node_is_not_found(load: Load) -> None:
    mapping = load(GOOD)
    with pytest.raises(NotFound):
        mapping.read("person", {})
    with pytest.raises(NotFound):
        mapping.write("INDICTMENT", {})


def test_the_rules_digest_follows_file_tables_and_crosswalks(
    load: Load, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    (folder / "sex" / "crosswalk").mkdir(parents=True)
    table = folder / "sex" / "1.tsv"
    walk = folder / "sex" / "crosswalk" / "demo.tsv"
    strange = folder / "sex" / "crosswalk" / "other.tsv"
    sections = "records: { person: { fields: { sex: { from: X, table: sex } } } }\n"

    def digest(text: str = sections) -> str:
        return load(text, Tables.load(folder)).rules

    table.write_text("code\tname_zh\tname_en\n1\t男\tmale\n", "utf-8")
    first = digest()
    assert digest() == first
    seen = {first, digest(sections + "# a word\n")}
    table.write_text("code\tname_zh\tname_en\n1\t男性\tmale\n", "utf-8")
    second = digest()
    strange.write_text("raw\tcode\trelation\tnote\nm\t1\tequal\t\n", "utf-8")
    assert digest() == second
    walk.write_text("raw\tcode\trelation\tnote\nm\t1\tequal\t\n", "utf-8")
    assert len({*seen, second, digest()}) == 4
