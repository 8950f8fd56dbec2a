"""Cost curves, suggestions, choosing towns and what joint work might save, through the pages."""

import pytest
from bs4 import BeautifulSoup

from machi.base import ledger
from machi.base.domain.register import load_register
from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_consortium, in_municipality
from machi.governance.models import RegisteredSystem
from machi.joint.models import TownSelection
from tests.base.factories import a_person
from tests.frontdesk.web.staff import lines, queries
from tests.joint.factories import a_consortium, client_of, many_towns, office_of, url

pytestmark = pytest.mark.django_db
ATSUGI, YAIZU, KURASHIKI = "142123", "222127", "332020"
EBINA, ISEHARA, AIKAWA, KIYOKAWA = "142158", "142140", "144011", "144029"
CHOSEN = f"?town={ATSUGI}&town={EBINA}&town={AIKAWA}"


@pytest.fixture
def consortium():
    found = a_consortium()
    load_register()
    return found


@pytest.fixture
def town(consortium):
    return Municipality.objects.get(pk=ATSUGI)


@pytest.fixture
def clerk(town):
    return client_of(a_person(Role.CLERK, town))


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def words(response):
    return " ".join(soup(response).select_one("main").text.split())


def saved(consortium, clerk, town, **more):
    given = {"title": "県央の組", "codes": f"{ATSUGI},{EBINA},{AIKAWA}", "part": "1", **more}
    response = clerk.post(url(town, "partners_save"), given)
    assert response.status_code == 302, words(response)
    with in_consortium(consortium):
        return TownSelection.objects.first()


def test_first_page_leads_to_every_way(clerk, town):
    page = soup(clerk.get(url(town, "partners")))
    hrefs = {link["href"] for link in page.select("main a")}
    names = ("curve", "suggestions", "choose", "plans", "selections", "interests")
    assert {url(town, f"partners_{name}") for name in names} <= hrefs


@pytest.mark.parametrize("purpose", ["total", "welfare", "public_works", "education", "staff", "nonsense"])
def test_curve_shows_chart_table_controls_and_the_own_town(clerk, town, purpose):
    page = soup(clerk.get(url(town, "partners_curve") + f"?purpose={purpose}&form=translog"))
    svg = page.select_one("svg.chart")
    assert svg["role"] == "img"
    assert svg.select_one("desc").text
    assert [mark.text for mark in svg.select(".chart-name")] == ["厚木市"]
    assert not page.select("[style]")
    text = page.select_one("main").text
    assert "可住地の人口密度" in text
    assert len(page.select("table")) == 2
    assert "300,000" in text
    assert "浪江町" in text  # left out, and said so


def test_curve_file_has_every_town_of_the_sample(clerk, town):
    rows = lines(clerk.get(url(town, "partners_curve") + "?purpose=staff&format=csv"))
    assert len(rows) == 1735
    own = next(row for row in rows if row[0] == ATSUGI)
    assert own[1:4] == ["神奈川県", "厚木市", "223705"]
    assert own[4] == "人／人口千人"
    assert float(own[7]) == pytest.approx((float(own[5]) / float(own[6]) - 1) * 100, abs=0.1)


def test_suggestions_say_why_and_follow_the_weights(clerk, town):
    near = soup(clerk.get(url(town, "partners_suggestions") + "?likeness=0&complement=0&nearness=3"))
    names = [" ".join(one.text.split()) for one in near.select(".suggested h3")]
    assert names[0] == "海老名市 神奈川県"
    assert len(names) == 10
    assert "役所どうしが近い（3 km）" in near.select_one(".suggested li").text
    even = soup(clerk.get(url(town, "partners_suggestions")))
    assert [" ".join(one.text.split()) for one in even.select(".suggested h3")] != names
    assert "似た課題: " in even.select_one(".suggested").text


def test_suggestions_may_be_limited_to_the_consortium_and_other_prefectures(clerk, town):
    rows = lines(clerk.get(url(town, "partners_suggestions") + "?members_only=on&format=csv"))
    assert {row[0] for row in rows[1:]} == {YAIZU, KURASHIKI}
    assert {row[8] for row in rows[1:]} == {"はい"}
    rows = lines(clerk.get(url(town, "partners_suggestions") + "?prefecture=other&within_km=60&format=csv"))
    assert len(rows) > 10
    assert "神奈川県" not in {row[1] for row in rows[1:]}
    assert max(float(row[7]) for row in rows[1:]) <= 60


def test_suggestions_with_no_weight_ask_for_one(clerk, town):
    page = words(clerk.get(url(town, "partners_suggestions") + "?likeness=0&complement=0&nearness=0"))
    assert "3つのうち1つは見るようにしてください" in page


