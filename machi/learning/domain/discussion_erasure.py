"""Erasing posts: at somebody's request, and when a topic has been silent for as long as posts are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.base.scoping import in_consortium
from machi.learning.domain.discussion import erase
from machi.learning.models import Post

KEPT = timedelta(days=5 * 366)
"""After the last word in the topic."""


def erase_post(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> None:
    """One by the town's own staff, in whichever of its consortia; Refused where there is none to erase."""
    for consortium in municipality.consortia_today():
        with in_consortium(consortium), transaction.atomic():
            post = (
                Post.objects.select_for_update(of=("self",))
                .select_related("author__town")
                .filter(author__town=municipality, pk=pk, erased_at=None)
                .first()
            )
            if post is not None:
                erase(post, person, ground=ground, reference=reference)
                return
    raise Refused(_("この番号の書き込みはないか、すでに消去されています。"), field="number")


def expired_posts(municipality: Municipality, now: datetime) -> list[int]:
    found: list[int] = []
    for consortium in municipality.consortia_today():
        with in_consortium(consortium):
            old = Post.objects.filter(
                author__town=municipality, erased_at=None, topic__last_at__lt=now - KEPT
            )
            found += old.order_by("pk").values_list("pk", flat=True)
    return found
