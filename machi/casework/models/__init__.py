"""What is stored, one file a subject."""

from machi.casework.models.drafting import Draft, DraftTemplate, DraftVersion, GivenText

__all__ = ["Draft", "DraftTemplate", "DraftVersion", "GivenText"]
