"""What the desk learns: answers of staff that became FAQs, and how well search does over time."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import ScopedModel


class Faq(ScopedModel):
    """A question and answer written by one person; it counts only once a second person has approved it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("承認待ち")
        APPROVED = "approved", _("公開中")
        REJECTED = "rejected", _("差し戻し")
        WITHDRAWN = "withdrawn", _("公開終了")

    question = models.CharField(_("質問"), max_length=300)
    answer = models.TextField(_("回答"), max_length=4000)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.PROPOSED)
    inquiry = models.ForeignKey(
        "frontdesk.Inquiry", models.SET_NULL, null=True, blank=True, related_name="faqs"
    )
    document = models.ForeignKey(
        "frontdesk.Document", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The document it became."""
    proposed_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    ruled_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    valid_until = models.DateField(_("有効期間の末日"), null=True, blank=True)

    class Meta:
        ordering = ("-proposed_at",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(ruled_by=models.F("proposed_by")),
                name="faq_second_person",
            ),
        )

    def __str__(self) -> str:
        return self.question


class QualityMeasurement(ScopedModel):
    """How often search finds the document that staff or residents confirmed, measured after an index build."""

    at = models.DateTimeField(default=timezone.now)
    index_revision = models.CharField(max_length=64)
    questions = models.PositiveIntegerField()
    """Confirmed pairs of question and document there were."""
    hit_1 = models.FloatField()
    hit_3 = models.FloatField()
    hit_10 = models.FloatField()
    mrr_10 = models.FloatField()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.hit_3:.2f}"
