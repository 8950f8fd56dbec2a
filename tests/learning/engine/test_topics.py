"""Grouping of short texts: by words and vectors, deterministic, named with words of the texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.learning.engine.topics import Topic, Word, similarity, topics


def words(text: str) -> list[Word]:
    return [Word(part.lower(), part) for part in text.split()]


def apart(size: int) -> np.ndarray:
    """Vectors that have nothing to do with each other."""
    return np.eye(max(size, 1), dtype=np.float32)[:size]


def test_no_texts_have_no_topics():
    assert topics([], apart(0)) == []


def test_one_text_is_of_no_topic():
    assert topics([words("a b")], apart(1)) == [Topic((), (0,))]


def test_texts_that_share_their_words_are_a_topic_named_by_them():
    texts = ["Sound bad", "sound low", "sound lost", "nice hall", "long talk"]
    near = np.full((5, 5), 0.85, np.float32)
    np.fill_diagonal(near, 1)
    vectors = np.linalg.cholesky(near.astype(float)).astype(np.float32)
    found = topics([words(text) for text in texts], vectors)
    assert found[0] == Topic(("sound",), found[0].members)
    assert set(found[0].members) == {0, 1, 2}
    assert found[-1] == Topic((), (3, 4))


def test_label_stands_as_it_stands_most_often():
    same = np.tile(np.array([[1, 0]], np.float32), (3, 1))
    (topic,) = topics([[Word("audio", "音声")], [Word("audio", "音声")], [Word("audio", "オンセイ")]], same)
    assert topic.label == ("音声",)


def test_alike_vectors_without_a_common_word_have_no_name_and_are_no_topic():
    same = np.tile(np.array([[1, 0]], np.float32), (3, 1))
    assert topics([words("a"), words("b"), words("c")], same) == [Topic((), (0, 1, 2))]


def test_vectors_alone_do_not_join_what_is_far_apart():
    assert topics([words("x y"), words("z w"), words("u v")], apart(3)) == [Topic((), (0, 1, 2))]


def test_small_groups_are_told_together():
    same = np.tile(np.array([[1, 0]], np.float32), (2, 1))
    assert topics([words("a"), words("a")], same) == [Topic((), (0, 1))]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="for each text"):
        topics([words("a")], apart(2))


TEXTS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=5), max_size=14)


@settings(max_examples=60)
@given(TEXTS, st.integers(0, 2**31))
def test_every_text_is_in_exactly_one_topic_and_labels_are_its_words(texts, seed):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(len(texts), 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) if len(texts) else 1
    given_words = [[Word(part, part.upper()) for part in text] for text in texts]
    found = topics(given_words, vectors)
    assert sorted(at for topic in found for at in topic.members) == list(range(len(texts)))
    for topic in found:
        surfaces = {word.surface for at in topic.members for word in given_words[at]}
        assert set(topic.label) <= surfaces
        assert not topic.label or len(topic.members) >= 3
    assert topics(given_words, vectors) == found
    similar = similarity(given_words, vectors) if texts else np.zeros((0, 0))
    assert np.allclose(similar, similar.T)
    assert ((similar >= 0) & (similar <= 1 + 1e-9)).all()


@settings(max_examples=30)
@given(TEXTS.filter(lambda texts: len(texts) > 2), st.randoms(use_true_random=False))
def test_order_of_texts_does_not_change_the_groups(texts, rng):
    given_words = [[Word(part, part) for part in text] for text in texts]
    order = list(range(len(texts)))
    rng.shuffle(order)
    vectors = np.tile(np.array([[1, 0]], np.float32), (len(texts), 1))
    one = {frozenset(topic.members) for topic in topics(given_words, vectors)}
    other = topics([given_words[at] for at in order], vectors)
    assert {frozenset(order[at] for at in topic.members) for topic in other} == one
