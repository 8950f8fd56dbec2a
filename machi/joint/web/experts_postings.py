"""What towns need: the list, one posting, its draft and its ranking of experts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.forms import ConfirmForm
from machi.base.web.history import told
from machi.joint.domain import experts_postings as verbs
from machi.joint.domain import experts_wishes
from machi.joint.domain.experts_words import PARTS, SKILLS, percent, skills
from machi.joint.models import ExpertRound, Posting
from machi.joint.web.experts import ACTIONS
from machi.joint.web.experts_forms import NeedForm, PostingFilter, RankForm, ReasonForm
from machi.joint.web.experts_pages import Action, Chip, Line, crumbs, listed, the_round, to, to_rank

CHIPS = {"draft": "", "published": "success", "withdrawn": "warning"}


def the_posting(municipality: Municipality, pk: int, *, own: bool = False) -> Posting:
    """One that the town may see; with ``own``, one of its own."""
    found: Posting = get_object_or_404(Posting.objects.select_related("round", "town__prefecture"), pk=pk)
    mine = found.town_id == municipality.pk
    return get_object_or_404(
        Posting.objects.select_related("round__consortium", "town__prefecture"),
        pk=pk if mine or (not own and found.state == Posting.State.PUBLISHED) else 0,
    )


@member("joint.see_experts")
def postings(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun = the_round(pk)
    form = PostingFilter(request.GET)
    found = verbs.visible(begun, municipality)
    if form.is_valid() and (skill := form.cleaned_data["skill"]):
        found = found.filter(skills__has_key=skill)

    def line(one: Posting) -> Line:
        site = _("現地に月%(days)s日") % {"days": one.on_site} if one.on_site else _("リモート")
        return Line(
            to(municipality, "posting", one.pk),
            [
                one.title,
                str(one.town),
                Chip(one.get_state_display(), CHIPS[one.state]),
                skills(one.skills),
                one.hours,
                site,
                one.first,
                one.last,
                one.budget,
                one.places,
            ],
        )

    may_post = visitor(request).has_perm("joint.post_need", municipality)
    opened = begun.state == ExpertRound.State.OPEN
    add = Action(_("求人を出す"), to(municipality, "post_need", pk), quiet=False)
    return listed(
        request,
        "postings",
        [
            _("件名"), _("自治体"), _("状態"), _("求める技能"), _("時間（月）"), _("場所"), _("始まり"), _("終わり"),
            _("予算（円・月）"), _("人数"),
        ],
        found,
        line,
        title=_("求人"),
        breadcrumbs=crumbs(municipality, begun, (_("求人"), "")),
        empty=(_("求人はまだありません"), _("自治体が求人を公開すると、ここに出ます。")),
        filters=form,
        actions=[add] if may_post and opened else [],
    )  # fmt: skip


@member("joint.post_need")
def post(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun = the_round(pk)
    form = NeedForm(request.POST or None)
    return acted(
        request,
        form,
        lambda: verbs.post(begun, municipality, visitor(request), form.given()),
        title=_("求人を出す"),
        submit=_("下書きを保存する"),
        done=_("下書きを保存しました。公開するまで、ほかの自治体には見えません。"),
        onward=lambda posting: to(municipality, "posting", posting.pk),
        cancel_url=to(municipality, "postings", pk),
        breadcrumbs=crumbs(municipality, begun, (_("求人を出す"), "")),
    )


@member("joint.see_experts")
def posting(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = the_posting(municipality, pk), visitor(request)
    mine = found.town_id == municipality.pk
    may_post = mine and person.has_perm("joint.post_need", municipality)
    opened = found.round.state == ExpertRound.State.OPEN
    context = {
        "title": found.title,
        "posting": found,
        "chip": Chip(found.get_state_display(), CHIPS[found.state]),
        "skills": skills(found.skills),
        "may_change": may_post and opened and found.state != "withdrawn",
        "may_publish": mine
        and opened
        and found.state != "published"
        and person.has_perm("joint.publish_need", municipality),
        "may_withdraw": may_post and found.state != "withdrawn" and found.round.state in ("open", "ranking"),
        "may_rank": may_post and found.state == "published" and found.round.state == "ranking",
        "events": told(f"posting:{pk}", ACTIONS) if mine else [],
        "breadcrumbs": crumbs(
            municipality,
            found.round,
            (_("求人"), to(municipality, "postings", found.round_id)),
            (found.title, ""),
        ),
    }
    return render(request, "joint/experts/posting.html", context)


@member("joint.post_need")
def change(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_posting(municipality, pk, own=True)
    form = NeedForm(request.POST or None, posting=found)
    return _acted(
        request,
        municipality,
        found,
        form,
        lambda: verbs.change(found, visitor(request), form.given()),
        title=_("求人を直す"),
        submit=_("保存する"),
        done=_("保存しました。"),
    )


@member("joint.publish_need")
def publish(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_posting(municipality, pk, own=True)
    return _acted(
        request,
        municipality,
        found,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda: verbs.publish(found, visitor(request)),
        title=_("この求人を公開しますか"),
        submit=_("公開する"),
        done=_("公開しました。"),
        consequence=_("ほかの自治体と、募集のページを見る人すべてに見えます。"),
    )


@member("joint.post_need")
def withdraw(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_posting(municipality, pk, own=True)
    form = ReasonForm(request.POST or None)
    return _acted(
        request,
        municipality,
        found,
        form,
        lambda: verbs.withdraw(found, visitor(request), form.cleaned_data["reason"]),
        title=_("求人を取り下げる"),
        submit=_("取り下げる"),
        done=_("取り下げました。"),
        danger=True,
    )


@member("joint.post_need")
def rank(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """The town's order of experts, of whom it sees no names."""
    found = the_posting(municipality, pk, own=True)
    candidates = experts_wishes.candidates(found)
    if "format" in request.GET:
        columns = [
            _("専門家"),
            _("順位"),
            _("適合度"),
            *(str(PARTS[part]) for part in PARTS),
            _("技能"),
            _("経験"),
        ]
        rows = (
            [
                one.card.alias,
                one.tier,
                percent(one.fit.total),
                *(percent(part.score) for part in one.fit.parts),
                skills(one.card.skills),
                one.card.summary,
            ]
            for one in candidates
        )
        return export(request, "candidates", columns, rows)
    page, shown = to_rank(request, candidates, lambda one: one.card.pk)
    form = RankForm(request.POST or None, [(one.card.pk, one.card.alias, one.tier) for one in shown])
    here = {one.card.pk for one in shown}
    elsewhere = {one.card.pk: one.tier for one in candidates if one.tier and one.card.pk not in here}
    return _acted(
        request,
        municipality,
        found,
        form,
        lambda: experts_wishes.rank_experts(found, visitor(request), {**elsewhere, **form.tiers()}),
        title=_("専門家に順位を付ける"),
        submit=_("順位を保存する"),
        done=_("順位を保存しました。期限まで何度でも直せます。"),
        template="joint/experts/rank.html",
        posting=found,
        rows=[
            {
                "card": one.card,
                "skills": skills(one.card.skills),
                "fit": percent(one.fit.total),
                "parts": _parts(one.fit),
                "missing": [SKILLS[skill] for skill in one.fit.missing],
                "field": form[f"tier-{one.card.pk}"],
            }
            for one in shown
        ],
        page_obj=page,
    )


def _parts(fit: Any) -> list[tuple[str, str]]:
    return [(str(PARTS[one.part]), percent(one.score)) for one in fit.parts]


def _acted(
    request: HttpRequest,
    municipality: Municipality,
    found: Posting,
    form: Any,
    act: Any,
    *,
    title: str,
    **more: Any,
) -> HttpResponseBase:
    page = to(municipality, "posting", found.pk)
    return acted(
        request,
        form,
        act,
        title=title,
        onward=page,
        cancel_url=page,
        breadcrumbs=crumbs(municipality, found.round, (found.title, page), (title, "")),
        **more,
    )
