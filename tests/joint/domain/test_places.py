"""Welfare places: a round from opening to letters, through the verbs."""

import gzip
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, LedgerRuling, Municipality
from machi.base.running import NotApproved
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import places as verbs
from machi.joint.domain import places_allocation as allocating
from machi.joint.domain import places_confirming as confirming
from machi.joint.domain import places_families as families
from machi.joint.domain import places_second
from machi.joint.domain import places_supply as supply
from machi.joint.domain.places_erasure import expired_families
from machi.joint.domain.places_kinds import Item, Tie
from machi.joint.domain.places_letters import letters
from machi.joint.domain.places_shown import claims, demand, offers, shares
from machi.joint.engine.welfare_record import check
from machi.joint.models import PlaceAllocation, PlaceApplicant, PlaceFamily, PlaceOffer, PlaceReasons
from tests.joint.place_rounds import DATES, World, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def outcome(world):
    """Facility's code by the applicant's number."""
    with in_consortium(world.consortium):
        allocation = confirming.proposal(world.round)
        found = PlaceOffer.objects.filter(allocation=allocation).select_related("facility")
        return {one.number: one.facility.code if one.facility else None for one in found}


def entries(town, **by):
    with in_municipality(town):
        return [json.loads(one.body)["outputs"] for one in LedgerEntry.objects.filter(**by).order_by("index")]


def test_a_round_from_opening_to_letters(world):
    filled(world)
    world.close()
    assert world.allocate().state == "done"
    assert outcome(world) == {
        "142123-0001-1": "A1",
        "142123-0002-1": "Y1",
        "142123-0003-1": None,
        "142123-0004-1": "A2",
        "142123-0004-2": "A2",
        "222127-0001-1": "Y1",
        "332020-0001-1": "K1",
    }
    atsugi = world.towns[0]
    with world.at(atsugi), pytest.raises(Refused):
        letters(world.round, atsugi)
    world.confirm()
    assert world.round.state == "confirmed"
    with world.at(atsugi):
        written = letters(world.round, atsugi)
    assert [one.to for one in written] == ["青木 様", "石井 様", "上田 様", "江口 様"]
    told = json.dumps([str(block) for block in written[2].body], ensure_ascii=False)
    assert "第1希望 A1園: あなたの点数は10点で、点数のより高い方で枠がいっぱいになりました。" in told
    assert "お住まいの町から受け入れる人数は1人までです" in told
    assert not any(name in told for name in ("青木", "石井", "江口", "岡田"))
    assert "審査請求" in told


def test_the_allocation_is_in_every_towns_ledger_with_its_stability(world):
    filled(world)
    world.close()
    allocation = world.allocate()
    for town in world.towns:
        (found,) = entries(town, kind="result", system="joint.place_allocation")
        assert (found["applicants"], found["placed"], found["stable"], found["sound"]) == (7, 6, True, True)
        assert found["seed"] == world.round.seed
    with in_consortium(world.consortium):
        record = json.loads(gzip.decompress(bytes(PlaceAllocation.objects.get(pk=allocation.pk).audit)))
    assert check(record).sound
    assert "青木" not in json.dumps(record, ensure_ascii=False)


def test_a_town_that_did_not_approve_the_system_keeps_it_from_running(world):
    filled(world)
    world.close()
    yaizu = world.towns[1]
    with in_municipality(yaizu):
        RegisteredSystem.objects.filter(key=allocating.ALLOCATION).update(state="suspended")
    with pytest.raises(NotApproved, match="焼津市"):
        world.allocate()
    with in_consortium(world.consortium):
        assert not PlaceAllocation.objects.exists()
    assert entries(world.towns[0], kind="result") == []


def test_a_system_stopped_while_it_waits_for_a_worker_fails_and_says_why(world):
    filled(world)
    world.close()
    with world.at(world.towns[0]):
        allocating.start(world.round, world.towns[0], world.office, trial=False)
    with in_municipality(world.towns[1]):
        RegisteredSystem.objects.filter(key=allocating.ALLOCATION).update(state="suspended")
    made = world.work()
    assert made.state == "failed"
    assert made.why
    with in_consortium(world.consortium):
        assert not PlaceOffer.objects.exists()


def test_a_trial_is_never_a_result(world):
    filled(world)
    made = world.allocate(trial=True)
    assert (made.state, made.summary["placed"], made.audit) == ("done", 6, None)
    with in_consortium(world.consortium):
        assert confirming.proposal(world.round) is None
        assert not PlaceOffer.objects.exists()
    for town in world.towns:
        assert entries(town, kind="result") == []
    with world.at(world.towns[0]), pytest.raises(Refused, match="締め切ってから"):
        allocating.start(world.round, world.towns[0], world.office, trial=False)
    world.close()
    with world.at(world.towns[0]), pytest.raises(Refused, match="受付中だけ"):
        allocating.start(world.round, world.towns[0], world.office, trial=True)


