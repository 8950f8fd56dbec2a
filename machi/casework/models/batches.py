"""Many files handed in at once: what each became, while the background opens one after another."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from encrypted_fields.fields import EncryptedCharField

from machi.base.scoping import ScopedModel


class Batch(ScopedModel):
    """Files that somebody handed in together on the page."""

    person = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    procedure = models.ForeignKey("casework.Procedure", models.PROTECT, null=True, related_name="+")
    together = models.BooleanField(default=False)
    """All of it is one application."""
    at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"batch {self.pk}"


class HandedIn(ScopedModel):
    """One file of a batch, and what became of it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files")
    name = EncryptedCharField(max_length=300)
    """Encrypted, for people name files after people."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Where its bytes wait, below the municipality's own folder; empty for what was found inside another file."""
    outcome = models.CharField(max_length=10, blank=True)
    """taken, duplicate, refused (``domain.intake.Outcome``), or not opened yet."""
    key = models.CharField(max_length=40, blank=True)
    arguments = models.JSONField(default=dict)
    application = models.ForeignKey(
        "casework.Application", models.CASCADE, null=True, related_name="handed_in"
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.pk} {self.outcome}"
