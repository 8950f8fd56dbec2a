"""The office's lists of a seminar: who registered, who came, which letters went out."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.base.web.table_problems import told as told_problems
from machi.learning.domain import seminars_attendance as attendance
from machi.learning.domain import seminars_mail as mail
from machi.learning.domain import seminars_queries as queries
from machi.learning.domain import seminars_register as verbs
from machi.learning.domain.seminars_erasure import erase as erase_person
from machi.learning.models import Seminar, SeminarMail, SeminarRegistration
from machi.learning.web.seminars_forms import CodeForm, ListForm, MailFilter, PeopleFilter
from machi.learning.web.seminars_pages import RUN, below, breadcrumbs, page_of, posted, the_seminar
from machi.learning.web.seminars_register_form import RegisterForm

_A_PAGE = 50
_MOST_PROBLEMS = 20


@member(RUN)
def people(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, form = the_seminar(pk), PeopleFilter(request.GET)
    rows = queries.people(found)
    if form.is_valid():
        for name in ("state", "way"):
            if form.cleaned_data[name]:
                rows = rows.filter(**{name: form.cleaned_data[name]})
    if "format" in request.GET:
        return _export_people(request, found, rows)
    context = {
        "title": _("申し込んだ人"),
        "seminar": found,
        "form": form,
        "page_obj": Paginator(rows, _A_PAGE).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_add": found.state in (Seminar.State.PUBLISHED, Seminar.State.CLOSED),
        "breadcrumbs": _crumbs(municipality, found, _("申し込んだ人")),
    }
    return render(request, "learning/seminars/people.html", context)


@member(RUN)
def person(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """One registration with its needs and answers."""
    found = the_seminar(pk)
    one = get_object_or_404(queries.people(found).prefetch_related("mails"), number=number)
    given = json.loads(one.answers or "{}")
    answers = [(str(asked), _told(given.get(str(asked.pk)))) for asked in found.questions.all()]
    context = {
        "title": _("受付番号 %(number)s") % {"number": one.number},
        "seminar": found,
        "one": one,
        "answers": [(label, value) for label, value in answers if value],
        "may_cancel": one.state in verbs.ACTIVE
        and found.state in (Seminar.State.PUBLISHED, Seminar.State.CLOSED),
        "breadcrumbs": _crumbs(municipality, found, f"{one.number}", people=True),
    }
    return render(request, "learning/seminars/person.html", context)


@member(RUN)
def add_person(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """For somebody who telephoned; also after registration was closed."""
    found = the_seminar(pk)
    form = RegisterForm(posted(request), seminar=found, by_staff=True)
    page = below(municipality, found, _("代わりに申し込む"), _("申し込む"), to="seminar_people")

    def act() -> None:
        made, new = verbs.register(found, form.given(), person=visitor(request))
        if not new:
            raise Refused(
                _("このメールアドレスの申し込みはもうあります（受付番号%(number)s）。")
                % {"number": made.number},
                "email",
            )

    return acted(request, form, act, done=_("申し込みを受け付けました。本人にメールを送りました。"), **page)


@member(RUN)
def cancel_person(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    one = get_object_or_404(found.registrations.select_related("seminar"), number=number)
    page = below(municipality, found, _("申し込みを取り消しますか"), _("取り消す"), to="seminar_people")
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verbs.cancel(one, person=visitor(request)),
        done=_("取り消しました。本人にメールを送りました。"),
        consequence=_("席は、待っている人に案内します。元には戻せません。"),
        danger=True,
        lead=_("受付番号 %(number)s") % {"number": one.number},
        **page,
    )


@member(RUN)
def erase(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    one = get_object_or_404(found.registrations.select_related("seminar"), number=number, erased_at=None)
    page = below(municipality, found, _("名前と連絡先を消しますか"), _("消す"), to="seminar_people")
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: erase_person(one, visitor(request)),
        done=_("消しました。"),
        consequence=_("始まる前なら、申し込みも取り消しになります。元には戻せません。"),
        danger=True,
        lead=_("受付番号 %(number)s") % {"number": one.number},
        **page,
    )


# At the entrance


@member(RUN)
def attend(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The list of those expected, each with a button."""
    found = the_seminar(pk)
    rows = attendance.seated(found).order_by("number")
    if "format" in request.GET:
        columns = [attendance.NUMBER, _("お名前"), _("市区町村"), _("参加のしかた"), attendance.CAME]
        lines = (
            (one.number, one.name or "", _town(one), one.get_way_display(), "出席" if one.attended_at else "")
            for one in rows
        )
        return export(request, f"attendance-{pk}", columns, lines)
    context = {
        "title": _("出席"),
        "seminar": found,
        "page_obj": Paginator(rows, _A_PAGE).get_page(request.GET.get("page")),
        "came": rows.filter(attended_at__isnull=False).count(),
        "expected": rows.count(),
        "breadcrumbs": _crumbs(municipality, found, _("出席")),
    }
    return render(request, "learning/seminars/attend.html", context)


