"""What a recogniser of patterns is made of: a pattern, a check, and words that must stand near."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from machi.language.engine.personal.kinds import Found, Kind


def _always(_value: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """Rings where ``pattern`` matches a view (``machi.language.engine.personal.view``) and all else holds.

    The span is the group ``value`` where the pattern has one, else the whole match.
    """

    kind: Kind
    reason: str
    score: float
    pattern: re.Pattern[str]
    valid: Callable[[str], bool] = _always
    """Of the value, as the view has it."""
    near: re.Pattern[str] | None = None
    """Must be found in the ``before`` characters before the value or the ``after`` behind it."""
    before: int = 30
    after: int = 0
    unless: re.Pattern[str] | None = None
    """Must not be found in the text up to the value: say so with ``$`` at its end."""

    def matches(self, text: str) -> Iterator[Found]:
        group = "value" if "value" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            start, end = match.span(group)
            if start < end and self._fits(text, start, end):
                yield Found(self.kind, start, end, self.score, self.reason)

    def _fits(self, text: str, start: int, end: int) -> bool:
        if not self.valid(text[start:end]):
            return False
        left = text[max(0, start - self.before) : start]
        if self.unless and self.unless.search(left):
            return False
        if self.near is None:
            return True
        right = text[end : end + self.after]
        return bool(self.near.search(left) or self.near.search(right))


THING = re.compile(
    r"(?:資産|備品|機器|部品|管理|文書|整理|受付|受理|伝票|発注|注文|図面|起案|製造|製品|商品|品目|契約|追跡|決裁|見積|事案|案件|請求|品)"
    r"(?:書|票|管理)?(?:の)?(?:番号|No\.?|ナンバー|ID|コード)[ :は]{0,3}$|(?:型番|品番|型式|図番)[ :は]{0,3}$",
    re.IGNORECASE,
)
"""Names the number behind it as that of a thing or a file."""


GAP = r"[ :=はが、→>|)\]】」\n]{0,4}(?:\([^)\n]{1,10}\)[ :=はが]{0,3})?"
"""Between a label and what it names: 番号： 番号は 番号（10桁）→"""


def digits(value: str) -> str:
    """The digits of ``value`` alone."""
    return re.sub(r"[^0-9]", "", value)


def matches(text: str, rules: Iterable[Rule]) -> Iterator[Found]:
    """Every ring of every rule, overlapping ones too."""
    for rule in rules:
        yield from rule.matches(text)
