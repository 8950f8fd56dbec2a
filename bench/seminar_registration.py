"""How many registrations for a seminar a real server takes, and that nobody gets a seat that is not there.

    python bench/seminar_registration.py [--registrations 5000] [--seats 1000] [--clients 40] [--servers 2] [--json]

A fresh installation below a temporary folder (SQLite, or the empty database that MACHI_DATABASE names), a consortium
of three towns, a seminar with ``--seats`` seats and a waiting list. ``--servers`` processes of ``machi run`` and one
``machi worker``, which writes the letters, share that database. ``--clients`` threads, each with a connection of its
own, send the registration form as browsers do (page, cookie, signed time, form), all at once. After every tenth of a
client, somebody who has a seat gives it back by the secret link, so that seats are offered to those who wait meanwhile.
Every fiftieth address is sent twice, close together, by two clients.

Figures of the last line with --json:

registrations_per_second   answered registrations over the time from the first to the last
p50_ms, p99_ms             of one registration as its client sees it, all clients at once
overbooked                 people with a seat (or an offer) beyond the seats; and seats counted otherwise than people
lost                       registrations that were answered with success and are not stored, or stored twice
failed                     answers that were neither success nor a double (none is expected)
registered, waiting        what is stored in the end
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TOWNS = ("142123", "332020", "222127")
READING = 3.2
"""Seconds between the page and the form: what comes sooner is asked for again."""


@dataclass
class Told:
    """What the clients saw, all threads together (appending to a list is atomic)."""

    seconds: list[float] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Visitor:
    """A browser: one connection, its cookie and the form it was given."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        page, headers = self._get(path)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        begun = re.search(r'name="begun" value="([^"]+)"', page)
        if not found or not begun:
            raise RuntimeError(f"no form on {path}")
        self.token, self.begun = found[1], begun[1]
        self.cookie = headers.get("Set-Cookie", "").partition(";")[0]

    def _get(self, path: str) -> tuple[str, Any]:
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        return answer.read().decode(), answer.headers

    def post(self, path: str, given: dict[str, str]) -> tuple[int, str]:
        body = urlencode({**given, "csrfmiddlewaretoken": self.token})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        try:
            self.connection.request("POST", path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection.request("POST", path, body, headers)
            answer = self.connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")

    def register(self, email: str, told: Told) -> None:
        given = {
            "name": f"参加 {email.partition('@')[0]}",
            "email": email,
            "role": "resident",
            "way": "on_site",
            "town": TOWNS[0],
            "organisation": "",
            "needs": "",
            "web_page": "",
            "begun": self.begun,
        }
        start = time.perf_counter()
        status, location = self.post(self.path, given)
        told.seconds.append(time.perf_counter() - start)
        if status == 302 and "/thanks/" in location:
            told.taken.append(email)
        else:
            told.failed.append(f"{status} {location}")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


@contextmanager
def serving(environment: dict[str, str], servers: int, home: Path) -> Iterator[list[int]]:
    """``machi run`` as often, and one worker; ends only what it began. What they say goes to ``servers.log``."""
    ports = [free_port() for _ in range(servers)]
    machi = [sys.executable, "-m", "machi"]
    with (home / "servers.log").open("w") as log:
        processes = [
            subprocess.Popen(
                [*machi, "run", "--no-workers", "--port", str(port)], env=environment, stdout=log, stderr=log
            )
            for port in ports
        ]
        processes.append(
            subprocess.Popen(
                [*machi, "worker", "--queues", "default"], env=environment, stdout=log, stderr=log
            )
        )
        try:
            for port, process in zip(ports, processes, strict=False):
                wait_for(port, process)
            yield ports
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=60)


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it takes connections, however long that needs; RuntimeError if it ended instead."""
    while server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server ended with {server.returncode}: see servers.log")


def prepare(seats: int) -> tuple[int, int]:
    """A published seminar; numbers of consortium and seminar."""
    from datetime import timedelta

    from django.utils import timezone

    from machi.base.domain.register import load_register
    from machi.base.models import Appointment, Consortium, ConsortiumMember, Municipality, Person, Role
    from machi.base.scoping import in_consortium, in_municipality
    from machi.learning.domain import seminars

    load_register()
    consortium = Consortium.objects.create(name="測定")
    for code in TOWNS:
        Municipality.objects.filter(pk=code).update(live=True)
        ConsortiumMember.objects.create(consortium=consortium, municipality_id=code, since="2026-04-01")
    office = Person.objects.create_user("office@bench.example", None, name="事務局")
    Appointment.objects.create(person=office, role=Role.JOINT_OFFICE, consortium=consortium)
    town, starts = Municipality.objects.get(pk=TOWNS[0]), timezone.now() + timedelta(days=30)
    given = {
        "title": "測定のセミナー",
        "purpose": "測る。",
        "form": "on_site",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "venue": "会場",
        "opens_at": timezone.now() - timedelta(hours=1),
        "closes_at": starts - timedelta(hours=1),
        "contact": "事務局",
        "seats": {"on_site": seats},
    }
    with in_municipality(town), in_consortium(consortium):
        made = seminars.create(consortium, town, office, given)
        seminars.publish(made, office)
    return consortium.pk, made.pk


def token_of(consortium: int, seminar: int, number: int) -> str | None:
    """Secret link of whoever has this receipt number, if with a seat."""
    from django.db import connection

    from machi.base.models import Consortium
    from machi.base.scoping import in_consortium
    from machi.learning.models import SeminarRegistration

    try:
        with in_consortium(Consortium.objects.get(pk=consortium)):
            one = SeminarRegistration.objects.filter(
                seminar_id=seminar, number=number, state="confirmed"
            ).first()
            return one.token if one else None
    finally:
        connection.close()


def crowd(
    ports: list[int], emails: list[str], clients: int, consortium: int, seminar: int
) -> tuple[Told, float]:
    """All register at once; after every tenth of a client, a seat is given back. What they saw, and in what time."""
    path = f"/m/{TOWNS[0]}/learning/seminars/{seminar}/register/"
    visitors = [Visitor(ports[at % len(ports)], path) for at in range(clients)]
    time.sleep(READING)
    told, waiting, gate = Told(), iter(emails), threading.Barrier(clients + 1)
    lock = threading.Lock()

    def work(visitor: Visitor) -> None:
        gate.wait()
        done = 0
        while True:
            with lock:
                email = next(waiting, None)
            if email is None:
                return
            visitor.register(email, told)
            done += 1
            if done % 10 == 0 and (token := token_of(consortium, seminar, len(told.taken) // 2)):
                visitor.post(f"/m/{TOWNS[0]}/learning/my-seminar/{token}/cancel/", {})

    threads = [threading.Thread(target=work, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return told, time.perf_counter() - start


def checked(consortium: int, seminar: int, told: Told) -> dict[str, int]:
    """What is stored, beside what clients were told."""
    from machi.base.models import Consortium
    from machi.base.scoping import in_consortium
    from machi.learning.domain.seminars_register import email_key
    from machi.learning.models import Seminar, SeminarRegistration, SeminarSeats

    with in_consortium(Consortium.objects.get(pk=consortium)):
        about = Seminar.objects.get(pk=seminar)
        rows = list(SeminarRegistration.objects.filter(seminar=about))
        seats = SeminarSeats.objects.get(seminar=about)
        holding = sum(row.state in ("confirmed", "offered") for row in rows)
        keys = [row.email_key for row in rows if row.state != "cancelled"]
        stored = {row.email_key for row in rows}
        expected = {email_key(about, email) for email in told.taken}
        assert seats.capacity is not None
        return {
            "overbooked": max(0, holding - seats.capacity) + abs(seats.taken - holding),
            "lost": len(expected - stored) + len(keys) - len(set(keys)),
            "failed": len(told.failed),
            "registered": len(rows),
            "waiting": sum(row.state == "waiting" for row in rows),
        }


def measure(registrations: int, seats: int, clients: int, servers: int) -> dict[str, float]:
    home = Path(tempfile.mkdtemp(prefix="machi-bench-"))
    environment = {
        **os.environ,
        "MACHI_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "machi.site.settings",
        "MACHI_REGISTER_RATE": "1000000/m",  # all come from one address here
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
    }
    os.environ.update(environment)
    subprocess.run([sys.executable, "-m", "machi", "setup"], env=environment, check=True, capture_output=True)
    import django

    django.setup()
    consortium, seminar = prepare(seats)
    addresses = [f"person{at}@bench.example" for at in range(registrations)]
    addresses = [one for at, one in enumerate(addresses) for _ in range(2 if at % 50 == 0 else 1)]
    blocks = [addresses[at : at + clients * 2] for at in range(0, len(addresses), clients * 2)]
    rng = random.Random(1)
    for block in blocks:
        rng.shuffle(block)  # doubles come close together, but not always one after the other
    with serving(environment, servers, home) as ports:
        told, seconds = crowd(ports, [one for block in blocks for one in block], clients, consortium, seminar)
    found = checked(consortium, seminar, told)
    if told.failed:
        print("failed:", told.failed[:5], file=sys.stderr)
    percentiles = statistics.quantiles(told.seconds, n=100)
    return {
        "registrations_per_second": round(len(told.seconds) / seconds, 1),
        "p50_ms": round(percentiles[49] * 1000, 1),
        "p99_ms": round(percentiles[98] * 1000, 1),
        **found,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registrations", type=int, default=5000)
    parser.add_argument("--seats", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.registrations, options.seats, options.clients, options.servers)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:26} {value}")


if __name__ == "__main__":
    main()
