"""Programmes and subsidies: the register, its import, and what a town says of itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from machi.base.domain.errors import Refused
from machi.base.engine.tables import Row, Table, read_table
from machi.base.models import Consortium, Municipality, Prefecture
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, posted
from machi.base.web.history import told as told_of
from machi.base.web.table_problems import told
from machi.joint.domain import funding_lists as lists
from machi.joint.domain import funding_register as verbs
from machi.joint.models import Cost, Flag, FundingProgramme, Purpose, TownKind, TownStanding
from machi.joint.web.funding_forms import ListForm, ProgrammeFilter, ProgrammeForm, StandingForm

A_PAGE = 25
MOST_PROBLEMS = 30
SEE = "joint.see_programmes"
_SALT = "joint.programmes.list"
ACTIONS = {
    "add": gettext_noop("制度を登録した"),
    "change": gettext_noop("制度を直した"),
    "withdraw": gettext_noop("終了した制度にした"),
    "restore": gettext_noop("使える制度に戻した"),
}


@member(SEE)
def programmes(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = ProgrammeFilter(request.GET)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {"purpose": "", "open": False}
    found = verbs.programmes(purpose=given["purpose"], open_only=given["open"])
    if "format" in request.GET:
        prefectures = dict(Prefecture.objects.values_list("code", "name"))
        rows = (lists.cells(one, prefectures) for one in found)
        return export(request, "programmes", lists.COLUMNS, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("補助制度"),
        "form": form,
        "page_obj": page,
        "rows": [(one, lists.labels(Purpose, one.purposes)) for one in page],
        "filtered": bool(given["purpose"] or given["open"]),
        "office": visitor(request).has_perm(verbs.MANAGE, municipality),
        "checks": visitor(request).has_perm("joint.check_funding", municipality),
    }
    return render(request, "joint/funding/programmes.html", context)


@member(SEE)
def programme(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = get_object_or_404(FundingProgramme, pk=pk)
    names = dict(Prefecture.objects.filter(code__in=known.prefectures).values_list("code", "name"))
    context = {
        "programme": known,
        "purposes": lists.labels(Purpose, known.purposes),
        "costs": lists.labels(Cost, known.costs),
        "kinds": lists.labels(TownKind, known.kinds),
        "flags": lists.labels(Flag, known.flags),
        "prefectures": "、".join(names[code] for code in known.prefectures),
        "documents": [line for line in known.documents.splitlines() if line.strip()],
        "office": visitor(request).has_perm(verbs.MANAGE, municipality),
        "events": told_of(f"programme:{pk}", ACTIONS),
        "breadcrumbs": [*breadcrumbs(municipality), (known.name, "")],
    }
    return render(request, "joint/funding/programme.html", context)


@member(verbs.MANAGE)
def add_programme(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    form = ProgrammeForm(posted(request))
    return acted(
        request,
        form,
        lambda: verbs.add(consortium, municipality, visitor(request), form.cleaned_data),
        done=_("制度を登録しました。"),
        onward=lambda made: reverse("joint:programme", args=[municipality.code, made.pk]),
        title=_("制度を登録する"),
        submit=_("登録する"),
        cancel_url=reverse("joint:programmes", args=[municipality.code]),
        breadcrumbs=[*breadcrumbs(municipality), (_("登録"), "")],
    )


@member(verbs.MANAGE)
def change_programme(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    known = get_object_or_404(FundingProgramme.objects.select_related("consortium"), pk=pk)
    form = ProgrammeForm(posted(request), initial={name: getattr(known, name) for name in verbs.FIELDS})
    return acted(
        request,
        form,
        lambda: verbs.change(known, municipality, visitor(request), form.cleaned_data),
        done=_("制度を直しました。"),
        **_below(municipality, known, _("制度を直す"), _("保存する")),
    )


@member(verbs.MANAGE)
def withdraw_programme(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Ended, or offered again: the other of what it is."""
    known = get_object_or_404(FundingProgramme.objects.select_related("consortium"), pk=pk)
    form, ending = ConfirmForm(posted(request)), known.withdrawn_at is None
    title = _("終了した制度にしますか") if ending else _("使える制度に戻しますか")
    consequence = (
        _("これからの照合には出なくなります。これまでの照合の結果は変わりません。") if ending else ""
    )
    return acted(
        request,
        form,
        lambda: verbs.withdraw(known, municipality, visitor(request), withdrawn=ending),
        done=_("終了した制度にしました。") if ending else _("使える制度に戻しました。"),
        consequence=consequence,
        **_below(municipality, known, title, _("終了にする") if ending else _("戻す")),
    )


