"""A learner's pages after a course: own plans, one plan with its check-ins, what others have shared."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import posted
from machi.learning.domain import follow_up as verbs
from machi.learning.domain.courses_access import LEARN
from machi.learning.domain.follow_up_access import may_plan, shared_plans
from machi.learning.domain.follow_up_queries import Followed, followed, own_plans
from machi.learning.engine.check_in import DAYS, State
from machi.learning.models import PracticePlan
from machi.learning.web.courses_pages import A_PAGE, address, own_enrolment
from machi.learning.web.follow_up_forms import CheckInForm, PlanForm


@member(LEARN)
def my_plans(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    person, today = visitor(request), timezone.localdate()
    found = own_plans(person)
    if "format" in request.GET:
        return export(request, "my-plans", _columns(), _rows(found, person))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("実践計画"),
        "page_obj": page,
        "rows": [followed(one, today) for one in page],
        "shared": shared_plans(person, municipality).exists(),
        "consortium": consortium,
        "consortia": request.consortia,  # type: ignore[attr-defined]
    }
    return render(request, "learning/follow_up/my_plans.html", context)


@member(LEARN)
def shared(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """Plans that learners let instructors and managers see; for everybody else an empty list that says so."""
    person, today = visitor(request), timezone.localdate()
    found = shared_plans(person, municipality)
    if "format" in request.GET:
        return export(request, "shared-plans", _columns(), _rows(found, person))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("見せてもらった計画"),
        "page_obj": page,
        "rows": [followed(one, today) for one in page],
        "breadcrumbs": _crumbs(municipality, (_("見せてもらった計画"), "")),
    }
    return render(request, "learning/follow_up/shared.html", context)


def _columns() -> list[str]:
    return [
        _("氏名"),
        _("自治体"),
        _("回"),
        _("立てた日"),
        _("すること"),
        _("仕事"),
        _("AIシステム"),
        _("分かり方"),
        *(_("%(days)s日後") % {"days": days} for days in DAYS),
        *(_("%(days)s日後: 減った時間（1か月）") % {"days": days} for days in DAYS),
    ]


def _rows(found: object, person: Person) -> Iterator[tuple[object, ...]]:
    today = timezone.localdate()
    for plan in found:  # type: ignore[attr-defined]
        one = followed(plan, today)
        told = [step.told for step in one.steps]
        enrolment = plan.enrolment
        name = person.name if enrolment.person_id == person.pk else enrolment.person.name
        yield (
            name,
            enrolment.municipality.name,
            enrolment.cohort.title,
            plan.made_on,
            plan.will,
            plan.work,
            one.system,
            plan.see,
            *(each.get_outcome_display() if each else None for each in told),
            *(each.hours if each else None for each in told),
        )


@member(LEARN)
def practice_plan(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """One's own, with what can be done; one that is shared, to read."""
    person = visitor(request)
    plan = own_plans(person).filter(pk=pk).first()
    own = plan is not None
    if plan is None:
        plan = shared_plans(person, municipality).filter(pk=pk).first()
    if plan is None:
        raise Http404
    one: Followed = followed(plan, timezone.localdate())
    context = {
        "title": _("実践計画"),
        "one": one,
        "plan": plan,
        "own": own,
        "State": {state.name: state.value for state in State},
        "breadcrumbs": _crumbs(municipality, (plan.enrolment.cohort.title, "")),
    }
    return render(request, "learning/follow_up/plan.html", context)


@member(LEARN)
def make_plan(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    enrolment = own_enrolment(person, pk)
    if not may_plan(enrolment, timezone.localdate()):
        messages.error(request, _("実践計画は、修了してから、または回が終わってから立てられます。"))
        return redirect("learning:my_course", municipality.code, pk)
    form = PlanForm(posted(request), municipality=municipality)
    return acted(
        request,
        form,
        lambda: verbs.make_plan(enrolment, person, form.cleaned_data),
        onward=lambda made: address(municipality, "practice_plan", made.pk),
        done=_("計画を立てました。30日後に、どうなったかをおたずねします。"),
        title=_("実践計画を立てる"),
        lead=_("研修で学んだことを、自分の仕事で1つ試します。30日後と90日後に振り返ります。"),
        submit=_("この計画にする"),
        cancel_url=address(municipality, "my_course", pk),
        breadcrumbs=_crumbs(municipality, (_("実践計画を立てる"), "")),
    )


@member(LEARN)
def change_plan(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    plan = _own(person, pk)
    form = PlanForm(posted(request), municipality=municipality, known=plan.system)
    form.initial = {name: getattr(plan, name) for name in ("will", "work", "see", "system", "shared")}
    back = address(municipality, "practice_plan", pk)
    return acted(
        request,
        form,
        lambda: verbs.change_plan(plan, person, form.cleaned_data),
        onward=back,
        done=_("直しました。"),
        title=_("実践計画を直す"),
        submit=_("保存する"),
        cancel_url=back,
        breadcrumbs=_crumbs(municipality, (plan.enrolment.cohort.title, back), (_("実践計画を直す"), "")),
    )


@member(LEARN)
@require_POST
def share_plan(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    wanted = request.POST.get("shared") == "on"
    try:
        verbs.share_plan(_own(person, pk), person, wanted)
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        told = _("講師と管理職に見せています。") if wanted else _("いまは、あなただけが読めます。")
        messages.success(request, told)
    return redirect("learning:practice_plan", municipality.code, pk)


@member(LEARN)
def check_in(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, days: int
) -> HttpResponseBase:
    person = visitor(request)
    plan = _own(person, pk)
    back = address(municipality, "practice_plan", pk)
    if days not in DAYS:
        raise Http404
    step = next(one for one in followed(plan, timezone.localdate()).steps if one.due.days == days)
    if step.due.state != State.OPEN:
        messages.error(request, _("この振り返りは、いまは書けません。"))
        return redirect(back)
    form = CheckInForm(posted(request))
    title = _("%(days)s日後の振り返り") % {"days": days}
    return acted(
        request,
        form,
        lambda: verbs.check_in(plan, person, days, form.cleaned_data),
        onward=back,
        done=_("書きとめました。ありがとうございます。"),
        title=title,
        lead=_("計画: %(will)s") % {"will": plan.will},
        submit=_("書きとめる"),
        cancel_url=back,
        breadcrumbs=_crumbs(municipality, (plan.enrolment.cohort.title, back), (title, "")),
    )


def _own(person: Person, pk: int) -> PracticePlan:
    found: PracticePlan = get_object_or_404(own_plans(person), pk=pk)
    return found


def _crumbs(municipality: Municipality, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("実践計画"), address(municipality, "my_plans")), *more]
