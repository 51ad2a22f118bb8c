"""What can be wrong with a vendor's interface description: reason and remedy of each.

One table, so that no refusal is without a remedy. Names in braces are filled in by
whoever finds the flaw; they come from the description, which holds no person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hub.errors import Fault, InterfaceInvalid, Text


class Flaw(NamedTuple):
    """One way to be wrong: the reason, and what to do about it."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


_ASK = "向厂商要到该文件，按原来的相对位置放好"
_ASK_EN = "ask the vendor for it and keep its relative place"
_PATCH = "与厂商确认后用旁边的 *.patch.yaml 改正"
_PATCH_EN = "confirm it with the vendor, then mend it by a *.patch.yaml beside it"
_AGAIN = f"文件可能不完整，请重新获取；若厂商给的就是这样，{_PATCH}"
_AGAIN_EN = f"get the file again, it may be incomplete; if it is so, {_PATCH_EN}"
_LITERAL = "请厂商提供 literal 绑定；确认实际按 literal 收发时可用 *.patch.yaml 改写"
_LITERAL_EN = (
    "ask for a literal binding; where literal is confirmed, say so by a *.patch.yaml"
)

FLAWS: Mapping[str, Flaw] = MappingProxyType(
    {
        "file.missing": Flaw(
            "缺少文件 {name}", "The file {name} is missing", _ASK, _ASK_EN
        ),
        "file.case": Flaw(
            "{name} 与磁盘上的 {near} 写法不同（大小写或 %xx）",
            "{name} is {near} on disk (upper and lower case, or %xx)",
            "把文件改成引用中的写法",
            "name the file as it is referred to",
        ),
        "file.outside": Flaw(
            "{name} 在接口文件夹之外",
            "{name} lies outside the interface's folder",
            "把它放进文件夹，用 *.patch.yaml 改写位置",
            "put it into the folder and change the location by a *.patch.yaml",
        ),
        "file.remote": Flaw(
            "引用了网址 {name}；接口描述只从文件读取，从不下载",
            "It refers to the address {name}; descriptions are files, never fetched",
            "把该文件存到文件夹里，用 *.patch.yaml 把网址改成文件名",
            "save that file in the folder, change the address to its name by a"
            " *.patch.yaml",
        ),
        "file.large": Flaw(
            "{name} 超过 {most} 字节",
            "{name} is larger than {most} bytes",
            "请厂商给出不含内嵌数据的描述",
            "ask the vendor for a description without data inside",
        ),
        "file.many": Flaw(
            "引用的文件超过 {most} 个",
            "It refers to more than {most} files",
            "请厂商给出只含所用操作的描述",
            "ask the vendor for a description of the operations in use",
        ),
        "file.encoding": Flaw(
            "读不出文字：编码不明，或字符在到达之前已经丢失",
            "It cannot be read as text: an unknown encoding, or characters were lost",
            "请厂商重新给出该文件",
            "ask the vendor for the file again",
        ),
        "file.dtd": Flaw(
            "文件里有 DTD（DOCTYPE），其中的实体可以读取本机文件或撑爆内存",
            "It holds a DTD (DOCTYPE), whose entities could read files or fill memory",
            "用 *.patch.yaml 去掉 DOCTYPE；用到的实体直接写出",
            "remove the DOCTYPE by a *.patch.yaml and write its entities out",
        ),
        "file.malformed": Flaw(
            "不是格式良好的 XML：{why}",
            "It is not well-formed XML: {why}",
            _AGAIN,
            _AGAIN_EN,
        ),
        "root.page": Flaw(
            "这是网页，不是 WSDL（多半是登录页或服务列表页）",
            "This is a web page, not a WSDL (most likely a login or list of services)",
            "用浏览器打开“服务地址?wsdl”，存下 XML 原文",
            "open ADDRESS?wsdl and save the XML itself",
        ),
        "root.version": Flaw(
            "这是 WSDL 2.0，只支持 WSDL 1.1",
            "This is WSDL 2.0; only WSDL 1.1 is spoken",
            "请厂商导出 WSDL 1.1",
            "ask the vendor to export WSDL 1.1",
        ),
        "root.other": Flaw(
            "根元素是 {name}，不是 WSDL 的 definitions",
            "The root element is {name}, not the definitions of a WSDL",
            "请厂商给出 WSDL；只有 XSD 时没有操作和绑定可用",
            "ask for the WSDL; an XSD by itself has neither operations nor a binding",
        ),
        "import.namespace": Flaw(
            "导入写的命名空间是 {told}，文件 {name} 的 targetNamespace 是 {real}",
            "The import says the namespace {told}, but {name} has the"
            " targetNamespace {real}",
            _PATCH,
            _PATCH_EN,
        ),
        "import.location": Flaw(
            "{name} 没有写明文件位置",
            "{name} does not say which file",
            "用 *.patch.yaml 写明 schemaLocation",
            "say the schemaLocation by a *.patch.yaml",
        ),
        "schema.old": Flaw(
            "用的是旧版 XML Schema（{name}）",
            "It is written in an old XML Schema ({name})",
            "请厂商按 http://www.w3.org/2001/XMLSchema 导出",
            "ask for an export in http://www.w3.org/2001/XMLSchema",
        ),
        "schema.construct": Flaw(
            "用到不支持的 XSD 结构 {name}",
            "It uses {name}, an XSD construct that is not understood",
            "请厂商展开该结构，或" + _PATCH,
            "ask the vendor to write it out, or " + _PATCH_EN,
        ),
        "name.prefix": Flaw(
            "{name} 的前缀没有声明命名空间",
            "The prefix of {name} is not declared",
            _PATCH,
            _PATCH_EN,
        ),
        "name.unknown": Flaw(
            "{kind} {name} 没有定义{hint_zh}",
            "The {kind} {name} is not defined{hint_en}",
            "补齐缺的文件或导入；写错时" + _PATCH,
            "add the missing file or import; if it is an error, " + _PATCH_EN,
        ),
        "name.twice": Flaw(
            "{kind} {name} 定义了两次且内容不同（另一处：{other}）",
            "The {kind} {name} is defined twice and differently (also at {other})",
            "问清以哪一处为准，用 *.patch.yaml 去掉另一处",
            "ask which one holds and remove the other by a *.patch.yaml",
        ),
        "soap.encoding": Flaw(
            "类型 {name} 属于 SOAP 编码，收发两端对它的写法没有一致约定",
            "The type {name} belongs to the SOAP encoding, which every stack writes"
            " its own way",
            _LITERAL,
            _LITERAL_EN,
        ),
        "binding.none": Flaw(
            "没有 SOAP 绑定（{found}）",
            "There is no SOAP binding ({found})",
            "请厂商给出带 soap:binding 的完整 WSDL",
            "ask the vendor for the whole WSDL with its soap:binding",
        ),
        "binding.transport": Flaw(
            "绑定 {name} 的 transport 是 {told}，只支持 HTTP",
            "The binding {name} says the transport {told}; only HTTP is spoken",
            "请厂商给出 HTTP 绑定；漏写或写错时" + _PATCH,
            "ask for an HTTP binding; if it is an omission or error, " + _PATCH_EN,
        ),
        "binding.style": Flaw(
            "操作 {name} 的 style 是 {told}，只能是 document 或 rpc",
            "The operation {name} says the style {told}; it is document or rpc",
            _PATCH,
            _PATCH_EN,
        ),
        "binding.encoded": Flaw(
            '操作 {name} 的绑定写着 use="{told}"，只支持 literal',
            'The operation {name} is bound with use="{told}"; only literal is spoken',
            _LITERAL,
            _LITERAL_EN,
        ),
        "port.none": Flaw(
            "没有指向 SOAP 绑定的端口（service/port）",
            "No port of a service leads to a SOAP binding",
            "请厂商给出完整 WSDL，或用 *.patch.yaml 补上 service",
            "ask for the whole WSDL, or add the service by a *.patch.yaml",
        ),
        "port.unknown": Flaw(
            "没有端口 {name}；有：{known}",
            "There is no port {name}; there are: {known}",
            "改用其中一个端口名",
            "name one of these",
        ),
        "operation.twice": Flaw(
            "操作 {name} 在 {kind} 里定义了两次（重载）",
            "The operation {name} stands twice in {kind} (overloaded)",
            "请厂商给两者不同的名字，或用 *.patch.yaml 去掉不用的一个",
            "ask for two names, or remove the unused one by a *.patch.yaml",
        ),
        "operation.unknown": Flaw(
            "绑定的操作 {name} 不在 portType 里",
            "The bound operation {name} is not in the portType",
            _PATCH,
            _PATCH_EN,
        ),
        "part.kind": Flaw(
            "消息 {name} 的 part 须写 element（document）或 type（rpc）",
            "The part of message {name} says element (document) or type (rpc)",
            _PATCH,
            _PATCH_EN,
        ),
        "part.some": Flaw(
            "操作 {name} 的 soap:body 只带部分 part（{told}），其余无处可写",
            "The soap:body of operation {name} carries only the parts {told}; the"
            " others have no place",
            _PATCH,
            _PATCH_EN,
        ),
        "other": Flaw(
            "无法使用：{why}",
            "It cannot be used: {why}",
            _PATCH,
            _PATCH_EN,
        ),
    }
)


def flaw(slug: str, where: str, **names: object) -> Fault:
    """The fault that tells this flaw at this place, with its remedy.

    ``where`` is file and line (``zfba.wsdl:12``); ``rule`` of the fault is the slug.
    """
    found = FLAWS[slug]
    zh = f"{found.zh.format(**names)}。{found.remedy_zh.format(**names)}"
    en = f"{found.en.format(**names)}. To mend it, {found.remedy_en.format(**names)}"
    return Fault(InterfaceInvalid.code, where, Text(zh, en), rule=slug)


def refusal(faults: Sequence[Fault]) -> InterfaceInvalid:
    """The error that tells all of them; its text is the first one's."""
    first = faults[0]
    zh, en = first.message.zh, first.message.en
    if len(faults) > 1:
        zh, en = f"{zh}（共 {len(faults)} 处）", f"{en} ({len(faults)} flaws in all)"
    return InterfaceInvalid(zh, en, where=first.where, faults=tuple(faults))
