"""Applications from another system's file: handed in, looked at, taken once a person says so; with a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Progress
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import TableField, add_refusal
from machi.casework.domain import imports as verbs
from machi.casework.domain.importing_words import SORTS, unkept
from machi.casework.domain.mappings import Offered, offered
from machi.casework.models import Application, Import
from machi.casework.web.applications import PROCESS
from machi.casework.web.shown import Chip

State = Import.State
_A_PAGE = 25
_ROWS = 50
_CHIPS = {
    "error": ("danger", "error"),
    "warning": ("warning", "warning"),
    "known": ("", "info"),
    "taken": ("success", "check-circle"),
}
_STATES = {
    State.LOOKING: ("", "schedule"),
    State.WAITING: ("warning", "person"),
    State.TAKING: ("", "schedule"),
    State.TAKEN: ("success", "check-circle"),
}


class ImportForm(forms.Form):
    mapping = forms.ChoiceField(label=gettext_lazy("ファイルの形"))
    file = TableField(
        label=gettext_lazy("ファイル"),
        help_text=gettext_lazy("CSV、固定長、Excel（.xlsx）。10MB、3,000行まで。"),
    )

    def __init__(self, found: dict[str, Offered], *given: Any) -> None:
        super().__init__(*given)
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.tsv,.dat,.xlsx"
        self.fields["mapping"].choices = [(key, one.mapping.title) for key, one in found.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ReportRow:
    row: int
    column: str
    text: str
    sort: str
    words: str
    number: str
    """Of the application that it is, or became."""
    application: int | None = None

    @property
    def chip(self) -> Chip:
        return Chip(str(SORTS[self.sort]), *_CHIPS[self.sort])


@staff(PROCESS)
def imports(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """A form for a file, and the files before it."""
    found = Import.objects.select_related("person")
    if "format" in request.GET:
        return _listed(request)
    layouts = offered()
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    last = Import.objects.values_list("mapping", flat=True).first()
    form = ImportForm(layouts, *given)
    form.initial["mapping"] = last
    if request.method == "POST" and form.is_valid():
        file = request.FILES["file"]
        name = getattr(file, "name", "") or _("ファイル")
        try:
            made = verbs.hand_in(
                municipality, form.cleaned_data["mapping"], name, form.cleaned_data["file"], visitor(request)
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("casework:import_file", municipality.code, made.pk)
    context = {
        "title": _("申請の取り込み"),
        "form": form,
        "any": bool(layouts),
        "page_obj": (page := Paginator(found, _A_PAGE).get_page(request.GET.get("page"))),
        "rows": [{"one": one, "chip": _state(one), "mapping": _title(one, layouts)} for one in page],
        "breadcrumbs": [
            (_("申請"), reverse("casework:applications", args=[municipality.code])),
            (_("申請の取り込み"), ""),
        ],
    }
    return render(request, "casework/imports/imports.html", context)


@staff(PROCESS)
def import_file(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """What taking it would do, or did; the page asks for itself again while something is done in the background."""
    one = get_object_or_404(Import.objects.select_related("procedure", "person"), pk=pk)
    if request.method == "POST":
        return _acted(request, municipality, one)
    if "format" in request.GET:
        return _reported(request, one)
    context: dict[str, Any] = {
        "title": _("ファイルの取り込み"),
        "one": one,
        "mapping": _title(one, offered()),
        "chip": _state(one),
        "working": one.state in (State.LOOKING, State.TAKING),
        "progress": Progress.objects.filter(key=f"{verbs.KEY}.{one.pk}").first(),
        "page_obj": (page := Paginator(_report(one), _ROWS).get_page(request.GET.get("page"))),
        "rows": _with_links(list(page)),
        "breadcrumbs": [
            (_("申請の取り込み"), reverse("casework:imports", args=[municipality.code])),
            (one.name, ""),
        ],
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"casework/imports/{'import_now' if part else 'import'}.html", context)


def _acted(request: HttpRequest, municipality: Municipality, one: Import) -> HttpResponse:
    try:
        if "discard" in request.POST:
            verbs.discard(one)
            messages.info(request, _("取り込みをやめ、ファイルを消しました。"))
            return redirect("casework:imports", municipality.code)
        verbs.confirm(one, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("casework:import_file", municipality.code, one.pk)


def _report(one: Import) -> list[ReportRow]:
    """Errors first, then what to know, what is there already, what was taken; each by row, with its application."""
    made = dict(one.taken.values_list("row", "application__number"))
    told = [
        ReportRow(
            told.row, told.column, told.text, told.sort, told.words, told.number or made.get(told.row, "")
        )
        for told in unkept(one.report)
    ]
    taken = [ReportRow(row, "", "", "taken", "", number) for row, number in made.items()]
    order = list(SORTS)
    return sorted([*told, *taken], key=lambda row: (order.index(row.sort), row.row))


def _with_links(rows: list[ReportRow]) -> list[ReportRow]:
    numbers = {row.number for row in rows if row.number}
    keys = dict(Application.objects.filter(number__in=numbers).values_list("number", "pk"))
    return [
        ReportRow(row.row, row.column, row.text, row.sort, row.words, row.number, keys.get(row.number))
        for row in rows
    ]


def _reported(request: HttpRequest, one: Import) -> HttpResponseBase:
    columns = [_("行"), _("列"), _("書かれた値"), _("結果"), _("説明"), _("受付番号")]
    rows = (
        (row.row or "", row.column, row.text, str(SORTS[row.sort]), row.words, row.number)
        for row in _report(one)
    )
    return export(request, f"import-{one.pk}", columns, rows)


def _listed(request: HttpRequest) -> HttpResponseBase:
    """Without the files' names, which may be a person's."""
    columns = [
        _("日時"), _("形"), _("状態"), _("行"), _("新しい"), _("すでにある"), _("誤りのある"), _("取り込んだ人"),
    ]  # fmt: skip

    def lines() -> Iterator[tuple[Any, ...]]:
        for one in Import.objects.select_related("person"):
            person = one.person.name if one.person else ""
            yield (
                one.at,
                one.mapping,
                one.get_state_display(),
                one.rows,
                one.fresh,
                one.known,
                one.wrong,
                person,
            )

    return export(request, "imports", columns, lines())


def _state(one: Import) -> Chip:
    if one.state == State.WAITING and one.wrong:
        return Chip(_("誤りあり"), "danger", "error")
    return Chip(one.get_state_display(), *_STATES[State(one.state)])


def _title(one: Import, layouts: dict[str, Offered]) -> str:
    return layouts[one.mapping].mapping.title if one.mapping in layouts else one.mapping
