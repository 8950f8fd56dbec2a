"""How well the desk does: what it could not answer, what residents said of it, how well search finds."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain import rulings
from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.forms import add_refusal
from machi.frontdesk.apps import ANSWERS
from machi.frontdesk.domain import hand_over, reports
from machi.frontdesk.models import Inquiry
from machi.frontdesk.web.staff_forms import PassOnForm, PeriodForm

_A_PAGE = 25
_WEEKS = 12
_MEASUREMENTS = 50


@staff("frontdesk.see_quality")
def quality(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """Figures only: nobody's words are shown here."""
    weeks = reports.satisfaction(_WEEKS)
    measured = reports.quality(_MEASUREMENTS)
    if request.GET.get("list") == "search":
        columns = [_("日時"), _("確認済みの質問"), "Hit@1", "Hit@3", "Hit@10", "MRR@10", _("索引の版")]
        lines = (
            (m.at, m.questions, m.hit_1, m.hit_3, m.hit_10, m.mrr_10, m.index_revision) for m in measured
        )
        return export(request, "search-quality", columns, lines)
    if "format" in request.GET:
        columns = [
            _("週の初日"), _("質問"), _("自動で回答"), _("回答なし"), _("職員へ引き継ぎ"), _("役に立った"),
            _("役に立たなかった"), _("期限内に回答"), _("期限に遅れた"),
        ]  # fmt: skip
        rows = (
            (
                week.week_start,
                week.asked,
                week.answered,
                week.unknown,
                week.handed_over,
                week.helped,
                week.not_helped,
                week.answered_in_time,
                week.late,
            )
            for week in weeks
        )
        return export(request, "satisfaction", columns, rows)
    agreed, overruled = rulings.counts(ANSWERS, timezone.now() - timedelta(weeks=_WEEKS))
    context = {
        "agreed": agreed,
        "overruled": overruled,
        "weeks": weeks[::-1],
        "total": reports.total(weeks),
        "asked_most": max(week.asked for week in weeks),
        "measured": [
            {
                "measurement": m,
                **{name: round(100 * getattr(m, name)) for name in ("hit_1", "hit_3", "hit_10")},
            }
            for m in measured[::-1]
        ],
        "may_see_questions": visitor(request).has_perm("frontdesk.answer_inquiry", municipality),
    }
    return render(request, "frontdesk/staff/quality.html", context)


@staff("frontdesk.answer_inquiry")
def unanswered(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    days = int(form.cleaned_data["days"] or PeriodForm.USUAL) if form.is_valid() else PeriodForm.USUAL
    groups = reports.unanswered(days)
    if "format" in request.GET:
        columns = [
            _("質問の例"),
            _("件数"),
            _("うち役に立たなかった"),
            _("最後の日時"),
            _("よくある質問"),
            _("職員の対応"),
        ]
        rows = (
            (
                group.question_example,
                group.count,
                group.not_helped,
                group.last_at,
                group.faq.get_state_display() if group.faq else "",
                group.hand_over.get_state_display() if group.hand_over else "",
            )
            for group in groups
        )
        return export(request, "unanswered", columns, rows)
    context = {
        "form": form,
        "days": days,
        "page_obj": Paginator(groups, _A_PAGE).get_page(request.GET.get("page")),
        "questions": sum(group.count for group in groups),
        "most": reports.MOST_UNANSWERED,
        "breadcrumbs": [
            (_("回答の質"), reverse("frontdesk:quality", args=[municipality.code])),
            (_("答えられなかった質問"), ""),
        ],
    }
    return render(request, "frontdesk/staff/unanswered.html", context)


@staff("frontdesk.answer_inquiry")
def pass_on(request: HttpRequest, municipality: Municipality, pk: int) -> HttpResponse:
    """Hands a question that nobody handed over to a division, so that a person answers it."""
    inquiry = get_object_or_404(Inquiry, pk=pk)
    back = reverse("frontdesk:unanswered", args=[municipality.code])
    form = PassOnForm(request.POST or None, initial={"division": _suggested(inquiry)})
    if request.method == "POST" and form.is_valid():
        try:
            handed = hand_over.hand_over(
                inquiry, division=form.cleaned_data["division"], person=visitor(request)
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("「%(division)s」に送りました。") % {"division": handed.division})
            return redirect(back)
    context = {
        "title": _("担当課に送る"),
        "inquiry": inquiry,
        "form": form,
        "cancel_url": back,
        "breadcrumbs": [(_("答えられなかった質問"), back), (_("担当課に送る"), "")],
    }
    return render(request, "frontdesk/staff/pass_on.html", context)


def _suggested(inquiry: Inquiry) -> int | None:
    try:
        return hand_over.suggest_division(inquiry).pk
    except Refused:
        return None
