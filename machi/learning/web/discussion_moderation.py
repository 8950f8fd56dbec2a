"""Moderation: what was reported, and what the joint office decides about posts and topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import posted
from machi.learning.domain import discussion_moderation as verbs
from machi.learning.domain.discussion import MODERATE
from machi.learning.domain.discussion_shown import called
from machi.learning.models import Case
from machi.learning.web.cases_forms import ReasonForm
from machi.learning.web.discussion import crumbs, the_topic
from machi.learning.web.discussion_acts import below, the_post, topic_below
from machi.learning.web.discussion_forms import MoveForm

A_PAGE = 25


@member(MODERATE)
def reports(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    found = verbs.reports()
    if "format" in request.GET:
        columns = [_("話題"), _("書き込みの番号"), _("自治体"), _("理由"), _("日時")]
        rows = (
            (str(one.post.topic), one.post.ordinal, str(one.post.author.town), one.reason, one.at)
            for one in found
        )
        return export(request, "post-reports", columns, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("知らせのあった書き込み"),
        "page_obj": page,
        "lines": [{"report": one, "by": called(one.post.author)} for one in page],
        "breadcrumbs": [*crumbs(municipality), (_("知らせのあった書き込み"), "")],
    }
    return render(request, "learning/discussion/reports.html", context)


@member(MODERATE)
def hide(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _decided(
        request,
        municipality,
        pk,
        verbs.hide,
        title=_("書き込みを隠す"),
        submit=_("隠す"),
        done=_("隠しました。"),
        consequence=_(
            "理由は、書き込みのあった所に示し、書いた人に知らせます。はじめの書き込みなら、話題ごと隠れます。"
        ),
    )


@member(MODERATE)
def show(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _decided(
        request,
        municipality,
        pk,
        verbs.show,
        title=_("書き込みをまた見せる"),
        submit=_("見せる"),
        done=_("また見えるようにしました。"),
    )


@member(MODERATE)
def keep(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _decided(
        request,
        municipality,
        pk,
        verbs.keep,
        title=_("書き込みをそのままにする"),
        submit=_("そのままにする"),
        done=_("知らせを終えました。"),
    )


@member(MODERATE)
def lock(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Or open again what was locked."""
    found = the_topic(request, municipality, pk)
    form, on = ReasonForm(posted(request)), found.locked_at is None
    return acted(
        request,
        form,
        lambda: verbs.lock(found, municipality, visitor(request), on=on, reason=form.cleaned_data["reason"]),
        done=_("締め切りました。") if on else _("また書き込めるようにしました。"),
        **topic_below(
            municipality,
            found,
            _("話題を締め切る") if on else _("話題をまた開く"),
            _("締め切る") if on else _("開く"),
        ),
    )


@member(MODERATE)
def move(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = the_topic(request, municipality, pk), visitor(request)
    asked = request.GET.get("case", "")
    case = found.case
    if asked.isdecimal() and len(asked) < 10:
        case = Case.objects.filter(pk=int(asked), state=Case.State.PUBLISHED).first()
    form = MoveForm(
        posted(request),
        municipality=municipality,
        person=person,
        case=case,
    )
    return acted(
        request,
        form,
        lambda: verbs.move(found, municipality, person, **form.cleaned_data["about"]),
        done=_("話題を移しました。"),
        consequence=_("研修の回に移すと、その回の参加者だけが読めるようになります。"),
        **topic_below(municipality, found, _("話題を移す"), _("移す")),
    )


def _decided(
    request: HttpRequest, municipality: Municipality, pk: int, verb: Callable[..., None], **page: Any
) -> HttpResponseBase:
    found = the_post(request, municipality, pk)
    form = ReasonForm(posted(request))
    place = below(municipality, found, page.pop("title"), page.pop("submit"))
    return acted(
        request,
        form,
        lambda: verb(found, municipality, visitor(request), reason=form.cleaned_data["reason"]),
        **{**place, **page},
    )
