"""Whole pages read as the desk receives them."""

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from machi.casework.engine import ocr, read_form
from machi.casework.engine.crops import lines
from machi.casework.engine.pages import Page, open_pages
from machi.casework.engine.tidying import tidied
from machi.casework.engine.types import Box, FieldDefinition, FormDefinition

FORMS = ("subsidy", "residence_by_post")


def png(image: np.ndarray) -> bytes:
    done, data = cv2.imencode(".png", image)
    assert done
    return data.tobytes()


@pytest.fixture(scope="module")
def blanks(form_pages: Any) -> dict[str, bytes]:
    return {key: png(form_pages.blank(key)) for key in FORMS}


@pytest.fixture(scope="module")
def definitions(form_pages: Any) -> list[FormDefinition]:
    return [form_pages.sheets()[key].definition() for key in FORMS]


def drawn(form_pages: Any, level: str, form: str, seed: int = 4) -> Any:
    (page,) = form_pages.drawn("dev", seed, {level: 1}, [form])
    return page


def share_right(truth: dict[str, str], reading: Any) -> float:
    def plain(words: str) -> str:
        return "".join(letter for letter in words if letter.isalnum())

    right = [plain(want) == plain(reading.fields[key].raw) for key, want in truth.items()]
    return sum(right) / len(right)


@pytest.mark.parametrize("level", ["clean", "scanned", "pdf"])
@pytest.mark.parametrize("form", FORMS)
def test_fields_and_marks_are_read(
    form_pages: Any, definitions: Any, blanks: dict[str, bytes], level: str, form: str
) -> None:
    page = drawn(form_pages, level, form)
    opened = open_pages(page.pdf) if level == "pdf" else open_pages(png(page.image))
    (reading,) = read_form.read(opened, definitions, blanks)
    assert (reading.form, reading.pages) == (form, (0,))
    assert set(reading.fields) == set(page.truth)
    assert share_right(page.truth, reading) >= 0.93
    marked = [
        f.key for f in next(d for d in definitions if d.key == form).fields if f.kind in ("check", "choice")
    ]
    assert {key: reading.fields[key].value for key in marked} == {key: page.truth[key] for key in marked}


def test_place_of_a_value_lies_on_the_page_as_given(
    form_pages: Any, definitions: Any, blanks: dict[str, bytes]
) -> None:
    page = drawn(form_pages, "clean", "subsidy")
    upside_down = np.ascontiguousarray(np.rot90(page.image, 2))
    (reading,) = read_form.read([Page(upside_down)], definitions, blanks)
    field = next(f for f in definitions[0].fields if f.key == "company")
    assert field.place is not None
    value = reading.fields["company"]
    assert value.engine == "rapidocr"
    assert value.place is not None
    box, drawn_box = value.place.box, field.place.box
    assert 1 - drawn_box.right - 0.01 <= box.left <= box.right <= 1 - drawn_box.left + 0.01
    assert 1 - drawn_box.bottom - 0.01 <= box.top <= box.bottom <= 1 - drawn_box.top + 0.01


def test_pages_are_sorted_into_applications(
    form_pages: Any, definitions: Any, blanks: dict[str, bytes]
) -> None:
    one, other = drawn(form_pages, "clean", "subsidy", 1), drawn(form_pages, "clean", "residence_by_post", 1)
    letter = np.full((900, 640, 3), 255, np.uint8)
    images = [one.image, letter, other.image, one.image]
    readings = read_form.read([Page(image) for image in images], definitions, blanks)
    assert [(r.form, r.pages) for r in readings] == [
        ("subsidy", (0,)),
        ("residence_by_post", (2,)),
        ("subsidy", (3,)),
    ]


def test_unfilled_form_is_empty(form_pages: Any, definitions: Any, blanks: dict[str, bytes]) -> None:
    (reading,) = read_form.read([Page(form_pages.blank("subsidy"))], definitions, blanks)
    assert {key: value.raw for key, value in reading.fields.items() if value.raw} == {}


