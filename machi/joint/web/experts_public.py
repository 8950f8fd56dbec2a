"""For experts and for everybody, without an account: open rounds, registering, one's own page, published numbers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import limit, neighbour
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.joint.domain import experts_agreements, experts_erasure, experts_mail, experts_wishes
from machi.joint.domain import experts_registration as verbs
from machi.joint.domain.experts_words import PARTS, percent, skills, why_expert_has_none, why_pair
from machi.joint.models import Expert, ExpertAgreement, ExpertOffer, ExpertRound, MatchingResult, Posting
from machi.joint.web.experts import shown
from machi.joint.web.experts_forms import (
    AnswerForm,
    LostForm,
    ProfileForm,
    RankForm,
    RegisterForm,
    ReportForm,
)
from machi.joint.web.experts_pages import Crumbs, the_round, to, to_rank
from machi.joint.web.experts_secret import by_token

_A_PAGE = 20


@neighbour
def landing(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    rounds = ExpertRound.objects.order_by("-created_at", "-pk")
    context = {
        "title": _("専門家の募集"),
        "consortium": consortium,
        "open": [one for one in rounds if one.state == ExpertRound.State.OPEN],
        "published": [one for one in rounds if one.published_at],
    }
    return render(request, "joint/experts/public.html", context)


@neighbour
def needs(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """What towns look for, as everybody may read it."""
    begun = the_round(pk)
    postings = begun.postings.filter(state=Posting.State.PUBLISHED).select_related("town__prefecture")
    page = Paginator(postings, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": begun.title,
        "begun": begun,
        "page_obj": page,
        "postings": [(one, skills(one.skills)) for one in page],
        "opened": begun.state == ExpertRound.State.OPEN,
        "breadcrumbs": _crumbs(municipality, (begun.title, "")),
    }
    return render(request, "joint/experts/public_round.html", context)


@neighbour
def register(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun = the_round(pk)
    form = RegisterForm(request.POST or None, consortium=consortium)
    page = to(municipality, "expert_needs", pk)

    def act() -> Expert:
        limit(request, "joint.expert_register", "10/h")
        # Whoever registers names whom we write to: no address gets many letters.
        limit(request, "joint.expert_letter", "5/d", of=form.cleaned_data["email"].lower())
        return verbs.register(
            begun,
            municipality,
            form.given(),
            conflicts=form.cleaned_data["conflicts"],
            language=get_language() or "ja",
        )

    return acted(
        request,
        form,
        act,
        title=_("専門家として応募する"),
        submit=_("応募する"),
        done=_("応募を受け付けました。このページのアドレスをメールで送りました。"),
        onward=lambda expert: to(municipality, "expert_status", expert.token),
        cancel_url=page,
        breadcrumbs=_crumbs(municipality, (begun.title, page), (_("応募する"), "")),
        consequence=_(
            "アカウントは要りません。応募すると、あなただけの秘密のページができ、そのアドレスをメールで送ります。"
            "氏名や連絡先などは、見送りや募集の終わりから%(years)s年、合意した仕事の終わりから%(work_years)s年で消します。"
            "あなたのページから、いつでもすぐに消せます。"
        )
        % {"years": Expert.KEPT_YEARS, "work_years": Expert.KEPT_AFTER_WORK_YEARS},
    )


@neighbour
def lost(request: HttpRequest, municipality: Municipality, consortium: Consortium) -> HttpResponseBase:
    """A new secret address by letter. The answer is the same whether or not anybody has registered."""
    form = LostForm(request.POST or None)
    page = to(municipality, "experts_public")

    def act() -> None:
        email = form.cleaned_data["email"]
        limit(request, "joint.expert_lost", "10/h")
        limit(request, "joint.expert_letter", "5/d", of=email.lower())
        experts_mail.find_lost(consortium, email)

    return acted(
        request,
        form,
        act,
        title=_("あなたのページのアドレスをなくしたとき"),
        submit=_("新しいアドレスを受け取る"),
        done=_(
            "そのメールアドレスの応募があれば、新しいアドレスを送ります。数分たっても届かないときは、"
            "応募したときのメールアドレスか確かめてください。"
        ),
        onward=to(municipality, "expert_lost"),
        cancel_url=page,
        breadcrumbs=_crumbs(municipality, (_("アドレスをなくしたとき"), "")),
        consequence=_(
            "応募したときのメールアドレスを入れてください。新しいアドレスをメールで送ります。前のアドレスは使えなくなります。"
        ),
    )


@neighbour
def results(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The published numbers."""
    begun = the_round(pk)
    if begun.published_at is None:
        raise Http404
    told = shown(begun.numbers)
    if "format" in request.GET:
        rows = [
            (label, _("非公表") if value is None else value)
            for group in ("people", "prefectures", "skills", "towns")
            for label, value in told[group]
        ]
        return export(request, "expert-results", [_("項目"), _("数")], rows)
    context = {
        "title": _("%(round)sの結果") % {"round": begun.title},
        "begun": begun,
        **told,
        "breadcrumbs": _crumbs(municipality, (_("結果"), "")),
    }
    return render(request, "joint/experts/public_results.html", context)


