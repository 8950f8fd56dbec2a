"""Questions in English put to Japanese documents: the words of municipal life, looked up in a glossary.

No translation: the glossary only tells which Japanese words to look for. Embeddings find the rest.
"""

import json
import re
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _glossary() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    data = json.loads(files("machi.language.engine").joinpath("data/english_words.json").read_text("utf-8"))
    japanese = {
        english: tuple(entry["japanese"]) for entry in data["entries"] for english in entry["english"]
    }
    longest_first = sorted(japanese, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, longest_first))})(?![a-z])"), japanese


def with_japanese(question: str) -> str:
    """``question`` with English words and phrases of the glossary replaced by the Japanese for them.

    A question without such words comes back as it is. Case does not matter; the longest phrase wins.
    """
    pattern, japanese = _glossary()
    lower = question.lower()
    if len(lower) != len(question) or not pattern.search(lower):
        return question
    parts: list[str] = []
    position = 0
    for found in pattern.finditer(lower):
        parts += [question[position : found.start()], " ".join(japanese[found[0]])]
        position = found.end()
    return "".join((*parts, question[position:]))
