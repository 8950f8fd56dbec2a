"""What people decide on an application, each on a page that says what will happen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.erasing import erase
from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import ConfirmForm, EraseForm, posted
from machi.casework.domain import intake, letters, ruling, sorting
from machi.casework.domain.intake_words import refusal_words
from machi.casework.models import Application
from machi.casework.web.application import SECOND, below, checks_of
from machi.casework.web.application_forms import (
    AmendForm,
    ApproveForm,
    ProcedureForm,
    ReasonForm,
    RefuseForm,
    UploadForm,
    read_each,
)
from machi.casework.web.applications import PROCESS

DECIDE = "casework/applications/decide.html"
View = Callable[[HttpRequest, Municipality, int], HttpResponseBase]


def while_open(*states: str) -> Callable[[View], View]:
    """Shows the page of an act only while it can be done; else leads back, and says why. Stands below ``@staff``."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
            try:
                ruling.ensure_open(_application(pk), states)
            except Refused as refused:
                messages.info(request, str(refused.message))
                return redirect(_page(municipality, pk))
            return view(request, municipality, pk)

        return wrapped

    return wrap


@staff(PROCESS)
@while_open(*ruling.DECIDED_FROM)
def approve(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    form = ApproveForm(posted(request))
    return acted(
        request,
        form,
        lambda: ruling.approve(one, visitor(request), form.cleaned_data["reason"]),
        onward=_page(municipality, pk),
        done=_("2人目の承認を待ちます。") if _two(one) else _("承認しました。通知書ができています。"),
        template=DECIDE,
        one=one,
        rows=checks_of(one)[0],
        **_frame(
            municipality,
            one,
            _("申請を承認しますか"),
            _("承認する"),
            _("通知するまでは取り消せます。"),
        ),
    )


@staff(PROCESS)
@while_open(*ruling.DECIDED_FROM)
def refuse(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    form = RefuseForm(posted(request))
    return acted(
        request,
        form,
        lambda: ruling.refuse(one, visitor(request), form.cleaned_data["reason"]),
        onward=_page(municipality, pk),
        done=_("2人目の承認を待ちます。")
        if _two(one)
        else _("承認しないと決めました。通知書ができています。"),
        template=DECIDE,
        one=one,
        rows=checks_of(one)[0],
        **_frame(
            municipality,
            one,
            _("申請を承認しないことにしますか"),
            _("承認しないと決める"),
            _("理由は、そのまま通知書に載ります。通知するまでは取り消せます。"),
        ),
        lead=_("通知書に載る教示：") + "\n" + letters.remedy_of(one.procedure) if one.procedure else "",
    )


@staff(PROCESS)
@while_open(*ruling.AMENDED_FROM)
def amend(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    form = AmendForm(posted(request), "\n".join(letters.asked_to_amend(one)), timezone.localdate())
    return acted(
        request,
        form,
        lambda: ruling.ask_to_amend(
            one,
            visitor(request),
            form.cleaned_data["what"],
            form.cleaned_data["until"],
            openly=form.cleaned_data["openly"],
        ),
        onward=_page(municipality, pk),
        done=_("補正を依頼しました。依頼の文書ができています。"),
        template=DECIDE,
        one=one,
        rows=checks_of(one)[0],
        **_frame(
            municipality,
            one,
            _("補正を依頼しますか"),
            _("依頼する"),
            _told_how(one),
        ),
    )


@staff(SECOND)
@while_open(*ruling.SECONDED_FROM)
def second(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    live = ruling.live_ruling(one)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: ruling.second(one, visitor(request)),
        onward=_page(municipality, pk),
        done=_("承認しました。通知書ができています。"),
        lead=_("%(name)sが書いた理由：") % {"name": live.person} + "\n" + live.reason
        if live and live.reason
        else "",
        template=DECIDE,
        one=one,
        rows=checks_of(one)[0],
        **_frame(
            municipality,
            one,
            _("「%(kind)s」の決定を、2人目として承認しますか")
            % {"kind": live.get_kind_display() if live else ""},
            _("2人目として承認する"),
            "",
        ),
    )


@staff(SECOND)
@while_open(*ruling.SECONDED_FROM)
def send_back(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: ruling.send_back(one, visitor(request), form.cleaned_data["reason"]),
        onward=_page(municipality, pk),
        done=_("審査に戻しました。"),
        **_frame(municipality, one, _("審査に戻しますか"), _("戻す"), ""),
    )


@staff(PROCESS)
@while_open(*ruling.UNDONE_FROM)
def undo(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: ruling.undo(one, visitor(request)),
        onward=_page(municipality, pk),
        done=_("決定を取り消し、審査に戻しました。"),
        **_frame(
            municipality,
            one,
            _("決定を取り消しますか"),
            _("取り消す"),
            _("まだ通知していないので、審査に戻せます。できていた文書は使えなくなります。"),
        ),
    )


@staff(PROCESS)
@while_open(*ruling.NOTIFIED_FROM)
def notify(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: ruling.notify(one, visitor(request)),
        onward=_page(municipality, pk),
        done=_("通知済みにしました。"),
        danger=True,
        **_frame(
            municipality,
            one,
            _("申請者に通知しましたか"),
            _("通知済みにする"),
            _(
                "ここから先は、決定を取り消せません。メールアドレスがある人には、お知らせのメールが送られます。"
            ),
        ),
    )


@staff(PROCESS)
def send_receipt(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = _application(pk)
    return acted(
        request,
        ConfirmForm(posted(request)),
        lambda: ruling.send_receipt(one, visitor(request)),
        onward=_page(municipality, pk),
        done=_("受付のお知らせを送ります。"),
        **_frame(
            municipality,
            one,
            _("受付のお知らせをメールで送りますか"),
            _("送る"),
            _(
                "状況を見るページのアドレスを、%(email)s に送ります。"
                "読み取ったアドレスなら、先に画像と見比べてください。"
            )
            % {"email": one.email or "–"},
        ),
    )


@staff(PROCESS)
def choose(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    """Says which procedure it is, or reads it once more: all is read anew from the files."""
    one = _application(pk)
    form = ProcedureForm(posted(request))
    if request.method != "POST" and one.procedure_id:
        form.initial["procedure"] = one.procedure_id
    return acted(
        request,
        form,
        lambda: sorting.choose(one, visitor(request), form.cleaned_data["procedure"]),
        onward=_page(municipality, pk),
        done=_("読み直しを頼みました。"),
        **_frame(
            municipality,
            one,
            _("手続を選んで読み直しますか"),
            _("読み直す"),
            _("ファイルからもう一度読み取ります。直した値は、前の値として残ります。"),
        ),
    )


@staff(PROCESS)
def add_files(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse | HttpResponseBase:
    one = _application(pk)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given)
    del form.fields["procedure"], form.fields["together"]

    def add() -> None:
        for taken in intake.add_files(one, list(read_each(form.cleaned_data["upload"])), visitor(request)):
            if taken.outcome == "refused":
                messages.error(request, f"{taken.name}: {refusal_words(taken.key, taken.arguments)}")
            elif taken.outcome == "duplicate":
                messages.warning(
                    request,
                    _("%(name)s は、すでに受け付けたファイルと同じです。") % {"name": taken.name},
                )

    return acted(
        request,
        form,
        add,
        onward=_page(municipality, pk),
        **_frame(
            municipality,
            one,
            _("書類を追加する"),
            _("追加する"),
            _("追加すると、全部の書類をもう一度読み取ります。"),
        ),
    )


@staff("casework.define_forms")
def erase_application(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponseBase:
    one = get_object_or_404(Application, pk=pk, erased_at=None)
    form = EraseForm(posted(request))
    return acted(
        request,
        form,
        lambda: erase(
            municipality,
            f"application:{pk}",
            ground=form.cleaned_data["ground"],
            reference=form.cleaned_data["reference"],
            person=visitor(request),
        ),
        onward=_page(municipality, pk),
        done=_("個人情報を消しました。"),
        danger=True,
        **_frame(
            municipality,
            one,
            _("この申請の個人情報を消しますか"),
            _("消す"),
            _(
                "ファイル、画像、値、文書の内容、連絡先を消します。受付番号と状態は残ります。元には戻せません。"
            ),
        ),
    )


def _application(pk: int) -> Application:
    return get_object_or_404(Application.objects.select_related("procedure", "municipality"), pk=pk)


def _told_how(one: Application) -> str:
    """How the applicant hears of a request for amendment."""
    if not one.email:
        return _("申請者のメールアドレスがありません。できた文書を郵便などで送ってください。")
    if ruling.address_is_doubtful(one):
        return _(
            "メールアドレスの欄がまだ確かめられていないので、メールは送りません。できた文書を郵便などで送ってください。"
        )
    return _("依頼すると、申請者にメールで知らせます。申請者は、自分のページから直した書類を送れます。")


def _page(municipality: Municipality, pk: int) -> str:
    return reverse("casework:application", args=[municipality.code, pk])


def _two(one: Application) -> bool:
    return one.procedure is not None and one.procedure.two_person


def _frame(
    municipality: Municipality, one: Application, title: str, submit: str, consequence: str
) -> dict[str, Any]:
    return {
        "title": title,
        "submit": submit,
        "consequence": consequence,
        "cancel_url": _page(municipality, one.pk),
        "breadcrumbs": [*below(municipality, one, link=True), (title, "")],
    }
