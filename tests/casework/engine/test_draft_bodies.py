"""Minutes as pieces: what is sure, and what is only to be looked at."""

from __future__ import annotations

from datetime import date

from machi.casework.engine.draft_bodies import DECIDED, DOUBTFUL, NOTHING, TO_DO, of_minutes
from machi.casework.engine.draft_pieces import Place
from machi.casework.engine.minutes import Decision, Found, find
from machi.casework.engine.minutes_tasks import Task
from machi.casework.engine.minutes_transcript import sentences, utterances

DAY = date(2026, 5, 12)
TEXT = "議長：始めます。\n議長：会場は公民館で。\n係長：掲示は直しときます。\n議長：以上です。"


def _pieces(found):
    return of_minutes(found, DAY, lambda start, end: Place("given", 1, start, end, "会議"))


def _below(pieces, heading):
    """The texts under a heading."""
    texts = [one.text for one in pieces]
    at = texts.index(heading) + 1
    end = next((n for n, one in enumerate(pieces[at:], at) if one.role == "heading"), len(pieces))
    return texts[at:end]


def _found(*, sure):
    spoken = tuple(utterances(TEXT))
    said = list(sentences(spoken))
    decision = Decision(said[1], None, sure, ("公民館で",))
    task = Task(said[2], ("係長",), None, "", sure, ("直しときます",))
    return Found(spoken, ("議長", "係長"), (), (decision,), (task,), None)


def test_what_is_sure_stands_as_decided_and_to_do():
    pieces = _pieces(_found(sure=True))
    assert _below(pieces, DECIDED) == ["議長：会場は公民館で。"]
    assert _below(pieces, TO_DO) == ["【係長／期限は話に出ていない】掲示は直しときます。"]
    assert DOUBTFUL not in [one.text for one in pieces]


def test_what_is_doubtful_stands_apart_with_its_cues_and_opens_its_place():
    pieces = _pieces(_found(sure=False))
    assert _below(pieces, DECIDED) == _below(pieces, TO_DO) == [NOTHING]
    assert _below(pieces, DOUBTFUL) == [
        "【決まったこと？】議長：会場は公民館で。（手がかり：公民館で）",
        "【宿題？】係長：掲示は直しときます。（手がかり：直しときます）",
    ]
    place = next(one.place for one in pieces if one.text.startswith("【宿題？】"))
    assert TEXT[place.start : place.end] == "掲示は直しときます。"


def test_minutes_of_an_empty_transcript_say_that_nothing_was_found():
    assert _below(_pieces(find("", DAY)), DECIDED) == [NOTHING]
