"""Surveys: the list, one survey as a whole, and what the joint office does with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.base.web.history import told
from machi.learning.domain import surveys as verbs
from machi.learning.domain import surveys_answering as answering
from machi.learning.domain.surveys_figures import sees_towns
from machi.learning.domain.surveys_ready import begin_ready
from machi.learning.domain.surveys_record import ANSWER, HAND_IN, RUN, SEE
from machi.learning.domain.surveys_reminders import remind_now, waiting_towns
from machi.learning.models import Survey, SurveyResponse
from machi.learning.web.questionnaire_form import posted
from machi.learning.web.surveys_forms import (
    AboutForm,
    BeginForm,
    ChangesForm,
    ReadyForm,
    ReopenForm,
    YearForm,
)
from machi.learning.web.surveys_pages import ACTIONS, address, below, is_office, the_survey, trail

A_PAGE = 25
Purpose = Survey.Purpose


@member(SEE)
def surveys(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    return _listed(request, municipality, consortium, Purpose.YEARLY)


@member(SEE)
def assessments(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    return _listed(request, municipality, consortium, Purpose.ASSESSMENT)


def _listed(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, purpose: Survey.Purpose
) -> HttpResponseBase:
    office = is_office(request, municipality)
    found = verbs.surveys().filter(purpose=purpose).defer("form", "scoring", "current__form")
    if not office:
        found = found.exclude(state=Survey.State.DRAFT)
    asked = members(consortium).count()
    if "format" in request.GET:
        columns = [_("題"), _("年度"), _("状態"), _("しめきり"), _("提出した自治体"), _("自治体の数")]
        done = _done(found)
        rows = (
            (str(one), one.year, one.get_state_display(), one.due_on, done.get(one.pk, 0), asked)
            for one in found
        )
        return export(request, "surveys", columns, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    own = {
        one.survey_id: one
        for one in SurveyResponse.objects.filter(town=municipality, survey__in=list(page))
        .defer("words", "choices")
        .order_by("round")
    }
    today, done = timezone.localdate(), _done(page)
    context = {
        "page_obj": page,
        "rows": [
            {
                "survey": one,
                "done": done.get(one.pk, 0),
                "own": own.get(one.pk),
                "late": bool(one.is_open and one.due_on and one.due_on < today),
            }
            for one in page
        ],
        "asked": asked,
        "office": office,
        "assessment": purpose == Purpose.ASSESSMENT,
        "title": _("AI活用の自己点検") if purpose == Purpose.ASSESSMENT else _("調査"),
        "consortium": consortium,
        "consortia": request.consortia,  # type: ignore[attr-defined]
    }
    return render(request, "learning/surveys/surveys.html", context)


def _done(found: Iterable[Survey]) -> dict[int, int]:
    """Survey -> how many towns have handed in."""
    handed_in = SurveyResponse.objects.filter(
        survey__in=[one.pk for one in found], state=SurveyResponse.State.HANDED_IN, town__isnull=False
    )
    return dict(handed_in.order_by().values_list("survey").annotate(Count("town", distinct=True)))


@member(SEE)
def survey(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """How it stands, what one's own town has to do, and for the office what can be done with it."""
    found, person = the_survey(request, municipality, pk), visitor(request)
    own, office = answering.own(found, municipality), is_office(request, municipality)
    missing = answering.missing(own) if own and own.state == SurveyResponse.State.DRAFT else []
    context = {
        "survey": found,
        "own": own,
        "missing": len(missing),
        "answers": person.has_perm(ANSWER, municipality),
        "hands_in": person.has_perm(HAND_IN, municipality),
        "office": office,
        "sees_towns": sees_towns(found, municipality, person),
        "changed": office and verbs.has_changes(found),
        "questions": len(verbs.edited(found)) if office else 0,
        "versions": found.versions.all(),
        "counts": answering.counts(found),
        "late": bool(found.is_open and found.due_on and found.due_on < timezone.localdate()),
        "assessment": found.purpose == Purpose.ASSESSMENT,
        "past": answering.past(found, municipality)[:12] if found.purpose == Purpose.ASSESSMENT else [],
        "events": told(f"survey:{pk}", ACTIONS) + (told(f"survey_response:{own.pk}", ACTIONS) if own else []),
        "breadcrumbs": [*trail(municipality, found)[:1], (str(found), "")],
    }
    return render(request, "learning/surveys/survey.html", context)


