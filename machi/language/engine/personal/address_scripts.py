"""Addresses in katakana (transfer slips, old systems) and in Latin letters, down to the house number."""

import re
from collections.abc import Iterator

from machi.language.engine.personal.address_grammar import NUM
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.places import ROMAN, readings

_KANA = "ァ-ヺー"
_NUMBER = rf"{NUM}(?: ?(?:-|ノ|チョウメ|バンチ|バン|ゴウ?) ?(?:{NUM})?){{0,6}}"
_BEHIND = re.compile(
    rf"(?:[ -]?[{_KANA}]{{1,12}}){{0,4}}? ?{_NUMBER}"
    rf"(?:(?: |-)[{_KANA}A-Z]{{2,14}}(?: [{_KANA}A-Z]{{2,10}})? ?[A-Z]?-?[0-9]{{1,4}})?(?![0-9])"
)
_SYLLABLE = r"[A-Z][a-z]{1,20}(?:[- ][a-z]{1,12}){0,2}"
_PART = r"[A-Z][a-z']+(?:-[A-Za-z]+){0,3}(?: (?:City|Prefecture|Town|Village|Ward))?"
_UNIT = r"(?:(?:Room|Rm\.?|Apt\.?|Unit) ?|#)[0-9A-Z-]{1,6}"
_HOUSE = (
    r"(?:[A-Z][a-z]+(?: [A-Z][a-z]+){0,2} [A-Z]?-?[0-9]{1,4}[A-Z]?(?![0-9-])"
    r"|(?:[A-Z][a-z]+ ){0,2}"
    r"(?:Heights|Haitsu|Mansion|House|Building|Bldg\.?|Apartments?|Apato|Corpo|Residence|Court|Hills|Terrace"
    r"|(?:Maison|Grand) [A-Z][a-z]+))"
)
_JAPANESE_PLACE = re.compile(
    rf"-(?:shi|ku|cho|machi|gun|ken|fu|to|mura|son|chome)(?![a-z])| City|(?<=[0-9]-[0-9])[0-9-]* .*(?:{ROMAN})"
)
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? ?$")
_LATIN = re.compile(
    rf"(?<![A-Za-z0-9-])(?:{_UNIT},? )?(?:{_HOUSE},? ?)?"
    rf"#?[A-Z]?[0-9]{{1,5}}(?:-[A-Z]?[0-9]{{1,4}}){{0,4}}(?:-chome)?,? {_PART}"
    rf"(?:,? ?(?:{_PART}|[0-9]-chome|{_UNIT}(?=,))){{0,5}}(?![A-Za-z])"
    rf"|(?<![A-Za-z])(?:[A-Z][a-z]+-(?:ken|fu|to),? )?[A-Z][a-z]+-(?:shi|ku|gun|cho|machi|mura),? "
    rf"(?:[A-Z][a-z]+(?:-[a-z]+)?,? ){{1,2}}"
    rf"[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{1,3}}(?![0-9])"
)


_WORD = re.compile(rf"(?<![{_KANA}])(?=[{_KANA}]{{3}})")
_PREFECTURE = re.compile(rf"[{_KANA}]{{2,6}}?(?:ケン|フ|ト|ドウ) ?")
_LONGEST = 12


def _municipality(text: str, start: int) -> int | None:
    """Where the municipality ends that is read at ``start``, behind its prefecture if that stands there."""
    prefecture = _PREFECTURE.match(text, start)
    for begin in (start, *((prefecture.end(),) if prefecture else ())):
        for end in range(begin + _LONGEST, begin + 2, -1):
            if text[begin:end] in readings():
                return end
    return None


def in_other_scripts(text: str) -> Iterator[Found]:
    """Addresses of a view that are not in kanji."""
    for word in _WORD.finditer(text):
        end = _municipality(text, word.start())
        number = _BEHIND.match(text, end) if end is not None else None
        if number and re.search(r"[0-9]", number[0]) and re.search(r"[ァ-ヺ]|[0-9]-[0-9]", number[0]):
            yield Found(Kind.ADDRESS, word.start(), number.end(), 0.85, "address in katakana")
    for match in _LATIN.finditer(text):
        if not _JAPANESE_PLACE.search(match[0]) or _MONTH.search(
            text, max(0, match.start() - 10), match.start()
        ):
            continue
        yield Found(Kind.ADDRESS, *match.span(), 0.85, "address in Latin letters")
