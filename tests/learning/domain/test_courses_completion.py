"""From lessons and attempts to the certificate; figures of a cohort; records that leave; erasure; reminders."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry
from machi.base.scoping import in_municipality
from machi.learning.domain import courses_learning as learning
from machi.learning.domain import courses_reminders as reminders
from machi.learning.domain.courses_calendar import cohort_calendar
from machi.learning.domain.courses_certificates import certificate_pdf, check_address
from machi.learning.domain.courses_completion import found_by_code, revoke, settle, settle_all
from machi.learning.domain.courses_erasure import expired_enrolments
from machi.learning.domain.courses_progress import groups, learners, lesson_states, taking_part, works_of
from machi.learning.domain.courses_xapi import record_export, statements
from machi.learning.engine.pace import Why
from machi.learning.engine.xapi import Statement, pseudonym
from machi.learning.models import Attempt, Certificate, Cohort, Enrolment, Exercise, LessonProgress, Reminder
from tests.learning.courses import a_course

pytestmark = pytest.mark.django_db
State = Enrolment.State


@pytest.fixture
def work():
    return a_course(lessons=3, exercises=1)


def complete(work, place):
    with work.inside():
        work.finish(place)
        for exercise in Exercise.objects.all():
            work.attempt(place, exercise, 90)
        return settle(place)


def test_complete_is_every_lesson_and_every_required_exercise_by_the_best_attempt(work) -> None:
    place = work.learner(work.town)
    with work.inside():
        exercises = list(Exercise.objects.order_by("lesson__order"))
        for lesson in work.lessons():
            learning.finish_lesson(place, lesson, place.person)
        assert place.state == State.ACTIVE
        for exercise in exercises[:2]:
            work.attempt(place, exercise, 100)
        work.attempt(place, exercises[2], 69)
        assert settle(place) is None
        work.attempt(place, exercises[2], 70)
        work.attempt(place, exercises[2], 10)  # worse afterwards: the best counts
        certificate = settle(place)
        assert certificate is not None
        assert settle(place) == certificate
        assert Certificate.objects.count() == 1
        assert (certificate.name, certificate.town) == ("学ぶ 人", "神奈川県厚木市")
        assert (certificate.course, certificate.version, certificate.minutes) == ("AIの基礎", 1, 60)
        entries = LedgerEntry.objects.filter(subject=f"enrolment:{place.pk}")
        bodies = [json.loads(one.body) for one in entries]
        assert [one["outputs"]["action"] for one in bodies] == ["enrol", "complete"]
        assert "学ぶ" not in entries.latest("index").body


def test_free_exercises_are_not_asked_for(work) -> None:
    place = work.learner(work.town)
    with work.inside():
        Exercise.objects.update(required=False)
        for lesson in work.lessons():
            learning.finish_lesson(place, lesson, place.person)
        assert place.state == State.COMPLETED


def test_attempts_of_others_and_of_other_cohorts_do_not_count(work) -> None:
    place, other = work.learner(work.town), work.learner(work.town)
    complete(work, other)
    with work.inside():
        work.finish(place)
        assert settle(place) is None
        assert settle_all(work.cohort, work.town) == 0


def test_only_the_learner_finishes_and_only_while_the_cohort_runs(work) -> None:
    place, other = work.learner(work.town), work.learner(work.town)
    with work.inside():
        lesson = work.lessons()[0]
        for act in (learning.open_lesson, learning.finish_lesson):
            with pytest.raises(PermissionDenied):
                act(place, lesson, other.person)
        with pytest.raises(PermissionDenied):
            learning.choose_reminders(place, other.person, False)
        Cohort.objects.update(state=Cohort.State.ENDED)
        place.cohort.refresh_from_db()
        with pytest.raises(Refused, match="終わって"):
            learning.finish_lesson(place, lesson, place.person)
        learning.open_lesson(place, lesson, place.person)  # reading goes on
        place.state = State.WITHDRAWN
        with pytest.raises(PermissionDenied):
            learning.open_lesson(place, lesson, place.person)


def test_finishing_again_changes_nothing(work) -> None:
    place = work.learner(work.town)
    with work.inside():
        lesson = work.lessons()[0]
        learning.finish_lesson(place, lesson, place.person)
        before = LessonProgress.objects.get()
        learning.finish_lesson(place, lesson, place.person)
        learning.open_lesson(place, lesson, place.person)
        after = LessonProgress.objects.get()
        assert (after.opened_at, after.finished_at) == (before.opened_at, before.finished_at)


def test_states_of_lessons_tell_the_best_attempt(work) -> None:
    place = work.learner(work.town)
    with work.inside():
        first = Exercise.objects.order_by("lesson__order").first()
        work.finish(place, 2)
        for percent in (20, 85, 60):
            work.attempt(place, first, percent)
        states = lesson_states(place)
        assert [(one.opened, one.finished, one.done) for one in states] == [
            (True, True, True),
            (True, True, False),
            (False, False, False),
        ]
        assert [one.exercises[0][1:] for one in states] == [(True, 85), (False, None), (False, None)]


def test_figures_of_learners_towns_and_all(work) -> None:
    quick, slow = work.learner(work.town), work.learner(work.town)
    idle = work.learner(work.other)
    complete(work, quick)
    today = timezone.localdate()
    with work.inside():
        Cohort.objects.update(starts_on=today - timedelta(days=20), ends_on=today + timedelta(days=9))
        work.cohort.refresh_from_db()
        work.finish(slow, 1)
        work.finish(idle, 3, timezone.now() - timedelta(days=15))
        work.attempt(idle, Exercise.objects.first(), 100)
        Attempt.objects.filter(enrolment=idle).update(at=timezone.now() - timedelta(days=15))
        found = learners(work.cohort, list(taking_part(work.cohort)), today)
        by_place = {one.enrolment.pk: one for one in found}
        assert by_place[quick.pk].standing.reasons == ()
        assert by_place[slow.pk].standing.reasons == (Why.BEHIND,)
        assert by_place[idle.pk].standing.reasons == (Why.IDLE,)
        assert by_place[idle.pk].work.exercises_passed == 1
        total, towns = groups(found)
        assert (total.learners, total.completed, total.behind) == (3, 1, 2)
        assert total.share == pytest.approx((1 + 1 / 6 + 4 / 6) / 3)
        assert [(one.town, one.learners, one.completed, one.behind) for one in towns] == [
            (work.town, 2, 1, 1),
            (idle.municipality, 1, 0, 1),
        ]


def test_figures_take_the_same_number_of_queries_for_one_and_for_many(work) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            complete(work, work.learner(work.town))
        with work.inside():
            places = list(taking_part(work.cohort))
            with CaptureQueriesContext(connection, ) as captured:  # fmt: skip
                works_of(places)
            counts.append(len(captured))
    assert counts == [4, 4]


def test_a_certificate_is_found_by_its_code_as_people_type_it(work) -> None:
    certificate = complete(work, work.learner(work.town))
    with work.inside():
        assert found_by_code(certificate.code.lower().replace("-", " ")) == certificate
        assert found_by_code(certificate.code[:-1] + ("0" if certificate.code[-1] != "0" else "1")) is None
        with pytest.raises(PermissionDenied):
            revoke(certificate, work.town, work.person(work.town), "")
        revoke(certificate, work.town, work.office, "別の人の受講だった")
        found = found_by_code(certificate.code)
        assert found
        assert found.revoked_at is not None


def test_the_paper_says_what_is_stored_and_is_the_same_each_time(work) -> None:
    import pypdfium2

    certificate = complete(work, work.learner(work.town))
    with work.inside():
        data = certificate_pdf(certificate)
        assert certificate_pdf(certificate) == data
        page = pypdfium2.PdfDocument(data)[0]
        text = page.get_textpage().get_text_bounded().translate(dict.fromkeys(map(ord, " \r\n")))
        for word in (
            "修了証",
            "学ぶ人",
            "神奈川県厚木市",
            "AIの基礎",
            certificate.code,
            "三市共同体",
            "60分",
        ):
            assert word in text, word
        assert check_address(certificate) in text
        assert page.get_width() > page.get_height()


def test_statements_tell_who_did_what_when_under_pseudonyms(work) -> None:
    place, left = work.learner(work.town), work.learner(work.other)
    complete(work, place)
    with work.inside():
        Enrolment.objects.filter(pk=left.pk).update(state=State.WITHDRAWN, withdrawn_at=timezone.now())
        record_export(work.cohort, work.town, work.office)
        found = list(statements(work.cohort))
        said = [json.loads(one.as_json()) for one in found]
    assert [Statement.model_validate(one) for one in said] == found
    assert [one.timestamp for one in found] == sorted(one.timestamp for one in found)
    verbs = [one["verb"]["display"]["en"] for one in said]
    assert {name: verbs.count(name) for name in set(verbs)} == {
        "registered": 2,
        "initialized": 3,
        "completed": 4,
        "passed": 3,
        "abandoned": 1,
    }
    text = json.dumps(said, ensure_ascii=False)
    for secret in ("学ぶ", place.person.email, left.person.email, "@"):
        assert secret not in text
    names = {one["actor"]["account"]["name"] for one in said}
    assert names == {pseudonym(work.cohort.salt, one.person_id) for one in (place, left)}
    assert len({one["id"] for one in said}) == len(said)
    with work.inside(), pytest.raises(PermissionDenied):
        record_export(work.cohort, work.town, work.person(work.town))


def test_erasing_takes_answers_and_name_and_leaves_figures(work) -> None:
    place = work.learner(work.town)
    certificate = complete(work, place)
    with work.inside():
        Attempt.objects.update(answer='{"text": "秘密"}')
    with pytest.raises(Refused):
        erasing.erase(work.other, f"enrolment:{place.pk}", ground="request")
    erasing.erase(work.town, f"enrolment:{place.pk}", ground="request")
    with pytest.raises(Refused, match="消去されています"):
        erasing.erase(work.town, f"enrolment:{place.pk}", ground="request")
    with work.inside():
        certificate.refresh_from_db()
        assert certificate.name is None
        assert {one.answer for one in Attempt.objects.all()} == {None}
        assert Attempt.objects.filter(passed=True).count() == 3
        assert "氏名は消去されました" in _text(certificate_pdf(certificate))


def _text(data: bytes) -> str:
    import pypdfium2

    return str(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded())


def test_what_was_kept_for_five_years_expires(work) -> None:
    place = work.learner(work.town)
    with work.inside():
        now = timezone.now()
        assert expired_enrolments(work.town, now) == []
        then = timezone.localdate() - timedelta(days=5 * 366 + 31)
        Cohort.objects.update(starts_on=then - timedelta(days=30), ends_on=then)
        assert expired_enrolments(work.town, now) == [place.pk]
        assert expired_enrolments(work.other, now) == []


def remind(work, town=None, today=None):
    town = town or work.town
    with work.inside(town):
        return reminders.remind(town, work.consortium, today or timezone.localdate())


@pytest.fixture
def sent(settings):
    """Mails as they are sent: jobs run at once."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    }
    return mail.outbox


