"""Whether a word can be a surname or a given name: what Sudachi's dictionary says of it, whatever the sentence."""

from functools import lru_cache

from machi.language.engine.tokens import dictionary


@lru_cache(maxsize=50_000)
def _tags(word: str) -> frozenset[str]:
    return frozenset("-".join(m.part_of_speech()[:4]) for m in dictionary().lookup(word))


def is_surname(word: str) -> bool:
    """``word`` is a surname in the dictionary; it may be a place or a common noun besides (石垣, 南, 富山)."""
    return "名詞-固有名詞-人名-姓" in _tags(word)


def is_given(word: str) -> bool:
    """``word`` is a given name in the dictionary."""
    return "名詞-固有名詞-人名-名" in _tags(word)


def is_person(word: str) -> bool:
    """``word`` is some name of persons in the dictionary: グエン, スミス, 山田."""
    return any("人名" in tag for tag in _tags(word))


def is_renowned(word: str) -> bool:
    """``word`` is a person's whole name in the dictionary: 徳川家康, 紫式部. It lists hardly anybody alive."""
    return len(word) > 2 and "名詞-固有名詞-人名-一般" in _tags(word)


def is_place(word: str) -> bool:
    """``word`` is a place in the dictionary (and may be a name of persons besides)."""
    return any("地名" in tag for tag in _tags(word))


def is_common(word: str) -> bool:
    """``word`` is a common noun in the dictionary (and may be a name besides)."""
    return any(tag.startswith("名詞-普通名詞") for tag in _tags(word))


def is_known(word: str) -> bool:
    """``word`` is in the dictionary at all."""
    return bool(_tags(word))
