"""A person rules on a result: whoever answers for it, also without leave to read the whole ledger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base import ledger
from machi.base.domain import entries, rulings
from machi.base.domain.errors import Refused
from machi.base.models import LedgerEntry, Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.forms import add_refusal
from machi.base.web.ledger import named
from machi.base.web.ledger_forms import RulingForm


@staff("base.rule_on_results")
def rule(request: HttpRequest, municipality: Municipality, index: int) -> HttpResponse:
    entry = get_object_or_404(LedgerEntry, index=index, kind=ledger.RESULT)
    person = visitor(request)
    here = reverse("base:ledger_rule", args=[municipality.code, index])
    may_see_ledger = person.has_perm("base.see_ledger", municipality)
    back = reverse("base:ledger_entry", args=[municipality.code, index]) if may_see_ledger else ""
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rulings.rule_on(entry, person, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("判断を記録しました。"))
            return redirect(back or here)
    context = {
        "entry": entry,
        "sources": entries.sources_then(entries.body_of(entry)),
        "rulings": entries.rulings_on(entry),
        "form": form,
        "cancel_url": back or reverse("base:staff_home", args=[municipality.code]),
        **named(entry),
    }
    return render(request, "base/ledger_rule.html", context)