def test_towns_are_chosen_from_list_search_and_map_alike(clerk, town):
    page = soup(clerk.get(url(town, "partners_choose")))
    assert len(page.select("input[type=checkbox][name=town]")) == 33
    assert [one["value"] for one in page.select("input[name=town][checked]")] == [ATSUGI]
    assert len(page.select("svg.map a")) == 33
    link = next(one for one in page.select("svg.map a") if one["aria-label"].startswith("海老名市"))
    page = soup(clerk.get(url(town, "partners_choose") + link["href"].partition("#")[0]))
    assert {one["value"] for one in page.select("input[name=town][checked]")} == {ATSUGI, EBINA}
    found = soup(clerk.get(url(town, "partners_choose") + f"?q=やいづ&chosen=1&town={ATSUGI}"))
    assert [one["value"] for one in found.select("input[type=checkbox][name=town]")] == [YAIZU]
    assert ATSUGI in [one["value"] for one in found.select("input[type=hidden][name=town]")]
    assert not found.select("svg.map")


def test_chosen_town_is_let_go_again(clerk, town):
    page = soup(clerk.get(url(town, "partners_choose") + CHOSEN))
    (link,) = [one["href"] for one in page.select(".card-key li a") if "海老名市" in one.text]
    page = soup(clerk.get(url(town, "partners_choose") + link))
    assert {one["value"] for one in page.select("input[name=town][checked]")} == {ATSUGI, AIKAWA}
    page = soup(clerk.get(url(town, "partners_choose") + "?chosen=1"))
    assert not page.select("input[name=town][checked]")


def test_map_of_tokyo_leaves_far_islands_to_the_list(clerk, town):
    page = soup(clerk.get(url(town, "partners_choose") + "?prefecture=130001"))
    assert len(page.select("input[type=checkbox][name=town]")) == 62
    assert len(page.select("svg.map a")) == 53
    assert "小笠原村" in page.select_one("figcaption").text


def test_estimate_shows_intervals_and_what_it_does_not_show(clerk, town):
    page = soup(clerk.get(url(town, "partners_work") + CHOSEN))
    table = page.select_one("table")
    assert [row.select_one("th").text for row in table.select("tbody tr")] == [
        "歳出の総額",
        "福祉（民生費）",
        "土木（土木費）",
        "教育（教育費）",
        "一般行政の職員数",
    ]
    assert all("〜" in row.text for row in table.select("tbody tr"))
    caveats = page.select(".notice-warning li")
    assert len(caveats) >= 5
    assert any("移行の費用" in one.text for one in caveats)
    assert len(page.select(".chart-mark")) == 5  # three towns, the joint one, the legend


def test_estimate_of_one_town_leads_back_to_choosing(clerk, town):
    response = clerk.get(url(town, "partners_work") + f"?town={ATSUGI}", follow=True)
    assert "町を2つ以上選んでください" in words(response)
    assert response.redirect_chain[0][0].startswith(url(town, "partners_choose"))


def test_evacuated_towns_are_left_out_and_named(clerk, town):
    response = clerk.get(url(town, "partners_work") + CHOSEN + "&town=075477")
    assert "見積もりに入っていない町: 浪江町" in words(response)
    response = clerk.get(url(town, "partners_work") + f"?town={ATSUGI}&town=075477", follow=True)
    assert "モデルから除いています" in words(response)


def test_part_of_the_work_saves_a_part(clerk, town):
    whole = lines(clerk.get(url(town, "partners_work") + CHOSEN + "&format=csv"))
    half = lines(clerk.get(url(town, "partners_work") + CHOSEN + "&part=0.5&format=csv"))
    for one, other in zip(whole[1:], half[1:], strict=True):
        assert one[3] == other[3]
        assert float(other[6]) == pytest.approx(float(one[6]) / 2, abs=0.1)


def test_saved_estimate_is_a_result_in_the_ledger_and_stays(consortium, clerk, town):
    selection = saved(consortium, clerk, town)
    assert selection.codes == [ATSUGI, EBINA, AIKAWA]
    with in_municipality(town):
        entry = LedgerEntry.objects.get(subject=f"town_selection:{selection.pk}")
        assert (entry.system, entry.kind) == ("joint.cost_model", ledger.RESULT)
        assert "95%の幅" in entry.body
        assert ledger.verify(town) == []
    page = soup(clerk.get(url(town, "partners_selection", selection.pk)))
    assert "自分の町だけ" in page.text
    assert "保存した" in page.text


