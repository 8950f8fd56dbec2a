"""The use rules as people read and confirm them, with their versions and what changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.files import WORD, attached
from machi.base.web.markdown import render_markdown
from machi.governance.domain import policy as verbs
from machi.governance.domain import policy_readers as readers
from machi.governance.domain.policy_word import word
from machi.governance.engine.policy import differences
from machi.governance.models import PolicyAcknowledgement, PolicyVersion

_A_PAGE = 25
State = PolicyVersion.State


@staff("governance.read_policy")
def policy(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """The newest version, with the button to confirm it."""
    person, version = visitor(request), verbs.newest()
    context: dict[str, Any] = {
        "may_edit": person.has_perm("governance.edit_policy", municipality),
        "draft": verbs.draft(),
    }
    if version is not None:
        acknowledged = PolicyAcknowledgement.objects.filter(version=version, person=person).first()
        context |= {
            **shown(version),
            "acknowledged": acknowledged,
            "confirmed": acknowledged is not None or readers.has_confirmed(person),
            "as_published": verbs.is_as_published(version),
        }
    return render(request, "governance/policy/policy.html", context)


@staff("governance.read_policy")
@require_POST
def acknowledge(request: HttpRequest, municipality: Municipality, number: int) -> HttpResponseBase:
    try:
        readers.acknowledge(_published(number), visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("確認しました。"))
    return redirect("governance:policy", municipality.code)


@staff("governance.read_policy")
def versions(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    found = PolicyVersion.objects.filter(state=State.PUBLISHED).select_related("changed_by")
    if "format" in request.GET:
        columns = [
            _("版"), _("公開日時"), _("施行日"), _("次に見直す日"), _("全員の確認"), _("変えたところ"), _("公開した人"),
        ]  # fmt: skip
        rows = (
            (
                one.number,
                one.published_at,
                one.effective_on,
                one.review_on,
                one.material,
                one.change_note,
                one.changed_by.name,
            )
            for one in found
        )
        return export(request, "policy-versions", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "breadcrumbs": breadcrumbs(municipality, _("版の一覧"))}
    return render(request, "governance/policy/versions.html", context)


@staff("governance.read_policy")
def version(request: HttpRequest, municipality: Municipality, number: int) -> HttpResponseBase:
    """One published version by itself, laid out for paper."""
    found = _published(number)
    context = {
        **shown(found),
        "as_published": verbs.is_as_published(found),
        "breadcrumbs": breadcrumbs(municipality, _("第%(number)s版") % {"number": number}),
    }
    return render(request, "governance/policy/version.html", context)


@staff("governance.read_policy")
def difference(request: HttpRequest, municipality: Municipality, number: int) -> HttpResponseBase:
    """What this version changed of the one published before it."""
    found = _published(number)
    before = PolicyVersion.objects.filter(state=State.PUBLISHED, number__lt=number).first()
    context = {
        "version": found,
        "before": before,
        "differences": differences(verbs.sections(before), verbs.sections(found)) if before else [],
        "breadcrumbs": breadcrumbs(municipality, _("第%(number)s版で変えたところ") % {"number": number}),
    }
    return render(request, "governance/policy/difference.html", context)


@staff("governance.read_policy")
def as_word(request: HttpRequest, municipality: Municipality, number: int) -> HttpResponse:
    data = word(_published(number), municipality.name)
    return attached(data, f"policy-v{number}.docx", WORD)


def shown(version: PolicyVersion) -> dict[str, Any]:
    """The version with its sections as HTML."""
    return {
        "version": version,
        "sections": [
            {
                "number": number,
                "key": one.key,
                "title": one.title,
                "html": render_markdown(one.body, one.title),
            }
            for number, one in enumerate(verbs.sections(version), 1)
        ],
    }


def breadcrumbs(municipality: Municipality, *here: str) -> list[tuple[str, str]]:
    begin = (_("AI利用ルール"), reverse("governance:policy", args=[municipality.code]))
    return [begin, *((label, "") for label in here)]


def _published(number: int) -> PolicyVersion:
    return get_object_or_404(
        PolicyVersion.objects.select_related("changed_by"), number=number, state=State.PUBLISHED
    )
