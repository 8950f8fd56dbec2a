"""What the casework room stores, one file a subject."""

from machi.casework.models.applications import (
    Application,
    CaseLetter,
    CheckResult,
    DuplicateKey,
    FieldValue,
    Likeness,
    Page,
    Ruling,
    SampleAudit,
    SourceFile,
    ValueKey,
)
from machi.casework.models.batches import Batch, HandedIn
from machi.casework.models.drafting import Draft, DraftTemplate, DraftVersion, GivenText, Recording
from machi.casework.models.exchange import Import, ImportedRow, OwnMapping
from machi.casework.models.procedures import CaseForm, FieldThreshold, Procedure, ReadingControl

__all__ = [
    "Application",
    "Batch",
    "CaseForm",
    "CaseLetter",
    "CheckResult",
    "Draft",
    "DraftTemplate",
    "DraftVersion",
    "DuplicateKey",
    "FieldThreshold",
    "FieldValue",
    "GivenText",
    "HandedIn",
    "Import",
    "ImportedRow",
    "Likeness",
    "OwnMapping",
    "Page",
    "Procedure",
    "ReadingControl",
    "Recording",
    "Ruling",
    "SampleAudit",
    "SourceFile",
    "ValueKey",
]
