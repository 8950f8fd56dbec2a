"""One application: its values beside the places they were read from, rules, decisions, letters; and correcting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.files import attached, letters_attached
from machi.base.web.forms import add_refusal
from machi.base.web.history import told
from machi.casework.domain import (
    correcting,
    files,
    law_dates,
    letters,
    likeness,
    queries,
    ruling,
    spots,
    storing,
    words,
)
from machi.casework.domain.checking import against_straight_through
from machi.casework.domain.engines import define
from machi.casework.domain.intake_words import note_words
from machi.casework.domain.links import status_url
from machi.casework.domain.procedure_data import data_of
from machi.casework.engine.snippets import MARGIN, crop, excerpt
from machi.casework.engine.types import Box, FieldDefinition
from machi.casework.models import Application, CaseForm, CaseLetter, CheckResult, FieldValue, Page
from machi.casework.web.application_forms import ValueForm
from machi.casework.web.applications import PROCESS, SEE
from machi.casework.web.shown import KINDS, Chip, cells_of, due_chip, shown, state_chip

State = Application.State
_WIDE = 0.08
SECOND = "casework.approve_second"


@staff(SEE)
def application(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _application(pk)
    person = visitor(request)
    may = person.has_perm(PROCESS, municipality)
    definitions = field_definitions(one)
    cells = cells_of(one)
    values = [shown(value, definitions.get((value.form, value.field)), cells) for value in one.values.all()]
    forms = {form.key: form.title for form in CaseForm.objects.filter(current=True)}
    wanted = data_of(one.procedure).about.documents if one.procedure else ()
    forms |= {paper.key: paper.title for paper in wanted}
    groups: dict[str, dict[str, list[Any]]] = {}
    for value in values:
        group = groups.setdefault(
            forms.get(value.value.form, value.value.form), {"filled": [], "empty": [], "read": []}
        )
        if value.value.engine not in ("web", "import", "person"):
            group["read"].append(value)
        bare = not value.value.raw and not value.value.required and not value.doubtful
        group["empty" if bare and value.value.looked_at is None else "filled"].append(value)
    open_checks, passed_checks = checks_of(one)
    live = ruling.live_ruling(one)
    context = {
        "title": _("申請 %(number)s") % {"number": one.number},
        "one": one,
        "state": state_chip(one),
        "due": due_chip(one, timezone.localdate()),
        "trouble": words.trouble(one.trouble),
        "groups": groups,
        "pages": one.pages.all(),
        "files": [
            {"file": file, "notes": [note_words(key, arguments) for key, arguments in file.notes]}
            for file in storing.files_of(one)
        ],
        "open_checks": open_checks,
        "passed_checks": passed_checks,
        "letters": ruling.live_letters(one),
        "wanted": wanted,
        "empty": len(correcting.empty_ones(one)) if may and one.state in correcting.OPEN else 0,
        "alike": likeness.unanswered(one)[:1] if may else [],  # the most alike first; one question at a time
        "live": live,
        "against": [words.AGAINST[key] for key in against_straight_through(one)]
        if one.procedure and one.procedure.straight_through and one.read_at
        else [],
        "status_url": status_url(one),
        "events": told(f"application:{pk}", words.ACTIONS),
        "may": {
            "process": may,
            "look": may and one.state in correcting.OPEN and bool(values),
            "decide": may and one.state in ruling.DECIDED_FROM,
            "amend": may and one.state in ruling.AMENDED_FROM,
            "close": may and one.state in ruling.DECIDED_FROM,
            "undo": may and one.state in ruling.UNDONE_FROM,
            "notify": may and one.state in queries.TO_NOTIFY,
            "second": one.state == State.SECOND
            and person.has_perm(SECOND, municipality)
            and live is not None
            and live.person_id != person.pk,
            "add": may and one.state in (State.REVIEW, State.AMENDMENT),
            "choose": may and one.state == State.REVIEW,
        },
        "breadcrumbs": below(municipality, one),
    }
    return render(request, "casework/applications/application.html", context)


@staff(PROCESS)
def correct(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """One value after another, the least sure first. Enter saves and goes on; no script is needed."""
    one = _application(pk)
    if one.state not in correcting.OPEN:
        messages.info(request, _("この申請の値は、いま直せません。"))
        return redirect("casework:application", municipality.code, pk)
    open_ones = list(correcting.to_look_at(one))
    asked = request.GET.get("field", "")
    if asked.isdecimal() and len(asked) < 15:
        value = get_object_or_404(FieldValue, application=one, pk=int(asked))
    elif open_ones:
        value = open_ones[0]
    else:
        messages.success(request, _("確かめる欄は、もうありません。"))
        return redirect("casework:application", municipality.code, pk)
    definition = field_definitions(one).get((value.form, value.field))
    form = ValueForm(request.POST if request.method == "POST" else None, value, definition)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = correcting.look(value, visitor(request), form.raw())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            said = _("「%(label)s」を直しました。") if corrected else _("「%(label)s」を確かめました。")
            messages.success(request, said % {"label": value.label})
            return redirect("casework:correct", municipality.code, pk)
    others = [other.pk for other in open_ones]
    at = others.index(value.pk) if value.pk in others else -1
    context = {
        "title": _("%(label)s を確かめる") % {"label": value.label},
        "one": one,
        "form": form,
        "shown": shown(value, definition, cells_of(one)),
        "left": len(open_ones),
        "next": others[at + 1] if 0 <= at < len(others) - 1 else None,
        "previous": others[at - 1] if at > 0 else None,
        "checks": [check for check in one.checks.all() if value.field in check.fields],
        "breadcrumbs": [*below(municipality, one, link=True), (_("確かめる"), "")],
    }
    return render(request, "casework/applications/correct.html", context)


@staff(PROCESS)
def documents(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """Ticks the papers that came with it."""
    one = _application(pk)
    if request.method == "POST":
        try:
            correcting.see_documents(one, visitor(request), request.POST.getlist("document"))
            messages.success(request, _("添えられた書類を残し、点検をやり直しました。"))
        except Refused as refused:
            messages.error(request, str(refused.message))
    return redirect("casework:application", municipality.code, pk)


@staff(PROCESS)
def look_at_empty(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """The places in which nothing was read, all at once: a form has many, and most stay empty."""
    one = _application(pk)
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("field") if key.isdecimal() and len(key) < 15]
        try:
            count = correcting.look_at_empty(one, visitor(request), keys)
            messages.success(request, _("%(count)s件の欄を、空だと確かめました。") % {"count": count})
        except Refused as refused:
            messages.error(request, str(refused.message))
        return redirect("casework:application", municipality.code, pk)
    context = {
        "title": _("空の欄を確かめる"),
        "one": one,
        "values": correcting.empty_ones(one) if one.state in correcting.OPEN else [],
        "breadcrumbs": [*below(municipality, one, link=True), (_("空の欄を確かめる"), "")],
    }
    return render(request, "casework/applications/empty_fields.html", context)


@staff(SEE)
def page_image(request: HttpRequest, municipality: Municipality, pk: int, number: int) -> HttpResponse:
    page = get_object_or_404(Page, application_id=pk, number=number)
    return _picture(_bytes(municipality, page.sha256))


@staff(SEE)
def snippet(request: HttpRequest, municipality: Municipality, pk: int, field: int) -> HttpResponse:
    """The part of the page on which the value stands; ``?wide=1``: with more around it."""
    value = get_object_or_404(FieldValue, application_id=pk, pk=field, page__isnull=False, box__isnull=False)
    page = get_object_or_404(Page, application_id=pk, number=value.page)
    picture, box, wide = _bytes(municipality, page.sha256), Box(*list(value.box or [])), "wide" in request.GET
    spot, around = spots.spot_of(value), spots.around_of(value)
    if spot is not None and around is not None:
        headed, margin = spot.kind == "sheet", _WIDE if wide else 0.0
        return _picture(excerpt(picture, box, around, headed=headed, margin=margin))
    return _picture(crop(picture, box, margin=_WIDE if wide else MARGIN))


@staff(PROCESS)
def source_file(request: HttpRequest, municipality: Municipality, pk: int, file: int) -> HttpResponse:
    """The file as it was handed in, always as a download: the browser opens nothing of it."""
    found = next((one for one in storing.files_of(_application(pk)) if one.pk == file), None)
    if found is None:
        raise Http404
    suffixes = {"jpeg": "jpg", "excel": "xlsx", "word": "docx", "mail": "eml", "text": "txt", "tiff": "tif"}
    name = f"{found.application_id}-{found.pk}.{suffixes.get(found.kind, found.kind)}"
    response = attached(_bytes(municipality, found.sha256), name, "application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff(SEE)
def letter(request: HttpRequest, municipality: Municipality, pk: int, number: int, kind: str) -> HttpResponse:
    found = get_object_or_404(CaseLetter, application_id=pk, pk=number, content__isnull=False)
    return letters_attached([letters.letter_of(found)], f"letter-{found.application_id}-{found.pk}", kind)


@staff(PROCESS)
def receipt(request: HttpRequest, municipality: Municipality, pk: int, kind: str) -> HttpResponse:
    """To print or to send, for those who applied on paper."""
    one = _application(pk)
    if one.procedure is None or one.erased_at:
        raise Http404
    return letters_attached([letters.receipt(one)], f"receipt-{pk}", kind)


def checks_of(one: Application) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the rules said, for ``checks.html``: what a person must look at, and what is met."""
    as_of = law_dates.by_rule(one.procedure)
    rows: list[dict[str, Any]] = [
        {
            "check": check,
            "chip": Chip(check.get_result_display(), KINDS[check.result]),
            "as_of": as_of.get(check.rule),
        }
        for check in one.checks.all()
    ]
    passed = CheckResult.Result.PASSED
    return (
        [row for row in rows if row["check"].result != passed],
        [row for row in rows if row["check"].result == passed],
    )


def field_definitions(one: Application) -> dict[tuple[str, str], FieldDefinition]:
    """Of the versions its values were read with."""
    wanted = set(one.values.values_list("form", "form_version"))
    stored = CaseForm.objects.filter(key__in={form for form, _version in wanted})
    forms = [define(one) for one in stored if (one.key, str(one.version)) in wanted]
    if one.procedure:
        forms += data_of(one.procedure).papers
    return {(form.key, field.key): field for form in forms for field in form.fields}


def below(municipality: Municipality, one: Application, *, link: bool = False) -> list[tuple[str, str]]:
    here = reverse("casework:application", args=[municipality.code, one.pk]) if link else ""
    return [(_("申請"), reverse("casework:applications", args=[municipality.code])), (one.number, here)]


def _application(pk: int) -> Application:
    return get_object_or_404(
        Application.objects.select_related("procedure", "municipality", "imported__source"), pk=pk
    )


def _bytes(municipality: Municipality, name: str) -> bytes:
    try:
        return files.kept(municipality, name)
    except FileNotFoundError:
        raise Http404 from None


def _picture(data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="image/png")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