@neighbour
@by_token
def status(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, expert: Expert
) -> HttpResponseBase:
    """The expert's own page: where the registration stands, and what to do next."""
    begun = expert.round
    released = (
        MatchingResult.objects.filter(run__round=begun, released_at__isnull=False)
        .order_by("-released_at")
        .first()
    )
    offers = list(expert.offers.select_related("posting__town__prefecture", "agreement").order_by("pk"))
    none = released.unmatched_experts.get(str(expert.pk)) if released and not offers else None
    context = {
        "title": _("あなたの応募"),
        "expert": expert,
        "begun": begun,
        "skills": skills(expert.skills),
        "page_address": request.build_absolute_uri(experts_mail.page_of(expert)),
        "refused_because": _refusal(expert),
        "may_change": begun.state == "open" and expert.state in ("submitted", "accepted"),
        "may_rank": begun.state == "ranking" and expert.state == "accepted",
        "ranked": expert.wishes.filter(side="expert").count(),
        "offers": [(one, why_pair(one.reason)) for one in offers],
        "to_answer": begun.state == "released"
        and any(one.by_expert == "waiting" and not one.declined for one in offers),
        "agreed": any(one.agreed for one in offers),
        "none": why_expert_has_none(none) if none is not None else [],
        "in_play": expert.state in ("submitted", "accepted") and begun.state != "closed",
    }
    return render(request, "joint/experts/status.html", context)


@neighbour
@by_token
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, expert: Expert
) -> HttpResponseBase:
    form = ProfileForm(request.POST or None, consortium=consortium, expert=expert)

    def act() -> None:
        limit(request, "joint.expert_change", "30/h")
        verbs.change(expert, form.given(), form.cleaned_data["conflicts"])

    return _own(
        request,
        municipality,
        expert,
        form,
        act,
        title=_("登録内容を直す"),
        submit=_("保存する"),
        done=_("保存しました。共同事務局が、もう一度確認します。"),
    )


@neighbour
@by_token
def rank(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, expert: Expert
) -> HttpResponseBase:
    choices = experts_wishes.choices(expert)
    page, offered = to_rank(request, choices, lambda one: one.posting.pk)
    form = RankForm(
        request.POST or None,
        [(one.posting.pk, f"{one.posting.town} {one.posting.title}", one.tier) for one in offered],
    )
    here = {one.posting.pk for one in offered}
    elsewhere = {one.posting.pk: one.tier for one in choices if one.tier and one.posting.pk not in here}

    def act() -> None:
        limit(request, "joint.expert_rank", "60/h")
        experts_wishes.rank_postings(expert, {**elsewhere, **form.tiers()})

    return _own(
        request,
        municipality,
        expert,
        form,
        act,
        title=_("求人に順位を付ける"),
        submit=_("順位を保存する"),
        done=_("順位を保存しました。期限まで何度でも直せます。"),
        template="joint/experts/rank_needs.html",
        rank_by=expert.round.rank_by,
        rows=[
            {
                "posting": one.posting,
                "skills": skills(one.posting.skills),
                "fit": percent(one.fit.total),
                "parts": [(PARTS[part.part], percent(part.score)) for part in one.fit.parts],
                "field": form[f"tier-{one.posting.pk}"],
            }
            for one in offered
        ],
        page_obj=page,
    )


