"""What applicants do themselves: apply by a web form, see by a secret link how it stands, send what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.casework.domain import files, intake, letters
from machi.casework.domain.engines import plain
from machi.casework.domain.procedure_data import data_of
from machi.casework.domain.ruling import live_ruling
from machi.casework.domain.storing import forms_of, stored_forms
from machi.casework.engine.types import FieldDefinition, FormDefinition
from machi.casework.engine.web_form import asked
from machi.casework.models import Application, Procedure

State = Application.State
MOST_FILES = 5


def procedures() -> list[Procedure]:
    """Those that can be applied for here."""
    return [one for one in Procedure.objects.filter(active=True, web_form=True) if forms_of(one)]


def on_paper() -> list[Procedure]:
    """Those for which the web only says how: what to enclose, and the form to print."""
    active = Procedure.objects.filter(active=True, web_form=False)
    return [one for one in active if data_of(one).about.on_paper and forms_of(one)]


def blank_of(procedure: Procedure) -> bytes | None:
    """Its main form to print, a PDF; None where there is none, or only a picture of it."""
    form = next(iter(stored_forms(procedure)), None)
    if form is None or not form.blank:
        return None
    data = files.kept(procedure.municipality, form.blank)
    return data if data.startswith(b"%PDF") else None


def asked_of(procedure: Procedure) -> list[FieldDefinition]:
    """The main form's fields as they are asked on the web. Refused where the procedure has no form."""
    return asked(form_of(procedure).fields, data_of(procedure).about.roles)


def form_of(procedure: Procedure) -> FormDefinition:
    """The main form, which the applicant fills in. Refused where the procedure has none."""
    forms = forms_of(procedure)
    if not forms:
        raise Refused(_("この手続には、まだ様式がありません。"))
    return forms[0]


def wrong(fields: Sequence[FieldDefinition], given: Mapping[str, str]) -> dict[str, str]:
    """What the applicant should look at again, by field: required and empty, or not to be read as what it is."""
    from machi.casework.domain.words import doubts

    found = {}
    for one in fields:
        raw = given.get(one.key, "")
        if one.required and not raw:
            found[one.key] = _("「%(label)s」を入力してください。") % {"label": one.label}
        elif raw and (told := plain(one.kind, raw)).doubts:
            found[one.key] = "、".join(doubts(told.doubts))
    return found


def apply(
    municipality: Municipality,
    procedure: Procedure,
    given: Mapping[str, str],
    attachments: Sequence[tuple[str, bytes]],
    language: str,
    email: str = "",
) -> Application:
    """``email``: where the form has no field for it."""
    if not procedure.web_form:
        raise Refused(_("この手続は、ウェブでは受け付けていません。"))
    form = form_of(procedure)
    known = {one.key for one in asked_of(procedure)}
    return intake.take_values(
        municipality,
        procedure,
        {form.key: {key: value for key, value in given.items() if key in known}},
        channel=Application.Channel.WEB,
        language=language,
        attachments=attachments,
        email=email or next((given.get(one.key, "") for one in form.fields if one.kind == "email"), ""),
    )


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    state: str
    """done, now or ahead"""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What a secret link shows: how it stands and what to do next, nothing about the person."""

    heading: str
    next: str
    steps: list[Step]
    may_send: bool
    asked: list[str]
    """What should be mended, in the office's words."""


def by_token(token: str) -> Application | None:
    return (
        Application.objects.select_related("procedure", "municipality")
        .filter(token=token, erased_at=None)
        .first()
    )


def status(application: Application) -> Status:
    state = application.state
    amend = live_ruling(application) if state == State.AMENDMENT else None
    heading, following = _words(application)
    wanted = letters.asked_openly(amend) if amend is not None else []
    if amend is not None and amend.until:
        told = (
            _("%(until)sまでに、次のものを送ってください。")
            if wanted
            else _("役所からの手紙を見て、%(until)sまでに、直したものを送ってください。")
        )
        following = told % {"until": date_format(amend.until, "DATE_FORMAT")}
    at = 0 if state in (State.RECEIVED, State.READING, State.CHECKING) else 2 if application.outcome else 1
    at = 3 if state == State.NOTIFIED else at
    names = [
        (_("受付"), date_format(timezone.localdate(application.received_at), "DATE_FORMAT")),
        (_("審査"), _what_comes(application) if at < 2 else ""),
        (_("決定"), ""),
        (_("通知"), _("結果は、役所からの手紙で届きます。") if at < 3 else ""),
    ]
    if state == State.CLOSED:
        at, names = 1, [(_("受付"), names[0][1]), (_("終了"), "")]
    return Status(
        heading,
        following,
        [
            Step(name, "done" if number < at else "now" if number == at else "ahead", text)
            for number, (name, text) in enumerate(names)
        ],
        may_send=state == State.AMENDMENT,
        asked=wanted,
    )


def send(application: Application, sent: Sequence[tuple[str, bytes]]) -> list[intake.Taken]:
    """What was asked for, sent by the applicant. Refused unless it was asked for."""
    if application.state != State.AMENDMENT:
        raise Refused(_("いまは、書類を送る必要がありません。"))
    return intake.add_files(application, sent)


def _what_comes(application: Application) -> str:
    """How one hears of something missing."""
    if application.email:
        return _("職員が確かめます。足りないものがあるときは、メールか手紙で知らせ、このページにも出します。")
    return _("職員が確かめます。足りないものがあるときは、手紙か電話で知らせ、このページにも出します。")


def _words(application: Application) -> tuple[str, str]:
    match application.state:
        case State.RECEIVED | State.READING | State.CHECKING:
            return _("受け付けました"), _("いまは、することはありません。審査が始まるのを待ってください。")
        case State.AMENDMENT:
            return _("直していただきたいところがあります"), _(
                "役所からの手紙を見て、直したものを送ってください。"
            )
        case State.NOTIFIED:
            return _("結果をお知らせしました"), _("役所からの手紙を見てください。")
        case State.CLOSED:
            return _("この申請は、決定をせずに終わりました"), _(
                "取り下げたか、同じ申請がほかにあるためです。心当たりがないときは、役所に聞いてください。"
            )
        case State.APPROVED | State.REFUSED:
            return _("審査が終わりました"), _("結果の手紙を準備しています。届くまで待ってください。")
    return _("審査しています"), _("いまは、することはありません。結果を待ってください。")
