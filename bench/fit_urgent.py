"""Fit and measure the ear for emergencies that no pattern foresaw.

One linear classifier a kind over the universal sentence encoder's vectors, trained on the dev part of
``bench/data/urgent.jsonl`` (our own sentences), our own everyday questions (``questions.jsonl`` and the dev part of
``everyday.jsonl``) and titles of the shipped bulletins. Measured on the held-out sentences, which neither the
patterns nor the classifier were made with, on the citizens' queries of localgovFAQ (real questions, none an
emergency of the moment), and on the held-out everyday matters.

    python bench/fit_urgent.py [--write] [--json]

JSON keys: ``held_out`` and ``queries`` (how many), ``recall`` (share of held-out emergencies noticed),
``right_kind`` (share noticed with their own kind), ``false_alarms`` (share of queries that ring), ``everyday`` (share
of the held-out everyday matters that ring), each for ``rules``, ``model`` and ``both``.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
from answer_corpora import DATA
from logistic import fit_binary, sigmoid

from machi.frontdesk.engine.urgent import EMBEDDER, Ear, urgencies
from machi.language.embedding import UniversalSentenceEncoder

HERE = Path(__file__).parent
TARGET = HERE.parent / "machi" / "frontdesk" / "engine" / "data" / "urgent_ear.npz"
PENALTY = 0.1
FALSE_ALARMS = 0.02
"""Share of everyday training texts (left out in turn) that may ring: sets the threshold."""
FOLDS = 5


def chosen(part: str) -> list[str]:
    """Everyday matters that sound urgent to a machine (a sofa to be thrown away), of one part."""
    lines = (HERE / "data" / "everyday.jsonl").read_text("utf-8").splitlines()
    return [row["text"] for row in map(json.loads, lines) if row["part"] == part]


def everyday() -> list[str]:
    """Texts that are no emergency: our own questions and the titles of the shipped bulletins."""
    lines = (HERE / "data" / "questions.jsonl").read_text("utf-8").splitlines()
    texts = chosen("dev") + [question["question"] for question in map(json.loads, lines)]
    for path in sorted(DATA.glob("municipal-bulletin/*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            texts += [row["記事タイトル"] for row in csv.DictReader(file)]
    return sorted(set(texts))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="ship the fitted coefficients")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = [json.loads(line) for line in (HERE / "data" / "urgent.jsonl").read_text("utf-8").splitlines()]
    dev = [row for row in rows if row["part"] == "dev"]
    kinds = sorted({row["kind"] for row in dev if row["kind"]})
    # Texts that the patterns ring for are no everyday texts to learn from: some are warnings.
    calm = [row["text"] for row in dev if not row["kind"]] + [
        text for text in everyday() if not urgencies(text)
    ]
    embedder = UniversalSentenceEncoder()
    assert embedder.name == EMBEDDER
    x = embedder.embed_queries([row["text"] for row in dev if row["kind"]] + calm).astype(float)
    labels = np.array([row["kind"] for row in dev if row["kind"]] + [""] * len(calm))
    mean = x.mean(0)
    x -= mean
    urgent = (labels != "").astype(float)
    folds = np.random.default_rng(0).integers(0, FOLDS, len(x))
    left_out = np.empty(len(x))
    for fold in range(FOLDS):
        weights, intercept = fit_binary(x[folds != fold], urgent[folds != fold], PENALTY)
        left_out[folds == fold] = x[folds == fold] @ weights + intercept
    threshold = float(np.quantile(left_out[urgent == 0], 1 - FALSE_ALARMS))
    weights, intercept = fit_binary(x, urgent, PENALTY)
    among = urgent == 1
    per_kind = [fit_binary(x[among], (labels[among] == kind).astype(float), PENALTY) for kind in kinds]
    ear = Ear(
        weights=weights.astype(np.float32),
        bias=float(intercept - mean @ weights - threshold),
        kinds=tuple(kinds),
        kind_weights=np.array([w for w, _ in per_kind], np.float32),
        kind_biases=np.array([b - mean @ w for w, b in per_kind], np.float32),
    )
    if args.write:
        ear.save(TARGET)
    report(ear, [row for row in rows if row["part"] == "held-out"], embedder, args.json, left_out, urgent)


def report(ear, held_out, embedder, as_json, left_out, urgent) -> None:  # type: ignore[no-untyped-def]
    queries = list(json.loads((DATA / "localgovfaq" / "queries.json").read_text("utf-8")).values())
    result: dict[str, object] = {"held_out": len(held_out), "queries": len(queries)}
    for name in ("rules", "model", "both"):

        def heard(text: str, name: str = name) -> list[str]:
            rules = [] if name == "model" else [urgency.kind for urgency in urgencies(text)]
            if name == "rules" or rules:
                return rules
            return list(ear.hears(embedder.embed_queries([text])[0]))

        found = [(row["kind"], heard(row["text"])) for row in held_out]
        result[name] = {
            "recall": round(float(np.mean([bool(kinds) for _, kinds in found])), 3),
            "right_kind": round(float(np.mean([kind in kinds for kind, kinds in found])), 3),
            "false_alarms": round(float(np.mean([bool(heard(text)) for text in queries])), 4),
            "everyday": round(float(np.mean([bool(heard(text)) for text in chosen("held-out")])), 4),
        }
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    print(
        f"dev, left out in turn: mean probability of an emergency {sigmoid(left_out[urgent == 1]).mean():.3f}"
    )
    print(
        f"| {len(held_out)} held-out emergencies, {len(queries)} queries, {len(chosen('held-out'))} everyday matters"
        " | recall | right kind | queries that ring | everyday matters that ring |"
    )
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in ("rules", "model", "both"):
        row = result[name]
        figures = f"{row['recall']:.3f} | {row['right_kind']:.3f} | {row['false_alarms']:.4f}"  # type: ignore[index]
        print(f"| {name} | {figures} | {row['everyday']:.4f} |")  # type: ignore[index]


if __name__ == "__main__":
    main()
