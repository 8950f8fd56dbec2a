"""The office's seminars: the list, one as a whole, and its course from draft to done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Consortium, Municipality, Person
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.base.web.history import told
from machi.learning.domain import seminars as verbs
from machi.learning.domain import seminars_programme as programme
from machi.learning.domain import seminars_queries as queries
from machi.learning.domain.seminars_mail import when
from machi.learning.models import Seminar
from machi.learning.web.seminars_forms import CancelForm, SeminarFilter, SeminarForm
from machi.learning.web.seminars_pages import RUN, below, breadcrumbs, page_of, posted, the_seminar

_A_PAGE = 25
ACTIONS = {
    "create": gettext_noop("セミナーを作った"),
    "change": gettext_noop("セミナーの内容を直した"),
    "speaker": gettext_noop("登壇者を書いた"),
    "remove_speaker": gettext_noop("登壇者を外した"),
    "session": gettext_noop("セッションを書いた"),
    "remove_session": gettext_noop("セッションを消した"),
    "question": gettext_noop("申し込みの質問を書いた"),
    "remove_question": gettext_noop("申し込みの質問を消した"),
    "publish": gettext_noop("公開した"),
    "close": gettext_noop("受付を終えた"),
    "reopen": gettext_noop("受付を再開した"),
    "held": gettext_noop("開催済みにした"),
    "cancel": gettext_noop("中止にした"),
    "attendance_list": gettext_noop("出席を一覧で取り込んだ"),
    "material": gettext_noop("資料を加えた"),
    "remove_material": gettext_noop("資料を外した"),
    "publish_materials": gettext_noop("資料を公開した"),
    "ask": gettext_noop("アンケートを送った"),
    "close_questionnaire": gettext_noop("アンケートを締め切った"),
    "hide_quote": gettext_noop("報告に載せない言葉を決めた"),
    "show_quote": gettext_noop("報告に載せる言葉を決めた"),
    "summary": gettext_noop("報告のまとめを書いた"),
    "publish_report": gettext_noop("報告を公表した"),
}


@member(RUN)
def seminars(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = SeminarFilter(request.GET)
    found = verbs.seminars()
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    if "format" in request.GET:
        return _export(request, found)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("セミナー"),
        "form": form,
        "page_obj": page,
        "rows": [{"seminar": one, "when": when(one)} for one in page],
        "filtered": bool(request.GET.get("state")),
        "breadcrumbs": [*breadcrumbs(municipality)[:1], (_("セミナー"), "")],
    }
    return render(request, "learning/seminars/list.html", context)


@member(RUN)
def seminar(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """How it stands, the programme, what to do next."""
    found = the_seminar(pk)
    context = {
        "title": found.title,
        "seminar": found,
        "when": when(found),
        "missing": verbs.what_is_missing(found) if found.state == Seminar.State.DRAFT else [],
        "seats": list(found.seats.filter(session=None)),
        "sessions": found.sessions.prefetch_related("speakers").select_related("seats"),
        "speakers": list(found.speakers.all()),
        "questions": list(found.questions.all()),
        "materials": list(found.materials.all()),
        "stands": queries.standing(found),
        "may": _may(found),
        "report": getattr(found, "report", None),
        "events": told(f"seminar:{pk}", ACTIONS),
        "breadcrumbs": breadcrumbs(municipality, (found.title, "")),
    }
    return render(request, "learning/seminars/seminar.html", context)


@member(RUN)
def create(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = SeminarForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.create(consortium, municipality, visitor(request), form.given()),
        done=_("下書きを作りました。次に、プログラムを加えてください。"),
        onward=lambda made: page_of(municipality, made),
        title=_("セミナーを作る"),
        submit=_("下書きを保存する"),
        cancel_url=reverse("learning:seminars", args=[municipality.code]),
        breadcrumbs=breadcrumbs(municipality, (_("セミナーを作る"), "")),
    )


@member(RUN)
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    form = SeminarForm(posted(request), seminar=found)
    notice = _("日時か会場を変えると、席がある人と待っている人にメールで知らせます。")
    return acted(
        request,
        form,
        lambda: verbs.change(found, visitor(request), form.given()),
        done=_("保存しました。"),
        consequence="" if found.state == Seminar.State.DRAFT else notice,
        **below(municipality, found, _("セミナーの内容を直す"), _("保存する")),
    )


@member(RUN)
def cancel(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_seminar(pk)
    form = CancelForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.cancel(found, visitor(request), form.cleaned_data["reason"]),
        done=_("中止にしました。申し込んだ人にメールを送っています。"),
        consequence=_("席がある人と待っている人の全員にメールで知らせます。元には戻せません。"),
        danger=True,
        **below(municipality, found, _("セミナーを中止にする"), _("中止にする")),
    )


def _deleted(found: Seminar, person: Person) -> None:
    verbs.delete_draft(found, person)


STEPS: dict[str, tuple[Callable[[Seminar, Person], Any], str, str, str, str]] = {
    "publish": (
        verbs.publish,
        gettext_noop("公開しますか"),
        gettext_noop("公開のページに出て、受付の期間になると申し込めます。"),
        gettext_noop("公開する"),
        gettext_noop("公開しました。"),
    ),
    "close": (
        verbs.close,
        gettext_noop("受付を終えますか"),
        gettext_noop("新しい申し込みはできなくなります。空いた席は、待っている人に引き続き案内します。"),
        gettext_noop("受付を終える"),
        gettext_noop("受付を終えました。"),
    ),
    "reopen": (
        verbs.reopen,
        gettext_noop("受付を再開しますか"),
        gettext_noop("受付の終わりまで、申し込めます。"),
        gettext_noop("受付を再開する"),
        gettext_noop("受付を再開しました。"),
    ),
    "held": (
        verbs.mark_held,
        gettext_noop("開催済みにしますか"),
        gettext_noop("出席、資料、アンケート、報告に進みます。"),
        gettext_noop("開催済みにする"),
        gettext_noop("開催済みにしました。"),
    ),
    "publish-materials": (
        programme.publish_materials,
        gettext_noop("資料を公開しますか"),
        gettext_noop("だれでも読めるようになり、席があった人にメールで知らせます。"),
        gettext_noop("資料を公開する"),
        gettext_noop("資料を公開しました。"),
    ),
    "delete": (
        _deleted,
        gettext_noop("下書きを消しますか"),
        gettext_noop("プログラムも消えます。元には戻せません。"),
        gettext_noop("下書きを消す"),
        gettext_noop("下書きを消しました。"),
    ),
}


@member(RUN)
def step(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, act: str
) -> HttpResponseBase:
    """Asks, then does one step of its course."""
    found = the_seminar(pk)
    if act not in STEPS:
        raise Http404
    verb, title, consequence, submit, done = STEPS[act]
    page = below(municipality, found, _(title), _(submit))
    if act == "delete":
        page["onward"] = reverse("learning:seminars", args=[municipality.code])
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: verb(found, visitor(request)),
        done=_(done),
        consequence=_(consequence),
        danger=act == "delete",
        **page,
    )


def _may(found: Seminar) -> dict[str, bool]:
    """What can be done now, for the buttons."""
    state, S = found.state, Seminar.State  # noqa: N806
    begun = found.starts_at <= timezone.now()
    return {
        "publish": state == S.DRAFT,
        "delete": state == S.DRAFT,
        "change": state in verbs.AHEAD,
        "close": state == S.PUBLISHED,
        "reopen": state == S.CLOSED and found.closes_at > timezone.now(),
        "held": state in (S.PUBLISHED, S.CLOSED) and begun,
        "cancel": state in (S.PUBLISHED, S.CLOSED),
        "materials": state in (S.HELD, S.REPORTED) and found.materials_at is None,
        "after": state in (S.HELD, S.REPORTED),
        "attend": state in (S.PUBLISHED, S.CLOSED, S.HELD),
    }


def _export(request: HttpRequest, found: Any) -> HttpResponseBase:
    columns = [
        _("セミナーの名前"),
        _("状態"),
        _("開催の形"),
        _("始まり"),
        _("会場"),
        _("参加"),
        _("キャンセル待ち"),
        _("来場"),
    ]
    rows = (
        (
            one.title,
            one.get_state_display(),
            one.get_form_display(),
            one.starts_at,
            one.venue,
            one.coming,
            one.waiting,
            one.came,
        )
        for one in found
    )
    return export(request, "seminars", columns, rows)
