"""The problem in numbers, and what a facility chooses.

A facility's choice is greedy by priority: the reserved seats of a class first, then flexible seats. What it may hold
is a matroid, so this choice is substitutable, and without joint wishes and quotas a stable allocation exists and
deferred acceptance finds the one best for applicants (Kojima, Tamura and Yokoo 2018 for choice under matroids; Gale
and Shapley 1962). Joint wishes, as couples have them, may make it impossible (Roth 1984), and so may quotas of town
pairs across several facilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from machi.joint.engine.matching import lots
from machi.joint.engine.welfare import Problem, Standing, Together, standing
from machi.joint.engine.welfare_wishes import NOWHERE, Wish, joint_wishes


class Closed(StrEnum):
    """Why a wish takes no part at all."""

    NO_AGREEMENT = "no_agreement"
    NO_CLASS = "no_class"


@dataclass(frozen=True, slots=True)
class Seats:
    """Of a facility: reserved seats by class number, flexible seats and the classes that share them."""

    reserved: tuple[int, ...]
    flexible: int
    shared: frozenset[int]


@dataclass(frozen=True, slots=True)
class Unit:
    """Who decides together: a household, or one applicant of it. ``members`` are applicants' numbers."""

    id: str
    members: tuple[int, ...]
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class PlacesMarket:
    """Everything by number.

    ``rank[a][f]``: applicant a's priority at facility f, lower first, all different within the facility's town, so
    that the quota of a town pair can compare applicants at different facilities of the host. ``group[a][f]``: the
    number of the quota that counts a at f, if any.
    """

    applicants: tuple[str, ...]
    homes: tuple[str, ...]
    class_of: tuple[int, ...]
    unit_of: tuple[int, ...]
    units: tuple[Unit, ...]
    facilities: tuple[str, ...]
    hosts: tuple[str, ...]
    seats: tuple[Seats, ...]
    rank: tuple[dict[int, int], ...]
    standings: tuple[dict[int, Standing], ...]
    group: tuple[dict[int, int], ...]
    quotas: tuple[int, ...]
    pairs: tuple[tuple[str, str], ...]
    """(home, host) of each quota."""
    wanted: tuple[tuple[int, ...], ...]
    """Each applicant's own wishes that take part."""
    closed: tuple[dict[str, Closed], ...]
    """Each applicant's wishes that take no part, by the facility's id."""


def compile_market(problem: Problem, seed: str) -> PlacesMarket:
    """Lots hang on seed and applicant's id only. ValueError for ids given twice, facilities, towns or rules that do not
    exist, a wish listed twice, and negative seats.
    """
    facilities = problem.facilities
    number = {one.id: at for at, one in enumerate(facilities)}
    people = [(household, member) for household in problem.households for member in household.members]
    lot = lots([member.id for _household, member in people], seed).tolist()
    _check(problem, number)
    classes: dict[str, int] = {}
    for facility in facilities:
        for class_ in sorted({*facility.seats, *facility.shared}):
            classes.setdefault(class_, len(classes))
    for _household, member in people:
        classes.setdefault(member.class_, len(classes))
    standings: list[dict[int, Standing]] = []
    closed: list[dict[str, Closed]] = []
    for at, (_household, member) in enumerate(people):
        open_: dict[int, Standing] = {}
        shut: dict[str, Closed] = {}
        for wish in member.wishes:
            facility = facilities[number[wish]]
            stands = standing(problem.rules[facility.town], member, facility, lot[at])
            if stands is None:
                shut[wish] = Closed.NO_AGREEMENT
            elif not facility.offers(member.class_):
                shut[wish] = Closed.NO_CLASS
            else:
                open_[number[wish]] = stands
        standings.append(open_)
        closed.append(shut)
    homes = tuple(member.town for _household, member in people)
    hosts = tuple(one.town for one in facilities)
    group, quotas, pairs = _quotas(problem, homes, hosts, standings)
    units = _units(problem, standings, facilities_near=problem.near, ids=[one.id for one in facilities])
    unit_of = {member: at for at, unit in enumerate(units) for member in unit.members}
    return PlacesMarket(
        applicants=tuple(member.id for _household, member in people),
        homes=homes,
        class_of=tuple(classes[member.class_] for _household, member in people),
        unit_of=tuple(unit_of[at] for at in range(len(people))),
        units=tuple(units),
        facilities=tuple(one.id for one in facilities),
        hosts=hosts,
        seats=tuple(
            Seats(
                tuple(one.seats.get(class_, 0) for class_ in classes),
                one.flexible,
                frozenset(classes[class_] for class_ in one.shared),
            )
            for one in facilities
        ),
        rank=_ranks(standings, hosts),
        standings=tuple(standings),
        group=tuple(group),
        quotas=tuple(quotas),
        pairs=tuple(pairs),
        wanted=tuple(tuple(one) for one in standings),
        closed=tuple(closed),
    )


