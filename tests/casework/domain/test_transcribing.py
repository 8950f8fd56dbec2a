"""Recordings: taken, written down by a job, deleted; the transcript corrected, confirmed, made into minutes; erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality, Person, Progress, Role
from machi.base.rooms import ai_system
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.casework.domain import (
    daily,
    drafting_edit,
    drafting_files,
    drafting_jobs,
    recordings,
    transcribing,
)
from machi.casework.domain.drafting_erasure import erase_draft
from machi.casework.domain.drafting_given import readable
from machi.casework.domain.recording_words import WHY, gaps, refusal
from machi.casework.engine import speech_models
from machi.casework.engine.draft_pieces import as_text
from machi.casework.engine.speech_types import REFUSALS, NotHeard, Sound
from machi.casework.models import Draft, DraftVersion, GivenText, Recording
from machi.governance.models import RegisteredSystem
from tests.base.factories import a_municipality, a_person
from tests.casework.spoken import MEETING, alike, as_wav, said, samples_of

State = Draft.State


@pytest.fixture
def town(db: None) -> Iterator[Municipality]:
    town = a_municipality()
    with in_municipality(town):
        yield town


@pytest.fixture
def clerk(town: Municipality) -> Person:
    return a_person(Role.CLERK, town)


def a_recording(town: Municipality, clerk: Person, data: bytes = b"", **changed: object) -> Draft:
    data = data or said()
    about = {"title": "消防団の会議", "held_on": date(2026, 5, 12), "language": "en", **changed}
    return transcribing.start_transcript(town, clerk, data=lambda: [data[:700], data[700:]], **about)


def files_of(town: Municipality) -> list[Path]:
    return [one for one in (town.folder / "casework" / "recordings").glob("*") if one.is_file()]


def run(draft: Draft) -> Draft:
    drafting_jobs.transcribe_task.func(f"{draft.municipality_id}:{draft.pk}")
    draft.refresh_from_db()
    return draft


def suspend() -> None:
    RegisteredSystem.objects.filter(key=transcribing.TRANSCRIBE).update(
        state=RegisteredSystem.State.SUSPENDED
    )


@pytest.mark.long
def test_a_recording_becomes_a_transcript_that_is_corrected_confirmed_and_made_into_minutes(
    town, clerk, home, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        draft = a_recording(town, clerk)
    assert (draft.state, draft.number) == (State.WAITING, 0)
    waiting = DBTaskResult.objects.get(task_path=drafting_jobs.transcribe_task.module_path)
    assert (waiting.queue_name, waiting.args_kwargs["args"]) == ("embedding", [f"{town.pk}:{draft.pk}"])
    with django_capture_on_commit_callbacks(execute=True):
        run(draft)

    assert (draft.state, draft.number, draft.by_model, draft.reason) == (State.MADE, 1, False, "")
    progress = Progress.objects.get(key=f"casework.draft:{draft.pk}")
    seconds = len(samples_of(said())) // 16_000
    assert (progress.done, progress.total) == (seconds, seconds)
    assert progress.finished_at is not None
    text = as_text(drafting_edit.body(draft).pieces)
    heard = [line[11:] for line in transcribing.without_marks(text).split("\n")]
    assert alike(" ".join(heard), MEETING) > 0.85
    assert all(line[:1] + line[9:11] == "[] " for line in text.split("\n"))

    # Nothing that could be heard is left, anywhere below the home of the site.
    assert (Recording.objects.count(), files_of(town)) == (0, [])
    sample = said()[5000:5064]
    assert not any(sample in one.read_bytes() for one in home.rglob("*") if one.is_file())

    given = draft.given
    assert given is not None
    entry = LedgerEntry.objects.get(subject=f"draft:{draft.pk}")
    outputs = json.loads(entry.body)["outputs"]
    assert entry.system == transcribing.TRANSCRIBE
    assert outputs["weights_sha256"] == speech_models.digest(transcribing.the_model())
    assert (outputs["model"], outputs["language"], outputs["seconds"]) == ("whisper-tiny.en", "en", seconds)
    assert outputs["parameters"]["temperature"] == 0
    assert outputs["recording_sha256"] == given.digest
    assert "brigade" not in entry.body

    with pytest.raises(Refused):
        transcribing.minutes_of(draft, clerk)
    corrected = "\n".join(
        f"{line[:11]}{who}{words_}"
        for line, who, words_ in zip(
            text.split("\n"),
            ["山本課長：", "", "", "佐藤係長："] + [""] * 9,
            [
                "これから始めます。",
                "",
                "警備員は26人とすることに決定します。",
                "発注書は5月20日までに私が作成します。",
            ]
            + [""] * 9,
            strict=False,
        )
        if words_
    )
    drafting_edit.edit(draft, clerk, corrected, 1)
    draft.refresh_from_db()
    # A corrected line still opens what was heard at that time.
    places = [one.place for one in drafting_edit.body(draft).pieces]
    heard_then = [str(given.text)[one.start : one.start + 10] for one in places if one]
    assert heard_then == [line[:10] for line in corrected.split("\n")]
    drafting_edit.confirm(draft, clerk, 2, unsourced_checked=True)
    minutes = transcribing.minutes_of(draft, clerk)
    assert minutes.given is not None
    assert (minutes.work, minutes.title, minutes.given.kind) == ("minutes", "消防団の会議", "transcript")
    written = as_text(drafting_edit.body(minutes).pieces)
    assert "警備員は26人" in written
    assert "佐藤係長／5月20日" in written

    erase_draft(town, draft.pk, ground="request")
    assert list(GivenText.objects.all()) == [minutes.given]
    assert list(DraftVersion.objects.filter(draft_id=draft.pk)) == []


@pytest.mark.long
def test_a_job_that_died_is_done_by_the_next_and_only_once(town, clerk, django_capture_on_commit_callbacks):
    draft = a_recording(town, clerk)
    with pytest.raises(KeyboardInterrupt):  # the worker is told to end while the child listens
        transcribing.write_down(draft, clerk, lambda _done, _total: (_ for _ in ()).throw(KeyboardInterrupt))
    draft.refresh_from_db()
    assert (draft.state, Recording.objects.count(), len(files_of(town))) == (State.WAITING, 1, 1)
    DBTaskResult.objects.all().delete()
    daily.each_day(town)
    assert DBTaskResult.objects.filter(task_path=drafting_jobs.transcribe_task.module_path).count() == 1
    assert not DBTaskResult.objects.filter(task_path=drafting_jobs.make_task.module_path).exists()
    with django_capture_on_commit_callbacks(execute=True):
        run(draft)
        run(draft)
    assert (draft.state, DraftVersion.objects.count()) == (State.MADE, 1)
    assert LedgerEntry.objects.filter(subject=f"draft:{draft.pk}").count() == 1
    assert files_of(town) == []


def test_silence_makes_no_transcript_and_says_so(town, clerk, django_capture_on_commit_callbacks):
    draft = a_recording(town, clerk, as_wav(samples_of(said())[:16_000] * 0))
    with django_capture_on_commit_callbacks(execute=True):
        run(draft)
    assert (draft.state, draft.number, draft.reason) == (
        State.FAILED,
        0,
        "録音から言葉が聞き取れませんでした。",
    )
    assert (Recording.objects.count(), GivenText.objects.count(), files_of(town)) == (0, 0, [])


def test_what_cannot_be_heard_is_refused_before_anything_is_kept(town, clerk):
    for data, key in ((b"PK\x03\x04" * 100, "not-audio"), (b"OggS" + bytes(3000), "broken")):
        with pytest.raises(Refused) as refused:
            a_recording(town, clerk, data)
        assert (str(refused.value.message), refused.value.field) == (WHY[key], "file")
    with pytest.raises(Refused) as refused:
        a_recording(town, clerk, language="ja")
    assert (str(refused.value.message), refused.value.field) == (WHY["language"], "language")
    with pytest.raises(Refused) as refused:
        a_recording(town, clerk, title=" ")
    assert refused.value.field == "title"
    assert (Draft.objects.count(), Recording.objects.count(), files_of(town)) == (0, 0, [])


def test_without_a_model_nothing_is_taken(town, clerk, settings, tmp_path):
    settings.MACHI_SPEECH_MODEL = str(tmp_path / "nowhere")
    with pytest.raises(Refused) as refused:
        a_recording(town, clerk)
    assert str(refused.value.message) == WHY["no-model"]


def test_the_unapproved_system_neither_takes_nor_writes_down(town, clerk, django_capture_on_commit_callbacks):
    draft = a_recording(town, clerk)
    suspend()
    with pytest.raises(NotApproved):
        a_recording(town, clerk)
    with django_capture_on_commit_callbacks(execute=True):
        run(draft)
    assert (draft.state, draft.number) == (State.FAILED, 0)
    assert draft.reason
    assert (Recording.objects.count(), files_of(town)) == (0, [])
    assert not LedgerEntry.objects.filter(subject=f"draft:{draft.pk}").exists()


def test_on_disk_a_recording_is_sealed_and_one_that_was_changed_is_not_heard(
    town, clerk, django_capture_on_commit_callbacks
):
    data = said()
    draft = a_recording(town, clerk)
    (file,) = files_of(town)
    sealed = file.read_bytes()
    assert (file.stat().st_mode & 0o777, data[5000:5064] in sealed) == (0o600, False)
    recording = Recording.objects.get()
    assert b"".join(recordings.pieces(recording)) == data
    for changed in (sealed[:-1], sealed[: len(sealed) // 2], b"x" + sealed[1:]):
        file.write_bytes(changed)
        with pytest.raises(NotHeard) as lost:
            list(recordings.pieces(recording))
        assert lost.value.key == "lost"
    with django_capture_on_commit_callbacks(execute=True):
        run(draft)
    assert (draft.state, draft.reason) == (State.FAILED, WHY["lost"])
    assert files_of(town) == []


def test_a_large_recording_is_sealed_in_pieces_whose_number_and_end_count(town, clerk):
    draft = Draft.objects.create(municipality=town, work=Draft.Work.TRANSCRIPT, title="長い録音")
    data = bytes(range(256)) * 9000  # more than two pieces
    recording = recordings.keep(draft, [data[:100], data[100:]])
    assert b"".join(recordings.pieces(recording)) == data
    (file,) = files_of(town)
    whole, piece = file.read_bytes(), (1 << 20) + 16
    for changed in (
        whole[:piece],
        whole[: 2 * piece],
        whole[piece : 2 * piece] + whole[:piece] + whole[2 * piece :],
    ):
        file.write_bytes(changed)
        with pytest.raises(NotHeard):
            list(recordings.pieces(recording))


@pytest.mark.django_db(transaction=True)  # files go when the transaction is through
def test_erasing_what_waits_removes_the_recording(town, clerk):
    draft = a_recording(town, clerk)
    erase_draft(town, draft.pk, ground="request", person=clerk)
    assert (Draft.objects.count(), Recording.objects.count(), files_of(town)) == (0, 0, [])
    assert json.loads(LedgerEntry.objects.latest("index").body)["outputs"]["erased"]["recordings"] == 1


def test_what_waited_a_week_and_what_a_killed_process_left_is_removed(
    town, clerk, django_capture_on_commit_callbacks
):
    old, new = a_recording(town, clerk), a_recording(town, clerk)
    now = timezone.now()
    Recording.objects.filter(draft=old).update(given_at=now - recordings.KEPT - timedelta(minutes=1))
    Recording.objects.filter(draft=new).update(given_at=now - recordings.KEPT + timedelta(minutes=1))
    left = town.folder / "casework" / "recordings" / ("0" * 32)
    left.write_bytes(b"half")
    with django_capture_on_commit_callbacks(execute=True):
        daily.each_day(town)
    assert left.exists()  # it may be about to get its row
    assert recordings.sweep(town, now + timedelta(days=2)) == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == (State.FAILED, State.WAITING)
    assert old.reason == "7日のあいだ文字にできなかったため、録音を消しました。もう一度渡してください。"
    assert [one.name for one in files_of(town)] == [Recording.objects.get().file]


def test_a_recording_handed_in_as_a_transcript_is_led_to_its_page():
    with pytest.raises(Refused) as refused:
        readable(name="meeting.wav", data=said())
    assert "録音を文字にする" in str(refused.value.message)


def test_doubtful_lines_have_to_be_checked_and_files_say_how_it_came_to_be(town, clerk):
    draft = Draft(
        municipality=town,
        work=Draft.Work.TRANSCRIPT,
        title="会議の文字起こし",
        model="whisper-x",
        made_by=clerk,
        asked=json.dumps({"name": "会議", "held_on": "2026-05-12", "language": "ja"}),
    )
    made = a_transcript(draft, "[00:00:00] 始めます。\n[00:00:05] 予算は百万円です。 〔要確認：百万円〕")
    assert made.unsourced == 1
    assert "【音声認識による文字起こし・職員の確認前】" in drafting_files.markdown(made)
    assert "［1］" not in drafting_files.markdown(made)
    with pytest.raises(Refused) as refused:
        drafting_edit.confirm(made, clerk, 1, unsourced_checked=False)
    assert "聞き取りが不確かな行が1" in str(refused.value.message)
    drafting_edit.edit(made, clerk, "[00:00:00] 始めます。\n[00:00:05] 予算は二百万円です。", 1)
    made.refresh_from_db()
    assert made.unsourced == 0
    drafting_edit.confirm(made, clerk, 2, unsourced_checked=False)
    assert "音声認識" not in drafting_files.markdown(made)


def a_transcript(draft: Draft, text: str) -> Draft:
    """As if it had been heard."""
    from machi.casework.domain import drafting
    from machi.casework.domain.drafting_given import Readable, keep
    from machi.casework.engine.draft_pieces import Body, Piece

    draft.given = keep(draft.municipality, draft.made_by, Readable(draft.title, "speech", "0" * 64, text))
    draft.state = State.WAITING
    draft.save()
    pieces = tuple(Piece(line, "sentence", "heard", begins=True) for line in text.split("\n"))
    return drafting.stored(
        draft, Body(pieces), None, system=transcribing.TRANSCRIBE, kind="result", outputs={}, rests_on=[]
    )


def test_every_refusal_has_words():
    assert sorted(WHY) == sorted(REFUSALS)
    assert refusal(NotHeard("too-long", hours=3)) == "録音が長すぎます。3時間までです。分けて渡してください。"
    assert gaps(Sound("mp3", 10.0)) == ""
    assert gaps(Sound("mp3", 10.0, damaged=2, missing=61.4)) == (
        "録音の一部（2か所）が壊れていて、聞けませんでした。 "
        "ファイルが途中で切れています。終わりの61秒ほどがありません。"
    )


def test_the_register_shows_what_was_measured(town):
    lines = ai_system(transcribing.TRANSCRIBE).measured(town)
    assert lines[0].value.endswith("%")
    assert len(lines) == 3
