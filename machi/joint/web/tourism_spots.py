"""Staff: the town's spots, entered by form or taken from a list, shown to visitors or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.base.web.history import told
from machi.base.web.table_problems import told as told_problems
from machi.joint.domain import tourism as verbs
from machi.joint.domain.tourism_queries import staff_spots
from machi.joint.engine.spot_list import WEEKDAYS as DAYS
from machi.joint.models import Spot, SpotUpload
from machi.joint.web.tourism_forms import WEEKDAYS, ImportForm, SpotFilter, SpotForm

SEE, CHANGE = "joint.see_spots", "joint.change_spots"
_A_PAGE = 25
_MOST_TOLD = 30
ACTIONS = {
    "add": gettext_noop("スポットを足した"),
    "change": gettext_noop("スポットを直した"),
    "publish": gettext_noop("公開した"),
    "hide": gettext_noop("公開をやめた"),
}
PROBLEMS = {
    "other_town": gettext_lazy("この町の自治体コードではありません。"),
    "not_a_time": gettext_lazy("時刻として読めません。9:00 のように書いてください。"),
    "not_weekdays": gettext_lazy("曜日として読めません。月火水木金 のように書いてください。"),
    "not_an_address": gettext_lazy("メールアドレスとして読めません。"),
    "ends_before": gettext_lazy("終了日が開始日より前です。"),
}
# The columns of 観光施設一覧, and our own after them, so that what is written out can be read in again.
COLUMNS = (
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "名称",
    "名称_カナ",
    "名称_英語",
    "住所",
    "緯度",
    "経度",
    "利用可能曜日",
    "開始時間",
    "終了時間",
    "利用可能日時特記事項",
    "料金(基本)",
    "説明",
    "説明_英語",
    "アクセス方法",
    "バリアフリー情報",
    "連絡先名称",
    "連絡先電話番号",
    "URL",
    "分類",
    "滞在時間（分）",
    "種類",
    "開始日",
    "終了日",
    "公開",
    "予約の希望",
    "公衆無線LAN",
    "出典",
)


@member(SEE)
def spots(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = SpotFilter(request.GET or None, members(consortium))
    found = form.narrowed(staff_spots(municipality))
    if "format" in request.GET:
        return export(request, "spots", COLUMNS, _rows(found))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("観光スポット"),
        "form": form,
        "page_obj": page,
        "may_change": visitor(request).has_perm(CHANGE, municipality),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "breadcrumbs": [
            (_("共同体"), reverse("joint:home", args=[municipality.code])),
            (_("観光スポット"), ""),
        ],
    }
    return render(request, "joint/tourism/spots.html", context)


def _rows(found: Any) -> Iterator[tuple[Any, ...]]:
    with override("ja"):  # whatever the page's language: the list is read in again by these words
        kinds, categories = (
            {value: str(label) for value, label in choices}
            for choices in (Spot.Kind.choices, Spot.Category.choices)
        )
    for one in found.iterator():
        days = "".join(day for day, is_open in zip(DAYS, one.weekdays, strict=True) if is_open == "1")
        yield (
            one.municipality_id,
            one.code,
            one.municipality.name,
            one.name,
            one.name_kana,
            one.name_en,
            one.address,
            one.latitude,
            one.longitude,
            days,
            f"{one.opens:%H:%M}" if one.opens else "",
            f"{one.closes:%H:%M}" if one.closes else "",
            one.hours_note,
            one.fee,
            one.description,
            one.description_en,
            one.access,
            one.barrier_free,
            one.operator,
            one.telephone,
            one.url,
            categories[one.category],
            one.visit_minutes,
            kinds[one.kind],
            one.starts_on,
            one.ends_on,
            one.published,
            one.takes_requests,
            one.wifi,
            one.source,
        )


@member(SEE)
def spot(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = get_object_or_404(staff_spots(municipality), pk=pk)
    own = found.municipality_id == municipality.pk
    context = {
        "title": found.name,
        "spot": found,
        "own": own,
        "may_change": own and visitor(request).has_perm(CHANGE, municipality),
        "days": [label for value, label in WEEKDAYS if found.weekdays[int(value)] == "1"],
        "events": told(f"spot:{pk}", ACTIONS) if own else [],
        "breadcrumbs": below(municipality, found.name),
    }
    return render(request, "joint/tourism/staff_spot.html", context)


@member(CHANGE)
def add_spot(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = SpotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.add_spot(consortium, municipality, visitor(request), form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("「%(name)s」を足しました。") % {"name": made.name})
            return redirect("joint:spot", municipality.code, made.pk)
    return _form(request, municipality, form, _("スポットを足す"), _("足す"))


@member(CHANGE)
def change_spot(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = get_object_or_404(Spot, pk=pk, municipality=municipality)
    form = SpotForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_spot(found, municipality, visitor(request), form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("保存しました。"))
            return redirect("joint:spot", municipality.code, pk)
    return _form(request, municipality, form, _("「%(name)s」を直す") % {"name": found.name}, _("保存する"))


@member(CHANGE)
def publish_spot(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Shows the spot to visitors or stops it, whichever it is not."""
    found = get_object_or_404(Spot, pk=pk, municipality=municipality)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.publish(found, municipality, visitor(request), shown=not found.published)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("joint:spot", municipality.code, pk)
    ask = _("「%(name)s」の公開をやめますか") if found.published else _("「%(name)s」を公開しますか")
    context = {
        "title": ask % {"name": found.name},
        "consequence": _("すでに作られた行程には残ります。新しい行程には入りません。")
        if found.published
        else _("どの町のページからも見え、行程に入るようになります。"),
        "form": form,
        "submit": _("公開をやめる") if found.published else _("公開する"),
        "cancel_url": reverse("joint:spot", args=[municipality.code, pk]),
        "breadcrumbs": below(municipality, found.name),
    }
    return render(request, "base/components/confirm.html", context)


