"""The gate as its callers meet it, with a real server behind it that keeps what it was sent."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from machi.base import ledger
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality, Person, Role
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.frontdesk.apps import DRAFTS
from machi.governance.domain import gate, gate_budget, gate_endpoints, gate_keeping
from machi.governance.domain.gate import Completion, GateClosed, complete
from machi.governance.domain.gate_words import CODES, words
from machi.governance.models import (
    AllowedDestination,
    CachedReply,
    Endpoint,
    EndpointBreaker,
    GateSettings,
    KeptExchange,
    ModelCall,
    RegisteredSystem,
)
from machi.language.gate.breaker import FAILURES
from tests.base.factories import a_division, a_municipality, a_person
from tests.governance.gates import PAID, an_endpoint
from tests.language_model_server.scripted import Scripted, echoes, raw, says, scripted, status

TELEPHONE = "090-1234-5678"
EMAIL = "taro.yamada@example.jp"
MY_NUMBER = "123456789018"  # its check digit holds


@pytest.fixture
def town(db: None) -> Municipality:
    return a_municipality()


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


@pytest.fixture
def scope(town: Municipality) -> Iterator[None]:
    with in_municipality(town):
        yield


def ask(town: Municipality, text: str = "粗大ごみの出し方は？", **changes: Any) -> Completion:
    given: dict[str, Any] = {
        "system": DRAFTS,
        "messages": [{"role": "system", "content": "短く。"}, {"role": "user", "content": text}],
        "subject": "inquiry:7",
        "max_tokens": 100,
        "fallback": lambda: "抜き出した文。",
    }
    return complete(town, **(given | changes))


def last_entry() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(LedgerEntry.objects.latest("index").body)
    return body


def test_complete_returns_what_the_model_wrote(town: Municipality, server: Scripted, scope: None) -> None:
    an_endpoint(town, server)
    server.steps = [says("電話で申し込みます。", (40, 9))]
    assert ask(town) == Completion(
        text="電話で申し込みます。",
        raw="電話で申し込みます。",
        model="scripted-1",
        tokens_in=40,
        tokens_out=9,
        yen=Decimal(0),
        cached=False,
        fallback=False,
        reason="",
        ledger_index=last_entry()["index"],
    )


def test_nothing_true_leaves_and_the_true_comes_back(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server)
    server.steps = [echoes()]
    text = f"折り返しは{TELEPHONE}か{EMAIL}へお願いします。"
    got = ask(
        town,
        text,
        messages=[{"role": "system", "content": f"控え：{EMAIL}"}, {"role": "user", "content": text}],
    )
    assert got.text == text
    assert server.received
    for true in (TELEPHONE, TELEPHONE.replace("-", ""), EMAIL, "taro.yamada"):
        assert true not in server.everything
        assert true not in got.raw
    assert ModelCall.objects.get().hidden == {"電話番号": 1, "メール": 1}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_written_nothing_true_arrives(
    town: Municipality, server: Scripted, scope: None, seed: int
) -> None:
    """Values made up at random, in several messages; what arrived at the server is searched for each."""
    dice = random.Random(seed)

    def digits(count: int) -> str:
        return "".join(dice.choices("123456789", k=count))

    true = {
        "電話番号": f"0{dice.choice('789')}0-{digits(4)}-{digits(4)}",
        "メール": f"{''.join(dice.choices('bcdfgh', k=8))}{digits(3)}@{dice.choice(['mail', 'post'])}.example.jp",
        "郵便番号": f"{digits(3)}-{digits(4)}",
        "人名": f"{dice.choice(['佐藤', '高橋', '渡辺', '小林'])}{dice.choice(['花子', '健太', '美咲', '大輔'])}",
        "住所": f"神奈川県厚木市中町{dice.randint(1, 4)}丁目{dice.randint(2, 9)}番{dice.randint(10, 40)}号",
    }
    an_endpoint(town, server)
    server.steps = [echoes()]
    text = (
        f"{true['人名']}様から相談がありました。住所は〒{true['郵便番号']} {true['住所']}です。"
        f"電話番号は{true['電話番号']}、メールは{true['メール']}です。"
    )
    messages = [
        {"role": "system", "content": f"前の相談者：{true['人名']}様（{true['電話番号']}）"},
        {"role": "user", "content": text},
    ]
    got = ask(town, messages=messages)
    assert got.text == text
    assert len(server.received) == 1
    leaked = [kind for kind, value in true.items() if value in server.everything or value in got.raw]
    assert leaked == []
    assert set(true) <= set(ModelCall.objects.get().hidden)


def test_a_my_number_blocks_the_request_outright(town: Municipality, server: Scripted, scope: None) -> None:
    an_endpoint(town, server)
    with pytest.raises(GateClosed) as refused:
        ask(town, f"マイナンバーは{MY_NUMBER}です。")
    assert (refused.value.code, MY_NUMBER in str(refused.value)) == ("my_number", False)
    assert server.received == []
    assert not KeptExchange.objects.exists()
    call = ModelCall.objects.get()
    assert (call.state, call.reason, call.hidden) == ("refused", "my_number", {"個人番号": 1})
    assert (last_entry()["kind"], last_entry()["outputs"]["reason"]) == (gate.REFUSAL, "my_number")


def test_personal_data_stands_in_no_log_row_or_entry(
    town: Municipality, server: Scripted, scope: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Every table is read as the database holds it."""
    an_endpoint(town, server)
    caplog.set_level(logging.DEBUG)
    server.steps = [echoes(), status(500)]
    for number in range(2):
        ask(town, f"{number}番目の相談。電話は{TELEPHONE}です。")
    with pytest.raises(GateClosed):
        ask(town, f"マイナンバーは{MY_NUMBER}です。")
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += [repr(row) for row in cursor.fetchall()]
    everything = "\n".join([*rows, caplog.text])
    for true in (TELEPHONE, MY_NUMBER, "番目の相談", "sk-very-secret"):
        assert true not in everything


