"""Drafting from the command line, and the sample."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from machi.base.models import Role
from machi.base.scoping import in_municipality
from machi.casework.cli import casework
from machi.casework.models import Draft
from machi.casework.sample.drafting import load
from machi.governance.models import RegisteredSystem
from tests.base.factories import a_person
from tests.casework.drafts import MEETING, NOTICE, a_town_with_documents
from tests.casework.spoken import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return a_town_with_documents()


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(casework, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_a_draft_and_minutes_are_made_and_listed(town, tmp_path: Path):
    clerk = a_person(Role.CLERK, town)
    fields = [word for name, value in NOTICE.items() for word in ("--set", f"{name}={value}")]
    told = run("draft", "notice-change", "-m", town.code, "--by", clerk.email, *fields)
    assert "手数料は1点500円です。［" in told
    assert "職員の確認前" in told
    file = tmp_path / "meeting.txt"
    file.write_text(MEETING, "utf-8")
    words = ("-m", town.code, "--by", clerk.email)
    told = run("minutes", str(file), *words, "--on", "2026-05-12", "--title", "会議")
    assert "【佐藤係長／5月20日＝2026-05-20】" in told
    assert "# meeting.txtの要約" in run("summarise", str(file), *words, "--length", "short")
    listed = json.loads(run("drafts", "-m", town.code, "--json"))
    assert [one["work"] for one in listed] == ["summary", "minutes", "draft"]
    assert "there are letter-reply" in run("draft", "nothing", *words, code=1)


def test_a_recording_is_written_down_here_and_now(town, tmp_path: Path, settings):
    clerk = a_person(Role.CLERK, town)
    file = tmp_path / "meeting.wav"
    file.write_bytes(said("Good morning. We begin the meeting of the fire brigade."))
    words = ("-m", town.code, "--by", clerk.email, "--on", "2026-05-12", "--title", "会議")
    told = run("transcribe", str(file), *words, "--language", "en")
    assert "【音声認識による文字起こし・職員の確認前】" in told
    assert re.search(
        r"^\[00:00:00\] Good morning\b.* we begin the meeting of the fire brigade\.$", told, re.M | re.I
    )
    assert "録音を文字にする" in run("minutes", str(file), *words, code=1)
    assert "この言語" in run("transcribe", str(file), *words, "--language", "ja", code=1)
    status = run("speech")
    assert "whisper-tiny.en" in status
    assert "languages\ten\n" in status
    assert status.endswith("works\tyes\n")
    settings.MACHI_SPEECH_MODEL = str(tmp_path / "nowhere")
    told = run("speech", code=1)
    assert "no-model folder=" in told
    assert "音声認識のモデルが見つかりません" in told


def test_who_may_not_draft_is_turned_away_and_what_may_not_run_says_so(town):
    auditor = a_person(Role.AUDITOR, town)
    assert "may not do this" in run("draft", "easy-rewrite", "-m", town.code, "--by", auditor.email, code=1)
    clerk = a_person(Role.CLERK, town)
    with in_municipality(town):
        RegisteredSystem.objects.filter(key="casework.draft").update(state=RegisteredSystem.State.SUSPENDED)
    words = ("--set", "title=題", "--set", "text=文です。")
    run("draft", "easy-rewrite", "-m", town.code, "--by", clerk.email, *words, code=3)


def test_the_sample_has_one_of_each_and_is_made_once(town):
    a_person(Role.CLERK, town)
    for _ in range(2):
        load()
    with in_municipality(town):
        made = sorted(Draft.objects.values_list("work", flat=True))
        assert made == ["draft", "draft", "minutes", "summary"]
        assert not Draft.objects.filter(number=0).exists()
