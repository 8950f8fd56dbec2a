"""The rules of a procedure applied to what an application says: passed, failed, or cannot tell, each with its reason.

Pure: what happened before, what came with the form and what OpenFisca answered is in the ``Context``. A reason is a key
with arguments (keys of fields and documents, counts, days; never what an applicant wrote), which
``domain/checking_words.py`` puts into words. A rule that lacks what it needs is ``unknown``: it never fails anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from machi.casework.engine.checking_rules import (
    RECEIVED,
    TODAY,
    Age,
    AnyRule,
    Comparison,
    CrossDocument,
    Deadline,
    Duplicate,
    Eligibility,
    Equal,
    InRange,
    Law,
    OneOf,
    Order,
    Required,
    Sound,
    Sum,
    Times,
    fields_of,
    holds,
)
from machi.casework.engine.eligibility import Reply, amount, question
from machi.casework.engine.values_addresses import addresses_agree
from machi.casework.engine.values_names import name_form
from machi.language.engine.text import search_form

Outcome = Literal["passed", "failed", "unknown"]
Arguments = Mapping[str, str | int]

PASSED = (
    "not-applicable",
    "filled",
    "sound",
    "same",
    "same-otherwise-written",
    "allowed",
    "in-order",
    "adds-up",
    "enough",
    "in-range",
    "age-fits",
    "in-time",
    "first",
    "eligible",
)
FAILED = (
    "missing",
    "doubtful",
    "differs",
    "not-allowed",
    "wrong-order",
    "too-soon",
    "does-not-add-up",
    "not-enough",
    "too-small",
    "too-large",
    "not-born",
    "too-young",
    "too-old",
    "late",
    "earlier-application",
    "not-eligible",
)
UNKNOWN = ("empty", "not-readable", "no-document", "not-in-document", "no-service", "service-failed")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An application of the same procedure that came before."""

    reference: str
    received: date
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Context:
    received: date
    today: date
    documents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What came with the form, by document: its plain values, empty where it was not read."""
    earlier: Sequence[Earlier] = ()
    doubts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By field, as ``values.plain`` gives them."""
    replies: Mapping[str, Reply] = field(default_factory=dict)
    """OpenFisca's, by rule; a rule without one has not been asked."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    rule: str
    title: str
    outcome: Outcome
    reason: str
    """One of ``PASSED``, ``FAILED`` or ``UNKNOWN``."""
    arguments: Arguments = field(default_factory=dict)
    law: Law | None = None
    fields: tuple[str, ...] = ()
    """The form's fields it looked at, so that their pixels can be shown beside it."""


@dataclass(frozen=True, slots=True)
class _Found:
    outcome: Outcome
    reason: str
    arguments: Arguments = field(default_factory=dict)


class _CannotTell(Exception):
    def __init__(self, reason: str, **arguments: str | int) -> None:
        super().__init__(reason)
        self.found = _Found("unknown", reason, arguments)


def check(rules: Sequence[AnyRule], values: Mapping[str, str], context: Context) -> tuple[RuleResult, ...]:
    """Every rule's result, in order. ``values``: plain forms by field; a field that is absent is empty."""
    return tuple(_result(rule, values, context) for rule in rules)


def questions(
    rules: Sequence[AnyRule], values: Mapping[str, str], context: Context
) -> dict[str, dict[str, object]]:
    """What to ask OpenFisca, by rule: the answers go into ``Context.replies``. Rules that need not ask are absent."""
    asked = {}
    for rule in rules:
        if isinstance(rule, Eligibility) and (rule.when is None or holds(rule.when, values)):
            try:
                asked[rule.key] = question(rule, values, _day(rule.on, values, context))
            except _CannotTell:
                continue
    return asked


def _result(rule: AnyRule, values: Mapping[str, str], context: Context) -> RuleResult:
    if rule.when is not None and not holds(rule.when, values):
        found = _Found("passed", "not-applicable")
    else:
        try:
            found = _found(rule, values, context)
        except _CannotTell as cannot:
            found = cannot.found
    return RuleResult(
        rule.key, rule.title, found.outcome, found.reason, found.arguments, rule.law, fields_of(rule)
    )


