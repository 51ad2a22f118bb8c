"""Whatever stands in a mapping file, the loader loads it or tells its faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import CodeTableMissing, MappingInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, SystemMapping

WORDS = st.sampled_from(
    [
        *(
            "T",
            ".",
            "/A",
            "A/B",
            "",
            "name",
            "date",
            "sex",
            "stage",
            "crime",
            "term_cn",
        ),
        *("case", "person", "charge", "sentence", "title", "persons", "persons/name"),
        *("hold", "name_zh", "、", "S020_FILED", "sentence/fine", "amount"),
    ]
)
VALUES = st.recursive(
    st.one_of(WORDS, WORDS, st.booleans(), st.none(), st.integers()),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2)
    ),
    max_leaves=3,
)
RULE_KEYS = st.sampled_from(
    [
        *("from", "each", "split", "join", "record", "convert", "table", "by"),
        *("constant", "unknown", "required", "note", "form"),
    ]
)
RULES = st.dictionaries(RULE_KEYS, VALUES, max_size=4) | VALUES
FIELDS = st.dictionaries(
    st.sampled_from(
        ["title", "stage", "persons", "name", "sex", "charges", "sentence", "crime"]
    ),
    RULES,
    max_size=4,
)
SECTION = (
    st.fixed_dictionaries(
        {"fields": FIELDS},
        optional={"root": VALUES, "kind": VALUES, "ignore": VALUES, "needs": VALUES},
    )
    | VALUES
)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "system": VALUES,
        "revision": VALUES,
        "title": VALUES,
        "records": st.dictionaries(
            st.sampled_from(["case", "person", "charge", "sentence", "x"]), SECTION
        ),
        "parcels": st.dictionaries(
            st.sampled_from(["INDICTMENT", "JUDGMENT_SERVICE", "x", "person"]), SECTION
        ),
        "other": VALUES,
    },
)


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=FILES)
def test_a_file_whatever_loads_or_tells_its_faults(
    tmp_path: Path, standard: Tables, body: dict[str, Any]
) -> None:
    body = {"system": "demo", "revision": 1, "title": {"zh": "x", "en": "x"}, **body}
    (tmp_path / "demo.yaml").write_text(yaml.safe_dump(body), "utf-8")
    try:
        mapping = Mappings.load(tmp_path, standard).system("demo")
    except (MappingInvalid, CodeTableMissing) as error:
        refused = error.faults
    else:
        use(mapping)
        return
    assert refused
    assert all(fault.where and fault.message.zh for fault in refused)


def use(mapping: SystemMapping) -> None:
    """Reading and writing by whatever was loaded must not raise."""
    tree: Any = {"T": "1", "A": {"B": ["x", {"T": "2"}]}, "name": "y"}
    for kind in mapping.parsed.records:
        mapping.read(kind, tree)
    for node in mapping.nodes:
        mapping.write(node, {"title": "t", "persons": [{"name": "n"}]})
