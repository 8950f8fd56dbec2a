"""Applying on the web, as the applicant meets it: the form, what comes after, amending."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from machi.base.engine.wareki import wareki
from machi.base.models import Municipality, Role
from machi.base.scoping import in_municipality
from machi.casework.domain import reading
from machi.casework.domain.links import status_url
from machi.casework.domain.procedures import adopt
from machi.casework.models import Application
from tests.base.factories import a_municipality
from tests.casework.desk import (
    VALUES,
    a_pdf,
    a_procedure,
    signed_in,
    typed,
    url,
    value_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def test_web_form_says_what_to_mend_and_takes_the_rest(town: Municipality) -> None:
    a_procedure(town)
    stranger = Client()
    address = url(town, "apply", "dog")
    shown = stranger.get(address)
    assert "犬を登録する手続です。" in shown.content.decode()
    assert [heading for heading, _fields in shown.context["form"].sections] == [
        "申請者",
        "犬",
        "添付と連絡先",
    ]
    paper = SimpleUploadedFile("証明.pdf", a_pdf())
    bad = stranger.post(address, {**VALUES, "name": "", "born": "令和6年2月31日", "files": [paper]})
    text = bad.content.decode()
    assert '<a href="#id_name">氏名</a>: 入力してください。' in text
    assert bad.context["form"].errors["files"] == ["ほかの欄を直してから、ファイルをもう一度選んでください。"]
    assert 'value="ポチ"' in text
    assert bad.context["form"].errors["name"] == ["入力してください。"]
    assert "暦にない日" in text
    with in_municipality(town):
        assert not Application.objects.exists()
    good = stranger.post(address, VALUES)
    assert good.status_code == 302
    with in_municipality(town):
        reading.run(town)
        one = Application.objects.get()
        assert good["Location"] == url(town, "status", one.token)
        assert value_of(one, "sex").value == "male"
        assert value_of(one, "vaccinated").engine == "web"


def test_day_is_filled_in_as_the_reader_writes_it(town: Municipality) -> None:
    with in_municipality(town):
        adopt(town, "park-event-permit")
    address = url(town, "apply", "park-event-permit")
    today = timezone.localdate()
    assert Client().get(address).context["form"].initial == {"filed_on": wareki(today)}
    english = Client(headers={"accept-language": "en"}).get(address).context["form"]
    assert english.initial == {"filed_on": today.isoformat()}


def test_after_applying_one_has_number_link_steps_and_a_receipt_without_a_name(town: Municipality) -> None:
    a_procedure(town)
    stranger = Client()
    page = stranger.post(url(town, "apply", "dog"), VALUES, follow=True)
    with in_municipality(town):
        one = Application.objects.get()
    text = page.content.decode()
    assert f"申請を受け付けました。受付番号は {one.number} です。" in text
    assert status_url(one) in text
    steps = page.context["status"].steps
    assert [(step.title, step.state) for step in steps] == [
        ("受付", "now"),
        ("審査", "ahead"),
        ("決定", "ahead"),
        ("通知", "ahead"),
    ]
    assert "手紙か電話で知らせ" in steps[1].text
    pdf = stranger.get(url(town, "status_receipt", one.token))
    told = pypdfium2.PdfDocument(io.BytesIO(pdf.content)).get_page(0).get_textpage().get_text_bounded()
    assert one.token in told
    assert "申請者　様" in told
    with in_municipality(town):
        reading.run(town)
    again = stranger.get(url(town, "status_receipt", one.token)).content
    told = pypdfium2.PdfDocument(io.BytesIO(again)).get_page(0).get_textpage().get_text_bounded()
    assert "山田" not in told
    assert stranger.get(url(town, "status_receipt", "x" * 32)).status_code == 404


def test_procedure_by_post_is_explained_and_not_taken_on_the_web(town: Municipality) -> None:
    key, manager, stranger = "residence-certificate-by-post", signed_in(town, Role.MANAGER), Client()
    with in_municipality(town):
        procedure = adopt(town, key)
    assert procedure.web_form is False
    listed = stranger.get(url(town, "apply_list")).content.decode()
    assert "郵便や窓口で申請する手続" in listed
    page = stranger.get(url(town, "apply", key))
    text = page.content.decode()
    assert '<form class="form"' not in text
    for thing in ("本人確認書類", "定額小為替", "返信用の封筒", "委任状"):
        assert thing in text
    assert stranger.get(url(town, "blank_form", key)).content.startswith(b"%PDF")
    assert stranger.get(url(town, "blank_form", "dog")).status_code == 404
    assert stranger.post(url(town, "apply", key), {"requester_name": "山田 太郎"}).status_code == 200
    with in_municipality(town):
        assert not Application.objects.exists()
    form = manager.get(url(town, "procedure", procedure.pk)).context["form"]
    given = {name: value for name, value in form.initial.items() if value is not False}
    refused = manager.post(url(town, "procedure", procedure.pk), {**given, "web_form": "on"})
    assert "この手続は、ウェブでは受け付けられません。" in refused.content.decode()
    assert manager.post(url(town, "procedure", procedure.pk), given).status_code == 302


def test_amendment_is_asked_for_and_sent_by_the_applicant(town: Municipality) -> None:
    one = typed(town, a_procedure(town), {**VALUES, "vaccinated": ""})
    clerk, stranger = signed_in(town), Client()
    form = clerk.get(url(town, "amend", one.pk)).context["form"]
    assert (
        clerk.post(
            url(town, "amend", one.pk), {"what": "注射済みの証明", "until": form.initial["until"]}
        ).status_code
        == 302
    )
    status = url(town, "status", one.token)
    assert "直した書類を送る" in stranger.get(status).content.decode()
    sent = stranger.post(status, {"upload": [SimpleUploadedFile("証明.pdf", a_pdf())]}, follow=True)
    assert "ファイルを受け取りました" in sent.content.decode()
    with in_municipality(town):
        one.refresh_from_db()
        assert one.state == Application.State.RECEIVED
        reading.run(town)
        one.refresh_from_db()
        assert one.state == Application.State.REVIEW
        assert one.pages.count() == 1
