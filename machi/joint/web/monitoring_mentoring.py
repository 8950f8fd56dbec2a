"""Mentoring: questions and answers, site visits."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import posted
from machi.joint.domain import monitoring_mentoring as verbs
from machi.joint.domain.monitoring_scope import is_office, takes_part
from machi.joint.models import MentoringQuestion, SiteVisit
from machi.joint.web.monitoring import MANAGE, SEE, below, breadcrumbs, the_project
from machi.joint.web.monitoring_forms import AnswerForm, QuestionForm, VisitForm

A_PAGE = 25


@member(SEE)
def questions(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """What waits for an answer first; then the answers, kept to be found again."""
    person, words = visitor(request), request.GET.get("q", "").strip()[:100]
    found = verbs.questions(municipality, person)
    for word in words.split():
        found = found.filter(
            Q(title__icontains=word) | Q(question__icontains=word) | Q(answer__icontains=word)
        )
    if "format" in request.GET:
        columns = [
            _("件名"),
            _("事業名"),
            _("自治体"),
            _("質問"),
            _("質問した日時"),
            _("回答"),
            _("回答した日時"),
        ]
        rows = (
            (
                one.title,
                one.project.title,
                str(one.town),
                one.question,
                one.asked_at,
                one.answer,
                one.answered_at,
            )
            for one in found
        )
        return export(request, "questions", columns, rows)
    context = {
        "title": _("相談と回答"),
        "words": words,
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "office": is_office(person, municipality),
    }
    return render(request, "joint/monitoring/questions.html", context)


@member(SEE)
def question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    known = _the_question(request, municipality, pk)
    context = {
        "question": known,
        "office": is_office(person, municipality),
        "breadcrumbs": [
            (_("相談と回答"), reverse("joint:questions", args=[municipality.code])),
            (known.title, ""),
        ],
    }
    return render(request, "joint/monitoring/question.html", context)


@member(verbs.ASK)
def ask(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_project(pk)
    if not takes_part(found, municipality):
        raise PermissionDenied
    form = QuestionForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.ask(found, municipality, visitor(request), **form.cleaned_data),
        done=_("共同事務局に相談を送りました。"),
        **{
            **below(municipality, found, _("共同事務局に相談する"), _("送る")),
            "onward": lambda made: reverse("joint:question", args=[municipality.code, made.pk]),
        },
    )


@member(MANAGE)
def answer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = _the_question(request, municipality, pk)
    form = AnswerForm(posted(request), initial={"answer": known.answer, "for_all": known.for_all})
    page = reverse("joint:question", args=[municipality.code, pk])
    return acted(
        request,
        form,
        lambda: verbs.answer(
            known,
            municipality,
            visitor(request),
            text=form.cleaned_data["answer"],
            for_all=form.cleaned_data["for_all"],
        ),
        done=_("回答しました。"),
        onward=page,
        template="joint/monitoring/answer.html",
        question=known,
        title=_("相談に回答する"),
        submit=_("回答する"),
        cancel_url=page,
        breadcrumbs=[
            (_("相談と回答"), reverse("joint:questions", args=[municipality.code])),
            (known.title, page),
            (_("回答"), ""),
        ],
    )


@member(SEE)
def visits(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = verbs.visits(municipality, visitor(request))
    if "format" in request.GET:
        columns = [
            _("事業名"),
            _("訪問した自治体"),
            _("訪問日"),
            _("見たこと・聞いたこと"),
            _("次にすると決めたこと"),
            _("次に確かめる日"),
            _("その後どうなったか"),
        ]
        rows = (
            (
                one.project.title,
                str(one.town),
                one.visited_on,
                one.seen,
                one.agreed,
                one.follow_up_on,
                one.followed_up,
            )
            for one in found
        )
        return export(request, "site-visits", columns, rows)
    context = {
        "title": _("現地訪問"),
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "breadcrumbs": [*breadcrumbs(municipality), (_("現地訪問"), "")],
    }
    return render(request, "joint/monitoring/visits.html", context)


@member(SEE)
def visit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    known: SiteVisit = get_object_or_404(verbs.visits(municipality, person), pk=pk)
    context = {
        "visit": known,
        "office": is_office(person, municipality),
        "breadcrumbs": [
            *breadcrumbs(municipality),
            (known.project.title, reverse("joint:project", args=[municipality.code, known.project_id])),
            (_("現地訪問"), ""),
        ],
    }
    return render(request, "joint/monitoring/visit.html", context)


@member(MANAGE)
def add_visit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_project(pk)
    form = VisitForm(posted(request), project=found)
    return acted(
        request,
        form,
        lambda: verbs.note_visit(found, municipality, visitor(request), form.cleaned_data),
        done=_("現地訪問を記録しました。"),
        **{
            **below(municipality, found, _("現地訪問を記録する"), _("記録する")),
            "onward": lambda made: reverse("joint:site_visit", args=[municipality.code, made.pk]),
        },
    )


@member(MANAGE)
def change_visit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known: SiteVisit = get_object_or_404(verbs.visits(municipality, visitor(request)), pk=pk)
    found = the_project(known.project_id)
    initial = {name: getattr(known, name) for name in verbs.VISIT}
    form = VisitForm(posted(request), project=found, initial=initial)
    page = reverse("joint:site_visit", args=[municipality.code, pk])
    return acted(
        request,
        form,
        lambda: verbs.note_visit(found, municipality, visitor(request), form.cleaned_data, known),
        done=_("記録を直しました。"),
        **below(municipality, found, _("現地訪問の記録を直す"), _("保存する"), to=page),
    )


def _the_question(request: HttpRequest, municipality: Municipality, pk: int) -> MentoringQuestion:
    visible = verbs.questions(municipality, visitor(request)).select_related("answered_by", "consortium")
    found: MentoringQuestion = get_object_or_404(visible, pk=pk)
    return found
