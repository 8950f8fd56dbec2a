"""Cost-and-benefit sheets: the plan in ranges, what comes of it, and the facts beside it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.running import NotApproved
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.files import letters_attached
from machi.base.web.forms import ConfirmForm, posted
from machi.base.web.history import told
from machi.joint.domain import funding_benefits as verbs
from machi.joint.domain.funding_computing import compared, outlook, whole
from machi.joint.domain.funding_letters import benefit_letter
from machi.joint.domain.funding_matching import population_of
from machi.joint.models import BenefitLine, BenefitSheet
from machi.joint.web.funding_forms import BenefitForm, FactsForm, LinesForm, filled
from machi.joint.web.funding_shown import bars, line_rows, summary, told_years

A_PAGE = 25
ACTIONS = {
    "begin": gettext_noop("費用と効果のシートを始めた"),
    "change": gettext_noop("シートの前提を直した"),
    "compute": gettext_noop("計算した"),
    "fix": gettext_noop("計画を確定した"),
    "tell_facts": gettext_noop("実績を入れた"),
}
STARTERS = (
    (gettext_noop("初期の導入費"), BenefitLine.Kind.ONE_OFF),
    (gettext_noop("毎年の利用料"), BenefitLine.Kind.RUNNING),
    (gettext_noop("いまの作業時間"), BenefitLine.Kind.HOURS_BEFORE),
    (gettext_noop("導入後の作業時間"), BenefitLine.Kind.HOURS_AFTER),
    (gettext_noop("研修と設定の時間"), BenefitLine.Kind.HOURS_TO_SET_UP),
)


@member(verbs.ESTIMATE)
def benefits(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = verbs.sheets(municipality, visitor(request))
    if "format" in request.GET:
        columns = [
            _("件名"),
            _("自治体"),
            _("共同事業"),
            _("状態"),
            _("見る年数"),
            _("差し引き：悪い見込み（円）"),
            _("差し引き：中央（円）"),
            _("差し引き：良い見込み（円）"),
            _("年数内に元が取れる見込み（%）"),
        ]
        rows = ((*_told(one), *_figures(one)) for one in found)
        return export(request, "benefits", columns, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("費用と効果"),
        "page_obj": page,
        "rows": [(one, whole(one.result["net"]) if one.result else None) for one in page],
    }
    return render(request, "joint/funding/benefits.html", context)


@member(verbs.ESTIMATE)
def new_benefit(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    initial = {"people": population_of(municipality.code) or None}
    form = BenefitForm(posted(request), municipality=municipality, initial=initial)
    return acted(
        request,
        form,
        lambda: verbs.begin(consortium, municipality, visitor(request), form.cleaned_data),
        done=_("前提を保存しました。次に、費用と時間を入れてください。"),
        onward=lambda made: reverse("joint:benefit_lines", args=[municipality.code, made.pk]),
        title=_("費用と効果を見積もる"),
        submit=_("保存して次へ"),
        cancel_url=reverse("joint:benefits", args=[municipality.code]),
        breadcrumbs=[*_breadcrumbs(municipality), (_("新しいシート"), "")],
    )


@member(verbs.ESTIMATE)
def benefit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The whole sheet: bars with their table, what it hangs on, plan against fact."""
    known = _the_sheet(request, municipality, pk)
    lines = list(known.lines.all())
    if "format" in request.GET:
        columns = [_("内容"), _("種類"), _("低め"), _("ありそうな値"), _("高め")]
        rows = [(one.label, one.get_kind_display(), one.low, one.likely, one.high) for one in lines]
        return export(request, f"benefit-{pk}", columns, rows)
    writes = verbs.may_write(known, municipality, visitor(request))
    fixed = known.state == verbs.State.FIXED
    now = outlook(known) if fixed else None
    context = {
        "sheet": known,
        "words": summary(known.result, known.years) if known.result else "",
        "bars": bars(known.result, known.years, now) if known.result else [],
        "drivers": _drivers(known, lines),
        "now": now,
        "now_words": summary(now.now, known.years) if now else "",
        "lines": line_rows(lines),
        "years": told_years(compared(known)) if fixed else [],
        "to_tell": [(year, _("%(year)s年度") % {"year": year}) for year in verbs.years_of(known)]
        if fixed and writes
        else [],
        "writes": writes,
        "draft": not fixed,
        "events": told(f"benefit:{pk}", ACTIONS),
        "breadcrumbs": [*_breadcrumbs(municipality), (known.title, "")],
    }
    return render(request, "joint/funding/benefit.html", context)


@member(verbs.ESTIMATE)
def change_benefit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = _own(request, municipality, pk)
    initial = {name: getattr(known, name) for name in verbs.FIELDS}
    form = BenefitForm(posted(request), municipality=municipality, initial=initial)
    return acted(
        request,
        form,
        lambda: verbs.change(known, municipality, visitor(request), form.cleaned_data),
        done=_("前提を直しました。"),
        **_below(municipality, known, _("前提を直す"), _("保存する")),
    )


