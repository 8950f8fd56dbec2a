"""What the pages of surveys share: finding a survey, breadcrumbs, a page with one form, its ledger in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Municipality
from machi.base.web.access import visitor
from machi.learning.domain import surveys as verbs
from machi.learning.domain.surveys_record import RUN
from machi.learning.models import Survey

ACTIONS = {
    "begin": gettext_noop("調査を作り始めた"),
    "change": gettext_noop("題や説明を直した"),
    "publish": gettext_noop("質問票を公開した"),
    "close": gettext_noop("回答を締め切った"),
    "reopen": gettext_noop("回答の受付を再び開けた"),
    "remind": gettext_noop("未提出の自治体に催促した"),
    "begin_answer": gettext_noop("回答を書き始めた"),
    "begin_round": gettext_noop("次の回の点検を始めた"),
    "hand_in": gettext_noop("回答を提出した"),
    "take_back": gettext_noop("提出した回答を記入に戻した"),
    "send_back": gettext_noop("共同事務局が回答を記入に戻した"),
}


def is_office(request: HttpRequest, municipality: Municipality) -> bool:
    return visitor(request).has_perm(RUN, municipality)


def the_survey(request: HttpRequest, municipality: Municipality, pk: int) -> Survey:
    """One that towns answer; while it is being prepared it is the office's alone."""
    found = verbs.surveys().select_related("consortium")
    if not is_office(request, municipality):
        found = found.exclude(state=Survey.State.DRAFT)
    one: Survey = get_object_or_404(found, pk=pk)
    return one


def address(municipality: Municipality, name: str, *args: object) -> str:
    return reverse(f"learning:{name}", args=[municipality.code, *args])


def trail(
    municipality: Municipality, survey: Survey | None = None, *more: tuple[str, str]
) -> list[tuple[str, str]]:
    """Breadcrumbs from the list down."""
    assessment = survey is not None and survey.purpose == Survey.Purpose.ASSESSMENT
    first = (
        (_("AI活用の自己点検"), address(municipality, "assessments"))
        if assessment
        else (_("調査"), address(municipality, "surveys"))
    )
    below = [] if survey is None else [(str(survey), address(municipality, "survey", survey.pk))]
    return [first, *below, *more]


def below(
    municipality: Municipality, survey: Survey, title: str, submit: str, *, to: str = "", more: Any = ()
) -> dict[str, Any]:
    """A page with one form that leads back to the survey, or ``to``."""
    page = to or address(municipality, "survey", survey.pk)
    return {
        "survey": survey,
        "onward": page,
        "cancel_url": page,
        "title": title,
        "submit": submit,
        "breadcrumbs": trail(municipality, survey, *more, (title, "")),
    }
