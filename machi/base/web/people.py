"""The people of a municipality: who they are, which roles they hold, and changing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain import people
from machi.base.domain.errors import Refused
from machi.base.models import Municipality, Person, Role
from machi.base.web.access import staff, visitor
from machi.base.web.export import Value, export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.base.web.people_forms import SHOW, AppointForm, CreateForm, DeliveryForm, RenameForm

_PEOPLE_A_PAGE = 50
_LINK_FOR = "people.link_for"
"""Session key: the person whose link the next page shows, once."""


@staff(people.MANAGE)
def people_list(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    words = request.GET.get("q", "").strip()[:100]
    role = request.GET.get("role", "")
    found = people.people_of(municipality)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    if role in Role.values:
        found = found.filter(appointments__municipality=municipality, appointments__role=role)
    if request.GET.get("format"):
        return export(request, "people", _COLUMNS, _rows(found))
    context = {
        "words": words,
        "role": role,
        "roles": [(one.value, one.label) for one in people.GRANTABLE],
        "page_obj": Paginator(found, _PEOPLE_A_PAGE).get_page(request.GET.get("page")),
        "above": people.appointed_above(municipality),
    }
    return render(request, "base/people.html", context)


@staff(people.MANAGE)
def create(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = CreateForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        delivery = given.pop("delivery")
        try:
            person = people.create_person(municipality, by=visitor(request), **given)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("%(name)sさんを登録しました。") % {"name": person.name})
            if not person.has_usable_password():
                deliver(request, person, delivery)
            return redirect("base:person", municipality.code, person.pk)
    return render(request, "base/person_create.html", {"form": form})


@staff(people.MANAGE)
def person(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(municipality, pk)
    by = visitor(request)
    context = {
        "one": one,
        "is_self": one.pk == by.pk,
        "may_change_account": people.may_change_account(by, one),
        "link": people.password_link(one) if request.session.get(_LINK_FOR) == one.pk else "",
    }
    request.session.pop(_LINK_FOR, None)
    response = render(request, "base/person.html", context)
    response["Cache-Control"] = "no-store"
    return response


@staff(people.MANAGE)
def appoint(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(municipality, pk)
    form = AppointForm(request.POST or None)
    if form.is_valid() and _done(request, form, people.appoint, municipality, one, **form.cleaned_data):
        messages.success(request, _("役割を付けました。"))
        return _back(municipality, one)
    return _ask(
        request, municipality, one, form, title=_("%(name)sさんに役割を付ける"), submit=_("役割を付ける")
    )


@staff(people.MANAGE)
def dismiss(request: HttpRequest, municipality: Municipality, pk: int, role: str) -> HttpResponse:
    one = _one(municipality, pk)
    if role not in {appointment.role for appointment in one.here}:
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(request, form, people.dismiss, municipality, one, role=role):
        messages.success(request, _("役割を外しました。"))
        if len(one.here) == 1:
            return redirect("base:people", municipality.code)
        return _back(municipality, one)
    last = len(one.here) == 1
    return _ask(
        request,
        municipality,
        one,
        form,
        title=_("%(name)sさんから役割を外しますか"),
        consequence=_("役割「%(role)s」を外します。") % {"role": Role(role).label}
        + (_("最後の役割なので、この自治体の職員の一覧からも消えます。") if last else ""),
        submit=_("役割を外す"),
        danger=True,
    )


@staff(people.MANAGE)
def rename(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(municipality, pk)
    form = RenameForm(request.POST or None, initial={"name": one.name})
    if form.is_valid() and _done(request, form, people.rename, municipality, one, **form.cleaned_data):
        messages.success(request, _("氏名を直しました。"))
        return _back(municipality, one)
    return _ask(request, municipality, one, form, title=_("%(name)sさんの氏名を直す"), submit=_("保存する"))


@staff(people.MANAGE)
def deactivate(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(municipality, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(request, form, people.deactivate, municipality, one):
        messages.success(request, _("アカウントを停止しました。"))
        return _back(municipality, one)
    return _ask(
        request,
        municipality,
        one,
        form,
        title=_("%(name)sさんのアカウントを停止しますか"),
        consequence=_(
            "すぐにログインできなくなり、今のログインも切れます。役割と過去の記録は残り、あとで停止を解けます。"
        ),
        submit=_("停止する"),
        danger=True,
    )


@staff(people.MANAGE)
def reactivate(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(municipality, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(request, form, people.reactivate, municipality, one):
        messages.success(request, _("停止を解きました。"))
        return _back(municipality, one)
    return _ask(
        request,
        municipality,
        one,
        form,
        title=_("%(name)sさんの停止を解きますか"),
        consequence=_("前と同じパスワードと役割で、またログインできるようになります。"),
        submit=_("停止を解く"),
    )


@staff(people.MANAGE)
def reset(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    one = _one(municipality, pk)
    form = DeliveryForm(request.POST or None)
    if form.is_valid() and _done(request, form, people.reset, municipality, one):
        deliver(request, Person.objects.get(pk=pk), form.cleaned_data["delivery"])
        return _back(municipality, one)
    return _ask(
        request,
        municipality,
        one,
        form,
        title=_("%(name)sさんのログインをやり直しますか"),
        consequence=_(
            "今のパスワード、多要素認証、つないだ外部アカウントを取り消し、開いているログインを切ります。"
            "本人は、リンクから新しいパスワードを設定します。"
        ),
        submit=_("やり直す"),
        danger=True,
    )


def _one(municipality: Municipality, pk: int) -> Any:
    """A person of this municipality (``people_of``'s extra attributes are why it is Any); Http404 otherwise."""
    return get_object_or_404(people.people_of(municipality), pk=pk)


def _done(
    request: HttpRequest,
    form: forms.Form,
    verb: Callable[..., None],
    municipality: Municipality,
    one: Person,
    **given: object,
) -> bool:
    try:
        verb(municipality, one, by=visitor(request), **given)
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return True


def _ask(
    request: HttpRequest,
    municipality: Municipality,
    one: Person,
    form: forms.Form,
    *,
    title: str,
    **context: Any,
) -> HttpResponse:
    context |= {
        "form": form,
        "title": title % {"name": one.name},
        "cancel_url": reverse("base:person", args=[municipality.code, one.pk]),
    }
    return render(request, "base/components/confirm.html", context)


def _back(municipality: Municipality, one: Person) -> HttpResponseRedirect:
    return redirect("base:person", municipality.code, one.pk)


def deliver(request: HttpRequest, person: Person, delivery: str) -> None:
    """Gives the person the link to set a password by mail, or has their page show it once."""
    if delivery == SHOW:
        request.session[_LINK_FOR] = person.pk
        return
    try:
        people.send_password_link(person)
    except OSError:  # smtplib's errors too
        request.session[_LINK_FOR] = person.pk
        messages.warning(request, _("メールを送れませんでした。下のリンクを本人に渡してください。"))
    else:
        messages.success(
            request, _("%(email)s に、パスワードを設定するリンクを送りました。") % {"email": person.email}
        )


_COLUMNS = [
    gettext_lazy("氏名"),
    gettext_lazy("メールアドレス"),
    gettext_lazy("役割"),
    gettext_lazy("課"),
    gettext_lazy("有効"),
    gettext_lazy("多要素認証"),
    gettext_lazy("最後のログイン"),
]


def _rows(found: QuerySet[Person, Any]) -> Iterator[list[Value]]:
    one: Any
    for one in found.iterator(chunk_size=500):
        for appointment in one.here:
            yield [
                one.name,
                one.email,
                appointment.get_role_display(),
                appointment.division.name if appointment.division else "",
                one.is_active,
                one.has_mfa,
                one.last_login,
            ]
