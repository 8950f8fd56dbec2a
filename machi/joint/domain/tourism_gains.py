"""What each town gains from joint tourism: plans, visits, requests and what was accepted."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, Sum

from machi.base.domain.towns import members
from machi.base.models import Consortium
from machi.joint.engine.visit_gains import Gain
from machi.joint.models import BookingRequest, PlanStop, Spot


def gains(consortium: Consortium, since: date | None = None) -> list[Gain]:
    """One for each member, by code; of visitors' plans only (four queries)."""
    stops = PlanStop.objects.filter(spot__isnull=False, plan__by_staff=False)
    requests = BookingRequest.objects.all()
    if since:
        stops = stops.filter(plan__made_at__date__gte=since)
        requests = requests.filter(made_at__date__gte=since)
    spots = dict(
        Spot.objects.filter(published=True).order_by().values_list("municipality").annotate(Count("pk"))
    )
    visited = {
        row["spot__municipality"]: row
        for row in stops.order_by()
        .values("spot__municipality")
        .annotate(plans=Count("plan", distinct=True), visits=Count("pk"))
    }
    accepted = Q(state=BookingRequest.State.ACCEPTED)
    asked = {
        row["spot__municipality"]: row
        for row in requests.order_by()
        .values("spot__municipality")
        .annotate(
            requests=Count("pk"),
            accepted=Count("pk", filter=accepted),
            people=Sum("party", filter=accepted, default=0),
        )
    }
    none = {"plans": 0, "visits": 0}
    nothing = {"requests": 0, "accepted": 0, "people": 0}
    return [
        Gain(
            town.code,
            spots.get(town.pk, 0),
            visited.get(town.pk, none)["plans"],
            visited.get(town.pk, none)["visits"],
            *(asked.get(town.pk, nothing)[name] for name in ("requests", "accepted", "people")),
        )
        for town in members(consortium)
    ]
