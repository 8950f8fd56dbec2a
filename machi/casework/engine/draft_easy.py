"""Official Japanese rewritten in easier Japanese by rules, with a list of every change.

The rules are those of 「在留支援のためのやさしい日本語ガイドライン」 (出入国在留管理庁・文化庁, 2020) that can be
followed without understanding the text: everyday words for officialese, no 尊敬語 and 謙譲語, the western year beside
the era, and an explanation behind each official word that has no everyday one (``machi.language.engine.easy``). A
sentence too long to be easy is named for a person to divide: a rule that divided it could change what it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from machi.casework.engine.draft_pieces import Change
from machi.language.engine.easy import glosses
from machi.language.engine.eras import western_year
from machi.language.engine.sentences import sentence_ends

LONG = 60
"""Characters of a sentence after which a person is asked to divide it."""

_WORDS: Sequence[tuple[str, str, str]] = (
    # pattern, what stands instead, why
    (r"(?:及び|および|並びに|ならびに)", "と", "word"),
    (r"(?:又は|または|若しくは|もしくは)", "か", "word"),
    (r"につきましては、?", "は、", "word"),
    (r"におきまして(?:は)?、?", "では、", "word"),
    (r"に際(?:して|し)(?:は)?、?", "のとき、", "word"),
    (r"する際(?:に)?(?:は)?、?", "するとき、", "word"),
    (r"の際(?:に)?(?:は)?、?", "のとき、", "word"),
    (r"(?<=[いるた])場合(?:に)?は、?", "ときは、", "word"),
    (r"の場合(?:に)?は、?", "のときは、", "word"),
    (r"(?:により|によって)、", "で、", "word"),
    (r"(?:上記|前記)の", "上の", "word"),
    (r"(?:下記|以下)の", "下の", "word"),
    (r"速やかに", "すぐに", "word"),
    (r"直ちに", "すぐに", "word"),
    (r"遅滞なく", "すぐに", "word"),
    (r"あらかじめ|予め|事前に", "前に", "word"),
    (r"(?:から)?(?:\s)?随時", "いつでも", "word"),
    (r"当該", "その", "word"),
    (r"なお、", "", "word"),
    (r"(?:お|ご|御)(?:問い?合わせ)(?:ください|下さい)", "聞いてください", "polite"),
    (r"(?:お|御)?申し?込み?(?:ください|下さい)", "申し込んでください", "polite"),
    (r"(?:ご|御)持参(?:ください|下さい)", "持ってきてください", "polite"),
    (r"を?(?:ご|御)(?:提出)(?:ください|下さい)", "を出してください", "polite"),
    (r"を?(?:ご|御)(?:確認)(?:ください|下さい)", "を見てください", "polite"),
    (r"を?(?:ご|御)(?:利用)(?:ください|下さい)", "を使ってください", "polite"),
    (r"に?(?:ご|御)(?:注意)(?:ください|下さい)", "に気をつけてください", "polite"),
    (r"(?:ご|御)(?:連絡)(?:ください|下さい)", "連絡してください", "polite"),
    (r"(?:ご|御)(?:協力)(?:を)?(?:お願い(?:し|いたし)ます|ください)", "協力してください", "polite"),
    (r"(?:ご|御)([一-龥]{2})(?:ください|下さい)", r"\1してください", "polite"),
    (r"お待ち(?:ください|下さい)", "待ってください", "polite"),
    (r"お越し(?:ください|下さい)", "来てください", "polite"),
    (r"お持ち(?:ください|下さい)", "持ってきてください", "polite"),
    (r"お書き(?:ください|下さい)", "書いてください", "polite"),
    (r"お知らせ(?:ください|下さい)", "知らせてください", "polite"),
    (r"お出し(?:ください|下さい)", "出してください", "polite"),
    (r"お使い(?:ください|下さい)", "使ってください", "polite"),
    (r"お読み(?:ください|下さい)", "読んでください", "polite"),
    (r"お受け?取り(?:ください|下さい)", "もらってください", "polite"),
    (r"お支払い(?:ください|下さい)", "払ってください", "polite"),
    (r"お尋ね(?:ください|下さい)", "聞いてください", "polite"),
    (r"お選び(?:ください|下さい)", "選んでください", "polite"),
    (r"お送り(?:ください|下さい)", "送ってください", "polite"),
    (r"お申し出(?:ください|下さい)", "言ってください", "polite"),
    (r"いたします", "します", "polite"),
    (r"いたしません", "しません", "polite"),
    (r"(?:ござい|御座い)ます", "あります", "polite"),
    (r"ていただきます", "てもらいます", "polite"),
    (r"ていただく", "てもらう", "polite"),
    (r"なければなりません|必要があります", "なければなりません", "same"),
    (r"することができます", "できます", "word"),
    (r"することができません", "できません", "word"),
    (r"ことが可能です", "ことができます", "word"),
    (r"が必要です", "がいります", "word"),
    (r"は不要です", "はいりません", "word"),
    (r"を要します", "がいります", "word"),
    (r"を有する", "がある", "word"),
    (r"に限ります", "だけです", "word"),
    (r"に係る", "の", "word"),
    (r"に関する", "についての", "word"),
    (r"必着", "までに届くこと", "word"),
    (r"(\d{1,2}日|\d{1,2}月|[月火水木金土日]曜日)以降", r"\1から後", "word"),
)
_RULES = tuple((re.compile(pattern), instead, why) for pattern, instead, why in _WORDS if why != "same")
_ERA_YEAR = re.compile(
    r"(令和|平成|昭和)([0-9０-９]{1,2}|元)年(?!度)(?!\s*[（(](?:19|20)\d\d年)((?:[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}日)?)?)"
)
_WORD_GOES_ON = re.compile(r"[一-龥々ァ-ヶー]")
_IN_BRACKETS = re.compile(r"[「『（(][^「」『』（）()]*[」』）)]")
_LEAST_GLOSSED = 2
"""A word of one character is explained nowhere."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """``source[start:end]`` said in easier words."""

    start: int
    end: int
    text: str
    paragraph: bool
    """A new line of the source begins with it."""


def rewrite(source: str) -> tuple[list[Rewritten], list[Change]]:
    """Sentence by sentence, and what was changed, in order. A word is explained where it stands first."""
    found: list[Rewritten] = []
    changes: list[Change] = []
    explained: set[str] = set()
    start, line_before = 0, True
    for end in sentence_ends(source):
        raw = source[start:end]
        sentence = raw.strip()
        if sentence:
            begin = start + len(raw) - len(raw.lstrip())
            text = _easier(sentence, changes, explained)
            if len(sentence) > LONG:
                changes.append(Change(sentence, "", "long"))
            found.append(
                Rewritten(
                    begin,
                    begin + len(sentence),
                    text,
                    line_before or "\n" in raw[: len(raw) - len(raw.lstrip())],
                )
            )
            line_before = False
        line_before = line_before or "\n" in raw[len(raw.rstrip()) :]
        start = end
    return found, changes


def _easier(sentence: str, changes: list[Change], explained: set[str]) -> str:
    text = sentence
    for pattern, instead, why in _RULES:
        text = _replaced(text, pattern, instead, why, changes)
    text = _with_years(text, changes)
    return _explained(text, changes, explained)


def _replaced(text: str, pattern: re.Pattern[str], instead: str, why: str, changes: list[Change]) -> str:
    """Not within names in brackets: 「市民及び事業者の責務」 is what a thing is called."""
    kept = [found.span() for found in re.finditer(r"[「『][^「」『』]*[」』]", text)]

    def one(found: re.Match[str]) -> str:
        if any(low < found.end() and found.start() < high for low, high in kept):
            return found[0]
        new = found.expand(instead)
        changes.append(Change(found[0], new, why))
        return new

    return pattern.sub(one, text)


def _with_years(text: str, changes: list[Change]) -> str:
    def one(found: re.Match[str]) -> str:
        year = 1 if found[2] == "元" else int(found[2])
        new = f"{western_year(found[1], year)}年{found[3]}（{found[1]}{found[2]}年）"
        changes.append(Change(found[0], new, "year"))
        return new

    return _ERA_YEAR.sub(one, text)


def _explained(text: str, changes: list[Change], explained: set[str]) -> str:
    pieces: list[str] = []
    at = 0
    brackets = [found.span() for found in _IN_BRACKETS.finditer(text)]
    for gloss in glosses(text):
        inside = any(low < gloss.start < high for low, high in brackets)
        # 対象世帯 is one word: an explanation of 対象 in its middle would tear it.
        part = _WORD_GOES_ON.match(text, gloss.end) or (
            gloss.start and _WORD_GOES_ON.match(text, gloss.start - 1)
        )
        if gloss.plain in explained or len(gloss.word) < _LEAST_GLOSSED or inside or part or gloss.start < at:
            continue
        explained.add(gloss.plain)
        new = f"{gloss.word}（{gloss.plain}）"
        pieces += [text[at : gloss.start], new]
        at = gloss.end
        changes.append(Change(gloss.word, new, "gloss"))
    return "".join((*pieces, text[at:]))
