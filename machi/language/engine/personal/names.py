"""Names of persons: by a recogniser that was trained, and by rules where they find more.

The dictionary (Sudachi's) knows that 山田 can be a surname; what stands around it tells whether it is one here.
山田町, 山田公園 and 山田建設 are none; 山田さん, 山田太郎, 担当：山田 are. Where rules and training disagree, a rule's
finding stands if the trained recogniser sees a little of a name there.
"""

import re
from collections.abc import Iterator, Sequence

from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.lexicon import is_given, is_known, is_person, is_place, is_renowned
from machi.language.engine.personal.name_edges import tidied
from machi.language.engine.personal.name_kinship import BEHIND_KINSHIP, beside_kin
from machi.language.engine.personal.name_labelled import behind_label, behind_office
from machi.language.engine.personal.name_lists import COUNTED, again, columns, companions, counted, elsewhere
from machi.language.engine.personal.name_parts import (
    A_COMPANY,
    IS_KANJI,
    KANJI,
    NEVER_A_NAME,
    NOT_A_PERSON,
    OF_AN_ORGANISATION,
    TITLED,
    is_title,
    names_place_or_company,
    person,
)
from machi.language.engine.personal.name_surnames import surname_and_given
from machi.language.engine.personal.name_titled import titled
from machi.language.engine.personal.name_tokens import Labelled, Named, Token
from machi.language.engine.personal.name_trained import LOWEST, SPAN, Trained

_LONG = re.compile(rf"(?:(?<![{KANJI}])|(?<=:))[{KANJI}]{{3,5}}(?![{KANJI}])")
_PLACES_COUNTED = re.compile(
    r"(?:[、,・][一-鿿ァ-ヶ]{1,5}){0,5}(?:など)?の?[0-9一二三四五六七八九十両各]{1,2}(?:[市町村区県国]|地区|都市|か国|駅)"
)
"""福岡、長崎、熊本の三県"""
_CODE = re.compile(r"[A-Z0-9-]{1,3}")
_BETWEEN_CELLS = frozenset("|,;:/")
_SURE = 0.8
_FAIR, _LITTLE, _SOME = 0.65, 0.05, 0.3
_LIKELY = LOWEST + 0.9 * SPAN


def names(text: str, words: Sequence[Token], labelled: Sequence[Labelled]) -> Iterator[Found]:
    """Every name in the view ``text``, possibly overlapping. ``words`` cover it but for blanks."""
    entities = [Named(start, end) for start, end, label in labelled if label == "Person"]
    trained = Trained(text, words, labelled)
    others = [*elsewhere(text), *_renowned(text)]
    kept = [one for one in by_rule(text, words, entities) if _stands(one, trained)]
    kept += (
        one
        for each in trained.names()
        if (one := tidied(text, each)) and _may_be(text, one) and not _is_ordinary(text, one)
    )
    kept = [one for one in kept if not _lies_in(others, one)]
    yield from kept
    persons = {(one.start, one.end) for one in kept}
    yield from companions(text, persons)
    yield from again(
        text, persons, {(one.start, one.end) for one in kept if one.score >= _SURE}, trained.most
    )


def by_rule(text: str, words: Sequence[Token], entities: Sequence[Named]) -> list[Found]:
    """What the rules take for names, whatever the trained recogniser thinks."""
    found = (
        *surname_and_given(text, words, entities),
        *titled(text, words, entities),
        *behind_label(text, words, entities),
        *behind_office(text, words, entities),
        *_recognised(text, words, entities),
        *columns(text),
        *counted(text),
        *beside_kin(text),
    )
    return [one for each in found if (one := tidied(text, each)) and _may_be(text, one)]


def _stands(one: Found, trained: Trained) -> bool:
    """Whether a rule's finding is believed: where the trained recogniser sees a little of it, some for weak rules."""
    return one.reason == COUNTED or trained.most(one.start, one.end) >= (
        _LITTLE if one.score >= _FAIR else _SOME
    )


def _renowned(text: str) -> Iterator[tuple[int, int]]:
    """Persons of history, where nothing speaks of somebody who bears the same name."""
    for match in _LONG.finditer(text):
        if is_renowned(match[0]) and not TITLED.match(text, match.end()):
            yield match.span()


def _is_ordinary(text: str, one: Found) -> bool:
    """Whether a place, a firm or a word that is no name was taken for a name by its neighbours."""
    value = text[one.start : one.end]
    if names_place_or_company(text, one.start, one.end):
        return True
    if IS_KANJI.match(text, one.end) and OF_AN_ORGANISATION.match(text, one.end + 1):
        return True  # 三島由紀|夫文学館
    if _PLACES_COUNTED.match(text, one.end) and is_place(value):
        return True
    if one.score >= _LIKELY:
        return False
    return is_known(value) and not is_person(value) and (len(value) > 2 or not is_given(value))


def _lies_in(spans: Sequence[tuple[int, int]], one: Found) -> bool:
    return any(start <= one.start and one.end <= end for start, end in spans)


def _may_be(text: str, one: Found) -> bool:
    """Whether ``one`` is more than a piece of a word (係|長) or of a code (UA-4958)."""
    piece = one.end - one.start == 1 and one.start > 0 and IS_KANJI.match(text[one.start - 1])
    return (not piece or one.reason == BEHIND_KINSHIP) and not _CODE.fullmatch(text, one.start, one.end)


def _recognised(text: str, words: Sequence[Token], entities: Sequence[Named]) -> Iterator[Found]:
    """What the language model takes for a person, unless its neighbours say otherwise."""
    for entity in entities:
        inside = [w for w in words if entity.start <= w.start and w.end <= entity.end]
        for position, word in enumerate(inside):
            if position and (
                is_title(text, word)
                or word.text in _BETWEEN_CELLS
                or (word.start > inside[position - 1].end and NEVER_A_NAME.match(word.text))
            ):
                inside = inside[:position]
                break
        while inside and not inside[-1].is_noun:
            inside.pop()
        while inside and not inside[0].is_noun:
            inside.pop(0)
        if not inside or not any(w.is_name for w in inside):
            continue
        start, end = inside[0].start, inside[-1].end
        follower = next((w for w in words if w.start == end), None)
        joined_noun = follower is not None and follower.is_noun and not TITLED.match(text, end)
        alone = len(inside) == 1
        place = any(NOT_A_PERSON.match(w.text) and not w.is_name for w in inside[1:])
        value = text[start:end]
        if "・" in value and IS_KANJI.match(value):
            continue  # 小田・大庄: a list of quarters
        if place or (alone and joined_noun) or NEVER_A_NAME.search(value):
            continue
        if OF_AN_ORGANISATION.search(value, 1) or A_COMPANY.match(value):
            continue
        if not names_place_or_company(text, start, end):
            yield person(start, end, 0.6, "taken for a person by the language model")
