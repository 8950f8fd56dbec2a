"""A call for joint projects: written, published, closed, given up.

What proposals are measured by (criteria, weights, requirements, budget, rules) changes only in a draft, so that
nobody is measured by what was decided after the proposals were read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.engine.canonical import digest
from machi.base.models import Consortium
from machi.joint.domain.calls_record import Acting, record_call
from machi.joint.models import Call, CallCriterion, Proposal

State = Call.State
FIELDS = (
    "title",
    "purpose",
    "areas",
    "eligibility",
    "requirements",
    "least_members",
    "opens_on",
    "closes_on",
    "budget",
    "ceiling",
    "top",
    "reviewers_each",
    "method",
    "least_score",
    "most_per_prefecture",
    "most_per_area",
)
TOTAL_WEIGHT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Criterion:
    title: str
    description: str
    weight: Decimal


def usual_criteria() -> list[Criterion]:
    """What calls for joint projects usually ask; a beginning, to be changed."""
    return [
        Criterion(_("課題"), _("解こうとする課題が、住民や職員の数字で示されているか"), Decimal(20)),
        Criterion(_("共同の効果"), _("一つの自治体では得られない効果があるか"), Decimal(30)),
        Criterion(_("実現性"), _("体制、日程、法令や個人情報の扱いが具体的か"), Decimal(20)),
        Criterion(_("費用対効果"), _("費用に見合う効果が、比べられる形で示されているか"), Decimal(15)),
        Criterion(_("横展開"), _("ほかの自治体がまねできる形か"), Decimal(15)),
    ]


def usual_requirements() -> list[str]:
    return [
        _("共同する自治体の数が足りている"),
        _("すべての構成自治体が同意している"),
        _("申請額が上限の範囲にある"),
        _("事業の期間と内容が書かれている"),
    ]


@transaction.atomic
def begin(consortium: Consortium, by: Acting, given: Mapping[str, Any]) -> Call:
    """A draft with the usual criteria."""
    call = Call.objects.create(
        consortium=consortium, created_by=by.person, **{name: given[name] for name in FIELDS}
    )
    _write_criteria(call, usual_criteria())
    record_call(call, by, "begin", inputs={"call": _plain(given)})
    return call


@transaction.atomic
def change(call: Call, by: Acting, given: Mapping[str, Any]) -> None:
    current = drafted(call)
    for name in FIELDS:
        setattr(current, name, given[name])
    current.save(update_fields=FIELDS)
    record_call(current, by, "change", inputs={"call": _plain(given)})


@transaction.atomic
def set_criteria(call: Call, by: Acting, criteria: Sequence[Criterion]) -> None:
    """All criteria anew, in their order. A draft may keep weights that do not add up; ``publish`` does not."""
    current = drafted(call)
    if not criteria:
        raise Refused(_("観点を1つは書いてください。"))
    current.criteria.all().delete()
    _write_criteria(current, criteria)
    record_call(current, by, "criteria", weights={one.title: str(one.weight) for one in criteria})


def why_not_published(call: Call) -> list[str]:
    """What is still to be done before proposals are invited; empty: nothing."""
    found = []
    total = sum((one.weight for one in call.criteria.all()), Decimal(0))
    if total != TOTAL_WEIGHT:
        found.append(
            _("重みの合計を100にしてください（いま%(total)s）。") % {"total": f"{total.normalize():f}"}
        )
    if not call.areas:
        found.append(_("分野を1つは選んでください。"))
    if not call.requirements:
        found.append(_("形式要件を1つは書いてください。"))
    if call.closes_on < max(call.opens_on, timezone.localdate()):
        found.append(_("応募の締切日を、募集を始める日と今日より前にしないでください。"))
    if call.least_score > call.top:
        found.append(_("採択に必要な最低点は、観点ごとの満点までにしてください。"))
    return found


@transaction.atomic
def publish(call: Call, by: Acting) -> None:
    """From here on nothing changes that proposals are measured by. The ledger has the digest of all of it."""
    current = drafted(call)
    if why := why_not_published(current):
        raise Refused(" ".join(why))
    current.state, current.published_at = State.OPEN, timezone.now()
    current.save(update_fields=["state", "published_at"])
    record_call(current, by, "publish", measure=measure(current), closes_on=current.closes_on.isoformat())


@transaction.atomic
def move_deadline(call: Call, by: Acting, closes_on: date, reason: str) -> None:
    """Later, never earlier: nobody loses time they were promised."""
    current = _in_state(call, State.OPEN, _("募集中の公募だけ、締切日を延ばせます。"))
    if closes_on <= current.closes_on or closes_on < timezone.localdate():
        raise Refused(_("締切日は、いまより後の日にしてください。早めることはできません。"), "closes_on")
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    before, current.closes_on = current.closes_on, closes_on
    current.save(update_fields=["closes_on"])
    record_call(
        current,
        by,
        "deadline",
        explanation=reason.strip(),
        before=before.isoformat(),
        closes_on=closes_on.isoformat(),
    )


@transaction.atomic
def close(call: Call, by: Acting) -> None:
    """No proposal is taken any more; screening and review begin. Drafts not handed in stay drafts."""
    current = _in_state(call, State.OPEN, _("募集中の公募だけ、締め切れます。"))
    if timezone.localdate() < current.closes_on:
        raise Refused(_("締切日になるまで、締め切れません。"))
    if not current.proposals.filter(state=Proposal.State.SUBMITTED).exists():
        raise Refused(_("提出された提案がありません。締切日を延ばすか、公募を中止してください。"))
    current.state, current.closed_at = State.REVIEW, timezone.now()
    current.save(update_fields=["state", "closed_at"])
    record_call(
        current, by, "close", proposals=current.proposals.filter(state=Proposal.State.SUBMITTED).count()
    )


@transaction.atomic
def cancel(call: Call, by: Acting, reason: str) -> None:
    """Gives up; everything stays readable."""
    current = Call.objects.select_for_update().get(pk=call.pk)
    if current.state in (State.DECIDED, State.ANNOUNCED, State.CANCELLED):
        raise Refused(_("この公募はもう終わっています。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    current.state, current.reason = State.CANCELLED, reason.strip()
    current.save(update_fields=["state", "reason"])
    record_call(current, by, "cancel", explanation=current.reason)


def drafted(call: Call) -> Call:
    """The row as it stands now, locked."""
    return _in_state(call, State.DRAFT, _("募集を始めた公募は変えられません。"))


def reviewed(call: Call) -> Call:
    """The same of a call under review."""
    return _in_state(call, State.REVIEW, _("審査中の公募でだけできます。"))


def measure(call: Call) -> str:
    """Digest of all that proposals are measured by."""
    told = {
        name: str(getattr(call, name)) for name in FIELDS if name not in ("title", "purpose", "closes_on")
    }
    criteria = [[one.title, one.description, str(one.weight)] for one in call.criteria.all()]
    return digest({**told, "criteria": criteria})


def takes_proposals(call: Call) -> bool:
    return call.state == State.OPEN and call.opens_on <= timezone.localdate() <= call.closes_on


def _in_state(call: Call, state: str, otherwise: str) -> Call:
    current = Call.objects.select_for_update().select_related("consortium").get(pk=call.pk)
    if current.state != state:
        raise Refused(otherwise)
    return current


def _write_criteria(call: Call, criteria: Sequence[Criterion]) -> None:
    CallCriterion.objects.bulk_create(
        CallCriterion(
            consortium=call.consortium,
            call=call,
            ordinal=ordinal,
            title=one.title,
            description=one.description,
            weight=one.weight,
        )
        for ordinal, one in enumerate(criteria, 1)
    )


def _plain(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(given[name]) for name in FIELDS}