def test_each_result_is_one_entry_without_words(town: Municipality, server: Scripted, scope: None) -> None:
    endpoint = an_endpoint(town, server, **PAID)
    gate_budget.set_cap(town, by=a_person(Role.AI_OFFICER, town), division=None, yen=100, tokens=None)
    server.steps = [says("答えです。", (1000, 500))]
    person = a_person(Role.CLERK, town)
    before = LedgerEntry.objects.count()
    got = ask(town, person=person, sources=[{"document": 3, "version": 1}])
    assert LedgerEntry.objects.count() == before + 1
    entry = last_entry()
    assert entry["outputs"] == {
        "purpose": DRAFTS,
        "endpoint": endpoint.pk,
        "model": "scripted-1",
        "tokens_in": 1000,
        "tokens_out": 500,
        "yen": "2",
        "cached": False,
        "fallback": False,
        "reason": "",
        "hidden": {},
    }
    assert (entry["system"], entry["kind"], entry["subject"]) == (DRAFTS, ledger.RESULT, "inquiry:7")
    assert (entry["actor"], entry["sources"]) == (f"person:{person.pk}", [{"document": 3, "version": 1}])
    stored = LedgerEntry.objects.get(index=got.ledger_index)
    assert ledger.matches(stored, "output", "答えです。")
    assert "答えです" not in stored.body
    assert ledger.verify(town) == []


def test_an_unapproved_system_asks_nothing_and_leaves_nothing(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server)
    RegisteredSystem.objects.filter(key=DRAFTS).update(state=RegisteredSystem.State.SUSPENDED)
    before = LedgerEntry.objects.count()
    with pytest.raises(NotApproved):
        ask(town)
    assert (server.received, ModelCall.objects.count(), LedgerEntry.objects.count()) == ([], 0, before)


def test_without_an_endpoint_the_fallback_answers_and_says_why(town: Municipality, scope: None) -> None:
    got = ask(town)
    assert (got.text, got.raw, got.fallback, got.reason) == ("抜き出した文。", "", True, "no_endpoint")
    assert got.reason_words == words("no_endpoint")
    assert (last_entry()["kind"], last_entry()["outputs"]["fallback"]) == (ledger.RESULT, True)


def test_without_endpoint_and_fallback_it_is_closed(town: Municipality, scope: None) -> None:
    with pytest.raises(GateClosed, match="接続先がありません"):
        ask(town, fallback=None)
    assert ModelCall.objects.get().state == "refused"
    assert last_entry()["kind"] == gate.REFUSAL


def test_a_disabled_endpoint_is_not_asked(town: Municipality, server: Scripted, scope: None) -> None:
    endpoint = an_endpoint(town, server)
    gate_endpoints.set_active(endpoint, by=a_person(Role.ADMINISTRATOR, town), active=False)
    assert ask(town).reason == "no_endpoint"
    assert server.received == []


def test_the_endpoint_of_the_purpose_comes_before_the_systems_and_the_one_for_all(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server, model="own")
    by = a_person(Role.ADMINISTRATOR, town)
    gate_endpoints.add(town, by=by, name="その他", purpose="*", base_url=server.url, model="any")
    gate_endpoints.add(town, by=by, name="要約", purpose="summary", base_url=server.url, model="summary")
    ask(town)
    ask(town, purpose="summary")
    Endpoint.objects.filter(purpose=DRAFTS).update(active=False)
    ask(town)
    assert [json.loads(body)["model"] for _path, _headers, body in server.received] == [
        "own",
        "summary",
        "any",
    ]


def test_a_line_taken_off_the_list_holds_from_the_next_call(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server)
    gate_endpoints.disallow(AllowedDestination.objects.get(), by=a_person(Role.ADMINISTRATOR, town))
    assert ask(town).reason == "egress"
    assert server.received == []


