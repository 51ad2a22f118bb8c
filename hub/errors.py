"""The error tree: every way the hub can fail, what it means and what to do.

    HubError
      ConfigurationError         STOP    mend the deployment; never retried
        SettingInvalid  ManifestInvalid  InterfaceInvalid  MappingInvalid
        CodeTableMissing  RulesNotApproved  DatabaseNotReady
      AgencyError                        the far side; names agency and system
        AgencyUnreachable        RETRY
        AgencyBusy               RETRY   after the time it asked for
        AgencyLoginRefused       HOLD    stop knocking, call an operator
        AgencyFaultUnknown       HOLD    a code that faults.yaml lacks
        AgencyAnswerUnreadable   HOLD    the bytes are kept
      RecordError                REPORT  one record set aside, the run goes on
        RecordUnreadable  FieldUnaccounted  CodeUnknown  RecordInvalid
      RunError                   REPORT  a whole run is odd, its records stay
        RunSuspicious
      TransferError              REFUSE  told to the caller in the result type
        TransferNotAcceptable  TransferConflicting
      RequestError               REFUSE  told to the caller or the command line
        RequestInvalid  NotFound  NotAllowed  TokenInvalid  SyncOvertaken
        ApprovalStale  ReplayRunning  ReplayOvertaken
      DeliveryError              BURY    becomes a dead letter
        DeliveryExhausted

Branches end in ``Error``; leaves name the condition. The engine decides by
``disposition``, never by a chain of ``isinstance``. Each leaf has a page under
``docs/errors/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


class Disposition(Enum):
    """What the engine does with an error (处置方式)."""

    STOP = "stop"
    RETRY = "retry"
    HOLD = "hold"
    REPORT = "report"
    REFUSE = "refuse"
    BURY = "bury"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages. Never holds personal data."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place, told so that a person can mend it.

    ``where`` is a path in the record or input (``persons[0].birth_date``),
    ``source`` the place in the raw record (XPath, JSON pointer, row/column).
    ``code`` is the code of a leaf of the error tree. ``rule`` names the
    converter, table or check that objected. No value of the record stands in it.
    """

    code: str
    where: str
    message: Text
    source: str = ""
    rule: str = ""


class HubError(Exception):
    """Root of the tree. Carries a code, two texts and what to do.

    ``message`` is for the caller and holds no personal data; ``detail`` is for
    the log only; ``where`` says which field, file or option is meant.
    """

    code: ClassVar[str] = "HUB"
    disposition: ClassVar[Disposition] = Disposition.STOP
    title: ClassVar[Text] = Text("内部错误", "Internal error")
    remedy: ClassVar[Text] = Text("查看日志并联系维护人员", "See the log, call support")

    def __init__(
        self,
        zh: str = "",
        en: str = "",
        *,
        where: str = "",
        detail: str = "",
        faults: tuple[Fault, ...] = (),
    ) -> None:
        """Say what is wrong in Chinese and English, and where."""
        self.message = Text(zh or self.title.zh, en or self.title.en)
        self.where = where
        self.detail = detail
        self.faults = faults
        super().__init__(f"[{self.code}] {self.message.en}")


class ConfigurationError(HubError):
    """The deployment is wrong; mend it, do not retry."""


class SettingInvalid(ConfigurationError):
    """A setting is missing, unknown or has an impossible value."""

    code = "SETTING_INVALID"
    title = Text("配置项无效", "A setting is invalid")
    remedy = Text(
        "按 docs/operating.md 修正配置文件或环境变量，再运行 hub settings 核对",
        "Mend the settings file or variable (docs/operating.md), check: hub settings",
    )


class ManifestInvalid(ConfigurationError):
    """An adapter's manifest does not say what the contract asks."""

    code = "MANIFEST_INVALID"
    title = Text("适配器清单无效", "An adapter manifest is invalid")
    remedy = Text(
        "按 docs/adapters.md 修正 manifest.yaml",
        "Mend manifest.yaml (docs/adapters.md)",
    )


