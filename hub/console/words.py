"""Every word of the console in both languages; a page names words, never says them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hub.errors import Text

LANGUAGES = ("zh", "en")


def _of(**words: tuple[str, str]) -> dict[str, Text]:
    return {name: Text(zh, en) for name, (zh, en) in words.items()}


WORDS: Mapping[str, Text] = MappingProxyType(
    {
        **_of(
            hub=("政法协同数据枢纽", "Agency hub"),
            overview=("总览", "Overview"),
            failures=("失败", "Failures"),
            failure=("失败记录", "Failure record"),
            transfers=("移送", "Transfers"),
            transfer=("移送时间线", "Transfer timeline"),
            runs=("批次", "Runs"),
            login=("登录", "Sign in"),
            logout=("退出", "Sign out"),
            skip=("跳到正文", "Skip to content"),
            other_language=("English", "中文"),
            token=("令牌", "Token"),
            token_hint=(
                "粘贴枢纽运维令牌；演示环境运行 hub token HUB-OPERATOR",
                "Paste an operator's token; in the demo: hub token HUB-OPERATOR",
            ),
            enter=("进入", "Enter"),
            as_caller=("身份", "Signed in as"),
        ),
        **_of(
            endpoint=("接入点", "Endpoint"),
            state=("状态", "State"),
            freshness=("时效", "Freshness"),
            data_time=("数据时间", "Data as of"),
            open_failures=("未结失败", "Open failures"),
            waiting=("待送达", "Waiting"),
            last_run=("最近批次", "Last run"),
            none=("无", "none"),
            never=("从未", "never"),
            goal=("目标", "goal"),
            stale=("陈旧", "stale"),
            fresh=("新鲜", "fresh"),
            sync_now=("立即同步", "Sync now"),
            most_urgent=("最需处理", "Most urgent"),
            nothing_wrong=("目前没有未结失败", "Nothing is open right now"),
            dead_letters=("死信", "Dead letters"),
            all_well=("没有死信", "No dead letters"),
            no_endpoints=("没有配置接入点", "No endpoint is configured"),
            worker=("工作进程运行中", "A worker runs"),
            last_sign=("最近心跳", "last sign of life"),
            no_worker=("没有工作进程", "No worker runs."),
            no_worker_hint=(
                "同步和送达都在等待；请启动 hub worker",
                "Syncs and deliveries wait; start: hub worker",
            ),
        ),
        **_of(
            cause=("原因", "Cause"),
            count=("条数", "Count"),
            closed=("已结", "Closed"),
            since=("首次", "Since"),
            last_try=("最近", "Last try"),
            whose=("由谁处理", "Whose"),
            whose_agency=("来源单位", "the agency"),
            whose_hub=("枢纽运维", "the hub's operator"),
            what_to_do=("处置办法", "What to do"),
            records=("条记录", "records"),
            record_key=("来源主键", "Source key"),
            problems=("问题", "Problems"),
            where=("规范位置", "Canonical place"),
            source=("原始位置", "Raw place"),
            rule=("规则", "Rule"),
            message=("说明", "What is wrong"),
            raw=("原始字节", "Raw bytes"),
            digest=("摘要", "Digest"),
            size=("大小", "Size"),
            media=("类型", "Media type"),
            fetched_at=("获取时间", "Fetched"),
            attempts=("尝试次数", "Attempts"),
            closed_by=("结清方式", "Closed by"),
            values_hidden=(
                "此页不显示记录内容；在枢纽主机上用 hub raw 失败编号 查看，均有记录",
                "No content is shown here; on the hub's machine: hub raw FAILURE, "
                "each look is noted",
            ),
            reason=("理由", "Reason"),
            replay=("重放", "Replay"),
            replay_hint=(
                "按现行规则重读已保存的字节，不再询问来源单位",
                "Reads the kept bytes by today's rules; the agency is not asked",
            ),
            resend=("用同一幂等键重新送达", "Send again under the same key"),
        ),
        **_of(
            node=("节点", "Node"),
            sender=("移送单位", "From"),
            receiver=("接收单位", "To"),
            submitted=("提交时间", "Submitted"),
            delivered=("送达时间", "Delivered"),
            answered=("回执时间", "Answered"),
            receiver_number=("对方案号", "Receiver's number"),
            next_attempt=("下次尝试", "Next attempt"),
            error=("错误", "Error"),
            timeline=("时间线", "Timeline"),
            took=("历时", "Took"),
            at=("时间", "Time"),
            receipts=("回执", "Receipts"),
            outcome=("结果", "Outcome"),
            reasons=("退回原因", "Reasons"),
            no_transfers=("没有移送", "No transfers"),
            no_runs=("没有批次", "No runs"),
            no_failures=("没有失败记录", "No failures"),
            every=("全部", "All"),
            older=("更早", "Older"),
            newest=("最新", "Newest"),
            total=("共", "Total"),
        ),
        **_of(
            drifts=("报文变化", "Drifts"),
            drifts_hint=(
                "来源内容有变；确认用 hub drift confirm，驳回用 hub drift dismiss",
                "What a system sends has moved; confirm with hub drift confirm, "
                "dismiss with hub drift dismiss",
            ),
            number=("编号", "Number"),
            what_moved=("变化", "What moved"),
            before=("此前", "Before"),
            after=("此后", "Since then"),
            may_be=("可能是", "May be"),
            no_drifts=("没有未处理的变化", "Nothing has moved"),
            CODE_NEW=("未知代码", "unknown code"),
            CODE_VANISHED=("代码消失", "code vanished"),
            CODE_FREQUENT=("代码骤增", "code suddenly frequent"),
            CODE_RARE=("代码骤减", "code suddenly rare"),
            CODE_RENAMED=("代码改写", "code renamed"),
            FIELD_NEW=("新字段", "new field"),
            FIELD_VANISHED=("字段消失", "field vanished"),
            FIELD_RENAMED=("字段改名", "field renamed"),
        ),
        **_of(
            trigger=("触发", "Trigger"),
            fetched=("获取", "Fetched"),
            stored=("保存", "Stored"),
            mapped=("映射", "Mapped"),
            set_aside=("搁置", "Set aside"),
            unchanged=("未变", "Unchanged"),
            balance=("账目", "Books"),
            balanced=("平衡", "balanced"),
            unbalanced=("不平衡", "not balanced"),
            remainder=("余项", "Remainder"),
            pages=("页数", "Pages"),
            started=("开始", "Started"),
            trouble=("无法完成", "This cannot be done"),
            code=("代码", "Code"),
            remedy=("办法", "Remedy"),
            back=("返回", "Back"),
            done=("已完成", "Done"),
            replay_closed=(
                "记录已通过，失败已结清",
                "The record came through and the failure is closed",
            ),
            replay_open=(
                "仍未通过，失败保持未结",
                "It did not come through and the failure stays open",
            ),
            resent=("包裹已重新排队", "The parcel is queued again"),
            sync_queued=("同步已排队", "The sync is queued"),
        ),
        **_of(
            replays=("重放任务", "Replays"),
            replay_job=("重放任务", "Replay"),
            replays_hint=(
                "修正映射或代码表后，在枢纽主机上用 hub replays start 重读已存记录",
                "After a mapping or code table is mended: hub replays start, on the "
                "hub's machine",
            ),
            no_replays=("没有重放任务", "No replays"),
            progress=("进度", "Progress"),
            changed=("改变", "Changed"),
            newly_failed=("新失败", "Set aside now"),
            mended=("已修复", "Mended"),
            notices=("更正通知", "Corrections"),
            started_by=("启动者", "Started by"),
            pause=("暂停", "Pause"),
            resume=("继续", "Resume"),
            give_up=("取消", "Cancel"),
            told_callers=("已通知的调用方", "Callers that were told"),
            agency=("机关", "Agency"),
            cases=("案件", "Cases"),
            had_read=("曾读取", "Had read it"),
            had_received=("曾接收", "Was handed it"),
            acknowledged=("已确认", "Acknowledged"),
            carried_by=("涉及的移送", "Hand-overs that carried it"),
            came_out_otherwise=(
                "结果不同的记录（不含值）",
                "Records that came out otherwise, without values",
            ),
        ),
        # states of the schema's enums
        **_of(
            UP=("正常", "up"),
            DOWN=("中断", "down"),
            HELD=("停用待查", "held"),
            UNKNOWN=("未知", "unknown"),
            RUNNING=("进行中", "running"),
            FINISHED=("完成", "finished"),
            FAILED=("失败", "failed"),
            ABANDONED=("中断", "abandoned"),
            PAUSED=("已暂停", "paused"),
            CHANGED=("已改变", "changed"),
            MENDED=("已修复", "mended"),
            OPEN=("未结", "open"),
            CLOSED=("已结", "closed"),
            QUEUED=("排队", "queued"),
            SENDING=("送达中", "sending"),
            DELIVERED=("已送达", "delivered"),
            ACCEPTED=("已接收", "accepted"),
            RETURNED=("已退回", "returned"),
            PENDING=("待回执", "pending"),
            DEAD=("死信", "dead"),
            CANCELLED=("已撤销", "cancelled"),
        ),
    }
)


#: what begins a sync run, by the word in the run book
TRIGGERS: Mapping[str, Text] = _of(
    schedule=("定时", "schedule"),
    caller=("人工", "by hand"),
    delivery=("移送之后", "after a hand-over"),
    replay=("重放", "replay"),
    replay_job=("重放任务", "replay of many"),
    ingest=("对方推送", "pushed in"),
)


def say(name: str, language: str) -> str:
    """A word in one language; raises ``KeyError`` for one that is not there."""
    word = WORDS[name]
    return word.zh if language == "zh" else word.en


def choose(asked: str, kept: str, accepted: str) -> str:
    """The language: as asked in the address, kept in the cookie, or the browser's."""
    for wish in (asked, kept):
        if wish in LANGUAGES:
            return wish
    first = accepted.split(",", maxsplit=1)[0].strip().lower()
    return "en" if first.startswith("en") else "zh"
