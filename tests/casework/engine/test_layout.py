"""Labels and values by geometry."""

from machi.casework.engine.layout import Words, form_of, values
from machi.casework.engine.types import Box, FieldDefinition, FormDefinition

NAME = FieldDefinition("name", "氏名", "person", anchors=("氏名", "お名前"))
PHONE = FieldDefinition("phone", "電話番号", "telephone", anchors=("電話番号", "TEL"))
USE = FieldDefinition("use", "使用目的", "text")


def at(text: str, left: float, top: float, wide: float = 0.1) -> Words:
    return Words(text, Box(left, top, left + wide, top + 0.02))


def test_values_stand_beside_behind_or_below_their_labels() -> None:
    words = [
        at("氏 名", 0.1, 0.1), at("山田", 0.25, 0.101), at("太郎", 0.36, 0.099),
        at("電話番号：03-1234-5678", 0.1, 0.2, 0.3),
        at("使用目的", 0.1, 0.3), at("相続登記", 0.1, 0.33),
    ]  # fmt: skip
    found = values(words, (NAME, PHONE, USE))
    assert {key: value.text for key, value in found.items()} == {
        "name": "山田 太郎",
        "phone": "03-1234-5678",
        "use": "相続登記",
    }
    box = found["name"].box
    assert (box.left, box.top) == (0.25, 0.099)
    assert (round(box.right, 6), round(box.bottom, 6)) == (0.46, 0.121)


def test_empty_field_does_not_take_its_neighbours_value() -> None:
    words = [at("お名前", 0.1, 0.1), at("TEL", 0.25, 0.1), at("090-1111-2222", 0.4, 0.1)]
    assert {key: value.text for key, value in values(words, (NAME, PHONE)).items()} == {
        "phone": "090-1111-2222"
    }


def test_value_far_away_is_none() -> None:
    assert values([at("氏名", 0.05, 0.1), at("山田", 0.8, 0.1)], (NAME,)) == {}


def test_form_is_told_by_its_marks_however_spaced() -> None:
    tax = FormDefinition("tax", "税務証明書交付申請書", "1", (NAME,))
    park = FormDefinition(
        "park", "公園内行為許可申請書", "1", (NAME,), marks=("公園内行為許可申請書", "第3号様式")
    )
    words = [at("公 園 内 行 為 許 可 申 請 書", 0.3, 0.05), at("第３号様式", 0.1, 0.02)]
    assert form_of(words, (tax, park)) is park
    assert form_of([at("請求書", 0.3, 0.05)], (tax, park)) is None
