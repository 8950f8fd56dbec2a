"""Proposals: the list, one proposal, and writing it together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.engine.file_kind import MEDIA_TYPES
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal
from machi.base.web.history import told
from machi.governance.domain.evidence import stored
from machi.joint.domain import calls_proposals as verbs
from machi.joint.domain.calls import takes_proposals
from machi.joint.domain.calls_access import (
    SIGN,
    WRITE,
    is_own,
    readable_proposals,
    results_known,
    shown_state,
    towns_behind,
    visible_proposals,
)
from machi.joint.models import Proposal, ProposalAttachment
from machi.joint.web.calls_pages import (
    OFFICE_ACTIONS,
    PROPOSAL_ACTIONS,
    acting,
    ask,
    ask_why,
    crumbs,
    fill,
    is_office,
    the_call,
    the_proposal,
)
from machi.joint.web.calls_proposal_forms import (
    AttachForm,
    BeginForm,
    MembersForm,
    ProposalFilter,
    ProposalForm,
)

_A_PAGE = 25
State = Proposal.State


@member("joint.see")
def proposals(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Of one call: all handed in for the office, its own for a town."""
    found, office = the_call(request, municipality, pk), is_office(request, municipality)
    form = ProposalFilter(request.GET)
    rows = (
        visible_proposals(visitor(request), municipality)
        .filter(call=found)
        .prefetch_related(towns_behind())
        .order_by("number", "pk")
    )
    if form.is_valid():
        rows = _filtered(rows, form.cleaned_data, settled=office or found.state in ("decided", "announced"))
    if "format" in request.GET:
        return _exported(request, rows, office=office)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.call = found
        one.shown_state = shown_state(one, office=office)  # type: ignore[attr-defined]
    context = {
        "title": _("提案"),
        "call": found,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "page_obj": page,
        "office": office,
        "may_begin": takes_proposals(found) and visitor(request).has_perm(WRITE, municipality),
        "breadcrumbs": crumbs(municipality, found, _("提案")),
    }
    return render(request, "joint/calls/proposals.html", context)


