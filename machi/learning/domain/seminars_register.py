"""Registering for a seminar, without an account: by the form, then by a secret link that is sent by mail.

Names, addresses and answers are encrypted; the ledger of the host has every step without them. A second registration
from one address is not made: whoever owns the address is sent the link of the first again, and whoever typed it learns
nothing.
"""

from __future__ import annotations

import itertools
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.learning.domain import seminars_mail as mail
from machi.learning.domain.seminars_record import record_registration
from machi.learning.domain.seminars_seats import (
    HOLDING,
    R,
    give_back,
    leave_sessions,
    locked,
    promote,
    take,
    take_session,
)
from machi.learning.domain.seminars_turn import in_turn
from machi.learning.engine.seminar_answers import AnswerError, Asked, clean
from machi.learning.models import Seminar, SeminarChoice, SeminarQuestion, SeminarRegistration, Way

ACTIVE = (*HOLDING, R.WAITING)
_BETWEEN_REMINDERS_OF_A_DOUBLE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody writes into the form. ``answers``: number of a ``SeminarQuestion`` as text -> answer."""

    name: str
    role: str
    way: str
    email: str = ""
    """Not changed afterwards."""
    town: Municipality | None = None
    organisation: str = ""
    needs: str = ""
    sessions: Sequence[int] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    language: str = "ja"


def register(
    seminar: Seminar, given: Given, *, person: Person | None = None
) -> tuple[SeminarRegistration, bool]:
    """A seat or a place on the waiting list; with False where the address has one already.

    ``person``: staff who register somebody, also after registration was closed. Refused while registration is not
    open, where everything is full, and for answers that do not fit.
    """
    with in_turn(seminar), transaction.atomic():
        return _register(seminar, given, person)


def _register(seminar: Seminar, given: Given, person: Person | None) -> tuple[SeminarRegistration, bool]:
    current, now = locked(seminar), timezone.now()
    ahead = current.state in (Seminar.State.PUBLISHED, Seminar.State.CLOSED) and now < current.ends_at
    if not (ahead if person else current.takes_registrations(now)):
        raise Refused(_("今は申し込みを受け付けていません。"))
    _ensure_address(given.email)
    key = email_key(current, given.email)
    if known := current.registrations.filter(state__in=ACTIVE, email_key=key).first():
        _remind_of_double(known)
        return known, False
    answers = _fitting(current, given)
    promote(current)
    # Who comes now stands behind those who wait.
    waits = current.registrations.filter(state=R.WAITING, way=given.way).exists()
    seated = not waits and take(current, given.way)
    if not seated and not current.waiting_list:
        raise Refused(_("満席です。キャンセル待ちは受け付けていません。"), "way")
    current.last_number += 1
    current.save(update_fields=["last_number"])
    made = SeminarRegistration.objects.create(
        consortium=current.consortium,
        seminar=current,
        number=current.last_number,
        state=R.CONFIRMED if seated else R.WAITING,
        way=given.way,
        role=given.role,
        town=given.town,
        name=given.name.strip(),
        email=given.email.strip(),
        email_key=key,
        organisation=given.organisation.strip(),
        needs=given.needs.strip(),
        answers=json.dumps(answers, ensure_ascii=False),
        language=given.language,
    )
    _choose(made, given.sessions, seated=seated)
    record_registration(current, made, "register", person)
    mail.queue([made], "taken")
    return made, True


@transaction.atomic
def change(registration: SeminarRegistration, given: Given) -> SeminarRegistration:
    """By its owner. The address stays; another way of attending needs a free seat there."""
    seminar, current = _the(registration, ACTIVE)
    if timezone.now() >= seminar.starts_at:
        raise Refused(_("始まったあとは変えられません。"))
    answers = _fitting(seminar, given)
    leave_sessions(current)
    if given.way != current.way and current.state in HOLDING:
        waits = seminar.registrations.filter(state=R.WAITING, way=given.way).exists()
        if waits or not take(seminar, given.way):
            raise Refused(_("その参加のしかたは満席です。今の席は、そのまま残っています。"), "way")
        give_back(current)
    current.way, current.role, current.town = given.way, given.role, given.town
    current.name, current.organisation = given.name.strip(), given.organisation.strip()
    current.needs, current.answers = given.needs.strip(), json.dumps(answers, ensure_ascii=False)
    current.language, current.changed_at = given.language, timezone.now()
    current.save()
    current.choices.all().delete()
    _choose(current, given.sessions, seated=current.state in HOLDING)
    record_registration(seminar, current, "change")
    mail.queue([current], "changed")
    promote(seminar)
    return current


def cancel(registration: SeminarRegistration, *, person: Person | None = None) -> None:
    """By its owner, or by staff for them; the seat goes to whoever has waited longest."""
    with in_turn(registration.seminar), transaction.atomic():
        _cancel(registration, person)


def _cancel(registration: SeminarRegistration, person: Person | None) -> None:
    seminar, current = _the(registration, ACTIVE)
    if current.state in HOLDING:
        give_back(current)
    current.state, current.changed_at = R.CANCELLED, timezone.now()
    current.save(update_fields=["state", "changed_at"])
    record_registration(seminar, current, "cancel", person)
    mail.queue([current], "gone")
    promote(seminar)


@transaction.atomic
def accept(registration: SeminarRegistration) -> list[int]:
    """Takes the seat that was offered; the chosen sessions whose room was full by then."""
    seminar = locked(registration.seminar)
    promote(seminar)  # an offer that has ended is gone
    _seminar, current = _the(registration, (R.OFFERED,))
    full = list(current.choices.filter(seated=False).values_list("session_id", flat=True))
    current.state, current.offered_until, current.changed_at = R.CONFIRMED, None, timezone.now()
    current.save(update_fields=["state", "offered_until", "changed_at"])
    record_registration(seminar, current, "accept")
    mail.queue([current], "taken")
    return full


def by_token(token: str) -> SeminarRegistration | None:
    """What a secret link opens; None where there is none, or the person was erased."""
    return (
        SeminarRegistration.objects.select_related(
            "seminar__municipality__prefecture", "seminar__consortium", "town"
        )
        .filter(token=token, erased_at=None)
        .exclude(seminar__state=Seminar.State.DRAFT)
        .first()
    )


def waiting_place(registration: SeminarRegistration) -> int:
    """How many wait before it, itself counted."""
    ahead = registration.seminar.registrations.filter(
        state=R.WAITING, way=registration.way, number__lte=registration.number
    )
    return ahead.count()


def email_key(seminar: Seminar, email: str) -> str:
    """Addresses that reach one mailbox give one key; without the installation's secret it says nothing."""
    plain = unicodedata.normalize("NFKC", email).strip().casefold()
    return salted_hmac("learning.seminars.email", f"{seminar.pk}:{plain}", algorithm="sha256").hexdigest()