def test_who_falls_behind_is_reminded_once_a_week_and_by_their_own_town_only(work, sent) -> None:
    place = work.learner(work.town)
    start = work.cohort.starts_on
    assert remind(work, today=start + timedelta(days=2)) == 0
    monday = start + timedelta(days=(7 - start.weekday()) % 7 + 7)
    assert remind(work, work.other, monday) == 0
    assert [remind(work, today=monday + timedelta(days=day)) for day in range(8)] == [1, 0, 0, 0, 0, 0, 0, 1]
    assert [one.to for one in sent] == [[place.person.email]] * 2
    assert "続きがあります" in sent[0].subject
    assert f"/m/{work.town.pk}/learning/my/{place.pk}/?consortium={work.consortium.pk}" in sent[0].body
    assert "%" not in sent[0].body


def test_before_the_first_and_the_last_day(work, sent) -> None:
    place = work.learner(work.town)
    today = timezone.localdate()
    with work.inside():
        Cohort.objects.update(
            starts_on=today + timedelta(days=7), ends_on=today + timedelta(days=40), state="open"
        )
    assert [remind(work), remind(work)] == [1, 0]
    assert [one.get_filename() for one in map(_attachment, sent[0].attachments)] == ["course.ics"]
    assert remind(work, today=today + timedelta(days=33)) == 1
    assert "まで" in sent[1].subject
    assert sent[1].attachments == []
    with work.inside():
        assert sorted(Reminder.objects.values_list("key", flat=True)) == ["ends", "starts"]
        assert place.sent_reminders.count() == 2


