"""Questionnaire and report: the office asks, looks at what came, decides what is quoted; everybody reads the report."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, neighbour, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.files import letters_attached
from machi.base.web.forms import ConfirmForm
from machi.learning.domain import seminars_queries as queries
from machi.learning.domain import seminars_questionnaire as questionnaire
from machi.learning.domain import seminars_report as verbs
from machi.learning.domain.seminars_letters import letter, note, shown
from machi.learning.domain.seminars_mail import when
from machi.learning.engine.questionnaire import Kind, Option, Question, parse, said
from machi.learning.models import Seminar, SeminarQuote, SeminarReport, Survey
from machi.learning.web.seminars_forms import HideForm, OwnQuestionForm, SummaryForm
from machi.learning.web.seminars_pages import RUN, below, breadcrumbs, page_of, posted, the_seminar
from machi.learning.web.seminars_public import crumbs, the_public


@member(RUN)
def office_questionnaire(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The questions, and how many have answered."""
    found = the_seminar(pk)
    survey = found.survey
    form = parse(survey.form) if survey else None
    if "format" in request.GET:
        return _export_answers(request, found)
    context = {
        "title": _("アンケート"),
        "seminar": found,
        "survey": survey,
        "questions": [
            {
                "id": one.id,
                "words": said(one.words),
                "kind": KINDS[one.kind],
                "options": [said(o.words) for o in one.options],
            }
            for one in form or ()
        ],
        "draft": survey is None or survey.state == Survey.State.DRAFT,
        "asked": questionnaire.asked(found).count(),
        "answered": questionnaire.answers_of(found).count() if survey else 0,
        "may_ask": found.state in (Seminar.State.HELD, Seminar.State.REPORTED)
        and (survey is None or survey.state != Survey.State.CLOSED),
        "may_close": survey is not None and survey.is_open,
        "breadcrumbs": _crumbs(municipality, found, _("アンケート")),
    }
    return render(request, "learning/seminars/office_questionnaire.html", context)


KINDS = {
    Kind.SINGLE: gettext_noop("1つ選ぶ"),
    Kind.MULTIPLE: gettext_noop("いくつでも選ぶ"),
    Kind.MATRIX: gettext_noop("表"),
    Kind.NUMBER: gettext_noop("数"),
    Kind.TEXT: gettext_noop("自由に書く"),
    Kind.DATE: gettext_noop("日付"),
}


@member(RUN)
def add_own_question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    form = OwnQuestionForm(posted(request))

    def add() -> None:
        given = form.cleaned_data
        survey = questionnaire.draft(found, visitor(request))
        taken = {one.id for one in parse(survey.form)}
        name = next(f"own{number}" for number in range(1, 400) if f"own{number}" not in taken)
        options = tuple(Option(f"o{at}", {"ja": words}) for at, words in enumerate(given["options"], 1))
        kind = Kind(given["kind"])
        question = Question(name, kind, {"ja": given["words"]}, options=() if kind is Kind.TEXT else options)
        questionnaire.add_question(found, visitor(request), question)

    page = below(municipality, found, _("質問を加える"), _("加える"), to="seminar_questions")
    return acted(request, form, add, done=_("質問を加えました。"), **page)


QUESTIONNAIRE_STEPS: dict[str, tuple[Any, str, str, str, str]] = {
    "draft": (
        questionnaire.draft,
        gettext_noop("アンケートを用意しますか"),
        gettext_noop("標準の質問で用意します。送る前なら、質問を加えたり外したりできます。"),
        gettext_noop("用意する"),
        gettext_noop("用意しました。"),
    ),
    "ask": (
        questionnaire.ask,
        gettext_noop("アンケートを送りますか"),
        gettext_noop(
            "来た人（出席を付けていなければ席があった人）で、まだ送っていない人の全員にメールで送ります。"
        ),
        gettext_noop("アンケートを送る"),
        gettext_noop("アンケートを送っています。"),
    ),
    "close": (
        questionnaire.close,
        gettext_noop("アンケートを締め切りますか"),
        gettext_noop("新しい回答はできなくなります。"),
        gettext_noop("締め切る"),
        gettext_noop("締め切りました。"),
    ),
}


@member(RUN)
def questionnaire_step(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, act: str
) -> HttpResponseBase:
    found = the_seminar(pk)
    if act not in QUESTIONNAIRE_STEPS:
        raise Http404
    verb, title, consequence, submit, done = QUESTIONNAIRE_STEPS[act]
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verb(found, visitor(request)),
        done=_(done),
        consequence=_(consequence),
        **below(municipality, found, _(title), _(submit), to="seminar_questions"),
    )


@member(RUN)
def remove_own_question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, name: str
) -> HttpResponseBase:
    found = the_seminar(pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: questionnaire.remove_question(found, visitor(request), name),
        done=_("質問を外しました。"),
        **below(municipality, found, _("この質問を外しますか"), _("外す"), to="seminar_questions"),
    )


# The report


