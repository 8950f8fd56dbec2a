"""Whether an answer to one of ``bench/data/questions.jsonl`` is right, and the questions themselves."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from machi.language.engine.types import Candidate, GroundedAnswer

QUESTIONS = Path(__file__).parent / "data" / "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Question:
    """A hand-written question. ``keys``: any one of them in the answer makes it right; empty: unanswerable."""

    id: str
    municipality: str
    question: str
    answerable: bool
    kind: str
    keys: tuple[str, ...]
    title: str
    half: str


def questions() -> list[Question]:
    lines = QUESTIONS.read_text("utf-8").splitlines()
    return [Question(**{**row, "keys": tuple(row["keys"])}) for row in map(json.loads, lines)]


def normal(text: str) -> str:
    """NFKC without blanks: the form in which keys are looked for."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def contains(text: str, key: str) -> bool:
    """Whether ``key`` stands in ``text``; a key that begins or ends in a digit is no part of a longer number."""
    wanted = normal(key)
    before = r"(?<!\d)" if wanted[0].isdigit() else ""
    after = r"(?!\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, normal(text)) is not None


def shown(answer: GroundedAnswer, candidates: Sequence[Candidate]) -> str:
    """What a resident reads: the cited sentences, each passage under its nearest heading."""
    by_id = {candidate.hit.passage_id: candidate for candidate in candidates}
    lines: list[str] = []
    for sentence in answer.sentences:
        heading = by_id[sentence.passage_id].headings[-1:]
        lines += [text for text in (*heading, sentence.text) if text not in lines]
    return "\n".join(lines)


def right(question: Question, text: str) -> bool:
    return any(contains(text, key) for key in question.keys)
