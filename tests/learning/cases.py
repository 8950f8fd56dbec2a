"""A consortium of the three towns with its people, and cases of theirs in any state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import cases as verbs
from machi.learning.domain import cases_adoption as adoption
from machi.learning.domain import cases_index
from machi.learning.models import Case, CaseAdoption
from tests.base.factories import a_person
from tests.joint.factories import a_consortium, client_of, office_of, towns_of

MINUTES: dict[str, Any] = {
    "title": "会議の録音から議事録の案を作る",
    "field": "minutes",
    "tool": "speech",
    "system": "文字起こしソフト",
    "year": 2025,
    "problem": "審議会の議事録を書くのに、1回の会議で職員が2日かかっていた。",
    "before": "録音を聞き直しながら、担当者が一から書いていた。",
    "after": "録音を庁内の機械で文字にし、要約の案を職員が直して確定する。発言者の確認は必ず人が行う。",
    "cost_once": 300_000,
    "cost_yearly": 240_000,
    "hours_saved": 60,
    "counted": "records",
    "counted_how": "月6回の会議で、1回あたり10時間減った。",
    "risk_checked": "録音を外に出さないこと、聞きまちがいの割合。",
    "risk_result": "庁内の機械だけで動かす。固有名詞は名簿と照らし合わせる。",
    "ask_division": "総務課",
}
GARBAGE: dict[str, Any] = {
    **MINUTES,
    "title": "ごみの出し方の問い合わせにAIが答える",
    "field": "counter",
    "tool": "chatbot",
    "system": "AI窓口",
    "problem": "ごみの分別の電話が1日に40件あり、窓口の職員が手を取られていた。",
    "before": "電話のたびに分別の表を見て答えていた。",
    "after": "町のページで、分別の表と収集日から答えを示す。分からない質問は環境課に引き継ぐ。",
    "hours_saved": 25,
}


@dataclass
class Scene:
    consortium: Consortium
    towns: list[Municipality]
    office: Person
    people: dict[tuple[str, str], Person] = field(default_factory=dict)

    def person(self, town: Municipality, role: Role = Role.CLERK) -> Person:
        key = (town.pk, role)
        if key not in self.people:
            self.people[key] = a_person(role, town)
        return self.people[key]

    def client(self, town: Municipality, role: Role = Role.CLERK) -> Client:
        return client_of(self.person(town, role))

    def case(
        self, given: dict[str, Any] = MINUTES, *, town: Municipality | None = None, state: str = "published"
    ) -> Case:
        """Of the first town, where none is named, brought to ``state`` by the verbs."""
        town = town or self.towns[0]
        clerk = self.person(town)
        with in_consortium(self.consortium), in_municipality(town):
            case = verbs.begin(self.consortium, town, clerk, given)
            if state in ("submitted", "published", "returned", "withdrawn"):
                verbs.submit(case, town, clerk, checked=True)
            if state in ("published", "withdrawn"):
                verbs.publish(case, town, self.office, checked=True)
            if state == "returned":
                verbs.give_back(case, town, self.office, reason="数え方を書いてください")
            if state == "withdrawn":
                verbs.withdraw(case, town, clerk, reason="やり方を変えた")
            return Case.objects.get(pk=case.pk)

    def adopted(self, case: Case, town: Municipality, **result: Any) -> CaseAdoption:
        """By a plan of its own; with ``result``, told too."""
        manager = self.person(town, Role.MANAGER)
        with in_consortium(self.consortium), in_municipality(town):
            made = adoption.adopt(
                case,
                town,
                manager,
                {"project": None, "plan": "4月から総務課で使う", "adopted_on": date(2026, 4, 1)},
            )
            if result:
                given = dict.fromkeys(adoption.RESULT) | {"counted": "", "differed": "同じ"}
                adoption.tell_result(made, town, manager, given | result)
            return CaseAdoption.objects.get(pk=made.pk)

    def indexed(self) -> None:
        """What the worker does after a case has changed."""
        cases_index.build(self.consortium.pk)
        cases_index.embed(self.consortium.pk)


def a_scene() -> Scene:
    consortium = a_consortium()
    return Scene(consortium, towns_of(consortium), office_of(consortium))


def url(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"learning:{name}", args=[town.code, *args])


def actions(town: Municipality, subject: str) -> list[str]:
    """What the town's ledger says was done with a subject."""
    from machi.base.domain.history import history

    with in_municipality(town):
        return [event.action for event in history(subject)]
