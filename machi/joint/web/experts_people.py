"""Who registered: the list and one expert without a name, screening, a town's own staff, lists to import."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm, EraseForm
from machi.base.web.history import told
from machi.base.web.holding import held, hold
from machi.base.web.table_problems import told as told_problems
from machi.joint.domain import experts_erasure, experts_import
from machi.joint.domain import experts_registration as verbs
from machi.joint.domain.experts_cards import card, identity, may_know
from machi.joint.domain.experts_mail import page_of
from machi.joint.domain.experts_words import skills
from machi.joint.models import Expert, ExpertRound
from machi.joint.web.experts import ACTIONS
from machi.joint.web.experts_forms import (
    STEP_LABELS,
    ExpertFilter,
    ImportForm,
    ProfileForm,
    ScreenForm,
)
from machi.joint.web.experts_pages import (
    Action,
    Chip,
    Line,
    crumbs,
    is_office,
    listed,
    the_expert,
    the_round,
    to,
)

CHIPS = {"submitted": "warning", "accepted": "success", "rejected": "", "withdrawn": ""}
_PROBLEMS_SHOWN = 50
_SALT = "joint.experts.import"


@member("joint.see_experts")
def people(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Registered experts; the joint office sees those still being screened and the names too."""
    begun, person = the_round(pk), visitor(request)
    office = is_office(person, municipality)
    form = ExpertFilter(request.GET, office=office)
    found = Expert.objects.filter(round=begun).select_related("home__prefecture", "town").order_by("number")
    if not office:
        found = found.filter(state=Expert.State.ACCEPTED, erased_at=None)
    if form.is_valid():
        if form.cleaned_data.get("state"):
            found = found.filter(state=form.cleaned_data["state"])
        if skill := form.cleaned_data["skill"]:
            found = found.filter(skills__has_key=skill)

    def line(expert: Expert) -> Line:
        one = card(expert)
        state = Chip(_("消去済み"), "") if expert.erased_at else Chip(one.state_label, CHIPS[one.state])
        site = _("現地に月%(days)s日") % {"days": one.on_site} if one.on_site else _("リモート")
        cells = [
            one.alias,
            one.kind_label,
            state,
            skills(one.skills),
            one.hours,
            site,
            str(one.prefecture),
            one.fee,
        ]
        if office:
            cells.insert(1, expert.name or "")
        return Line(to(municipality, "expert", pk, expert.number), cells)

    columns = [
        _("専門家"), _("区分"), _("状態"), _("技能"), _("時間（月）"), _("場所"), _("拠点"), _("報酬（円・時間）"),
    ]  # fmt: skip
    if office:
        columns.insert(1, _("氏名"))
    actions = []
    if person.has_perm("joint.register_experts", municipality) and begun.state == ExpertRound.State.OPEN:
        actions.append(Action(_("一覧から取り込む"), to(municipality, "import_experts", pk)))
        if person.has_perm("joint.post_need", municipality):
            actions.insert(
                0, Action(_("職員を登録する"), to(municipality, "register_staff", pk), quiet=False)
            )
    return listed(
        request,
        "experts",
        columns,
        found,
        line,
        title=_("専門家"),
        breadcrumbs=crumbs(municipality, begun, (_("専門家"), "")),
        empty=(
            _("専門家はまだいません"),
            _("応募は公開の募集ページで受け付けます。確認が終わった人から、ここに出ます。"),
        ),
        filters=form,
        actions=actions,
        intro="" if office else _("氏名と連絡先は、双方が承諾した後に、相手の自治体だけに見えます。"),
    )


