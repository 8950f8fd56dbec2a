"""What is done once a day for each town: the folders of dropped files, thresholds, what a killed worker left."""

from __future__ import annotations

from django.utils import timezone

from machi.base.models import Municipality
from machi.casework.domain import (
    batches,
    drafting_jobs,
    imports,
    intake,
    learning,
    leftovers,
    reading,
)


def each_day(municipality: Municipality) -> None:
    """Safe to repeat."""
    drafting_jobs.each_day(municipality)
    folder = intake.drop_folder(municipality)
    if folder.is_dir():
        intake.take_folder(municipality, folder)
    imports.take_dropped(municipality)
    batches.forget_old(municipality, timezone.now())
    imports.forget_old(timezone.now())
    leftovers.remove(municipality, timezone.now())
    learning.propose_thresholds(municipality)
    if reading.waiting().exists():
        reading.wake(municipality)