@member(RUN)
@require_POST
def attend_one(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """Marks one of the list as having come, or takes it back (``undo``)."""
    found = the_seminar(pk)
    one = get_object_or_404(found.registrations.select_related("seminar"), number=number)
    try:
        if "undo" in request.POST:
            attendance.undo(one, visitor(request))
        else:
            attendance.check_in(one, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    page = reverse("learning:seminar_attend", args=[municipality.code, pk])
    at = request.POST.get("page", "")
    return redirect(f"{page}?page={at}" if at.isdecimal() else page)


@member(RUN)
def check_in(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A code is typed, or comes from a QR code in the address; nothing happens before the button is pressed."""
    found = the_seminar(pk)
    scanned = request.GET.get("code", "")
    form = CodeForm(posted(request), initial={"code": scanned})
    shown = None
    if request.method == "POST" and form.is_valid():
        try:
            one = attendance.by_code(found, form.cleaned_data["code"])
            new = attendance.check_in(one, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            words = (
                _("受付番号%(number)s %(name)sさんの出席を付けました。")
                if new
                else _("受付番号%(number)s %(name)sさんは、もう出席になっています。")
            )
            (messages.success if new else messages.warning)(
                request, words % {"number": one.number, "name": one.name or ""}
            )
            return redirect("learning:seminar_check_in", municipality.code, pk)
    elif scanned:
        try:
            shown = attendance.by_code(found, scanned)
        except Refused as refused:
            messages.error(request, str(refused.message))
    context = {
        "title": _("受付で出席を付ける"),
        "seminar": found,
        "form": form,
        "shown": shown,
        "breadcrumbs": _crumbs(municipality, found, _("受付")),
    }
    return render(request, "learning/seminars/check_in.html", context)


@member(RUN)
def import_attendance(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """All of the list or nothing; what is wrong is told by row and column."""
    found = the_seminar(pk)
    form = ListForm(posted(request), request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        read = attendance.read_list(found, form.cleaned_data["file"])
        problems = told_problems(read.problems)
        if not problems:
            try:
                changed = attendance.take_list(found, visitor(request), read.came)
            except Refused as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, _("%(count)s人の出席を変えました。") % {"count": changed})
                return redirect("learning:seminar_attend", municipality.code, pk)
    context = {
        **below(municipality, found, _("出席を一覧から取り込む"), _("取り込む"), to="seminar_attend"),
        "seminar": found,
        "form": form,
        "problems": problems[:_MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - _MOST_PROBLEMS),
    }
    return render(request, "learning/seminars/import.html", context)


# Letters


@member(RUN)
def letters(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, form = the_seminar(pk), MailFilter(request.GET)
    rows = queries.letters(found)
    if form.is_valid() and form.cleaned_data["state"]:
        rows = rows.filter(state=form.cleaned_data["state"])
    if "format" in request.GET:
        columns = [
            _("受付番号"),
            _("種類"),
            _("状態"),
            _("試した回数"),
            _("理由"),
            _("書いた日時"),
            _("送った日時"),
        ]
        lines = (
            (
                one.registration.number,
                one.get_kind_display(),
                one.get_state_display(),
                one.tries,
                one.why,
                one.queued_at,
                one.sent_at,
            )
            for one in rows
        )
        return export(request, f"letters-{pk}", columns, lines)
    stands = queries.standing(found)
    context = {
        "title": _("送ったメール"),
        "seminar": found,
        "form": form,
        "stands": stands,
        "total": stands.sent + stands.failed + stands.queued,
        "page_obj": Paginator(rows, _A_PAGE).get_page(request.GET.get("page")),
        "filtered": bool(request.GET.get("state")),
        "breadcrumbs": _crumbs(municipality, found, _("送ったメール")),
    }
    return render(request, "learning/seminars/letters.html", context)


@member(RUN)
def send_again(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    S = SeminarMail.State  # noqa: N806
    failed = list(queries.letters(found).filter(state__in=(S.FAILED, S.SENDING)))
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: mail.send_again(failed),
        done=_("もう一度送っています。"),
        consequence=_(
            "送れなかったメール%(count)s通を、もう一度送ります。途中で止まったものは、届いていることがあります。"
        )
        % {"count": len(failed)},
        **below(municipality, found, _("もう一度送りますか"), _("もう一度送る"), to="seminar_letters"),
    )


def _crumbs(
    municipality: Municipality, seminar: Seminar, here: str, *, people: bool = False
) -> list[tuple[Any, str]]:
    between = [(_("申し込んだ人"), page_of(municipality, seminar, "seminar_people"))] if people else []
    return breadcrumbs(municipality, (seminar.title, page_of(municipality, seminar)), *between, (here, ""))


def _told(value: Any) -> str:
    if value is True:
        return _("はい")
    return "、".join(value) if isinstance(value, list) else str(value or "")


def _town(one: SeminarRegistration) -> str:
    return str(one.town) if one.town else ""


def _export_people(request: HttpRequest, seminar: Seminar, rows: Any) -> HttpResponseBase:
    questions = list(seminar.questions.all())
    columns = [
        _("受付番号"),
        _("状態"),
        _("参加のしかた"),
        _("お名前"),
        _("メールアドレス"),
        _("立場"),
        _("市区町村"),
        _("勤め先・団体"),
        _("配慮してほしいこと"),
        _("セッション"),
        *(one.label for one in questions),
        _("申込日時"),
        _("来場"),
    ]

    def line(one: SeminarRegistration) -> list[Any]:
        given = json.loads(one.answers or "{}")
        return [
            one.number,
            one.get_state_display(),
            one.get_way_display(),
            one.name or "",
            one.email or "",
            one.get_role_display(),
            _town(one),
            one.organisation or "",
            one.needs or "",
            "、".join(choice.session.title for choice in one.choices.all()),
            *(_told(given.get(str(asked.pk))) for asked in questions),
            one.made_at,
            one.attended_at,
        ]

    return export(request, f"registrations-{seminar.pk}", columns, (line(one) for one in rows))
