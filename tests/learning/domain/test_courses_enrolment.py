"""Who takes part: by hand, by list, by OneRoster; who may enrol whom; leaving and coming back."""

import json
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import Workbook

from machi.base.domain.errors import Refused
from machi.base.models import Appointment, LedgerEntry, Person, Role
from machi.base.scoping import in_municipality
from machi.learning.domain import courses_cohorts as cohorts
from machi.learning.domain import courses_enrolment as verbs
from machi.learning.domain import courses_lists as lists
from machi.learning.models import Cohort, Enrolment
from tests.base.factories import a_person
from tests.learning.courses import a_course
from tests.learning.engine.test_courses_oneroster import V11, packed

pytestmark = pytest.mark.django_db
State = Enrolment.State


@pytest.fixture
def work():
    return a_course()


def enrol(work, by, town, email="new@town.example", name="新しい 人", here=None):
    with work.inside(here or work.town):
        return verbs.enrol(work.cohort, here or work.town, by, town=town, email=email, name=name)


def csv(*rows, header="氏名,メールアドレス,自治体コード", encoding="utf-8"):
    return "\n".join([header, *rows]).encode(encoding)


def read(work, by, data, here=None):
    with work.inside(here or work.town):
        return lists.read_list(work.cohort, here or work.town, by, data)


def told(found):
    return [(one.code, one.row, one.column, one.value) for one in found.problems]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_a_town_enrols_its_own_people_and_nobody_elses(work, role) -> None:
    by = work.person(work.town, role)
    place = enrol(work, by, work.town)
    assert place.person.name == "新しい 人"
    assert list(place.person.appointments.values_list("role", "municipality")) == [
        (Role.LEARNER, work.town.pk)
    ]
    with pytest.raises(PermissionDenied):
        enrol(work, by, work.other, "two@town.example")
    assert not Person.objects.filter(email="two@town.example").exists()


def test_the_office_enrols_for_any_town_and_each_has_it_on_record(work) -> None:
    place = enrol(work, work.office, work.other)
    assert place.municipality == work.other
    for town in (work.town, work.other):
        with in_municipality(town):
            entry = LedgerEntry.objects.get(subject=f"enrolment:{place.pk}")
            assert json.loads(entry.body)["outputs"]["town"] == work.other.pk
            assert "new@town.example" not in entry.body


@pytest.mark.parametrize("role", [Role.CLERK, Role.LEARNER, Role.AUDITOR, Role.AI_OFFICER])
def test_nobody_else_enrols(work, role) -> None:
    with pytest.raises(PermissionDenied):
        enrol(work, work.person(work.town, role), work.town)


def test_who_works_here_keeps_their_role_and_gets_no_second(work) -> None:
    clerk = work.person(work.town, Role.CLERK)
    place = enrol(work, work.person(work.town), work.town, clerk.email.upper(), "別の名前")
    assert place.person == clerk
    assert place.person.name == clerk.name
    assert clerk.appointments.count() == 1


def test_twice_or_for_another_town_is_refused(work) -> None:
    place = enrol(work, work.office, work.town)
    with pytest.raises(Refused, match="もう登録"):
        enrol(work, work.office, work.town)
    Appointment.objects.create(person=place.person, role=Role.CLERK, municipality=work.other)
    with pytest.raises(Refused, match="ほかの自治体から"):
        enrol(work, work.office, work.other)


@pytest.mark.parametrize("state", [Cohort.State.PLANNED, Cohort.State.ENDED])
def test_a_cohort_that_takes_nobody(work, state) -> None:
    with work.inside():
        Cohort.objects.update(state=state)
    with pytest.raises(Refused, match="受け付けて"):
        enrol(work, work.office, work.town)


