"""Dates of birth, in either calendar. A date is one only where the text says so."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from machi.language.engine.eras import number, western_year
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.rules import Rule

_NUM = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_ERA = r"(?:明治|大正|昭和|平成|令和|[MTSHR]\.?|[明大昭平令][ .・]?(?=[0-9]))"
_WESTERN = r"(?:18[6-9]|19[0-9]|20[0-9])[0-9]"
_YEAR = (
    rf"(?:{_ERA} ?(?:元|{_NUM})(?: ?年 ?\({_WESTERN}年?\)| ?年)"
    rf"|{_WESTERN}年 ?\({_ERA} ?(?:元|{_NUM})年?\)|(?:西暦)?{_WESTERN} ?年"
    r"|[一二][〇一二三四五六七八九]{3}年)"
)
_DATE = (
    rf"(?<![0-9A-Za-z])(?:{_YEAR} ?の? ?{_NUM} ?月 ?の? ?{_NUM} ?日"
    rf"|(?:{_ERA} ?[0-9]{{1,2}}|{_WESTERN}) ?(?P<sep%s>[./・-]) ?[0-9]{{1,2}} ?(?P=sep%s) ?[0-9]{{1,2}}(?![0-9])"
    rf"|(?:19|20)[0-9]{{6}}(?![0-9]))"
)
_BOUND = r"(?! ?(?:\(.{1,3}\))? ?(?:以降|以前|から|まで|より|~|以後|現在|時点|付け?))"
"""A bound of a range names a cohort (平成30年4月2日から翌年4月1日までに生まれた児童), not a person."""
_AGE = r" ?(?:\((?:満?[0-9]{1,3}[歳才]?|[月火水木金土日])\))? ?"
_BORN = (
    rf"(?={_AGE}(?:の(?:生年月日|生まれ|お生まれ)|(?:に|、)?(?:[^。、\n0-9]{{1,10}}(?:で|にて))?(?:生まれ|うまれ|誕生|出生|出産)(?!まで|以|の(?:方|人|お?子|児童|全))"
    r"|生(?![一-鿿ぁ-んァ-ヶ])|生(?=の[^方人])|生(?=[はがで、])))"
)
_PARTS = re.compile(
    r"(?:西暦)?(?P<era>明治|大正|昭和|平成|令和|[MTSHR明大昭平令])?[ .・]*(?P<year>元|[0-9]+|[〇一二三四五六七八九十]+)"
    r"(?:年?[ ]?\(.{1,8}\)|[ ]?年)?[ ]?[./・の-]?[ ]?(?P<month>[0-9]{1,2}"
    r"|[一二三四五六七八九十]{1,3})[ ]?[月./・-][ ]?の?[ ]?"
    r"(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
)
_FULL = {"明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}


def _exists(value: str) -> bool:
    """Whether the calendar has such a day."""
    try:
        if value.isdecimal():
            date(int(value[:4]), int(value[4:6]), int(value[6:]))
            return True
        parts = _PARTS.match(value)
        if parts is None:
            return False
        year = number(parts["year"])
        if parts["era"]:
            year = western_year(_FULL.get(parts["era"], parts["era"]), year)
        date(year, number(parts["month"]), number(parts["day"]))
    except ValueError:
        return False
    return True


RULES = (
    Rule(
        Kind.DATE_OF_BIRTH,
        "date of birth named before it",
        0.9,
        re.compile(_DATE % (1, 1) + _BOUND),
        valid=_exists,
        near=re.compile(
            r"(?:生年月日|セイネンガッピ|せいねんがっぴ|誕生日|出生(?:年月)?日|生まれた日|生まれた?の?は|うまれた日|birth|\bDOB"
            r"|(?<=[(（])生)(?:[^。\n0-9]{0,12}\n?[^。\n0-9]{0,6}"
            r"|[^\n0-9]{0,24}|[^。\n]{0,20}(?:[0-9]|日)(?:と|及び|、) ?)$",
            re.IGNORECASE,
        ),
        before=40,
        unless=re.compile(r"(?:から|~)[^0-9。\n]{0,3}$"),
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "in a table with a column of dates of birth",
        0.85,
        re.compile(_DATE % (3, 3) + _BOUND),
        valid=_exists,
        near=re.compile(r"生年月日[^。:]{0,400}\n[^。\n:]*[,| ]$"),
        before=500,
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "in brackets behind a person",
        0.75,
        re.compile(_DATE % (4, 4) + r"(?= ?(?:生 ?)?[)、,])"),
        valid=_exists,
        near=re.compile(
            r"(?:さん|様|氏|君|くん|ちゃん|殿) ?\((?:[^()0-9\n]{1,8}[、,・] ?)?$"
            r"|\((?:夫|妻|子|父|母|祖父|祖母|孫|兄|弟|姉|妹|本人|男性?"
            r"|女性?|長男|[次二三]男|長女|[次二三]女)[、,・ ]{1,2}$"
        ),
        before=16,
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "number of the era and six digits, in a field of dates of birth",
        0.8,
        re.compile(
            r"(?<![0-9A-Za-z-])[1-5]-?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9A-Za-z-])"
        ),
        near=re.compile(r"生年月日(?:[^。:0-9\n]{0,6}$|[^。:]{0,400}\n[^。\n:]*[,| ]$)"),
        before=400,
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "born, behind it",
        0.9,
        re.compile(_DATE % (2, 2) + _BORN),
        valid=_exists,
        unless=re.compile(r"(?:から|~)[^0-9。\n]{0,3}$"),
    ),
)

_BESIDE = re.compile(
    rf"(?:さん|様|氏|君|くん|ちゃん|殿)? ?㊞? ?\((?:[^()0-9\n]{{1,8}}[、,・ ])?"
    rf"(?P<bracketed>{_DATE % (5, 5)})(?= ?(?:生 ?)?[)、,])"
    rf"|(?:さん|様|氏|君|くん|ちゃん)?[ \",|;、]{{1,4}}(?:[男女][性]?[ \",|;、]{{1,4}})?"
    rf"(?P<listed>{_DATE % (6, 6)})(?=生|[ \",|;、\n]|$)"
)
_LONG_AGO = re.compile(r"[明大昭MTS]|1[89]")


def beside(text: str, persons: Iterable[int]) -> Iterator[Found]:
    """Days behind a person's name (``persons``: where names end): in brackets, or long ago and in a list."""
    for end in persons:
        match = _BESIDE.match(text, end)
        if match is None:
            continue
        group = "bracketed" if match["bracketed"] else "listed"
        if _exists(match[group]) and (group == "bracketed" or _LONG_AGO.match(match[group])):
            yield Found(Kind.DATE_OF_BIRTH, *match.span(group), 0.7, "day beside a name")
