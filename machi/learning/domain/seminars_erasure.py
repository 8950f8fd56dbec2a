"""Erasing who came to a seminar: names, addresses, words and links go; number, way, town, attendance stay.

Done on request, by the office, and by the daily work so many days after the seminar as it says. Answers to the
questionnaire have no name; without the registration's secret nobody can say any more whose they are.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain.seminars_record import SYSTEM
from machi.learning.domain.seminars_register import ACTIVE
from machi.learning.domain.seminars_seats import HOLDING, R, give_back, locked, promote
from machi.learning.models import Seminar, SeminarQuote, SeminarRegistration, SurveyResponse


@transaction.atomic
def erase(
    registration: SeminarRegistration,
    person: Person | None = None,
    *,
    ground: str = erasing.Ground.REQUEST,
    reference: str = "",
) -> None:
    """In the scope of its consortium. Done once; a second time nothing happens. Whoever still had a seat gives it
    back, so that it goes to somebody who comes."""
    seminar = locked(registration.seminar)
    current = SeminarRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if current.erased_at:
        return
    current.seminar = seminar
    ahead = seminar.starts_at > timezone.now()
    if ahead and current.state in HOLDING:
        give_back(current)
    if ahead and current.state in ACTIVE:
        current.state = R.CANCELLED
    current.name = current.email = current.organisation = current.needs = current.answers = None
    current.email_key, current.erased_at = "", timezone.now()
    current.token = f"erased-{secrets.token_hex(16)}"
    current.save()
    town = seminar.municipality
    with in_municipality(town):
        erasing.erase_traces(
            town,
            [f"seminar_registration:{current.pk}"],
            ground=ground,
            reference=reference.strip(),
            person=person,
            system=SYSTEM,
            erased={"registrations": 1},
        )
    promote(seminar)


def erase_registration(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """Of a seminar that the town hosts, in whichever of its consortia; Refused where there is none to erase."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            found = (
                SeminarRegistration.objects.select_related("seminar")
                .filter(seminar__municipality=municipality, pk=pk, erased_at=None)
                .first()
            )
            if found is not None:
                erase(found, person, ground=ground, reference=reference)
                return
    raise Refused(_("この番号の申し込みはないか、すでに消去されています。"), field="number")


def expired_registrations(municipality: Municipality, now: datetime) -> list[int]:
    """Those of seminars that ended as many days ago as they said."""
    found: list[int] = []
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            kept = SeminarRegistration.objects.filter(
                seminar__municipality=municipality, erased_at=None
            ).values_list("pk", "seminar__ends_at", "seminar__kept_days")
            found += [pk for pk, ended, days in kept.order_by("pk") if ended + timedelta(days=days) <= now]
    return found


@transaction.atomic
def erase_words(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """What people wrote into the questionnaire of a seminar, but for the quotes of its report that are shown; and
    speakers who never agreed to be named."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            seminar = Seminar.objects.filter(municipality=municipality, pk=pk, words_erased_at=None).first()
            if seminar is None:
                continue
            locked(seminar)
            answers = SurveyResponse.objects.filter(survey__seminar=seminar).update(words="{}")
            hidden = SeminarQuote.objects.filter(report__seminar=seminar).exclude(hidden="")
            quotes = hidden.update(text=None)
            speakers, _kinds = seminar.speakers.filter(consented_on=None).delete()
            Seminar.objects.filter(pk=pk).update(words_erased_at=timezone.now())
            with in_municipality(municipality):
                erasing.erase_traces(
                    municipality,
                    [f"seminar:{pk}"],
                    ground=ground,
                    reference=reference.strip(),
                    person=person,
                    system=SYSTEM,
                    erased={"answers": answers, "quotes": quotes, "speakers": speakers},
                )
            return
    raise Refused(_("この番号のセミナーはないか、すでに消去されています。"), field="number")


def expired_words(municipality: Municipality, now: datetime) -> list[int]:
    found: list[int] = []
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            kept = Seminar.objects.filter(municipality=municipality, words_erased_at=None)
            found += [one.pk for one in kept if one.ends_at + timedelta(days=one.kept_days) <= now]
    return found
