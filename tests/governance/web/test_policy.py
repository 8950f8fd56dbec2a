"""The use rules: drafted and published by the AI officer, read and confirmed by everyone, never changed after."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone
from docx import Document

from machi.base import ledger
from machi.base.models import Appointment, LedgerEntry, Role
from machi.base.scoping import in_municipality
from machi.governance.domain import policy as verbs
from machi.governance.domain import policy_readers as readers
from machi.governance.models import PolicyAcknowledgement, PolicyReminder, PolicyVersion
from machi.governance.models.policy import PublishedIsFinal
from tests.base.factories import a_municipality, a_person
from tests.frontdesk.factories import signed_in
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return a_municipality()


@pytest.fixture
def officer(town):
    return signed_in(town, Role.AI_OFFICER)


def days(number):
    return timezone.localdate() + timedelta(days=number)


def published(town, officer, **changes):
    """The next version, through the pages."""
    officer.post(url(town, "policy_begin"))
    given = {"effective_on": days(0), "review_on": days(365), "change_note": "直した", "material": "on"}
    response = officer.post(url(town, "policy_publish"), {**given, **changes})
    assert response.status_code == 302
    with in_municipality(town):
        return PolicyVersion.objects.filter(state="published").first()


def test_rules_begin_with_the_template_and_are_read_by_clerks_once_published(town, officer):
    clerk = signed_in(town)
    assert "利用ルールはまだありません" in text(clerk.get(url(town, "policy")))
    officer.post(url(town, "policy_begin"))
    assert "利用ルールはまだありません" in text(clerk.get(url(town, "policy")))
    assert "厚木市の職員が" in text(officer.get(url(town, "policy_draft")))
    version = published(town, officer)
    assert (version.number, version.material) == (1, True)
    page = text(clerk.get(url(town, "policy")))
    assert "厚木市の職員が" in page
    assert "総合窓口の自動回答" in page  # the approved system
    assert "読みました" in page


def test_draft_is_edited_by_section_and_its_markdown_is_safe(town, officer):
    officer.post(url(town, "policy_begin"))
    body = "**太字**\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))"
    officer.post(url(town, "policy_section", "purpose"), {"title": "めあて", "body": body})
    officer.post(url(town, "policy_add_section"), {"title": "附則", "body": "本文"})
    officer.post(url(town, "policy_remove_section", "review"))
    page = text(officer.get(url(town, "policy_draft")))
    assert "<strong>太字</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    with in_municipality(town):
        keys = [one.key for one in verbs.sections(verbs.draft())]
    assert keys[0] == "purpose"
    assert keys[-1] == "own-1"
    assert "review" not in keys
    assert officer.get(url(town, "policy_section", "review")).status_code == 404


def test_published_version_cannot_be_changed_by_any_verb_or_row(town, officer):
    version = published(town, officer)
    with in_municipality(town):
        with pytest.raises(PublishedIsFinal):
            version.save()
        with pytest.raises(PublishedIsFinal):
            version.delete()
        from machi.base.domain.errors import Refused

        with pytest.raises(Refused):
            verbs.change_section(version, officer.person, "purpose", title="別", body="別")
    assert officer.get(url(town, "policy_draft")).status_code == 404


def test_text_changed_behind_the_verbs_is_shown_not_to_be_what_the_ledger_has(town, officer):
    version = published(town, officer)
    assert "台帳の記録と一致しません" not in text(officer.get(url(town, "policy")))
    with in_municipality(town):
        PolicyVersion.objects.filter(pk=version.pk).update(sections=[{**version.sections[0], "body": "改"}])
    assert "台帳の記録と一致しません" in text(officer.get(url(town, "policy")))
    with in_municipality(town):  # and a new digest does not help
        changed = PolicyVersion.objects.get(pk=version.pk)
        PolicyVersion.objects.filter(pk=version.pk).update(digest=verbs.digest(verbs.content(changed)))
    assert "台帳の記録と一致しません" in text(officer.get(url(town, "policy_version", 1)))


def test_acknowledgement_counts_until_a_material_version(town, officer):
    published(town, officer)
    clerk = signed_in(town)

    def waits():
        with in_municipality(town):
            return not readers.has_confirmed(clerk.person)

    assert waits()
    clerk.post(url(town, "policy_acknowledge", 1))
    clerk.post(url(town, "policy_acknowledge", 1))
    assert not waits()
    published(town, officer, material="")
    assert not waits()
    published(town, officer)
    assert waits()
    refused = clerk.post(url(town, "policy_acknowledge", 1), follow=True)
    assert "新しい版" in text(refused)
    assert waits()
    clerk.post(url(town, "policy_acknowledge", 3))
    assert not waits()
    with in_municipality(town):
        assert PolicyAcknowledgement.objects.filter(person=clerk.person).count() == 2
        assert ledger.verify(town) == []


def test_people_who_have_not_confirmed_are_listed_and_reminded_once_a_day(
    town, officer, django_capture_on_commit_callbacks
):
    version = published(town, officer)
    clerk = signed_in(town)
    stopped = a_person(Role.CLERK, town)
    stopped.is_active = False
    stopped.save()
    a_person(Role.CLERK, a_municipality("332020"))
    clerk.post(url(town, "policy_acknowledge", 1))
    rows = lines(officer.get(url(town, "policy_people") + "?state=waiting&format=csv"))
    assert [row[0] for row in rows[1:]] == [officer.person.name]
    with in_municipality(town):
        assert [one.pk for one in readers.unconfirmed(town)] == [officer.person.pk]
        readers.send_reminder.call(town.code, officer.person.pk)
        readers.send_reminder.call(town.code, clerk.person.pk)  # has confirmed meanwhile
    [letter] = mail.outbox
    assert letter.to == [officer.person.email]
    assert url(town, "policy") in letter.body
    assert "1人にメールを送ります" in text(officer.post(url(town, "policy_remind"), follow=True))
    assert "もう送りました" in text(officer.post(url(town, "policy_remind"), follow=True))
    with in_municipality(town):
        assert PolicyReminder.objects.get().version == version


def test_difference_shows_what_was_changed(town, officer):
    published(town, officer)
    officer.post(url(town, "policy_begin"))
    with in_municipality(town):
        body = verbs.sections(verbs.draft())[0].body
    officer.post(url(town, "policy_section", "purpose"), {"title": "目的", "body": body + "\n\n足した一行。"})
    published(town, officer, change_note="目的を足した")
    page = text(officer.get(url(town, "policy_difference", 2)))
    assert "<ins>足した一行。</ins>" in page
    assert "目的を足した" in page
    assert "最初の版です" in text(officer.get(url(town, "policy_difference", 1)))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"effective_on": days(-1)}, "今日よりあとの日"),
        ({"review_on": days(0)}, "施行日よりあと"),
        ({"change_note": ""}, "変えたところを書いてください"),
    ],
)
def test_publishing_is_refused_with_the_reason(town, officer, changes, told):
    published(town, officer)
    officer.post(url(town, "policy_begin"))
    given = {"effective_on": days(1), "review_on": days(365), "change_note": "直した", **changes}
    assert told in text(officer.post(url(town, "policy_publish"), given))
    with in_municipality(town):
        assert str(verbs.newest()) == "v1"


def test_version_of_the_future_is_read_now_and_holds_later(town, officer):
    published(town, officer, effective_on=days(10))
    with in_municipality(town):
        assert str(verbs.newest()) == "v1"
        assert verbs.in_force(days(9)) is None
        assert str(verbs.in_force(days(10))) == "v1"


def test_word_has_every_section_and_numbers_each_list_from_one(town, officer):
    published(town, officer)
    response = officer.get(url(town, "policy_word", 1))
    paragraphs = [one.text for one in Document(BytesIO(data(response))).paragraphs]
    assert any("困ったこと・事故が起きたら" in one for one in paragraphs)
    assert len([one for one in paragraphs if one.startswith("1. ")]) == 3


def test_only_the_ai_officer_writes(town, officer):
    published(town, officer)
    clerk = signed_in(town)
    for name in ("policy_draft", "policy_people", "policy_publish", "policy_discard"):
        assert clerk.get(url(town, name)).status_code == 403
    assert clerk.post(url(town, "policy_begin")).status_code == 403


def test_another_town_sees_and_confirms_nothing_of_this_one(town, officer):
    published(town, officer)
    other = a_municipality("332020")
    stranger = signed_in(other, Role.AI_OFFICER)
    assert stranger.get(url(town, "policy")).status_code == 403
    assert stranger.post(url(town, "policy_acknowledge", 1)).status_code == 403
    assert "利用ルールはまだありません" in text(stranger.get(url(other, "policy")))
    assert stranger.post(url(other, "policy_acknowledge", 1)).status_code == 404


def test_lists_take_as_many_queries_for_three_as_for_one(town, officer):
    published(town, officer)
    one = [queries(officer, url(town, name)) for name in ("policy_versions", "policy_people")]
    for _number in range(2):
        published(town, officer)
        person = a_person(Role.CLERK, town)
        Appointment.objects.create(person=person, role=Role.MANAGER, municipality=town)
    assert [queries(officer, url(town, name)) for name in ("policy_versions", "policy_people")] == one


def test_ledger_names_versions_and_no_person(town, officer):
    published(town, officer)
    with in_municipality(town):
        for entry in LedgerEntry.objects.filter(system=verbs.SYSTEM):
            assert officer.person.name not in entry.body
            assert officer.person.email not in entry.body


def test_rules_wait_where_staff_begin_until_they_are_confirmed(town, officer):
    clerk = signed_in(town)
    assert "生成AIの利用ルールの確認" not in text(clerk.get(f"/m/{town.code}/work/"))
    published(town, officer)
    assert "生成AIの利用ルールの確認" in text(clerk.get(f"/m/{town.code}/work/"))
    clerk.post(url(town, "policy_acknowledge", 1))
    assert "生成AIの利用ルールの確認" not in text(clerk.get(f"/m/{town.code}/work/"))
    with in_municipality(town):
        PolicyVersion.objects.update(review_on=days(0))
    assert "利用ルールの見直し" in text(officer.get(f"/m/{town.code}/work/"))
