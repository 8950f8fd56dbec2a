"""The learning room's sample: the three towns' consortium, and a generated one of any size (``generated.py``)."""

from machi.base.models import Consortium
from machi.base.sample import TOWNS
from machi.base.scoping import in_consortium
from machi.learning.sample import cases, courses, discussion, exercises, follow_up, seminars, surveys

SUBJECTS = (courses, exercises, cases, discussion, follow_up, seminars, surveys)


def load() -> None:
    """Safe to call again: what people have changed since stays."""
    consortium = Consortium.objects.filter(members__municipality_id__in=TOWNS).order_by("pk").first()
    if consortium is None:
        return
    with in_consortium(consortium):
        for subject in SUBJECTS:
            subject.load(consortium)
