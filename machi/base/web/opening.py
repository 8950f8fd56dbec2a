"""Opening municipalities: the platform's administrator finds one in the register and appoints who takes it on."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain import opening
from machi.base.domain.errors import Refused
from machi.base.domain.finding import find_municipalities
from machi.base.engine.town_names import LONGEST
from machi.base.models import Municipality
from machi.base.web.access import platform, visitor
from machi.base.web.forms import add_refusal
from machi.base.web.people import deliver
from machi.base.web.people_forms import DeliveryForm

_TOWNS_A_PAGE = 25


class FirstAdministratorForm(DeliveryForm):
    name = forms.CharField(
        label=gettext_lazy("最初の管理者の氏名"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("最初の管理者のメールアドレス"),
        max_length=254,
        help_text=gettext_lazy("この人が、ほかの職員を登録します。"),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    field_order = ("name", "email", "delivery")


@platform(opening.OPEN)
def towns(request: HttpRequest) -> HttpResponse:
    opening.ensure_register()
    words = request.GET.get("q", "").strip()[:LONGEST]
    live = Municipality.objects.filter(live=True).select_related("prefecture")
    found = find_municipalities(words) if words else live
    page = Paginator(found, _TOWNS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "base/towns_to_open.html", {"words": words, "page_obj": page})


@platform(opening.OPEN)
def open_town(request: HttpRequest, town: str) -> HttpResponse:
    municipality = get_object_or_404(Municipality.objects.select_related("prefecture"), code=town)
    form = FirstAdministratorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                municipality = opening.open_municipality(town, by=visitor(request))
                person = opening.appoint_administrator(
                    municipality, email=given["email"], name=given["name"], by=visitor(request)
                )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("{town}を開き、最初の管理者を決めました。").format(town=municipality))
            if person.has_usable_password():
                return redirect("base:setting_up", municipality.code)
            deliver(request, person, given["delivery"])
            return redirect("base:person", municipality.code, person.pk)
    context = {
        "form": form,
        "title": _("{town}の管理者を加える").format(town=municipality)
        if municipality.live
        else _("{town}を開く").format(town=municipality),
        "consequence": _("もう開いています。管理者だけを加えます。")
        if municipality.live
        else _("開くと、住民向けの画面ができます。AIは、審査して承認するまで動きません。"),
        "submit": _("管理者を加える") if municipality.live else _("開く"),
        "cancel_url": reverse("base:towns_to_open"),
    }
    return render(request, "base/components/confirm.html", context)
