"""What people say of two applications that may be one paper handed in twice."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.casework.domain import ruling
from machi.casework.domain.record import record
from machi.casework.models import Likeness


def same(one: Likeness, person: Person) -> None:
    """The same paper again: this application ends without a decision, and the earlier one goes on."""
    with transaction.atomic():
        _answer(one, person, Likeness.Answer.SAME)
        reason = _("受付番号 %(number)s と同じもの") % {"number": one.other.number}
        ruling.close(one.application, person, reason)


def different(one: Likeness, person: Person) -> None:
    """Each goes on by itself, and this is not asked again."""
    with transaction.atomic():
        _answer(one, person, Likeness.Answer.DIFFERENT)
        record(one.application, "different", person, of=one.other_id)


def _answer(one: Likeness, person: Person, answer: str) -> None:
    current = Likeness.objects.select_for_update().get(pk=one.pk)
    if current.answer:
        raise Refused(_("これは、もう答えてあります。"))
    current.answer, current.by, current.at = answer, person, timezone.now()
    current.save()