def test_choice_from_suggestions_keeps_their_reasons(consortium, clerk, town):
    selection = saved(
        consortium,
        clerk,
        town,
        origin="suggested",
        wish="likeness=0&complement=0&nearness=3",
        codes=f"{ATSUGI},{EBINA}",
    )
    assert [one["code"] for one in selection.suggestions["suggested"]] == [EBINA]
    with in_municipality(town):
        systems = set(LedgerEntry.objects.values_list("system", "kind"))
    assert systems == {("joint.cost_model", "result"), ("joint.partners", "result")}
    assert "役所どうしが近い" in words(clerk.get(url(town, "partners_selection", selection.pk)))


def test_what_a_town_has_not_shared_is_its_own(consortium, clerk, town):
    selection = saved(consortium, clerk, town)
    yaizu = Municipality.objects.get(pk=YAIZU)
    other = client_of(a_person(Role.MANAGER, yaizu))
    office = client_of(office_of(consortium))
    readers = [(other, yaizu), (office, town), (office, yaizu)]
    for client, place in readers:
        assert client.get(url(place, "partners_selection", selection.pk)).status_code == 404
        assert "保存した町の組はまだありません" in words(client.get(url(place, "partners_selections")))
    assert other.post(url(yaizu, "partners_share", selection.pk)).status_code == 404
    clerk.post(url(town, "partners_share", selection.pk))
    for client, place in readers:
        assert "県央の組" in words(client.get(url(place, "partners_selection", selection.pk)))
    assert other.post(url(yaizu, "partners_withdraw", selection.pk)).status_code == 404
    assert other.post(url(yaizu, "partners_delete", selection.pk)).status_code == 404
    clerk.post(url(town, "partners_withdraw", selection.pk))
    assert other.get(url(yaizu, "partners_selection", selection.pk)).status_code == 404


def test_another_consortium_never_sees_it(consortium, clerk, town):
    selection = saved(consortium, clerk, town)
    clerk.post(url(town, "partners_share", selection.pk))
    other = many_towns(3)
    stranger = Municipality.objects.filter(memberships__consortium=other).first()
    client = client_of(a_person(Role.MANAGER, stranger))
    assert client.get(url(stranger, "partners_selection", selection.pk)).status_code == 404


def test_selection_is_deleted_after_a_question(consortium, clerk, town):
    selection = saved(consortium, clerk, town)
    assert "消しますか" in words(clerk.get(url(town, "partners_delete", selection.pk)))
    clerk.post(url(town, "partners_delete", selection.pk))
    with in_consortium(consortium):
        assert TownSelection.objects.count() == 0
    with in_municipality(town):
        assert LedgerEntry.objects.filter(subject=f"town_selection:{selection.pk}").count() == 2


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_selection_comes_as_a_report(consortium, clerk, town, kind, begins):
    selection = saved(consortium, clerk, town, note="給食センター")
    response = clerk.get(url(town, "partners_selection", selection.pk) + f"?format={kind}")
    assert response.content.startswith(begins)


@pytest.mark.parametrize("key", ["joint.cost_model", "joint.partners", "joint.grouping"])
def test_nothing_runs_that_is_not_approved(clerk, town, key):
    pages = {
        "joint.cost_model": ["partners_curve", "partners_work"],
        "joint.partners": ["partners_suggestions"],
        "joint.grouping": ["partners_ask"],
    }
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=key).update(
            state=RegisteredSystem.State.SUSPENDED, notice="点検中"
        )
    for system, names in pages.items():
        for name in names:
            response = clerk.get(url(town, name) + CHOSEN)
            assert response.status_code == (403 if system == key else 200), name
            if system == key:
                assert "点検中" in response.content.decode()


def test_list_of_selections_takes_as_many_queries_for_three_as_for_one(consortium, clerk, town):
    saved(consortium, clerk, town)
    one = queries(clerk, url(town, "partners_selections"))
    saved(consortium, clerk, town)
    saved(consortium, clerk, town)
    assert queries(clerk, url(town, "partners_selections")) == one
    rows = lines(clerk.get(url(town, "partners_selections") + "?format=csv"))
    assert [row[2] for row in rows[1:]] == ["3", "3", "3"]


def test_auditor_and_administrator_have_no_business_here(town):
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        assert client_of(a_person(role, town)).get(url(town, "partners")).status_code == 403
    officer = client_of(a_person(Role.AI_OFFICER, town))
    assert officer.get(url(town, "partners")).status_code == 200
    assert officer.get(url(town, "partners_interests")).status_code == 403
    assert officer.post(url(town, "partners_save")).status_code == 403
