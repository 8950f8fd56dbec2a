"""Whether a sentence is said, or words only stand beside each other.

Japanese joins what belongs together by particles and auxiliaries, or in notes by a colon. In a heap of keywords there
are far more pieces than joints. Counted with SudachiPy's parts of speech; notes such as 「手数料は1点500円」 pass.
"""

from collections.abc import Sequence
from math import ceil

from machi.language.engine.sentences import sentence_ends
from machi.language.engine.text import search_form
from machi.language.engine.words import Word, words

_JOINTS = ("助詞", "助動詞")
_MARKS = ("補助記号", "空白")
_PIECES = ("名詞", "接尾辞", "接頭辞", "形状詞", "代名詞")
_CLOSING = frozenset(
    {"可", "不可", "必要", "不要", "無料", "有料", "可能", "円", "人", "点", "件", "日", "時", "%"}
)
"""What a note may end in besides a noun of doing (開始, 免除)."""
_LONGEST_NOTE = 5
"""Words of a note without any joint: ネット申込み可, 手数料500円."""
_LONGEST_PIECE = 6
"""Words of one compound (電子申請受付開始日); longer ones count as several pieces: a heap needs no blanks."""


def is_said(sentence: str) -> bool:
    """At most two pieces (compounds, numbers with their counters) for each joint, and one over; or a short note."""
    found = words(search_form(sentence), "A")
    pieces, joints, run = 0, 0, 0
    for word in found:
        if word.pos[0] in _PIECES:
            run += 1
            continue
        pieces += ceil(run / _LONGEST_PIECE)
        run = 0
        joints += word.pos[0] in _JOINTS or word.surface == ":"
    pieces += ceil(run / _LONGEST_PIECE)
    if joints == 0:
        return pieces == 0 or _is_note([word for word in found if word.pos[0] not in _MARKS])
    return pieces <= 2 * joints + 1


def _is_note(found: Sequence[Word]) -> bool:
    """A noun with what is done or counted of it, and no more."""
    last = found[-1]
    closes = last.surface in _CLOSING or last.pos[2] == "サ変可能"
    return 2 <= len(found) <= _LONGEST_NOTE and closes and found[0].pos[1] not in ("数詞",)


def said(text: str) -> tuple[str, int]:
    """The sentences of ``text`` that are said, a line each, and how many are not."""
    kept, heaps, start = [], 0, 0
    for end in sentence_ends(text):
        sentence = text[start:end].strip()
        start = end
        if sentence and is_said(sentence):
            kept.append(sentence)
        elif sentence:
            heaps += 1
    return "\n".join(kept), heaps
