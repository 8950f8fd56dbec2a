"""The register of AI systems: which of those the rooms declare may run in a municipality."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.models import Person
from machi.base.scoping import ScopedModel


class RegisteredSystem(ScopedModel):
    """How a declared AI system stands in a municipality; one without a row is a draft nobody has looked at."""

    class State(models.TextChoices):
        DRAFT = "draft", _("未審査")
        UNDER_REVIEW = "under_review", _("審査中")
        APPROVED = "approved", _("承認")
        SUSPENDED = "suspended", _("停止中")
        RETIRED = "retired", _("廃止")

    key = models.CharField(max_length=60)
    state = models.CharField(_("状態"), max_length=20, choices=State.choices, default=State.DRAFT)
    version = models.CharField(_("承認した版"), max_length=40, blank=True)
    """The declared version that was approved; a newer one needs its own approval."""
    conditions = models.TextField(_("承認の条件"), blank=True)
    approved_until = models.DateField(_("承認の期限"), null=True, blank=True)
    """The last day of the approval; none: until it is taken back."""
    notice = models.TextField(_("利用者へのお知らせ"), blank=True)
    """What users read while it is suspended."""
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="decided_systems"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("key",)
        constraints = (
            models.UniqueConstraint(fields=["municipality", "key"], name="registered_system_once"),
        )

    def __str__(self) -> str:
        return f"{self.municipality_id}/{self.key}: {self.state}"


class SystemDecision(ScopedModel):
    """One act in the life of an AI system, with the words that the ledger keeps only the digests of."""

    class Act(models.TextChoices):
        SUBMIT = "submit", _("審査を始めた")
        SEND_BACK = "send_back", _("差し戻した")
        APPROVE = "approve", _("承認した")
        SUSPEND = "suspend", _("停止した")
        RESUME = "resume", _("再開した")
        RETIRE = "retire", _("廃止した")

    system = models.ForeignKey(RegisteredSystem, models.CASCADE, related_name="decisions")
    act = models.CharField(_("操作"), max_length=20, choices=Act.choices)
    state = models.CharField(_("状態"), max_length=20, choices=RegisteredSystem.State.choices)
    """After the act."""
    version = models.CharField(_("版"), max_length=40)
    text = models.TextField(_("条件・お知らせ・理由"), blank=True)
    until = models.DateField(_("承認の期限"), null=True, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    """None: on the command line of the installation."""
    at = models.DateTimeField(_("日時"), default=timezone.now)
    ledger_index = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.system_id}: {self.act}"
