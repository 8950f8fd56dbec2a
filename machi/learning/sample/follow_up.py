"""Follow-up: plans, check-ins and monthly figures: the sample consortium's, and a generated one's.

The sample needs a course that has been over for a while, so a cohort of its own is made, in the past. Monthly
figures of the sample are made up; a month that is stored is never counted again.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from machi.base.domain.towns import members
from machi.base.models import Consortium
from machi.learning.engine.check_in import DAYS
from machi.learning.engine.effect import next_month
from machi.learning.engine.real_use import SMALLEST
from machi.learning.models import CheckIn, Cohort, CourseVersion, Enrolment, MonthlyUse, PracticePlan
from machi.learning.sample.courses import enrol_generated, learn_generated

LASTS = timedelta(days=60)
ENDED = timedelta(days=100)
"""Ago: the 90-day check-in has just come."""
MONTHS = 18
LEARNERS_A_TOWN = 8
"""Of the sample: few, and enough for counts to be shown. The first has made no plan yet."""
Outcome = CheckIn.Outcome
_PLANS = (
    (
        "会議の要点を、AIの要約と自分のメモで比べながら3回まとめる。",
        "毎週の課内会議の記録",
        "まとめにかかった時間を毎回書きとめ、前の月と比べる。",
    ),
    (
        "住民向けのお知らせを、やさしい日本語に直す下書きをAIに作らせ、2人で読み直す。",
        "ごみ収集日の変更のお知らせ",
        "窓口への問い合わせの数を、去年の同じお知らせと比べる。",
    ),
    (
        "よくある質問の答えを、出典の資料と1つずつ照らし合わせて5件直す。",
        "窓口の問い合わせ対応",
        "直した5件に出典が付いているかを、係長が確かめる。",
    ),
    (
        "議会の答弁の資料から、同じ質問が過去にあったかをAIで探す。",
        "議会の答弁資料の下調べ",
        "探した時間と、見つかった件数を書きとめる。",
    ),
    (
        "AIに渡してよい文書かどうかを、課の全員で10件判断してみる。",
        "課内の勉強会",
        "判断が分かれた文書の数を数え、理由を話し合う。",
    ),
)
_HELPED = (
    "演習で使った指示文をそのまま使えた。",
    "係の人が一緒に試してくれた。",
    "出典が出るので確かめやすかった。",
)
_HINDERED = (
    "繁忙期で時間が取れなかった。",
    "使ってよい文書かどうかの判断に時間がかかった。",
    "結果を直す手間が思ったより大きかった。",
)


@transaction.atomic
def load(consortium: Consortium) -> None:
    """Safe to call again: what people have changed since stays."""
    if PracticePlan.objects.exists() or MonthlyUse.objects.exists():
        return
    chance = random.Random(1)  # noqa: S311  (no secret hangs on it)
    cohort = _past_cohort(consortium, "前回 AI研修（見本）")
    if cohort is None:
        return
    towns = list(members(consortium))
    # The last town had nobody in it: the page of effects has two starts to tell apart.
    places = enrol_generated(cohort, towns[:-1] or towns, chance, LEARNERS_A_TOWN)
    _through(cohort, places, chance)
    follow_generated(places, [0.0, *[1.0] * (len(places) - 1)], chance, cohort.ends_on + timedelta(days=2))
    _months(consortium, chance)


@transaction.atomic
def generate(consortium: Consortium, seed: int) -> None:
    """For a generated consortium of any size. Safe to call again."""
    if PracticePlan.objects.exists() or MonthlyUse.objects.exists():
        return
    chance = random.Random(seed)  # noqa: S311  (no secret hangs on it)
    cohort = _past_cohort(consortium, "前回 AI研修（生成）")
    if cohort is None:
        return
    learners = Enrolment.objects.exclude(cohort=cohort).select_related("person", "municipality__prefecture")
    places = [
        Enrolment(
            consortium=consortium,
            cohort=cohort,
            municipality=one.municipality,
            person=one.person,
        )
        for one in learners.order_by("pk")
        if int(one.municipality_id) % 3  # two towns of three were in the earlier one
    ]
    Enrolment.objects.bulk_create(places, batch_size=500)
    _through(cohort, places, chance)
    follow_generated(places, [chance.random() for _ in places], chance, cohort.ends_on + timedelta(days=2))
    _months(consortium, chance)


def follow_generated(
    places: Sequence[Enrolment], keen: Sequence[float], chance: random.Random, made_on: date
) -> list[PracticePlan]:
    """A plan for whoever is ``keen`` enough (0.3 of 1), and both check-ins for most, as many days later."""
    today = timezone.localdate()
    plans = []
    for place, wish in zip(places, keen, strict=True):
        if wish < 0.3:
            continue
        will, work, see = chance.choice(_PLANS)
        plans.append(
            PracticePlan(
                consortium=place.consortium,
                enrolment=place,
                will=will,
                work=work,
                see=see,
                system=chance.choice(("frontdesk.drafts", "", "")),
                shared=chance.random() < 0.4,
                made_on=made_on,
            )
        )
    PracticePlan.objects.bulk_create(plans, batch_size=500)
    CheckIn.objects.bulk_create(
        (
            _check_in(plan, days, chance)
            for plan in plans
            for days in DAYS
            if made_on + timedelta(days=days) <= today and chance.random() < 0.85
        ),
        batch_size=500,
    )
    return plans


def _check_in(plan: PracticePlan, days: int, chance: random.Random) -> CheckIn:
    weights = (3, 4, 3, 1) if days == DAYS[0] else (5, 3, 1, 1)
    outcome = chance.choices(list(Outcome), weights)[0]
    worked = outcome in (Outcome.DONE, Outcome.PARTLY)
    return CheckIn(
        consortium=plan.consortium,
        plan=plan,
        days=days,
        outcome=outcome,
        reason=chance.choice(_HINDERED) if outcome == Outcome.GIVEN_UP else None,
        hours=Decimal(chance.randrange(0, 13)) / 2 if worked else Decimal(0),
        helped=chance.choice(_HELPED) if worked else None,
        hindered=chance.choice(_HINDERED) if not worked or chance.random() < 0.4 else None,
        at=_noon(plan.made_on + timedelta(days=days)),
    )


def _through(cohort: Cohort, places: list[Enrolment], chance: random.Random) -> None:
    """All of them completed the course while it ran."""
    Enrolment.objects.filter(pk__in=[one.pk for one in places]).update(
        enrolled_at=_noon(cohort.starts_on - timedelta(days=7))
    )
    span = (_noon(cohort.starts_on), _noon(cohort.ends_on))
    learn_generated(cohort, places, [1.0] * len(places), chance, span)


def _past_cohort(consortium: Consortium, title: str) -> Cohort | None:
    version = CourseVersion.objects.filter(state=CourseVersion.State.PUBLISHED).order_by("pk").first()
    if version is None:
        return None
    ended = timezone.localdate() - ENDED
    with override("ja"):
        return Cohort.objects.create(
            consortium=consortium,
            version=version,
            title=title,
            state=Cohort.State.ENDED,
            starts_on=ended - LASTS,
            ends_on=ended,
        )


def _months(consortium: Consortium, chance: random.Random) -> None:
    """Made-up figures: use grows everywhere, with or without a course."""
    end = timezone.localdate().replace(day=1)
    start = (end - timedelta(days=30 * MONTHS)).replace(day=1)
    rows = []
    for town in members(consortium):
        size = chance.uniform(3, 30)
        month, at = start, 0
        while month < end:
            users = round(size * (0.5 + 0.05 * at) * chance.uniform(0.8, 1.2))
            results = round(users * chance.uniform(6, 11))
            few = 0 < users < SMALLEST
            agreed = round(results * 0.2)
            rows.append(
                MonthlyUse(
                    consortium=consortium,
                    municipality=town,
                    month=month,
                    users=None if few else users,
                    results=None if few else results,
                    agreed=None if few else agreed,
                    overruled=None if few else round(agreed * chance.uniform(0.05, 0.3)),
                )
            )
            month, at = next_month(month), at + 1
    MonthlyUse.objects.bulk_create(rows, batch_size=500)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
