"""An HTTP server that answers as told, one step a request, and keeps what reached it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.received.append((self.path, str(self.headers), body))
            number = len(self.server.received) - 1
            self.asked: Any = json.loads(body or b"null")
            steps = self.server.steps
            step = steps[min(number, len(steps) - 1)]
        step(self)

    def do_GET(self) -> None:
        self.do_POST()

    def send(self, status: int, body: bytes | Any, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The tests say what went wrong."""


class Scripted(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.steps: list[Step] = [says("はい。")]
        self.received: list[tuple[str, str, bytes]] = []
        """Path, headers and body of each request."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def everything(self) -> str:
        """All that ever arrived, in one text, escapes undone."""
        parts = []
        for path, headers, body in self.received:
            parts += [path, headers, body.decode(), json.dumps(json.loads(body), ensure_ascii=False)]
        return "\n".join(parts)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the script."""


@contextmanager
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(text: str | None, tokens: tuple[int, int] | None = (10, 5), finish: str = "stop") -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted-1",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
    }
    if tokens is not None:
        body["usage"] = {
            "prompt_tokens": tokens[0],
            "completion_tokens": tokens[1],
            "total_tokens": sum(tokens),
        }
    return body


def says(text: str | None, tokens: tuple[int, int] | None = (10, 5), finish: str = "stop") -> Step:
    return lambda handler: handler.send(200, reply(text, tokens, finish))


def echoes() -> Step:
    """Says back the last message, so that a test sees what comes of what was hidden."""
    return lambda handler: handler.send(200, reply(handler.asked["messages"][-1]["content"]))


def status(code: int, **headers: str) -> Step:
    return lambda handler: handler.send(code, {"error": {"message": "no"}}, **headers)


def raw(body: bytes) -> Step:
    return lambda handler: handler.send(200, body)


def slow(seconds: float) -> Step:
    def step(handler: Handler) -> None:
        time.sleep(seconds)
        handler.send(200, reply("遅い答え"))

    return step


def dripping(seconds_between: float, times: int) -> Step:
    """A byte now and then: each read is quick, the whole never ends."""

    def step(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(times):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(seconds_between)

    return step


def cut() -> Step:
    """Half an answer, then the line goes dead."""

    def step(handler: Handler) -> None:
        whole = json.dumps(reply("途中まで")).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(whole)))
        handler.end_headers()
        handler.wfile.write(whole[: len(whole) // 2])
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    return step