def test_leaving_and_coming_back_keeps_what_was_done(work) -> None:
    place = enrol(work, work.office, work.town)
    with work.inside():
        work.finish(place, 2)
        with pytest.raises(PermissionDenied):
            verbs.withdraw(place, work.other, work.person(work.other), "異動")
        verbs.withdraw(place, work.town, work.person(work.town), "異動")
        place.refresh_from_db()
        assert (place.state, place.withdrawn_at is not None) == (State.WITHDRAWN, True)
        with pytest.raises(Refused, match="受講中では"):
            verbs.withdraw(place, work.town, work.office, "")
    back = enrol(work, work.office, work.town)
    with work.inside():
        assert (back.pk, back.state, back.withdrawn_at, back.progress.count()) == (
            place.pk,
            State.ACTIVE,
            None,
            2,
        )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_list_in_each_encoding(work, encoding) -> None:
    data = csv(
        "厚木 花子,ｈａｎａｋｏ＠ａｔｓｕｇｉ．ｅｘａｍｐｌｅ,",
        "厚木 太郎,TARO@atsugi.example,１４２１２３",
        encoding=encoding,
    )
    found = read(work, work.person(work.town), data)
    assert told(found) == []
    assert [(one.row, one.name, one.email, one.town) for one in found.lines] == [
        (2, "厚木 花子", "hanako@atsugi.example", "142123"),
        (3, "厚木 太郎", "taro@atsugi.example", "142123"),
    ]
    assert not Person.objects.filter(email__endswith="atsugi.example").exists()


def test_an_excel_list_with_a_title_above_is_taken(work) -> None:
    book = Workbook()
    sheet = book.create_sheet()
    sheet.append(["AI研修の受講者（令和8年度）"])
    sheet.append(["メールアドレス※必須", "氏名（必須）", "備考"])
    sheet.append(["a@town.example", "受講 一", ""])
    sheet.append([None, None, None])
    sheet.append(["b@town.example", "受講 二", "課長"])
    out = BytesIO()
    book.save(out)
    by = work.person(work.town)
    found = read(work, by, out.getvalue())
    with work.inside():
        made = lists.take(work.cohort, work.town, by, found, way="list")
        assert [one.person.name for one in made] == ["受講 一", "受講 二"]
        again = lists.read_list(work.cohort, work.town, by, out.getvalue())
        assert (len(again.lines), len(again.known)) == (0, 2)
        entry = LedgerEntry.objects.filter(subject=f"cohort:{work.cohort.pk}").latest("index")
        outputs = json.loads(entry.body)["outputs"]
        assert (outputs["action"], outputs["enrolled"], outputs["way"]) == ("enrol_list", 2, "list")
        assert "受講" not in entry.body


def test_every_problem_is_told_with_row_and_column_and_nothing_is_done(work) -> None:
    by = work.person(work.town)
    elsewhere = a_person(Role.CLERK, work.other)
    stopped = a_person(Role.CLERK, work.town)
    stopped.is_active = False
    stopped.save()
    data = csv(
        "名前だけ,,",
        "読めない,address,",
        "よその町,c@town.example,332020",
        f"よその人,{elsewhere.email},",
        f"停止中,{stopped.email},",
        "一度,d@town.example,",
        "二度,D@town.example,",
        "コード,e@town.example,999",
    )
    found = read(work, by, data)
    assert told(found) == [
        ("missing", 2, "メールアドレス", ""),
        ("not_an_email", 3, "メールアドレス", "address"),
        ("not_here", 4, "自治体コード", "332020"),
        ("elsewhere", 5, "メールアドレス", elsewhere.email),
        ("stopped", 6, "メールアドレス", stopped.email),
        ("twice", 8, "メールアドレス", "d@town.example"),
        ("not_a_code", 9, "自治体コード", "999"),
    ]
    assert (found.lines, found.known) == ((), ())
    assert not Person.objects.filter(email="d@town.example").exists()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_header"),
        (b"PK\x03\x04", "not_readable"),
        (csv(header="名,住所"), "no_header"),
        (csv(), "missing"),
    ],
)
def test_lists_that_are_none(work, data, code) -> None:
    assert [one.code for one in read(work, work.office, data).problems] == [code]