@pytest.mark.long
def test_form_without_a_blank_is_read_by_its_labels(form_pages: Any, blanks: dict[str, bytes]) -> None:
    page = drawn(form_pages, "clean", "residence_by_post")
    form = FormDefinition(
        "free",
        "住民票の写し等郵送請求書",
        "1",
        [
            FieldDefinition("use", "使用目的", "text"),
            FieldDefinition("phone", "連絡先", "telephone", anchors=("日中の連絡先",)),
        ],
    )
    (reading,) = read_form.read([Page(page.image)], [form], {})
    assert reading.form == "free"
    assert reading.fields["use"].value == page.truth["use"]
    digits = "".join(letter for letter in page.truth["telephone"] if letter.isdigit())
    assert "".join(letter for letter in reading.fields["phone"].raw if letter.isdigit()) == digits
    place = reading.fields["use"].place
    assert place is not None
    assert place.box.top == pytest.approx(190.5 / 297, abs=0.01)


def test_broken_blank_form_is_said(definitions: Any) -> None:
    with pytest.raises(ValueError, match="cannot be opened"):
        read_form.read([], definitions, {"subsidy": b"broken"})


def test_impossible_value_is_doubted(form_pages: Any) -> None:
    field = FieldDefinition("number", "個人番号", "my_number")
    found = read_form.Found(field, "123456789012", "my_number", 0.9, "rapidocr", None)
    assert read_form._doubted(found).score == 0.45
    assert read_form._reading(found).doubts == ("check-digit",)


@pytest.mark.parametrize(
    ("raw", "score"), [("36.11104", 0.45), ("36.5", 0.9), ("1,234.56", 0.9), ("12.125㎡", 0.45)]
)
def test_point_before_many_digits_is_doubted_as_dirt(raw: str, score: float) -> None:
    """Nothing is taken away: 36.11104 may be 3,611,104 with a speck on it, and a person sees the picture."""
    found = read_form.Found(FieldDefinition("area", "面積", "number"), raw, "figures", 0.9, "rapidocr", None)
    assert read_form._doubted(found).score == score


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        ("address", "コ一ポ青木", "コーポ青木"),
        ("text", "花いつぱい", "花いっぱい"),
        ("text", "NP0法人", "NPO法人"),
        ("number", "2.981", "2,981"),
        ("number", "12.5", "12.5"),
        ("number", "36.5℃", "36.5℃"),
        ("number", "12.5%", "12.5%"),
        ("number", "0.125", "0.125"),
        ("number", "1234.567", "1234.567"),
        ("number", "1,234.56", "1,234.56"),
        ("number", "1.234.567", "1,234,567"),
        ("number", "1.234,567", "1,234,567"),
        ("number", "36.11104", "36.11104"),
        ("number", "3.6.5", "3.6.5"),
        ("yen", "12.500円", "12,500円"),
        ("yen", "1.2.500円", "12500円"),
        ("date", "令和8年7月1311", "令和8年7月13日"),
        ("date", "令和8年7月11日", "令和8年7月11日"),
        ("date", "2026年10月411 10時30分", "2026年10月4日 10時30分"),
        ("person", "松一", "松一"),
    ],
)
def test_what_neighbours_tell(kind: str, raw: str, told: str) -> None:
    assert tidied(raw, kind) == told


def test_letters_of_other_languages_cannot_come_out() -> None:
    engine = ocr.engine()
    allowed = {engine._letters[number] for number in engine.alphabet("person")}
    assert not allowed & set("查别压绿Жλ★")
    assert set("査別髙邉黑緑ヶ々ー・A1") <= allowed
    assert {engine._letters[number] for number in engine.alphabet("digits")} == {"", *"0123456789"}


def test_lines_of_writing_are_found_and_rules_and_specks_are_not() -> None:
    page = np.zeros((300, 600), np.float32)
    own = np.zeros_like(page)
    own[150, :] = 1
    erased = (own > 0).astype(np.uint8)
    page[60:85, 100:300:3] = 1
    page[200:225, 100:200:3] = 1
    page[40:43, 500:503] = 1
    page = np.maximum(page, own)
    found = lines(page, np.where(own > 0, 0, page), erased, Box(0, 0, 1, 1), 7.9)
    assert [round(line.box.top * 300) for line in found] == [57, 197]
    assert lines(own, np.zeros_like(page), erased, Box(0, 0, 1, 1), 7.9) == []


def test_recogniser_reads_a_typeset_line(form_pages: Any) -> None:
    item = {"kind": "text", "x": 20, "y": 20, "size": 12, "body": "横浜市中区本町6丁目50番地"}
    (image,) = form_pages.rendered(form_pages.typeset([([item], "noto")]))
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    (text,) = ocr.engine().read([image[140:175, 150:600]], ["japanese"])
    assert text.text == "横浜市中区本町6丁目50番地"
    assert text.confidence > 0.8
    assert ocr.engine().read([], []) == []
