"""How well the claims check tells what a passage says from what it does not: real bulletins, four kinds of sentence.

    python bench/claims.py [--data DIR] [--json] [--show SET]

The passages are articles of 広報くらしき and 広報あつぎ. Each set was written before the check was measured on it;
all are seen by now (``docs/bench/claims.md`` gives the first looks):

``hand``     sentences about twelve articles, written by hand (``bench/data/claims.jsonl``): said in other words, said
             the other way round, with a figure, date or number changed, and made up
``fresh``    the same about eleven other articles (``bench/data/claims_2.jsonl``), written after the first were known
``third_a``  the same about 33 articles of both towns (``bench/data/claims_3.jsonl``), as a language model sums up an
``third_b``  article for a resident; drawn by lot into two halves within each kind
``fourth``   the same about 23 further articles (``bench/data/claims_4.jsonl``), to mend by between the looks at the
             halves
``fifth``    the same about 14 further articles (``bench/data/claims_5.jsonl``), after half b was known
``sixth``    the same about 12 further articles (``bench/data/claims_6.jsonl``), after the fifth was known
``rule``     sentences of Kurashiki's articles, changed by rule: spelt otherwise (western and era years, 12 and 24
             hours, full-width figures, polite endings), a verb denied, a figure changed, or taken from another article

DIR may be another folder of open data (with ``municipal-bulletin`` in it), or one of claims: then each ``*.jsonl`` in
it is a set of that file's name. A line has ``claim``, ``label``, and either ``passage`` (the text itself, with
``article`` as its title if there is one) or ``article`` and ``published`` of a bulletin.

JSON: for each set and kind ``count`` and ``kept`` (share that the check keeps); ``words_only`` is the same for the
share of content words alone, at the same threshold. Kept ``supported`` should be high, kept others low. A kind without
sentences is left out.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from machi.language.engine.claim_reading import read
from machi.language.engine.claims import COVERAGE, Source, check

HERE = Path(__file__).parent
DATA = Path(os.environ.get("MACHI_DATA", HERE.parent.parent / "shared" / "data"))
KINDS = ("supported", "contradicted", "number_changed", "made_up")
EACH = 60
"""Sentences of each kind made by rule."""
RULE_TOWN = "332020"
"""Kurashiki: Atsugi's notices are lists more than sentences."""


@dataclass(frozen=True)
class Article:
    town: str
    title: str
    published: str
    text: str


@dataclass(frozen=True)
class Pair:
    claim: str
    label: str
    source: Source


