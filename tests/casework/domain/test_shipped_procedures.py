"""The three procedures that come with machi: taken into use, read, checked, answered by each of their letters."""

from __future__ import annotations

import pytest
from django.utils import timezone

from machi.base.engine.letters import to_pdf
from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import correcting, intake, letters, procedures, reading, ruling
from machi.casework.domain.shipped import shipped
from machi.casework.engine.filling import fill
from machi.casework.models import Application
from machi.casework.sample import applications as sample
from tests.base.factories import a_municipality, a_person
from tests.casework.desk import look_at_all

pytestmark = pytest.mark.django_db
FILLED = {sample.CHILD: sample.child, sample.POST: sample.certificate, sample.PARK: sample.event}
SAID = {
    sample.CHILD: {"手当の額": "増える", "児童の人数": "2"},
    sample.POST: {"写しの種類": "世帯全員の写し", "通数": "1"},
    sample.PARK: {"公園": "厚木中央公園"},
}
"""What the approval says of what stands in the form."""


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def test_every_shipped_procedure_has_a_filled_sample() -> None:
    assert set(FILLED) == set(shipped())


@pytest.mark.parametrize("key", list(FILLED))
def test_from_scan_to_each_letter(town: Municipality, key: str) -> None:
    values = FILLED[key](timezone.localdate())
    procedure = shipped()[key]
    form = procedure.forms[0]
    (scan,) = fill(procedure.blanks[form.key], form, values, kind="png")
    person, head = a_person(Role.MANAGER, town), a_person(Role.MANAGER, town)
    with in_municipality(town):
        adopted = procedures.adopt(town, key)
        intake.take(town, [("scan.png", scan)], channel="upload", procedure=adopted)
        assert reading.run(town) == 1
        one = Application.objects.get()
        assert (one.trouble, one.state) == ("", "review")
        wrong = {
            value.field: value.value
            for value in one.values.filter(kind="choice")
            if (value.value or "") != values.get(value.field, "")
        }
        assert wrong == {}
        assert one.checks.exists()
        correcting.see_documents(one, person, [each.key for each in procedure.about.documents])
        look_at_all(one, person)

        def told() -> bytes:
            (letter,) = ruling.live_letters(one)
            return to_pdf([letters.letter_of(letter)])

        ruling.ask_to_amend(
            one, person, "足りない書類を出してください。", timezone.localdate().replace(year=2099)
        )
        assert told().startswith(b"%PDF")
        ruling.undo(one, person)
        ruling.refuse(one, person, "要件に合わないため。")
        if adopted.two_person:
            ruling.second(one, head)
        assert told().startswith(b"%PDF")
        ruling.undo(one, person)
        ruling.approve(one, person, "確かめました。")
        if adopted.two_person:
            ruling.second(one, head)
        assert told().startswith(b"%PDF")
        said = dict(letters.letter_of(ruling.live_letters(one)[0]).particulars)
        assert {name: said.get(name) for name in SAID[key]} == SAID[key]
        ruling.undo(one, person)


def test_word_form_and_the_paper_beside_it_are_read_by_their_labels(town: Municipality) -> None:
    """A web-like text form as a mail, with an identity card's words as a text file: fields by labels, held together."""
    import io

    import docx

    document = docx.Document()
    today = timezone.localdate()
    values = sample.certificate(today)
    form = shipped()[sample.POST].forms[0]
    table = document.add_table(rows=0, cols=2)
    document.add_paragraph(form.title)
    for field in form.fields:
        if value := values.get(field.key):
            cells = table.add_row().cells
            labels = {option.key: option.label for option in field.options}
            cells[0].text, cells[1].text = field.label, labels.get(value, value)
    out = io.BytesIO()
    document.save(out)
    with in_municipality(town):
        adopted = procedures.adopt(town, sample.POST)
        intake.take(town, [("請求書.docx", out.getvalue())], channel="upload", procedure=adopted)
        assert reading.run(town) == 1
        one = Application.objects.get()
        assert one.trouble == ""
        assert one.applicant == "高橋　健一"
        assert one.values.get(field="requester_name").engine == "document"
        assert one.values.get(field="copies").value == "1"
