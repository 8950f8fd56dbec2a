"""xAPI 1.0.3: the form of statements (ADL Experience API, part 2), and that nobody can be told from them."""

import json
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from machi.learning.engine.xapi import TYPES, VERBS, Statement, pseudonym, statement

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def made(**changes):
    given = {
        "site": "https://machi.example",
        "salt": "s" * 32,
        "enrolment": 7,
        "person": 12,
        "verb": "passed",
        "kind": "exercise",
        "path": "/xapi/courses/1/ai/2/first/quiz",
        "title": "クイズ",
        "at": AT,
        "grouping": ("/xapi/courses/1/ai/2", "AIの基礎"),
        "percent": 80,
        "success": True,
    }
    return statement(**{**given, **changes})


def test_a_statement_in_the_names_of_the_standard() -> None:
    said = json.loads(made().as_json())
    assert UUID(said.pop("id")).version == 5
    registration = said["context"].pop("registration")
    assert UUID(registration).version == 5
    assert said == {
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "https://machi.example", "name": pseudonym("s" * 32, 12)},
        },
        "verb": {
            "id": "http://adlnet.gov/expapi/verbs/passed",
            "display": {"en": "passed", "ja": "合格した"},
        },
        "object": {
            "objectType": "Activity",
            "id": "https://machi.example/xapi/courses/1/ai/2/first/quiz",
            "definition": {
                "name": {"ja": "クイズ"},
                "type": "http://adlnet.gov/expapi/activities/assessment",
            },
        },
        "result": {
            "score": {"scaled": 0.8, "raw": 80.0, "min": 0.0, "max": 100.0},
            "success": True,
        },
        "context": {
            "platform": "machi",
            "language": "ja",
            "contextActivities": {
                "grouping": [
                    {
                        "objectType": "Activity",
                        "id": "https://machi.example/xapi/courses/1/ai/2",
                        "definition": {
                            "name": {"ja": "AIの基礎"},
                            "type": "http://adlnet.gov/expapi/activities/course",
                        },
                    }
                ]
            },
        },
        "timestamp": "2026-06-01T09:30:00Z",
        "version": "1.0.3",
    }


def test_equal_facts_give_an_equal_statement_and_others_another() -> None:
    assert made() == made()
    ids = {
        made().id,
        made(enrolment=8).id,
        made(verb="failed").id,
        made(at=AT.replace(hour=10)).id,
        made(path="/x").id,
    }
    assert len(ids) == 5


@pytest.mark.parametrize("verb", sorted(VERBS))
@pytest.mark.parametrize("kind", sorted(TYPES))
def test_no_null_anywhere(verb: str, kind: str) -> None:
    said = made(verb=verb, kind=kind, grouping=None, percent=None, success=None).as_json()
    assert "null" not in said
    assert Statement.model_validate_json(said).as_json() == said


@pytest.mark.parametrize(
    "break_it",
    [
        lambda one: one["actor"].update(mbox="mailto:x@y.example"),
        lambda one: one["actor"].update(name="厚木 花子"),
        lambda one: one["actor"]["account"].update(homePage="no address"),
        lambda one: one["verb"].update(id="passed"),
        lambda one: one["verb"].update(display={"日本語": "x"}),
        lambda one: one.update(id="7"),
        lambda one: one.update(timestamp="2026-06-01T09:30:00"),
        lambda one: one.update(version="2.0"),
        lambda one: one["result"]["score"].update(scaled=1.2),
        lambda one: one["result"].update(score=None, success="maybe"),
        lambda one: one.pop("object"),
    ],
)
def test_what_the_standard_or_we_do_not_allow_is_refused(break_it) -> None:
    said = json.loads(made().as_json())
    break_it(said)
    with pytest.raises(ValidationError):
        Statement.model_validate(said)


@given(st.text(min_size=1, max_size=32), st.integers(0, 10**9), st.integers(0, 10**9))
def test_pseudonyms_hold_for_one_salt_and_tell_nothing(salt: str, one: int, other: int) -> None:
    name = pseudonym(salt, one)
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert name == pseudonym(salt, one)
    assert (name == pseudonym(salt, other)) == (one == other)
    assert name != pseudonym(salt + "x", one)
