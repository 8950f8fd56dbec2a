"""Discussion through its pages: asked, answered, accepted, made a case; names hidden; moderated; told by mail."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from machi.base.domain import erasing
from machi.base.models import LedgerEntry, LedgerSalt, Role
from machi.base.scoping import every_municipality, in_consortium, in_municipality
from machi.learning.domain import discussion as verbs
from machi.learning.domain import discussion_erasure
from machi.learning.models import (
    Case,
    Cohort,
    Course,
    CourseVersion,
    Enrolment,
    Notice,
    Participant,
    Post,
    PostReport,
    Topic,
)
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import text
from tests.joint.factories import client_of, many_towns, office_of, towns_of
from tests.learning.cases import a_scene, actions, url

pytestmark = pytest.mark.django_db
ASKED = {"title": "議事録の要約の直し方", "body": "固有名詞をよくまちがえます。どう直していますか。"}


@pytest.fixture
def scene():
    return a_scene()


def stored(scene, model=Topic):
    with in_consortium(scene.consortium):
        return model.objects.order_by("-pk")[0]


def asked(scene, town=None, role=Role.CLERK, **given):
    town = town or scene.towns[0]
    response = scene.client(town, role).post(url(town, "open_topic"), {**ASKED, **given})
    assert response.status_code == 302, response.content.decode()
    return stored(scene)


def answered(scene, topic, town, body="名簿と照らし合わせています。", role=Role.CLERK, **given):
    response = scene.client(town, role).post(url(town, "topic", topic.pk), {"body": body, **given})
    assert response.status_code == 302, response.content.decode()
    return stored(scene, Post)


def a_cohort(scene, *people):
    with in_consortium(scene.consortium):
        course = Course.objects.create(
            consortium=scene.consortium, slug="ai", title="生成AIの基本", summary="x"
        )
        version = CourseVersion.objects.create(consortium=scene.consortium, course=course, number=1)
        cohort = Cohort.objects.create(
            consortium=scene.consortium,
            version=version,
            title="春の回",
            starts_on="2026-04-01",
            ends_on="2026-06-30",
        )
        for person, town in people:
            Enrolment.objects.create(
                consortium=scene.consortium, cohort=cohort, municipality=town, person=person
            )
    return course, cohort


def test_asked_answered_accepted_and_made_a_case(scene):
    atsugi, yaizu, kurashiki = scene.towns
    topic = asked(scene)
    post = answered(scene, topic, yaizu)
    asker, answerer = scene.client(atsugi), scene.client(yaizu)
    page = text(asker.get(url(atsugi, "topic", topic.pk)))
    assert "焼津市の職員 @2" in page
    assert f"/posts/{post.pk}/accept/" in page
    assert answerer.get(url(yaizu, "accept_post", post.pk)).status_code == 403
    asker.post(url(atsugi, "accept_post", post.pk))
    assert stored(scene).accepted_id == post.pk
    assert actions(atsugi, f"topic:{topic.pk}") == actions(yaizu, f"topic:{topic.pk}") == ["accept"]
    assert "あなたの答えが役に立ったとされました" in text(answerer.get(url(yaizu, "notices")))

    # The answering town writes the case, no other.
    assert "この答えから事例を書く" not in text(asker.get(url(atsugi, "topic", topic.pk)))
    assert asker.post(url(atsugi, "answer_to_case", topic.pk)).status_code == 403
    assert "この答えから事例を書く" in text(answerer.get(url(yaizu, "topic", topic.pk)))
    response = answerer.post(url(yaizu, "answer_to_case", topic.pk))
    case = stored(scene, Case)
    assert response["Location"] == url(yaizu, "case", case.pk)
    assert (case.town_id, case.state, case.title) == (yaizu.pk, "draft", ASKED["title"])
    assert case.problem == ASKED["body"]
    assert case.after == "名簿と照らし合わせています。"
    assert case.origin_id == post.pk
    assert answerer.post(url(yaizu, "answer_to_case", topic.pk)).status_code == 403

    asker.post(url(atsugi, "unaccept_answer", topic.pk))
    assert stored(scene).accepted is None
    assert scene.client(kurashiki).post(url(kurashiki, "unaccept_answer", topic.pk)).status_code == 403


def test_names_are_hidden_unless_shown_and_but_for_moderators(scene):
    atsugi, yaizu, kurashiki = scene.towns
    topic = asked(scene)
    answered(scene, topic, yaizu)
    asker, answerer = scene.person(atsugi), scene.person(yaizu)
    page = text(scene.client(yaizu).get(url(yaizu, "topic", topic.pk)))
    assert asker.name not in page
    page = text(client_of(scene.office).get(url(atsugi, "topic", topic.pk)))
    assert f"{asker.name}（事務局だけに見えています）" in page
    answered(scene, topic, yaizu, "名前を出します。", named="on")
    page = text(scene.client(kurashiki).get(url(kurashiki, "topic", topic.pk)))
    assert f"{answerer.name}（焼津市）@2" in page
    assert asker.name not in page
    answered(scene, topic, yaizu, "やはり出しません。")
    assert answerer.name not in text(scene.client(atsugi).get(url(atsugi, "topic", topic.pk)))
    listed = text(scene.client(yaizu).get(url(yaizu, "topics")))
    assert "厚木市の職員 @1" in listed
    told = lines(scene.client(yaizu).get(url(yaizu, "topics"), {"format": "csv"}))
    assert told[1][:3] == [ASKED["title"], "自由な話題", "厚木市"]


def test_numbers_stay_and_the_office_is_called_the_office(scene):
    atsugi, yaizu, kurashiki = scene.towns
    topic = asked(scene)
    for town in (yaizu, kurashiki, yaizu):
        answered(scene, topic, town)
    office = client_of(scene.office)
    office.post(url(yaizu, "topic", topic.pk), {"body": "事務局からのお知らせです。"})
    with in_consortium(scene.consortium):
        numbers = list(Post.objects.order_by("ordinal").values_list("author__number", flat=True))
    assert numbers == [1, 2, 3, 2, 4]
    assert "共同事務局 @4" in text(scene.client(atsugi).get(url(atsugi, "topic", topic.pk)))


def test_who_is_called_is_told_until_they_have_read(scene):
    atsugi, yaizu, kurashiki = scene.towns
    topic, asker, third = asked(scene), scene.client(atsugi), scene.client(kurashiki)
    answered(scene, topic, yaizu, "@1 さん、名簿を使います。@倉敷市 はどうですか。@9")
    assert "未読1" in text(asker.get(url(atsugi, "topics")))
    page = text(third.get(url(kurashiki, "notices")))
    assert "自治体が呼ばれました" in page
    assert "未読" in page
    third.get(url(kurashiki, "topic", topic.pk))
    assert "未読0" in text(third.get(url(kurashiki, "topics")))
    asker.post(url(atsugi, "notices"))
    assert "未読0" in text(asker.get(url(atsugi, "topics")))
    with in_consortium(scene.consortium):
        assert sorted(Notice.objects.values_list("kind", flat=True)) == ["number", "town"]


def test_calling_a_town_tells_its_own_people_only_and_nobody_twice(scene):
    atsugi, yaizu, _ = scene.towns
    stopped = a_person(Role.CLERK, yaizu)
    stopped.is_active = False
    stopped.save()
    clerk, manager = scene.person(yaizu), scene.person(yaizu, Role.MANAGER)
    topic = asked(scene, body="@焼津市 の皆さん、@焼津市 では？ @厚木市 も。")
    with in_consortium(scene.consortium):
        assert set(Notice.objects.values_list("person", flat=True)) == {clerk.pk, manager.pk}
    scene.client(atsugi).post(
        url(atsugi, "change_post", stored(scene, Post).pk), {"body": "@焼津市 の皆さんへ"}
    )
    with in_consortium(scene.consortium):
        assert Notice.objects.count() == 2
    assert topic.pk


def test_personal_information_is_asked_about_before_posting(scene):
    atsugi = scene.towns[0]
    clerk = scene.client(atsugi)
    given = {**ASKED, "body": "山田太郎係長（046-225-2000）に聞いてください。"}
    page = text(clerk.post(url(atsugi, "open_topic"), given))
    assert "人の名前「山田太郎」" in page
    assert 'type="checkbox" name="personal_checked"' in page
    with in_consortium(scene.consortium):
        assert not Topic.objects.exists()
    assert clerk.post(url(atsugi, "open_topic"), {**given, "personal_checked": "on"}).status_code == 302


def test_what_was_found_is_shown_as_text_and_not_as_html(scene):
    """The recogniser may find what somebody made to be HTML."""
    atsugi = scene.towns[0]
    body = "<b>山田太郎係長</b> <script>alert(1)</script> 046-225-2000"
    page = text(scene.client(atsugi).post(url(atsugi, "open_topic"), {**ASKED, "body": body}))
    assert "<script>alert" not in page
    scene.client(atsugi).post(url(atsugi, "open_topic"), {**ASKED, "body": body, "personal_checked": "on"})
    page = text(scene.client(atsugi).get(url(atsugi, "topic", stored(scene).pk)))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_posts_are_encrypted_at_rest(scene):
    from django.db import connection

    asked(scene)
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM learning_topic")
        (title,) = cursor.fetchone()
        cursor.execute("SELECT body FROM learning_post")
        (body,) = cursor.fetchone()
    assert "議事録" not in title
    assert "固有名詞" not in body


def test_words_are_found_in_titles_and_posts_in_any_spelling(scene):
    _atsugi, yaizu, _ = scene.towns
    topic = asked(scene)
    asked(scene, title="ごみの分別", body="電話が多いです。")
    answered(scene, topic, yaizu, "ＡＩの案を使います。")
    clerk = scene.client(yaizu)

    def titles(**given):
        return [line[0] for line in lines(clerk.get(url(yaizu, "topics"), {"format": "csv", **given}))[1:]]

    assert titles(q="ai 固有名詞") == [ASKED["title"]]
    assert titles(q="分別") == ["ごみの分別"]
    assert titles(q="宇宙") == []
    assert titles(kind="case") == []
    assert len(titles(kind="free")) == 2
    assert titles(state="followed") == [ASKED["title"]]
    assert len(titles(state="open")) == 2
    assert titles(state="answered") == []


def test_topics_of_a_cohort_are_its_peoples(scene):
    atsugi, yaizu, kurashiki = scene.towns
    learner = scene.person(atsugi, Role.LEARNER)
    course, cohort = a_cohort(scene, (learner, atsugi))
    topic = asked(scene, role=Role.LEARNER, about=f"cohort-{cohort.pk}", body="@焼津市 の方も")
    assert text(scene.client(atsugi, Role.LEARNER).get(url(atsugi, "topic", topic.pk)))
    for town in (atsugi, yaizu):
        assert scene.client(town).get(url(town, "topic", topic.pk)).status_code == 404
        assert ASKED["title"] not in text(scene.client(town).get(url(town, "topics")))
    with in_consortium(scene.consortium):
        assert not Notice.objects.exists()  # nobody of Yaizu takes part
    assert ASKED["title"] in text(client_of(scene.office).get(url(kurashiki, "topics")))
    refused = scene.client(yaizu).post(url(yaizu, "open_topic"), {**ASKED, "about": f"cohort-{cohort.pk}"})
    assert "about" in refused.context["form"].errors
    of_course = asked(scene, yaizu, about=f"course-{course.pk}")
    assert "研修：生成AIの基本" in text(scene.client(atsugi).get(url(atsugi, "topic", of_course.pk)))


def test_topic_about_a_case(scene):
    atsugi, yaizu, _ = scene.towns
    case = scene.case()
    clerk = scene.client(yaizu)
    address = f"{url(yaizu, 'open_topic')}?case={case.pk}"
    assert f"事例：{case.title}" in text(clerk.get(address))
    clerk.post(address, {**ASKED, "about": f"case-{case.pk}"})
    assert ASKED["title"] in text(scene.client(atsugi).get(url(atsugi, "case", case.pk)))
    draft = scene.case(state="draft")
    assert f"case-{draft.pk}" not in text(clerk.get(f"{url(yaizu, 'open_topic')}?case={draft.pk}"))


def test_own_words_are_changed_and_taken_back_by_their_author_only(scene):
    atsugi, yaizu, _ = scene.towns
    topic = asked(scene)
    post = answered(scene, topic, yaizu, "まちがいです")
    asker, author = scene.client(atsugi), scene.client(yaizu)
    assert asker.post(url(atsugi, "change_post", post.pk), {"body": "x"}).status_code == 403
    assert asker.post(url(atsugi, "take_back_post", post.pk)).status_code == 403
    assert client_of(scene.office).post(url(yaizu, "take_back_post", post.pk)).status_code == 403
    author.post(url(yaizu, "change_post", post.pk), {"body": "直しました"})
    page = text(asker.get(url(atsugi, "topic", topic.pk)))
    assert "直しました" in page
    assert "直した" in page
    assert "元に戻せません" in text(author.get(url(yaizu, "take_back_post", post.pk)))
    author.post(url(yaizu, "take_back_post", post.pk))
    page = text(asker.get(url(atsugi, "topic", topic.pk)))
    assert "この書き込みは消されました" in page
    assert "直しました" not in page
    with in_municipality(yaizu):
        entry = LedgerEntry.objects.get(subject=f"discussion_post:{post.pk}")
    assert entry.kind == "erasure"


def test_moderation_is_reported_decided_told_and_recorded(scene):
    atsugi, yaizu, kurashiki = scene.towns
    topic = asked(scene)
    post = answered(scene, topic, yaizu, "不適切な書き込み")
    reader, office = scene.client(kurashiki), client_of(scene.office)
    assert "理由" in text(reader.post(url(kurashiki, "report_post", post.pk), {"reason": ""}))
    reader.post(url(kurashiki, "report_post", post.pk), {"reason": "人を傷つける"})
    assert "もう知らせています" in text(
        reader.post(url(kurashiki, "report_post", post.pk), {"reason": "また"})
    )
    assert "人を傷つける" in text(office.get(url(atsugi, "post_reports")))
    assert "人を傷つける" in text(office.get(url(atsugi, "topic", topic.pk)))
    assert "人を傷つける" not in text(reader.get(url(kurashiki, "topic", topic.pk)))
    office.post(url(atsugi, "hide_post", post.pk), {"reason": "規則3に反する"})
    page = text(reader.get(url(kurashiki, "topic", topic.pk)))
    assert "不適切な書き込み" not in page
    assert "規則3に反する" in page
    assert "不適切な書き込み" in text(office.get(url(atsugi, "topic", topic.pk)))
    assert "あなたの書き込みが隠されました" in text(scene.client(yaizu).get(url(yaizu, "notices")))
    assert stored(scene, PostReport).outcome == "hidden"
    assert scene.client(yaizu).post(url(yaizu, "change_post", post.pk), {"body": "x"}).status_code == 404
    assert actions(yaizu, f"discussion_post:{post.pk}") == ["hide"]
    with every_municipality():
        bodies = [entry.body for entry in LedgerEntry.objects.filter(system="learning.discussion")]
    assert bodies
    assert not any("規則3" in body or "不適切" in body for body in bodies)
    office.post(url(atsugi, "show_post", post.pk), {"reason": "直された"})
    assert "不適切な書き込み" in text(reader.get(url(kurashiki, "topic", topic.pk)))

    reader.post(url(kurashiki, "report_post", post.pk), {"reason": "もう一度"})
    office.post(url(atsugi, "keep_post", post.pk), {"reason": "問題ない"})
    assert stored(scene, PostReport).outcome == "kept"
    assert actions(atsugi, f"topic:{topic.pk}") == ["hide", "show", "keep"]


def test_hiding_the_first_post_hides_the_topic(scene):
    atsugi, yaizu, _ = scene.towns
    topic = asked(scene)
    first = stored(scene, Post)
    office = client_of(scene.office)
    office.post(url(atsugi, "hide_post", first.pk), {"reason": "x"})
    assert scene.client(yaizu).get(url(yaizu, "topic", topic.pk)).status_code == 404
    office.post(url(atsugi, "show_post", first.pk), {"reason": "x"})
    assert scene.client(yaizu).get(url(yaizu, "topic", topic.pk)).status_code == 200


def test_locked_topic_is_read_and_not_written(scene):
    atsugi, yaizu, _ = scene.towns
    topic = asked(scene)
    office, clerk = client_of(scene.office), scene.client(yaizu)
    assert "理由" in text(office.post(url(atsugi, "lock_topic", topic.pk), {"reason": ""}))
    office.post(url(atsugi, "lock_topic", topic.pk), {"reason": "解決した"})
    page = text(clerk.get(url(yaizu, "topic", topic.pk)))
    assert "この話題は締め切られています" in page
    assert "<textarea" not in page
    clerk.post(url(yaizu, "topic", topic.pk), {"body": "まだ聞きたい"})
    with in_consortium(scene.consortium):
        assert Post.objects.count() == 1
    office.post(url(atsugi, "lock_topic", topic.pk), {"reason": "続ける"})
    answered(scene, topic, yaizu)
    assert actions(atsugi, f"topic:{topic.pk}") == ["lock", "unlock"]


def test_topic_is_moved_where_it_belongs(scene):
    atsugi, yaizu, _ = scene.towns
    course, cohort = a_cohort(scene)
    topic, office = asked(scene), client_of(scene.office)
    office.post(url(atsugi, "move_topic", topic.pk), {"about": f"cohort-{cohort.pk}"})
    assert scene.client(yaizu).get(url(yaizu, "topic", topic.pk)).status_code == 404
    office.post(url(atsugi, "move_topic", topic.pk), {"about": f"course-{course.pk}"})
    assert scene.client(yaizu).get(url(yaizu, "topic", topic.pk)).status_code == 200
    office.post(url(atsugi, "move_topic", topic.pk), {"about": ""})
    assert stored(scene).course is None
    with in_municipality(atsugi):
        bodies = [json.loads(one.body)["outputs"] for one in LedgerEntry.objects.order_by("index")]
    assert bodies[0]["after"] == {"course": None, "cohort": cohort.pk, "case": None}


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR, Role.LEARNER])
def test_nobody_but_the_office_moderates(scene, role):
    atsugi = scene.towns[0]
    topic = asked(scene)
    post, client = stored(scene, Post), scene.client(atsugi, role)
    for name in ("hide_post", "show_post", "keep_post"):
        assert client.post(url(atsugi, name, post.pk), {"reason": "x"}).status_code == 403
    for name in ("lock_topic", "move_topic"):
        assert client.post(url(atsugi, name, topic.pk), {"reason": "x"}).status_code == 403
    assert client.get(url(atsugi, "post_reports")).status_code == 403


def test_too_much_of_one_person_is_refused(scene, monkeypatch):
    atsugi, _yaizu, _ = scene.towns
    monkeypatch.setattr(verbs, "POSTS_AN_HOUR", 2)
    topic = asked(scene)
    answered(scene, topic, atsugi)
    page = text(scene.client(atsugi).post(url(atsugi, "topic", topic.pk), {"body": "三つ目"}))
    assert "1時間に書き込めるのは2件までです" in page
    assert "三つ目" in page  # nothing that was written is lost
    monkeypatch.setattr(verbs, "POSTS_AN_HOUR", 30)
    monkeypatch.setattr(verbs, "TOPICS_A_DAY", 1)
    page = text(scene.client(atsugi).post(url(atsugi, "open_topic"), ASKED))
    assert "1日に始められる話題は1件までです" in page


def test_blank_and_overlong_posts_are_refused(scene):
    atsugi = scene.towns[0]
    topic = asked(scene)
    for body in ("", "   ", "あ" * (verbs.LONGEST + 1)):
        assert scene.client(atsugi).post(url(atsugi, "topic", topic.pk), {"body": body}).status_code == 200
    with in_consortium(scene.consortium):
        assert Post.objects.count() == 1


def test_lists_take_a_constant_number_of_queries(scene):
    _atsugi, yaizu, kurashiki = scene.towns
    topic, clerk, office = asked(scene), scene.client(kurashiki), client_of(scene.office)
    answered(scene, topic, yaizu, "@1 @倉敷市")
    pages: list[tuple[Any, Any, str, list[int]]] = [
        (clerk, kurashiki, "topics", []),
        (clerk, kurashiki, "notices", []),
        (office, yaizu, "topics", []),
    ]
    pages += [(clerk, kurashiki, "topic", [topic.pk]), (office, yaizu, "topic", [topic.pk])]
    before = [queries(client, url(town, name, *more)) for client, town, name, more in pages]
    for number in range(2):
        more = asked(scene, title=f"話題{number}")
        answered(scene, more, yaizu, "@倉敷市")
        answered(scene, topic, yaizu, f"@倉敷市 {number}")
    assert [queries(client, url(town, name, *more)) for client, town, name, more in pages] == before


def test_reports_take_a_constant_number_of_queries(scene):
    atsugi, yaizu, kurashiki = scene.towns
    topic, office = asked(scene), client_of(scene.office)
    counts = []
    for number in range(3):
        post = answered(scene, topic, yaizu, f"書き込み{number}")
        scene.client(kurashiki).post(url(kurashiki, "report_post", post.pk), {"reason": "x"})
        counts.append(queries(office, url(atsugi, "post_reports")))
    assert counts[0] == counts[2]


def test_erasure_takes_words_and_digests_and_leaves_the_place(scene):
    atsugi, yaizu, kurashiki = scene.towns
    topic = asked(scene)
    post = stored(scene, Post)
    office = client_of(scene.office)
    scene.client(yaizu).post(url(yaizu, "report_post", post.pk), {"reason": "名前がある"})
    office.post(url(kurashiki, "hide_post", post.pk), {"reason": "名前がある"})
    subject = f"discussion_post:{post.pk}"
    erasing.erase(atsugi, subject, ground=erasing.Ground.REQUEST, reference="受付1")
    with in_consortium(scene.consortium):
        gone = Post.objects.get(pk=post.pk)
        assert (gone.body, gone.hidden_because) == (None, None)
        assert Topic.objects.get(pk=topic.pk).title is None
        assert PostReport.objects.get().reason is None
    with every_municipality():
        left = LedgerSalt.objects.filter(entry__subject=subject, entry__kind="discussion")
        assert not left.exists()
    assert "（消された話題）" in text(office.get(url(atsugi, "topics")))
    with pytest.raises(Exception, match="すでに消去されています"):
        erasing.erase(atsugi, subject, ground=erasing.Ground.REQUEST)


def test_posts_are_kept_for_five_years_after_the_last_word(scene):
    atsugi, _, _ = scene.towns
    topic = asked(scene)
    post = stored(scene, Post)
    now = timezone.now()
    with in_municipality(atsugi):
        assert discussion_erasure.expired_posts(atsugi, now) == []
        assert discussion_erasure.expired_posts(atsugi, now + timedelta(days=5 * 366 + 1)) == [post.pk]
    assert topic.pk


def test_a_town_outside_the_consortium_meets_nothing(scene):
    topic = asked(scene)
    post = stored(scene, Post)
    other = many_towns(2)
    town = towns_of(other)[0]
    client = client_of(office_of(other))
    assert client.get(url(town, "topic", topic.pk)).status_code == 404
    for name in ("change_post", "hide_post", "report_post", "accept_post"):
        assert client.post(url(town, name, post.pk), {"reason": "x"}).status_code == 404
    assert ASKED["title"] not in text(client.get(url(town, "topics")))


def test_following_is_ones_own(scene):
    _atsugi, yaizu, _ = scene.towns
    topic, clerk = asked(scene), scene.client(scene.towns[1])
    clerk.post(url(yaizu, "follow_topic", topic.pk), {"on": "1"})
    assert "追うのをやめる" in text(clerk.get(url(yaizu, "topic", topic.pk)))
    clerk.post(url(yaizu, "follow_topic", topic.pk), {"on": "0"})
    assert "この話題を追う" in text(clerk.get(url(yaizu, "topic", topic.pk)))
    with in_consortium(scene.consortium):
        assert not Participant.objects.filter(person=scene.person(yaizu)).exists()
