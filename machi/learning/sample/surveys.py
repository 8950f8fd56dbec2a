"""Surveys and the self-assessment of AI maturity: the sample consortium's, and a generated one's."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.scoping import in_municipality
from machi.joint.domain.partners_atlas import populations
from machi.learning.domain import surveys
from machi.learning.domain import surveys_answering as answering
from machi.learning.domain.surveys_ready import begin_ready
from machi.learning.engine.questionnaire import Form
from machi.learning.models import Survey, SurveyResponse
from machi.learning.sample.surveys_answers import answers, levels, readiness

ADOPTION, MATURITY = "ai-adoption", "ai-maturity"
State = SurveyResponse.State


def load(consortium: Consortium) -> None:
    """Last year's survey answered by all three towns and closed; this year's answered by two and begun by the third; a
    self-assessment done twice by the first. Safe to call again: what people have changed since stays."""
    if Survey.objects.filter(series=ADOPTION).exists():
        return
    office, towns = _office(consortium), list(members(consortium).order_by("code"))
    if office is None or not towns:
        return
    home, today = towns[0], timezone.localdate()
    year = today.year - (today.month < 4)
    with in_municipality(home):
        before = _published(consortium, home, office, ADOPTION, year - 1, named=True)
        now = _published(
            consortium, home, office, ADOPTION, year, named=True, due_on=today + timedelta(days=21)
        )
        check = _published(consortium, home, office, MATURITY, year)
    for at, town in enumerate(towns):
        rng = Random(f"surveys {town.code}")  # noqa: S311
        people = populations().get(town.code, 50_000)
        speaker = _of(town, Role.MANAGER)
        if speaker is None:
            continue
        with in_municipality(town):
            _answered(before, town, speaker, answers(_form(before), rng, people, readiness(rng, people, 0)))
            given = answers(_form(now), rng, people, readiness(rng, people, 1))
            if at < 2:
                _answered(now, town, speaker, given)
                _answered(check, town, speaker, levels(_form(check), rng, readiness(rng, people, -1.5)))
            else:
                part = {name: value for name, value in given.items() if name in list(given)[:7]}
                answering.write(now, town, speaker, part)
            if at == 0:
                answering.begin_again(check, town, speaker)
                _answered(check, town, speaker, levels(_form(check), rng, readiness(rng, people, -0.5)))
                SurveyResponse.objects.filter(survey=check, town=town, round=1).update(
                    handed_in_at=timezone.now() - timedelta(days=200)
                )
    with in_municipality(home):
        surveys.close(before, home, office)


def _answered(survey: Survey, town: Municipality, speaker: Person, given: dict[str, Any]) -> None:
    response = answering.write(survey, town, speaker, given)
    answering.hand_in(response, town, speaker)


def generate(consortium: Consortium, seed: int) -> None:
    """For a generated consortium of any size: two years of the survey and two rounds of the self-assessment, of nine in
    ten towns this year. Safe to call again."""
    if Survey.objects.filter(series=ADOPTION).exists():
        return
    office, towns = _office(consortium), list(members(consortium).order_by("code"))
    if office is None or not towns:
        return
    home, today = towns[0], timezone.localdate()
    year, now = today.year - (today.month < 4), timezone.now()
    with in_municipality(home):
        before = _published(consortium, home, office, ADOPTION, year - 1, named=False)
        this = _published(
            consortium, home, office, ADOPTION, year, named=False, due_on=today + timedelta(days=21)
        )
        check = _published(consortium, home, office, MATURITY, year)
    made: list[SurveyResponse] = []
    asked, sides = _form(this), _form(check)
    for town in towns:
        rng = Random(f"surveys {seed} {town.code}")  # noqa: S311
        people = populations().get(town.code, 10_000)
        base = readiness(rng, people, 0)
        made.append(_made(before, asked, town, answers(asked, rng, people, base), now - timedelta(days=330)))
        late = rng.random() < 0.1
        on = now - timedelta(days=rng.randint(1, 20))
        if not late:
            made.append(_made(this, asked, town, answers(asked, rng, people, min(1.0, base + 0.12)), on))
        made.append(_made(check, sides, town, levels(sides, rng, base), now - timedelta(days=200)))
        if rng.random() < 0.6:
            again = levels(sides, rng, min(1.0, base + 0.2))
            made.append(_made(check, sides, town, again, on, number=2))
    SurveyResponse.objects.bulk_create(made, batch_size=500)
    with in_municipality(home):
        surveys.close(before, home, office)


def _made(
    survey: Survey, form: Form, town: Municipality, given: dict[str, Any], at: datetime, number: int = 1
) -> SurveyResponse:
    response = SurveyResponse(
        consortium_id=survey.consortium_id,
        survey=survey,
        version=survey.current,
        town=town,
        round=number,
        state=State.HANDED_IN,
        handed_in_at=at,
        changed_at=at,
    )
    response.put(form, given)
    return response


def _published(
    consortium: Consortium, home: Municipality, office: Person, name: str, year: int, **given: Any
) -> Survey:
    survey = begin_ready(consortium, home, office, name=name, year=year, **given)
    surveys.publish(survey, home, office)
    return Survey.objects.select_related("current", "consortium").get(pk=survey.pk)


def _form(survey: Survey) -> Form:
    assert survey.current is not None
    return survey.current.parsed()


def _office(consortium: Consortium) -> Person | None:
    return Person.objects.filter(
        appointments__role=Role.JOINT_OFFICE, appointments__consortium=consortium
    ).first()


def _of(town: Municipality, role: Role) -> Person | None:
    return Person.objects.filter(appointments__role=role, appointments__municipality=town).first()
