"""Model sheets: written, published, adopted; and what came of each adoption."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.joint.domain import monitoring_sheets as verbs
from machi.joint.domain.monitoring_progress import progress_of
from machi.joint.domain.monitoring_scope import is_office
from machi.joint.models import ModelAdoption, ModelSheet
from machi.joint.web.monitoring import MANAGE, SEE, below, the_project
from machi.joint.web.monitoring_forms import AdoptForm, OutcomeForm, ReasonForm, SheetForm
from machi.joint.web.monitoring_words import shown_kpi

A_PAGE = 25


@member(SEE)
def model_sheets(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """Published sheets, how often each was adopted, and how that went; one's own town's adoptions on top."""
    found = verbs.published()
    if "format" in request.GET:
        columns = [
            _("事業名"),
            _("分野"),
            _("代表の自治体"),
            _("一言で言うと"),
            _("公開日"),
            _("取り入れた自治体の数"),
            _("うまくいった（一部を含む）"),
            _("うまくいかなかった"),
        ]
        rows = (
            (
                one.project.title,
                one.project.get_area_display(),
                str(one.project.lead),
                one.summary,
                one.published_at,
                one.adopted,
                one.worked,
                one.failed,
            )
            for one in found
        )
        return export(request, "model-sheets", columns, rows)
    own = ModelAdoption.objects.filter(town=municipality).select_related("sheet__project")
    context = {
        "title": _("横展開モデル"),
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "own": own,
    }
    return render(request, "joint/monitoring/model_sheets.html", context)


@member(SEE)
def model_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The sheet, the project's figures beside it, who adopted it."""
    known, person = _the_sheet(request, municipality, pk), visitor(request)
    found = known.project
    adoptions = list(known.adoptions.select_related("town", "town__prefecture"))
    if "format" in request.GET:
        columns = [_("自治体"), _("取り入れた日"), _("どう取り入れるか"), _("結果"), _("どうなったか")]
        rows = [
            (str(one.town), one.adopted_on, one.plan, one.get_state_display(), one.outcome)
            for one in adoptions
        ]
        return export(request, f"model-{pk}-adoptions", columns, rows)
    part = found.members.filter(pk=municipality.pk).exists()
    own = next((one for one in adoptions if one.town_id == municipality.pk), None)
    adopts = person.has_perm(verbs.ADOPT, municipality)
    context = {
        "sheet": known,
        "project": found,
        "steps": [line for line in known.steps.splitlines() if line.strip()],
        "kpis": [shown_kpi(one) for one in progress_of([found])[found.pk]],
        "adoptions": adoptions,
        "own": own,
        "may_adopt": adopts and not part and own is None and known.published_at,
        "may_tell": adopts and own is not None,
        "writes": verbs.may_write(found, municipality, person),
        "office": is_office(person, municipality),
        "breadcrumbs": [*_breadcrumbs(municipality), (found.title, "")],
    }
    return render(request, "joint/monitoring/model_sheet.html", context)


@member(verbs.WRITE)
def write_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = the_project(pk), visitor(request)
    if not verbs.may_write(found, municipality, person):
        raise PermissionDenied
    sheet = getattr(found, "sheet", None)
    form = SheetForm(
        posted(request), initial={name: getattr(sheet, name) for name in verbs.TEXTS} if sheet else None
    )
    return acted(
        request,
        form,
        lambda: verbs.write(found, municipality, person, form.cleaned_data),
        done=_("保存しました。"),
        **{
            **below(municipality, found, _("横展開モデルを書く"), _("保存する")),
            "onward": lambda made: reverse("joint:model_sheet", args=[municipality.code, made.pk]),
        },
    )


@member(MANAGE)
def publish_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = _the_sheet(request, municipality, pk)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.publish(known, municipality, visitor(request)),
        done=_("公開しました。"),
        consequence=_("共同体のすべての自治体の職員が読み、取り入れられるようになります。"),
        **_below_sheet(municipality, known, _("横展開モデルを公開しますか"), _("公開する")),
    )


@member(MANAGE)
def withdraw_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = _the_sheet(request, municipality, pk)
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.withdraw(known, municipality, visitor(request), form.cleaned_data["reason"]),
        done=_("公開をやめました。"),
        **_below_sheet(municipality, known, _("横展開モデルの公開をやめる"), _("公開をやめる")),
    )


@member(verbs.ADOPT)
def adopt_sheet(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = _the_sheet(request, municipality, pk)
    form = AdoptForm(posted(request), initial={"adopted_on": timezone.localdate()})
    return acted(
        request,
        form,
        lambda: verbs.adopt(known, municipality, visitor(request), form.cleaned_data),
        done=_("取り入れた自治体として登録しました。結果が出たら、ここから伝えてください。"),
        **_below_sheet(municipality, known, _("このモデルを取り入れる"), _("取り入れる")),
    )


@member(verbs.ADOPT)
def tell_outcome(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Of the own town's adoption of this sheet."""
    known = _the_sheet(request, municipality, pk)
    adoption = get_object_or_404(ModelAdoption, sheet=known, town=municipality)
    form = OutcomeForm(posted(request), initial={"state": adoption.state, "outcome": adoption.outcome})
    return acted(
        request,
        form,
        lambda: verbs.tell_outcome(adoption, municipality, visitor(request), **form.cleaned_data),
        done=_("結果を伝えました。"),
        **_below_sheet(municipality, known, _("取り入れた結果を伝える"), _("伝える")),
    )


def _the_sheet(request: HttpRequest, municipality: Municipality, pk: int) -> ModelSheet:
    """Published; or one's own draft; or one's own adoption of what is published no more."""
    found: ModelSheet = get_object_or_404(
        ModelSheet.objects.select_related(
            "project", "project__lead", "project__lead__prefecture", "consortium"
        ),
        pk=pk,
    )
    adopted = found.adoptions.filter(town=municipality)
    if (
        found.published_at
        or verbs.may_write(found.project, municipality, visitor(request))
        or adopted.exists()
    ):
        return found
    raise PermissionDenied


def _breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("横展開モデル"), reverse("joint:model_sheets", args=[municipality.code]))]


def _below_sheet(municipality: Municipality, known: ModelSheet, title: str, submit: str) -> dict[str, Any]:
    page = reverse("joint:model_sheet", args=[municipality.code, known.pk])
    return {
        "onward": page,
        "title": title,
        "submit": submit,
        "cancel_url": page,
        "breadcrumbs": [*_breadcrumbs(municipality), (known.project.title, page), (title, "")],
    }
