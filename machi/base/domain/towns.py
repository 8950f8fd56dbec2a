"""The towns of a consortium."""

from django.db.models import QuerySet

from machi.base.models import Consortium, Municipality


def members(consortium: Consortium) -> QuerySet[Municipality]:
    """Those that are members today, by code."""
    return Municipality.objects.filter(
        memberships__consortium=consortium, memberships__until__isnull=True
    ).select_related("prefecture")
