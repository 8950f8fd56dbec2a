"""Courses through their pages: the whole cycle, who sees what, files, lists of a constant number of queries."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from icalendar import Calendar

from machi.base.models import Consortium, ConsortiumMember, Role
from machi.learning.domain import courses as versions
from machi.learning.engine.xapi import Statement
from machi.learning.models import (
    Certificate,
    Cohort,
    CourseVersion,
    Enrolment,
    LessonMedia,
    LessonProgress,
)
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text
from tests.joint.factories import client_of
from tests.learning.courses import (
    LESSON,
    a_cohort,
    a_course,
    a_draft,
    a_learner_here,
    lesson_form,
    png,
    stored,
    through,
    url,
    version_lessons,
)
from tests.learning.engine.test_courses_oneroster import V11, packed

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return a_course()


@pytest.fixture
def office(work):
    return work.client()


@pytest.fixture
def place(work):
    return work.learner(work.town)


@pytest.fixture
def learner(place):
    return client_of(place.person)


def test_the_whole_cycle(work, office):
    """Written, published, a cohort made, a town's list taken, read, completed, checked by a stranger."""
    town, other = work.town, work.other
    response = office.post(
        url(town, "create_course"), {"slug": "Dx", "title": "DX入門", "summary": "はじめの一歩"}
    )
    version = stored(work, CourseVersion)
    assert response["Location"] == url(town, "course_version", version.pk)
    assert "章がありません" in text(office.get(url(town, "course_version", version.pk)))
    office.post(url(town, "add_module", version.pk), {"title": "序章"})
    module = version_modules(work, version)[0]
    office.post(url(town, "add_lesson", module.pk), lesson_form(text="## 絵\n\n![](a.png)\n"))
    (lesson,) = version_lessons(work, version)
    assert (lesson.goals, lesson.sources) == (["できる。", "説明できる。"], LESSON["sources"])
    assert "「a.png」がありません" in text(office.get(url(town, "course_version", version.pk)))
    picture = {"file": SimpleUploadedFile("A.png", png()), "alt": "青い四角"}
    assert office.post(url(town, "add_media", lesson.pk), picture).status_code == 302
    assert 'alt="青い四角"' in text(office.get(url(town, "draft_lesson", lesson.pk)))
    office.post(url(town, "publish_version", version.pk))
    assert stored(work, CourseVersion).state == "published"

    cohort_form = {
        "title": "春の回",
        "starts_on": "2026-04-01",
        "ends_on": "2099-03-31",
        "version": version.pk,
        "instructors": work.person(other, Role.CLERK).email,
    }
    office.post(url(town, "create_cohort"), cohort_form)
    cohort = stored(work, Cohort)
    assert "春の回" not in text(work.client(other).get(url(other, "cohorts")))
    office.post(url(town, "pass_cohort", cohort.pk, "open"))

    manager = work.client(other)
    sheet = "氏名,メールアドレス\n倉敷 学,manabu@kurashiki.example\n".encode("cp932")
    shown = manager.post(url(other, "enrol_list", cohort.pk), {"file": SimpleUploadedFile("l.csv", sheet)})
    assert "まだ登録していません" in text(shown)
    with work.inside():
        assert not cohort.enrolments.exists()
    again = text(shown).split('name="again" value="')[1].split('"')[0]
    assert manager.post(url(other, "enrol_list", cohort.pk), {"again": again}).status_code == 302
    place = stored(work, Enrolment)
    assert (place.municipality_id, place.person.email) == (other.pk, "manabu@kurashiki.example")

    learner = client_of(place.person)
    assert "始まると読めるように" in text(learner.get(url(other, "my_course", place.pk)))
    assert learner.get(url(other, "lesson", place.pk, lesson.pk)).status_code == 403
    office.post(url(town, "pass_cohort", cohort.pk, "running"))
    page = text(learner.get(url(other, "lesson", place.pk, lesson.pk)))
    media = stored(work, LessonMedia)
    assert f'src="{url(other, "lesson_media", media.pk, "a.png")}"' in page
    picture_response = learner.get(url(other, "lesson_media", media.pk, "a.png"))
    assert b"".join(picture_response.streaming_content) == png()
    done = learner.post(url(other, "finish_lesson", place.pk, lesson.pk), follow=True)
    assert "修了しました" in text(done)
    pdf = learner.get(url(other, "my_certificate", place.pk))
    assert data(pdf).startswith(b"%PDF-")
    code = stored(work, Certificate).code
    checked = text(Client().get(url(town, "certificate", code)))
    for word in ("この修了証は本物です", "倉敷 学", "DX入門", f"{other.prefecture.name}{other.name}"):
        assert word in checked
    assert "manabu@" not in checked
    seen = text(office.get(url(town, "cohort", cohort.pk)))
    assert "倉敷 学" in seen
    instructor = work.client(other, Role.CLERK)
    assert "倉敷 学" in text(instructor.get(url(other, "cohort", cohort.pk)))


