"""Characters that no reader sees: removed from the text, and counted for the report.

Besides control characters these are the means of hiding text from people while a machine reads it:
direction overrides, zero-width spaces and Unicode tags. Joiners and variation selectors stay; names and
emoji are written with them.
"""

import re

from machi.frontdesk.engine.reading.types import Problem, gettext_noop, problem

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(text: str) -> tuple[str, int]:
    """``text`` with every line break as ``\\n`` and no invisible characters, and how many were removed."""
    return _INVISIBLE.subn("", _LINE_BREAKS.sub("\n", text))


def invisible_removed(count: int) -> Problem:
    """That ``count`` characters were removed: harmless as a rule, but hidden text is worth a look."""
    message = gettext_noop(
        "画面に表示されない文字（制御文字など）を{count}個取り除きました。元のファイルを確かめてください。"
    )
    return problem("invisible-characters", message, "warning", count=count)
