"""The sample consortium's casework, one file a subject."""

from machi.casework.sample import drafting


def load() -> None:
    """Safe to call again."""
    drafting.load()
