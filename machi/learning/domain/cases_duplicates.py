"""Cases that may tell of the same: shown to whoever writes and to whoever reviews, who decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from machi.base.domain.recording import record as record_joint
from machi.base.models import Municipality, Person
from machi.base.running import NotApproved, ensure_may_run
from machi.language.embedding import default_embedder
from machi.language.engine.tokens import search_tokens
from machi.learning.domain import cases_index
from machi.learning.engine.cases_duplicates import Likeness, duplicates
from machi.learning.engine.cases_ranking import ranked
from machi.learning.models import Case

SYSTEM = "learning.case_duplicates"
CANDIDATES = 8
"""Published cases that the search engine puts forward, and as many of those that wait for review: each is compared in
full."""


@dataclass(frozen=True, slots=True)
class Alike:
    case: Case
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Check:
    alike: tuple[Alike, ...]
    refused: str = ""
    """Why nothing was compared: the system may not run."""


def check(case: Case, municipality: Municipality) -> Check:
    """What may be the same as ``case``, likest first. Never raises NotApproved: it says so instead."""
    try:
        ensure_may_run(municipality, SYSTEM)
    except NotApproved as refused:
        return Check((), str(refused.message))
    own = text_of(case)
    index = cases_index.index_of(case.consortium)
    found = ranked(index.search(f"{case.title}\n{case.problem or ''}"[:400], 60))
    near = [one.key for one in found if one.key != case.pk][:CANDIDATES]
    waiting = Case.objects.filter(state=Case.State.SUBMITTED).exclude(pk=case.pk).order_by("-submitted_at")
    keys = [*near, *waiting.values_list("pk", flat=True)[:CANDIDATES]]
    others = {
        one.pk: one
        for one in Case.objects.filter(
            Q(state=Case.State.PUBLISHED) | Q(state=Case.State.SUBMITTED), pk__in=keys
        ).select_related("town")
    }
    vector = _vector(own)
    compared = {
        key: (search_tokens(text), float(vector @ _vector(text)))
        for key, text in ((key, text_of(one)) for key, one in others.items())
    }
    return Check(tuple(Alike(others[one.key], one) for one in duplicates(search_tokens(own), compared)))


def record_check(case: Case, municipality: Municipality, person: Person, found: Check) -> None:
    """What was shown when a person went on; in the transaction in which they do."""
    if found.refused:
        return
    record_joint(
        case.consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="result",
        subject=f"ai_case:{case.pk}",
        inputs={"text": text_of(case)},
        outputs={
            "alike": [one.case.pk for one in found.alike],
            "scores": [str(round(one.likeness.score, 3)) for one in found.alike],
        },
        sources=[{"case": one.case.pk, "revision": one.case.revision} for one in found.alike],
        explanation="題名・困りごと・やり方の、言葉の重なりと意味の近さの平均",
    )


def text_of(case: Case) -> str:
    parts: Sequence[str | None] = (case.title, case.problem, case.after)
    return "\n".join(part for part in parts if part)


@lru_cache(maxsize=512)
def _vector(text: str) -> NDArray[np.float32]:
    # Remembered: the same published cases are compared again and again, and each takes some 50 ms.
    vector: NDArray[np.float32] = default_embedder().embed_passages([text])[0]
    vector.flags.writeable = False
    return vector