def test_the_same_round_allocated_again_gives_the_same(world):
    filled(world)
    world.close()
    first = bytes(world.allocate().audit)
    found = outcome(world)
    with world.at(world.towns[0]):
        verbs.reopen(world.round, world.towns[0], world.office, "やり直し")
        assert not PlaceOffer.objects.exists()
        assert not PlaceReasons.objects.exists()
    world.close()
    assert bytes(world.allocate().audit) == first
    assert outcome(world) == found


def test_nothing_changes_once_closed(world):
    places = filled(world)
    world.close()
    atsugi = world.towns[0]
    clerk = world.clerks[atsugi.pk]
    with world.at(atsugi):
        family = PlaceFamily.objects.first()
        for act in (
            lambda: families.put_family(world.round, atsugi, clerk, {"name": "x"}, family),
            lambda: families.withdraw_applicant(PlaceApplicant.objects.first(), clerk),
            lambda: supply.adopt_standard(world.round, atsugi, clerk),
            lambda: supply.drop_facility(places["A1"], atsugi, clerk),
            lambda: supply.propose_agreement(
                world.round, atsugi, clerk, world.towns[1], equal=True, quota=None
            ),
            lambda: verbs.close(world.round, atsugi, world.office),
        ):
            with pytest.raises(Refused, match="受付は終わっています"):
                act()


def test_a_round_is_not_closed_before_its_day_nor_without_rules(world):
    atsugi = world.towns[0]
    with world.at(atsugi):
        later = verbs.begin(
            world.consortium,
            atsugi,
            world.office,
            {**DATES, "kind": "childcare", "deadline": timezone.localdate() + timedelta(days=1)},
        )
        assert [why[:4] for why in verbs.why_not_closed(later)] == ["締切の日", "施設がま"]
    world.facility(atsugi, "A1", {"0歳児": 1})
    with world.at(atsugi):
        (why,) = verbs.why_not_closed(world.round)
        assert "厚木市" in why
        with pytest.raises(Refused):
            verbs.close(world.round, atsugi, world.office)


def test_points_are_shown_item_by_item_by_the_hosts_rules(world):
    places = filled(world)
    yaizu = world.towns[1]
    with world.at(yaizu):
        items = [Item("work", "就労", 7, 3), Item("222127-1", "市内で働いている", 5)]
        made = supply.put_table(world.round, yaizu, world.clerks[yaizu.pk], items, [Tie("work")])
        assert made.version == 2
    atsugi = world.towns[0]
    with world.at(atsugi):
        applicant = families.applicants(world.round).get(family__number="0002")
        first, second = families.pointed(world.round, applicant)
        assert (first.facility, first.points) == (places["A1"], 20)
        assert [(line.units, line.worth, line.points) for line in second.lines] == [(2, 7, 14)]
        known = {item.key: of for item, of in supply.known_items(world.round, [atsugi.pk, yaizu.pk])}
        assert known["222127-1"] == str(yaizu)


def test_wishes_beyond_agreements_are_refused(world):
    places = filled(world)
    atsugi, yaizu, kurashiki = world.towns
    for town, code in ((yaizu, "A1"), (atsugi, "K1")):
        with pytest.raises(Refused) as refused:
            world.family(town, "外", ("0歳児", [places[code]], {}, {}))
        assert refused.value.field == "wish_1"
    world.agreed(kurashiki, atsugi)
    with world.at(atsugi):  # the facility itself takes nobody from outside
        assert "K1" not in supply.may_be_wished(world.round, atsugi).values_list("code", flat=True)


def test_an_agreement_holds_only_once_both_towns_agreed(world):
    atsugi, yaizu, _kurashiki = world.towns
    with world.at(yaizu):
        made = supply.propose_agreement(
            world.round, yaizu, world.heads[yaizu.pk], atsugi, equal=False, quota=3
        )
        with pytest.raises(Refused):
            supply.agree(made, yaizu, world.heads[yaizu.pk])
    with world.at(atsugi):
        assert supply.open_to(world.round, atsugi) == [atsugi.pk]
        supply.agree(made, atsugi, world.heads[atsugi.pk])
        assert supply.open_to(world.round, atsugi) == [atsugi.pk, yaizu.pk]
    assert entries(yaizu, subject=f"place_round:{world.round.pk}")[-1]["action"] == "agree"
    with world.at(yaizu):  # a change asks again
        supply.propose_agreement(world.round, yaizu, world.heads[yaizu.pk], atsugi, equal=True, quota=3)
        assert supply.open_to(world.round, atsugi) == [atsugi.pk]


