from hypothesis import given
from hypothesis import strategies as st

from machi.casework.engine.likeness import alike, comparable, equal_of

WORDS = st.dictionaries(st.sampled_from("abcdefghij"), st.text(max_size=3))


def test_two_readings_of_one_writing_are_the_same() -> None:
    assert comparable("山田　太郎") == comparable("山田 太郎") == "山田太郎"
    assert comparable("046-225-0000") == comparable("０４６（２２５）００００")


def test_a_page_read_twice_with_one_fault_each_is_alike_and_another_person_is_not() -> None:
    assert alike(8, 10)
    assert not alike(7, 9)
    assert not alike(3, 3)  # too little to say anything


@given(WORDS, WORDS)
def test_equal_fields_are_counted_alike_from_both_sides(one: dict[str, str], other: dict[str, str]) -> None:
    equal, compared = equal_of(one, other)
    assert (equal, compared) == equal_of(other, one)
    assert 0 <= equal <= compared <= min(len(one), len(other))
    assert equal_of(one, one)[0] == equal_of(one, one)[1] == sum(1 for value in one.values() if value)
