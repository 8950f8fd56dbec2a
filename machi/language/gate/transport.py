"""An HTTP connection that goes where it was checked to go, ends in time and takes only so much.

The name is resolved once, every address is checked, and the connection is made to a checked address: there is no
second look-up for a rebinding name server to answer otherwise. TLS and the Host header still speak of the name.
Environment variables for proxies are not read, redirects are not followed (``client``).
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx2

from machi.language.gate.egress import Destination, EgressRefused, check_addresses


class TooMuch(Exception):
    """The answer is larger than any answer we asked for."""


class TooSlow(Exception):
    """The whole answer did not come in time, however steadily it dripped."""


class _Bounded(httpcore2.NetworkStream):
    """A stream with one deadline and one allowance of bytes for all that is read from it."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: float, allowance: list[int]) -> None:
        self._inner, self._deadline, self._allowance = inner, deadline, allowance

    def _left(self, timeout: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TooSlow
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._left(timeout))
        self._allowance[0] -= len(data)
        if self._allowance[0] < 0:
            raise TooMuch
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Bounded(inner, self._deadline, self._allowance)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Checked(httpcore2.NetworkBackend):
    """Connects to the destination and nowhere else."""

    def __init__(self, destination: Destination, seconds: float, most_bytes: int) -> None:
        self._destination, self._seconds, self._most_bytes = destination, seconds, most_bytes

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        if (host.lower().strip("[]"), port) != (self._destination.host, self._destination.port):
            raise EgressRefused("not_listed")
        deadline = time.monotonic() + self._seconds
        failed: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in check_addresses(self._destination, resolve(host, port)):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _Bounded(stream, deadline, [self._most_bytes])
        assert failed is not None
        raise failed


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order; none where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class CheckedTransport(httpx2.BaseTransport):
    """For one call of one destination. Raises EgressRefused, TooMuch and TooSlow beside httpx2's own errors."""

    def __init__(self, destination: Destination, *, seconds: float, most_bytes: int) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=_Checked(destination, seconds, most_bytes),
            max_keepalive_connections=0,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.SyncByteStream)
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            got = self._pool.handle_request(asked)
        return httpx2.Response(
            status_code=got.status, headers=got.headers, stream=_Body(got), extensions=got.extensions
        )

    def close(self) -> None:
        self._pool.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """The lower library's faults under the names the upper one knows."""
    try:
        yield
    except (httpcore2.ConnectTimeout, httpcore2.ConnectError, httpcore2.PoolTimeout) as error:
        raise httpx2.ConnectError(str(error)) from error
    except httpcore2.TimeoutException as error:
        raise httpx2.ReadTimeout(str(error)) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise httpx2.RemoteProtocolError(str(error)) from error
