"""Each rule's three answers, and that a rule never fails anybody for what it could not know."""

import json
import os
import shutil
import socket
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.casework.domain import checking_words
from machi.casework.domain.checking_words import law_words, reason_words
from machi.casework.engine import read_cells
from machi.casework.engine.checking import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Earlier,
    RuleResult,
    age_on,
    check,
    last_school_day,
    questions,
)
from machi.casework.engine.checking_rules import Law, read_rules
from machi.casework.engine.described import DescriptionError
from machi.casework.engine.eligibility import Reply
from machi.casework.engine.values import DOUBTS
from machi.casework.openfisca import ask

DAY = date(2026, 11, 30)
CONTEXT = Context(DAY, DAY)


def one(rule: dict[str, object], values: dict[str, str], context: Context = CONTEXT) -> RuleResult:
    (rule_read,) = read_rules(json.dumps([{"key": "k", "title": "t", **rule}]))
    (result,) = check([rule_read], values, context)
    return result


@pytest.mark.parametrize(
    ("rule", "values", "outcome", "reason"),
    [
        ({"kind": "required", "fields": ["a", "b"]}, {"a": "1", "b": "2"}, "passed", "filled"),
        ({"kind": "required", "fields": ["a", "b"]}, {"a": "1", "b": " "}, "failed", "missing"),
        ({"kind": "required", "documents": ["d"]}, {}, "failed", "missing"),
        ({"kind": "equal", "field": "a", "other": "b"}, {"a": "1", "b": "1"}, "passed", "same"),
        ({"kind": "equal", "field": "a", "other": "b"}, {"a": "Ａ b", "b": "ab"}, "passed", "same-otherwise-written"),
        ({"kind": "equal", "field": "a", "other": "b"}, {"a": "1", "b": "2"}, "failed", "differs"),
        ({"kind": "equal", "field": "a", "other": "b"}, {"a": "1"}, "unknown", "empty"),
        ({"kind": "equal", "field": "a", "other": "b"}, {"a": "髙橋", "b": "高橋"}, "failed", "differs"),
        (
            {"kind": "equal", "field": "a", "other": "b", "compare": "name"},
            {"a": "髙橋　花子", "b": "高橋花子"},
            "passed",
            "same-otherwise-written",
        ),
        ({"kind": "one-of", "field": "a", "values": ["x", "y"]}, {"a": "x,y"}, "passed", "allowed"),
        ({"kind": "one-of", "field": "a", "values": ["x", "y"]}, {"a": "x,z"}, "failed", "not-allowed"),
        ({"kind": "one-of", "field": "a", "values": ["x"]}, {}, "unknown", "empty"),
        ({"kind": "order", "earlier": "a", "later": "@received"}, {"a": "2026-11-30"}, "passed", "in-order"),
        ({"kind": "order", "earlier": "a", "later": "@received"}, {"a": "2026-12-01"}, "failed", "wrong-order"),
        ({"kind": "order", "earlier": "@today", "later": "a", "days": 14}, {"a": "2026-12-14"}, "passed", "in-order"),
        ({"kind": "order", "earlier": "@today", "later": "a", "days": 14}, {"a": "2026-12-13"}, "failed", "too-soon"),
        ({"kind": "order", "earlier": "a", "later": "@today"}, {"a": "soon"}, "unknown", "not-readable"),
        ({"kind": "sum", "parts": ["a", "b"], "total": "c"}, {"a": "1", "b": "2", "c": "3"}, "passed", "adds-up"),
        ({"kind": "sum", "parts": ["a"], "total": "c"}, {"a": "1", "c": "4"}, "failed", "does-not-add-up"),
        ({"kind": "sum", "parts": ["a", "b"], "total": "c"}, {"a": "1", "c": "4"}, "unknown", "empty"),
        ({"kind": "sum", "parts": ["a"], "total": "c"}, {"a": "NaN", "c": "4"}, "unknown", "not-readable"),
        ({"kind": "times", "field": "a", "by": 300, "total": "c"}, {"a": "2", "c": "600"}, "passed", "adds-up"),
        (
            {"kind": "times", "field": "a", "by": 300, "total": "c", "at_least": True},
            {"a": "2", "c": "750"},
            "passed",
            "enough",
        ),
        (
            {"kind": "times", "field": "a", "by": 300, "total": "c", "at_least": True},
            {"a": "2", "c": "450"},
            "failed",
            "not-enough",
        ),
        ({"kind": "range", "field": "a", "least": 1, "most": 20}, {"a": "20"}, "passed", "in-range"),
        ({"kind": "range", "field": "a", "least": 1, "most": 20}, {"a": "21"}, "failed", "too-large"),
        ({"kind": "range", "field": "a", "least": 1}, {"a": "0"}, "failed", "too-small"),
        ({"kind": "age", "field": "a", "least": 20}, {"a": "2006-11-30"}, "passed", "age-fits"),
        ({"kind": "age", "field": "a", "least": 20}, {"a": "2006-12-01"}, "failed", "too-young"),
        ({"kind": "age", "field": "a", "most": 18}, {"a": "2007-11-30"}, "failed", "too-old"),
        ({"kind": "age", "field": "a", "most": 18, "school_year": True}, {"a": "2008-04-02"}, "passed", "age-fits"),
        ({"kind": "age", "field": "a", "most": 18, "school_year": True}, {"a": "2008-04-01"}, "failed", "too-old"),
        ({"kind": "age", "field": "a"}, {"a": "2027-01-01"}, "failed", "not-born"),
        ({"kind": "deadline", "since": "a", "days": 15}, {"a": "2026-11-15"}, "passed", "in-time"),
        ({"kind": "deadline", "since": "a", "days": 15}, {"a": "2026-11-14"}, "failed", "late"),
        ({"kind": "deadline", "since": "a", "days": 15}, {}, "unknown", "empty"),
        ({"kind": "range", "field": "a", "most": 1, "when": {"field": "b", "values": ["x"]}}, {"a": "9", "b": "y"},
         "passed", "not-applicable"),
        ({"kind": "range", "field": "a", "most": 1, "when": {"field": "b", "values": ["x"]}}, {"a": "9", "b": "y,x"},
         "failed", "too-large"),
        ({"kind": "sound", "fields": ["a"], "when": {"field": "a", "filled": True}}, {}, "passed", "not-applicable"),
    ],
)  # fmt: skip
def test_rules(rule: dict[str, object], values: dict[str, str], outcome: str, reason: str):
    result = one(rule, values)
    assert (result.outcome, result.reason) == (outcome, reason)
    assert reason_words(result, {"a": "欄A", "b": "欄B", "c": "欄C", "d": "書類D"})


