"""The joint room for many towns: all of Tokyo and Hiroshima, which both have a 府中市."""

from datetime import timedelta

import pytest
from django.utils import timezone

from machi.base.domain.register import load_register
from machi.base.models import Consortium, ConsortiumMember, Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain import calls_proposals, experts
from machi.joint.domain import places as rounds
from machi.joint.domain import places_supply as supply
from machi.joint.domain.calls_access import towns_behind
from machi.joint.models import Interest, PlaceAgreement, PlaceTable, Proposal, Spot, VisitPlan
from machi.joint.web import experts_pages
from tests.base.factories import a_person, approve
from tests.joint.calls import acting, an_open_call
from tests.joint.calls import office as office_acting
from tests.joint.experts import a_scene
from tests.joint.factories import client_of, office_of, towns_of, url

pytestmark = pytest.mark.django_db
FUCHU_TOKYO, FUCHU_HIROSHIMA, MACHIDA = "132063", "342084", "132098"


class Many:
    def __init__(self) -> None:
        load_register()
        self.consortium = Consortium.objects.create(name="東京と広島")
        found = Municipality.objects.filter(prefecture__name__in=["東京都", "広島県"])
        found.update(live=True)
        ConsortiumMember.objects.bulk_create(
            ConsortiumMember(consortium=self.consortium, municipality=one, since="2026-04-01")
            for one in found
        )
        self.towns = towns_of(self.consortium)
        self.town = Municipality.objects.get(pk=MACHIDA)
        self.head = a_person(Role.MANAGER, self.town)
        self.office = office_of(self.consortium)
        self.at_head, self.at_office = client_of(self.head), client_of(self.office)

    def url(self, name: str, *args: object) -> str:
        return url(self.town, name, *args)

    def a_round(self):
        with in_consortium(self.consortium), in_municipality(self.town):
            starts = timezone.localdate() + timedelta(days=90)
            return rounds.begin(
                self.consortium,
                self.town,
                self.office,
                {
                    "kind": "childcare",
                    "title": "保育の広域利用",
                    "year": starts.year,
                    "deadline": timezone.localdate(),
                    "starts_on": starts,
                },
            )


@pytest.fixture
def many() -> Many:
    return Many()


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def test_no_form_has_a_list_of_all_towns(many):
    about = many.a_round()
    with in_consortium(many.consortium):
        call = an_open_call(many.consortium, office_acting(many.consortium))
        Spot.objects.create(
            consortium=many.consortium,
            municipality=many.town,
            code="1",
            name="駅",
            category=Spot.Category.GATE,
            latitude=35.5,
            longitude=139.4,
            published=True,
            opens="09:00",
            closes="17:00",
            visit_minutes=5,
        )
    pages = {
        many.at_head: [
            many.url("begin_proposal", call.pk),
            many.url("partners_declare"),
            many.url("place_propose_agreement", about.pk),
            many.url("new_funding_check"),
            many.url("spots"),
            many.url("visit"),
            many.url("visit_planner"),
        ],
        many.at_office: [many.url("register_project"), many.url("name_reviewer", call.pk)],
    }
    for client, addresses in pages.items():
        for address in addresses:
            page = text(client.get(address))
            assert page.count("<datalist") == 1, address
            assert '<option value="東京都府中市 132063">' in page, address
            assert f'value="{FUCHU_TOKYO}"' not in page, address


def test_an_agreement_asks_which_fuchu_is_meant(many):
    about = many.a_round()
    address = many.url("place_propose_agreement", about.pk)
    page = text(many.at_head.post(address, {"home": "府中市", "quota": "3"}))
    assert "東京都府中市 132063、広島県府中市 342084" in page
    assert "長野市" not in page
    assert "ここで選べる自治体ではありません: 長野県長野市 202011" in text(
        many.at_head.post(address, {"home": "長野市"})
    )
    assert many.at_head.post(address, {"home": "広島県府中市", "quota": "3"}).status_code == 302
    with in_consortium(many.consortium):
        made = PlaceAgreement.objects.get()
        assert (made.host_id, made.home_id, made.quota) == (MACHIDA, FUCHU_HIROSHIMA, 3)