def version_modules(work, version):
    with work.inside():
        return versions.outline(version)


def test_my_pages_are_mine_alone(work, place, learner):
    lesson = version_lessons(work, work.version)[0].pk
    other = client_of(work.learner(work.town).person)
    addresses = [
        url(work.town, "my_course", place.pk),
        url(work.town, "lesson", place.pk, lesson),
        url(work.town, "my_calendar", place.pk),
        url(work.town, "my_certificate", place.pk),
    ]
    for address in addresses:
        assert other.get(address).status_code == 404, address
    assert other.post(url(work.town, "finish_lesson", place.pk, lesson)).status_code == 404
    assert other.post(url(work.town, "choose_reminders", place.pk)).status_code == 404
    assert learner.get(addresses[0]).status_code == 200
    with work.inside():
        assert not LessonProgress.objects.exists()


def test_reading_on_and_back(work, place, learner):
    one, two, three = version_lessons(work, work.version)
    first = text(learner.get(url(work.town, "lesson", place.pk, one.pk)))
    assert 'rel="prev"' not in first
    assert f'rel="next" href="{url(work.town, "lesson", place.pk, two.pk)}"' in first
    response = learner.post(url(work.town, "finish_lesson", place.pk, one.pk))
    assert response["Location"] == url(work.town, "lesson", place.pk, two.pk)
    last = text(learner.get(url(work.town, "lesson", place.pk, three.pk)))
    assert 'rel="next"' not in last
    page = text(learner.get(url(work.town, "my_course", place.pk)))
    assert '<progress value="1" max="3">' in page
    assert "続きから学ぶ: レッスン2" in " ".join(page.split())
    assert learner.get(url(work.town, "lesson", place.pk, 999)).status_code == 404
    assert learner.get(url(work.town, "finish_lesson", place.pk, one.pk)).status_code == 405


def test_a_lesson_leads_to_its_exercises(db):
    work = a_course(lessons=1, exercises=2)
    place = work.learner(work.town)
    learner = client_of(place.person)
    (lesson,) = version_lessons(work, work.version)
    with work.inside():
        exercises = list(lesson.exercises.all())
    for name, arguments in (("lesson", (place.pk, lesson.pk)), ("my_course", (place.pk,))):
        page = text(learner.get(url(work.town, name, *arguments)))
        for exercise in exercises:
            assert url(work.town, "exercise", place.pk, exercise.pk) in page
    response = learner.post(url(work.town, "finish_lesson", place.pk, lesson.pk))
    assert response["Location"].endswith("#exercises-heading")


def test_reminders_are_stopped_and_begun_by_the_learner(work, place, learner):
    address = url(work.town, "choose_reminders", place.pk)
    assert "止めてあります" in text(learner.post(address, follow=True))
    assert not stored(work, Enrolment).reminders
    assert "メールが届きます" in text(learner.post(address, {"reminders": "on"}, follow=True))
    assert stored(work, Enrolment).reminders


def test_calendars(work, place, learner, office):
    for response in (
        learner.get(url(work.town, "my_calendar", place.pk)),
        office.get(url(work.town, "cohort_calendar", work.cohort.pk)),
    ):
        assert len(Calendar.from_ical(data(response)).walk("VEVENT")) == 3


def test_a_town_sees_its_own_people_and_no_others(work):
    own, foreign = work.learner(work.town, name="厚木 学"), work.learner(work.other, name="倉敷 学")
    manager = work.client(work.town)
    page = text(manager.get(url(work.town, "cohort", work.cohort.pk)))
    assert "厚木 学" in page
    assert "倉敷 学" not in page
    export = lines(manager.get(url(work.town, "cohort", work.cohort.pk) + "?format=csv"))
    assert [row[1] for row in export[1:]] == ["厚木 学"]
    assert manager.get(url(work.town, "learner", own.pk)).status_code == 200
    assert manager.get(url(work.town, "learner", foreign.pk)).status_code == 404
    assert manager.get(url(work.town, "withdraw_learner", foreign.pk)).status_code == 403
    assert len(lines(work.client().get(url(work.town, "cohort", work.cohort.pk) + "?format=csv"))) == 3
    towns = lines(work.client().get(url(work.town, "cohort", work.cohort.pk) + "?list=towns&format=csv"))
    assert [row[1] for row in towns[1:]] == ["1", "1"]
    assert len(lines(manager.get(url(work.town, "cohort", work.cohort.pk) + "?list=towns&format=csv"))) == 2


