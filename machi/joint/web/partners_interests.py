"""Interest in another town: telling it, answering, talking; and the pairs that the joint office sees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, EraseForm, add_refusal
from machi.base.web.history import told
from machi.joint.domain import partners as choices
from machi.joint.domain import partners_erasure
from machi.joint.domain import partners_interests as verbs
from machi.joint.models import Interest
from machi.joint.web.partners import below
from machi.joint.web.partners_forms import AnswerForm, InterestForm, MessageForm

SEE = "joint.see_interests"
DECLARE = "joint.declare_interest"
_A_PAGE = 25
State = Interest.State
ACTIONS = {
    "declare": gettext_noop("関心を伝えた"),
    "yes": gettext_noop("関心ありと答えた"),
    "no": gettext_noop("見送ると答えた"),
    "withdraw": gettext_noop("取り下げた"),
    "say": gettext_noop("書いた"),
}


@member(SEE)
def interests(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """The town's own, both ways; for the joint office the pairs."""
    person = visitor(request)
    found = verbs.visible(municipality, person)
    if "format" in request.GET:
        return _file(request, found)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("関心の表明"),
        "page_obj": page,
        "declares": person.has_perm(DECLARE, municipality),
        "breadcrumbs": below(municipality, _("関心の表明")),
    }
    return render(request, "joint/partners/interests.html", context)


