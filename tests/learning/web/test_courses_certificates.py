"""Certificates through their pages: checked by strangers, revoked, not guessed."""

import pytest
from django.test import Client

from machi.base.models import Consortium, ConsortiumMember
from tests.governance.pages import text
from tests.joint.factories import client_of
from tests.learning.courses import (
    a_course,
    through,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return a_course()


@pytest.fixture
def place(work):
    return work.learner(work.town)


def test_checking_a_certificate(work, place):
    certificate = through(work, place)
    stranger, address = Client(), url(work.town, "check_certificate")
    assert "本物です" not in text(stranger.get(address))
    assert "本物です" in text(stranger.get(address, {"number": certificate.code.lower()}))
    assert "本物です" in text(
        stranger.get(url(work.other, "check_certificate"), {"number": certificate.code})
    )
    assert "打ち間違い" in text(stranger.get(address, {"number": "1234"}))
    swapped = certificate.code[:-1] + ("A" if certificate.code[-1] != "A" else "B")
    assert "番号の修了証はありません" in text(stranger.get(url(work.town, "certificate", swapped)))
    office = work.client()
    back = url(work.town, "revoke_certificate", certificate.pk)
    assert work.client(work.town).get(back).status_code == 403
    office.post(back, {"reason": "取り違え"})
    page = text(stranger.get(url(work.town, "certificate", certificate.code)))
    assert "取り消されています" in page
    assert place.person.name not in page
    assert client_of(place.person).get(url(work.town, "my_certificate", place.pk)).status_code == 404


def test_a_certificate_is_not_known_in_another_consortium(work, place):
    certificate = through(work, place)
    elsewhere = Consortium.objects.create(name="よその共同体")
    ConsortiumMember.objects.create(consortium=elsewhere, municipality=work.town, since="2026-04-01")
    page = Client().get(url(work.town, "certificate", certificate.code) + f"?consortium={elsewhere.pk}")
    assert "番号の修了証はありません" in text(page)
    assert place.person.name not in text(page)


def test_trying_codes_is_limited(work, settings):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    # Twice as many as a minute allows and one, for the clock may turn to the next minute in between.
    statuses = [stranger.get(url(work.town, "certificate", "x")).status_code for _ in range(61)]
    assert statuses[0] == 200
    assert 429 in statuses
