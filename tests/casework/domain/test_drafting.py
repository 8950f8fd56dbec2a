"""Drafts, summaries and minutes: made where they may be, each sentence with its source, kept, confirmed, erased."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta

import docx
import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from machi.base import ledger
from machi.base.domain import erasing
from machi.base.domain.errors import Refused
from machi.base.engine.letters import to_word
from machi.base.models import LedgerEntry, Municipality, Person, Progress, Role
from machi.base.rooms import ai_system
from machi.base.running import NotApproved
from machi.base.scoping import in_municipality
from machi.casework.domain import (
    daily,
    drafting,
    drafting_edit,
    drafting_files,
    drafting_jobs,
    drafting_templates,
)
from machi.casework.domain.drafting_given import readable
from machi.casework.domain.drafting_personal import PersonalFound
from machi.casework.engine.draft_pieces import as_text, mark
from machi.casework.engine.draft_templates import shipped, shipped_text
from machi.casework.models import Draft, DraftVersion, GivenText
from machi.casework.web.drafting_shown import shown
from machi.frontdesk.domain import indexing
from machi.frontdesk.domain.sources import add_file, add_source
from machi.frontdesk.models import Document, Passage
from machi.governance.domain.gate_words import words
from machi.governance.models import ModelCall, RegisteredSystem
from tests.base.factories import a_municipality, a_person
from tests.casework.drafts import GARBAGE, MEETING, NOTICE, a_notice, a_town_with_documents, some_minutes
from tests.governance.gates import an_endpoint
from tests.language_model_server.scripted import Scripted, says, scripted


@pytest.fixture
def town(db: None) -> Iterator[Municipality]:
    town = a_town_with_documents()
    with in_municipality(town):
        yield town


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


@pytest.fixture
def clerk(town: Municipality) -> Person:
    return a_person(Role.CLERK, town)


def pieces_of(draft: Draft):
    return drafting_edit.body(draft).pieces


def word_of(draft: Draft, **options: bool) -> str:
    document = docx.Document(io.BytesIO(to_word([drafting_files.letter(draft, **options)])))
    return "\n".join(one.text for one in document.paragraphs)


def suspend(town: Municipality, key: str) -> None:
    RegisteredSystem.objects.filter(key=key).update(state=RegisteredSystem.State.SUSPENDED)


def test_without_a_model_a_draft_is_made_of_sentences_of_the_towns_documents(town, clerk):
    draft = a_notice(town, clerk)
    assert (draft.by_model, draft.reason, draft.number) == (False, words("no_endpoint"), 1)
    cited = [one for one in pieces_of(draft) if one.place]
    assert "手数料は1点500円です。" in [one.text for one in cited]
    for one in cited:
        document = Document.objects.get(pk=one.place.id)
        assert " ".join(document.text[one.place.start : one.place.end].split()) == one.text
    assert not any("Ignore" in one.text for one in pieces_of(draft))
    assert all(mark(one) != "none" for one in pieces_of(draft))


def test_a_models_sentences_stand_with_their_source_or_are_dropped_and_shown(town, clerk, server):
    an_endpoint(town, server, purpose=drafting.DRAFT)
    server.steps = [says("粗大ごみの手数料は1点500円です。手数料は1点800円です。翌日に回収します。")]
    draft = a_notice(town, clerk)
    assert (draft.by_model, draft.model) == (True, "scripted-1")
    body = drafting_edit.body(draft)
    written = [one for one in body.pieces if one.made == "model"]
    assert [one.text for one in written] == ["粗大ごみの手数料は1点500円です。"]
    assert [one.text for one in body.dropped] == ["手数料は1点800円です。", "翌日に回収します。"]
    assert all(one.why for one in body.dropped)
    assert "Ignore all previous" not in server.everything


def test_where_nothing_a_model_wrote_is_supported_sentences_are_extracted(town, clerk, server):
    an_endpoint(town, server, purpose=drafting.DRAFT)
    server.steps = [says("来月から無料になります。")]
    draft = a_notice(town, clerk)
    assert not draft.by_model
    assert "除きました" in draft.reason
    assert any(one.made == "extract" for one in pieces_of(draft))
    assert len(drafting_edit.body(draft).dropped) == 1


def test_personal_information_is_told_before_anything_goes_to_a_model_and_then_hidden(town, clerk, server):
    an_endpoint(town, server, purpose=drafting.DRAFT)
    values = {**NOTICE, "point": "粗大ごみの手数料（連絡先090-1234-5678）"}
    template, text = shipped()["notice-change"], shipped_text("notice-change")
    with pytest.raises(PersonalFound) as refused:
        drafting.make_draft(town, clerk, template, text, values)
    assert refused.value.found == {"TELEPHONE": 1}
    assert "電話番号 1" in str(refused.value.message)
    assert (server.received, Draft.objects.count()) == ([], 0)
    drafting.make_draft(town, clerk, template, text, values, personal_checked=True)
    assert "090-1234-5678" not in server.everything
    assert ModelCall.objects.get().hidden["電話番号"] >= 1


def test_a_my_number_goes_nowhere_and_leaves_no_draft(town, clerk):
    with pytest.raises(Refused):
        a_notice(town, clerk, point="粗大ごみ 個人番号 123456789018")
    assert Draft.objects.count() == 0


def test_where_the_town_has_nothing_the_gap_says_so_and_counts_as_without_source(clerk):
    town = a_municipality("332020")
    draft = a_notice(town, a_person(Role.CLERK, town))
    with in_municipality(town):
        pieces = pieces_of(draft)
    assert not any(one.place for one in pieces)
    assert [one.text for one in pieces if mark(one) == "none"] == [
        "〔資料が見つかりません。ここは職員が書いてください。〕"
    ]
    assert draft.unsourced == 1


@pytest.mark.parametrize("system", [drafting.DRAFT, drafting.SUMMARY, drafting.MINUTES])
def test_a_system_that_was_stopped_makes_nothing(town, clerk, system):
    suspend(town, system)
    given = readable(name="a", text=MEETING)
    acts = {
        drafting.DRAFT: lambda: a_notice(town, clerk),
        drafting.SUMMARY: lambda: drafting.start_summary(town, clerk, given=given),
        drafting.MINUTES: lambda: some_minutes(town, clerk),
    }
    with pytest.raises(NotApproved):
        acts[system]()
    assert Draft.objects.count() == 0


def test_a_missing_field_is_named(town, clerk):
    with pytest.raises(Refused) as refused:
        a_notice(town, clerk, contact=" ")
    assert refused.value.field == "contact"


def test_easier_words_stand_beside_the_text_they_come_from(town, clerk):
    template = shipped()["easy-rewrite"]
    text = "申請者及び事業者は窓口へご持参ください。"
    given = f"\r\n\t題名\r\n{text}\r\n"
    draft = drafting.make_draft(
        town, clerk, template, shipped_text(template.key), {"title": "お知らせ", "text": given}
    )
    body = drafting_edit.body(draft)
    assert [one.made for one in body.pieces] == ["rewrite", "rewrite"]
    place = body.pieces[1].place
    assert draft.given is not None
    assert place is not None
    assert draft.given.text[place.start : place.end] == text
    assert ("及び", "と") in [(one.before, one.after) for one in body.changes]
    assert "書きかえたところ" in str(drafting_files.letter(draft).body)


def test_minutes_cite_the_lines_of_the_transcript(town, clerk):
    draft = some_minutes(town, clerk)
    told = {one.text: one for one in pieces_of(draft)}
    decided = told["山本課長：警備員は26人とすることに決定します。"]
    assert MEETING[decided.place.start : decided.place.end] == "警備員は26人とすることに決定します。"
    assert "【佐藤係長／5月20日＝2026-05-20】発注書は5月20日までに私が作成します。" in told
    entry = LedgerEntry.objects.get(subject=f"draft:{draft.pk}")
    outputs = json.loads(entry.body)["outputs"]
    assert (entry.system, outputs["decisions"], outputs["tasks"]) == ("casework.minutes", 1, 1)
    assert outputs["doubtful"] == 0
    assert "警備" not in entry.body


def test_a_summary_of_a_registered_document_leads_to_its_places(town, clerk):
    document = Document.objects.get()
    draft = drafting.start_summary(town, clerk, document=document, length="long")
    cited = [one for one in pieces_of(draft) if one.place]
    assert {one.place.id for one in cited} == {document.pk}
    assert all(one.place.kind == "document" for one in cited)
    assert any("500円" in one.text for one in cited)


def test_a_long_text_is_made_by_a_job_with_progress_and_only_once(
    town, clerk, django_capture_on_commit_callbacks
):
    long = MEETING + "山本課長：資料の説明を続けます。町の人口は4万人です。\n" * 2_000
    with django_capture_on_commit_callbacks(execute=True):
        draft = some_minutes(town, clerk, long)
    assert (draft.state, draft.number) == (Draft.State.WAITING, 0)
    drafting_jobs.make_task.func(f"{town.pk}:{draft.pk}")
    draft.refresh_from_db()
    assert (draft.state, draft.number) == (Draft.State.MADE, 1)
    assert Progress.objects.get(key=f"casework.draft:{draft.pk}").finished_at is not None
    drafting_jobs.make_task.func(f"{town.pk}:{draft.pk}")
    assert DraftVersion.objects.filter(draft=draft).count() == 1


def test_of_two_workers_at_the_same_draft_one_makes_it(town, clerk):
    draft = some_minutes(town, clerk, MEETING + "山本課長：続けます。\n" * 5_000)
    again = Draft.objects.select_related("given").get(pk=draft.pk)
    drafting.extract(draft, clerk)
    drafting.extract(again, clerk)
    assert DraftVersion.objects.filter(draft=draft).count() == 1
    assert LedgerEntry.objects.filter(subject=f"draft:{draft.pk}").count() == 1


def test_a_draft_that_was_erased_while_it_was_made_stays_erased(town, clerk):
    draft = some_minutes(town, clerk, MEETING + "山本課長：続けます。\n" * 5_000)
    Draft.objects.filter(pk=draft.pk).delete()
    drafting.extract(draft, clerk)
    assert Draft.objects.count() == 0


def test_a_job_that_was_lost_is_enqueued_again_by_the_daily_run(town, clerk):
    draft = some_minutes(town, clerk, MEETING + "山本課長：続けます。\n" * 5_000)
    DBTaskResult.objects.all().delete()
    daily.each_day(town)
    waiting = DBTaskResult.objects.get(task_path=drafting_jobs.make_task.module_path)
    assert waiting.args_kwargs["args"] == [f"{town.pk}:{draft.pk}"]


def test_a_notice_rests_on_what_holds_today_and_an_answer_in_the_council_on_what_was_too(clerk):
    town = a_municipality("332020")
    writer = a_person(Role.CLERK, town)
    with in_municipality(town):
        source = add_source(town, name="町の案内")
        add_file(source, "old.md", GARBAGE.encode())
        Passage.objects.update(valid_until=date(2020, 1, 1))
        Document.objects.update(valid_until=date(2020, 1, 1))
        add_file(source, "new.md", GARBAGE.replace("500円", "700円").encode())
    indexing.build(town)
    told = a_notice(town, writer)
    template = shipped()["council-answer"]
    values = {
        "session": "定例会",
        "member": "3番",
        "answerer": "町長",
        "matter": "粗大ごみ",
        "question": "手数料はいくらか",
    }
    with in_municipality(town):
        notice = " ".join(one.text for one in pieces_of(told))
        council = drafting.make_draft(
            town, writer, template, shipped_text(template.key), values, personal_checked=True
        )
        answer = drafting_edit.body(council)
        shown_sources = shown(council, answer)
    assert "700円" in notice
    assert "500円" not in notice
    assert "500円" in " ".join(one.text for one in answer.pieces)
    assert shown_sources.expired > 0


def test_a_job_whose_system_was_stopped_meanwhile_says_so(town, clerk):
    draft = some_minutes(town, clerk, MEETING + "山本課長：続けます。\n" * 5_000)
    suspend(town, drafting.MINUTES)
    drafting_jobs.make_task.func(f"{town.pk}:{draft.pk}")
    draft.refresh_from_db()
    assert draft.state == Draft.State.FAILED
    assert draft.reason


def test_an_edited_sentence_is_looked_for_again_and_versions_stay(town, clerk):
    draft = a_notice(town, clerk)
    before = as_text(pieces_of(draft))
    changed = (
        before.replace("手数料は1点500円です。", "粗大ごみの手数料は、1点につき500円です。")
        + "\n来年は無料にします。"
    )
    drafting_edit.edit(draft, clerk, changed, 1)
    draft.refresh_from_db()
    told = {one.text: one for one in pieces_of(draft)}
    assert told["粗大ごみの手数料は、1点につき500円です。"].made == "person"
    assert told["粗大ごみの手数料は、1点につき500円です。"].place is not None
    assert mark(told["来年は無料にします。"]) == "none"
    assert (draft.number, draft.unsourced) == (2, 1)
    assert as_text(drafting_edit.body(draft, 1).pieces) == before
    drafting_edit.restore(draft, clerk, 1)
    draft.refresh_from_db()
    assert (draft.number, as_text(pieces_of(draft))) == (3, before)


def test_of_two_who_edit_the_same_version_the_second_is_told(town, clerk):
    draft = a_notice(town, clerk)
    text = as_text(pieces_of(draft))
    drafting_edit.edit(draft, clerk, text + "\n一人目の文です。", 1)
    with pytest.raises(Refused):
        drafting_edit.edit(draft, clerk, text + "\n二人目の文です。", 1)
    assert drafting_edit.edit(draft, clerk, text + "\n一人目の文です。", 2) is None


def test_the_label_stays_in_word_until_a_person_confirms_and_comes_back_with_an_edit(town, clerk):
    draft = a_notice(town, clerk)
    assert "職員の確認前" in word_of(draft)
    drafting_edit.edit(draft, clerk, as_text(pieces_of(draft)) + "\n来年は無料にします。", 1)
    draft.refresh_from_db()
    assert "来年は無料にします。［出典なし］" in word_of(draft)
    with pytest.raises(Refused) as refused:
        drafting_edit.confirm(draft, clerk, 2, unsourced_checked=False)
    assert refused.value.field == "unsourced_checked"
    with pytest.raises(Refused):
        drafting_edit.confirm(draft, clerk, 1, unsourced_checked=True)
    drafting_edit.confirm(draft, clerk, 2, unsourced_checked=True)
    assert (draft.state, draft.confirmed_by) == (Draft.State.CONFIRMED, clerk)
    for text in (word_of(draft), drafting_files.markdown(draft)):
        assert "職員の確認前" not in text
        assert "出典なし" not in text
        assert "［1］" not in text
    assert "［1］" in word_of(draft, with_sources=True)
    drafting_edit.edit(draft, clerk, as_text(pieces_of(draft)) + "\nもう一文。", 2)
    draft.refresh_from_db()
    assert (draft.state, draft.confirmed_by) == (Draft.State.MADE, None)
    assert "職員の確認前" in word_of(draft)


def test_words_of_people_are_no_markdown(town, clerk):
    draft = a_notice(town, clerk, contact="環境課 [x](javascript:alert) *強* <b>")
    drafting_edit.edit(draft, clerk, as_text(pieces_of(draft)) + "\n[x](http://a) <script>", 1)
    draft.refresh_from_db()
    told = drafting_files.markdown(draft)
    assert "<script" not in told.replace("\\<", "")
    assert "\\[x\\](http://a)" in told


def test_files_that_cannot_be_read_are_refused_with_the_reason(town, clerk):
    for name, data in (
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.vtt", b"WEBVTT\n\xff\xfe"),
        ("a.bin", bytes(range(256))),
    ):
        with pytest.raises(Refused):
            readable(name=name, data=data)
    with pytest.raises(Refused):
        readable(name="a", text=" \n")
    assert GivenText.objects.count() == 0


def test_a_word_file_is_read_as_a_transcript(town, clerk):
    document = docx.Document()
    for line in MEETING.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    given = readable(name="会議.docx", data=out.getvalue())
    draft = drafting.start_minutes(town, clerk, given=given, title="会議", held_on=date(2026, 5, 12))
    assert any("警備員は26人" in one.text for one in pieces_of(draft))


def test_a_towns_own_template_stands_in_the_place_of_machis_until_it_is_withdrawn(town, clerk):
    data = json.loads(shipped_text("notice-change"))
    own = json.dumps({**data, "version": "町2", "title": "町のお知らせ"}, ensure_ascii=False)
    made = drafting_templates.add_template(town, clerk, own)
    assert drafting_templates.offered()["notice-change"].template.title == "町のお知らせ"
    with pytest.raises(Refused):
        drafting_templates.add_template(town, clerk, own)
    with pytest.raises(Refused) as refused:
        drafting_templates.add_template(town, clerk, own.replace("{to}", "{nobody}"))
    assert "letter.to" in str(refused.value)
    drafting_templates.withdraw_template(made, clerk)
    assert drafting_templates.offered()["notice-change"].own is None


def test_an_erased_draft_leaves_nothing_but_that_it_was(town, clerk):
    draft = some_minutes(town, clerk)
    erasing.erase(town, f"draft:{draft.pk}", ground=erasing.Ground.REQUEST, person=clerk)
    assert (Draft.objects.count(), DraftVersion.objects.count(), GivenText.objects.count()) == (0, 0, 0)
    entry = LedgerEntry.objects.filter(subject=f"draft:{draft.pk}").latest("index")
    assert entry.kind == ledger.ERASURE
    assert ledger.verify(town) == []


def test_old_drafts_are_erased_by_the_daily_run(town, clerk):
    draft = some_minutes(town, clerk)
    assert f"draft:{draft.pk}" not in erasing.expired(town)
    Draft.objects.update(changed_at=timezone.now() - timedelta(days=365 * 3 + 1))
    assert f"draft:{draft.pk}" in erasing.expired(town)


def test_the_register_shows_what_was_measured(town):
    for key in (drafting.DRAFT, drafting.SUMMARY, drafting.MINUTES):
        lines = ai_system(key).measured(town)
        assert lines
        assert all(str(one.value).endswith("%") and one.note == "docs/bench/drafts.md" for one in lines)
