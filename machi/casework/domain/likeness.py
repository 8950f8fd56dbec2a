"""Applications that may be one paper handed in twice: pointed out, and a person decides (``domain.twice``).

Values are encrypted; they are compared by keyed digests, without which nobody can try names against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from machi.casework.engine.likeness import TELLING, alike, comparable, equal_of
from machi.casework.models import Application, FieldValue, Likeness, ValueKey

DAYS = 31
"""How long one waits for the same paper again: later it is rather a new request."""
_MOST = 5
_CANDIDATES = 50


def look(application: Application, values: Sequence[FieldValue]) -> None:
    """Notes those before it that are alike, in the caller's transaction; leaves its own digests. What a person has
    answered stays."""
    application.value_keys.all().delete()
    keys = {
        one.field: _digest(one.field, said)
        for one in values
        if one.kind in TELLING and (said := comparable(one.value or one.raw or ""))
    }
    ValueKey.objects.bulk_create(
        ValueKey(municipality=application.municipality, application=application, field=field, digest=digest)
        for field, digest in keys.items()
    )
    application.alike.filter(answer="").delete()
    known = set(application.alike.values_list("other_id", flat=True))
    found = [(other, *equal_of(keys, _keys(other))) for other in _candidates(application, keys)]
    found = sorted((one for one in found if alike(one[1], one[2])), key=lambda one: -one[1] / one[2])
    Likeness.objects.bulk_create(
        Likeness(
            municipality=application.municipality,
            application=application,
            other=other,
            equal=equal,
            compared=compared,
        )
        for other, equal, compared in found[:_MOST]
        if other.pk not in known
    )


def unanswered(application: Application) -> QuerySet[Likeness]:
    return application.alike.filter(answer="").select_related("other")


def _candidates(application: Application, keys: dict[str, str]) -> list[Application]:
    if not keys:
        return []
    any_equal = Q()
    for field, digest in keys.items():
        any_equal |= Q(value_keys__field=field, value_keys__digest=digest)
    since = application.received_at - timedelta(days=DAYS)
    return list(
        Application.objects.filter(
            any_equal,
            procedure=application.procedure,
            received_at__gte=since,
            received_at__lte=application.received_at,
            erased_at=None,
        )
        .exclude(state=Application.State.CLOSED)
        .filter(pk__lt=application.pk)
        .distinct()
        .prefetch_related("value_keys")
        .order_by("-received_at", "-pk")[:_CANDIDATES]
    )


def _keys(application: Application) -> dict[str, str]:
    return {one.field: one.digest for one in application.value_keys.all()}


def _digest(field: str, said: str) -> str:
    return salted_hmac(f"casework.value.{field}", said, algorithm="sha256").hexdigest()
