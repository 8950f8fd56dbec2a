"""How well the front desk answers: 385 hand-written questions over real bulletins and open data.

    python bench/answers.py [--half test|tune] [--words-only] [--cache DIR] [--json]

Questions are in ``bench/data/questions.jsonl``: 239 answerable ones with key strings, 146 that the sources do not
answer (absent matters, near misses, other towns, nonsense, chat, injections); 25 of them in English. A question
belongs to the half that its document's hash says; of 96 everyday questions added later, those whose answers were
looked at while writing are in the tune half, the others in the test half. All tuning was done on the tune half.

JSON keys: ``answerable`` and ``unanswerable`` (how many questions); for ``machi`` and ``baseline`` each
``right`` (share of the answerable answered with a key), ``wrong`` (share answered without one), ``silent`` (share
not answered), ``refused`` (share of the unanswerable not answered), ``auroc`` (how well the confidence tells
right answers from all others), ``calibration_error`` (expected, ten bins); ``curve`` (machi's right, wrong and
refused at other thresholds); ``unanswerable_kinds`` (refused by kind).
The baseline shows the first three sentences of the best passage where its cosine (by words: BM25) passes a
fixed threshold: the lowest that refuses as many of the tune half's unanswerable questions as machi does.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from answer_corpora import SOURCES, built, candidates, municipality_entries
from judging import Question, questions, right, shown
from logistic import auroc, calibration_error

from machi.language.embedding import default_embedder
from machi.language.engine.answer import answer
from machi.language.engine.sentences import sentence_ends
from machi.language.engine.types import Candidate

CURVE = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Outcome:
    """What one system made of one question."""

    question: Question
    confidence: float
    known: bool
    right: bool


def ours(question: Question, found: list[Candidate]) -> Outcome:
    given = answer(question.question, found)
    return Outcome(question, given.confidence, given.known, right(question, shown(given, found)))


def first_sentences(text: str, count: int = 3) -> str:
    ends = list(sentence_ends(text))[:count]
    return text[: ends[-1]] if ends else ""


def baseline(question: Question, found: list[Candidate], threshold: float) -> Outcome:
    if not found:
        return Outcome(question, 0.0, known=False, right=False)
    best = found[0]
    score = best.hit.bm25 if best.hit.cosine is None else best.hit.cosine
    text = "\n".join((*best.headings[-1:], first_sentences(best.text)))
    return Outcome(question, score, score >= threshold, right(question, text))


def summary(outcomes: list[Outcome]) -> dict[str, float]:
    asked = [o for o in outcomes if o.question.answerable]
    other = [o for o in outcomes if not o.question.answerable]
    confidence = np.array([o.confidence for o in outcomes])
    correct = np.array([float(o.question.answerable and o.right) for o in outcomes])
    return {
        "right": float(np.mean([o.known and o.right for o in asked])),
        "wrong": float(np.mean([o.known and not o.right for o in asked])),
        "silent": float(np.mean([not o.known for o in asked])),
        "refused": float(np.mean([not o.known for o in other])),
        "auroc": auroc(confidence, correct),
        "calibration_error": calibration_error(np.clip(confidence, 0, 1), correct),
    }


def same_refusals(tuned: list[Outcome], refused: float) -> float:
    """The lowest threshold at which at least the share ``refused`` of the unanswerable is not answered."""
    scores = sorted(o.confidence for o in tuned if not o.question.answerable)
    return float(np.nextafter(scores[max(0, int(np.ceil(refused * len(scores))) - 1)], np.inf))


def measure(found: dict[str, list[Candidate]], half: str) -> dict[str, object]:
    everything = questions()
    part = [question for question in everything if question.half == half]
    tune = [question for question in everything if question.half == "tune"]
    refused = summary([ours(question, found[question.id]) for question in tune])["refused"]
    threshold = same_refusals([baseline(question, found[question.id], 0.0) for question in tune], refused)
    machi = [ours(question, found[question.id]) for question in part]
    kinds = sorted({q.kind for q in part if not q.answerable})
    return {
        "half": half,
        "answerable": sum(q.answerable for q in part),
        "unanswerable": sum(not q.answerable for q in part),
        "machi": summary(machi),
        "baseline": summary([baseline(q, found[q.id], threshold) for q in part]),
        "curve": {
            str(at): {
                key: value
                for key, value in summary(
                    [Outcome(o.question, o.confidence, o.confidence >= at, o.right) for o in machi]
                ).items()
                if key in ("right", "wrong", "refused")
            }
            for at in CURVE
        },
        "unanswerable_kinds": {
            kind: float(np.mean([not o.known for o in machi if o.question.kind == kind])) for kind in kinds
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=("test", "tune"), default="test")
    parser.add_argument("--words-only", action="store_true", help="as before any passage is embedded")
    parser.add_argument("--cache", type=Path, help="where indexes are kept between runs")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = args.cache or Path(folder)
        indexes = {
            code: built(
                code, municipality_entries(code), default_embedder(), cache, embed=not args.words_only
            )
            for code in SOURCES
        }
        found = {q.id: candidates(indexes[q.municipality], q.question) for q in questions()}
    result = measure(found, args.half)
    print(json.dumps(result, indent=2) if args.json else table(result))


def table(result: dict[str, object]) -> str:
    lines = [
        f"{result['half']} half: {result['answerable']} answerable, {result['unanswerable']} unanswerable questions",
        "",
        "| | answered right | answered wrong | silent | unanswerable refused | AUROC | calibration error |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in ("machi", "baseline"):
        row = result[name]
        assert isinstance(row, dict)
        shares = " | ".join(f"{row[key]:.1%}" for key in ("right", "wrong", "silent", "refused"))
        error = f"{row['calibration_error']:.3f}" if name == "machi" else "–"
        lines.append(f"| {name} | {shares} | {row['auroc']:.3f} | {error} |")
    lines += [
        "",
        "| threshold | answered right | answered wrong | unanswerable refused |",
        "| ---: | ---: | ---: | ---: |",
    ]
    curve = result["curve"]
    assert isinstance(curve, dict)
    for at, row in curve.items():
        lines.append(f"| {at} | {row['right']:.1%} | {row['wrong']:.1%} | {row['refused']:.1%} |")
    kinds = result["unanswerable_kinds"]
    assert isinstance(kinds, dict)
    lines += ["", "Refused by kind: " + ", ".join(f"{kind} {share:.0%}" for kind, share in kinds.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
