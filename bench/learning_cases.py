"""How well cases are found, and how well cases that tell of the same are told from those that do not.

    python bench/learning_cases.py [--data DIR] [--json]

Needs no network and no database: the sample's eight cases, each written anew by another hand (the same), and each
beside one of the same work with the same tool that tells of something else (not the same); two questions a case in
words of their own, and questions about what no case tells of. All written for this; docs/learning-cases.md gives the
figures.
``--data``: a folder with another ``learning_cases.json`` of the same form.

``--json``: the last line is one JSON object: ``missed_duplicates``, ``false_duplicates`` (of ``pairs``),
``right_first``, ``right_in_three`` (of ``questions``), ``silent_elsewhere`` (of ``elsewhere``: questions that no case
tells of and that show none).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "machi.site.settings")
os.environ.setdefault("MACHI_HOME", tempfile.mkdtemp(prefix="machi-bench-"))
django.setup()

from machi.language.embedding import default_embedder  # noqa: E402
from machi.language.engine.tokens import search_tokens  # noqa: E402
from machi.language.index.store import MunicipalityIndex  # noqa: E402
from machi.learning.engine.cases_duplicates import SAME, likeness, words_in_common  # noqa: E402
from machi.learning.engine.cases_ranking import NEAR, CaseText, case_of, entries, ranked  # noqa: E402
from machi.learning.sample.cases_texts import CASES  # noqa: E402

FILE = "learning_cases.json"
Figures = dict[str, int]


def text_of(given: dict[str, Any]) -> str:
    """As ``cases_duplicates.text_of``: what is compared."""
    return "\n".join(given[name] for name in ("title", "problem", "after"))


def duplicates(data: dict[str, Any]) -> Figures:
    originals = [text_of(given) for _, given in CASES]
    same = [(originals[one["of"]], text_of(one)) for one in data["same"]]
    other = [(originals[one["of"]], text_of(one)) for one in data["other"]]
    apart = list(combinations(originals, 2))
    embed = default_embedder().embed_passages

    def scores(pairs: list[tuple[str, str]]) -> list[tuple[float, float, float]]:
        told = []
        for one, two in pairs:
            first, second = embed([one, two])
            cosine = float(first @ second)
            words = words_in_common(search_tokens(one), search_tokens(two))
            told.append((likeness(0, cosine, words).score, cosine, words))
        return told

    print(f"duplicates, threshold {SAME}")
    figures = {"missed_duplicates": 0, "false_duplicates": 0, "pairs": 0}
    for name, pairs, wanted in (("same", same, True), ("other", other, False), ("apart", apart, False)):
        found = scores(pairs)
        wrong = sum((score >= SAME) != wanted for score, _, _ in found)
        for label, at in (("score", 0), ("cosine", 1), ("words", 2)):
            values = sorted(one[at] for one in found)
            print(
                f"  {name:6}{label:7} {values[0]:.2f} .. {values[len(values) // 2]:.2f} .. {values[-1]:.2f}"
            )
        print(f"  {name:6}wrong   {wrong} of {len(found)}")
        figures["missed_duplicates" if wanted else "false_duplicates"] += wrong
        figures["pairs"] += len(found)
    return figures


def search(data: dict[str, Any]) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        index = MunicipalityIndex(Path(folder), default_embedder())
        for at, (_, given) in enumerate(CASES):
            labels = (str(given["field"].label), str(given["tool"].label), given["system"])
            way = "\n".join((given["before"], given["after"], given["counted_how"]))
            risk = "\n".join((given["risk_checked"], given["risk_result"]))
            index.apply(entries(CaseText(at + 1, 1, given["title"], labels, given["problem"], way, risk)))
        index.embed_missing()
        first = sum(
            bool(found := ranked(index.search(one["q"], 100))) and found[0].key == one["of"] + 1
            for one in data["questions"]
        )
        three = sum(
            one["of"] + 1 in [case.key for case in ranked(index.search(one["q"], 100))[:3]]
            for one in data["questions"]
        )
        print(f"search: right first {first}, within three {three}, of {len(data['questions'])}")
        best, silent = [], 0
        for question in data["elsewhere"]:
            hits = index.search(question, 100)
            best.append(max(hit.cosine or 0.0 for hit in hits))
            shown = [case.key for case in ranked(hits)]
            silent += not shown
            print(f"  elsewhere {best[-1]:.3f} {question}: {len(shown)} shown")
        right = []
        for one in data["questions"]:
            cosines = [
                hit.cosine or 0.0
                for hit in index.search(one["q"], 100)
                if case_of(hit.passage_id)[0] == one["of"] + 1
            ]
            right.append(max(cosines))
        print(
            f"  cosine of the right case {min(right):.3f} .. {sorted(right)[len(right) // 2]:.3f}; NEAR {NEAR}"
        )
        return {
            "right_first": first,
            "right_in_three": three,
            "questions": len(data["questions"]),
            "silent_elsewhere": silent,
            "elsewhere": len(data["elsewhere"]),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    given = json.loads((options.data / FILE).read_text(encoding="utf-8"))
    figures = {**duplicates(given), **search(given)}
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
