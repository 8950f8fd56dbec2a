"""Where a claim says otherwise what a passage says, though in the same words: denials, opposites, だけ and 全て, a
thing or a figure of another matter.

``words`` are the claim's, under the stems by which the passage says them; ``support`` the sentences that support it.
"""

from collections.abc import Mapping, Sequence, Set
from functools import cache

from machi.language.engine.claim_facts import stands
from machi.language.engine.claim_reading import Sentence
from machi.language.engine.claim_said import same_as
from machi.language.engine.claim_tokens import stem, stems_of, word_lists
from machi.language.engine.claim_words import Word

_CALENDAR = frozenset({"年", "月", "日", "週"})
"""Units of figures that stand beside others in any notice."""
PLAINLY = 2
"""Words by which another clause must say more of the claim than the nearest."""


@cache
def opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in word_lists()["contrast"]:
        stems = frozenset(map(stem, row))
        for one in stems:
            found[one] = found.get(one, frozenset()) | (stems - {one})
    wide = [
        (same_as(stem(one)) | {stem(one)}, same_as(stem(other)) | {stem(other)})
        for one, other in word_lists()["opposite_rows"]
    ]
    narrow = [(frozenset({stem(one)}), frozenset({stem(other)})) for one, other in word_lists()["opposite"]]
    for ours, theirs in (*wide, *narrow):
        for those, these in ((ours, theirs), (theirs, ours)):
            for each in those:
                found[each] = found.get(each, frozenset()) | these
    return found


def denied(words: Sequence[Word], support: Sequence[Sentence]) -> bool:
    """Whether a word is denied here and nowhere there, or affirmed here and nowhere there; where it is both there, the
    place counts that says most of the claim. What a passage leaves out (を除く) is denied; and what a claim denies in
    words of its own must be near some denial."""
    here: dict[str, set[bool]] = {}
    for word in words:
        here.setdefault(word.stem, set()).add(word.denied)
    if words and _only_left_out({word.stem for word in words if not word.excluded}, support):
        return not words[-1].denied
    acting = {word.stem for word in words if word.acts}
    lacking = {word.stem for word in words if word.lacks}
    for said, ways in here.items():
        there = _ways(said, here.keys() - {said}, support, said in acting)
        if said in lacking and there and any(_goes_without(said, one) for one in support):
            there = there | {True}
        if there and not ways <= there:
            return True
        if (
            not there
            and True in ways
            and not any(_denies(one) and one.stems & here.keys() for one in support)
        ):
            return True
    return False


def _goes_without(said: str, there: Sentence) -> bool:
    """Whether an act upon it is denied: 証の交付を受けていない for 証がない."""
    return any(
        word.stem == said
        and any(one.denied for one in there.words[at + 1 : at + 4] if one.clause == word.clause)
        for at, word in enumerate(there.words)
    )


def _denies(there: Sentence) -> bool:
    return any(word.denied or word.excluded for word in there.words) or bool(
        there.stems & stems_of("denying")
    )


def _only_left_out(here: Set[str], support: Sequence[Sentence]) -> bool:
    """Whether some word of the claim is said only where the passage leaves something out."""
    words = [word for one in support for word in one.words if word.stem in here]
    left_out = {word.stem for word in words if word.excluded}
    return bool(left_out - {word.stem for word in words if not word.excluded})


def _ways(said: str, others: Set[str], support: Sequence[Sentence], acts: bool) -> set[bool]:
    """Affirmed (False) or denied (True): how ``said`` stands where the support says most of ``others``: nearest to
    them, unless another clause says plainly more; and rather as an act where it is one (投票できない, not 投票日)."""
    found: list[tuple[tuple[bool, int, int], int, bool]] = []
    for one in support:
        together = len(others & one.stems)
        for word in one.words:
            if word.stem == said:
                around = [abs(word.at - other.at) for other in one.words if other.stem in others]
                clause = {other.stem for other in one.words if other.clause == word.clause}
                place = (acts and not word.acts, -together, min(around, default=10_000))
                found.append((place, len(clause & others), word.denied))
    if not found:
        return set()
    nearest = min(place for place, _count, _denied in found)
    most = max(count for _place, count, _denied in found)
    beside = max(count for place, count, _denied in found if place == nearest)
    return {
        denied
        for place, count, denied in found
        if (count == most if most >= beside + PLAINLY else place == nearest)
    }


def opposite(
    words: Sequence[tuple[Word, Word]], said: Set[str], anywhere: Set[str], support: Sequence[Sentence]
) -> bool:
    """Whether a word that is not said under its heading (``said``) has its opposite there, or one said nowhere has it
    anywhere; or the sentence that says most of the claim has the opposite. ``words``: each as the claim has it, and
    under the stem that says it."""
    stems = {one.stem for pair in words for one in pair}
    for word, found in words:
        others = opposites().get(word.stem, frozenset()) - stems
        if word.stem not in said and others & (said if word.stem in anywhere else anywhere):
            return True
        own = {word.stem, found.stem}
        if others and _most(others, own, stems, support) > _most(own, set(), stems, support):
            return True
    return False


def _most(those: Set[str], without: Set[str], stems: Set[str], support: Sequence[Sentence]) -> int:
    """How much of the claim that sentence says which has one of ``those`` and none of ``without``."""
    return max(
        (
            len((one.stems & stems) - those)
            for one in support
            if one.stems & those and not one.stems & without
        ),
        default=-1,
    )


def new_thing(words: Sequence[Word], known: Set[str]) -> bool:
    """Whether the claim says of a thing that nothing under its heading speaks of: 図鑑が配られる. ``words`` under the
    stems that say them."""
    return any(
        word.particle in ("が", "を", "も")
        and word.name
        and not word.acts
        and word.weight >= 1
        and word.stem not in known
        for word in words
    )


def wider(claim: Sentence, support: Sequence[Sentence]) -> bool:
    """Whether the claim says だけ or 全て and the passage does not."""
    only = any(word.only for word in claim.words)
    if only and not any(
        word.only or word.stem in ("専用", "限", "限定") for one in support for word in one.words
    ):
        return True
    return claim.every and not any(one.every_one for one in support)


def figure_of_another(claim: Sentence, support: Sequence[Sentence]) -> bool:
    """Whether the line that says most of the claim has another figure of the same unit: of a list, the line of another
    thing says what the claim says of this one. ``support``: line by line."""
    for fact in claim.facts:
        if fact[0] != "figure" or not fact[2] or fact[2] in _CALENDAR:
            continue
        told, rival = -1, -1
        for one in support:
            says = len(one.stems & claim.stems) + sum(
                stands(other, one.told) for other in claim.facts if other != fact
            )
            if stands(fact, one.told):
                told = max(told, says)
            elif any(other[0] == "figure" and other[2] == fact[2] for other in one.facts):
                rival = max(rival, says)
        if rival > told >= 0:
            return True
    return False
