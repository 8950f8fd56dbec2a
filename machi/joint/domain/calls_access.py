"""Who sees what of calls and proposals.

A draft is its lead's and members' alone, not even the joint office's. What was handed in is read by the office, by
its own towns and by the reviewers it was assigned to. Results are its own towns' from the decision on, everybody's
from the announcement on. Scores and reviewers' names are the office's.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from machi.base.models import Municipality, Person
from machi.joint.models import Call, Proposal, ProposalMember, ProposalReview

RUN = "joint.run_calls"
WRITE = "joint.write_proposals"
SIGN = "joint.sign_proposals"
READ_OWN = "joint.read_own_proposals"
RESULTS_KNOWN = (Call.State.DECIDED, Call.State.ANNOUNCED)
_SETTLED = (Proposal.State.PASSED, Proposal.State.FAILED)


def visible_calls(person: Person, town: Municipality) -> QuerySet[Call]:
    found = Call.objects.all()
    return found if person.has_perm(RUN, town) else found.exclude(state=Call.State.DRAFT)


def visible_proposals(person: Person, town: Municipality) -> QuerySet[Proposal]:
    """What the person may read as the office, or as one of its towns."""
    allowed = Q(pk__in=[])
    if person.has_perm(RUN, town):
        allowed |= Q(number__isnull=False)
    if person.has_perm(READ_OWN, town):
        allowed |= Q(Exists(ProposalMember.objects.filter(proposal=OuterRef("pk"), municipality=town)))
    return Proposal.objects.filter(allowed).select_related("call", "lead", "lead__prefecture")


def readable_proposals(person: Person, town: Municipality) -> QuerySet[Proposal]:
    """The same, and what the person was assigned to review."""
    assigned = Exists(ProposalReview.objects.filter(proposal=OuterRef("pk"), reviewer__person=person))
    seen = visible_proposals(person, town).values("pk")
    return Proposal.objects.filter(Q(pk__in=seen) | Q(assigned)).select_related(
        "call", "lead", "lead__prefecture"
    )


def towns_behind(lookup: str = "members") -> Prefetch[Any]:
    """To be given to ``prefetch_related``: the members of proposals, each with its town.

    In one join: a prefetch of the towns themselves would ask for them one by one in a condition that SQLite refuses
    beyond a thousand.
    """
    return Prefetch(
        lookup,
        ProposalMember.objects.select_related("municipality__prefecture", "signed_by").order_by("pk"),
    )


def is_own(proposal: Proposal, town: Municipality) -> bool:
    return any(one.municipality_id == town.pk for one in proposal.members.all())


def results_known(proposal: Proposal) -> bool:
    return proposal.call.state in RESULTS_KNOWN


def shown_state(proposal: Proposal, *, office: bool) -> str:
    """The state in words; how screening went is not told before the decision."""
    if not office and proposal.state in _SETTLED and not results_known(proposal):
        return _("審査中")
    return proposal.get_state_display()


def told_state(proposal: Proposal, *, office: bool) -> str:
    """The same as a value, for the API and the command line."""
    hidden = not office and proposal.state in _SETTLED and not results_known(proposal)
    return Proposal.State.SUBMITTED.value if hidden else proposal.state
