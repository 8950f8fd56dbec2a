"""Quiz questions about what belongs where: in order, or to each other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import combinations
from typing import Any

from machi.learning.engine.exercise_reading import Reading
from machi.learning.engine.exercise_types import ItemResult, mean, reason
from machi.learning.engine.quiz_choice import options

Item = Mapping[str, Any]


def check_order(at: Reading) -> None:
    ids = options(at, 3)
    wanted = at.texts("key", 3, 8, 40)
    if ids and sorted(wanted) != sorted(ids):
        at.problem("key", "not_all", ", ".join(sorted(ids)))


def check_match(at: Reading) -> None:
    left, right = options(at, field="left"), options(at, field="right")
    pairs = at.object("key")
    for name in left:
        pairs.choice(name, right)
    pairs.end()
    if left and len({str(one) for one in pairs.value.values()}) < 2:
        at.problem("key", "all_same")


def key_order(item: Item) -> Any:
    return list(item["key"])


def key_match(item: Item) -> Any:
    return dict(item["key"])


def shown_order(item: Item) -> list[str]:
    """The ids in the order the page shows them: by chance, always the same, and worth nothing if left so."""
    shown = sorted(item["key"], key=lambda one: sha256(f"{item['id']}/{one}".encode()).digest())
    return shown if tau(shown, item["key"]) <= 0 else shown[::-1]


def tau(said: Sequence[str], wanted: Sequence[str]) -> float:
    """Kendall's tau of two orders of the same things: 1 the same, -1 reversed."""
    place = {one: at for at, one in enumerate(said)}
    pairs = list(combinations(wanted, 2))
    return sum(1 if place[a] < place[b] else -1 for a, b in pairs) / len(pairs)


def score_order(item: Item, said: Any) -> ItemResult:
    """``said``: the ids, each once."""
    names = {one["id"]: one["text"] for one in item["options"]}
    key = " → ".join(names[one] for one in item["key"])
    if not isinstance(said, list) or sorted(map(str, said)) != sorted(item["key"]):
        code = "order_incomplete" if said else "unanswered"
        return ItemResult(item["id"], item["ask"], 0.0, (reason(code, said="", key=key),))
    points = max(0.0, tau(said, item["key"]))
    code = "order_right" if points == 1 else "order_part" if points else "order_wrong"
    return ItemResult(item["id"], item["ask"], points, (reason(code, said="", key=key),))


def score_match(item: Item, said: Any) -> ItemResult:
    """``said``: left id -> right id. One on the right used more often than the key uses it counts nowhere."""
    left = {one["id"]: one["text"] for one in item["left"]}
    right = {one["id"]: one["text"] for one in item["right"]}
    given = said if isinstance(said, dict) else {}
    given = {
        name: one for name, one in given.items() if name in left and isinstance(one, str) and one in right
    }
    allowed = Counter(item["key"].values())
    too_often = {one for one, count in Counter(given.values()).items() if count > max(1, allowed[one])}
    hits = [given.get(name) == wanted and wanted not in too_often for name, wanted in item["key"].items()]
    points = mean([float(hit) for hit in hits])
    if not given:
        return ItemResult(item["id"], item["ask"], 0.0, (reason("unanswered", said="", key=""),))
    reasons = [
        reason("match_wrong", left=left[name], right=right[wanted])
        for (name, wanted), hit in zip(item["key"].items(), hits, strict=True)
        if not hit
    ]
    reasons += [reason("match_too_often", right=right[one]) for one in sorted(too_often)]
    return ItemResult(item["id"], item["ask"], points, tuple(reasons) or (reason("match_right"),))
