"""Results of a survey: all questions; one question over the years and on a map; every answer, for who may read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Prefecture
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.learning.domain import surveys_answering as answering
from machi.learning.domain.surveys_figures import (
    BATCH,
    Results,
    earlier,
    latest_answers,
    results,
    sees_towns,
)
from machi.learning.domain.surveys_record import RUN, SEE
from machi.learning.engine.questionnaire import Answers, Form, Kind, Question, said
from machi.learning.engine.questionnaire_sheet import lines
from machi.learning.models import Survey, SurveyResponse
from machi.learning.web.questionnaire_form import posted
from machi.learning.web.surveys_forms import ReasonForm
from machi.learning.web.surveys_map import MOST_TOWNS, MapView, answer_map
from machi.learning.web.surveys_pages import address, below, is_office, the_survey, trail
from machi.learning.web.surveys_shown import class_words, shown, shown_question, table

A_PAGE = 50
YEARLY = Survey.Purpose.YEARLY


@member(SEE)
def survey_results(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    survey = the_survey(request, municipality, pk)
    if survey.purpose != YEARLY:
        raise Http404
    found = results(survey, municipality, visitor(request))
    if "format" in request.GET and found:
        columns, rows = table(found)
        return export(request, f"{survey.series}-{survey.year}-results", columns, rows)
    own = _own_answers(survey, municipality)
    context = {
        **_about(request, municipality, survey, found),
        "shown": shown(found, own) if found else [],
        "title": _("結果: %(survey)s") % {"survey": survey},
        "breadcrumbs": trail(municipality, survey, (_("結果"), "")),
    }
    return render(request, "learning/surveys/results.html", context)


def _about(
    request: HttpRequest, municipality: Municipality, survey: Survey, found: Results | None
) -> dict[str, Any]:
    return {
        "survey": survey,
        "results": found,
        "like": class_words(found.like) if found else "",
        "counts": answering.counts(survey),
        "batch": BATCH,
        "sees_towns": sees_towns(survey, municipality, visitor(request)),
    }


@member(SEE)
def question_results(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, name: str
) -> HttpResponseBase:
    """One question: now, over the years, and where towns may be seen on a map."""
    survey, person = the_survey(request, municipality, pk), visitor(request)
    found = results(survey, municipality, person, only=name) if survey.purpose == YEARLY else None
    question = found.form.get(name) if found else None
    if found is None or question is None:
        raise Http404
    assert survey.current is not None
    number = [one.id for one in survey.current.parsed()].index(name) + 1
    language = get_language() or "ja"
    row, option = _chosen(request, question)
    drawn = None
    if sees_towns(survey, municipality, person) and question.kind not in (Kind.TEXT, Kind.DATE):
        drawn = _map(request, consortium, municipality, question, latest_answers(survey), row, option)
    trend = _trend(question, row, survey, municipality, request)
    context = {
        **_about(request, municipality, survey, found),
        "one": shown_question(question, number, found, _own_answers(survey, municipality)),
        "trend": trend,
        "trend_rows": _trend_rows(trend),
        "row": row,
        "option": option,
        "rows": [(one.id, said(one.words, language)) for one in question.rows],
        "options": [(one.id, said(one.words, language)) for one in question.options]
        if question.kind is Kind.MULTIPLE
        else [],
        "title": said(question.words, language),
        "breadcrumbs": trail(
            municipality,
            survey,
            (_("結果"), address(municipality, "survey_results", pk)),
            (_("問%(number)s") % {"number": number}, ""),
        ),
        **(drawn or {}),
    }
    return render(request, "learning/surveys/question_results.html", context)


def _chosen(request: HttpRequest, question: Question) -> tuple[str, str]:
    """Row of a matrix, option of a multiple choice: the ones asked for, else the first."""
    row, option = request.GET.get("row", ""), request.GET.get("option", "")
    rows = [one.id for one in question.rows]
    options = [one.id for one in question.options]
    return (
        row if row in rows else (rows or [""])[0],
        option if option in options else (options or [""])[0],
    )


def _trend(
    question: Question, row: str, survey: Survey, municipality: Municipality, request: HttpRequest
) -> list[dict[str, Any]]:
    """Each year that asked the same question in the same way, oldest first; empty with fewer than two."""
    found = []
    for one in earlier(survey):
        then = results(one, municipality, visitor(request), only=question.id)
        same = then.form.get(question.id) if then else None
        if then is None or same is None or same.kind is not question.kind:
            continue
        told = shown_question(same, 1, then, _own_answers(one, municipality))
        part = next((part for part in told.parts if part.row == row), told.parts[0])
        found.append(
            {
                "year": one.year,
                "counted": then.counted,
                "part": part,
                "spreads": told.spreads,
                "own": told.own,
            }
        )
    return found if len(found) > 1 else []


def _trend_rows(trend: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """A row an answer, in the words of the last year (of numbers, also the quartiles and one's own); a cell a year."""
    labels = {line.option: line.label for year in trend for line in year["part"].lines}
    rows = [
        (
            label,
            [
                {"line": next((one for one in year["part"].lines if one.option == option), None)}
                for year in trend
            ],
        )
        for option, label in labels.items()
    ]
    if any(year["spreads"] for year in trend):
        rows.append((_("全体"), [{"words": year["spreads"][0][1]} for year in trend]))
        rows.append((_("自分の自治体"), [{"words": year["own"]} for year in trend]))
    return rows


def _map(
    request: HttpRequest,
    consortium: Consortium,
    municipality: Municipality,
    question: Question,
    answers: Mapping[str, Answers],
    row: str,
    option: str,
) -> dict[str, Any]:
    towns = list(members(consortium).order_by("code"))
    prefectures: list[Prefecture] = []
    chosen = ""
    if len(towns) > MOST_TOWNS:
        prefectures = list({one.prefecture_id: one.prefecture for one in towns}.values())
        asked = request.GET.get("prefecture", "")
        known = {one.code for one in prefectures}
        chosen = asked if asked in known else municipality.prefecture_id
        towns = [one for one in towns if one.prefecture_id == chosen]
    drawn: MapView = answer_map(question, answers, towns, municipality.code, row=row, option=option)
    return {"map": drawn, "prefectures": prefectures, "prefecture": chosen}


def _own_answers(survey: Survey, municipality: Municipality) -> Answers:
    """What the town has handed in."""
    latest = answering.past(survey, municipality).first()
    return latest.answers if latest else {}


@member(SEE)
def responses(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Who has answered and who has not; where answers may be read, each, and all as a file."""
    survey, person = the_survey(request, municipality, pk), visitor(request)
    reads = sees_towns(survey, municipality, person)
    if not reads:
        raise PermissionDenied
    if "format" in request.GET:
        return _export(request, survey)
    towns = members(consortium).order_by("code")
    page = Paginator(towns, A_PAGE).get_page(request.GET.get("page"))
    latest = {
        one.town_id: one
        for one in survey.responses.filter(town__in=list(page)).defer("words", "choices").order_by("round")
    }
    office = is_office(request, municipality)
    context = {
        "survey": survey,
        "page_obj": page,
        "rows": [(town, _visible(latest.get(town.pk), office)) for town in page],
        "counts": answering.counts(survey),
        "office": office,
        "title": _("自治体ごとの回答: %(survey)s") % {"survey": survey},
        "breadcrumbs": trail(municipality, survey, (_("自治体ごとの回答"), "")),
    }
    return render(request, "learning/surveys/responses.html", context)


def _visible(one: SurveyResponse | None, office: bool) -> SurveyResponse | None:
    """That a town has begun is the office's to know, for reminding; a draft's content is not."""
    return one if one and (office or one.state == SurveyResponse.State.HANDED_IN) else None


def _export(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """A line a town, a column for each thing that is answered."""
    assert survey.current is not None
    form = survey.current.parsed()
    language = get_language() or "ja"
    columns = [_("団体コード"), _("都道府県"), _("自治体"), _("回"), _("提出日")]
    for line in lines(form, {}, language):
        part = f" / {said(line.part.words, language)}" if line.part else ""
        columns.append(f"{line.number}. {said(line.question.words, language)}{part}")

    def rows() -> Any:
        for one in answering.handed_in(survey).order_by("town__code", "round").iterator():
            assert one.town is not None
            answers = [line.answer for line in lines(form, one.answers, language)]
            yield one.town_id, str(one.town.prefecture), str(one.town), one.round, one.handed_in_at, *answers

    return export(request, f"{survey.series}-{survey.year}-answers", columns, rows())


@member(SEE)
def response(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, response: int
) -> HttpResponseBase:
    """One town's answers, to be read."""
    survey, person = the_survey(request, municipality, pk), visitor(request)
    found: SurveyResponse = get_object_or_404(
        answering.readable(survey, municipality, person).select_related("handed_in_by"), pk=response
    )
    form, language = found.version.parsed(), get_language() or "ja"
    context = {
        "survey": survey,
        "response": found,
        "own": found.town_id == municipality.pk,
        "answers": _read(form, found.answers, language),
        "office": is_office(request, municipality),
        "title": _("%(town)sの回答") % {"town": found.town},
        "breadcrumbs": trail(municipality, survey, (str(found.town), "")),
    }
    return render(request, "learning/surveys/response.html", context)


def _read(form: Form, answers: Answers, language: str) -> list[dict[str, Any]]:
    """Questions with what was answered, in words; several for a matrix."""
    told: dict[str, dict[str, Any]] = {}
    for line in lines(form, answers, language):
        question = line.question
        one = told.setdefault(
            question.id,
            {
                "number": line.number,
                "text": said(question.words, language),
                "section": said(question.section, language),
                "unit": said(question.unit, language),
                "answers": [],
            },
        )
        part = said(line.part.words, language) if line.part else ""
        if question.kind is Kind.MULTIPLE and line.answer:
            one["answers"].append(part)
        elif question.kind is Kind.MATRIX and line.answer:
            one["answers"].append(f"{part}: {line.answer}")
        elif question.kind not in (Kind.MULTIPLE, Kind.MATRIX) and line.answer:
            one["answers"].append(line.answer)
    return list(told.values())


@member(RUN)
def send_back(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, response: int
) -> HttpResponseBase:
    survey = the_survey(request, municipality, pk)
    found: SurveyResponse = get_object_or_404(
        answering.readable(survey, municipality, visitor(request)), pk=response
    )
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: answering.send_back(found, municipality, visitor(request), form.cleaned_data["reason"]),
        done=_("記入に戻しました。"),
        consequence=_(
            "この自治体の回答は、もう一度提出されるまで数に入りません。理由は自治体の画面に出ます。"
        ),
        **below(
            municipality,
            survey,
            _("%(town)sの回答を記入に戻す") % {"town": found.town},
            _("記入に戻す"),
            to=address(municipality, "survey_responses", pk),
        ),
    )