@pytest.mark.parametrize("step", ["status", "raw"])
def test_a_faulty_endpoint_is_answered_for_and_then_left_alone(
    town: Municipality, server: Scripted, scope: None, step: str
) -> None:
    an_endpoint(town, server)
    server.steps = [status(400)] if step == "status" else [raw(b"not JSON")]
    reasons = [ask(town, f"質問{number}").reason for number in range(FAILURES + 2)]
    if step == "status":  # our own mistake: the endpoint is well
        assert reasons == ["request"] * (FAILURES + 2)
    else:
        assert reasons == ["bad_reply"] * FAILURES + ["breaker_open"] * 2
        assert len(server.received) == FAILURES


def test_an_open_breaker_costs_nothing(town: Municipality, server: Scripted, scope: None) -> None:
    endpoint = an_endpoint(town, server)
    server.steps = [raw(b"no")]
    for number in range(FAILURES + 1):
        ask(town, f"質問{number}")
    last = ModelCall.objects.latest("pk")
    assert (last.reason, last.tokens_in, last.tokens_out) == ("breaker_open", 0, 0)
    EndpointBreaker.objects.update(open_until="2020-01-01T00:00:00Z")
    server.steps = [says("直りました。")]
    assert ask(town, "もう一度").text == "直りました。"
    assert EndpointBreaker.objects.get(endpoint=endpoint).failures == 0


def test_the_same_prompt_is_answered_from_the_cache(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server)
    server.steps = [says("初めの答え。"), says("次の答え。")]
    first, second = ask(town), ask(town)
    assert (first.text, second.text, len(server.received)) == ("初めの答え。", "初めの答え。", 1)
    assert (second.cached, second.tokens_in, second.yen) == (True, 0, Decimal(0))
    assert last_entry()["outputs"]["cached"] is True
    assert ask(town, "別の質問").text == "次の答え。"


def test_a_cached_reply_is_revealed_with_the_names_of_this_request(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server)
    server.steps = [echoes()]
    assert ask(town, f"電話は{TELEPHONE}です。").text == f"電話は{TELEPHONE}です。"
    got = ask(town, "電話は080-9999-0000です。")
    assert (got.cached, got.text) == (True, "電話は080-9999-0000です。")


def test_the_cache_ends_and_is_of_one_town(town: Municipality, server: Scripted) -> None:
    other = a_municipality("332020")
    server.steps = [says("一"), says("二"), says("三")]
    for one in (town, other):
        an_endpoint(one, server)
        with in_municipality(one):
            GateSettings.objects.get_or_create(municipality=one)
    assert [ask(town).text, ask(other).text, ask(town).text] == ["一", "二", "一"]
    with in_municipality(town):
        CachedReply.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert ask(town).text == "三"


def test_words_are_kept_encrypted_for_their_time_and_then_forgotten(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server)
    server.steps = [says("残す答え。")]
    ask(town, "残す質問")
    kept = KeptExchange.objects.get()
    assert json.loads(kept.prompt)[-1] == {"role": "user", "content": "残す質問"}
    assert kept.output == "残す答え。"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT prompt, output FROM {KeptExchange._meta.db_table}")
        assert all(value.startswith("gAAAA") for value in cursor.fetchone())
    assert gate_keeping.forget_old(town) == 0
    KeptExchange.objects.update(delete_after="2020-01-01")
    assert gate_keeping.forget_old(town) == 1
    assert not KeptExchange.objects.exists()
    assert ModelCall.objects.count() == 1


def test_erasing_a_subject_takes_its_words_and_leaves_the_ledger_whole(
    town: Municipality, server: Scripted, scope: None
) -> None:
    an_endpoint(town, server)
    ask(town, "消す質問", subject="inquiry:1")
    ask(town, "残す質問", subject="inquiry:2")
    assert gate_keeping.erase(town, "inquiry:1") == 1
    assert [one.call.subject for one in KeptExchange.objects.all()] == ["inquiry:2"]
    assert [one.call.subject for one in CachedReply.objects.all()] == ["inquiry:2"]
    assert ledger.verify(town) == []


def test_it_counts_for_the_division_of_the_person(town: Municipality, server: Scripted, scope: None) -> None:
    an_endpoint(town, server)
    division = a_division(town)
    person: Person = a_person(Role.CLERK, town, division=division)
    ask(town, person=person)
    assert ModelCall.objects.get().division == division


def test_every_reason_a_call_can_end_with_has_words() -> None:
    from machi.language.gate import client

    source = __import__("inspect").getsource(client) + __import__("inspect").getsource(gate)
    import re

    told = set(re.findall(r'(?:CallFailed|_Stopped)\("(\w+)"', source)) | {"egress", "breaker_open"}
    assert told <= CODES
    assert len(told) >= 11
    assert isinstance(GateClosed("busy"), Refused)
