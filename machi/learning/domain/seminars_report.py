"""The report of a seminar: answers counted, free words grouped by topic and quoted as written; looked at by the office,
then published.

Nothing in it is composed: figures are counts, labels are words of the texts, quotes are whole answers. Small counts are
hidden (``joint.engine.suppression``), topics of fewer than three texts are not told as topics, and where fewer than
five people answered nothing is quoted at all. A quote in which personal information seems to be is held back until the
office has looked at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.domain.jobs import Reporter, reported
from machi.base.models import Consortium, Person
from machi.base.running import ensure_may_run
from machi.base.scoping import in_consortium
from machi.joint.engine.suppression import SMALLEST, Figure, suppress
from machi.language.embedding import Embedder, default_embedder
from machi.language.engine.personal import find
from machi.language.engine.words import words
from machi.learning.domain.seminars import State
from machi.learning.domain.seminars_questionnaire import answers_of, asked
from machi.learning.domain.seminars_record import record_seminar
from machi.learning.domain.seminars_seats import locked
from machi.learning.engine.questionnaire import CHOSEN, Form, Kind, Question, dump_question
from machi.learning.engine.questionnaire_counting import Count, count
from machi.learning.engine.topics import Word, topics
from machi.learning.models import Seminar, SeminarQuote, SeminarRegistration, SeminarReport

TOPICS = "learning.seminar_topics"
PROGRESS = "learning.seminar_report"
R = SeminarRegistration.State
_SAYING_NOTHING = frozenset(
    {"特に無い", "無い", "なし", "特になし", "特に", "セミナー", "せみなー", "思う", "感ずる"}
)
"""Forms that are in every answer to such questions, and name no topic."""


def ask_for(seminar: Seminar, person: Person) -> None:
    """Lets a worker make it: the language models take some seconds to load."""
    ensure_makeable(seminar)
    ensure_may_run(seminar.municipality, TOPICS)
    transaction.on_commit(lambda: make_task.enqueue(seminar.consortium_id, seminar.pk, person.pk))


@task()
def make_task(consortium: int, pk: int, person: int) -> None:
    with in_consortium(Consortium.objects.get(pk=consortium)):
        seminar = Seminar.objects.select_related("municipality", "consortium", "survey__current").get(pk=pk)
        with reported(seminar.municipality, f"{PROGRESS}:{pk}", _("セミナーの報告を作る")) as progress:
            make(seminar, Person.objects.get(pk=person), progress=progress)


def ensure_makeable(seminar: Seminar) -> None:
    if seminar.state not in (State.HELD, State.REPORTED):
        raise Refused(_("報告は、開催したあとに作れます。"))
    if seminar.words_erased_at:
        raise Refused(_("保存期間が過ぎて回答の言葉を消したので、もう作り直せません。"))


def make(
    seminar: Seminar,
    person: Person | None,
    *,
    embedder: Embedder | None = None,
    progress: Reporter | None = None,
) -> SeminarReport:
    """Made anew from the answers there are; what the office hid stays hidden. Raises NotApproved where the grouping of
    texts may not run, Refused before the seminar was held."""
    ensure_makeable(seminar)
    ensure_may_run(seminar.municipality, TOPICS)
    form, answers = answered(seminar)
    tell = progress or (lambda done, total: None)
    texts = {one.id: _texts(one, answers) for one in form if one.kind is Kind.TEXT}
    enough = len(answers) >= SMALLEST
    steps = sum(map(len, texts.values())) + 1
    found: list[dict[str, Any]] = []
    for question, written in texts.items():
        if enough:
            found += _grouped(
                question, written, embedder or default_embedder(), lambda done: tell(done, steps)
            )
    figures = figures_of(seminar, form, answers)
    with transaction.atomic():
        current = locked(seminar)
        before = SeminarReport.objects.filter(seminar=current).prefetch_related("quotes").first()
        if before is not None and before.published_at:
            raise Refused(_("公表した報告は、作り直せません。"))
        ruled = {one.text: one for one in before.quotes.all()} if before else {}
        summary = before.summary if before else ""
        if before is not None:
            before.delete()
        report = SeminarReport.objects.create(
            consortium=current.consortium,
            seminar=current,
            figures=figures,
            summary=summary,
            made_at=timezone.now(),
        )
        SeminarQuote.objects.bulk_create(_quote(report, one, ruled.get(one["text"])) for one in found)
        entry = ledger.record(
            current.municipality,
            system=TOPICS,
            subject=f"seminar:{current.pk}",
            actor=person,
            inputs=dict(texts),
            outputs={
                "consortium": current.consortium_id,
                "answers": len(answers),
                "topics": dict(
                    Counter(one["question"] for one in found if one["place"] == 0 and one["label"])
                ),
                "quotes": len(found),
            },
            explanation=_(
                "回答は数え、自由記述は原文のまま、似たものを集めました。見出しは原文にある言葉です。"
            ),
        )
        report.ledger_index = entry.index
        report.save(update_fields=["ledger_index"])
    return report


def answered(seminar: Seminar) -> tuple[Form, list[dict[str, Any]]]:
    """The questionnaire as it was answered, and all answers, in no order that tells of whoever gave them."""
    if seminar.survey is None or seminar.survey.current is None:
        return Form(), []
    form = seminar.survey.current.parsed()
    return form, [one.answers for one in answers_of(seminar).order_by("token_digest")]


def figures_of(seminar: Seminar, form: Form, answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the report shows as figures; small ones are None."""
    rows = list(seminar.registrations.values_list("state", "way", "role", "town__name", "attended_at"))
    seated = [row for row in rows if row[0] == R.CONFIRMED]
    came = [row for row in seated if row[4] is not None]
    counts = count(form, answers)
    return {
        "registered": len(rows),
        "seated": len(seated),
        "came": len(came),
        "cancelled": sum(row[0] == R.CANCELLED for row in rows),
        "waited": sum(row[0] in (R.WAITING, R.LAPSED, R.OFFERED) for row in rows),
        "asked": asked(seminar).count(),
        "answered": len(answers),
        "ways": _hidden(Counter(row[1] for row in seated)),
        "roles": _hidden(Counter(row[2] for row in seated)),
        "towns": _hidden(Counter(row[3] or "" for row in seated)),
        "questions": [_figure(one, counts[one.id]) for one in form if one.kind is not Kind.TEXT],
        "words": [
            {"question": dump_question(one), "answered": counts[one.id].answered}
            for one in form
            if one.kind is Kind.TEXT
        ],
        "smallest": SMALLEST,
    }