class InterfaceInvalid(ConfigurationError):
    """A vendor's interface description, or a patch of it, cannot be used."""

    code = "INTERFACE_INVALID"
    title = Text("接口描述文件无效", "An interface description cannot be used")
    remedy = Text(
        "补齐或更正所指文件；厂商原件保持不动，改动写在旁边的 *.patch.yaml 里"
        "（docs/errors/interface_invalid.md）",
        "Complete or mend the named file; the vendor's own stays as it is, changes go "
        "into a *.patch.yaml beside it (docs/errors/interface_invalid.md)",
    )


class MappingInvalid(ConfigurationError):
    """A mapping file cannot be used; the hub does not start with it."""

    code = "MAPPING_INVALID"
    title = Text("映射文件无效", "A mapping file is invalid")
    remedy = Text(
        "按 mappings/README.md 修正所指位置",
        "Mend the named place (mappings/README.md)",
    )


class CodeTableMissing(ConfigurationError):
    """A mapping names a code table or crosswalk that does not exist."""

    code = "CODE_TABLE_MISSING"
    title = Text("代码表缺失", "A code table is missing")
    remedy = Text(
        "在 mappings/tables/ 中补充该代码表", "Add the table under mappings/tables/"
    )


class RulesNotApproved(ConfigurationError):
    """The dictionary changed and nobody approved the change, as this hub asks for."""

    code = "RULES_NOT_APPROVED"
    title = Text("规则未经批准", "The rules were not approved")
    remedy = Text(
        "放回原文件，用 hub map diff 查看差异，由另一人用 hub map approve 批准后再替换",
        "Put the old files back, see the difference with hub map diff, let another "
        "person approve it with hub map approve, then put the new ones in place",
    )


class DatabaseNotReady(ConfigurationError):
    """The database cannot be reached or its schema is not the one needed."""

    code = "DATABASE_NOT_READY"
    title = Text("数据库未就绪", "The database is not ready")
    remedy = Text(
        "检查数据库地址并运行 hub db upgrade",
        "Check the database address and run: hub db upgrade",
    )


class AgencyError(HubError):
    """The far side failed. Always names the endpoint it happened at."""

    def __init__(
        self,
        zh: str = "",
        en: str = "",
        *,
        endpoint: str = "",
        retry_after: float | None = None,
        body: bytes = b"",
        where: str = "",
        detail: str = "",
    ) -> None:
        """``retry_after`` in seconds; ``body`` are the bytes that were received."""
        super().__init__(zh, en, where=where or endpoint, detail=detail)
        self.endpoint = endpoint
        self.retry_after = retry_after
        self.body = body


class AgencyUnreachable(AgencyError):
    """No connection, a time-out, or a connection lost in the middle.

    After a push the outcome is unknown, which is not the same as failed.
    """

    code = "AGENCY_UNREACHABLE"
    disposition = Disposition.RETRY
    title = Text("对方系统无法连接", "The agency's system cannot be reached")
    remedy = Text(
        "系统会自动重试；持续不通时请联系对方运维并检查网络边界",
        "The hub retries by itself; if it lasts, call the agency and check the gateway",
    )


class AgencyBusy(AgencyError):
    """The far side asked us to come back later, or is closed at this hour."""

    code = "AGENCY_BUSY"
    disposition = Disposition.RETRY
    title = Text("对方系统繁忙", "The agency's system is busy")
    remedy = Text(
        "系统会在对方要求的时间后重试", "The hub retries at the time asked for"
    )


class AgencyLoginRefused(AgencyError):
    """Our account or secret is not accepted; knocking on would lock it."""

    code = "AGENCY_LOGIN_REFUSED"
    disposition = Disposition.HOLD
    title = Text("对方系统拒绝登录", "The agency's system refuses our login")
    remedy = Text(
        "与对方核对账号和口令，更新密钥引用后运行 hub sync 接入点",
        "Check account and secret with the agency, then run: hub sync ENDPOINT",
    )


