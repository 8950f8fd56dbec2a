"""The steps from an opened municipality to one that serves residents, each with its state and where it is done."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.domain import setting_up as verbs
from machi.base.models import Municipality, Person
from machi.base.rooms import SettingUpStep
from machi.base.web.access import staff, visitor
from machi.base.web.home import welcome_url

_TELEPHONE = re.compile(r"0\d{1,4}-?\d{1,4}-?\d{3,4}")


class ContactForm(forms.Form):
    telephone = forms.CharField(
        label=gettext_lazy("代表電話"),
        help_text=gettext_lazy("例：046-223-1511。空にすると、公式サイトだけを示します。"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_telephone(self) -> str:
        """Full-width digits and dashes are what many keyboards give."""
        plain = re.sub(
            r"[‐‑–—―−ー]", "-", unicodedata.normalize("NFKC", self.cleaned_data["telephone"])
        ).strip()
        if plain and not _TELEPHONE.fullmatch(plain):
            raise ValidationError(_("電話番号の形が正しくありません。例：046-223-1511"))
        return plain


@staff("base.set_up")
def setting_up(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    person = visitor(request)
    steps = [(step, _url(step, municipality, person)) for step in verbs.steps(municipality)]
    needed = [(step, url) for step, url in steps if not step.optional]
    done = [step for step, _at in needed if step.done]
    following = next(((step, url) for step, url in needed if not step.done and url), None)
    context = {
        "steps": steps,
        "needed": len(needed),
        "done": len(done),
        "following": following,
        "welcome_url": welcome_url(municipality),
    }
    return render(request, "base/setting_up.html", context)


@staff(verbs.MANAGE)
def contact(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = ContactForm(
        request.POST if request.method == "POST" else None, initial={"telephone": municipality.telephone}
    )
    if form.is_valid():
        verbs.set_telephone(municipality, by=visitor(request), telephone=form.cleaned_data["telephone"])
        messages.success(request, _("代表電話を保存しました。"))
        return redirect("base:setting_up", municipality.code)
    context = {
        "form": form,
        "title": _("代表電話を登録する"),
        "submit": _("保存する"),
        "cancel_url": reverse("base:setting_up", args=[municipality.code]),
    }
    return render(request, "base/components/confirm.html", context)


def _url(step: SettingUpStep, municipality: Municipality, person: Person) -> str:
    """Where the step is done; empty for whom it is none of their work."""
    if not person.has_perm(step.permission, municipality):
        return ""
    return reverse(step.view, args=[municipality.code, *step.arguments])
