"""What of a sentence must not change when it is said in other words: dates, times, figures with their units, names,
weekdays, codes.

They are read from the text of the tokens, whose number words come as digits.
"""

import re
from collections.abc import Iterator, Sequence

from machi.language.engine.claim_tokens import Token
from machi.language.engine.eras import western_year
from machi.language.engine.text import fold_kana

Fact = tuple[str, ...]
"""``("date", "2025", "4", "1")`` (year empty where none is said), ``("time", "810")`` in minutes,
``("figure", "65", "歳", "以上")``, ``("weekday", "土")``, ``("name", "厚木")``, ``("code", "046-225-2000")``."""

_ERA = r"(?P<era>令和|平成|昭和|(?<![a-z])[rhs](?=\d))"
DATE = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:(?:{_ERA}\s*(?P<eyear>\d{{1,2}}|元)|(?P<year>\d{{4}}))\s*(?:年度?|[./-])\s*)?"
    r"(?P<month>1[0-2]|0?[1-9])\s*(?:月|[./])\s*(?P<day>3[01]|[12]\d|0?[1-9])(?:\s*日|(?![\d.]))"
)
_YEAR = re.compile(rf"(?:{_ERA}\s*(?P<eyear>\d{{1,2}}|元)|(?P<year>\d{{4}}))\s*年(?P<fiscal>度?)")
TIME = re.compile(
    r"(?P<half>午前|午後|正午|深夜|早朝|夕方|朝|昼|夜)?\s*(?:(?P<hour>2[0-4]|1\d|0?\d)\s*(?:時(?!間)\s*(?:(?P<minute>[0-5]?\d)\s*分|(?P<thirty>半))?"
    r"|:(?P<colon>[0-5]\d)))|(?P<noon>正午)"
)
_CODE = re.compile(
    r"(?<![\d.])\d{1,5}(?:-\d{1,5}){1,3}(?![\d.])|(?<![a-z0-9])(?=[a-z0-9]*[a-z])[a-z0-9][a-z0-9@._/:-]+"
)
_SPAN = re.compile(
    r"(?P<half>午後|夕方|夜|昼)\s*\d{1,2}(?:時(?:\s*\d{1,2}\s*分|半)?|:\d\d)\s*(?:から|~|〜|～|-)\s*(?P<second>(?:1[01]|[1-9])(?:時|:))"
)
_SCORE = re.compile(r"(?<!\d)(\d{1,2})\s*対\s*(\d{1,2})(?!\d)")
_WEEKDAY = re.compile(r"(?P<day>[月火水木金土日])曜|(?<=[(・、\s])(?P<short>[月火水木金土日])(?=[)・])")
_FIGURE = re.compile(
    r"(?<![\d.])(?P<number>\d+(?:\.\d+)?)\s*(?:の(?=[人組店点枚団施会]))?(?P<unit>[^\W\d_]{0,8})"
)
_BOUND = re.compile(r"以上|以下|未満|以内|以降|以前|超|より(?:多|大|少|小)")
_UNITS = re.compile(
    r"^(?:平方メートル|立方メートル|キロメートル|センチメートル|メートル|ポイント|年生|年間|つ|種類|段階|地区|団体|日間|日前|日後|日|週間|週|か月|ヶ月|カ月|箇月|月|年間|年度|年|時間|時|分間|分|秒|歳|才|人|名|円|枚|冊|点|回|件|組|世帯|台|"
    r"部|階|号|番|倍|割|%|パーセント|kg|g|km|m|cm|l|ml|℃|度|坪|戸|校|袋|個|本|匹|頭|か所|ヶ所|カ所|箇所|単位|級|学年|位|等|通|隻|便|杯|泊|次|コマ|こま|作品|店舗|店|食|問|区画|周年|ha|kw|w)"
)
SAME_UNIT = {
    "才": "歳", "名": "人", "ヶ月": "か月", "カ月": "か月", "箇月": "か月", "ヶ所": "か所", "カ所": "か所",
    "箇所": "か所", "分間": "分", "年間": "年", "日間": "日", "作品": "点", "店舗": "店", "コマ": "こま",
    "キロメートル": "km", "センチメートル": "cm", "メートル": "m", "パーセント": "%",
}  # fmt: skip


def facts_of(tokens: Sequence[Token]) -> frozenset[Fact]:
    """Every fact that the tokens state."""
    return frozenset(_facts(written(tokens))) | frozenset(_names(tokens))


def written(tokens: Sequence[Token]) -> str:
    """The text of the tokens, number words as digits."""
    return "".join(token.normal if token.kind == "数詞" else token.surface for token in tokens)


def _names(tokens: Sequence[Token]) -> Iterator[Fact]:
    for token in tokens:
        if token.kind == "固有名詞":
            yield ("name", fold_kana(token.normal.casefold()))


def _facts(text: str) -> Iterator[Fact]:
    """Each kind takes its stretch out of the text, so that a date's figures are not figures again."""
    for found in _WEEKDAY.finditer(text):
        yield ("weekday", found["day"] or found["short"])
    rest = _SCORE.sub(r"\1-\2", inherited(text))
    for pattern, read_fact in ((DATE, date_fact), (_CODE, _code), (_YEAR, _year), (TIME, time_fact)):
        for found in pattern.finditer(rest):
            yield read_fact(found)
        rest = pattern.sub(" ", rest)
    for found in _FIGURE.finditer(rest):
        unit = _UNITS.match(rest[found.start("unit") :])
        name = unit[0] if unit else ""
        if (found["number"], name) == ("1", "つ"):
            continue  # 一つ counts nothing
        bound = _BOUND.match(rest, found.start("unit") + len(name))
        yield ("figure", _plain(found["number"]), SAME_UNIT.get(name, name), bound[0] if bound else "")


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else str(int(number))


def inherited(text: str) -> str:
    """午後 said of the first time of a span holds of the second: 午後2時から3時半."""
    return _SPAN.sub(
        lambda found: f"{found[0][: found.start('second') - found.start()]}{found['half']}{found['second']}",
        text,
    )


def date_fact(found: re.Match[str]) -> Fact:
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


def time_fact(found: re.Match[str]) -> Fact:
    if found["noon"]:
        return ("time", "720")
    hour, minute = (
        int(found["hour"]),
        int(found["minute"] or found["colon"] or (30 if found["thirty"] else 0)),
    )
    if (
        found["half"] in ("午後", "夕方", "夜", "昼")
        and hour < 12
        and not (found["half"] == "昼" and hour > 9)
    ):
        hour += 12
    return ("time", str(hour * 60 + minute))


def stands(fact: Fact, there: frozenset[Fact]) -> bool:
    """Whether a fact is said there. A date without its year is said by one with it; not the other way."""
    if fact in there:
        return True
    if fact[0] == "date" and not fact[1]:
        return any(one[0] == "date" and one[2:] == fact[2:] for one in there)
    if fact[0] == "name":
        return any(one[0] == "name" and one[1] in fact[1] and len(one[1]) > 1 for one in there)
    if fact[0] == "figure" and fact[2] == "つ":  # 9つの文字 for 9文字
        return any(one[0] == "figure" and one[1] == fact[1] for one in there)
    return fact[0] == "year" and not fact[2] and ("year", fact[1], "度") in there
