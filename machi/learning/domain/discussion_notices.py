"""Who is told: those called in a post by number or by town, whose answer helped, whose post was hidden."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.learning.engine.discussion_mentions import mentions
from machi.learning.models import DigestWish, Enrolment, Notice, Post, Topic

MOST_OF_A_TOWN = 100
"""People of a town that are told when it is called."""


def tell_mentioned(post: Post, text: str) -> None:
    """In the transaction of the post; told once, however often the post is changed."""
    towns = {town.name: town for town in members(post.consortium)}
    called = mentions(text, towns)
    told: dict[int, tuple[Municipality, str]] = {}
    by_number = post.topic.participants.filter(number__in=called.numbers).select_related("town")
    for one in by_number:
        told[one.person_id] = (one.town, Notice.Kind.NUMBER)
    for name in called.towns:
        for person in people_of(towns[name], post.topic)[:MOST_OF_A_TOWN]:
            told.setdefault(person.pk, (towns[name], Notice.Kind.TOWN))
    told.pop(post.author.person_id, None)
    Notice.objects.bulk_create(
        [
            Notice(consortium=post.consortium, person_id=pk, municipality=town, post=post, kind=kind)
            for pk, (town, kind) in told.items()
        ],
        ignore_conflicts=True,
    )


def people_of(town: Municipality, topic: Topic) -> QuerySet[Person, Any]:
    """Active people with a role of the town's own who may read the topic: of a cohort's, its learners."""
    found = Person.objects.filter(appointments__municipality=town, is_active=True)
    if topic.cohort_id is not None:
        learners = Enrolment.objects.filter(cohort=topic.cohort_id).values_list("person", flat=True)
        found = found.filter(pk__in=learners)
    return found.distinct().order_by("pk")


def tell_accepted(post: Post) -> None:
    _tell_author(post, Notice.Kind.ACCEPTED)


def tell_hidden(post: Post) -> None:
    _tell_author(post, Notice.Kind.HIDDEN)


def notices_of(person: Person) -> QuerySet[Notice, Any]:
    found = Notice.objects.filter(person=person).select_related(
        "post__topic", "post__author__town", "post__author__person"
    )
    return found.order_by("-at", "-pk")


def unread(person: Person) -> int:
    return Notice.objects.filter(person=person, read_at=None).count()


def read(person: Person, topic: Topic | None = None) -> None:
    """All of them, or those of one topic, which has been opened."""
    found = Notice.objects.filter(person=person, read_at=None)
    if topic is not None:
        found = found.filter(post__topic=topic)
    found.update(read_at=timezone.now())


def want_digest(
    consortium: Consortium, municipality: Municipality, person: Person, often: str | None = None
) -> DigestWish:
    """The person's wish; made (weekly) where there is none, changed where ``often`` is given."""
    wish, _created = DigestWish.objects.get_or_create(
        consortium=consortium, person=person, defaults={"municipality": municipality}
    )
    if often is not None and (wish.often != often or wish.municipality_id != municipality.pk):
        wish.often, wish.municipality = often, municipality
        wish.save(update_fields=["often", "municipality"])
    return wish


def digest_of(person: Person) -> str:
    """How often they get a letter now; never, who has not taken part yet."""
    wish = DigestWish.objects.filter(person=person).first()
    return wish.often if wish else DigestWish.Often.OFF


def _tell_author(post: Post, kind: str) -> None:
    Notice.objects.get_or_create(
        consortium=post.consortium,
        person_id=post.author.person_id,
        post=post,
        kind=kind,
        defaults={"municipality": post.author.town},
    )
