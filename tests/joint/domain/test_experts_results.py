"""The published numbers of a round: small ones hidden together with what would give them away."""

import pytest

from machi.base.domain.errors import Refused
from machi.joint.domain import experts_results
from machi.joint.models import Expert
from tests.joint.experts import PROFILE, a_scene

pytestmark = pytest.mark.django_db


def filled(scene, states):
    """Experts of these states, written at once."""
    with scene.inside():
        Expert.objects.bulk_create(
            Expert(
                consortium=scene.consortium,
                round=scene.round,
                number=number,
                kind=kind,
                state=state,
                via=scene.atsugi,
                home=scene.atsugi,
                **PROFILE,
            )
            for number, (state, kind) in enumerate(states, 1)
        )
        return experts_results.numbers(scene.round)


def test_a_small_count_and_what_would_give_it_away_are_hidden():
    states = (
        [("accepted", "external")] * 20 + [("rejected", "external")] * 2 + [("withdrawn", "external")] * 9
    )
    numbers = filled(a_scene(), states)
    people = dict(numbers["people"])
    assert people["outcome:rejected"] is None
    # 31 - 20 - 9 would be 2: another of the three must go too.
    assert [name for name in ("applications", "registered", "outcome:without", "outcome:withdrawn") if
            people[name] is None]  # fmt: skip
    assert people["kind:external"] in (31, None)


def test_large_counts_are_shown_as_they_are():
    numbers = filled(a_scene(), [("accepted", "external")] * 12 + [("accepted", "shared")] * 8)
    people = dict(numbers["people"])
    assert (people["applications"], people["kind:external"], people["kind:shared"]) == (20, 12, 8)
    assert people["selected"] == 0
    assert dict(numbers["towns"])["towns_posted"] == 0


def test_numbers_are_published_only_after_a_release():
    scene = a_scene()
    with scene.inside(), pytest.raises(Refused, match="結果を伝えてから"):
        experts_results.publish(scene.round, scene.atsugi, scene.office)
