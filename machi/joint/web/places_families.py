"""Pages of a town's families, for its own staff: entering, importing, points, withdrawing, erasing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.domain import erasing
from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.export import export
from machi.base.web.forms import EraseForm
from machi.base.web.history import told
from machi.base.web.table_problems import told as told_problems
from machi.joint.domain import places_families as verbs
from machi.joint.domain import places_import as importing
from machi.joint.domain.places_kinds import WORDS
from machi.joint.domain.places_supply import known_items, may_be_wished, open_to
from machi.joint.models import PlaceApplicant, PlaceFamily, PlaceRound, PlaceUpload
from machi.joint.web.places_family_forms import ApplicantForm, FamilyForm
from machi.joint.web.places_forms import ImportForm
from machi.joint.web.places_pages import acted, address, confirmed, crumbs, the_round

_A_PAGE = 50
_MOST_PROBLEMS = 50
_SHOWN = 10
ENTER, ERASE = "joint.enter_places", "joint.erase_places"
ACTIONS = {
    "add_family": gettext_noop("家庭を入れた"),
    "change_family": gettext_noop("家庭を直した"),
    "add_applicant": gettext_noop("申込者を足した"),
    "change_applicant": gettext_noop("申込を直した"),
    "withdraw": gettext_noop("申込を取り下げた"),
    "overrule": gettext_noop("個別の結果を変えた"),
    "decline": gettext_noop("辞退を受け付けた"),
}


@member(ENTER)
def families(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    if "format" in request.GET:
        return export(
            request,
            "places-families",
            importing.header(about, municipality),
            importing.lines(about, municipality),
        )
    found = verbs.families(about)
    if asked := request.GET.get("number", "").strip():
        found = found.filter(number__startswith=asked)
    context = {
        "title": _("申込（家庭）"),
        "round": about,
        "asked": asked,
        "page_obj": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "is_open": about.state == PlaceRound.State.OPEN,
        "breadcrumbs": crumbs(municipality, about, (_("申込（家庭）"), "")),
    }
    return render(request, "joint/places/families.html", context)


@member(ENTER)
def template(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The list's columns, empty, as Excel."""
    about = the_round(pk)
    return export(request, "places-form", importing.header(about, municipality), (), kind="xlsx")


@member(ENTER)
def add_family(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    about = the_round(pk)
    form = FamilyForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: verbs.put_family(about, municipality, visitor(request), form.cleaned_data),
        done=_("家庭を入れました。続けて、申し込む人を足してください。"),
        back=lambda made: address(municipality, "place_add_applicant", pk, made.pk),
        context={
            "title": _("家庭を入れる"),
            "submit": _("次へ"),
            "cancel_url": address(municipality, "place_families", pk),
            "breadcrumbs": crumbs(municipality, about, (_("家庭を入れる"), "")),
        },
    )


def _family(about: PlaceRound, number: int) -> PlaceFamily:
    found: PlaceFamily = get_object_or_404(
        PlaceFamily.objects.select_related("round", "municipality"), pk=number, round=about
    )
    return found


