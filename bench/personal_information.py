"""How well personal information is found: machi beside Presidio as it comes and plain regular expressions.

    python bench/personal_information.py [--part test|dev|styles-1|...|styles-18] [--count 1200] [--seed 1]
                                         [--data DIR] [--ours-only] [--errors] [--json]

The sentences are made by ``personal_corpus.py``: forms, e-mails, notes of calls, minutes, notices and logs, with
names and places from public lists and made-up numbers, among them hard negatives. machi's rules were written with
the dev part; the test part shares no template, name or municipality with it. The parts styles-1 to styles-18 are
texts written whole by hand (letters, chats, tables, scans and more), without templates. ``--data`` measures on the
labelled ``*.jsonl`` of a folder instead. ``--errors`` shows what was missed or rang wrongly (look only at parts that
the rules are written with).

A piece is found where every character of it lies in spans of its kind. A span is right where at least half of it
lies in a piece of its kind. If the folder of real data is there, also: how often each kind rings in the 1,786 FAQs
of a city (localgovFAQ), which hold no resident's data.

JSON keys: ``sentences``, ``pieces``; ``machi``, ``presidio``, ``plain``: for each kind ``recall``, ``precision``,
``f1``, ``pieces``, ``spans``, and ``ALL``; ``covered`` (share of pieces that lie in spans of any kind: what masking
hides), ``exact`` (share whose span is exactly right), ``milliseconds`` a sentence; ``faq_rings`` (kind: count).
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from answer_corpora import DATA
from personal_corpus import Labelled, by_hand, generate, load
from personal_rivals import Spans, plain, presidio

from machi.language.engine.personal import ALL, NUMBERS, Kind, find

PARTS = ("test", "dev", *(f"styles-{number}" for number in range(1, 19)))
NEVER_IN_FAQ = NUMBERS - {Kind.TELEPHONE, Kind.EMAIL, Kind.POSTAL_CODE} | {Kind.PERSON, Kind.DATE_OF_BIRTH}


def ours(text: str) -> Spans:
    return [(one.start, one.end, one.kind) for one in find(text, ALL)]


def _within(piece: tuple[int, int], spans: Sequence[tuple[int, int]]) -> int:
    """How many characters of ``piece`` lie in ``spans``."""
    inside = {i for start, end in spans for i in range(max(start, piece[0]), min(end, piece[1]))}
    return len(inside)


def measure(
    finder: Callable[[str], Spans], corpus: Sequence[Labelled], *, errors: bool = False
) -> dict[str, object]:
    """The figures of one system over ``corpus``; see the module's JSON keys."""
    pieces, hit, spans, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    covered = exact = 0
    began = time.perf_counter()
    answers = [finder(one.text) for one in corpus]
    spent = time.perf_counter() - began
    for one, found in zip(corpus, answers, strict=True):
        for start, end, kind in one.spans:
            pieces[kind] += 1
            own = [(s, e) for s, e, k in found if k is kind]
            whole = _within((start, end), own) == end - start
            hit[kind] += whole
            exact += (start, end) in own
            covered += _within((start, end), [(s, e) for s, e, _ in found]) == end - start
            if errors and not whole:
                print(
                    f"missed {kind} 「{one.text[start:end]}」 in {one.text!r}: {[one.text[s:e] for s, e, _ in found]}"
                )
        for start, end, kind in found:
            spans[kind] += 1
            good = 2 * _within((start, end), [(s, e) for s, e, k in one.spans if k is kind]) >= end - start
            right[kind] += good
            if errors and not good:
                print(f"wrong {kind} 「{one.text[start:end]}」 in {one.text!r}")
    figures: dict[str, object] = {
        kind: _scores(hit[kind], pieces[kind], right[kind], spans[kind])
        for kind in Kind
        if pieces[kind] or spans[kind]
    }
    figures["ALL"] = _scores(hit.total(), pieces.total(), right.total(), spans.total())
    figures["covered"] = covered / pieces.total()
    figures["exact"] = exact / pieces.total()
    figures["milliseconds"] = 1000 * spent / len(corpus)
    return figures


def _scores(hit: int, pieces: int, right: int, spans: int) -> dict[str, float]:
    recall, precision = hit / pieces if pieces else 0.0, right / spans if spans else 0.0
    f1 = 2 * recall * precision / (recall + precision) if recall + precision else 0.0
    return {"recall": recall, "precision": precision, "f1": f1, "pieces": pieces, "spans": spans}


def faq_rings() -> dict[str, int]:
    path = DATA / "localgovfaq" / "corpus.json"
    if not path.exists():
        return {}
    corpus = json.loads(path.read_text("utf-8"))
    texts = corpus.values() if isinstance(corpus, dict) else [str(row) for row in corpus]
    return dict(Counter(one.kind for text in texts for one in find(str(text)) if one.kind in NEVER_IN_FAQ))


def _table(results: dict[str, dict[str, object]]) -> None:
    print(f"{'':22}{'pieces':>7}" + "".join(f"{name:>22}" for name in results))
    print(f"{'':29}" + f"{'recall  prec.    F1':>22}" * len(results))
    for kind in (*Kind, "ALL"):
        rows = [figures.get(kind) for figures in results.values()]
        if rows[0] is None:
            continue
        cells = "".join(
            f"{row['recall']:>10.3f}{row['precision']:>6.3f}{row['f1']:>6.3f}"
            if isinstance(row, dict)
            else f"{'-':>22}"
            for row in rows
        )
        print(f"{kind:22}{rows[0]['pieces']:>7}{cells}")  # type: ignore[index]
    for key in ("covered", "exact", "milliseconds"):
        print(f"{key:29}" + "".join(f"{figures[key]:>22.3f}" for figures in results.values()))


def _corpus(part: str, count: int, seed: int) -> list[Labelled]:
    return (
        by_hand(part.removeprefix("styles-")) if part.startswith("styles-") else generate(part, count, seed)
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, default="test")
    parser.add_argument("--count", type=int, default=1_200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    corpus = load(args.data) if args.data else _corpus(args.part, args.count, args.seed)
    find("最初の一回は数秒かかる")
    results = {"machi": measure(ours, corpus, errors=args.errors)}
    if not args.ours_only:
        results |= {"presidio": measure(presidio(), corpus), "plain": measure(plain, corpus)}
    pieces = sum(len(one.spans) for one in corpus)
    rings = {} if args.ours_only else faq_rings()
    print(f"{len(corpus)} sentences, {pieces} pieces of personal information")
    _table(results)
    if rings:
        print("rings in 1,786 FAQs:", rings)
    if args.json:
        print(json.dumps({"sentences": len(corpus), "pieces": pieces, **results, "faq_rings": rings}))


if __name__ == "__main__":
    main()
