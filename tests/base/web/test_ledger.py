"""Auditors find an entry, read it with its proof, and verify the whole log."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from machi.base import ledger
from machi.base.domain import rulings
from machi.base.models import LedgerEntry, Municipality, Role
from machi.base.scoping import in_municipality
from tests.base.factories import a_person

pytestmark = pytest.mark.django_db
LEDGER = "/m/142123/ledger/"


def an_entry(town: Municipality, number: int = 1, **given: Any) -> LedgerEntry:
    whole: dict[str, Any] = {
        "system": "frontdesk.answers",
        "subject": f"inquiry:{number}",
        "inputs": {"question": "粗大ごみの出し方は？"},
        "outputs": {"known": True, "percent": 83, "passages": [1, 2]},
        "sources": [{"document": 12, "title": "広報あつぎ"}],
        "explanation": "2つの文が合いました。",
        **given,
    }
    return ledger.record(town, **whole)


def content(response: Any) -> bytes:
    return b"".join(response)


def indexes(client: Client, **query: str) -> list[int]:
    page = client.get(LEDGER, query)
    assert page.status_code == 200
    return [line["entry"].index for line in page.context["shown"]]


def test_list_shows_the_newest_first_and_no_foreign_entry(
    as_auditor: Client, town: Municipality, other: Municipality
) -> None:
    an_entry(town, 1)
    an_entry(other, 99)
    an_entry(town, 2)
    assert indexes(as_auditor) == [1, 0]
    assert "inquiry:99" not in as_auditor.get(LEDGER).content.decode()


def test_list_is_filtered(as_auditor: Client, town: Municipality) -> None:
    person = a_person(Role.CLERK, town)
    an_entry(town, 1)
    an_entry(town, 2, explanation="保育園について")
    ledger.record(town, system="base.people", kind="people", subject="person:7", actor=person)
    assert indexes(as_auditor, system="base.people") == [2]
    assert indexes(as_auditor, kind="people") == [2]
    assert indexes(as_auditor, subject="inquiry:1") == [0]
    assert indexes(as_auditor, text="保育園") == [1]
    assert indexes(as_auditor, subject="inquiry:1", kind="people") == []
    assert "当てはまる記録はありません" in as_auditor.get(LEDGER, {"subject": "x"}).content.decode()


def test_list_is_filtered_by_day_in_japan(as_auditor: Client, town: Municipality) -> None:
    """Entries of 23:30 and 00:30 Japanese time belong to different days, though to one day in UTC."""
    for number, at in enumerate(["2026-04-30T14:30:00+00:00", "2026-04-30T15:30:00+00:00"]):
        entry = an_entry(town, number)
        with in_municipality(town):
            LedgerEntry.objects.filter(pk=entry.pk).update(at=at)
    assert indexes(as_auditor, since="2026-05-01") == [1]
    assert indexes(as_auditor, until="2026-04-30") == [0]
    assert indexes(as_auditor, since="2026-04-30", until="2026-05-01") == [1, 0]


def test_list_says_what_it_did_not_understand(as_auditor: Client, town: Municipality) -> None:
    an_entry(town)
    page = as_auditor.get(LEDGER, {"since": "いつか", "system": "no.such"})
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"since", "system"}


def test_list_without_entries_says_what_comes_here(as_auditor: Client) -> None:
    assert "まだ記録はありません" in as_auditor.get(LEDGER).content.decode()


def test_list_asks_the_database_as_often_for_three_entries_as_for_one(
    as_auditor: Client, town: Municipality, count_queries: Callable[..., int]
) -> None:
    an_entry(town, 1, actor=a_person(Role.CLERK, town))
    once = count_queries(LEDGER)
    an_entry(town, 2, actor=a_person(Role.CLERK, town))
    an_entry(town, 3, kind="ruling", system="base.people", actor=a_person(Role.MANAGER, town))
    assert count_queries(LEDGER) == once


def test_export_holds_the_filtered_entries_and_no_names(as_auditor: Client, town: Municipality) -> None:
    person = a_person(Role.CLERK, town)
    an_entry(town, 1, actor=person)
    an_entry(town, 2)
    response = as_auditor.get(LEDGER, {"format": "csv", "subject": "inquiry:1"})
    (header, line) = csv.reader(io.StringIO(content(response).decode("utf-8-sig")))
    assert header[0] == "番号"
    assert line[0] == "0"
    assert line[6] == f"person:{person.pk}"
    assert json.loads(line[8])["subject"] == "inquiry:1"
    assert person.name not in "".join(line)
    sheet: Any = load_workbook(io.BytesIO(content(as_auditor.get(LEDGER, {"format": "xlsx"})))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [1, 0]


def test_unknown_export_format_is_not_there(as_auditor: Client, town: Municipality) -> None:
    an_entry(town)
    assert as_auditor.get(LEDGER, {"format": "exe"}).status_code == 404


def test_entry_shows_what_was_done_and_that_it_still_stands(as_auditor: Client, town: Municipality) -> None:
    person = a_person(Role.CLERK, town)
    entry = an_entry(town, actor=person)
    an_entry(town, 2)
    page = as_auditor.get(f"{LEDGER}0/").content.decode()
    for text in (
        "変わらずにあります",
        "広報あつぎ",
        "2つの文が合いました。",
        person.name,
        "[1, 2]",
        entry.leaf_hash,
    ):
        assert text in page
    assert "粗大ごみ" not in page
    assert f"{LEDGER}1/" in page


def test_entry_shows_rulings_on_it(as_auditor: Client, town: Municipality) -> None:
    entry = an_entry(town)
    an_entry(town)  # the same subject, and no ruling
    with in_municipality(town):
        rulings.rule_on(entry, a_person(Role.CLERK, town), verdict="overrule", reason="古い情報")
    page = as_auditor.get(f"{LEDGER}0/")
    assert [one.ruling.entry.index for one in page.context["shown"].rulings] == [2]
    assert "古い情報" in page.content.decode()
    assert as_auditor.get(f"{LEDGER}1/").context["shown"].rulings == []


def test_entry_of_another_town_is_not_there(as_auditor: Client, other: Municipality) -> None:
    an_entry(other)
    assert as_auditor.get(f"{LEDGER}0/").status_code == 404


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE base_ledgerentry SET body = replace(body, '83', '38') WHERE \"index\" = 0",
        "UPDATE base_ledgerentry SET body = 'x' WHERE \"index\" = 0",
        "UPDATE base_ledgerentry SET body = '[]' WHERE \"index\" = 0",
        "UPDATE base_ledgerentry SET leaf_hash = 'zz' WHERE \"index\" = 1",
        "UPDATE base_ledgerentry SET leaf_hash = '00' WHERE \"index\" = 1",
        'DELETE FROM base_ledgersalt; DELETE FROM base_ledgerentry WHERE "index" = 1',
        "UPDATE base_ledgerhead SET root = 'zz'",
        "UPDATE base_ledgerhead SET size = 1",
        "DELETE FROM base_ledgerhead",
    ],
)
def test_entry_that_cannot_be_proven_says_so(as_auditor: Client, town: Municipality, harm: str) -> None:
    for number in range(3):
        an_entry(town, number)
    with connection.cursor() as cursor:
        for statement in harm.split(";"):
            cursor.execute(statement)
    response = as_auditor.get(f"{LEDGER}0/")
    assert response.status_code == 200
    assert "変わらずにあります" not in response.content.decode()
    assert "台帳全体を検証してください" in response.content.decode()


def test_verify_of_a_whole_log_is_itself_recorded(as_auditor: Client, town: Municipality) -> None:
    an_entry(town)
    assert "まだ一度も検証されていません" in as_auditor.get(LEDGER).content.decode()
    response = as_auditor.post(LEDGER + "verify/")
    assert "1件の記録すべてを読み" in response.content.decode()
    with in_municipality(town):
        last = LedgerEntry.objects.last()
        assert last is not None
        assert (last.kind, last.system) == ("verification", "base.ledger")
        assert json.loads(last.body)["outputs"] == {"findings": 0, "size": 1}
    assert "1件の記録すべてに異常はありませんでした" in as_auditor.get(LEDGER).content.decode()
    assert ledger.verify(town) == []


def test_verify_shows_what_was_done_to_the_log_and_appends_nothing(
    as_auditor: Client, town: Municipality, other: Municipality, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(4):
        an_entry(town, number)
    with in_municipality(town):
        LedgerEntry.objects.filter(index=2).update(body=LedgerEntry.objects.get(index=1).body)
    page = as_auditor.post(LEDGER + "verify/").content.decode()
    assert "台帳が書き換えられています" in page
    assert "内容が書き換えられています。" in page
    with in_municipality(town):
        assert LedgerEntry.objects.count() == 4
    assert "ledger of 142123" in caplog.text


def test_verify_happens_only_on_post(as_auditor: Client) -> None:
    assert as_auditor.get(LEDGER + "verify/")["Location"] == LEDGER
    assert "まだ一度も検証されていません" in as_auditor.get(LEDGER).content.decode()


def test_every_finding_has_words() -> None:
    from typing import get_args

    from machi.base.engine.verify import FindingKind
    from machi.base.web.ledger import FINDINGS

    assert set(FINDINGS) == set(get_args(FindingKind))