@member(ENTER)
def family(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """Who asks for what, with the points of each wish item by item."""
    about = the_round(pk)
    known = _family(about, number)
    people = list(verbs.applicants(about).filter(family=known))
    context = {
        "title": _("家庭 %(number)s") % {"number": known.number},
        "round": about,
        "family": known,
        "people": [(one, verbs.pointed(about, one)) for one in people],
        "words": WORDS[about.kind],
        "is_open": about.state == PlaceRound.State.OPEN and known.erased_at is None,
        "may_erase": visitor(request).has_perm(ERASE, municipality) and known.erased_at is None,
        "history": told(f"place_family:{number}", ACTIONS),
        "breadcrumbs": crumbs(
            municipality,
            about,
            (_("申込（家庭）"), address(municipality, "place_families", pk)),
            (known.number, ""),
        ),
    }
    return render(request, "joint/places/family.html", context)


@member(ENTER)
def change_family(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _family(about, number)
    form = FamilyForm(request.POST or None, family=known)
    return acted(
        request,
        form,
        lambda: verbs.put_family(about, municipality, visitor(request), form.cleaned_data, known),
        done=_("家庭を直しました。"),
        back=address(municipality, "place_family", pk, number),
        context={
            "title": _("家庭を直す"),
            "submit": _("保存する"),
            "breadcrumbs": crumbs(municipality, about, (known.number, "")),
        },
    )


def _applicant_form(
    request: HttpRequest, about: PlaceRound, municipality: Municipality, applicant: PlaceApplicant | None
) -> ApplicantForm:
    return ApplicantForm(
        request.POST or None,
        about=about,
        places=list(may_be_wished(about, municipality)),
        items=known_items(about, open_to(about, municipality)),
        applicant=applicant,
    )


@member(ENTER)
def add_applicant(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _family(about, number)
    form = _applicant_form(request, about, municipality, None)
    return acted(
        request,
        form,
        lambda: verbs.put_applicant(known, visitor(request), form.given()),
        done=_("申し込む人を足しました。"),
        back=address(municipality, "place_family", pk, number),
        context={
            "title": _("申し込む人を足す"),
            "submit": _("足す"),
            "breadcrumbs": crumbs(municipality, about, (known.number, "")),
        },
    )


def _applicant(about: PlaceRound, number: int, one: int) -> PlaceApplicant:
    found: PlaceApplicant = get_object_or_404(
        PlaceApplicant.objects.select_related("family__round", "family__municipality"),
        pk=one,
        family_id=number,
        family__round=about,
    )
    return found


@member(ENTER)
def applicant(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int, one: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _applicant(about, number, one)
    form = _applicant_form(request, about, municipality, known)
    context = {
        "title": _("申込を直す"),
        "submit": _("保存する"),
        "breadcrumbs": crumbs(municipality, about, (str(known), "")),
        "link": (address(municipality, "place_withdraw", pk, number, one), _("この申込を取り下げる")),
    }
    return acted(
        request,
        form,
        lambda: verbs.put_applicant(known.family, visitor(request), form.given(), known),
        done=_("申込を直しました。"),
        back=address(municipality, "place_family", pk, number),
        context=context,
    )


@member(ENTER)
def withdraw(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int, one: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _applicant(about, number, one)
    return confirmed(
        request,
        lambda: verbs.withdraw_applicant(known, visitor(request)),
        title=_("申込 %(number)s を取り下げますか") % {"number": known},
        consequence=_("選考に加わらなくなります。受付中なら、直して保存すると戻せます。"),
        submit=_("取り下げる"),
        done=_("取り下げました。"),
        back=address(municipality, "place_family", pk, number),
        breadcrumbs=crumbs(municipality, about, (str(known), "")),
        danger=True,
    )


@member(ENTER)
def import_families(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Reads a list and shows what it would do; nothing is taken yet."""
    about = the_round(pk)
    form = ImportForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        found = importing.preview(about, municipality, form.cleaned_data["file"])
        problems = told_problems(found.problems, importing.CODES)
        if not problems:
            importing.keep(about, municipality, visitor(request), found)
            return redirect("joint:place_take", municipality.code, pk)
    context = {
        "title": _("申込を一覧から取り込む"),
        "round": about,
        "form": form,
        "problems": problems[:_MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - _MOST_PROBLEMS),
        "form_url": address(municipality, "place_form", pk),
        "cancel_url": address(municipality, "place_families", pk),
        "breadcrumbs": crumbs(municipality, about, (_("一覧から取り込む"), "")),
    }
    return render(request, "joint/places/import.html", context)


@member(ENTER)
def take(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Shows the list that was read, and takes it when asked."""
    about = the_round(pk)
    upload = PlaceUpload.objects.filter(round=about, person=visitor(request)).select_related("round").first()
    if upload is None:
        return redirect("joint:place_import", municipality.code, pk)
    shown = importing.shown(upload)
    return confirmed(
        request,
        lambda: importing.take(upload, municipality, visitor(request)),
        title=_("%(families)s家庭・%(people)s人の申込を取り込みますか")
        % {"families": shown.families, "people": shown.people},
        consequence=_("一覧に誤りはありません。新しい家庭が%(new)s件、置き換える家庭が%(replaced)s件です。")
        % {"new": shown.families - shown.replaced, "replaced": shown.replaced},
        submit=_("取り込む"),
        done=_("取り込みました。"),
        back=address(municipality, "place_families", pk),
        breadcrumbs=crumbs(municipality, about, (_("一覧から取り込む"), "")),
        danger=bool(shown.replaced),
        template="joint/places/take.html",
        more={"lines": shown.lines[:_SHOWN], "people": shown.people},
    )


@member(ERASE)
def erase(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    about = the_round(pk)
    known = _family(about, number)
    form = EraseForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: erasing.erase(
            municipality,
            f"place_family:{number}",
            ground=form.cleaned_data["ground"],
            reference=form.cleaned_data["reference"],
            person=visitor(request),
        ),
        done=_("消去しました。"),
        back=address(municipality, "place_round", pk),
        context={
            "title": _("家庭 %(number)s の個人情報を消去する") % {"number": known.number},
            "submit": _("消去する"),
            "danger": True,
            "consequence": _(
                "氏名、住所、事情、理由が消えます。番号と枠は残ります。受付中なら、申込も取り下げられます。元に戻せません。"
            ),
            "breadcrumbs": crumbs(municipality, about, (known.number, "")),
        },
    )
