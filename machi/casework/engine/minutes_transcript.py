"""Transcripts of meetings as utterances: who said what, and where it stands in the text as it was handed in.

Read are WebVTT and SubRip (cues with ``<v Name>`` or ``Name: ...``), and plain text in the ways that people write it
down: ``山本課長：…``, ``【山本課長】…``, ``○議長（大西君）　…`` as councils do, ``会長「…」``, with or without a
time in front, and the name on a line of its own above what is said (``山本課長``, or ``山本 健  0:12`` as
recordings export it).
A line that names nobody goes on with whoever spoke before it in the same cue or paragraph; a line in brackets
(（「異議なし」と呼ぶ者あり）) is said by nobody. Offsets are those of the text as given, so that a citation opens
the exact place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from machi.language.engine.sentences import sentence_ends

Format = Literal["vtt", "srt", "plain"]

_CUE = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)[.,]\d{3}\s+-->\s")
_CLOCK = r"(?P<at>\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?)"
_TIMED = re.compile(rf"\s*(?:[\[(（〔]\s*{_CLOCK}\s*[\])）〕]|{_CLOCK.replace('at', 'bare')}(?=[\s　]))\s*")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+(?P<who>[^>]+)>")
_BRACKETED = re.compile(r"[【\[［](?P<who>[^】\]］\n]{1,30})[】\]］]\s*(?=\S)")
_COUNCIL = re.compile(
    r"[○◯〇◎●]\s*(?P<who>(?:[\d０-９一二三四五六七八九十]{1,3}番[ 　](?=\S{1,10}[ 　]))?"
    r"[^\s　。、（(]{1,30}?(?:[（(][^）)\n]{1,20}[）)])?)[\s　]+(?=\S)"
)
_COLON = re.compile(
    r"(?P<who>[^\s　：:。、！？!?「」<>\d][^：:。、！？!?「」<>\n]{0,29}?)\s*[：:](?!//)\s*(?=\S)"
)
_SPACED = re.compile(
    r"(?P<who>[^\s　：:。、！？!?「」『』（(<>\d][^\s　：:。、！？!?「」『』<>]{0,11})　+(?=\S)"
)
_QUOTED = re.compile(
    r"(?P<who>[^\s　：:。、！？!?「」『』<>\d][^：:。、！？!?「」『』<>\n]{0,24}?)\s*「(?=[^」\n])"
)
"""The whole line: 会長「始めます」."""
_ALONE = re.compile(
    r"(?P<who>[^\s　：:。、！？!?「」『』（(<>\d・-][^：:。、！？!?「」『』<>\n]{0,23}?)"
    rf"(?:[\s　]+{_CLOCK.replace('at', 'clock')})?"
)
_OFFICE = re.compile(
    r"(?:長|委員|係|主査|主任|主事|主幹|参事|議員|司会|事務局|座長|監事|理事|代表|君|氏|さん)$"
)
_ASIDE = re.compile(r"[（(〔].*[）)〕]")
_BULLET = re.compile(r"^[-*・]\s+")
_NEARLY_ALL = 0.8
_TAG = re.compile(r"</?[^>]+>")
_LABELS = frozenset(
    [
        *("日時", "日付", "日程", "場所", "会場", "時間", "開会", "閉会", "出席者", "出席", "欠席者", "欠席"),
        *(
            "参加者",
            "議題",
            "議事",
            "議案",
            "案件",
            "次第",
            "資料",
            "記録",
            "記録者",
            "作成者",
            "作成",
            "件名",
        ),
        *("会議名", "備考", "注", "傍聴", "傍聴者", "配布資料", "期限", "要旨", "NOTE"),
    ]
)
"""Words before a colon that name no speaker."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """``text[start:end]`` of the transcript, said by ``speaker`` (empty: by nobody: a heading, an aside)."""

    number: int
    """From 0."""
    start: int
    end: int
    text: str
    speaker: str = ""
    at: str = ""
    """Time in the recording or on the clock, as it stands there."""
    line: int = 1
    """Line of the transcript, from 1."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of an utterance, with its place in the transcript."""

    utterance: Utterance
    start: int
    end: int
    text: str


def format_of(text: str) -> Format:
    """By content: the name of a file lies often enough."""
    if text.lstrip("\ufeff \r\n").startswith("WEBVTT"):
        return "vtt"
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()][:2]
    return "srt" if len(lines) == 2 and lines[0].isdecimal() and _CUE.match(lines[1]) else "plain"


def utterances(text: str) -> list[Utterance]:
    """What was said, in order. Never raises; a text without speakers gives utterances by nobody."""
    spoken = _plain(text) if format_of(text) == "plain" else _cues(text)
    return [
        Utterance(number, start, end, text[start:end], speaker, at, line)
        for number, (start, end, speaker, at, line) in enumerate(spoken)
    ]


def sentences(spoken: Sequence[Utterance]) -> Iterator[Said]:
    for one in spoken:
        begin = 0
        for end in sentence_ends(one.text):
            raw = one.text[begin:end]
            sentence = raw.strip()
            if sentence:
                start = one.start + begin + len(raw) - len(raw.lstrip())
                yield Said(one, start, start + len(sentence), sentence)
            begin = end


def plain_name(speaker: str) -> str:
    """Without the name in brackets behind an office: 議長（大西君） is 議長."""
    return re.sub(r"[（(][^）)]*[）)]", "", speaker).strip() or speaker