def _figure(question: Question, counted: Count) -> dict[str, Any]:
    shown: dict[str, Any] = {"question": dump_question(question), "answered": counted.answered}
    if question.kind is Kind.MATRIX:
        shown["rows"] = {row: _hidden(options) for row, options in counted.rows.items()}
    elif question.kind in CHOSEN:
        shown["options"] = _hidden(counted.options, single=question.kind is Kind.SINGLE)
    elif counted.spread is not None and counted.answered >= SMALLEST:
        # The least and the most are somebody's own.
        shown["median"], shown["mean"] = counted.spread.median, counted.spread.mean
    return shown


def _hidden(counts: Mapping[str, int], *, single: bool = True) -> dict[str, int | None]:
    """Small counts hidden; where each person is in one of them (``single``), so that the total does not tell."""
    figures = [Figure(name, value, frozenset({name})) for name, value in counts.items()]
    if not single:
        return {one.name: None if 0 < one.value < SMALLEST else one.value for one in figures}
    total = Figure("*", sum(counts.values()), frozenset(counts))
    shown = suppress([*figures, total], SMALLEST)
    if shown.get("*") is None or total.value < SMALLEST:
        return {one.name: None if one.value else 0 for one in figures}
    return {one.name: shown[one.name] for one in figures}


def _texts(question: Question, answers: Sequence[Mapping[str, Any]]) -> list[str]:
    return [text for one in answers if (text := str(one.get(question.id, "")).strip())]


