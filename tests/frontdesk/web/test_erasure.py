"""The pages on which staff erase what a resident left."""

import pytest

from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.models import HandOver, Inquiry, Retention
from tests.base.factories import a_municipality
from tests.frontdesk.domain.test_erasure import aged
from tests.frontdesk.factories import a_hand_over, a_question, signed_in
from tests.frontdesk.web.staff import lines, queries, text, url

pytestmark = pytest.mark.django_db
SURE = {"ground": "request", "reference": "第3号", "sure": "on"}


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def test_an_inquiry_is_found_shown_confirmed_and_erased(town: Municipality) -> None:
    inquiry, manager = a_question(town, "毒島です"), signed_in(town, Role.MANAGER)
    found = manager.get(url(town, "erasures"), {"inquiry": f"http://x/m/142123/i/{inquiry.token}/"})
    assert found["Location"] == url(town, "erase", inquiry.pk)
    assert "毒島です" in text(manager.get(found["Location"]))
    done = manager.post(found["Location"], SURE, follow=True)
    page = text(done)
    assert f"問い合わせ {inquiry.pk} の個人情報を消去しました" in page
    assert "本人からの請求" in page
    assert "第3号" in page
    with in_municipality(town):
        assert Inquiry.objects.get().erased_at is not None


def test_what_cannot_be_undone_must_be_confirmed(town: Municipality) -> None:
    inquiry, manager = a_question(town), signed_in(town, Role.MANAGER)
    page = manager.post(url(town, "erase", inquiry.pk), {"ground": "request"})
    assert page.context["form"].errors.keys() == {"sure"}
    with in_municipality(town):
        assert Inquiry.objects.get().erased_at is None
        assert not LedgerEntry.objects.exists()


def test_an_administrator_erases_without_reading(town: Municipality) -> None:
    inquiry, administrator = a_question(town, "毒島です"), signed_in(town, Role.ADMINISTRATOR)
    page = text(administrator.get(url(town, "erase", inquiry.pk)))
    assert "毒島" not in page
    assert "あなたの役割では表示しません" in page
    administrator.post(url(town, "erase", inquiry.pk), SURE)
    with in_municipality(town):
        assert Inquiry.objects.get().erased_at is not None


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.AI_OFFICER, Role.JOINT_OFFICE])
def test_others_may_not_erase(town: Municipality, role: Role) -> None:
    inquiry, person = a_question(town), signed_in(town, role)
    for name, arguments in (("erasures", ()), ("expired", ()), ("retention", ()), ("erase", (inquiry.pk,))):
        assert person.post(url(town, name, *arguments), SURE).status_code == 403


def test_another_town_s_inquiry_is_not_there(town: Municipality) -> None:
    inquiry, manager = a_question(a_municipality("332020")), signed_in(town, Role.MANAGER)
    assert manager.post(url(town, "erase", inquiry.pk), SURE).status_code == 404
    page = text(manager.get(url(town, "erasures"), {"inquiry": inquiry.token}))
    assert "見つかりません" in page


def test_one_that_was_erased_is_told(town: Municipality) -> None:
    inquiry, manager = a_question(town), signed_in(town, Role.MANAGER)
    manager.post(url(town, "erase", inquiry.pk), SURE)
    assert "すでに消去されています" in text(manager.get(url(town, "erase", inquiry.pk), follow=True))


def test_an_erased_conversation_says_so_and_takes_no_more(town: Municipality) -> None:
    handed = a_hand_over(town, email="busujima@home.example", inquiry=a_question(town, "毒島です"))
    with in_municipality(town):
        HandOver.objects.update(state=HandOver.State.ANSWERED, answered_at=handed.created_at)
    manager = signed_in(town, Role.MANAGER)
    here = url(town, "hand_over", handed.pk)
    assert url(town, "erase", handed.inquiry_id) in text(manager.get(here))
    manager.post(url(town, "erase", handed.inquiry_id), SURE)
    page = text(manager.get(here))
    assert "に消去されました" in page
    assert "毒島" not in page
    assert "busujima" not in page
    assert 'name="body"' not in page
    assert "もう書き加えられません" in text(
        manager.post(url(town, "note", handed.pk), {"body": "毒島"}, follow=True)
    )


def test_the_time_things_are_kept_is_changed_within_bounds(town: Municipality) -> None:
    manager = signed_in(town, Role.MANAGER)
    assert "1095日が過ぎると" in text(manager.get(url(town, "erasures")))
    assert manager.post(url(town, "retention"), {"days": "7"}).context["form"].errors.keys() == {"days"}
    assert "365日が過ぎると" in text(manager.post(url(town, "retention"), {"days": "365"}, follow=True))
    with in_municipality(town):
        assert Retention.objects.get().days == 365


def test_what_will_be_erased_is_listed_and_exported_without_words(town: Municipality) -> None:
    manager, address = signed_in(town, Role.MANAGER), url(town, "expired")
    assert "保存期間が過ぎた問い合わせはありません" in text(manager.get(address))
    aged(a_question(town, "毒島です"), 2000)
    once = queries(manager, address)
    for number in range(2):
        aged(a_question(town, "毒島です"), 1500 + number)
    assert queries(manager, address) == once
    assert "毒島" not in text(manager.get(address))
    assert len(lines(manager.get(address, {"format": "csv"}))) == 4


def test_erasures_are_listed_and_exported(town: Municipality) -> None:
    manager, address = signed_in(town, Role.MANAGER), url(town, "erasures")
    assert "まだ消去したものはありません" in text(manager.get(address))
    counts = []
    for number in range(3):
        manager.post(url(town, "erase", a_question(town).pk), SURE)
        if number in (0, 2):
            counts.append(queries(manager, address))
    assert counts[0] == counts[1]
    _header, first, *_rest = lines(manager.get(address, {"format": "csv"}))
    assert first[2:5] == ["本人からの請求", "第3号", manager.person.name]
