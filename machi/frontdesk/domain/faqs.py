"""An answer becomes common knowledge only after a second person has approved it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person
from machi.frontdesk.domain import indexing
from machi.frontdesk.domain.documents import store_documents
from machi.frontdesk.engine.reading import ReadDocument
from machi.frontdesk.models import Document, Faq, Inquiry, Source, SourceFile
from machi.language.engine.types import Block

SYSTEM = "frontdesk.faqs"


def propose(
    municipality: Municipality,
    person: Person,
    *,
    question: str,
    answer: str,
    inquiry: Inquiry | None = None,
    valid_until: date | None = None,
) -> Faq:
    """A draft that nobody but staff sees."""
    if not question.strip() or not answer.strip():
        raise Refused(_("質問と回答の両方を書いてください。"))
    with transaction.atomic():
        faq = Faq.objects.create(
            municipality=municipality,
            question=question.strip(),
            answer=answer.strip(),
            inquiry=inquiry,
            valid_until=valid_until,
            proposed_by=person,
        )
        _recorded(faq, "propose", person)
    return faq


def approve(faq: Faq, person: Person) -> None:
    """Publishes it. Refused to whoever proposed it: two people must have read it."""
    with transaction.atomic():
        faq = _waiting(faq)
        if faq.proposed_by_id == person.pk:
            raise Refused(_("提案した本人は承認できません。ほかの職員に依頼してください。"))
        faq.document = _publish(faq)
        _ruled(faq, Faq.State.APPROVED, person, "")
        _recorded(faq, "approve", person, document=faq.document.pk)
    indexing.enqueue(faq.municipality)


def reject(faq: Faq, person: Person, reason: str) -> None:
    """Sends the draft back, saying why."""
    if not reason.strip():
        raise Refused(_("差し戻す理由を書いてください。"), field="reason")
    with transaction.atomic():
        faq = _waiting(faq)
        _ruled(faq, Faq.State.REJECTED, person, reason)
        _recorded(faq, "reject", person)


def withdraw(faq: Faq, person: Person, reason: str) -> None:
    """Takes a published FAQ out of use; old answers still show it."""
    if faq.state != Faq.State.APPROVED or faq.document_id is None:
        raise Refused(_("公開中のものだけを取り下げられます。"))
    if not reason.strip():
        raise Refused(_("取り下げる理由を書いてください。"), field="reason")
    with transaction.atomic():
        Document.objects.filter(pk=faq.document_id).update(current=False)
        Faq.objects.filter(pk=faq.pk).update(state=Faq.State.WITHDRAWN, reason=reason)
        _recorded(faq, "withdraw", person)
    faq.refresh_from_db()
    indexing.enqueue(faq.municipality)


def _waiting(faq: Faq) -> Faq:
    """The row as it stands now, locked, so that two people cannot rule at once."""
    current = Faq.objects.select_for_update().get(pk=faq.pk)
    if current.state != Faq.State.PROPOSED:
        raise Refused(_("この提案はすでに処理されています。"))
    return current


def _ruled(faq: Faq, state: str, person: Person, reason: str) -> None:
    faq.state, faq.ruled_by, faq.ruled_at, faq.reason = state, person, timezone.now(), reason
    faq.save()


def _publish(faq: Faq) -> Document:
    source, _created = Source.objects.get_or_create(
        municipality=faq.municipality,
        name=_("職員が作ったよくある質問"),
        defaults={"attribution": str(faq.municipality.name)},
    )
    file = SourceFile.objects.create(
        municipality=faq.municipality,
        source=source,
        name=f"faq-{faq.pk}",
        digest="",
        size=0,
        kind="faq",
        read=1,
        added_by=faq.proposed_by,
    )
    read = ReadDocument(
        title=faq.question,
        blocks=(Block("question", faq.question), Block("answer", faq.answer)),
        date=timezone.localdate(),
        category=_("よくある質問"),
        valid_until=faq.valid_until,
    )
    store_documents(file, [read])
    return file.documents.get()


def _recorded(faq: Faq, action: str, person: Person, **outputs: object) -> None:
    ledger.record(
        faq.municipality,
        system=SYSTEM,
        kind="faq",
        subject=f"faq:{faq.pk}",
        actor=person,
        inputs={"question": faq.question, "answer": faq.answer},
        outputs={"action": action, **outputs},
    )