@pytest.mark.parametrize("role", [Role.LEARNER, Role.CLERK, Role.AUDITOR])
def test_who_answers_for_nobody_sees_nobody(work, place, role):
    client = work.client(work.town, role)
    page = text(client.get(url(work.town, "cohort", work.cohort.pk)))
    assert place.person.name not in page
    assert client.get(url(work.town, "learner", place.pk)).status_code == 404
    assert client.get(url(work.town, "enrol", work.cohort.pk)).status_code == 403


def test_an_instructor_sees_all_of_this_cohort_and_of_no_other(work, place):
    clerk = work.person(work.other, Role.CLERK)
    client = client_of(clerk)
    address = url(work.other, "cohort", work.cohort.pk)
    assert place.person.name not in text(client.get(address))
    with work.inside():
        work.cohort.instructors.add(clerk)
        second = a_cohort(work.consortium, work.town, work.office, work.version, title="別の回")
    assert place.person.name in text(client.get(address))
    assert client.get(url(work.other, "learner", place.pk)).status_code == 200
    assert "受講者はまだ" not in text(client.get(url(work.other, "cohort", second.pk)))
    assert client.post(url(work.other, "cohort_xapi", work.cohort.pk)).status_code == 403


def test_figures_of_all_are_not_told_where_others_are_few(work):
    manager = work.client(work.town)
    address = url(work.town, "cohort", work.cohort.pk)
    work.learner(work.town)
    for _ in range(4):
        work.learner(work.other)
    assert "全体では" not in text(manager.get(address))
    work.learner(work.other)
    assert "全体では6人のうち0人が修了" in text(manager.get(address))


def test_filters(work, place):
    through(work, place)
    slow = work.learner(work.other, name="おそい 人")
    with work.inside():
        Cohort.objects.update(starts_on="2026-01-01")
    office, address = work.client(), url(work.town, "cohort", work.cohort.pk)
    for query, seen in (("?only=behind", slow), ("?only=completed", place), (f"?town={work.other.pk}", slow)):
        rows = lines(office.get(f"{address}{query}&format=csv"))
        assert [row[1] for row in rows[1:]] == [seen.person.name], query
    assert "まだ始めていません" in text(office.get(address))
    assert "この条件に合う人はいません" in text(office.get(f"{address}?town={work.town.pk}&only=behind"))


def test_enrolling_one_and_leaving(work):
    manager = work.client(work.town)
    address = url(work.town, "enrol", work.cohort.pk)
    assert "town" not in manager.get(address).context["form"].fields
    manager.post(address, {"name": "受講 一", "email": "one@town.example"})
    place = stored(work, Enrolment)
    assert "もう登録されています" in text(
        manager.post(address, {"name": "受講 一", "email": "one@town.example"})
    )
    out = url(work.town, "withdraw_learner", place.pk)
    assert "必須" in text(manager.post(out, {"reason": ""}))
    assert manager.post(out, {"reason": "異動"}).status_code == 302
    assert stored(work, Enrolment).state == "withdrawn"
    client = client_of(place.person)
    assert "取りやめ" in text(client.get(url(work.town, "my_courses")))
    lesson = version_lessons(work, work.version)[0].pk
    assert client.get(url(work.town, "lesson", place.pk, lesson)).status_code == 403
    office = work.client()
    office.post(address, {"name": "受講 二", "email": "two@town.example", "town": work.other.pk})
    assert stored(work, Enrolment).municipality == work.other


def test_a_wrong_list_is_told_and_nobody_is_enrolled(work):
    manager = work.client(work.town)
    sheet = "氏名,メールアドレス\n一,a@town.example\n二,\n三,a@town.example\n".encode()
    page = text(
        manager.post(
            url(work.town, "enrol_list", work.cohort.pk), {"file": SimpleUploadedFile("l.csv", sheet)}
        )
    )
    assert "3行目の「メールアドレス」" in page
    assert "4行目の「メールアドレス」（「a@town.example」）: 同じものが2回あります" in page
    assert 'name="again"' not in page
    for forged in ("%%%", "AAAA"):
        manager.post(url(work.town, "enrol_list", work.cohort.pk), {"again": forged})
    with work.inside():
        assert not Enrolment.objects.exists()


