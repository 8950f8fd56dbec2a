"""Registering for a seminar: seats, the waiting list, offers, doubles, changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, LedgerEntry
from machi.base.scoping import in_consortium, in_municipality
from machi.learning.domain import seminars
from machi.learning.domain.seminars_programme import put_question, put_session
from machi.learning.domain.seminars_register import (
    Given,
    accept,
    by_token,
    cancel,
    change,
    register,
    waiting_place,
)
from machi.learning.domain.seminars_seats import promote, promote_task
from machi.learning.models import Seminar, SeminarMail, SeminarQuestion, SeminarRegistration, SeminarSeats
from tests.joint.factories import a_consortium, office_of, towns_of
from tests.learning.seminars import a_seminar, a_session, moved, registered, somebody

pytestmark = pytest.mark.django_db
R = SeminarRegistration.State


@pytest.fixture
def consortium() -> Iterator[Consortium]:
    consortium = a_consortium()
    with in_municipality(towns_of(consortium)[0]), in_consortium(consortium):
        yield consortium


@pytest.fixture
def office(consortium):
    return office_of(consortium)


@pytest.fixture
def seminar(consortium, office) -> Seminar:
    return a_seminar(consortium, towns_of(consortium)[0], office)


def states(seminar: Seminar) -> list[str]:
    return [one.state for one in seminar.registrations.order_by("number")]


def taken(seminar: Seminar, way: str = "on_site") -> int:
    return SeminarSeats.objects.get(seminar=seminar, way=way, session=None).taken


def letters(seminar: Seminar) -> list[tuple[int, str]]:
    found = SeminarMail.objects.filter(registration__seminar=seminar).order_by("pk")
    return [(one.registration.number, one.kind) for one in found.select_related("registration")]


def test_seats_go_in_order_and_whoever_comes_later_waits(seminar):
    _first, _second, third, fourth = registered(seminar, 1, 2, 3, 4)
    assert states(seminar) == [R.CONFIRMED, R.CONFIRMED, R.WAITING, R.WAITING]
    assert taken(seminar) == 2
    assert [waiting_place(third), waiting_place(fourth)] == [1, 2]
    assert letters(seminar) == [(1, "taken"), (2, "taken"), (3, "taken"), (4, "taken")]


def test_full_without_a_waiting_list_is_refused_and_leaves_nothing(consortium, office):
    seminar = a_seminar(consortium, towns_of(consortium)[0], office, waiting_list=False, seats={"on_site": 1})
    registered(seminar, 1)
    with pytest.raises(Refused, match="満席") as refused:
        register(seminar, somebody(2))
    assert refused.value.field == "way"
    assert states(seminar) == [R.CONFIRMED]
    seminar.refresh_from_db()
    assert seminar.last_number == 1


def test_ways_have_seats_of_their_own(consortium, office):
    seminar = a_seminar(
        consortium,
        towns_of(consortium)[0],
        office,
        form="both",
        online_url="https://meet.example/1",
        seats={"on_site": 1, "online": None},
    )
    registered(seminar, 1, 2)
    online = registered(seminar, 3, 4, way="online")
    assert [one.state for one in online] == [R.CONFIRMED, R.CONFIRMED]
    assert states(seminar)[:2] == [R.CONFIRMED, R.WAITING]
    # Whoever waits for a seat in the hall may take one of the stream.
    moved_on = change(seminar.registrations.get(number=2), somebody(2, way="online"))
    assert moved_on.state == R.WAITING
    moved_on.refresh_from_db()
    assert moved_on.state == R.OFFERED


def test_database_refuses_a_seat_too_many_whatever_the_program_does(seminar):
    registered(seminar, 1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeminarSeats.objects.filter(seminar=seminar).update(taken=3)


def test_registration_opens_and_closes(seminar, office):
    Seminar.objects.filter(pk=seminar.pk).update(opens_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="受け付けていません"):
        register(seminar, somebody())
    Seminar.objects.filter(pk=seminar.pk).update(opens_at=timezone.now() - timedelta(hours=1))
    seminars.close(seminar, office)
    with pytest.raises(Refused, match="受け付けていません"):
        register(seminar, somebody())
    made, new = register(seminar, somebody(), person=office)
    assert (made.state, new) == (R.CONFIRMED, True)


def test_second_registration_of_an_address_makes_nothing_but_a_letter_to_its_owner(seminar):
    first, _new = register(seminar, somebody(1, email="Taro@Mail.Example"))
    again, new = register(seminar, somebody(2, email=" taro@mail.example "))
    once_more, _ = register(seminar, somebody(3, email="taro@mail.example"))
    assert (again.pk, new, once_more.pk) == (first.pk, False, first.pk)
    assert states(seminar) == [R.CONFIRMED]
    assert letters(seminar) == [(1, "taken"), (1, "again")]  # not one for each try


def test_address_may_register_again_after_it_cancelled(seminar):
    (first,) = registered(seminar, 1)
    cancel(first)
    again, new = register(seminar, somebody(1))
    assert new
    assert again.number == 2


def test_cancelled_seat_is_offered_to_whoever_waits_longest(seminar):
    first, _second, third, fourth = registered(seminar, 1, 2, 3, 4)
    cancel(first)
    assert states(seminar) == [R.CANCELLED, R.CONFIRMED, R.OFFERED, R.WAITING]
    assert taken(seminar) == 2
    third.refresh_from_db()
    assert third.offered_until
    assert third.offered_until - timezone.now() > timedelta(hours=47)
    assert letters(seminar)[-2:] == [(1, "gone"), (3, "offer")]
    # A newcomer does not jump the queue.
    fifth, _ = register(seminar, somebody(5))
    assert fifth.state == R.WAITING
    accept(third)
    assert states(seminar) == [R.CANCELLED, R.CONFIRMED, R.CONFIRMED, R.WAITING, R.WAITING]
    assert waiting_place(fourth) == 1


def test_offer_that_is_not_answered_goes_to_the_next(seminar):
    first, _second, third, _fourth = registered(seminar, 1, 2, 3, 4)
    cancel(first)
    SeminarRegistration.objects.filter(pk=third.pk).update(
        offered_until=timezone.now() - timedelta(seconds=1)
    )
    promote_task.func(seminar.consortium_id, seminar.pk)
    assert states(seminar) == [R.CANCELLED, R.CONFIRMED, R.LAPSED, R.OFFERED]
    assert letters(seminar)[-2:] == [(3, "lapsed"), (4, "offer")]
    third.refresh_from_db()
    with pytest.raises(Refused):
        accept(third)
    assert taken(seminar) == 2


def test_offer_ends_when_the_seminar_begins(seminar):
    registered(seminar, 1, 2, 3)
    moved(seminar, timezone.now() + timedelta(hours=5))
    cancel(seminar.registrations.get(number=1))
    assert seminar.registrations.get(number=3).offered_until == seminar.starts_at


def test_more_seats_go_to_those_who_wait(seminar, office):
    registered(seminar, 1, 2, 3, 4, 5)
    seminars.change(seminar, office, {"seats": {"on_site": 4}})
    assert states(seminar) == [R.CONFIRMED, R.CONFIRMED, R.OFFERED, R.OFFERED, R.WAITING]
    with pytest.raises(Refused, match="4人"):
        seminars.change(seminar, office, {"seats": {"on_site": 3}})


def test_nothing_is_offered_once_it_was_called_off(seminar, office):
    registered(seminar, 1, 2, 3)
    assert seminars.cancel(seminar, office, "台風のため") == 3
    seminar.refresh_from_db()
    assert promote(seminar) == 0
    with pytest.raises(Refused, match="中止"):
        cancel(seminar.registrations.get(number=1))


def test_session_with_a_full_room_is_refused_by_name(seminar, office):
    small = a_session(seminar, office, "演習", capacity=1)
    registered(seminar, 1, sessions=[small.pk])
    with pytest.raises(Refused, match="「演習」は満席") as refused:
        register(seminar, somebody(2, sessions=[small.pk]))
    assert refused.value.field == "sessions"
    assert (taken(seminar), small.seats.taken) == (1, 0)  # nothing of the refused one is left
    small.seats.refresh_from_db()
    assert small.seats.taken == 1


def test_session_seat_comes_back_and_goes_with_the_offer(seminar, office):
    small = a_session(seminar, office, "演習", capacity=1)
    first, _, third = (
        registered(seminar, 1, sessions=[small.pk])
        + registered(seminar, 2)
        + registered(seminar, 3, sessions=[small.pk])
    )
    assert not third.choices.get().seated
    cancel(first)
    assert third.choices.get().seated
    third.refresh_from_db()
    assert accept(third) == []
    change(third, somebody(3))
    assert SeminarSeats.objects.get(session=small).taken == 0


def test_room_that_filled_meanwhile_is_told_when_the_offer_is_accepted(seminar, office):
    small = a_session(seminar, office, "演習", capacity=1)
    first, second = registered(seminar, 1, 2)
    (third,) = registered(seminar, 3, sessions=[small.pk])
    change(second, somebody(2, sessions=[small.pk]))
    cancel(first)
    third.refresh_from_db()
    assert accept(third) == [small.pk]


def test_online_people_need_no_seat_in_a_room(consortium, office):
    seminar = a_seminar(
        consortium, towns_of(consortium)[0], office, form="online", venue="", online_url="https://m.example/",
        seats={"online": 5},
    )  # fmt: skip
    small = a_session(seminar, office, "演習", capacity=1)
    registered(seminar, 1, 2, way="online", sessions=[small.pk])
    assert SeminarSeats.objects.get(session=small).taken == 0


def test_sessions_at_the_same_time_are_refused(seminar, office):
    one, two = a_session(seminar, office, "A"), a_session(seminar, office, "B")
    with pytest.raises(Refused, match="時間が重なって"):
        register(seminar, somebody(1, sessions=[one.pk, two.pk]))
    later = a_session(seminar, office, "C", starts_at=one.ends_at, ends_at=one.ends_at + timedelta(hours=1))
    register(seminar, somebody(1, sessions=[one.pk, later.pk]))


def test_only_sessions_to_be_chosen_can_be_chosen(seminar, office):
    fixed = a_session(seminar, office, chosen=False)
    with pytest.raises(Refused, match="選べません"):
        register(seminar, somebody(1, sessions=[fixed.pk]))
    chosen = a_session(seminar, office)
    registered(seminar, 1, sessions=[chosen.pk])
    with pytest.raises(Refused, match="もう選んだ人"):
        put_session(
            seminar,
            office,
            {
                name: getattr(chosen, name)
                for name in ("title", "title_en", "about", "starts_at", "ends_at", "room")
            }
            | {"chosen": False, "capacity": None, "speakers": []},
            chosen,
        )


def test_answers_are_checked_and_kept_encrypted(seminar, office):
    asked = put_question(
        seminar,
        office,
        {"label": "経験", "label_en": "", "kind": "one", "required": True, "choices": ["ある", "ない"]},
    )
    with pytest.raises(Refused, match="答えてください") as refused:
        register(seminar, somebody())
    assert refused.value.field == f"answer_{asked.pk}"
    with pytest.raises(Refused, match="選べる答え"):
        register(seminar, somebody(answers={str(asked.pk): "多分"}))
    made, _ = register(seminar, somebody(answers={str(asked.pk): "ある"}))
    assert made.answers == f'{{"{asked.pk}": "ある"}}'
    with pytest.raises(Refused, match="もう申し込みがある"):
        put_question(
            seminar,
            office,
            {"label": "経験?", "label_en": "", "kind": "line", "required": False, "choices": []},
            SeminarQuestion.objects.get(pk=asked.pk),
        )


def test_nothing_personal_is_readable_in_database_or_ledger(seminar):
    from django.db import connection

    (made,) = registered(seminar, 1, needs="手話通訳", organisation="厚木市役所")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM learning_seminarregistration")
        stored = repr(cursor.fetchall())
    entries = repr(list(LedgerEntry.objects.values_list("body", flat=True)))
    for word in ("参加 1郎", "guest1@mail.example", "手話通訳", "厚木市役所"):
        assert word not in stored
        assert word not in entries
    assert made.name == "参加 1郎"
    assert f"seminar_registration:{made.pk}" in entries


def test_change_needs_a_free_seat_and_loses_nothing_without(consortium, office):
    seminar = a_seminar(
        consortium, towns_of(consortium)[0], office, form="both", online_url="https://m.example/",
        seats={"on_site": 1, "online": 1},
    )  # fmt: skip
    first, _ = registered(seminar, 1)[0], registered(seminar, 2, way="online")
    with pytest.raises(Refused, match="今の席は、そのまま"):
        change(first, somebody(1, way="online"))
    first.refresh_from_db()
    assert (first.way, first.state, taken(seminar), taken(seminar, "online")) == (
        "on_site",
        R.CONFIRMED,
        1,
        1,
    )


def test_secret_link_opens_its_registration_and_no_draft(seminar, office):
    (made,) = registered(seminar, 1)
    assert by_token(made.token) == made
    assert by_token("x" * 32) is None
    Seminar.objects.filter(pk=seminar.pk).update(state="draft")
    assert by_token(made.token) is None


def test_way_that_the_seminar_has_not_is_refused(seminar):
    with pytest.raises(Refused, match="選べません"):
        register(seminar, Given("名", "staff", "online", "a@b.example"))
