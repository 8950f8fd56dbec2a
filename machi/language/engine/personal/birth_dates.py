"""How days, months and years are written, in either calendar: the patterns that dates of birth are found by."""

import re
from datetime import date

from machi.language.engine.eras import number, western_year

NUM = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_ERA = (
    r"(?:明治|大正|昭和|平成|令和|メイジ ?|タイショウ ?|ショウワ ?|ヘイセイ ?|レイワ ?"
    r"|(?:Meiji|Taisho|Showa|Heisei|Reiwa) ?|[MTSHR]\.?|[明大昭平令][ .・]?(?=[0-9]))"
)
_WESTERN = r"(?:18[6-9]|19[0-9]|20[0-9])[0-9]"
YEAR = (
    rf"(?:{_ERA} ?(?:元|{NUM})(?: ?年 ?\({_WESTERN}年?\)| ?年)"
    rf"|{_WESTERN}年 ?\({_ERA} ?(?:元|{NUM})年?\)|(?:西暦)?{_WESTERN} ?年"
    r"|[一二][〇一二三四五六七八九]{3}年)"
)
DAY_OF_YEAR = rf"{NUM} ?月 ?{NUM} ?日"
_MONTH = r"(?i:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?)"
ENGLISH_DATE = (
    rf"(?<![0-9A-Za-z])(?:[0-9]{{1,2}}(?:st|nd|rd|th)? {_MONTH},? {_WESTERN}"
    rf"|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? {_WESTERN}|{_WESTERN}-{_MONTH}-[0-9]{{1,2}})(?![0-9])"
)
_READ = "[0-9OoIl]"
MISREAD_DATE = rf"(?<![0-9A-Za-z]){_ERA} ?{_READ}{{1,2}} ?年 ?{_READ}{{1,2}} ?月 ?{_READ}{{1,2}} ?日"
"""With letters that a scanner took for digits."""
_KANJI_NUMBER = "[〇一二三四五六七八九十廿卅初]{1,4}"
OLD_DATE = (
    rf"(?<![0-9A-Za-z]){_ERA} ?(?:元|{NUM})年?"
    rf"(?:正月|睦月|如月|弥生|卯月|皐月|水無月|文月|葉月|長月|神無月|霜月|師走|{NUM}月)"
    rf"(?:[0-9]{{1,2}}|{_KANJI_NUMBER})日"
    rf"|(?<![0-9A-Za-z])(?:[MTSHR明大昭平令]){_KANJI_NUMBER}[・.]{_KANJI_NUMBER}[・.]{_KANJI_NUMBER}"
)
"""With the old names of months and numbers: 昭和九年師走廿日."""
BOUND = r"(?! ?(?:\(.{1,3}\))? ?(?:以降|以前|から|まで|より|~|以後|現在|時点|付け?))"
"""A bound of a range names a cohort (平成30年4月2日から翌年4月1日までに生まれた児童), not a person."""
_PARTS = re.compile(
    r"(?:西暦)?(?P<era>明治|大正|昭和|平成|令和|[ァ-ヶー]{3,5}|[A-Z][a-z]+|[MTSHR明大昭平令])?[ .・]*"
    r"(?P<year>元|[0-9]+|[〇一二三四五六七八九十]+)"
    r"(?:年?[ ]?\(.{1,8}\)|[ ]?年)?[ ]?[./・の-]?[ ]?(?P<month>[0-9]{1,2}"
    r"|[一二三四五六七八九十]{1,3})[ ]?[月./・-][ ]?の?[ ]?"
    r"(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
)
_DAY_FIRST = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
FULL_ERA = {
    "明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和",
    "メイジ": "明治", "タイショウ": "大正", "ショウワ": "昭和", "ヘイセイ": "平成", "レイワ": "令和",
    "Meiji": "明治", "Taisho": "大正", "Showa": "昭和", "Heisei": "平成", "Reiwa": "令和",
}  # fmt: skip


def whole_date(number: int) -> str:
    """Pattern of a day with its year. ``number`` tells its group apart from those of others in one pattern."""
    return (
        rf"(?<![0-9A-Za-z])(?:{YEAR} ?の? ?{NUM} ?月 ?の? ?{NUM} ?日"
        rf"|(?:{_ERA} ?[0-9]{{1,2}}"
        rf"|{_WESTERN}) ?(?P<sep{number}>[./・-]) ?[0-9]{{1,2}} ?(?P=sep{number}) ?[0-9]{{1,2}}(?![0-9])"
        rf"|{_ERA} ?(?:元|[0-9]{{1,2}})年[0-9]{{1,2}}[./・-][0-9]{{1,2}}(?![0-9])"
        rf"|[0-3]?[0-9]/[01]?[0-9]/{_WESTERN}(?![0-9])"
        rf"|(?:19|20)[0-9]{{6}}(?![0-9]))"
    )


def exists(value: str) -> bool:
    """Whether the calendar has the day ``value``, written as ``whole_date`` finds it."""
    try:
        if value.isdecimal():
            date(int(value[:4]), int(value[4:6]), int(value[6:]))
            return True
        if _DAY_FIRST.fullmatch(value):
            day, month, year_ = map(int, value.split("/"))
            date(year_, *((month, day) if month <= 12 else (day, month)))
            return True
        parts = _PARTS.match(value)
        if parts is None:
            return False
        year = number(parts["year"])
        if parts["era"]:
            year = western_year(FULL_ERA.get(parts["era"], parts["era"]), year)
        date(year, number(parts["month"]), number(parts["day"]))
    except (ValueError, KeyError):
        return False
    return True
