"""The unattended reading: stopped, killed and begun again, each application is read exactly once."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import pypdfium2
import pytest

from machi.base.engine.typesetting import set_pdf
from machi.base.models import LedgerEntry, Municipality, Progress, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import checking, intake, procedures, reading, sorting, storing
from machi.casework.models import Application, FieldValue
from machi.casework.sample import applications as sample
from tests.base.factories import a_municipality, a_person, approve
from tests.casework.desk import LAYOUT, VALUES, a_pdf, a_procedure, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def many(town: Municipality, count: int) -> None:
    procedure = a_procedure(town)
    with in_municipality(town):
        for number in range(count):
            intake.take_values(town, procedure, {LAYOUT.key: {**VALUES, "dog": f"犬{number}"}}, channel="web")


class Killed(BaseException):
    """As if the worker had been killed."""


def entries(system: str) -> Counter[str]:
    return Counter(LedgerEntry.objects.filter(system=system).values_list("subject", flat=True))


def test_killed_anywhere_and_resumed_each_is_once_in_the_ledger(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(town, 6)
    real_store, real_read = storing.store, storing.read
    calls = {"store": 0, "read": 0}

    def store(*given):
        calls["store"] += 1
        made = real_store(*given)
        if calls["store"] in (2, 5):
            raise Killed  # everything of it is written and nothing is committed
        return made

    def read(*given):
        calls["read"] += 1
        if calls["read"] == 4:
            raise Killed
        return real_read(*given)

    monkeypatch.setattr(storing, "store", store)
    monkeypatch.setattr(storing, "read", read)
    kills = 0
    while True:
        try:
            reading.run(town)
            break
        except Killed:
            kills += 1
    assert kills == 3
    with in_municipality(town):
        subjects = {f"application:{pk}" for pk in Application.objects.values_list("pk", flat=True)}
        assert len(subjects) == 6
        for system in ("casework.read_form", "casework.check"):
            assert entries(system) == dict.fromkeys(subjects, 1)
        assert set(Application.objects.values_list("state", flat=True)) == {"review"}
        assert FieldValue.objects.count() == 6 * len(VALUES)
        progress = Progress.objects.get(key=reading.KEY)
        assert progress.finished_at is not None
        assert progress.error == ""


def test_second_worker_stores_nothing(town: Municipality) -> None:
    many(town, 1)
    with in_municipality(town):
        one = Application.objects.select_related("procedure", "municipality").get()
        assert reading.process(one) is True
        assert reading.process(one) is False
        assert entries("casework.read_form").total() == 1


def test_stop_takes_effect_after_the_one_at_hand(town: Municipality) -> None:
    many(town, 5)
    person = a_person(Role.CLERK, town)

    def after_two(done: int, total: int) -> None:
        if done == 2:
            with in_municipality(town):
                reading.stop(town, person)

    assert reading.run(town, after_two) == 2
    with in_municipality(town):
        assert reading.waiting().count() == 3
        assert reading.run(town) == 0
        reading.resume(town, person)
    assert reading.run(town) == 3


def test_nothing_is_read_where_it_is_not_approved(town: Municipality) -> None:
    asleep = a_municipality("332020", approved=False)
    procedure = a_procedure(asleep)
    with in_municipality(asleep):
        intake.take_values(asleep, procedure, {LAYOUT.key: dict(VALUES)}, channel="web")
        assert reading.may_not(asleep)
    assert reading.run(asleep) == 0
    approve(asleep, "casework.read_form", "casework.check")
    assert reading.run(asleep) == 1


def test_one_that_fails_keeps_no_other_from_being_read(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(town, 3)
    real = storing.read

    def read(application: Application):
        if application.number.endswith("2"):
            raise RuntimeError("as a decoder might")
        return real(application)

    monkeypatch.setattr(storing, "read", read)
    assert reading.run(town) == 3
    with in_municipality(town):
        assert Application.objects.get(trouble="failed").number.endswith("2")
        assert Application.objects.filter(trouble="", state="review").count() == 2


def test_one_that_fails_leaves_no_picture_that_no_erasure_would_find(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = taken(town, a_procedure(town), a_pdf(), read=False)

    def on_disk() -> set[str]:
        return {path.name for path in (town.folder / "casework").rglob("*") if path.is_file()}

    def fail(*given: object) -> None:
        raise ValueError("a rule that cannot be asked")

    monkeypatch.setattr(checking, "ask", fail)
    before = on_disk()
    reading.run(town)
    with in_municipality(town):
        one.refresh_from_db()
        assert (one.trouble, one.pages.count()) == ("failed", 0)
    assert on_disk() == before


def a_pile(*pages: bytes) -> bytes:
    whole = pypdfium2.PdfDocument.new()
    for one in pages:
        whole.import_pages(pypdfium2.PdfDocument(one))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def a_paper(*lines: str) -> bytes:
    return set_pdf("\n\n".join(('#set text(font: "Noto Sans CJK JP")', *lines)).encode(), {})


def dogs() -> dict[str, int]:
    """Pages by what stands on the form."""
    return {
        FieldValue.objects.get(application=one, field="dog").value: one.pages.count()
        for one in Application.objects.order_by("pk")
    }


def test_pages_of_several_applications_in_one_file_are_sorted(town: Municipality) -> None:
    taken(town, a_procedure(town), a_pile(a_pdf(dog="ポチ"), a_pdf(dog="シロ")))
    with in_municipality(town):
        assert dogs() == {"ポチ": 1, "シロ": 1}
        assert entries("casework.read_form").total() == 2


def test_page_of_no_form_stays_with_the_form_it_lies_behind(town: Municipality) -> None:
    paper = a_paper("保険証の写し")
    other = a_paper("もうひとつの写し", "番号 2")
    taken(town, a_procedure(town), a_pile(a_pdf(dog="ポチ"), paper, a_pdf(dog="シロ"), other, paper))
    with in_municipality(town):
        assert dogs() == {"ポチ": 2, "シロ": 3}


def test_pile_of_two_procedures_is_sorted_into_both(town: Municipality) -> None:
    a_procedure(town)
    with in_municipality(town):
        procedures.adopt(town, sample.POST)
    post = sample.filled(sample.POST, sample.certificate(date(2026, 11, 30)))
    taken(town, None, a_pile(a_pdf(), post))
    with in_municipality(town):
        found = [
            (one.procedure and one.procedure.key, one.pages.count(), one.values.exclude(value=None).exists())
            for one in Application.objects.order_by("pk")
        ]
        assert found == [("dog", 1, True), (sample.POST, 1, True)]


def test_paper_is_read_where_the_form_said_which_procedure_it_is(town: Municipality) -> None:
    """Which papers may come with it is known only once the form is read."""
    with in_municipality(town):
        procedures.adopt(town, sample.POST)
    post = sample.filled(sample.POST, sample.certificate(date(2026, 11, 30)))
    licence = a_paper(
        "運転免許証", "氏名 高橋 健一", "生年月日 昭和58年7月3日", "住所 神奈川県厚木市寿町三丁目2番1号"
    )
    one = taken(town, None, a_pile(post, licence))
    assert one.documents == ["identity"]
    with in_municipality(town):
        read = one.values.get(form="identity", field="name")
        assert (read.value, read.page) == ("高橋\u3000健一", 1)


def test_read_anew_it_is_neither_sorted_again_nor_lost(town: Municipality) -> None:
    """Neither the first of a pile, which has the file, nor the second, which has pages of it only."""
    procedure = a_procedure(town)
    taken(town, procedure, a_pile(a_pdf(dog="ポチ"), a_pdf(dog="シロ")))
    person = a_person(Role.CLERK, town)
    with in_municipality(town):
        for one in Application.objects.order_by("pk"):
            sorting.choose(one, person, procedure)
        reading.run(town)
        assert dogs() == {"ポチ": 1, "シロ": 1}


def test_form_that_was_amended_takes_the_place_of_the_first(town: Municipality) -> None:
    one = taken(town, a_procedure(town), a_pdf(dog="ポチ"))
    with in_municipality(town):
        intake.add_files(one, [("直した.pdf", a_pdf(dog="タロウ"))])
        reading.run(town)
        assert dogs() == {"タロウ": 2}
        value = FieldValue.objects.get(application=one, field="dog")
        assert value.page == 1
        assert "ポチ" in value.earlier


def test_form_says_which_procedure_it_is(town: Municipality) -> None:
    a_procedure(town)
    one = taken(town, None, a_pdf())
    assert one.procedure is not None
    assert one.procedure.key == "dog"


def test_mail_with_attachment(town: Municipality) -> None:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "山田 <yamada@mail.example>", "dogs@town.example", "申請"
    mail["Date"] = "Mon, 30 Nov 2026 09:00:00 +0900"
    mail.set_content("犬の登録をお願いします。")
    mail.add_attachment(a_pdf(), maintype="application", subtype="pdf", filename="申請書.pdf")
    mail.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="virus.exe")
    procedure = a_procedure(town)
    with in_municipality(town):
        found = intake.take(town, [("申請.eml", mail.as_bytes())], channel="upload", procedure=procedure)
        assert [(one.outcome, one.key) for one in found] == [("taken", ""), ("refused", "program")]
        reading.run(town)
        one = Application.objects.get()
        assert (one.channel, one.email) == ("mail", "yamada@mail.example")
        assert one.values.get(field="dog").value == "ポチ"
