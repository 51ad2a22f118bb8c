"""One sentence in both languages."""

from __future__ import annotations

import strawberry

from hub import errors


@strawberry.type(description="双语文本 / One sentence in both languages.")
class Text:
    zh: str = strawberry.field(description="中文 / In Chinese.")
    en: str = strawberry.field(description="英文 / In English.")

    @classmethod
    def of(cls, text: errors.Text) -> Text:
        """The text of an error or a note."""
        return cls(zh=text.zh, en=text.en)