@member("joint.see_experts")
def one(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    begun, person = the_round(pk), visitor(request)
    expert = the_expert(begun, number)
    known = may_know(expert, person, municipality)
    if expert.state != Expert.State.ACCEPTED and not known:
        return redirect("joint:expert_list", municipality.code, pk)
    office = is_office(person, municipality)
    step = verbs.next_step(expert) if office and begun.state == ExpertRound.State.OPEN else None
    context = {
        "title": expert.alias,
        "begun": begun,
        "number": number,
        "card": card(expert),
        "chip": Chip(expert.get_state_display(), CHIPS[expert.state]),
        "skills": skills(expert.skills),
        "identity": identity(expert, person, municipality),
        "erased": expert.erased_at,
        "may_erase": office and not expert.erased_at,
        "evidence": expert.evidence if office else "",
        "conflicts": list(expert.conflicts.all()) if office else [],
        "conflict_note": expert.conflict_note if office else "",
        "screening": expert.screening.select_related("by") if office else [],
        "next_step": STEP_LABELS[step] if step else "",
        "secret_url": request.build_absolute_uri(page_of(expert))
        if expert.town_id == municipality.pk and expert.token
        else "",
        "events": told(verbs.subject_of(expert), ACTIONS) if known else [],
        "breadcrumbs": crumbs(
            municipality, begun, (_("専門家"), to(municipality, "expert_list", pk)), (expert.alias, "")
        ),
    }
    return render(request, "joint/experts/expert.html", context)


@member("joint.run_experts")
def screen(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    begun = the_round(pk)
    expert = the_expert(begun, number)
    page = to(municipality, "expert", pk, number)
    step = verbs.next_step(expert)
    if step is None:
        messages.info(request, _("この応募の確認は終わっています。"))
        return redirect(page)
    form = ScreenForm(request.POST or None)
    title = _("%(alias)sの確認: %(step)s") % {"alias": expert.alias, "step": STEP_LABELS[step]}
    return acted(
        request,
        form,
        lambda: verbs.screen(expert, municipality, visitor(request), step=step, **form.cleaned_data),
        title=title,
        submit=_("記録する"),
        done=_("確認の結果を記録しました。"),
        onward=page,
        cancel_url=page,
        breadcrumbs=crumbs(municipality, begun, (expert.alias, page), (title, "")),
    )


@member("joint.run_experts")
def erase(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, number: int
) -> HttpResponseBase:
    """At the expert's request to the joint office, or for another ground."""
    begun = the_round(pk)
    expert = the_expert(begun, number)
    page = to(municipality, "expert", pk, number)
    form = EraseForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: experts_erasure.erase(
            expert,
            municipality,
            visitor(request),
            ground=form.cleaned_data["ground"],
            reference=form.cleaned_data["reference"],
        ),
        title=_("%(alias)sの個人情報を消去する") % {"alias": expert.alias},
        submit=_("消去する"),
        done=_("消去しました。"),
        onward=page,
        cancel_url=page,
        breadcrumbs=crumbs(municipality, begun, (expert.alias, page), (_("消去"), "")),
        consequence=_(
            "氏名、連絡先、勤め先、実績、経験、利害関係、確認の理由、月の報告の文が消え、本人のページは開けなくなります。"
            "続いている回なら、応募も取り下げられます。番号、組み合わせ、時間は残ります。元に戻せません。"
            "仕事が終わった人は、先に合意書と報告を保存するよう、自治体に伝えてください。"
        ),
        danger=True,
    )


@member("joint.post_need")
def register_staff(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """One of the town's own people, whom it offers to others."""
    begun = the_round(pk)
    form = ProfileForm(request.POST or None, consortium=consortium)
    if request.method == "GET":
        form.initial = {
            "home": f"{municipality.prefecture.name}{municipality.name}",
            "employer": municipality.name,
            "on_site": 0,
            "travels": 0,
            "quota": 1,
        }
    return acted(
        request,
        form,
        lambda: verbs.register(
            begun,
            municipality,
            form.given(),
            conflicts=form.cleaned_data["conflicts"],
            town=municipality,
            person=visitor(request),
        ),
        title=_("職員を登録する"),
        submit=_("登録する"),
        done=_(
            "登録しました。共同事務局が確認します。本人のページの秘密のアドレスを、本人にメールで送りました。"
        ),
        onward=lambda expert: to(municipality, "expert", pk, expert.number),
        cancel_url=to(municipality, "expert_list", pk),
        breadcrumbs=crumbs(municipality, begun, (_("職員を登録する"), "")),
        consequence=_(
            "本人の同意を得てから登録してください。氏名と連絡先は、双方が承諾するまで、ほかの自治体に見せません。"
        ),
    )


@member("joint.register_experts")
def import_list(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Reads a list and tells what is in it and what is wrong; a second press takes it as a whole.

    What the joint office imports are external experts, what a town imports is its own staff.
    """
    begun, person = the_round(pk), visitor(request)
    if request.GET.get("format"):
        return export(request, "expert-list", list(experts_import.COLUMNS), [])
    town = None if is_office(person, municipality) else municipality
    sheet, sealed = None, request.POST.get("held", "")
    form = ImportForm(request.POST or None, request.FILES or None)
    if sealed:
        data = held(sealed, _SALT)
        if data is None:
            messages.error(request, _("確かめた一覧は古くなりました。もう一度選んでください。"))
            return redirect(request.path)
        known = sheet = experts_import.read(data, begun)
        if not known.problems:
            return acted(
                request,
                ConfirmForm(request.POST),
                lambda: experts_import.take(known, begun, municipality, person, town),
                title=_("一覧から取り込む"),
                submit="",
                done=_("%(count)s人を取り込みました。") % {"count": len(known.registrations)},
                onward=to(municipality, "expert_list", pk),
                cancel_url=to(municipality, "expert_list", pk),
                breadcrumbs=[],
            )
    elif request.method == "POST" and form.is_valid():
        sheet = experts_import.read(form.cleaned_data["file"], begun)
        sealed = hold(form.cleaned_data["file"], _SALT) if not sheet.problems else ""
    problems = told_problems(sheet.problems, experts_import.WORDS) if sheet else []
    rows = sheet.registrations if sheet else ()
    context = {
        "title": _("一覧から取り込む"),
        "begun": begun,
        "form": form if not sealed else ImportForm(),
        "held": sealed,
        "problems": problems[:_PROBLEMS_SHOWN],
        "more_problems": max(0, len(problems) - _PROBLEMS_SHOWN),
        "preview": [
            (one.given["name"], skills(one.given["skills"]), one.given["hours"]) for one in rows[:100]
        ]
        if not problems
        else [],
        "count": len(rows),
        "own_staff": town is not None,
        "columns": experts_import.REQUIRED,
        "more_columns": experts_import.OPTIONAL,
        "cancel_url": to(municipality, "expert_list", pk),
        "breadcrumbs": crumbs(municipality, begun, (_("一覧から取り込む"), "")),
    }
    return render(request, "joint/experts/import.html", context)
