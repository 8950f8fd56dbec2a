"""What holds of every kind of exercise: its key scores 100, nothing scores 0, whatever comes scores between."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.learning.engine import exercises
from machi.learning.engine.exercise_without_key import without_key
from tests.learning.exercises import KINDS, TASKS

SLUGS = sorted(TASKS)
LIGHT = [slug for slug in SLUGS if KINDS[slug] in ("ground", "data", "quiz")]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def shipped() -> bytes:
    return json.dumps(
        {"exercises": [{"slug": s, "kind": KINDS[s], "title": s, "task": TASKS[s]} for s in SLUGS]}
    ).encode()


def test_shipped_exercises_have_no_problems_and_two_of_each_kind() -> None:
    written, problems = exercises.read_file(shipped())
    assert problems == []
    assert {kind: sum(one.kind == kind for one in written) for kind in exercises.KINDS} == dict.fromkeys(
        exercises.KINDS, 2
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_key_scores_100_and_nothing_scores_0(slug: str) -> None:
    kind, task = KINDS[slug], TASKS[slug]
    full = exercises.score(kind, task, exercises.key(kind, task))
    assert (full.percent, {item.points for item in full.items}) == (100, {1.0})
    assert all(item.why for item in full.items)
    empties: list[object] = [
        {},
        None,
        [],
        "",
        {"items": {}},
        {"words": []},
        {"instruction": " "},
        {"summary": ""},
    ]
    for empty in empties:
        nothing = exercises.score(kind, task, empty)
        assert (nothing.percent, {item.points for item in nothing.items}) == (0, {0.0})
    assert [item.id for item in exercises.items_of(kind, task)] == [item.id for item in full.items]


@pytest.mark.parametrize("slug", SLUGS)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_answered_scores_between_0_and_1(slug: str, data: st.DataObject) -> None:
    kind, task = KINDS[slug], TASKS[slug]
    key = exercises.key(kind, task)
    (name,) = key
    ids = st.sampled_from([item.id for item in exercises.items_of(kind, task)])
    inside = st.dictionaries(ids, ANYTHING | st.sampled_from(["a", "supported", "142123"]), max_size=6)
    answer = data.draw(ANYTHING | st.fixed_dictionaries({name: inside | ANYTHING}))
    result = exercises.score(kind, task, answer)
    assert 0 <= result.percent <= 100
    assert all(0 <= item.points <= 1 for item in result.items)
    assert exercises.score(kind, task, answer) == result


@pytest.mark.parametrize("slug", LIGHT)
@settings(max_examples=60)
@given(data=st.data())
def test_leaving_more_of_the_key_out_never_scores_more(slug: str, data: st.DataObject) -> None:
    kind, task = KINDS[slug], TASKS[slug]
    ((name, full),) = exercises.key(kind, task).items()
    kept = data.draw(st.lists(st.sampled_from(sorted(full)), unique=True))
    fewer = kept[: data.draw(st.integers(0, len(kept)))]

    def percent(ids: list[str]) -> int:
        return exercises.score(kind, task, {name: {one: full[one] for one in ids}}).percent

    assert percent(fewer) <= percent(kept)


@settings(max_examples=300)
@given(data=st.data())
def test_a_task_with_anything_in_it_is_checked_without_falling_over(data: st.DataObject) -> None:
    """A value anywhere in a right task is replaced by anything; what is still called right can be scored."""
    slug = data.draw(st.sampled_from(LIGHT))
    kind, task = KINDS[slug], copy.deepcopy(TASKS[slug])
    place: Any = task
    while True:
        steps = sorted(place) if isinstance(place, dict) else range(len(place))
        step = data.draw(st.sampled_from(list(steps)))
        inner = place[step]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            place[step] = data.draw(ANYTHING)
            break
        place = inner
    if not exercises.check(kind, task):
        assert exercises.score(kind, task, exercises.key(kind, task)).percent == 100
        assert exercises.score(kind, task, {}).percent == 0


@given(ANYTHING)
def test_any_json_is_checked_as_a_task_of_any_kind(value: object) -> None:
    for kind in exercises.KINDS:
        assert exercises.check(kind, value)


def test_problems_name_their_path() -> None:
    listed = json.loads(shipped())["exercises"]
    first = next(one for one in listed if one["slug"] == "quiz-basics")
    first["task"]["items"][0]["key"] = "nobody"
    first["task"]["items"][1].pop("why")
    first["task"]["items"][2]["qestion"] = "?"
    listed[0]["pass_percent"] = 20
    written, problems = exercises.read_file(json.dumps({"exercises": [first, listed[0], first]}).encode())
    assert written == []
    told = {(one.path, one.code) for one in problems}
    assert {
        ("exercises[0].task.items[0].key", "not_choice"),
        ("exercises[0].task.items[1].why", "missing"),
        ("exercises[0].task.items[2].qestion", "unknown_field"),
        ("exercises[1].pass_percent", "out_of_range"),
    } <= told


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe", "not_json"),
        (b'{"exercises": [', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"exercises": {}}', "not_list"),
        (b"[]", "how_many"),
        (b"3", "not_object"),
        (b" " * 2_000_001, "too_large"),
    ],
)
def test_files_that_are_none_are_told(data: bytes, code: str) -> None:
    assert code in {one.code for one in exercises.read_file(data)[1]}


def test_slug_twice_is_a_problem_and_one_alone_needs_no_list() -> None:
    one = json.loads(shipped())["exercises"][0]
    assert [p.code for p in exercises.read_file(json.dumps([one, one]).encode())[1]] == ["twice"]
    written, problems = exercises.read_file(json.dumps(one).encode())
    assert (len(written), problems) == (1, [])
    assert written[0].pass_percent == 70


@pytest.mark.parametrize("slug", SLUGS)
def test_a_task_as_told_to_learners_holds_no_key(slug: str) -> None:
    told = json.dumps(without_key(KINDS[slug], TASKS[slug]), ensure_ascii=False)
    task = TASKS[slug]
    for item in exercises.items_of(KINDS[slug], task):
        assert item.why not in told
    secret = {"example", "key", "why", "quote", "personal", "keep", "any", "facts", "measure", "read_again"}
    assert not secret & set(fields(json.loads(told)))


def fields(value: object) -> Iterator[str]:
    """Names of the fields of all objects inside."""
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from fields(inner)
