"""Where Japanese sentences end, as offsets into the text as written."""

import re
import unicodedata
from collections.abc import Iterator

_OPEN = "「『（(〔［[｛{〈《【"
_CLOSE = "」』）)〕］]｝}〉》】"
_BRACKETS = {**dict.fromkeys(_OPEN, 1), **dict.fromkeys(_CLOSE, -1)}
_LONGEST_BRACKET = 200
"""A bracket open for longer than this was never meant to be closed (a stray mark, a smiley)."""

# Half-width ? is no sentence end inside text: many exports lost 〜 to it ("9時?17時").
_END = re.compile(r"[。．！？!]+|\?(?=\s|$)|\n+")
_CLOSERS = re.compile(rf"[{re.escape(_CLOSE)}”’\"]*")
_SOFT_BREAK = re.compile(r"[、，,；;\s」』）)】・]")


def sentence_ends(text: str) -> Iterator[int]:
    """Offsets at which a sentence of ``text`` ends, rising, the last being ``len(text)``.

    A mark inside brackets does not end a sentence, and closing brackets stay with what they close. A full
    stop between digits (``Ｒ７．４．１``) is a decimal or date point. Line breaks always end one.
    """
    depth = 0
    opened = 0
    position = 0
    for found in _END.finditer(text):
        if found.start() < position:
            continue
        for index in range(position, found.start()):
            step = _BRACKETS.get(text[index], 0)
            if step > 0 and depth == 0:
                opened = index
            depth = max(0, depth + step)
        position = found.start()
        if text[position] == "\n":
            depth = 0
        elif _between_digits(text, position) or (depth and _closes(text, opened, position)):
            continue
        closers = _CLOSERS.match(text, found.end())
        position = closers.end() if closers and text[found.start()] != "\n" else found.end()
        depth = 0
        if position < len(text):
            yield position
    if text:
        yield len(text)


def _closes(text: str, opened: int, position: int) -> bool:
    """Whether the bracket open at ``position`` is closed on the same line, not too far off."""
    line_end = text.find("\n", position)
    stop = min(opened + _LONGEST_BRACKET, line_end if line_end >= 0 else len(text))
    return any(char in _CLOSE for char in text[position:stop])


def _between_digits(text: str, position: int) -> bool:
    around = text[max(0, position - 1) : position], text[position + 1 : position + 2]
    return text[position] == "．" and all(char.isdigit() for char in around)


def cut_points(text: str, limit: int) -> Iterator[int]:
    """Offsets that cut ``text`` into pieces of at most ``limit`` characters, the last being ``len(text)``.

    Used for a single sentence longer than a passage may be: cut after a comma or space in the second half
    where there is one, else at the limit, but never between a character and its combining marks or
    variation selector (names are written with them).
    """
    start = 0
    while len(text) - start > limit:
        stop = start + limit
        soft = [found.end() for found in _SOFT_BREAK.finditer(text, start + limit // 2, stop)]
        cut = soft[-1] if soft else stop
        while cut > start + 1 and _extends(text[cut]):
            cut -= 1
        yield cut
        start = cut
    if text:
        yield len(text)


def _extends(char: str) -> bool:
    return unicodedata.combining(char) != 0 or unicodedata.category(char) in {"Mn", "Me"} or char == "\u200d"
