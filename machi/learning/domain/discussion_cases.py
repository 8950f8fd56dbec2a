"""An accepted answer becomes the draft of a case: of the town that answered, for its people to complete."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.learning.domain.cases import WRITE, begin
from machi.learning.domain.discussion import record
from machi.learning.engine.discussion_markdown import to_text
from machi.learning.models import Case, CaseField, CaseTool, Post, Topic


def may_become(topic: Topic, municipality: Municipality, person: Person) -> bool:
    """There is an accepted answer of one's own town's staff, and no case was begun with it."""
    post = topic.accepted
    return (
        post is not None
        and post.author.town_id == municipality.pk
        and not post.author.office
        and person.has_perm(WRITE, municipality)
        and not post.cases.exists()
    )


@transaction.atomic
def become(topic: Topic, municipality: Municipality, person: Person) -> Case:
    """The question is the problem, the answer how it is done now; what is not known stays blank, to be written."""
    current = (
        Topic.objects.select_for_update(of=("self",))
        .select_related("consortium", "accepted__author__town")
        .get(pk=topic.pk)
    )
    if current.accepted is not None and current.accepted.cases.exists():
        raise Refused(_("この答えからは、もう事例の下書きが作られています。"))
    if not may_become(current, municipality, person):
        raise PermissionDenied
    assert current.accepted is not None
    asked = Post.objects.get(topic=current, ordinal=1)
    about = current.case
    given = {
        "title": str(current)[:120],
        "field": about.field if about else CaseField.OTHER,
        "tool": about.tool if about else CaseTool.OTHER,
        "year": timezone.localdate().year,
        "problem": to_text(asked.body or ""),
        "after": to_text(current.accepted.body or ""),
    }
    case = begin(current.consortium, municipality, person, given, origin=current.accepted)
    record(current, municipality, person, "become_case", post=current.accepted.ordinal, case=case.pk)
    return case
