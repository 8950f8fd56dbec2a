"""The pieces pages are made of: forms that say what is wrong and where, lists that lead on."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory


class Sample(forms.Form):
    subject = forms.CharField(label="件名", help_text="30字まで", max_length=30)
    how = forms.ChoiceField(
        label="返事", choices=[("web", "サイト"), ("mail", "メール")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="同意する")
    note = forms.CharField(label="備考", required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def _render(name: str, request: Any = None, **context: Any) -> BeautifulSoup:
    return BeautifulSoup(render_to_string(f"base/components/{name}.html", context, request), "lxml")


def _one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def test_form_gives_every_field_a_name() -> None:
    soup = _render("form", form=Sample(), submit="送る")
    for control in soup.select("input:not([type=hidden]):not([type=radio])"):
        assert len(soup.select(f"label[for={control['id']}]")) == 1
    assert _one(soup, "fieldset legend").text == "返事※必須"
    assert [mark.parent.text for mark in soup.select(".needed") if mark.parent] == [
        "件名※必須",
        "返事※必須",
        "同意する※必須",
    ]
    assert _one(soup, "button").text == "送る"


def test_form_without_errors_lists_none() -> None:
    assert _render("form", form=Sample(), submit="送る").select("[role=alert], .errorlist") == []


def test_form_errors_lead_to_their_fields_and_are_described_there() -> None:
    soup = _render("form", form=Sample({"subject": "あ" * 31, "key": "k"}), submit="送る")
    links = [str(link["href"]) for link in soup.select("[role=alert] a")]
    assert links == ["#id_subject", "#id_how", "#id_agree"]
    for link in links:
        _one(soup, link)
    for described in soup.select("[aria-describedby]"):
        for identifier in str(described["aria-describedby"]).split():
            _one(soup, f"#{identifier}")
    assert _one(soup, "#id_subject")["aria-describedby"] == "id_subject_helptext id_subject_error"


def test_form_shows_error_of_a_hidden_field_without_a_link() -> None:
    form = Sample({"subject": "a", "how": "web", "agree": "on"})
    items = _render("form", form=form, submit="送る").select("[role=alert] li")
    assert len(items) == 1
    assert items[0].select("a") == []


def test_form_with_a_file_is_multipart() -> None:
    class Upload(forms.Form):
        file = forms.FileField(label="資料")

    assert _one(_render("form", form=Upload(), submit="送る"), "form")["enctype"] == "multipart/form-data"


@pytest.mark.parametrize(("number", "leads"), [(1, ["next"]), (2, ["prev", "next"]), (3, ["prev"])])
def test_pagination_leads_on_and_keeps_the_filters(rf: RequestFactory, number: int, leads: list[str]) -> None:
    page = Paginator(range(25), 10).get_page(number)
    soup = _render("pagination", rf.get("/", {"q": "ごみ", "page": str(number)}), page_obj=page)
    assert [link["rel"][0] for link in soup.select("a")] == leads
    assert all("q=%E3%81%94%E3%81%BF" in str(link["href"]) for link in soup.select("a"))
    assert f"3ページ中 {number}ページ目（全25件）" in soup.text


def test_pagination_of_one_page_is_silent(rf: RequestFactory) -> None:
    page = Paginator(range(3), 10).get_page(1)
    assert _render("pagination", rf.get("/"), page_obj=page).text.strip() == ""


def test_table_names_its_rows_and_columns() -> None:
    rows = [["ごみ", "1,200"], ["税", "34"]]
    soup = _render("table", caption="件数", columns=["分野", "件数"], rows=rows, numbers=True)
    assert [cell.text for cell in soup.select("th[scope=col]")] == ["分野", "件数"]
    assert [cell.text for cell in soup.select("th[scope=row]")] == ["ごみ", "税"]
    assert [cell.text for cell in soup.select("td.number")] == ["1,200", "34"]
    assert _one(soup, "caption").text == "件数"


def test_emergency_numbers_can_be_pressed() -> None:
    soup = _render("emergency", numbers=[{"number": "119", "label": "火事・救急"}])
    assert _one(soup, "a")["href"] == "tel:119"


def test_citation_is_where_the_answer_points() -> None:
    citations = [{"number": 1, "title": "粗大ごみ", "url": "/x#cited", "quote": "申し込んでください。"}]
    soup = _render("citations", citations=citations)
    assert _one(_one(soup, "#cite-1"), "a")["href"] == "/x#cited"


def test_component_shows_text_of_others_as_text() -> None:
    soup = _render("empty", title="<script>alert(1)</script>")
    assert soup.select("script") == []


def test_progress_is_plain_numbers_in_every_language() -> None:
    bar = _one(_render("progress", label="索引", value=1240, max=1814), "progress")
    assert (bar["value"], bar["max"]) == ("1240", "1814")
