"""The probability that an answer is right, and what ships with machi."""

import math

import pytest

from machi.language.engine.answer import answer, extract
from machi.language.engine.confidence import FEATURES, Calibration, Model, shipped_calibration
from machi.language.engine.types import Candidate, Hit

ALWAYS = Model(50.0, {}, 0.5)
NEVER = Model(-50.0, {}, 0.5)


def candidate(
    cosine: float | None, *headings: str, rank: int = 0, title: str = "ごみの出し方", fee: int = 500
) -> Candidate:
    return Candidate(Hit(rank, 1.0 - rank / 10, 3.0, cosine), title, headings, f"手数料：{fee}円")


def test_probability_is_the_logistic_function_of_the_weighted_figures() -> None:
    model = Model(-1.0, {"coverage": 2.0, "focus": 1.0}, 0.5)
    assert model.probability({"coverage": 0.5, "focus": 0.25}) == round(1 / (1 + math.exp(-0.25)), 4)
    assert model.probability({"coverage": 1e9, "focus": 0.0}) == 1.0
    assert model.probability({"coverage": -1e9, "focus": 0.0}) == 0.0


def test_an_answer_not_embedded_yet_is_judged_by_words() -> None:
    by_words = Calibration(meaning=NEVER, words=ALWAYS)
    assert answer("ごみの手数料", [candidate(None)], calibration=by_words).known
    assert not answer("ごみの手数料", [candidate(0.9)], calibration=by_words).known


def test_known_is_decided_at_the_threshold() -> None:
    for threshold, known in ((0.5, True), (0.5001, False)):
        even = Model(0.0, {}, threshold)
        assert answer("ごみの手数料", [candidate(0.9)], calibration=Calibration(even, even)).known is known


def test_every_figure_is_finite_and_named() -> None:
    for question in ("ごみの手数料", "ほげ", "Where?", "手数料手数料"):
        for cosine in (None, 0.5):
            figures = extract(question, [candidate(cosine)]).figures
            assert set(figures) == set(FEATURES)
            assert all(math.isfinite(value) for value in figures.values())


def test_rows_of_a_list_that_the_question_does_not_tell_apart_are_rivals() -> None:
    rows, alike = (
        [
            candidate(0.9, f"{name}体育館", rank=rank, title="AEDの一覧", fee=500 + step * rank)
            for rank, name in enumerate("東西南北中央")
        ]
        for step in (1, 0)
    )
    assert extract("AEDの手数料", rows).figures["rivals"] == 1.0
    assert extract("東体育館のAEDの手数料", rows).figures["rivals"] == 0.0
    assert extract("AEDの手数料", alike).figures["rivals"] == 0.0  # whichever is shown, it says the same
    told = [
        {reason.code for reason in extract(q, rows).reasons} for q in ("AEDの手数料", "東体育館のAEDの手数料")
    ]
    assert ["many_alike" in codes for codes in told] == [True, False]


@pytest.mark.parametrize("model", [shipped_calibration().meaning, shipped_calibration().words])
def test_shipped_models_know_their_figures_and_prefer_better_evidence(model: Model) -> None:
    assert set(model.weights) <= set(FEATURES)
    assert 0.3 <= model.threshold < 1.0
    worst = dict.fromkeys(FEATURES, 0.0) | {"kind_missing": 1.0, "missing_name": 1.0, "kind_asked": 1.0}
    best = dict.fromkeys(FEATURES, 1.0) | {"kind_missing": 0.0, "missing_name": 0.0, "rivals": 0.0}
    best |= {"few_words": 0.2, "cosine_margin": 0.1, "cosine": 0.9}
    assert model.probability(best) > 0.8
    assert model.probability(worst | {"few_words": 0.5}) < 0.3
