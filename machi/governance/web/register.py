"""The register of AI systems: the list, and one system with its state, its risk and its history."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.governance.domain import register, risk
from machi.governance.models import RegisteredSystem, Review

State = RegisteredSystem.State
CHIPS = {
    State.DRAFT: "",
    State.UNDER_REVIEW: "info",
    State.APPROVED: "success",
    State.SUSPENDED: "danger",
    State.RETIRED: "",
}


@staff("governance.see_register")
def register_list(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    entries = register.entries(municipality)
    if "format" in request.GET:
        columns = [
            _("AIシステム"), _("状態"), _("動いているか"), _("いまの版"), _("承認した版"), _("承認の期限"),
            _("承認の条件"), _("目的"), _("しないこと"),
        ]  # fmt: skip
        rows = (
            (
                str(one.system.title),
                one.row.get_state_display(),
                one.runs,
                one.system.version,
                one.row.version,
                one.row.approved_until,
                one.row.conditions,
                str(one.system.purpose),
                str(one.system.never),
            )
            for one in entries
        )
        return export(request, "ai-systems", columns, rows)
    shown = [(one, CHIPS[State(one.row.state)]) for one in entries]
    return render(request, "governance/register/list.html", {"entries": shown})


@staff("governance.see_register")
def system(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    one = entry_or_404(municipality, key)
    person = visitor(request)
    may_decide = person.has_perm(register.DECIDE, municipality)
    may_review = person.has_perm(register.REVIEW, municipality)
    stored = one.row.pk is not None
    state = State(one.row.state)
    decisions = one.row.decisions.select_related("by") if stored else []
    context = {
        "entry": one,
        "chip": CHIPS[state],
        "risk": risk.shown(one.system),
        "follows": _(risk.FOLLOWS),
        "decisions": decisions,
        "reviews": one.row.reviews.exclude(outcome=Review.Outcome.OPEN) if stored else [],
        "may_submit": may_review and one.review is None and state != State.UNDER_REVIEW,
        "is_renewal": state == State.APPROVED and one.stands,
        "may_review": may_review,
        "may_see_ledger": person.has_perm("base.see_ledger", municipality),
        "may_suspend": may_decide and state == State.APPROVED,
        "may_resume": may_decide and state == State.SUSPENDED and one.stands,
        "may_retire": may_decide and state != State.RETIRED,
        "breadcrumbs": breadcrumbs(municipality, one),
    }
    return render(request, "governance/register/system.html", context)


def entry_or_404(municipality: Municipality, key: str) -> register.Entry:
    try:
        return register.entry(municipality, key)
    except KeyError:
        raise Http404 from None


def breadcrumbs(municipality: Municipality, one: register.Entry, here: str = "") -> list[tuple[object, str]]:
    page = reverse("governance:system", args=[municipality.code, one.system.key])
    first = (_("AI台帳"), reverse("governance:register", args=[municipality.code]))
    return [first, (one.system.title, page if here else ""), *([(here, "")] if here else [])]
