"""What the pages of calls share: finding the row a person may see, crumbs, forms that ask and then do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Municipality
from machi.base.web.access import visitor
from machi.base.web.acting import FORM_PAGE, acted
from machi.base.web.forms import ConfirmForm
from machi.joint.domain.calls_access import RUN, towns_behind, visible_calls, visible_proposals
from machi.joint.domain.calls_record import Acting
from machi.joint.models import Call, Proposal
from machi.joint.web.calls_forms import ReasonForm

CALL_ACTIONS = {
    "begin": gettext_noop("公募の下書きを作った"),
    "change": gettext_noop("公募の内容を直した"),
    "criteria": gettext_noop("観点と重みを決めた"),
    "publish": gettext_noop("募集を始めた"),
    "deadline": gettext_noop("締切日を延ばした"),
    "close": gettext_noop("応募を締め切った"),
    "reviewer": gettext_noop("審査員を決めた"),
    "dismiss": gettext_noop("審査員を外した"),
    "assign": gettext_noop("審査員を割り当てた"),
    "evaluate": gettext_noop("順位と推薦を計算した"),
    "steadiness": gettext_noop("採択の揺れを計算した"),
    "decide": gettext_noop("採否を決めた"),
    "announce": gettext_noop("結果を公表した"),
    "cancel": gettext_noop("公募を中止した"),
}
TOWN_CALL_ACTIONS = {
    name: CALL_ACTIONS[name] for name in ("publish", "deadline", "close", "decide", "announce", "cancel")
}
"""What a town reads of it: not who reviews, nor when what was computed."""
PROPOSAL_ACTIONS = {
    "begin": gettext_noop("提案の下書きを作った"),
    "write": gettext_noop("書き足した"),
    "members": gettext_noop("構成自治体を変えた"),
    "attach": gettext_noop("ファイルを添付した"),
    "detach": gettext_noop("添付を外した"),
    "sign": gettext_noop("同意した"),
    "submit": gettext_noop("提出した"),
    "import": gettext_noop("一覧から取り込んだ"),
    "withdraw": gettext_noop("取り下げた"),
    "decide": gettext_noop("採否が決まった"),
}
"""What its own towns may read of it too."""
OFFICE_ACTIONS = {**PROPOSAL_ACTIONS, "screen": gettext_noop("形式審査をした")}


def acting(request: HttpRequest, municipality: Municipality) -> Acting:
    return Acting(municipality, visitor(request))


def is_office(request: HttpRequest, municipality: Municipality) -> bool:
    return visitor(request).has_perm(RUN, municipality)


def the_call(request: HttpRequest, municipality: Municipality, pk: int) -> Call:
    found: Call = get_object_or_404(
        visible_calls(visitor(request), municipality).select_related("consortium", "created_by"), pk=pk
    )
    return found


def the_proposal(request: HttpRequest, municipality: Municipality, pk: int) -> Proposal:
    """One the person may see as the office or as one of its towns."""
    found: Proposal = get_object_or_404(
        visible_proposals(visitor(request), municipality)
        .select_related("call__consortium", "lead__prefecture", "changed_by", "decision")
        .prefetch_related(towns_behind(), "attachments"),
        pk=pk,
    )
    return found


def crumbs(municipality: Municipality, *more: Call | Proposal | str) -> list[tuple[str, str]]:
    """From the list of calls down to this page; the last has no link."""
    found = [(_("共同事業の公募"), reverse("joint:calls", args=[municipality.code]))]
    for one in more:
        if isinstance(one, str):
            found.append((one, ""))
        else:
            page = "joint:call" if isinstance(one, Call) else "joint:proposal"
            found.append((one.title, reverse(page, args=[municipality.code, one.pk])))
    return [*found[:-1], (found[-1][0], "")]


def ask(
    request: HttpRequest,
    municipality: Municipality,
    act: Callable[[], object],
    *,
    title: str,
    consequence: str,
    submit: str,
    done: str,
    back: str,
    danger: bool = False,
) -> HttpResponseBase:
    """A page that asks; what was answered yes is done."""
    return acted(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        act,
        onward=back,
        done=done,
        title=title,
        consequence=consequence,
        submit=submit,
        cancel_url=back,
        danger=danger,
    )


def ask_why(
    request: HttpRequest,
    municipality: Municipality,
    act: Callable[[str], object],
    *,
    title: str,
    consequence: str,
    done: str,
    back: str,
    breadcrumbs: list[tuple[str, str]],
) -> HttpResponseBase:
    """The same with a reason."""
    return fill(
        request,
        ReasonForm(request.POST or None),
        lambda given: act(given["reason"]),
        title=title,
        submit=title,
        done=done,
        back=back,
        breadcrumbs=breadcrumbs,
        consequence=consequence,
        danger=True,
    )


def fill(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    submit: str,
    done: str,
    back: str,
    breadcrumbs: list[tuple[str, str]],
    template: str = FORM_PAGE,
    **more: Any,
) -> HttpResponseBase:
    """A page with a form; what was filled in is done. ``back`` may be where to go on."""
    return acted(
        request,
        form,
        lambda: act(form.cleaned_data),
        onward=back,
        done=done,
        template=template,
        title=title,
        submit=submit,
        cancel_url=back,
        breadcrumbs=breadcrumbs,
        **more,
    )