def test_one_does_not_agree_with_oneself(many):
    about = many.a_round()
    page = text(many.at_head.post(many.url("place_propose_agreement", about.pk), {"home": "町田市"}))
    assert "ここで選べる自治体ではありません" in page


def test_a_proposal_of_several_towns_is_begun_by_their_names(many):
    with in_consortium(many.consortium):
        call = an_open_call(many.consortium, office_acting(many.consortium))
    address = many.url("begin_proposal", call.pk)
    given = {"title": "窓口の共同化", "members": "広島県府中市\n八王子", "members-add": ["三次市", ""]}
    assert many.at_head.post(address, given).status_code == 302
    with in_consortium(many.consortium):
        codes = {one.municipality_id for one in Proposal.objects.get().members.all()}
    assert codes == {MACHIDA, FUCHU_HIROSHIMA, "132012", "342092"}


def test_interest_is_told_to_a_town_by_its_reading(many):
    given = {"other": "ふちゅうちょう", "work": "道路の点検", "message": "一緒に", "selection": ""}
    assert many.at_head.post(many.url("partners_declare"), given).status_code == 302
    with in_consortium(many.consortium):
        assert Interest.objects.get().asked_id == "343021"


def test_spots_are_narrowed_to_a_town_by_its_name(many):
    with in_consortium(many.consortium):
        for town in (many.town, Municipality.objects.get(pk=FUCHU_TOKYO)):
            Spot.objects.create(
                consortium=many.consortium,
                municipality=town,
                code="1",
                name=f"{town.name}の公園",
                category=Spot.Category.NATURE,
                latitude=35.5,
                longitude=139.4,
                published=True,
                opens="09:00",
                closes="17:00",
                visit_minutes=30,
            )
    page = text(client_of(many.head).get(many.url("visit"), {"town": "町田"}))
    assert "町田市の公園" in page
    assert "府中市の公園" not in page


def test_a_route_begins_in_a_town_that_is_written(many):
    approve(many.town, "joint.route")
    with in_consortium(many.consortium):
        for number, place in enumerate(((35.55, 139.45), (34.57, 133.24))):
            Spot.objects.create(
                consortium=many.consortium,
                municipality=many.town,
                code=str(number),
                name=f"公園{number}",
                category=Spot.Category.NATURE,
                latitude=place[0],
                longitude=place[1],
                published=True,
                opens="09:00",
                closes="17:00",
                visit_minutes=30,
            )
    given = {
        "starts_on": timezone.localdate() + timedelta(days=3),
        "days": 1,
        "start": "町田市",
        "finish": "",
        "stay": "",
        "mode": "car",
        "begin": 540,
        "end": 1020,
        "lunch": "60",
        "towns": "町田市\n東京都府中市",
    }
    assert "東京都府中市 132063" in text(
        many.at_head.post(many.url("visit_planner"), {**given, "start": "府中市"})
    )
    assert many.at_head.post(many.url("visit_planner"), given).status_code == 302
    with in_consortium(many.consortium):
        plan = VisitPlan.objects.get()
        assert plan.wishes["start"] == f"town:{MACHIDA}"
        assert plan.wishes["towns"] == [FUCHU_TOKYO, MACHIDA]
        assert list(plan.stops.exclude(spot=None).values_list("spot__name", flat=True)) == ["公園0"]
        assert plan.result["left"] == {"far": 1}  # in Hiroshima
    page = text(many.at_head.get(many.url("visit_planner") + f"?from={plan.token}"))
    assert 'value="東京都町田市 132098"' in page
    assert "東京都府中市 132063\n東京都町田市 132098" in page


