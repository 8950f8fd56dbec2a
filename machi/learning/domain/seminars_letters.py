"""The report of a seminar as it is read: sections of figures, charts and quotes, for a page and for a Word document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from machi.base.engine.letters import Block, Bullets, Heading, Letter, Picture, TableBlock
from machi.learning.domain.seminars_mail import when
from machi.learning.engine.bar_chart import Bar, bar_chart
from machi.learning.engine.questionnaire import said
from machi.learning.engine.topics import SMALLEST as FEWEST
from machi.learning.models import SeminarQuote, SeminarRegistration, SeminarReport, Way


@dataclass(frozen=True, slots=True)
class Figures:
    """A question, or who came, counted: a chart with the table of the same figures."""

    title: str
    note: str
    svg: str
    columns: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """An answer as written, and how many wrote just the same."""

    quote: SeminarQuote
    times: int = 1


@dataclass(frozen=True, slots=True)
class Quotes:
    """What was written on one topic; ``title``: words of the texts, empty: of no topic."""

    title: str
    count: int
    texts: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A question answered in free words; ``none``: why nothing is quoted."""

    title: str
    answered: int
    topics: tuple[Quotes, ...]
    none: str


@dataclass(frozen=True, slots=True)
class Shown:
    totals: tuple[tuple[str, int], ...]
    rate: str
    who: tuple[Figures, ...]
    questions: tuple[Figures, ...]
    words: tuple[Words, ...]


def shown(report: SeminarReport, *, office: bool = False) -> Shown:
    """What may be read of it; the office also sees the quotes that are left out (with their reason)."""
    data = report.figures
    smallest = data["smallest"]
    asked, answered = data["asked"], data["answered"]
    rate = _("回答率 %(percent)s%%") % {"percent": round(answered * 100 / asked)} if asked else ""
    who = [
        _figures(_("参加のしかた"), data["ways"], dict(Way.choices), smallest, by_size=True),
        _figures(_("立場"), data["roles"], dict(SeminarRegistration.Role.choices), smallest, by_size=True),
        _figures(_("市区町村"), data["towns"], {"": _("答えなし、またはそのほか")}, smallest, by_size=True),
    ]
    return Shown(
        totals=(
            (_("申し込み"), data["registered"]),
            (_("参加の席"), data["seated"]),
            (_("来場・視聴"), data["came"]),
            (_("取り消し"), data["cancelled"]),
            (_("アンケートの回答"), answered),
        ),
        rate=rate,
        who=tuple(one for one in who if one),
        questions=tuple(one for each in data["questions"] for one in _question(each, smallest)),
        words=tuple(_words(report, each, answered, smallest, office) for each in data["words"]),
    )


def letter(report: SeminarReport) -> Letter:
    """As a document. What is left out on the page is left out here."""
    seminar, what = report.seminar, shown(report)
    body: list[Block] = [
        _("日時: %(when)s") % {"when": when(seminar)},
        *([_("会場: %(place)s") % {"place": seminar.venue}] if seminar.venue else []),
        seminar.purpose,
    ]
    if report.summary:
        body += [Heading(_("まとめ")), *report.summary.splitlines()]
    totals = [[label, f"{value:,}"] for label, value in what.totals]
    body += [Heading(_("参加の状況")), TableBlock(_("人数"), [_("項目"), _("人")], totals)]
    body += _charts(what.who)
    if what.questions:
        body.append(Heading(_("アンケートの結果")))
        if what.rate:
            body.append(what.rate)
        body += _charts(what.questions)
    for one in what.words:
        body += [Heading(one.title), one.none or _answered(one.answered)]
        for topic in one.topics:
            body.append(_topic_title(topic))
            body.append(Bullets([f"「{one.quote.text}」{_times(one)}" for one in topic.texts]))
    return Letter(
        _("「%(title)s」の報告") % {"title": seminar.title},
        body,
        on=timezone.localdate(report.published_at or report.made_at),
        note=note(report),
    )


def note(report: SeminarReport) -> str:
    """How it came to be."""
    return _(
        "人数と回答は数えたものです。%(smallest)s人未満の数は示しません。自由記述は、AIが似たものを集め、原文のまま載せています。"
        "見出しは、原文にある言葉です。事務局が確かめ、一部を載せないことがあります。%(on)s作成。"
    ) % {"smallest": report.figures["smallest"], "on": date_format(timezone.localtime(report.made_at))}