@member("joint.see")
def proposal(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_proposal(request, municipality, pk)
    office, own = is_office(request, municipality), is_own(found, municipality)
    person = visitor(request)
    drafting = own and found.state == State.DRAFT and takes_proposals(found.call)
    signed = {one.municipality_id for one in found.members.all() if one.signed_at}
    context = {
        "proposal": found,
        "call": found.call,
        "state": shown_state(found, office=office),
        "office": office,
        "own": own,
        "leads": found.lead_id == municipality.pk,
        "may_write": drafting and person.has_perm(WRITE, municipality),
        "may_sign": drafting and person.has_perm(SIGN, municipality) and municipality.pk not in signed,
        "may_submit": drafting and found.lead_id == municipality.pk and person.has_perm(SIGN, municipality),
        "may_withdraw": own
        and found.lead_id == municipality.pk
        and person.has_perm(SIGN, municipality)
        and found.state in (State.DRAFT, State.SUBMITTED, State.PASSED),
        "missing": verbs.why_not_submitted(found) if drafting else [],
        "decision": getattr(found, "decision", None) if results_known(found) else None,
        "screening": getattr(found, "screening", None) if office else None,
        "events": told(f"proposal:{pk}", OFFICE_ACTIONS if office else PROPOSAL_ACTIONS),
        "breadcrumbs": crumbs(municipality, found.call, found),
    }
    return render(request, "joint/calls/proposal.html", context)


@member(WRITE)
def begin_proposal(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_call(request, municipality, pk)
    form = BeginForm(request.POST or None, towns=members(consortium).exclude(pk=municipality.pk))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            begun = verbs.begin(found, acting(request, municipality), given["title"], list(given["members"]))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("joint:write_proposal", municipality.code, begun.pk)
    context = {
        "title": _("提案を書き始める"),
        "form": form,
        "submit": _("書き始める"),
        "cancel_url": reverse("joint:call", args=[municipality.code, pk]),
        "breadcrumbs": crumbs(municipality, found, _("提案を書き始める")),
    }
    return render(request, "base/components/confirm.html", context)


@member(WRITE)
def write_proposal(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A plain form that saves; htmx saves it meanwhile and answers with a line that says so."""
    found = _own(request, municipality, pk)
    if found.state != State.DRAFT:
        messages.error(request, _("提出した提案は変えられません。"))
        return redirect("joint:proposal", municipality.code, pk)
    now = {**{name: getattr(found, name) for name in verbs.FIELDS}, "revision": found.revision}
    form = ProposalForm(request.POST or None, call=found.call, initial=now)
    by_itself = bool(request.htmx)  # type: ignore[attr-defined]
    if request.method == "POST":
        form.full_clean()
        given = {name: form.cleaned_data[name] for name in verbs.FIELDS if name in form.cleaned_data}
        refused = None
        if by_itself or form.is_valid():
            try:
                found = verbs.write(
                    found,
                    acting(request, municipality),
                    given,
                    form.cleaned_data.get("revision") or 0,
                    autosave=by_itself,
                )
            except Refused as why:
                refused = why
                add_refusal(form, why)
        if by_itself:
            told_back = {"proposal": found, "refused": refused, "form": form}
            return render(request, "joint/calls/saved.html", told_back)
        if form.is_valid():
            messages.success(request, _("保存しました。"))
            return redirect("joint:proposal", municipality.code, pk)
    context = {
        "title": _("提案を書く"),
        "proposal": found,
        "form": form,
        "cancel_url": reverse("joint:proposal", args=[municipality.code, pk]),
        "breadcrumbs": crumbs(municipality, found.call, found, _("書く")),
    }
    return render(request, "joint/calls/write.html", context)


@member(WRITE)
def proposal_members(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    now = [one.municipality_id for one in found.members.all()]
    return fill(
        request,
        MembersForm(
            request.POST or None,
            towns=members(consortium).exclude(pk=found.lead_id),
            initial={"members": now},
        ),
        lambda given: verbs.set_members(found, acting(request, municipality), list(given["members"])),
        title=_("構成自治体を決める"),
        submit=_("保存する"),
        done=_("構成自治体を決めました。"),
        back=_page(municipality, found),
        breadcrumbs=crumbs(municipality, found.call, found, _("構成自治体")),
        consequence=_("変えると、これまでの同意は取り消され、もう一度同意してもらいます。"),
    )


@member(WRITE)
def attach(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    return fill(
        request,
        AttachForm(request.POST or None, request.FILES or None),
        lambda given: verbs.attach(
            found, acting(request, municipality), given["file"].name, given["file"].read()
        ),
        title=_("ファイルを添付する"),
        submit=_("添付する"),
        done=_("添付しました。"),
        back=_page(municipality, found),
        breadcrumbs=crumbs(municipality, found.call, found, _("添付")),
    )


@member("joint.see")
@require_safe
def attachment(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, file: int
) -> HttpResponseBase:
    """For whoever may read the proposal, its reviewers too; never shown inside our own pages."""
    found = get_object_or_404(readable_proposals(visitor(request), municipality), pk=pk)
    row = get_object_or_404(ProposalAttachment, pk=file, proposal=found)
    path = stored(found.lead, row.digest)
    if not path.exists():
        raise Http404
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=row.name,
        content_type=MEDIA_TYPES[row.kind],  # type: ignore[index]
    )
    response["Cache-Control"] = "no-store"
    return response


@member(WRITE)
@require_POST
def detach(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, file: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    row = get_object_or_404(ProposalAttachment, pk=file, proposal=found)
    try:
        verbs.detach(row, acting(request, municipality))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("「%(name)s」を外しました。") % {"name": row.name})
    return redirect("joint:proposal", municipality.code, pk)


@member(SIGN)
def sign_proposal(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    return ask(
        request,
        municipality,
        lambda: verbs.sign(found, acting(request, municipality)),
        title=_("%(town)sとして、この提案に同意しますか") % {"town": municipality},
        consequence=_(
            "いま書かれている内容への同意です。この後に誰かが直すと、もう一度同意が必要になります。"
        ),
        submit=_("同意する"),
        done=_("同意しました。"),
        back=_page(municipality, found),
    )


@member(SIGN)
def submit_proposal(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    return ask(
        request,
        municipality,
        lambda: verbs.submit(found, acting(request, municipality)),
        title=_("「%(title)s」を提出しますか") % {"title": found.title},
        consequence=_("提出すると、内容は変えられません。共同事務局が読めるようになります。"),
        submit=_("提出する"),
        done=_("提出しました。"),
        back=_page(municipality, found),
        danger=True,
    )


@member(SIGN)
def withdraw_proposal(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _own(request, municipality, pk)
    return ask_why(
        request,
        municipality,
        lambda reason: verbs.withdraw(found, acting(request, municipality), reason),
        title=_("提案を取り下げる"),
        consequence=_("取り下げた提案は、元に戻せません。"),
        done=_("取り下げました。"),
        back=_page(municipality, found),
        breadcrumbs=crumbs(municipality, found.call, found, _("取り下げ")),
    )


def _own(request: HttpRequest, municipality: Municipality, pk: int) -> Proposal:
    found = the_proposal(request, municipality, pk)
    if not is_own(found, municipality):
        raise Http404
    return found


def _page(municipality: Municipality, found: Proposal) -> str:
    return reverse("joint:proposal", args=[municipality.code, found.pk])


def _filtered(rows: QuerySet[Proposal], given: dict[str, Any], *, settled: bool) -> QuerySet[Proposal]:
    """A town must not learn how screening went by asking for a state."""
    if given["area"]:
        rows = rows.filter(area=given["area"])
    state = given["state"]
    if not state:
        return rows
    if not settled and state in (State.SUBMITTED, State.PASSED, State.FAILED):
        return rows.filter(state__in=(State.SUBMITTED, State.PASSED, State.FAILED))
    return rows.filter(state=state)


def _exported(request: HttpRequest, rows: QuerySet[Proposal], *, office: bool) -> HttpResponseBase:
    columns = [
        _("受付番号"),
        _("事業名"),
        _("状態"),
        _("分野"),
        _("代表自治体"),
        _("構成自治体"),
        _("申請額（円）"),
        _("開始日"),
        _("終了日"),
        _("提出日時"),
        _("概要"),
    ]
    return export(
        request,
        "proposals",
        columns,
        (
            [
                one.number,
                one.title,
                shown_state(one, office=office),
                one.get_area_display(),
                one.lead.name,
                "、".join(town.municipality.name for town in one.members.all()),
                one.amount,
                one.starts_on,
                one.ends_on,
                one.submitted_at,
                one.summary,
            ]
            for one in rows
        ),
    )
