"""What comes after a course: plans, check-ins on them, and how much AI a town used in each month."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel
from machi.learning.models.courses import Enrolment


class PracticePlan(SharedModel):
    """What somebody sets out to do in their own work after a course. Theirs alone, until they share it."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="plans")
    will = EncryptedTextField(null=True)
    """What will be done; this and the next two are None once erased."""
    work = EncryptedTextField(null=True)
    see = EncryptedTextField(null=True)
    """How one will see that it was done."""
    system = models.CharField(_("使うAIシステム"), max_length=60, blank=True)
    """Key of a declared AI system; empty: none."""
    shared = models.BooleanField(_("講師と管理職に見せる"), default=False)
    made_on = models.DateField(_("立てた日"))
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_on", "-pk")
        indexes = (models.Index(fields=["consortium", "made_on"]),)

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.made_on}"


class CheckIn(SharedModel):
    """What became of a plan after 30 or 90 days, told by whoever made it."""

    class Outcome(models.TextChoices):
        DONE = "done", _("できた")
        PARTLY = "partly", _("一部できた")
        NOT_YET = "not_yet", _("まだ")
        GIVEN_UP = "given_up", _("やめた")

    plan = models.ForeignKey(PracticePlan, models.CASCADE, related_name="check_ins")
    days = models.PositiveSmallIntegerField(_("何日後か"))
    outcome = models.CharField(_("どうなったか"), max_length=10, choices=Outcome.choices)
    reason = EncryptedTextField(null=True, blank=True)
    hours = models.DecimalField(
        _("減った時間（1か月、時間）"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(300)],
    )
    """None: not known, which is not 0."""
    helped = EncryptedTextField(null=True, blank=True)
    hindered = EncryptedTextField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("plan", "days")
        constraints = (models.UniqueConstraint(fields=["plan", "days"], name="check_in_once"),)

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.days}"


class MonthlyUse(SharedModel):
    """How much the staff of a town used AI systems in a month: figures that the town took from its own ledger and
    shares with its consortium. Those of fewer than five people are hidden before they are stored."""

    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    month = models.DateField()
    """Its first day."""
    users = models.PositiveIntegerField(null=True)
    """People who had a result; None with all the others: 1 to 4."""
    results = models.PositiveIntegerField(null=True)
    agreed = models.PositiveIntegerField(null=True)
    overruled = models.PositiveIntegerField(null=True)
    """Rulings by people; None with ``agreed``: 1 to 4 people ruled."""

    class Meta:
        ordering = ("municipality", "month")
        constraints = (
            models.UniqueConstraint(fields=["consortium", "municipality", "month"], name="monthly_use_once"),
        )

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.month:%Y-%m}"
