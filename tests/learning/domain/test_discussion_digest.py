"""The letter of what is new, through a real mail server."""

from __future__ import annotations

import socket
from datetime import timedelta
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.utils import timezone

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import daily, discussion_notices
from machi.learning.domain import discussion as verbs
from machi.learning.models import DigestWish, Topic
from tests.learning.cases import a_scene

pytestmark = pytest.mark.django_db


class _Box(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Message] = []

    def prepare_message(self, session, envelope):
        from email import message_from_bytes

        return message_from_bytes(envelope.content, policy=default)

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture
def letters(settings):
    box = _Box()
    server = Controller(box, hostname="127.0.0.1", port=_free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.MACHI_URL = "https://machi.example"
    yield box.letters
    server.stop()


@pytest.fixture
def scene():
    return a_scene()


def opened(scene, title="議事録の要約", body="どう直していますか。"):
    town = scene.towns[0]
    given = {"title": title, "body": body, "personal_checked": True}
    with in_consortium(scene.consortium), in_municipality(town):
        return verbs.open_topic(scene.consortium, town, scene.person(town), given)


def answer(scene, topic, body="秘密の答え", town=1):
    place = scene.towns[town]
    with in_consortium(scene.consortium), in_municipality(place):
        return verbs.reply(topic, place, scene.person(place), body=body, personal_checked=True)


def later(scene, hours):
    """As if that much time had passed since the last letters."""
    with in_consortium(scene.consortium):
        for wish in DigestWish.objects.all():
            wish.told_until -= timedelta(hours=hours)
            wish.save()


def each_day(scene):
    for town in scene.towns:
        with in_municipality(town):
            daily.each_day(town)


def wished(scene, often):
    with in_consortium(scene.consortium):
        DigestWish.objects.update(often=often)


def test_letter_tells_that_something_waits_and_not_who_or_what(scene, letters):
    topic = opened(scene)
    answer(scene, topic, "秘密の答え @1")
    wished(scene, "daily")
    later(scene, 24)
    each_day(scene)
    (letter,) = [one for one in letters if one["To"] == scene.person(scene.towns[0]).email]
    body = letter.get_content()
    assert "議事録の要約" in body
    assert "新しい書き込み 1件（あなたが呼ばれました）" in body
    assert f"https://machi.example/m/142123/learning/discussion/{topic.pk}/?consortium=" in body
    assert "discussion/settings/" in body
    assert "秘密の答え" not in body
    assert scene.person(scene.towns[1]).name not in body
    assert "話題 1件" in letter["Subject"]
    each_day(scene)
    assert len([one for one in letters if one["To"] == letter["To"]]) == 1


def test_weekly_waits_a_week_and_off_gets_nothing(scene, letters):
    answer(scene, opened(scene))
    later(scene, 24)
    each_day(scene)
    assert letters == []  # weekly is what is wished at first
    later(scene, 24 * 6)
    each_day(scene)
    assert {one["To"] for one in letters} == {
        scene.person(scene.towns[0]).email,
        scene.person(scene.towns[1]).email,
    }
    answer(scene, opened(scene, "次の話題"))
    wished(scene, "off")
    later(scene, 24 * 30)
    each_day(scene)
    assert len(letters) == 2


def test_nothing_new_no_letter(scene, letters):
    opened(scene)
    wished(scene, "daily")
    later(scene, 24)
    with in_consortium(scene.consortium):
        assert Topic.objects.count() == 1
    each_day(scene)
    assert letters == []  # one's own words are no news


def test_hidden_posts_and_topics_one_may_no_longer_read_are_not_told_of(scene, letters):
    topic = opened(scene)
    post = answer(scene, topic)
    with in_consortium(scene.consortium):
        post.hidden_at = timezone.now()
        post.save()
    wished(scene, "daily")
    later(scene, 24)
    each_day(scene)
    assert [one for one in letters if one["To"] == scene.person(scene.towns[0]).email] == []


def test_letter_that_cannot_be_sent_stays_due(scene, letters, settings):
    answer(scene, opened(scene))
    wished(scene, "daily")
    later(scene, 24)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    each_day(scene)
    assert letters == []
    settings.EMAIL_PORT = port
    each_day(scene)
    assert len(letters) == 2


def test_person_who_left_gets_no_letter(scene, letters):
    answer(scene, opened(scene))
    wished(scene, "daily")
    later(scene, 24)
    scene.person(scene.towns[0]).appointments.all().delete()
    each_day(scene)
    assert [one["To"] for one in letters] == [scene.person(scene.towns[1]).email]


def test_wish_is_made_once_and_changed_when_asked(scene):
    town, person = scene.towns[0], scene.person(scene.towns[0], Role.MANAGER)
    with in_consortium(scene.consortium), in_municipality(town):
        assert discussion_notices.digest_of(person) == "off"
        discussion_notices.want_digest(scene.consortium, town, person)
        assert discussion_notices.digest_of(person) == "weekly"
        discussion_notices.want_digest(scene.consortium, town, person, "daily")
        discussion_notices.want_digest(scene.consortium, town, person)
        assert discussion_notices.digest_of(person) == "daily"
