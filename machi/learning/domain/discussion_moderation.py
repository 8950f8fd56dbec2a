"""Moderation: reported by anybody, decided by the joint office with a reason, told to the author, all in the ledger."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.learning.domain.discussion import MODERATE, record, visible
from machi.learning.domain.discussion_notices import tell_hidden
from machi.learning.models import Case, Cohort, Course, Post, PostReport, Topic


@transaction.atomic
def report(post: Post, municipality: Municipality, person: Person, *, reason: str) -> None:
    """That moderators should look. Who reported is shown to nobody."""
    if not visible(municipality, person).filter(pk=post.topic_id).exists():
        raise PermissionDenied
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    report, created = PostReport.objects.get_or_create(
        consortium=post.consortium, post=post, person=person, defaults={"reason": reason.strip()}
    )
    if not created and report.settled_at is None:
        raise Refused(_("この書き込みは、もう知らせています。"))
    if not created:
        report.reason, report.at, report.outcome, report.settled_at = reason.strip(), timezone.now(), "", None
        report.save()


def reports() -> QuerySet[PostReport, Any]:
    """Not settled yet, the oldest first."""
    found = PostReport.objects.filter(settled_at=None).select_related(
        "post__topic", "post__author__town", "post__author__person"
    )
    return found.order_by("at", "pk")


@transaction.atomic
def hide(post: Post, municipality: Municipality, person: Person, *, reason: str) -> None:
    """From everybody but moderators; the reason is shown in its place. With the first post the topic is hidden."""
    current = _moderated(post, municipality, person)
    if current.hidden_at:
        raise Refused(_("もう隠されています。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.hidden_at, current.hidden_because = timezone.now(), reason.strip()
    current.save(update_fields=["hidden_at", "hidden_because"])
    if current.ordinal == 1:
        Topic.objects.filter(pk=current.topic_id).update(hidden_at=current.hidden_at)
    Topic.objects.filter(accepted=current).update(accepted=None)
    _settle(current, PostReport.Outcome.HIDDEN)
    tell_hidden(current)
    _record(current, municipality, person, "hide", reason)


@transaction.atomic
def show(post: Post, municipality: Municipality, person: Person, *, reason: str) -> None:
    """Again to everybody."""
    current = _moderated(post, municipality, person)
    if not current.hidden_at:
        raise Refused(_("隠されていません。"))
    current.hidden_at = current.hidden_because = None
    current.save(update_fields=["hidden_at", "hidden_because"])
    if current.ordinal == 1:
        Topic.objects.filter(pk=current.topic_id).update(hidden_at=None)
    _record(current, municipality, person, "show", reason)


@transaction.atomic
def keep(post: Post, municipality: Municipality, person: Person, *, reason: str) -> None:
    """Reports on it are settled; it stays."""
    current = _moderated(post, municipality, person)
    if not current.reports.filter(settled_at=None).exists():
        raise Refused(_("待っている知らせはありません。"))
    _settle(current, PostReport.Outcome.KEPT)
    _record(current, municipality, person, "keep", reason)


@transaction.atomic
def lock(topic: Topic, municipality: Municipality, person: Person, *, on: bool, reason: str) -> None:
    """Nothing more can be written; or it can again."""
    current = _topic(topic, municipality, person)
    if bool(current.locked_at) == on:
        raise Refused(_("もう締め切られています。") if on else _("締め切られていません。"))
    if on and not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.locked_at = timezone.now() if on else None
    current.save(update_fields=["locked_at"])
    record(current, municipality, person, "lock" if on else "unlock", inputs={"reason": reason.strip()})


@transaction.atomic
def move(
    topic: Topic,
    municipality: Municipality,
    person: Person,
    *,
    course: Course | None = None,
    cohort: Cohort | None = None,
    case: Case | None = None,
) -> None:
    """To where it belongs: a course, a cohort, a case, or (none) the free topics."""
    current = _topic(topic, municipality, person)
    if sum(one is not None for one in (course, cohort, case)) > 1:
        raise Refused(_("何についての話題かは、1つだけ選んでください。"))
    before = {name: getattr(current, f"{name}_id") for name in ("course", "cohort", "case")}
    current.course, current.cohort, current.case = course, cohort, case
    current.save(update_fields=["course", "cohort", "case"])
    after = {name: getattr(current, f"{name}_id") for name in before}
    record(current, municipality, person, "move", before=before, after=after)


def _moderated(post: Post, municipality: Municipality, person: Person) -> Post:
    if not person.has_perm(MODERATE, municipality):
        raise PermissionDenied
    return (
        Post.objects.select_for_update(of=("self",))
        .select_related("topic__consortium", "author__town")
        .get(pk=post.pk)
    )


def _topic(topic: Topic, municipality: Municipality, person: Person) -> Topic:
    if not person.has_perm(MODERATE, municipality):
        raise PermissionDenied
    return Topic.objects.select_for_update(of=("self",)).select_related("consortium").get(pk=topic.pk)


def _settle(post: Post, outcome: str) -> None:
    post.reports.filter(settled_at=None).update(outcome=outcome, settled_at=timezone.now())


def _record(post: Post, municipality: Municipality, person: Person, action: str, reason: str) -> None:
    """Twice: the topic's history shows it, and an erasure of the post takes the reason's digest with it."""
    record(post.topic, municipality, person, action, post=post.ordinal)
    record(
        post.topic,
        municipality,
        person,
        action,
        also=post.author.town,
        subject=f"discussion_post:{post.pk}",
        inputs={"reason": reason.strip()},
        post=post.ordinal,
    )