def speakers(spoken: Sequence[Utterance]) -> list[str]:
    """Each once, in the order in which they first speak."""
    return list(dict.fromkeys(one.speaker for one in spoken if one.speaker))


_Spoken = tuple[int, int, str, str, int]
"""Start, end, speaker, time, line."""


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Start, end (without white space) and number of each line that is not empty."""
    at = 0
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = raw.strip(" \t\r\f\v\u3000\ufeff")
        if stripped:
            start = at + raw.index(stripped)
            yield start, start + len(stripped), number
        at += len(raw) + 1


def _cues(text: str) -> Iterator[_Spoken]:
    at, speaker, ready = "", "", False
    for start, end, number in _lines(text):
        line = text[start:end]
        if cue := _CUE.match(line):
            at, ready = f"{int(cue[1] or 0):02}:{cue[2]}:{cue[3]}", True
            speaker = ""
        elif ready and not (line.isdecimal() and _before_cue(text, end)):
            who, begin = _who(text, start, end)
            speaker = who or speaker
            if begin < end:
                yield begin, end - _closing(text[begin:end]), speaker, at, number


def _before_cue(text: str, end: int) -> bool:
    """Is the next line a cue's times? Then this number is the cue's."""
    following = text[end:].lstrip().split("\n", 1)[0]
    return _CUE.match(following) is not None


def _closing(line: str) -> int:
    found = re.search(r"\s*</v>\s*$", line)
    return len(found[0]) if found else 0


def _plain(text: str) -> Iterator[_Spoken]:
    speaker, at, last = "", "", 0
    spaced, alone, quoting = _spaced_names(text), _names_alone(text), _quoting(text)
    for start, end, number in _lines(text):
        if (found := _ALONE.fullmatch(text, start, end)) and found["who"].strip() in alone:
            speaker, at, last = found["who"].strip(), found["clock"] or "", number
            continue
        begin = start
        if timed := _TIMED.match(text, start, end):
            at, begin = timed["at"] or timed["bare"], timed.end()
        who, said = _who(text, begin, end)
        if not who and (found := _SPACED.match(text, begin, end)) and found["who"] in spaced:
            who, said = found["who"], found.end()
        if quoting and text[end - 1] == "」" and (found := _QUOTED.match(text, begin, end)):
            who, said, end = found["who"], found.end(), end - 1
        if who:
            speaker = who
        elif number > last + 1 or is_aside(text[begin:end]) or _is_heading(text[begin:end]):
            # After an empty line, a heading or an aside it is not known who speaks.
            speaker = ""
        if said < end:
            yield said, end, speaker, at, number
        last = number
        at = "" if not timed else at


def _spaced_names(text: str) -> frozenset[str]:
    """Names with only a wide space behind them (議長　それでは…): an office, or what several lines begin with."""
    heads = Counter(
        found["who"] for start, end, _number in _lines(text) if (found := _SPACED.match(text, start, end))
    )
    # Where nearly every line begins so, also who speaks once.
    all_so = sum(heads.values()) >= _NEARLY_ALL * sum(1 for _line in _lines(text))
    return frozenset(
        who
        for who, times in heads.items()
        if who not in _LABELS and (times > 1 or all_so or _OFFICE.search(who))
    )


def _quoting(text: str) -> bool:
    """Is who speaks written as 会長「…」? Then most lines are so."""
    lines = [text[start:end] for start, end, _number in _lines(text)]
    quoted = sum(line[-1] == "」" and _QUOTED.match(line) is not None for line in lines)
    return quoted >= 2 and quoted * 2 > len(lines)


def _names_alone(text: str) -> frozenset[str]:
    """Names that stand on lines of their own above what is said: with the clock behind them, or again and again, most
    lines of the transcript being either such a name or what stands below one."""
    lines = list(_lines(text))
    heads: Counter[str] = Counter()
    clocked: Counter[str] = Counter()
    for (start, end, number), (_below, _end, next_number) in pairwise(lines):
        found = _ALONE.fullmatch(text, start, end)
        if found and next_number == number + 1 and (who := found["who"].strip()) not in _LABELS:
            heads[who] += 1
            clocked[who] += found["clock"] is not None
    names = {who for who, times in heads.items() if clocked[who]}
    if not names:
        names = {who for who, times in heads.items() if times > 1 or _OFFICE.search(who)}
    enough = sum(heads[who] for who in names) * 10 >= 3 * len(lines)
    return frozenset(names) if enough and any(heads[who] > 1 for who in names) else frozenset()


def is_aside(line: str) -> bool:
    return _ASIDE.fullmatch(line) is not None


def _is_heading(line: str) -> bool:
    """Short, and ends in no mark of a sentence."""
    return len(line) <= 40 and line[-1] not in "。．！？!?、」"


def _who(text: str, start: int, end: int) -> tuple[str, int]:
    """Who speaks in this line, if it says so, and where what they say begins."""
    for pattern in (_VOICE, _BRACKETED, _COUNCIL, _COLON):
        found = pattern.match(text, start, end)
        if found is None:
            continue
        who = _BULLET.sub("", _TAG.sub("", found["who"]).strip())
        if who and who not in _LABELS and not re.match(r"(?:議題|議案|日程第?|資料)\s*\d", who):
            return who, found.end()
    return "", start
