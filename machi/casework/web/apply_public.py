"""For everybody: applying by a web form on a phone, and seeing how an application stands by its secret link."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.wareki import wareki
from machi.base.models import Municipality
from machi.base.web.access import limit, resident
from machi.base.web.files import PDF, attached, letters_attached
from machi.base.web.forms import add_refusal
from machi.casework.domain import applying, letters
from machi.casework.domain.intake_words import refusal_words
from machi.casework.domain.links import status_url
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.shipped_words import plainly, said
from machi.casework.engine.procedures import Description
from machi.casework.engine.types import FieldDefinition
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
    """A form definition as a page: its fields below its headings, phone keyboards by kind."""

    def __init__(self, data: Any, files: Any, asked: Sequence[FieldDefinition], about: Description) -> None:
        roles = about.roles
        super().__init__(data, files, initial={roles.filed: _written(timezone.localdate())})
        self.asked = asked
        for one in asked:
            self.fields[one.key] = _input(one, born=one.key == roles.birth)
        if not any(one.kind == "email" for one in asked):
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
            help_text=_files_hint([one.title for one in about.documents if one.when is None]),
        )

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Heading and fields; what stands below no heading comes first, files and contact last."""
        headings = {one.key: one.section for one in self.asked}
        found: list[tuple[str, list[forms.BoundField]]] = []
        for field in self:
            own = headings.get(field.name)
            heading = str(_("添付と連絡先")) if own is None else said(own)
            if not found or found[-1][0] != heading:
                found.append((heading, []))
            found[-1][1].append(field)
        return found

    def given(self) -> dict[str, str]:
        found = {}
        for one in self.asked:
            value = self.cleaned_data.get(one.key, "")
            if isinstance(value, list):
                value = ",".join(value)
            found[one.key] = "1" if value is True else "" if value in (False, None) else str(value).strip()
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key, message in applying.wrong(self.asked, self.given()).items():
            if key in self.fields and key not in self.errors:
                self.add_error(key, message)
        if self.errors and cleaned.get("files"):
            self.add_error("files", _("ほかの欄を直してから、ファイルをもう一度選んでください。"))
        return cleaned


class SendForm(forms.Form):
    upload = ManyFiles(label=gettext_lazy("送るファイル"), most=applying.MOST_FILES)


@resident
def procedures(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    offered = [{"procedure": one, "about": data_of(one).about} for one in applying.procedures()]
    on_paper = [{"procedure": one, "about": data_of(one).about} for one in applying.on_paper()]
    context = {"title": _("申請できる手続"), "offered": offered, "on_paper": on_paper}
    return render(request, "casework/apply/procedures.html", context)


@resident
def apply(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    procedure = get_object_or_404(Procedure, key=key, active=True)
    about = data_of(procedure).about
    back = reverse("casework:apply_list", args=[municipality.code])
    if not procedure.web_form and about.on_paper:
        context = {
            "title": plainly(procedure.title),
            "procedure": procedure,
            "about": about,
            "why": said(about.on_paper),
            "back_url": back,
        }
        return render(request, "casework/apply/on_paper.html", context)
    try:
        fields = applying.asked_of(procedure)
    except Refused:
        raise Http404 from None
    if not procedure.web_form:
        raise Http404
    if request.method == "POST":
        limit(request, "casework.apply", _RATE)
        form = WebForm(request.POST, request.FILES, fields, about)
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
                messages.success(
                    request, _("申請を受け付けました。受付番号は %(number)s です。") % {"number": made.number}
                )
                return redirect("casework:status", municipality.code, made.token)
    else:
        form = WebForm(None, None, fields, about)
    context = {
        "title": plainly(procedure.title),
        "form": form,
        "procedure": procedure,
        "about": about,
        "cancel_url": back,
    }
    return render(request, "casework/apply/form.html", context)


@resident
def blank_form(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponse:
    """The form to print, of a procedure that is asked for on paper."""
    procedure = next((one for one in applying.on_paper() if one.key == key), None)
    blank = applying.blank_of(procedure) if procedure else None
    if blank is None:
        raise Http404
    return attached(blank, f"{key}.pdf", PDF)


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


@resident
@by_token
def status_receipt(
    request: HttpRequest, municipality: Municipality, application: Application
) -> HttpResponse:
    """The receipt to keep or print; whoever has the link learns no name from it."""
    if application.procedure is None:
        raise Http404
    made = letters.receipt(application, named=False)
    return letters_attached([made], f"receipt-{application.number}", "pdf")


def _written(day: date) -> str:
    """As the reader writes days."""
    return wareki(day) if (get_language() or "ja").startswith("ja") else day.isoformat()


def _files_hint(always: Sequence[str]) -> str:
    """``always``: papers that every application needs."""
    hint = _("写真（JPEG、PNG）かPDF。まとめて%(most)s個まで選べます。") % {"most": applying.MOST_FILES}
    if always:
        needed = _(
            "必ず要るもの：%(papers)s。いま付けられないときは、空のまま申請してください。あとで役所から求めます。"
        )
        return hint + needed % {"papers": conditional_escape("、".join(plainly(one) for one in always))}
    return hint + _("なければ空のままにしてください。")


def _input(one: FieldDefinition, *, born: bool) -> forms.Field:
    required, label = one.required, said(one.label)
    empty = {"required": _("入力してください。")}
    chosen = {"required": _("選んでください。")}
    attributes: dict[str, Any] = {"autocomplete": "bday"} if born else {}
    if one.kind in _COMPLETE:
        attributes["autocomplete"] = _COMPLETE[one.kind]
    match one.kind:
        case "check":
            return forms.BooleanField(label=label, required=False)
        case "signature":
            signed = _("書いたことに間違いはなく、自分の意思で申請します（署名のかわり）")
            return forms.BooleanField(
                label=signed, required=required, error_messages={"required": _("印を付けてください。")}
            )
        case "choice":
            options = [(option.key, said(option.label)) for option in one.options]
            if one.several:
                return forms.MultipleChoiceField(
                    label=label,
                    required=required,
                    choices=options,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("いくつでも選べます。"),
                    error_messages=chosen,
                )
            if not required:  # a radio button once chosen cannot be let go of
                options.append(("", _("選ばない")))
            return forms.ChoiceField(
                label=label,
                required=required,
                choices=options,
                widget=forms.RadioSelect,
                error_messages=chosen,
            )
        case "email":
            return forms.EmailField(
                label=label,
                required=required,
                widget=forms.EmailInput(attrs=attributes),
                error_messages=empty,
            )
        case "telephone" | "postal_code" | "number" | "yen":
            attributes["inputmode"] = "tel" if one.kind == "telephone" else "numeric"
    hint = {
        "date": _("例：昭和58年7月3日、1983-07-03") if born else _("例：令和8年12月1日、2026-12-01"),
        "kana": _("カタカナで書いてください。"),
        "telephone": _("例：046-555-0199"),
        "postal_code": _("7桁の数字"),
        "yen": _("円"),
    }.get(one.kind) or conditional_escape(said(one.note))
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=1000,
        widget=forms.TextInput(attrs=attributes),
        error_messages=empty,
    )
