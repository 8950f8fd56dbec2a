"""Files of a source: checked before they are registered, with their versions, out of use and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.frontdesk.domain import inventory
from machi.frontdesk.domain import sources as verbs
from machi.frontdesk.domain import uploads as held_files
from machi.frontdesk.models import Source, SourceFile
from machi.frontdesk.web.sources import breadcrumbs
from machi.frontdesk.web.staff_forms import UploadForm

_PROBLEMS_SHOWN = 50
KINDS = {
    "csv": "CSV", "excel": "Excel", "word": "Word", "pdf": "PDF", "html": "HTML", "mhtml": "MHTML",
    "markdown": "Markdown",
    "text": gettext_lazy("テキスト"), "empty": gettext_lazy("空のファイル"),
    "unsupported": gettext_lazy("読み取れない形式"), "faq": gettext_lazy("職員が承認したよくある質問"),
}  # fmt: skip


@staff("frontdesk.manage_sources")
def upload(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """Reads what is handed in and leads to the report; nothing is registered yet."""
    source = get_object_or_404(Source, pk=pk)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*given, limit=settings.MACHI_UPLOAD_LIMIT)
    if form.is_valid():
        try:
            batch = held_files.hold(source, visitor(request), _read(form.cleaned_data["file"]))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("frontdesk:checked", municipality.code, pk, batch.token)
    context = {
        "title": _("ファイルを登録する"),
        "source": source,
        "form": form,
        "limit": settings.MACHI_UPLOAD_LIMIT,
        "cancel_url": reverse("frontdesk:source", args=[municipality.code, pk]),
        "breadcrumbs": [*breadcrumbs(municipality, source), (_("ファイルを登録する"), "")],
    }
    return render(request, "frontdesk/staff/upload.html", context)


@staff("frontdesk.manage_sources")
def checked(request: HttpRequest, municipality: Municipality, pk: int, token: str) -> HttpResponse:
    """The report of what would be read, then registration of the files that stay ticked."""
    source = get_object_or_404(Source, pk=pk)
    batch = held_files.held(source, visitor(request), token)
    if batch is None:
        messages.warning(request, _("確かめたファイルは、登録が済んだか、時間がたったため、もうありません。"))
        return redirect("frontdesk:source", municipality.code, pk)
    chosen = request.POST.getlist("digest")
    if "discard" in request.POST:
        held_files.discard(municipality, batch)
        messages.info(request, _("登録せずにやめました。"))
        return redirect("frontdesk:source", municipality.code, pk)
    if request.method == "POST" and chosen:
        registered = held_files.confirm(source, visitor(request), batch, chosen)
        messages.success(
            request,
            ngettext(
                "%(count)d個のファイルを登録しました。",
                "%(count)d個のファイルを登録しました。",
                len(registered),
            )
            % {"count": len(registered)},
        )
        return redirect("frontdesk:source", municipality.code, pk)
    context = {
        "title": _("読み取りの結果"),
        "source": source,
        "files": [
            {
                "file": file,
                "kind": KINDS.get(file.kind, ""),
                "problems": [_said(problem) for problem in file.problems[:_PROBLEMS_SHOWN]],
                "more": max(0, len(file.problems) - _PROBLEMS_SHOWN),
            }
            for file in batch.files
        ],
        "any_readable": any(file.readable and not file.same for file in batch.files),
        "nothing_chosen": request.method == "POST",
        "breadcrumbs": [*breadcrumbs(municipality, source), (_("読み取りの結果"), "")],
    }
    return render(request, "frontdesk/staff/checked.html", context)


@staff("frontdesk.see_sources")
def source_file(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """One version of a file: its report, and the versions beside it."""
    file = _file(pk)
    if "format" in request.GET:
        columns = [_("場所"), _("重さ"), _("内容"), _("符号")]
        rows = ((one["place"], _severity(one), _said(one)["message"], one["code"]) for one in file.problems)
        return export(request, "report", columns, rows)
    page = Paginator(file.problems, _PROBLEMS_SHOWN).get_page(request.GET.get("page"))
    in_use = SourceFile.objects.filter(source=file.source, name=file.name, current=True).exists()
    managed = visitor(request).has_perm("frontdesk.manage_sources", municipality) and file.kind != "faq"
    context = {
        "file": file,
        "source": file.source,
        "kind": KINDS.get(file.kind, ""),
        "documents": file.documents.filter(current=True).count(),
        "page_obj": page,
        "problems": [_said(problem) for problem in page],
        "versions": inventory.versions(file),
        "may_withdraw": managed and file.current,
        "may_restore": managed and not file.current,
        "withdrawn": not in_use,
        "breadcrumbs": [*breadcrumbs(municipality, file.source), (file.name, "")],
    }
    return render(request, "frontdesk/staff/source_file.html", context)


@staff("frontdesk.manage_sources")
def withdraw(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    file = _own_file(pk)
    if request.method == "POST":
        verbs.withdraw_file(file, visitor(request))
        messages.success(request, _("取り下げました。回答に使いません。"))
        return redirect("frontdesk:source_file", municipality.code, pk)
    context = {
        "title": _("「%(name)s」を取り下げますか") % {"name": file.name},
        "consequence": _(
            "このファイルの文書（%(count)s件）は回答に使われなくなります。ファイルは残り、いつでも戻せます。"
        )
        % {"count": file.documents.filter(current=True).count()},
        "form": ConfirmForm(),
        "submit": _("取り下げる"),
        "cancel_url": reverse("frontdesk:source_file", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


@staff("frontdesk.manage_sources")
def restore(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    file = _own_file(pk)
    if request.method == "POST":
        verbs.restore_file(file, visitor(request))
        messages.success(request, _("この版を使うようにしました。"))
        return redirect("frontdesk:source_file", municipality.code, pk)
    context = {
        "title": _("「%(name)s」の%(version)s版を使いますか") % {"name": file.name, "version": file.version},
        "consequence": _("いま使っている版があれば、この版に替わります。"),
        "form": ConfirmForm(),
        "submit": _("この版を使う"),
        "cancel_url": reverse("frontdesk:source_file", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


def _file(pk: int) -> SourceFile:
    return get_object_or_404(SourceFile.objects.select_related("source", "added_by", "municipality"), pk=pk)


def _own_file(pk: int) -> SourceFile:
    """A file that was handed in; what FAQs became is ruled on at the FAQ."""
    file = _file(pk)
    if file.kind == "faq":
        raise Http404
    return file


def _read(files: list[UploadedFile[Any]]) -> Iterator[tuple[str, bytes]]:
    """One at a time, so that only one is held in memory."""
    for file in files:
        yield str(file.name), file.read()


def _severity(problem: dict[str, Any]) -> str:
    labels = {"error": _("読み取れなかった"), "warning": _("確認が必要"), "info": _("わざと除いた")}
    return labels.get(str(problem["severity"]), "")


def _said(problem: dict[str, Any]) -> dict[str, Any]:
    """The problem with its message in the reader's language."""
    template = problem.get("template")
    return {**problem, "message": _(template).format(**problem["values"])} if template else problem
