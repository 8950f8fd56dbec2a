"""The secret of a registration's questionnaire: another than that of the registration itself.

The answers are kept under a digest of it (``SurveyResponse.token_digest``). Whoever reads the database alone cannot say
whose they are; once the registration is erased, nobody can.
"""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from machi.learning.models import SeminarRegistration


def questionnaire_secret(registration: SeminarRegistration) -> str:
    return salted_hmac("learning.seminars.questionnaire", registration.token, algorithm="sha256").hexdigest()