class AgencyFaultUnknown(AgencyError):
    """The far side answered with a fault code that faults.yaml lacks."""

    code = "AGENCY_FAULT_UNKNOWN"
    disposition = Disposition.HOLD
    title = Text("对方返回未知错误码", "The agency answered with an unknown fault code")
    remedy = Text(
        "查明含义后写入该适配器的 faults.yaml，再重放",
        "Find out what it means, add it to the adapter's faults.yaml, replay",
    )


class AgencyAnswerUnreadable(AgencyError):
    """The answer cannot be taken apart. Its bytes are kept."""

    code = "AGENCY_ANSWER_UNREADABLE"
    disposition = Disposition.HOLD
    title = Text("对方应答无法解读", "The agency's answer cannot be read")
    remedy = Text(
        "用 hub raw 失败编号 查看原始字节；若接口已升级，请修改适配器后重放",
        "Look at the raw bytes: hub raw FAILURE; if the interface changed, mend the "
        "adapter and replay",
    )


class RecordError(HubError):
    """One record is set aside; the run goes on."""

    disposition = Disposition.REPORT


class RecordUnreadable(RecordError):
    """The record's bytes cannot be parsed (encoding, syntax, truncation)."""

    code = "RECORD_UNREADABLE"
    title = Text("记录无法解读", "The record cannot be read")
    remedy = Text(
        "用 hub raw 失败编号 查看原始字节；由来源单位更正后会自动重新获取，"
        "或修正适配器后重放",
        "Look at the raw bytes: hub raw FAILURE; it is fetched anew once the agency "
        "mends it, or mend the adapter and replay",
    )


class FieldUnaccounted(RecordError):
    """A raw field is neither mapped nor ignored with a reason."""

    code = "FIELD_UNACCOUNTED"
    title = Text("存在未处理字段", "A raw field is neither mapped nor ignored")
    remedy = Text(
        "在映射文件中映射该字段，或在 ignore 中说明理由",
        "Map the field, or list it under ignore with a reason",
    )


class CodeUnknown(RecordError):
    """A raw value stands in no code table of that system."""

    code = "CODE_UNKNOWN"
    title = Text("代码无法对应", "A code has no counterpart")
    remedy = Text(
        "用 hub raw 失败编号 查看原值，在对应代码表中补充（需业务确认），再重放",
        "See the value with hub raw FAILURE, add it to the crosswalk (a person "
        "confirms), then replay",
    )


class RecordInvalid(RecordError):
    """A value cannot be right: impossible date, failed check digit, no key."""

    code = "RECORD_INVALID"
    title = Text("记录内容无效", "The record holds an impossible value")
    remedy = Text(
        "请来源单位更正该值；更正后会自动重新获取",
        "Ask the agency to correct the value; it is fetched anew afterwards",
    )


class RunError(HubError):
    """A whole run is not what was expected; its records stay."""

    disposition = Disposition.REPORT


class RunSuspicious(RunError):
    """A run went through, but not as runs of this system do when all is well."""

    code = "RUN_SUSPICIOUS"
    title = Text("同步批次可疑", "The sync run is suspicious")
    remedy = Text(
        "向对方核实数量或缺失的字段；确属正常时调整映射文件中的 expect",
        "Ask the agency about the numbers or the missing field; if all is well, change "
        "expect in the mapping file",
    )


class TransferError(HubError):
    """A transfer is refused; told to the caller in the mutation's result."""

    disposition = Disposition.REFUSE


class TransferNotAcceptable(TransferError):
    """The transfer cannot be sent as it stands; ``faults`` lists every reason."""

    code = "TRANSFER_NOT_ACCEPTABLE"
    title = Text("移送不符合要求", "The transfer cannot be accepted")
    remedy = Text(
        "按 problems 逐项补正后重新提交", "Mend each of the problems and submit again"
    )


class TransferConflicting(TransferError):
    """The same hand-over is under way, or the key was used for other content."""

    code = "TRANSFER_CONFLICTING"
    title = Text("移送相互冲突", "The transfer conflicts with another one")
    remedy = Text(
        "查看已有移送的状态；内容确有变化时使用新的幂等键",
        "Look at the transfer already there; use a new key for changed content",
    )


