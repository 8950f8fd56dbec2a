"""The ledger for those who audit: find an entry, read it, verify the whole log."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from machi.base import ledger
from machi.base.domain import entries
from machi.base.domain.ledger_words import Actors, kind_label, subject_label, system_label
from machi.base.engine.verify import Finding
from machi.base.models import LedgerEntry, LedgerHead, Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import Value, export
from machi.base.web.ledger_forms import FilterForm

_log = logging.getLogger(__name__)
_ENTRIES_A_PAGE = 50
_MOST_FINDINGS = 100

FINDINGS: dict[str, Promise] = {
    "edited": gettext_lazy("内容が書き換えられています。"),
    "removed": gettext_lazy("記録が消されています。"),
    "out_of_place": gettext_lazy("同じ番号の記録が2度あるか、順番が違っています。"),
    "moved": gettext_lazy("記録の順番が入れ替えられています。"),
    "rewritten": gettext_lazy("この範囲のどれかが、指紋（ハッシュ値）ごと書き換えられています。"),
    "truncated": gettext_lazy("終わりの記録が消されています。"),
    "unrecorded": gettext_lazy("台帳の先頭の記載より後ろに、記録が付け足されています。"),
    "head": gettext_lazy("台帳の長さと指紋の記載が、署名された控えと合いません。"),
    "subtrees": gettext_lazy("記録に添えた指紋の数が合いません。"),
    "unchecked": gettext_lazy("記録が足りないため、この範囲は確かめられませんでした。"),
}


@staff("base.see_ledger")
def entry_list(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = FilterForm(request.GET)
    form.is_valid()
    found = entries.search(**form.cleaned_data)
    if request.GET.get("format"):
        return export(request, "ledger", _COLUMNS, _rows(found))
    page = Paginator(found, _ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "shown": _lines(list(page)),
        "filtered": any(form.cleaned_data.values()),
        "last_verification": entries.last_verification(),
    }
    return render(request, "base/ledger.html", context)


@staff("base.see_ledger")
def entry(request: HttpRequest, municipality: Municipality, index: int) -> HttpResponse:
    shown = entries.shown(get_object_or_404(LedgerEntry, index=index))
    neighbours = LedgerEntry.objects.filter(index__in=(index - 1, index + 1)).values_list("index", flat=True)
    may_rule = visitor(request).has_perm("base.rule_on_results", municipality)
    context = {
        "shown": shown,
        **named(shown.entry),
        "may_rule": may_rule and shown.readable and shown.entry.kind == ledger.RESULT,
        "before": index - 1 if index - 1 in neighbours else None,
        "after": index + 1 if index + 1 in neighbours else None,
    }
    return render(request, "base/ledger_entry.html", context)


def named(one: LedgerEntry) -> dict[str, str]:
    """Its kind, system and subject in words."""
    return {
        "kind": kind_label(one.kind),
        "system": system_label(one.system),
        "subject": subject_label(one.subject),
    }


def _lines(found: list[LedgerEntry]) -> list[dict[str, object]]:
    actors = Actors.of({one.actor for one in found})
    verdicts = entries.verdicts(found)
    return [
        {"entry": one, **named(one), "actor": actors.label(one.actor), "verdict": verdicts.get(one.pk, "")}
        for one in found
    ]


@staff("base.see_ledger")
def verify(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """Reads the whole log and shows what was found; a clean result is itself recorded.

    Nothing more is appended to a log in which something was found: it is evidence.
    """
    if request.method != "POST":  # a change of language on the page of the result leads here
        return redirect("base:ledger", municipality.code)
    findings = ledger.verify(municipality)
    head = LedgerHead.objects.filter(municipality=municipality).first()
    if findings:
        _log.error(
            "ledger of %s: %d findings, first: %s", municipality.code, len(findings), findings[0].message
        )
    else:
        entries.record_verification(municipality, visitor(request))
    context = {
        "size": head.size if head else 0,
        "findings": [_shown(finding) for finding in findings[:_MOST_FINDINGS]],
        "more": max(0, len(findings) - _MOST_FINDINGS),
    }
    return render(request, "base/ledger_verified.html", context)


_COLUMNS = [
    gettext_lazy("番号"),
    gettext_lazy("日時"),
    gettext_lazy("種類"),
    gettext_lazy("システム"),
    gettext_lazy("システムの識別名"),
    gettext_lazy("対象"),
    gettext_lazy("実行者"),
    gettext_lazy("指紋（SHA-256）"),
    gettext_lazy("記録の全文（JSON）"),
]


def _rows(found: QuerySet[LedgerEntry]) -> Iterator[list[Value]]:
    """The actor as recorded, not by name: a file that leaves the house holds no more than the ledger does."""
    for one in found.iterator(chunk_size=2000):
        kind, system = kind_label(one.kind), system_label(one.system)
        yield [one.index, one.at, kind, system, one.system, one.subject, one.actor, one.leaf_hash, one.body]


def _shown(finding: Finding) -> dict[str, object]:
    return {
        "what": FINDINGS[finding.kind],
        "first": finding.index,
        "last": finding.until - 1 if finding.until > finding.index + 1 else None,
        "detail": finding.message,
    }