@member(RUN)
def begin(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = BeginForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.begin(consortium, municipality, visitor(request), **form.cleaned_data),
        done=_("調査を作りました。質問を加えてください。"),
        onward=lambda made: address(municipality, "edit_survey", made.pk),
        title=_("調査を作る"),
        submit=_("作る"),
        cancel_url=address(municipality, "surveys"),
        breadcrumbs=[*trail(municipality), (_("調査を作る"), "")],
    )


@member(RUN)
def begin_from_ready(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    form = ReadyForm(posted(request))
    return acted(
        request,
        form,
        lambda: begin_ready(consortium, municipality, visitor(request), **form.cleaned_data),
        done=_("調査を用意しました。質問を見て、必要なら直してから公開してください。"),
        onward=lambda made: address(municipality, "survey", made.pk),
        title=_("そろっている調査から始める"),
        consequence=_(
            "AI・RPAの活用状況の調査は、総務省が毎年行う調査の話題にならい、machiが独自の言葉で作ったものです。"
        ),
        submit=_("用意する"),
        cancel_url=address(municipality, "surveys"),
        breadcrumbs=[*trail(municipality), (_("そろっている調査から始める"), "")],
    )


@member(RUN)
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    form = AboutForm(posted(request), instance=Survey.objects.get(pk=pk))
    return acted(
        request,
        form,
        lambda: verbs.change(found, municipality, visitor(request), form.cleaned_data),
        done=_("保存しました。"),
        **below(municipality, found, _("題や説明を直す"), _("保存する")),
    )


@member(RUN)
def again(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    form = YearForm(posted(request), initial={"year": found.year + 1})
    return acted(
        request,
        form,
        lambda: verbs.again(found, municipality, visitor(request), year=form.cleaned_data["year"]),
        done=_("同じ質問で、新しい年度の調査を作りました。"),
        **{
            **below(municipality, found, _("次の年度の調査を作る"), _("作る")),
            "onward": lambda made: address(municipality, "survey", made.pk),
        },
    )


@member(RUN)
def publish(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    form: Any = ChangesForm(posted(request)) if found.current else ConfirmForm(posted(request))
    towns = members(consortium).count()
    return acted(
        request,
        form,
        lambda: verbs.publish(found, municipality, visitor(request), form.cleaned_data.get("changes", "")),
        done=_("公開しました。"),
        consequence=_(
            "新しい版を公開すると、回答は新しい版に引きつがれます。提出済みでも新しい質問に合わない回答は、"
            "記入に戻ります。"
        )
        if found.current
        else _("公開すると、%(towns)sの自治体が回答できるようになります。公開した版の質問は変わりません。")
        % {"towns": towns},
        **below(municipality, found, _("質問票を公開しますか"), _("公開する")),
    )


@member(RUN)
def close(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.close(found, municipality, visitor(request)),
        done=_("締め切りました。"),
        consequence=_("書きかけの回答は数に入りません。あとで開け直せます。"),
        **below(municipality, found, _("回答を締め切りますか"), _("締め切る")),
    )


@member(RUN)
def reopen(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    form = ReopenForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.reopen(found, municipality, visitor(request), **form.cleaned_data),
        done=_("もう一度開けました。"),
        **below(municipality, found, _("回答の受付をもう一度開ける"), _("開ける")),
    )


@member(RUN)
def remind(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    form, waiting = ConfirmForm(posted(request)), waiting_towns(found)

    def act() -> None:
        number = remind_now(found, municipality, visitor(request))
        messages.success(request, _("%(number)sの自治体に送りました。") % {"number": number})

    return acted(
        request,
        form,
        act,
        consequence=_(
            "まだ提出していない%(number)sの自治体の、管理職とAI統括責任者にメールを送ります。今日すでに送った自治体には送りません。"
        )
        % {"number": len(waiting)},
        lead="、".join(str(town) for town in waiting[:100]),
        **below(municipality, found, _("未提出の自治体に知らせますか"), _("送る")),
    )
