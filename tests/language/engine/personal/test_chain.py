"""The conditional random field, against the enumeration of all ways to label a short sequence."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.personal import birth_features, name_features
from machi.language.engine.personal.analyzer import read
from machi.language.engine.personal.birth_trained import weighed
from machi.language.engine.personal.chain import chain, shipped
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.name_trained import FILE, Trained, spans

WEIGHTS = st.lists(st.integers(-300, 300), min_size=3, max_size=3)
CHAINS = st.builds(
    lambda steps, features: chain(
        {
            "scale": 100,
            "labels": ["B", "I", "O"],
            "steps": steps,
            "features": dict(zip("abcd", features, strict=True)),
        }
    ),
    st.lists(WEIGHTS, min_size=3, max_size=3),
    st.lists(WEIGHTS, min_size=4, max_size=4),
)
SEQUENCES = st.lists(st.lists(st.sampled_from("abcdx"), max_size=3, unique=True), min_size=1, max_size=4)


def _ways(model, scores):
    for way in itertools.product(range(3), repeat=len(scores)):
        total = sum(scores[at, label] for at, label in enumerate(way))
        yield way, total + sum(model.steps[a, b] for a, b in itertools.pairwise(way))


@given(CHAINS, SEQUENCES)
def test_the_likeliest_labels_are_those_of_all_ways(model, sequence):
    scores = model.scores(sequence)
    best = model.best(scores)
    totals = dict(_ways(model, scores))
    assert totals[tuple(best)] == pytest.approx(max(totals.values()))


@given(CHAINS, SEQUENCES)
def test_probabilities_are_those_of_all_ways(model, sequence):
    scores = model.scores(sequence)
    ways = [(way, np.exp(total)) for way, total in _ways(model, scores)]
    whole = sum(weight for _, weight in ways)
    for at, row in enumerate(model.probabilities(scores)):
        for label, probability in enumerate(row):
            share = sum(weight for way, weight in ways if way[at] == label) / whole
            assert probability == pytest.approx(share, abs=1e-9)


def test_a_feature_that_was_never_seen_says_nothing():
    model = chain({"scale": 100, "labels": ["O"], "steps": [[0]], "features": {"a": [5]}})
    assert model.scores([["x", "y"], ["a", "x"]]).tolist() == [[0.0], [0.05]]
    assert model.best(model.scores([])) == []


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("OBIEO", [(1, 4)]),
        ("BESBE", [(0, 2), (2, 3), (3, 5)]),
        ("OIIO", [(1, 3)]),
        ("BIBE", [(0, 2), (2, 4)]),
        ("BI", [(0, 2)]),
        ("", []),
    ],
)
def test_labels_mark_names_even_where_they_do_not_fit(labels, expected):
    assert list(spans(labels)) == expected


def test_what_is_shipped_can_be_read():
    data = shipped(FILE)
    assert chain(data["names"]).labels == ("B", "E", "I", "O", "S")
    assert chain(data["births"]).labels == ("N", "Y")


@given(st.text(alphabet="山田太郎さん様 、。\n1:|(ヤマダA", min_size=1, max_size=25))
def test_every_character_has_features_and_a_probability(text):
    words, labelled = read(text)
    assert len(name_features.features(text, words, labelled)) == len(text)
    probability = Trained(text, words, labelled).probability
    assert ((probability >= 0) & (probability <= 1)).all()


def test_dates_of_every_shape_are_candidates_and_do_not_overlap():
    text = "昭和20年8月15日、H3.4.5、平成元年、5月3日、1999/1/2、June 3, 1998、S45、3-450102"
    days = birth_features.days(text)
    assert [text[one.start : one.end] for one in days] == text.split("、")
    assert [one.year for one in days][:3] == [1945, 1991, 1989]


def test_a_rule_that_is_unsure_is_not_believed_where_a_birth_is_most_unlikely():
    text = "施行日:令和7年10月1日から施行する。"
    unsure = Found(Kind.DATE_OF_BIRTH, 4, 13, 0.7, "a rule")
    sure = Found(Kind.DATE_OF_BIRTH, 4, 13, 0.9, "a rule")
    assert list(weighed(text, [], [unsure, sure])) == [sure]