@member(verbs.ESTIMATE)
def benefit_lines(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """All lines on one page; saving computes."""
    known = _own(request, municipality, pk)
    lines = known.lines.values("label", "kind", "low", "likely", "high")
    initial: list[Any] = list(lines) or [{"label": _(label), "kind": kind} for label, kind in STARTERS]
    formset = LinesForm(posted(request), initial=initial)
    error = ""
    if request.method == "POST" and formset.is_valid():
        try:
            verbs.set_lines(known, municipality, visitor(request), filled(formset))
        except NotApproved:
            raise
        except Refused as refused:
            error = str(refused.message)
        else:
            return redirect("joint:benefit", municipality.code, pk)
    context = {
        **_below(municipality, known, _("費用と時間を入れる"), _("保存して計算する")),
        "formset": formset,
        "error": error,
        "sheet": known,
    }
    return render(request, "joint/funding/lines.html", context)


@member(verbs.ESTIMATE)
def fix_benefit(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = _own(request, municipality, pk)
    form = ConfirmForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.fix(known, municipality, visitor(request)),
        done=_("計画を確定しました。年度ごとに実績を入れられます。"),
        consequence=_("確定すると、計画は変えられません。あとで実績と比べるためです。"),
        **_below(municipality, known, _("計画を確定しますか"), _("確定する")),
    )


@member(verbs.ESTIMATE)
def benefit_facts(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, year: int
) -> HttpResponseBase:
    known = _own(request, municipality, pk)
    if year not in verbs.years_of(known):
        raise Http404
    first = year == known.first_year
    lines = [one for one in known.lines.prefetch_related("facts") if first or one.kind not in verbs.ONCE]
    facts = {line.pk: fact.amount for line in lines for fact in line.facts.all() if fact.year == year}
    form = FactsForm(posted(request), lines=lines, known=facts)
    return acted(
        request,
        form,
        lambda: verbs.tell_facts(known, municipality, visitor(request), year, form.amounts()),
        done=_("%(year)s年度の実績を保存しました。") % {"year": year},
        **_below(municipality, known, _("%(year)s年度の実績を入れる") % {"year": year}, _("保存する")),
    )


@member(verbs.ESTIMATE)
@require_safe
def benefit_file(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str
) -> HttpResponseBase:
    known = _the_sheet(request, municipality, pk)
    if not known.result or kind not in ("pdf", "docx"):
        raise Http404
    fixed = known.state == verbs.State.FIXED
    now = outlook(known) if fixed else None
    lines = list(known.lines.all())
    letter = benefit_letter(
        known,
        words=summary(known.result, known.years),
        now=summary(now.now, known.years) if now else "",
        bars=[(bar.label, bar.row) for bar in bars(known.result, known.years, None)],
        lines=line_rows(lines),
        years=told_years(compared(known)) if fixed else [],
    )
    return letters_attached([letter], f"benefit-{pk}", kind)


def _the_sheet(request: HttpRequest, municipality: Municipality, pk: int) -> BenefitSheet:
    found: BenefitSheet = get_object_or_404(
        verbs.sheets(municipality, visitor(request)).select_related("consortium"), pk=pk
    )
    return found


def _own(request: HttpRequest, municipality: Municipality, pk: int) -> BenefitSheet:
    known = _the_sheet(request, municipality, pk)
    if not verbs.may_write(known, municipality, visitor(request)):
        raise PermissionDenied
    return known


def _drivers(known: BenefitSheet, lines: list[BenefitLine]) -> list[str]:
    """The three figures the result hangs on most."""
    names = {str(one.pk): one.label for one in lines} | {"wage": _("職員1時間の費用")}
    found = known.result.get("drivers", []) if known.result else []
    return [names[key] for key, value in found[:3] if abs(value) >= 0.1]


def _told(one: BenefitSheet) -> tuple[Any, ...]:
    project = one.project.title if one.project else ""
    return (one.title, str(one.town), project, one.get_state_display(), one.years)


def _figures(one: BenefitSheet) -> tuple[Any, ...]:
    if not one.result:
        return (None, None, None, None)
    net = whole(one.result["net"])
    return (net["p5"], net["p50"], net["p95"], round(one.result["chance"] * 100))


def _breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("費用と効果"), reverse("joint:benefits", args=[municipality.code]))]


def _below(municipality: Municipality, known: BenefitSheet, title: str, submit: str) -> dict[str, Any]:
    page = reverse("joint:benefit", args=[municipality.code, known.pk])
    return {
        "onward": page,
        "title": title,
        "submit": submit,
        "cancel_url": page,
        "breadcrumbs": [*_breadcrumbs(municipality), (known.title, page), (title, "")],
    }
