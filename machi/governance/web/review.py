"""A review on one page: every item with what is offered for it, the board's report, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.file_kind import MEDIA_TYPES
from machi.base.models import Municipality, Person
from machi.base.rooms import AISystem, ai_system
from machi.base.web.access import staff, visitor
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.governance.domain import proofs, risk
from machi.governance.domain import review as verbs
from machi.governance.domain.evidence import stored
from machi.governance.domain.words import principle_label
from machi.governance.engine import checklist
from machi.governance.models import Review, ReviewItem
from machi.governance.web.register_forms import BoardForm, ItemForm


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the page shows it. ``form`` None: the review is only read."""

    item: checklist.Item
    row: ReviewItem
    offer: proofs.Offer | None
    form: ItemForm | None


@staff("governance.see_register")
def review(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _review_or_404(pk)
    system = _system_or_404(one)
    by = visitor(request)
    going_on = one.outcome == Review.Outcome.OPEN
    may_settle = going_on and by.has_perm(verbs.REVIEW, municipality)
    offers = proofs.offers(municipality, system, one.checklist) if going_on else {}
    lines = _lines(one, offers, _people(municipality) if may_settle else None, request)
    if may_settle and request.method == "POST" and _all_valid(lines):
        try:
            changed = verbs.settle(one, by, {line.item.id: _given(line) for line in lines})
        except Refused as refused:
            _refuse(lines, refused)
        else:
            messages.success(request, _("{count}件の項目を保存しました。").format(count=len(changed)))
            return redirect("governance:review", municipality.code, one.pk)
    waits = [line for line in lines if line.row.state == ReviewItem.State.OPEN]
    context = {
        "review": one,
        "system": system,
        "risk": risk.shown(system),
        "follows": _(risk.FOLLOWS),
        "groups": [
            (principle_label(principle), list(group))
            for principle, group in groupby(lines, key=lambda line: line.item.principle)
        ],
        "lines": lines,
        "waits": waits,
        "settled": len(lines) - len(waits),
        "wrong": [line for line in lines if line.form is not None and line.form.errors],
        "going_on": going_on,
        "may_settle": may_settle,
        "may_decide": going_on and by.has_perm(verbs.DECIDE, municipality),
        "breadcrumbs": _breadcrumbs(municipality, system, _("版{v}の審査").format(v=one.version)),
    }
    return render(request, "governance/review/review.html", context)


@staff(verbs.DECIDE)
def board(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _review_or_404(pk)
    initial = {
        "on": one.board_date,
        "reference": one.board_reference,
        "opinion": one.board_opinion,
        "text": one.board_text,
    }
    form = BoardForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            verbs.report_to_board(one, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("有識者会議への報告を記録しました。"))
            return redirect("governance:review", municipality.code, one.pk)
    return _confirm(
        request,
        municipality,
        one,
        form,
        title=_("有識者会議への報告を記録する"),
        consequence=_("高リスクの審査では、この記録がないと承認できません。"),
        submit=_("記録する"),
    )


@staff(verbs.DECIDE)
def raise_to_high(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _review_or_404(pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.raise_to_high(one, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("高リスクとして扱います。"))
            return redirect("governance:review", municipality.code, one.pk)
    return _confirm(
        request,
        municipality,
        one,
        form,
        title=_("高リスクとして扱いますか"),
        consequence=_(
            "規則では通常の審査ですが、有識者会議に報告してから承認します。この審査では元に戻せません。"
        ),
        submit=_("高リスクとして扱う"),
    )


@staff("governance.see_register")
def evidence(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """A file handed in, to be kept by whoever may see it; never shown inside our own pages."""
    row = get_object_or_404(ReviewItem, pk=pk)
    path = stored(municipality, row.file_digest)
    if not row.file_digest or not path.exists():
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=row.file_name,
        content_type=MEDIA_TYPES.get(row.file_kind, "application/octet-stream"),  # type: ignore[call-overload]
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
    )


def _lines(
    one: Review,
    offers: Mapping[str, proofs.Offer],
    people: Sequence[tuple[str, str]] | None,
    request: HttpRequest,
) -> list[Line]:
    rows: QuerySet[ReviewItem] = one.items.select_related("owner", "settled_by")
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    lines = []
    for row in rows:
        offer = offers.get(row.item)
        form = None
        if people is not None:
            initial = {
                "state": row.state,
                "reference": row.reference or (offer.text if offer else ""),
                "note": row.note,
                "owner": row.owner_id,
                "done_on": row.done_on,
            }
            choices = [*people]
            if row.owner is not None and str(row.owner_id) not in dict(people):
                choices.append((str(row.owner_id), row.owner.name))
            form = ItemForm(*posted, prefix=row.item, initial=initial, people=choices)
        lines.append(Line(checklist.told(row.item, one.checklist, get_language() or "ja"), row, offer, form))
    return lines


def _all_valid(lines: Sequence[Line]) -> bool:
    return all(line.form is not None and line.form.is_valid() for line in lines)


def _given(line: Line) -> verbs.Given:
    assert line.form is not None
    said: dict[str, Any] = dict(line.form.cleaned_data)
    file = said.pop("file")
    owner = said.pop("owner")
    # What is only offered, on an item nobody has settled, is not yet anybody's word.
    offered = line.offer.text if line.offer else ""
    if said["state"] == ReviewItem.State.OPEN and said["reference"].strip() == offered.strip():
        said["reference"] = line.row.reference
    return verbs.Given(
        **said,
        owner=Person.objects.get(pk=owner) if owner else None,
        file=(file.name, file.read()) if file else None,
    )


def _refuse(lines: Sequence[Line], refused: Refused) -> None:
    """Shows a refusal at the item and field it names (``<item>-<field>``)."""
    item, _dash, field = (refused.field or "").rpartition("-")
    for line in lines:
        if line.form is not None and line.item.id == item:
            line.form.add_error(field, str(refused.message))
            return
    assert lines[0].form is not None
    lines[0].form.add_error(None, str(refused.message))


def _people(municipality: Municipality) -> list[tuple[str, str]]:
    here = Person.objects.filter(appointments__municipality=municipality, is_active=True)
    return [("", _("決めない")), *((str(one.pk), one.name) for one in here.distinct().order_by("name"))]


def _review_or_404(pk: int) -> Review:
    return get_object_or_404(Review.objects.select_related("system", "begun_by"), pk=pk)


def _system_or_404(one: Review) -> AISystem:
    try:
        return ai_system(one.system.key)
    except KeyError:
        raise Http404 from None


def _confirm(
    request: HttpRequest, municipality: Municipality, one: Review, form: Any, **context: Any
) -> HttpResponse:
    context |= {
        "form": form,
        "cancel_url": reverse("governance:review", args=[municipality.code, one.pk]),
        "breadcrumbs": _breadcrumbs(municipality, _system_or_404(one), context["title"]),
    }
    return render(request, "base/components/confirm.html", context)


def _breadcrumbs(municipality: Municipality, system: AISystem, here: str) -> list[tuple[object, str]]:
    return [
        (_("AI台帳"), reverse("governance:register", args=[municipality.code])),
        (system.title, reverse("governance:system", args=[municipality.code, system.key])),
        (here, ""),
    ]
