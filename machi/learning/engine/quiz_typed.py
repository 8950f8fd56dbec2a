"""Quiz questions answered by typing: a number with its unit, or a word."""

import re
from collections.abc import Mapping
from typing import Any

from machi.language.engine.text import fold_kana, search_form
from machi.learning.engine import exercise_numbers as numbers
from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import ItemResult, reason

Item = Mapping[str, Any]
_MARKS = re.compile(r"[\s。、.,!?・「」『』()\"']+")
_ENDING = re.compile(r"(?:です|である|だ)$")


def check_number(at: Reading) -> None:
    at.number("key", -1e15, 1e15)
    at.number("tolerance", 0, 1e12, default=0)
    at.text("unit", 10, required=False)


def check_text(at: Reading) -> None:
    for number, one in enumerate(at.texts("any", 1, 20, 60)):
        if not plain(one):
            at.problem(f"any[{number}]", "no_words")


def key_number(item: Item) -> Any:
    return f"{item['key']}{item.get('unit', '')}"


def key_text(item: Item) -> Any:
    return item["any"][0]


def score_number(item: Item, said: Any) -> ItemResult:
    said = said if isinstance(said, str) else ""
    points, code = numbers.points(said, item["key"], item.get("tolerance", 0), item.get("unit", ""))
    return ItemResult(item["id"], item["ask"], points, (reason(code, said=said, key=key_number(item)),))


def score_text(item: Item, said: Any) -> ItemResult:
    """Equal to an accepted word, whatever its width, case, kana and marks; not merely holding it."""
    said = said if isinstance(said, str) else ""
    form = plain(said[:200])
    right = bool(form) and form in {plain(one) for one in item["any"]}
    code = "text_right" if right else "text_wrong" if form else "unanswered"
    return ItemResult(
        item["id"], item["ask"], float(right), (reason(code, said=said[:200], key=item["any"][0]),)
    )


def plain(text: str) -> str:
    form = _MARKS.sub("", fold_kana(search_form(text)))
    return _ENDING.sub("", form) or form
