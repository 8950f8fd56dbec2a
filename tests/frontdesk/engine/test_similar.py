"""Questions that ask the same thing are put together, and no others."""

from hypothesis import given, settings
from hypothesis import strategies as st

from machi.frontdesk.engine.similar import group_similar


def test_spelling_politeness_and_words_of_asking_do_not_count():
    asked = ["粗大ゴミの出し方は？", "粗大ごみの出し方を教えてください", "粗大ごみの出しかた"]
    assert group_similar(asked) == [[0, 1, 2]]


def test_another_matter_makes_another_group():
    assert group_similar(["粗大ごみの出し方", "図書館の開館時間", "粗大ごみの出し方は"]) == [[0, 2], [1]]


def test_questions_without_words_are_only_like_the_same_text():
    assert group_similar(["？？？", "!!!", "???", ""]) == [[0, 2], [1], [3]]


def test_likeness_is_asked_of_the_first_question_of_a_group_only():
    # 引っ越し and 住民票 share words with the middle one, not with each other.
    questions = ["引っ越しの手続き", "引っ越しと住民票", "住民票の写し"]
    assert group_similar(questions, like=0.5) == [[0, 1], [2]]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_question_is_in_exactly_one_group_in_order(questions):
    groups = group_similar(questions)
    assert sorted(position for group in groups for position in group) == list(range(len(questions)))
    assert all(group == sorted(group) for group in groups)
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_the_same_question_twice_is_one_group(questions):
    groups = group_similar([questions[0], *questions, questions[0]])
    first = next(group for group in groups if 0 in group)
    assert {0, 1, len(questions) + 1} <= set(first)
