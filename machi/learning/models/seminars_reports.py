"""The report of a seminar: what was counted, and what people wrote, word for word, grouped by topic."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel
from machi.learning.models.seminars import Seminar


class SeminarReport(SharedModel):
    """Made from the answers as they were; made anew, it replaces the one before."""

    seminar = models.OneToOneField(Seminar, models.CASCADE, related_name="report")
    figures = models.JSONField(default=dict)
    """Counts of registrations, attendance and answers, as they may be shown (small ones are hidden already)."""
    summary = models.TextField(_("事務局のまとめ"), max_length=4_000, blank=True)
    """The office's own words."""
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    ledger_index = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("seminar",)

    def __str__(self) -> str:
        return f"#{self.seminar_id}"


class SeminarQuote(SharedModel):
    """One answer in free words, as written. ``topic`` -1: of no topic that several people spoke of."""

    class Why(models.TextChoices):
        PERSONAL = "personal", _("個人情報が含まれる、または疑いがある")
        NAMED = "named", _("特定の人や団体が分かる")
        HURTFUL = "hurtful", _("人を傷つける内容")
        OFF_TOPIC = "off_topic", _("セミナーと関係がない")
        WISH = "wish", _("本人が望まない")

    report = models.ForeignKey(SeminarReport, models.CASCADE, related_name="quotes")
    question = models.CharField(max_length=60)
    """Key of the question in the questionnaire."""
    topic = models.SmallIntegerField()
    label = models.CharField(max_length=120, blank=True)
    """Words of the texts of its topic."""
    place = models.PositiveSmallIntegerField()
    """Within its topic: the nearest to its middle first."""
    text = EncryptedTextField(blank=True, null=True)
    hidden = models.CharField(_("載せない理由"), max_length=10, choices=Why.choices, blank=True)
    """Empty: it is shown."""
    looked_at = models.DateTimeField(null=True)
    """When the office decided about it."""
    by_machine = models.BooleanField(default=False)
    """Hidden because personal information seemed to be in it; the office may show it after all."""

    class Meta:
        ordering = ("report", "question", "topic", "place", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(by_machine=False) | ~Q(hidden=""), name="seminar_quote_hidden_by_machine"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.report_id} {self.question}/{self.topic}/{self.place}"