def _found(rule: AnyRule, values: Mapping[str, str], context: Context) -> _Found:
    match rule:
        case Required():
            return _required(rule, values, context)
        case Sound():
            return _sound(rule, context)
        case Equal():
            one, other = _value(rule.field, values), _value(rule.other, values)
            return _compared(one, other, rule.compare, field=rule.field, other=rule.other)
        case OneOf():
            chosen = _value(rule.field, values).split(",")
            fits = all(one in rule.values for one in chosen)
            return _either(fits, "allowed", "not-allowed", field=rule.field)
        case Order():
            return _order(rule, values, context)
        case Sum():
            made = sum((_number(one, values) for one in rule.parts), Decimal(0))
            return _total(made, _number(rule.total, values), rule.total)
        case Times():
            return _times(rule, values)
        case InRange():
            return _in_range(rule, values)
        case Age():
            return _age(rule, values, context)
        case CrossDocument():
            return _cross_document(rule, values, context)
        case Deadline():
            last = _day(rule.since, values, context) + timedelta(days=rule.days)
            fits = _day(rule.by, values, context) <= last
            return _either(fits, "in-time", "late", field=rule.since, last=last.isoformat(), days=rule.days)
        case Duplicate():
            return _duplicate(rule, values, context)
        case Eligibility():
            return _eligibility(rule, values, context)


# What the rules need


def _value(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "").strip()
    if not value:
        raise _CannotTell("empty", field=name)
    return value


def _day(name: str, values: Mapping[str, str], context: Context) -> date:
    if name in (RECEIVED, TODAY):
        return context.received if name == RECEIVED else context.today
    try:
        return date.fromisoformat(_value(name, values))
    except ValueError:
        raise _CannotTell("not-readable", field=name) from None


def _number(name: str, values: Mapping[str, str]) -> Decimal:
    try:
        number = Decimal(_value(name, values))
    except InvalidOperation:
        raise _CannotTell("not-readable", field=name) from None
    if not number.is_finite():
        raise _CannotTell("not-readable", field=name)
    return number


def _either(fits: bool, good: str, bad: str, **arguments: str | int) -> _Found:
    return _Found("passed", good, arguments) if fits else _Found("failed", bad, arguments)


def _written(number: Decimal) -> str:
    return f"{number.normalize():f}"


# The kinds


def _required(rule: Required, values: Mapping[str, str], context: Context) -> _Found:
    absent = [name for name in rule.fields if not values.get(name, "").strip()]
    absent += [name for name in rule.documents if name not in context.documents]
    return _either(not absent, "filled", "missing", names=",".join(absent), count=len(absent))


def _sound(rule: Sound, context: Context) -> _Found:
    doubts = [f"{name}:{doubt}" for name in rule.fields for doubt in context.doubts.get(name, ())]
    return _either(not doubts, "sound", "doubtful", doubts=",".join(doubts))


def _compared(one: str, two: str, how: Comparison, **arguments: str) -> _Found:
    if one == two:
        return _Found("passed", "same", arguments)
    if _agree(one, two, how):
        return _Found("passed", "same-otherwise-written", arguments)
    return _Found("failed", "differs", arguments)


def _agree(one: str, two: str, how: Comparison) -> bool:
    match how:
        case "name":
            return name_form(one) == name_form(two)
        case "address":
            return addresses_agree(one, two)
        case "digits":
            return _digits(one) == _digits(two)
        case "text":
            return "".join(search_form(one).split()) == "".join(search_form(two).split())


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def _order(rule: Order, values: Mapping[str, str], context: Context) -> _Found:
    earlier, later = _day(rule.earlier, values, context), _day(rule.later, values, context)
    arguments: Arguments = {"earlier": rule.earlier, "later": rule.later, "days": rule.days}
    if later < earlier:
        return _Found("failed", "wrong-order", arguments)
    return _either((later - earlier).days >= rule.days, "in-order", "too-soon", **arguments)