def test_a_oneroster_zip(work):
    office, address = work.client(), url(work.town, "enrol_roster", work.cohort.pk)
    shown = office.post(address, {"file": SimpleUploadedFile("r.zip", packed(V11)), "chosen": "AI研修"})
    assert "2人を登録できます" in text(shown)
    again = text(shown).split('name="again" value="')[1].split('"')[0]
    assert office.post(address, {"again": again, "chosen": "AI研修"}).status_code == 302
    with work.inside():
        assert Enrolment.objects.count() == 2
    assert "c1（AI研修）" in text(
        office.post(address, {"file": SimpleUploadedFile("r.zip", packed(V11)), "chosen": "何か"})
    )


def test_the_empty_sheet_has_the_columns_that_are_read(work):
    import openpyxl

    for client, columns in (
        (work.client(work.town), ["氏名", "メールアドレス"]),
        (work.client(), ["氏名", "メールアドレス", "自治体コード"]),
    ):
        response = client.get(url(work.town, "enrol_sheet", work.cohort.pk))
        sheet = openpyxl.load_workbook(io.BytesIO(data(response))).active
        assert [cell.value for cell in sheet[1]] == columns


def test_drafts_are_ordered_changed_and_thrown_away(work, office):
    office.post(url(work.town, "draft_course", work.version.course_id), {"changes": "順番を変える"})
    draft = stored(work, CourseVersion)
    one, two, three = version_lessons(work, draft)
    office.post(url(work.town, "move_lesson", three.pk, "up"))
    assert [lesson.pk for lesson in version_lessons(work, draft)] == [one.pk, three.pk, two.pk]
    assert office.post(url(work.town, "move_lesson", three.pk, "sideways")).status_code == 404
    office.post(url(work.town, "remove_lesson", two.pk))
    assert len(version_lessons(work, draft)) == 2
    module = version_modules(work, draft)[0]
    office.post(url(work.town, "change_module", module.pk), {"title": "改めた章"})
    office.post(url(work.town, "add_module", draft.pk), {"title": "次の章"})
    second = version_modules(work, draft)[1]
    office.post(url(work.town, "move_module", second.pk, "up"))
    assert [one.title for one in version_modules(work, draft)] == ["次の章", "改めた章"]
    office.post(url(work.town, "remove_module", second.pk))
    assert [one.title for one in version_modules(work, draft)] == ["改めた章"]
    refused = office.post(url(work.town, "move_lesson", version_lessons(work, work.version)[0].pk, "up"))
    assert "公開した版は変えられません" in text(refused)
    office.post(url(work.town, "change_course", draft.course_id), {"title": "新しい名", "summary": "説明"})
    assert "新しい名" in text(office.get(url(work.town, "course", draft.course_id)))
    office.post(url(work.town, "discard_version", draft.pk))
    assert stored(work, CourseVersion) == work.version


def test_changing_a_cohort(work, office):
    address = url(work.town, "change_cohort", work.cohort.pk)
    form = {"title": "改めた回", "starts_on": "2026-04-01", "ends_on": "2026-09-30"}
    assert "見つかりません: no@body.example" in text(
        office.post(address, {**form, "instructors": "no@body.example"})
    )
    stranger = a_person(email="stranger@elsewhere.example")
    assert stranger.email in text(office.post(address, {**form, "instructors": stranger.email}))
    clerk = work.person(work.other, Role.CLERK)
    office.post(address, {**form, "instructors": f"{clerk.email.upper()}\n{work.office.email}"})
    with work.inside():
        cohort = Cohort.objects.get(pk=work.cohort.pk)
        assert set(cohort.instructors.all()) == {clerk, work.office}
        assert cohort.title == "改めた回"
    assert "終わる日は" in text(office.post(address, {**form, "ends_on": "2026-04-01"}))
    assert office.get(url(work.town, "pass_cohort", cohort.pk, "open")).status_code == 404


def test_statements_as_a_file(work, place, office):
    through(work, place)
    response = office.post(url(work.town, "cohort_xapi", work.cohort.pk))
    said = json.loads(b"".join(response.streaming_content))
    assert len(said) == 8
    for one in said:
        Statement.model_validate(one)
    assert office.get(url(work.town, "cohort_xapi", work.cohort.pk)).status_code == 405
    assert "学習の記録（xAPI）を書き出した" in text(office.get(url(work.town, "cohort", work.cohort.pk)))


