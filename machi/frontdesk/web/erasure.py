"""Erasing residents' data: find the inquiry, see what goes with it, confirm; and how long closed ones are kept."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.entries import body_of
from machi.base.domain.erasing import Ground
from machi.base.domain.errors import Refused
from machi.base.domain.ledger_words import Actors
from machi.base.models import LedgerEntry, Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import EraseForm, add_refusal
from machi.frontdesk.domain import erasure as verbs
from machi.frontdesk.models import Inquiry
from machi.frontdesk.web.erasure_forms import FindForm, RetentionForm

_A_PAGE = 25


@staff("frontdesk.erase")
def erasures(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """What was erased; and the way to an inquiry that is to be."""
    form = FindForm(request.GET if "inquiry" in request.GET else None)
    if form.is_bound and form.is_valid():
        if found := verbs.find(form.cleaned_data["inquiry"]):
            return redirect("frontdesk:erase", municipality.code, found.pk)
        form.add_error("inquiry", _("この番号やリンクの問い合わせは見つかりません。"))
    if "format" in request.GET:
        columns = [_("対象"), _("消去した日時"), _("理由"), _("文書番号"), _("実行者"), _("台帳の番号")]
        return export(request, "erasures", columns, (_values(one) for one in _lines(list(verbs.erasures()))))
    page = Paginator(verbs.erasures(), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "days": verbs.retention_days(),
        "expired": verbs.expired(timezone.now()).count(),
        "page_obj": page,
        "lines": _lines(list(page)),
        "may_see_ledger": visitor(request).has_perm("base.see_ledger", municipality),
    }
    return render(request, "frontdesk/staff/erasures.html", context)


@staff("frontdesk.erase")
def expired(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """What the next daily run erases. No words of residents: who erases need not read them."""
    found = verbs.expired(timezone.now())
    if "format" in request.GET:
        rows = ((one.pk, one.asked_at, one.get_state_display()) for one in found)
        return export(request, "expired", [_("番号"), _("日時"), _("状態")], rows)
    context = {
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "days": verbs.retention_days(),
        "breadcrumbs": _breadcrumbs(municipality, _("保存期間が過ぎた問い合わせ")),
    }
    return render(request, "frontdesk/staff/expired.html", context)


@staff("frontdesk.erase")
def retention(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    form = RetentionForm(request.POST or None, initial={"days": verbs.retention_days()})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_retention(municipality, form.cleaned_data["days"], visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("保存する日数を変えました。"))
            return redirect("frontdesk:erasures", municipality.code)
    context = {
        "title": _("保存する日数を変える"),
        "form": form,
        "submit": _("変える"),
        "cancel_url": reverse("frontdesk:erasures", args=[municipality.code]),
        "breadcrumbs": _breadcrumbs(municipality, _("保存する日数")),
    }
    return render(request, "base/components/confirm.html", context)


@staff("frontdesk.erase")
def erase(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    inquiry = get_object_or_404(Inquiry, pk=pk)
    if inquiry.erased_at is not None:
        messages.info(request, _("この問い合わせはすでに消去されています。"))
        return redirect("frontdesk:erasures", municipality.code)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.erase_inquiry(
                municipality,
                pk,
                ground=form.cleaned_data["ground"],
                reference=form.cleaned_data["reference"],
                person=visitor(request),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("問い合わせ %(number)s の個人情報を消去しました。") % {"number": pk})
            return redirect("frontdesk:erasures", municipality.code)
    context = {
        "inquiry": inquiry,
        "extent": verbs.extent(inquiry),
        # Whoever administers the system may erase, and still does not read what residents wrote.
        "may_read": visitor(request).has_perm("frontdesk.answer_inquiry", municipality),
        "form": form,
        "cancel_url": reverse("frontdesk:erasures", args=[municipality.code]),
        "breadcrumbs": _breadcrumbs(municipality, _("問い合わせ %(number)s") % {"number": pk}),
    }
    return render(request, "frontdesk/staff/erase.html", context)


def _lines(found: list[LedgerEntry]) -> list[dict[str, object]]:
    actors = Actors.of({one.actor for one in found})
    lines: list[dict[str, object]] = []
    for one in found:
        told = body_of(one).get("outputs", {})
        ground = str(told.get("ground", ""))
        lines.append(
            {
                "entry": one,
                "number": one.subject.partition(":")[2],
                "ground": Ground(ground).label if ground in Ground.values else ground,
                "reference": told.get("reference", ""),
                "actor": actors.label(one.actor) if one.actor else _("自動"),
            }
        )
    return lines


def _values(line: dict[str, object]) -> list[object]:
    entry = line["entry"]
    assert isinstance(entry, LedgerEntry)
    return [line["number"], entry.at, line["ground"], line["reference"], line["actor"], entry.index]


def _breadcrumbs(municipality: Municipality, here: str) -> list[tuple[str, str]]:
    return [(_("個人情報の消去"), reverse("frontdesk:erasures", args=[municipality.code])), (here, "")]
