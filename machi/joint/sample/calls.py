"""Calls for joint projects: the sample consortium's, and a generated one's."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.joint.domain import (
    calls,
    calls_decision,
    calls_evaluation,
    calls_proposals,
    calls_review,
    calls_screening,
)
from machi.joint.domain.calls_record import Acting
from machi.joint.domain.calls_words import for_towns, rule_names
from machi.joint.models import Area, Call, Proposal, ProposalMember, ProposalReview, ReviewMark
from machi.joint.sample.calls_ideas import IDEAS

MOST_PROPOSALS = 120
TOWNS_A_REVIEWER = 4
LEAST_REVIEWERS, MOST_REVIEWERS = 10, 60
"""At most five towns stand behind a proposal: enough people are left that are of none of them."""
State = Proposal.State


def load(consortium: Consortium) -> None:
    """One call announced, one under review, one open; safe to call again."""
    towns = {town.name: town for town in members(consortium)}
    office = _person(Role.JOINT_OFFICE, consortium=consortium)
    if office is None or len(towns) < 3 or Call.objects.exists():
        return
    atsugi, kurashiki, yaizu = (towns[name] for name in ("厚木市", "倉敷市", "焼津市"))
    by = Acting(atsugi, office)
    pairs = ((atsugi, yaizu), (kurashiki, atsugi), (yaizu, kurashiki))
    with transaction.atomic():
        first = _call(consortium, by, "令和8年度 広域連携モデル事業（第1回）", budget=45_000_000)
        _submitted(first, pairs, IDEAS[:3], (22_000_000, 18_000_000, 15_000_000))
        _reviewed(first, by, list(towns.values()), seed=8)
        _decided(first, by)
        second = _call(consortium, by, "令和8年度 広域連携モデル事業（第2回）", budget=40_000_000)
        _submitted(second, pairs, IDEAS[3:6], (24_000_000, 12_000_000, 17_000_000))
        _reviewed(second, by, list(towns.values()), seed=9)
        third = _call(consortium, by, "令和9年度 共同調達・専門人材の事業", budget=60_000_000, days=45)
        _submitted(third, pairs[1:2], IDEAS[6:7], (19_000_000,))
        writer = _acting(atsugi, Role.CLERK)
        draft = calls_proposals.begin(third, writer, "防災倉庫の共同備蓄", [yaizu])
        words = {"area": Area.DISASTER.value, "summary": "備蓄の品目と置き場所を分担し、期限切れを減らす。"}
        calls_proposals.write(draft, writer, words, draft.revision)


def generate(consortium: Consortium, seed: int) -> None:
    """A call of realistic size, reviewed and ready to be ranked, and one open; the same for the same ``seed``."""
    office = _person(Role.JOINT_OFFICE, consortium=consortium)
    towns = list(members(consortium))
    if office is None or len(towns) < 4 or Call.objects.exists():
        return
    drawn, by = random.Random(seed), Acting(towns[0], office)  # noqa: S311  (a sample)
    size = min(MOST_PROPOSALS, max(3, len(towns) // 2))
    with transaction.atomic():
        call = _call(
            consortium,
            by,
            "広域連携モデル事業（生成）",
            budget=size * 6_000_000,
            most_per_area=max(2, size // 5),
            least_score=2,
            reviewers_each=3 if len(towns) > LEAST_REVIEWERS else 1,
        )
        _bulk(call, towns, size, drawn)
        calls.close(call, by)
        for number, one in enumerate(call.proposals.order_by("number"), 1):
            met = [number % 11 != 0, True, True, True]
            calls_screening.screen(one, by, met, "" if all(met) else "構成自治体の同意書が1通足りない。")
        wanted = min(MOST_REVIEWERS, max(LEAST_REVIEWERS, len(towns) // TOWNS_A_REVIEWER))
        for town in drawn.sample(towns, min(len(towns), wanted)):
            areas = drawn.sample(Area.values, 3)
            _reviewer(call, by, _person(Role.AI_OFFICER, town=town), areas)
        _reviewer(call, by, office, Area.values)
        calls_review.assign(call, by)
        _mark(call, drawn)
        _call(consortium, by, "広域連携モデル事業 第2回（生成）", budget=size * 5_000_000, days=30)


def _call(
    consortium: Consortium, by: Acting, title: str, *, budget: int, days: int = 0, **changes: Any
) -> Call:
    today = timezone.localdate()
    call = calls.begin(
        consortium,
        by,
        {
            "title": title,
            "purpose": "一つの自治体では届かない課題に、いくつかの自治体が一緒に取り組む事業を応援します。"
            "成果は、ほかの自治体がまねできる形で公開します。",
            "areas": Area.values,
            "eligibility": "この共同体に参加する2つ以上の自治体",
            "requirements": calls.usual_requirements(),
            "least_members": 2,
            "opens_on": today,
            "closes_on": today + timedelta(days=days),
            "budget": budget,
            "ceiling": 30_000_000,
            "top": 5,
            "reviewers_each": 2,
            "method": Call.Method.ADDITIVE,
            "least_score": 0,
            "most_per_prefecture": None,
            "most_per_area": None,
            **changes,
        },
    )
    calls.publish(call, by)
    return Call.objects.get(pk=call.pk)


def _submitted(call: Call, pairs: Any, ideas: Any, amounts: Any) -> None:
    """Through the verbs: begun, written, signed by each town's head, handed in."""
    for (lead, other), idea, amount in zip(pairs, ideas, amounts, strict=True):
        head, partner = (_acting(town, Role.MANAGER) for town in (lead, other))
        draft = calls_proposals.begin(call, head, idea.title, [other])
        calls_proposals.write(draft, head, _words(idea, amount), draft.revision)
        calls_proposals.sign(draft, partner)
        calls_proposals.sign(draft, head)
        calls_proposals.submit(draft, head)


