"""What the simulated centre accepts at its counters, and nothing else."""

from __future__ import annotations

from typing import Any

from lxml import etree

from tests.adapters.detention_centre import words
from tests.simulators import forms

Message = dict[str, Any]

#: elements that are lists however many there are
_LISTS = {"RY", "CS", "WS"}
_UNIT = forms.Word(
    "办案单位",
    lambda value: len(value) == 12 and value in words.local("agency").values(),
)
_MEASURES = forms.Form(
    {
        "CS": forms.Many(
            forms.Form(
                {
                    "CSLX": forms.Word(
                        "强制措施",
                        lambda v: v in words.local("compulsory_measure").values(),
                    )
                },
                {"JSRQ": forms.like(r"\d{8}")},
            )
        )
    },
    {},
)
_PERSON = forms.Form(
    {"XM": forms.text},
    {"RYBH": forms.like(r"\d{21}"), "SFZH": forms.text, "QZCS": _MEASURES},
)
_PAPER = forms.Form(
    {"WSMC": forms.Word("文书", lambda v: v in words.local("document_type").values())},
    {"WSWH": forms.loose, "QFRQ": forms.like(r"\d{8}")},
)
_NEEDS = {
    "SJBS": forms.like(r"[0-9a-f]{32}"),
    "FSSJ": forms.moment,
    "JSDW": forms.like(r"\d{12}"),
    "AJBH": forms.like(r"A\d{22}"),
    "RYLB": forms.Form({"RY": forms.Many(_PERSON, 1)}, {}),
}
_MAY = {"AJMC": forms.text, "WSLB": forms.Form({"WS": forms.Many(_PAPER, 1)}, {})}

#: root element -> what the message must look like, the paper without which it is no
#: message
FORMS = {
    "HY": forms.Form(
        {
            **_NEEDS,
            "XBADW": _UNIT,
            "XHJ": forms.Word("诉讼环节", lambda v: v in words.local("stage").values()),
        },
        _MAY,
    ),
    "JYQX": forms.Form({**_NEEDS, "BADW": _UNIT}, _MAY),
    "TX": forms.Form(
        {
            "SJBS": _NEEDS["SJBS"],
            "FSSJ": forms.moment,
            "RYBH": forms.like(r"\d{21}"),
            "BADW": _UNIT,
            "KSSJ": forms.moment,
        },
        {},
    ),
}
PAPERS = {"HY": "换押证", "JYQX": "变更羁押期限通知书"}


def opened(root: str, body: bytes) -> Message:
    """The message in the bytes of a post; raises ``forms.Refused``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        found = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise forms.Refused("报文不是 XML") from error
    if found.tag != root:
        raise forms.Refused(f"根元素应为 {root}")
    message = _tree(found)
    forms.check(message, FORMS[root], root)
    told: Message = message
    return told


def _tree(element: Any) -> Any:
    if not len(element):
        return element.text or ""
    found: Message = {}
    for child in element:
        if child.tag in _LISTS:
            found.setdefault(child.tag, []).append(_tree(child))
        elif child.tag in found:
            raise forms.Refused(f"{child.tag} 重复")
        else:
            found[child.tag] = _tree(child)
    return found
