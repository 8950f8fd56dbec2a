"""The pages of recordings: what is said before one is handed in, how it is taken, corrected, and made into minutes."""

from __future__ import annotations

import json
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.base.models import Municipality, Progress, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import drafting_jobs, transcribing
from machi.casework.models import Draft, GivenText, Recording
from machi.governance.models import RegisteredSystem
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import url
from tests.casework.drafts import some_minutes
from tests.casework.engine.test_speech import a_model
from tests.casework.spoken import said
from tests.frontdesk.factories import signed_in
from tests.frontdesk.web.staff import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


@pytest.fixture
def client(town):
    return signed_in(town)


def handed_in(client, town, data: bytes | None = None, **changed: str):
    file = SimpleUploadedFile("meeting.wav", said("Hello everybody") if data is None else data)
    fields = {"title": "消防団の会議", "held_on": "2026-05-12", "language": "en", "file": file, **changed}
    return client.post(url(town, "new_transcript"), fields)


def a_transcript(town: Municipality, state: str = Draft.State.MADE) -> Draft:
    from tests.casework.domain.test_transcribing import a_transcript as stored

    with in_municipality(town):
        asked = json.dumps({"name": "会議", "held_on": "2026-05-12", "language": "en"})
        draft = Draft(
            municipality=town, work=Draft.Work.TRANSCRIPT, title="会議の文字起こし", asked=asked, model="whisper-x",
            made_by=a_person(Role.CLERK, town),
        )  # fmt: skip
        made = stored(
            draft, "[00:00:00] We begin.\n[00:00:05] The budget is one million. 〔要確認：million〕"
        )
        Draft.objects.filter(pk=made.pk).update(state=state)
    return made


@pytest.mark.parametrize(("role", "may"), [(Role.CLERK, True), (Role.MANAGER, True), (Role.AUDITOR, False)])
def test_only_who_drafts_hands_in_recordings(town, role, may):
    client, draft = signed_in(town, role), a_transcript(town)
    for page in (url(town, "new_transcript"), url(town, "minutes_of_transcript", draft.pk)):
        assert client.get(page).status_code == (200 if may else 403)
    assert handed_in(client, town).status_code == (302 if may else 403)


def test_before_anything_is_handed_in_the_page_says_that_only_english_is_heard(town, client):
    page = text(client.get(url(town, "new_transcript")))
    assert "英語の録音だけです" in page
    assert "whisper-tiny.en" in page
    assert '<option value="en">英語</option>' in page
    assert '<option value="ja">' not in page
    assert "7日たっても" in page
    assert url(town, "new_transcript") in text(client.get(url(town, "new_minutes")))


def test_with_a_model_of_the_sites_own_that_knows_japanese_it_is_offered(town, client, settings, tmp_path):
    settings.MACHI_SPEECH_MODEL = str(a_model(tmp_path / "whisper-small", 51_865))
    page = text(client.get(url(town, "new_transcript")))
    assert "日本語と英語の録音を文字にできます" in page
    assert "whisper-small" in page
    assert '<option value="ja">日本語</option>' in page


def test_without_a_model_the_page_says_why_and_what_to_do_and_takes_nothing(town, client, settings):
    settings.MACHI_SPEECH_MODEL = "/nowhere"
    for page in (text(client.get(url(town, "new_transcript"))), text(handed_in(client, town))):
        assert "音声認識のモデルが見つかりません" in page
        assert url(town, "new_minutes") in page
        assert 'type="file"' not in page
    with in_municipality(town):
        assert not Draft.objects.exists()


def test_without_the_extra_the_page_says_so(town, client, monkeypatch):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)  # as where it is not installed
    page = text(client.get(url(town, "new_transcript")))
    assert "音声認識の部品（speech）が入っていません" in page
    assert 'type="file"' not in page


def test_what_may_not_run_says_so_before_anything_is_chosen(town, client):
    with in_municipality(town):
        RegisteredSystem.objects.filter(key=transcribing.TRANSCRIBE).update(
            state=RegisteredSystem.State.SUSPENDED
        )
    assert "notice-warning" in text(client.get(url(town, "new_transcript")))
    assert handed_in(client, town).status_code == 403


