"""Where a claim relates otherwise what a passage relates: who does what to whom, what comes first, which of two goes
with which, what begins and ends.

Nothing is parsed: particles and the order of words decide, as Japanese marks both. ``words`` are the claim's, under the
stems by which the passage says them; ``support`` the sentences that support it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, zip_longest

from machi.language.engine.claim_conflicts import opposites
from machi.language.engine.claim_edges import Edge
from machi.language.engine.claim_reading import Sentence
from machi.language.engine.claim_tokens import stem, stems_of, word_lists
from machi.language.engine.claim_words import Word

_GIVES, _GETS = frozenset({"から"}), frozenset({"に", "へ"})
_PASSIVE = {"が": "を", "は": "を", "から": "から", "に": "に"}
"""The particles of what is undergone, as they would be of what is done."""
_DOES = frozenset({"が"})


@cache
def _converses() -> tuple[tuple[str, str], ...]:
    return tuple((stem(one), stem(other)) for one, other in word_lists()["converse"])


def related_otherwise(words: Sequence[Word], support: Sequence[Sentence]) -> bool:
    """Whether the passage turns round who does what to whom, what comes first, or which of two goes with which."""
    return (
        _order_unsaid(words, support)
        or _other_subject(words, support)
        or _compared(words, support)
        or _despite(words, support)
        or _topic_denied(words, support)
        or any(_roles_turned(words, one.words) or _crossed(words, one.words) for one in support)
    )


def _roles_turned(here: Sequence[Word], there: Sequence[Word]) -> bool:
    said = list(_roles(there))
    swapped = set()
    for noun, particle, act in _roles(here):
        same = [one for one in said if _same_noun(one[0], noun) and _same_act(act, one[2])]
        if same and all(_turned(particle, one[1], _converse(act, one[2])) for one in same):
            return True
        if same and all(_swapped(particle, one[1]) for one in same):
            swapped.add(noun)
    return len(swapped) > 1


def _same_noun(one: str, other: str) -> bool:
    """Of runs of nouns: 歯科医師会 for 医師会."""
    return one.endswith(other) or other.endswith(one)


def _roles(words: Sequence[Word]) -> Iterator[tuple[str, str, Word]]:
    """(noun, its particle, the act): the act is the next verb behind the noun; of what は names, the last."""
    acts = [
        word
        for word, following in zip_longest(words, words[1:])
        if word.acts or (word.is_verb and (following is None or following.clause != word.clause))
    ]
    for word in words:
        if not word.particle or word.particle == "の" or not word.name or not word.weight:
            continue
        topic = word.particle == "は"
        behind = [one for one in acts if one.at > word.at and (topic or one.clause == word.clause)]
        if behind:
            act = behind[-1] if topic else behind[0]
            particle = _PASSIVE.get(word.particle) if act.passive else word.particle
            if act.weight and particle:
                yield word.name if word.name.endswith(word.form) else word.stem, particle, act


def _same_act(one: Word, other: Word) -> bool:
    return one.stem == other.stem or _converse(one, other)


def _converse(one: Word, other: Word) -> bool:
    """授かる and 授与, 借り受ける and 貸与: the same act, seen from the other side."""
    ours, theirs = stem(one.form), stem(other.form)
    return any(
        (ours.startswith(a) and theirs.startswith(b)) or (ours.startswith(b) and theirs.startswith(a))
        for a, b in _converses()
    )


def _turned(one: str, other: str, converse: bool) -> bool:
    """から for に: the giver for the one who gets; and が for に, unless the act is seen from the other side."""
    pairs = ((_GIVES, _GETS),) if converse else ((_GIVES, _GETS), (_DOES, _GETS))
    return any((one in a and other in b) or (one in b and other in a) for a, b in pairs)


def _swapped(one: str, other: str) -> bool:
    """が for を: alone, it may be 崩れる for 崩す; of two nouns at once, the one does what the other did."""
    does, undergoes = _DOES | {"は"}, _GETS | {"を"}
    return (one in does and other in undergoes) or (one in undergoes and other in does)


def _other_subject(here: Sequence[Word], support: Sequence[Sentence]) -> bool:
    """Whether the passage says of somebody else alone (が) what the claim says of its subject."""
    known = {word.name for one in support for word in one.words if word.name}
    claimed = {word.name for word in here if word.name}
    for said, particle, act in _roles(here):
        if particle not in ("が", "は") or said not in known:
            continue
        does = [one for one in support if any(role[2].stem == act.stem for role in _roles(one.words))]
        others = [
            {role[0] for role in _roles(one.words) if role[1] == "が" and role[2].stem == act.stem}
            for one in does
        ]
        if others and all(
            them and not them & claimed and said not in {word.name for word in one.words}
            for them, one in zip(others, does, strict=True)
        ):
            return True
    return False


def _despite(here: Sequence[Word], support: Sequence[Sentence]) -> bool:
    """Whether the claim says that something is done all the same (雨天でも) which the passage calls off."""
    off = stems_of("off")
    here_too = {word.stem for word in here}
    return any(
        word.particle == "でも"
        and any(word.stem in one.stems and (one.stems & off) - here_too for one in support)
        for word in here
    )


def _topic_denied(here: Sequence[Word], support: Sequence[Sentence]) -> bool:
    """Whether all that is said of the claim's subject is denied, and the claim affirms something else of it."""
    if not here or here[-1].denied:
        return False
    for word in here:
        parts = {
            one.stem for one in here if word.name and one.clause == word.clause and one.form in word.name
        }
        if word.particle not in ("は", "が", "も") or len(parts) < 2:
            continue
        about = [one for one in support if parts <= one.stems]
        if about and all(one.words[-1].denied and here[-1].stem not in one.stems for one in about):
            return True
    return False