def _charts(figures: Sequence[Figures]) -> list[Block]:
    found: list[Block] = []
    for one in figures:
        caption = f"{one.title}（{one.note}）" if one.note else one.title
        found += [
            Picture(caption, one.svg),
            TableBlock(one.title, list(one.columns), [list(row) for row in one.rows]),
        ]
    return found


def _figures(
    title: str,
    counts: Mapping[str, int | None],
    labels: Mapping[str, Any],
    smallest: int,
    of: int = 0,
    by_size: bool = False,
) -> Figures | None:
    """Nothing where nobody was counted. ``of``: of how many a share is given."""
    if not any(value or value is None for value in counts.values()):
        return None
    hidden = _("%(least)s人未満") % {"least": smallest}

    def words(value: int | None) -> str:
        if value is None:
            return hidden
        people = ngettext("%(number)s人", "%(number)s人", value) % {"number": value}
        return f"{people}（{round(value * 100 / of)}%）" if of else people

    # A count hidden so that another cannot be worked out is not small: it is only not told.
    told = {name: words(value) for name, value in counts.items()}
    order = sorted(counts, key=lambda name: -(counts[name] or 0)) if by_size else list(counts)
    bars = [Bar(str(labels.get(name, name)), counts[name], told[name]) for name in order]
    return Figures(
        title,
        "",
        bar_chart(bars, title=title, whole=of or None),
        (_("答え"), _("人数")),
        tuple((bar.label, bar.figure) for bar in bars),
    )


def _question(data: Mapping[str, Any], smallest: int) -> list[Figures]:
    language = get_language() or "ja"
    question, answered = data["question"], data["answered"]
    title = said(question["words"], language)
    labels = {one["id"]: said(one["words"], language) for one in question.get("options", ())}
    if "options" in data:
        found = _figures(title, data["options"], labels, smallest, of=answered)
        return [_noted(found, answered)] if found else []
    if "rows" in data:
        rows = {one["id"]: said(one["words"], language) for one in question.get("rows", ())}
        each = [
            _figures(f"{title} {rows.get(row, row)}", counts, labels, smallest, of=answered)
            for row, counts in data["rows"].items()
        ]
        return [_noted(one, answered) for one in each if one]
    return []


def _noted(one: Figures, answered: int) -> Figures:
    return Figures(one.title, _answered(answered), one.svg, one.columns, one.rows)


def _answered(number: int) -> str:
    return ngettext("%(number)s人が回答", "%(number)s人が回答", number) % {"number": number}


def _words(
    report: SeminarReport, data: Mapping[str, Any], answered: int, smallest: int, office: bool
) -> Words:
    question = data["question"]
    title = said(question["words"], get_language() or "ja")
    if answered < smallest:
        none = _("回答が%(least)s人に満たないので、言葉は載せません。") % {"least": smallest}
        return Words(title, data["answered"], (), none)
    found: dict[int, list[SeminarQuote]] = {}
    for quote in report.quotes.all():
        if quote.question == question["id"] and quote.text:
            found.setdefault(quote.topic, []).append(quote)
    topics = []
    for topic in sorted(found, key=lambda one: (one < 0, one)):
        quotes = found[topic]
        visible = _quoted(quotes, office)
        # Two or three stray words could tell who wrote them; the office sees them to decide.
        if visible and (office or topic >= 0 or len(quotes) >= FEWEST):
            topics.append(Quotes(quotes[0].label, len(quotes), visible))
    return Words(title, data["answered"], tuple(topics), "" if topics else _("載せる言葉はありません。"))


def _quoted(quotes: Sequence[SeminarQuote], office: bool) -> tuple[Quoted, ...]:
    """The office decides about each; readers see what several wrote alike once."""
    if office:
        return tuple(Quoted(quote) for quote in quotes)
    alike: dict[str, list[SeminarQuote]] = {}
    for quote in quotes:
        if not quote.hidden:
            alike.setdefault(quote.text or "", []).append(quote)
    return tuple(Quoted(same[0], len(same)) for same in alike.values())


def _times(one: Quoted) -> str:
    return (
        ngettext("（%(number)s件）", "（%(number)s件）", one.times) % {"number": one.times}
        if one.times > 1
        else ""
    )


def _topic_title(topic: Quotes) -> str:
    name = topic.title or _("そのほかの意見")
    return ngettext("%(name)s（%(number)s件）", "%(name)s（%(number)s件）", topic.count) % {
        "name": name,
        "number": topic.count,
    }
