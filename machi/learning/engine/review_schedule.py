"""When an exercise that was passed comes again: after 1, 7 and 30 days; a miss starts again.

Expanding intervals (Landauer and Bjork 1978; Cepeda and others 2006). Days count from the day of passing. Reviewed
late, the gap to the next is kept, so that two reviews never fall together. Passing again before the day is practice and
moves nothing. A miss after the first pass begins a new round from its day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

STEPS = (1, 7, 30)


@dataclass(frozen=True, slots=True)
class Review:
    """``step``: which of ``STEPS`` comes next, from 0; ``due``: its day."""

    step: int
    due: date


def next_review(attempts: Iterable[tuple[date, bool]], steps: tuple[int, ...] = STEPS) -> Review | None:
    """``attempts``: day and whether passed, in the order made. None: never passed, or all reviews done."""
    review: Review | None = None
    passed_once = False
    done = False
    for day, passed in attempts:
        if not passed_once:
            if passed:
                passed_once, review = True, Review(0, day + timedelta(days=steps[0]))
        elif not passed:
            done, review = False, Review(0, day + timedelta(days=steps[0]))
        elif review is not None and not done and day >= review.due:
            step = review.step + 1
            if step == len(steps):
                done, review = True, None
            else:
                # The gap between two steps, from the day of the review: on time, steps[step] days after passing.
                review = Review(step, day + timedelta(days=steps[step] - steps[step - 1]))
    return None if done else review


def due(attempts: Iterable[tuple[date, bool]], today: date) -> Review | None:
    """The review that is due today or was before; None: there is none."""
    review = next_review(attempts)
    return review if review and review.due <= today else None
