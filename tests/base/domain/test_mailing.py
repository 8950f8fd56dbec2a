"""A letter that the mail server does not take is sent when it does; one that never can be leaves the queue alone."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from machi.base.domain import mailing
from tests.base.smtp import Post, mail_server, work

pytestmark = pytest.mark.django_db
TO = "hanako@mail.example"


@mailing.letter
def hello(name: str) -> None:
    mailing.send("挨拶", [name, "こんにちは"], TO)


@mailing.letter
def broken() -> None:
    raise ValueError("not the mail server's fault")


@task()
def no_letter() -> None:
    raise OSError("not a letter")


@pytest.fixture
def post(settings) -> Iterator[Post]:
    with mail_server(settings) as running:
        yield running


def test_letter_reaches_a_real_server(post: Post) -> None:
    hello.enqueue("花子")
    work()
    assert post.to(TO) == [("挨拶", "花子\nこんにちは\n")]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_refusal_names_nobody_in_queue_or_log(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    for answer, _tries in (("450 busy", 1), ("550 no such person", len(mailing.WAITS) + 1)):
        post.refuses = answer
        hello.enqueue("花子")
        for _try in range(_tries):
            work(later=True)
        post.refuses = ""
    assert "recipient refused: [550]" in caplog.text
    assert TO not in caplog.text
    assert [TO in one.traceback for one in DBTaskResult.objects.all()] == [False, False]


def test_refused_letter_waits_longer_each_time_and_is_sent_once_taken(post: Post) -> None:
    post.refuses = "450 busy"
    hello.enqueue("花子")
    for wait in mailing.WAITS:
        before = timezone.now()
        work(later=True)
        job = DBTaskResult.objects.get()
        assert (job.status, job.traceback, job.exception_class_path) == (TaskResultStatus.READY, "", "")
        assert before + wait <= job.run_after <= timezone.now() + wait
        work()  # nothing is done before its time
        assert DBTaskResult.objects.get().run_after == job.run_after
    post.refuses = ""
    work(later=True)
    assert len(post.letters) == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_letter_is_given_up_after_the_last_try(post: Post) -> None:
    post.refuses = "550 no such person"
    hello.enqueue("花子")
    for _ in range(len(mailing.WAITS) + 1):
        work(later=True)
    job = DBTaskResult.objects.get()
    assert (job.status, len(job.worker_ids)) == (TaskResultStatus.FAILED, len(mailing.WAITS) + 1)
    work(later=True)
    assert post.letters == []


@pytest.mark.parametrize("job", [broken, no_letter])
def test_only_letters_and_only_for_the_mail_servers_sake_are_tried_again(job) -> None:
    job.enqueue()
    work()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
