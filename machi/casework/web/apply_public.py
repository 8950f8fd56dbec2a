"""For everybody: applying by a web form on a phone, and seeing how an application stands by its secret link."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.wareki import wareki
from machi.base.models import Municipality
from machi.base.web.access import limit, resident
from machi.base.web.forms import add_refusal
from machi.casework.domain import applying
from machi.casework.domain.intake_words import refusal_words
from machi.casework.domain.links import status_url
from machi.casework.domain.procedure_data import data_of
from machi.casework.engine.types import FieldDefinition, FormDefinition
from machi.casework.models import Application, Procedure
from machi.casework.web.application_forms import ManyFiles, read_each

_RATE = "30/h"
CONTACT = "contact-email"
"""Where a form has no field for an address. No such form can have a field of this name that matters: given values
are taken by the definition's keys."""
_COMPLETE = {
    "person": "name",
    "email": "email",
    "telephone": "tel",
    "postal_code": "postal-code",
    "address": "street-address",
}


class WebForm(forms.Form):
    """A form definition as a page: its fields in their order below its headings, phone keyboards by kind."""

    def __init__(self, data: Any, files: Any, definition: FormDefinition, filed: str = "") -> None:
        """``filed``: the field that holds the day on which it is handed in."""
        super().__init__(data, files, initial={filed: wareki(timezone.localdate())})
        self.definition = definition
        for one in definition.fields:
            if one.kind not in applying.MARKED:
                self.fields[one.key] = _input(one)
        if not any(one.kind == "email" for one in definition.fields):
            self.fields[CONTACT] = forms.EmailField(
                label=_("メールアドレス"),
                required=False,
                max_length=254,
                widget=forms.EmailInput(attrs={"autocomplete": "email"}),
                help_text=_("書くと、受付のお知らせと、状況を見るためのアドレスが届きます。"),
            )
        self.fields["files"] = ManyFiles(
            label=_("添付するファイル"),
            required=False,
            most=applying.MOST_FILES,
            help_text=_("証明書などの写真やPDF。なければ空のままにしてください。"),
        )

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Heading and fields; what stands below no heading comes first, files and contact last."""
        headings = {one.key: one.section for one in self.definition.fields}
        found: list[tuple[str, list[forms.BoundField]]] = []
        for field in self:
            heading = headings.get(field.name, str(_("添付と連絡先")))
            if not found or found[-1][0] != heading:
                found.append((heading, []))
            found[-1][1].append(field)
        return found

    def given(self) -> dict[str, str]:
        found = {}
        for one in self.definition.fields:
            value = self.cleaned_data.get(one.key, "")
            if isinstance(value, list):
                value = ",".join(value)
            found[one.key] = "1" if value is True else "" if value in (False, None) else str(value).strip()
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key, message in applying.wrong(self.definition, self.given()).items():
            if key in self.fields and key not in self.errors:
                self.add_error(key, message)
        return cleaned


class SendForm(forms.Form):
    upload = ManyFiles(label=gettext_lazy("送るファイル"), most=applying.MOST_FILES)


@resident
def procedures(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    offered = [{"procedure": one, "about": data_of(one).about} for one in applying.procedures()]
    context = {"title": _("申請できる手続"), "offered": offered}
    return render(request, "casework/apply/procedures.html", context)


@resident
def apply(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    procedure = get_object_or_404(Procedure, key=key, active=True, web_form=True)
    try:
        definition = applying.form_of(procedure)
    except Refused:
        raise Http404 from None
    about = data_of(procedure).about
    if request.method == "POST":
        limit(request, "casework.apply", _RATE)
        form = WebForm(request.POST, request.FILES, definition)
        if form.is_valid():
            try:
                made = applying.apply(
                    municipality,
                    procedure,
                    form.given(),
                    list(read_each(form.cleaned_data["files"])),
                    get_language() or "ja",
                    form.cleaned_data.get(CONTACT, ""),
                )
            except Refused as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, _("申請を受け付けました。"))
                return redirect("casework:status", municipality.code, made.token)
    else:
        form = WebForm(None, None, definition, about.roles.filed)
    context = {
        "title": procedure.title,
        "form": form,
        "procedure": procedure,
        "about": about,
        "cancel_url": reverse("casework:apply_list", args=[municipality.code]),
    }
    return render(request, "casework/apply/form.html", context)


def by_token(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the application whose token is in the address. Stands below ``@resident``."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, municipality: Municipality, token: str) -> HttpResponse:
        application = applying.by_token(token)
        if application is None:
            raise Http404
        response = view(request, municipality, application)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@resident
@by_token
def status(request: HttpRequest, municipality: Municipality, application: Application) -> HttpResponse:
    form = SendForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST":
        limit(request, "casework.send", _RATE)
        if form.is_valid():
            try:
                taken = applying.send(application, list(read_each(form.cleaned_data["upload"])))
            except Refused as refused:
                add_refusal(form, refused)
            else:
                for one in taken:
                    if one.outcome == "refused":
                        messages.error(request, f"{one.name}: {refusal_words(one.key, one.arguments)}")
                    elif one.outcome == "duplicate":
                        messages.warning(request, _("%(name)s は、すでに届いています。") % {"name": one.name})
                if any(one.outcome == "taken" for one in taken):
                    messages.success(request, _("ファイルを受け取りました。"))
                return redirect("casework:status", municipality.code, application.token)
    context = {
        "title": _("申請の状況"),
        "one": application,
        "status": applying.status(application),
        "form": form,
        "address": status_url(application),
    }
    return render(request, "casework/apply/status.html", context)


def _input(one: FieldDefinition) -> forms.Field:
    required = one.required
    said = {"required": _("入力してください。")}
    chosen = {"required": _("選んでください。")}
    attributes: dict[str, Any] = {}
    if one.kind in _COMPLETE:
        attributes["autocomplete"] = _COMPLETE[one.kind]
    match one.kind:
        case "check":
            return forms.BooleanField(label=one.label, required=False)
        case "signature":
            label = _("署名のかわりに、自分が申請することを確かめました")
            return forms.BooleanField(
                label=label, required=required, error_messages={"required": _("印を付けてください。")}
            )
        case "choice":
            options = [(option.key, option.label) for option in one.options]
            if one.several:
                return forms.MultipleChoiceField(
                    label=one.label,
                    required=required,
                    choices=options,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("いくつでも選べます。"),
                    error_messages=chosen,
                )
            if not required:  # a radio button once chosen cannot be let go of
                options.append(("", _("選ばない")))
            return forms.ChoiceField(
                label=one.label,
                required=required,
                choices=options,
                widget=forms.RadioSelect,
                error_messages=chosen,
            )
        case "email":
            return forms.EmailField(
                label=one.label,
                required=required,
                widget=forms.EmailInput(attrs=attributes),
                error_messages=said,
            )
        case "telephone" | "postal_code" | "number" | "yen" | "my_number":
            attributes["inputmode"] = "tel" if one.kind == "telephone" else "numeric"
    hint = {
        "date": _("例：令和8年12月1日、2026-12-01"),
        "kana": _("カタカナで書いてください。"),
    }.get(one.kind, "")
    return forms.CharField(
        label=one.label,
        required=required,
        help_text=hint,
        max_length=1000,
        widget=forms.TextInput(attrs=attributes),
        error_messages=said,
    )
