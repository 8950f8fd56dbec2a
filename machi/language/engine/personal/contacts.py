"""Telephone numbers, e-mail addresses, postal codes."""

import re

from machi.language.engine.personal.kinds import Kind
from machi.language.engine.personal.places import ROMAN
from machi.language.engine.personal.rules import THING, Rule, digits

_NOT_BEFORE = r"(?:(?<![0-9A-Za-z])(?<![0-9A-Za-z][-.])|(?<=TEL)|(?<=Tel)|(?<=tel)|(?<=FAX)|(?<=Fax))"
_NOT_AFTER = r"(?![0-9])(?!-[0-9])"
_NAMED = re.compile(
    r"電話|℡|☎|☏|📞|TEL|でんわ|携帯|ケータイ|連絡先|ダイヤル|ダイアル|FAX|ファクス|ファックス|ファクシミリ|直通|代表|お?問い?合わ?せ|自宅|勤務先|緊急",
    re.IGNORECASE,
)


def _telephone(value: str) -> bool:
    """Whether the number plan (ITU-T E.164, metadata of Google's libphonenumber) knows such a number."""
    import phonenumbers

    try:
        number = phonenumbers.parse(value, "JP")
    except phonenumbers.NumberParseException:
        return False
    return bool(number.country_code == 81 and phonenumbers.is_valid_number(number))


def _ten(value: str) -> bool:
    """Ten or eleven digits that are no example (000-0000-0000)."""
    return len(digits(value)) in (10, 11) and len(set(digits(value))) > 1


def _misread(value: str) -> bool:
    """Whether a scanner read letters for some digits of a number: O6-6431-77l2."""
    mended = value.translate(_LETTERS_FOR_DIGITS)
    return mended != value and _telephone(mended)


_LETTERS_FOR_DIGITS = str.maketrans("OoIl|D", "001110")


def _seven(value: str) -> bool:
    return len(digits(value)) == 7


_OTHER_NUMBER = re.compile(
    rf"{THING.pattern}|"
    r"(?<!電話)(?<!携帯)(?<!連絡先)(?<!FAX)(?<!TEL)(?<!直通)(?<!ファクス)(?:番号|No\.?|ID|コード)[ :は]{0,3}$",
    re.IGNORECASE,
)
_KANJI_DIGIT = "[0-9〇一二三四五六七八九]"
_GROUPS = re.compile(
    rf"{_NOT_BEFORE}(?:\+81[ -]?\(?0?\)?[1-9][0-9]{{0,4}}[ )-]{{0,2}}[0-9]{{1,4}}[ -]?[0-9]{{3,4}}"
    rf"|\(0[0-9]{{1,4}}\) ?[0-9]{{1,4}}[ .-]?[0-9]{{3,4}}"
    rf"|0[0-9]{{1,4}} ?\([0-9]{{1,4}}\) ?[0-9]{{3,4}}"
    rf"|0[0-9]{{1,4}} ?- ?[0-9]{{1,4}} ?- ?[0-9]{{3,4}}|0[0-9]{{1,4}} [0-9]{{1,4}} [0-9]{{3,4}}"
    rf"|0[0-9]{{1,4}}\.[0-9]{{1,4}}\.[0-9]{{3,4}}|0[0-9]{{1,4}}-[0-9]{{6,8}}"
    rf"|0[0-9]{{1,4}}局[0-9]{{1,4}}[-番の][0-9]{{3,4}}){_NOT_AFTER}"
)

