"""Writing decided applications out for existing systems: looked at first, then handed over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.files import attached
from machi.base.web.forms import date_field, posted
from machi.casework.domain import mappings
from machi.casework.domain import output as verbs
from machi.casework.domain.output_words import problem_words
from machi.casework.web.applications import PROCESS

_SHOWN = 50


class OutputForm(forms.Form):
    mapping = forms.ChoiceField(label=gettext_lazy("書き出す形"))
    since = date_field(gettext_lazy("決定した日（から）"))
    until = date_field(gettext_lazy("決定した日（まで）"))

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data, initial={"since": today - timedelta(days=30), "until": today})
        offered = mappings.offered()
        self.fields["mapping"].choices = [(key, one.mapping.title) for key, one in offered.items()]  # type: ignore[attr-defined]


@staff(PROCESS)
def output(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """Sent once it is a dry run; sent again with ``write`` it is the file."""
    form = OutputForm(posted(request), timezone.localdate())
    context: dict[str, Any] = {"title": _("申請の書き出し"), "form": form, "any": bool(mappings.offered())}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        mapping = mappings.the(given["mapping"])
        if "write" in request.POST:
            written = verbs.write_out(municipality, mapping, given["since"], given["until"], visitor(request))
            if not written.report.errors:
                name = f"{mapping.key.replace('.', '-')}-{timezone.localdate():%Y%m%d}.{mapping.suffix}"
                return attached(written.data, name, "application/octet-stream")
        else:
            written = verbs.dry_run(mapping, given["since"], given["until"])
        report = written.report
        context |= {
            "report": report,
            "errors": [problem_words(one) for one in report.errors[:_SHOWN]],
            "warnings": [problem_words(one) for one in report.warnings[:_SHOWN]],
            "more": max(0, len(report.errors) - _SHOWN),
        }
    return render(request, "casework/applications/output.html", context)