def _grouped(question: str, texts: list[str], embedder: Embedder, tell: Any) -> list[dict[str, Any]]:
    if not texts:
        return []
    found = topics([content_words(text) for text in texts], embedder.embed_passages(texts))
    quotes = []
    for number, topic in enumerate(found):
        for place, at in enumerate(topic.members):
            quotes.append(
                {
                    "question": question,
                    "topic": number if topic.label else -1,
                    "label": "・".join(topic.label),
                    "place": place,
                    "text": texts[at],
                    "personal": bool(find(texts[at])),
                }
            )
            tell(len(quotes))
    return quotes


def content_words(text: str) -> list[Word]:
    """Nouns and adjectives: what a text is about, as they stand in it. Verbs (分かる, できる) are in all of them."""
    kinds = ("名詞", "形容詞", "形状詞")
    return [
        Word(one.form, one.surface)
        for one in words(text, "C")
        if one.pos[0] in kinds
        and one.pos[1] not in ("数詞", "非自立可能")
        and one.form not in _SAYING_NOTHING
        and len(one.surface) > 1
    ]


def _quote(report: SeminarReport, found: Mapping[str, Any], before: SeminarQuote | None) -> SeminarQuote:
    hidden = SeminarQuote.Why.PERSONAL if found["personal"] else ""
    by_machine = bool(hidden)
    if before is not None and (before.hidden or before.looked_at):
        hidden, by_machine = before.hidden, before.by_machine
    return SeminarQuote(
        consortium_id=report.consortium_id,
        report=report,
        question=found["question"],
        topic=found["topic"],
        label=found["label"],
        place=found["place"],
        text=found["text"],
        hidden=hidden,
        by_machine=by_machine,
        looked_at=before.looked_at if before else None,
    )


# What the office decides


@transaction.atomic
def hide(quote: SeminarQuote, person: Person, why: str) -> None:
    """Leaves a quote out, with the reason; before the report is published, or after."""
    if why not in SeminarQuote.Why.values:
        raise Refused(_("理由を選んでください。"), "why")
    _rule(quote, person, why)


@transaction.atomic
def show(quote: SeminarQuote, person: Person) -> None:
    if quote.report.published_at:
        raise Refused(_("公表したあとに、載せなかった言葉を載せることはできません。"))
    _rule(quote, person, "")


def _rule(quote: SeminarQuote, person: Person, why: str) -> None:
    seminar = locked(quote.report.seminar)
    quote.hidden, quote.by_machine, quote.looked_at = why, False, timezone.now()
    quote.save(update_fields=["hidden", "by_machine", "looked_at"])
    record_seminar(seminar, person, "hide_quote" if why else "show_quote", quote=quote.pk, why=str(why))


@transaction.atomic
def write_summary(report: SeminarReport, person: Person, summary: str) -> None:
    """The office's own words above the figures."""
    seminar = locked(report.seminar)
    report.summary = summary.strip()
    report.save(update_fields=["summary"])
    record_seminar(seminar, person, "summary")


@transaction.atomic
def publish(report: SeminarReport, person: Person) -> None:
    """For everybody to read; the seminar is reported."""
    seminar = locked(report.seminar)
    if report.published_at:
        raise Refused(_("もう公表されています。"))
    if seminar.survey is not None and seminar.survey.is_open:
        raise Refused(_("アンケートを締め切ってから、報告を作り直して公表してください。"))
    report.published_at = timezone.now()
    report.save(update_fields=["published_at"])
    seminar.state = State.REPORTED
    seminar.save(update_fields=["state"])
    left = report.quotes.exclude(hidden="").count()
    record_seminar(seminar, person, "publish_report", everywhere=True, hidden=left)
