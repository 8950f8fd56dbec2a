"""Seminars for tests: of three towns, as many seats as are asked for, held or still ahead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from machi.base.models import Consortium, Municipality, Person
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import seminars, seminars_attendance
from machi.learning.domain.seminars_programme import put_session
from machi.learning.domain.seminars_register import Given, register
from machi.learning.models import Seminar, SeminarRegistration, SeminarSession


def given(**changes: Any) -> dict[str, Any]:
    """A seminar in three weeks, open for registration since yesterday."""
    starts = timezone.now().replace(microsecond=0) + timedelta(days=21)
    return {
        "title": "AIセミナー",
        "purpose": "生成AIの使い方を学ぶ。",
        "form": "on_site",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=4),
        "venue": "市民会館",
        "address": "厚木市中町1-1-1",
        "online_url": "",
        "opens_at": timezone.now() - timedelta(days=1),
        "closes_at": starts - timedelta(days=1),
        "waiting_list": True,
        "offer_hours": 48,
        "contact": "共同事務局 046-000-0000",
        "kept_days": 30,
        "seats": {"on_site": 2},
        **changes,
    }


def a_seminar(
    consortium: Consortium, town: Municipality, office: Person, *, published: bool = True, **changes: Any
) -> Seminar:
    with in_municipality(town), in_consortium(consortium):
        made = seminars.create(consortium, town, office, given(**changes))
        if published:
            seminars.publish(made, office)
            made.refresh_from_db()
    return made


def a_session(seminar: Seminar, office: Person, title: str = "分科会", **changes: Any) -> SeminarSession:
    return put_session(
        seminar,
        office,
        {
            "title": title,
            "title_en": "",
            "about": "",
            "starts_at": seminar.starts_at,
            "ends_at": seminar.starts_at + timedelta(hours=1),
            "room": "第1会議室",
            "chosen": True,
            "capacity": None,
            "speakers": [],
            **changes,
        },
    )


def somebody(number: int = 1, **changes: Any) -> Given:
    return Given(
        **{
            "name": f"参加 {number}郎",
            "email": f"guest{number}@mail.example",
            "role": "staff",
            "way": "on_site",
            **changes,
        }
    )


def registered(seminar: Seminar, *numbers: int, **changes: Any) -> list[SeminarRegistration]:
    return [register(seminar, somebody(number, **changes))[0] for number in numbers]


def moved(seminar: Seminar, starts_at: datetime) -> Seminar:
    """As if it began then; the clock is the machine's own."""
    Seminar.objects.filter(pk=seminar.pk).update(
        opens_at=starts_at - timedelta(days=30),
        closes_at=starts_at - timedelta(hours=1),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
    )
    seminar.refresh_from_db()
    return seminar


def held(seminar: Seminar, office: Person, came: int = 0) -> Seminar:
    """Yesterday; the first ``came`` of those with a seat attended."""
    moved(seminar, timezone.now() - timedelta(days=1))
    seminars.mark_held(seminar, office)
    seminar.refresh_from_db()
    for one in seminars_attendance.seated(seminar).order_by("number")[:came]:
        seminars_attendance.check_in(one, office)
    return seminar


def url(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"learning:{name}", args=[town.code, *args])


def form_of(**changes: Any) -> Mapping[str, Any]:
    """What the registration form sends."""
    return {
        "name": "参加 花子",
        "email": "hanako@mail.example",
        "role": "resident",
        "way": "on_site",
        "town": "",
        "organisation": "",
        "needs": "",
        **changes,
    }


def begun(client: Client, page: str) -> str:
    """The time that the form carries, signed."""
    found = re.search(r'name="begun" value="([^"]+)"', client.get(page).content.decode())
    assert found
    return found[1]


def send(client: Client, page: str, **changes: object) -> Any:
    return client.post(page, {**form_of(**changes), "begun": begun(client, page)})
