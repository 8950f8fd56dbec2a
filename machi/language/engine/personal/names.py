"""Names of persons: by a recogniser that was trained, which reads what rules say beside all else.

Lists and repetitions are looked at again when the names are known: what stands in one column with names, and a
name said a second time.
"""

from collections.abc import Iterator, Sequence

from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.lexicon import is_given, is_known, is_person, is_surname
from machi.language.engine.personal.name_edges import tidied
from machi.language.engine.personal.name_lists import again, companions
from machi.language.engine.personal.name_rules import by_rule, may_be
from machi.language.engine.personal.name_tokens import Labelled, Named, Token
from machi.language.engine.personal.name_trained import LIKELY, Trained

_SURE = 0.8
_OF_SAMPLES = ("太郎", "花子", "一郎", "次郎", "二郎", "三郎")
"""Given names that samples of forms bear."""


def names(text: str, words: Sequence[Token], labelled: Sequence[Labelled]) -> Iterator[Found]:
    """Every name in the view ``text``, possibly overlapping. ``words`` cover it but for blanks."""
    trained = Trained(text, words, labelled)
    kept = [
        one
        for each in trained.names()
        if (one := tidied(text, each)) and may_be(text, one) and not _is_ordinary(text, one)
    ]
    kept += _ordinary_names(text, words, labelled, kept)
    yield from kept
    persons = {(one.start, one.end) for one in kept}
    yield from companions(text, persons)
    sure = {(one.start, one.end) for one in kept if one.score >= _SURE}
    yield from again(text, persons, sure, trained.most)


def _is_ordinary(text: str, one: Found) -> bool:
    """Whether a word that is no name was taken for one by its neighbours, without much conviction."""
    value = text[one.start : one.end]
    if one.score >= LIKELY:
        return False
    return is_known(value) and not is_person(value) and (len(value) > 2 or not is_given(value))


def _ordinary_names(
    text: str, words: Sequence[Token], labelled: Sequence[Labelled], kept: Sequence[Found]
) -> list[Found]:
    """山田太郎 and 佐藤花子, whatever the trained recogniser says.

    In the texts it was trained on they stood on samples of forms; whoever is really called so must be found too.
    """
    if not any(given in text for given in _OF_SAMPLES):
        return []
    entities = [Named(start, end) for start, end, label in labelled if label == "Person"]
    return [
        one
        for one in by_rule(text, words, entities)
        if _is_ordinary_name(text[one.start : one.end].replace(" ", ""))
        and not any(each.start < one.end and one.start < each.end for each in kept)
    ]


def _is_ordinary_name(value: str) -> bool:
    return value.endswith(_OF_SAMPLES) and is_surname(value[:-2])
