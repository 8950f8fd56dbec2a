"""Writing a case: begun, changed, its files, handed in, withdrawn; read in from a list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from machi.base.domain.errors import Refused
from machi.base.engine.file_kind import MEDIA_TYPES
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.base.web.holding import held, hold
from machi.base.web.table_problems import told as told_problems
from machi.learning.domain import cases as verbs
from machi.learning.domain import cases_import
from machi.learning.domain.cases_duplicates import check
from machi.learning.domain.cases_files import attach as attach_file
from machi.learning.domain.cases_files import detach as detach_file
from machi.learning.domain.cases_files import path_of
from machi.learning.models import Case, CaseFile
from machi.learning.web.cases import below, crumbs, the_case
from machi.learning.web.cases_forms import AttachForm, CaseForm, ImportForm, ReasonForm, SubmitForm
from machi.learning.web.personal_form import asking

_SALT = "learning.cases.import"
_PROBLEMS_SHOWN = 50


@member(verbs.WRITE)
def begin(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = CaseForm(posted(request))
    title = _("事例を書く")
    return acted(
        request,
        form,
        lambda: verbs.begin(consortium, municipality, visitor(request), form.cleaned_data),
        done=_("下書きを保存しました。書き終えたら、提出してください。"),
        onward=lambda made: reverse("learning:case", args=[municipality.code, made.pk]),
        title=title,
        submit=_("下書きを保存する"),
        cancel_url=reverse("learning:own_cases", args=[municipality.code]),
        breadcrumbs=[*crumbs(municipality), (title, "")],
    )


@member(verbs.WRITE)
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    form = CaseForm(posted(request), case=found)
    return acted(
        request,
        form,
        lambda: verbs.write(
            found, municipality, visitor(request), form.cleaned_data, form.cleaned_data["revision"]
        ),
        done=_("保存しました。"),
        **below(municipality, found, _("事例を直す"), _("保存する")),
    )


@member(verbs.WRITE)
def submit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Shows what others would stumble over: what is missing, what may name people, what tells of the same."""
    found, person = _own(request, municipality, pk), visitor(request)
    form, missing = SubmitForm(posted(request)), verbs.what_is_missing(found)
    alike = check(found, municipality)
    form.ask(verbs.slips_of(found))
    return acted(
        request,
        form,
        asking(
            form,
            lambda: verbs.submit(
                found, municipality, person, checked=form.cleaned_data["personal_checked"], alike=alike
            ),
        ),
        done=_("提出しました。共同事務局が確認します。"),
        template="learning/cases/checked.html",
        case=found,
        missing=missing,
        alike=alike,
        **below(municipality, found, _("共同事務局に提出する"), _("提出する")),
    )


@member(verbs.READ)
def withdraw(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = the_case(request, municipality, pk), visitor(request)
    if not (verbs.may_write(found, municipality, person) or person.has_perm(verbs.REVIEW, municipality)):
        raise PermissionDenied
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.withdraw(found, municipality, person, reason=form.cleaned_data["reason"]),
        done=_("取り下げました。直して、もう一度提出できます。"),
        consequence=_("ほかの町の一覧と検索から消えます。取り入れた町は、これからも読めます。"),
        **below(municipality, found, _("事例を取り下げる"), _("取り下げる")),
    )


@member(verbs.WRITE)
def attach(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    form = AttachForm(posted(request), request.FILES or None)

    def act() -> CaseFile:
        given = form.cleaned_data["file"]
        return attach_file(found, municipality, visitor(request), given.name, given.read())

    return acted(
        request,
        form,
        act,
        done=_("添付しました。"),
        consequence=_("ファイルの中身は、個人情報の検査をしません。名前や番号がないことを確かめてください。"),
        **below(municipality, found, _("ファイルを添付する"), _("添付する")),
    )


@member(verbs.READ)
@require_safe
def file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, file: int
) -> HttpResponseBase:
    found = the_case(request, municipality, pk)
    row = get_object_or_404(CaseFile.objects.select_related("case__town"), pk=file, case=found)
    path = path_of(row)
    if not path.exists():
        raise Http404
    kind = MEDIA_TYPES[row.kind]  # type: ignore[index]
    response = FileResponse(path.open("rb"), as_attachment=True, filename=row.name, content_type=kind)
    response["Cache-Control"] = "no-store"
    return response


@member(verbs.WRITE)
@require_POST
def detach(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, file: int
) -> HttpResponseBase:
    row = get_object_or_404(CaseFile, pk=file, case=_own(request, municipality, pk))
    try:
        detach_file(row, municipality, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("「%(name)s」を外しました。") % {"name": row.name})
    return redirect("learning:case", municipality.code, pk)


@member(verbs.WRITE)
def import_cases(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """Reads a list and tells what is in it and what is wrong; a second press takes it as a whole."""
    if request.GET.get("format"):
        return export(request, "case-list", list(cases_import.COLUMNS), [])
    back = reverse("learning:own_cases", args=[municipality.code])
    sheet, sealed = None, request.POST.get("held", "")
    form = ImportForm(posted(request), request.FILES or None)
    if sealed:
        data = held(sealed, _SALT)
        if data is None:
            messages.error(request, _("確かめた一覧は古くなりました。もう一度選んでください。"))
            return redirect(request.path)
        known = sheet = cases_import.read(data, consortium, municipality)
        if not known.problems:
            return acted(
                request,
                ConfirmForm(request.POST),
                lambda: cases_import.take(known, consortium, visitor(request)),
                title=_("一覧から取り込む"),
                submit="",
                done=_("%(count)s件の下書きを作りました。") % {"count": len(known.rows)},
                onward=back,
                cancel_url=back,
                breadcrumbs=[],
            )
    elif request.method == "POST" and form.is_valid():
        sheet = cases_import.read(form.cleaned_data["file"], consortium, municipality)
        sealed = hold(form.cleaned_data["file"], _SALT) if not sheet.problems else ""
    problems = told_problems(sheet.problems, cases_import.WORDS) if sheet else []
    context: dict[str, Any] = {
        "title": _("一覧から取り込む"),
        "form": form if not sealed else ImportForm(),
        "held": sealed if not problems else "",
        "problems": problems[:_PROBLEMS_SHOWN],
        "more_problems": max(0, len(problems) - _PROBLEMS_SHOWN),
        "preview": [(given["title"], given["year"]) for given, _town in sheet.rows[:100]]
        if sheet and not problems
        else [],
        "count": len(sheet.rows) if sheet else 0,
        "columns": cases_import.REQUIRED,
        "more_columns": cases_import.OPTIONAL,
        "cancel_url": back,
        "breadcrumbs": [*crumbs(municipality), (_("一覧から取り込む"), "")],
    }
    return render(request, "learning/cases/import.html", context)


def _own(request: HttpRequest, municipality: Municipality, pk: int) -> Case:
    found = the_case(request, municipality, pk)
    if not verbs.may_write(found, municipality, visitor(request)):
        raise PermissionDenied
    return found
