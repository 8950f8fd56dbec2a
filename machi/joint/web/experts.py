"""Rounds: the list, one round with what comes next for whoever looks, and the joint office's steps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.forms import ConfirmForm
from machi.base.web.history import told
from machi.joint.domain import experts as verbs
from machi.joint.domain import experts_results
from machi.joint.domain.experts_postings import visible
from machi.joint.domain.experts_words import PARTS
from machi.joint.models import Expert, ExpertOffer, ExpertRound, Posting
from machi.joint.web.experts_forms import ROUND_CHIPS, ReasonForm, RoundForm
from machi.joint.web.experts_pages import Action, Chip, Line, crumbs, is_office, listed, the_round, to

State = ExpertRound.State
ACTIONS = {
    "begin_round": gettext_noop("募集を始めた"),
    "start_ranking": gettext_noop("希望順位の受付を始めた"),
    "reopen_round": gettext_noop("募集中に戻した"),
    "release": gettext_noop("結果を選んで伝えた"),
    "close_round": gettext_noop("終了した"),
    "publish_numbers": gettext_noop("数字を公表した"),
    "post_need": gettext_noop("求人を書いた"),
    "change_need": gettext_noop("求人を直した"),
    "publish_need": gettext_noop("求人を公開した"),
    "withdraw_need": gettext_noop("求人を取り下げた"),
    "rank_experts": gettext_noop("専門家に順位を付けた"),
    "register": gettext_noop("登録した"),
    "change_profile": gettext_noop("登録内容を直した"),
    "screen": gettext_noop("確認した"),
    "rank_postings": gettext_noop("求人に順位を付けた"),
    "withdraw_expert": gettext_noop("辞退した"),
    "renew_address": gettext_noop("秘密のアドレスを新しくした"),
    "by_town_accepts": gettext_noop("自治体が承諾した"),
    "by_town_declines": gettext_noop("自治体が辞退した"),
    "by_expert_accepts": gettext_noop("専門家が承諾した"),
    "by_expert_declines": gettext_noop("専門家が辞退した"),
    "report": gettext_noop("月の報告をした"),
    "confirm_report": gettext_noop("月の報告を確認した"),
    "set_outcome": gettext_noop("成果の指標を書いた"),
    "end_agreement": gettext_noop("業務を終えた"),
}


@member("joint.see_experts")
def rounds(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    def line(one: Any) -> Line:
        chip = Chip(one.get_state_display(), ROUND_CHIPS[one.state])
        cells = [one.title, chip, one.register_by, one.posting_count, one.expert_count]
        return Line(to(municipality, "expert_round", one.pk), cells)

    begin_url = to(municipality, "begin_expert_round")
    office = is_office(visitor(request), municipality)
    return listed(
        request,
        "expert-rounds",
        [_("件名"), _("状態"), _("応募の期限"), _("公開した求人"), _("応募した人")],
        verbs.rounds(),
        line,
        title=_("専門家・共同職員"),
        intro=_(
            "自治体が求人を出し、外部の専門家や、ほかの自治体の職員が応募し、双方の希望から組み合わせます。"
        ),
        breadcrumbs=[],
        empty=(_("募集はまだありません"), _("共同事務局が募集を始めると、ここに出ます。")),
        actions=[Action(_("募集を始める"), begin_url, quiet=False)] if office else [],
    )


@member("joint.run_experts")
def begin(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    form = RoundForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: verbs.begin(consortium, municipality, visitor(request), **form.given()),
        title=_("募集を始める"),
        submit=_("募集を始める"),
        done=_("募集を始めました。自治体の求人と、専門家の応募を受け付けます。"),
        onward=lambda begun: to(municipality, "expert_round", begun.pk),
        cancel_url=to(municipality, "experts"),
        breadcrumbs=crumbs(municipality, None, (_("募集を始める"), "")),
    )


@member("joint.see_experts")
def one(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """Where the round stands, and what whoever looks does next."""
    begun, person = the_round(pk), visitor(request)
    office = is_office(person, municipality)
    experts = Expert.objects.filter(round=begun)
    mine = [one for one in visible(begun, municipality) if one.town_id == municipality.pk]
    ranked = set(Posting.objects.filter(round=begun, wishes__side="town").values_list("pk", flat=True))
    waiting = ExpertOffer.objects.filter(posting__round=begun, by_expert__in=("waiting", "accepted"))
    context = {
        "title": begun.title,
        "begun": begun,
        "chip": Chip(begun.get_state_display(), ROUND_CHIPS[State(begun.state)]),
        "office": office,
        "may_post": person.has_perm("joint.post_need", municipality),
        "may_register": person.has_perm("joint.register_experts", municipality),
        "may_answer": person.has_perm("joint.answer_offer", municipality),
        "mine": [(one, one.pk in ranked) for one in mine],
        "posting_count": Posting.objects.filter(round=begun, state=Posting.State.PUBLISHED).count(),
        "accepted": experts.filter(state=Expert.State.ACCEPTED).count(),
        "to_screen": experts.filter(state=Expert.State.SUBMITTED).count() if office else 0,
        "my_offers": waiting.filter(posting__town=municipality, by_town="waiting").count(),
        "offer_count": ExpertOffer.objects.filter(posting__round=begun).count(),
        "run_count": begun.runs.count() if office else 0,
        "weights": [(PARTS[part], weight) for part, weight in begun.weights.items()],
        "events": told(verbs.subject_of(begun), ACTIONS),
        "breadcrumbs": crumbs(municipality, None, (begun.title, "")),
    }
    return render(request, "joint/experts/round.html", context)


def _step(
    request: HttpRequest,
    municipality: Municipality,
    pk: int,
    act: Any,
    title: str,
    done: str,
    consequence: str,
) -> HttpResponseBase:
    begun = the_round(pk)
    page = to(municipality, "expert_round", pk)
    return acted(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda: act(begun, municipality, visitor(request)),
        title=title,
        submit=title,
        done=done,
        onward=page,
        cancel_url=page,
        breadcrumbs=crumbs(municipality, begun, (title, "")),
        consequence=consequence,
    )


@member("joint.run_experts")
def start_ranking(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _step(
        request,
        municipality,
        pk,
        verbs.start_ranking,
        _("希望順位の受付を始める"),
        _("希望順位の受付を始めました。"),
        _(
            "求人と応募を締め切り、双方が希望順位を付けます。登録済みの専門家にはメールで知らせます。"
            "結果を伝えるまでは、募集中に戻せます。"
        ),
    )


@member("joint.run_experts")
def reopen(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun, page = the_round(pk), to(municipality, "expert_round", pk)
    form = ReasonForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: verbs.reopen(begun, municipality, visitor(request), form.cleaned_data["reason"]),
        title=_("募集中に戻す"),
        submit=_("募集中に戻す"),
        done=_("募集中に戻しました。"),
        onward=page,
        cancel_url=page,
        breadcrumbs=crumbs(municipality, begun, (_("募集中に戻す"), "")),
    )


@member("joint.run_experts")
def close(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    return _step(
        request,
        municipality,
        pk,
        verbs.close,
        _("この回を終了する"),
        _("終了しました。"),
        _("この回では、もう組み合わせを計算したり、返事をしたりできません。合意した業務と報告は続きます。"),
    )


@member("joint.run_experts")
def publish(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A look at what would be published, then publishing."""
    begun, page = the_round(pk), to(municipality, "expert_round", pk)
    numbers = experts_results.numbers(begun)
    return acted(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda: experts_results.publish(begun, municipality, visitor(request)),
        title=_("数字を公表する"),
        submit=_("この数字を公表する"),
        done=_("公表しました。"),
        onward=page,
        cancel_url=page,
        breadcrumbs=crumbs(municipality, begun, (_("数字を公表する"), "")),
        template="joint/experts/publish.html",
        **shown(numbers),
    )


def shown(numbers: dict[str, Any]) -> dict[str, Any]:
    """Published numbers for a page: rows of label and figure; None is a hidden one."""
    people = [(experts_results.label(name), value, name) for name, value in numbers["people"]]
    return {
        "people": [
            (label, value) for label, value, name in people if not name.startswith(("prefecture:", "skill:"))
        ],
        "prefectures": [(label, value) for label, value, name in people if name.startswith("prefecture:")],
        "skills": [(label, value) for label, value, name in people if name.startswith("skill:")],
        "towns": [(experts_results.label(name), value) for name, value in numbers["towns"]],
        "smallest": numbers["smallest"],
    }
