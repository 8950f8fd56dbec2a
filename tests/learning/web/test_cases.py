"""The case library through its pages: from a draft to a result told by another town."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.base.models import LedgerEntry, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.learning.domain import cases_index
from machi.learning.models import Case, CaseAdoption, CaseFile
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.governance.pages import text
from tests.joint.factories import client_of, many_towns, office_of, towns_of
from tests.learning.cases import GARBAGE, MINUTES, a_scene, actions, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return a_scene()


def stored(scene, model=Case):
    with in_consortium(scene.consortium):
        return model.objects.order_by("-pk")[0]


def posted(given, **more):
    return {**{name: "" if value is None else value for name, value in given.items()}, "revision": 1, **more}


def test_whole_cycle(scene, django_capture_on_commit_callbacks):
    atsugi, yaizu, _kurashiki = scene.towns
    clerk = scene.client(atsugi)
    draft = posted({"title": MINUTES["title"], "field": "minutes", "tool": "speech", "year": 2025})
    response = clerk.post(url(atsugi, "begin_case"), draft)
    case = stored(scene)
    assert response["Location"] == url(atsugi, "case", case.pk)
    page = text(clerk.get(response["Location"]))
    assert "「困っていたこと」が空欄です。" in page
    assert "まだ提出できません" in text(clerk.get(url(atsugi, "submit_case", case.pk)))

    clerk.post(url(atsugi, "change_case", case.pk), posted(MINUTES))
    assert stored(scene).revision == 2
    assert "見つかりませんでした" in text(clerk.get(url(atsugi, "submit_case", case.pk)))
    clerk.post(url(atsugi, "submit_case", case.pk))
    assert stored(scene).state == "submitted"
    other = scene.client(yaizu)
    assert other.get(url(yaizu, "case", case.pk)).status_code == 404

    office = client_of(scene.office)
    assert MINUTES["title"] in text(office.get(url(atsugi, "cases_waiting")))
    assert "理由を書いてください" not in text(office.get(url(atsugi, "return_case", case.pk)))
    office.post(url(atsugi, "return_case", case.pk), {"reason": "費用の出どころを書いてください"})
    assert "費用の出どころを書いてください" in text(clerk.get(url(atsugi, "case", case.pk)))
    clerk.post(url(atsugi, "submit_case", case.pk))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(url(atsugi, "publish_case", case.pk))
    assert stored(scene).state == "published"

    # Words are found at once, before any worker has come.
    assert MINUTES["title"] in text(other.get(url(yaizu, "cases"), {"q": "審議会 議事録"}))
    page = text(other.get(url(yaizu, "case", case.pk)))
    assert "書いた町の報告だけ" in page
    assert "この事例について聞く" in page
    assert "似ている度合いは、100のうち" in page
    assert "自分の町で取り入れる" not in page  # that is the manager's to do

    manager = scene.client(yaizu, Role.MANAGER)
    adopting = {"project": "", "plan": "", "adopted_on": "2026-10-01"}
    refused = text(manager.post(url(yaizu, "adopt_case", case.pk), adopting))
    assert "共同事業を選ぶか、自分の町の計画を書いてください" in refused
    manager.post(url(yaizu, "adopt_case", case.pk), adopting | {"plan": "総務課が10月から使う"})
    result = {"state": "worked", "hours_saved": 40, "counted": "measured", "differed": "要約は使わなかった"}
    manager.post(url(yaizu, "tell_case_result", case.pk), result)
    page = text(clerk.get(url(atsugi, "case", case.pk)))
    assert "総務課が10月から使う" in page
    assert "要約は使わなかった" in page
    assert "ほかの町も試した" in page
    assert actions(atsugi, f"ai_case:{case.pk}")[-2:] == ["adopt", "tell_result"]
    assert actions(yaizu, f"ai_case:{case.pk}") == ["adopt", "tell_result"]


def test_personal_information_is_asked_about_before_anybody_else_reads_it(scene):
    atsugi = scene.towns[0]
    named = scene.case({**MINUTES, "after": "山田太郎係長（046-225-2000）が確かめる。"}, state="draft")
    clerk = scene.client(atsugi)
    page = text(clerk.get(url(atsugi, "submit_case", named.pk)))
    assert "人の名前「山田太郎」" in page
    assert "電話番号「046-225-2000」" in page
    refused = text(clerk.post(url(atsugi, "submit_case", named.pk)))
    assert "個人の名前や番号らしいものがあります（いまのやり方）" in refused
    assert stored(scene).state == "draft"
    clerk.post(url(atsugi, "submit_case", named.pk), {"personal_checked": "on"})
    assert stored(scene).state == "submitted"
    office = client_of(scene.office)
    assert "人の名前「山田太郎」" in text(office.get(url(atsugi, "publish_case", named.pk)))
    office.post(url(atsugi, "publish_case", named.pk))
    assert stored(scene).state == "submitted"
    with in_municipality(atsugi):
        body = LedgerEntry.objects.filter(system="learning.cases").order_by("-index")[0].body
    assert json.loads(body)["outputs"]["personal"] == {"PERSON": 1, "TELEPHONE": 1}
    assert "山田" not in body


def test_what_tells_of_the_same_is_shown_to_writer_and_reviewer(scene):
    atsugi, yaizu, _ = scene.towns
    first = scene.case()
    scene.case(GARBAGE)
    scene.indexed()
    again = {
        **MINUTES,
        "title": "会議の録音を文字にして議事録の案を作る",
        "problem": "審議会の議事録を書くのに、1回あたり職員が2日かかっていた。",
    }
    second = scene.case(again, town=yaizu, state="draft")
    page = text(scene.client(yaizu).get(url(yaizu, "submit_case", second.pk)))
    assert f"/cases/{first.pk}/" in page
    assert GARBAGE["title"] not in page
    scene.client(yaizu).post(url(yaizu, "submit_case", second.pk))
    office = client_of(scene.office)
    assert f"/cases/{first.pk}/" in text(office.get(url(atsugi, "publish_case", second.pk)))
    with in_municipality(yaizu):
        entry = LedgerEntry.objects.get(system="learning.case_duplicates")
    assert json.loads(entry.body)["outputs"]["alike"] == [first.pk]


def test_search_finds_by_meaning_and_leaves_a_record_without_the_words(scene):
    yaizu = scene.towns[1]
    minutes, garbage = scene.case(), scene.case(GARBAGE)
    scene.indexed()
    clerk = scene.client(yaizu)
    page = text(clerk.get(url(yaizu, "cases"), {"q": "打ち合わせの内容を文章に起こしたい"}))
    assert page.index(minutes.title) < (page.index(garbage.title) if garbage.title in page else len(page))
    assert "AIが言葉と意味の近さで並べました" in page
    with in_municipality(yaizu):
        entry = LedgerEntry.objects.get(system="learning.case_search")
    assert json.loads(entry.body)["outputs"]["found"][0] == minutes.pk
    assert "打ち合わせ" not in entry.body
    empty = text(clerk.get(url(yaizu, "cases"), {"q": "宇宙船の操縦"}))
    assert "この条件に合う事例はありません" in empty


def test_where_search_may_not_run_words_are_looked_for_as_written(scene):
    yaizu = scene.towns[1]
    scene.case()
    scene.case(GARBAGE)
    with in_municipality(yaizu):
        RegisteredSystem.objects.filter(key="learning.case_search").update(
            state=RegisteredSystem.State.SUSPENDED
        )
    page = text(scene.client(yaizu).get(url(yaizu, "cases"), {"q": "審議会"}))
    assert "書いたとおりの言葉で探しました" in page
    assert MINUTES["title"] in page
    assert GARBAGE["title"] not in page
    with in_municipality(yaizu):
        assert not LedgerEntry.objects.filter(system="learning.case_search").exists()


def test_filters_and_order(scene):
    _atsugi, yaizu, kurashiki = scene.towns
    minutes, garbage = scene.case(), scene.case(GARBAGE, town=kurashiki)
    clerk = scene.client(yaizu)

    def titles(**asked):
        told = lines(clerk.get(url(yaizu, "cases"), {"format": "csv", **asked}))
        return [line[0] for line in told[1:]]

    assert titles() == [garbage.title, minutes.title]
    assert titles(field="minutes") == [minutes.title]
    assert titles(tool="chatbot") == [garbage.title]
    assert titles(size="5") == [minutes.title]  # Atsugi: 224 thousand people
    assert titles(size="6") == [garbage.title]  # Kurashiki: 475 thousand
    assert titles(size="0") == []
    assert titles(sort="hours") == [minutes.title, garbage.title]
    assert titles(sort="like") in ([minutes.title, garbage.title], [garbage.title, minutes.title])
    scene.adopted(minutes, yaizu, state="worked", hours_saved=30, counted="measured")
    assert titles(sort="evidence") == [minutes.title, garbage.title]
    assert titles(size="nonsense", sort="x") == [garbage.title, minutes.title]


def test_list_takes_a_constant_number_of_queries(scene):
    atsugi, yaizu, _ = scene.towns
    clerk = scene.client(yaizu)
    scene.adopted(scene.case(), yaizu)
    clerk.get(url(yaizu, "cases"))
    one = queries(clerk, url(yaizu, "cases"))
    for number in range(2):
        scene.adopted(scene.case({**MINUTES, "title": f"別の事例{number}"}), yaizu)
    assert queries(clerk, url(yaizu, "cases")) == one
    own = scene.client(atsugi)
    scene.case(state="draft")
    some = queries(own, url(atsugi, "own_cases"))
    scene.case(state="draft")
    scene.case(state="returned")
    assert queries(own, url(atsugi, "own_cases")) == some


def test_a_draft_is_its_own_towns_and_a_learner_sees_only_their_own(scene):
    atsugi, yaizu, _ = scene.towns
    draft = scene.case(state="draft")
    assert client_of(scene.office).get(url(atsugi, "case", draft.pk)).status_code == 404
    assert scene.client(yaizu).get(url(yaizu, "case", draft.pk)).status_code == 404
    assert scene.client(yaizu).get(url(yaizu, "change_case", draft.pk)).status_code == 404
    learner = scene.client(atsugi, Role.LEARNER)
    assert learner.get(url(atsugi, "case", draft.pk)).status_code == 404
    learner.post(url(atsugi, "begin_case"), posted(GARBAGE))
    own = stored(scene)
    assert "提出する" in text(learner.get(url(atsugi, "case", own.pk)))
    assert "提出する" in text(scene.client(atsugi).get(url(atsugi, "case", own.pk)))
    auditor = scene.client(atsugi, Role.AUDITOR)
    assert auditor.get(url(atsugi, "case", draft.pk)).status_code == 404


def test_only_the_office_reviews_and_never_what_it_handed_in(scene):
    atsugi = scene.towns[0]
    case = scene.case(state="submitted")
    for role in (Role.CLERK, Role.MANAGER, Role.AI_OFFICER, Role.LEARNER):
        assert scene.client(atsugi, role).post(url(atsugi, "publish_case", case.pk)).status_code == 403
        assert scene.client(atsugi, role).post(url(atsugi, "return_case", case.pk)).status_code == 403
    both = a_person(Role.JOINT_OFFICE, consortium=scene.consortium)
    with in_consortium(scene.consortium):
        Case.objects.filter(pk=case.pk).update(submitted_by=both)
    page = text(client_of(both).post(url(atsugi, "publish_case", case.pk)))
    assert "自分が提出した事例は、ほかの人が公開します" in page


def test_published_case_is_changed_only_after_it_was_withdrawn(scene):
    atsugi, yaizu, _ = scene.towns
    case = scene.case()
    scene.adopted(case, yaizu)
    clerk = scene.client(atsugi)
    assert "取り下げてから直してください" in text(
        clerk.post(url(atsugi, "change_case", case.pk), posted(MINUTES))
    )
    clerk.post(url(atsugi, "withdraw_case", case.pk), {"reason": "費用が変わった"})
    assert case.title not in text(scene.client(yaizu).get(url(yaizu, "cases")))
    assert case.title in text(scene.client(yaizu).get(url(yaizu, "case", case.pk)))  # it was adopted there
    assert actions(yaizu, f"ai_case:{case.pk}")[-1] == "withdraw"
    clerk.post(url(atsugi, "change_case", case.pk), posted(MINUTES, title="直した題名"))
    assert stored(scene).title == "直した題名"


def test_who_saves_second_loses_nothing_of_the_first(scene):
    atsugi = scene.towns[0]
    case, clerk = scene.case(state="draft"), scene.client(atsugi)
    clerk.post(url(atsugi, "change_case", case.pk), posted(MINUTES, title="先に保存"))
    page = text(clerk.post(url(atsugi, "change_case", case.pk), posted(MINUTES, title="後から保存")))
    assert "ほかの人が先に保存しました" in page
    assert "後から保存" in page
    assert stored(scene).title == "先に保存"


def test_files_are_kept_by_content_and_read_by_whoever_reads_the_case(scene):
    atsugi, yaizu, _ = scene.towns
    case, clerk = scene.case(state="draft"), scene.client(atsugi)
    wrong = SimpleUploadedFile("plan.pdf", b"no pdf")
    page = text(clerk.post(url(atsugi, "attach_to_case", case.pk), {"file": wrong}))
    assert "ファイルの中身と名前の終わり（拡張子）が合っていません" in page
    good = SimpleUploadedFile("手順.txt", "手順書".encode())
    clerk.post(url(atsugi, "attach_to_case", case.pk), {"file": good})
    file = stored(scene, CaseFile)
    address = url(yaizu, "case_file", case.pk, file.pk)
    assert scene.client(yaizu).get(address).status_code == 404
    got = clerk.get(url(atsugi, "case_file", case.pk, file.pk))
    assert b"".join(got.streaming_content).decode() == "手順書"
    clerk.post(url(atsugi, "detach_from_case", case.pk, file.pk))
    assert clerk.get(url(atsugi, "case_file", case.pk, file.pk)).status_code == 404


def test_adoption_is_refused_where_it_cannot_be(scene):
    atsugi, yaizu, _ = scene.towns
    case = scene.case()
    asked = {"plan": "使う", "adopted_on": "2026-10-01"}
    own = scene.client(atsugi, Role.MANAGER)
    assert "自分の町の事例です" in text(own.post(url(atsugi, "adopt_case", case.pk), asked))
    manager = scene.client(yaizu, Role.MANAGER)
    late = text(manager.post(url(yaizu, "adopt_case", case.pk), asked | {"adopted_on": "2999-01-01"}))
    assert "今日までの日にしてください" in late
    manager.post(url(yaizu, "adopt_case", case.pk), asked)
    assert "もう取り入れています" in text(manager.post(url(yaizu, "adopt_case", case.pk), asked))
    page = text(manager.post(url(yaizu, "tell_case_result", case.pk), {"state": "worked", "hours_saved": 5}))
    assert "時間の数え方を選んでください" in page
    page = text(manager.post(url(yaizu, "tell_case_result", case.pk), {"state": "failed"}))
    assert "同じなら「同じ」と書いてください" in page
    assert scene.client(yaizu).post(url(yaizu, "adopt_case", case.pk), asked).status_code == 403
    assert stored(scene, CaseAdoption).state == "trying"


def test_what_was_exported_can_be_imported_after_a_dry_run(scene):
    atsugi, yaizu, _ = scene.towns
    scene.case()
    exported = scene.client(atsugi).get(url(atsugi, "own_cases"), {"format": "xlsx"})
    data = b"".join(exported.streaming_content)
    clerk = scene.client(yaizu)
    page = text(clerk.post(url(yaizu, "import_cases"), {"file": SimpleUploadedFile("cases.xlsx", data)}))
    assert "2行目の「自治体」（「厚木市」）: ほかの自治体の事例は取り込めません。" in page

    own = "題名,分野,道具の種類,始めた年,減った時間（月）\n防災の電話,防災・危機管理,RPA,2024,１２\n"
    response = clerk.post(
        url(yaizu, "import_cases"), {"file": SimpleUploadedFile("l.csv", own.encode("cp932"))}
    )
    page = text(response)
    assert "1件を取り込めます" in page
    with in_consortium(scene.consortium):
        assert Case.objects.count() == 1
    sealed = response.context["held"]
    clerk.post(url(yaizu, "import_cases"), {"held": sealed})
    made = stored(scene)
    assert (made.title, made.state, made.hours_saved, made.town_id) == ("防災の電話", "draft", 12, yaizu.pk)
    again = text(clerk.post(url(yaizu, "import_cases"), {"held": sealed}))
    assert "同じ題名の事例が、この自治体にもうあります" in again
    assert clerk.post(url(yaizu, "import_cases"), {"held": sealed + "x"}).status_code == 302


def test_import_names_row_column_and_reason_and_takes_nothing(scene):
    atsugi = scene.towns[0]
    wrong = (
        "題名,分野,道具の種類,始めた年,はじめの費用（円）,自治体\n"
        "一,会議,RPA,2024,0,\n"
        ",会議・議事録,RPA,令和6年,-5,横浜市\n"
        "一,会議・議事録,RPA,2024,0,厚木市\n"
    )
    page = text(
        scene.client(atsugi).post(
            url(atsugi, "import_cases"), {"file": SimpleUploadedFile("l.csv", wrong.encode())}
        )
    )
    for told in (
        "2行目の「分野」（「会議」）: 選べる値ではありません。",
        "3行目の「題名」: 空欄です。",
        "3行目の「始めた年」（「令和6年」）: 数として読めません。",
        "3行目の「はじめの費用（円）」（「-5」）: 入れられる範囲の外です。",
        "3行目の「自治体」（「横浜市」）: この共同体の自治体ではありません。",
        "4行目の「題名」（「一」）: 同じものが2回あります。",
    ):
        assert told in page
    with in_consortium(scene.consortium):
        assert not Case.objects.exists()


def test_empty_list_can_be_written_out_for_filling_in(scene):
    atsugi = scene.towns[0]
    response = scene.client(atsugi).get(url(atsugi, "import_cases"), {"format": "csv"})
    (header,) = lines(response)
    assert header[:4] == ["題名", "分野", "道具の種類", "始めた年"]


def test_adoptions_are_exported(scene):
    atsugi, yaizu, _ = scene.towns
    case = scene.case()
    scene.adopted(case, yaizu, state="failed", differed="聞き取れなかった")
    told = lines(scene.client(atsugi).get(url(atsugi, "case", case.pk), {"format": "csv"}))
    assert told[1][0] == "焼津市"
    assert "聞き取れなかった" in told[1]


def test_a_town_outside_the_consortium_meets_nothing(scene):
    case = scene.case()
    other = many_towns(2)
    town = towns_of(other)[0]
    client = client_of(office_of(other))
    assert client.get(url(town, "case", case.pk)).status_code == 404
    assert case.title not in text(client.get(url(town, "cases")))


def test_index_holds_what_is_published_and_nothing_else(scene):
    atsugi = scene.towns[0]
    case = scene.case()
    scene.case(GARBAGE, state="draft")
    cases_index.build(scene.consortium.pk)
    index = cases_index.index_of(scene.consortium)
    assert str(index.path).endswith(f"consortia/{scene.consortium.pk}/cases")
    assert index.status().passages == 3
    assert {entry.title for entry in index.entries(index.snapshot().passages["passage_id"].tolist())} == {
        case.title
    }
    before = index.status().revision
    cases_index.build(scene.consortium.pk)
    assert index.status().revision == before
    clerk = scene.client(atsugi)
    clerk.post(url(atsugi, "withdraw_case", case.pk), {"reason": "x"})
    cases_index.build(scene.consortium.pk)
    assert index.status().passages == 0
    assert not any(
        b"2" in part.read_bytes() and "審議会".encode() in part.read_bytes()
        for part in index.path.rglob("*")
        if part.is_file()
    )


def test_excel_reads_in_again_what_excel_wrote_out(scene):
    """The same columns, whatever the language of the page."""
    atsugi = scene.towns[0]
    scene.case(state="draft")
    clerk = scene.client(atsugi)
    clerk.cookies["django_language"] = "en"
    data = b"".join(clerk.get(url(atsugi, "own_cases"), {"format": "xlsx"}).streaming_content)
    from machi.learning.domain import cases_import

    with in_consortium(scene.consortium):
        Case.objects.all().delete()
        sheet = cases_import.read(io.BytesIO(data).getvalue(), scene.consortium, atsugi)
        assert sheet.problems == ()
        ((given, town),) = sheet.rows
    assert town == atsugi
    assert {name: given[name] for name in given} == {name: MINUTES[name] for name in given}
