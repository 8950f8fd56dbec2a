"""Released pairs and what follows: the town's answer, agreements, reports, outcomes, letters."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from machi.base.models import Consortium, Municipality
from machi.base.web.access import member, visitor
from machi.base.web.acting import acted
from machi.base.web.export import export
from machi.base.web.files import letters_attached
from machi.base.web.forms import ConfirmForm
from machi.base.web.history import told
from machi.joint.domain import experts_agreements as verbs
from machi.joint.domain.experts_cards import card, identity
from machi.joint.domain.experts_letters import agreement_letter, report_letter
from machi.joint.domain.experts_words import PARTS, percent, skills, why_pair
from machi.joint.models import ExpertAgreement, ExpertOffer, ExpertOutcome, ExpertReport
from machi.joint.web.experts import ACTIONS
from machi.joint.web.experts_forms import AnswerForm, EndForm, OutcomeForm, ReportForm
from machi.joint.web.experts_pages import Chip, Line, crumbs, is_office, listed, the_round, to

CHIPS = {"waiting": "info", "accepted": "success", "declined": "warning"}


def the_offer(request: HttpRequest, municipality: Municipality, pk: int) -> ExpertOffer:
    """One of the town's own; the joint office sees all."""
    found: ExpertOffer = get_object_or_404(
        ExpertOffer.objects.select_related(
            "posting__town", "posting__round", "expert__home__prefecture", "expert__town", "result"
        ),
        pk=pk,
    )
    if found.posting.town_id != municipality.pk and not is_office(visitor(request), municipality):
        raise Http404
    return found


def the_agreement(
    request: HttpRequest, municipality: Municipality, pk: int, *, own: bool = False
) -> ExpertAgreement:
    found: ExpertAgreement = get_object_or_404(
        ExpertAgreement.objects.select_related(
            "offer__posting__town",
            "offer__posting__round",
            "offer__expert__home__prefecture",
            "offer__expert__town",
        ),
        pk=pk,
    )
    mine = found.offer.posting.town_id == municipality.pk
    if not mine and (own or not is_office(visitor(request), municipality)):
        raise Http404
    return found


