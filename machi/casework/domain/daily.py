"""What is done once a day for each town: the folder of dropped files, thresholds, what a killed worker left."""

from __future__ import annotations

from machi.base.models import Municipality
from machi.casework.domain import intake, learning, reading


def daily(municipality: Municipality) -> None:
    """Safe to repeat."""
    folder = intake.drop_folder(municipality)
    if folder.is_dir():
        intake.take_folder(municipality, folder)
    learning.propose_thresholds(municipality)
    if reading.waiting().exists():
        reading.wake(municipality)
