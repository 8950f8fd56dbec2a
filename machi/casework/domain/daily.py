"""What the room does every day in a municipality."""

from __future__ import annotations

from machi.base.models import Municipality
from machi.casework.domain import drafting_jobs


def each_day(municipality: Municipality) -> None:
    drafting_jobs.each_day(municipality)
