"""A consortium of many real towns (``base.sample_generated``), filled by every subject of the room."""

from __future__ import annotations

from django.db import transaction

from machi.base.models import Consortium
from machi.base.sample_generated import members_only
from machi.base.scoping import in_consortium
from machi.learning.sample import SUBJECTS


@transaction.atomic
def consortium_of(size: int, seed: int = 1) -> Consortium:
    """Safe to call again. AI systems are for the caller to have approved (``governance.sample.approve_declared``)."""
    consortium = members_only(size)
    with in_consortium(consortium):
        for subject in SUBJECTS:
            subject.generate(consortium, seed)
    return consortium