def _attachment(found):
    from email.message import Message

    message = Message()
    message.add_header("Content-Disposition", "attachment", filename=found[0])
    return message


@pytest.mark.parametrize("why", ["opted out", "stopped", "completed", "withdrawn"])
def test_who_is_not_reminded(work, sent, why) -> None:
    place = work.learner(work.town)
    with work.inside():
        match why:
            case "opted out":
                learning.choose_reminders(place, place.person, False)
            case "stopped":
                place.person.is_active = False
                place.person.save()
            case "completed":
                Enrolment.objects.update(state=State.COMPLETED)
            case _:
                Enrolment.objects.update(state=State.WITHDRAWN)
    assert remind(work, today=work.cohort.starts_on + timedelta(days=20)) == 0
    assert sent == []


def test_the_daily_work_begins_cohorts_settles_and_reminds(work, sent) -> None:
    place = work.learner(work.town)
    with work.inside():
        Cohort.objects.update(state=Cohort.State.OPEN)
        work.finish(place)
        for exercise in Exercise.objects.all():
            work.attempt(place, exercise, 90)
        for _ in range(2):
            reminders.each_day(work.town, work.consortium)
        place.refresh_from_db()
        assert (place.cohort.state, place.state) == (Cohort.State.RUNNING, State.COMPLETED)
        assert Certificate.objects.count() == 1


def test_the_calendar_has_the_cohorts_days(work) -> None:
    with work.inside():
        book = Calendar.from_ical(cohort_calendar(work.cohort, "https://machi.example/x"))
    events = list(book.walk("VEVENT"))
    assert [one.decoded("dtstart") for one in events] == [
        work.cohort.starts_on,
        work.cohort.ends_on,
        work.cohort.ends_on,
    ]
    assert str(events[1]["summary"]) == "AIの基礎: 「第一章」をここまでに"
    assert len({str(one["uid"]) for one in events}) == 3


def test_the_ledger_of_another_town_has_nothing_of_it(work) -> None:
    place = work.learner(work.town)
    complete(work, place)
    with in_municipality(work.towns[2]):
        assert not LedgerEntry.objects.filter(subject=f"enrolment:{place.pk}").exists()
