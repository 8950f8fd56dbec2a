"""Train the recognisers of names and of dates of birth: ``machi/language/engine/data/personal.json.gz``.

    python bench/fit_personal.py [--parts 1,2,3] [--check 4,5] [--write]

Two linear-chain conditional random fields (CRFsuite, L-BFGS with L1 and L2 penalties): over the characters of a text,
which belong to names; over the dates of a text, which are dates of birth. Trained on the hand-written ``--parts``, on
the same texts with other persons in them (``personal_situations.renamed``), once with names that stand in no list, on
filled situations and dev templates, and on pages of a city that name nobody (localgovFAQ, where its folder is there;
every sixth is left to measure on).

``--check`` trains without one part after the other and prints what is found of it, for several leanings.
python-crfsuite is needed here only; machi itself reads the weights with NumPy.
"""

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer_corpora import DATA
from personal_corpus import Labelled, by_hand, generate
from personal_situations import Situations, renamed, situations

from machi.language.engine.personal import Kind, birth_features, name_features
from machi.language.engine.personal.analyzer import read
from machi.language.engine.personal.chain import Chain, chain
from machi.language.engine.personal.name_trained import OUTSIDE, spans
from machi.language.engine.personal.view import View, view

TARGET = Path(__file__).parent.parent / "machi" / "language" / "engine" / "data" / "personal.json.gz"
PARTS = tuple(str(part) for part in range(1, 19) if part != 9)  # 9 is left to measure on
SITUATIONS, TEMPLATES, PAGES = 3_000, 600, 1_000
LEAN = 0.2
BIRTH_LEAN = 0.0
SCALE = 100
NEVER = -30.0
"""What a step says that no example takes."""
SETTINGS = {
    "names": {"c1": 0.15, "c2": 0.02, "max_iterations": 90, "feature.minfreq": 2},
    "births": {"c1": 0.1, "c2": 0.1, "max_iterations": 120, "feature.minfreq": 2},
}


@dataclass(frozen=True)
class Example:
    """Features and labels of the characters of a text, and of its dates."""

    part: str
    characters: list[list[str]]
    names: list[str]
    dates: list[list[str]]
    births: list[str]


def _in_view(seen: View, one: Labelled, kind: Kind) -> list[tuple[int, int]]:
    found = []
    for start, end, own in one.spans:
        inside = [i for i in range(len(seen.text)) if seen.starts[i] >= start and seen.ends[i] <= end]
        if own is kind and inside:
            found.append((inside[0], inside[-1] + 1))
    return found


def example(part: str, one: Labelled) -> Example:
    seen = view(one.text)
    persons, births = _in_view(seen, one, Kind.PERSON), _in_view(seen, one, Kind.DATE_OF_BIRTH)
    labels = [OUTSIDE] * len(seen.text)
    for start, end in persons:
        labels[start:end] = ["S"] if end - start == 1 else ["B", *"I" * (end - start - 2), "E"]
    words, labelled = read(seen.text)
    days = birth_features.days(seen.text)
    return Example(
        part,
        name_features.features(seen.text, words, labelled),
        labels,
        birth_features.features(seen.text, days, persons),
        [
            "Y" if any(2 * (min(e, d.end) - max(s, d.start)) >= d.end - d.start for s, e in births) else "N"
            for d in days
        ],
    )


def pages() -> Iterator[Labelled]:
    path = DATA / "localgovfaq" / "corpus.json"
    if path.exists():
        corpus = json.loads(path.read_text("utf-8"))
        texts = map(str, corpus.values() if isinstance(corpus, dict) else corpus)
        kept = [text for index, text in enumerate(texts) if index % 6 and len(text) < 400]
        # さん and 様 in a page of questions may be somebody's; such pages are left out.
        yield from (Labelled(text, ()) for text in kept if "さん" not in text)


