"""What learners are handed: certificates, and the reminders they were sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel
from machi.learning.models.courses import Enrolment


class Certificate(SharedModel):
    """That a person finished a course: all that the paper says, kept as it was said, so that whoever is shown the
    paper can ask whether it is true."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=20, unique=True)
    name = EncryptedTextField(null=True)
    """None once erased."""
    town = models.CharField(max_length=120)
    course = models.CharField(max_length=120)
    version = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    issued_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-issued_on", "-pk")

    def __str__(self) -> str:
        return self.code


class Reminder(SharedModel):
    """A mail that was sent to a learner. The row is what keeps it from being sent twice."""

    class Kind(models.TextChoices):
        STARTS = "starts", _("まもなく始まる")
        BEHIND = "behind", _("進みが遅れている")
        ENDS = "ends", _("まもなく終わる")
        PLAN = "plan", _("実践計画を立てる")
        CHECK_IN = "check_in", _("実践計画を振り返る")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="sent_reminders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=20)
    """What it is about, once: ``starts``, ``ends``, ``behind-2026-W07``, ``plan``, ``30-12`` (check-in, plan)."""
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["enrolment", "key"], name="reminder_once"),)

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.key}"
