"""Calls through their pages: reviews, ranking, decision, results."""

from io import BytesIO

import pytest
from django.test import Client
from docx import Document

from machi.base.models import Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.domain import calls_evaluation
from machi.joint.models import Call, CallReviewer, ProposalReview
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines
from tests.governance.pages import data, text
from tests.joint.calls import an_evaluated, office, three_proposals
from tests.joint.domain.test_calls_review import as_recommended
from tests.joint.factories import a_consortium, client_of, towns_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium():
    return a_consortium()


@pytest.fixture
def by(consortium):
    return office(consortium)


@pytest.fixture
def desk(by):
    """The joint office's browser, working in the first town."""
    return client_of(by.person)


def cycle(consortium, by):
    with in_consortium(consortium):
        call = an_evaluated(consortium, by, budget=45_000_000)
        return Call.objects.get(pk=call.pk)


def test_reviewers_read_and_mark_their_own_and_nobody_elses(consortium, by, desk):
    first, *_others = towns_of(consortium)
    with in_consortium(consortium):
        call = three_proposals(consortium, by)
        for one in call.proposals.all():
            desk.post(url(first, "screen_proposal", one.pk), {"met-0": "yes", "met-1": "yes"})
    reviewers = [a_person(Role.JOINT_OFFICE, consortium=consortium) for _number in range(2)]
    for person in reviewers:
        desk.post(url(first, "name_reviewer", call.pk), {"person": person.pk, "areas": ["tourism"]})
    assert "6件を割り当てました（審査員1人あたり3～3件）" in text(
        desk.post(url(first, "assign_reviewers", call.pk), follow=True)
    )
    mine, other = (client_of(person) for person in reviewers)
    assert text(mine.get(url(first, "my_reviews"))).count("まだ") == 3
    with in_consortium(consortium):
        review = ProposalReview.objects.filter(reviewer__person=reviewers[0])[0]
        criteria = list(call.criteria.all())
    page = url(first, "proposal_review", review.pk)
    assert other.get(page).status_code == 404
    some = {f"points-{criteria[0].pk}": "4", f"comment-{criteria[0].pk}": "数字がある"}
    mine.post(page, {**some, "keep": "1"})
    assert "入力内容を確認してください" in text(mine.post(page, {**some, "hand_in": "1"}))
    full = {f"points-{one.pk}": "4" for one in criteria}
    mine.post(page, {**full, "hand_in": "1", "comment": "よい"})
    with in_consortium(consortium):
        assert ProposalReview.objects.get(pk=review.pk).done_at is not None
    assert other.get(url(first, "call_marks", call.pk)).status_code == 200  # joint office themselves
    clerk = client_of(a_person(Role.CLERK, first))
    assert clerk.get(page).status_code == 404
    assert clerk.get(url(first, "call_conflicts", call.pk)).status_code == 403


def test_a_reviewer_refuses_a_proposal_and_loses_it(consortium, by, desk):
    first, *_others = towns_of(consortium)
    call = cycle(consortium, by)
    with in_consortium(consortium):
        reviewer = CallReviewer.objects.select_related("person")[0]
        proposal = call.proposals.get(number=2)
    client = client_of(reviewer.person)
    page = text(client.get(url(first, "call_conflicts", call.pk)))
    assert "合同の観光" in page
    client.post(url(first, "recuse_review", call.pk, proposal.pk), {"reason": "取引がある"})
    with in_consortium(consortium):
        assert not ProposalReview.objects.filter(reviewer=reviewer, proposal=proposal).exists()
    assert "辞退済み" in text(client.get(url(first, "call_conflicts", call.pk)))
    assert "計算の後に、採点が変わりました" in text(desk.get(url(first, "call_ranking", call.pk)))


