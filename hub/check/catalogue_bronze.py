"""Bronze: the adapter keeps the contract while nothing goes wrong, and is honest."""

from __future__ import annotations

from hub.check.question import Check

BRONZE = (
    Check(
        "contract.class",
        "bronze",
        "清单所列能力均可调用，所列种类均有映射",
        "every ability of the manifest can be called, every kind is mapped",
    ),
    Check(
        "contract.nodes",
        "bronze",
        "可接收的每个节点都能写出",
        "every node that can be received can be written",
    ),
    Check(
        "contract.settings",
        "bronze",
        "缺少配置的接入点以本枢纽的错误结束",
        "an endpoint without settings ends in an error of the house",
    ),
    Check(
        "contract.world",
        "bronze",
        "模拟数据全部映射，只有声明的脏数据失败，无剩余字段",
        "the seeded world maps with exactly the declared dirt and no remainder",
        ("pull",),
    ),
    Check(
        "contract.same_bytes",
        "bronze",
        "同一记录再次拉取字节相同",
        "the same record has the same bytes when pulled again",
        ("pull",),
    ),
    Check(
        "contract.push",
        "bronze",
        "移送被接收且事后可知",
        "a pushed parcel is accepted and known afterwards",
        ("push",),
    ),
    Check(
        "contract.unreadable",
        "bronze",
        "乱码应答以无法读取结束",
        "garbage ends as an unreadable answer or record",
    ),
    Check(
        "golden.fixtures",
        "bronze",
        "最小、完整、最差样本的映射结果与约定一致",
        "the smallest, fullest and ugliest fixtures become what was agreed",
    ),
    Check(
        "E3-01",
        "bronze",
        "正确凭据可用，错误凭据被识别且不再尝试",
        "good credentials work, refused ones stop the knocking",
        ("login",),
    ),
    Check(
        "E3-03",
        "bronze",
        "无变化时再次拉取为空",
        "a pull without news is empty and ends",
        ("pull",),
    ),
    Check(
        "E3-04",
        "bronze",
        "从任一水位继续，合起来不少一条",
        "resumed from any watermark, the whole is the same set",
        ("pull",),
    ),
    Check(
        "E3-15",
        "bronze",
        "未知代码报告为失败，不猜测",
        "an unknown code is told as a failure and not guessed",
        ("pull",),
    ),
    Check(
        "F01",
        "bronze",
        "对方已入库而应答丢失：再问得到同一回执，只有一件",
        "an answer lost after the commit: asked again, one receipt and one message",
        ("push",),
    ),
    Check(
        "F02",
        "bronze",
        "同一标识同一内容送两次：同一回执",
        "same message id and content twice: the old receipt again",
        ("push",),
    ),
    Check(
        "F03",
        "bronze",
        "同一标识内容改变：退回，原内容不被覆盖",
        "same message id, changed content: returned, nothing overwritten",
        ("push",),
    ),
    Check(
        "F18",
        "bronze",
        "对方停机：可重试的错误，绝不是空",
        "a system that is down: an error to retry, never an empty source",
    ),
)
