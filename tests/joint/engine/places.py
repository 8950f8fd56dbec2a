"""Problems of places for tests: small ones drawn by Hypothesis, larger ones by a generator."""

from itertools import product

from hypothesis import strategies as st

from machi.joint.engine.welfare import (
    Agreement,
    Applicant,
    Facility,
    Household,
    Problem,
    Rules,
    TieRule,
    Together,
)
from machi.joint.engine.welfare_audit import unmet_claims


def applicant(id_, wishes, points=0, town="A", class_="1", **more):
    return Applicant(id_, town, class_, tuple(wishes), {"points": points}, **more)


def alone(*applicants):
    return tuple(Household(f"h-{one.id}", (one,)) for one in applicants)


def rules(**more):
    return Rules({"points": 1}, **more)


@st.composite
def problems(draw, people=5, joint=True, quotas=True, flexible=True):
    """Up to two towns, three facilities, two classes, and so many people."""
    classes = ["1", "2"]
    towns = ["A", "B"]
    few = st.integers(0, 2)
    facilities = tuple(
        Facility(
            f"f{at}",
            draw(st.sampled_from(towns)),
            {class_: draw(few) for class_ in classes},
            draw(st.integers(0, 1)) if flexible else 0,
            frozenset(draw(st.sets(st.sampled_from(classes)))),
        )
        for at in range(draw(st.integers(1, 3)))
    )
    names = [one.id for one in facilities]
    households: list[Household] = []
    left = draw(st.integers(1, people))
    while left:
        size = min(left, draw(st.integers(1, 2)) if joint else 1)
        left -= size
        town = draw(st.sampled_from(towns))
        members = tuple(
            Applicant(
                f"a{len(households)}-{at}",
                town,
                draw(st.sampled_from(classes)),
                tuple(draw(st.lists(st.sampled_from(names), unique=True))),
                {"points": draw(st.integers(0, 3)), "income": draw(st.integers(0, 2))},
            )
            for at in range(size)
        )
        together = draw(st.sampled_from(list(Together)))
        households.append(Household(f"h{len(households)}", members, together, draw(st.booleans())))
    agreement = st.builds(
        Agreement, band=st.integers(0, 1), quota=st.sampled_from([None, 0, 1, 2] if quotas else [None])
    )
    by_town = {}
    for town, other in zip(towns, towns[::-1], strict=True):
        agreed = {other: draw(agreement)} if draw(st.booleans()) else {}
        by_town[town] = rules(ties=(TieRule("income", higher_first=False),), agreements=agreed)
    near = (
        {(one, other) for one, other in product(names, names) if one != other}
        if draw(st.booleans())
        else set()
    )
    return Problem(facilities, tuple(households), by_town, frozenset(near))


def fewest_unmet(market):
    """By trying every allocation."""
    fewest = len(market.units) + 1
    for wish in product(*[[None, *range(len(unit.wishes))] for unit in market.units]):
        try:
            fewest = min(fewest, len(unmet_claims(market, wish)))
        except ValueError:
            continue
        if not fewest:
            break
    return fewest


def stable_wishes(market):
    """Every stable allocation, by trying all."""
    for wish in product(*[[None, *range(len(unit.wishes))] for unit in market.units]):
        try:
            if not unmet_claims(market, wish):
                yield wish
        except ValueError:
            continue
