"""A consortium of many real towns (``base.sample_generated``), filled by every subject of the room."""

from __future__ import annotations

from django.db import transaction

from machi.base.domain.towns import members
from machi.base.models import Consortium
from machi.base.sample_generated import members_only
from machi.base.scoping import in_consortium
from machi.governance.sample import approve_declared
from machi.joint.sample import SUBJECTS


@transaction.atomic
def consortium_of(size: int, seed: int = 1) -> Consortium:
    """Safe to call again.

    The AI systems are approved in its first two towns, where its joint office works; reviews for all would take
    minutes.
    """
    consortium = members_only(size)
    for town in members(consortium)[:2]:
        approve_declared(town)
    with in_consortium(consortium):
        for subject in SUBJECTS:
            subject.generate(consortium, seed)
    return consortium
