"""The page on which ledger entries are chosen for a disclosure request and given away as a file."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from machi.base import ledger
from machi.base.engine import offline
from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from tests.base.factories import a_municipality, a_person
from tests.frontdesk.factories import signed_in
from tests.frontdesk.web.staff import queries
from tests.governance.pages import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    """Three entries of two subjects, one by a clerk."""
    town = a_municipality()
    clerk = a_person(Role.CLERK, town)
    for subject, actor in (("inquiry:1", None), ("inquiry:2", clerk), ("inquiry:1", clerk)):
        ledger.record(town, system="frontdesk.hand_over", kind="hand_over", subject=subject, actor=actor)
    return town


def test_nothing_is_shown_before_something_is_asked_for(town: Municipality) -> None:
    page = text(signed_in(town, Role.AUDITOR).get(url(town, "disclosure")))
    assert "開示する記録を選んでください" in page
    assert "問い合わせ 1" not in page


def test_what_is_chosen_is_shown_masked(town: Municipality) -> None:
    page = text(signed_in(town, Role.AUDITOR).get(url(town, "disclosure"), {"subject": "inquiry:1"}))
    assert "開示する記録 2件" in page
    assert "窓口職員" in page
    assert page.count("職員 1") == 1  # as a choice of the filter, and in no row


def test_a_list_is_made_and_each_row_verifies_by_itself(town: Municipality) -> None:
    auditor = signed_in(town, Role.AUDITOR)
    address = url(town, "disclosure") + "?subject=inquiry:1"
    response = auditor.post(address, {"reference": "第12号", "format": "csv"})
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["番号", "0", "2"]
    expected = offline.Expected(ledger.signer().verifier.encode(), town.code)
    assert [offline.check_leaf(json.loads(line[-1]), expected) for line in lines[1:]] == [0, 2]
    with in_municipality(town):
        assert [line[-2] for line in lines[1:]] == [
            one.leaf_hash for one in LedgerEntry.objects.filter(subject="inquiry:1")
        ]
    assert "第12号" in text(auditor.get(address))


def test_excel_and_json_hold_the_same_rows(town: Municipality) -> None:
    auditor, address = signed_in(town, Role.AUDITOR), url(town, "disclosure") + "?kind=hand_over"
    excel = auditor.post(address, {"reference": "1", "format": "xlsx", "left_out": "1、 7"})
    sheet = load_workbook(io.BytesIO(b"".join(excel.streaming_content))).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [0, 2]
    document = auditor.post(address, {"reference": "1", "format": "json", "left_out": "1"}).json()
    assert offline.check_disclosure(document) == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reference": "", "format": "csv"}, "reference"),
        ({"reference": "1", "format": "pdf"}, "format"),
        ({"reference": "1", "format": "csv", "left_out": "a"}, "left_out"),
        ({"reference": "1", "format": "csv", "left_out": "0 1 2"}, "__all__"),
    ],
)
def test_what_is_not_understood_is_told_and_nothing_leaves(
    town: Municipality, given: dict[str, str], field: str
) -> None:
    page = signed_in(town, Role.AUDITOR).post(url(town, "disclosure") + "?kind=hand_over", given)
    assert page.context["form"].errors.keys() == {field}
    with in_municipality(town):
        assert LedgerEntry.objects.count() == 3


def test_without_a_choice_nothing_leaves(town: Municipality) -> None:
    page = signed_in(town, Role.AUDITOR).post(url(town, "disclosure"), {"reference": "1", "format": "csv"})
    assert page.status_code == 200
    with in_municipality(town):
        assert LedgerEntry.objects.count() == 3


def test_a_broken_log_gives_nothing_away(town: Municipality) -> None:
    with in_municipality(town):
        LedgerEntry.objects.filter(index=1).update(leaf_hash="zz")
    auditor = signed_in(town, Role.AUDITOR)
    page = auditor.post(url(town, "disclosure") + "?subject=inquiry:1", {"reference": "1", "format": "csv"})
    assert "証明を作れません" in text(page)


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.ADMINISTRATOR, Role.JOINT_OFFICE])
def test_others_may_not_disclose(town: Municipality, role: Role) -> None:
    client = signed_in(town, role)
    assert client.post(url(town, "disclosure"), {"reference": "1", "format": "csv"}).status_code == 403


def test_the_page_asks_as_often_for_three_as_for_one(town: Municipality) -> None:
    auditor = signed_in(town, Role.AUDITOR)
    one = queries(auditor, url(town, "disclosure") + "?subject=inquiry:2")
    assert queries(auditor, url(town, "disclosure") + "?kind=hand_over") == one