def test_a_recording_waits_and_its_page_says_how_far_it_is(town, client):
    answer = handed_in(client, town)
    with in_municipality(town):
        draft = Draft.objects.get()
        assert Recording.objects.get().draft == draft
    assert answer["Location"] == url(town, "draft", draft.pk)
    assert "順番を待っています" in text(client.get(answer["Location"]))
    with in_municipality(town):
        Progress.objects.create(
            municipality=town, key=f"casework.draft:{draft.pk}", label=drafting_jobs.LISTENING, done=65, total=3725
        )  # fmt: skip
    waiting = text(client.get(answer["Location"], headers={"HX-Request": "true"}))
    assert "録音を文字にしています" in waiting
    assert "00:01:05 / 01:02:05" in waiting


def test_what_is_refused_stands_at_its_field_and_the_rest_stays(town, client):
    page = text(handed_in(client, town, "議事録".encode(), title="町の会議"))
    assert "録音のファイルではありません" in page
    assert 'value="町の会議"' in page
    assert "一覧から選んでください" in text(handed_in(client, town, language="ja"))


def test_a_transcript_shows_times_and_doubt_and_becomes_minutes_only_when_confirmed(town, client):
    draft = a_transcript(town)
    page = text(client.get(url(town, "draft", draft.pk)))
    assert "音声認識による文字起こし・職員の確認前" in page
    assert "<dt>00:00:05</dt>" in page
    assert "</span> million</span>" in page
    assert "聞き取りが不確かな行が1あります" in page
    assert "出典なし" not in page
    assert url(town, "minutes_of_transcript", draft.pk) not in page
    refused = text(client.post(url(town, "minutes_of_transcript", draft.pk)))
    assert "直して確認してから" in refused

    edit = text(client.get(url(town, "edit_draft", draft.pk)))
    assert "[00:00:05] The budget is one million. 〔要確認：million〕" in edit
    corrected = "[00:00:00] 山本課長：始めます。\n[00:00:05] 山本課長：予算は百万円に決定します。"
    client.post(url(town, "edit_draft", draft.pk), {"text": corrected, "number": 1})
    client.post(url(town, "confirm_draft", draft.pk), {"number": 2, "read_checked": "on"})
    assert url(town, "minutes_of_transcript", draft.pk) in text(client.get(url(town, "draft", draft.pk)))
    assert "日本語の話し方のもの" in text(client.get(url(town, "minutes_of_transcript", draft.pk)))
    made = client.post(url(town, "minutes_of_transcript", draft.pk))
    with in_municipality(town):
        minutes = Draft.objects.get(work=Draft.Work.MINUTES)
        assert GivenText.objects.get(drafts=minutes).text == corrected
    assert made["Location"] == url(town, "draft", minutes.pk)
    assert "予算は百万円" in text(client.get(made["Location"]))
    assert "<dt>00:00:05</dt>" in text(client.get(url(town, "draft_version", draft.pk, 1)))


def test_another_towns_transcript_and_other_writing_are_not_there(town, client):
    other = a_municipality("332020")
    foreign = a_transcript(other)
    assert client.get(url(town, "minutes_of_transcript", foreign.pk)).status_code == 404
    minutes = some_minutes(town, a_person(Role.CLERK, town))
    assert client.get(url(town, "minutes_of_transcript", minutes.pk)).status_code == 404


def test_a_recording_comes_in_over_the_api(town, client):
    address = f"/api/v1/casework/{town.code}/transcripts"
    fields = {"title": "会議", "held_on": "2026-05-12", "language": "en"}
    taken = client.post(address, {**fields, "file": SimpleUploadedFile("a.wav", said("Hello everybody"))})
    assert taken.status_code == 201
    assert (taken.json()["work"], taken.json()["state"], taken.json()["version"]) == (
        "transcript",
        "waiting",
        0,
    )
    wrong = client.post(address, {**fields, "file": SimpleUploadedFile("a.wav", b"no sound")})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/file"
    japanese = client.post(
        address, {**fields, "language": "ja", "file": SimpleUploadedFile("a.wav", said("Hello everybody"))}
    )
    assert japanese.json()["errors"][0]["pointer"] == "/language"
    auditor = signed_in(town, Role.AUDITOR)
    assert auditor.post(address, {**fields, "file": SimpleUploadedFile("a.wav", b"x")}).status_code == 403
