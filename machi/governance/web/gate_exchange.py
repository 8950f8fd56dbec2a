"""Prompt and output of one call, for an auditor: asked for by a button, since each reading is recorded."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.governance.domain import gate_keeping
from machi.governance.models import KeptExchange, ModelCall
from machi.governance.web.gate import breadcrumbs, described


@staff("governance.read_exchanges")
def exchange(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """GET says what call it was; POST shows its words, once."""
    call = get_object_or_404(ModelCall.objects.select_related("endpoint", "division", "municipality"), pk=pk)
    kept: KeptExchange | None = None
    if request.method == "POST":
        try:
            kept = gate_keeping.read(call, by=visitor(request))
        except Refused as refused:
            messages.error(request, str(refused.message))
    context = {
        "shown": described(call),
        "call": call,
        "is_kept": KeptExchange.objects.filter(call=call).exists(),
        "prompt": json.loads(kept.prompt) if kept else None,
        "output": kept.output if kept else "",
        "breadcrumbs": [
            *breadcrumbs(municipality),
            (_("呼び出しの記録"), reverse("governance:gate_calls", args=[municipality.code])),
            (_("呼び出し %(number)s") % {"number": call.pk}, ""),
        ],
    }
    response = render(request, "governance/gate/exchange.html", context)
    response["Cache-Control"] = "no-store"
    return response
