"""What the desk cannot answer goes to people: routed to a division, due on a working day, answered, kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.engine.workdays import after_working_days
from machi.base.models import Division, Person
from machi.base.running import why_not
from machi.frontdesk.apps import ANSWERS
from machi.frontdesk.domain import mail
from machi.frontdesk.domain.indexing import index_of
from machi.frontdesk.models import Document, HandOver, Inquiry, Message, Passage
from machi.language.engine.tokens import search_tokens

SYSTEM = "frontdesk.hand_over"
WORKING_DAYS = 3
"""A resident gets an answer by the end of this many working days."""
CLOSING = time(17, 15)


@dataclass(frozen=True, slots=True)
class SuggestedSource:
    """A passage a clerk may rest the answer on."""

    document: Document
    passage: Passage
    excerpt: str


def suggest_division(inquiry: Inquiry) -> Division:
    """The division whose duties share most words with the question, then the one whose sources were found
    nearest, then the one that takes what nobody else does. Refused where the town has no division."""
    divisions = list(Division.objects.all())
    if not divisions:
        raise Refused(_("この自治体にはまだ担当課が登録されていません。電話でお問い合わせください。"))
    words = set(search_tokens(inquiry.question))
    shared = {d: len(words & set(search_tokens(f"{d.name} {d.duties}"))) for d in divisions}
    best = max(shared.values())
    if best:
        return min(
            (d for d, count in shared.items() if count == best), key=lambda d: (not d.is_default, d.pk)
        )
    owners = Counter(
        document.source.division_id
        for document in Document.objects.filter(pk__in=inquiry.related).select_related("source")
        if document.source.division_id
    )
    by_pk = {d.pk: d for d in divisions}
    if owners:
        return by_pk[owners.most_common(1)[0][0]]
    return next((d for d in divisions if d.is_default), divisions[0])


def hand_over(
    inquiry: Inquiry,
    *,
    wish: str = "",
    name: str = "",
    email: str = "",
    telephone: str = "",
    division: Division | None = None,
    person: Person | None = None,
) -> HandOver:
    """Gives the inquiry, with what was said so far, to a division. Refused when that was done before.

    ``person``: of the staff, who passes it on; None for the resident.
    """
    if HandOver.objects.filter(inquiry=inquiry).exists():
        raise Refused(_("この質問はすでに職員に引き継がれています。"))
    now = timezone.now()
    with transaction.atomic():
        handed = HandOver.objects.create(
            municipality=inquiry.municipality,
            inquiry=inquiry,
            division=division or suggest_division(inquiry),
            due_at=due(now),
            name=name,
            email=email,
            telephone=telephone,
        )
        if wish.strip():
            Message.objects.create(
                municipality=inquiry.municipality, hand_over=handed, from_staff=False, body=wish.strip()
            )
        inquiry.state = Inquiry.State.HANDED_OVER
        inquiry.save(update_fields=["state"])
        _recorded(handed, "hand_over", person, division=handed.division_id)
    mail.tell_division(handed)
    mail.send_receipt(handed)
    return handed


def due(start: datetime, days: int = WORKING_DAYS) -> datetime:
    """Closing time of the last of ``days`` working days after ``start`` (Japanese holidays left out)."""
    day = after_working_days(timezone.localdate(start), days)
    return timezone.make_aware(datetime.combine(day, CLOSING))


def take(handed: HandOver, person: Person) -> None:
    """This person answers it. Refused when another has taken it already."""
    with transaction.atomic():
        current = HandOver.objects.select_for_update().get(pk=handed.pk)
        if current.taken_by_id not in (None, person.pk):
            raise Refused(_("ほかの職員がすでに対応しています。"))
        if current.state == HandOver.State.ANSWERED:
            raise Refused(_("この問い合わせは回答済みです。"))
        current.state, current.taken_by = HandOver.State.TAKEN, person
        current.save(update_fields=["state", "taken_by"])
        _recorded(current, "take", person)


def release(handed: HandOver, person: Person) -> None:
    """Puts it back for others. Refused once it is answered."""
    with transaction.atomic():
        _lock_waiting(handed)
        handed.state, handed.taken_by = HandOver.State.OPEN, None
        handed.save(update_fields=["state", "taken_by"])
        _recorded(handed, "release", person)


def move(handed: HandOver, person: Person, division: Division, reason: str) -> None:
    """To another division, with the reason as a note; the deadline stays, the resident should not wait longer."""
    with transaction.atomic():
        _lock_waiting(handed)
        if division.pk == handed.division_id:
            raise Refused(_("同じ課が選ばれています。"), field="division")
        handed.division, handed.state, handed.taken_by = division, HandOver.State.OPEN, None
        handed.save(update_fields=["division", "state", "taken_by"])
        note(
            handed,
            person,
            _("「%(division)s」へ引き継ぎ：%(reason)s") % {"division": division, "reason": reason},
        )
        _recorded(handed, "move", person, division=division.pk)
    mail.tell_division(handed)


def note(handed: HandOver, person: Person, body: str) -> Message:
    """A note among staff; the resident never sees it."""
    _refuse_erased(handed)
    return Message.objects.create(
        municipality=handed.municipality,
        hand_over=handed,
        author=person,
        from_staff=True,
        internal=True,
        body=body,
    )


def answer(
    handed: HandOver, person: Person, body: str, documents: Sequence[Document], *, no_source: str = ""
) -> Message:
    """The town's answer, resting on ``documents``, or on none for the reason given in ``no_source``.

    A second answer adds to the first; the same one again is refused (a page sent twice, two clerks at once).
    """
    if not body.strip():
        raise Refused(_("回答を入力してください。"), field="body")
    if not documents and not no_source.strip():
        raise Refused(_("根拠にした資料を選ぶか、資料がない理由を書いてください。"), field="documents")
    with transaction.atomic():
        _lock(handed)
        last = handed.messages.filter(from_staff=True, internal=False).last()
        if last is not None and last.body == body.strip():
            raise Refused(_("同じ回答をすでに送りました。"), field="body")
        message = Message.objects.create(
            municipality=handed.municipality,
            hand_over=handed,
            author=person,
            from_staff=True,
            body=body.strip(),
        )
        message.documents.set(documents)
        if no_source.strip():
            note(handed, person, _("資料なしで回答した理由：%(reason)s") % {"reason": no_source.strip()})
        handed.answered_at = handed.answered_at or timezone.now()
        handed.state, handed.taken_by = HandOver.State.ANSWERED, person
        handed.save(update_fields=["state", "taken_by", "answered_at"])
        handed.inquiry.state = Inquiry.State.CLOSED
        handed.inquiry.save(update_fields=["state"])
        _recorded(handed, "answer", person, message=message.pk, sources=[d.pk for d in documents])
    mail.send_staff_answer(message)
    return message


def resident_writes(handed: HandOver, body: str) -> Message:
    """The resident adds something on the status page; an answered inquiry is open again, with a new deadline."""
    if not body.strip():
        raise Refused(_("伝えたいことを入力してください。"), field="body")
    with transaction.atomic():
        _lock(handed)
        message = Message.objects.create(
            municipality=handed.municipality, hand_over=handed, from_staff=False, body=body.strip()
        )
        if handed.state == HandOver.State.ANSWERED:
            # Anybody may go on with it: whoever answered may be away.
            handed.state, handed.taken_by = HandOver.State.OPEN, None
            handed.answered_at, handed.due_at = None, due(timezone.now())
            handed.save(update_fields=["state", "taken_by", "answered_at", "due_at"])
            handed.inquiry.state = Inquiry.State.HANDED_OVER
            handed.inquiry.save(update_fields=["state"])
        _recorded(handed, "resident_writes", None, message=message.pk)
    return message


def suggested_sources(handed: HandOver, k: int = 5, *, on: date | None = None) -> list[SuggestedSource]:
    """Passages near the question and what the resident added, one per document, valid on day ``on`` (None: on any).

    They are found as the desk finds its answers: where that may not run there are none.
    """
    if why_not(handed.municipality, ANSWERS):
        return []
    if handed.inquiry.erased_at:
        return []
    said = " ".join(
        [
            handed.inquiry.question,
            *(m.body for m in handed.messages.filter(from_staff=False)),
        ]
    )
    hits = index_of(handed.municipality).search(said, k=k * 3, on=on)
    passages = Passage.objects.select_related("document__source").in_bulk([hit.passage_id for hit in hits])
    found: dict[int, SuggestedSource] = {}
    for hit in hits:
        passage = passages.get(hit.passage_id)
        if passage is not None and passage.document.current:
            found.setdefault(
                passage.document_id, SuggestedSource(passage.document, passage, passage.text[:200])
            )
    return list(found.values())[:k]


def _lock(handed: HandOver) -> None:
    """Reads it as it stands now, and holds it until the transaction ends."""
    handed.refresh_from_db(from_queryset=HandOver.objects.select_for_update())
    _refuse_erased(handed)


def _refuse_erased(handed: HandOver) -> None:
    if Inquiry.objects.filter(pk=handed.inquiry_id, erased_at__isnull=False).exists():
        raise Refused(_("この問い合わせの個人情報は消去されたため、もう書き加えられません。"))


def _lock_waiting(handed: HandOver) -> None:
    _lock(handed)
    if handed.state == HandOver.State.ANSWERED:
        raise Refused(_("この問い合わせは回答済みです。"))


def _recorded(handed: HandOver, action: str, person: Person | None, **outputs: object) -> None:
    ledger.record(
        handed.municipality,
        system=SYSTEM,
        kind="hand_over",
        subject=f"inquiry:{handed.inquiry_id}",
        actor=person,
        outputs={"action": action, **outputs},
    )