class RequestError(HubError):
    """The caller asked for something that cannot be done as asked."""

    disposition = Disposition.REFUSE


class RequestInvalid(RequestError):
    """An argument is missing, malformed or out of range."""

    code = "REQUEST_INVALID"
    title = Text("请求参数无效", "An argument is invalid")
    remedy = Text("按提示修正参数", "Mend the argument as told")


class NotFound(RequestError):
    """No such thing, or none that this caller may see: the same answer."""

    code = "NOT_FOUND"
    title = Text("未找到", "Not found")
    remedy = Text(
        "核对编号；如应有权限，请联系枢纽管理员",
        "Check the number; if you should see it, ask the hub's administrator",
    )


class NotAllowed(RequestError):
    """The caller's agency may not do this."""

    code = "NOT_ALLOWED"
    title = Text("无权执行", "Not allowed")
    remedy = Text(
        "由有权单位执行，或申请调整权限表",
        "Let an agency with the right do it, or ask for a change of the policy table",
    )


class TokenInvalid(RequestError):
    """There is no token, or it is expired, forged or of an unknown agency."""

    code = "TOKEN_INVALID"
    title = Text("令牌无效", "The token is not valid")
    remedy = Text(
        "在 Authorization 头中携带有效令牌；演示环境运行 hub token 单位代码",
        "Send a valid bearer token; in the demo: hub token AGENCY",
    )


class SyncOvertaken(RequestError):
    """Two sync runs of one endpoint met; the later commit gives way."""

    code = "SYNC_OVERTAKEN"
    title = Text(
        "同一接入点已有另一同步批次", "Another sync run of this endpoint is under way"
    )
    remedy = Text(
        "无需处理；等待另一批次完成即可", "Nothing to do; wait for the other run"
    )


class ApprovalStale(RequestError):
    """What was to be approved is no longer what was seen."""

    code = "APPROVAL_STALE"
    title = Text(
        "批准的内容已不是所见的差异", "What would be approved is not what was seen"
    )
    remedy = Text(
        "重新运行 hub map diff，查看新的差异，再按新的摘要批准",
        "Run hub map diff again, look at the new difference, approve its digest",
    )


class ReplayRunning(RequestError):
    """A replay of the same scope and rules is under way already."""

    code = "REPLAY_RUNNING"
    title = Text("相同的重放任务正在进行", "The same replay is under way")
    remedy = Text(
        "等它完成，或先继续或取消它（hub replays list）",
        "Wait for it, or resume or cancel it first (hub replays list)",
    )


class ReplayOvertaken(RequestError):
    """The rules changed while a replay was under way; it stopped between pages."""

    code = "REPLAY_OVERTAKEN"
    title = Text("重放期间规则又有变动", "The rules changed during the replay")
    remedy = Text(
        "已重读的记录有效；确认规则后重新启动重放（hub replays start）",
        "What was read again stands; check the rules and start a new replay "
        "(hub replays start)",
    )


class DeliveryError(HubError):
    """A parcel could not be delivered; it becomes a dead letter."""

    disposition = Disposition.BURY


class DeliveryExhausted(DeliveryError):
    """All attempts are spent, or the receiver's answer leaves no way on."""

    code = "DELIVERY_EXHAUSTED"
    title = Text("送达重试已用尽", "All delivery attempts are spent")
    remedy = Text(
        "排除原因后在控制台重放（使用同一幂等键）",
        "Remove the cause, then replay it (the same key is used)",
    )


def leaves(branch: type[HubError] = HubError) -> Iterator[type[HubError]]:
    """Every leaf of the tree, for docs, tests and the code look-up."""
    for child in branch.__subclasses__():
        if "code" in vars(child):
            yield child
        yield from leaves(child)


def leaf(code: str) -> type[HubError]:
    """The leaf with this code; ``HubError`` itself for an unknown one."""
    return next((found for found in leaves() if found.code == code), HubError)
