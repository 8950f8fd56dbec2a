"""Finding personal information in a text."""

from collections.abc import Collection, Iterable

from machi.language.engine.personal import births, contacts, identifiers, insurance, money, tables
from machi.language.engine.personal.addresses import addresses
from machi.language.engine.personal.kinds import NUMBERS, PERSONAL, Found, Kind
from machi.language.engine.personal.rules import Rule, matches
from machi.language.engine.personal.view import View, view

_RULES: tuple[Rule, ...] = (
    *identifiers.RULES,
    *insurance.RULES,
    *money.RULES,
    *contacts.RULES,
    *births.RULES,
)


def find(text: str, kinds: Collection[Kind] = PERSONAL) -> list[Found]:
    """All personal information of ``kinds`` in ``text``, in order and without overlaps."""
    from machi.language.engine.personal.analyzer import analyse  # spaCy: seconds, so on first use

    seen = view(text)
    return _chosen(seen, resolved(analyse(seen.text)), kinds)


def find_numbers(text: str, kinds: Collection[Kind] = NUMBERS) -> list[Found]:
    """Like ``find``, without the language model and so without names: fast, and at work from the first line.

    ``kinds`` may be any but PERSON, which is never found here.
    """
    seen = view(text)
    found = [*matches(seen.text, _RULES), *addresses(seen.text), *tables.in_columns(seen.text)]
    return _chosen(seen, resolved(found), kinds)


def _chosen(seen: View, found: Iterable[Found], kinds: Collection[Kind]) -> list[Found]:
    # Kinds are chosen last: a corporate number must win over what it looks like, asked for or not.
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
