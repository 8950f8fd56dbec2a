"""Letters to experts over a real mail server: what each says, that its address opens the page, and a lost address."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from machi.base.domain import mailing
from machi.base.models import Consortium, ConsortiumMember, LedgerEntry
from machi.base.scoping import in_consortium, in_municipality
from machi.joint.domain import (
    experts_agreements,
    experts_erasure,
    experts_import,
    experts_mail,
    experts_matching,
    experts_registration,
)
from machi.joint.models import Expert, ExpertOffer
from tests.base.smtp import mail_server, work
from tests.joint.experts import PROFILE, a_scene
from tests.joint.factories import url

pytestmark = pytest.mark.django_db
ONE = "expert1@expert.example"
SECRETS = [PROFILE[name] for name in ("name", "telephone", "employer", "evidence", "summary")]


@pytest.fixture
def post(settings):
    with mail_server(settings) as running:
        yield running


@pytest.fixture
def scene(post):
    return a_scene()


def address(text):
    """The path and query of the secret address in a letter."""
    found = urlsplit(re.search(r"\S+/experts/my/\S+", text)[0])
    return f"{found.path}?{found.query}"


def newest(post, to=ONE):
    work()
    return post.to(to)[-1]


def offered(scene):
    """A posting and an expert, matched and told."""
    posting, expert = scene.posting(scene.atsugi), scene.expert()
    scene.rank()
    with scene.inside():
        run = experts_matching.compute(scene.round, scene.atsugi, scene.office)
        result = run.results.select_related("run__round").get(method="experts")
        experts_matching.release(result, scene.atsugi, scene.office, "理由")
        return posting, expert, ExpertOffer.objects.get()


def lost(scene, email, **where):
    return Client(**where).post(url(scene.atsugi, "expert_lost"), {"email": email})


def test_registration_sends_the_address_and_it_opens_the_page(scene, post):
    scene.expert(accepted=False)
    subject, text = newest(post)
    assert subject == "2027年度の専門家：応募を受け付けました"
    page = Client().get(address(text))
    assert page.status_code == 200
    assert PROFILE["name"] in page.content.decode()
    assert [secret for secret in SECRETS if secret in text + subject] == []


def test_shared_staff_and_people_of_a_list_get_theirs_too(scene, post):
    with scene.inside():
        staff = {**PROFILE, "home": scene.yaizu, "email": "staff@yaizu.example"}
        experts_registration.register(scene.round, scene.yaizu, staff, town=scene.yaizu)
        rows = "氏名,メールアドレス,経験,クラウド,使える時間,拠点,始められる日,終わりの日,報酬\n"
        rows += "鈴木 一,list@expert.example,10年,3,20,神奈川県厚木市,2027-04-01,2028-03-31,5000\n"
        sheet = experts_import.read(rows.encode(), scene.round)
        assert experts_import.take(sheet, scene.round, scene.atsugi, scene.office, None) == 1
    assert "焼津市が、あなたを" in newest(post, "staff@yaizu.example")[1]
    assert Client().get(address(newest(post, "list@expert.example")[1])).status_code == 200


def test_screening_tells_acceptance_once_it_is_through(scene, post):
    expert = scene.expert(accepted=False)
    with scene.inside():
        for step in experts_registration.STEPS:
            work()
            assert [subject for subject, _text in post.to(ONE)] == ["2027年度の専門家：応募を受け付けました"]
            experts_registration.screen(
                expert, scene.atsugi, scene.office, step=step, passed=True, reason="内部の所見"
            )
    subject, text = newest(post)
    assert "登録が済みました" in subject
    assert "内部の所見" not in text


def test_refusal_tells_its_reason_in_the_letter_and_on_the_page(scene, post):
    expert = scene.expert(accepted=False)
    with scene.inside():
        given = {"step": "documents", "passed": False, "reason": "要件の経験年数に届きません"}
        experts_registration.screen(expert, scene.atsugi, scene.office, **given)
    subject, text = newest(post)
    assert "今回は見送りになりました" in subject
    assert "要件の経験年数に届きません" in text
    assert "要件の経験年数に届きません" in Client().get(address(text)).content.decode()


def test_wishes_pairs_and_agreements_are_told(scene, post):
    _posting, _expert, offer = offered(scene)
    work()
    told = post.to(ONE)
    assert [subject.split("：")[1] for subject, _text in told] == [
        "応募を受け付けました",
        "登録が済みました",
        "組み合わせが届きました",
    ], "the letter about wishes came too late to be true"
    assert "厚木市" in told[-1][1]
    assert "クラウドへの移行" in told[-1][1]
    with scene.inside():
        experts_agreements.expert_answers(offer, accept=True)
        work()
        assert len(post.letters) == 3
        experts_agreements.town_answers(offer, scene.managers["142123"], accept=True)
    subject, text = newest(post)
    assert "合意しました" in subject
    assert "5,000" in text
    assert len({address(text) for _subject, text in post.to(ONE)}) == 1, "the same address in all letters"


def test_ranking_asks_every_registered_expert_by_its_deadline(scene, post):
    scene.posting(scene.atsugi)
    scene.expert()
    scene.expert()
    refused = scene.expert(accepted=False)
    with scene.inside():
        given = {"step": "documents", "passed": False, "reason": "見送る"}
        experts_registration.screen(refused, scene.atsugi, scene.office, **given)
    scene.rank()
    day = scene.round.rank_by
    for to in (ONE, "expert2@expert.example"):
        subject, text = newest(post, to)
        assert "求人に順位を付けてください" in subject
        assert f"{day.year}年{day.month}月{day.day}日" in text
    assert "見送り" in newest(post, "expert3@expert.example")[0]


def test_town_that_declines_is_told_of(scene, post):
    *_rest, offer = offered(scene)
    with scene.inside():
        experts_agreements.town_answers(offer, scene.managers["142123"], accept=False)
    assert "自治体の辞退で終わりました" in newest(post)[1]


def test_letters_are_in_the_language_of_the_page_they_registered_on(scene, post):
    given = {"summary": "x", "understood": "on", "home": "神奈川県厚木市", "conflicts": ""}
    skills = ("it_strategy", "data_analysis", "cybersecurity", "cloud", "service_design", "ai_automation")
    form = {
        **{name: str(value) for name, value in PROFILE.items() if name != "skills"},
        **{f"skill-{skill}": "3" for skill in skills},
        **given,
    }
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    assert client.post(url(scene.atsugi, "expert_register", scene.round.pk), form).status_code == 302
    with scene.inside():
        expert = Expert.objects.get()
        assert expert.language == "en"
        Expert.objects.update(state="accepted")
        scene.round.state = "ranking"
        scene.round.save()
        experts_mail.tell(expert.consortium_id, expert.pk, experts_mail.Kind.RANKING)
    text = newest(post, PROFILE["email"])[1]
    day = scene.round.rank_by
    assert f"{day:%Y}年" not in text
    assert str(day.year) in text


def test_lost_address_is_answered_the_same_for_everybody(scene, post):
    scene.expert()
    asked = [lost(scene, email) for email in (ONE, "nobody@expert.example")]
    assert [one.status_code for one in asked] == [302, 302]
    assert asked[0]["Location"] == asked[1]["Location"]
    shown = [Client().get(one["Location"]).content for one in asked]
    assert len(shown[0]) == len(shown[1])
    queued = list(DBTaskResult.objects.filter(task_path=experts_mail.look_for_lost.module_path))
    assert len(queued) == 2, "as much work is done for a stranger"
    assert [email for email in (ONE, "nobody") if email in str([one.args_kwargs for one in queued])] == []
    work()
    assert post.to("nobody@expert.example") == []


def test_lost_address_is_replaced_by_a_fresh_one(scene, post):
    expert = scene.expert()
    old = address(newest(post)[1])
    assert lost(scene, " EXPERT1@expert.example ").status_code == 302
    assert Client().get(old).status_code == 200, "until the letter is sent"
    new = address(newest(post)[1])
    assert new != old
    assert Client().get(old).status_code == 404
    assert PROFILE["name"] in Client().get(new).content.decode()
    with in_municipality(scene.atsugi):
        entry = LedgerEntry.objects.filter(subject=f"expert:{expert.pk}").latest("index")
    assert '"action":"renew_address"' in entry.body
    assert [one for one in (*SECRETS, "@expert.example", new.split("/")[-2]) if one in entry.body] == []


def test_address_that_was_kept_works_as_long_as_the_new_one_cannot_be_sent(scene, post):
    scene.expert()
    old = address(newest(post)[1])
    post.refuses = "451 not now"
    lost(scene, ONE)
    lost(scene, ONE)
    work()
    assert Client().get(old).status_code == 200
    post.refuses = ""
    before = len(post.letters)
    work(later=True)
    assert len(post.letters) == before + 1, "asked twice, sent once"
    assert Client().get(old).status_code == 404
    assert Client().get(address(post.to(ONE)[-1][1])).status_code == 200


def test_lost_address_of_each_registration_is_sent(scene, post):
    first, second = scene.expert(), scene.expert()
    with scene.inside():
        Expert.objects.filter(pk=second.pk).update(email=ONE)
    work()
    post.letters.clear()
    lost(scene, ONE)
    work()
    pages = [Client().get(address(text)).status_code for _subject, text in post.to(ONE)]
    assert pages == [200, 200]
    assert first.pk != second.pk


def test_another_consortium_sends_nothing(scene, post):
    scene.expert()
    work()
    sent = len(post.letters)
    ConsortiumMember.objects.filter(municipality=scene.kurashiki).delete()
    outside = Consortium.objects.create(name="別の共同体")
    ConsortiumMember.objects.create(consortium=outside, municipality=scene.kurashiki, since="2026-04-01")
    assert Client().post(url(scene.kurashiki, "expert_lost"), {"email": ONE}).status_code == 302
    work()
    assert len(post.letters) == sent


def test_erased_expert_gets_no_letter_more(scene, post):
    expert = scene.expert()
    with scene.inside():
        experts_erasure.withdraw(expert)
    lost(scene, ONE)
    work(later=True)
    assert post.letters == []


def test_letter_that_was_refused_names_nobody_in_the_queue(scene, post):
    scene.expert(accepted=False)
    post.refuses = "550 no such person"
    for _try in range(len(mailing.WAITS) + 1):
        work(later=True)
    failed = DBTaskResult.objects.get(task_path=experts_mail.send_letter.module_path)
    assert failed.status == "FAILED"
    assert ONE not in failed.traceback + str(failed.args_kwargs)


def test_many_registrations_are_searched_in_the_background_quickly(scene):
    with in_consortium(scene.consortium):
        rows = [
            Expert(
                consortium=scene.consortium, round=scene.round, number=number, kind="external",
                via=scene.atsugi, home=scene.atsugi, **{**PROFILE, "email": f"n{number}@expert.example"},
            )
            for number in range(1, 501)
        ]  # fmt: skip
        Expert.objects.bulk_create(rows)
    experts_mail.find_lost(scene.consortium, "n499@expert.example")
    began = timezone.now()
    job = DBTaskResult.objects.get()
    job.task.call(*job.args_kwargs["args"])
    assert (timezone.now() - began).total_seconds() < 2
    assert DBTaskResult.objects.filter(task_path=experts_mail.send_new_address.module_path).count() == 1
