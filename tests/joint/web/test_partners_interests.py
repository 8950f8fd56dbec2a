"""Interest between towns: who sees it, who may answer, what the ledger keeps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from machi.base import ledger
from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.domain.register import load_register
from machi.base.models import Consortium, LedgerEntry, LedgerSalt, Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain import partners_erasure
from machi.joint.domain import partners_interests as verbs
from machi.joint.models import Interest, InterestMessage
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.joint.factories import a_consortium, client_of, many_towns, office_of, towns_of, url
from tests.joint.web.test_partners import ATSUGI, EBINA, KURASHIKI, YAIZU, words

pytestmark = pytest.mark.django_db
NAME = "小鳥遊 梓紗 046-555-0147"


@pytest.fixture
def consortium():
    found = a_consortium()
    load_register()
    return found


@pytest.fixture
def heads(consortium):
    return {town.code: a_person(Role.MANAGER, town) for town in towns_of(consortium)}


@pytest.fixture
def towns(consortium):
    return {town.code: town for town in towns_of(consortium)}


@pytest.fixture
def asked(consortium, heads, towns):
    """Atsugi has told Yaizu."""
    given = {"other": YAIZU, "work": "給食", "message": f"{NAME}です"}
    response = client_of(heads[ATSUGI]).post(url(towns[ATSUGI], "partners_declare"), given)
    assert response.status_code == 302, words(response)
    with in_consortium(consortium):
        return Interest.objects.get()


def sees(person, town, interest):
    return client_of(person).get(url(town, "partners_interest", interest.pk)).status_code == 200


def test_only_the_two_see_it_until_both_have_said_yes(consortium, heads, towns, asked):
    office = office_of(consortium)
    assert sees(heads[ATSUGI], towns[ATSUGI], asked)
    assert sees(heads[YAIZU], towns[YAIZU], asked)
    assert not sees(heads[KURASHIKI], towns[KURASHIKI], asked)
    for town in towns.values():
        assert not sees(office, town, asked)
        assert "関心の表明はまだありません" in words(client_of(office).get(url(town, "partners_interests")))
    address = url(towns[YAIZU], "partners_answer", asked.pk, "yes")
    assert "関心ありと答えますか" in words(client_of(heads[YAIZU]).get(address))
    client_of(heads[YAIZU]).post(address, {"message": "ぜひ"})
    assert all(sees(office, town, asked) for town in towns.values())
    assert not sees(heads[KURASHIKI], towns[KURASHIKI], asked)
    page = words(client_of(office).get(url(towns[KURASHIKI], "partners_interest", asked.pk)))
    assert "双方が関心ありの組です" in page
    assert "ぜひ" in page


def test_no_stays_between_the_two(consortium, heads, towns, asked):
    client_of(heads[YAIZU]).post(url(towns[YAIZU], "partners_answer", asked.pk, "no"))
    assert not sees(office_of(consortium), towns[ATSUGI], asked)
    assert "見送り" in words(client_of(heads[ATSUGI]).get(url(towns[ATSUGI], "partners_interest", asked.pk)))
    with in_municipality(towns[KURASHIKI]):
        assert LedgerEntry.objects.count() == 0


def test_only_a_head_speaks_and_only_the_asked_town_answers(consortium, heads, towns, asked):
    clerk = client_of(a_person(Role.CLERK, towns[YAIZU]))
    assert clerk.get(url(towns[YAIZU], "partners_interest", asked.pk)).status_code == 200
    assert clerk.post(url(towns[YAIZU], "partners_answer", asked.pk, "yes")).status_code == 403
    own = client_of(heads[ATSUGI])
    assert own.post(url(towns[ATSUGI], "partners_answer", asked.pk, "yes")).status_code == 404
    office = client_of(office_of(consortium))
    assert office.post(url(towns[YAIZU], "partners_answer", asked.pk, "yes")).status_code == 403
    assert (
        client_of(heads[YAIZU]).post(url(towns[YAIZU], "partners_answer", asked.pk, "maybe")).status_code
        == 404
    )
    with in_consortium(consortium):
        assert Interest.objects.get().state == Interest.State.WAITING


def test_asking_town_takes_back_before_the_answer_and_not_after(consortium, heads, towns, asked):
    address = url(towns[ATSUGI], "partners_take_back", asked.pk)
    assert client_of(heads[YAIZU]).post(url(towns[YAIZU], "partners_take_back", asked.pk)).status_code == 404
    client_of(heads[ATSUGI]).post(address)
    with in_consortium(consortium):
        assert Interest.objects.get().state == Interest.State.WITHDRAWN
    response = client_of(heads[YAIZU]).post(url(towns[YAIZU], "partners_answer", asked.pk, "yes"))
    assert "もう返事が出ているか、取り下げられています" in words(response)


def test_interest_is_refused_where_it_makes_no_sense(consortium, heads, towns, asked):
    client = client_of(heads[ATSUGI])
    address = url(towns[ATSUGI], "partners_declare")
    again = client.post(address, {"other": YAIZU, "work": "水道"})
    assert "もう関心を伝えて返事を待っています" in words(again)
    back = client_of(heads[YAIZU]).post(
        url(towns[YAIZU], "partners_declare"), {"other": ATSUGI, "work": "水道"}
    )
    assert "届いた関心に返事をしてください" in words(back)
    outside = client.post(address, {"other": EBINA, "work": "水道"})
    assert outside.status_code == 200
    with in_consortium(consortium):
        assert Interest.objects.count() == 1


def test_ledgers_of_both_towns_hold_it_without_what_was_written(consortium, heads, towns, asked):
    for code in (ATSUGI, YAIZU):
        with in_municipality(towns[code]):
            (entry,) = LedgerEntry.objects.filter(subject=f"interest:{asked.pk}")
            assert '"action":"declare"' in entry.body
            assert "小鳥遊" not in entry.body
            assert ledger.verify(towns[code]) == []
            if code == ATSUGI:
                assert ledger.matches(entry, "message", f"{NAME}です")


def test_message_is_encrypted_at_rest(consortium, asked):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM joint_interestmessage")
        assert "小鳥遊" not in cursor.fetchone()[0]
    with in_consortium(consortium):
        assert InterestMessage.objects.get().text == f"{NAME}です"


def test_pair_and_office_talk_on(consortium, heads, towns, asked):
    office = office_of(consortium)
    say = {code: url(town, "partners_say", asked.pk) for code, town in towns.items()}
    assert client_of(office).post(say[ATSUGI], {"text": "x"}).status_code == 404
    with in_consortium(consortium):
        verbs.answer(asked, heads[YAIZU], yes=True)
    client_of(office).post(say[KURASHIKI], {"text": "会場を用意します"})
    client_of(heads[YAIZU]).post(say[YAIZU], {"text": "ありがとう"})
    with in_consortium(consortium):
        spoken = list(InterestMessage.objects.values_list("town_id", "person_id"))
    assert spoken == [(ATSUGI, heads[ATSUGI].pk), (None, office.pk), (YAIZU, heads[YAIZU].pk)]


def written(consortium):
    with in_consortium(consortium):
        return [one.text for one in InterestMessage.objects.order_by("pk")]


def test_manager_of_either_town_erases_what_was_written(consortium, heads, towns, asked):
    given = {"ground": "mistake", "reference": "", "sure": "on"}
    client_of(heads[YAIZU]).post(
        url(towns[YAIZU], "partners_answer", asked.pk, "yes"), {"message": f"{NAME}へ"}
    )
    stranger = a_person(Role.JOINT_OFFICE, consortium=Consortium.objects.create(name="別の共同体"))
    for person, code, status in (
        (a_person(Role.CLERK, towns[ATSUGI]), ATSUGI, 403),
        (office_of(consortium), ATSUGI, 403),
        (stranger, ATSUGI, 403),
        (heads[KURASHIKI], KURASHIKI, 404),
        (heads[KURASHIKI], ATSUGI, 403),
    ):
        address = url(towns[code], "partners_erase", asked.pk)
        assert client_of(person).post(address, given).status_code == status, (person, code)
    assert written(consortium) == [f"{NAME}です", f"{NAME}へ"]
    page = url(towns[YAIZU], "partners_interest", asked.pk)
    assert "やりとりを消去する" in words(client_of(heads[YAIZU]).get(page))
    response = client_of(heads[YAIZU]).post(url(towns[YAIZU], "partners_erase", asked.pk), given)
    assert response["Location"] == page
    assert written(consortium) == [None, None]
    shown = words(client_of(heads[YAIZU]).get(page))
    assert "（消去済み）" in shown
    assert NAME not in shown
    assert "やりとりを消去する" not in shown
    for code in (ATSUGI, YAIZU):
        assert ledger.verify(towns[code]) == []
        with in_municipality(towns[code]):
            about = LedgerEntry.objects.filter(subject=f"interest:{asked.pk}")
            assert about.latest("index").kind == "erasure"
            assert not LedgerSalt.objects.filter(entry__in=about.exclude(kind="erasure")).exists()
            assert not any(NAME in one.body for one in about)
    client_of(heads[ATSUGI]).post(url(towns[ATSUGI], "partners_say", asked.pk), {"text": "続きです"})
    assert written(consortium) == [None, None, "続きです"], "the two may go on"


def test_what_was_written_is_erased_three_years_after_the_last_word(consortium, heads, towns, asked):
    def due(code, years):
        with in_municipality(towns[code]):
            return partners_erasure.expired_interests(
                towns[code], timezone.now() + years * timedelta(days=365.25)
            )

    assert due(ATSUGI, 2.9) == []
    assert (due(ATSUGI, 3.1), due(YAIZU, 3.1)) == ([asked.pk], [])
    with in_municipality(towns[KURASHIKI]), pytest.raises(Refused):
        erasing.erase(towns[KURASHIKI], f"interest:{asked.pk}", ground="retention")
    with in_municipality(towns[ATSUGI]):
        erasing.erase(towns[ATSUGI], f"interest:{asked.pk}", ground="retention")
        with pytest.raises(Refused, match="消去するやりとりがありません"):
            erasing.erase(towns[ATSUGI], f"interest:{asked.pk}", ground="retention")
    assert due(ATSUGI, 3.1) == []
    assert written(consortium) == [None]


def test_waiting_interest_is_told_on_the_first_page(heads, towns, asked):
    assert "1件の関心に、返事を待たれています" in words(
        client_of(heads[YAIZU]).get(url(towns[YAIZU], "partners"))
    )
    assert "返事を待たれています" not in words(client_of(heads[ATSUGI]).get(url(towns[ATSUGI], "partners")))


def test_list_takes_as_many_queries_for_three_as_for_one(consortium, heads, towns, asked):
    client = client_of(heads[ATSUGI])
    one = queries(client, url(towns[ATSUGI], "partners_interests"))
    with in_consortium(consortium):
        verbs.declare(consortium, towns[KURASHIKI], heads[KURASHIKI], other=towns[ATSUGI], work="研修")
        verbs.answer(asked, heads[YAIZU], yes=False)
        verbs.declare(consortium, towns[ATSUGI], heads[ATSUGI], other=towns[YAIZU], work="研修")
    assert queries(client, url(towns[ATSUGI], "partners_interests")) == one
    rows = lines(client.get(url(towns[ATSUGI], "partners_interests") + "?format=csv"))
    assert [row[3] for row in rows[1:]] == ["返事待ち", "返事待ち", "見送り"]


def test_town_of_another_consortium_sees_nothing(consortium, asked):
    stranger = towns_of(many_towns(3))[0]
    client = client_of(a_person(Role.MANAGER, stranger))
    assert client.get(url(stranger, "partners_interest", asked.pk)).status_code == 404


def test_only_shared_choices_can_be_attached(consortium, heads, towns):
    from machi.joint.domain import partners as choices

    with in_consortium(consortium):
        selection = choices.save(consortium, towns[ATSUGI], heads[ATSUGI], title="組", codes=[ATSUGI, EBINA])
    client = client_of(heads[ATSUGI])
    given = {"other": YAIZU, "work": "給食", "selection": selection.pk}
    assert client.post(url(towns[ATSUGI], "partners_declare"), given).status_code == 200
    client.post(url(towns[ATSUGI], "partners_share", selection.pk))
    assert client.post(url(towns[ATSUGI], "partners_declare"), given).status_code == 302
    with in_consortium(consortium):
        made = Interest.objects.get()
    page = words(client_of(heads[YAIZU]).get(url(towns[YAIZU], "partners_interest", made.pk)))
    assert "選んだ町組" in page
    assert Municipality.objects.get(pk=EBINA).name == "海老名市"
