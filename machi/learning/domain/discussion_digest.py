"""The letter of what is new: once a day or a week to whoever wants it, sent by the daily work of their town.

It says in which topics something was written and where to read it; not by whom, nor what, for mail is no safe place.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.base.models import Consortium, Municipality, Person
from machi.learning.domain.discussion import DISCUSS, visible
from machi.learning.models import DigestWish, Notice, Post, Topic

log = logging.getLogger(__name__)
Often = DigestWish.Often
_EVERY = {Often.DAILY: timedelta(hours=20), Often.WEEKLY: timedelta(days=6, hours=20)}
"""A little less than a day and a week, because the daily work does not begin at the same second each day."""
MOST_TOPICS = 20


def each_day(municipality: Municipality, consortium: Consortium) -> int:
    """Sends the letters that are due; how many. One that cannot be sent stays due and stops no other."""
    now, sent = timezone.now(), 0
    wishes = DigestWish.objects.filter(municipality=municipality, person__is_active=True)
    for wish in wishes.exclude(often=Often.OFF).select_related("person"):
        if wish.told_until + _EVERY[Often(wish.often)] > now:
            continue
        try:
            sent += _send(wish, municipality, consortium, now)
        except OSError:  # smtplib's errors are
            log.warning("digest %s of consortium %s not sent", wish.pk, consortium.pk, exc_info=True)
    return sent


def _send(wish: DigestWish, municipality: Municipality, consortium: Consortium, now: datetime) -> bool:
    """Whether there was something to tell."""
    person = wish.person
    if not person.has_perm(DISCUSS, municipality):
        return False
    with translation.override("ja"):
        lines = _lines(person, municipality, consortium, wish.told_until, now)
        if lines:
            count = len(lines)
            subject = ngettext(
                "意見交換：新しい書き込みのある話題 %(count)s件",
                "意見交換：新しい書き込みのある話題 %(count)s件",
                count,
            ) % {"count": count}
            settings_link = _link("learning:discussion_settings", municipality, consortium)
            foot = [_("このメールの回数を変える、止める：%(link)s") % {"link": settings_link}]
            text = "\n".join(
                [_("%(name)sの意見交換からのお知らせです。") % {"name": consortium.name}, "", *lines, *foot]
            )
            EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email]).send()
    DigestWish.objects.filter(pk=wish.pk).update(told_until=now)
    return bool(lines)


def _lines(
    person: Person, municipality: Municipality, consortium: Consortium, since: datetime, now: datetime
) -> list[str]:
    """A paragraph a topic that the person follows or was called in, where others wrote since."""
    called = set(
        Notice.objects.filter(person=person, read_at=None, at__gt=since).values_list("post__topic", flat=True)
    )
    new = (
        Post.objects.filter(at__gt=since, at__lte=now, hidden_at=None, erased_at=None)
        .exclude(author__person=person)
        .values("topic")
        .annotate(count=Count("pk"))
        .values_list("topic", "count")
    )
    followed = Topic.objects.filter(follows__person=person).values_list("pk", flat=True)
    wanted = {topic: count for topic, count in new if topic in called or topic in set(followed)}
    topics = visible(municipality, person).filter(pk__in=wanted).order_by(F("last_at").desc())
    lines = []
    for topic in topics[:MOST_TOPICS]:
        told = ngettext("新しい書き込み %(count)s件", "新しい書き込み %(count)s件", wanted[topic.pk]) % {
            "count": wanted[topic.pk]
        }
        mark = _("（あなたが呼ばれました）") if topic.pk in called else ""
        link = _link("learning:topic", municipality, consortium, topic.pk)
        lines.append(f"{topic}\n  {told}{mark}\n  {link}\n")
    return lines


def _link(view: str, municipality: Municipality, consortium: Consortium, *more: object) -> str:
    """It names the consortium, so that it opens the right one of several."""
    return f"{settings.MACHI_URL}{reverse(view, args=[municipality.code, *more])}?consortium={consortium.pk}"
