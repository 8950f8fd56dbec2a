"""Rounds in which towns and experts find each other: begun, ranked, closed.

Everything here and in the ``experts_*`` files beside it runs inside the consortium's scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from machi.base.domain.errors import Refused
from machi.base.models import Consortium, Municipality, Person
from machi.joint.domain.experts_mail import tell_all
from machi.joint.domain.experts_mail_words import Kind
from machi.joint.domain.experts_record import noted
from machi.joint.engine.matching_fit import WEIGHTS, Part
from machi.joint.models import Expert, ExpertRound, MatchingRun, Posting

OFFICE = "joint.run_experts"
"""Permission of the joint office, which sees names and screens."""
State = ExpertRound.State


def rounds() -> QuerySet[ExpertRound, Any]:
    """The newest first, with how many postings are public and how many experts registered."""
    public = Posting.objects.filter(state=Posting.State.PUBLISHED)
    return ExpertRound.objects.annotate(
        posting_count=_count(public), expert_count=_count(Expert.objects.all())
    ).order_by("-created_at", "-pk")


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    """How many of ``rows`` a round has, in a query of its own: joined, postings times experts would be counted."""
    found = rows.filter(round=OuterRef("pk")).order_by().values("round").annotate(number=Count("pk"))
    return Coalesce(Subquery(found.values("number")), 0)


@transaction.atomic
def begin(
    consortium: Consortium,
    acting: Municipality,
    person: Person | None,
    *,
    title: str,
    note: str,
    register_by: date,
    rank_by: date,
    weights: Mapping[str, float] | None = None,
) -> ExpertRound:
    """A round to which towns post and experts register; the seed of its lots is drawn now."""
    if rank_by < register_by:
        raise Refused(_("希望順位の期限は、応募の期限より後にしてください。"), "rank_by")
    begun = ExpertRound.objects.create(
        consortium=consortium,
        title=title.strip(),
        note=note.strip(),
        register_by=register_by,
        rank_by=rank_by,
        weights=_weights(weights),
    )
    noted(
        consortium, acting, person, "begin_round", subject_of(begun), seed=begun.seed, weights=begun.weights
    )
    return begun


@transaction.atomic
def start_ranking(begun: ExpertRound, acting: Municipality, person: Person) -> None:
    """No more postings and registrations; both sides rank, and the experts are told by letter."""
    current = locked(begun)
    if current.state != State.OPEN:
        raise Refused(_("募集中のものだけを、希望順位の受付に進められます。"))
    if current.experts.filter(state="submitted").exists():
        raise Refused(_("確認の終わっていない応募があります。先に確認を終えてください。"))
    towns = towns_of(current)
    if not towns or not current.experts.filter(state="accepted").exists():
        raise Refused(_("公開した求人と、登録済みの専門家が1つずつは必要です。"))
    _move(current, State.RANKING, acting, person, "start_ranking", towns)
    accepted = current.experts.filter(state="accepted").values_list("pk", flat=True)
    tell_all(current.consortium_id, accepted, Kind.RANKING)


@transaction.atomic
def reopen(begun: ExpertRound, acting: Municipality, person: Person, reason: str) -> None:
    """Back to posting and registering, while nothing is released."""
    current = locked(begun)
    if current.state != State.RANKING:
        raise Refused(_("希望順位の受付中のものだけを、募集中に戻せます。"))
    if not reason.strip():
        raise Refused(_("理由を書いてください。"), "reason")
    if MatchingRun.objects.filter(round=current, state=MatchingRun.State.WAITING).exists():
        raise Refused(_("計算中です。終わってから戻してください。"))
    _move(current, State.OPEN, acting, person, "reopen_round", towns_of(current), reason=reason.strip())


@transaction.atomic
def close(begun: ExpertRound, acting: Municipality, person: Person) -> None:
    """No further matching; agreements and reports go on."""
    current = locked(begun)
    if current.state != State.RELEASED:
        raise Refused(_("結果を伝えたものだけを終了できます。"))
    current.closed_at = timezone.now()
    current.save(update_fields=["closed_at"])
    _move(current, State.CLOSED, acting, person, "close_round", towns_of(current))


def locked(begun: ExpertRound) -> ExpertRound:
    """The row as it stands now, held until the transaction ends."""
    return ExpertRound.objects.select_for_update().get(pk=begun.pk)


def refuse_unless(begun: ExpertRound, state: str) -> ExpertRound:
    """The locked round; Refused where it has gone on."""
    current = locked(begun)
    if current.state != state:
        raise Refused(_("いまは「%(state)s」なので、できません。") % {"state": current.get_state_display()})
    return current


def towns_of(begun: ExpertRound) -> list[Municipality]:
    """Those with a public posting."""
    pks = begun.postings.filter(state=Posting.State.PUBLISHED).values("town_id")
    return list(Municipality.objects.filter(pk__in=pks))


def subject_of(begun: ExpertRound) -> str:
    return f"expert_round:{begun.pk}"


def _move(
    current: ExpertRound,
    state: str,
    acting: Municipality,
    person: Person,
    action: str,
    concerned: Iterable[Municipality],
    **inputs: str,
) -> None:
    current.state = state
    current.save(update_fields=["state"])
    noted(current.consortium, acting, person, action, subject_of(current), concerned=concerned, inputs=inputs)


def _weights(given: Mapping[str, float] | None) -> dict[str, float]:
    weights = {part.value: float((given or {}).get(part, WEIGHTS[part])) for part in Part}
    if any(one < 0 for one in weights.values()) or not sum(weights.values()):
        raise Refused(_("重みは0以上で、少なくとも1つは0より大きくしてください。"))
    return weights