def test_what_is_missing_is_named_in_the_words_of_the_form():
    result = one({"kind": "required", "fields": ["a", "b"], "documents": ["d"]}, {"b": "1"})
    assert (
        reason_words(result, {"a": "氏名", "d": "住民票の写し"}) == "次のものが足りません: 氏名、住民票の写し"
    )


def test_doubts_of_values_fail_the_rule_that_asks_for_sound_ones():
    context = Context(DAY, DAY, doubts={"n": ("check-digit",), "other": ("not-a-date",)})
    result = one({"kind": "sound", "fields": ["n", "m"]}, {"n": "123"}, context)
    assert result.outcome == "failed"
    words = reason_words(result, {"n": "個人番号"})
    assert words == "次の記入を確かめてください: 個人番号（個人番号の検査数字が合いません）"


def test_names_on_the_form_and_on_the_certificate_are_held_against_each_other():
    rule: dict[str, object] = {
        "kind": "cross-document",
        "field": "a",
        "document": "d",
        "other": "n",
        "compare": "name",
    }
    labels = {"a": "氏名", "d": "本人確認書類", "d.n": "氏名"}

    def told(documents: dict[str, dict[str, str]]) -> tuple[str, str]:
        result = one(rule, {"a": "渡邉　花子"}, Context(DAY, DAY, documents=documents))
        return result.outcome, reason_words(result, labels)

    assert told({"d": {"n": "渡邉　花子"}}) == ("passed", "「氏名」と「本人確認書類の氏名」は同じです。")
    outcome, words = told({"d": {"n": "渡辺花子"}})
    assert (outcome, "異体字" in words) == ("passed", True)
    assert told({"d": {"n": "渡辺華子"}}) == ("failed", "「氏名」と「本人確認書類の氏名」が違います。")
    assert told({"d": {}})[0] == "unknown"
    assert told({}) == ("unknown", "「本人確認書類」が添えられていないため、判断できません。")


