"""Choosing towns in forms: lists for few, what is written for many, and the question which 府中市 is meant."""

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from machi.base.domain.register import load_register
from machi.base.models import Municipality, Person
from machi.base.web.persons import person_field
from machi.base.web.towns import MOST_LISTED, town_field, towns_field
from tests.base.factories import a_person

pytestmark = pytest.mark.django_db
ATSUGI, FUCHU_TOKYO, FUCHU_HIROSHIMA = "142123", "132063", "342084"


@pytest.fixture(autouse=True)
def _register():
    load_register()


def all_towns():
    return Municipality.objects.select_related("prefecture")


class TripForm(forms.Form):
    def __init__(self, data=None, *, towns, initial=None, required=True):
        super().__init__(data, initial=initial)
        self.fields["start"] = town_field(towns, "出発", required=required, empty="どこでも")
        self.fields["through"] = towns_field(towns, "通る町", hint="順は問いません。", required=False)


def sent(**data) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in data.items():
        found.setlist(name.replace("_", "-"), values if isinstance(values, list) else [values])
    return found


def test_few_towns_are_a_list_and_boxes():
    few = all_towns().filter(pk__in=[ATSUGI, FUCHU_TOKYO])
    page = str(TripForm(towns=few))
    assert "<select" in page
    assert page.count('type="checkbox"') == 2
    assert "datalist" not in page
    form = TripForm(sent(start=ATSUGI, through=[ATSUGI, FUCHU_TOKYO]), towns=few)
    assert form.is_valid()
    assert form.cleaned_data["start"].pk == ATSUGI
    assert [one.pk for one in form.cleaned_data["through"]] == [FUCHU_TOKYO, ATSUGI]


def test_the_limit_is_where_the_list_ends():
    keys = list(all_towns().values_list("pk", flat=True)[: MOST_LISTED + 1])
    assert "<select" in str(TripForm(towns=all_towns().filter(pk__in=keys[:-1])))
    assert "<select" not in str(TripForm(towns=all_towns().filter(pk__in=keys)))


def test_many_towns_are_written_and_the_names_stand_once_on_the_page():
    with CaptureQueriesContext(connection) as queries:
        page = str(TripForm(towns=all_towns(), initial={"start": ATSUGI, "through": [FUCHU_TOKYO]}))
    assert len(queries) == 3  # counted for both fields, read once
    assert page.count("<datalist") == 1
    assert page.count("<option") == 1741
    assert 'value="神奈川県厚木市 142123"' in page
    assert "東京都府中市 132063</textarea>" in page
    assert page.count('list="id_start_towns"') == 4  # the field, and three to add towns with
    assert 'for="id_start"' in page
    assert 'for="id_through_add_1"' in page


@pytest.mark.parametrize(
    "words", ["厚木市", "あつぎ", "142123", "神奈川県厚木市 142123", "Atsugi City", "１４２１２３"]
)
def test_what_is_written_is_read(words):
    form = TripForm(sent(start=words), towns=all_towns())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["start"].pk == ATSUGI


def test_a_name_of_two_towns_asks_which():
    form = TripForm(sent(start="府中市"), towns=all_towns())
    assert not form.is_valid()
    (error,) = form.errors["start"]
    assert "東京都府中市 132063" in error
    assert "広島県府中市 342084" in error
    assert 'value="府中市"' in str(form)  # what was written is not lost
    form = TripForm(sent(start="広島県府中市"), towns=all_towns())
    assert form.is_valid()
    assert form.cleaned_data["start"].pk == FUCHU_HIROSHIMA


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("こだぬき町", "見つかりません"),
        ("厚木町", "見つかりません"),
        ("きっと厚木", "見つかりません"),
        ("\x00", "使えない文字"),
        ("あ" * 300, "見つかりません"),
    ],
)
def test_a_name_of_no_town_is_told(words, told):
    form = TripForm(sent(start=words), towns=all_towns())
    assert not form.is_valid()
    assert told in str(form.errors["start"])


def test_a_town_that_cannot_be_chosen_here_is_told_from_one_that_is_not_there():
    form = TripForm(sent(start="厚木市"), towns=all_towns().exclude(pk=ATSUGI))
    assert not form.is_valid()
    assert "ここで選べる自治体ではありません: 神奈川県厚木市 142123" in str(form.errors["start"])


def test_several_are_read_from_lines_and_from_the_fields_below():
    data = sent(
        start="厚木", through="東京都府中市\r\n広島県府中市、厚木市\n\n", through_add=["焼津", "", "焼津市"]
    )
    form = TripForm(data, towns=all_towns())
    assert form.is_valid(), form.errors
    assert [one.name for one in form.cleaned_data["through"]] == ["府中市", "厚木市", "焼津市", "府中市"]


def test_every_line_that_is_wrong_is_told_and_none_is_lost():
    data = sent(start="厚木", through="府中市\nどこにもない村\n焼津市", through_add=["伊達市"])
    form = TripForm(data, towns=all_towns())
    assert not form.is_valid()
    errors = form.errors["through"]
    assert len(errors) == 3
    assert "どこにもない村" in errors[1]
    assert "福島県伊達市" in errors[2]
    shown = str(form["through"])
    assert all(word in shown for word in ("府中市", "どこにもない村", "焼津市", "伊達市"))


def test_nothing_written_is_none_where_none_is_needed():
    form = TripForm(sent(start="", through=""), towns=all_towns(), required=False)
    assert form.is_valid()
    assert form.cleaned_data == {"start": None, "through": []}
    assert not form.has_changed()
    assert not TripForm(sent(start=""), towns=all_towns()).is_valid()


def test_people_are_listed_or_found_by_their_address():
    person = a_person(email="hanako@atsugi.example")
    few = person_field(Person.objects.all(), "審査員")
    assert few.clean(person.pk) == person
    for number in range(MOST_LISTED):
        a_person(email=f"p{number}@atsugi.example")
    many = person_field(Person.objects.all(), "審査員", hint="所属する自治体の提案は割り当てられません。")
    assert many.clean(" Hanako@atsugi.example ") == person
    assert "所属する自治体" in str(many.help_text)
    with pytest.raises(forms.ValidationError, match=r"nobody@atsugi\.example"):
        many.clean("nobody@atsugi.example")
    with pytest.raises(forms.ValidationError):
        person_field(Person.objects.exclude(pk=person.pk), "審査員").clean("hanako@atsugi.example")
