"""What every result goes through, whatever the format: bounds, and until when it is current."""

import datetime
from dataclasses import replace

from machi.frontdesk.engine.reading.types import (
    Limits,
    Problem,
    ReadDocument,
    ReadResult,
    gettext_noop,
    problem,
    title_of,
)
from machi.language.engine.passages import split
from machi.language.engine.types import Passage
from machi.language.engine.validity import valid_until, whole_until

_EVENT_COLUMNS = frozenset({"イベント", "催し", "行事", "講座", "募集", "講座・教室", "イベント・講座"})


def dated_passages(document: ReadDocument) -> tuple[str, list[tuple[Passage, datetime.date | None]]]:
    """The document's text, and its passages each with the last day it may be offered as current.

    A document's own ``valid_until`` bounds all of them: one article may announce April's and June's events.
    """
    text, passages = split(document.title, document.blocks)
    ends = valid_until(passages, document.date, event=document.category in _EVENT_COLUMNS)
    bounded = (_earlier(end, document.valid_until) for end in ends)
    return text, list(zip(passages, bounded, strict=True))


def finish(result: ReadResult, limits: Limits) -> ReadResult:
    """``result`` without documents that hold no text, within ``limits.characters``, with validity guessed."""
    documents: list[ReadDocument] = []
    problems: list[Problem] = list(result.problems)
    characters = 0
    for document in result.documents:
        if not any(block.text.strip() for block in document.blocks):
            problems.append(_without_text(document))
            continue
        characters += sum(len(block.text) for block in document.blocks)
        if characters > limits.characters:
            problems.append(_too_long(document, limits.characters))
            break
        documents.append(_finished(document))
    lost = len(result.documents) - len(documents)
    return replace(
        result,
        documents=tuple(documents),
        problems=tuple(problems),
        read=max(0, result.read - lost),
        not_read=result.not_read + lost,
    )


def _finished(document: ReadDocument) -> ReadDocument:
    titled = replace(document, title=title_of(document.title) or "（無題）")
    if titled.valid_until is not None:
        return titled
    return replace(titled, valid_until=whole_until([end for _, end in dated_passages(titled)[1]]))


def _earlier(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _without_text(document: ReadDocument) -> Problem:
    message = gettext_noop("「{title}」には読み取れる文章がありませんでした。")
    return problem("no-text", message, "error", document.place, title=document.title)


def _too_long(document: ReadDocument, limit: int) -> Problem:
    message = gettext_noop(
        "文章が長すぎるため、{limit}字までの文書を読み取りました。分けて登録してください。"
    )
    return problem("too-long", message, "error", document.place, limit=limit)
