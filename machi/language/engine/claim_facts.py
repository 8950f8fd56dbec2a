"""What of a sentence must not change when it is said in other words: dates, times, figures with their units, names,
weekdays, codes; and which of its words are denied.

Everything is read from SudachiPy's tokens of the search form, whose number words (三千, 1万5千) come as digits.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from machi.language.engine.eras import western_year
from machi.language.engine.text import fold_kana, search_form
from machi.language.engine.tokens import dictionary

if TYPE_CHECKING:
    from sudachipy import Tokenizer

Fact = tuple[str, ...]
"""``("date", "2025", "4", "1")`` (year empty where none is said), ``("time", "810")`` in minutes,
``("figure", "65", "歳", "以上")``, ``("weekday", "土")``, ``("name", "厚木")``, ``("code", "046-225-2000")``."""

_ERA = r"(?P<era>令和|平成|昭和|(?<![a-z])[rhs](?=\d))"
_DATE = re.compile(
    rf"(?:(?:{_ERA}\s*(?P<eyear>\d{{1,2}}|元)|(?P<year>\d{{4}}))\s*(?:年度?|[./-])\s*)?"
    r"(?P<month>1[0-2]|0?[1-9])\s*(?:月|[./])\s*(?P<day>3[01]|[12]\d|0?[1-9])(?:\s*日|(?![\d.]))"
)
_YEAR = re.compile(rf"(?:{_ERA}\s*(?P<eyear>\d{{1,2}}|元)|(?P<year>\d{{4}}))\s*年(?P<fiscal>度?)")
_TIME = re.compile(
    r"(?P<half>午前|午後|正午)?\s*(?:(?P<hour>2[0-4]|1\d|0?\d)\s*(?:時(?!間)\s*(?:(?P<minute>[0-5]?\d)\s*分|(?P<thirty>半))?"
    r"|:(?P<colon>[0-5]\d)))|(?P<noon>正午)"
)
_CODE = re.compile(
    r"(?<![\d.])\d{1,5}(?:-\d{1,5}){1,3}(?![\d.])|(?<![a-z0-9])(?=[a-z0-9]*[a-z])[a-z0-9][a-z0-9@._/:-]+"
)
_FREE = re.compile(r"(料|費|費用|代金|お金)(?:[はがも]|は一切|が一切)?(?:かかり|掛かり|いり|要り)ません")
_SPAN = re.compile(
    r"午後\s*\d{1,2}(?:時(?:\s*\d{1,2}\s*分|半)?|:\d\d)\s*(?:から|~|〜|～|-)\s*(?P<second>(?:1[01]|[1-9])(?:時|:))"
)
_SCORE = re.compile(r"(?<!\d)(\d{1,2})\s*対\s*(\d{1,2})(?!\d)")
_WEEKDAY = re.compile(r"(?P<day>[月火水木金土日])曜|(?<=[(・、\s])(?P<short>[月火水木金土日])(?=[)・])")
_FIGURE = re.compile(r"(?<![\d.])(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[^\W\d_]{0,2})")
_BOUND = re.compile(r"以上|以下|未満|以内|以降|以前|超|より(?:多|大|少|小)")
_UNITS = re.compile(
    r"^(?:日間|日前|日後|日|週間|週|か月|ヶ月|カ月|箇月|月|年間|年度|年|時間|時|分間|分|秒|歳|才|人|名|円|枚|冊|点|回|件|組|世帯|台|"
    r"部|階|号|番|倍|割|%|kg|g|km|m|cm|l|ml|℃|度|坪|戸|校|袋|個|本|匹|頭|か所|ヶ所|カ所|箇所|単位|級|学年|位|等|通|隻|便|杯|泊|次|コマ|こま|作品|店舗|店|食|問|区画|周年|ha|kw|w)"
)
_SAME_UNIT = {
    "才": "歳", "名": "人", "ヶ月": "か月", "カ月": "か月", "箇月": "か月", "ヶ所": "か所", "カ所": "か所",
    "箇所": "か所", "分間": "分", "年間": "年", "日間": "日", "作品": "点", "店舗": "店", "コマ": "こま",
}  # fmt: skip

_NEGATIVES = frozenset({"ない", "ず", "無い", "ぬ", "まい"})
_NEGATIVE_SUFFIX = frozenset({"外", "不可", "不能", "禁止", "厳禁"})
_CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞"})
_EMPTY = frozenset(
    {
        "為る", "有る", "居る", "成る", "出来る", "下さる", "頂く", "呉れる", "貰う", "欲しい", "置く", "見る", "来る",
        "仕舞う", "思う", "良い", "事", "物", "時", "場合", "等", "為", "方", "所", "際", "筈", "訳", "様", "達", "御",
        "因る", "於く", "就く", "対する", "関する", "言う", "行う", "致す", "御座る", "其の", "此の", "可能", "できる",
        "約", "凡そ", "起きる", "起こる", "決まる",
        "又", "及び", "此処", "其処", "旨", "上", "中", "内", "後", "前", "間", "共", "他", "それ", "これ", "くださる",
    }
)  # fmt: skip

_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    stem: str
    """The normalised form without its kana ending: 申し込む and 申し込み are one."""
    denied: bool
    at: int = 0
    """Place among the tokens of its sentence."""
    excluded: bool = False
    """Stands in a list that ends in を除く: what is said there does not hold of it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    words: tuple[Word, ...]
    facts: frozenset[Fact]


