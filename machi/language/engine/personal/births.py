"""Dates of birth, in either calendar. A date is one only where the text says so."""

import re

from machi.language.engine.personal.birth_dates import (
    BOUND,
    DAY_OF_YEAR,
    ENGLISH_DATE,
    NUM,
    YEAR,
    exists,
    whole_date,
)
from machi.language.engine.personal.kinds import Kind
from machi.language.engine.personal.name_words import RELATION
from machi.language.engine.personal.rules import Rule

_AGE = r" ?(?:\((?:満?[0-9]{1,3}[歳才]?|[月火水木金土日])\))? ?"
_BORN = (
    rf"(?={_AGE}(?:の(?:生年月日|生まれ|お生まれ)|(?:に|、)?(?:[^。、\n0-9]{{1,10}}(?:で|にて))?(?:生まれ|うまれ|誕生|出生|出産)"
    r"(?!まで|以|の(?:方|人|児童|全)|の(?:お?子)(?:さん|ども)?(?:から|まで|以|が対象|を対象|は))"
    r"|生(?![一-鿿ぁ-んァ-ヶ])|生(?=の[^方人])|生(?=[はがでと、])))"
)
_BORN_LATER_SAID = (
    r"(?=[^。\n0-9]{1,20}(?:(?:生まれ|うまれ)(?:まし)?た(?![方人者子児])"
    r"|の生まれ(?![のま])"
    r"|生まれた日"
    r"|誕生日(?=です|なの|。)))"
)
"""昭和20年8月15日、終戦の日に生まれた: the day first, and what happened on it behind."""
_AGED = (
    r"(?=[、 ]{0,2}\(?満?(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,4})[歳才](?![でにを以未か児のと誕])"
    r"|の[男女]|\([男女]性?\))"
)
_NO_COHORT = (
    r"(?=(?: ?\([^()\n]{1,8}\))? ?(?:のお?(?:生|う)まれ|(?:生|う)まれ|出生|生(?=[)、。はがで\n ]|$))"
    r"(?!まで|以|から| ?\||の(?:方|人|皆|市民|女性|男性|男女|児童|生徒|子ども|全)|が?対象))"
)
_MONTH_OF_YEAR = rf"{YEAR}(?: ?{NUM} ?月)?"
_NAMED = (
    r"(?:生年月日|セイネンガッピ|せいねんがっぴ|誕生年?月?日|出生(?:年月)?日|生まれた日|生まれた?の?は|うまれた日"
    r"|birth|birthday|\bDOB|nascimento|nacimiento|\bborn(?: on)?"
    r"|生まれ(?:まし)?た(?![方人者子児])|出 ?生(?= $)|(?<=[(（])生|(?<![一-鿿])生(?= ?[:]))"
)
RANGE = re.compile(r"(?:から|~)[^0-9。\n]{0,3}$")

RULES = (
    Rule(
        Kind.DATE_OF_BIRTH,
        "date of birth named before it",
        0.9,
        re.compile(whole_date(1) + BOUND),
        valid=exists,
        near=re.compile(
            rf"{_NAMED}(?:[^。\n0-9]{{0,12}}\n?[^。\n0-9]{{0,6}}"
            r"|[^\n0-9]{0,24}|[^。\n]{0,20}(?:[0-9]|日)(?:と|及び|、| ) ?)$",
            re.IGNORECASE,
        ),
        before=40,
        unless=re.compile(
            rf"{RANGE.pattern}|(?:死亡|死去|没|届出|異動|転入|転出|受付|交付|有効|取得|喪失)[^0-9]{{0,10}}$"
        ),
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "in brackets behind a person",
        0.75,
        re.compile(whole_date(4) + r"(?= ?(?:生 ?)?[)、,])"),
        valid=exists,
        near=re.compile(
            r"(?:さん|様|氏|君|くん|ちゃん|殿) ?\((?:[^()0-9\n]{1,8}[、,・] ?)?$"
            rf"|(?<![一-鿿]){RELATION}[^()0-9\n、。の]{{0,8}} ?\($"
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
        re.compile(whole_date(2) + _BORN),
        valid=exists,
        unless=RANGE,
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "who was born on it is said later",
        0.75,
        re.compile(whole_date(7) + BOUND + _BORN_LATER_SAID),
        valid=exists,
        unless=RANGE,
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "an age behind it",
        0.75,
        re.compile(whole_date(8) + BOUND + _AGED),
        valid=exists,
        unless=re.compile(rf"{RANGE.pattern}|(?:死亡|死去|没|永眠|施行|受付)[^。\n]{{0,6}}$"),
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "put right where a birth is spoken of",
        0.75,
        re.compile(whole_date(9) + BOUND),
        valid=exists,
        near=re.compile(
            r"(?:生まれ|生年月日|誕生日)[^\n]{0,40}(?:正しくは|正[ :は]|実際は|本当は|戸籍(?:上?は|で?は)"
            r"|台帳では?|ではなく)[^。\n0-9]{0,6}$"
        ),
        before=60,
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "in English, and a birth named",
        0.85,
        re.compile(ENGLISH_DATE),
        near=re.compile(rf"(?:{_NAMED})[^。\n0-9]{{0,24}}$", re.IGNORECASE),
        before=40,
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "month or year alone, born behind it",
        0.7,
        re.compile(rf"(?<![0-9A-Za-z年])(?:{_MONTH_OF_YEAR}|{DAY_OF_YEAR}){_NO_COHORT}"),
        # A cell of its own counts people (昭和20年生まれ | 213).
        unless=re.compile(rf"{RANGE.pattern}|[|,] ?$|(?:対象|目安|該当)[^。\n]{{0,16}}$"),
    ),
    Rule(
        Kind.DATE_OF_BIRTH,
        "month or year alone, birthday named before it",
        0.7,
        re.compile(
            rf"(?<![0-9A-Za-z年])(?:{_MONTH_OF_YEAR}|{DAY_OF_YEAR}|[01]?[0-9]/[0-3]?[0-9](?![0-9/])){BOUND}"
        ),
        near=re.compile(
            r"(?:生年月日|お?誕生日|生年|生まれたのは)(?!会|パ|プ|カ|特|を|前|以)[^。\n0-9]{0,8}$"
        ),
        before=16,
    ),
)
