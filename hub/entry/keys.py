"""Every setting of the hub: its name, kind, default and what it is for.

The settings file, the environment overrides, ``hub settings`` and the reference in
``docs/operating.md`` all come from this one table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hub.errors import Text

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: ``name`` is ``section.key`` in the file, ``kind`` one of KINDS."""

    name: str
    kind: str
    default: Value
    about: Text

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return "HUB_" + self.name.replace(".", "_").upper()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


def _flag(value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False}
    words["no"] = False
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise ValueError


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = float(value)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


def _bind(value: object) -> str:
    host, _, port = _text(value).rpartition(":")
    if not host or not 0 < int(port) < 65536:
        raise ValueError
    return f"{host}:{int(port)}"


def _level(value: object) -> str:
    level = _text(value).lower()
    if level not in {"debug", "info", "warning", "error"}:
        raise ValueError
    return level


def _approval(value: object) -> str:
    wanted = _text(value).lower()
    if wanted not in {"off", "required"}:
        raise ValueError
    return wanted


#: kind -> how a value is read (an error when it cannot be), and its words
KINDS: Mapping[str, tuple[Callable[[object], Value], Text]] = MappingProxyType(
    {
        "text": (_text, Text("文本", "a text")),
        "path": (_text, Text("路径", "a path")),
        "secret": (_text, Text("文本或引用", "a text or a reference")),
        "flag": (_flag, Text("true 或 false", "true or false")),
        "whole": (_whole, Text("不小于 1 的整数", "a whole number, at least 1")),
        "seconds": (_seconds, Text("大于 0 的秒数", "seconds, more than 0")),
        "bind": (_bind, Text("主机:端口", "HOST:PORT, as in 127.0.0.1:8600")),
        "level": (_level, Text("日志级别", "debug, info, warning or error")),
        "approval": (_approval, Text("off 或 required", "off or required")),
    }
)


def _key(name: str, kind: str, default: Value, zh: str, en: str) -> Key:
    return Key(name, kind, default, Text(zh, en))


KEYS: tuple[Key, ...] = (
    _key("data_dir", "path", "var/hub", "数据目录", "where the hub keeps its files"),
    _key(
        "database",
        "secret",
        "",
        "PostgreSQL 地址；留空则使用数据目录中的内置 PostgreSQL",
        "address of PostgreSQL 15 or later; empty: the embedded one in data_dir",
    ),
    _key("bind", "bind", "127.0.0.1:8600", "监听地址", "where the server listens"),
    _key("auth.issuer", "text", "agency-hub", "令牌签发者", "who signs tokens (iss)"),
    _key(
        "auth.audience", "text", "agency-hub", "令牌受众", "whom tokens are for (aud)"
    ),
    _key(
        "auth.jwks",
        "path",
        "",
        "验签公钥集；留空则为数据目录中的 keys/jwks.json",
        "public keys for checking tokens; empty: keys/jwks.json in data_dir",
    ),
    _key(
        "auth.private_key",
        "path",
        "",
        "签名私钥，仅演示环境使用",
        "private key that `hub token` signs with; for demonstrations only",
    ),
    _key("logs.level", "level", "info", "日志级别", "the least level that is written"),
    _key(
        "logs.json",
        "flag",
        True,
        "以 JSON 写日志；false 时在终端上用易读格式",
        "write JSON lines; false: readable lines when on a terminal",
    ),
    _key(
        "delivery.batch",
        "whole",
        20,
        "一次认领的包裹数",
        "parcels a lane claims at once",
    ),
    _key(
        "delivery.attempts",
        "whole",
        20,
        "转为死信前的最多尝试次数",
        "attempts before a parcel becomes a dead letter",
    ),
    _key(
        "delivery.first_wait",
        "seconds",
        1.0,
        "首次重试前等待（秒）",
        "seconds before the first retry; doubles from there",
    ),
    _key(
        "delivery.longest_wait",
        "seconds",
        600.0,
        "两次尝试之间最长等待（秒）",
        "seconds between two attempts at most",
    ),
    _key(
        "delivery.sweep",
        "seconds",
        10.0,
        "清扫间隔（秒）",
        "seconds between sweeps for work that nobody woke",
    ),
    _key("delivery.workers", "whole", 8, "并行任务数", "jobs a worker does at once"),
    _key(
        "rules.approval",
        "approval",
        "off",
        "规则改动是否须先经批准：off 或 required",
        "must a change of the rules be approved first: off or required",
    ),
)

BY_NAME: Mapping[str, Key] = MappingProxyType({key.name: key for key in KEYS})
SECTIONS = tuple(dict.fromkeys(k.name.split(".")[0] for k in KEYS if "." in k.name))
