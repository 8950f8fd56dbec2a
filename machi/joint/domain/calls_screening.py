"""Screening: does a proposal meet the formal requirements? A person says so; what can be counted is shown beside."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.joint.domain.calls import reviewed
from machi.joint.domain.calls_record import Acting, record_proposal
from machi.joint.models import Area, Proposal, ProposalScreening

State = Proposal.State


def facts(proposal: Proposal) -> list[tuple[str, str, bool | None]]:
    """What can be counted: name, value, whether it is as the call asks (None: nothing is asked)."""
    call, members = proposal.call, list(proposal.members.all())
    signed = sum(1 for one in members if one.signed_at)
    area = Area(proposal.area) if proposal.area else None
    amount = proposal.amount or 0
    dated = proposal.starts_on is not None and proposal.ends_on is not None
    return [
        (
            _("構成自治体の数"),
            _("%(count)s（%(least)s以上）") % {"count": len(members), "least": call.least_members},
            len(members) >= call.least_members,
        ),
        (
            _("同意した自治体"),
            _("%(signed)s / %(count)s") % {"signed": signed, "count": len(members)},
            signed == len(members),
        ),
        (_("申請額"), f"{amount:,}", amount > 0 and (call.ceiling is None or amount <= call.ceiling)),
        (_("分野"), str(area.label) if area else "－", proposal.area in call.areas),
        (_("期間"), f"{proposal.starts_on or '－'} ～ {proposal.ends_on or '－'}", dated),
        (_("実施内容の文字数"), str(len(proposal.plan)), len(proposal.plan) > 0),
        (_("添付の数"), str(proposal.attachments.count()), None),
    ]


@transaction.atomic
def screen(proposal: Proposal, by: Acting, met: Sequence[bool], reason: str) -> ProposalScreening:
    """Passed where every requirement is met. Who fails a proposal says why. It may be screened anew until reviewers
    were assigned."""
    call = reviewed(proposal.call)
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if current.state not in (State.SUBMITTED, State.PASSED, State.FAILED):
        raise Refused(_("この提案は審査の対象ではありません。"))
    if current.reviews.exists():
        raise Refused(_("審査員に割り当てた後は、形式審査を変えられません。"))
    if len(met) != len(call.requirements):
        raise Refused(_("すべての形式要件に答えてください。"))
    passed = all(met)
    if not passed and not reason.strip():
        raise Refused(_("満たさない要件があるときは、理由を書いてください。"), "reason")
    screening, _created = ProposalScreening.objects.update_or_create(
        proposal=current,
        defaults={
            "consortium": current.consortium,
            "met": list(met),
            "passed": passed,
            "reason": reason.strip(),
            "by": by.person,
            "at": timezone.now(),
        },
    )
    current.state = State.PASSED if passed else State.FAILED
    current.save(update_fields=["state"])
    record_proposal(
        current, by, "screen", explanation=screening.reason, passed=passed, met=[bool(one) for one in met]
    )
    return screening
