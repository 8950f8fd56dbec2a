"""Pieces and their sources, templates read strictly, extraction, and words made easier."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.casework.engine import draft_easy, draft_extract, draft_templates
from machi.casework.engine.draft_pieces import (
    Body,
    Change,
    Dropped,
    Piece,
    Place,
    as_text,
    body_of,
    edited,
    mark,
    paragraphs,
    without_source,
)  # fmt: skip
from machi.casework.engine.draft_templates import TemplateError, assemble, filled, read, shipped

AT = Place("document", 3, 10, 20, "広報")
PIECES = (
    Piece("回答", "heading", "template", begins=True),
    Piece("手数料は500円です。", "sentence", "extract", AT, begins=True),
    Piece("電話で申し込みます。", "sentence", "model", Place("document", 3, 20, 30, "広報")),
    Piece("場所　役場", "item", "field", begins=True),
    Piece("来年も続けます。", "sentence", "person", None, begins=True),
)


def test_a_body_comes_back_from_what_is_stored():
    body = Body(PIECES, (Dropped("無料です。", "facts", ("無料",)),), (Change("及び", "と", "word"),))
    assert body_of(json.loads(json.dumps(body.as_data()))) == body


def test_only_what_says_something_without_a_place_has_no_source():
    assert [mark(one) for one in PIECES] == ["template", "source", "source", "field", "none"]
    assert without_source(PIECES) == [PIECES[-1]]


def test_text_that_nobody_changed_reads_back_as_the_same_pieces():
    text = as_text(PIECES)
    assert text.split("\n") == [
        "# 回答",
        "手数料は500円です。電話で申し込みます。",
        "・場所　役場",
        "来年も続けます。",
    ]
    assert edited(text, PIECES, lambda _one: None) == PIECES


def test_a_changed_sentence_loses_its_source_unless_one_is_found_and_the_others_keep_theirs():
    text = as_text(PIECES).replace("500円", "600円")
    changed = edited(text, PIECES, lambda _one: None)
    assert (changed[1].made, changed[1].place, mark(changed[1])) == ("person", None, "none")
    assert changed[2].place == PIECES[2].place
    found = edited(text, PIECES, lambda _one: AT)
    assert (found[1].made, found[1].place) == ("person", AT)


@given(st.text(alphabet="#・。、 \n町民です", max_size=80))
def test_any_text_reads_as_pieces_and_those_as_themselves(text):
    pieces = edited(text, (), lambda _one: None)
    again = edited(as_text(pieces), pieces, lambda _one: None)
    assert [one.text for one in again] == [one.text for one in pieces]
    assert sum(map(len, paragraphs(pieces))) == len(pieces)


def test_the_shipped_templates_are_read_and_cover_the_five_kinds():
    assert [one.kind for one in shipped().values()] == ["letter", "notice", "council", "article", "easy"]
    for key in shipped():
        assert read(draft_templates.shipped_text(key)) == shipped()[key]


def _changed(**changes):
    data = json.loads(draft_templates.shipped_text("letter-reply"))
    return json.dumps({**data, **changes}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "1行2文字"),
        ("[]", "全体"),
        (_changed(kind="poem"), "kind"),
        (_changed(key="Über"), "key"),
        (_changed(parts=[{"part": "paragraph", "text": "{nobody}"}]), "parts[0].text"),
        (_changed(parts=[{"part": "paragraph", "text": "{to"}]), "parts[0].text"),
        (_changed(parts=[{"part": "sources", "ask": "何も入れない"}]), "parts[0].ask"),
        (_changed(parts=[{"part": "sources", "ask": "{to}", "sentences": 99}]), "parts[0].sentences"),
        (_changed(fields=[{"key": "to", "label": "宛先"}, {"key": "to", "label": "宛先"}]), "fields"),
        (_changed(fields=[{"key": "to", "label": "宛先", "kind": "choice"}]), "fields[0].options"),
        (_changed(letter={"subject": "{x}"}), "letter.subject"),
        (_changed(surprise=1), "全体"),
    ],
)
def test_a_template_that_is_wrong_is_refused_by_its_place(text, where):
    with pytest.raises(TemplateError) as error:
        read(text)
    assert error.value.where == where
    assert error.value.what


def test_a_part_that_names_only_empty_fields_is_left_out():
    assert filled("場所　{place}", {"place": ""}) == ""
    assert filled("{a}から{b}", {"a": "朝", "b": ""}) == "朝から"
    pieces = assemble(shipped()["article-event"], {"when": "5月1日", "contact": "役場"}, [PIECES[1:2]])
    assert [one.text for one in pieces] == ["手数料は500円です。", "日時　5月1日", "問い合わせ　役場"]
    assert [mark(one) for one in pieces] == ["source", "field", "field"]


def test_extraction_gives_sentences_of_the_passages_word_for_word():
    passages = [
        draft_extract.Passage(7, "粗大ごみ", (), "粗大ごみの手数料は1点500円です。申込みは電話でします。", 0),
        draft_extract.Passage(8, "図書館", (), "図書館の休館日は月曜日です。", 0),
    ]
    found = draft_extract.extracted("粗大ごみの手数料と申込み", passages, 3)
    assert found
    for one in found:
        text = next(p.text for p in passages if p.id == one.passage)
        assert text[one.start : one.end] == one.text
    assert {one.passage for one in found} == {7}
    assert draft_extract.extracted("粗大ごみ", [], 3) == []


def test_easier_words_stand_with_what_was_changed():
    rewritten, changes = draft_easy.rewrite("令和8年4月1日から、申請者及び事業者は窓口へご持参ください。")
    assert rewritten[0].text.startswith("2026年4月1日（令和8年）から、")
    assert "と" in rewritten[0].text
    assert "持ってきてください" in rewritten[0].text
    told = {(one.before, one.after) for one in changes}
    assert {("及び", "と"), ("ご持参ください", "持ってきてください")} <= told
    assert "窓口（市役所などで話を聞いてくれる場所）" in rewritten[0].text


@pytest.mark.parametrize(
    ("polite", "plain"),
    [
        ("窓口でお待ちください。", "待ってください"),
        ("10時までにお越しください。", "来てください"),
        ("紙をお受け取りください。", "もらってください"),
        ("ご遠慮ください。", "遠慮してください"),
        ("印鑑が必要です。", "がいります"),
    ],
)
def test_polite_forms_become_plain_ones_that_are_japanese(polite, plain):
    rewritten, _changes = draft_easy.rewrite(polite)
    assert plain in rewritten[0].text


def test_names_in_quotes_and_words_within_words_stay_as_they_are():
    text = "「市民及び事業者の責務」は、対象世帯について定めます。"
    rewritten, _changes = draft_easy.rewrite(text)
    assert "「市民及び事業者の責務」" in rewritten[0].text
    assert "対象（" not in rewritten[0].text


def test_a_long_sentence_is_named_for_a_person_to_divide():
    _rewritten, changes = draft_easy.rewrite("町は、" + "とても" * 30 + "長い文を書きます。")
    assert [one.why for one in changes] == ["long"]


@given(st.text(alphabet="令和元年4月及び又は場合ご提出ください「」。\n住民票の写し", max_size=80))
def test_each_rewritten_sentence_stands_for_its_stretch_of_the_source(text):
    rewritten, _changes = draft_easy.rewrite(text)
    for one in rewritten:
        assert text[one.start : one.end].strip() == text[one.start : one.end] != ""
    covered = "".join(text[one.start : one.end] for one in rewritten)
    assert "".join(covered.split()) == "".join(text.split())