def _total(made: Decimal, told: Decimal, name: str) -> _Found:
    return _either(made == told, "adds-up", "does-not-add-up", field=name, should=_written(made))


def _times(rule: Times, values: Mapping[str, str]) -> _Found:
    made, told = _number(rule.field, values) * rule.by, _number(rule.total, values)
    if rule.at_least:
        return _either(told >= made, "enough", "not-enough", field=rule.total, should=_written(made))
    return _total(made, told, rule.total)


def _in_range(rule: InRange, values: Mapping[str, str]) -> _Found:
    number = _number(rule.field, values)
    if rule.least is not None and number < Decimal(str(rule.least)):
        least = _written(Decimal(str(rule.least)))
        return _Found("failed", "too-small", {"field": rule.field, "least": least})
    if rule.most is not None and number > Decimal(str(rule.most)):
        most = _written(Decimal(str(rule.most)))
        return _Found("failed", "too-large", {"field": rule.field, "most": most})
    return _Found("passed", "in-range", {"field": rule.field})


def _age(rule: Age, values: Mapping[str, str], context: Context) -> _Found:
    born, on = _day(rule.field, values, context), _day(rule.on, values, context)
    if on < born:
        return _Found("failed", "not-born", {"field": rule.field})
    years = age_on(born, on)
    if rule.least is not None and years < rule.least:
        return _Found("failed", "too-young", {"field": rule.field, "least": rule.least})
    if rule.most is not None:
        late = on > last_school_day(born, rule.most) if rule.school_year else years > rule.most
        if late:
            return _Found("failed", "too-old", {"field": rule.field, "most": rule.most})
    return _Found("passed", "age-fits", {"field": rule.field})


def birthday(born: date, years: int) -> date:
    """The birthday on which somebody becomes so old; of 29 February 1 March where the year has none."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def age_on(born: date, on: date) -> int:
    years = on.year - born.year
    return years if birthday(born, years) <= on else years - 1


def last_school_day(born: date, years: int) -> date:
    """The first 31 March on or after the day on which an age is reached, which is the day before the birthday
    (年齢計算ニ関スル法律): so that somebody born on 1 April is a year ahead of somebody born on the 2nd."""
    reached = birthday(born, years) - timedelta(days=1)
    return date(reached.year + ((reached.month, reached.day) > (3, 31)), 3, 31)


def _cross_document(rule: CrossDocument, values: Mapping[str, str], context: Context) -> _Found:
    one = _value(rule.field, values)
    if rule.document not in context.documents:
        raise _CannotTell("no-document", document=rule.document)
    other = context.documents[rule.document].get(rule.other, "").strip()
    named = f"{rule.document}.{rule.other}"
    if not other:
        raise _CannotTell("not-in-document", document=rule.document, other=named)
    return _compared(one, other, rule.compare, field=rule.field, other=named)


def _duplicate(rule: Duplicate, values: Mapping[str, str], context: Context) -> _Found:
    mine = [name_form(_value(name, values)) for name in rule.fields]
    since = context.received - timedelta(days=rule.days)
    same = [
        one
        for one in context.earlier
        if one.received >= since and [name_form(one.values.get(name, "")) for name in rule.fields] == mine
    ]
    if not same:
        return _Found("passed", "first", {"days": rule.days})
    last = max(same, key=lambda one: (one.received, one.reference))
    return _Found(
        "failed", "earlier-application", {"reference": last.reference, "received": last.received.isoformat()}
    )


def _eligibility(rule: Eligibility, values: Mapping[str, str], context: Context) -> _Found:
    day = _day(rule.on, values, context)
    for one in rule.people:
        for name in one.variables.values() if not one.optional else ():
            _value(name, values)
    reply = context.replies.get(rule.key)
    if reply is None:
        raise _CannotTell("no-service")
    try:
        found = amount(rule, day, reply)
    except ValueError as error:
        raise _CannotTell("service-failed", why=str(error)[:200]) from None
    arguments: Arguments = {"amount": _written(found), "unit": rule.unit, "system": reply.system}
    return _either(found > Decimal(str(rule.above)), "eligible", "not-eligible", **arguments)
