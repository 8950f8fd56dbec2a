"""Time and queries of the joint room's pages for consortia of 3, 52 and all 1,741 municipalities, in one run.

    python bench/joint_pages.py [--towns 3 52 1741] [--runs 3] [--over 0] [--json]

Makes a consortium of each size as ``machi joint generate`` does, in a home of its own that is thrown away, signs in
as its joint office and as a clerk of its first town, and follows the links of the room's pages from its first page on:
of each address up to three objects, forms and files included, nothing is sent. Each page is asked for once to warm up
and then ``--runs`` times, in process (Django's test client: views, queries, templates, no network). Making 1,741 towns
takes some minutes.

What is told of a page is the slowest of its objects and of the two people. Keys of ``--json``, a list by size:
``towns``, ``made_s`` (making the consortium), ``pages``: ``name`` (of the address; with the file's kind where it is
one), ``ms`` (median, milliseconds of the process's own time, so that other work on the machine does not count),
``queries``, ``kb`` (of the answer), ``status``. ``--over`` leaves out of the table what was faster than so many ms at
every size.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any
from urllib.parse import urljoin, urlsplit

OBJECTS = 3
"""Of one address that are asked for."""
PATIENCE = 4_000
"""Milliseconds: what takes longer is not asked for again."""
_LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')


def made(towns: int, home: Path) -> float:
    """A consortium of this size below ``home``; seconds it took."""
    from machi.base.cli import setup
    from machi.base.domain.register import load_register
    from machi.joint.sample.generated import consortium_of

    assert setup.callback is not None
    setup.callback()
    load_register()
    start = process_time()
    consortium_of(towns)
    return process_time() - start


def kind_of(address: str) -> str:
    """Name of an address, with the kind of file where one is asked for; empty for pages of other rooms."""
    from django.urls import Resolver404, resolve

    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return ""
    if found.app_name != "joint":
        return ""
    asked = re.search(r"(?:^|&)format=([\w-]+)", parts.query)
    return f"{found.url_name} ({asked[1]})" if asked else str(found.url_name)


def walked(client: Any, first: str, runs: int) -> dict[str, dict[str, Any]]:
    """The slowest object of each address that the links lead to."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    waiting, seen, asked = deque([first]), {first}, Counter[str]()
    pages: dict[str, dict[str, Any]] = {}
    while waiting:
        address = waiting.popleft()
        name = kind_of(address)
        if not name or asked[name] >= OBJECTS or "format=csv-cp932" in address:
            continue
        asked[name] += 1
        taken = []
        for _ in range(runs + 1):
            connection.queries_log.clear()  # it keeps 9,000, and counts from its beginning
            with CaptureQueriesContext(connection) as queries:
                start = process_time()
                response = client.get(address)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                taken.append((process_time() - start) * 1000)
            if taken[-1] > PATIENCE:
                break
        row = {
            "name": name,
            "ms": median(taken[1:] or taken),
            "queries": len(queries),
            "kb": len(body) / 1024,
            "status": response.status_code,
        }
        if name not in pages or row["ms"] > pages[name]["ms"]:
            pages[name] = row
        if "text/html" in response.get("Content-Type", ""):
            for link in _LINK.findall(body.decode()):
                further = urljoin(address, unescape(link))
                if further.startswith("/") and further not in seen:
                    seen.add(further)
                    waiting.append(further)
    return pages


def measure(towns: int, home: Path, runs: int) -> dict[str, Any]:
    """In a process of its own: settings are read once."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from machi.base.domain.towns import members
    from machi.base.models import Consortium, Person, Role

    settings.ALLOWED_HOSTS = ["*"]
    seconds = made(towns, home)
    consortium = Consortium.objects.get()
    town = members(consortium)[0]
    people = (
        Person.objects.get(appointments__role=Role.JOINT_OFFICE),
        Person.objects.get(appointments__role=Role.CLERK, appointments__municipality=town),
    )
    pages: dict[str, dict[str, Any]] = {}
    for person in people:
        client = Client(raise_request_exception=False)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        for name, row in walked(client, reverse("joint:home", args=[town.code]), runs).items():
            if name not in pages or row["ms"] > pages[name]["ms"]:
                pages[name] = row
    return {"towns": towns, "made_s": seconds, "pages": sorted(pages.values(), key=lambda one: one["name"])}


def in_a_child(towns: int, home: Path, runs: int) -> dict[str, Any]:
    environment = {
        **os.environ,
        "MACHI_HOME": str(home),
        "MACHI_SAMPLE": "1",
        "DJANGO_SETTINGS_MODULE": "machi.site.settings",
    }
    command = [sys.executable, __file__, "--child", str(towns), "--home", str(home), "--runs", str(runs)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def shown(results: Sequence[dict[str, Any]], over: float) -> None:
    by_name = [{one["name"]: one for one in result["pages"]} for result in results]
    names = sorted({name for pages in by_name for name in pages})
    head = "".join(f" {result['towns']:>7,}" for result in results)
    print(f"{'':<34}{'ms':^{len(head)}}{'queries':^{len(head)}}{'kB':^{len(head)}}")
    print(f"{'towns':<34}{head * 3}")
    for name in names:
        rows = [pages.get(name) for pages in by_name]
        if max(row["ms"] for row in rows if row) < over:
            continue
        cells = "".join(
            f" {row[key]:>7,.0f}" if row else f" {'':>7}" for key in ("ms", "queries", "kb") for row in rows
        )
        wrong = [row["status"] for row in rows if row and row["status"] >= 400]
        print(f"{name:<34}{cells}{f'  {wrong}' if wrong else ''}")
    for result in results:
        slow = sum(one["ms"] > 1000 for one in result["pages"])
        told = f"{len(result['pages'])} pages, {slow} over a second, made in {result['made_s']:.0f} s"
        print(f"{result['towns']:>7,} towns: {told}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--towns", type=int, nargs="+", default=[3, 52, 1741])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--over", type=float, default=0, help="only pages over so many ms at some size")
    parser.add_argument("--home", type=Path, help="use, and keep, the consortium made there (one size only)")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(arguments.child, arguments.home, arguments.runs)))
        return
    results = []
    for towns in arguments.towns:
        with tempfile.TemporaryDirectory(prefix="machi-bench-") as home:
            results.append(in_a_child(towns, arguments.home or Path(home), arguments.runs))
    shown(results, arguments.over)
    if arguments.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
