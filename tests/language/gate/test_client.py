"""One call, against a real server that misbehaves on purpose."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from machi.language.gate.client import LONGEST_WAIT, MOST_BYTES, SEED, TRIES, Call, CallFailed, Reply, call
from machi.language.gate.egress import Destination, Reach
from tests.language_model_server.scripted import (
    Scripted,
    cut,
    dripping,
    raw,
    reply,
    says,
    scripted,
    slow,
    status,
)


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


def asked(server: Scripted, **changes: Any) -> Call:
    given: dict[str, Any] = {
        "base_url": server.url,
        "model": "m",
        "destination": Destination("http", "127.0.0.1", server.port, Reach.HERE),
        "messages": [{"role": "user", "content": "こんにちは"}],
        "max_tokens": 16,
        "key": "sk-very-secret",
        "seconds": 5,
    }
    return Call(**(given | changes))


def fault(server: Scripted, waits: list[float] | None = None, **changes: Any) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        call(asked(server, **changes), sleep=(waits if waits is not None else []).append)
    return caught.value


def test_call_returns_what_the_endpoint_wrote(server: Scripted) -> None:
    server.steps = [says("はい。", (12, 3))]
    assert call(asked(server)) == Reply("はい。", "scripted-1", 12, 3, True, 1)


def test_call_always_asks_with_temperature_0_and_the_seed(server: Scripted) -> None:
    call(asked(server))
    path, headers, body = server.received[0]
    sent = json.loads(body)
    assert path == "/v1/chat/completions"
    assert (sent["temperature"], sent["seed"], sent["max_tokens"], sent["model"]) == (0, SEED, 16, "m")
    assert "Bearer sk-very-secret" in headers


def test_call_says_that_a_reply_was_cut_at_its_length(server: Scripted) -> None:
    server.steps = [says("途中", finish="length")]
    assert call(asked(server)).complete is False


def test_call_without_usage_says_so(server: Scripted) -> None:
    server.steps = [says("はい。", None)]
    got = call(asked(server))
    assert (got.tokens_in, got.tokens_out) == (None, None)


def test_call_asks_for_the_schema_and_takes_only_json(server: Scripted) -> None:
    schema = {"type": "object"}
    server.steps = [says('{"a": 1}'), says("JSONではない")]
    assert call(asked(server, json_schema=schema)).text == '{"a": 1}'
    sent = json.loads(server.received[0][2])
    assert sent["response_format"]["json_schema"]["schema"] == schema
    assert fault(server, json_schema=schema).code == "bad_reply"


@pytest.mark.parametrize(
    "body",
    [
        b"this is not JSON",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": "  "}}]}',
        b'{"choices": [{"message": {"content": [1]}}]}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_reply_of_another_shape_is_a_fault_and_not_asked_for_again(server: Scripted, body: bytes) -> None:
    server.steps = [raw(body)]
    got = fault(server)
    assert (got.code, got.billed, len(server.received)) == ("bad_reply", True, 1)


def test_usage_that_is_nonsense_is_taken_as_not_said(server: Scripted) -> None:
    body = reply("はい。") | {"usage": {"prompt_tokens": -1, "completion_tokens": "many"}}
    server.steps = [raw(json.dumps(body).encode())]
    got = call(asked(server))
    assert (got.tokens_in, got.tokens_out) == (None, None)


def test_a_busy_endpoint_is_waited_for_as_long_as_it_asks(server: Scripted) -> None:
    server.steps = [status(429, Retry_After="3"), status(429), says("はい。")]
    waits: list[float] = []
    got = call(asked(server), sleep=waits.append)
    assert (got.text, got.tries, waits) == ("はい。", 3, [3.0, 1.0])


def test_an_endpoint_that_asks_for_too_much_patience_is_given_up(server: Scripted) -> None:
    server.steps = [status(429, Retry_After=str(LONGEST_WAIT + 1))]
    waits: list[float] = []
    assert fault(server, waits).code == "busy"
    assert (len(server.received), waits) == (1, [])


@pytest.mark.parametrize("value", ["nan", "soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_an_odd_retry_after_harms_nobody(server: Scripted, value: str) -> None:
    server.steps = [status(429, Retry_After=value), says("はい。")]
    waits: list[float] = []
    assert call(asked(server), sleep=waits.append).text == "はい。"
    assert 0 <= waits[0] <= LONGEST_WAIT


@pytest.mark.parametrize("code", [500, 502, 503])
def test_a_server_fault_is_tried_again_and_then_told(server: Scripted, code: int) -> None:
    server.steps = [status(code)]
    waits: list[float] = []
    got = fault(server, waits)
    assert (got.code, got.billed, got.tries) == ("server", False, TRIES)
    assert (len(server.received), waits) == (TRIES, [0.5, 1.0])


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
def test_a_request_that_is_refused_is_not_repeated(server: Scripted, code: int) -> None:
    server.steps = [status(code)]
    assert fault(server).code == "request"
    assert len(server.received) == 1


def test_nobody_there_is_tried_again_and_costs_nothing(server: Scripted) -> None:
    server.server_close()
    got = fault(server)
    assert (got.code, got.billed, got.tries) == ("unreachable", False, TRIES)


def test_a_slow_endpoint_is_left_in_time(server: Scripted) -> None:
    server.steps = [slow(3)]
    got = fault(server, seconds=0.3)
    assert (got.code, got.billed, len(server.received)) == ("slow", True, 1)


def test_an_answer_that_drips_is_left_in_time(server: Scripted) -> None:
    server.steps = [dripping(0.1, 30)]
    got = fault(server, seconds=0.5)
    assert (got.code, got.billed) == ("slow", True)


def test_a_cut_line_is_told_and_not_tried_again(server: Scripted) -> None:
    """The work may have been done, and would be paid for twice."""
    server.steps = [cut()]
    got = fault(server)
    assert (got.code, got.billed, len(server.received)) == ("cut", True, 1)


def test_a_huge_answer_is_not_swallowed(server: Scripted) -> None:
    server.steps = [raw(b" " * (MOST_BYTES + 1_000_000))]
    assert fault(server).code == "too_much"


def test_a_redirect_is_not_followed(server: Scripted) -> None:
    with scripted() as elsewhere:
        server.steps = [status(307, Location=elsewhere.url + "/chat/completions")]
        assert fault(server).code == "redirect"
        assert elsewhere.received == []


def test_another_port_than_the_allowed_one_is_not_called(server: Scripted) -> None:
    other = Destination("http", "127.0.0.1", server.port + 1, Reach.HERE)
    assert fault(server, destination=other).code == "refused_egress"
    assert server.received == []


def test_a_name_that_stands_for_an_address_within_is_not_called(server: Scripted) -> None:
    """As after rebinding: the list says internet, the name server says this machine."""
    url = f"http://localhost:{server.port}/v1"
    inside = Destination("http", "localhost", server.port, Reach.INTERNET)
    assert fault(server, base_url=url, destination=inside).code == "refused_egress"
    assert server.received == []


def test_a_name_of_this_machine_is_called(server: Scripted) -> None:
    url = f"http://localhost:{server.port}/v1"
    here = Destination("http", "localhost", server.port, Reach.HERE)
    assert call(asked(server, base_url=url, destination=here)).text == "はい。"


def test_proxies_of_the_environment_are_not_used(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert call(asked(server)).text == "はい。"


def test_neither_key_nor_words_stand_in_an_error_or_a_repr(
    server: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    server.steps = [status(500)]
    got = fault(server, messages=[{"role": "user", "content": "秘密の相談"}])
    told = f"{got!r} {got.__cause__!r} {asked(server)!r} {caplog.text}"
    assert "sk-very-secret" not in told
    assert "秘密の相談" not in f"{got!r} {got.__cause__!r} {caplog.text}"
