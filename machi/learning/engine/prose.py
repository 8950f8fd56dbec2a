"""Whether a sentence is said, or words only stand beside each other.

Japanese joins what belongs together by particles and auxiliaries, or in notes by a colon. In a heap of keywords there
are far more pieces than joints. Counted with SudachiPy's parts of speech; notes such as 「手数料は1点500円」 pass.
"""

from math import ceil

from machi.language.engine.sentences import sentence_ends
from machi.language.engine.text import search_form
from machi.language.engine.words import words

_JOINTS = ("助詞", "助動詞")
_PIECES = ("名詞", "接尾辞", "接頭辞", "形状詞", "代名詞")
_LONGEST_PIECE = 6
"""Words of one compound (電子申請受付開始日); longer ones count as several pieces: a heap needs no blanks."""


def is_said(sentence: str) -> bool:
    """Not more than two pieces (compounds, numbers with their counters) for each joint, and one over."""
    pieces, joints, run = 0, 0, 0
    for word in words(search_form(sentence), "A"):
        if word.pos[0] in _PIECES:
            run += 1
            continue
        pieces += ceil(run / _LONGEST_PIECE)
        run = 0
        joints += word.pos[0] in _JOINTS or word.surface == ":"
    pieces += ceil(run / _LONGEST_PIECE)
    return pieces <= 2 * joints + 1 and (joints > 0 or pieces == 0)


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
