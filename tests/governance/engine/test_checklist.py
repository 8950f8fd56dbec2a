"""The checklist as data: complete, and about something."""

import re

import pytest

from machi.base.models import Role
from machi.base.rooms import rooms
from machi.governance.domain.proofs import _PROOFS
from machi.governance.domain.words import principle_label
from machi.governance.engine.checklist import FILES, LATEST, PRINCIPLES, concerns, item, items, told

FACTS = {"users": "residents", "personal": True, "outside": False, "generates": False}


@pytest.mark.parametrize("version", FILES)
def test_every_item_is_whole(version: str) -> None:
    found = items(version)
    assert len({one.id for one in found}) == len(found) >= 25
    for one in found:
        texts = (one.title, one.text, one.guidance, one.requirement, one.criterion, one.question, one.clause)
        assert all(texts), one.id
        assert one.follows, one.id
        assert one.owner in Role.values, one.id
        assert one.fact == "" or one.fact in _PROOFS, one.id
        assert principle_label(one.principle), one.id


def test_every_principle_has_items_in_order() -> None:
    order = [PRINCIPLES.index(one.principle) for one in items()]
    assert order == sorted(order)
    assert set(order) == set(range(len(PRINCIPLES)))


def test_clauses_oblige_somebody_and_questions_ask() -> None:
    for one in items():
        assert "受注者" in one.clause or "発注者" in one.clause, one.id
        assert one.question.endswith(("か。", "ください。")), one.id


def test_items_concern_a_system_by_what_it_declares() -> None:
    assert concerns(item("human-alternative"), FACTS)
    assert not concerns(item("human-alternative"), {**FACTS, "users": "staff"})
    assert not concerns(item("privacy-masking"), FACTS)
    assert concerns(item("privacy-masking"), {**FACTS, "outside": True})
    assert concerns(item("privacy-masking"), {"users": "residents"})  # not declared: to be on the safe side


def test_an_unknown_version_or_item_is_an_error() -> None:
    with pytest.raises(KeyError):
        items("1999-01")
    with pytest.raises(KeyError):
        item("nothing", LATEST)


def test_what_rooms_show_for_items_is_for_items_that_exist() -> None:
    known = {one.id for one in items()}
    for room in rooms():
        for system in room.ai_systems:
            assert set(system.evidence) <= known, system.key


def test_every_item_of_the_newest_version_is_told_in_english() -> None:
    japanese = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
    for one in items():
        english = told(one.id, language="en")
        shown = (english.title, english.text, english.guidance, english.follows)
        assert all(shown)
        assert [text for text in shown if japanese.search(text)] == []
        assert english.follows.count(", ") >= one.follows.count("、")
        assert (english.requirement, english.clause, english.owner) == (
            one.requirement,
            one.clause,
            one.owner,
        )


@pytest.mark.parametrize("language", ["ja", "ja-easy"])
def test_other_languages_read_the_japanese(language: str) -> None:
    assert told("human-decides", language=language) is item("human-decides")
