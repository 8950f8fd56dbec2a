"""Seminars: the sample consortium's, one past with 201 registrations and one coming; and a generated one's."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import why_not
from machi.base.scoping import in_municipality
from machi.joint.sample.monitoring import office_of
from machi.learning.domain import seminars as verbs
from machi.learning.domain import seminars_questionnaire as questionnaire
from machi.learning.domain import seminars_report as reports
from machi.learning.domain import surveys, surveys_unnamed
from machi.learning.domain.seminars_links import questionnaire_secret
from machi.learning.domain.seminars_programme import add_material, put_question, put_session, put_speaker
from machi.learning.domain.seminars_register import Given, email_key, register
from machi.learning.models import (
    Seminar,
    SeminarChoice,
    SeminarRegistration,
    SeminarSeats,
    SeminarSession,
    SurveyResponse,
    Way,
)
from machi.learning.sample.seminars_words import BETTER, ENDINGS, FAMILIES, GIVEN, GOOD

PAST, COMING = "生成AIを仕事に生かす 地域セミナー（見本）", "AIと個人情報 公開セミナー（見本）"
PEOPLE = 201
HOST = "142123"
_R = SeminarRegistration.State


def load(consortium: Consortium) -> None:
    """Safe to call again: what people have changed since stays."""
    office, towns = office_of(consortium), list(members(consortium))
    host = next((town for town in towns if town.code == HOST), towns[0] if towns else None)
    if office is None or host is None or Seminar.objects.filter(title=PAST).exists():
        return
    with in_municipality(host):
        coming = _coming(consortium, host, office)
        for number in range(1, 46):
            register(coming, _guest(number, towns, random.Random(number)))  # noqa: S311
        past = _past(consortium, host, office, towns, seed=1)
        if why_not(host, reports.TOPICS) is None:
            report = reports.make(Seminar.objects.select_related("survey__current").get(pk=past.pk), office)
            reports.write_summary(
                report,
                office,
                "見本のデータです。事例の発表と演習が好評でした。演習の時間とオンラインの音声は、次回に直します。",
            )
            reports.publish(report, office)


def generate(consortium: Consortium, seed: int) -> None:
    """One past, with attendance and answers but no report, and one coming. Safe to call again."""
    office, towns = office_of(consortium), list(members(consortium))
    if office is None or not towns or Seminar.objects.filter(title__startswith="生成 ").exists():
        return
    with in_municipality(towns[0]):
        _coming(consortium, towns[0], office, title="生成 AIと個人情報 公開セミナー", seats=30)
        _past(consortium, towns[0], office, towns, seed=seed, title="生成 地域セミナー")


def _at(days: int, hour: int, minute: int = 0) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _coming(
    consortium: Consortium, host: Municipality, office: Person, *, title: str = COMING, seats: int = 40
) -> Seminar:
    seminar = verbs.create(
        consortium,
        host,
        office,
        {
            "title": title,
            "title_en": "AI and personal information: a public seminar (sample)",
            "purpose": "窓口や会議でAIを使うとき、個人情報をどう守るかを、住民と職員がいっしょに学びます。\n"
            "見本のセミナーです。",
            "purpose_easy": "AI（エーアイ）を つかうとき、名前（なまえ）や 住所（じゅうしょ）を まもる やりかたを "
            "いっしょに 勉強（べんきょう）します。",
            "purpose_en": "Residents and staff learn together how to protect personal information when AI is used. "
            "This is a sample.",
            "form": Seminar.Format.BOTH,
            "starts_at": _at(20, 13, 30),
            "ends_at": _at(20, 16, 30),
            "venue": "市民交流プラザ（見本）",
            "address": "厚木市中町2-12-15",
            "online_url": "https://meet.example/seminar",
            "opens_at": _at(-10, 9),
            "closes_at": _at(18, 17),
            "spoken": "日本語（手話通訳、やさしい日本語の資料あり）",
            "contact": "共同事務局（見本） 046-000-0000",
            "seats": {Way.ON_SITE: seats, Way.ONLINE: 300},
        },
    )
    speaker = put_speaker(
        seminar,
        office,
        {
            "name": "見本 学",
            "belongs": "見本大学 教授",
            "biography": "自治体のAI活用と個人情報の保護を研究しています（見本の人物です）。",
            "consented_on": timezone.localdate() - timedelta(days=15),
        },
    )
    _programme(seminar, office, speaker)
    put_question(
        seminar,
        office,
        {
            "label": "生成AIを使ったことがありますか",
            "label_en": "Have you used generative AI?",
            "kind": "one",
            "required": False,
            "choices": ["よく使う", "使ったことがある", "ない"],
        },
    )
    verbs.publish(seminar, office)
    return Seminar.objects.select_related("municipality", "consortium").get(pk=seminar.pk)


def _programme(seminar: Seminar, office: Person, speaker: object) -> list[SeminarSession]:
    starts = seminar.starts_at
    rows: tuple[tuple[str, str, int, int, bool, int | None, list[Any]], ...] = (
        (
            "基調講演: AIにできること、できないこと",
            "Keynote: what AI can and cannot do",
            0,
            60,
            False,
            None,
            [speaker],
        ),
        ("分科会A: 個人情報を隠す演習", "Session A: masking personal information", 75, 150, True, 24, []),
        ("分科会B: 指示文を書く演習", "Session B: writing instructions", 75, 150, True, None, []),
    )
    return [
        put_session(
            seminar,
            office,
            {
                "title": title,
                "title_en": english,
                "about": "",
                "starts_at": starts + timedelta(minutes=begins),
                "ends_at": starts + timedelta(minutes=ends),
                "room": "大ホール" if not chosen else f"会議室{at}",
                "chosen": chosen,
                "capacity": capacity,
                "speakers": speakers,
            },
        )
        for at, (title, english, begins, ends, chosen, capacity, speakers) in enumerate(rows)
    ]


def _guest(number: int, towns: Sequence[Municipality], rng: random.Random) -> Given:
    role = rng.choices(("staff", "resident", "business", "council", "school"), (55, 25, 10, 6, 4))[0]
    return Given(
        name=f"{rng.choice(FAMILIES)} {rng.choice(GIVEN)}",
        email=f"guest{number}@sample.example",
        role=role,
        way=Way.ON_SITE if rng.random() < 0.6 else Way.ONLINE,
        town=rng.choice(list(towns)) if rng.random() < 0.9 else None,
        organisation="見本市役所" if role == "staff" else "見本株式会社" if role == "business" else "",
        needs="手話通訳をお願いします。" if number % 40 == 0 else "",
    )


def _past(
    consortium: Consortium,
    host: Municipality,
    office: Person,
    towns: Sequence[Municipality],
    *,
    seed: int,
    title: str = PAST,
) -> Seminar:
    """As it would have been: written in bulk, for its days are over."""
    rng = random.Random(seed)  # noqa: S311
    seminar = _coming(consortium, host, office, title=title, seats=120)
    days = timedelta(days=35)
    for name in ("starts_at", "ends_at", "opens_at", "closes_at"):
        setattr(seminar, name, getattr(seminar, name) - days)
    seminar.published_at, seminar.state, seminar.last_number = seminar.opens_at, Seminar.State.HELD, PEOPLE
    seminar.save()
    for session in seminar.sessions.all():
        session.starts_at, session.ends_at = session.starts_at - days, session.ends_at - days
        session.save()
    _register_all(seminar, towns, rng)
    slides = "# 見本の資料\n\n当日のスライドのかわりです。\n".encode()
    add_material(seminar, office, "基調講演の資料（見本）", "slides.md", slides)
    Seminar.objects.filter(pk=seminar.pk).update(materials_at=seminar.ends_at + timedelta(days=1))
    _answer_all(seminar, office, rng)
    return seminar


def _register_all(seminar: Seminar, towns: Sequence[Municipality], rng: random.Random) -> None:
    left = {Way.ON_SITE: 120, Way.ONLINE: 300}
    made = []
    for number in range(1, PEOPLE + 1):
        given = _guest(number, towns, rng)
        seat, cancelled = left[Way(given.way)] > 0, rng.random() < 0.06
        state = _R.CANCELLED if cancelled else _R.CONFIRMED if seat else _R.WAITING
        left[Way(given.way)] -= state == _R.CONFIRMED
        came = state == _R.CONFIRMED and rng.random() < 0.88
        made.append(
            SeminarRegistration(
                consortium=seminar.consortium,
                seminar=seminar,
                number=number,
                state=state,
                way=given.way,
                role=given.role,
                town=given.town,
                name=given.name,
                email=given.email,
                email_key="" if cancelled else email_key(seminar, given.email),
                organisation=given.organisation,
                needs=given.needs,
                answers=json.dumps({}),
                made_at=seminar.opens_at + timedelta(hours=number),
                attended_at=seminar.starts_at + timedelta(minutes=rng.randint(-25, 10)) if came else None,
            )
        )
    SeminarRegistration.objects.bulk_create(made)
    for way, free in left.items():
        seats = SeminarSeats.objects.filter(seminar=seminar, session=None, way=way)
        capacity = seats.get().capacity or 0
        seats.update(taken=capacity - free)
    _choose_all(seminar, rng)


def _choose_all(seminar: Seminar, rng: random.Random) -> None:
    first, second = seminar.sessions.filter(chosen=True)
    room, taken, choices = first.seats.capacity or 0, 0, []
    for one in seminar.registrations.filter(state=_R.CONFIRMED):
        session = first if rng.random() < 0.3 and (one.way == Way.ONLINE or taken < room) else second
        taken += session == first and one.way == Way.ON_SITE
        choices.append(
            SeminarChoice(consortium=seminar.consortium, registration=one, session=session, seated=True)
        )
    SeminarChoice.objects.bulk_create(choices)
    SeminarSeats.objects.filter(session=first).update(taken=taken)


def _answer_all(seminar: Seminar, office: Person, rng: random.Random) -> None:
    """Two of three of those who came answered; no letters are sent to people who do not exist."""
    survey = questionnaire.draft(seminar, office)
    surveys.publish(survey, seminar.municipality, office)
    survey.refresh_from_db()
    assert survey.current is not None
    form, rows = survey.current.parsed(), []
    for one in questionnaire.asked(seminar).order_by("number"):
        if rng.random() > 0.66:
            continue
        given = {
            "satisfied": rng.choices(("very", "rather", "even", "little"), (38, 44, 13, 5))[0],
            "useful": rng.choices(("soon", "later", "unsure"), (46, 41, 13))[0],
            "level": rng.choices(("hard", "right", "easy"), (16, 73, 11))[0],
            "next": sorted(
                rng.sample(["cases", "practice", "privacy", "buying", "residents"], rng.randint(1, 3))
            ),
        }
        if rng.random() < 0.45:
            given["good"] = rng.choice(GOOD) + rng.choice(ENDINGS)
        if rng.random() < 0.35:
            given["better"] = rng.choice(BETTER)
        row = SurveyResponse(
            consortium=seminar.consortium,
            survey=survey,
            version=survey.current,
            token_digest=surveys_unnamed.digest(questionnaire_secret(one)),
            state=SurveyResponse.State.HANDED_IN,
            handed_in_at=seminar.ends_at + timedelta(hours=rng.randint(1, 72)),
        )
        row.put(form, given)
        rows.append(row)
    rng.shuffle(rows)
    SurveyResponse.objects.bulk_create(rows)
    questionnaire.close(Seminar.objects.get(pk=seminar.pk), office)
