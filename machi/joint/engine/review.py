"""Who reviews which proposal: nobody their own, everybody about as much, by someone who knows the matter.

A minimum-cost flow from proposals to reviewers. The k-th proposal of a reviewer costs 2k - 1, so a load of k costs
k squared and the cheapest flow is the most even one (the sum of squares is least, and so is the greatest load);
among those it is the one with most pairs in which the reviewer knows the proposal's area. Where no assignment
exists, the minimum cut of the corresponding maximum flow names proposals that lack reviewers (Hall's condition).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Reviewer:
    """``ties`` are the municipalities and organisations (any keys) that the reviewer belongs to or works for,
    ``declared`` the proposals they say they must not judge, ``most`` how many they can take (None: any)."""

    key: str
    ties: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """``parties`` are all who stand behind it: lead, members, vendors; keys as in ``Reviewer.ties``."""

    key: str
    parties: frozenset[str] = frozenset()
    area: str = ""


class Conflict(StrEnum):
    """Why a reviewer must not judge a proposal."""

    TIED = "tied"
    """The reviewer belongs to or works for one of its parties."""
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Assignment:
    pairs: tuple[tuple[str, str], ...]
    """(proposal, reviewer), sorted."""
    loads: dict[str, int]
    """Of every reviewer, also of those with nothing."""
    without_knowledge: tuple[tuple[str, str], ...]
    """The pairs in which the reviewer does not name the proposal's area."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why there is no assignment: ``proposals`` need ``needed`` reviews together, their reviewers have ``places``."""

    proposals: tuple[str, ...]
    reviewers: tuple[str, ...]
    """Those who may judge at least one of them."""
    needed: int
    places: int


def conflict(reviewer: Reviewer, proposal: Proposal) -> Conflict | None:
    if reviewer.ties & proposal.parties:
        return Conflict.TIED
    return Conflict.DECLARED if proposal.key in reviewer.declared else None


def assign(
    proposals: Sequence[Proposal],
    reviewers: Sequence[Reviewer],
    each: int,
    kept: Collection[tuple[str, str]] = (),
) -> Assignment | Shortage:
    """``each`` reviewers for every proposal. The order of the arguments does not matter.

    ``kept`` are pairs (proposal, reviewer) that stay as they are, say because the review is written; one that has
    become a conflict or goes beyond ``each`` or ``most`` is a ValueError, so are keys given twice and ``each`` < 1.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    jobs, people = sorted(proposals, key=lambda one: one.key), sorted(reviewers, key=lambda one: one.key)
    _check(jobs, people, each, kept)
    done, busy = Counter(job for job, _ in kept), Counter(person for _, person in kept)
    shortage = _shortage(jobs, people, each, kept)
    if shortage is not None:
        return shortage

    flow = SimpleMinCostFlow()
    sink = len(jobs) + len(people)
    step = each * len(jobs) + 1  # more than all lacks of knowledge together
    arcs = {}
    for at, job in enumerate(jobs):
        flow.set_node_supply(at, each - done[job.key])
        for beside, person in enumerate(people):
            if (job.key, person.key) not in kept and conflict(person, job) is None:
                lack = int(bool(job.area) and job.area not in person.areas)
                arc = flow.add_arc_with_capacity_and_unit_cost(at, len(jobs) + beside, 1, lack)
                arcs[arc] = (job.key, person.key)
    for beside, person in enumerate(people):
        for load in range(busy[person.key] + 1, _most(person, len(jobs)) + 1):
            flow.add_arc_with_capacity_and_unit_cost(len(jobs) + beside, sink, 1, step * (2 * load - 1))
    flow.set_node_supply(sink, sum(done.values()) - each * len(jobs))
    status = flow.solve()
    assert status == flow.OPTIMAL, status  # a flow exists: there was no shortage
    pairs = sorted([*kept, *(pair for arc, pair in arcs.items() if flow.flow(arc))])
    loads = Counter(person for _, person in pairs)
    area, known = {job.key: job.area for job in jobs}, {person.key: person.areas for person in people}
    return Assignment(
        tuple(pairs),
        {person.key: loads[person.key] for person in people},
        tuple((job, person) for job, person in pairs if area[job] and area[job] not in known[person]),
    )


def _shortage(
    jobs: Sequence[Proposal], people: Sequence[Reviewer], each: int, kept: Collection[tuple[str, str]]
) -> Shortage | None:
    from ortools.graph.python.max_flow import SimpleMaxFlow

    if not jobs:
        return None
    flow = SimpleMaxFlow()
    source, sink = len(jobs) + len(people), len(jobs) + len(people) + 1
    done, busy = Counter(job for job, _ in kept), Counter(person for _, person in kept)
    for at, job in enumerate(jobs):
        flow.add_arc_with_capacity(source, at, each - done[job.key])
        flow.add_arc_with_capacity(
            at, sink, 0
        )  # the solver wants the sink to exist, even where nobody reviews
        for beside, person in enumerate(people):
            if (job.key, person.key) not in kept and conflict(person, job) is None:
                flow.add_arc_with_capacity(at, len(jobs) + beside, 1)
    for beside, person in enumerate(people):
        flow.add_arc_with_capacity(len(jobs) + beside, sink, _most(person, len(jobs)) - busy[person.key])
    flow.solve(source, sink)
    if flow.optimal_flow() == each * len(jobs) - sum(done.values()):
        return None
    cut = set(flow.get_source_side_min_cut())
    short = [job for at, job in enumerate(jobs) if at in cut]
    able = [person for person in people if any(conflict(person, job) is None for job in short)]
    keys = {job.key for job in short}
    places = 0
    for person in able:
        elsewhere = sum(1 for job, one in kept if one == person.key and job not in keys)
        judged = sum(conflict(person, job) is None for job in short)
        places += min(_most(person, len(jobs)) - elsewhere, judged)
    return Shortage(
        tuple(job.key for job in short), tuple(person.key for person in able), each * len(short), places
    )


def _most(person: Reviewer, jobs: int) -> int:
    return jobs if person.most is None else min(person.most, jobs)


def _check(
    jobs: Sequence[Proposal], people: Sequence[Reviewer], each: int, kept: Collection[tuple[str, str]]
) -> None:
    by_key, by_name = {one.key: one for one in jobs}, {one.key: one for one in people}
    if len(by_key) != len(jobs) or len(by_name) != len(people):
        raise ValueError("proposals and reviewers must differ")
    if each < 1 or any(one.most is not None and one.most < 0 for one in people):
        raise ValueError("every proposal needs at least one reviewer, and nobody takes fewer than none")
    if len(set(kept)) != len(kept) or any(job not in by_key or person not in by_name for job, person in kept):
        raise ValueError("kept pairs must differ and be of these proposals and reviewers")
    if any(conflict(by_name[person], by_key[job]) for job, person in kept):
        raise ValueError("a kept pair is a conflict of interest")
    done, busy = Counter(job for job, _ in kept), Counter(person for _, person in kept)
    if max(done.values(), default=0) > each or any(busy[one.key] > _most(one, len(jobs)) for one in people):
        raise ValueError("more kept pairs than places")
