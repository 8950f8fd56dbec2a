"""An endpoint that keeps failing is left alone, tried once, and left alone longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from machi.language.gate.breaker import (
    FAILURES,
    LONGEST_REST,
    REST,
    TRIAL,
    Breaker,
    admit,
    failed,
    succeeded,
)

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


def opened() -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = failed(breaker, NOW)
    return breaker


def test_it_opens_after_so_many_faults_in_a_row() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = failed(breaker, NOW)
        assert breaker.state(NOW) == "closed"
        assert admit(breaker, NOW) == breaker
    assert failed(breaker, NOW).state(NOW) == "open"


def test_a_success_between_begins_the_count_anew() -> None:
    breaker = failed(failed(Breaker(), NOW), NOW)
    assert succeeded(breaker) == Breaker()


def test_nothing_passes_while_it_is_open() -> None:
    assert admit(opened(), NOW + REST - timedelta(seconds=1)) is None


def test_one_trial_passes_after_its_rest_and_no_second() -> None:
    trying = admit(opened(), NOW + REST)
    assert trying is not None
    assert trying.state(NOW + REST) == "half_open"
    assert admit(trying, NOW + REST + timedelta(seconds=1)) is None


def test_a_lost_trial_gives_way_to_another() -> None:
    trying = admit(opened(), NOW + REST)
    assert trying is not None
    assert admit(trying, NOW + REST + TRIAL) is not None


def test_a_trial_that_fails_makes_the_rest_longer() -> None:
    breaker, at = opened(), NOW
    rests = []
    for _ in range(6):
        assert breaker.open_until is not None
        rests.append(breaker.open_until - at)
        at = breaker.open_until
        trying = admit(breaker, at)
        assert trying is not None
        breaker = failed(trying, at)
    assert rests == [REST, REST * 2, REST * 4, REST * 8, LONGEST_REST, LONGEST_REST]


def test_a_trial_that_succeeds_closes_it() -> None:
    trying = admit(opened(), NOW + REST)
    assert trying is not None
    assert succeeded(trying).state(NOW + REST) == "closed"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 600)), max_size=60))
def test_an_open_one_never_lets_two_through_within_its_rest(course: list[tuple[bool, int]]) -> None:
    breaker, at = Breaker(), NOW
    for well, seconds in course:
        at += timedelta(seconds=seconds)
        admitted = admit(breaker, at)
        if admitted is None:
            assert breaker.open_until is not None
            continue
        if breaker.state(at) == "half_open":
            assert admit(admitted, at) is None
        breaker = succeeded(admitted) if well else failed(admitted, at)
        assert breaker.failures >= 0
