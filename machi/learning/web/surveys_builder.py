"""The survey builder: questions added, ordered, changed, taken over from other surveys; conditions; a preview."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import ConfirmForm
from machi.learning.domain import surveys as verbs
from machi.learning.domain.questionnaire_words import KINDS, condition_told
from machi.learning.domain.surveys_record import RUN
from machi.learning.engine.questionnaire import Form, Kind, Question, said
from machi.learning.models import Survey, SurveyVersion
from machi.learning.web.questionnaire_form import QuestionnaireForm, posted
from machi.learning.web.surveys_builder_forms import KindForm, QuestionForm, WhenForm
from machi.learning.web.surveys_pages import address, below, the_survey, trail

_MOST_FOUND = 40


@member(RUN)
def edit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """All questions in order, each with what can be done with it."""
    found = the_survey(request, municipality, pk)
    form, language = verbs.edited(found), get_language() or "ja"
    context = {
        "survey": found,
        "title": _("質問を編む: %(survey)s") % {"survey": found},
        "questions": [_shown(one, form, language) for one in form],
        "kinds": KindForm(),
        "changed": verbs.has_changes(found),
        "breadcrumbs": trail(municipality, found, (_("質問を編む"), "")),
    }
    return render(request, "learning/surveys/edit.html", context)


@member(RUN)
def add_question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    try:
        kind = Kind(request.GET.get("kind", ""))
    except ValueError:
        raise Http404 from None
    form = QuestionForm(kind, posted(request))
    return acted(
        request,
        form,
        lambda: verbs.put_question(found, municipality, visitor(request), form.made()),
        done=_("質問を加えました。"),
        **_page(municipality, found, _("質問を加える（%(kind)s）") % {"kind": KINDS[kind]}, _("加える")),
    )


@member(RUN)
def change_question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, name: str
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    question = _question(found, name)
    form = QuestionForm(question.kind, posted(request), question=question)
    return acted(
        request,
        form,
        lambda: verbs.put_question(found, municipality, visitor(request), form.made(), instead=name),
        done=_("質問を直しました。"),
        **_page(municipality, found, _("質問を直す"), _("保存する")),
    )


@member(RUN)
@require_POST
def move_question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, name: str
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    try:
        verbs.move_question(found, municipality, visitor(request), name, up=request.POST.get("to") == "up")
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect(f"{address(municipality, 'edit_survey', pk)}#question-{name}")


@member(RUN)
def remove_question(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, name: str
) -> HttpResponseBase:
    found = the_survey(request, municipality, pk)
    question = _question(found, name)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.remove_question(found, municipality, visitor(request), name),
        done=_("質問を除きました。"),
        consequence=said(question.words, get_language() or "ja"),
        **_page(municipality, found, _("この質問を除きますか"), _("除く")),
    )


@member(RUN)
def question_when(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, name: str
) -> HttpResponseBase:
    """When a question is asked: first which earlier question it hangs on, then on which answer of it."""
    found, language = the_survey(request, municipality, pk), get_language() or "ja"
    question, asked = _question(found, name), verbs.edited(found)
    earlier = list(asked)[: [one.id for one in asked].index(name)]
    on = next((one for one in earlier if one.id == request.GET.get("on")), None)
    if request.GET.get("on") and on is None:
        raise Http404
    person, back = visitor(request), address(municipality, "question_when", pk, name)

    def keep(when: Any) -> None:
        verbs.put_question(found, municipality, person, replace(question, when=tuple(when)), instead=name)

    if request.method == "POST" and "remove" in request.POST:
        at = request.POST["remove"]
        keep(one for number, one in enumerate(question.when) if str(number) != at)
        messages.success(request, _("条件を除きました。"))
        return redirect(back)
    page = {
        "question": said(question.words, language),
        "conditions": [condition_told(replace(question, when=(one,)), asked) for one in question.when],
        "earlier": [(one.id, number, said(one.words, language)) for number, one in enumerate(earlier, 1)],
        "on": on,
        "template": "learning/surveys/when.html",
        **_page(municipality, found, _("この質問を尋ねる条件"), _("条件を加える")),
        "onward": back,
        "cancel_url": back,
    }
    if on is None:
        template = page.pop("template")
        return render(request, template, page)
    form = WhenForm(on, language, posted(request))
    return acted(
        request, form, lambda: keep([*question.when, form.made()]), done=_("条件を加えました。"), **page
    )


@member(RUN)
def reuse(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Questions of the consortium's other surveys, to be taken over."""
    found, language = the_survey(request, municipality, pk), get_language() or "ja"
    if request.method == "POST":
        source = get_object_or_404(Survey.objects, pk=request.POST.get("survey") or 0)
        question = _question(source, request.POST.get("question", ""))
        known = {one.id for one in verbs.edited(found)}
        name = question.id if question.id not in known else f"{question.id[:33]}_{secrets.token_hex(3)}"
        verbs.put_question(found, municipality, visitor(request), replace(question, id=name, when=()))
        messages.success(request, _("質問を写しました。条件は写していません。"))
        return redirect(address(municipality, "edit_survey", pk))
    words = request.GET.get("words", "").strip()
    lines = [
        {"survey": one, "question": question, "text": text, "kind": KINDS[question.kind]}
        for one in Survey.objects.exclude(pk=pk).order_by("-year", "title")
        for question in verbs.edited(one)
        if (text := said(question.words, language)) and words.casefold() in text.casefold()
    ]
    context = {
        "survey": found,
        "title": _("ほかの調査の質問を使う"),
        "words": words,
        "lines": lines[:_MOST_FOUND],
        "more": max(0, len(lines) - _MOST_FOUND),
        "breadcrumbs": trail(
            municipality,
            found,
            (_("質問を編む"), address(municipality, "edit_survey", pk)),
            (_("ほかの調査の質問を使う"), ""),
        ),
    }
    return render(request, "learning/surveys/reuse.html", context)


