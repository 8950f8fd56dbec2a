"""Cohorts: the list, one cohort with its learners and how far they are, what the office does with it."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import SpooledResponse, export
from machi.base.web.files import attached
from machi.base.web.forms import ConfirmForm, posted
from machi.base.web.history import told
from machi.learning.domain import courses_cohorts as verbs
from machi.learning.domain.courses_access import ENROL, LEARN, RUN, is_office, sees_everybody, sees_own_town
from machi.learning.domain.courses_calendar import cohort_calendar, milestones
from machi.learning.domain.courses_enrolment import may_enrol, may_withdraw, withdraw
from machi.learning.domain.courses_progress import Learner, groups, learners, lesson_states, taking_part
from machi.learning.domain.courses_xapi import record_export, statements
from machi.learning.models import Cohort, CourseVersion, Enrolment
from machi.learning.web.courses_forms import CohortForm, LearnerFilter, ReasonForm
from machi.learning.web.courses_pages import (
    A_PAGE,
    COHORT_ACTIONS,
    address,
    cohort_crumbs,
    percent,
    reasons,
    the_cohort,
)

State = Cohort.State
_IN_MEMORY = 2_000_000
_FEWEST_OTHERS = 5
"""Learners of other towns below which a town does not see the figure of all: it could be subtracted."""


@member(LEARN)
def cohorts(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """All there are and when; who learns in them is on their pages, for those who may see it."""
    person = visitor(request)
    found = verbs.cohorts()
    if not is_office(person, municipality):
        found = found.exclude(state=State.PLANNED)
    if "format" in request.GET:
        columns = [
            _("回"),
            _("研修"),
            _("版"),
            _("状態"),
            _("始まる日"),
            _("終わる日"),
            _("受講者"),
            _("修了"),
            _("自治体"),
        ]
        rows = (
            [
                one.title,
                one.version.course.title,
                one.version.number,
                one.get_state_display(),
                one.starts_on,
                one.ends_on,
                one.learners,
                one.completed,
                one.towns,
            ]
            for one in found
        )
        return export(request, "cohorts", columns, rows)
    context = {
        "title": _("研修の回"),
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "office": is_office(person, municipality),
        "published": CourseVersion.objects.filter(state=CourseVersion.State.PUBLISHED).exists(),
    }
    return render(request, "learning/courses/cohorts.html", context)


@member(RUN)
def create_cohort(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    form = CohortForm(posted(request), consortium=consortium, new=True)
    return acted(
        request,
        form,
        lambda: verbs.create_cohort(
            consortium,
            municipality,
            visitor(request),
            form.cleaned_data,
            form.cleaned_data["version"],
            form.cleaned_data["instructors"],
        ),
        onward=lambda made: address(municipality, "cohort", made.pk),
        done=_("回を作りました。受付を始めると、自治体が受講者を登録できます。"),
        title=_("回を作る"),
        submit=_("作る"),
        cancel_url=address(municipality, "cohorts"),
        breadcrumbs=[(_("研修の回"), address(municipality, "cohorts")), (_("回を作る"), "")],
    )


@member(LEARN)
def cohort(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What it is; for those who answer for learners also how they stand: everybody's for office and instructors, the
    own town's for its managers."""
    found, person = the_cohort(pk), visitor(request)
    office = is_office(person, municipality)
    if found.state == State.PLANNED and not (office or sees_everybody(person, municipality, found)):
        raise Http404
    scope = _scope(person, municipality, found)
    context: dict[str, Any] = {
        "title": found.title,
        "cohort": found,
        "office": office,
        "milestones": milestones(found),
        "onward": [(to, _step(found.state, to)) for to in verbs.ONWARD[found.state]] if office else [],
        "may_enrol": may_enrol(person, municipality, found),
        "scope": scope,
        "breadcrumbs": cohort_crumbs(municipality, found),
    }
    if scope:
        everybody = learners(found, list(taking_part(found)), timezone.localdate())
        own = _visible(everybody, municipality, scope)
        total, by_town = groups(own)
        form = LearnerFilter(request.GET, towns=_towns(everybody) if scope == "all" else None)
        shown = _filtered(own, form)
        if request.GET.get("list") == "towns" and "format" in request.GET:
            return _export_towns(request, pk, by_town)
        if "format" in request.GET:
            return _export_learners(request, pk, shown)
        others = len(everybody) - len(own)
        page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "total": total,
            "by_town": by_town if scope == "all" else [],
            "all": groups(everybody)[0] if scope == "town" and others >= _FEWEST_OTHERS else None,
            "form": form,
            "filtered": any(request.GET.get(name) for name in ("town", "only")),
            "page_obj": page,
            "rows": [
                {
                    "one": one,
                    "percent": percent(one.standing.share),
                    "reasons": reasons(one.standing),
                    "may_withdraw": may_withdraw(person, municipality, one.enrolment),
                }
                for one in page
            ],
            "percent": percent(total.share),
        }
    if office:
        context["events"] = told(f"cohort:{pk}", COHORT_ACTIONS)
    return render(request, "learning/courses/cohort.html", context)