def test_an_earlier_application_is_found_by_name_and_day():
    rule: dict[str, object] = {"kind": "duplicate", "fields": ["a", "b"], "days": 30}
    values = {"a": "渡邉 花子", "b": "2020-01-01"}

    def told(days: int, **other: str) -> RuleResult:
        before = Earlier("R8-1", DAY - timedelta(days=days), {"a": "渡辺　花子", "b": "2020-01-01", **other})
        return one(rule, values, Context(DAY, DAY, earlier=[before]))

    assert told(30).outcome == "failed"
    assert reason_words(told(30), {}) == "同じ申請が令和8年10月31日に出されています（受付番号 R8-1）。"
    assert told(31).outcome == "passed"
    assert told(1, b="2020-01-02").outcome == "passed"
    assert one(rule, {"a": "x"}).outcome == "unknown"


def test_every_reason_and_doubt_has_words():
    assert set(checking_words._REASONS) == {*PASSED, *FAILED, *UNKNOWN}
    assert set(checking_words._DOUBTS) == {*DOUBTS, *read_cells.DOUBTS}


def test_law_in_words():
    assert law_words(Law("児童手当法", "第9条", "額の改定")) == "児童手当法 第9条（額の改定）"
    assert law_words(Law("都市公園条例")) == "都市公園条例"


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_children_born_in_one_school_year_leave_together(born: date):
    last = last_school_day(born, 18)
    assert (last.month, last.day) == (3, 31)
    assert 17 <= age_on(born, last) <= 18
    assert last_school_day(born, 18) >= last_school_day(born - timedelta(days=1), 18)
    year = born.year if (born.month, born.day) >= (4, 2) else born.year - 1
    assert last == date(year + 19, 3, 31)


FIELDS = ("a", "b", "c")
VALUES = st.dictionaries(
    st.sampled_from(FIELDS), st.text(max_size=12) | st.dates().map(str) | st.integers().map(str)
)
ANY_RULE = st.sampled_from(
    [
        {"kind": "required", "fields": ["a", "b"]},
        {"kind": "equal", "field": "a", "other": "b", "compare": "address"},
        {"kind": "one-of", "field": "a", "values": ["x"]},
        {"kind": "order", "earlier": "a", "later": "b", "days": 3},
        {"kind": "sum", "parts": ["a", "b"], "total": "c"},
        {"kind": "times", "field": "a", "by": 3, "total": "b"},
        {"kind": "range", "field": "a", "least": 0, "most": 5},
        {"kind": "age", "field": "a", "most": 18, "school_year": True},
        {"kind": "cross-document", "field": "a", "document": "d", "other": "b", "compare": "name"},
        {"kind": "deadline", "since": "a", "days": 15},
        {"kind": "duplicate", "fields": ["a"]},
    ]
)


@given(ANY_RULE, VALUES, VALUES)
def test_any_values_give_a_result_with_words(
    rule: dict[str, object], values: dict[str, str], other: dict[str, str]
):
    result = one(rule, values, Context(DAY, DAY, documents={"d": other}, earlier=[Earlier("1", DAY, other)]))
    assert result.reason in {"passed": PASSED, "failed": FAILED, "unknown": UNKNOWN}[result.outcome]
    assert reason_words(result, {})
    if rule["kind"] != "required" and not any(value.strip() for value in values.values()):
        assert result.outcome == "unknown"


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        ("{", "not JSON"),
        ('[{"key": "k", "title": "t", "kind": "sums"}]', "0 (k)"),
        ('[{"key": "k", "title": "t", "kind": "sum", "parts": ["a"]}]', "0 (k).sum.total"),
        (
            '[{"key": "k", "title": "t", "kind": "sum", "parts": ["a"], "total": "b", "tolal": 1}]',
            "0 (k).tolal",
        ),
        ('[{"key": "k", "title": "t", "kind": "sum", "parts": ["a"], "total": 3}]', "0 (k).sum.total"),
        (
            '[{"key": "k", "title": "t", "kind": "required"}, {"key": "k", "title": "t", "kind": "required"}]',
            "1 (k).key",
        ),
    ],
)
def test_a_wrong_rule_is_named(rules: str, place: str):
    with pytest.raises(DescriptionError, match=r"^rules.json: ") as caught:
        read_rules(rules)
    assert place in str(caught.value)


