"""Fit ``machi/language/engine/data/confidence.json``: how sure an extracted answer is.

    python bench/fit_confidence.py [--cache DIR] [--write]

Examples: (1) the tune half of ``bench/data/questions.jsonl`` on its towns' sources, right where the answer holds
a key; (2) the same towns' answerable questions put to another town's FAQs, where nothing is right; (3) citizens'
queries of localgovFAQ, right where the answer comes from a FAQ judged to answer (grade 2; grade 1, merely
related, is left out), and again with all relevant FAQs removed, where nothing is right. (2) and (3) need the data
folder ``localgovfaq``. Two models: with embeddings, and by words only.

Prints, for each, AUROC and expected calibration error of five-fold cross-validation by question, and what each
threshold would do. The threshold shipped is the lowest at which at most ``MOST_WRONG`` of the answers given in
cross-validation are wrong: a wrong answer is worse than none.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from answer_corpora import DATA, SOURCES, built, candidates, faq_entries, municipality_entries
from judging import questions, right, shown
from logistic import Floats, auroc, calibration_error, fit_binary, sigmoid

from machi.language.embedding import default_embedder
from machi.language.engine.answer import answer, extract
from machi.language.engine.confidence import FEATURES
from machi.language.engine.types import Candidate
from machi.language.index.store import MunicipalityIndex

TARGET = Path(__file__).parent.parent / "machi" / "language" / "engine" / "data" / "confidence.json"
PENALTY = 3.0
FOLDS = 5
MOST_WRONG = 0.1
FAQ_DEPTH = 30


@dataclass(frozen=True)
class Example:
    figures: dict[str, float]
    right: bool
    group: str
    town: bool
    """From the towns' own questions (else from localgovFAQ)."""
    weight: float


def example(
    question: str, found: Sequence[Candidate], is_right: bool, group: str, town: bool, weight: float
) -> list[Example]:
    figures = extract(question, found[:10]).figures
    return [Example(dict(figures), is_right, group, town, weight)] if figures else []


def town_examples(indexes: dict[str, MunicipalityIndex]) -> list[Example]:
    rows: list[Example] = []
    for question in questions():
        if question.half == "tune":
            found = candidates(indexes[question.municipality], question.question)
            text = shown(answer(question.question, found), found)
            correct = question.answerable and right(question, text)
            rows += example(question.question, found, correct, question.id, town=True, weight=1.0)
    return rows


def faq_examples(index: MunicipalityIndex, folder: Path) -> list[Example]:
    queries: dict[str, str] = json.loads((folder / "queries.json").read_text("utf-8"))
    judged: dict[str, dict[str, int]] = json.loads((folder / "qrels.json").read_text("utf-8"))
    rows: list[Example] = []
    for number, query in queries.items():
        grades = {int(passage): grade for passage, grade in judged.get(number, {}).items()}
        found = candidates(index, query, FAQ_DEPTH)
        chosen = extract(query, found[:10]).chosen
        grade = grades.get(chosen[0].passage.candidate.hit.passage_id, 0) if chosen else 0
        if grade != 1:
            rows += example(query, found, grade == 2, f"faq{number}", town=False, weight=FAQ_WEIGHT)
        without = [candidate for candidate in found if not grades.get(candidate.hit.passage_id)]
        rows += example(query, without, False, f"faq{number}", town=False, weight=FAQ_WEIGHT)
    for question in questions():
        if question.half == "tune" and question.answerable:
            found = candidates(index, question.question)
            rows += example(question.question, found, False, question.id, town=False, weight=FAQ_WEIGHT)
    return rows


FAQ_WEIGHT = 0.15
"""Of an example from localgovFAQ against one of the towns' own: there are seven times as many of them."""


def matrix(rows: Sequence[Example], names: Sequence[str]) -> Floats:
    return np.array([[row.figures[name] for name in names] for row in rows])


def fitted(rows: Sequence[Example], names: Sequence[str]) -> tuple[Floats, float]:
    """Coefficients on the figures as they are; the penalty is on figures of unit variance."""
    y = np.array([float(row.right) for row in rows])
    weights = np.array([row.weight for row in rows])
    x = matrix(rows, names)
    mean = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=weights))
    spread[spread < 1e-9] = 1.0
    coefficients, intercept = fit_binary((x - mean) / spread, y, PENALTY, weights)
    return coefficients / spread, intercept - float(mean @ (coefficients / spread))


def cross_validated(rows: Sequence[Example], names: Sequence[str]) -> Floats:
    groups = sorted({row.group for row in rows})
    fold_of = dict(zip(groups, np.random.default_rng(0).permutation(len(groups)) % FOLDS, strict=True))
    fold = np.array([fold_of[row.group] for row in rows])
    probability = np.empty(len(rows))
    for number in range(FOLDS):
        coefficients, intercept = fitted([r for r, f in zip(rows, fold, strict=True) if f != number], names)
        inside = fold == number
        probability[inside] = sigmoid(
            matrix([r for r, i in zip(rows, inside, strict=True) if i], names) @ coefficients + intercept
        )
    return probability


def threshold_for(probability: Floats, correct: Floats) -> float:
    """The lowest threshold at which at most ``MOST_WRONG`` of the answers given are wrong."""
    for threshold in np.arange(0.3, 0.95, 0.01):
        given = probability >= threshold
        if given.any() and 1 - correct[given].mean() <= MOST_WRONG:
            return round(float(threshold), 2)
    return 0.95


def fit(rows: Sequence[Example], name: str) -> dict[str, object]:
    names = [feature for feature in FEATURES if name == "meaning" or not feature.startswith("cosine")]
    probability = cross_validated(rows, names)
    correct = np.array([float(row.right) for row in rows])
    town = np.array([row.town for row in rows])
    threshold = threshold_for(probability[town], correct[town])
    for label, part in (("towns", town), ("localgovFAQ", ~town)):
        if part.any():
            p, y = probability[part], correct[part]
            print(
                f"{name}, {label}: {part.sum()} examples, AUROC {auroc(p, y):.3f}, ECE {calibration_error(p, y):.3f}"
            )
            for at in sorted({0.3, 0.4, 0.5, 0.6, 0.7, 0.8, threshold}):
                given = p >= at
                print(
                    f"  from {at:.2f}: {int(y[given].sum())} of {int(y.sum())} right, {int((1 - y[given]).sum())} wrong"
                )
    coefficients, intercept = fitted(rows, names)
    return {
        "intercept": round(intercept, 4),
        "threshold": threshold,
        "weights": {feature: round(float(w), 4) for feature, w in zip(names, coefficients, strict=True)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, help="where indexes are kept between runs")
    parser.add_argument("--write", action="store_true", help="ship what was fitted")
    args = parser.parse_args()
    embedder = default_embedder()
    folder = DATA / "localgovfaq"
    models: dict[str, object] = {"embedder": embedder.name}
    with tempfile.TemporaryDirectory() as temporary:
        cache = args.cache or Path(temporary)
        for name in ("meaning", "words"):
            embed = name == "meaning"
            towns = {
                code: built(code, municipality_entries(code), embedder, cache, embed=embed)
                for code in SOURCES
            }
            rows = town_examples(towns)
            if folder.exists():
                corpus = json.loads((folder / "corpus.json").read_text("utf-8"))
                rows += faq_examples(built("faq", faq_entries(corpus), embedder, cache, embed=embed), folder)
            models[name] = fit(rows, name)
    if args.write:
        TARGET.write_text(json.dumps(models, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
