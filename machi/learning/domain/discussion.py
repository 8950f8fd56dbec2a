"""Discussion across towns: topics opened, posts written, answers accepted. In a topic a person is their town and a
number; their name is shown only if they choose so there, and to moderators.

What is written is no decision and so not in the ledger; what is decided about it (acceptance, moderation, erasure) is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.domain.recording import record as record_joint
from machi.base.models import Consortium, Municipality, Person
from machi.governance.domain.personal_check import ensure_looked_at, slips
from machi.learning.domain.discussion_notices import tell_accepted, tell_mentioned, want_digest
from machi.learning.domain.traces import erase_shared_traces
from machi.learning.models import Case, Cohort, Enrolment, Participant, Post, Topic, TopicFollow

SYSTEM = "learning.discussion"
DISCUSS, MODERATE = "learning.discuss", "learning.moderate"
LONGEST = 8_000
POSTS_AN_HOUR, TOPICS_A_DAY = 30, 10
"""Of one person: more is a mistake or a machine."""
ABOUT = ("course", "cohort", "case")


def visible(municipality: Municipality, person: Person) -> QuerySet[Topic, Any]:
    """Topics a person may read: those of a cohort are its people's; hidden ones the moderators'."""
    found = Topic.objects.select_related("course", "cohort", "case", "accepted").annotate(
        said=Count("posts", filter=Q(posts__hidden_at=None), distinct=True)
    )
    if person.has_perm(MODERATE, municipality):
        return found
    return found.filter(Q(cohort=None) | Q(cohort__in=cohorts_of(person)), hidden_at=None)


def cohorts_of(person: Person) -> QuerySet[Cohort, Any]:
    """Those a person learns or teaches in."""
    enrolled = Enrolment.objects.filter(person=person).exclude(state=Enrolment.State.WITHDRAWN)
    return Cohort.objects.filter(Q(pk__in=enrolled.values("cohort")) | Q(instructors=person)).distinct()


@transaction.atomic
def open_topic(
    consortium: Consortium, municipality: Municipality, person: Person, given: Mapping[str, Any]
) -> Topic:
    """``given``: ``title``, ``body``, at most one of ``ABOUT``, ``named``, ``personal_checked``."""
    _ensure_may_write(municipality, person)
    title, body = given["title"].strip(), _words(given["body"])
    if not title:
        raise Refused(_("話題を書いてください。"), "title")
    about = {name: given.get(name) for name in ABOUT if given.get(name) is not None}
    if len(about) > 1:
        raise Refused(_("何についての話題かは、1つだけ選んでください。"))
    _ensure_may_be_about(about, municipality, person)
    day_ago = timezone.now() - timedelta(days=1)
    mine = Participant.objects.filter(person=person, number=1, topic__opened_at__gte=day_ago)
    if mine.count() >= TOPICS_A_DAY:
        raise Refused(_("1日に始められる話題は%(most)s件までです。") % {"most": TOPICS_A_DAY})
    _ensure_not_too_much(person)
    ensure_looked_at(found_in(title, body), bool(given.get("personal_checked")))
    topic = Topic.objects.create(consortium=consortium, title=title, **about)
    _say(topic, municipality, person, body, named=bool(given.get("named")))
    return topic


@transaction.atomic
def reply(
    topic: Topic,
    municipality: Municipality,
    person: Person,
    *,
    body: str,
    named: bool | None = None,
    personal_checked: bool = False,
) -> Post:
    """``named``: show one's name in this topic from now on, or no longer; None: as before."""
    _ensure_may_write(municipality, person)
    current = _open(topic, municipality, person)
    text = _words(body)
    _ensure_not_too_much(person)
    ensure_looked_at(found_in("", text), personal_checked)
    return _say(current, municipality, person, text, named=named)


@transaction.atomic
def change_post(
    post: Post, municipality: Municipality, person: Person, *, body: str, personal_checked: bool = False
) -> None:
    """One's own words. That they were changed is shown."""
    current = _own(post, person)
    _open(current.topic, municipality, person)
    text = _words(body)
    ensure_looked_at(found_in("", text), personal_checked)
    current.body, current.changed_at = text, timezone.now()
    current.save(update_fields=["body", "changed_at"])
    tell_mentioned(current, text)


@transaction.atomic
def take_back(post: Post, person: Person) -> None:
    """One's own words are erased; the place stays, so that answers keep what they answer."""
    erase(_own(post, person), person, ground=erasing.Ground.REQUEST)


def erase(post: Post, person: Person | None, *, ground: str, reference: str = "") -> None:
    """The words of a post, of reports on it and, with the first post, the topic's title. Within a transaction."""
    post.body, post.erased_at, post.hidden_because = None, timezone.now(), None
    post.save(update_fields=["body", "erased_at", "hidden_because"])
    reports = post.reports.update(reason=None)
    topics = 0
    if post.ordinal == 1:
        topics = Topic.objects.filter(pk=post.topic_id).update(title=None)
    Topic.objects.filter(accepted=post).update(accepted=None)
    erase_shared_traces(
        post.consortium,
        post.author.town,
        f"discussion_post:{post.pk}",
        ground=ground,
        reference=reference,
        person=person,
        system=SYSTEM,
        erased={"posts": 1, "reports": reports, "topics": topics},
    )


