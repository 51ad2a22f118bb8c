"""Field dictionaries say everything a mapping says, in words."""

from pathlib import Path

import pytest

from hub.entry import dictionary_pages, field_names
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import load_system
from hub.records.shape import SHAPES
from tests.conftest import ROOT

MAPPING = """
system: odd_case
revision: 4
title: { zh: 古怪系统, en: Odd system }
records:
  case:
    root: AJ
    fields:
      police_number: { from: [AJBH, BH], convert: police_number, required: true }
      title: { merge: [MC1, MC2], join: "、", note: 两栏合写 }
      filed_on:
        - { from: LASJ, when: "LX == '1'", convert: date }
        - { from: SLSJ, convert: date }
      persons: { each: RY, record: person }
    ignore: { BZ: 备注，内部使用 }
  person:
    fields:
      role: { constant: SUSPECT }
      sex: { from: XB, table: sex, unknown: hold }
      charges: { from: ZM, split: "、；", record: charge }
      stage: { from: /AJ/JD, table: stage }
  charge: { fields: { crime: { from: ., table: crime } } }
parcels:
  INDICTMENT:
    needs: [title, persons/birth_date]
    fields:
      mc: { from: title }
      dsr: { each: persons, record: dsr }
  dsr: { fields: { xb: { from: sex, table: sex, unknown: hold } } }
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory, tables: Tables) -> str:
    folder: Path = tmp_path_factory.mktemp("mappings")
    (folder / "odd_case.yaml").write_text(MAPPING, "utf-8")
    words = dictionary_pages.Words.load(ROOT / "mappings", tables)
    return dictionary_pages.page(
        load_system(folder / "odd_case.yaml", tables), folder, words
    )


@pytest.mark.parametrize(
    "words",
    [
        "# 古怪系统：字段词典",
        "（第 4 版）",
        "### 案件 `case`，位于 `AJ`",
        "`AJBH`，无则取 `BH`",
        "公安案件编号 `police_number`",
        "必填；无法识读时整条搁置",
        "合并 `MC1` + `MC2`",
        "以 `、` 连接",
        "两栏合写",
        "`LX == '1'`",
        "`SLSJ`",
        "逐条取 `RY`",
        "| `BZ` | 备注，内部使用 |",
        "固定为 `SUSPECT`",
        "无法识读时保留原文待查",
        "按 `、；` 拆分，再见 罪名 `charge`",
        "`/AJ/JD`",
        "缺少以下任一项即不予受理：案件名称、涉案人员的出生日期。",
        "无法对应时不写",
        "其中 `dsr`（每涉案人员一条）",
        "| `sex` | GB/T 2261.1-2003 |",
    ],
)
def test_the_page_tells(told, words):
    assert words in told


def test_every_canonical_field_has_a_chinese_name_and_from_one_place_only():
    names = field_names.names()
    fields = {f"{kind}.{name}" for kind, shape in SHAPES.items() for name in shape}
    assert not fields - set(names)
    assert all("\u4e00" <= names[one].zh[0] <= "\u9fff" for one in fields)
    graph = {
        f"{kind}.{name}"
        for kind, type_name in field_names.TYPES.items()
        for name in field_names.shown(type_name)
    }
    assert not graph & set(field_names.UNSHOWN)