# OpenFisca

ELIGIBLE: dict[str, object] = {
    "kind": "eligibility",
    "variable": "児童手当",
    "on": "@received",
    "unit": "円／月",
    "people": [
        {"name": "親1", "role": "親一覧", "variables": {"誕生年月日": "parent"}},
        {"name": "子1", "role": "子一覧", "variables": {"誕生年月日": "child"}},
        {"name": "子2", "role": "子一覧", "variables": {"誕生年月日": "second"}, "optional": True},
    ],
}
FAMILY = {"parent": "1990-01-01", "child": "2026-10-01"}


def asked(values: dict[str, str]) -> dict[str, dict[str, object]]:
    return questions(read_rules(json.dumps([{"key": "k", "title": "t", **ELIGIBLE}])), values, CONTEXT)


def test_openfisca_is_asked_about_days_of_birth_and_no_names():
    assert asked(FAMILY) == {
        "k": {
            "世帯員": {
                "親1": {"誕生年月日": {"ETERNITY": "1990-01-01"}},
                "子1": {"誕生年月日": {"ETERNITY": "2026-10-01"}},
            },
            "世帯一覧": {"世帯1": {"親一覧": ["親1"], "子一覧": ["子1"], "児童手当": {"2026-11-30": None}}},
        }
    }


def allowance(value: object) -> Reply:
    return Reply({"世帯一覧": {"世帯1": {"児童手当": {"2026-11-30": value}}}}, system="x 1")


@pytest.mark.parametrize(
    ("reply", "outcome", "words"),
    [
        (None, "unknown", "OpenFiscaが設定されていない"),
        (Reply(failure="ConnectError"), "unknown", "ConnectError"),
        (Reply({"世帯一覧": {}}), "unknown", "no 児童手当 in the reply"),
        (allowance("many"), "unknown", "not a number"),
        (allowance(0.0), "failed", "x 1の計算では対象になりません"),
        (allowance(15000.0), "passed", "（15,000円／月）"),
    ],
)  # fmt: skip
def test_what_openfisca_says_is_the_rules_answer(reply: Reply | None, outcome: str, words: str):
    result = one(ELIGIBLE, FAMILY, Context(DAY, DAY, replies={"k": reply} if reply else {}))
    assert result.outcome == outcome
    assert words in reason_words(result, {})


def test_eligibility_cannot_tell_where_a_day_of_birth_is_missing():
    assert one(ELIGIBLE, {"parent": "1990-01-01"}).reason == "empty"


def test_a_service_that_is_not_there_is_a_reply_too():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}", {}, seconds=2).failure == "ConnectError"
    assert ask("not an address", {}).failure


@pytest.fixture(scope="module")
def service():
    """A real ``openfisca serve`` of an environment of its own, which MACHI_OPENFISCA names."""
    program = os.environ.get("MACHI_OPENFISCA") or shutil.which("openfisca")
    if not program or not Path(program).exists():
        pytest.skip("no openfisca program: MACHI_OPENFISCA names that of an environment with openfisca-japan")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        program,
        "serve",
        "--country-package",
        "openfisca_japan",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.parametrize(
    ("values", "outcome", "amount"),
    [
        (FAMILY, "passed", "15000"),
        ({**FAMILY, "second": "2018-10-01"}, "passed", "25000"),
        ({"parent": "1970-01-01", "child": "2008-04-02"}, "passed", "10000"),
        ({"parent": "1970-01-01", "child": "2008-04-01"}, "failed", "0"),
    ],
)
def test_a_real_openfisca_decides(service: str, values: dict[str, str], outcome: str, amount: str):
    reply = ask(service, asked(values)["k"], seconds=60)
    assert reply.system.startswith("openfisca-japan ")
    result = one(ELIGIBLE, values, Context(DAY, DAY, replies={"k": reply}))
    assert (result.outcome, result.arguments["amount"]) == (outcome, amount)


def test_a_real_openfisca_that_does_not_know_the_variable(service: str):
    question = json.loads(json.dumps(asked(FAMILY)["k"]).replace(json.dumps("児童手当"), '"x"'))
    assert ask(service, question, seconds=60).failure == "HTTP 404"
