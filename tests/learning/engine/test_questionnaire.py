"""Questionnaires: what is asked, what fits, and that the JSON Schema says the same as ``validate``."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.learning.engine.questionnaire import (
    Form,
    FormError,
    Problem,
    dump,
    kept,
    parse,
    said,
    validate,
    visible,
)
from machi.learning.engine.questionnaire_counting import Spread, count
from machi.learning.engine.questionnaire_schema import schema

FORM = parse(
    {
        "questions": [
            {
                "id": "uses",
                "kind": "single",
                "words": {"ja": "使っていますか", "en": "In use?"},
                "required": True,
                "options": [{"id": "yes", "words": "はい"}, {"id": "no", "words": "いいえ"}],
            },
            {
                "id": "tools",
                "kind": "multiple",
                "words": "どれを",
                "required": True,
                "most": 2,
                "options": [
                    {"id": "chat", "words": "対話"},
                    {"id": "ocr", "words": "読み取り"},
                    {"id": "other", "words": "その他"},
                    {"id": "none", "words": "どれでもない", "alone": True},
                ],
                "when": [{"question": "uses", "options": ["yes"]}],
            },
            {
                "id": "which",
                "kind": "text",
                "words": "その他の名前",
                "longest": 20,
                "required": True,
                "when": [{"question": "tools", "options": ["other"]}],
            },
            {
                "id": "fields",
                "kind": "matrix",
                "words": "分野ごと",
                "rows": [{"id": "tax", "words": "税"}, {"id": "care", "words": "福祉"}],
                "options": [{"id": "now", "words": "導入済み"}, {"id": "not", "words": "予定なし"}],
            },
            {
                "id": "hours",
                "kind": "number",
                "words": "時間",
                "whole": True,
                "least": 0,
                "most": 100,
                "when": [{"question": "fields", "row": "tax", "options": ["now"]}],
            },
            {
                "id": "since",
                "kind": "date",
                "words": "いつから",
                "when": [
                    {"question": "hours", "least": 10},
                    {"question": "uses", "options": ["no"], "negated": True},
                ],
            },
            {
                "id": "why",
                "kind": "text",
                "words": "理由",
                "when": [{"question": "fields", "options": ["not"]}],
            },
        ]
    }
)


def _ids(answers: dict[str, Any]) -> list[str]:
    return [one.id for one in visible(FORM, answers)]


def test_only_what_conditions_let_through_is_asked() -> None:
    assert _ids({}) == ["uses", "fields"]
    assert _ids({"uses": "yes"}) == ["uses", "tools", "fields"]
    assert _ids({"uses": "yes", "tools": ["other"]}) == ["uses", "tools", "which", "fields"]
    assert _ids({"uses": "yes", "fields": {"tax": "now", "care": "not"}, "hours": 10}) == [
        "uses",
        "tools",
        "fields",
        "hours",
        "since",
        "why",
    ]


def test_a_condition_on_what_is_not_asked_does_not_hold_though_an_old_answer_is_there() -> None:
    assert "which" not in _ids({"uses": "no", "tools": ["other"]})
    assert kept(FORM, {"uses": "no", "tools": ["other"], "which": "x"}) == {"uses": "no"}


def test_a_negated_condition_needs_an_answer() -> None:
    assert "since" not in _ids({"fields": {"tax": "now"}, "hours": 50})
    assert "since" not in _ids({"uses": "no", "fields": {"tax": "now"}, "hours": 50})
    assert "since" in _ids({"uses": "yes", "fields": {"tax": "now"}, "hours": 50})


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({}, Problem("missing", "uses")),
        ({"uses": "maybe"}, Problem("not_an_option", "uses", value="maybe")),
        ({"uses": "no", "tools": ["chat"]}, Problem("not_asked", "tools")),
        ({"uses": "yes", "tools": ["chat", "chat"]}, Problem("twice", "tools")),
        ({"uses": "yes", "tools": ["chat", "none"]}, Problem("alone", "tools")),
        (
            {"uses": "yes", "tools": ["chat", "ocr", "other"], "which": "x"},
            Problem("too_many", "tools", value="2"),
        ),
        ({"uses": "yes", "tools": ["other"]}, Problem("missing", "which")),
        ({"uses": "yes", "tools": ["other"], "which": "x" * 21}, Problem("too_long", "which", value="21")),
        ({"uses": "no", "fields": {"tax": "soon"}}, Problem("not_an_option", "fields", "tax", "soon")),
        ({"uses": "no", "fields": {"roads": "now"}}, Problem("unknown_row", "fields", value="roads")),
        ({"uses": "no", "fields": {"tax": "now"}, "hours": 1.5}, Problem("not_whole", "hours", value="1.5")),
        (
            {"uses": "no", "fields": {"tax": "now"}, "hours": 101},
            Problem("out_of_range", "hours", value="101"),
        ),
        ({"uses": "no", "fields": {"tax": "now"}, "hours": "1"}, Problem("not_a_number", "hours", value="1")),
        ({"uses": "no", "nobody": 1}, Problem("unknown_question", value="nobody")),
    ],
)
def test_each_wrong_answer_is_said_with_its_question(answers: dict[str, Any], problem: Problem) -> None:
    assert validate(FORM, answers) == [problem]


def test_a_day_that_is_not_is_wrong() -> None:
    answers = {"uses": "yes", "tools": ["chat"], "fields": {"tax": "now"}, "hours": 10, "since": "2026-02-30"}
    assert validate(FORM, answers) == [Problem("not_a_date", "since", value="2026-02-30")]


@pytest.mark.parametrize("value", [10**400, float("inf"), float("nan"), True])
def test_what_is_no_number_to_count_with_is_wrong(value: Any) -> None:
    answers = {"uses": "no", "fields": {"tax": "now"}, "hours": value}
    assert [one.code for one in validate(FORM, answers)] == ["not_a_number"]


def test_a_draft_may_lack_answers_but_not_have_wrong_ones() -> None:
    assert validate(FORM, {}, complete=False) == []
    assert validate(FORM, {"uses": "maybe"}, complete=False) == [
        Problem("not_an_option", "uses", value="maybe")
    ]


def test_a_form_survives_being_stored() -> None:
    assert parse(dump(FORM)) == FORM


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"id": "A b", "kind": "text", "words": "x"}, "bad_id"),
        ({"id": "a", "kind": "text", "words": ""}, "no_words"),
        ({"id": "a", "kind": "single", "words": "x"}, "no_options"),
        ({"id": "a", "kind": "poem", "words": "x"}, "not_a_question"),
        ({"id": "a", "kind": "number", "words": "x", "least": 2, "most": 1}, "bounds"),
        (
            {"id": "a", "kind": "text", "words": "x", "when": [{"question": "later"}]},
            "condition_not_earlier",
        ),
    ],
)
def test_a_form_that_cannot_be_used_is_refused_with_the_reason(question: dict[str, Any], code: str) -> None:
    with pytest.raises(FormError) as refused:
        parse({"questions": [question]})
    assert [(one.question, one.code) for one in refused.value.problems] == [(question["id"], code)]


def test_words_fall_back_to_japanese() -> None:
    assert said({"ja": "税", "en": "Tax"}, "en") == "Tax"
    assert said({"ja": "税"}, "en") == "税"
    assert said({"ja": "税", "en": "Tax"}, "ja-easy") == "税"


OPTIONS = {one.id: [option.id for option in one.options] for one in FORM}
SOMETIMES_WRONG: dict[str, st.SearchStrategy[Any]] = {
    "uses": st.sampled_from(["yes", "no", "maybe", 3]),
    "tools": st.lists(st.sampled_from([*OPTIONS["tools"], "wrong"]), min_size=1, max_size=4),
    "which": st.sampled_from(["名前", "x" * 21]),
    "fields": st.dictionaries(
        st.sampled_from(["tax", "care", "roads"]), st.sampled_from(["now", "not", "soon"]), min_size=1
    ),
    "hours": st.sampled_from([0, 9, 10, 100, 101, 1.5, -1, "5"]),
    "since": st.sampled_from(["2026-04-01", "2026-02-30", "04/01"]),
    "why": st.sampled_from(["理由", 5]),
    "nobody": st.just(1),
}


@settings(max_examples=400, deadline=None)
@given(st.fixed_dictionaries({}, optional=SOMETIMES_WRONG))
def test_the_json_schema_takes_what_validate_takes_and_nothing_else(answers: dict[str, Any]) -> None:
    judge = jsonschema_rs.Draft202012Validator(schema(FORM), validate_formats=True)
    assert judge.is_valid(answers) == (validate(FORM, answers) == [])


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional=SOMETIMES_WRONG))
def test_what_is_kept_is_asked_and_keeping_twice_changes_nothing(answers: dict[str, Any]) -> None:
    once = kept(FORM, answers)
    assert "not_asked" not in {one.code for one in validate(FORM, once)}
    assert kept(FORM, once) == once


def test_counts_say_whom_a_question_was_put_to() -> None:
    counts = count(
        FORM,
        [
            {"uses": "yes", "tools": ["chat", "ocr"], "fields": {"tax": "now"}, "hours": 10},
            {"uses": "yes", "tools": ["chat"], "fields": {"tax": "now", "care": "not"}, "hours": 20},
            {"uses": "no"},
            {},
        ],
    )
    assert (counts["uses"].asked, counts["uses"].answered) == (4, 3)
    assert counts["uses"].options == {"yes": 2, "no": 1}
    assert (counts["tools"].asked, counts["tools"].options["chat"]) == (2, 2)
    assert counts["fields"].rows == {"tax": {"now": 2, "not": 0}, "care": {"now": 0, "not": 1}}
    assert counts["hours"].spread == Spread(10, 12.5, 15, 17.5, 20, 15, 30)


def test_counting_nothing_gives_zeros() -> None:
    counts = count(FORM, [])
    assert counts["uses"].options == {"yes": 0, "no": 0}
    assert counts["hours"].spread is None


@given(st.lists(st.sampled_from(["yes", "no"])))
def test_options_of_a_single_choice_sum_to_who_answered(taken: list[str]) -> None:
    found = count(Form((FORM["uses"],)), [{"uses": one} for one in taken])["uses"]
    assert sum(found.options.values()) == found.answered == len(taken)
