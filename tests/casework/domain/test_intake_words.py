from machi.casework.domain import intake_words
from machi.casework.domain.intake_words import note_words, refusal_words
from machi.casework.engine.intake_types import HOSTILE, NOTES, UNREADABLE


def test_every_refusal_and_note_has_words():
    assert set(intake_words._REFUSALS) == {*HOSTILE, *UNREADABLE}
    assert set(intake_words._NOTES) == set(NOTES)


def test_words_are_filled():
    assert refusal_words("too-many-pages", {"limit": 1200}).startswith(
        "ページが多すぎます（1,200ページまで）"
    )
    assert (
        note_words("hidden-sheet", {"sheet": "控え{x}"}) == "非表示のシート「控え{x}」は読み取っていません。"
    )


def test_refused_photograph_of_an_iphone_says_what_to_do():
    told = refusal_words("heic", {})
    assert "「設定」→「カメラ」→「フォーマット」→「互換性優先」" in told
    assert "JPEGで保存し直してください" in told
