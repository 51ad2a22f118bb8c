"""What concerns the hub as a whole: shown once, and no adapter's tier rests on it."""

from __future__ import annotations

from hub.check.question import Check, Tier


def _of_the_hub(
    name: str, zh: str, en: str, unbuilt: str = "", tier: Tier = "gold"
) -> Check:
    return Check(name, tier, zh, en, ("engine",), "engine", unbuilt)


ENGINE = (
    _of_the_hub(
        "F05",
        "退回未到而再次移送：等待接收方的记录",
        "re-transfer before the return is known waits for the receiver's own record",
    ),
    _of_the_hub(
        "F06",
        "判决先于法院受理到达：事实不因先后而变",
        "a judgment before the court's acceptance: the order changes no fact",
    ),
    _of_the_hub(
        "F07",
        "补充件先于主件：停放 24 小时后成为问题",
        "a supplement before its main message is parked for 24 hours, then an issue",
        "supplements (SJLX=2) are not a kind of message the hub knows",
    ),
    _of_the_hub(
        "F15",
        "同一人两个编号：候选合并由人决定",
        "a person under two numbers is a merge candidate for a person to decide",
        "persons are matched by rule; nobody is asked to decide on a candidate",
    ),
    _of_the_hub(
        "F16",
        "缺少必备文书：发送方即被拦下",
        "a missing required document blocks at the sender",
    ),
    _of_the_hub(
        "F20",
        "撤回与接收同时发生：接收为准，撤回被拒并说明",
        "a recall while the receiver accepts: acceptance wins, the recall is refused",
    ),
    _of_the_hub(
        "F21",
        "一方并案、分案：建立关系并提示映射",
        "a case split or merged at one agency becomes a relation and a task",
        "a merged case becomes one by its numbers; a split is not recorded as one",
    ),
    _of_the_hub(
        "F26",
        "涉密或内部卷：拒绝、告警、按规则清除",
        "a classified or internal volume is refused, alarmed and purged by rule",
        "the hub carries no volumes and reads no classification marks",
    ),
)
