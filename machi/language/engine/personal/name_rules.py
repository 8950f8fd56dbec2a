"""Names of persons by rules: what the dictionary, labels, titles, offices, lists and the language model say.

The dictionary (Sudachi's) knows that 山田 can be a surname; what stands around it tells whether it is one here.
山田町, 山田公園 and 山田建設 are none; 山田さん, 山田太郎, 担当：山田 are. The trained recogniser reads what the rules
say beside all else, and decides (``names``).
"""

import re
from collections.abc import Iterator, Sequence

from machi.language.engine.personal.kinds import Found
from machi.language.engine.personal.lexicon import is_renowned
from machi.language.engine.personal.name_edges import tidied
from machi.language.engine.personal.name_kinship import BEHIND_KINSHIP, beside_kin
from machi.language.engine.personal.name_labelled import behind_label, behind_office
from machi.language.engine.personal.name_lists import columns, counted
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
from machi.language.engine.personal.name_tokens import Named, Token
from machi.language.engine.personal.name_words import RELATION

_LONG = re.compile(rf"(?:(?<![{KANJI}])|(?<=:))[{KANJI}]{{3,5}}(?![{KANJI}])")
_KIN = re.compile(rf"(?:{RELATION})$")
_CODE = re.compile(r"[A-Z0-9-]{1,3}")
_BETWEEN_CELLS = frozenset("|,;:/")


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
    return [one for each in found if (one := tidied(text, each)) and may_be(text, one)]


def renowned(text: str) -> Iterator[tuple[int, int]]:
    """Persons of history, where nothing speaks of somebody who bears the same name."""
    for match in _LONG.finditer(text):
        if is_renowned(match[0]) and not TITLED.match(text, match.end()):
            yield match.span()


def may_be(text: str, one: Found) -> bool:
    """Whether ``one`` is more than a piece of a word (係|長) or of a code (UA-4958).

    A given name of one letter behind a word of kinship is (長男翔).
    """
    piece = one.end - one.start == 1 and one.start > 0 and IS_KANJI.match(text[one.start - 1])
    of_kin = one.reason == BEHIND_KINSHIP or _KIN.search(text, 0, one.start)
    return bool(not piece or of_kin) and not _CODE.fullmatch(text, one.start, one.end)


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