def test_nothing_of_another_consortium_is_there(work, place, office):
    other = Consortium.objects.create(name="よその共同体")
    ConsortiumMember.objects.create(consortium=other, municipality=work.town, since="2026-04-01")
    there = client_of(a_person(Role.JOINT_OFFICE, consortium=other))
    chosen = f"?consortium={other.pk}"
    lesson = version_lessons(work, work.version)[0]
    for name, arguments in (
        ("course", [work.version.course_id]),
        ("course_version", [work.version.pk]),
        ("draft_lesson", [lesson.pk]),
        ("cohort", [work.cohort.pk]),
        ("learner", [place.pk]),
        ("version_files", [work.version.pk]),
    ):
        assert there.get(url(work.town, name, *arguments) + chosen).status_code == 404, name
    assert "教材" in text(there.get(url(work.town, "courses") + chosen))
    assert lines(there.get(url(work.town, "courses") + f"{chosen}&format=csv"))[1:] == []


def test_empty_pages_say_what_to_do_next(work):
    with work.inside():
        Cohort.objects.all().delete()
    client = client_of(a_learner_here(work.town))
    assert "登録すると、ここに並びます" in text(client.get(url(work.town, "my_courses")))
    assert "共同事務局が受付を始めると" in text(client.get(url(work.town, "cohorts")))
    assert "回を作ると" in text(work.client().get(url(work.town, "cohorts")))
    with work.inside():
        versions.retire(work.version, work.town, work.office)
    assert "先に教材を公開" in text(work.client().get(url(work.town, "cohorts")))


def test_exports_have_every_line(work, place, learner, office):
    through(work, place)
    assert [row[3] for row in lines(learner.get(url(work.town, "my_courses") + "?format=csv"))[1:]] == ["100"]
    assert len(lines(learner.get(url(work.town, "my_course", place.pk) + "?format=csv"))) == 4
    assert lines(office.get(url(work.town, "courses") + "?format=csv"))[1][:3] == [
        "AIの基礎",
        "ai-basics",
        "1",
    ]
    assert len(lines(office.get(url(work.town, "course_version", work.version.pk) + "?format=csv"))) == 4
    assert lines(office.get(url(work.town, "cohorts") + "?format=csv"))[1][6:] == ["1", "1", "1"]
    assert lines(office.get(url(work.town, "learner", place.pk) + "?format=csv"))[1:] == []


def test_lists_take_the_same_number_of_queries_for_one_and_three(work, place, learner, office):
    manager = work.client(work.town)

    def counts():
        return {
            "cohort, office": queries(office, url(work.town, "cohort", work.cohort.pk)),
            "cohort, town": queries(manager, url(work.town, "cohort", work.cohort.pk)),
            "cohorts": queries(office, url(work.town, "cohorts")),
            "courses": queries(office, url(work.town, "courses")),
            "course": queries(office, url(work.town, "course", work.version.course_id)),
            "version": queries(office, url(work.town, "course_version", work.version.pk)),
            "my courses": queries(learner, url(work.town, "my_courses")),
            "my course": queries(learner, url(work.town, "my_course", place.pk)),
        }

    through(work, place)
    before = counts()
    for town in work.towns:
        through(work, work.learner(town))
    with work.inside():
        for number in range(2):
            draft = a_draft(work.consortium, work.town, work.office, 2, slug=f"more-{number}")
            versions.publish(draft, work.town, work.office)
            draft.refresh_from_db()
            cohort = a_cohort(work.consortium, work.town, work.office, draft, title=f"回{number}")
            Enrolment.objects.create(
                consortium=work.consortium, cohort=cohort, municipality=work.town, person=place.person
            )
    assert counts() == before


def test_a_longer_course_takes_no_more_queries(work, place, learner):
    longer = a_course_of(work, 9)
    with work.inside():
        more = Enrolment.objects.create(
            consortium=work.consortium, cohort=longer, municipality=work.town, person=place.person
        )
    short = queries(learner, url(work.town, "my_course", place.pk))
    assert queries(learner, url(work.town, "my_course", more.pk)) == short
    lesson = version_lessons(work, work.version)[0]
    other = version_lessons(work, longer.version)[0]
    assert queries(learner, url(work.town, "lesson", place.pk, lesson.pk)) == queries(
        learner, url(work.town, "lesson", more.pk, other.pk)
    )


def a_course_of(work, lessons):
    with work.inside():
        draft = a_draft(work.consortium, work.town, work.office, lessons, 1, slug="long")
        versions.publish(draft, work.town, work.office)
        draft.refresh_from_db()
        return a_cohort(work.consortium, work.town, work.office, draft, title="長い回")
