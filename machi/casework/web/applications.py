"""The queue of applications, taking in files, and the reading that goes on in the background."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Progress
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal
from machi.casework.domain import batches, intake, queries, reading
from machi.casework.domain.intake_words import refusal_words
from machi.casework.models import Application, Batch, Procedure
from machi.casework.web.application_forms import QueueFilter, UploadForm, read_each
from machi.casework.web.shown import due_chip

SEE, PROCESS = "casework.see_applications", "casework.process_applications"
_A_PAGE = 25


@staff(SEE)
def queue(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = QueueFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.queue(
        state=asked.get("state", ""),
        procedure=int(asked["procedure"]) if asked.get("procedure") else None,
        overdue=bool(asked.get("overdue")),
        doubtful=bool(asked.get("doubtful")),
        number=asked.get("number", ""),
    )
    if "format" in request.GET:
        return _exported(request, found)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "title": _("申請"),
        "form": form,
        "page_obj": page,
        "rows": [{"one": one, "due": due_chip(one, today)} for one in page],
        "figures": queries.figures(),
        "filtered": any(asked.values()),
        "may_process": visitor(request).has_perm(PROCESS, municipality),
        "procedures": Procedure.objects.exists(),
        **_reading(municipality),
    }
    return render(request, "casework/applications/queue.html", context)


@staff(SEE)
def reading_now(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """The progress bar alone, asked for again while something is read."""
    context = {"may_process": visitor(request).has_perm(PROCESS, municipality), **_reading(municipality)}
    if request.headers.get("HX-Request") != "true":
        context["title"] = _("読み取りの進み具合")
        return render(request, "casework/applications/reading.html", context)
    return render(request, "casework/applications/reading_now.html", context)


@staff(PROCESS)
def reading_act(request: HttpRequest, municipality: Municipality, act: str) -> HttpResponse:
    """Stop or resume the reading."""
    if request.method != "POST":
        return redirect("casework:applications", municipality.code)
    match act:
        case "stop":
            reading.stop(municipality, visitor(request))
            messages.info(request, _("読み取りを止めました。いまの1件が終わると止まります。"))
        case "resume":
            reading.resume(municipality, visitor(request))
            messages.success(request, _("読み取りを再開しました。"))
        case _:
            raise Http404
    return redirect("casework:applications", municipality.code)


@staff(PROCESS)
def upload(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given)
    context: dict[str, Any] = {
        "title": _("申請を登録する"),
        "form": form,
        "cancel_url": reverse("casework:applications", args=[municipality.code]),
        "breadcrumbs": [
            (_("申請"), reverse("casework:applications", args=[municipality.code])),
            (_("申請を登録する"), ""),
        ],
    }
    if given and form.is_valid():
        try:
            if len(form.cleaned_data["upload"]) > batches.FEW:
                batch = batches.hand_over(
                    municipality,
                    read_each(form.cleaned_data["upload"]),
                    procedure=form.cleaned_data["procedure"],
                    together=form.cleaned_data["together"],
                    person=visitor(request),
                )
                return redirect("casework:upload_batch", municipality.code, batch.pk)
            taken = intake.take(
                municipality,
                read_each(form.cleaned_data["upload"]),
                channel=Application.Channel.UPLOAD,
                procedure=form.cleaned_data["procedure"],
                together=form.cleaned_data["together"],
                person=visitor(request),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            context["taken"] = [
                {"one": one, "why": refusal_words(one.key, one.arguments) if one.key else ""} for one in taken
            ]
            count = len({one.application.pk for one in taken if one.outcome == "taken" and one.application})
            context["count"] = count
            context["heading"] = ngettext(
                "%(count)d件の申請を受け付けました", "%(count)d件の申請を受け付けました", count
            ) % {"count": count}
            return render(request, "casework/applications/uploaded.html", context)
    return render(request, "casework/applications/upload.html", context)


@staff(PROCESS)
def upload_batch(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """What becomes of many files while they are opened; asked for again by the page itself."""
    batch = get_object_or_404(Batch, pk=pk)
    found = list(batch.files.select_related("application"))
    waiting = [one for one in found if not one.outcome]
    total = sum(1 for one in found if one.sha256)
    context = {
        "title": _("ファイルの受け付け"),
        "batch": batch,
        "taken": [
            {"one": one, "why": refusal_words(one.key, one.arguments) if one.key else ""} for one in found
        ],
        "count": len({one.application_id for one in found if one.outcome == "taken"}),
        "left": len(waiting),
        "done": total - len(waiting),
        "total": total,
        "breadcrumbs": [
            (_("申請"), reverse("casework:applications", args=[municipality.code])),
            (_("ファイルの受け付け"), ""),
        ],
    }
    part = request.headers.get("HX-Request") == "true"
    page = "casework/applications/batch_now.html" if part else "casework/applications/batch.html"
    return render(request, page, context)


def _reading(municipality: Municipality) -> dict[str, Any]:
    left = reading.waiting().count()
    progress = Progress.objects.filter(key=reading.KEY).first()
    running = progress is not None and progress.finished_at is None and not progress.error and left > 0
    return {
        "left": left,
        "progress": progress if running else None,
        "stopped": reading.stopped(),
        "may_not": reading.may_not(municipality) if left else None,
    }


def _exported(request: HttpRequest, found: QuerySet[Application]) -> HttpResponseBase:
    """Without names and contacts: those stand on the application's own page only."""
    columns = [
        _("受付番号"),
        _("手続"),
        _("状態"),
        _("受付の方法"),
        _("受付日時"),
        _("期限"),
        _("最も低い確かさ"),
        _("確認が要る欄"),
        _("満たさない条件"),
        _("判断できない条件"),
        _("決定"),
        _("自動で承認"),
        _("決定日時"),
        _("通知日時"),
    ]
    rows = (
        (
            one.number,
            one.procedure.title if one.procedure else "",
            one.get_state_display(),
            one.get_channel_display(),
            one.received_at,
            one.due_on,
            one.lowest_confidence,
            one.doubtful,
            one.failed,
            one.unsure,
            one.get_outcome_display() if one.outcome else "",
            one.straight_through,
            one.decided_at,
            one.notified_at,
        )
        for one in found.iterator(chunk_size=500)
    )
    return export(request, "applications", columns, rows)
