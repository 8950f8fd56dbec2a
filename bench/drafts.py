"""Drafts, summaries, easier words and minutes: what has a true source, and what of the matter is kept.

    python bench/drafts.py [--sumy DIR] [--data DIR] [--json]

Four measurements in one run, all on what is shipped or lies in the shared data folder (``MACHI_DATA``):

* ``drafts``: for each answerable question of ``bench/data/questions.jsonl`` a part of a draft of at most 4 sentences is
  extracted from the passages found (by words), beside the first 4 sentences of the best passage. ``true_source``: share
  of sentences that stand, character for character, at the place they cite; ``key``: share of drafts that hold a key.
* ``summaries``: 14 bulletin articles with hand-written keys (``bench/data/summary_keys.json``): the share of keys kept
  in a summary of at most 30 % (and 20 %) of the article's characters: machi's key sentences, the article's beginning
  (lead), and sumy's LexRank and TextRank where ``--sumy`` names the folder that sumy is installed in. ``page``: what
  machi's page shows (key sentences, duties, figures, days), whatever its length.
* ``easy``: the same articles rewritten in easier words: share of sentences that keep every date, time, figure, name and
  code of the sentence they come from.
* ``minutes``: precision and recall on hand-written transcripts (``bench/drafts_minutes.py``), one key for each half
  that the ``minutes*.txt`` of ``--data`` (``bench/data``) name: ``tune``, ``unseen``, ``fresh``, ``hand1`` ...

JSON keys: these four, each with its figures; ``seconds`` of each.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from answer_corpora import DATA, SOURCES, built, candidates, municipality_entries
from drafts_minutes import DATA as MINUTES
from drafts_minutes import halves, transcripts
from judging import contains, questions

from machi.casework.engine.draft_easy import rewrite
from machi.casework.engine.draft_extract import Passage, extracted
from machi.casework.engine.summary import key_sentences, summarise
from machi.frontdesk.engine.reading import read
from machi.language.embedding import default_embedder
from machi.language.engine.claim_facts import stands
from machi.language.engine.claim_reading import read as facts_of
from machi.language.engine.passages import document_text
from machi.language.engine.sentences import sentence_ends

KEYS = Path(__file__).parent / "data" / "summary_keys.json"
SENTENCES = 4
SHARES = (0.2, 0.3)


def drafts() -> dict[str, Any]:
    ours, lead = {"sentences": 0, "true": 0, "key": 0}, {"sentences": 0, "true": 0, "key": 0}
    asked = [one for one in questions() if one.answerable and not one.question.isascii()]
    with tempfile.TemporaryDirectory() as cache:
        for code in SOURCES:
            index = built(code, municipality_entries(code), default_embedder(), Path(cache), embed=False)
            for question in (one for one in asked if one.municipality == code):
                found = candidates(index, question.question, k=8)
                passages = [Passage(c.hit.passage_id, c.title, c.headings, c.text) for c in found]
                texts = {one.id: one.text for one in passages}
                made = extracted(question.question, passages, SENTENCES)
                true = [one for one in made if texts[one.passage][one.start : one.end] == one.text]
                _add(ours, [one.text for one in made], len(true), question.keys)
                first = _sentences(passages[0].text)[:SENTENCES] if passages else []
                _add(lead, first, len(first), question.keys)
    return {
        "questions": len(asked),
        **{name: _shares(one, len(asked)) for name, one in (("machi", ours), ("lead", lead))},
    }


def _add(told: dict[str, int], sentences: Sequence[str], true: int, keys: Sequence[str]) -> None:
    told["sentences"] += len(sentences)
    told["true"] += true
    told["key"] += any(contains("\n".join(sentences), key) for key in keys)


def _shares(told: dict[str, int], of: int) -> dict[str, float]:
    return {
        "sentences": told["sentences"],
        "true_source": round(told["true"] / told["sentences"], 4) if told["sentences"] else 0.0,
        "key": round(told["key"] / of, 4),
    }


def articles() -> list[tuple[str, str, list[str]]]:
    """Title, text and keys."""
    wanted = json.loads(KEYS.read_text("utf-8"))["articles"]
    found = []
    for path in sorted((DATA / "municipal-bulletin").glob("*.csv")):
        # Some of the names have their dakuten as characters of their own.
        mine = [one for one in wanted if one["issue"] in unicodedata.normalize("NFC", path.name)]
        documents = read(path.name, path.read_bytes()).documents if mine else ()
        for one in mine:
            text = next(document_text(d.blocks) for d in documents if d.title == one["title"])
            missing = [key for key in one["keys"] if not contains(text, key)]
            if missing:
                raise SystemExit(f"{one['title']}: no such words: {missing}")
            found.append((one["title"], text, one["keys"]))
    assert len(found) == len(wanted)
    return found


Summariser = Callable[[str, str, int], list[str]]
"""Title, text, number of sentences -> sentences."""


def _lead(_title: str, text: str, count: int) -> list[str]:
    return _sentences(text)[:count]


def _ours(title: str, text: str, count: int) -> list[str]:
    return [one.text for one in key_sentences(text, title, count)]


def _sumy(name: str) -> Summariser:
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer

    summariser = {"sumy LexRank": LexRankSummarizer, "sumy TextRank": TextRankSummarizer}[name]()

    def summarised(_title: str, text: str, count: int) -> list[str]:
        document = PlaintextParser.from_string(text, Tokenizer("japanese")).document
        return [str(one) for one in summariser(document, count)]

    return summarised


def within(made: Summariser, title: str, text: str, most: int) -> list[str]:
    """The longest summary of at most ``most`` characters; a single sentence at least."""
    best = made(title, text, 1)
    for count in range(2, 60):
        longer = made(title, text, count)
        if sum(map(len, longer)) > most or len(longer) < count:
            break
        best = longer
    return best


def summaries(with_sumy: bool) -> dict[str, Any]:
    systems: dict[str, Summariser] = {"machi": _ours, "lead": _lead}
    if with_sumy:
        systems |= {name: _sumy(name) for name in ("sumy LexRank", "sumy TextRank")}
    told = articles()
    wanted = sum(len(keys) for _title, _text, keys in told)
    result: dict[str, Any] = {"articles": len(told), "keys": wanted}
    for name, made in systems.items():
        figures: dict[str, float] = {}
        sentences = true = 0
        for share in SHARES:
            kept = 0
            for title, text, keys in told:
                summary = within(made, title, text, round(len(text) * share))
                kept += sum(contains("\n".join(summary), key) for key in keys)
                sentences += len(summary)
                # Without white space: a summariser may join lines, and that alone is no false source.
                true += sum("".join(one.split()) in "".join(text.split()) for one in summary)
            figures[f"coverage_{round(share * 100)}"] = round(kept / wanted, 4)
        result[name] = {**figures, "true_source": round(true / sentences, 4)}
    kept, length = 0, 0.0
    for title, text, keys in told:
        found = summarise(text, title)
        page = dict.fromkeys(one.text for one in found.sentences)
        page |= dict.fromkeys(one.text for one in found.duties)
        page |= dict.fromkeys(one.sentence for one in found.figures)
        page |= dict.fromkeys(one.sentence for one in found.days)
        kept += sum(contains("\n".join(page), key) for key in keys)
        length += sum(map(len, page)) / len(text)
    result["page"] = {"coverage": round(kept / wanted, 4), "length": round(length / len(told), 4)}
    return result


def easy() -> dict[str, Any]:
    sentences = kept = changes = 0
    lost: list[str] = []
    for _title, text, _keys in articles():
        rewritten, changed = rewrite(text)
        changes += len(changed)
        for one in rewritten:
            before, after = facts_of(text[one.start : one.end]).facts, facts_of(one.text).facts
            sentences += 1
            gone = [fact for fact in before if not stands(fact, after)]
            kept += not gone
            lost += [f"{fact}: {one.text}" for fact in gone]
    return {
        "sentences": sentences,
        "facts_kept": round(kept / sentences, 4),
        "changes": changes,
        "lost": lost,
    }


def minutes(data: Path) -> dict[str, Any]:
    found = halves(list(transcripts(data)))
    return {half: {name: one.as_dict() for name, one in scores.items()} for half, scores in found.items()}


def _sentences(text: str) -> list[str]:
    found, start = [], 0
    for end in sentence_ends(text):
        if sentence := text[start:end].strip():
            found.append(sentence)
        start = end
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sumy", type=Path, help="folder that sumy and tinysegmenter are installed in")
    parser.add_argument("--data", type=Path, default=MINUTES, help="folder of the transcripts, minutes*.txt")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.sumy:
        sys.path.append(str(given.sumy))
    result: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    for name, work in (
        ("drafts", drafts),
        ("summaries", lambda: summaries(bool(given.sumy))),
        ("easy", easy),
        ("minutes", lambda: minutes(given.data)),
    ):
        begun = time.perf_counter()
        result[name] = work()
        seconds[name] = round(time.perf_counter() - begun, 2)
    result["seconds"] = seconds
    if given.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, figures in result.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key}: {value}")


if __name__ == "__main__":
    main()
