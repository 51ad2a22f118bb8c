"""Gold: while things move, are huge or break in the middle, the books still agree."""

from __future__ import annotations

from hub.check.question import Check

GOLD = (
    Check(
        "gold.counts",
        "gold",
        "映射声明每批应有的数量，模拟的一周在其内，空的一周不在",
        "the mapping says what a run is like; a simulated week is, an empty one is not",
        ("pull",),
    ),
    Check(
        "gold.replay",
        "gold",
        "保存的字节重放得到同样的记录",
        "kept bytes read again give the same record",
        ("pull",),
    ),
    Check(
        "E3-07",
        "gold",
        "同一输入两次：零变更事件",
        "the same input twice gives no change event",
        ("pull",),
    ),
    Check(
        "E3-08",
        "gold",
        "一条坏记录不影响同页其余，原始字节保留",
        "one bad record does not stop its page, and its bytes are kept",
        ("pull",),
    ),
    Check(
        "E3-11",
        "gold",
        "20 MB 文本与超限应答：完整读取或被拒绝，不截断",
        "a text of 20 MB and an answer beyond the cap are read whole or refused",
        ("pull",),
    ),
    Check(
        "E3-14",
        "gold",
        "页中途被杀后继续：不丢不重",
        "killed in the middle of a page and resumed: no loss and no duplicate",
        ("pull",),
    ),
    Check(
        "pull.changed_content",
        "gold",
        "同一标识内容改变的记录再次拉取，两版均保留",
        "a record that changed under its key comes again, and both versions are kept",
        ("pull",),
    ),
    Check(
        "F04",
        "gold",
        "新标识同一内容：按业务键识别，不产生第二件",
        "new message id, same content: recognised, no second case",
        ("push",),
    ),
    Check(
        "F08",
        "gold",
        "先有清单后有文件：等待，文件到后取走",
        "metadata without its file waits, and is taken when the file comes",
        ("pull", "files"),
    ),
    Check(
        "F09",
        "gold",
        "有文件无清单：隔离，不当作记录",
        "a file without metadata is set aside and never a record",
        ("pull", "files"),
    ),
    Check(
        "F10",
        "gold",
        "校验值不符、零字节：拒绝该记录，字节保留",
        "a digest that differs or size zero refuses the record, its bytes kept",
        ("pull", "files"),
    ),
    Check(
        "F14",
        "gold",
        "对方时钟快慢 20 分钟：不丢不重",
        "a clock 20 minutes off loses and doubles nothing",
        ("pull", "line"),
    ),
    Check(
        "F19",
        "gold",
        "超大卷宗：分段传输、断点续传",
        "a huge file comes in ranges and is resumed",
        ("fetch",),
    ),
    Check(
        "F24",
        "gold",
        "翻页时数据移动：不缺不漏",
        "pages that shift while rows change lose nothing",
        ("pull",),
    ),
)
