"""The case library: the sample consortium's, and a generated one's."""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.joint.domain import partners_atlas as atlas
from machi.learning.domain import cases as verbs
from machi.learning.domain import cases_adoption as adoption
from machi.learning.domain import cases_index
from machi.learning.models import Case, CaseAdoption
from machi.learning.sample.cases_generated import adoption_of, case_of
from machi.learning.sample.cases_texts import ADOPTIONS, CASES, WAITING

GENERATED = 120


def load(consortium: Consortium) -> None:
    """Safe to call again: what people have changed since stays."""
    towns = {town.code: town for town in members(consortium)}
    office = office_of(consortium)
    if office is None or not {code for code, _ in CASES} <= set(towns):
        return
    if Case.objects.filter(sample=True).exists():
        return
    made = [_published(consortium, towns[code], office, given) for code, given in CASES]
    for at, code, plan, result in ADOPTIONS:
        town, manager = towns[code], person_of(towns[code], Role.MANAGER)
        given = {"project": None, "plan": plan, "adopted_on": timezone.localdate() - timedelta(days=120)}
        with in_municipality(town):
            adopted = adoption.adopt(made[at], town, manager, given)
            if result:
                adoption.tell_result(adopted, town, manager, result)
    for code, state, words in WAITING:
        _begun(consortium, towns[code], words, state)
    cases_index.changed(consortium)


def generate(consortium: Consortium, seed: int) -> None:
    """For a generated consortium of any size. Safe to call again."""
    towns = list(members(consortium))
    if len(towns) < 2 or Case.objects.exists():
        return
    rng, now = random.Random(seed), timezone.now()  # noqa: S311
    people = atlas.populations()
    cases = []
    for number in range(GENERATED):
        town = towns[number % len(towns)] if number < len(towns) else rng.choice(towns)
        given = case_of(rng, people.get(town.code, 20_000))
        at = now - timedelta(days=rng.randint(10, 700))
        cases.append(
            Case(
                consortium=consortium,
                town=town,
                sample=True,
                state=Case.State.PUBLISHED,
                created_at=at,
                changed_at=at,
                submitted_at=at,
                published_at=at + timedelta(days=3),
                **given,
            )
        )
    made = Case.objects.bulk_create(cases)
    adoptions = []
    for case in made:
        others = [town for town in towns if town.pk != case.town_id]
        for town in rng.sample(others, min(len(others), rng.choice((0, 0, 1, 1, 2, 3, 5)))):
            given = adoption_of(rng, case, people.get(case.town_id, 20_000), people.get(town.code, 20_000))
            adoptions.append(CaseAdoption(consortium=consortium, case=case, town=town, **given))
    CaseAdoption.objects.bulk_create(adoptions)
    cases_index.changed(consortium)


def office_of(consortium: Consortium) -> Person | None:
    return Person.objects.filter(
        appointments__role=Role.JOINT_OFFICE, appointments__consortium=consortium, is_active=True
    ).first()


def person_of(town: Municipality, role: Role) -> Person:
    return Person.objects.filter(
        appointments__role=role, appointments__municipality=town, is_active=True
    ).order_by("pk")[0]


def _published(consortium: Consortium, town: Municipality, office: Person, given: dict[str, object]) -> Case:
    """Without the checks that load a language model: the texts were checked when they were written."""
    case = _begun(consortium, town, given, Case.State.PUBLISHED)
    case.published_at = timezone.now()
    case.save(update_fields=["published_at"])
    with in_municipality(town):
        verbs.record(case, town, office, "publish", revision=case.revision, personal={})
    return case


def _begun(consortium: Consortium, town: Municipality, given: dict[str, object], state: str) -> Case:
    """A draft of the town's clerk; handed in too, unless ``state`` is a draft's."""
    clerk = person_of(town, Role.CLERK)
    with in_municipality(town):
        case = verbs.begin(consortium, town, clerk, given, sample=True)
        if state == Case.State.DRAFT:
            return case
        case.state, case.submitted_at, case.submitted_by = Case.State(state), timezone.now(), clerk
        case.save()
        verbs.record(case, town, clerk, "submit", revision=case.revision, personal={})
    return case
