"""Finding cases: by words and meaning together, by what they are, by how like their town is to one's own.

With words it is an AI system (``SYSTEM``): it asks whether it may run and leaves one ledger entry a search. Where it
may not run, the words are looked for as they stand, and the page says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import override

from machi.base.domain.recording import record as record_joint
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import NotApproved, ensure_may_run
from machi.joint.domain import partners_atlas as atlas
from machi.language.engine.text import search_form
from machi.learning.domain import cases_index
from machi.learning.domain.cases_adoption import adoptions_of, evidence_of
from machi.learning.domain.cases_likeness import like
from machi.learning.engine.cases_evidence import Evidence, Level
from machi.learning.engine.cases_ranking import ranked
from machi.learning.engine.size_classes import class_of
from machi.learning.models import Case

SYSTEM = "learning.case_search"
LONGEST = 200
"""Characters of a question that are read."""
MOST_PASSAGES = 5_000
"""That are ranked: more than a consortium's library will hold."""
SORTS = ("best", "new", "like", "hours", "evidence")
_BY_LEVEL = {Level.STEADY: 4, Level.REPEATED: 3, Level.TRIED: 2, Level.TOLD: 1, Level.MIXED: 0}
_HEAVY = ("problem", "before", "after", "counted_how", "risk_checked", "risk_result", "reason")


@dataclass(frozen=True, slots=True)
class Wanted:
    """``size``: number of the class of population; empty and None: any."""

    words: str = ""
    field: str = ""
    tool: str = ""
    size: int | None = None
    sort: str = "best"
    """``best`` without words is ``new``."""


@dataclass(frozen=True, slots=True)
class Line:
    case: Case
    """Without its long texts."""
    size: int | None
    """Class of population of its town; None where it is not known."""
    likeness: float | None
    """0 to 100, of its town with one's own; None for one's own and where it is not known."""
    evidence: Evidence
    adopted: int
    score: float | None = None
    """Of the search; None without words."""


@dataclass(frozen=True, slots=True)
class Result:
    lines: list[Line]
    by_ai: bool
    """Found by the search engine; False: no words, or the system may not run (``refused``)."""
    refused: str = ""
    revision: int = 0
    """Of the index that was searched."""


def library(consortium: Consortium, municipality: Municipality, wanted: Wanted) -> Result:
    """Published cases, best first. Constant number of queries."""
    published = _filtered(wanted)
    words = wanted.words.strip()[:LONGEST]
    if not words:
        return Result(_sorted(_lines(published, consortium, municipality), wanted.sort), by_ai=False)
    try:
        ensure_may_run(municipality, SYSTEM)
    except NotApproved as refused:
        keys = _plainly(published, words)
        lines = _lines(published.filter(pk__in=keys), consortium, municipality)
        return Result(_sorted(lines, wanted.sort), by_ai=False, refused=str(refused.message))
    index = cases_index.index_of(consortium)
    lines = _lines(published, consortium, municipality)
    by_key = {line.case.pk: line for line in lines}
    found = ranked(index.search(words, MOST_PASSAGES), by_key.keys())
    lines = [_scored(by_key[one.key], one.score) for one in found]
    if wanted.sort != "best":
        lines = _sorted(lines, wanted.sort)
    return Result(lines, by_ai=True, revision=index.status().revision)


@transaction.atomic
def record_search(
    consortium: Consortium, municipality: Municipality, person: Person, wanted: Wanted, result: Result
) -> None:
    """One entry for a search by the engine: the words as a digest, what was found and in which order."""
    record_joint(
        consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="result",
        subject=f"ai_cases:{consortium.pk}",
        inputs={"words": wanted.words},
        outputs={
            "found": [line.case.pk for line in result.lines[:10]],
            "scores": [str(round(line.score or 0.0, 4)) for line in result.lines[:10]],
            "count": len(result.lines),
            "field": wanted.field,
            "tool": wanted.tool,
            "size": wanted.size,
            "sort": wanted.sort,
            "index": result.revision,
        },
        sources=[{"case": line.case.pk, "revision": line.case.revision} for line in result.lines[:10]],
        explanation="言葉の一致（BM25）と意味の近さ（文の埋め込み）を合わせた順",
    )


def population_class(code: str) -> int | None:
    people = atlas.populations().get(code)
    return None if people is None else class_of(people)


def _filtered(wanted: Wanted) -> QuerySet[Case, Any]:
    found = Case.objects.filter(state=Case.State.PUBLISHED).defer(*_HEAVY)
    found = found.select_related("town", "town__prefecture")
    if wanted.field:
        found = found.filter(field=wanted.field)
    if wanted.tool:
        found = found.filter(tool=wanted.tool)
    if wanted.size is not None:
        codes = [code for code, people in atlas.populations().items() if class_of(people) == wanted.size]
        found = found.filter(town__in=codes)
    return found.order_by("-published_at", "-pk")


def _lines(found: QuerySet[Case, Any], consortium: Consortium, municipality: Municipality) -> list[Line]:
    cases = list(found)
    adoptions, likenesses = adoptions_of(cases), like(municipality, consortium)
    return [
        Line(
            case,
            population_class(case.town_id),
            likenesses[case.town_id].likeness if case.town_id in likenesses else None,
            evidence_of(case, adoptions[case.pk]),
            len(adoptions[case.pk]),
        )
        for case in cases
    ]


def _scored(line: Line, score: float) -> Line:
    return Line(line.case, line.size, line.likeness, line.evidence, line.adopted, score)


def _sorted(lines: Sequence[Line], sort: str) -> list[Line]:
    """Stable: equals stay newest first. A case without the figure comes last."""
    match sort:
        case "like":
            return sorted(lines, key=lambda one: -(one.likeness if one.likeness is not None else -1.0))
        case "hours":
            return sorted(lines, key=lambda one: -(one.case.hours_saved or -1))
        case "evidence":
            return sorted(lines, key=lambda one: (-_BY_LEVEL[one.evidence.level], -one.adopted))
    return list(lines)


def _plainly(found: QuerySet[Case, Any], words: str) -> list[int]:
    """Those in whose texts every word stands as written: no engine, no meaning."""
    asked = search_form(unicodedata.normalize("NFKC", words)).split()
    keys = []
    with override("ja"):
        for case in found.defer(None):
            text = search_form(
                "\n".join(
                    str(part)
                    for part in (
                        case.title,
                        case.system,
                        case.get_field_display(),
                        case.get_tool_display(),
                        case.town.name,
                        case.problem,
                        case.before,
                        case.after,
                        case.risk_checked,
                        case.risk_result,
                    )
                    if part
                )
            )
            if all(word in text for word in asked):
                keys.append(case.pk)
    return keys
