"""What ``hub check`` finds: a stable code, where it stands, what is wrong, what to do.

The list of codes is closed. Other programs may rely on a code; its words may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hub.errors import Text

_KINDS = {
    "FOLDER_INCOMPLETE": (
        "缺少必需的文件",
        "A file that every adapter has is missing",
        "补上该文件；可照其他适配器的写法",
        "add the file; another adapter shows how it looks",
    ),
    "MANIFEST_UNREADABLE": (
        "清单不是有效的 YAML",
        "The manifest is no valid YAML",
        "按所示行号更正 YAML",
        "mend the YAML at the line told",
    ),
    "MANIFEST_KEY_UNKNOWN": (
        "清单中有不认识的键",
        "The manifest has a key nobody knows",
        "更正拼写，或删去该键（docs/contract.md 列出全部键）",
        "mend its spelling or remove it (docs/contract.md lists every key)",
    ),
    "MANIFEST_KEY_MISSING": (
        "清单缺少必需的键",
        "The manifest lacks a key",
        "补上该键（docs/contract.md 说明每个键的含义）",
        "add it (docs/contract.md says what each key means)",
    ),
    "MANIFEST_VALUE_INVALID": (
        "清单中的值不可用",
        "A value of the manifest cannot be used",
        "改为 docs/contract.md 允许的值",
        "write one that docs/contract.md allows",
    ),
    "ADAPTER_UNLOADABLE": (
        "适配器类无法载入",
        "The adapter's class cannot be loaded",
        "更正清单的 adapter，或修正模块中的错误",
        "mend the manifest's key adapter, or the fault in the module",
    ),
    "MAPPING_MISSING": (
        "没有映射文件",
        "There is no mapping file",
        "新建 mappings/<系统>.yaml（mappings/README.md）",
        "write mappings/<system>.yaml (mappings/README.md)",
    ),
    "MAPPING_INVALID": (
        "映射文件有误",
        "The mapping file has a fault",
        "按所示位置更正（mappings/README.md）",
        "mend it at the place told (mappings/README.md)",
    ),
    "TABLE_MISSING": (
        "映射引用的代码表不存在",
        "The mapping names a code table that is not there",
        "更正表名，或在 mappings/tables 下新建该表",
        "mend the name, or add the table below mappings/tables",
    ),
    "CROSSWALK_INVALID": (
        "对照表有误",
        "A crosswalk has a fault",
        "按所示行更正：每行须指向代码表中现有的代码",
        "mend the line told: each row points to a code that the table has",
    ),
    "PATH_UNSEEN": (
        "映射的路径在任何样例中都未出现",
        "A mapped path stands in no fixture",
        "更正路径，或在样例中补上该字段；确无此字段则删去规则",
        "mend the path or add the field to a fixture; remove the rule if no record "
        "has it",
    ),
    "FIELD_UNSPOKEN": (
        "样例中的原始字段既未映射也未忽略",
        "A raw field of a fixture is neither mapped nor ignored",
        "在映射中写一条规则，或写入 ignore 并说明理由",
        "map it, or put it under ignore with a reason",
    ),
    "FIXTURE_UNREADABLE": (
        "样例无法解读",
        "A fixture cannot be read",
        "修正 read，或更正样例与 raw.json 中的 media",
        "mend read, or the fixture and its media in raw.json",
    ),
    "FIXTURE_UNMAPPED": (
        "样例无法映射",
        "A fixture does not map",
        "按所示字段修正映射、代码表或样例",
        "mend the mapping, the code table or the fixture at the field told",
    ),
    "FIXTURES_FEW": (
        "样例不足三对",
        "There are fewer than three fixture pairs",
        "补上 case-minimal、case-full、case-ugly；可用 hub record 录制",
        "add case-minimal, case-full and case-ugly; hub record can take them",
    ),
    "EXPECTATION_MISSING": (
        "样例没有期望结果",
        "A fixture has no expectation",
        "运行 hub golden --write，并像代码一样审阅结果",
        "run hub golden --write and read the result like code",
    ),
    "FAULTS_INVALID": (
        "错误码文件有误",
        "The file of fault codes has a fault",
        "按所示行更正；每个代码写 leaf 或 reason 之一，并写 zh 和 en",
        "mend the line told; each code has a leaf or a reason, and zh and en",
    ),
    "FAULTS_LEAF_UNKNOWN": (
        "错误码指向不存在的错误",
        "A fault code names an error that does not exist",
        "改为 docs/errors 中属于对方或记录的错误代码",
        "write a code of docs/errors that is about the far side or a record",
    ),
    "FAULTS_REASON_UNKNOWN": (
        "错误码指向不存在的退回理由",
        "A fault code names a reason that does not exist",
        "改为代码表 return_reason 中的代码",
        "write a code of the table return_reason",
    ),
    "SECRET_WRITTEN_OUT": (
        "机密被直接写出",
        "A secret is written out",
        "改写为 env:名称 或 file:路径，并更换该机密",
        "write env:NAME or file:PATH instead, and change the secret",
    ),
    "PERSON_REAL_LOOKING": (
        "疑似真实个人信息",
        "This looks like a real person's data",
        "改用虚构值：出生年 1900 至 1905 的证件号码，1 后接 0 至 2 的电话号码；"
        "hub record 会自动遮蔽",
        "invent it: identity numbers born 1900 to 1905, telephones that go on with 0 "
        "to 2 after the 1; hub record masks by itself",
    ),
    "PROPOSAL_OPEN": (
        "有尚未确认的提议",
        "A proposal waits for a person",
        "逐条核对后删去标记",
        "look at it, then remove its mark",
    ),
    "PLACEHOLDER_LEFT": (
        "仍是生成时的占位文字",
        "A placeholder still stands where a name belongs",
        "填入真实的名称、负责人或接口版本",
        "put in the real name, owner or version of the interface",
    ),
    "NUMBER_OPTIONAL": (
        "提醒：没有任何案号的记录不能保存",
        "A warning: a record without any case number cannot be kept",
        "若每条记录都有某个案号，给该规则加 required: true；否则属正常，"
        "无案号的记录会被搁置并报 RECORD_INVALID",
        "if each record has one of the numbers, add required: true to its rule; else "
        "leave it: those without are held back with RECORD_INVALID",
    ),
}
#: what may be so for good, and fails nothing
_WARNINGS = frozenset({"NUMBER_OPTIONAL"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: what it means and what to do about it."""

    title: Text
    remedy: Text


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        code: Kind(Text(zh, en), Text(remedy_zh, remedy_en))
        for code, (zh, en, remedy_zh, remedy_en) in _KINDS.items()
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``where`` is a file of the house, with its line if known.

    The message never holds a value that may be personal or secret.
    """

    code: str
    where: str
    message: Text

    @property
    def remedy(self) -> Text:
        """What to do."""
        return KINDS[self.code].remedy

    @property
    def is_warning(self) -> bool:
        """Something to know, not to mend."""
        return self.code in _WARNINGS

    def plain(self) -> dict[str, object]:
        """As JSON."""
        told = {"message": self.message, "remedy": self.remedy}
        texts = {name: {"zh": one.zh, "en": one.en} for name, one in told.items()}
        head = {"code": self.code, "where": self.where, "warning": self.is_warning}
        return {**head, **texts}


def found(code: str, where: str, zh: str, en: str) -> Finding:
    """A finding of a known kind."""
    return Finding(code, where, Text(zh, en))
