"""The pages of experts: the whole cycle, who sees what, lists and files."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from machi.base.models import Consortium, ConsortiumMember, Role
from machi.base.scoping import in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import experts_agreements, experts_matching
from machi.joint.models import Expert, ExpertAgreement, ExpertOffer, ExpertRound, MatchingRun, Posting
from machi.joint.registration.experts import MATCHING
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import data, text
from tests.joint.experts import NEED, PROFILE, a_scene
from tests.joint.factories import client_of, url

pytestmark = pytest.mark.django_db
SKILLS = ("it_strategy", "data_analysis", "cybersecurity", "cloud", "service_design", "ai_automation")
FORM_NEED = {
    **{name: str(value) for name, value in NEED.items() if name != "skills"},
    **{f"skill-{skill}": "2" if skill == "cloud" else "0" for skill in SKILLS},
}
FORM_PROFILE = {
    **{name: str(value) for name, value in PROFILE.items() if name != "skills"},
    **{f"skill-{skill}": "3" if skill == "cloud" else "0" for skill in SKILLS},
    "home": "神奈川県厚木市",
    "conflicts": "",
    "understood": "on",
}


@pytest.fixture
def scene():
    found = a_scene()
    for town in (found.atsugi, found.yaizu, found.kurashiki):
        town.prefecture.refresh_from_db()
    return found


@pytest.fixture
def office(scene):
    return client_of(scene.office)


def clerk(scene, town):
    return client_of(scene.clerks[town.code])


def manager(scene, town):
    return client_of(scene.managers[town.code])


def test_whole_cycle_through_the_pages(scene, office):
    a, pk = scene.atsugi, scene.round.pk
    # A town posts; nobody else sees the draft.
    response = clerk(scene, a).post(url(a, "post_need", pk), FORM_NEED)
    with scene.inside():
        posting = Posting.objects.get()
    assert response["Location"] == url(a, "posting", posting.pk)
    assert NEED["title"] not in text(clerk(scene, scene.yaizu).get(url(scene.yaizu, "postings", pk)))
    assert manager(scene, scene.yaizu).get(url(scene.yaizu, "posting", posting.pk)).status_code == 404
    assert clerk(scene, a).post(url(a, "publish_need", posting.pk)).status_code == 403
    manager(scene, a).post(url(a, "publish_need", posting.pk))
    assert NEED["title"] in text(clerk(scene, scene.yaizu).get(url(scene.yaizu, "postings", pk)))
    # An expert registers without an account.
    stranger = Client()
    assert NEED["title"] in text(stranger.get(url(a, "expert_needs", pk)))
    response = stranger.post(url(a, "expert_register", pk), FORM_PROFILE)
    own = response["Location"]
    assert re.search(r"/experts/my/[\w-]{32}/$", own)
    assert "応募を受け付けました" in text(stranger.get(own))
    # The joint office screens.
    with scene.inside():
        expert = Expert.objects.get()
    for step in range(4):
        page = text(office.get(url(a, "expert", pk, expert.number)))
        assert "次の確認" in page, step
        office.post(url(a, "screen_expert", pk, expert.number), {"passed": "yes", "reason": "確かめた"})
    assert "登録済み" in text(office.get(url(a, "expert", pk, expert.number)))
    # Both rank.
    office.post(url(a, "start_expert_ranking", pk))
    page = text(clerk(scene, a).get(url(a, "rank_experts", posting.pk)))
    assert "専門家1" in page
    assert PROFILE["name"] not in page
    clerk(scene, a).post(url(a, "rank_experts", posting.pk), {f"tier-{expert.pk}": "1"})
    stranger.post(own + "wishes/", {f"tier-{posting.pk}": "1"})
    # The joint office computes, compares and releases.
    office.post(url(a, "compute_matching", pk))
    with scene.inside():
        run = MatchingRun.objects.get()
        result = run.results.get(method="experts")
    assert "3つの方法を比べる" in text(office.get(url(a, "matching_run", run.pk)))
    assert "専門家の希望で1番目、自治体の希望で1番目" in text(
        office.get(url(a, "matching_result", result.pk))
    )
    response = office.post(url(a, "release_matching", result.pk), {"reason": "どの方法でも同じ"})
    assert response["Location"] == url(a, "expert_offers", pk)
    # Both accept; only then the name appears.
    with scene.inside():
        offer = ExpertOffer.objects.get()
    assert PROFILE["name"] not in text(manager(scene, a).get(url(a, "expert_offer", offer.pk)))
    stranger.post(f"{own}offers/{offer.pk}/", {"accept": "yes"})
    assert PROFILE["name"] not in text(manager(scene, a).get(url(a, "expert_offer", offer.pk)))
    manager(scene, a).post(url(a, "expert_offer", offer.pk), {"accept": "yes"})
    with scene.inside():
        agreement = ExpertAgreement.objects.get()
        ExpertAgreement.objects.update(first=timezone.localdate() - timedelta(days=40))
    page = text(clerk(scene, a).get(url(a, "expert_agreement", agreement.pk)))
    assert PROFILE["name"] in page
    assert data(clerk(scene, a).get(url(a, "expert_letter", agreement.pk, "agreement", "pdf")))[:4] == b"%PDF"
    assert data(clerk(scene, a).get(url(a, "expert_letter", agreement.pk, "reports", "docx")))[:2] == b"PK"
    # Reports and outcomes.
    month = f"{timezone.localdate():%Y-%m}"
    given = {"month": month, "hours": "12.5", "work": "移行計画"}
    stranger.post(f"{own}agreements/{agreement.pk}/report/", given)
    assert "移行計画" in text(clerk(scene, a).get(url(a, "expert_agreement", agreement.pk)))
    with scene.inside():
        told = agreement.reports.get()
    clerk(scene, a).post(url(a, "confirm_expert_report", agreement.pk, told.pk))
    assert "確認済み" in text(stranger.get(f"{own}agreements/{agreement.pk}/report/"))
    measure = {"name": "移行した業務", "unit": "件", "before": "0", "target": "5"}
    clerk(scene, a).post(url(a, "add_expert_outcome", agreement.pk), measure)
    assert "移行した業務" in text(clerk(scene, a).get(url(a, "expert_agreement", agreement.pk)))
    # Numbers for everybody, small ones hidden.
    assert stranger.get(url(a, "expert_results", pk)).status_code == 404
    office.post(url(a, "publish_expert_numbers", pk))
    page = text(stranger.get(url(a, "expert_results", pk)))
    assert "非公表" in page
    numbers = dict(lines(stranger.get(url(a, "expert_results", pk) + "?format=csv"))[1:])
    assert numbers["応募した人"] == "非公表"
    assert numbers["求人を出した自治体"] == "1"
    office.post(url(a, "close_expert_round", pk))
    with scene.inside():
        assert ExpertRound.objects.get().state == "closed"


PAGES = (
    "experts", "expert_round", "postings", "expert_list", "expert_offers", "expert_agreements",
)  # fmt: skip


def test_names_and_contacts_are_on_no_page_or_file_of_a_town_before_agreement(scene):
    posting = scene.posting(scene.atsugi)
    expert = scene.expert()
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        result = run.results.select_related("run__round").get(method="experts")
        experts_matching.release(result, scene.atsugi, scene.office, "理由")
        offer = ExpertOffer.objects.get()
        experts_agreements.town_answers(offer, scene.managers["142123"], accept=True)
    secrets = [
        PROFILE["name"],
        PROFILE["telephone"],
        PROFILE["employer"],
        PROFILE["evidence"],
        "@expert.example",
    ]
    a, pk = scene.atsugi, scene.round.pk
    for person in (scene.clerks[a.code], scene.managers[a.code], a_person(Role.AI_OFFICER, a)):
        client = client_of(person)
        addresses = [url(a, name, *([] if name == "experts" else [pk])) for name in PAGES]
        addresses += [
            url(a, "expert", pk, expert.number),
            url(a, "posting", posting.pk),
            url(a, "expert_offer", offer.pk),
        ]
        for address in addresses:
            page = text(client.get(address))
            assert [one for one in secrets if one in page] == [], address
        for name in [one for one in PAGES if one != "expert_round"]:
            address = url(a, name, *([] if name == "experts" else [pk])) + "?format=csv"
            file = "".join("".join(row) for row in lines(client.get(address)))
            assert [one for one in secrets if one in file] == [], name
    # The joint office, which screens, sees them.
    page = text(client_of(scene.office).get(url(a, "expert", pk, expert.number)))
    assert all(one in page for one in secrets)


def test_only_the_town_that_agreed_learns_the_name(scene):
    posting = scene.posting(scene.atsugi)
    scene.posting(scene.yaizu, skills={"data_analysis": 3})
    expert = scene.expert()
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        result = run.results.select_related("run__round").get(method="experts")
        experts_matching.release(result, scene.atsugi, scene.office, "理由")
        offer = ExpertOffer.objects.get()
        experts_agreements.town_answers(offer, scene.managers["142123"], accept=True)
        experts_agreements.expert_answers(offer, accept=True)
        agreement = ExpertAgreement.objects.get()
    a, y, pk = scene.atsugi, scene.yaizu, scene.round.pk
    assert PROFILE["name"] in text(clerk(scene, a).get(url(a, "expert", pk, expert.number)))
    other = clerk(scene, y)
    assert PROFILE["name"] not in text(other.get(url(y, "expert", pk, expert.number)))
    assert other.get(url(y, "expert_agreement", agreement.pk)).status_code == 404
    assert other.get(url(y, "expert_offer", offer.pk)).status_code == 404
    assert other.get(url(y, "expert_letter", agreement.pk, "agreement", "pdf")).status_code == 404
    assert lines(other.get(url(y, "expert_agreements", pk) + "?format=csv"))[1:] == []
    assert posting.pk


def test_a_town_outside_the_consortium_reaches_nothing(scene):
    posting, expert = scene.posting(scene.atsugi), scene.expert()
    ConsortiumMember.objects.filter(municipality=scene.kurashiki).delete()
    outside = Consortium.objects.create(name="別の共同体")
    ConsortiumMember.objects.create(consortium=outside, municipality=scene.kurashiki, since="2026-04-01")
    k, pk = scene.kurashiki, scene.round.pk
    client = clerk(scene, k)
    assert lines(client.get(url(k, "experts") + "?format=csv"))[1:] == []
    for name, arguments in (
        ("expert_round", [pk]), ("postings", [pk]), ("posting", [posting.pk]), ("expert", [pk, expert.number]),
        ("expert_needs", [pk]), ("expert_register", [pk]), ("expert_status", [expert.token]),
    ):  # fmt: skip
        assert client.get(url(k, name, *arguments)).status_code == 404, name


def test_only_the_joint_office_screens_computes_and_releases(scene):
    scene.posting(scene.atsugi)
    expert = scene.expert(accepted=False)
    a, pk = scene.atsugi, scene.round.pk
    for name, arguments in (
        ("begin_expert_round", []), ("start_expert_ranking", [pk]), ("screen_expert", [pk, expert.number]),
        ("matching_runs", [pk]), ("compute_matching", [pk]), ("publish_expert_numbers", [pk]),
    ):  # fmt: skip
        assert manager(scene, a).get(url(a, name, *arguments)).status_code == 403, name
    assert manager(scene, a).get(url(a, "expert", pk, expert.number)).status_code == 302
    assert client_of(a_person(Role.AUDITOR, a)).get(url(a, "experts")).status_code == 403


def test_another_town_changes_no_posting(scene):
    posting = scene.posting(scene.atsugi)
    y = scene.yaizu
    for name in ("change_need", "withdraw_need", "rank_experts"):
        assert clerk(scene, y).post(url(y, name, posting.pk), FORM_NEED).status_code == 404, name


def test_unapproved_system_answers_with_its_page(scene, office):
    scene.posting(scene.atsugi)
    scene.expert()
    scene.rank()
    with in_municipality(scene.atsugi):
        RegisteredSystem.objects.filter(key=MATCHING).update(state="suspended")
    response = office.post(url(scene.atsugi, "compute_matching", scene.round.pk))
    assert response.status_code == 403
    assert "まだ使えません" in response.content.decode() or "承認" in response.content.decode()


def test_pinned_pair_shows_what_changes(scene, office):
    one, two = scene.posting(scene.atsugi), scene.posting(scene.yaizu)
    good, poor = scene.expert(), scene.expert(skills={"cloud": 1})
    scene.rank()
    a = scene.atsugi
    office.post(url(a, "compute_matching", scene.round.pk))
    with scene.inside():
        first = MatchingRun.objects.get()
        had = first.results.get(method="experts").pairs
        partner = next(pair["posting"] for pair in had if pair["expert"] == good.pk)
    response = office.post(url(a, "pin_matching", first.pk), {"expert": poor.pk, "posting": partner})
    page = text(office.get(response["Location"]))
    assert "固定した組" in page
    assert "新しくできた組" in page
    assert {one.pk, two.pk} >= {partner}


def test_shared_staff_is_registered_by_its_town_and_known_to_it_alone(scene):
    a, y, pk = scene.atsugi, scene.yaizu, scene.round.pk
    given = {**FORM_PROFILE, "name": "佐藤 次郎"}
    response = clerk(scene, a).post(url(a, "register_staff", pk), given)
    with scene.inside():
        staff = Expert.objects.get()
        assert (staff.kind, staff.town_id) == ("shared", a.pk)
    page = text(clerk(scene, a).get(response["Location"]))
    assert "佐藤 次郎" in page
    assert staff.token in page
    scene.screen(staff)
    page = text(clerk(scene, y).get(url(y, "expert", pk, staff.number)))
    assert "佐藤" not in page
    assert staff.token not in page
    assert "自治体の職員（共同利用）" in page


def a_list(*rows, skill="3"):
    head = [
        "氏名",
        "メールアドレス",
        "経験",
        "クラウド",
        "使える時間",
        "拠点",
        "始められる日",
        "終わりの日",
        "報酬",
    ]
    filled = [
        [*row[:3], skill, "20", "神奈川県厚木市", "令和9年4月1日", "2028-03-31", "5,000円"] for row in rows
    ]
    return io.BytesIO(
        "\n".join(",".join(f'"{one}"' for one in row) for row in [head, *filled]).encode("cp932")
    )


def test_list_is_told_dry_and_taken_as_a_whole(scene, office):
    address = url(scene.atsugi, "import_experts", scene.round.pk)
    file = a_list(("鈴木 一", "one@expert.example", "10年"), ("高橋 二", "two@expert.example", "5年"))
    file.name = "list.csv"
    page = text(office.post(address, {"file": file}))
    assert "2人を取り込めます" in page
    with scene.inside():
        assert not Expert.objects.exists()
    sealed = re.search(r'name="held" value="([^"]+)"', page)[1]
    office.post(address, {"held": sealed})
    with scene.inside():
        assert [one.name for one in Expert.objects.all()] == ["鈴木 一", "高橋 二"]
        assert {one.kind for one in Expert.objects.all()} == {"external"}
    assert "もう一度選んで" in text(office.post(address, {"held": sealed[:-2]}, follow=True))
    assert "同じメールアドレス" in text(office.post(address, {"held": sealed}))


def test_list_with_problems_names_row_and_column_and_is_not_taken(scene, office):
    address = url(scene.atsugi, "import_experts", scene.round.pk)
    file = a_list(("鈴木 一", "no-address", "10年"), ("", "two@expert.example", "5年"), skill="5")
    file.name = "list.csv"
    page = text(office.post(address, {"file": file}))
    assert "2行目の「メールアドレス」（「no-address」）: メールアドレスとして読めません。" in page
    assert "3行目の「氏名」: 空欄です" in page
    assert "2行目の「クラウド」" in page
    assert "この内容で取り込む" not in page
    with scene.inside():
        assert not Expert.objects.exists()


def test_registering_too_often_from_one_address_is_stopped(scene):
    stranger = Client()
    address = url(scene.atsugi, "expert_register", scene.round.pk)
    people = [{**FORM_PROFILE, "email": f"one{number}@expert.example"} for number in range(11)]
    answers = [stranger.post(address, one).status_code for one in people]
    assert answers == [302] * 10 + [429]


def test_nobody_is_flooded_with_letters_by_registering_or_asking(scene):
    addresses = [url(scene.atsugi, "expert_register", scene.round.pk), url(scene.atsugi, "expert_lost")]
    answers = []
    for number in range(6):
        stranger = Client(REMOTE_ADDR=f"192.0.2.{number}")
        answers.append(stranger.post(addresses[number % 2], FORM_PROFILE).status_code)
    assert answers == [302] * 5 + [429]
    assert Client().post(addresses[1], {"email": "other@expert.example"}).status_code == 302


def test_expert_changes_profile_and_withdraws_by_the_secret_link(scene):
    expert = scene.expert()
    stranger, a = Client(), scene.atsugi
    own = url(a, "expert_status", expert.token)
    response = stranger.get(own)
    assert response["Cache-Control"] == "no-store"
    stranger.post(own + "profile/", {**FORM_PROFILE, "name": "山田 改"})
    with scene.inside():
        now = Expert.objects.get()
        assert (now.name, now.state) == ("山田 改", "submitted")
    assert "元に戻せません" in text(stranger.get(own + "withdraw/"))
    page = text(stranger.post(own + "withdraw/", follow=True))
    assert "取り下げました" in page
    with scene.inside():
        now = Expert.objects.get()
        assert (now.name, now.state, now.token) == (None, "withdrawn", None)
    for address in (own, own + "profile/", url(a, "expert_status", "x" * 32)):
        response = stranger.get(address)
        assert response.status_code == 404
        assert response["Cache-Control"] == "no-store"
        assert "このアドレスは使えません" in response.content.decode()
        assert url(a, "expert_lost") in response.content.decode()


def test_only_the_joint_office_erases_and_nothing_of_them_is_shown_afterwards(scene, office):
    expert, a, pk = scene.expert(), scene.atsugi, scene.round.pk
    address = url(a, "erase_expert", pk, expert.number)
    given = {"ground": "request", "reference": "情個 第3号", "sure": "on"}
    foreign = a_person(Role.JOINT_OFFICE, consortium=Consortium.objects.create(name="別の共同体"))
    for person in (
        scene.clerks[a.code],
        scene.managers[a.code],
        scene.managers[scene.yaizu.code],
        a_person(Role.AI_OFFICER, a),
        a_person(Role.AUDITOR, a),
        a_person(Role.ADMINISTRATOR, a),
        foreign,
    ):
        assert client_of(person).post(address, given).status_code == 403, person
    assert Client().post(address, given)["Location"].startswith("/account/")
    page = url(a, "expert", pk, expert.number)
    assert "個人情報を消去する" in text(office.get(page))
    assert "個人情報を消去する" not in text(clerk(scene, a).get(page))
    assert office.post(address, {**given, "sure": ""}).status_code == 200, "asks to be sure"
    assert office.post(address, given)["Location"] == page
    shown = text(office.get(page))
    assert "個人情報は" in shown
    assert [one for one in (PROFILE["name"], "@expert.example", PROFILE["summary"]) if one in shown] == []
    assert "すでに消去" in text(office.post(address, given))
    [row] = lines(office.get(url(a, "expert_list", pk) + "?format=csv"))[1:]
    assert row[:4] == ["専門家1", "", "外部の専門家", "消去済み"]
    assert lines(clerk(scene, a).get(url(a, "expert_list", pk) + "?format=csv"))[1:] == []


def test_lost_address_is_offered_where_it_is_missed(scene):
    a, lost = scene.atsugi, url(scene.atsugi, "expert_lost")
    own = url(a, "expert_status", scene.expert().token)
    for address in (url(a, "experts_public"), own):
        assert lost in text(Client().get(address))
    assert f"{own}?consortium={scene.consortium.pk}" in text(Client().get(own)), (
        "opens for whoever comes first"
    )
    answer = text(Client().post(lost, {"email": "nobody@expert.example"}, follow=True))
    assert "そのメールアドレスの応募があれば" in answer
    assert "メールアドレス" in text(Client().post(lost, {"email": "no address"}))
    codes = [
        Client(REMOTE_ADDR="192.0.2.9").post(lost, {"email": f"n{number}@expert.example"}).status_code
        for number in range(11)
    ]
    assert codes == [302] * 10 + [429]
    assert Client(enforce_csrf_checks=True).post(lost, {"email": "a@expert.example"}).status_code == 403


def test_lists_take_the_same_number_of_queries_at_one_and_three(scene, office):
    a, pk = scene.atsugi, scene.round.pk
    scene.posting(a)
    scene.expert()
    addresses = [url(a, name, pk) for name in ("postings", "expert_list")]
    before = [queries(office, address) for address in addresses]
    for _ in range(2):
        scene.posting(a)
        scene.expert()
    assert [queries(office, address) for address in addresses] == before


def test_runs_and_offers_take_the_same_number_of_queries_at_one_and_three(scene, office):
    a, pk = scene.atsugi, scene.round.pk
    for town in (scene.atsugi, scene.yaizu, scene.kurashiki):
        scene.posting(town)
        scene.expert()
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, a, scene.office)
        result = run.results.select_related("run__round").get(method="experts")
        experts_matching.release(result, a, scene.office, "理由")
        offers = list(ExpertOffer.objects.all())
        kept = [offers[0].pk]
        ExpertOffer.objects.exclude(pk__in=kept).delete()
        before = [queries(office, url(a, name, pk)) for name in ("expert_offers", "matching_runs")]
        ExpertOffer.objects.bulk_create([one for one in offers if one.pk not in kept])
        for _ in range(2):
            experts_matching.compute(scene.round, a, scene.office)
    assert [queries(office, url(a, name, pk)) for name in ("expert_offers", "matching_runs")] == before
