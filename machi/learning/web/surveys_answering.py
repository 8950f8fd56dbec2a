"""A town's answers: filled in on screen or with Excel, kept as a draft, handed in, taken back."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import ConfirmForm
from machi.base.web.table_problems import told as table_told
from machi.learning.domain import surveys_answering as verbs
from machi.learning.domain.questionnaire_words import ALREADY_CHANGED
from machi.learning.domain.surveys_record import ANSWER, HAND_IN
from machi.learning.domain.surveys_sheets import read_back
from machi.learning.engine.questionnaire import Answers, visible
from machi.learning.models import Survey, SurveyResponse
from machi.learning.web.questionnaire_form import PREFIX, QuestionnaireForm, check_again, posted
from machi.learning.web.surveys_forms import ReasonForm, UploadForm
from machi.learning.web.surveys_pages import address, below, the_survey, trail

_PROBLEMS_SHOWN = 30
State = SurveyResponse.State


@member(ANSWER)
def answer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The questionnaire. What fits is kept even where something else is wrong; ``?check`` shows what is missing."""
    survey = the_survey(request, municipality, pk)
    own = verbs.own(survey, municipality)
    if not survey.is_open or (own and own.state == State.HANDED_IN):
        messages.info(request, _("いまは書き込めません。"))
        return redirect(address(municipality, "survey", pk))
    asked = (own.version if own else survey.current).parsed()  # type: ignore[union-attr]
    given: Answers = own.answers if own else {}
    base = given
    if request.method == "POST":
        form = QuestionnaireForm(asked, request.POST, complete=False)
        theirs = _keep(request, survey, municipality, form)
        if not form.errors and "onward" in request.POST:
            return redirect(address(municipality, "hand_in_survey", pk))
        if not form.errors:
            messages.success(request, _("保存しました。"))
            return redirect(request.path)
        given, base = form.answers, _next_base(request, form, theirs)
    elif "check" in request.GET:
        form = check_again(asked, given)
    else:
        form = QuestionnaireForm(asked, given=given, complete=False)
    return render(
        request, "learning/surveys/answer.html", _answering(municipality, survey, own, form, given, base)
    )


def _answering(
    municipality: Municipality,
    survey: Survey,
    own: SurveyResponse | None,
    form: QuestionnaireForm,
    given: Answers,
    base: Answers,
) -> dict[str, Any]:
    wanted = [one for one in visible(form.asked, given) if one.required]
    return {
        "survey": survey,
        "own": own,
        "form": form,
        "base": json.dumps(base, ensure_ascii=False),
        "needed": len(wanted),
        "answered": sum(one.id in given for one in wanted),
        "last_year": verbs.last_year(survey, municipality) is not None,
        "title": str(survey),
        "breadcrumbs": trail(municipality, survey, (_("回答を書く"), "")),
    }


def _keep(
    request: HttpRequest, survey: Survey, municipality: Municipality, form: QuestionnaireForm
) -> dict[str, Any]:
    """Keeps what fits; ``form.errors`` say what does not, or that somebody else was quicker. Returns, for questions
    that somebody else has changed, what stands there."""
    form.is_valid()
    base = _base(request)
    # What could not be read stays as it was: it is neither a new answer nor an emptied one.
    unread = {name.removeprefix(PREFIX) for name in form.errors}
    try:
        verbs.write(
            survey,
            municipality,
            visitor(request),
            form.answers,
            base={name: value for name, value in base.items() if name not in unread},
        )
    except verbs.Conflict as conflict:
        stored = conflict.response.answers
        for name in conflict.questions:
            if f"{PREFIX}{name}" in form.fields:
                form.add_error(f"{PREFIX}{name}", str(ALREADY_CHANGED))
        return {name: stored.get(name) for name in conflict.questions}
    except Refused as refused:
        form.add_error(None, str(refused.message))
    return {}


def _next_base(request: HttpRequest, form: QuestionnaireForm, theirs: Answers) -> dict[str, Any]:
    """What the page now stands on: what was kept of it; before, where nothing was kept; and ``theirs``, which whoever
    saves again has seen that they overwrite."""
    before = {name: value for name, value in _base(request).items() if f"{PREFIX}{name}" in form.errors}
    kept = {name: value for name, value in form.answers.items() if f"{PREFIX}{name}" not in form.errors}
    return {**before, **kept, **{name: value for name, value in theirs.items() if value is not None}}


def _base(request: HttpRequest) -> dict[str, Any]:
    """What the page showed when it was opened; anything else than that counts as nothing."""
    try:
        base = json.loads(request.POST.get("base", "{}"))
    except ValueError:
        return {}
    return base if isinstance(base, dict) else {}