@member(CHANGE)
def import_spots(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """Reads a list and shows what it would change, or what is wrong with it by row and column."""
    form = ImportForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        data = file.read()
        found = verbs.preview(consortium, municipality, data, given["category"], given["visit_minutes"])
        problems = told_problems(found.listed.problems, PROBLEMS)
        if not problems:
            upload = verbs.keep_upload(consortium, municipality, data, file.name, given)
            return redirect("joint:import_spots_preview", municipality.code, upload.pk)
    context = {
        "title": _("一覧を取り込む"),
        "form": form,
        "problems": problems[:_MOST_TOLD],
        "more_problems": max(0, len(problems) - _MOST_TOLD),
        "breadcrumbs": below(municipality, _("一覧を取り込む")),
    }
    return render(request, "joint/tourism/import.html", context)


@member(CHANGE)
def import_spots_preview(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What taking the list would do; POST takes it."""
    upload = get_object_or_404(SpotUpload, pk=pk, municipality=municipality)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            taken = verbs.take_upload(upload, municipality, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            told_now = _("取り込みました（新しい %(new)s件、更新 %(changed)s件、変わらない %(same)s件）。")
            figures = {"new": len(taken.new), "changed": len(taken.changed), "same": taken.same}
            messages.success(request, told_now % figures)
            return redirect("joint:spots", municipality.code)
    options = upload.options
    found = verbs.preview(
        consortium, municipality, bytes(upload.data), options["category"], options["visit_minutes"]
    )
    context = {
        "title": _("取り込む前の確認"),
        "form": form,
        "upload": upload,
        "found": found,
        "rows": [*found.new, *found.changed][:_MOST_TOLD],
        "new": {row.row for row in found.new},
        "more": max(0, len(found.new) + len(found.changed) - _MOST_TOLD),
        "cancel_url": reverse("joint:import_spots", args=[municipality.code]),
        "breadcrumbs": below(municipality, _("一覧を取り込む")),
    }
    return render(request, "joint/tourism/import_preview.html", context)


def below(municipality: Municipality, here: str) -> list[tuple[Any, str]]:
    return [(_("観光スポット"), reverse("joint:spots", args=[municipality.code])), (here, "")]


def _form(
    request: HttpRequest, municipality: Municipality, form: SpotForm, title: str, submit: str
) -> HttpResponseBase:
    context = {
        "title": title,
        "form": form,
        "submit": submit,
        "cancel_url": reverse("joint:spots", args=[municipality.code]),
        "breadcrumbs": below(municipality, title),
    }
    return render(request, "base/components/confirm.html", context)
