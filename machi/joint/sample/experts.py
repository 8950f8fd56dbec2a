"""Shared staff and external experts: the sample consortium's, and a generated one's."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.joint.domain import experts, experts_postings, experts_registration, experts_wishes
from machi.joint.domain.experts_words import SKILLS
from machi.joint.engine.matching_fit import Skill
from machi.joint.models import Expert, ExpertRound, ExpertScreening, ExpertWish, Posting
from machi.joint.models.experts import new_token
from machi.joint.sample.experts_words import FAMILY, GIVEN, PAST, WORK

TITLE = "2027年度 デジタル専門家の募集"
MOST_RANKING = 100
FIRST, LAST = date(2027, 4, 1), date(2028, 3, 31)
_REASONS = {
    "documents": "応募の要件を満たす。",
    "evidence": "公開されている成果と資格を確かめた。",
    "conflicts": "申し出のほかに利害関係はない。",
    "interview": "面談で、仕事の進め方と守秘について確かめた。",
}


def load(consortium: Consortium) -> None:
    """Fills the sample consortium (three towns); safe to call again."""
    if ExpertRound.objects.exists():
        return
    towns = list(members(consortium))
    office = _of(Role.JOINT_OFFICE, consortium=consortium)
    people = {town.pk: (_of(Role.CLERK, town), _of(Role.MANAGER, town)) for town in towns}
    if office is None or any(None in pair for pair in people.values()):
        return
    begun = _begin(consortium, towns[0], office)
    draw = random.Random(7)  # noqa: S311  (no secret)
    for town in towns:
        clerk, manager = people[town.pk]
        assert clerk is not None
        assert manager is not None
        with in_municipality(town):
            for number in range(2):
                posting = experts_postings.post(begun, town, clerk, _need(draw, number))
                experts_postings.publish(posting, manager)
    with in_municipality(towns[0]):
        for number in range(8):
            expert = experts_registration.register(
                begun, towns[number % 3], _profile(draw, number, towns[number % 3])
            )
            if number < 7:
                _screen(expert, towns[0], office)
    with in_municipality(towns[1]):
        staff = experts_registration.register(
            begun, towns[1], _profile(draw, 8, towns[1]), town=towns[1], person=people[towns[1].pk][0]
        )
        _screen(staff, towns[0], office)


def generate(consortium: Consortium, seed: int) -> None:
    """Fills a generated consortium of any size, the same for the same ``seed``; safe to call again.

    Postings and registrations are written in bulk, as an import of a running round would leave them; the round and its
    ranking go through the verbs, so that the ledger has them. About three experts for two postings, nine towns of
    ten post, half of everybody has given a list.
    """
    if ExpertRound.objects.exists():
        return
    towns = list(members(consortium))
    draw = random.Random(seed)  # noqa: S311  (no secret)
    office = _of(Role.JOINT_OFFICE, consortium=consortium)
    clerk = _of(Role.CLERK, towns[0])
    if office is None or clerk is None:
        return
    begun = _begin(consortium, towns[0], office)
    Posting.objects.bulk_create(_postings(begun, towns, clerk, draw))
    size = max(6, len(towns) * 3 // 2)
    made = Expert.objects.bulk_create(_expert(begun, towns, draw, number) for number in range(1, size + 1))
    conflict = Expert.conflicts.through
    conflict.objects.bulk_create(
        conflict(expert_id=expert.pk, municipality_id=draw.choice(towns).pk)
        for expert in made
        if draw.random() < 0.2
    )
    ExpertScreening.objects.bulk_create(
        ExpertScreening(
            consortium=consortium, expert=expert, step=step, passed=True, reason=reason, by=office
        )
        for expert in made
        for step, reason in _REASONS.items()
    )
    experts.start_ranking(begun, towns[0], office)
    _wish(begun, draw)


def _begin(consortium: Consortium, town: Municipality, office: Person) -> ExpertRound:
    today = timezone.localdate()
    return experts.begin(
        consortium,
        town,
        office,
        title=TITLE,
        note="自治体のデジタル化を一緒に進めてくださる方を募ります。リモートでも、月に数時間からでも。",
        register_by=today + timedelta(days=30),
        rank_by=today + timedelta(days=60),
    )


def _of(
    role: Role, town: Municipality | None = None, *, consortium: Consortium | None = None
) -> Person | None:
    return Person.objects.filter(
        appointments__role=role, appointments__municipality=town, appointments__consortium=consortium
    ).first()


def _need(draw: random.Random, number: int) -> dict[str, Any]:
    skill = list(Skill)[(number * 3 + draw.randrange(6)) % 6]
    title, work = WORK[skill]
    asked = {skill.value: draw.choice((2, 3))}
    if draw.random() < 0.5:
        asked.setdefault(draw.choice(list(Skill)).value, draw.choice((1, 2)))
    hours = draw.choice((8, 16, 24, 32, 40))
    places = draw.choice((1, 1, 1, 2))
    return {
        "title": title,
        "work": work,
        "skills": asked,
        "hours": hours,
        "on_site": draw.choice((0, 0, 0, 1, 2)),
        "first": FIRST,
        "last": draw.choice((LAST, date(2027, 9, 30))),
        "budget": hours * draw.choice((5_000, 7_000, 9_000)) * places,
        "places": places,
    }


def _profile(draw: random.Random, number: int, town: Municipality) -> dict[str, Any]:
    best = list(Skill)[number % 6]
    skills = {best.value: draw.choice((2, 3, 3))}
    for skill in draw.sample(list(Skill), 2):
        skills.setdefault(skill.value, draw.choice((1, 2)))
    on_site = draw.choice((0, 1, 2, 4))
    return {
        "name": f"{FAMILY[number % len(FAMILY)]} {GIVEN[(number // len(FAMILY) + number) % len(GIVEN)]}",
        "email": f"expert{number}@expert.example",
        "telephone": f"090-0000-{number % 10_000:04}",
        "employer": "",
        "evidence": f"https://expert.example/{number}",
        "conflict_note": "",
        "summary": PAST[best].format(years=draw.randint(3, 20), skill=SKILLS[best]),
        "skills": skills,
        "hours": draw.choice((16, 24, 40, 60, 80)),
        "on_site": on_site,
        "home": town,
        "travels": draw.choice((50, 100, 200, 500)) if on_site else 0,
        "first": FIRST,
        "last": LAST,
        "fee": draw.choice((4_000, 5_000, 6_000, 8_000)),
        "quota": draw.choice((1, 1, 2, 3)),
    }


def _screen(expert: Expert, town: Municipality, office: Person) -> None:
    for step, reason in _REASONS.items():
        experts_registration.screen(expert, town, office, step=step, passed=True, reason=reason)


def _postings(
    begun: ExpertRound, towns: Sequence[Municipality], clerk: Person, draw: random.Random
) -> list[Posting]:
    return [
        Posting(
            consortium=begun.consortium,
            round=begun,
            town=town,
            created_by=clerk,
            state=Posting.State.PUBLISHED,
            **_need(draw, number),
        )
        for number, town in enumerate(towns)
        if not number or draw.random() < 0.9
    ]


def _expert(begun: ExpertRound, towns: Sequence[Municipality], draw: random.Random, number: int) -> Expert:
    home = draw.choice(towns)
    shared = draw.random() < 0.25
    made = Expert(
        consortium=begun.consortium,
        round=begun,
        number=number,
        kind=Expert.Kind.SHARED if shared else Expert.Kind.EXTERNAL,
        state=Expert.State.ACCEPTED,
        town=home if shared else None,
        via=home,
        **_profile(draw, number, home),
    )
    made.give_token(new_token())
    return made


def _wish(begun: ExpertRound, draw: random.Random) -> None:
    """Half of the experts and of the postings rank their ten best fits, a little shuffled; of many fewer, since each
    looks at all others."""
    wishes = []
    experts_ = list(
        begun.experts.select_related("round", "home__prefecture").prefetch_related("conflicts").order_by("pk")
    )
    for expert in experts_[:: max(2, len(experts_) // MOST_RANKING)]:
        ranked = [one.posting.pk for one in experts_wishes.choices(expert)[:10]]
        draw.shuffle(ranked)
        wishes += [_line(begun, "expert", expert.pk, pk, at) for at, pk in enumerate(ranked)]
    postings = list(begun.postings.select_related("round", "town").order_by("pk"))
    for posting in postings[:: max(2, len(postings) // MOST_RANKING)]:
        ranked = [one.card.pk for one in experts_wishes.candidates(posting)[:10]]
        draw.shuffle(ranked)
        wishes += [_line(begun, "town", pk, posting.pk, at) for at, pk in enumerate(ranked)]
    ExpertWish.objects.bulk_create(wishes)


def _line(begun: ExpertRound, side: str, expert: int, posting: int, at: int) -> ExpertWish:
    """Every third shares its rank with the one before."""
    return ExpertWish(
        consortium=begun.consortium, side=side, expert_id=expert, posting_id=posting, tier=at - at // 3 + 1
    )