@member("joint.see_experts")
def offers(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun = the_round(pk)
    office = is_office(visitor(request), municipality)

    def line(one: ExpertOffer) -> Line:
        agreement = getattr(one, "agreement", None)
        url = (
            to(municipality, "expert_agreement", agreement.pk)
            if agreement
            else to(municipality, "expert_offer", one.pk)
        )
        return Line(
            url,
            [
                f"{one.expert.alias}・{one.posting.title}",
                str(one.posting.town),
                percent(one.reason["fit"]),
                Chip(one.get_by_town_display(), CHIPS[one.by_town]),
                Chip(one.get_by_expert_display(), CHIPS[one.by_expert]),
                Chip(_("合意"), "success") if agreement else "",
            ],
        )

    return listed(
        request,
        "offers",
        [_("組み合わせ"), _("自治体"), _("適合度"), _("自治体の返事"), _("専門家の返事"), _("合意")],
        verbs.offers(begun, None if office else municipality),
        line,
        title=_("伝えた組み合わせ"),
        breadcrumbs=crumbs(municipality, begun, (_("伝えた組み合わせ"), "")),
        empty=(_("組み合わせはまだありません"), _("共同事務局が結果を選んで伝えると、ここに出ます。")),
    )


@member("joint.see_experts")
def offer(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A pair with its reason; the town's manager answers here."""
    found, person = the_offer(request, municipality, pk), visitor(request)
    mine = found.posting.town_id == municipality.pk
    may_answer = (
        mine
        and found.by_town == ExpertOffer.Answer.WAITING
        and not found.declined
        and person.has_perm("joint.answer_offer", municipality)
    )
    begun = found.posting.round
    form = AnswerForm(request.POST or None) if may_answer else ConfirmForm()
    return acted(
        request,
        form,
        lambda: verbs.town_answers(found, person, accept=form.cleaned_data["accept"]),
        title=_("%(alias)sと「%(title)s」") % {"alias": found.expert.alias, "title": found.posting.title},
        submit=_("返事をする"),
        done=_("返事をしました。"),
        onward=lambda given: (
            to(municipality, "expert_agreement", given.agreement.pk)
            if given.agreed
            else to(municipality, "expert_offer", pk)
        ),
        cancel_url=to(municipality, "expert_offers", begun.pk),
        breadcrumbs=crumbs(
            municipality,
            begun,
            (_("伝えた組み合わせ"), to(municipality, "expert_offers", begun.pk)),
            (found.expert.alias, ""),
        ),
        template="joint/experts/offer.html",
        offer=found,
        card=card(found.expert),
        skills=skills(found.expert.skills),
        asked=skills(found.posting.skills),
        identity=identity(found.expert, person, municipality),
        erased=found.expert.erased_at,
        reasons=why_pair(found.reason),
        fit=percent(found.reason["fit"]),
        parts=[(PARTS[part], percent(score)) for part, score in found.reason["parts"].items()],
        may_answer=may_answer,
        chips=[
            Chip(found.get_by_town_display(), CHIPS[found.by_town]),
            Chip(found.get_by_expert_display(), CHIPS[found.by_expert]),
        ],
        events=told(f"expert_offer:{pk}", ACTIONS) if mine else [],
    )


@member("joint.see_experts")
def agreements(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    begun, person = the_round(pk), visitor(request)
    office = is_office(person, municipality)

    def line(one: Any) -> Line:
        known = identity(one.offer.expert, person, municipality)
        state = Chip(_("終了"), "") if one.ended_on else Chip(_("業務中"), "success")
        return Line(
            to(municipality, "expert_agreement", one.pk),
            [
                one.offer.posting.title,
                str(one.offer.posting.town),
                known.name if known else one.offer.expert.alias,
                state,
                one.first,
                one.last,
                one.hours,
                one.hours_reported or 0,
            ],
        )

    return listed(
        request,
        "agreements",
        [
            _("業務"), _("自治体"), _("専門家"), _("状態"), _("始まり"), _("終わり"), _("時間（月）"),
            _("報告された時間（計）"),
        ],
        verbs.agreements(begun, None if office else municipality),
        line,
        title=_("合意した業務"),
        breadcrumbs=crumbs(municipality, begun, (_("合意した業務"), "")),
        empty=(_("合意はまだありません"), _("自治体と専門家の双方が承諾すると、ここに出ます。")),
    )  # fmt: skip


@member("joint.see_experts")
def agreement(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found, person = the_agreement(request, municipality, pk), visitor(request)
    reports = list(found.reports.select_related("confirmed_by"))
    if "format" in request.GET:
        columns = [_("月"), _("働いた時間"), _("したこと"), _("報告日時"), _("確認した人"), _("確認日時")]
        rows = (
            [f"{one.month:%Y-%m}", float(one.hours), one.work, one.reported_at,
             one.confirmed_by.name if one.confirmed_by else "", one.confirmed_at]
            for one in reports
        )  # fmt: skip
        return export(request, "reports", columns, rows)
    mine = found.offer.posting.town_id == municipality.pk
    begun = found.offer.posting.round
    context = {
        "title": found.offer.posting.title,
        "agreement": found,
        "posting": found.offer.posting,
        "expert": found.offer.expert,
        "identity": identity(found.offer.expert, person, municipality),
        "erased": found.offer.expert.erased_at,
        "skills": skills(found.offer.expert.skills),
        "reasons": why_pair(found.offer.reason),
        "reports": reports,
        "hours": sum(one.hours for one in reports),
        "outcomes": found.outcomes.all(),
        "may_work": mine and person.has_perm("joint.post_need", municipality),
        "may_end": mine and not found.ended_on and person.has_perm("joint.answer_offer", municipality),
        "events": told(f"expert_offer:{found.offer_id}", ACTIONS) if mine else [],
        "breadcrumbs": crumbs(
            municipality,
            begun,
            (_("合意した業務"), to(municipality, "expert_agreements", begun.pk)),
            (found.offer.posting.title, ""),
        ),
    }
    return render(request, "joint/experts/agreement.html", context)


@member("joint.post_need")
def report(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    """A month's report on the expert's behalf, as they told it."""
    found = the_agreement(request, municipality, pk, own=True)
    form = ReportForm(request.POST or None)
    return _acted(
        request,
        municipality,
        found,
        form,
        lambda: verbs.report(found, person=visitor(request), **form.cleaned_data),
        title=_("月の報告を書く"),
        submit=_("保存する"),
        done=_("保存しました。"),
    )


@member("joint.post_need")
def confirm(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, report: int
) -> HttpResponseBase:
    found = the_agreement(request, municipality, pk, own=True)
    reported = get_object_or_404(ExpertReport, pk=report, agreement=found)
    return _acted(
        request,
        municipality,
        found,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda: verbs.confirm(reported, visitor(request)),
        title=_("%(month)sの報告を確認しましたか") % {"month": f"{reported.month:%Y-%m}"},
        submit=_("確認した"),
        done=_("確認を記録しました。"),
        consequence=_("%(hours)s時間: %(work)s（確認すると、直せなくなります）")
        % {"hours": f"{reported.hours:f}", "work": reported.work},
    )


@member("joint.post_need")
def outcome(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, outcome: int = 0
) -> HttpResponseBase:
    """A measure, new or known (``outcome`` 0: new)."""
    found = the_agreement(request, municipality, pk, own=True)
    known = get_object_or_404(ExpertOutcome, pk=outcome, agreement=found) if outcome else None
    form = OutcomeForm(request.POST or None, instance=known)
    return _acted(
        request,
        municipality,
        found,
        form,
        lambda: verbs.set_outcome(found, visitor(request), form.cleaned_data, known),
        title=_("成果の指標"),
        submit=_("保存する"),
        done=_("保存しました。"),
    )


@member("joint.answer_offer")
def end(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int
) -> HttpResponseBase:
    found = the_agreement(request, municipality, pk, own=True)
    form = EndForm(request.POST or None)
    return _acted(
        request,
        municipality,
        found,
        form,
        lambda: verbs.end(found, visitor(request), form.cleaned_data["on"], form.cleaned_data["reason"]),
        title=_("業務を終える"),
        submit=_("業務を終える"),
        done=_("業務を終えました。"),
        danger=True,
    )


@member("joint.see_experts")
def letter(
    request: HttpRequest, municipality: Municipality, consortium: Consortium, pk: int, kind: str, form: str
) -> HttpResponseBase:
    """The agreement or the reports as PDF or Word."""
    found = the_agreement(request, municipality, pk)
    made = {"agreement": agreement_letter, "reports": report_letter}.get(kind)
    if made is None:
        raise Http404
    return letters_attached([made(found)], f"{kind}-{pk}", form)


def _acted(
    request: HttpRequest,
    municipality: Municipality,
    found: ExpertAgreement,
    form: Any,
    act: Any,
    *,
    title: str,
    **more: Any,
) -> HttpResponseBase:
    page = to(municipality, "expert_agreement", found.pk)
    posting = found.offer.posting
    return acted(
        request,
        form,
        act,
        title=title,
        onward=page,
        cancel_url=page,
        breadcrumbs=crumbs(municipality, posting.round, (posting.title, page), (title, "")),
        **more,
    )
