"""Programmes: the register, lists, and what fits a plan."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Prefecture, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.base.web.export import write_csv, write_excel
from machi.governance.models import RegisteredSystem
from machi.joint.domain import funding_lists as lists
from machi.joint.domain import funding_matching as matching
from machi.joint.domain import funding_register as register
from machi.joint.domain.funding_words import shown
from machi.joint.domain.waiting import waiting
from machi.joint.models import Cost, Flag, FundingCheck, FundingProgramme, Purpose
from machi.joint.sample.funding import programmes
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, office_of, towns_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def atsugi(consortium):
    return towns_of(consortium)[0]


@pytest.fixture
def office(consortium):
    return office_of(consortium)


def one(**changes):
    return {**programmes(TODAY())[0], **changes}


def plan(**changes):
    return {
        "title": "計画",
        "project": None,
        "towns": [],
        "purposes": [Purpose.AI],
        "costs": {Cost.SETUP: 1_000_500, Cost.TRAINING: 500_000},
        **changes,
    }


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("1/2", "1/2"),
        ("２／３", "2/3"),
        ("3分の2", "2/3"),
        ("50%", "1/2"),
        ("75％", "3/4"),
        ("0.5", "1/2"),
        ("10/10", "1/1"),
        ("100%", "1/1"),
    ],
)
def test_rates_are_read_as_people_write_them(text, rate):
    assert lists.read_rate(text) == rate


@pytest.mark.parametrize("text", ["", "定額", "3/2", "0/1", "1/0", "0分の1", "-1/2", "150%", "1/3001"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        lists.read_rate(text)


def test_only_the_office_keeps_the_register(consortium, atsugi, office):
    with in_consortium(consortium):
        for role in Role:
            if role != Role.JOINT_OFFICE:
                with pytest.raises(PermissionDenied):
                    register.add(consortium, atsugi, a_person(role, atsugi), one())
        made = register.add(consortium, atsugi, office, one())
        with pytest.raises(Refused, match="同じ実施主体"):
            register.add(consortium, atsugi, office, one())
        register.change(made, atsugi, office, one(rate="2/3"))
        assert FundingProgramme.objects.get().rate == "2/3"
        register.withdraw(made, atsugi, office, withdrawn=True)
        assert list(register.programmes(open_only=True)) == []
        with pytest.raises(Refused):
            register.withdraw(made, atsugi, office, withdrawn=True)
        register.withdraw(made, atsugi, office, withdrawn=False)
        assert list(register.programmes(open_only=True, purpose="ai")) == [made]
        assert list(register.programmes(purpose="tourism")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"rate": "3/2"},
        {"rate": "1/0"},
        {"ceiling": 100, "floor": 200},
        {"opens": TODAY(), "deadline": TODAY() - timedelta(days=1)},
        {"members_least": 3, "members_most": 2},
        {"purposes": []},
    ],
)
def test_programme_that_makes_no_sense_is_refused(changes, consortium, atsugi, office):
    with in_consortium(consortium), pytest.raises(Refused):
        register.add(consortium, atsugi, office, one(**changes))


def exported(kind, consortium):
    prefectures = dict(Prefecture.objects.values_list("code", "name"))
    rows = [lists.cells(programme, prefectures) for programme in register.programmes()]
    file = BytesIO()
    if kind == "xlsx":
        write_excel(file, lists.COLUMNS, rows)
    else:
        write_csv(file, lists.COLUMNS, rows, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "utf-8-sig", "cp932"])
def test_list_that_was_written_is_read_again_unchanged(kind, consortium, atsugi, office):
    with in_consortium(consortium):
        rows = [
            *programmes(TODAY()),
            one(name="見本：県", prefectures=["140007", "220001"], url="https://a.example/"),
        ]
        assert register.take(consortium, atsugi, office, rows) == (7, 0, 0)
        read = lists.read(exported(kind, consortium))
        assert read.problems == []
        assert {preview.state for preview in lists.preview(read.rows)} == {"same"}
        assert register.take(consortium, atsugi, office, read.rows) == (0, 0, 7)


def test_problems_of_a_list_are_all_told_and_nothing_is_taken(consortium):
    text = (
        "名称,実施主体,目的,補助率,締切,自治体数の下限,自治体数の上限,URL\n"
        "甲,県,AI・データ活用,1/2,令和8年12月1日,,,\n"
        ",県,AI・データ活用,1/2,,,,\n"
        "乙,県,宇宙開発,半分,2月30日,,,\n"
        "甲,県,防災,1/2,,,,\n"
        "丙,県,防災,1/2,,,,javascript:x\n"
    )
    with in_consortium(consortium):
        read = lists.read(text.encode())
    found = {(problem.row, problem.column, problem.code) for problem in read.problems}
    assert found == {
        (3, "名称", "missing"),
        (4, "目的", "not_a_choice"),
        (4, "補助率", "not_a_rate"),
        (4, "締切", "not_a_date"),
        (5, "名称", "twice"),
        (6, "URL", "not_a_url"),
    }
    assert read.rows == ()
    with in_consortium(consortium):
        turned = lists.read(
            b"\xef\xbb\xbf" + text.splitlines()[0].encode() + "\n甲,県,防災,1/2,,3,2,\n".encode()
        )
    assert [(problem.row, problem.code) for problem in turned.problems] == [(2, "no_sense")]


def test_list_changes_what_is_known_and_removes_nothing(consortium, atsugi, office):
    with in_consortium(consortium):
        register.take(consortium, atsugi, office, programmes(TODAY()))
        rows = [one(ceiling=1), one(name="見本：新しい")]
        assert [preview.state for preview in lists.preview(rows)] == ["changed", "new"]
        assert register.take(consortium, atsugi, office, rows) == (1, 1, 0)
        assert FundingProgramme.objects.count() == 7
        with pytest.raises(Refused, match="見本：共同DX推進補助金"):
            register.take(consortium, atsugi, office, [one(name="見本：先"), one(rate="9/1")])
        assert FundingProgramme.objects.count() == 7


def test_towns_are_told_by_statistics_name_and_their_own_word(consortium, atsugi):
    with in_consortium(consortium):
        register.say_standing(consortium, atsugi, a_person(Role.CLERK, atsugi), [Flag.SNOW])
        found = matching.applicants(towns_of(consortium))
    assert [(town.kind, town.population, town.flags) for town in found] == [
        ("city", 223_705, frozenset({"snow"})),
        ("city", 136_845, frozenset()),
        ("city", 474_592, frozenset()),
    ]


def test_what_fits_is_told_with_reasons_kept_and_recorded(consortium, atsugi, office):
    clerk = a_person(Role.CLERK, atsugi)
    _, yaizu, kurashiki = towns_of(consortium)
    with in_consortium(consortium):
        register.take(consortium, atsugi, office, programmes(TODAY()))
        alone = matching.check(consortium, atsugi, clerk, plan())
        names = {result.name: result for result in shown(alone)}
        assert [result.name for result in shown(alone) if result.fits] == ["見本：職員のデジタル研修助成"]
        assert names["見本：共同DX推進補助金"].unmet == ["共同で申請する自治体: 2団体以上（この計画は1団体）"]
        together = matching.check(consortium, atsugi, clerk, plan(towns=[yaizu, kurashiki]))
        first = shown(together)[0]
    assert (first.name, first.granted, first.own) == ("見本：共同DX推進補助金", 750_000, 750_500)
    assert first.amount == "対象経費1,500,500円 × 補助率1/2"
    small = next(result for result in shown_in(consortium, together) if "小さな" in result.name)
    assert small.unmet == ["人口: 50,000人以下。合わない自治体: 厚木市、焼津市、倉敷市"]
    with in_municipality(atsugi):
        body = json.loads(
            LedgerEntry.objects.get(kind=ledger.RESULT, subject=f"funding_check:{together.pk}").body
        )
    assert body["system"] == matching.MATCH
    assert body["outputs"]["fits"][str(first.programme)] == 750_000
    assert body["explanation"] == "6件の制度を調べ、2件が条件に合う。"
    with in_consortium(consortium):
        register.change(FundingProgramme.objects.get(name=first.name), atsugi, office, one(rate="1/3"))
        assert shown(FundingCheck.objects.get(pk=together.pk))[0].granted == 750_000


def shown_in(consortium, check):
    with in_consortium(consortium):
        return shown(check)


def test_check_needs_a_purpose_costs_towns_and_an_approved_system(consortium, atsugi):
    clerk = a_person(Role.CLERK, atsugi)
    with in_consortium(consortium):
        for name, value in (("purposes", []), ("costs", {Cost.SETUP: 0})):
            with pytest.raises(Refused):
                matching.check(consortium, atsugi, clerk, plan(**{name: value}))
        with pytest.raises(PermissionDenied):
            matching.check(consortium, atsugi, a_person(Role.AUDITOR, atsugi), plan())
        with in_municipality(atsugi):
            RegisteredSystem.objects.filter(key=matching.MATCH).update(state=RegisteredSystem.State.SUSPENDED)
        with pytest.raises(NotApproved):
            matching.check(consortium, atsugi, clerk, plan())
        assert not FundingCheck.objects.exists()


def test_manager_decides_with_a_reason_and_is_reminded_of_the_deadline(consortium, atsugi, office):
    clerk, manager = a_person(Role.CLERK, atsugi), a_person(Role.MANAGER, atsugi)
    with in_consortium(consortium):
        register.take(consortium, atsugi, office, programmes(TODAY()))
        made = matching.check(consortium, atsugi, clerk, plan())
        training = FundingProgramme.objects.get(name="見本：職員のデジタル研修助成")
        for person in (clerk, office):
            with pytest.raises(PermissionDenied):
                matching.choose(made, atsugi, person, training, "よい")
        with pytest.raises(Refused, match="理由"):
            matching.choose(made, atsugi, manager, training, " ")
        later = register.add(consortium, atsugi, office, one(name="見本：後から"))
        with pytest.raises(Refused, match="調べていない"):
            matching.choose(made, atsugi, manager, later, "よい")
        matching.choose(made, atsugi, manager, training, "研修だけ先に行う")
    with in_municipality(atsugi):
        told = {str(line.label): line.count for line in waiting(atsugi, manager)}
        assert told["締切が30日以内の、申請すると決めた制度"] == 1
        body = json.loads(LedgerEntry.objects.order_by("-index")[0].body)
    assert (body["outputs"]["action"], body["outputs"]["fitted"]) == ("choose", True)
    with in_consortium(consortium):
        matching.choose(made, atsugi, manager, None, "自前で行う")
        assert FundingCheck.objects.get().chosen is None


def test_check_is_its_own_towns_and_the_offices(consortium, atsugi, office):
    clerk = a_person(Role.CLERK, atsugi)
    yaizu = towns_of(consortium)[1]
    with in_consortium(consortium):
        made = matching.check(consortium, atsugi, clerk, plan(towns=[yaizu]))
        assert list(matching.checks(atsugi, clerk)) == [made]
        assert list(matching.checks(yaizu, office)) == [made]
        assert list(matching.checks(yaizu, a_person(Role.MANAGER, yaizu))) == []
