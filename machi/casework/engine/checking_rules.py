"""The rules of a procedure, in data: fixed kinds with parameters, no language to learn and none to be misused.

Wherever a day is asked for, a field's key stands, or ``@received`` or ``@today``. A rule with ``when`` is asked only
where that field has one of the values. Each names the law or ordinance it follows, where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from machi.casework.engine.described import DescriptionError, described_json

Comparison = Literal["text", "name", "address", "digits"]
"""``name`` and ``address`` bear blanks, variants and ways of writing, and say so; ``digits`` compares digits alone."""
RECEIVED, TODAY = "@received", "@today"


@dataclass(frozen=True, slots=True)
class Law:
    name: str
    article: str = ""
    about: str = ""
    """What it says here, in our own words."""


@dataclass(frozen=True, slots=True)
class When:
    field: str
    values: tuple[str, ...] = ()
    """For a choice of several, one of them is enough; "" for an empty field."""
    filled: bool = False
    """Instead of ``values``: anything stands there."""
    every: bool = False
    """All of several choices must be among ``values``: one more tick, and it does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    key: str
    title: str
    """What is checked, in Japanese, for the list of checks."""
    law: Law | None = None
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Required(_Rule):
    """All ``fields`` filled, all ``documents`` attached."""

    kind: Literal["required"]
    fields: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound(_Rule):
    """Nothing in ``fields`` that cannot be true: check digits, days, numbers, towns (the doubts of ``values``)."""

    kind: Literal["sound"]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal(_Rule):
    kind: Literal["equal"]
    field: str
    other: str
    compare: Comparison = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(_Rule):
    kind: Literal["one-of"]
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(_Rule):
    """``later`` is ``days`` or more after ``earlier``; 0: the same day will do."""

    kind: Literal["order"]
    earlier: str
    later: str
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(_Rule):
    kind: Literal["sum"]
    parts: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Times(_Rule):
    """``field`` times ``by`` is ``total``, or less than it where ``at_least`` (fees paid)."""

    kind: Literal["times"]
    field: str
    by: int
    total: str
    at_least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InRange(_Rule):
    kind: Literal["range"]
    field: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Age(_Rule):
    """Age in full years on a day. With ``school_year``, ``most`` counts to the first 31 March after that birthday."""

    kind: Literal["age"]
    field: str
    on: str = RECEIVED
    least: int | None = None
    most: int | None = None
    school_year: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossDocument(_Rule):
    """The form's ``field`` and ``other`` of an attached ``document`` say the same."""

    kind: Literal["cross-document"]
    field: str
    document: str
    other: str
    compare: Comparison = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(_Rule):
    """Handed in ``days`` after ``since`` at the latest, the first day not counted (Civil Code, art. 140)."""

    kind: Literal["deadline"]
    since: str
    days: int
    by: str = RECEIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(_Rule):
    """No earlier application with the same ``fields`` within ``days``; names are compared as names."""

    kind: Literal["duplicate"]
    fields: tuple[str, ...]
    days: int = 365


@dataclass(frozen=True, slots=True)
class Person:
    """One of the household: ``role`` is the model's plural (親一覧), ``variables`` its variables by our fields."""

    name: str
    role: str
    variables: dict[str, str]
    optional: bool = False
    """Left out where a field of it is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility(_Rule):
    """OpenFisca-Japan's ``variable`` of the household is more than ``above`` on a day."""

    kind: Literal["eligibility"]
    variable: str
    people: tuple[Person, ...]
    on: str = RECEIVED
    above: float = 0
    unit: str = ""


Rule = Annotated[
    Required
    | Sound
    | Equal
    | OneOf
    | Order
    | Sum
    | Times
    | InRange
    | Age
    | CrossDocument
    | Deadline
    | Duplicate
    | Eligibility,
    Field(discriminator="kind"),
]
AnyRule = (
    Required
    | Sound
    | Equal
    | OneOf
    | Order
    | Sum
    | Times
    | InRange
    | Age
    | CrossDocument
    | Deadline
    | Duplicate
    | Eligibility
)


def holds(when: When, values: Mapping[str, str]) -> bool:
    """Whether the field has one of the values; of several choices made one is enough, or all with ``every``."""
    if when.filled:
        return bool(values.get(when.field))
    made = set(values.get(when.field, "").split(","))
    return made <= set(when.values) if when.every else bool(made & set(when.values))


def read_rules(text: str | bytes, source: str = "rules.json") -> tuple[AnyRule, ...]:
    """The rules of a JSON list. Raises ``DescriptionError`` naming the rule and the key."""
    rules: tuple[AnyRule, ...] = described_json(tuple[Rule, ...], text, source)
    seen = set()
    for number, rule in enumerate(rules):
        if rule.key in seen:
            raise DescriptionError(source, f"{number} ({rule.key}).key", "stands twice")
        seen.add(rule.key)
    return rules


def fields_of(rule: AnyRule) -> tuple[str, ...]:
    """The form's fields that a rule looks at (not those of other documents, nor days of the office)."""
    found: list[str] = []
    match rule:
        case Required() | Sound() | Duplicate():
            found += rule.fields
        case Equal():
            found += (rule.field, rule.other)
        case Order():
            found += (rule.earlier, rule.later)
        case Sum():
            found += (*rule.parts, rule.total)
        case Times():
            found += (rule.field, rule.total)
        case Age():
            found += (rule.field, rule.on)
        case Deadline():
            found += (rule.since, rule.by)
        case Eligibility():
            found += (rule.on, *(name for one in rule.people for name in one.variables.values()))
        case OneOf() | InRange() | CrossDocument():
            found.append(rule.field)
    found += (rule.when.field,) if rule.when else ()
    return tuple(name for name in dict.fromkeys(found) if not name.startswith("@"))


def documents_of(rule: AnyRule) -> tuple[str, ...]:
    match rule:
        case Required():
            return rule.documents
        case CrossDocument():
            return (rule.document,)
    return ()
