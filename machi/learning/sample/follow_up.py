"""Follow-up: plans, check-ins, use in real work, effect: the sample consortium's, and a generated one's."""

from __future__ import annotations

from machi.base.models import Consortium


def load(consortium: Consortium) -> None:
    """Safe to call again: what people have changed since stays."""


def generate(consortium: Consortium, seed: int) -> None:
    """For a generated consortium of any size. Safe to call again."""
