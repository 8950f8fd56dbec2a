"""The exercise "write an instruction": stated criteria, on what was written and on what came out of it.

Deterministic: criteria on the instruction are read by ``instruction``, those on the output by the claims check and the
recogniser of personal information. The output comes from outside (``answer["output"]``) or, where none is given, from
the extractive engine. A text that asks for nothing is worth nothing; what needs no instruction to be met (no personal
information, properties of the output) counts only as far as the criteria on the instruction are met.

Task and answer: ``machi/learning/data/exercises.md``, "instruct".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from machi.language.engine.answer import extract
from machi.language.engine.claims import Source
from machi.language.engine.claims import check as check_claims
from machi.language.engine.personal import find
from machi.language.engine.types import Candidate, Hit, Reason
from machi.learning.engine import instruction
from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import (
    ItemResult,
    Problem,
    Result,
    Task,
    mean,
    percent,
    reason,
    text_of,
    with_authors,
)

LONGEST = 4_000
"""Characters of an instruction."""
LONGEST_SOURCE = 4_000
WITH_WORDS = ("purpose", "source", "audience", "format", "says")
ON_INSTRUCTION = (*WITH_WORDS, "length", "unknown")
"""What only an instruction can meet."""
KINDS = (*ON_INSTRUCTION, "no_personal", "out_grounded", "out_length", "out_says", "out_no_personal")

_Judged = tuple[float, Reason]


def check(task: Any) -> list[Problem]:
    at = Reading(task, "task")
    at.headed()
    at.text("situation", 2_000)
    at.source(LONGEST_SOURCE)
    kinds = []
    for item in at.items("criteria", 3, 15, set()):
        item.authored()
        kind = item.choice("kind", KINDS)
        kinds.append(kind)
        if kind in WITH_WORDS or kind == "out_says":
            item.texts("any", 1, 20, 100)
        if kind == "length":
            item.texts("units", 1, 5, 10)
            least, most = (
                item.number("least", 1, 10_000, whole=True),
                item.number("most", 1, 10_000, whole=True),
            )
            if least is not None and most is not None and least > most:
                item.problem("most", "out_of_range", f"{least}-")
        if kind == "out_length":
            item.number("most", 1, 10_000, whole=True)
    at.text("example", LONGEST)
    at.end()
    if not at.problems:
        if "purpose" not in kinds:
            at.problem("criteria", "no_purpose")
        if sum(kind in ON_INSTRUCTION for kind in kinds) * 2 < len(kinds):
            at.problem("criteria", "mostly_output")
        result = score(task, key(task))
        if result.percent < 100:
            missed = ", ".join(item.id for item in result.items if item.points < 1)
            at.problem("example", "not_full", missed)
    return at.problems


def key(task: Task) -> dict[str, Any]:
    return {"instruction": task["example"]}


def extracted(task: Task, text: str) -> str:
    """What the extractive engine brings from the task's source for an instruction: sentences of it, word for word."""
    source = task["source"]
    found = extract(text, [Candidate(Hit(1, 1.0, 1.0, None), source["title"], (), source["text"])])
    return "\n".join(row.found.unit.text for row in found.chosen)


def score(task: Task, answer: Any) -> Result:
    text = text_of(answer, "instruction")[:LONGEST]
    lines = instruction.read(text)
    asked = instruction.asks(lines)
    output = answer.get("output") if isinstance(answer, dict) else None
    if not isinstance(output, str):
        output = extracted(task, text) if asked else ""
    judged: list[tuple[Mapping[str, Any], _Judged]] = []
    for item in task["criteria"]:
        kind = item["kind"]
        if kind in ON_INSTRUCTION or kind == "no_personal":
            judged.append((item, _of_instruction(item, text, lines)))
        else:
            judged.append((item, _OF_OUTPUT[kind](item, output, task)))
    met = mean([points for item, (points, _) in judged if item["kind"] in ON_INSTRUCTION])
    results = []
    for item, (points, why) in judged:
        held_back = item["kind"] not in ON_INSTRUCTION and points and met < 1
        reasons = (why, reason("instruct_held_back", percent=percent(met))) if held_back else (why,)
        points = points * met if item["kind"] not in ON_INSTRUCTION else points
        result = ItemResult(item["id"], item["kind"], points if asked else 0.0, reasons)
        results.append(with_authors(result, item))
    overall = () if asked else (reason("instruct_asks_nothing"),)
    return Result(
        tuple(results), percent(mean([one.points for one in results])), overall, task.get("read_again", "")
    )


def _of_instruction(item: Mapping[str, Any], text: str, lines: Sequence[instruction.Line]) -> _Judged:
    kind = item["kind"]
    if kind == "no_personal":
        found = len(find(text)) if text.strip() else 0
        return (
            (0.0, reason("instruct_personal", count=found))
            if found
            else (1.0, reason("instruct_no_personal"))
        )
    if kind == "unknown":
        good = instruction.minds_unknown(lines)
        return float(good), reason("instruct_unknown" if good else "instruct_not_unknown")
    if kind == "length":
        said = instruction.length(lines, item["units"])
        unit = item["units"][0]
        bounds = {"least": item["least"], "most": f"{item['most']}{unit}"}
        if said is None:
            return 0.0, reason("instruct_no_length", **bounds)
        good = item["least"] <= said <= item["most"]
        return (1.0 if good else 0.5), reason(
            "instruct_length" if good else "instruct_length_off", said=f"{said}{unit}", **bounds
        )
    word = instruction.says(lines, kind, item["any"])
    if word:
        return 1.0, reason("instruct_said", word=word)
    dropped = next((one for one in item["any"] if one in text), "")
    return 0.0, reason("instruct_dropped", word=dropped) if dropped else reason(
        "instruct_not_said", kind=kind
    )


def _grounded(item: Mapping[str, Any], output: str, task: Task) -> _Judged:
    sources = [Source(1, task["source"]["text"], task["source"]["title"])]
    said = [one for one in check_claims(output, sources) if one.why != "nothing_said"]
    if not said:
        return 0.0, reason("out_nothing")
    points = mean([float(one.kept) for one in said])
    count = sum(not one.kept for one in said)
    return points, reason("out_grounded") if points == 1 else reason(
        "out_ungrounded", count=count, of=len(said)
    )


def _short(item: Mapping[str, Any], output: str, task: Task) -> _Judged:
    count = len("".join(output.split()))
    if not count:
        return 0.0, reason("out_nothing")
    good = count <= item["most"]
    return float(good), reason("out_length" if good else "out_too_long", count=count, most=item["most"])


def _tells(item: Mapping[str, Any], output: str, task: Task) -> _Judged:
    sources = [Source(1, output)]
    for wanted in item["any"]:
        checked = check_claims(wanted, sources)
        if output.strip() and checked and all(one.kept for one in checked):
            return 1.0, reason("out_says", word=wanted)
    return 0.0, reason("out_not_said", word=item["any"][0])


def _impersonal(item: Mapping[str, Any], output: str, task: Task) -> _Judged:
    if not output.strip():
        return 0.0, reason("out_nothing")
    found = len(find(output))
    return (0.0, reason("out_personal", count=found)) if found else (1.0, reason("out_no_personal"))


_OF_OUTPUT: Mapping[str, Callable[[Mapping[str, Any], str, Task], _Judged]] = {
    "out_grounded": _grounded,
    "out_length": _short,
    "out_says": _tells,
    "out_no_personal": _impersonal,
}