def test_one_that_cannot_be_taken_takes_none(work) -> None:
    by = work.office
    found = read(work, by, csv("一,a@town.example,142123", "二,b@town.example,332020"))
    enrol(work, by, work.town, "b@town.example")  # meanwhile
    with work.inside(), pytest.raises(Refused, match=r"^3: "):
        lists.take(work.cohort, work.town, by, found, way="list")
    assert not Person.objects.filter(email="a@town.example").exists()


def test_the_offices_list_of_several_towns_is_on_record_in_each(work) -> None:
    found = read(work, work.office, csv("一,a@town.example,142123", "二,b@town.example,33202"))
    assert [one.town for one in found.lines] == ["142123", "332020"]
    with work.inside():
        lists.take(work.cohort, work.town, work.office, found, way="list")
    for town, count in ((work.towns[0], 1), (work.towns[1], 0), (work.towns[2], 1)):
        with in_municipality(town):
            entries = [
                json.loads(one.body) for one in LedgerEntry.objects.filter(subject=f"cohort:{work.cohort.pk}")
            ]
            assert sum(one["outputs"]["action"] == "enrol_list" for one in entries) == count, town


def test_a_oneroster_zip_is_enrolled_with_its_towns(work) -> None:
    with work.inside():
        found = lists.read_oneroster(work.cohort, work.town, work.office, packed(V11))
        assert told(found) == []
        made = lists.take(work.cohort, work.town, work.office, found, way="oneroster")
        assert [(one.person.email, one.municipality_id) for one in made] == [
            ("hanako@atsugi.example", "142123"),
            ("taro@kurashiki.example", "332020"),
        ]
        manager = work.person(work.town)
        other = lists.read_oneroster(work.cohort, work.town, manager, packed(V11))
        assert told(other) == [("not_here", 3, "自治体コード", "332020")]


def test_cohorts_pass_from_state_to_state_and_only_so(work) -> None:
    with work.inside():
        cohort = work.cohort
        with pytest.raises(Refused, match="からは変えられません"):
            cohorts.pass_into(cohort, work.town, work.office, Cohort.State.PLANNED)
        with pytest.raises(PermissionDenied):
            cohorts.pass_into(cohort, work.town, work.person(work.town), Cohort.State.ENDED)
        cohorts.pass_into(cohort, work.town, work.office, Cohort.State.ENDED)
        cohorts.pass_into(cohort, work.town, work.office, Cohort.State.RUNNING)
        given = {"title": "第2回", "starts_on": cohort.ends_on, "ends_on": cohort.starts_on}
        with pytest.raises(Refused, match="終わる日"):
            cohorts.create_cohort(work.consortium, work.town, work.office, given, work.version, [])
        given = {"title": "第2回", "starts_on": cohort.starts_on, "ends_on": cohort.ends_on}
        fresh = cohorts.create_cohort(work.consortium, work.town, work.office, given, work.version, [])
        cohorts.pass_into(fresh, work.town, work.office, Cohort.State.OPEN)
        verbs.enrol(fresh, work.town, work.office, town=work.town, email="x@town.example", name="x")
        with pytest.raises(Refused, match="受講者がいる"):
            cohorts.pass_into(fresh, work.town, work.office, Cohort.State.PLANNED)
        assert cohorts.begin_due(work.town, cohort.ends_on) == 1
        assert cohorts.begin_due(work.town, cohort.ends_on) == 0
        fresh.refresh_from_db()
        assert fresh.state == Cohort.State.RUNNING


def test_a_cohort_is_of_a_published_version_only(work) -> None:
    from machi.learning.domain import courses

    with work.inside():
        courses.retire(work.version, work.town, work.office)
        given = {"title": "第2回", "starts_on": work.cohort.starts_on, "ends_on": work.cohort.ends_on}
        with pytest.raises(Refused, match="公開中"):
            cohorts.create_cohort(work.consortium, work.town, work.office, given, work.version, [])
