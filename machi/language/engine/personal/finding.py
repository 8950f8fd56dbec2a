"""Finding personal information in a text."""

from collections.abc import Collection, Iterable

from machi.language.engine.personal import contacts, identifiers, money
from machi.language.engine.personal.kinds import NUMBERS, PERSONAL, Found, Kind
from machi.language.engine.personal.rules import Rule, matches
from machi.language.engine.personal.view import View, view

_RULES: tuple[Rule, ...] = (*identifiers.RULES, *money.RULES, *contacts.RULES)


def find_numbers(text: str, kinds: Collection[Kind] = NUMBERS) -> list[Found]:
    seen = view(text)
    # All rules speak before kinds are chosen: a corporate number must win over what it looks like.
    return _chosen(seen, resolved(matches(seen.text, _RULES)), kinds)


def find(text: str, kinds: Collection[Kind] = PERSONAL) -> list[Found]:
    return find_numbers(text, kinds)


def _chosen(seen: View, found: Iterable[Found], kinds: Collection[Kind]) -> list[Found]:
    return [
        Found(one.kind, *seen.span(one.start, one.end), one.score, one.reason)
        for one in found
        if one.kind in kinds
    ]


def resolved(found: Iterable[Found]) -> list[Found]:
    """``found`` without overlaps, in order: the surer stays, then the longer, then the one further left."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (-f.score, f.start - f.end, f.start, f.kind)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)
