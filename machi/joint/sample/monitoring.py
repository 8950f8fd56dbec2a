"""Joint projects under way: the sample consortium's, and a generated one's."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.joint.domain import monitoring_mentoring as mentoring
from machi.joint.domain import monitoring_plan as plan
from machi.joint.domain import monitoring_reports as reports
from machi.joint.domain import monitoring_sheets as sheets
from machi.joint.domain import projects
from machi.joint.engine.half_years import HalfYear, half_year_of, half_years
from machi.joint.engine.variance import planned
from machi.joint.models import (
    JointProject,
    KpiValue,
    ModelAdoption,
    ModelSheet,
    ProjectKpi,
    ProjectMilestone,
    ProjectReport,
)
from machi.joint.sample.monitoring_texts import (
    DESK,
    DESK_KPIS,
    DESK_REPORTS,
    DESK_SHEET,
    GENERATED,
    STORES,
    STORES_KPI,
    STORES_SHEET,
)

ATSUGI, KURASHIKI, YAIZU = "142123", "332020", "222127"
MOST_GENERATED = 40


def load(consortium: Consortium) -> None:
    """Fills the sample consortium (three towns); safe to call again."""
    office = office_of(consortium)
    towns = {town.code: town for town in members(consortium)}
    if office is None or not {ATSUGI, KURASHIKI, YAIZU} <= set(towns):
        return
    if not JointProject.objects.filter(title=DESK["title"]).exists():
        _desk(consortium, office, towns)
    if not JointProject.objects.filter(title=STORES["title"]).exists():
        _stores(consortium, office, towns)


def generate(consortium: Consortium, seed: int) -> None:
    """A project for about every four towns, half of its half-years reported; the same for the same ``seed``."""
    office, towns = office_of(consortium), list(members(consortium))
    if office is None or len(towns) < 2 or JointProject.objects.filter(title__startswith="生成 ").exists():
        return
    rng = random.Random(seed)  # noqa: S311
    for number in range(1, min(MOST_GENERATED, max(1, len(towns) // 4)) + 1):
        together = rng.sample(towns, min(len(towns), rng.randint(2, 8)))
        _generated(consortium, office, together, number, rng)


def office_of(consortium: Consortium) -> Person | None:
    return Person.objects.filter(
        appointments__role=Role.JOINT_OFFICE, appointments__consortium=consortium, is_active=True
    ).first()


def person_of(town: Municipality, role: Role) -> Person:
    return Person.objects.filter(
        appointments__role=role, appointments__municipality=town, is_active=True
    ).order_by("pk")[0]


def begun_before(halves: int) -> date:
    """The first day of the half-year that lies ``halves`` before this one."""
    half = half_year_of(timezone.localdate())
    back = half.year * 2 + (half.half - 1) - halves
    return HalfYear(back // 2, back % 2 + 1).starts


def _desk(consortium: Consortium, office: Person, towns: dict[str, Municipality]) -> None:
    """Under way: two half-years reported, but for one town that has not handed in the second."""
    lead, starts = towns[ATSUGI], begun_before(2)
    ends = date(starts.year + 2, starts.month, 1) - timedelta(days=1)
    project = projects.register(
        consortium,
        lead,
        office,
        {**DESK, "lead": lead, "starts_on": starts, "ends_on": ends},
        list(towns.values()),
    )
    manager = person_of(lead, Role.MANAGER)
    kpis = [
        plan.add_kpi(project, lead, manager, {**one, "baseline_on": starts, "target_on": ends})
        for one in DESK_KPIS
    ]
    days = (ends - starts).days
    for title, share, done in (
        ("3市でよくある質問をそろえる", 0.2, True),
        ("試用を始める", 0.45, True),
        ("本番に切り替える", 0.6, False),
        ("効果をまとめ、横展開モデルを公開する", 0.95, False),
    ):
        due = starts + timedelta(days=int(days * share))
        milestone = plan.add_milestone(project, lead, manager, {"title": title, "due_on": due, "note": ""})
        today = timezone.localdate()
        if done:
            on = min(due + timedelta(days=12), today)
            plan.reach_milestone(milestone, lead, manager, on=on, today=today)
    over = [one for one in half_years(starts, ends) if one.ends < timezone.localdate()]
    for at, half in enumerate(over):
        for code, figures in DESK_REPORTS.items():
            if code == YAIZU and at == len(over) - 1:
                continue  # the reminder has somebody to remind
            _report(project, towns[code], half, kpis, figures, at, confirmed_by=office if at == 0 else None)
    sheets.write(project, lead, person_of(lead, Role.CLERK), DESK_SHEET)
    yaizu, clerk = towns[YAIZU], person_of(towns[YAIZU], Role.CLERK)
    asked = mentoring.ask(
        project,
        yaizu,
        clerk,
        title="よくある質問の書き方の見本はありますか",
        question="担当課によって書き方がばらばらです。3市でそろえた見本があれば使いたいです。",
    )
    mentoring.answer(
        asked,
        lead,
        office,
        text="厚木市の30問を見本として共有しました。1つの質問に1つの答え、期限と窓口を最後に書く形です。",
        for_all=True,
    )
    mentoring.ask(
        project,
        towns[KURASHIKI],
        person_of(towns[KURASHIKI], Role.CLERK),
        title="指標の「対応時間」に電話の時間を入れますか",
        question="電話だけで終わった問い合わせの時間をどう数えるか、教えてください。",
    )
    visited = min(starts + timedelta(days=200), timezone.localdate())
    mentoring.note_visit(
        project,
        lead,
        office,
        {
            "town": yaizu,
            "visited_on": visited,
            "present": "焼津市デジタル戦略課 担当2名、共同事務局 1名（見本）",
            "seen": "窓口で職員が試用の画面を使っていた。質問の半分は手続きの場所と持ち物だった。",
            "agreed": "持ち物の一覧を、よくある質問に20問加える。",
            "follow_up_on": visited + timedelta(days=60),
            "followed_up": "",
        },
    )


def _stores(consortium: Consortium, office: Person, towns: dict[str, Municipality]) -> None:
    """Done, with a model sheet that a third town adopted."""
    lead, starts = towns[KURASHIKI], begun_before(3)
    ends = date(starts.year + 1, starts.month, 1) - timedelta(days=1)
    pair = [towns[KURASHIKI], towns[YAIZU]]
    project = projects.register(
        consortium, lead, office, {**STORES, "lead": lead, "starts_on": starts, "ends_on": ends}, pair
    )
    manager = person_of(lead, Role.MANAGER)
    kpi = plan.add_kpi(project, lead, manager, {**STORES_KPI, "baseline_on": starts, "target_on": ends})
    for at, half in enumerate(half_years(starts, ends)):
        for town, values in zip(pair, ((31, 24), (29, 22)), strict=True):
            figures = [
                (f"{town.name}の倉庫の在庫を、共通の一覧に入れた（見本）。", 900_000, (values[at],))
            ] * 2
            _report(project, town, half, [kpi], figures, at, confirmed_by=office)
    sheet = sheets.write(project, lead, manager, STORES_SHEET)
    sheets.publish(sheet, lead, office)
    long_ago = timezone.now() - timedelta(days=90)  # before it was adopted
    ModelSheet.objects.filter(pk=sheet.pk).update(changed_at=long_ago, published_at=long_ago)
    sheet.refresh_from_db()
    atsugi = towns[ATSUGI]
    adoption = sheets.adopt(
        sheet,
        atsugi,
        person_of(atsugi, Role.MANAGER),
        {
            "adopted_on": timezone.localdate() - timedelta(days=75),
            "plan": "一覧の様式はそのまま使い、倉庫は小学校区ごとに分ける。",
        },
    )
    sheets.tell_outcome(
        adoption,
        atsugi,
        person_of(atsugi, Role.MANAGER),
        state=ModelAdoption.State.PARTLY,
        outcome="期限切れの廃棄は減った。小学校区ごとの点検は、地域の人手が足りず半分だけ行えた。",
    )
    projects.end(
        project,
        lead,
        office,
        state=JointProject.State.DONE,
        reason="2市の在庫が1つの一覧になり、廃棄の目標に近づいたため。",
    )


def _report(
    project: JointProject,
    town: Municipality,
    half: HalfYear,
    kpis: Sequence[ProjectKpi],
    figures: Sequence[tuple[str, int, Sequence[float]]],
    at: int,
    *,
    confirmed_by: Person | None,
) -> None:
    did, spent, values = figures[min(at, len(figures) - 1)]
    manager = person_of(town, Role.MANAGER)
    texts = {"did": did, "problems": "", "ahead": "次の半期も続ける。", "spent": spent}
    given = {kpi.pk: Decimal(str(value)) for kpi, value in zip(kpis, values, strict=True)}
    report = reports.write(project, town, manager, half, texts, given)
    reports.submit(report, town, manager)
    if confirmed_by is not None:
        reports.confirm(ProjectReport.objects.get(pk=report.pk), town, confirmed_by)


def _generated(
    consortium: Consortium, office: Person, towns: list[Municipality], number: int, rng: random.Random
) -> None:
    """Registered by the office; what follows is written in bulk."""
    area, title, kpi_name, unit, baseline, target, how = rng.choice(GENERATED)
    starts = begun_before(rng.randint(1, 4))
    ends = date(starts.year + 2, starts.month, 1) - timedelta(days=1)
    lead, today = towns[0], timezone.localdate()
    given = {
        "title": f"生成 {number}: {title}",
        "area": area,
        "lead": lead,
        "amount": rng.randrange(4, 60) * 1_000_000,
        "starts_on": starts,
        "ends_on": ends,
    }
    project = projects.register(consortium, lead, office, given, towns)
    scale = len(towns) if how == ProjectKpi.Together.SUM else 1
    kpi = ProjectKpi.objects.create(
        consortium=consortium,
        project=project,
        name=kpi_name,
        unit=unit,
        rising=target > baseline,
        together=how,
        baseline=Decimal(baseline * scale),
        baseline_on=starts,
        target=Decimal(target * scale),
        target_on=ends,
    )
    ProjectMilestone.objects.bulk_create(
        ProjectMilestone(
            consortium=consortium,
            project=project,
            title=name,
            due_on=starts + timedelta(days=days),
            done_on=starts + timedelta(days=days) if starts + timedelta(days=days) < today else None,
        )
        for name, days in (("要件をそろえる", 120), ("試用を始める", 300), ("本番を始める", 480))
    )
    line, pace = plan.course(kpi), Decimal(str(rng.choice((0.6, 0.9, 1.0, 1.1, 1.3))))
    written, values = [], []
    for half in (one for one in half_years(starts, ends) if one.ends < today):
        fact = kpi.baseline + (planned(line, half.ends) - kpi.baseline) * pace
        for town in towns:
            if half.due >= today and rng.random() < 0.3:
                continue
            report = ProjectReport(
                consortium=consortium,
                project=project,
                town=town,
                half_year=str(half),
                state=ProjectReport.State.SUBMITTED if half.due >= today else ProjectReport.State.CONFIRMED,
                did="計画した作業を進めた（生成した文）。",
                spent=int(project.amount / len(towns) / 4 * rng.uniform(0.7, 1.2)),
                submitted_at=timezone.now(),
                submitted_by=person_of(town, Role.MANAGER),
            )
            written.append(report)
            values.append(
                KpiValue(consortium=consortium, report=report, kpi=kpi, value=round(fact / scale, 2))
            )
    ProjectReport.objects.bulk_create(written)
    KpiValue.objects.bulk_create(values)
    if number % 3 == 0:
        ModelSheet.objects.create(
            consortium=consortium, project=project, published_at=timezone.now(), **STORES_SHEET
        )