@member(verbs.MANAGE)
def import_programmes(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """The dry run: what taking the list would do, or why it cannot be taken. Nothing is stored."""
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "title": _("制度の一覧を取り込む"),
        "form": form,
        "submit": _("確かめる"),
        "columns": lists.COLUMNS,
        "required": lists.REQUIRED,
        "cancel_url": reverse("joint:programmes", args=[municipality.code]),
        "breadcrumbs": [*breadcrumbs(municipality), (_("取り込み"), "")],
    }
    if request.method == "POST" and form.is_valid():
        table = read_table(form.cleaned_data["file"], lists.REQUIRED, lists.OPTIONAL)
        read = lists.read_rows(table)
        problems = told(read.problems, lists.WORDS)
        context |= {"problems": problems[:MOST_PROBLEMS], "more": max(0, len(problems) - MOST_PROBLEMS)}
        if not problems:
            preview = lists.preview(read.rows)
            context |= {
                "preview": preview,
                "counts": {
                    state: sum(one.state == state for one in preview) for state in ("new", "changed", "same")
                },
                "token": signing.dumps(
                    [[row.number, dict(row.cells)] for row in table.rows], salt=_SALT, compress=True
                ),
            }
    return render(request, "joint/funding/import.html", context)


@member(verbs.MANAGE)
@require_POST
def take_programmes(
    request: HttpRequest, municipality: Municipality, consortium: Consortium
) -> HttpResponseBase:
    """Takes what the dry run showed: its rows come back signed and are read once more."""
    try:
        rows = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=3600)
    except signing.BadSignature:
        messages.error(request, _("確かめてから時間がたちました。もう一度ファイルを選んでください。"))
        return redirect("joint:import_programmes", municipality.code)
    read = lists.read_rows(Table(lists.COLUMNS, tuple(Row(number, cells) for number, cells in rows)))
    try:
        if read.problems:
            raise Refused(" ".join(told(read.problems, lists.WORDS)))
        added, changed, same = verbs.take(consortium, municipality, visitor(request), read.rows)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("joint:import_programmes", municipality.code)
    messages.success(
        request,
        _("取り込みました。新しい制度%(added)s件、変わった制度%(changed)s件、同じ%(same)s件。")
        % {"added": added, "changed": changed, "same": same},
    )
    return redirect("joint:programmes", municipality.code)


@member("joint.check_funding")
def standing(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """What the own town is by law: depopulated area and the like."""
    person = visitor(request)
    known = TownStanding.objects.filter(town=municipality).first()
    form = StandingForm(posted(request), initial={"flags": known.flags if known else []})
    return acted(
        request,
        form,
        lambda: verbs.say_standing(consortium, municipality, person, form.cleaned_data["flags"]),
        done=_("地域の条件を保存しました。"),
        onward=reverse("joint:funding_checks", args=[municipality.code]),
        title=_("%(town)sの地域の条件") % {"town": municipality},
        submit=_("保存する"),
        cancel_url=reverse("joint:funding_checks", args=[municipality.code]),
        breadcrumbs=[
            (_("財源さがし"), reverse("joint:funding_checks", args=[municipality.code])),
            (_("地域の条件"), ""),
        ],
    )


def breadcrumbs(municipality: Municipality) -> list[tuple[str, str]]:
    return [(_("補助制度"), reverse("joint:programmes", args=[municipality.code]))]


def _below(municipality: Municipality, known: FundingProgramme, title: str, submit: str) -> dict[str, Any]:
    page = reverse("joint:programme", args=[municipality.code, known.pk])
    return {
        "onward": page,
        "title": title,
        "submit": submit,
        "cancel_url": page,
        "breadcrumbs": [*breadcrumbs(municipality), (known.name, page), (title, "")],
    }
