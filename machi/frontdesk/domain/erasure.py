"""Erasing what a resident left: the question, the conversation, the contact details. Figures and the ledger stay.

A closed inquiry is kept as long as the municipality decided (``Retention``), then the daily work erases it; before
that, whoever may do so erases it on request. The documents that were cited are the town's own words and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from machi.base import ledger
from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality, Person
from machi.frontdesk.domain import mail
from machi.frontdesk.models import Faq, HandOver, Inquiry, Message, Retention
from machi.frontdesk.models.inquiries import new_token
from machi.governance.domain import gate_keeping

SYSTEM = "frontdesk.erasure"
ERASED = "（消去済み）"
"""Stands where the question stood."""
SHORTEST, LONGEST = 30, 3650
"""Days that may be chosen."""
_DRAFTS = (Faq.State.PROPOSED, Faq.State.REJECTED)


@dataclass(frozen=True, slots=True)
class Extent:
    """What an erasure takes with it, and what stays."""

    messages: int
    contacts: bool
    waits: bool
    """Nobody has answered it yet."""
    drafts: int
    """FAQs proposed from it that nobody approved: erased too."""
    published: list[Faq]
    """Approved by a second person as naming nobody: they stay."""


def extent(inquiry: Inquiry) -> Extent:
    handed = HandOver.objects.filter(inquiry=inquiry).first()
    faqs = list(Faq.objects.filter(inquiry=inquiry))
    return Extent(
        messages=Message.objects.filter(hand_over=handed).count() if handed else 0,
        contacts=bool(handed and (handed.name or handed.email or handed.telephone)),
        waits=bool(handed and handed.answered_at is None),
        drafts=sum(faq.state in _DRAFTS for faq in faqs),
        published=[faq for faq in faqs if faq.state not in _DRAFTS],
    )


@transaction.atomic
def erase_inquiry(
    municipality: Municipality, pk: int, *, ground: str, reference: str = "", person: Person | None = None
) -> LedgerEntry:
    """Erases it for good and returns the entry that tells so; Refused where it is not there or was erased before."""
    inquiry = Inquiry.objects.select_for_update().filter(pk=pk).first()
    if inquiry is None:
        raise Refused(_("この番号の問い合わせはありません。"), field="number")
    if inquiry.erased_at is not None:
        raise Refused(_("この問い合わせはすでに消去されています。"), field="number")
    erasing.overwrite_what_is_deleted()  # before the first row goes
    drafts = Faq.objects.filter(inquiry=inquiry, state__in=_DRAFTS)
    subjects = [f"inquiry:{pk}", *(f"faq:{faq.pk}" for faq in drafts)]
    erased = {
        "questions": 1,
        "faq_drafts": drafts.delete()[0],
        "model_exchanges": gate_keeping.erase(municipality, f"inquiry:{pk}"),
        **_erase_conversation(inquiry),
    }
    Faq.objects.filter(inquiry=inquiry).update(inquiry=None)
    inquiry.question, inquiry.reasons, inquiry.related, inquiry.urgent = ERASED, [], [], []
    inquiry.token, inquiry.erased_at = new_token(), timezone.now()  # the resident's link leads nowhere now
    if inquiry.state == Inquiry.State.HANDED_OVER:
        inquiry.state = Inquiry.State.CLOSED
    inquiry.save()
    return erasing.erase_traces(
        municipality,
        subjects,
        ground=ground,
        reference=reference.strip(),
        person=person,
        system=SYSTEM,
        erased=erased,
    )


def _erase_conversation(inquiry: Inquiry) -> dict[str, int]:
    handed = HandOver.objects.filter(inquiry=inquiry).first()
    if handed is None:
        return {"messages": 0, "contacts": 0}
    messages = Message.objects.filter(hand_over=handed)
    # A letter that failed leaves its traceback in the queue, and that may name the address.
    letters = [
        {"args": [handed.municipality_id, pk], "kwargs": {}} for pk in messages.values_list("pk", flat=True)
    ]
    DBTaskResult.objects.filter(task_path=mail.send_answer_mail.module_path, args_kwargs__in=letters).delete()
    contacts = sum(bool(one) for one in (handed.name, handed.email, handed.telephone))
    count = messages.count()
    messages.delete()
    if handed.answered_at is None:
        handed.delete()  # nothing is left that could be answered
    else:
        handed.name = handed.email = handed.telephone = None
        handed.save(update_fields=["name", "email", "telephone"])
    return {"messages": count, "contacts": contacts}


def retention_days() -> int:
    """How long closed inquiries are kept in the municipality in whose scope we are."""
    kept = Retention.objects.first()
    return kept.days if kept else Retention.DEFAULT_DAYS


def set_retention(municipality: Municipality, days: int, person: Person) -> None:
    if not SHORTEST <= days <= LONGEST:
        message = _("%(shortest)s日から%(longest)s日までにしてください。")
        raise Refused(message % {"shortest": SHORTEST, "longest": LONGEST}, field="days")
    with transaction.atomic():
        Retention.objects.update_or_create(municipality=municipality, defaults={"days": days})
        ledger.record(
            municipality,
            system=SYSTEM,
            kind="setting",
            subject="retention:inquiry",
            actor=person,
            outputs={"days": days},
        )


def expired(now: datetime) -> QuerySet[Inquiry]:
    """Closed inquiries in which nothing has happened for as long as they are kept, the oldest first."""
    before = now - timedelta(days=retention_days())
    recent = Message.objects.filter(at__gte=before).values("hand_over__inquiry")
    return (
        Inquiry.objects.filter(
            Q(hand_over__isnull=True) | Q(hand_over__answered_at__lt=before),
            erased_at=None,
            asked_at__lt=before,
        )
        .exclude(pk__in=recent)
        .order_by("asked_at", "pk")
    )


def expired_numbers(municipality: Municipality, now: datetime) -> list[int]:
    return list(expired(now).values_list("pk", flat=True))


def erasures() -> QuerySet[LedgerEntry]:
    """What was erased, as the ledger tells it, the newest first."""
    return LedgerEntry.objects.filter(kind=ledger.ERASURE, system=SYSTEM).order_by("-index")


def find(number_or_link: str) -> Inquiry | None:
    """By its number, or by the link that the resident holds."""
    asked = number_or_link.strip()
    if asked.isascii() and asked.isdigit() and len(asked) < 15:
        return Inquiry.objects.filter(pk=int(asked)).first()
    parts = asked.split("?")[0].rstrip("/").split("/")
    tokens = parts[parts.index("i") + 1 :][:1] if "i" in parts else parts[-1:]
    return Inquiry.objects.filter(token__in=[token for token in tokens if token]).first()