RULES = (
    Rule(
        Kind.TELEPHONE,
        "a number of the Japanese plan, in groups",
        0.9,
        _GROUPS,
        valid=_telephone,
        unless=re.compile(
            rf"{THING.pattern}|コード[ :は]{{0,3}}$|(?:設備|工事|路線|施設|機械|会員|顧客|お客様)番号[ :は]{{0,3}}$",
            re.IGNORECASE,
        ),
    ),
    Rule(
        Kind.TELEPHONE,
        "a number of the Japanese plan, with letters that a scanner took for digits",
        0.75,
        re.compile(
            r"(?<![0-9A-Za-z-])[0O][0-9OolI|D]{1,4}-[0-9OolI|D]{1,4}-[0-9OolI|D]{4}(?![0-9A-Za-z])(?!-[0-9])"
        ),
        valid=_misread,
    ),
    Rule(
        Kind.TELEPHONE,
        "ten digits in four groups, and a telephone named",
        0.75,
        re.compile(
            rf"{_NOT_BEFORE}(?:\(0[0-9]{{2,4}}\) ?|0[0-9]{{2,4}}-)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}{_NOT_AFTER}"
        ),
        valid=_ten,
        near=_NAMED,
        before=12,
    ),
    Rule(
        # The plan's metadata lags behind, and people mistype: what is written like a number tells as much.
        Kind.TELEPHONE,
        "ten or eleven digits in groups with dashes or brackets",
        0.75,
        re.compile(
            rf"{_NOT_BEFORE}(?:\(0[0-9]{{1,4}}\) ?|0[0-9]{{1,4}}(?:-| ?\())[0-9]{{1,4}}(?:-|\) ?)[0-9]{{4}}{_NOT_AFTER}"
        ),
        valid=lambda value: _ten(value) and (len(digits(value)) == 10 or digits(value)[2] == "0"),
        unless=_OTHER_NUMBER,
    ),
    Rule(
        Kind.TELEPHONE,
        "ten digits in groups, and a telephone named",
        0.8,
        _GROUPS,
        valid=_ten,
        near=_NAMED,
        before=20,
        after=4,
    ),
    Rule(
        Kind.TELEPHONE,
        "ten digits of the Japanese plan",
        0.6,
        re.compile(rf"{_NOT_BEFORE}0[1-9][0-9]{{8}}{_NOT_AFTER}"),
        valid=_telephone,
        unless=_OTHER_NUMBER,
    ),
    Rule(
        Kind.TELEPHONE,
        "eleven digits of a mobile or IP telephone",
        0.8,
        re.compile(rf"{_NOT_BEFORE}0[5789]0[0-9]{{8}}{_NOT_AFTER}"),
        valid=_telephone,
        unless=_OTHER_NUMBER,
    ),
    Rule(
        Kind.TELEPHONE,
        "ten or eleven digits, and a telephone named",
        0.8,
        re.compile(rf"{_NOT_BEFORE}0[0-9]{{9,10}}{_NOT_AFTER}"),
        near=_NAMED,
        before=12,
        after=8,
        unless=_OTHER_NUMBER,
    ),
    Rule(
        Kind.TELEPHONE,
        "a number without its area code, and a telephone named",
        0.7,
        re.compile(rf"{_NOT_BEFORE}[2-9][0-9]{{1,3}}-[0-9]{{4}}{_NOT_AFTER}"),
        near=re.compile(
            r"(?:電話|℡|☎|☏|📞|TEL|FAX|ファクス|ファックス|直通|連絡先)(?:番号)?[^0-9\n。]{0,8}$",
            re.IGNORECASE,
        ),
        before=16,
    ),
    Rule(
        Kind.TELEPHONE,
        "digits in kanji, in groups, and a telephone named",
        0.7,
        re.compile(
            r"(?<![〇一二三四五六七八九十])(?:〇[〇一二三四五六七八九]{1,4}[-ー])?[〇一二三四五六七八九]{2,4}[-ー][〇一二三四五六七八九]{4}"
            r"(?![〇一二三四五六七八九十])"
        ),
        near=_NAMED,
        before=16,
    ),
    Rule(
        Kind.EMAIL,
        "an address with a domain",
        0.95,
        re.compile(
            r"(?<![A-Za-z0-9.!#$%&'*+=?^_`{|}~-])[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+(?:\.+[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+)*\.?"
            r" ?(?:@|\[at\]|\(at\)|★) ?(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![A-Za-z0-9])",
            re.IGNORECASE,
        ),
    ),
    Rule(
        Kind.POSTAL_CODE,
        "behind its sign",
        0.9,
        re.compile(
            r"(?:〒|郵便番号|postal ?code|zip)[ :はが>|\"]{0,4}(?P<value>[0-9]{3} ?-? ?[0-9]{4})(?![0-9])(?!-[0-9])",
            re.IGNORECASE,
        ),
    ),
    Rule(
        Kind.POSTAL_CODE,
        "in kanji, or with a dash that a scanner misread, behind its sign",
        0.9,
        re.compile(rf"〒[ :]?(?P<value>{_KANJI_DIGIT}{{3}} ?[-ー一] ?{_KANJI_DIGIT}{{4}})(?!{_KANJI_DIGIT})"),
    ),
    Rule(
        Kind.POSTAL_CODE,
        "three and four digits, called so",
        0.85,
        re.compile(r"(?<![0-9A-Za-z-])[0-9]{3}-[0-9]{4}(?![0-9-])"),
        near=re.compile(r"郵便番号[^0-9\n]{0,6}$|郵便番号.{0,24}$|^ ?[がはも]?.{0,6}郵便番号"),
        after=14,
    ),
    Rule(
        Kind.POSTAL_CODE,
        "behind an address in English order",
        0.8,
        re.compile(
            rf"(?:{ROMAN}|[A-Z][a-z]+-(?:shi|ku|cho|machi|gun|ken|fu|to|son|mura)|City|Japan)[,.]? {{1,2}}"
            r"(?P<value>[0-9]{3}-?[0-9]{4})(?![0-9-])"
        ),
    ),
    Rule(
        Kind.POSTAL_CODE,
        "three and four digits before an address",
        0.8,
        re.compile(
            r"(?<![0-9A-Za-z-])(?P<value>[0-9]{3}-[0-9]{4}|[0-9]{7}(?=[ ,]))(?=[ \n、,|]{0,3}"
            r"(?:(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県)"
            r"|[一-鿿ぁ-んァ-ヶ]{1,6}[市区町村郡]))"
        ),
        valid=_seven,
    ),
)