@neighbour
@by_token
def answer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, expert: Expert, pk: int
) -> HttpResponseBase:
    offer = get_object_or_404(ExpertOffer.objects.select_related("posting__town"), pk=pk, expert=expert)
    form = AnswerForm(request.POST or None)

    def act() -> None:
        limit(request, "joint.expert_answer", "30/h")
        experts_agreements.expert_answers(offer, accept=form.cleaned_data["accept"])

    return _own(
        request,
        municipality,
        expert,
        form,
        act,
        title=_("%(town)s「%(title)s」への返事") % {"town": offer.posting.town, "title": offer.posting.title},
        submit=_("返事をする"),
        done=_("返事をしました。"),
        consequence=_("双方が承諾すると、氏名と連絡先を%(town)sに見せます。辞退すると、この組は終わります。")
        % {"town": offer.posting.town},
    )


@neighbour
@by_token
def report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, expert: Expert, pk: int
) -> HttpResponseBase:
    agreement = get_object_or_404(
        ExpertAgreement.objects.select_related("offer__posting__town"), pk=pk, offer__expert=expert
    )
    form = ReportForm(request.POST or None)

    def act() -> None:
        limit(request, "joint.expert_report", "30/h")
        experts_agreements.report(agreement, **form.cleaned_data)

    return _own(
        request,
        municipality,
        expert,
        form,
        act,
        title=_("月の報告"),
        submit=_("報告する"),
        done=_("報告しました。自治体が確認します。"),
        template="joint/experts/report.html",
        reports=agreement.reports.all(),
        agreement=agreement,
    )


@neighbour
@by_token
def withdraw(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, expert: Expert
) -> HttpResponseBase:
    """Out of the round, where it goes on, and everything that names the expert is erased."""
    page = to(municipality, "expert_status", expert.token)
    return acted(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda: experts_erasure.withdraw(expert),
        title=_("取り下げて個人情報を消しますか"),
        submit=_("取り下げて個人情報を消す"),
        done=_("取り下げました。氏名、連絡先、勤め先、実績を消しました。"),
        onward=to(municipality, "experts_public"),
        cancel_url=page,
        breadcrumbs=[(_("あなたの応募"), page), (_("取り下げて個人情報を消す"), "")],
        consequence=_(
            "氏名、連絡先、勤め先、実績、経験、確認の理由、月の報告の文を消し、返事を待つ組み合わせは辞退になります。"
            "このページも開けなくなります。元に戻せません。"
        ),
        danger=True,
    )


def _refusal(expert: Expert) -> str:
    """Why the joint office turned them down, which the letter said too."""
    failed = expert.screening.filter(passed=False).last() if expert.state == Expert.State.REJECTED else None
    return (failed.reason or "") if failed else ""


def _crumbs(municipality: Municipality, *more: tuple[str, str]) -> Crumbs:
    return [(_("専門家の募集"), to(municipality, "experts_public")), *more]


def _own(
    request: HttpRequest,
    municipality: Municipality,
    expert: Expert,
    form: Any,
    act: Any,
    *,
    title: str,
    **more: Any,
) -> HttpResponseBase:
    page = to(municipality, "expert_status", expert.token)
    return acted(
        request,
        form,
        act,
        title=title,
        onward=page,
        cancel_url=page,
        breadcrumbs=[(_("あなたの応募"), page), (title, "")],
        **more,
    )
