"""The letters that tell a proposal's lead what was decided: no figures of the scoring, no names of reviewers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from machi.base.domain.errors import Refused
from machi.base.engine.letters import Letter
from machi.base.engine.wareki import wareki
from machi.joint.domain.calls_access import RESULTS_KNOWN, towns_behind
from machi.joint.models import Call, Proposal


def letters_of(call: Call) -> list[Letter]:
    """One for each proposal decided, in the order of handing in."""
    return [letter(one) for one in decided(call)]


def decided(call: Call) -> Iterable[Proposal]:
    return (
        call.proposals.filter(decision__isnull=False)
        .select_related("call__consortium", "lead", "decision", "decision__by")
        .prefetch_related(towns_behind())
        .order_by("number")
    )


def letter(proposal: Proposal) -> Letter:
    """In Japanese, whoever asks for it. Refused before the decision."""
    if proposal.call.state not in RESULTS_KNOWN:
        raise Refused(_("採否を決める前に、通知書は作れません。"))
    with override("ja"):
        return _letter(proposal)


def _letter(proposal: Proposal) -> Letter:
    call, decision = proposal.call, proposal.decision
    word = "採択" if decision.adopted else "不採択"
    body = [
        f"「{call.title}」に応募いただいた下記の提案について、審査の結果、{word}と決定しましたので通知します。",
    ]
    if decision.adopted:
        body.append("今後の手続と、半年ごとの報告については、事務局から別に連絡します。")
    else:
        body.append("応募いただいたことに感謝します。内容についての質問は、事務局までお寄せください。")
    members = "、".join(one.municipality.name for one in proposal.members.all())
    facts = [
        ("受付番号", f"{proposal.number}"),
        ("事業名", proposal.title),
        ("代表自治体", proposal.lead.name),
        ("構成自治体", members),
        ("決定", word),
    ]
    if decision.adopted:
        assert proposal.starts_on is not None
        assert proposal.ends_on is not None
        facts += [
            ("決定額", f"{decision.amount:,}円（申請額 {proposal.amount or 0:,}円）"),
            ("事業の期間", f"{wareki(proposal.starts_on)}から{wareki(proposal.ends_on)}まで"),
        ]
    facts.append(("理由", decision.reason))
    at = call.decided_at or decision.at
    return Letter(
        subject=f"共同事業の提案の{word}について（通知）",
        body=body,
        number=f"公募第{call.pk}号の{proposal.number}",
        on=timezone.localdate(at),
        to=f"{proposal.lead.name}長　様",
        sender=f"{call.consortium.name}　共同事務局",
        particulars=facts,
        contact=f"問い合わせ先　{call.consortium.name}　共同事務局",
        note="順位と推薦は計算によるもので、採否は共同事務局が決めました。",
    )
