"""The ledger as files that are verified without machi: the log, what was signed of it, one entry with its proof."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from machi.base.domain import roots
from machi.base.models import LedgerEntry, Municipality
from machi.base.web.access import staff
from machi.base.web.export import SpooledResponse

_IN_MEMORY = 2_000_000


@staff("base.see_ledger")
def log(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """With ``?format=jsonl``, as every other list is taken along."""
    if request.GET.get("format") != "jsonl":
        return redirect("base:ledger", municipality.code)
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (the response closes it)
    try:
        file.writelines(roots.log_lines(municipality))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{municipality.code}.jsonl"
    response = SpooledResponse(file, as_attachment=True, filename=name, content_type="application/jsonl")
    response["Cache-Control"] = "no-store"
    return response


@staff("base.see_ledger")
def heads(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    document = roots.heads_document(municipality, until_now=True)
    return _attached(document, f"{municipality.code}.heads.json")


@staff("base.see_ledger")
def proof(request: HttpRequest, municipality: Municipality, index: int) -> HttpResponse:
    entry = get_object_or_404(LedgerEntry, index=index)
    try:
        document = roots.proof_document(entry)
    except (LookupError, ValueError):
        messages.error(request, _("証明を作れません。台帳全体を検証してください。"))
        return redirect("base:ledger_entry", municipality.code, index)
    return _attached(document, f"{municipality.code}-{index}.proof.json")


def _attached(document: dict[str, object], name: str) -> HttpResponse:
    response = HttpResponse(roots.as_text(document), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