@member(ANSWER)
@require_POST
def save(request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int) -> HttpResponse:
    """The draft kept while somebody writes: ``{"message", "base"}``; 409 where it cannot be."""
    survey = the_survey(request, municipality, pk)
    own = verbs.own(survey, municipality)
    version = own.version if own else survey.current
    if version is None:
        return JsonResponse({"message": _("いまは書き込めません。")}, status=409)
    form = QuestionnaireForm(version.parsed(), request.POST, complete=False)
    _keep(request, survey, municipality, form)
    if form.non_field_errors():
        return JsonResponse({"message": " ".join(str(one) for one in form.non_field_errors())}, status=409)
    told = _("%(time)s に自動で保存しました。") % {"time": time_format(timezone.localtime())}
    if form.errors:
        told += " " + _("直すところがあります。「保存する」を押すと、どこか分かります。")
    base = json.dumps(_next_base(request, form, {}), ensure_ascii=False)
    return JsonResponse({"message": told, "base": base})


@member(ANSWER)
def last_year(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    survey = the_survey(request, municipality, pk)
    form = ConfirmForm(posted(request))

    def act() -> None:
        number = verbs.take_last_years(survey, municipality, visitor(request))
        words = ngettext(
            "%(number)s問に前の年の答えを入れました。", "%(number)s問に前の年の答えを入れました。", number
        )
        messages.success(request, words % {"number": number})

    return acted(
        request,
        form,
        act,
        consequence=_(
            "まだ空欄の質問だけに、前の年に提出した答えを入れます。今年のことかどうか、必ず確かめてください。"
        ),
        **below(
            municipality,
            survey,
            _("前の年の答えを使いますか"),
            _("使う"),
            to=address(municipality, "answer_survey", pk),
        ),
    )


@member(ANSWER)
def upload(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Reads a list that was filled in; taken as a whole or, where a cell is wrong, not at all."""
    survey = the_survey(request, municipality, pk)
    own = verbs.own(survey, municipality)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid() and survey.current is not None:
        version, before = (own.version, own.answers) if own else (survey.current, {})
        read = read_back(version.parsed(), form.cleaned_data["file"], before)
        problems = [*table_told(read.file_problems), *read.cell_problems]
        if not problems:
            try:
                verbs.write(survey, municipality, visitor(request), read.answers)
            except Refused as refused:
                form.add_error(None, str(refused.message))
            else:
                messages.success(request, _("取り込みました。答えを確かめてください。"))
                return redirect(address(municipality, "answer_survey", pk))
    title = _("書き込んだExcelやCSVを取り込む")
    context = {
        **below(municipality, survey, title, _("取り込む"), to=address(municipality, "answer_survey", pk)),
        "form": form,
        "problems": problems[:_PROBLEMS_SHOWN],
        "more_problems": max(0, len(problems) - _PROBLEMS_SHOWN),
    }
    return render(request, "learning/surveys/upload.html", context)


@member(HAND_IN)
def hand_in(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    survey = the_survey(request, municipality, pk)
    own = _own(survey, municipality)
    if own.state == State.DRAFT and verbs.missing(own):
        return redirect(f"{address(municipality, 'answer_survey', pk)}?check=1")
    form = ConfirmForm(posted(request))
    named = survey.named and survey.purpose == Survey.Purpose.YEARLY
    seen = (
        _("提出すると、共同事務局と、この共同体の自治体が回答を読めます。")
        if named
        else _("提出すると、共同事務局が回答を読めます。ほかの自治体には、数にまとめて見せます。")
    )
    assessment = survey.purpose == Survey.Purpose.ASSESSMENT
    page = below(municipality, survey, _("%(survey)sを提出しますか") % {"survey": survey}, _("提出する"))
    if assessment:
        page["onward"] = address(municipality, "maturity", pk, own.pk)
    return acted(
        request,
        form,
        lambda: verbs.hand_in(own, municipality, visitor(request)),
        done=_("提出しました。"),
        consequence=seen + _("受付中は、理由を書いて記入に戻せます。"),
        **page,
    )


@member(HAND_IN)
def take_back(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    survey = the_survey(request, municipality, pk)
    own, form = _own(survey, municipality), ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.take_back(own, municipality, visitor(request), form.cleaned_data["reason"]),
        done=_("記入に戻しました。直したら、もう一度提出してください。"),
        consequence=_("もう一度提出されるまで、この自治体の回答は数に入りません。"),
        **below(municipality, survey, _("提出した回答を直す"), _("記入に戻す")),
    )


@member(ANSWER)
def next_round(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    survey = the_survey(request, municipality, pk)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.begin_again(survey, municipality, visitor(request)),
        done=_("前の回の答えから始めます。変わったところを直してください。"),
        consequence=_("前の回の結果は残り、比べられます。"),
        **{
            **below(municipality, survey, _("次の回の点検を始めますか"), _("始める")),
            "onward": address(municipality, "answer_survey", pk),
        },
    )


def _own(survey: Survey, municipality: Municipality) -> SurveyResponse:
    latest = verbs.own(survey, municipality)
    found: SurveyResponse = get_object_or_404(
        SurveyResponse.objects.select_related("survey", "version"), pk=latest.pk if latest else 0
    )
    return found
