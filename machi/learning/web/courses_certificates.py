"""Checking a certificate: for everybody, and nothing is told that the paper does not say itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from machi.base.models import Consortium, Municipality
from machi.base.web.access import limit, member, neighbour, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import posted
from machi.learning.domain.courses_access import RUN
from machi.learning.domain.courses_completion import found_by_code, revoke
from machi.learning.models import Certificate
from machi.learning.web.courses_forms import CodeForm, ReasonForm
from machi.learning.web.courses_pages import address, cohort_crumbs

RATE = "30/m"


@neighbour
@require_safe
def check_certificate(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """A code is typed in; the answer is on the same page."""
    form = CodeForm(request.GET if "number" in request.GET else None)
    asked = form.is_valid()
    return _answered(request, consortium, form, form.cleaned_data["number"] if asked else "", asked=asked)


@neighbour
@require_safe
def certificate(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, number: str
) -> HttpResponseBase:
    """Where the QR code of the paper leads."""
    return _answered(request, consortium, CodeForm(initial={"number": number}), number, asked=True)


def _answered(
    request: HttpRequest, consortium: Consortium, form: CodeForm, number: str, *, asked: bool
) -> HttpResponseBase:
    found = None
    if asked:
        limit(request, "certificates", RATE)
        found = found_by_code(number)
    context = {
        "title": _("修了証の確認"),
        "form": form,
        "asked": asked,
        "certificate": found,
        "consortium": consortium,
    }
    response = render(request, "learning/courses/check_certificate.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@member(RUN)
def revoke_certificate(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found: Certificate = get_object_or_404(
        Certificate.objects.select_related("enrolment__cohort", "enrolment__municipality", "consortium"),
        pk=pk,
        revoked_at=None,
    )
    cohort = found.enrolment.cohort
    back = address(municipality, "cohort", cohort.pk)
    form = ReasonForm(posted(request))
    return acted(
        request,
        form,
        lambda: revoke(found, municipality, visitor(request), form.cleaned_data["reason"]),
        onward=back,
        done=_("修了証を取り消しました。"),
        title=_("修了証を取り消しますか"),
        consequence=_("確認のページで「取り消された」と示されます。元には戻せません。"),
        danger=True,
        submit=_("取り消す"),
        cancel_url=back,
        breadcrumbs=cohort_crumbs(municipality, cohort, (_("修了証の取り消し"), "")),
    )
