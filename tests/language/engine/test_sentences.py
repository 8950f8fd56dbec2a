from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from machi.language.engine.sentences import cut_points, sentence_ends

JAPANESE = st.text(alphabet="あ漢1a。！？?!．「」（）、\n 　\u0301\U000e0100", max_size=80)


def pieces(text: str) -> list[str]:
    starts = [0, *sentence_ends(text)]
    return [text[a:b] for a, b in pairwise(starts)]


def test_full_stops_end_sentences() -> None:
    assert pieces("休みです。電話してください！本当？はい") == [
        "休みです。",
        "電話してください！",
        "本当？",
        "はい",
    ]


def test_a_quoted_sentence_does_not_end_the_one_around_it() -> None:
    assert pieces("「休みです。」と掲示した。次") == ["「休みです。」と掲示した。", "次"]


def test_a_bracket_that_is_never_closed_does_not_swallow_the_text() -> None:
    assert pieces("（注。申込は不要。次。") == ["（注。", "申込は不要。", "次。"]


def test_half_width_question_mark_between_times_ends_nothing() -> None:
    assert pieces("開館は9時?17時です。次") == ["開館は9時?17時です。", "次"]


def test_full_width_point_in_a_date_ends_nothing() -> None:
    assert pieces("Ｒ７．４．１から") == ["Ｒ７．４．１から"]


def test_line_breaks_end_sentences() -> None:
    assert pieces("日時：5月1日\n場所：本庁") == ["日時：5月1日\n", "場所：本庁"]


@settings(deadline=None)
@given(JAPANESE)
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert all(pieces(text))


@settings(deadline=None)
@given(JAPANESE, st.integers(2, 20))
def test_cuts_keep_to_the_limit_and_lose_nothing(text: str, limit: int) -> None:
    cuts = [0, *cut_points(text, limit)]
    parts = [text[a:b] for a, b in pairwise(cuts)]
    assert "".join(parts) == text
    assert all(0 < len(part) <= limit for part in parts)


def test_a_cut_never_parts_a_character_from_its_variation_selector() -> None:
    name = "葛\U000e0100" * 10
    cuts = list(cut_points(name, 5))
    assert cuts == [4, 8, 12, 16, 20]