def _compared(here: Sequence[Word], support: Sequence[Sentence]) -> bool:
    """Whether the claim compares (より) and the passage does not: a comparison is the writer's own."""
    return any(word.particle == "より" for word in here) and not any(
        word.particle == "より" for one in support for word in one.words
    )


def _order_unsaid(here: Sequence[Word], support: Sequence[Sentence]) -> bool:
    """Whether the claim says what comes first and the passage nowhere says the same: dates alone leave it open."""
    said = [order for one in support for order in _orders(one.words)]
    return any(
        not any(one.same(other) for other in said)
        and not any(_told_in_order(one, other) for other in support)
        for one in _orders(here)
    )


def _told_in_order(order: "_Order", there: Sentence) -> bool:
    """川で生まれ、海へ下る: in the order of its clauses, without 後 or 前."""
    marked = [word.clause for word in there.words if word.stem in order.marked and word.is_verb]
    rest = [word.clause for word in there.words if word.stem in order.rest]
    if not marked or not rest or any(word.order for word in there.words):
        return False
    return max(marked) < min(rest) if order.is_first else max(rest) < min(marked)


def ends_turned(claim: Sentence, support: Sequence[Sentence]) -> bool:
    """Whether a day or time on which something begins ends it there, or the other way round; or whether the claim makes
    one span of the beginning of one line and the end of another."""
    lines = [line for one in support for line in one.edges]
    there = frozenset[Edge]().union(*lines)
    for line in claim.edges:
        if any((fact, not begins) in there and (fact, begins) not in there for fact, begins in line):
            return True
        for kind in ("date", "time"):
            span = frozenset(edge for edge in line if edge[0][0] == kind)
            if len(span) == 2 and span <= there and not any(span <= one for one in lines):
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Order:
    marked: frozenset[str]
    """What stands before 後 or 前, as stems."""
    rest: frozenset[str]
    """What the sentence says behind it."""
    is_first: bool
    """Whether what is marked comes first."""

    def same(self, other: "_Order") -> bool:
        if self.is_first == other.is_first:
            return bool(self.marked & other.marked)
        return bool(self.marked & other.rest and self.rest & other.marked)


def _orders(words: Sequence[Word]) -> Iterator[_Order]:
    for index, word in enumerate(words):
        if word.order:
            marked = frozenset(
                one.stem for one in words[max(0, index - 1) : index + 1] if one.clause == word.clause
            )
            rest = frozenset(one.stem for one in words[index + 1 : index + 9]) - marked
            yield _Order(marked, rest, word.order == "after")


def _crossed(here: Sequence[Word], there: Sequence[Word]) -> bool:
    """Whether two clauses of the claim each say with one of two opposites what the passage says with the other: 冬に
    花、秋に実."""
    ours, theirs = _by_clause(here), _by_clause(there)
    for a, b in pairwise(ours):
        for p in theirs:
            for q in theirs:
                if p is q:
                    continue
                straight = (a - b) & p - q, (b - a) & q - p
                across = (a - b) & q - p, (b - a) & p - q
                if all(straight) and any(opposites().get(one, frozenset()) & across[1] for one in across[0]):
                    return True
    return False


def _by_clause(words: Sequence[Word]) -> list[frozenset[str]]:
    found: dict[int, set[str]] = {}
    for word in words:
        if word.weight >= 0.6:
            found.setdefault(word.clause, set()).add(word.stem)
    return [frozenset(one) for one in found.values()]
