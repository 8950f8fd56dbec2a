"""One call of an OpenAI-compatible endpoint: temperature 0, a fixed seed, bounded in time, size and tries.

Works with whatever speaks ``/chat/completions``: OpenAI, Azure OpenAI (its ``/openai/v1`` address), gateways before
Bedrock and others, vLLM, Ollama, llama.cpp.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from machi.language.gate.egress import Destination, EgressRefused

if TYPE_CHECKING:
    import openai

SEED = 20250527
TEMPERATURE = 0
TRIES = 3
LONGEST_WAIT = 10.0
"""Seconds; an endpoint that asks for more patience (Retry-After) is given up for this call."""
FIRST_WAIT = 0.5
TO_CONNECT = 10.0
"""Seconds, at most: a person may be waiting, and a host that is there answers sooner."""
MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Call:
    base_url: str
    model: str
    destination: Destination
    messages: Sequence[Mapping[str, str]]
    """``role`` and ``content``."""
    max_tokens: int
    key: str = field(default="", repr=False)
    json_schema: Mapping[str, Any] | None = None
    seconds: float = 60
    """For one try, from connecting to the last byte."""


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    model: str
    """As the endpoint names it."""
    tokens_in: int | None
    """None where the endpoint does not say."""
    tokens_out: int | None
    complete: bool
    """False: cut at ``max_tokens``."""
    tries: int


class CallFailed(Exception):
    """No usable reply. ``code``: ``refused_egress``, ``unreachable``, ``slow``, ``cut``, ``too_much``, ``busy`` (429),
    ``server`` (5xx), ``redirect``, ``request`` (other 4xx), ``bad_reply``. ``billed``: it may have been worked on,
    and so be charged for. Neither message nor cause holds what was sent or received."""

    def __init__(self, code: str, *, billed: bool, tries: int = 1, wait: float | None = None) -> None:
        super().__init__(code)
        self.code, self.billed, self.tries, self.wait = code, billed, tries, wait


_AGAIN = frozenset({"unreachable", "busy", "server"})
"""Faults after which the endpoint has done no work, so that trying again costs nothing twice."""


def call(asked: Call, *, sleep: Callable[[float], None] = time.sleep) -> Reply:
    """Calls, and again (at most ``TRIES`` in all) where the endpoint did nothing. Raises CallFailed."""
    for tries in range(1, TRIES + 1):
        try:
            return _once(asked, tries)
        except CallFailed as fault:
            wait = FIRST_WAIT * 2 ** (tries - 1) if fault.wait is None else fault.wait
            if fault.code not in _AGAIN or tries == TRIES or wait > LONGEST_WAIT:
                raise CallFailed(fault.code, billed=fault.billed, tries=tries, wait=fault.wait) from None
        sleep(wait)
    raise AssertionError("unreachable")


def _once(asked: Call, tries: int) -> Reply:
    import httpx2
    import openai

    from machi.language.gate.transport import CheckedTransport

    transport = CheckedTransport(asked.destination, seconds=asked.seconds, most_bytes=MOST_BYTES)
    timeout = httpx2.Timeout(asked.seconds, connect=min(asked.seconds, TO_CONNECT))
    wire = httpx2.Client(transport=transport, follow_redirects=False, trust_env=False, timeout=timeout)
    with wire:
        client = openai.OpenAI(
            api_key=asked.key or "none",
            base_url=asked.base_url,
            http_client=wire,
            max_retries=0,
            timeout=timeout,
            organization="",
            project="",
        )
        try:
            got = client.chat.completions.with_raw_response.create(**_body(asked))
            raw = got.text
        except openai.APIStatusError as error:
            raise _status(error) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise _fault(error) from None
        except Exception as error:  # the transport's own, as the client hands them on
            raise _fault(error) from None
    return _read(raw, tries, as_json=asked.json_schema is not None)


def _body(asked: Call) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": asked.model,
        "messages": [dict(message) for message in asked.messages],
        "max_tokens": asked.max_tokens,
        "temperature": TEMPERATURE,
        "seed": SEED,
    }
    if asked.json_schema is not None:
        schema = {"name": "reply", "strict": True, "schema": dict(asked.json_schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _status(error: openai.APIStatusError) -> CallFailed:
    status = error.status_code
    if status == 429:
        return CallFailed(
            "busy", billed=False, wait=_retry_after(error.response.headers.get("retry-after", ""))
        )
    if status >= 500:
        return CallFailed("server", billed=False)
    if 300 <= status < 400:
        return CallFailed("redirect", billed=False)
    return CallFailed("request", billed=False)


def _retry_after(value: str) -> float | None:
    """Seconds; None where none are named (a date is not worth a clock here)."""
    try:
        seconds = float(value)
    except ValueError:
        return None
    return max(0.0, seconds) if seconds == seconds else None


def _fault(error: BaseException) -> CallFailed:
    """What went wrong, by the exceptions in the chain; their words stay behind."""
    import httpx2
    import openai

    from machi.language.gate.transport import TooMuch, TooSlow

    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or one.__context__
    if any(isinstance(one, EgressRefused) for one in chain):
        return CallFailed("refused_egress", billed=False)
    if any(isinstance(one, TooMuch) for one in chain):
        return CallFailed("too_much", billed=True)
    if any(isinstance(one, httpx2.ConnectError) for one in chain):
        return CallFailed("unreachable", billed=False)
    if any(isinstance(one, TooSlow | httpx2.TimeoutException | openai.APITimeoutError) for one in chain):
        return CallFailed("slow", billed=True)
    if any(isinstance(one, httpx2.HTTPError | openai.APIConnectionError) for one in chain):
        return CallFailed("cut", billed=True)
    return CallFailed("bad_reply", billed=True)


def _read(raw: str, tries: int, *, as_json: bool) -> Reply:
    """The reply, read with suspicion: many servers are only nearly compatible."""
    try:
        body = json.loads(raw)
        choice = body["choices"][0]
        text = choice["message"]["content"]
        if not isinstance(text, str) or not text.strip():
            raise ValueError("empty")
        if as_json:
            json.loads(text)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise CallFailed("bad_reply", billed=True, tries=tries) from None
    usage = body.get("usage")
    return Reply(
        text=text,
        model=str(body.get("model") or ""),
        tokens_in=_count(usage, "prompt_tokens"),
        tokens_out=_count(usage, "completion_tokens"),
        complete=choice.get("finish_reason") != "length",
        tries=tries,
    )


def _count(usage: Any, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
