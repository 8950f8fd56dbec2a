"""Reviewers: who they are, what they must not judge, which proposals they get, and the marks they give."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.domain.recording import record
from machi.base.ledger import RESULT
from machi.base.models import Consortium, Municipality, Person
from machi.base.running import ensure_may_run
from machi.joint.domain.calls import reviewed
from machi.joint.domain.calls_record import Acting, record_call, record_proposal
from machi.joint.engine import review as engine
from machi.joint.models import Area, Call, CallReviewer, Proposal, ProposalReview, ReviewerRecusal, ReviewMark

ASSIGNMENT = "joint.reviewer_assignment"


@dataclass(frozen=True, slots=True)
class Given:
    """One criterion marked."""

    points: int | None
    comment: str


def candidates(consortium: Consortium) -> QuerySet[Person]:
    """Who may be made a reviewer: everybody with a role in the consortium or in one of its towns."""
    here = Q(appointments__consortium=consortium) | Q(
        appointments__municipality__memberships__consortium=consortium,
        appointments__municipality__memberships__until__isnull=True,
    )
    return Person.objects.filter(here, is_active=True).distinct().order_by("name", "email")


@transaction.atomic
def name_reviewer(call: Call, by: Acting, person: Person, given: Mapping[str, Any]) -> CallReviewer:
    """Makes somebody a reviewer, or changes what is known of them. ``given``: areas, towns, organisations, most."""
    current = Call.objects.select_for_update().get(pk=call.pk)
    if current.state not in (Call.State.DRAFT, Call.State.OPEN, Call.State.REVIEW):
        raise Refused(_("この公募の審査は終わっています。"))
    if not candidates(current.consortium).filter(pk=person.pk).exists():
        raise Refused(_("この共同体で仕事をしている人の中から選んでください。"), "person")
    reviewer, created = CallReviewer.objects.update_or_create(
        call=current,
        person=person,
        defaults={
            "consortium": current.consortium,
            "areas": list(given["areas"]),
            "organisations": given["organisations"].strip(),
            "most": given["most"],
        },
    )
    reviewer.towns.set(given["towns"])
    record_call(
        current,
        by,
        "reviewer",
        inputs={"person": person.pk, "areas": list(given["areas"])},
        new=created,
        reviewer=reviewer.pk,
    )
    return reviewer


@transaction.atomic
def dismiss_reviewer(reviewer: CallReviewer, by: Acting) -> None:
    if reviewer.reviews.filter(Q(done_at__isnull=False) | Q(marks__isnull=False)).exists():
        raise Refused(_("採点を始めた審査員は外せません。利害関係の申し出なら、審査員本人が行います。"))
    number, call = reviewer.pk, reviewer.call
    reviewer.delete()
    record_call(call, by, "dismiss", reviewer=number)


@transaction.atomic
def recuse(reviewer: CallReviewer, proposal: Proposal, by: Acting, reason: str) -> None:
    """The reviewer says they must not judge this one. What they wrote of it goes."""
    if by.person != reviewer.person or proposal.call_id != reviewer.call_id:
        raise Refused(_("申し出るのは、審査員本人です。"))
    reviewed(reviewer.call)
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    ReviewerRecusal.objects.update_or_create(
        reviewer=reviewer,
        proposal=proposal,
        defaults={"consortium": reviewer.consortium, "reason": reason.strip()},
    )
    removed, _rows = ProposalReview.objects.filter(reviewer=reviewer, proposal=proposal).delete()
    record_proposal(
        proposal, by, "recuse", inputs={"reason": reason.strip()}, reviewer=reviewer.pk, removed=bool(removed)
    )


@transaction.atomic
def assign(call: Call, by: Acting) -> engine.Assignment:
    """Assigns reviewers to all proposals that passed. What has been marked stays, unless it has become a conflict.

    NotApproved where the system may not run; Refused with what is short where no assignment exists.
    """
    ensure_may_run(by.town, ASSIGNMENT)
    current = reviewed(call)
    if current.proposals.filter(state=Proposal.State.SUBMITTED).exists():
        raise Refused(_("先に、すべての提案の形式審査を終えてください。"))
    proposals = _proposals(current)
    reviewers = list(current.reviewers.select_related("person").prefetch_related("towns", "recusals"))
    jobs, people = [_job(one) for one in proposals.values()], _people(current, reviewers)
    kept, dropped = _kept(current, jobs, people)
    found = engine.assign(jobs, people, current.reviewers_each, kept)
    if isinstance(found, engine.Shortage):
        raise Refused(_shortage(found, proposals, reviewers))
    wanted = {(int(job), int(person)) for job, person in found.pairs}
    now = {(one.proposal_id, one.reviewer_id): one for one in _reviews(current)}
    gone = [one.pk for pair, one in now.items() if pair not in wanted]
    ProposalReview.objects.filter(pk__in=gone).delete()
    ProposalReview.objects.bulk_create(
        ProposalReview(consortium=current.consortium, proposal_id=job, reviewer_id=person)
        for job, person in sorted(wanted - set(now))
    )
    record(
        current.consortium,
        by.town,
        by.person,
        system=ASSIGNMENT,
        kind=RESULT,
        subject=f"call:{current.pk}",
        inputs={"pairs": [list(pair) for pair in found.pairs]},
        outputs={
            "action": "assign",
            "proposals": len(jobs),
            "reviewers": len(people),
            "each": current.reviewers_each,
            "loads": sorted(found.loads.values()),
            "without_knowledge": len(found.without_knowledge),
            "kept": len(kept),
            "dropped_conflicts": dropped,
        },
        explanation=_(
            "利害関係のある組を除き、件数の二乗の和が最も小さく、その中で詳しい分野の組が最も多い割り当て。"
        ),
    )
    return found


@transaction.atomic
def mark(
    review: ProposalReview, by: Acting, given: Mapping[int, Given], comment: str, *, hand_in: bool
) -> None:
    """Points by criterion (primary key). A draft may lack some; what is handed in may not. It may be changed until
    the call is decided; the recommendation then has to be computed anew."""
    if by.person != review.reviewer.person:
        raise Refused(_("採点するのは、割り当てられた審査員本人です。"))
    call = reviewed(review.reviewer.call)
    criteria = list(call.criteria.all())
    missing = [one.title for one in criteria if given[one.pk].points is None]
    if hand_in and missing:
        raise Refused(_("点数がまだの観点: %(titles)s") % {"titles": "、".join(missing)})
    if any(not 0 <= one.points <= call.top for one in given.values() if one.points is not None):
        raise Refused(_("点数は0から%(top)sまでです。") % {"top": call.top})
    current = ProposalReview.objects.select_for_update().get(pk=review.pk)
    current.marks.all().delete()
    ReviewMark.objects.bulk_create(
        ReviewMark(
            consortium=current.consortium,
            review=current,
            criterion=one,
            points=given[one.pk].points or 0,
            comment=given[one.pk].comment.strip(),
        )
        for one in criteria
        if given[one.pk].points is not None
    )
    current.comment = comment.strip()
    current.done_at = timezone.now() if hand_in else None
    current.save(update_fields=["comment", "done_at"])
    if hand_in:
        points = {str(one.pk): given[one.pk].points for one in criteria}
        record_proposal(
            current.proposal, by, "mark", inputs={"points": points, "comment": comment}, review=current.pk
        )


def workloads(call: Call) -> QuerySet[CallReviewer, Any]:
    """Reviewers with ``assigned`` and ``done``."""
    return (
        call.reviewers.select_related("person")
        .prefetch_related("towns", "recusals__proposal")
        .annotate(
            assigned=Count("reviews", distinct=True),
            done=Count("reviews", filter=Q(reviews__done_at__isnull=False), distinct=True),
        )
        .order_by("person__name", "pk")
    )


def conflicts_of(reviewer: CallReviewer, proposals: Iterable[Proposal]) -> dict[int, engine.Conflict | None]:
    """What keeps a reviewer from each proposal, by its key."""
    [person] = _people(reviewer.call, [reviewer])
    return {one.pk: engine.conflict(person, _job(one)) for one in proposals}


def _reviews(call: Call) -> list[ProposalReview]:
    return list(ProposalReview.objects.filter(reviewer__call=call).prefetch_related("marks"))


def _proposals(call: Call) -> dict[str, Proposal]:
    passed = call.proposals.filter(state=Proposal.State.PASSED).prefetch_related("members")
    return {str(one.pk): one for one in passed}


def _job(proposal: Proposal) -> engine.Proposal:
    towns = {one.municipality_id for one in proposal.members.all()}
    return engine.Proposal(
        str(proposal.pk),
        frozenset(towns | {_organisation(name) for name in proposal.partner_names}),
        proposal.area,
    )


def _people(call: Call, reviewers: Sequence[CallReviewer]) -> list[engine.Reviewer]:
    """As the engine wants them. The towns in which somebody holds a role are ties whether declared or not."""
    appointed = Municipality.objects.filter(
        appointments__person__in=[one.person_id for one in reviewers]
    ).values_list("appointments__person_id", "code")
    own: dict[int, set[str]] = {}
    for person, code in appointed:
        own.setdefault(person, set()).add(code)
    busy = dict(
        ProposalReview.objects.filter(reviewer__in=reviewers, done_at__isnull=False)
        .values_list("reviewer")
        .annotate(Count("pk"))
    )
    return [
        engine.Reviewer(
            str(one.pk),
            frozenset(
                own.get(one.person_id, set())
                | {town.pk for town in one.towns.all()}
                | {_organisation(name) for name in one.organisation_names}
            ),
            frozenset(one.areas),
            frozenset(str(recusal.proposal_id) for recusal in one.recusals.all()),
            None if one.most is None else max(one.most, busy.get(one.pk, 0)),
        )
        for one in reviewers
    ]


def _kept(
    call: Call, jobs: Sequence[engine.Proposal], people: Sequence[engine.Reviewer]
) -> tuple[list[tuple[str, str]], int]:
    """Pairs already marked, less those that have become a conflict, and how many those are."""
    by_key, by_name = {one.key: one for one in jobs}, {one.key: one for one in people}
    begun = [
        (str(one.proposal_id), str(one.reviewer_id))
        for one in _reviews(call)
        if (one.done_at or one.marks.all()) and str(one.proposal_id) in by_key
    ]
    kept = [pair for pair in begun if engine.conflict(by_name[pair[1]], by_key[pair[0]]) is None]
    return kept, len(begun) - len(kept)


def _shortage(
    found: engine.Shortage, proposals: Mapping[str, Proposal], reviewers: Sequence[CallReviewer]
) -> str:
    names = {str(one.pk): one.person.name for one in reviewers}
    return _(
        "審査員が足りません。提案%(proposals)sには合わせて%(needed)s件の審査が要りますが、"
        "利害関係のない審査員（%(reviewers)s）が引き受けられるのは%(places)s件です。"
        "審査員を足すか、引き受けられる件数を増やしてください。"
    ) % {
        "proposals": "、".join(f"{proposals[key].number}" for key in found.proposals),
        "needed": found.needed,
        "reviewers": "、".join(names[key] for key in found.reviewers) or _("いません"),
        "places": found.places,
    }


def _organisation(name: str) -> str:
    """A firm's name as compared: width, case, blanks and its legal form do not matter."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()
    return "org:" + re.sub(r"株式会社|有限会社|合同会社|\((株|有|同)\)", "", plain)


def area_labels(values: Sequence[str]) -> list[str]:
    return [str(Area(value).label) for value in values]
