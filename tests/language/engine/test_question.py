"""What a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.language.engine.cues import LABELLED, PATTERNED, cue_strength
from machi.language.engine.question import normalise_question, question_kinds


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("天体観望会の料金は？", ("amount",)),
        ("図書館は何時まで開いていますか", ("clock",)),
        ("申込の締め切りはいつですか", ("date",)),
        ("休館日はいつですか", ("date", "weekday")),
        ("会場はどこ", ("place",)),
        ("どこに相談すればいいですか", ("contact", "place")),
        ("ごみ は なんようび ですか", ("weekday",)),
        ("持ち物は何ですか", ("bring",)),
        ("定員は何人ですか", ("number",)),
        ("駐車場はありますか", ("yes_no",)),
        ("人生会議とは何ですか", ("what",)),
        ("Where can I get it and how much is it?", ("amount", "place")),
        ("図書館", ()),
        ("", ()),
    ],
)
def test_question_kinds_name_what_is_asked_for(question: str, kinds: tuple[str, ...]) -> None:
    assert question_kinds(question) == kinds


def test_yes_is_no_answer_to_a_question_word() -> None:
    assert "yes_no" not in question_kinds("いつ開きますか")


@pytest.mark.parametrize(
    ("kind", "label", "text", "strength"),
    [
        ("amount", "費用", "費用：500円", LABELLED),
        ("amount", "", "入場は500円です。", PATTERNED),
        ("amount", "", "定員は15人です。", 0.0),
        ("place", "問合せ", "問合せ：公園緑地課【電話】225-2412", 0.0),
        ("contact", "問合せ", "問合せ：公園緑地課", LABELLED),
        ("clock", "期間", "期間：11月2日〜2月14日 17時〜22時", PATTERNED),
        ("date", "期間", "期間：11月2日〜2月14日", LABELLED),
        ("how", "対象", "対象：市内在住の方。要予約", PATTERNED),
        ("how", "", "市から申し込みを勧めることはありません。", 0.0),
    ],
)
def test_cue_strength_reads_labels_before_patterns(kind: str, label: str, text: str, strength: float) -> None:
    assert cue_strength(kind, label, text) == strength


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    kinds = question_kinds(text)
    assert len(set(kinds)) == len(kinds)
    assert normalise_question(normalise_question(text)) == normalise_question(text)
