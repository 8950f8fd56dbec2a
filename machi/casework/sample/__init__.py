"""The casework room's sample, one file a subject."""

from machi.casework.sample import applications, drafting


def load() -> None:
    """Safe to call again: what people have changed since stays."""
    applications.load()
    drafting.load()