def examples(parts: Sequence[str]) -> Iterator[Example]:
    source = Situations(7)
    for part in parts:
        texts = by_hand(part)
        named = [one for one in texts if any(kind is Kind.PERSON for _, _, kind in one.spans)]
        yield from (example(part, one) for one in texts)
        yield from (example(f"{part} renamed", renamed(one, source)) for one in named)
        yield from (example(f"{part} rare", renamed(one, source, rare=True)) for one in named)
    yield from (example("situation", one) for one in situations(SITUATIONS))
    yield from (example("template", one) for one in generate("dev", TEMPLATES, 5))
    yield from (example("page", one) for one, _ in zip(pages(), range(PAGES), strict=False))


def fitted(
    rows: Sequence[tuple[list[list[str]], list[str]]], settings: Mapping[str, float]
) -> dict[str, Any]:
    """The chain that explains ``rows``, as it is shipped."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for features, labels in rows:
        trainer.append(features, labels)
    trainer.set_params(dict(settings))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
    labels = sorted(info.labels)
    table: dict[str, list[int]] = {}
    for (name, label), weight in sorted(info.state_features.items()):
        table.setdefault(name, [0] * len(labels))[labels.index(label)] = round(SCALE * weight)
    steps = [[round(SCALE * info.transitions.get((a, b), NEVER)) for b in labels] for a in labels]
    used = {name: weights for name, weights in table.items() if any(weights)}
    return {"scale": SCALE, "labels": labels, "steps": steps, "features": used}


def marked(model: Chain, features: list[list[str]], inside: str, lean: float) -> list[str]:
    scores = model.scores(features)
    scores[:, model.labels.index(inside)] -= lean
    return [model.labels[k] for k in model.best(scores)]


def check(data: Mapping[str, Any], own: Sequence[Example]) -> None:
    """Recall and precision of both chains, for several leanings."""
    names, births = chain(data["names"]), chain(data["births"])
    for lean in (0.0, 0.5, 1.0, 1.5):
        pieces = hit = rung = right = 0
        for one in own:
            gold = list(spans(one.names))
            found = list(spans(marked(names, one.characters, OUTSIDE, lean)))
            covered = {i for s, e in found for i in range(s, e)}
            belongs = {i for s, e in gold for i in range(s, e)}
            pieces, rung = pieces + len(gold), rung + len(found)
            hit += sum(covered >= set(range(s, e)) for s, e in gold)
            right += sum(2 * len(belongs & set(range(s, e))) >= e - s for s, e in found)
        print(
            f"names, lean {lean}: recall {hit / pieces:.3f}, precision {right / max(rung, 1):.3f}, {pieces} pieces"
        )
        pairs = [
            pair
            for one in own
            if one.dates
            for pair in zip(one.births, marked(births, one.dates, "N", lean), strict=True)
        ]
        yes = sum(a == "Y" for a, _ in pairs)
        both, said = pairs.count(("Y", "Y")), sum(b == "Y" for _, b in pairs)
        recall, precision = both / max(yes, 1), both / max(said, 1)
        print(f"births, lean {lean}: recall {recall:.3f}, precision {precision:.3f}, {yes} pieces")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--check", default="")
    parser.add_argument("--write", action="store_true", help="ship what was fitted")
    args = parser.parse_args()
    every = list(examples(args.parts.split(",")))
    for part in args.check.split(","):
        rows = [one for one in every if not part or one.part.split(" ")[0] != part]
        data: dict[str, Any] = {
            "names": {"lean": LEAN}
            | fitted([(r.characters, r.names) for r in rows if r.characters], SETTINGS["names"]),
            "births": {"lean": BIRTH_LEAN}
            | fitted([(r.dates, r.births) for r in rows if r.dates], SETTINGS["births"]),
        }
        if part:
            print(f"part {part}, trained without it")
            check(data, [one for one in every if one.part == part])
    print({name: len(own["features"]) for name, own in data.items()}, "features")
    if args.write:
        TARGET.write_bytes(gzip.compress(json.dumps(data, ensure_ascii=False).encode(), mtime=0))


if __name__ == "__main__":
    main()