@member(SEE)
def interest(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    found = _the(municipality, person, pk)
    declares = person.has_perm(DECLARE, municipality)
    waiting = found.state == State.WAITING
    selection = found.selection
    context = {
        "interest": found,
        "conversation": found.messages.select_related("town", "person"),
        "answers": declares and waiting and found.asked_id == municipality.pk,
        "withdraws": declares and waiting and found.asking_id == municipality.pk,
        "erases": _may_erase(found, municipality, person)
        and found.messages.filter(text__isnull=False).exists(),
        "form": MessageForm() if _may_say(found, municipality, person) else None,
        "sees_selection": selection is not None
        and choices.visible(municipality, person).filter(pk=selection.pk).exists(),
        "events": told(f"interest:{pk}", ACTIONS),
        "breadcrumbs": below(municipality, _list(municipality), _title(found)),
        "title": _title(found),
    }
    return render(request, "joint/partners/interest.html", context)


@member(DECLARE)
def declare(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    person = visitor(request)
    form = InterestForm(
        request.POST or None,
        initial={"other": request.GET.get("to"), "selection": _number(request.GET.get("selection", ""))},
        others=members(consortium).exclude(pk=municipality.pk),
        selections=choices.visible(municipality, person).filter(shared=True),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.declare(consortium, municipality, person, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("%(town)sに関心を伝えました。") % {"town": made.asked})
            return redirect("joint:partners_interest", municipality.code, made.pk)
    context = {
        "title": _("関心を伝える"),
        "lead": _(
            "相手の町の人だけに見えます。相手が「関心あり」と答えると組になり、事務局にも見えます。"
            "見送られても、ほかの町や事務局には知られません。"
        ),
        "form": form,
        "submit": _("伝える"),
        "cancel_url": reverse("joint:partners_interests", args=[municipality.code]),
        "breadcrumbs": below(municipality, _list(municipality), _("関心を伝える")),
    }
    return render(request, "base/components/confirm.html", context)


@member(DECLARE)
def answer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, answer: str
) -> HttpResponseBase:
    """Yes or no, asked once more before it is said."""
    found = _the(municipality, visitor(request), pk)
    if answer not in ("yes", "no") or found.asked_id != municipality.pk:
        raise Http404
    yes = answer == "yes"
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.answer(found, visitor(request), yes=yes, message=form.cleaned_data["message"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("「関心あり」と答えました。") if yes else _("見送ると答えました。"))
            return redirect("joint:partners_interest", municipality.code, pk)
    names = {"town": found.asking, "work": found.work}
    context = {
        "title": (
            _("%(town)sの「%(work)s」に、関心ありと答えますか")
            if yes
            else _("%(town)sの「%(work)s」を、見送ると答えますか")
        )
        % names,
        "consequence": _("双方が関心ありの組として、事務局に見えるようになります。")
        if yes
        else _("相手の町だけに伝わります。事務局やほかの町には見えません。"),
        "form": form,
        "submit": _("関心ありと答える") if yes else _("見送ると答える"),
        "cancel_url": reverse("joint:partners_interest", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


@member(DECLARE)
def withdraw(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = _the(municipality, visitor(request), pk)
    if found.asking_id != municipality.pk:
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.withdraw(found, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("取り下げました。"))
            return redirect("joint:partners_interest", municipality.code, pk)
    context = {
        "title": _("%(town)sへの関心を取り下げますか") % {"town": found.asked},
        "consequence": _("相手の町には、取り下げたことが見えます。あとでまた伝えられます。"),
        "form": form,
        "submit": _("取り下げる"),
        "cancel_url": reverse("joint:partners_interest", args=[municipality.code, pk]),
    }
    return render(request, "base/components/confirm.html", context)


@member(DECLARE)
def erase(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What the two wrote to each other, by the manager of either."""
    person = visitor(request)
    found = _the(municipality, person, pk)
    if not _may_erase(found, municipality, person):
        raise Http404
    form = EraseForm(request.POST or None)
    page = reverse("joint:partners_interest", args=[municipality.code, pk])
    return acted(
        request,
        form,
        lambda: partners_erasure.erase_talk(
            found,
            municipality,
            person,
            ground=form.cleaned_data["ground"],
            reference=form.cleaned_data["reference"],
        ),
        title=_("やりとりを消去しますか"),
        submit=_("消去する"),
        done=_("消去しました。"),
        onward=page,
        cancel_url=page,
        breadcrumbs=below(municipality, _list(municipality), (_title(found), page), _("消去")),
        consequence=_(
            "両方の町と事務局が、これまでに書いた本文が消えます。関心と返事の記録は残ります。元に戻せません。"
        ),
        danger=True,
    )


@member(SEE)
@require_POST
def say(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    found = _the(municipality, person, pk)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            verbs.say(found, person, verbs.speaks_as(found, municipality, person), form.cleaned_data["text"])
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, _("書きました。"))
    else:
        messages.error(request, _("本文を書いてください。"))
    return redirect("joint:partners_interest", municipality.code, pk)


def _may_say(interest: Interest, municipality: Municipality, person: Person) -> bool:
    if interest.state in (State.NO, State.WITHDRAWN):
        return False
    return interest.state == State.YES or verbs.speaks_as(interest, municipality, person) is not None


def _may_erase(interest: Interest, municipality: Municipality, person: Person) -> bool:
    """Of the two towns, not of another whose joint office reads along."""
    mine = municipality.pk in (interest.asking_id, interest.asked_id)
    return mine and person.has_perm(DECLARE, municipality)


def _the(municipality: Municipality, person: Person, pk: int) -> Interest:
    found: Interest = get_object_or_404(verbs.visible(municipality, person), pk=pk)
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _title(interest: Interest) -> str:
    return _("%(asking)sから%(asked)sへ: %(work)s") % {
        "asking": interest.asking,
        "asked": interest.asked,
        "work": interest.work,
    }


def _list(municipality: Municipality) -> tuple[str, str]:
    return _("関心の表明"), reverse("joint:partners_interests", args=[municipality.code])


def _file(request: HttpRequest, found: Any) -> HttpResponseBase:
    columns = [_("伝えた町"), _("相手の町"), _("仕事"), _("状態"), _("伝えた日時"), _("返事の日時")]
    rows = (
        [str(one.asking), str(one.asked), one.work, one.get_state_display(), one.asked_at, one.answered_at]
        for one in found
    )
    return export(request, "interests", columns, rows)
