"""The exercise "read real figures": questions on SSDSE-A, whose keys are computed from the data and never written.

Task and answer: ``machi/learning/data/exercises.md``, "data".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.indicators import Indicators, shipped
from machi.learning.engine import exercise_numbers as numbers
from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import (
    ItemResult,
    Problem,
    Result,
    Task,
    mean,
    part,
    percent,
    reason,
    with_authors,
)
from machi.learning.engine.quiz_choice import check_single, score_single

NUMBERS = ("value", "difference")
TOWNS = ("lowest", "highest")
CORRELATIONS = ("positive", "negative", "none")
KINDS = (*NUMBERS, *TOWNS, "correlation", "conclude")
NO_RELATION, CLEAR_RELATION = 0.1, 0.3
"""Size of Pearson's r up to which there is said to be none, and from which there is one. Between: not asked about."""


@dataclass(frozen=True, slots=True)
class Table:
    """The figures a task is about. ``rows``: code, name, and a value for each of ``columns``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[float, ...]], ...]


def check(task: Any) -> list[Problem]:
    at = Reading(task, "task")
    at.headed()
    data = shipped()
    towns = at.texts("towns", 2, 10, 6)
    indicators = at.texts("indicators", 1, 10, 10)
    known, columns = set(data.codes), {one.code for one in data.indicators}
    for number, code in enumerate(towns):
        if code not in known:
            at.problem(f"towns[{number}]", "unknown_town", code)
    for number, code in enumerate(indicators):
        if code not in columns:
            at.problem(f"indicators[{number}]", "unknown_indicator", code)
    for item in at.items("items", 1, 30, set()):
        item.authored()
        item.text("ask", 500)
        kind = item.choice("kind", KINDS)
        for field in {"value": ("town",), "difference": ("town", "minus")}.get(kind, ()):
            if (
                item.choice(field, towns)
                and field == "minus"
                and item.value.get("town") == item.value["minus"]
            ):
                item.problem("minus", "twice", item.value["minus"])
        if kind in NUMBERS:
            item.text("unit", 10)
            item.number("decimals", 0, 3, whole=True)
            item.number("tolerance", 0, 1e12, default=0)
        for field in (
            ("x", "y") if kind == "correlation" else ("measure",) if kind in (*NUMBERS, *TOWNS) else ()
        ):
            _check_measure(item.object(field), indicators)
        if kind == "conclude":
            check_single(item)
    at.end()
    if not at.problems:
        at.problems += _undecided(task, data)
    return at.problems


def _check_measure(at: Reading, indicators: Sequence[str]) -> None:
    at.choice("of", indicators)
    if at.has("per"):
        at.choice("per", indicators)
    at.number("times", 1e-6, 1e9, default=1)
    at.end()


def _undecided(task: Task, data: Indicators) -> list[Problem]:
    """Questions whose key the data does not decide: no figure, two towns that are lowest, a relation neither here nor
    there."""
    found = []
    for number, item in enumerate(task["items"]):
        path = f"task.items[{number}]"
        if item["kind"] in (*NUMBERS, *TOWNS):
            values = _values(data, item["measure"], task["towns"])
            if not np.isfinite(values).all():
                found.append(Problem(f"{path}.measure", "no_figure"))
            elif item["kind"] in TOWNS and _extreme(item, values) is None:
                found.append(Problem(f"{path}.measure", "tie"))
        elif item["kind"] == "correlation":
            size = abs(correlation(data, item["x"], item["y"]))
            if not (size <= NO_RELATION or size >= CLEAR_RELATION):
                found.append(Problem(path, "unclear_relation", f"{size:.2f}"))
    return found


def table(task: Task) -> Table:
    """What the page shows."""
    data = shipped()
    names = {one.code: f"{one.name}（{one.year}）" for one in data.indicators}
    rows = data.rows(task["towns"])
    columns = [data.column(code)[rows] for code in task["indicators"]]
    return Table(
        tuple(names[code] for code in task["indicators"]),
        tuple(
            (code, data.names[row], tuple(float(column[at]) for column in columns))
            for at, (code, row) in enumerate(zip(task["towns"], rows, strict=True))
        ),
    )


def correlation(data: Indicators, x: Mapping[str, Any], y: Mapping[str, Any]) -> float:
    """Pearson's r of two measures over all municipalities that have both; nan where they do not vary."""
    one, other = _values(data, x, data.codes), _values(data, y, data.codes)
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 3 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return float("nan")
    return float(np.corrcoef(one[both], other[both])[0, 1])


def key(task: Task) -> dict[str, Any]:
    data = shipped()
    return {"items": {item["id"]: _key(task, item, data)[0] for item in task["items"]}}


def score(task: Task, answer: Any) -> Result:
    data, given = shipped(), part(answer, "items")
    items = []
    for item in task["items"]:
        said = given.get(item["id"])
        said = said if isinstance(said, str) else ""
        shown, exact, tolerance = _key(task, item, data)
        if item["kind"] == "conclude":
            result = score_single(item, said)
        elif item["kind"] in NUMBERS:
            points, code = numbers.points(said, exact, tolerance, item["unit"])
            result = ItemResult(item["id"], item["ask"], points, (reason(code, said=said, key=shown),))
        else:
            code = "data_right" if said == shown else "data_wrong" if said else "unanswered"
            values = {"key": _named(data, shown), "said": _named(data, said)}
            if item["kind"] == "correlation":
                values["r"] = f"{exact:.2f}"
            result = ItemResult(item["id"], item["ask"], float(said == shown), (reason(code, **values),))
        items.append(with_authors(result, item))
    return Result(tuple(items), percent(mean([one.points for one in items])), (), task.get("read_again", ""))


def _key(task: Task, item: Task, data: Indicators) -> tuple[str, float, float]:
    """The answer as one would type it, its exact figure, the tolerance."""
    kind = item["kind"]
    if kind == "conclude":
        return item["key"], 0.0, 0.0
    if kind == "correlation":
        r = correlation(data, item["x"], item["y"])
        return ("none" if abs(r) <= NO_RELATION else "positive" if r > 0 else "negative"), r, 0.0
    values = _values(data, item["measure"], task["towns"])
    if kind in TOWNS:
        return task["towns"][_extreme(item, values) or 0], 0.0, 0.0
    exact = float(values[task["towns"].index(item["town"])])
    smallest = 0.5 * 10.0 ** -item["decimals"]
    if kind == "difference":  # of two figures that the learner has rounded
        exact -= float(values[task["towns"].index(item["minus"])])
        smallest *= 2
    return f"{exact:.{item['decimals']}f}{item['unit']}", exact, item.get("tolerance", smallest)


def _values(data: Indicators, measure: Mapping[str, Any], codes: Sequence[str]) -> NDArray[np.float64]:
    rows = data.rows(codes)
    values = data.column(measure["of"])[rows]
    if "per" in measure:
        below = data.column(measure["per"])[rows]
        values = np.divide(values, below, out=np.full(len(rows), np.nan), where=below != 0)
    return np.asarray(values * measure.get("times", 1), float)


def _extreme(item: Task, values: NDArray[np.float64]) -> int | None:
    """Where the lowest (highest) stands; None: two are."""
    best = values.min() if item["kind"] == "lowest" else values.max()
    at = np.flatnonzero(values == best)
    return int(at[0]) if len(at) == 1 else None


def _named(data: Indicators, said: str) -> str:
    """A town by its name; other answers as they are."""
    return data.names[data.codes.index(said)] if said in data.codes else said
