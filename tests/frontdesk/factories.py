"""What the front desk stores, made directly: for pages and reports that need rows, not searching."""

from datetime import date, datetime, timedelta

from django.test import Client
from django.utils import timezone

from machi.base.models import Division, Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.models import Citation, Document, Faq, HandOver, Inquiry, Passage, Source, SourceFile
from tests.base.factories import a_division, a_person


class StaffClient(Client):
    person: Person


def signed_in(town: Municipality, role: Role = Role.CLERK, division: Division | None = None) -> StaffClient:
    """A client in which somebody with this role is signed in; ``client.person`` is who."""
    client = StaffClient()
    client.person = a_person(role, town, division=division)
    client.force_login(client.person)
    return client


def a_question(
    town: Municipality,
    question: str = "粗大ごみの出し方を教えてください",
    *,
    asked_at: datetime | None = None,
    state: str = Inquiry.State.UNKNOWN,
    helped: bool | None = None,
    cites: Document | None = None,
) -> Inquiry:
    """A question; with ``cites``, answered by the desk with that document's first sentence."""
    with in_municipality(town):
        inquiry = Inquiry.objects.create(
            municipality=town,
            question=question,
            state=Inquiry.State.ANSWERED if cites and state == Inquiry.State.UNKNOWN else state,
            asked_at=asked_at or timezone.now(),
            on_date=timezone.localdate(),
            helped=helped,
        )
        if cites:
            Citation.objects.create(
                municipality=town,
                inquiry=inquiry,
                ordinal=1,
                passage=cites.passages.get(),
                document=cites,
                start=0,
                end=4,
                text=cites.text[:4],
            )
        return inquiry


def a_hand_over(
    town: Municipality,
    division: Division | None = None,
    *,
    inquiry: Inquiry | None = None,
    due_in: timedelta = timedelta(days=2),
    answered_after: timedelta | None = None,
    taken_by: Person | None = None,
    **fields: object,
) -> HandOver:
    """A hand-over due ``due_in`` from now; with ``answered_after``, answered that long after it was made."""
    division = division or a_division(town)
    inquiry = inquiry or a_question(town, state=Inquiry.State.HANDED_OVER)
    now = timezone.now()
    if answered_after is not None:
        fields |= {"state": HandOver.State.ANSWERED, "answered_at": now + answered_after}
    elif taken_by:
        fields["state"] = HandOver.State.TAKEN
    with in_municipality(town):
        return HandOver.objects.create(
            municipality=town,
            inquiry=inquiry,
            division=division,
            created_at=now,
            due_at=now + due_in,
            taken_by=taken_by,
            **fields,
        )


def a_source(town: Municipality, name: str = "市の案内", **fields: object) -> Source:
    with in_municipality(town):
        return Source.objects.create(municipality=town, name=name, **fields)


def a_file(source: Source, name: str = "annai.csv", **fields: object) -> SourceFile:
    with in_municipality(source.municipality):
        return SourceFile.objects.create(
            municipality=source.municipality,
            source=source,
            name=name,
            **{"digest": "0" * 64, "size": 1, "kind": "csv", **fields},
        )


def a_document(
    source: Source, title: str = "粗大ごみの出し方", text: str = "申込みは電話で。", **fields: object
) -> Document:
    """A document with one passage, in a file of its own unless ``file`` is given."""
    with in_municipality(source.municipality):
        number = Document.objects.count()
        document = Document.objects.create(
            municipality=source.municipality,
            source=source,
            title=title,
            text=text,
            **{
                "key": str(number),
                "digest": "0",
                "file": fields.get("file") or a_file(source, f"file-{number}.csv"),
                **fields,
            },
        )
        Passage.objects.create(
            municipality=source.municipality, document=document, ordinal=0, start=0, end=len(text), text=text
        )
        return document


def a_faq(
    town: Municipality,
    person: Person | None = None,
    question: str = "粗大ごみはどう出しますか",
    *,
    inquiry: Inquiry | None = None,
    state: str = Faq.State.PROPOSED,
    valid_until: date | None = None,
    **fields: object,
) -> Faq:
    person = person or a_person(Role.CLERK, town)
    with in_municipality(town):
        return Faq.objects.create(
            municipality=town,
            question=question,
            answer="3日前までに電話で申し込んでください。",
            proposed_by=person,
            inquiry=inquiry,
            state=state,
            valid_until=valid_until,
            **fields,
        )
