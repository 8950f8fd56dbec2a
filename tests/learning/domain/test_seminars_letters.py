"""Letters of seminars through a real mail server: each once, what fails tried again, reminders on their days."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from machi.base.models import Consortium
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import seminars
from machi.learning.domain.daily import each_day
from machi.learning.domain.seminars_daily import remind
from machi.learning.domain.seminars_mail import send_again, send_mails
from machi.learning.domain.seminars_register import cancel
from machi.learning.models import Seminar, SeminarMail, SeminarRegistration
from tests.joint.factories import a_consortium, office_of, towns_of
from tests.learning.seminars import a_seminar, moved, registered

pytestmark = pytest.mark.django_db


class Post:
    """A mail server that keeps what it gets, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str) -> list[str]:
        return [one["Subject"] for one in self.letters if one["To"] == address]


@pytest.fixture
def post(settings) -> Iterator[Post]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield handler
    controller.stop()


@pytest.fixture
def consortium() -> Iterator[Consortium]:
    consortium = a_consortium()
    with in_municipality(towns_of(consortium)[0]), in_consortium(consortium):
        yield consortium


@pytest.fixture
def office(consortium):
    return office_of(consortium)


@pytest.fixture
def seminar(consortium, office) -> Seminar:
    return a_seminar(consortium, towns_of(consortium)[0], office)


def deliver(seminar: Seminar) -> None:
    """As a worker does."""
    send_mails.func(seminar.consortium_id, list(SeminarMail.objects.values_list("pk", flat=True)))


def test_letters_go_out_once_whatever_is_repeated(seminar, post):
    registered(seminar, 1, 2, 3)
    deliver(seminar)
    deliver(seminar)
    assert [len(post.to(f"guest{number}@mail.example")) for number in (1, 2, 3)] == [1, 1, 1]
    assert "キャンセル待ち" in post.to("guest3@mail.example")[0]
    body = post.letters[0].get_content()
    made = SeminarRegistration.objects.get(number=1)
    assert f"/my-seminar/{made.token}/?consortium={seminar.consortium_id}" in body
    assert made.code in body
    assert "参加 1郎" not in body  # mail is no safe place


def test_letter_is_in_the_language_of_whoever_registered(seminar, post):
    registered(seminar, 1, language="en")
    deliver(seminar)
    assert "When: " in post.letters[0].get_content()


def test_refused_letter_is_tried_three_times_and_shown(seminar, post):
    registered(seminar, 1, 2)
    post.refused = {"guest1@mail.example"}
    for _ in range(5):
        deliver(seminar)
    failed, sent = SeminarMail.objects.order_by("pk")
    assert (failed.state, failed.why) == ("failed", "SMTPRecipientsRefused")
    assert (sent.state, post.to("guest2@mail.example").__len__()) == ("sent", 1)
    post.refused = set()
    send_again([failed])
    deliver(seminar)
    assert len(post.to("guest1@mail.example")) == 1


def test_letter_left_half_way_is_not_sent_again_by_itself(seminar, post):
    registered(seminar, 1)
    SeminarMail.objects.update(state="sending")
    deliver(seminar)
    assert post.letters == []


def test_mail_server_that_is_away_loses_nothing(seminar, post, settings):
    registered(seminar, 1)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    deliver(seminar)
    assert SeminarMail.objects.get().state == "failed"
    settings.EMAIL_PORT = port
    deliver(seminar)
    assert len(post.letters) == 1


def at(days: int, hours: int = 0) -> datetime:
    return timezone.now() + timedelta(days=days, hours=hours)


@pytest.mark.parametrize(
    ("days", "kinds"), [(9, []), (8, []), (7, ["week"]), (4, ["week"]), (2, ["week"]), (1, ["day"])]
)
def test_reminders_are_due_on_their_days(seminar, days, kinds):
    registered(seminar, 1)
    SeminarRegistration.objects.update(made_at=at(-20))
    SeminarMail.objects.all().delete()
    moved(seminar, at(days))
    remind(seminar, timezone.now())
    remind(seminar, timezone.now())
    assert list(SeminarMail.objects.values_list("kind", flat=True)) == kinds


def test_reminders_of_the_daily_work_go_to_those_with_a_seat_and_never_twice(seminar, post):
    town = seminar.municipality
    registered(seminar, 1, 2, 3)
    cancel(SeminarRegistration.objects.get(number=2))
    SeminarRegistration.objects.update(made_at=at(-20))
    moved(seminar, at(7))
    each_day(town)
    each_day(town)
    moved(seminar, at(1))
    each_day(town)
    each_day(town)
    deliver(seminar)
    kinds = list(
        SeminarMail.objects.filter(registration__number=1).order_by("pk").values_list("kind", flat=True)
    )
    assert kinds == ["taken", "week", "day"]
    assert not SeminarMail.objects.exclude(registration__number=1).filter(kind__in=("week", "day")).exists()


def test_another_town_s_daily_work_reminds_nobody(consortium, seminar):
    registered(seminar, 1)
    moved(seminar, at(1))
    other = towns_of(consortium)[1]
    with in_municipality(other):
        each_day(other)
    assert not SeminarMail.objects.filter(kind="day").exists()


def test_whoever_registers_in_the_last_week_is_not_reminded_of_it_at_once(seminar):
    registered(seminar, 1)
    moved(seminar, at(3))
    assert remind(seminar, timezone.now()) == 0


def test_time_passes_by_itself(seminar):
    town = seminar.municipality
    Seminar.objects.filter(pk=seminar.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    each_day(town)
    seminar.refresh_from_db()
    assert seminar.state == "closed"
    moved(seminar, at(-1))
    each_day(town)
    seminar.refresh_from_db()
    assert seminar.state == "held"


def test_everybody_is_told_of_a_new_place_and_of_the_end(seminar, office, post):
    registered(seminar, 1, 2, 3)
    seminars.change(seminar, office, {"venue": "別館"})
    seminars.change(seminar, office, {"contact": "別の人"})
    seminars.cancel(seminar, office, "台風のため")
    deliver(seminar)
    assert SeminarMail.objects.filter(kind="moved").count() == 3
    last = post.letters[-1].get_content()
    assert "台風のため" in last
    assert "/my-seminar/" not in last
