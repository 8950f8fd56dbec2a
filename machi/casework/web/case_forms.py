"""Forms made on screen: boxes on the picture of a blank form, or labels beside which values stand; tried at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.running import ensure_may_run
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal
from machi.casework.domain import files, spots, words
from machi.casework.domain import procedures as verbs
from machi.casework.domain.engines import (
    RefusedFile,
    blanks_of,
    define,
    open_untrusted,
    pages_of,
    read_forms,
    read_texts,
)
from machi.casework.domain.intake_words import refusal_words
from machi.casework.domain.record import READ
from machi.casework.engine.form_data import KINDS
from machi.casework.engine.types import Box, FieldDefinition, FormDefinition, Option, Place
from machi.casework.models import CaseForm
from machi.casework.web.application_forms import ACCEPT
from machi.casework.web.procedures import DEFINE
from machi.casework.web.shown import percent, text_of

KIND_WORDS = {
    "text": gettext_lazy("文字"),
    "person": gettext_lazy("氏名"),
    "kana": gettext_lazy("フリガナ"),
    "address": gettext_lazy("住所"),
    "postal_code": gettext_lazy("郵便番号"),
    "telephone": gettext_lazy("電話番号"),
    "email": gettext_lazy("メールアドレス"),
    "date": gettext_lazy("日付"),
    "number": gettext_lazy("数"),
    "yen": gettext_lazy("金額（円）"),
    "my_number": gettext_lazy("個人番号"),
    "check": gettext_lazy("チェック"),
    "choice": gettext_lazy("選択"),
    "seal": gettext_lazy("印"),
    "signature": gettext_lazy("署名"),
}
_SIDES = (
    ("left", gettext_lazy("左（%）")),
    ("top", gettext_lazy("上（%）")),
    ("right", gettext_lazy("右（%）")),
    ("bottom", gettext_lazy("下（%）")),
)
_MOST_PAGES = 20
_MORE = 3
"""Empty rows for new fields."""


def one_file(label: Any, *, required: bool = True) -> forms.FileField:
    return forms.FileField(label=label, required=required, widget=forms.FileInput(attrs={"accept": ACCEPT}))


class NewForm(forms.Form):
    key = forms.SlugField(
        label=gettext_lazy("様式の記号"),
        max_length=60,
        help_text=gettext_lazy("半角の英数字とハイフン。例：park-permit"),
    )
    title = forms.CharField(label=gettext_lazy("様式の名前"), max_length=120)
    blank = one_file(gettext_lazy("何も書いていない様式（PDFか画像）"))


class HeadForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("様式の名前"), max_length=120)
    marks = forms.CharField(
        label=gettext_lazy("この様式だと分かる言葉"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("様式に印刷された表題や番号。読点かカンマで区切ります。"),
    )
    blank = one_file(gettext_lazy("様式の画像を入れ替える（PDFか画像）"), required=False)


class FieldForm(forms.Form):
    key = forms.SlugField(label=gettext_lazy("記号"), max_length=60)
    label = forms.CharField(label=gettext_lazy("欄の名前"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("種類"), choices=[(one, KIND_WORDS[one]) for one in KINDS])
    required = forms.BooleanField(label=gettext_lazy("必須"), required=False)
    page = forms.IntegerField(label=gettext_lazy("ページ"), min_value=1, max_value=200, required=False)
    left = forms.FloatField(min_value=0, max_value=100, required=False)
    top = forms.FloatField(min_value=0, max_value=100, required=False)
    right = forms.FloatField(min_value=0, max_value=100, required=False)
    bottom = forms.FloatField(min_value=0, max_value=100, required=False)
    anchors = forms.CharField(
        label=gettext_lazy("横か上に印刷された見出し"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("位置の決まらない様式で使います。書き方がいくつかあれば、読点で区切ります。"),
    )
    options = forms.CharField(
        label=gettext_lazy("選択肢"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("1行に一つ。「記号,言葉」か「記号,言葉,ページ,左,上,右,下」（位置は%）。"),
    )

    several = forms.BooleanField(label=gettext_lazy("いくつでも選べる"), required=False)
    section = forms.CharField(
        label=gettext_lazy("上に置く見出し"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("ウェブの申請フォームで、同じ見出しの欄がまとまります。"),
    )
    note = forms.CharField(
        label=gettext_lazy("小さく添える言葉"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("単位や例。ウェブの申請フォームで、欄の説明になります。"),
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for name, label in _SIDES:
            self.fields[name].label = label
            self.fields[name].widget.attrs.update({"step": "0.01", "data-side": name})
        self.fields["page"].widget.attrs["data-side"] = "page"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        sides = [given.get(name) for name, _label in _SIDES]
        if any(one is not None for one in sides):
            if any(one is None for one in sides):
                self.add_error("left", _("位置は、左、上、右、下の四つを全部入れてください。"))
            elif not (sides[0] < sides[2] and sides[1] < sides[3]):  # type: ignore[operator]
                self.add_error("left", _("右は左より、下は上より大きくしてください。"))
        try:
            given["read_options"] = _options(given.get("options", ""))
        except ValueError:
            self.add_error("options", _("選択肢の書き方が正しくありません。"))
        return given

    def definition(self) -> FieldDefinition:
        given = self.cleaned_data
        place = None
        if given["left"] is not None:
            box = Box(*(given[name] / 100 for name, _label in _SIDES))
            place = Place((given["page"] or 1) - 1, box)
        return FieldDefinition(
            key=given["key"],
            label=given["label"],
            kind=given["kind"],
            place=place,
            anchors=tuple(_split(given["anchors"])),
            options=given["read_options"],
            required=given["required"],
            several=given["several"],
            section=given["section"],
            note=given["note"],
        )


FieldForms = formset_factory(FieldForm, extra=_MORE, can_delete=True, max_num=200, validate_max=True)


@staff(DEFINE)
def case_forms(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    found = CaseForm.objects.filter(current=True)
    if "format" in request.GET:
        columns = [_("様式の名前"), _("記号"), _("版"), _("欄の数"), _("作成日時")]
        rows = (
            (one.title, one.key, one.version, len(one.definition.get("fields", ())), one.made_at)
            for one in found
        )
        return export(request, "forms", columns, rows)
    return render(request, "casework/forms/list.html", {"title": _("様式"), "forms": found})


@staff(DEFINE)
def add_form(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = NewForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if CaseForm.objects.filter(key=given["key"]).exists():
            form.add_error("key", _("この記号の様式は、もうあります。"))
        else:
            definition = FormDefinition(given["key"], given["title"], "1", (), pages=_MOST_PAGES)
            try:
                made = verbs.save_form(municipality, definition, given["blank"].read(), visitor(request))
            except Refused as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, _("様式を作りました。欄を加えてください。"))
                return redirect("casework:case_form", municipality.code, made.pk)
    context = {
        "title": _("様式を作る"),
        "form": form,
        "submit": _("作る"),
        "cancel_url": reverse("casework:case_forms", args=[municipality.code]),
        "breadcrumbs": _below(municipality, _("様式を作る")),
    }
    return render(request, "base/components/confirm.html", context)


@staff(DEFINE)
def case_form(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """The picture with the boxes, and the fields; saving makes a new version."""
    stored = get_object_or_404(CaseForm, pk=pk)
    definition = define(stored)
    posted = request.method == "POST"
    head = HeadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"title": definition.title, "marks": "、".join(definition.marks)},
    )
    rows: BaseFormSet[FieldForm] = FieldForms(
        request.POST if posted else None, initial=[_initial(one) for one in definition.fields], prefix="f"
    )
    if posted and head.is_valid() and rows.is_valid():
        kept = [
            one.definition()
            for one in rows
            if one.cleaned_data.get("key") and not one.cleaned_data.get("DELETE")
        ]
        changed = FormDefinition(
            stored.key,
            head.cleaned_data["title"],
            str(stored.version + 1),
            kept,
            pages=definition.pages,
            marks=tuple(_split(head.cleaned_data["marks"])),
        )
        blank = head.cleaned_data["blank"]
        try:
            made = verbs.save_form(
                municipality, changed, blank.read() if blank else None, visitor(request), based_on=stored
            )
        except Refused as refused:
            add_refusal(head, refused)
        else:
            messages.success(request, _("第%(version)s版を保存しました。") % {"version": made.version})
            return redirect("casework:case_form", municipality.code, made.pk)
    boxes = [
        {"page": one.place.page, "at": at, "box": one.place.box, "label": one.label}
        for at, one in enumerate(definition.fields)
        if one.place
    ]
    context = {
        "title": _("様式：%(title)s") % {"title": stored.title},
        "stored": stored,
        "head": head,
        "rows": rows,
        "pictures": [
            {"number": number, "boxes": [_percent(one) for one in boxes if one["page"] == number]}
            for number in range(len(stored.pictures))
        ],
        "versions": CaseForm.objects.filter(key=stored.key),
        "breadcrumbs": _below(municipality, stored.title),
    }
    return render(request, "casework/forms/form.html", context)


@staff(DEFINE)
def picture(request: HttpRequest, municipality: Municipality, pk: int, number: int) -> HttpResponse:
    stored = get_object_or_404(CaseForm, pk=pk)
    try:
        data = files.kept(municipality, stored.pictures[number])
    except (IndexError, FileNotFoundError):
        raise Http404 from None
    response = HttpResponse(data, content_type="image/png")
    response["Cache-Control"] = "private, max-age=300"
    return response


class TryForm(forms.Form):
    sample = one_file(gettext_lazy("書いてある見本（PDF・画像・Excel・Word）"))


@staff(DEFINE)
def test_form(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """Reads a sample with this version and shows what comes of it; nothing is stored."""
    stored = get_object_or_404(CaseForm, pk=pk)
    definition = define(stored)
    form = TryForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found = None
    if request.method == "POST" and form.is_valid():
        ensure_may_run(municipality, READ)
        upload = form.cleaned_data["sample"]
        try:
            opened = open_untrusted(upload.name, upload.read())
            pages = pages_of(opened)
            readings = read_forms(pages, [definition], blanks_of(municipality, [stored]))
            readings += read_texts(pages, [definition], [opened])
        except RefusedFile as refused:
            form.add_error("sample", refusal_words(refused.key, refused.arguments))
        else:
            by_key = {one.key: one for one in definition.fields}
            found = [
                {
                    "label": by_key[key].label,
                    "text": text_of(by_key[key].kind, got.value or got.raw, by_key[key]),
                    "where": spots.in_words(got.spot) if got.spot else "",
                    "percent": percent(got.confidence),
                    "doubts": words.doubts(got.doubts),
                }
                for reading in readings[:1]
                for key, got in reading.fields.items()
                if key in by_key
            ]
    context = {
        "title": _("読み取りを試す"),
        "stored": stored,
        "form": form,
        "found": found,
        "breadcrumbs": [
            _below(municipality, "")[0],
            (stored.title, reverse("casework:case_form", args=[municipality.code, pk])),
            (_("読み取りを試す"), ""),
        ],
    }
    return render(request, "casework/forms/test.html", context)


def _initial(one: FieldDefinition) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": one.key,
        "label": one.label,
        "kind": one.kind,
        "required": one.required,
        "several": one.several,
        "section": one.section,
        "note": one.note,
        "anchors": "、".join(one.anchors),
        "options": "\n".join(_option_line(option) for option in one.options),
    }
    if one.place:
        found["page"] = one.place.page + 1
        for name, _label in _SIDES:
            found[name] = round(getattr(one.place.box, name) * 100, 2)
    return found


def _option_line(option: Option) -> str:
    if option.place is None:
        return f"{option.key},{option.label}"
    box = option.place.box
    sides = ",".join(f"{one * 100:.2f}" for one in (box.left, box.top, box.right, box.bottom))
    return f"{option.key},{option.label},{option.place.page + 1},{sides}"


def _options(text: str) -> tuple[Option, ...]:
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        parts = [one.strip() for one in line.split(",")]
        if len(parts) not in (2, 7) or not parts[0] or not parts[1]:
            raise ValueError(line)
        place = None
        if len(parts) == 7:
            sides = [float(one) / 100 for one in parts[3:]]
            if not all(0 <= one <= 1 for one in sides):
                raise ValueError(line)
            place = Place(int(parts[2]) - 1, Box(*sides))
        found.append(Option(parts[0], parts[1], place))
    return tuple(found)


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.replace("、", ",").replace("，", ",").split(",") if one.strip()]


def _percent(one: dict[str, Any]) -> dict[str, Any]:
    box = one["box"]
    return {
        "at": one["at"],
        "label": one["label"],
        "x": f"{box.left * 100:.2f}",
        "y": f"{box.top * 100:.2f}",
        "width": f"{(box.right - box.left) * 100:.2f}",
        "height": f"{(box.bottom - box.top) * 100:.2f}",
    }


def _below(municipality: Municipality, here: str) -> list[tuple[Any, str]]:
    return [(_("様式"), reverse("casework:case_forms", args=[municipality.code])), (here, "")]