def _reviewed(call: Call, by: Acting, towns: list[Municipality], seed: int) -> None:
    calls.close(call, by)
    for one in call.proposals.all():
        calls_screening.screen(one, by, [True] * len(call.requirements), "")
    _reviewer(call, by, by.person, Area.values)
    for town in towns:
        _reviewer(call, by, _person(Role.AI_OFFICER, town=town), [Area.SHARED_IT, Area.DISASTER])
    calls_review.assign(call, by)
    _mark(call, random.Random(seed))  # noqa: S311


def _decided(call: Call, by: Acting) -> None:
    evaluation = calls_evaluation.evaluate(call, by)
    names = rule_names(evaluation)
    amounts = dict(call.proposals.values_list("pk", "amount"))
    rulings = {
        int(place["proposal"]): calls_decision.Ruling(
            bool(place["selected"]), for_towns(place, names), amount=amounts[place["proposal"]] or 0
        )
        for place in evaluation.places
    }
    calls_decision.decide(call, by, rulings, "いずれも、課題を数字で示した提案でした。")
    calls_decision.announce(call, by)


def _bulk(call: Call, towns: list[Municipality], size: int, drawn: random.Random) -> None:
    """Handed in, without an entry for each: the ledger of a sample need not hold what nobody did."""
    now, leads = timezone.now(), drawn.sample(towns, size)
    for number, lead in enumerate(leads, 1):
        idea = IDEAS[drawn.randrange(len(IDEAS))]
        words = _words(idea, drawn.randrange(3, 30) * 1_000_000)
        proposal = Proposal.objects.create(
            consortium=call.consortium,
            call=call,
            number=number,
            state=State.SUBMITTED,
            lead=lead,
            submitted_at=now,
            title=f"{idea.title}（{lead.name}ほか）",
            **words,
        )
        near = [town for town in towns if town != lead]
        parties = [lead, *drawn.sample(near, min(len(near), drawn.randrange(1, 5)))]
        ProposalMember.objects.bulk_create(
            ProposalMember(consortium=call.consortium, proposal=proposal, municipality=town, signed_at=now)
            for town in parties
        )


def _mark(call: Call, drawn: random.Random) -> None:
    """Marks as reviewers give them: a proposal's worth, a reviewer's severity, chance."""
    worth = {pk: drawn.gauss(3.2, 0.7) for pk in call.proposals.values_list("pk", flat=True)}
    severity = {pk: drawn.gauss(0, 0.5) for pk in call.reviewers.values_list("pk", flat=True)}
    criteria, now = list(call.criteria.all()), timezone.now()
    reviews = list(ProposalReview.objects.filter(reviewer__call=call))
    marks = []
    for review in reviews:
        review.done_at, review.comment = now, "目的がはっきりしている。進め方をもう少し詳しく。"
        for criterion in criteria:
            value = worth[review.proposal_id] + severity[review.reviewer_id] + drawn.gauss(0, 0.6)
            marks.append(
                ReviewMark(
                    consortium=call.consortium,
                    review=review,
                    criterion=criterion,
                    points=min(call.top, max(0, round(value))),
                )
            )
    ReviewMark.objects.bulk_create(marks)
    ProposalReview.objects.bulk_update(reviews, ["done_at", "comment"])


def _words(idea: Any, amount: int) -> dict[str, Any]:
    start = date(timezone.localdate().year + 1, 4, 1)
    return {
        "area": idea.area.value,
        "summary": idea.summary,
        "plan": idea.plan,
        "effects": idea.effects,
        "amount": amount,
        "starts_on": start,
        "ends_on": date(start.year + 2, 3, 31),
        "contact_name": "企画 花子",
        "contact_email": "kikaku@example.jp",
    }


def _reviewer(call: Call, by: Acting, person: Person | None, areas: Any) -> None:
    if person is not None:
        known = {"areas": [str(area) for area in areas], "towns": [], "organisations": "", "most": None}
        calls_review.name_reviewer(call, by, person, known)


def _acting(town: Municipality, role: Role) -> Acting:
    person = _person(role, town=town)
    assert person is not None
    return Acting(town, person)


def _person(
    role: Role, *, town: Municipality | None = None, consortium: Consortium | None = None
) -> Person | None:
    return (
        Person.objects.filter(
            appointments__role=role, appointments__municipality=town, appointments__consortium=consortium
        )
        .order_by("pk")
        .first()
    )
