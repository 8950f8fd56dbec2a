"""Applications that came as Excel, Word or mail: each value with its cell or line, on a page drawn of it."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest
from openpyxl import Workbook

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import erasure, files, intake, procedures, reading, sorting, spots
from machi.casework.domain.shipped import shipped
from machi.casework.engine.form_drawing import definition
from machi.casework.engine.types import Spot
from machi.casework.models import Application, FieldValue, Page
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import LAYOUT, a_procedure, a_word, an_excel, taken, value_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def dogs() -> list[tuple[str, int | None]]:
    found = FieldValue.objects.filter(field="dog").order_by("application_id")
    return [(one.value, one.page) for one in found]


def test_value_of_a_sheet_keeps_cell_page_and_box(town: Municipality) -> None:
    one = taken(town, a_procedure(town), an_excel())
    with in_municipality(town):
        dog = value_of(one, "dog")
        assert (dog.value, dog.engine, dog.page) == ("ポチ", "sheet", 0)
        assert spots.spot_of(dog) == Spot("sheet", 1, "申請書1", (6, 3, 6, 6))
        assert spots.in_words(Spot("sheet", 1, "申請書1", (6, 3, 6, 6))) == "「申請書1」シート C6:F6"
        around = spots.around_of(dog)
        assert around is not None
        assert dog.box is not None
        left, top, right, bottom = dog.box
        assert around.left < left  # the label too
        assert (around.top, around.right, around.bottom) == (top, right, bottom)
        page = one.pages.get()
        assert files.kept(town, page.sha256).startswith(b"\x89PNG")
        assert one.trouble == ""
        assert {value.value for value in one.values.filter(field__in=("sex", "vaccinated"))} == {"male", "1"}


def test_value_of_a_document_keeps_its_table_or_line(town: Municipality) -> None:
    one = taken(town, a_procedure(town), a_word())
    with in_municipality(town):
        spot = spots.spot_of(value_of(one, "dog"))
    assert spot == Spot("table", 2, "", (1, 2, 1, 2))
    assert spots.in_words(spot) == "表2の1行目2列目"
    assert spots.reference(spot) == "R1C2"


def test_mail_in_which_the_form_is_written_is_shown_by_its_lines(town: Municipality) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "山田 <yamada@mail.example>", "dogs@town.example", "申請"
    mail["Date"] = "Mon, 30 Nov 2026 09:00:00 +0900"
    mail.set_content(
        f"{LAYOUT.title}\n\n氏名：山田 太郎\n住所：神奈川県厚木市中町三丁目17番17号\n犬の名前：ポチ\n"
    )
    one = taken(town, a_procedure(town), mail.as_bytes())
    with in_municipality(town):
        dog = value_of(one, "dog")
        assert (dog.value, dog.page, spots.spot_of(dog)) == ("ポチ", 0, Spot("line", 4))
        around = spots.around_of(dog)
        assert around is not None
        assert around.top < dog.box[1]  # the line before it
    assert spots.in_words(Spot("line", 4)) == "本文の4行目"


def test_sheets_of_one_workbook_are_applications_of_their_own(town: Municipality) -> None:
    procedure = a_procedure(town)
    taken(town, procedure, an_excel({"dog": "ポチ"}, {"dog": "シロ", "name": "佐藤 花子"}))
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        assert dogs() == [("ポチ", 0), ("シロ", 0)]
        first, second = Application.objects.order_by("pk")
        assert first.pages.get().sha256 != second.pages.get().sha256
        for one in (first, second):  # read anew each keeps its own sheet
            sorting.choose(one, person, procedure)
        reading.run(town)
        assert dogs() == [("ポチ", 0), ("シロ", 0)]
        assert Page.objects.count() == 2


def test_amended_sheet_takes_the_place_of_the_first(town: Municipality) -> None:
    one = taken(town, a_procedure(town), an_excel({"dog": "ポチ"}))
    with in_municipality(town):
        intake.add_files(one, [("直した.xlsx", an_excel({"dog": "タロウ"}))])
        reading.run(town)
        assert dogs() == [("タロウ", 1)]


def test_pages_drawn_of_a_file_are_erased_with_it(town: Municipality) -> None:
    one = taken(town, a_procedure(town), an_excel())
    with in_municipality(town):
        name = one.pages.get().sha256
        erasure.erase_application(town, one.pk, ground="request", person=a_person(Role.MANAGER, town))
        assert Page.objects.count() == FieldValue.objects.count() == 0
        erasure.files.remove_all(town, [name])  # what the end of the transaction does
        with pytest.raises(FileNotFoundError):
            files.kept(town, name)


def test_form_is_no_paper_beside_itself(town: Municipality) -> None:
    """The form for the child allowance has 氏名, 生年月日 and 住所, and speaks of the 住民票, as one does."""
    form = shipped()["child-allowance-change"].forms[0]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = form.title
    for row, field in enumerate(form.fields, 2):
        sheet.cell(row, 1, field.anchors[0])
        sheet.cell(row, 2, "山田 花子")
    out = io.BytesIO()
    book.save(out)
    with in_municipality(town):
        one = taken(town, procedures.adopt(town, "child-allowance-change"), out.getvalue())
        assert value_of(one, "applicant_name").value == "山田　花子"
    assert one.documents == []


def test_blank_form_of_cells_is_refused(town: Municipality) -> None:
    with in_municipality(town), pytest.raises(Refused, match="画像のページがありません"):
        procedures.save_form(town, definition(LAYOUT), an_excel())
