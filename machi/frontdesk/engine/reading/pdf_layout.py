"""From lines on pages to paragraphs and headings, by where they stand and how large they are."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from machi.language.engine.types import Block

_LARGER = 1.15
"""Type this much larger than the body's is a heading."""
_HEADING_LIMIT = 60
_MARGIN = 0.12
"""Part of the page's height, at top and bottom, where running heads and page numbers stand."""
_PAGE_NUMBER = re.compile(
    r"[-‐–—−\s]*(?:P\.?|p\.?)?\s*\d{1,4}(?:\s*[/／]\s*\d{1,4})?\s*(?:ページ)?[-‐–—−\s]*"
)
_STARTS_NEW = re.compile(
    r"[・･•■□◆◇●○◎▼▽▲△★☆▶※《【〔＜〈]|[(（]?[0-9０-９]{1,2}[)）.．、\s\u3000]|[①-⑳]|第[0-9０-９一二三四五六七八九十]+[章節条]"
    r"|[^\s：:。、]{1,12}[：:]"
)
_ENDS = re.compile(r"[。！？!?：:」』】)）]$")
_LATIN = re.compile(r"[A-Za-z0-9,.]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; distances in points, from the left and from the top of its page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    page_height: float
    place: str


def paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[Block]:
    """Headings and paragraphs of all pages, without running heads and page numbers."""
    repeated = running_heads(pages)
    kept = [[line for line in page if not _is_furniture(line, repeated)] for page in pages]
    body = _body_size(kept)
    levels = _levels(kept, body)
    for page in kept:
        right = max((line.right for line in page), default=0.0)
        text = ""
        before: Line | None = None
        for line in page:
            level = levels.get(_rounded(line.size), 0) if _may_head(line) else 0
            if before is not None and not level and _goes_on(before, line, right):
                text = _joined(text, line.text)
            else:
                if before is not None:
                    yield Block("paragraph", text, place=before.place)
                text = line.text
            if level:
                yield Block("heading", line.text, level, line.place)
            before = None if level else line
        if before is not None:
            yield Block("paragraph", text, place=before.place)


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[_rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _levels(pages: Sequence[Sequence[Line]], body: float) -> dict[float, int]:
    sizes = {_rounded(line.size) for page in pages for line in page if _may_head(line)}
    large = sorted((size for size in sizes if size > body * _LARGER), reverse=True)
    return {size: min(6, rank) for rank, size in enumerate(large, start=1)}


def _may_head(line: Line) -> bool:
    return len(line.text) <= _HEADING_LIMIT and not line.text.endswith(("。", "、")) and len(line.text) > 1


def _in_margin(line: Line) -> bool:
    return line.bottom < _MARGIN * line.page_height or line.top > (1 - _MARGIN) * line.page_height


def running_heads(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Texts (figures aside) that stand in the margins of at least half the pages, and of three."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({re.sub(r"\d+", "0", line.text) for line in page if _in_margin(line)})
    often = {text for text, count in seen.items() if count >= max(3, len(pages) / 2)}
    return {text for text in often if not _PAGE_NUMBER.fullmatch(text)}


def _is_furniture(line: Line, repeated: set[str]) -> bool:
    return _in_margin(line) and (
        re.sub(r"\d+", "0", line.text) in repeated or _PAGE_NUMBER.fullmatch(line.text) is not None
    )


def _goes_on(before: Line, line: Line, right: float) -> bool:
    """Whether ``line`` continues the paragraph of the full line ``before``."""
    full = before.right > right - 2.5 * before.size
    near = 0 <= line.top - before.top < 2.2 * before.size
    alike = (
        abs(line.size - before.size) < 0.1 * before.size and abs(line.left - before.left) < 3 * before.size
    )
    return full and near and alike and not _ENDS.search(before.text) and not _STARTS_NEW.match(line.text)


def _joined(text: str, more: str) -> str:
    space = " " if _LATIN.match(text[-1:]) and _LATIN.match(more[:1]) else ""
    return f"{text}{space}{more}"