@member(RUN)
def preview(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The form as towns will see it; what is sent is checked and thrown away."""
    found = the_survey(request, municipality, pk)
    form = QuestionnaireForm(verbs.edited(found), posted(request))
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("このまま提出できる回答です。試しなので、どこにも保存していません。"))
    context = {
        "survey": found,
        "form": form,
        "title": str(found),
        "breadcrumbs": trail(municipality, found, (_("試しに見る"), "")),
    }
    return render(request, "learning/surveys/preview.html", context)


@member(RUN)
def version(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """A version as it was published."""
    found = the_survey(request, municipality, pk)
    one: SurveyVersion = get_object_or_404(found.versions, number=number)
    asked, language = one.parsed(), get_language() or "ja"
    title = _("第%(number)s版") % {"number": number}
    context = {
        "survey": found,
        "version": one,
        "title": f"{found}: {title}",
        "questions": [_shown(question, asked, language) for question in asked],
        "breadcrumbs": trail(municipality, found, (title, "")),
    }
    return render(request, "learning/surveys/version.html", context)


def _shown(question: Question, form: Form, language: str) -> dict[str, Any]:
    return {
        "id": question.id,
        "text": said(question.words, language),
        "section": said(question.section, language),
        "kind": KINDS[question.kind],
        "required": question.required,
        "options": [said(one.words, language) for one in question.options],
        "rows": [said(one.words, language) for one in question.rows],
        "when": condition_told(question, form),
    }


def _question(survey: Survey, name: str) -> Question:
    question = verbs.edited(survey).get(name)
    if question is None:
        raise Http404
    return question


def _page(municipality: Municipality, survey: Survey, title: str, submit: str) -> dict[str, Any]:
    page = address(municipality, "edit_survey", survey.pk)
    return below(municipality, survey, title, submit, to=page, more=[(_("質問を編む"), page)])
