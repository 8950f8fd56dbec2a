"""Writing the use rules: a draft, section by section, then publishing it; and who has read it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.web.access import staff, visitor
from machi.base.web.export import export
from machi.base.web.files import WORD, attached
from machi.base.web.forms import ConfirmForm, add_refusal
from machi.governance.domain import policy as verbs
from machi.governance.domain import policy_readers as readers
from machi.governance.domain.policy_word import word
from machi.governance.engine.policy import Section, differences, template
from machi.governance.models import PolicyVersion
from machi.governance.web.policy import breadcrumbs, shown
from machi.governance.web.policy_forms import PublishForm, ReadersFilter, SectionForm

_A_PAGE = 50
EDIT = "governance.edit_policy"


@staff(EDIT)
@require_POST
def begin(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    try:
        verbs.begin(municipality, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("governance:policy_draft", municipality.code)


@staff(EDIT)
def draft(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    version = _draft()
    before = verbs.newest()
    context = {
        **shown(version),
        "systems": verbs.approved_systems(municipality),
        "before": before,
        "differences": differences(verbs.sections(before), verbs.sections(version)) if before else [],
        "breadcrumbs": breadcrumbs(municipality, _("作成中の版")),
    }
    return render(request, "governance/policy/draft.html", context)


@staff(EDIT)
def section(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    version = _draft()
    known = _section(version, key)
    form = SectionForm(
        request.POST or None,
        initial={"title": known.title, "body": known.body},
        hint=template().help.get(key, ""),
    )
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_section(version, visitor(request), key, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request, _("「%(title)s」を直しました。") % {"title": form.cleaned_data["title"]}
            )
            return redirect(f"{_draft_url(municipality)}#section-{key}")
    context = {
        "title": _("「%(title)s」を直す") % {"title": known.title},
        "form": form,
        "key": key,
        "submit": _("保存する"),
        "cancel_url": _draft_url(municipality),
        "breadcrumbs": _below_draft(municipality, known.title),
    }
    return render(request, "governance/policy/section.html", context)


@staff(EDIT)
def add_section(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    version = _draft()
    form = SectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.add_section(version, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("章を足しました。"))
            return redirect("governance:policy_draft", municipality.code)
    context = {
        "title": _("章を足す"),
        "form": form,
        "submit": _("足す"),
        "cancel_url": _draft_url(municipality),
        "breadcrumbs": _below_draft(municipality, _("章を足す")),
    }
    return render(request, "governance/policy/section.html", context)


@staff(EDIT)
def remove_section(request: HttpRequest, municipality: Municipality, key: str) -> HttpResponseBase:
    version = _draft()
    known = _section(version, key)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.remove_section(version, visitor(request), key)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("「%(title)s」を消しました。") % {"title": known.title})
            return redirect("governance:policy_draft", municipality.code)
    context = {
        "title": _("「%(title)s」の章を消しますか") % {"title": known.title},
        "consequence": _("書いた本文は戻せません。公開済みの版には影響しません。"),
        "form": form,
        "submit": _("消す"),
        "danger": True,
        "cancel_url": _draft_url(municipality),
    }
    return render(request, "base/components/confirm.html", context)


@staff(EDIT)
def publish(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    version, first = _draft(), verbs.newest() is None
    form = PublishForm(request.POST or None, first=first)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.publish(version, visitor(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("公開しました。職員の最初のページに、確認のお願いが出ます。"))
            return redirect("governance:policy", municipality.code)
    context = {
        "title": _("第%(number)s版を公開する") % {"number": version.number},
        "form": form,
        "systems": verbs.approved_systems(municipality),
        "cancel_url": _draft_url(municipality),
        "breadcrumbs": _below_draft(municipality, _("公開する")),
    }
    return render(request, "governance/policy/publish.html", context)


@staff(EDIT)
def discard(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    version = _draft()
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.discard(version, visitor(request))
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("作成中の版を取りやめました。"))
            return redirect("governance:policy", municipality.code)
    context = {
        "title": _("作成中の第%(number)s版を取りやめますか") % {"number": version.number},
        "consequence": _("書いた内容は戻せません。公開済みの版はそのまま残ります。"),
        "form": form,
        "submit": _("取りやめる"),
        "danger": True,
        "cancel_url": _draft_url(municipality),
    }
    return render(request, "base/components/confirm.html", context)


@staff(EDIT)
def draft_word(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    version = _draft()
    version.systems = verbs.approved_systems(municipality)
    return attached(word(version, municipality.name), f"policy-draft-v{version.number}.docx", WORD)


@staff(EDIT)
def people(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    """Who has confirmed the newest version, and who has not yet."""
    version = verbs.newest()
    form = ReadersFilter(request.GET)
    everyone = readers.people(municipality)
    waiting = readers.unconfirmed(municipality)
    found = everyone
    if form.is_valid() and form.cleaned_data["state"]:
        confirmed = everyone.exclude(pk__in=waiting.values("pk"))
        found = waiting if form.cleaned_data["state"] == "waiting" else confirmed
    if "format" in request.GET:
        columns = [_("氏名"), _("メールアドレス"), _("確認した版"), _("確認日時")]
        rows = ((one.name, one.email, one.confirmed_number, one.confirmed_at) for one in found)
        return export(request, "policy-readers", columns, rows)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "version": version,
        "form": form,
        "page_obj": page,
        "total": everyone.count(),
        "waiting": waiting.count(),
        "reminder": version.reminders.select_related("by").first() if version else None,
        "breadcrumbs": breadcrumbs(municipality, _("確認の状況")),
    }
    return render(request, "governance/policy/people.html", context)


@staff(EDIT)
@require_POST
def remind(request: HttpRequest, municipality: Municipality) -> HttpResponseBase:
    version = verbs.newest()
    if version is None:
        raise Http404
    try:
        number = readers.remind(version, visitor(request))
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("%(number)s人にメールを送ります。") % {"number": number})
    return redirect("governance:policy_people", municipality.code)


def _draft() -> PolicyVersion:
    version = verbs.draft()
    if version is None:
        raise Http404
    return version


def _section(version: PolicyVersion, key: str) -> Section:
    for one in verbs.sections(version):
        if one.key == key:
            return one
    raise Http404


def _draft_url(municipality: Municipality) -> str:
    return reverse("governance:policy_draft", args=[municipality.code])


def _below_draft(municipality: Municipality, here: str) -> list[tuple[str, str]]:
    return [*breadcrumbs(municipality), (_("作成中の版"), _draft_url(municipality)), (here, "")]