@member(LEARN)
def learner(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """One learner, lesson by lesson, for those who see them in the cohort. What they answered is shown to nobody."""
    person = visitor(request)
    found: Enrolment = get_object_or_404(
        Enrolment.objects.select_related(
            "cohort__version__course",
            "cohort__consortium",
            "person",
            "municipality__prefecture",
            "consortium",
        ),
        pk=pk,
    )
    scope = _scope(person, municipality, found.cohort)
    if not scope or (scope == "town" and found.municipality_id != municipality.pk):
        raise Http404
    states = lesson_states(found)
    if "format" in request.GET:
        columns = [_("レッスン"), _("読んだ"), _("演習"), _("合格"), _("最高点（%）")]
        rows = [
            [one.lesson.title, one.finished, exercise.title, passed, best]
            for one in states
            for exercise, passed, best in (one.exercises or ((None, None, None),))
            if exercise is not None
        ]
        return export(request, f"learner-{pk}", columns, rows)
    stands = learners(found.cohort, [found], timezone.localdate())[0].standing
    context = {
        "title": found.person.name,
        "enrolment": found,
        "cohort": found.cohort,
        "states": states,
        "percent": percent(stands.share),
        "expected": percent(stands.expected),
        "reasons": reasons(stands) if found.state == Enrolment.State.ACTIVE else [],
        "may_withdraw": found.state == Enrolment.State.ACTIVE and may_withdraw(person, municipality, found),
        "certificate": getattr(found, "certificate", None),
        "office": is_office(person, municipality),
        "breadcrumbs": cohort_crumbs(municipality, found.cohort, (found.person.name, "")),
    }
    return render(request, "learning/courses/learner.html", context)


@member(ENROL)
def withdraw_learner(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    person = visitor(request)
    found: Enrolment = get_object_or_404(
        Enrolment.objects.select_related("cohort__version__course", "person", "municipality"), pk=pk
    )
    if not may_withdraw(person, municipality, found):
        raise PermissionDenied
    back = address(municipality, "cohort", found.cohort_id)
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: withdraw(found, municipality, person, form.cleaned_data["reason"]),
        onward=back,
        done=_("受講を取りやめました。"),
        title=_("%(name)sさんの受講を取りやめますか") % {"name": found.person.name},
        consequence=_(
            "本人はレッスンを読めなくなります。それまでの進みは残り、登録し直すと続きから始められます。"
        ),
        submit=_("取りやめる"),
        cancel_url=back,
        breadcrumbs=cohort_crumbs(municipality, found.cohort, (_("受講の取りやめ"), "")),
    )


@member(RUN)
def change_cohort(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_cohort(pk)
    initial = {name: getattr(found, name) for name in verbs.FIELDS}
    form = CohortForm(
        posted(request),
        consortium=consortium,
        new=False,
        initial={**initial, "instructors": list(found.instructors.all())},
    )
    back = address(municipality, "cohort", pk)
    return acted(
        request,
        form,
        lambda: verbs.change_cohort(
            found, municipality, visitor(request), form.cleaned_data, form.cleaned_data["instructors"]
        ),
        onward=back,
        done=_("保存しました。"),
        title=_("回の名前・日程・講師を直す"),
        submit=_("保存する"),
        cancel_url=back,
        breadcrumbs=cohort_crumbs(municipality, found, (_("直す"), "")),
    )


@member(RUN)
def pass_cohort(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, state: str
) -> HttpResponseBase:
    found = the_cohort(pk)
    if state not in verbs.ONWARD[found.state]:
        raise Http404
    back = address(municipality, "cohort", pk)
    label = _step(found.state, state)
    consequences = {
        State.PLANNED: _("自治体からは見えなくなります。"),
        State.OPEN: _("すべての自治体が、受講者を登録できるようになります。"),
        State.RUNNING: _("受講者がレッスンを読み、演習に答えられるようになります。"),
        State.ENDED: _("レッスンは読み返せますが、進みは変わらなくなります。"),
    }
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.pass_into(found, municipality, visitor(request), state),
        onward=back,
        done=_("変えました。"),
        title=_("「%(label)s」でよいですか") % {"label": label},
        consequence=consequences[State(state)],
        submit=label,
        cancel_url=back,
        breadcrumbs=cohort_crumbs(municipality, found, (label, "")),
    )


@member(LEARN)
@require_safe
def calendar_of_cohort(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponse:
    found, person = the_cohort(pk), visitor(request)
    if found.state == State.PLANNED and not sees_everybody(person, municipality, found):
        raise Http404
    return attached(cohort_calendar(found), f"cohort-{pk}.ics", "text/calendar")


@member(RUN)
@require_POST
def xapi(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """All statements as one JSON array. POST, for it is on record that it was done."""
    found = the_cohort(pk)
    record_export(found, municipality, visitor(request))
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (the response closes it)
    file.write(b"[")
    for at, one in enumerate(statements(found)):
        file.write(b",\n" if at else b"\n")
        file.write(one.as_json().encode())
    file.write(b"\n]\n")
    file.seek(0)
    response = SpooledResponse(
        file, as_attachment=True, filename=f"cohort-{pk}-xapi.json", content_type="application/json"
    )
    response["Cache-Control"] = "no-store"
    return response


def _scope(person: Person, municipality: Municipality, found: Cohort) -> str:
    """``all``, ``town`` or nothing: whose learners this person sees."""
    if sees_everybody(person, municipality, found):
        return "all"
    if sees_own_town(person, municipality) or person.has_perm(ENROL, municipality):
        return "town"
    return ""


def _visible(found: Sequence[Learner], municipality: Municipality, scope: str) -> list[Learner]:
    return [one for one in found if scope == "all" or one.enrolment.municipality_id == municipality.pk]


def _filtered(found: Sequence[Learner], form: LearnerFilter) -> list[Learner]:
    given = form.cleaned_data if form.is_valid() else {}
    town, only = given.get("town"), given.get("only")
    kept = [one for one in found if not town or one.enrolment.municipality_id == town.pk]
    if only == "behind":
        return [one for one in kept if one.standing.reasons]
    if only:
        return [one for one in kept if one.enrolment.state == only]
    return kept


def _towns(found: Sequence[Learner]) -> Any:
    return Municipality.objects.filter(
        pk__in={one.enrolment.municipality_id for one in found}
    ).select_related("prefecture")


def _step(state: str, to: str) -> str:
    """The button that leads from one state into another."""
    if state == State.ENDED:
        return _("実施中に戻す")
    return {
        State.PLANNED: _("準備中に戻す"),
        State.OPEN: _("受付を始める"),
        State.RUNNING: _("研修を始める"),
        State.ENDED: _("研修を終える"),
    }[State(to)]


def _export_learners(request: HttpRequest, pk: int, found: Sequence[Learner]) -> HttpResponseBase:
    columns = [
        _("自治体"),
        _("氏名"),
        _("メールアドレス"),
        _("状態"),
        _("進み（%）"),
        _("今ごろの目安（%）"),
        _("読んだレッスン"),
        _("レッスン"),
        _("合格した演習"),
        _("必要な演習"),
        _("最後に開いた日"),
        _("声をかけたい理由"),
        _("修了した日"),
    ]
    rows = (
        [
            str(one.enrolment.municipality),
            one.enrolment.person.name,
            one.enrolment.person.email,
            one.enrolment.get_state_display(),
            percent(one.standing.share),
            percent(one.standing.expected),
            one.work.lessons_done,
            one.work.lessons,
            one.work.exercises_passed,
            one.work.exercises,
            one.work.last,
            " ".join(reasons(one.standing)),
            one.enrolment.completed_at and timezone.localdate(one.enrolment.completed_at),
        ]
        for one in found
    )
    return export(request, f"cohort-{pk}-learners", columns, rows)


def _export_towns(request: HttpRequest, pk: int, by_town: Sequence[Any]) -> HttpResponseBase:
    columns = [_("自治体"), _("受講者"), _("修了"), _("声をかけたい人"), _("進み（平均、%）")]
    rows = ([str(one.town), one.learners, one.completed, one.behind, percent(one.share)] for one in by_town)
    return export(request, f"cohort-{pk}-towns", columns, rows)
