"""Helpers of the staff pages' tests."""

import csv
import io
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from machi.base.models import Municipality


def url(town: Municipality, name: str, *args: object) -> str:
    return reverse(f"frontdesk:{name}", args=[town.code, *args])


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def lines(response: Any) -> list[list[str]]:
    """The rows of an exported CSV, header first."""
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def queries(client: Client, address: str) -> int:
    """How many queries a page takes, when whatever is loaded once has been loaded."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
