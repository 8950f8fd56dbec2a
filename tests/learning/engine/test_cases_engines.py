"""Sizes, evidence, duplicates, ranking: the pure parts of the case library."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.types import Hit
from machi.learning.engine.cases_duplicates import SAME, duplicates, likeness, words_in_common
from machi.learning.engine.cases_evidence import Level, Telling, evidence
from machi.learning.engine.cases_ranking import NEAR, CaseText, case_of, entries, number, ranked
from machi.learning.engine.size_classes import BOUNDS, EDGES, class_of

OWN = Telling("worked", 10_000, 40)


def worked(hours=None, population=10_000, measured=False):
    return Telling("worked", population, hours, measured)


# Sizes


@given(st.integers(0, 4_000_000))
def test_a_town_lies_within_the_bounds_of_its_class(population):
    low, high = BOUNDS[class_of(population)]
    assert low <= population
    assert high is None or population < high


def test_classes_begin_at_their_edges():
    assert [class_of(edge) for edge in EDGES] == list(range(1, len(BOUNDS)))
    assert class_of(4_999) == 0


def test_no_town_has_fewer_than_nobody():
    with pytest.raises(ValueError, match="-1"):
        class_of(-1)


# Evidence


@pytest.mark.parametrize(
    ("others", "level"),
    [
        ([], Level.TOLD),
        ([worked()], Level.TRIED),
        ([Telling("failed", 10_000)], Level.TRIED),
        ([worked(), worked()], Level.REPEATED),
        ([worked(), Telling("failed", 10_000)], Level.MIXED),
        ([worked(), worked(), Telling("failed", 10_000)], Level.REPEATED),
        ([worked(30), worked(50), worked(45)], Level.STEADY),
        (
            [worked(30), worked(50), worked(45), Telling("failed", 10_000), Telling("failed", 10_000)],
            Level.MIXED,
        ),
        ([worked(4), worked(400), worked(45)], Level.REPEATED),
        ([worked(), worked(), worked()], Level.REPEATED),
    ],
)
def test_level_follows_from_who_told_what(others, level):
    assert evidence(OWN, others).level == level


def test_hours_are_compared_a_head():
    """The same 40 hours are much in a village and little in a city."""
    same = [worked(40), worked(400, 100_000), worked(4, 1_000)]
    assert evidence(OWN, same).level == Level.STEADY
    assert evidence(OWN, [worked(40), worked(40, 100_000), worked(40, 1_000)]).level == Level.REPEATED


def test_reasons_name_the_figures():
    found = evidence(OWN, [worked(30, measured=True), worked(50), Telling("failed", 10_000, 0)], trying=2)
    reasons = {one.code: dict(one.values) for one in found.reasons}
    assert reasons["adopted"] == {"told": 3, "trying": 2}
    assert reasons["worked"] == {"good": 2, "failed": 1}
    assert reasons["hours_agree"] == {"towns": 4, "agreeing": 3, "median": 35.0}
    assert reasons["measured"] == {"measured": 1, "towns": 4}


def test_town_without_people_is_refused():
    with pytest.raises(ValueError, match="without people"):
        evidence(OWN, [worked(population=0)])


@given(
    st.lists(
        st.builds(
            Telling,
            st.sampled_from(["worked", "partly", "failed"]),
            st.integers(100, 500_000),
            st.none() | st.integers(0, 5_000),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_a_failure_more_never_makes_a_case_surer(others):
    order = [Level.MIXED, Level.TOLD, Level.TRIED, Level.REPEATED, Level.STEADY]
    before = evidence(OWN, others).level
    after = evidence(OWN, [*others, Telling("failed", 10_000)]).level
    if before not in (Level.TOLD, Level.TRIED):
        assert order.index(after) <= order.index(before)
    assert evidence(OWN, others[::-1]).level == before


# Duplicates


def test_words_in_common_counts_how_often():
    assert words_in_common(["a", "a", "b"], ["a", "b", "c"]) == pytest.approx(2 / 4)
    assert words_in_common([], []) == 0
    assert words_in_common(["a"], []) == 0


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdef")))
def test_words_in_common_is_the_same_both_ways_and_within_bounds(one, other):
    share = words_in_common(one, other)
    assert 0 <= share <= 1
    assert share == words_in_common(other, one)
    assert words_in_common(one, one) == (1 if one else 0)


def test_meaning_or_words_alone_do_not_make_a_duplicate():
    assert likeness(1, 0.9, 0.15).score < SAME
    assert likeness(1, 0.75, 0.45).score < SAME
    assert likeness(1, 0.95, 0.6).score == 1


def test_duplicates_come_likest_first_and_equals_by_number():
    words = ["会議", "記録", "文字"]
    others = {3: (words, 0.95), 2: (words, 0.95), 1: (["道路"], 0.80), 4: (words, 0.90)}
    assert [one.key for one in duplicates(words, others)] == [2, 3, 4]


# Ranking


@given(st.integers(1, 10**9), st.integers(1, 99_999), st.integers(0, 2))
def test_number_tells_case_and_revision_again(key, revision, part):
    assert case_of(number(key, revision, part)) == (key, revision)


def test_number_is_refused_where_it_could_be_mistaken():
    for wrong in ((0, 1, 0), (1, 0, 0), (1, 100_000, 0), (1, 1, 3)):
        with pytest.raises(ValueError, match="revision"):
            number(*wrong)


TEXT = CaseText(7, 2, "題", ("分野",), "困った", "こうした", "確かめた")


def test_each_part_with_words_is_a_passage():
    assert [entry.text for entry in entries(TEXT)] == ["困った", "こうした", "確かめた"]
    left = entries(replace(TEXT, way=" "))
    assert [entry.passage_id for entry in left] == [number(7, 2, 0), number(7, 2, 2)]
    assert {entry.headings for entry in left} == {("分野",)}


def hit(key, part=0, *, score, bm25=1.0, cosine=None):
    return Hit(number(key, 1, part), score, bm25, cosine)


def test_a_case_counts_by_its_best_passage():
    found = ranked([hit(2, score=0.5), hit(1, score=0.4), hit(1, 1, score=0.9)])
    assert [(one.key, one.score) for one in found] == [(1, 0.9), (2, 0.5)]


def test_what_is_neither_said_nor_meant_is_not_found():
    hits = [
        hit(1, score=0.3, bm25=0.0, cosine=NEAR - 0.01),
        hit(2, score=0.3, bm25=0.0, cosine=NEAR),
        hit(3, score=0.2, bm25=0.5, cosine=0.1),
        hit(4, score=0.2, bm25=0.0, cosine=None),
    ]
    assert [(one.key, one.by_words) for one in ranked(hits)] == [(2, False), (3, True)]


def test_only_allowed_cases_are_found():
    assert [one.key for one in ranked([hit(1, score=1), hit(2, score=0.5)], {2})] == [2]
