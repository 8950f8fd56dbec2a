"""Entries of the ledger for a disclosure request: choose, see them masked, give them away as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import entries
from machi.base.domain.errors import Refused
from machi.base.domain.ledger_words import Actors
from machi.base.domain.roots import as_text
from machi.base.models import LedgerEntry, Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import FORMATS, export
from machi.base.web.forms import add_refusal
from machi.base.web.ledger_forms import FilterForm
from machi.governance.domain import disclosure as verbs
from machi.governance.web.disclosure_forms import DiscloseForm

_A_PAGE = 20


@staff("governance.disclose")
def disclosure(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """GET chooses and shows what will stand in the file; POST makes it, and records that it was made."""
    chosen = FilterForm(request.GET)
    chosen.is_valid()
    found = entries.search(**chosen.cleaned_data)
    filtered = any(chosen.cleaned_data.values())
    form = DiscloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = verbs.disclose(
                municipality,
                visitor(request),
                found if filtered else found.none(),
                reference=form.cleaned_data["reference"],
                left_out=form.cleaned_data["left_out"],
            )
        except Refused as refused:
            add_refusal(form, refused)
        except (LookupError, ValueError):
            messages.error(request, _("証明を作れません。台帳全体を検証してください。"))
        else:
            return _file(request, document, form.cleaned_data["format"])
    page = Paginator(found if filtered else found.none(), _A_PAGE).get_page(request.GET.get("page"))
    masker = verbs.Masker(municipality)
    context = {
        "chosen": chosen,
        "filtered": filtered,
        "form": form,
        "page_obj": page,
        "rows": [{"row": row, "told": _outputs(row.outputs)} for row in map(masker.row, page)],
        "most": verbs.MOST,
        "past": _past(),
    }
    return render(request, "governance/disclosure/disclosure.html", context)


def _past() -> list[dict[str, Any]]:
    """The last ones; the ledger holds them all."""
    found: list[LedgerEntry] = list(verbs.disclosures()[:10])
    actors = Actors.of({one.actor for one in found})
    return [
        {"entry": one, "actor": actors.label(one.actor), **entries.body_of(one).get("outputs", {})}
        for one in found
    ]


def _file(request: HttpRequest, document: dict[str, Any], kind: str) -> HttpResponseBase:
    if kind in FORMATS:
        return export(request, "disclosure", _columns(), _lines(document), kind)
    response = HttpResponse(as_text(document), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="disclosure-{timezone.localdate():%Y%m%d}.json"'
    response["Cache-Control"] = "no-store"
    return response


def _columns() -> list[str]:
    return [
        _("番号"), _("日時"), _("種類"), _("システム"), _("版"), _("対象"), _("実行者"), _("結果"),
        _("もとにした資料"), _("説明"), _("記録の指紋（SHA-256）"), _("台帳にあることの証明（JSON）"),
    ]  # fmt: skip


def _lines(document: dict[str, Any]) -> Iterator[list[Any]]:
    for row in document["rows"]:
        yield [
            *(row[name] for name in ("index", "at", "kind", "system", "version", "subject", "actor")),
            _outputs(row["outputs"]),
            json.dumps(row["sources"], ensure_ascii=False) if row["sources"] else "",
            row["explanation"],
            row["leaf_hash"],
            json.dumps(verbs.proof_of(row, document), ensure_ascii=False),
        ]


def _outputs(outputs: dict[str, Any]) -> str:
    return "、".join(
        f"{name}: {one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)}"
        for name, one in outputs.items()
    )