def questions_of(seminar: Seminar) -> list[Asked]:
    return [asked(one) for one in seminar.questions.all()]


def asked(one: SeminarQuestion) -> Asked:
    return Asked(str(one.pk), one.kind, one.required, tuple(one.choices))  # type: ignore[arg-type]


def _ensure_address(email: str) -> None:
    """What comes by the API or a command has passed no form."""
    try:
        validate_email(email.strip())
    except ValidationError:
        raise Refused(_("メールアドレスの形が正しくありません。"), "email") from None


def _fitting(seminar: Seminar, given: Given) -> dict[str, Any]:
    """The answers as they are kept. Refused for a way, a session or an answer that there is not."""
    if given.way not in seminar.ways:
        raise Refused(_("その参加のしかたは選べません。"), "way")
    choosable = set(seminar.sessions.filter(chosen=True).values_list("pk", flat=True))
    if not set(given.sessions) <= choosable:
        raise Refused(_("そのセッションは選べません。"), "sessions")
    times = list(seminar.sessions.filter(pk__in=given.sessions).order_by("starts_at", "pk"))
    for one, after in itertools.pairwise(times):
        if after.starts_at < one.ends_at:
            raise Refused(
                _("「%(one)s」と「%(after)s」は時間が重なっています。どちらかを選んでください。")
                % {"one": one, "after": after},
                "sessions",
            )
    try:
        return clean(questions_of(seminar), given.answers)
    except AnswerError as error:
        key, code = next(iter(error.problems.items()))
        words = {
            "missing": _("答えてください。"),
            "too_long": _("長すぎます。"),
            "not_a_number": _("数で答えてください。"),
            "not_a_choice": _("選べる答えではありません。"),
        }
        raise Refused(words.get(code, _("この質問はありません。")), f"answer_{key}") from None


def _choose(registration: SeminarRegistration, sessions: Sequence[int], *, seated: bool) -> None:
    """Refused where a room is full for somebody who has a seat; who waits gets seats in rooms with the offer."""
    for session in registration.seminar.sessions.filter(pk__in=sessions):
        if seated and registration.way == Way.ON_SITE and not take_session(session.pk):
            raise Refused(
                _("「%(session)s」は満席です。ほかのセッションを選んでください。") % {"session": session},
                "sessions",
            )
        SeminarChoice.objects.create(
            consortium=registration.consortium, registration=registration, session=session, seated=seated
        )


def _the(registration: SeminarRegistration, states: Sequence[str]) -> tuple[Seminar, SeminarRegistration]:
    seminar = locked(registration.seminar)
    current = SeminarRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    current.seminar = seminar
    if seminar.state == Seminar.State.CANCELLED:
        raise Refused(_("このセミナーは中止になりました。"))
    if current.erased_at or current.state not in states:
        raise Refused(_("この申し込みは、もう変えられません。"))
    return seminar, current


def _remind_of_double(known: SeminarRegistration) -> None:
    """At most one letter in ten minutes, so that nobody fills another's mailbox."""
    last = known.mails.filter(kind="again").first()
    if last is None or timezone.now() - last.queued_at > _BETWEEN_REMINDERS_OF_A_DOUBLE:
        mail.queue([known], "again")
