"""What became of a cohort, in counts: plans, check-ins, and use in real work before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.towns import members
from machi.base.models import Consortium, Municipality, Person, Role
from machi.base.rules import holds
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.learning.domain.courses_access import is_office
from machi.learning.domain.follow_up_access import SEE_EFFECT
from machi.learning.domain.follow_up_counts import Counts, by_town, cohorts_begun, counts
from machi.learning.domain.follow_up_use import RealUse, real_use
from machi.learning.engine.check_in import DAYS
from machi.learning.engine.real_use import per_month
from machi.learning.models import CheckIn
from machi.learning.web.courses_pages import A_PAGE, address

_works_here = holds(Role.MANAGER, Role.AI_OFFICER, Role.AUDITOR)


@member(SEE_EFFECT)
def follow_ups(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = cohorts_begun(timezone.localdate())
    if "format" in request.GET:
        columns = [_("回"), _("研修"), _("状態"), _("始まる日"), _("終わる日"), _("受講者")]
        rows = (
            [
                one.title,
                one.version.course.title,
                one.get_state_display(),
                one.starts_on,
                one.ends_on,
                one.learners,
            ]
            for one in found
        )
        return export(request, "follow-up", columns, rows)
    context = {
        "title": _("研修のその後"),
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "consortium": consortium,
        "consortia": request.consortia,  # type: ignore[attr-defined]
    }
    return render(request, "learning/follow_up/follow_ups.html", context)


@member(SEE_EFFECT)
def follow_up(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The own town's people; for the joint office those of all towns. The own town's ledger is counted for those who
    hold a role in it."""
    today, person = timezone.localdate(), visitor(request)
    cohort = get_object_or_404(cohorts_begun(today), pk=pk)
    office = is_office(person, municipality)
    found = counts(cohort, None if office else municipality, today)
    towns = by_town(cohort, list(members(consortium))) if office else []
    used = real_use(cohort, municipality, today) if works_here(person, municipality) else None
    if "format" in request.GET:
        table = request.GET.get("list")
        if table == "towns" and office:
            columns = [
                _("自治体"),
                _("受講者"),
                _("計画を立てた人"),
                *(_("%(days)s日後に答えた人") % {"days": days} for days in DAYS),
            ]
            return export(
                request,
                "follow-up-towns",
                columns,
                ([one.town.name, one.people, one.planners, *one.answered.values()] for one in towns),
            )
        if table == "use" and used is not None:
            columns = [_("AIシステム"), _("研修の前（件）"), _("研修の後（件）")]
            return export(
                request, "real-use", columns, ([one.title, one.before, one.after] for one in used.rows)
            )
        return export(request, "check-ins", [_("項目"), _("数")], _lines(found))
    context = {
        "title": _("研修のその後: %(cohort)s") % {"cohort": cohort.title},
        "cohort": cohort,
        "office": office,
        "counts": found,
        "check_ins": [
            {
                "counts": one,
                "outcomes": [(CheckIn.Outcome(name).label, value) for name, value in one.outcomes.items()],
            }
            for one in found.check_ins
        ],
        "towns": towns,
        "use": used,
        "rates": _rates(used) if used else [],
        "breadcrumbs": [(_("研修のその後"), address(municipality, "follow_ups")), (cohort.title, "")],
    }
    return render(request, "learning/follow_up/follow_up.html", context)


def works_here(person: Person, municipality: Municipality) -> bool:
    return bool(_works_here(person, municipality))


def _rates(used: RealUse) -> list[dict[str, Any]]:
    """The last lines of the table of use: all together, a month, people, rulings."""
    before, after, frame = used.before, used.after, used.windows
    return [
        {"label": _("合計"), "before": before.total, "after": after.total},
        {
            "label": _("30日あたり"),
            "before": per_month(before.total, frame.before_days),
            "after": per_month(after.total, frame.after_days),
            "rate": True,
        },
        {"label": _("使った人（人）"), "before": before.users, "after": after.users},
        {
            "label": _("「妥当」とした判断"),
            "before": used.rulings_before.agreed,
            "after": used.rulings_after.agreed,
        },
        {
            "label": _("「くつがえす」とした判断"),
            "before": used.rulings_before.overruled,
            "after": used.rulings_after.overruled,
        },
    ]


def _lines(found: Counts) -> Iterator[tuple[str, Any]]:
    yield _("受講者"), found.people
    yield _("計画を立てた人"), found.planners
    yield _("計画"), found.plans
    for one in found.check_ins:
        head = _("%(days)s日後") % {"days": one.days} + ": "
        yield head + _("日が来た計画"), one.due
        yield head + _("答えた計画"), one.answered
        for name, value in one.outcomes.items():
            yield head + str(CheckIn.Outcome(name).label), value
        yield head + _("減った時間（1か月、合計）"), one.hours
        yield head + _("時間を答えた人"), one.told_hours
