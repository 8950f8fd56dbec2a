"""The case library: searched and sorted, one case as a whole, those of one's own town, those that wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Consortium, Municipality
from machi.base.web.access import limit, member, visitor
from machi.base.web.export import export
from machi.base.web.history import told
from machi.joint.domain.partners_words import UNITS
from machi.learning.domain import cases as verbs
from machi.learning.domain import cases_adoption as adoption
from machi.learning.domain.cases_import import COLUMNS, as_row
from machi.learning.domain.cases_likeness import in_common, like
from machi.learning.domain.cases_search import Line, Wanted, library, population_class, record_search
from machi.learning.domain.cases_words import CHIPS, LEVELS, reasons, size_label
from machi.learning.domain.discussion import visible
from machi.learning.models import Case
from machi.learning.web.cases_forms import SearchForm

A_PAGE = 20
_SEARCHES = "60/m"
ACTIONS = {
    "begin": gettext_noop("事例を書き始めた"),
    "write": gettext_noop("事例を直した"),
    "submit": gettext_noop("事例を提出した"),
    "give_back": gettext_noop("事例を差し戻した"),
    "publish": gettext_noop("事例を公開した"),
    "withdraw": gettext_noop("事例を取り下げた"),
    "attach": gettext_noop("ファイルを付けた"),
    "detach": gettext_noop("ファイルを外した"),
    "adopt": gettext_noop("ほかの町が取り入れた"),
    "tell_result": gettext_noop("取り入れた町が結果を伝えた"),
}


@member(verbs.READ)
def cases(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form, person = SearchForm(request.GET), visitor(request)
    wanted = form.wanted()
    if wanted.words:
        limit(request, "learning.case_search", _SEARCHES)
    result = library(consortium, municipality, wanted)
    if "format" in request.GET:
        return _export(request, [line.case.pk for line in result.lines])
    page = Paginator(result.lines, A_PAGE).get_page(request.GET.get("page"))
    if result.by_ai and page.number == 1:
        record_search(consortium, municipality, person, wanted, result)
    context = {
        "title": _("AI活用の事例"),
        "form": form,
        "page_obj": page,
        "lines": [_shown(line) for line in page],
        "filtered": wanted != Wanted(sort=wanted.sort),
        "result": result,
        "writes": person.has_perm(verbs.WRITE, municipality),
        "reviews": person.has_perm(verbs.REVIEW, municipality),
        "waiting": verbs.waiting().count() if person.has_perm(verbs.REVIEW, municipality) else 0,
    }
    return render(request, "learning/cases/cases.html", context)


@member(verbs.READ)
def case(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = the_case(request, municipality, pk), visitor(request)
    adoptions = list(found.adoptions.select_related("town", "town__prefecture", "project"))
    if "format" in request.GET:
        return _export_adoptions(request, found, adoptions)
    evidence = adoption.evidence_of(found, adoptions)
    suggestion = like(municipality, consortium).get(found.town_id)
    size = population_class(found.town_id)
    own = next((one for one in adoptions if one.town_id == municipality.pk), None)
    inside = found.town_id == municipality.pk or person.has_perm(verbs.REVIEW, municipality)
    context = {
        "case": found,
        "size": size_label(size) if size is not None else "",
        "level": {"label": LEVELS[evidence.level], "kind": CHIPS[evidence.level]},
        "reasons": reasons(evidence),
        "adoptions": adoptions,
        "own": own,
        "likeness": round(suggestion.likeness) if suggestion else None,
        "in_common": [str(UNITS[key].label) for key in in_common(suggestion)] if suggestion else [],
        "topics": visible(municipality, person).filter(case=found)[:10],
        "discusses": person.has_perm("learning.discuss", municipality),
        "may_write": verbs.may_write(found, municipality, person),
        "writable": found.state in verbs.WRITABLE and not found.erased_at,
        "reviews": person.has_perm(verbs.REVIEW, municipality),
        "may_adopt": adoption.may_adopt(found, municipality, person),
        "may_tell": own is not None and person.has_perm(verbs.ADOPT, municipality),
        "missing": verbs.what_is_missing(found) if found.state in verbs.WRITABLE else [],
        "events": told(f"ai_case:{pk}", ACTIONS) if inside else [],
        "breadcrumbs": [*crumbs(municipality), (found.title, "")],
    }
    return render(request, "learning/cases/case.html", context)


@member(verbs.WRITE)
def own_cases(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Whatever their state."""
    found = verbs.own_cases(municipality, visitor(request))
    return _states(
        request,
        found,
        title=_("自分の町の事例"),
        empty=_("自分の町の事例はまだありません"),
        empty_text=_("うまくいったことも、いかなかったことも、ほかの町の助けになります。"),
        begin=True,
        breadcrumbs=[*crumbs(municipality), (_("自分の町の事例"), "")],
    )