def test_points_of_many_towns_stand_beside_each_other_a_few_at_a_time(many):
    about = many.a_round()
    with in_consortium(many.consortium):
        for town in many.towns[:30]:
            with in_municipality(town):
                supply.adopt_standard(about, town, many.head)
        with in_municipality(many.town):
            for _again in range(2):
                supply.adopt_standard(about, many.town, many.head)
        newest = rounds.current_tables(about)
        assert len(newest) == PlaceTable.objects.values("town").distinct().count()
        assert newest[MACHIDA].version == PlaceTable.objects.filter(town=many.town).count()
        assert set(rounds.current_tables(about, [MACHIDA, FUCHU_TOKYO])) <= {MACHIDA, FUCHU_TOKYO}
    page = text(many.at_head.get(many.url("place_tables", about.pk)))
    assert page.count('<th scope="col" class="number">') == 12
    assert "町田市" in page  # its own first
    lines = many.at_head.get(many.url("place_tables", about.pk) + "?format=csv")
    head = b"".join(lines.streaming_content).decode("utf-8-sig").splitlines()[0]
    assert len(head.split(",")) == 1 + len(newest)


@pytest.mark.long
def test_proposals_of_more_than_a_thousand_towns_are_read():
    """SQLite refuses conditions that nest deeper than a thousand, as a prefetch of their towns would be."""
    load_register()
    consortium = Consortium.objects.create(name="全国")
    town = Municipality.objects.get(pk=MACHIDA)
    ConsortiumMember.objects.bulk_create(
        ConsortiumMember(consortium=consortium, municipality=one, since="2026-04-01")
        for one in Municipality.objects.all()
    )
    with in_consortium(consortium), in_municipality(town):
        call = an_open_call(consortium, office_acting(consortium))
        others = list(Municipality.objects.exclude(pk=MACHIDA))
        calls_proposals.begin(call, acting(town), "全国で", others)
        (found,) = Proposal.objects.prefetch_related(towns_behind())
        assert len({one.municipality.name for one in found.members.all()}) > 1000


def test_postings_and_experts_of_a_round_are_counted_apart():
    scene = a_scene()
    for town in (scene.atsugi, scene.yaizu):
        scene.posting(town)
    scene.posting(scene.kurashiki, published=False)
    for _number in range(3):
        scene.expert(accepted=False)
    with scene.inside():
        (found,) = experts.rounds()
        assert (found.posting_count, found.expert_count) == (2, 3)


def test_many_experts_are_ranked_a_page_at_a_time_and_no_number_is_lost(monkeypatch):
    monkeypatch.setattr(experts_pages, "_RANKED_A_PAGE", 2)
    scene = a_scene()
    town = scene.atsugi
    town.prefecture.refresh_from_db()
    posting = scene.posting(town)
    people = [scene.expert() for _number in range(5)]
    scene.rank()
    clerk, address = client_of(scene.clerks[town.pk]), url(town, "rank_experts", posting.pk)
    first = text(clerk.get(address))
    assert first.count('<section class="card rank-card"') == 2
    assert "3ページ中 1ページ目" in first
    on_the_last = [one for one in people if f"tier-{one.pk}" in text(clerk.get(address + "?page=3"))]
    (last,) = on_the_last
    assert clerk.post(address + "?page=3", {f"tier-{last.pk}": "1"}).status_code == 302
    assert f'name="tier-{last.pk}" value="1"' in text(clerk.get(address))  # it now begins the first page
    other = next(one for one in people if one != last)
    # Sent from the page as it stood before: only what was on it counts, and the rest stays.
    assert clerk.post(address, {f"tier-{other.pk}": "2"}).status_code == 302
    with scene.inside():
        found = dict(posting.wishes.filter(side="town").values_list("expert_id", "tier"))
    assert found == {last.pk: 1, other.pk: 2}
    assert clerk.post(address, {f"tier-{last.pk}": ""}).status_code == 302
    with scene.inside():
        assert list(posting.wishes.filter(side="town").values_list("expert_id", flat=True)) == [other.pk]
