"""Summaries and minutes as pieces of text, each piece with the place it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from machi.base.engine.wareki import wareki
from machi.casework.engine.draft_pieces import Piece, Place
from machi.casework.engine.minutes import Decision, Found, Item, is_question
from machi.casework.engine.minutes_tasks import Task
from machi.casework.engine.minutes_transcript import Said, plain_name, sentences
from machi.casework.engine.summary import Summary, most_central

At = Callable[[int, int], Place]
"""The place of a stretch of the text that is summarised."""
POINTS, DUTIES, FIGURES, DAYS = "要点", "だれが・いつまでに・何をするか", "数字", "日付"
ABOUT = "会議のあらまし"
DECIDED, TO_DO, NEXT = "決まったこと", "宿題（だれが・いつまでに・何を）", "次回"
DOUBTFUL = "確かめてください（決まったこと・宿題かもしれない発言）"
NOTHING = "見つかりませんでした。元の文書を確かめてください。"
SAID_OF_ITEM = 3
"""Sentences told of each item of the agenda."""
_MOST_FIGURES, _MOST_DAYS, _MOST_DUTIES = 20, 20, 20
_SHORT = 12
"""Characters up to which a sentence of a meeting says little."""


def of_summary(found: Summary, at: At) -> tuple[Piece, ...]:
    pieces = [_heading(POINTS)]
    above = ""
    for key in found.sentences:
        new = key.heading != above
        above = key.heading
        pieces.append(Piece(key.text, "sentence", "extract", at(key.start, key.end), begins=new))
    pieces += _nothing(found.sentences)
    pieces.append(_heading(DUTIES))
    for duty in found.duties[:_MOST_DUTIES]:
        until = duty.until + (f"＝{duty.day.isoformat()}" if duty.day else "")
        who = "／".join(one for one in (duty.who, until) if one)
        pieces.append(Piece(f"【{who}】{duty.text}", "item", "rule", at(duty.start, duty.end)))
    pieces += _nothing(found.duties)
    pieces.append(_heading(FIGURES))
    told: dict[tuple[int, int], list[str]] = {}
    for figure in found.figures:
        told.setdefault(figure.within, []).append(figure.words)
    sentences = {figure.within: figure.sentence for figure in found.figures}
    for within, words in list(told.items())[:_MOST_FIGURES]:
        text = f"{'、'.join(dict.fromkeys(words))}：{sentences[within]}"
        pieces.append(Piece(text, "item", "rule", at(*within)))
    pieces += _nothing(found.figures)
    pieces.append(_heading(DAYS))
    for day in found.days[:_MOST_DAYS]:
        pieces.append(Piece(f"{day.words}：{day.sentence}", "item", "rule", at(*day.within)))
    pieces += _nothing(found.days)
    return tuple(pieces)


def of_minutes(found: Found, held_on: date, at: At) -> tuple[Piece, ...]:
    pieces = [_heading(ABOUT), Piece(f"開催日　{wareki(held_on)}", "item", "field", begins=True)]
    for speaker in found.speakers:
        first = next(one for one in found.spoken if one.speaker == speaker)
        pieces.append(Piece(f"発言者　{speaker}", "item", "rule", at(first.start, first.end)))
    for item, told in _segments(found):
        if item is None and not told:
            continue  # all that was said was decided or given out: no heading over nothing
        pieces.append(
            Piece(item.title, "heading", "rule", at(item.said.start, item.said.end))
            if item
            else _heading("話し合ったこと")
        )
        pieces += [
            Piece(_with_speaker(one), "sentence", "extract", at(one.start, one.end), begins=True)
            for one in told
        ]
    pieces.append(_heading(DECIDED))
    pieces += [_decision(one, at) for one in found.decisions if one.sure] or _nothing(())
    pieces.append(_heading(TO_DO))
    pieces += [_task(one, at) for one in found.tasks if one.sure] or _nothing(())
    doubtful: list[Decision | Task] = [one for one in found.decisions if not one.sure]
    doubtful += [one for one in found.tasks if not one.sure]
    if doubtful:
        doubtful.sort(key=lambda one: one.said.start)
        pieces.append(_heading(DOUBTFUL))
        pieces += [_doubtful(one, at) for one in doubtful]
    if found.next_meeting:
        said = found.next_meeting
        pieces += [_heading(NEXT), Piece(_with_speaker(said), "item", "extract", at(said.start, said.end))]
    return tuple(pieces)


def _segments(found: Found) -> Iterator[tuple[Item | None, list[Said]]]:
    """Each item of the agenda with the sentences that say most of what was said of it."""
    said = [one for one in sentences(found.spoken) if one.utterance.speaker]
    begins = [item.said.start for item in found.items]
    settled = {one.said.start for one in found.decisions} | {one.said.start for one in found.tasks}
    for number, item in enumerate([*found.items] or [None]):
        low = begins[number] if item else 0
        high = begins[number + 1] if number + 1 < len(begins) else said[-1].end + 1 if said else 1
        own = [
            one
            for one in said
            if low <= one.start < high
            and len(one.text) > _SHORT
            and one.start not in settled
            and not is_question(one.text)
            and one != found.next_meeting
            and (item is None or one.start != item.said.start)
        ]
        texts = [one.text for one in own]
        chosen = most_central(texts, item.title if item else "", SAID_OF_ITEM, [0.0] * len(texts))
        yield item, [own[at] for at, _score in chosen]


def _with_speaker(said: Said) -> str:
    who = plain_name(said.utterance.speaker)
    return f"{who}：{said.text}" if who else said.text


def _decision(one: Decision, at: At) -> Piece:
    end = one.agreed.end if one.agreed else one.said.end
    text = _with_speaker(one.said) + (f"→{_with_speaker(one.agreed)}" if one.agreed else "")
    return Piece(text, "item", "rule", at(one.said.start, end))


def _task(one: Task, at: At) -> Piece:
    until = one.deadline_words + (f"＝{one.deadline.isoformat()}" if one.deadline else "")
    who = "、".join(one.people) or "担当は話に出ていない"
    text = f"【{who}／{until or '期限は話に出ていない'}】{one.said.text}"
    return Piece(text, "item", "rule", at(one.said.start, one.said.end))


def _doubtful(one: Decision | Task, at: At) -> Piece:
    """What it may be, and the words that made it look so."""
    what = "決まったこと" if isinstance(one, Decision) else "宿題"
    text = f"【{what}？】{_with_speaker(one.said)}" + (
        f"（手がかり：{'、'.join(one.why)}）" if one.why else ""
    )
    return Piece(text, "item", "rule", at(one.said.start, one.said.end))


def _heading(text: str) -> Piece:
    return Piece(text, "heading", "template", begins=True)


def _nothing(found: Sequence[object]) -> list[Piece]:
    return [] if found else [Piece(NOTHING, "sentence", "template", begins=True)]