@transaction.atomic
def accept(post: Post, municipality: Municipality, person: Person) -> None:
    """The answer that helped: said by whoever asked, or by a moderator. Another may be chosen later."""
    topic = _locked(post.topic)
    _ensure_may_accept(topic, municipality, person)
    if post.ordinal == 1:
        raise Refused(_("質問そのものは答えに選べません。"))
    if post.hidden_at or post.erased_at:
        raise Refused(_("隠された書き込みや消された書き込みは選べません。"))
    topic.accepted = post
    topic.save(update_fields=["accepted"])
    tell_accepted(post)
    record(topic, municipality, person, "accept", also=post.author.town, post=post.ordinal)


@transaction.atomic
def unaccept(topic: Topic, municipality: Municipality, person: Person) -> None:
    current = _locked(topic)
    _ensure_may_accept(current, municipality, person)
    current.accepted = None
    current.save(update_fields=["accepted"])
    record(current, municipality, person, "unaccept")


def may_accept(topic: Topic, municipality: Municipality, person: Person) -> bool:
    return (
        person.has_perm(MODERATE, municipality) or topic.participants.filter(person=person, number=1).exists()
    )


def follow(topic: Topic, person: Person, *, on: bool) -> None:
    if on:
        TopicFollow.objects.get_or_create(consortium=topic.consortium, topic=topic, person=person)
    else:
        TopicFollow.objects.filter(topic=topic, person=person).delete()


def found_in(title: str, body: str) -> list[Any]:
    """Personal information in what is about to be shown."""
    return slips({_("話題"): title, _("本文"): body})


def record(
    topic: Topic,
    municipality: Municipality,
    person: Person,
    action: str,
    *,
    also: Municipality | None = None,
    subject: str = "",
    inputs: Mapping[str, Any] | None = None,
    **outputs: Any,
) -> None:
    """In the ledger of the town in which somebody decided, and of the town whose post it is (``also``)."""
    record_joint(
        topic.consortium,
        municipality,
        person,
        system=SYSTEM,
        kind="discussion",
        subject=subject or f"topic:{topic.pk}",
        concerned=[also] if also else (),
        inputs=inputs,
        outputs={"action": action, "topic": topic.pk, **outputs},
    )


def _say(topic: Topic, municipality: Municipality, person: Person, body: str, *, named: bool | None) -> Post:
    """The topic is locked, or new."""
    author = topic.participants.filter(person=person).first()
    if author is None:
        last = topic.participants.aggregate(last=Max("number"))["last"] or 0
        author = Participant.objects.create(
            consortium=topic.consortium,
            topic=topic,
            town=municipality,
            person=person,
            number=last + 1,
            named=bool(named),
            office=person.has_perm(MODERATE, municipality),
        )
        follow(topic, person, on=True)
        want_digest(topic.consortium, municipality, person)
    elif named is not None and author.named != named:
        author.named = named
        author.save(update_fields=["named"])
    ordinal = (topic.posts.aggregate(last=Max("ordinal"))["last"] or 0) + 1
    post = Post.objects.create(
        consortium=topic.consortium, topic=topic, author=author, ordinal=ordinal, body=body
    )
    topic.last_at = post.at
    topic.save(update_fields=["last_at"])
    tell_mentioned(post, body)
    return post


def _words(body: str) -> str:
    text = body.strip()
    if not text:
        raise Refused(_("本文を書いてください。"), "body")
    if len(text) > LONGEST:
        raise Refused(_("本文は%(most)s文字までです。") % {"most": f"{LONGEST:,}"}, "body")
    return text


def _ensure_may_write(municipality: Municipality, person: Person) -> None:
    if not person.has_perm(DISCUSS, municipality):
        raise PermissionDenied


def _ensure_not_too_much(person: Person) -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    if Post.objects.filter(author__person=person, at__gte=hour_ago).count() >= POSTS_AN_HOUR:
        raise Refused(
            _("1時間に書き込めるのは%(most)s件までです。少し待ってください。") % {"most": POSTS_AN_HOUR}
        )


def _ensure_may_be_about(about: Mapping[str, Any], municipality: Municipality, person: Person) -> None:
    case, cohort = about.get("case"), about.get("cohort")
    if case is not None and case.state != Case.State.PUBLISHED:
        raise Refused(_("公開中の事例だけを話題にできます。"), "case")
    moderates = person.has_perm(MODERATE, municipality)
    if cohort is not None and not moderates and not cohorts_of(person).filter(pk=cohort.pk).exists():
        raise Refused(_("参加していない回については話題を始められません。"), "cohort")


def _locked(topic: Topic) -> Topic:
    return Topic.objects.select_for_update(of=("self",)).select_related("consortium").get(pk=topic.pk)


def _open(topic: Topic, municipality: Municipality, person: Person) -> Topic:
    current = _locked(topic)
    if not visible(municipality, person).filter(pk=current.pk).exists():
        raise PermissionDenied
    if current.locked_at:
        raise Refused(_("この話題は締め切られています。"))
    return current


def _own(post: Post, person: Person) -> Post:
    current = (
        Post.objects.select_for_update(of=("self",))
        .select_related("author__town", "topic__consortium")
        .get(pk=post.pk)
    )
    if current.author.person_id != person.pk:
        raise PermissionDenied
    if current.erased_at:
        raise Refused(_("この書き込みは消されています。"))
    if current.hidden_at:
        raise Refused(_("この書き込みは隠されています。"))
    return current


def _ensure_may_accept(topic: Topic, municipality: Municipality, person: Person) -> None:
    if not may_accept(topic, municipality, person):
        raise PermissionDenied