def test_ranking_shows_reasons_severity_and_progress(consortium, by, desk):
    call = cycle(consortium, by)
    page = text(desk.get(url(by.town, "call_ranking", call.pk)))
    assert "採択するには提案2を外すことになり、点の合計が1.00下がります。" in page
    assert "採択の揺れの計算を待っています" in page
    progress = url(by.town, "steadiness_progress", call.pk)
    assert "hx-trigger" in text(desk.get(progress))
    with in_consortium(consortium):
        evaluation = calls_evaluation.latest(call)
        calls_evaluation.compute_steadiness(evaluation, None)
    answer = desk.get(progress)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert "採択 100%" in text(desk.get(url(by.town, "call_ranking", call.pk)))


def test_towns_do_not_read_when_the_office_reviews(consortium, by, desk):
    call = cycle(consortium, by)
    page = text(client_of(a_person(Role.CLERK, by.town)).get(url(by.town, "call", call.pk)))
    assert "応募を締め切った" in page
    assert "審査員を割り当てた" not in page
    assert "順位と推薦を計算した" not in page
    assert "審査員を割り当てた" in text(desk.get(url(by.town, "call", call.pk)))


def test_an_unapproved_system_says_so(consortium, by, desk):
    call = cycle(consortium, by)
    with in_municipality(by.town):
        RegisteredSystem.objects.filter(key__startswith="joint.").update(
            state=RegisteredSystem.State.SUSPENDED
        )
    for name in ("evaluate_call", "assign_reviewers"):
        response = desk.post(url(by.town, name, call.pk))
        assert response.status_code == 403
        assert response.templates[0].name == "base/not_approved.html"


def decide(desk, town, call, consortium, **changes):
    with in_consortium(consortium):
        form = {"note": "講評です。"}
        for pk, ruling in as_recommended(call).items():
            form |= {
                f"adopted-{pk}": "yes" if ruling.adopted else "no",
                f"amount-{pk}": ruling.amount,
                f"reason-{pk}": ruling.reason,
            }
    return desk.post(url(town, "decide_call", call.pk), {**form, **changes}, follow=True)


def test_deciding_otherwise_asks_why_at_its_field(consortium, by, desk):
    call = cycle(consortium, by)
    with in_consortium(consortium):
        second = call.proposals.get(number=2)
    page = text(decide(desk, by.town, call, consortium, **{f"adopted-{second.pk}": "no"}))
    assert "提案2は推薦と違います。違える理由を書いてください。" in page
    why = {f"adopted-{second.pk}": "no", f"overruling-{second.pk}": "体制が整わないため"}
    page = text(decide(desk, by.town, call, consortium, **why))
    assert "採否を決めました" in page
    assert "体制が整わないため" in page


def test_results_letters_and_publication(consortium, by, desk):
    first, second, third = towns_of(consortium)
    call = cycle(consortium, by)
    with in_consortium(consortium):
        numbers = {one.number: one for one in call.proposals.all()}
    member = client_of(a_person(Role.CLERK, second))
    letter = url(second, "proposal_letter", numbers[1].pk, "pdf")
    assert member.get(letter).status_code == 404
    decide(desk, first, call, consortium)
    assert "採択されました" in text(member.get(url(second, "proposal", numbers[1].pk)))
    assert data(member.get(letter)).startswith(b"%PDF")
    word = Document(BytesIO(data(member.get(url(second, "proposal_letter", numbers[1].pk, "docx")))))
    assert "共同事業の提案の採択について（通知）" in [one.text for one in word.paragraphs]
    assert member.get(url(second, "proposal_letter", numbers[3].pk, "pdf")).status_code == 404  # not its own
    assert data(desk.get(url(first, "call_letters", call.pk, "pdf"))).startswith(b"%PDF")
    public = url(third, "public_call", call.pk)
    before = text(Client().get(public))
    assert "合同の観光" not in before
    assert "審査中" in before
    desk.post(url(first, "announce_call", call.pk))
    after = text(Client().get(public))
    assert "合同の観光" in after
    assert "講評です。" in after
    assert "備えの共有" not in after
    assert [row[1] for row in lines(Client().get(public + "?format=csv"))[1:]] == [
        "窓口の共同利用",
        "合同の観光",
    ]
    with in_consortium(consortium):
        names = [one.person.name for one in CallReviewer.objects.select_related("person")]
    assert all(name not in after for name in names)