@member(verbs.REVIEW)
def waiting(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    return _states(
        request,
        verbs.waiting(),
        title=_("確認を待つ事例"),
        empty=_("確認を待つ事例はありません"),
        empty_text=_("町が提出すると、ここに並びます。"),
        begin=False,
        breadcrumbs=[*crumbs(municipality), (_("確認を待つ事例"), "")],
    )


def the_case(request: HttpRequest, municipality: Municipality, pk: int) -> Case:
    """One that the visitor may read; or that their town has adopted, published or not. Http404 otherwise."""
    person = visitor(request)
    readable = verbs.readable(municipality, person)
    adopted = Case.objects.filter(adoptions__town=municipality).exclude(state=Case.State.DRAFT)
    either: QuerySet[Case, Any] = Case.objects.filter(pk__in=readable.values("pk")) | Case.objects.filter(
        pk__in=adopted.values("pk")
    )
    found: Case = get_object_or_404(either.select_related("town", "town__prefecture", "consortium"), pk=pk)
    return found


def crumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("AI活用の事例"), reverse("learning:cases", args=[municipality.code]))]


def below(municipality: Municipality, found: Case, title: str, submit: str) -> dict[str, Any]:
    """What a page with a form says of itself, one step below its case."""
    page = reverse("learning:case", args=[municipality.code, found.pk])
    return {
        "onward": page,
        "title": title,
        "submit": submit,
        "cancel_url": page,
        "breadcrumbs": [*crumbs(municipality), (found.title, page), (title, "")],
    }


def _shown(line: Line) -> dict[str, Any]:
    return {
        "case": line.case,
        "size": size_label(line.size) if line.size is not None else "",
        "likeness": round(line.likeness) if line.likeness is not None else None,
        "level": {"label": LEVELS[line.evidence.level], "kind": CHIPS[line.evidence.level]},
        "adopted": line.adopted,
    }


def _states(request: HttpRequest, found: QuerySet[Case, Any], **page: Any) -> HttpResponseBase:
    if "format" in request.GET:
        return export(
            request, "cases", [*COLUMNS, "状態"], ([*as_row(one), one.get_state_display()] for one in found)
        )
    paged = Paginator(found.defer(*verbs.TEXTS), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "learning/cases/states.html", {"page_obj": paged, **page})


def _export(request: HttpRequest, keys: list[int]) -> HttpResponseBase:
    """In the columns in which a list can be read in again, in the order that was asked for."""
    found = Case.objects.select_related("town").in_bulk(keys)
    rows: Iterable[list[Any]] = (as_row(found[key]) for key in keys)
    return export(request, "cases", list(COLUMNS), rows)


def _export_adoptions(request: HttpRequest, found: Case, adoptions: list[Any]) -> HttpResponseBase:
    columns = [
        _("自治体"),
        _("取り入れた日"),
        _("共同事業"),
        _("自分の町の計画"),
        _("結果"),
        _("減った時間（月あたり時間）"),
        _("時間の数え方"),
        _("はじめの費用（円）"),
        _("毎年の費用（円）"),
        _("元の事例とちがったこと"),
        _("結果を伝えた日"),
    ]
    rows = (
        (
            str(one.town),
            one.adopted_on,
            one.project.title if one.project else "",
            one.plan,
            one.get_state_display(),
            one.hours_saved,
            one.get_counted_display(),
            one.cost_once,
            one.cost_yearly,
            one.differed,
            one.told_on,
        )
        for one in adoptions
    )
    return export(request, f"case-{found.pk}-adoptions", columns, rows)
