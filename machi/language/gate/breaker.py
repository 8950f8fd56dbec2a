"""When an endpoint that keeps failing is left alone: a circuit breaker as a pure step function.

The state is a value, so that it can be kept where all processes see it (a row of the database, changed under its
lock). pybreaker was looked at: its shared storage is Redis, and its read-then-write steps are not atomic over another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

FAILURES = 5
"""So many faults in a row open it."""
REST = timedelta(seconds=60)
"""How long an open one is left alone at first; doubled with every trial that fails, up to ``LONGEST_REST``."""
LONGEST_REST = timedelta(minutes=15)
TRIAL = timedelta(minutes=5)
"""A trial that has not reported after this long is taken as lost."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """``open_until`` set: open; past: the next call is the trial. ``trial_since``: one is under way."""

    failures: int = 0
    open_until: datetime | None = None
    trial_since: datetime | None = None
    rests: int = 0

    def state(self, now: datetime) -> Literal["closed", "open", "half_open"]:
        if self.open_until is None:
            return "closed"
        return "open" if now < self.open_until else "half_open"


def admit(breaker: Breaker, now: datetime) -> Breaker | None:
    """The state after a call has been let through; None: it is not let through."""
    state = breaker.state(now)
    if state == "closed":
        return breaker
    under_way = breaker.trial_since is not None and now < breaker.trial_since + TRIAL
    if state == "open" or under_way:
        return None
    return replace(breaker, trial_since=now)


def succeeded(breaker: Breaker) -> Breaker:
    return Breaker()


def failed(breaker: Breaker, now: datetime) -> Breaker:
    failures = breaker.failures + 1
    if breaker.trial_since is None and failures < FAILURES:
        return replace(breaker, failures=failures)
    rest = min(REST * 2**breaker.rests, LONGEST_REST)
    return Breaker(failures, now + rest, None, min(breaker.rests + 1, 10))