def test_a_person_decides_otherwise_within_places_and_the_towns_confirm_anew(world):
    places = filled(world)
    world.close()
    allocation = world.allocate()
    atsugi, yaizu, kurashiki = world.towns
    head = world.heads[atsugi.pk]
    for town in (atsugi, yaizu):
        with world.at(town):
            assert not confirming.confirm(allocation, town, world.heads[town.pk])
    with world.at(atsugi):
        offers_ = {one.number[-6:]: one for one in PlaceOffer.objects.filter(home=atsugi)}
        with pytest.raises(Refused, match="空いている枠"):
            confirming.change_offer(offers_["0003-1"], atsugi, head, places["A1"], "事情")
        with pytest.raises(Refused, match="理由"):
            confirming.change_offer(offers_["0002-1"], atsugi, head, None, " ")
        confirming.change_offer(offers_["0002-1"], atsugi, head, None, "転居するため")
        confirming.change_offer(offers_["0003-1"], atsugi, head, places["Y1"], "緊急の事情")
        assert confirming.unconfirmed(allocation) == [atsugi.pk, yaizu.pk, kurashiki.pk]
        moved = PlaceOffer.objects.get(pk=offers_["0003-1"].pk)
        assert (moved.facility, moved.proposed, moved.rank) == (places["Y1"], None, 2)
        assert PlaceReasons.objects.get(offer=moved).ruling == "緊急の事情"
        assert [one.verdict for one in LedgerRuling.objects.all()] == ["overrule", "overrule"]
        assert not LedgerRuling.objects.filter(reason__contains="緊急").exists()
    with world.at(yaizu), pytest.raises(Refused):
        confirming.change_offer(moved, yaizu, world.heads[yaizu.pk], None, "よその町の人")
    world.confirm()
    with world.at(atsugi):
        body = "".join(str(block) for block in letters(world.round, atsugi)[2].body)
        assert "町の職員が個別の事情を確かめ" in body
        assert "緊急" not in body


def test_who_waits_is_told_of_a_place_that_a_person_freed(world):
    filled(world)
    world.close()
    world.allocate()
    atsugi = world.towns[0]
    with world.at(atsugi):
        going = PlaceOffer.objects.get(number="142123-0002-1")
        confirming.change_offer(going, atsugi, world.heads[atsugi.pk], None, "転居するため")
    world.confirm()
    with world.at(atsugi):
        told = ["個別の事情で空いた枠" in str(one.body) for one in letters(world.round, atsugi)]
    assert told == [False, False, True, False]


def test_quota_of_an_agreement_holds_for_people_too(world):
    places = filled(world)
    world.close()
    world.allocate()
    atsugi = world.towns[0]
    with world.at(atsugi):
        waiting = PlaceOffer.objects.get(number="142123-0003-1")
        with pytest.raises(Refused, match="合意で受け入れる人数"):
            confirming.change_offer(waiting, atsugi, world.heads[atsugi.pk], places["Y1"], "事情")


def test_places_given_back_go_to_a_second_round_with_who_still_waits(world):
    filled(world)
    world.close()
    world.allocate()
    world.confirm()
    atsugi, yaizu, _kurashiki = world.towns
    with world.at(yaizu):
        given_back = PlaceOffer.objects.select_related("allocation").get(number="222127-0001-1")
        confirming.decline(given_back, yaizu, world.clerks[yaizu.pk])
        with pytest.raises(Refused, match="すでに"):
            confirming.decline(given_back, yaizu, world.clerks[yaizu.pk])
    with world.at(atsugi):
        second = places_second.begin_second(
            world.round, atsugi, world.office, {**DATES, "deadline": timezone.localdate()}
        )
        with pytest.raises(Refused, match="移しています"):
            supply.adopt_standard(second, atsugi, world.heads[atsugi.pk])
        assert "前の回から移しています" in verbs.why_not_closed(second)[0]
        assert not families.families(second)
        places_second.move(second, atsugi)
        places_second.move(second, atsugi)  # a task given twice
        left = {one.code: one.seats for one in supply.facilities(second)}
        assert left == {"A1": {"1歳児": 1}, "A2": {}, "Y1": {"0歳児": 2}, "K1": {}}
        assert [family.name for family in families.families(second)] == ["上田"]
        agreement = supply.agreements(second).get(host=yaizu)
        assert agreement.quota == 0  # its one place for Atsugi is taken
    world.round = second
    world.close()
    world.allocate()
    assert outcome(world) == {"142123-0003-1": None}


