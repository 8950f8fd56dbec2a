"""Programmes and subsidies, and cost-and-benefit sheets: the sample consortium's, and a generated one's.

Every programme is made up and named a sample (見本): none is an official programme of anybody.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Role
from machi.base.running import why_not
from machi.joint.domain import funding_benefits as benefits
from machi.joint.domain import funding_matching as matching
from machi.joint.domain import funding_register as register
from machi.joint.engine.half_years import half_year_of
from machi.joint.models import (
    BenefitLine,
    BenefitSheet,
    Cost,
    Flag,
    FundingCheck,
    FundingProgramme,
    JointProject,
    Purpose,
    TownKind,
    TownStanding,
)
from machi.joint.sample.monitoring import office_of, person_of

ATSUGI = "142123"
Kind = BenefitLine.Kind
LINES = (
    ("初期設定と文書の登録", Kind.ONE_OFF, 4_000_000, 5_000_000, 7_500_000),
    ("毎年の利用料", Kind.RUNNING, 6_000_000, 6_600_000, 8_000_000),
    ("いまの問い合わせ対応", Kind.HOURS_BEFORE, 9_500, 10_800, 12_000),
    ("導入後の問い合わせ対応", Kind.HOURS_AFTER, 6_200, 7_400, 9_600),
    ("研修と準備", Kind.HOURS_TO_SET_UP, 300, 420, 600),
    ("紙の案内の印刷", Kind.OTHER_SAVING, 200_000, 350_000, 500_000),
)
FACTS = (5_200_000, 6_600_000, 10_900, 8_300, 510, 180_000)


def load(consortium: Consortium) -> None:
    """Fills the sample consortium (three towns); safe to call again."""
    office, towns = office_of(consortium), {town.code: town for town in members(consortium)}
    atsugi = towns.get(ATSUGI)
    if office is None or atsugi is None:
        return
    if not FundingProgramme.objects.exists():
        register.take(consortium, atsugi, office, programmes(timezone.localdate()))
    if not TownStanding.objects.exists():
        register.say_standing(consortium, atsugi, person_of(atsugi, Role.MANAGER), ())
    if why_not(atsugi, matching.MATCH) is None and not FundingCheck.objects.exists():
        _check(consortium, atsugi, list(towns.values()))
    if why_not(atsugi, "joint.cost_benefit") is None and not BenefitSheet.objects.exists():
        _sheet(consortium, atsugi)


def generate(consortium: Consortium, seed: int) -> None:
    """Programmes, and standings of some towns; the same for the same ``seed``; safe to call again."""
    office, towns = office_of(consortium), list(members(consortium))
    if office is None or not towns or FundingProgramme.objects.exists():
        return
    rng, today = random.Random(seed), timezone.localdate()  # noqa: S311
    rows = programmes(today)
    for number in range(1, 41):
        one = {**rng.choice(rows)}
        one["name"] = f"見本：生成した制度{number}"
        one["deadline"] = today + timedelta(days=rng.randint(-30, 200))
        one["opens"] = one["deadline"] - timedelta(days=90)
        one["rate"] = rng.choice(("1/2", "2/3", "3/4", "1/3"))
        one["ceiling"] = rng.randrange(1, 40) * 1_000_000
        rows.append(one)
    register.take(consortium, towns[0], office, rows)
    TownStanding.objects.bulk_create(
        TownStanding(
            consortium=consortium,
            town=town,
            flags=sorted(flag.value for flag in Flag if rng.random() < 0.15),
        )
        for town in towns
    )


def programmes(today: date) -> list[dict[str, Any]]:
    """Six that differ in every condition, with dates around ``today``."""
    empty: dict[str, Any] = {
        "who": "",
        "ceiling": None,
        "floor": 0,
        "unit": 1000,
        "opens": today - timedelta(days=30),
        "deadline": today + timedelta(days=75),
        "kinds": [],
        "prefectures": [],
        "population_least": None,
        "population_most": None,
        "members_least": None,
        "members_most": None,
        "flags": [],
        "costs": [],
        "documents": "交付申請書\n事業計画書\n収支予算書",
        "url": "",
        "note": "見本です。実在の制度ではありません。",
    }

    def one(name: str, purposes: list[str], rate: str, **more: Any) -> dict[str, Any]:
        return {
            **empty,
            "name": f"見本：{name}",
            "giver": "見本の財団",
            "purposes": purposes,
            "rate": rate,
            **more,
        }

    return [
        one(
            "共同DX推進補助金",
            [Purpose.DX, Purpose.AI, Purpose.WIDE_AREA],
            "1/2",
            ceiling=30_000_000,
            members_least=2,
            costs=[Cost.SETUP, Cost.LICENCE, Cost.TRAINING],
            who="2つ以上の自治体が共同で行う事業。",
            documents="交付申請書\n共同実施の協定書の写し\n事業計画書\n収支予算書",
        ),
        one(
            "小さな自治体のAI導入支援",
            [Purpose.AI],
            "2/3",
            ceiling=5_000_000,
            population_most=50_000,
            who="人口5万人以下の市町村。",
        ),
        one(
            "過疎地域デジタル活用助成",
            [Purpose.DX, Purpose.WELFARE],
            "3/4",
            ceiling=10_000_000,
            flags=[Flag.DEPOPULATED],
            kinds=[TownKind.CITY, TownKind.TOWN, TownKind.VILLAGE],
        ),
        one(
            "職員のデジタル研修助成",
            [Purpose.PEOPLE, Purpose.AI],
            "1/1",
            ceiling=1_000_000,
            costs=[Cost.TRAINING],
            deadline=today + timedelta(days=20),
        ),
        one(
            "防災備蓄の広域連携助成",
            [Purpose.DISASTER, Purpose.WIDE_AREA],
            "1/2",
            floor=500_000,
            members_least=2,
            members_most=10,
            costs=[Cost.DEVICES, Cost.COMMISSION],
        ),
        one(
            "広域観光の情報発信助成",
            [Purpose.TOURISM],
            "1/3",
            ceiling=8_000_000,
            opens=today + timedelta(days=40),
            deadline=today + timedelta(days=120),
        ),
    ]


def _check(consortium: Consortium, atsugi: Municipality, towns: list[Municipality]) -> None:
    clerk = person_of(atsugi, Role.CLERK)
    project = JointProject.objects.filter(lead=atsugi).order_by("pk").first()
    made = matching.check(
        consortium,
        atsugi,
        clerk,
        {
            "title": "窓口AIの共同利用 次年度分（見本）",
            "project": project,
            "towns": towns,
            "purposes": [Purpose.AI, Purpose.DX],
            "costs": {Cost.SETUP: 8_000_000, Cost.LICENCE: 6_600_000, Cost.TRAINING: 900_000},
        },
    )
    chosen = FundingProgramme.objects.get(name="見本：共同DX推進補助金")
    reason = "3市で申請でき、補助額がいちばん大きい。研修だけの助成とは重ねて申請できないため。"
    matching.choose(made, atsugi, person_of(atsugi, Role.MANAGER), chosen, reason)


def _sheet(consortium: Consortium, atsugi: Municipality) -> None:
    """Fixed for last year, with that year's facts."""
    clerk = person_of(atsugi, Role.CLERK)
    year = half_year_of(timezone.localdate()).year - 1
    sheet = benefits.begin(
        consortium,
        atsugi,
        clerk,
        {
            "title": "窓口AIの共同利用（見本）",
            "purpose": "導入しない場合と、3市で共同利用する場合を、厚木市の分について比べる。",
            "project": JointProject.objects.filter(lead=atsugi).order_by("pk").first(),
            "people": matching.population_of(ATSUGI),
            "years": 5,
            "first_year": year,
            "wage_low": 2_800,
            "wage_likely": 3_200,
            "wage_high": 3_800,
            "discount": Decimal(0),
        },
    )
    names = ("label", "kind", "low", "likely", "high")
    benefits.set_lines(sheet, atsugi, clerk, [dict(zip(names, line, strict=True)) for line in LINES])
    benefits.fix(sheet, atsugi, clerk)
    facts = dict(zip(sheet.lines.values_list("pk", flat=True), FACTS, strict=True))
    benefits.tell_facts(sheet, atsugi, clerk, year, facts)
