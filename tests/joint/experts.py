"""A round of the three towns' consortium, brought as far as a test needs it. Called inside the consortium's scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain import experts, experts_postings, experts_registration
from machi.joint.models import Expert, ExpertRound, Posting
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, office_of, towns_of

FIRST, LAST = date(2027, 4, 1), date(2028, 3, 31)
NEED: dict[str, Any] = {
    "title": "クラウドへの移行",
    "work": "基幹システムの移行計画を立てる",
    "skills": {"cloud": 2},
    "hours": 20,
    "on_site": 0,
    "first": FIRST,
    "last": LAST,
    "budget": 200_000,
    "places": 1,
}
PROFILE: dict[str, Any] = {
    "name": "山田 花子",
    "email": "hanako@expert.example",
    "telephone": "090-0000-0000",
    "employer": "合同会社みらい",
    "evidence": "https://expert.example/hanako",
    "conflict_note": "",
    "summary": "自治体のクラウド移行を10年",
    "skills": {"cloud": 3},
    "hours": 40,
    "on_site": 0,
    "travels": 0,
    "first": FIRST,
    "last": LAST,
    "fee": 5_000,
    "quota": 1,
}


@dataclass
class Scene:
    consortium: Consortium
    atsugi: Municipality
    yaizu: Municipality
    kurashiki: Municipality
    office: Person
    round: ExpertRound
    clerks: dict[str, Person] = field(default_factory=dict)
    managers: dict[str, Person] = field(default_factory=dict)

    @contextmanager
    def inside(self, town: Municipality | None = None) -> Iterator[None]:
        with in_municipality(town or self.atsugi), in_consortium(self.consortium):
            yield

    def posting(self, town: Municipality, *, published: bool = True, **need: Any) -> Posting:
        with self.inside(town):
            posting = experts_postings.post(self.round, town, self.clerks[town.code], {**NEED, **need})
            if published:
                experts_postings.publish(posting, self.managers[town.code])
            return Posting.objects.select_related("town", "round").get(pk=posting.pk)

    def expert(
        self,
        *,
        accepted: bool = True,
        conflicts: tuple[Municipality, ...] = (),
        town: Municipality | None = None,
        **profile: Any,
    ) -> Expert:
        with self.inside():
            given = {**PROFILE, "home": self.atsugi, **profile}
            given["email"] = f"expert{Expert.objects.count() + 1}@expert.example"
            expert = experts_registration.register(
                self.round, town or self.atsugi, given, conflicts=conflicts, town=town
            )
            if accepted:
                self.screen(expert)
            return Expert.objects.select_related("round", "home__prefecture", "town").get(pk=expert.pk)

    def screen(self, expert: Expert) -> None:
        with self.inside():
            for step in experts_registration.STEPS:
                experts_registration.screen(
                    expert, self.atsugi, self.office, step=step, passed=True, reason="要件を満たす"
                )

    def rank(self) -> None:
        with self.inside():
            experts.start_ranking(self.round, self.atsugi, self.office)
            self.round.refresh_from_db()


def a_scene() -> Scene:
    consortium = a_consortium()
    atsugi, yaizu, kurashiki = towns_of(consortium)
    assert (atsugi.code, yaizu.code, kurashiki.code) == ("142123", "222127", "332020")
    office = office_of(consortium)
    today = timezone.localdate()
    with in_municipality(atsugi), in_consortium(consortium):
        begun = experts.begin(
            consortium,
            atsugi,
            office,
            title="2027年度の専門家",
            note="",
            register_by=today + timedelta(days=30),
            rank_by=today + timedelta(days=60),
        )
    scene = Scene(consortium, atsugi, yaizu, kurashiki, office, begun)
    for town in (atsugi, yaizu, kurashiki):
        scene.clerks[town.code] = a_person(Role.CLERK, town)
        scene.managers[town.code] = a_person(Role.MANAGER, town)
    return scene
