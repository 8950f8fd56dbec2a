"""Preferences of both sides: each ranks whom it could work with; equal numbers are ties, no number is no wish.

Whoever ranks nobody is matched by the fit. Towns rank cards without names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Person
from machi.joint.domain.experts import refuse_unless
from machi.joint.domain.experts_cards import Card, card
from machi.joint.domain.experts_market import fit_of, weights_of
from machi.joint.domain.experts_record import noted
from machi.joint.domain.experts_registration import subject_of
from machi.joint.engine.matching_fit import Fit
from machi.joint.models import Expert, ExpertRound, ExpertWish, Posting

Side = ExpertWish.Side


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody the town could rank, with the fit and the rank given so far."""

    card: Card
    fit: Fit
    tier: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A posting the expert could rank."""

    posting: Posting
    fit: Fit
    tier: int | None


def candidates(posting: Posting) -> list[Candidate]:
    """Whom the town could rank: registered and not barred; the best fit first."""
    weights = weights_of(posting.round)
    given = dict(posting.wishes.filter(side=Side.TOWN).values_list("expert_id", "tier"))
    experts = (
        posting.round.experts.filter(state=Expert.State.ACCEPTED)
        .select_related("home__prefecture")
        .prefetch_related("conflicts")
        # Nobody sees who it is here, and a page of all of a country's experts need not decrypt it.
        .defer("token", "name", "email", "telephone", "employer", "evidence", "conflict_note")
    )
    found = [
        Candidate(card(one), fitting, given.get(one.pk))
        for one in experts
        if not (fitting := fit_of(posting, one, weights)).bars
    ]
    return sorted(found, key=lambda one: (-one.fit.total, one.card.pk))


def choices(expert: Expert) -> list[Choice]:
    """What the expert could rank: public and not barred; the best fit first."""
    weights = weights_of(expert.round)
    given = dict(expert.wishes.filter(side=Side.EXPERT).values_list("posting_id", "tier"))
    postings = expert.round.postings.filter(state=Posting.State.PUBLISHED).select_related("town__prefecture")
    found = [
        Choice(one, fitting, given.get(one.pk))
        for one in postings
        if not (fitting := fit_of(one, expert, weights)).bars
    ]
    return sorted(found, key=lambda one: (-one.fit.total, one.posting.pk))


@transaction.atomic
def rank_experts(posting: Posting, person: Person, tiers: Mapping[int, int]) -> None:
    """The town's list for a posting: expert -> number, 1 best."""
    refuse_unless(posting.round, ExpertRound.State.RANKING)
    _refuse_strangers(tiers, {one.card.pk for one in candidates(posting)})
    posting.wishes.filter(side=Side.TOWN).delete()
    ExpertWish.objects.bulk_create(
        ExpertWish(
            consortium=posting.consortium, side=Side.TOWN, expert_id=expert, posting=posting, tier=tier
        )
        for expert, tier in tiers.items()
    )
    noted(
        posting.consortium,
        posting.town,
        person,
        "rank_experts",
        f"posting:{posting.pk}",
        tiers=sorted([tier, expert] for expert, tier in tiers.items()),
    )


@transaction.atomic
def rank_postings(expert: Expert, tiers: Mapping[int, int]) -> None:
    """The expert's list: posting -> number, 1 best."""
    refuse_unless(expert.round, ExpertRound.State.RANKING)
    if expert.state != Expert.State.ACCEPTED:
        raise Refused(_("登録が済んだ人だけが希望順位を付けられます。"))
    _refuse_strangers(tiers, {one.posting.pk for one in choices(expert)})
    expert.wishes.filter(side=Side.EXPERT).delete()
    ExpertWish.objects.bulk_create(
        ExpertWish(
            consortium=expert.consortium, side=Side.EXPERT, expert=expert, posting_id=posting, tier=tier
        )
        for posting, tier in tiers.items()
    )
    noted(
        expert.consortium,
        expert.via,
        None,
        "rank_postings",
        subject_of(expert),
        tiers=sorted([tier, posting] for posting, tier in tiers.items()),
    )


def _refuse_strangers(tiers: Mapping[int, int], known: set[int]) -> None:
    if not set(tiers) <= known:
        raise Refused(_("選べない相手が入っています。ページを読み直してください。"))
    if any(tier < 1 for tier in tiers.values()):
        raise Refused(_("順位は1以上の数で書いてください。"))
