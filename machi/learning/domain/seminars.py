"""Seminars: written by the joint office, published, closed, held, reported, or called off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain import seminars_mail as mail
from machi.learning.domain.seminars_record import record_seminar
from machi.learning.domain.seminars_seats import locked, promote
from machi.learning.models import Seminar, SeminarRegistration, SeminarSeats, SeminarSpeaker, Way

RUN = "learning.run_seminars"
State = Seminar.State
PUBLIC = (State.PUBLISHED, State.CLOSED, State.HELD, State.REPORTED, State.CANCELLED)
AHEAD = (State.DRAFT, State.PUBLISHED, State.CLOSED)
"""Before it is held: its programme may still change."""
FIELDS = (
    "title",
    "title_en",
    "purpose",
    "purpose_easy",
    "purpose_en",
    "form",
    "starts_at",
    "ends_at",
    "venue",
    "address",
    "online_url",
    "opens_at",
    "closes_at",
    "waiting_list",
    "offer_hours",
    "spoken",
    "contact",
    "kept_days",
)
_TOLD_WHEN_CHANGED = ("starts_at", "ends_at", "venue", "address", "online_url")


def seminars() -> QuerySet[Seminar, Any]:
    """All of the consortium, for the office, with how many come and wait."""
    R = SeminarRegistration.State  # noqa: N806
    found = Seminar.objects.select_related("municipality__prefecture").annotate(
        coming=Count("registrations", filter=Q(registrations__state__in=(R.CONFIRMED, R.OFFERED))),
        waiting=Count("registrations", filter=Q(registrations__state=R.WAITING)),
        came=Count("registrations", filter=Q(registrations__attended_at__isnull=False)),
    )
    return found.order_by("-starts_at", "-pk")  # counting takes a model's own order away


def public_seminars() -> QuerySet[Seminar, Any]:
    """What everybody may read, with seats; the programme with those speakers who agreed to be shown."""
    return (
        Seminar.objects.filter(state__in=PUBLIC)
        .select_related("municipality__prefecture", "consortium")
        .prefetch_related(
            Prefetch("seats", SeminarSeats.objects.filter(session=None), "whole"),
            "sessions__seats",
            Prefetch("sessions__speakers", SeminarSpeaker.objects.filter(consented_on__isnull=False)),
            Prefetch("speakers", SeminarSpeaker.objects.filter(consented_on__isnull=False), "shown"),
        )
    )


@transaction.atomic
def create(consortium: Consortium, town: Municipality, person: Person, given: Mapping[str, Any]) -> Seminar:
    """A draft. ``given``: ``FIELDS`` and ``seats`` (way -> capacity, None: no limit)."""
    _ensure_sound(given)
    seminar = Seminar.objects.create(
        consortium=consortium, municipality=town, **{name: given[name] for name in FIELDS if name in given}
    )
    _set_seats(seminar, given.get("seats", {}))
    record_seminar(seminar, person, "create")
    return seminar


@transaction.atomic
def change(seminar: Seminar, person: Person, given: Mapping[str, Any]) -> list[str]:
    """Changes what is in ``given``; the names of what was changed. Whoever has a seat is told of a new time or place,
    and more seats go to those who wait. Refused below the seats already taken, and once it was held."""
    current = locked(seminar)
    if current.state not in AHEAD:
        raise Refused(_("終わったか中止したセミナーは、直せません。"))
    after = {name: given.get(name, getattr(current, name)) for name in FIELDS}
    _ensure_sound(after)
    changed = [name for name in FIELDS if after[name] != getattr(current, name)]
    for name in changed:
        setattr(current, name, after[name])
    current.save()
    if "seats" in given or "form" in changed:
        changed += _set_seats(current, given.get("seats", {}))
    if not changed:
        return []
    record_seminar(current, person, "change", fields=sorted(changed))
    if current.state != State.DRAFT:
        if any(name in changed for name in _TOLD_WHEN_CHANGED):
            mail.queue(active(current), "moved")
        promote(current)
    return changed


@transaction.atomic
def publish(seminar: Seminar, person: Person) -> None:
    """Refused while something is missing that people need to know, or a speaker has not agreed to be named."""
    current = locked(seminar)
    if current.state != State.DRAFT:
        raise Refused(_("公開できるのは、下書きだけです。"))
    if missing := what_is_missing(current):
        raise Refused(" ".join(missing))
    current.state, current.published_at = State.PUBLISHED, timezone.now()
    current.save(update_fields=["state", "published_at"])
    record_seminar(current, person, "publish", everywhere=True)


def what_is_missing(seminar: Seminar) -> list[str]:
    """Sentences that say what must be done before it can be published."""
    missing = []
    if Way.ON_SITE in seminar.ways and not seminar.venue:
        missing.append(_("会場を書いてください。"))
    if Way.ONLINE in seminar.ways and not seminar.online_url:
        missing.append(_("オンライン会場のURLを書いてください。"))
    if seminar.starts_at <= timezone.now():
        missing.append(_("始まりの日時が過ぎています。"))
    without = [one.name for one in seminar.speakers.filter(consented_on=None)]
    if without:
        missing.append(
            _("掲載の同意がまだの登壇者がいます: %(names)s。同意の日を入れるか、外してください。")
            % {"names": "、".join(without)}
        )
    outside = [
        one.title
        for one in seminar.sessions.all()
        if one.starts_at < seminar.starts_at or one.ends_at > seminar.ends_at
    ]
    if outside:
        missing.append(
            _("セミナーの時間からはみ出しているセッションがあります: %(titles)s。")
            % {"titles": "、".join(outside)}
        )
    return missing


@transaction.atomic
def close(seminar: Seminar, person: Person | None = None) -> None:
    """No more registrations. Those who wait still get the seats that others give back."""
    _move(seminar, person, "close", State.CLOSED, (State.PUBLISHED,))


@transaction.atomic
def reopen(seminar: Seminar, person: Person) -> None:
    current = locked(seminar)
    if current.closes_at <= timezone.now():
        raise Refused(_("受付の終わりが過ぎています。先に、受付の終わりを延ばしてください。"))
    _move(current, person, "reopen", State.PUBLISHED, (State.CLOSED,))


@transaction.atomic
def mark_held(seminar: Seminar, person: Person | None = None) -> None:
    if seminar.starts_at > timezone.now():
        raise Refused(_("まだ始まっていません。"))
    _move(seminar, person, "held", State.HELD, (State.PUBLISHED, State.CLOSED))


@transaction.atomic
def cancel(seminar: Seminar, person: Person, reason: str) -> int:
    """Calls it off and writes to everybody who has or waits for a seat; how many letters."""
    if not reason.strip():
        raise Refused(_("中止の理由を書いてください。申し込んだ人へのメールに書かれます。"), "reason")
    current = _move(
        seminar, person, "cancel", State.CANCELLED, (State.PUBLISHED, State.CLOSED), everywhere=True
    )
    current.cancel_reason = reason.strip()
    current.save(update_fields=["cancel_reason"])
    return mail.queue(active(current), "called_off")


@transaction.atomic
def delete_draft(seminar: Seminar, person: Person) -> None:
    current = locked(seminar)
    if current.state != State.DRAFT:
        raise Refused(_("公開したセミナーは消せません。中止にしてください。"))
    record_seminar(current, person, "delete")
    current.delete()


def pass_time(seminar: Seminar, now: datetime) -> None:
    """What comes by the clock alone: registration ends, and the seminar is over."""
    if seminar.state in (State.PUBLISHED, State.CLOSED) and seminar.ends_at <= now:
        mark_held(seminar)
    elif seminar.state == State.PUBLISHED and seminar.closes_at <= now:
        close(seminar)


def active(seminar: Seminar) -> QuerySet[SeminarRegistration, Any]:
    """Who has, is offered, or waits for a seat."""
    R = SeminarRegistration.State  # noqa: N806
    return seminar.registrations.filter(state__in=(R.CONFIRMED, R.OFFERED, R.WAITING))


def _move(
    seminar: Seminar,
    person: Person | None,
    action: str,
    to: str,
    from_: tuple[str, ...],
    *,
    everywhere: bool = False,
) -> Seminar:
    current = locked(seminar)
    if current.state not in from_:
        raise Refused(_("今の状態では、それはできません。"))
    current.state = to
    current.save(update_fields=["state"])
    record_seminar(current, person, action, everywhere=everywhere)
    return current


def _ensure_sound(given: Mapping[str, Any]) -> None:
    if given["ends_at"] <= given["starts_at"]:
        raise Refused(_("終わりは、始まりより後にしてください。"), "ends_at")
    if given["closes_at"] <= given["opens_at"]:
        raise Refused(_("受付の終わりは、受付の始まりより後にしてください。"), "closes_at")
    if given["closes_at"] > given["starts_at"]:
        raise Refused(_("受付は、セミナーが始まるまでに終えてください。"), "closes_at")


def _set_seats(seminar: Seminar, seats: Mapping[str, int | None]) -> list[str]:
    """One line per way of attending; which were changed. Refused below what is taken."""
    changed = []
    known = {
        one.way: one
        for one in SeminarSeats.objects.select_for_update(of=("self",)).filter(seminar=seminar, session=None)
    }
    for way in seminar.ways:
        one = known.pop(way, None)
        if one is None:
            SeminarSeats.objects.create(
                consortium=seminar.consortium, seminar=seminar, way=way, capacity=seats.get(way)
            )
            changed.append(f"seats_{way}")
            continue
        capacity = seats.get(way, one.capacity)
        if capacity == one.capacity:
            continue
        if capacity is not None and capacity < one.taken:
            raise Refused(
                _("%(way)sの定員は、今の参加者%(taken)s人より少なくできません。")
                % {"way": one.get_way_display(), "taken": one.taken},
                f"seats_{way}",
            )
        one.capacity = capacity
        one.save(update_fields=["capacity"])
        changed.append(f"seats_{way}")
    for one in known.values():
        if seminar.registrations.filter(way=one.way).exists():
            raise Refused(
                _("%(way)sの申し込みがもうあるので、開催の形を変えられません。")
                % {"way": one.get_way_display()},
                "form",
            )
        one.delete()
        changed.append(f"seats_{one.way}")
    return changed