@dataclass(frozen=True, slots=True)
class _Token:
    surface: str
    normal: str
    part: str
    kind: str


def read(text: str) -> Sentence:
    """The content words and facts of a sentence or a passage."""
    tokens = list(_joined(_tokens(search_form(_FREE.sub(r"\1は無料", text)))))
    written = "".join(token.normal if token.kind == "数詞" else token.surface for token in tokens)
    return Sentence(tuple(_words(tokens)), frozenset(_facts(written)) | frozenset(_names(tokens)))


def _tokens(text: str) -> Iterator[_Token]:
    tokenizer: Tokenizer | None = getattr(_thread, "tokenizer", None)
    if tokenizer is None:
        tokenizer = _thread.tokenizer = dictionary().tokenizer("A")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    for line in text.splitlines():
        for start in range(0, len(line), 8_000):
            for morpheme in tokenizer.tokenize(line[start : start + 8_000]):
                part = morpheme.part_of_speech()
                normal = morpheme.normalized_form()
                yield _Token(morpheme.surface(), normal, part[0], part[1])
        yield _Token("\n", "\n", "空白", "*")


def _joined(tokens: Iterator[_Token]) -> Iterator[_Token]:
    """Verbs written as two (申し込む, 受け付ける) as one, so that they meet their noun (申込み, 受付)."""
    held: _Token | None = None
    for token in tokens:
        if held is not None and token.part == "動詞" and token.normal not in _EMPTY:
            token = _Token(held.surface + token.surface, held.surface + token.normal, "動詞", "一般")
        elif held is not None:
            yield held
        held = token if token.part == "動詞" else None
        if held is None:
            yield token
    if held is not None:
        yield held


def stem(normal: str) -> str:
    """Without the kana ending where kanji stand before it; katakana as hiragana."""
    folded = fold_kana(normal.casefold())
    short = re.sub(r"(?<=[\u3400-\u9fff々])[ぁ-ん]+$", "", folded)
    return short or folded


def _words(tokens: Sequence[_Token]) -> Iterator[Word]:
    content = [
        index
        for index, token in enumerate(tokens)
        if (token.part in _CONTENT or token.part == "接尾辞" or token.part == "接頭辞")
        and token.kind != "数詞"
        and token.normal not in _EMPTY
        and token.normal not in _NEGATIVES
        and not _says_half(tokens, index)
    ]
    left_out = _left_out(tokens)
    for place, index in enumerate(content):
        following = content[place + 1] if place + 1 < len(content) else len(tokens)
        yield Word(stem(tokens[index].normal), _denied(tokens, index, following), index, index in left_out)