def test_families_cannot_be_reached_from_another_town(world):
    filled(world)
    atsugi, yaizu, _kurashiki = world.towns
    with world.at(yaizu):
        assert [one.name for one in PlaceFamily.objects.all()] == ["岡田"]
        assert not PlaceFamily.objects.filter(municipality=atsugi).exists()
        assert [row[1:3] for row in demand(world.round)] == [[4, 1], [1, 0], [1, 0]]
    with in_consortium(world.consortium):
        assert families.asking(world.round)[atsugi.pk, "0歳児"] == 4


def test_a_town_sees_its_own_results_and_who_comes_to_it(world):
    filled(world)
    world.close()
    allocation = world.allocate()
    atsugi, yaizu, kurashiki = world.towns

    def seen(town, everything=False):
        with world.at(town):
            return [one.number for one in offers(allocation, town, everything=everything)]

    assert seen(yaizu) == ["142123-0002-1", "222127-0001-1"]
    assert seen(kurashiki) == ["332020-0001-1"]
    assert len(seen(atsugi)) == 5
    assert len(seen(yaizu, everything=True)) == 7
    with world.at(yaizu):
        hidden = {one.town.pk: one.hidden for one in shares(allocation, yaizu, everything=False)}
        assert hidden == {yaizu.pk: False, atsugi.pk: False, kurashiki.pk: True}
        assert not any(one.hidden for one in shares(allocation, yaizu, everything=True))
        assert claims(allocation, yaizu, everything=False) == []


def test_erasing_a_family_leaves_numbers_and_says_so(world):
    filled(world)
    world.close()
    world.allocate()
    atsugi = world.towns[0]
    with world.at(atsugi):
        family = PlaceFamily.objects.get(number="0002")
        erasing.erase(atsugi, f"place_family:{family.pk}", ground="request", reference="第1号")
        family.refresh_from_db()
        assert (family.name, family.address, family.erased_at is None) == (None, None, False)
        applicant = PlaceApplicant.objects.get(family=family)
        assert (applicant.name, applicant.facts) == (None, {})
        assert PlaceReasons.objects.get(applicant=applicant).reasons == []
        assert PlaceOffer.objects.get(number="142123-0002-1").facility is not None
        with pytest.raises(Refused):
            erasing.erase(atsugi, f"place_family:{family.pk}", ground="request")
    assert entries(atsugi, kind="erasure")[-1]["erased"]["families"] == 1
    world.confirm()
    with world.at(atsugi):
        assert "石井 様" not in [one.to for one in letters(world.round, atsugi)]


def test_families_expire_five_years_after_their_year(world):
    filled(world)
    atsugi = world.towns[0]
    with world.at(atsugi):
        verbs.cancel(world.round, atsugi, world.office, "見送り")
        now = timezone.now()
        assert expired_families(atsugi, now) == []
        type(world.round).objects.update(year=now.year - 8)
        assert len(expired_families(atsugi, now)) == 4


def test_kinds_have_their_own_classes_and_rules():
    world = World(kind="short_stay")
    assert world.round.classes[0] == "2099年4月1日から7日間"
    assert len(world.round.classes) == 8
    atsugi = world.towns[0]
    place = world.facility(atsugi, "S1", {world.round.classes[0]: 1})
    world.tables()
    label = world.round.classes[0]
    world.family(atsugi, "木村", (label, [place], {"respite": 1, "level": 2}, {}))
    world.family(atsugi, "工藤", (label, [place], {"emergency": 1}, {}))
    world.close()
    world.allocate()
    assert outcome(world) == {"142123-0001-1": None, "142123-0002-1": "S1"}


def test_elderly_care_counts_rooms_and_levels():
    world = World(kind="elderly")
    assert world.round.classes == [
        "個室・要介護3",
        "個室・要介護4・5",
        "多床室・要介護3",
        "多床室・要介護4・5",
    ]
    atsugi = world.towns[0]
    shared = ["個室・要介護3", "個室・要介護4・5"]
    place = world.facility(atsugi, "E1", {}, flexible=1, shared=shared)
    world.tables()
    world.family(atsugi, "小林", (shared[0], [place], {"level": 3}, {}))
    world.family(atsugi, "斎藤", (shared[1], [place], {"level": 5}, {}))
    world.close()
    world.allocate()
    assert outcome(world) == {"142123-0001-1": None, "142123-0002-1": "E1"}


def test_towns_named_in_the_ledger_are_those_that_take_part(world):
    filled(world)
    with in_consortium(world.consortium):
        assert [town.pk for town in allocating.taking_part(world.round)] == [
            one.pk for one in Municipality.objects.order_by("code")
        ]