def articles(data: Path) -> list[Article]:
    found = []
    for path in sorted((data / "municipal-bulletin").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [
                Article(path.name[:6], r["記事タイトル"], r["公開年月"], r["記事本文"])
                for r in csv.DictReader(file)
            ]
    return found


def by_hand(found: list[Article], file: Path, half: str = "") -> Iterator[Pair]:
    texts: dict[tuple[str, str], str] = {}
    for one in found:  # several notices may share a title; the column is then their text together
        key = (one.title, one.published)
        texts[key] = f"{texts[key]}\n{one.text}" if key in texts else one.text
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            claim, label = str(row["claim"]), KINDS[KINDS.index(row["label"])]
        except (ValueError, KeyError, TypeError) as error:
            raise SystemExit(
                f"{file.name}, line {number}: no claim with one of the labels {KINDS}"
            ) from error
        key = (row.get("article", ""), row.get("published", ""))
        text = row.get("passage") or texts.get(key)
        if text is None:
            raise SystemExit(
                f"{file.name}, line {number}: no passage, and no article {key[0]!r} of {key[1]!r}"
            )
        if row.get("half", "") == half or not half:
            yield Pair(claim, label, Source(1, text, key[0]))


def steady(text: str) -> int:
    """The same order on every machine."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def respelt(sentence: str) -> str:
    changed = re.sub(
        r"令和(\d+)年", lambda m: f"{int(m[1]) + 2018}年", unicodedata.normalize("NFKC", sentence)
    )
    changed = re.sub(r"(?<!\d)1[3-9]時", lambda m: f"午後{int(m[0][:2]) - 12}時", changed)
    changed = re.sub(
        r"\d+", lambda m: m[0].translate(str.maketrans("0123456789", "０１２３４５６７８９")), changed
    )
    for old, new in (
        ("できます", "できる"),
        ("しています", "している"),
        ("ください", "下さい"),
        ("申込", "申し込み"),
    ):
        changed = changed.replace(old, new) if f"{old}み" not in changed else changed
    return changed


_DENIALS = (
    ("できません", "できます"), ("できます", "できません"), ("必要です", "必要ありません"), ("必要。", "不要。"),
    ("しています", "していません"), ("します。", "しません。"), ("あります", "ありません"), ("ありません", "あります"),
    ("無料", "有料"), ("ました。", "ませんでした。"), ("です。", "ではありません。"),
)  # fmt: skip


def denied(sentence: str) -> str:
    for old, new in _DENIALS:
        if old in sentence:
            return new.join(sentence.rsplit(old, 1))
    return sentence


def number_changed(sentence: str) -> str:
    figures = list(re.finditer(r"\d+", sentence))
    if not figures:
        return sentence
    one = figures[steady(sentence) % len(figures)]
    value = str(int(one[0]) + 1 + steady(sentence) % 3)
    return sentence[: one.start()] + value + sentence[one.end() :]


def by_rule(found: list[Article]) -> Iterator[Pair]:
    pool = [
        (sentence, one)
        for one in found
        if one.town == RULE_TOWN
        for sentence in re.findall(r"(?<=[。\n])[^。\n]{18,80}。", "\n" + one.text)
        if re.search(r"[ぁ-ん]{2}", sentence) and "?" not in sentence  # ? stands for a lost 〜 here
    ]
    pool.sort(key=lambda pair: steady(pair[0]))
    changes: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("supported", respelt),
        ("contradicted", denied),
        ("number_changed", number_changed),
    )
    for place, (label, change) in enumerate(changes):
        made = 0
        for sentence, one in pool[place * 1000 :]:
            claim = change(sentence)
            if claim != sentence and made < EACH:
                made += 1
                yield Pair(claim, label, Source(1, one.text, one.title))
    for (sentence, one), (_sentence, other) in list(zip(pool, pool[EACH:], strict=False))[:EACH]:
        if one.title != other.title:
            yield Pair(sentence, "made_up", Source(1, other.text, other.title))


def words_only(pair: Pair) -> bool:
    stems = [word.stem for word in read(pair.claim).words]
    said = {word.stem for word in read(f"{pair.source.context}\n{pair.source.text}").words}
    return bool(stems) and sum(stem in said for stem in stems) / len(stems) >= COVERAGE


def kept(pair: Pair) -> bool:
    return all(one.kept for one in check(pair.claim, [pair.source]))


def measure(pairs: list[Pair], show: bool) -> dict[str, dict[str, float]]:
    result = {}
    for kind in KINDS:
        of_kind = [pair for pair in pairs if pair.label == kind]
        if not of_kind:
            continue
        ours = [kept(pair) for pair in of_kind]
        result[kind] = {
            "count": len(of_kind),
            "kept": round(sum(ours) / len(of_kind), 3),
            "words_only": round(sum(map(words_only, of_kind)) / len(of_kind), 3),
        }
        for pair, was_kept in zip(of_kind, ours, strict=True):
            if show and was_kept != (kind == "supported"):
                for one in check(pair.claim, [pair.source]):
                    print(f"{kind}: {one.why} {one.text} {one.missing}")
    return result


def sets(data: Path) -> Iterator[tuple[str, Iterator[Pair]]]:
    own = sorted(data.glob("*.jsonl"))
    found = articles(data) or articles(DATA)
    if not own and not found:
        raise SystemExit(f"{data}: neither *.jsonl nor municipal-bulletin/*.csv")
    for file in own:
        yield file.stem, by_hand(found, file)
    if not own:
        yield "hand", by_hand(found, HERE / "data" / "claims.jsonl")
        yield "fresh", by_hand(found, HERE / "data" / "claims_2.jsonl")
        for half in "ab":
            yield f"third_{half}", by_hand(found, HERE / "data" / "claims_3.jsonl", half)
        yield "fourth", by_hand(found, HERE / "data" / "claims_4.jsonl")
        yield "fifth", by_hand(found, HERE / "data" / "claims_5.jsonl")
        yield "sixth", by_hand(found, HERE / "data" / "claims_6.jsonl")
        yield "rule", by_rule(found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--show", metavar="SET", help="print each sentence of that set that is judged wrongly"
    )
    given = parser.parse_args()
    result = {name: measure(list(pairs), name == given.show) for name, pairs in sets(given.data)}
    if given.json:
        print(json.dumps(result))
        return
    for name, kinds in result.items():
        for kind, figures in kinds.items():
            shares = f"kept {figures['kept']:.3f}  words only {figures['words_only']:.3f}"
            print(f"{name:8} {kind:15} {figures['count']:4} {shares}")


if __name__ == "__main__":
    main()
