"""Hygiene for what people type, and suspicion towards what documents say.

machi extracts answers and never executes text, so an instruction hidden in a source cannot make it *do*
anything. It could still be shown to a resident as the town's answer, or be passed on to a language model:
so such sentences are never offered, and staff are told where they stand.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

KEPT_CHARACTERS = 2_000
"""How much of an over-long input is used for searching. A resident's question is a few dozen characters."""

# Format characters that hide or reorder text (bidirectional overrides, tags), but not the joiners of emoji.
_HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_LINE_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class CleanInput:
    """What is used of an input, and what was done to it, so that the page can say so."""

    text: str
    shortened: bool
    """Only the first ``KEPT_CHARACTERS`` are kept."""
    removed: int
    """Number of control, invisible or broken characters taken out."""


def clean_input(raw: str, limit: int = KEPT_CHARACTERS) -> CleanInput:
    """``raw`` in NFC, without control and invisible characters, cut to ``limit`` characters.

    Tabs become spaces and every line break becomes ``\\n``. Never raises, whatever the text.
    """
    text = _LINE_BREAKS.sub("\n", raw).replace("\t", " ")
    visible = _HIDDEN.sub("", text)
    kept = "".join(c for c in visible if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    removed = len(text) - len(kept)
    # Cut before NFC as well as after: composing a hundred kilobytes to keep two is wasted work.
    shortened = len(kept.strip()) > limit
    composed = unicodedata.normalize("NFC", kept.strip()[:limit])[:limit].strip()
    return CleanInput(composed, shortened, removed)


# Each alternative needs a verb of command aimed at the reader-machine, so that ordinary notices such as
# 「前回の指示書」「以前の案内は無視してください」 (a correction to residents) do not ring.
_INSTRUCTIONS = re.compile(
    r"""
    (これまで|ここまで|以前|上記|前述|先|今まで|すべて|全て|他|システム)の?(すべての?|全ての?)?
        (指示|命令|プロンプト|ルール|設定|制約)(は|を)?(すべて|全て|完全に)?(無視|忘れ|破棄|上書き|取り消)
    | (指示|命令|プロンプト)を?(無視|忘れ|上書き)(し|て|せよ|る)
    | (あなた|お前|君)は(今から|これから|もはや|いまから)?.{0,20}
        (AI|アシスタント|チャットボット|言語モデル|として(振る舞|ふるま|行動|回答))
    | (AI|人工知能|言語モデル|アシスタント|チャットボット)(へ|に対する|向け|への)の?(指示|命令|メッセージ)
    | (システム|内部)プロンプトを?.{0,12}(表示|出力|教え|開示|公開|書き出)
    | (次|以下)の(とおり|通り|ように)に?(だけ)?(回答|返答|出力)(せよ|しなさい)
    | (と|とだけ)(回答|返答|出力)(せよ|しなさい)
    | (ignore|disregard|forget|override|bypass)\s+(\w+\s+){0,3}
        (previous|prior|above|earlier|preceding|all|any|your|the|system)\s+(\w+\s+){0,3}
        (instructions?|prompts?|rules|guidelines|directions|context|messages)
    | (you\s+are\s+now|from\s+now\s+on,?\s+you|act\s+as|pretend\s+(to\s+be|you\s+are))\s+
        (an?|the|in|dan\b|\w+\s+mode)
    | (reveal|print|show|repeat|output|leak)\s+(\w+\s+){0,3}
        (system\s+prompt|hidden\s+prompt|instructions|api\s*keys?)
    | new\s+(system\s+)?instructions?\s*:
    | <\s*/?\s*(system|assistant|instructions?|im_start|im_end)\b
    | <\|(im_start|im_end|system|endoftext)\|>
    | \[/?(INST|SYSTEM)\]
    | ^\s*(\#+\s*)?(system|assistant)\s*(prompt|message)?\s*:
    | \bjailbreak\b | \bdeveloper\s+mode\b | \bDAN\s+mode\b
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


@lru_cache(maxsize=4096)
def is_instruction(text: str) -> bool:
    """Whether ``text`` tries to command the machine that reads it (prompt injection).

    For sentences of sources: such a sentence is withheld from answers and reported to staff. Width and
    invisible characters do not hide it.
    """
    plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", text))
    return _INSTRUCTIONS.search(plain) is not None
