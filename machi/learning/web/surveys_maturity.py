"""The result of a self-assessment: levels with their reasons, what to do next, how it went on, and how towns of like
size stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.learning.domain import surveys_answering as answering
from machi.learning.domain.surveys_figures import BATCH, Results, results
from machi.learning.domain.surveys_next import Leads, leads
from machi.learning.domain.surveys_record import SEE
from machi.learning.engine.maturity import TOP, Score, first_steps, overall, parse_scoring, score
from machi.learning.engine.questionnaire import Form, said
from machi.learning.models import Survey, SurveyResponse
from machi.learning.web.surveys_pages import the_survey, trail
from machi.learning.web.surveys_shown import Part, class_words, shown


@member(SEE)
def maturity(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, response: int
) -> HttpResponseBase:
    """Of one's own town; the office reads every town's that was handed in."""
    survey, person = the_survey(request, municipality, pk), visitor(request)
    if survey.purpose != Survey.Purpose.ASSESSMENT:
        raise Http404
    found: SurveyResponse = get_object_or_404(
        answering.readable(survey, municipality, person).filter(state=SurveyResponse.State.HANDED_IN),
        pk=response,
    )
    language, form, scoring = get_language() or "ja", found.version.parsed(), parse_scoring(survey.scoring)
    scores = score(form, scoring, found.answers)
    if "format" in request.GET:
        return _export(request, survey, form, scores, language)
    linked, beside = leads(scores), results(survey, municipality, person)
    rounds = list(answering.past(survey, municipality if found.town is None else found.town))[::-1]
    levels = {one.dimension.id: f"l{one.level}" for one in scores}

    def told(one: Score) -> dict[str, Any]:
        return _shown(one, form, linked.get(one.dimension.id), municipality, language)

    context = {
        "survey": survey,
        "response": found,
        "own": found.town_id == municipality.pk,
        "scores": [told(one) for one in scores],
        "overall": overall(scores),
        "top": TOP,
        "first": [
            _shown(one, form, linked.get(one.dimension.id), municipality, language)
            for one in first_steps(scores)
        ],
        "history": _history(survey, rounds, language),
        "compared": _compared(beside, levels) if beside else [],
        "results": beside,
        "like": class_words(beside.like) if beside else "",
        "batch": BATCH,
        "counts": answering.counts(survey),
        "title": _("%(survey)sの結果") % {"survey": survey},
        "breadcrumbs": trail(municipality, survey, (_("結果"), "")),
    }
    return render(request, "learning/surveys/maturity.html", context)


def _shown(
    one: Score, form: Form, lead: Leads | None, municipality: Municipality, language: str
) -> dict[str, Any]:
    dimension = one.dimension
    return {
        "id": dimension.id,
        "label": said(dimension.words, language),
        "level": one.level,
        "mean": one.mean,
        "level_words": said(dimension.levels[one.level], language) if one.level is not None else "",
        "levels": [(at, said(words, language), at == one.level) for at, words in enumerate(dimension.levels)],
        "reasons": [
            {
                "question": said(form[reason.question].words, language),
                "answer": _option(form, reason.question, reason.option, language),
                "level": reason.level,
                "holds_back": reason.holds_back,
            }
            for reason in one.reasons
        ],
        "next": said(one.next.words, language) if one.next else "",
        "next_level": one.next.level if one.next else None,
        "lessons": _lessons(municipality, lead) if lead else [],
        "cases_url": _cases_url(municipality, lead.cases[0]) if lead and lead.cases else "",
        "skills": lead.skills if lead else (),
        "experts_url": reverse("joint:experts", args=[municipality.code]),
    }


def _option(form: Form, question: str, option: str, language: str) -> str:
    found = form[question].option(option)
    return said(found.words, language) if found else option


def _history(survey: Survey, rounds: list[SurveyResponse], language: str) -> list[dict[str, Any]]:
    """Each round handed in, oldest first, with the level of every dimension."""
    scoring = parse_scoring(survey.scoring)
    return [
        {
            "response": one,
            "levels": [
                (said(each.dimension.words, language), each.level)
                for each in score(one.version.parsed(), scoring, one.answers)
            ],
        }
        for one in rounds
    ]


def _compared(beside: Results, own: Mapping[str, str]) -> list[Part]:
    """For each dimension, how many towns stand at each level, of all and of like size."""
    return [
        Part(
            "", one.text, [replace(line, label=_("段階%(level)s") % {"level": line.label}) for line in lines]
        )
        for one in shown(beside, own)
        if (lines := list(one.parts[0].lines)[: TOP + 1])
    ]


def _export(
    request: HttpRequest, survey: Survey, form: Form, scores: tuple[Score, ...], language: str
) -> HttpResponseBase:
    columns = [
        _("面"),
        _("段階"),
        _("段階の説明"),
        _("平均"),
        _("質問"),
        _("選んだ文"),
        _("その段階"),
        _("次に取り組むこと"),
    ]
    rows = (
        (
            said(one.dimension.words, language),
            one.level,
            said(one.dimension.levels[one.level], language) if one.level is not None else "",
            one.mean,
            said(form[reason.question].words, language),
            _option(form, reason.question, reason.option, language),
            reason.level,
            said(one.next.words, language) if one.next else "",
        )
        for one in scores
        for reason in one.reasons
    )
    return export(request, f"{survey.series}-{survey.year}", columns, rows)


def _lessons(municipality: Municipality, lead: Leads) -> list[tuple[str, str]]:
    return [
        (one.title, reverse("learning:read_lesson", args=[municipality.code, one.pk])) for one in lead.lessons
    ]


def _cases_url(municipality: Municipality, field: str) -> str:
    return f"{reverse('learning:cases', args=[municipality.code])}?field={field}"