def _says_half(tokens: Sequence[_Token], index: int) -> bool:
    """午前 and 午後 before an hour belong to the time, which is a fact."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return tokens[index].surface in ("午前", "午後") and following is not None and following.kind == "数詞"


def _left_out(tokens: Sequence[_Token]) -> frozenset[int]:
    """Places of the words before 除く in its clause: 入院中の人、未納世帯を除く."""
    found: set[int] = set()
    for index, token in enumerate(tokens):
        if token.normal != "除く":
            continue
        for before in range(index - 1, -1, -1):
            if tokens[before].kind == "句点" or tokens[before].surface in "\n:(":
                break
            found.add(before)
    return frozenset(found)


def _denied(tokens: Sequence[_Token], index: int, following: int) -> bool:
    """Whether an odd number of denials follows before the next content word or clause. 〜なければならない demands."""
    count = 0
    for token in tokens[index + 1 : following]:
        if token.kind in ("読点", "句点") or token.part == "空白":
            break
        if token.normal in _NEGATIVES:
            count += 1
    nearby = tokens[index + 1] if index + 1 < len(tokens) else None
    if nearby is not None and nearby.normal in _NEGATIVE_SUFFIX:
        count += 1
    elif following < len(tokens) and tokens[following].normal in _NEGATIVE_SUFFIX:
        between = tokens[index + 1 : following]
        count += bool(between) and all(token.part == "助詞" for token in between)  # 申請は不可
    return count % 2 == 1


def _names(tokens: Sequence[_Token]) -> Iterator[Fact]:
    for token in tokens:
        if token.kind == "固有名詞":
            yield ("name", fold_kana(token.normal.casefold()))


def _facts(text: str) -> Iterator[Fact]:
    """Each kind takes its stretch out of the text, so that a date's figures are not figures again."""
    for found in _WEEKDAY.finditer(text):
        yield ("weekday", found["day"] or found["short"])
    rest = _SCORE.sub(r"\1-\2", _inherited(text))
    for pattern, read_fact in ((_DATE, _date), (_CODE, _code), (_YEAR, _year), (_TIME, _time)):
        for found in pattern.finditer(rest):
            yield read_fact(found)
        rest = pattern.sub(" ", rest)
    for found in _FIGURE.finditer(rest):
        unit = _UNITS.match(rest[found.start("unit") :])
        name = unit[0] if unit else ""
        bound = _BOUND.match(rest, found.start("unit") + len(name))
        number = (
            found["number"].rstrip("0").rstrip(".") if "." in found["number"] else str(int(found["number"]))
        )
        yield ("figure", number, _SAME_UNIT.get(name, name), bound[0] if bound else "")


def _inherited(text: str) -> str:
    """午後 said of the first time of a span holds of the second: 午後2時から3時半."""
    return _SPAN.sub(
        lambda found: f"{found[0][: found.start('second') - found.start()]}午後{found['second']}", text
    )


def _date(found: re.Match[str]) -> Fact:
    return ("date", _western(found), str(int(found["month"])), str(int(found["day"])))


def _code(found: re.Match[str]) -> Fact:
    return ("code", found[0].rstrip("."))


def _year(found: re.Match[str]) -> Fact:
    return ("year", _western(found), found["fiscal"])


def _western(found: re.Match[str]) -> str:
    if found["era"]:
        era = {"r": "令和", "h": "平成", "s": "昭和"}.get(found["era"], found["era"])
        return str(western_year(era, 1 if found["eyear"] == "元" else int(found["eyear"])))
    return found["year"] or ""


def _time(found: re.Match[str]) -> Fact:
    if found["noon"]:
        return ("time", "720")
    hour, minute = (
        int(found["hour"]),
        int(found["minute"] or found["colon"] or (30 if found["thirty"] else 0)),
    )
    if found["half"] == "午後" and hour < 12:
        hour += 12
    return ("time", str(hour * 60 + minute))
