"""Questionnaires answered without a name, by whoever holds a secret link (participants of a seminar)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.learning.domain.questionnaire_words import told
from machi.learning.engine.questionnaire import Answers, kept, validate
from machi.learning.models import Survey, SurveyResponse


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def has_answered(survey: Survey, token: str) -> bool:
    return SurveyResponse.objects.filter(survey=survey, token_digest=digest(token)).exists()


def answer(survey: Survey, token: str, answers: Answers) -> SurveyResponse:
    """Hands in, once for each ``token``: a secret that says nothing of who answers. Refused while the survey is not
    open, when the token has been used, and where answers do not fit; nothing is kept then.

    It leaves no ledger entry of its own: one line a participant would tell when somebody answered."""
    version = survey.current
    if not survey.is_open or version is None:
        raise Refused(_("このアンケートは、いま回答を受け付けていません。"))
    form = version.parsed()
    given: dict[str, Any] = kept(form, answers)
    if wrong := validate(form, given):
        raise Refused(" ".join(told(one, form) for one in wrong))
    response = SurveyResponse(
        consortium=survey.consortium,
        survey=survey,
        version=version,
        token_digest=digest(token),
        state=SurveyResponse.State.HANDED_IN,
        handed_in_at=timezone.now(),
    )
    response.put(form, given)
    try:
        with transaction.atomic():
            response.save()
    except IntegrityError:
        raise Refused(_("もう回答されています。ありがとうございました。")) from None
    return response
