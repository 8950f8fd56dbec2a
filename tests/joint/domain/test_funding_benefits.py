"""Cost-and-benefit sheets: the plan, what comes of it, the facts beside it."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import funding_benefits as verbs
from machi.joint.domain.funding_computing import BENEFIT, compared, in_words, outlook, rough
from machi.joint.engine.cost_benefit import Deviation
from machi.joint.models import BenefitSheet
from tests.joint.projects import a_project

pytestmark = pytest.mark.django_db
SURE = (
    ("導入", "one_off", 6_000_000),
    ("利用料", "running", 1_000_000),
    ("前", "hours_before", 3000),
    ("後", "hours_after", 2000),
    ("研修", "hours_to_set_up", 100),
    ("用紙", "other_saving", 500_000),
)
LINES = [{"label": label, "kind": kind, "low": v, "likely": v, "high": v} for label, kind, v in SURE]


@pytest.fixture
def work():
    return a_project()


def base(**changes):
    return {
        "title": "議事録AI",
        "purpose": "",
        "project": None,
        "people": 10_000,
        "years": 5,
        "first_year": 2026,
        "wage_low": 3000,
        "wage_likely": 3000,
        "wage_high": 3000,
        "discount": Decimal(0),
        **changes,
    }


def a_sheet(work, *, lines=None, fix=False, **changes):
    clerk = work.person(work.lead, Role.CLERK)
    with in_consortium(work.consortium):
        sheet = verbs.begin(work.consortium, work.lead, clerk, base(**changes))
        sheet = verbs.set_lines(sheet, work.lead, clerk, lines or LINES)
        if fix:
            verbs.fix(sheet, work.lead, clerk)
        return BenefitSheet.objects.get(pk=sheet.pk)


def test_sheet_of_sure_figures_is_the_engines_arithmetic_and_recorded(work):
    sheet = a_sheet(work)
    assert sheet.result["net"] == dict.fromkeys(("p5", "p50", "p95", "worst", "best"), 6200000)
    assert sheet.result["break_even"]["p50"] == 2.52
    with in_municipality(work.lead):
        body = json.loads(LedgerEntry.objects.get(kind=ledger.RESULT).body)
    assert (body["system"], body["outputs"]["net"]["p50"]) == (BENEFIT, 6_200_000)
    assert body["explanation"] == in_words(sheet.result, 5)
    with in_municipality(work.partner):
        assert not LedgerEntry.objects.filter(kind=ledger.RESULT).exists()


def test_what_never_pays_back_is_said_so(work):
    lines = [*LINES[:1], {**LINES[1], "low": 9_000_000, "likely": 9_000_000, "high": 9_000_000}, *LINES[2:]]
    sheet = a_sheet(work, lines=lines)
    assert sheet.result["break_even"]["p5"] is None
    assert "元は取れない見込み。5年以内に元が取れる見込みは0%。" in in_words(sheet.result, 5)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (14_862_639, "14,900,000"),
        (-1_580_955, "-1,580,000"),
        (999.6, "1,000"),
        (44.4, "44"),
        (0, "0"),
        (0.4, "0"),
    ],
)
def test_results_are_told_with_three_digits(value, shown):
    assert rough(value) == shown


def test_lines_must_differ_be_in_order_and_be_there(work):
    clerk = work.person(work.lead, Role.CLERK)
    with in_consortium(work.consortium):
        sheet = verbs.begin(work.consortium, work.lead, clerk, base())
        for lines in ([], [LINES[0], LINES[0]], [{**LINES[0], "low": 7_000_000}]):
            with pytest.raises(Refused):
                verbs.set_lines(sheet, work.lead, clerk, lines)
        with pytest.raises(Refused, match="先に"):
            verbs.fix(sheet, work.lead, clerk)
        with pytest.raises(Refused, match="職員1時間"):
            verbs.change(sheet, work.lead, clerk, base(wage_low=4000))


def test_change_of_the_base_computes_anew(work):
    sheet = a_sheet(work)
    with in_consortium(work.consortium):
        verbs.change(sheet, work.lead, work.person(work.lead, Role.CLERK), base(years=10))
        assert BenefitSheet.objects.get().result["net"]["p50"] == 18_700_000


def test_fixed_plan_stays_and_facts_are_compared_with_it(work):
    sheet = a_sheet(work, fix=True)
    clerk = work.person(work.lead, Role.CLERK)
    with in_consortium(work.consortium):
        for act in (
            lambda: verbs.set_lines(sheet, work.lead, clerk, LINES),
            lambda: verbs.change(sheet, work.lead, clerk, base()),
            lambda: verbs.fix(sheet, work.lead, clerk),
            lambda: verbs.tell_facts(sheet, work.lead, clerk, 2031, {}),
        ):
            with pytest.raises(Refused):
                act()
        assert outlook(sheet) is None
        keys = dict(sheet.lines.values_list("label", "pk"))
        verbs.tell_facts(sheet, work.lead, clerk, 2026, {keys["導入"]: 6_600_000, keys["後"]: 2500})
        verbs.tell_facts(sheet, work.lead, clerk, 2027, {keys["導入"]: 1, keys["後"]: 2300})
        years = compared(sheet)
        told = [
            (
                year.year,
                [(line.label, found.deviation, found.share) for line, found in year.lines if found.actual],
            )
            for year in years
        ]
        assert told == [
            (2026, [("導入", Deviation.ABOVE, pytest.approx(0.1)), ("後", Deviation.ABOVE, 0.25)]),
            (2027, [("後", Deviation.ABOVE, pytest.approx(0.15))]),
        ]
        now = outlook(sheet)
        assert now is not None
        assert (now.known, now.lines) == (2, 6)
        assert now.now["net"]["p50"] == 5 * (3000 * 600 + 500_000 - 1_000_000) - 6_900_000
        verbs.tell_facts(sheet, work.lead, clerk, 2027, {keys["後"]: None})
        assert [year.year for year in compared(sheet)] == [2026]


def test_sheet_is_its_own_towns_the_offices_and_once_fixed_the_projects(work):
    draft = a_sheet(work, project=work.project)

    def readers(sheet):
        people = [work.person(town) for town in (work.lead, work.partner, work.outside)]
        towns = (work.lead, work.partner, work.outside)
        with in_consortium(work.consortium):
            own = [
                verbs.sheets(town, person).filter(pk=sheet.pk).exists()
                for town, person in zip(towns, people, strict=True)
            ]
            return [*own, verbs.sheets(work.outside, work.office).filter(pk=sheet.pk).exists()]

    assert readers(draft) == [True, False, False, True]
    assert readers(a_sheet(work, title="別の", project=work.project, fix=True)) == [True, True, False, True]
    assert readers(a_sheet(work, title="町だけの", fix=True)) == [True, False, False, True]
    with in_consortium(work.consortium):
        for town, person in ((work.partner, work.person(work.partner)), (work.partner, work.office)):
            with pytest.raises(PermissionDenied):
                verbs.change(draft, town, person, base())


def test_nothing_is_computed_where_the_system_is_stopped(work):
    clerk = work.person(work.lead, Role.CLERK)
    with in_municipality(work.lead):
        RegisteredSystem.objects.filter(key=BENEFIT).update(state=RegisteredSystem.State.SUSPENDED)
    with in_consortium(work.consortium):
        sheet = verbs.begin(work.consortium, work.lead, clerk, base())
        with pytest.raises(NotApproved):
            verbs.set_lines(sheet, work.lead, clerk, LINES)
        assert not sheet.lines.exists()
