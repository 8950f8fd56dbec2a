"""Partners, cost models, blocks of towns: the sample consortium's, and a generated one's."""

from machi.base.models import Consortium


def load(consortium: Consortium) -> None:
    """Fills the sample consortium (three towns); safe to call again."""


def generate(consortium: Consortium, seed: int) -> None:
    """Fills a generated consortium of any size, the same for the same ``seed``; safe to call again."""
