"""Letters of an agreement and of a result, once as data, given as PDF and Word."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.base.engine.letters import Letter, TableBlock
from machi.joint.domain.experts_words import skills, why_pair
from machi.joint.models import ExpertAgreement


def agreement_letter(agreement: ExpertAgreement) -> Letter:
    """The town to the expert: what was agreed, and how the pair came about."""
    offer = agreement.offer
    posting, expert = offer.posting, offer.expert
    period = f"{date_format(agreement.first, 'DATE_FORMAT')} – {date_format(agreement.last, 'DATE_FORMAT')}"
    site = _("月%(days)s日") % {"days": agreement.on_site} if agreement.on_site else _("リモート")
    return Letter(
        subject=_("専門家の業務に関する合意書"),
        number=_("専合第%(number)s号") % {"number": agreement.pk},
        on=timezone.localdate(agreement.agreed_at),
        to=_("%(name)s 様") % {"name": expert.name or expert.alias},
        sender=_("%(town)s長") % {"town": posting.town},
        body=[
            _("%(round)sで伝えた組み合わせを双方が承諾したので、次のとおり合意します。")
            % {"round": posting.round},
            *why_pair(offer.reason),
        ],
        particulars=[
            (_("業務"), posting.title),
            (_("内容"), posting.work),
            (_("必要な技能"), skills(posting.skills)),
            (_("期間"), period),
            (_("時間"), _("月%(hours)s時間") % {"hours": agreement.hours}),
            (_("場所"), site),
            (_("報酬"), _("1時間%(fee)s円") % {"fee": f"{agreement.fee:,}"}),
            (_("報告"), _("毎月、働いた時間としたことを報告し、自治体が確認する。")),
        ],
        note=_("組み合わせの案はAIシステム「専門家と自治体の組み合わせ」が作り、共同事務局が選びました。"),
    )


def report_letter(agreement: ExpertAgreement) -> Letter:
    """All monthly reports and outcomes of an agreement."""
    posting, expert = agreement.offer.posting, agreement.offer.expert
    reports = list(agreement.reports.select_related("confirmed_by"))
    outcomes = list(agreement.outcomes.all())
    return Letter(
        subject=_("専門家の業務の報告"),
        on=timezone.localdate(),
        body=[
            _("%(town)s「%(title)s」、%(name)s")
            % {"town": posting.town, "title": posting.title, "name": expert.name or expert.alias},
            TableBlock(
                _("月ごとの報告"),
                [_("月"), _("時間"), _("したこと"), _("確認")],
                [
                    [
                        f"{one.month:%Y-%m}",
                        f"{one.hours:f}",
                        one.work,
                        one.confirmed_by.name if one.confirmed_by else _("まだ"),
                    ]
                    for one in reports
                ],
            ),
            TableBlock(
                _("成果の指標"),
                [_("指標"), _("始める前"), _("目標"), _("実績")],
                [
                    [
                        f"{one.name}（{one.unit}）" if one.unit else one.name,
                        f"{one.before.normalize():f}",
                        f"{one.target.normalize():f}",
                        f"{one.actual.normalize():f}" if one.actual is not None else _("まだ"),
                    ]
                    for one in outcomes
                ],
            ),
        ],
    )