@member(RUN)
def office_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Made, looked through quote by quote, published."""
    found = the_seminar(pk)
    report = getattr(found, "report", None)
    context = {
        "title": _("報告"),
        "seminar": found,
        "report": report,
        "what": shown(report, office=True) if report else None,
        "note": note(report) if report else "",
        "progress": queries.progress_of(found),
        "answered": questionnaire.answers_of(found).count() if found.survey_id else 0,
        "held": report.quotes.filter(by_machine=True).count() if report else 0,
        "may_make": found.state in (Seminar.State.HELD, Seminar.State.REPORTED)
        and not (report and report.published_at),
        "open": found.survey is not None and found.survey.is_open,
        "breadcrumbs": _crumbs(municipality, found, _("報告")),
    }
    return render(request, "learning/seminars/office_report.html", context)


@member(RUN)
def make_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.ask_for(found, visitor(request)),
        done=_("報告を作っています。1分ほどで、このページに出ます。"),
        consequence=_("今までの回答から作ります。作り直しても、載せないと決めた言葉はそのままです。"),
        **below(municipality, found, _("報告を作りますか"), _("報告を作る"), to="seminar_report"),
    )


@member(RUN)
def summary(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    report = _the_report(found)
    form = SummaryForm(posted(request), initial={"summary": report.summary})
    return acted(
        request,
        form,
        lambda: verbs.write_summary(report, visitor(request), form.cleaned_data["summary"]),
        done=_("保存しました。"),
        **below(municipality, found, _("まとめを書く"), _("保存する"), to="seminar_report"),
    )


@member(RUN)
def publish_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    report = _the_report(found)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.publish(report, visitor(request)),
        done=_("報告を公表しました。"),
        consequence=_("だれでも読めるようになります。公表したあとは作り直せません。"),
        danger=True,
        **below(municipality, found, _("報告を公表しますか"), _("公表する"), to="seminar_report"),
    )


@member(RUN)
def hide_quote(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    quote = _the_quote(found, number)
    form = HideForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.hide(quote, visitor(request), form.cleaned_data["why"]),
        done=_("載せないことにしました。"),
        lead=f"「{quote.text}」",
        **below(municipality, found, _("この言葉を載せない"), _("載せない"), to="seminar_report"),
    )


@member(RUN)
def show_quote(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    quote = _the_quote(found, number)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.show(quote, visitor(request)),
        done=_("載せることにしました。"),
        lead=f"「{quote.text}」",
        consequence=_("名前や連絡先など、人が分かることが書かれていないか、確かめてください。"),
        **below(municipality, found, _("この言葉を載せる"), _("載せる"), to="seminar_report"),
    )


@member(RUN)
@require_safe
def report_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponseBase:
    """As Word or PDF, as it would be published."""
    return letters_attached([letter(_the_report(the_seminar(pk)))], f"seminar-report-{pk}", kind)


@neighbour
def public_report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, report = _published(pk)
    if "format" in request.GET:
        return _export_figures(request, report)
    page = reverse("learning:public_seminar", args=[municipality.code, pk])
    context = {
        "title": _("「%(title)s」の報告") % {"title": found},
        "seminar": found,
        "when": when(found),
        "report": report,
        "what": shown(report),
        "note": note(report),
        "breadcrumbs": [*crumbs(municipality), (str(found), page), (_("報告"), "")],
    }
    return render(request, "learning/seminars/public_report.html", context)


@neighbour
@require_safe
def public_report_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponseBase:
    return letters_attached([letter(_published(pk)[1])], f"seminar-report-{pk}", kind)


def _published(pk: int) -> tuple[Seminar, SeminarReport]:
    found = the_public(pk)
    report: SeminarReport | None = getattr(found, "report", None)
    if report is None or report.published_at is None:
        raise Http404
    return found, report


def _the_report(found: Seminar) -> SeminarReport:
    report: SeminarReport | None = getattr(found, "report", None)
    if report is None:
        raise Http404
    return report


def _the_quote(found: Seminar, number: int) -> SeminarQuote:
    quote: SeminarQuote = get_object_or_404(
        SeminarQuote.objects.select_related("report__seminar"), report__seminar=found, pk=number
    )
    return quote


def _export_figures(request: HttpRequest, report: SeminarReport) -> HttpResponseBase:
    what = shown(report)
    rows = [(one.title, label, figure) for one in (*what.who, *what.questions) for label, figure in one.rows]
    return export(request, "seminar-report", [_("質問"), _("答え"), _("人数")], rows)


def _export_answers(request: HttpRequest, found: Seminar) -> HttpResponseBase:
    """Every answer, in no order that tells of whoever gave it."""
    form, answers = verbs.answered(found)

    def words(question: Question, value: Any) -> str:
        if isinstance(value, list):
            return "、".join(words(question, one) for one in value)
        option = question.option(value) if isinstance(value, str) else None
        return said(option.words) if option else "" if value is None else str(value)

    rows = ([words(one, given.get(one.id)) for one in form] for given in answers)
    return export(request, f"answers-{found.pk}", [said(one.words) for one in form], rows)


def _crumbs(municipality: Municipality, seminar: Seminar, here: str) -> list[tuple[Any, str]]:
    return breadcrumbs(municipality, (seminar.title, page_of(municipality, seminar)), (here, ""))