def _ranks(standings: Sequence[dict[int, Standing]], hosts: Sequence[str]) -> tuple[dict[int, int], ...]:
    rank: list[dict[int, int]] = [{} for _ in standings]
    by_host: dict[str, list[tuple[Standing, int, int]]] = {}
    for applicant, stands in enumerate(standings):
        for facility, one in stands.items():
            by_host.setdefault(hosts[facility], []).append((one, applicant, facility))
    for rows in by_host.values():
        for place, (_one, applicant, facility) in enumerate(sorted(rows)):
            rank[applicant][facility] = place
    return tuple(rank)


def _quotas(
    problem: Problem, homes: Sequence[str], hosts: Sequence[str], standings: Sequence[dict[int, Standing]]
) -> tuple[list[dict[int, int]], list[int], list[tuple[str, str]]]:
    pairs = [
        (home, host)
        for host, rules in sorted(problem.rules.items())
        for home, agreement in sorted(rules.agreements.items())
        if agreement.quota is not None and home != host
    ]
    number = {pair: at for at, pair in enumerate(pairs)}
    group = [
        {at: number[home, hosts[at]] for at in stands if (home, hosts[at]) in number}
        for home, stands in zip(homes, standings, strict=True)
    ]
    quotas = [problem.rules[host].agreements[home].quota or 0 for home, host in pairs]
    return group, quotas, pairs


def _units(
    problem: Problem,
    standings: Sequence[dict[int, Standing]],
    facilities_near: frozenset[tuple[str, str]],
    ids: list[str],
) -> list[Unit]:
    units: list[Unit] = []
    first = 0
    for household in problem.households:
        members = tuple(range(first, first + len(household.members)))
        first += len(members)
        if household.together is Together.SEPARATE or len(members) == 1:
            units += [
                Unit(household.id, (one,), tuple((facility,) for facility in standings[one]))
                for one in members
            ]
            continue
        wishes = joint_wishes(
            [list(standings[one]) for one in members],
            household.together,
            household.partly,
            lambda one, other: (ids[one], ids[other]) in facilities_near,
        )
        units.append(Unit(household.id, members, tuple(wishes)))
    return units


def _check(problem: Problem, number: dict[str, int]) -> None:
    if len(number) != len(problem.facilities) or len({one.id for one in problem.households}) != len(
        problem.households
    ):
        raise ValueError("facilities and households must differ")
    if any(one.town not in problem.rules for one in problem.facilities):
        raise ValueError("a facility's town has no rules")
    if any(one.flexible < 0 or any(seats < 0 for seats in one.seats.values()) for one in problem.facilities):
        raise ValueError("seats must not be negative")
    for household in problem.households:
        for member in household.members:
            if len(set(member.wishes)) != len(member.wishes) or any(
                wish not in number for wish in member.wishes
            ):
                raise ValueError(f"wishes of {member.id} must exist and differ")


def choose(market: PlacesMarket, facility: int, applicants: Sequence[int]) -> tuple[list[int], list[int]]:
    """Whom the facility takes and whom it leaves, both by priority."""
    seats = market.seats[facility]
    left, flexible = list(seats.reserved), seats.flexible
    taken: list[int] = []
    refused: list[int] = []
    for one in sorted(applicants, key=lambda one: market.rank[one][facility]):
        class_ = market.class_of[one]
        if left[class_]:
            left[class_] -= 1
        elif flexible and class_ in seats.shared:
            flexible -= 1
        else:
            refused.append(one)
            continue
        taken.append(one)
    return taken, refused


def placed(wish: Wish, members: Sequence[int]) -> list[tuple[int, int]]:
    """(applicant, facility) of the members a joint wish places."""
    return [(one, place) for one, place in zip(members, wish, strict=True) if place != NOWHERE]
