"""A small corpus of the benchmark's, so that a change that finds less fails here (docs/bench has the figures)."""

import importlib
import sys
from collections import Counter
from pathlib import Path

import pytest

from machi.language.engine.personal import ALL, NUMBERS, Kind, find, find_numbers

sys.path.insert(0, str(Path(__file__).parents[4] / "bench"))
corpora = importlib.import_module("personal_corpus")

COUNT = 180


@pytest.fixture(scope="module")
def scores():
    pieces, hit, spans, right = Counter[Kind](), Counter[Kind](), Counter[Kind](), Counter[Kind]()
    for one in corpora.generate("test", COUNT, seed=3):
        found = [(f.kind, f.start, f.end) for f in find(one.text, ALL)]
        for start, end, kind in one.spans:
            pieces[kind] += 1
            hit[kind] += any(k is kind and s <= start and end <= e for k, s, e in found)
        for kind, start, end in found:
            spans[kind] += 1
            right[kind] += any(k is kind and s < end and start < e for s, e, k in one.spans)
    return pieces, hit, spans, right


def test_numbers_are_found(scores):
    pieces, hit, _, _ = scores
    numbers = NUMBERS | {Kind.DATE_OF_BIRTH}
    assert sum(hit[kind] for kind in numbers) >= 0.98 * sum(pieces[kind] for kind in numbers)


def test_names_and_addresses_are_found(scores):
    pieces, hit, _, _ = scores
    assert hit[Kind.PERSON] >= 0.92 * pieces[Kind.PERSON]
    assert hit[Kind.ADDRESS] >= 0.95 * pieces[Kind.ADDRESS]


def test_little_else_rings(scores):
    _, _, spans, right = scores
    assert sum(right.values()) >= 0.97 * sum(spans.values())


def test_without_the_model_numbers_are_found_as_well():
    for one in corpora.generate("dev", COUNT, seed=4):
        found = {(f.start, f.end) for f in find_numbers(one.text, NUMBERS) if f.kind is Kind.TELEPHONE}
        expected = {(s, e) for s, e, k in one.spans if k is Kind.TELEPHONE}
        assert expected <= found, one.text


def test_texts_written_by_hand_are_read_as_well():
    """Every fourth text of parts four, five and seven; the last is not trained on."""
    pieces, hit, spans, right = Counter[Kind](), Counter[Kind](), 0, 0
    for one in [*corpora.by_hand("4"), *corpora.by_hand("5"), *corpora.by_hand("7")][::4]:
        found = [(f.kind, f.start, f.end) for f in find(one.text, ALL)]
        for start, end, kind in one.spans:
            pieces[kind] += 1
            hit[kind] += any(k is kind and s <= start and end <= e for k, s, e in found)
        spans += len(found)
        right += sum(
            any(k is kind and s < end and start < e for s, e, k in one.spans) for kind, start, end in found
        )
    assert hit[Kind.PERSON] >= 0.95 * pieces[Kind.PERSON]
    assert hit[Kind.DATE_OF_BIRTH] >= 0.93 * pieces[Kind.DATE_OF_BIRTH]
    assert hit[Kind.ADDRESS] >= 0.95 * pieces[Kind.ADDRESS]
    assert right >= 0.96 * spans
