"""The platform as people meet it: `machi run` with the sample consortium, workers, mail server and Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from filelock import FileLock
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""Debian's; the first draws no windows of its own, which is less work."""


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    home: Path
    letters: list[Message]

    def machi(self, *arguments: str) -> str:
        """Runs a `machi` command on this installation and returns what it printed."""
        environment = {**os.environ, **_environment(self.home)}
        done = subprocess.run(
            [sys.executable, "-m", "machi", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    @property
    def password(self) -> str:
        kept: dict[str, str] = json.loads((self.home / "sample-people.json").read_text())
        return kept["password"]


class _Box(MessageHandler):
    def __init__(self, letters: list[Message]) -> None:
        super().__init__()
        self.letters = letters

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def _environment(home: Path) -> dict[str, str]:
    return {"MACHI_HOME": str(home), "MACHI_SAMPLE": "1", "DJANGO_SETTINGS_MODULE": "machi.site.settings"}


@pytest.fixture(scope="session")
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample consortium, made once for all processes of a test run; for the long tests also one of 52 towns."""
    own = tmp_path_factory.getbasetemp()
    home = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample"
    with FileLock(f"{home}.lock"):
        if not home.exists():
            made = home.with_name("sample-in-the-making")
            many = any(item.get_closest_marker("long") for item in request.session.items)
            for command in (
                ("setup",),
                ("sample",),
                *([("joint", "generate", "--towns", "52")] if many else ()),
            ):
                subprocess.run(
                    [sys.executable, "-m", "machi", *command],
                    env={**os.environ, **_environment(made)},
                    check=True,
                    capture_output=True,
                )
            made.rename(home)
    return home


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    shutil.copytree(prepared, home, dirs_exist_ok=True)
    letters: list[Message] = []
    post = Controller(_Box(letters), hostname="127.0.0.1", port=_free_port())
    post.start()
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        **_environment(home),
        "MACHI_SMTP": f"smtp://127.0.0.1:{post.port}",
        "MACHI_URL": url,
        "MACHI_ASK_RATE": "1000/m",
    }
    log = (home / "run.log").open("w")

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "machi", *arguments]
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    server = start("run", "--port", str(port), "--no-workers")
    processes = [server]
    try:
        _wait_for(url + "/healthz", server, home)
        # Jobs on a worker of their own, as on many hosts; embedding the sample takes minutes and is left out.
        processes.append(start("worker", "--queues", "default"))
        yield Site(url, home, letters)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=60)
        log.close()
        post.stop()


def _wait_for(url: str, process: subprocess.Popen[bytes], home: Path) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"machi did not start:\n{(home / 'run.log').read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=next(path for path in CHROMIUM if Path(path).exists()),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone, as most residents come; any error on the page's console fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Page, site: Site, email: str) -> None:
    page.goto(f"{site.url}/account/login/")
    form = page.locator("form.form").first
    form.locator("input[name=login]").fill(email)
    form.locator("input[name=password]").fill(site.password)
    form.locator("button").first.click()
    page.wait_for_url(lambda url: "/account/login" not in url)
