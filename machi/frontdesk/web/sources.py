"""Sources: what the desk may answer from, how much of it is in use, and how far the index is."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import Value, export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.frontdesk.domain import indexing, inventory
from machi.frontdesk.domain import sources as verbs
from machi.frontdesk.models import Document, Source
from machi.frontdesk.web.resident_links import document_url
from machi.frontdesk.web.staff_forms import DocumentFilter, SourceForm

_A_PAGE = 25
_DOCUMENTS_A_PAGE = 50


@staff("frontdesk.see_sources")
def sources(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    found = inventory.sources(timezone.localdate())
    if "format" in request.GET:
        columns = [
            _("名前"), _("回答に使う"), _("担当課"), _("ファイル数"), _("文書数"), _("有効期間が過ぎた文書"),
            _("読み取れなかった数"), _("リンク"), _("出典の表示とライセンス"),
        ]  # fmt: skip
        return export(request, "sources", columns, (_source_row(one) for one in found))
    context = {
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "status": indexing.status(municipality),
        "may_manage": _may_manage(request, municipality),
    }
    return render(request, "frontdesk/staff/sources.html", context)


@staff("frontdesk.see_sources")
def index(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """How far the index is; htmx asks again while it is being built."""
    context = {"status": indexing.status(municipality)}
    partly = request.headers.get("HX-Request") == "true"
    return render(request, f"frontdesk/staff/index_{'now' if partly else 'status'}.html", context)


@staff("frontdesk.manage_sources")
def add(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = verbs.add_source(municipality, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("情報源を作りました。続けてファイルを登録してください。"))
            return redirect("frontdesk:upload", municipality.code, added.pk)
    context = {
        "title": _("情報源を追加する"),
        "form": form,
        "submit": _("追加する"),
        "cancel_url": reverse("frontdesk:sources", args=[municipality.code]),
        "breadcrumbs": [*breadcrumbs(municipality), (_("追加する"), "")],
    }
    return render(request, "base/components/confirm.html", context)


@staff("frontdesk.manage_sources")
def change(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    known = get_object_or_404(Source, pk=pk)
    now = {
        "name": known.name,
        "url": known.url,
        "attribution": known.attribution,
        "division": known.division_id,
    }
    form = SourceForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_source(known, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("変更しました。"))
            return redirect("frontdesk:source", municipality.code, pk)
    context = {
        "title": _("情報源の設定を変える"),
        "form": form,
        "submit": _("保存する"),
        "cancel_url": reverse("frontdesk:source", args=[municipality.code, pk]),
        "breadcrumbs": [*breadcrumbs(municipality, known), (_("設定を変える"), "")],
    }
    return render(request, "base/components/confirm.html", context)


@staff("frontdesk.manage_sources")
def active(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """Asks, then takes the source into use or out of it."""
    known = get_object_or_404(Source, pk=pk)
    if request.method == "POST":
        verbs.set_active(known, not known.active, visitor(request))
        messages.success(
            request, _("回答に使うようにしました。") if known.active else _("回答に使わないようにしました。")
        )
        return redirect("frontdesk:source", municipality.code, pk)
    name = {"name": known.name}
    context = {
        "title": _("「%(name)s」を使うのをやめますか") % name
        if known.active
        else _("「%(name)s」を使いますか") % name,
        "consequence": _("この情報源からは答えなくなります。ファイルは残り、いつでも戻せます。")
        if known.active
        else _("まもなく、この情報源からも答えるようになります。"),
        "form": ConfirmForm(),
        "submit": _("使うのをやめる") if known.active else _("使う"),
        "cancel_url": reverse("frontdesk:source", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


@staff("frontdesk.see_sources")
def source(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    shown = get_object_or_404(inventory.sources(timezone.localdate()), pk=pk)
    files = inventory.files(shown)
    if "format" in request.GET:
        columns = [
            _("ファイル名"), _("最新の版"), _("使っている版"), _("文書数"), _("読み取れた数"), _("読み取れなかった数"),
            _("登録日時"), _("登録者"),
        ]  # fmt: skip
        rows = (
            (
                one.name,
                one.version,
                one.version_in_use,  # type: ignore[attr-defined]
                one.document_count,  # type: ignore[attr-defined]
                one.read,
                one.not_read,
                one.added_at,
                one.added_by.name if one.added_by else "",
            )
            for one in files
        )
        return export(request, "files", columns, rows)
    context = {
        "source": shown,
        "page_obj": Paginator(files, _A_PAGE).get_page(request.GET.get("page")),
        "may_manage": _may_manage(request, municipality),
        "breadcrumbs": [*breadcrumbs(municipality), (shown.name, "")],
    }
    return render(request, "frontdesk/staff/source.html", context)


@staff("frontdesk.see_sources")
def documents(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    known = get_object_or_404(Source, pk=pk)
    form = DocumentFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    found = _asked_for(inventory.documents(known), asked.get("show", ""))
    found = inventory.with_words(found, asked.get("words", ""), ["title", "text"])
    if "format" in request.GET:
        columns = [
            _("題名"), _("分類"), _("日付"), _("有効期間の初日"), _("有効期間の末日"), _("版"), _("使用中"),
            _("同じ内容の文書"), _("ファイル名"), _("ファイルの中の場所"), _("リンク"),
        ]  # fmt: skip
        return export(request, "documents", columns, _document_rows(found))
    page = Paginator(found, _DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "source": known,
        "form": form,
        "filtered": any(asked.values()),
        "page_obj": page,
        "rows": [(one, document_url(one), _state(one)) for one in page],
        "today": today,
        "breadcrumbs": [*breadcrumbs(municipality, known), (_("文書"), "")],
    }
    return render(request, "frontdesk/staff/documents.html", context)


def breadcrumbs(municipality: Municipality, source: Source | None = None) -> list[tuple[str, str]]:
    lines = [(_("情報源"), reverse("frontdesk:sources", args=[municipality.code]))]
    if source is not None:
        lines.append((source.name, reverse("frontdesk:source", args=[municipality.code, source.pk])))
    return lines


def _may_manage(request: HttpRequest, municipality: Municipality) -> bool:
    return visitor(request).has_perm("frontdesk.manage_sources", municipality)


def _asked_for(found: QuerySet[Document], show: str) -> QuerySet[Document]:
    today = timezone.localdate()
    if show == DocumentFilter.CURRENT:
        return inventory.in_use(found, today)
    if show == DocumentFilter.ENDED:
        return found.filter(current=True, valid_until__lt=today)
    if show == DocumentFilter.COPIES:
        return found.filter(current=True, duplicate_of__isnull=False)
    return found.filter(current=show != DocumentFilter.OLD)


def _state(document: Document) -> tuple[str, str]:
    """Label and kind of the chip that says whether an answer may rest on it today."""
    today = timezone.localdate()
    if not document.current:
        return _("使っていない版"), ""
    if document.valid_until and document.valid_until < today:
        return _("有効期間が過ぎた"), "warning"
    if document.valid_from and document.valid_from > today:
        return _("有効期間の前"), "info"
    if document.duplicate_of:
        return _("同じ内容の文書がある"), ""
    return _("使用中"), "success"


def _source_row(source: Source) -> tuple[Value, ...]:
    return (
        source.name,
        source.active,
        source.division.name if source.division else "",
        source.file_count,  # type: ignore[attr-defined]
        source.document_count,  # type: ignore[attr-defined]
        source.ended_count,  # type: ignore[attr-defined]
        source.not_read_sum,  # type: ignore[attr-defined]
        source.url,
        source.attribution,
    )


def _document_rows(found: QuerySet[Document]) -> Iterator[tuple[Value, ...]]:
    for one in found.iterator(chunk_size=500):
        yield (
            one.title,
            one.category,
            one.date,
            one.valid_from,
            one.valid_until,
            one.version,
            one.current,
            one.duplicate_of.title if one.duplicate_of else "",
            one.file.name,
            one.place,
            one.url,
        )
