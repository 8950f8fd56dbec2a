"""The review of an AI system: one version of it against one version of the checklist."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.models import Person
from machi.base.scoping import ScopedModel
from machi.governance.models.systems import RegisteredSystem


class Review(ScopedModel):
    class Outcome(models.TextChoices):
        OPEN = "", _("審査中")
        APPROVED = "approved", _("承認")
        SENT_BACK = "sent_back", _("差し戻し")
        ENDED = "ended", _("取りやめ")

    class Route(models.TextChoices):
        NORMAL = "normal", _("通常の審査")
        HIGH = "high", _("高リスク（有識者会議への報告が要る）")

    class Opinion(models.TextChoices):
        AGREES = "agrees", _("進めてよい")
        WITH_CONDITIONS = "with_conditions", _("条件を付ければ進めてよい")
        DISAGREES = "disagrees", _("進めるべきでない")

    system = models.ForeignKey(RegisteredSystem, models.CASCADE, related_name="reviews")
    version = models.CharField(_("審査する版"), max_length=40)
    checklist = models.CharField(_("確認項目の版"), max_length=20)
    route = models.CharField(_("審査の道すじ"), max_length=10, choices=Route.choices)
    raised = models.BooleanField(_("規則では通常だが、高リスクとして扱う"), default=False)
    outcome = models.CharField(
        _("結果"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    begun_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    board_date = models.DateField(_("報告した日"), null=True, blank=True)
    board_reference = models.CharField(_("文書番号・会議名"), max_length=200, blank=True)
    board_opinion = models.CharField(_("意見"), max_length=20, choices=Opinion.choices, blank=True)
    board_text = models.TextField(_("意見の内容"), blank=True)

    class Meta:
        ordering = ("-begun_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["system"], condition=models.Q(outcome=""), name="review_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.system_id} v{self.version}: {self.outcome or 'open'}"

    @property
    def board_reported(self) -> bool:
        return bool(self.board_date and self.board_reference and self.board_opinion)


class ReviewItem(ScopedModel):
    """One item of the checklist in one review: settled only by a person, with what shows it."""

    class State(models.TextChoices):
        OPEN = "open", _("未確認")
        MET = "met", _("満たす")
        NOT_APPLICABLE = "not_applicable", _("当てはまらない")

    review = models.ForeignKey(Review, models.CASCADE, related_name="items")
    item = models.CharField(max_length=60)
    """Id in the checklist of the review's version."""
    ordinal = models.PositiveSmallIntegerField()
    state = models.CharField(_("状態"), max_length=20, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("担当")
    )
    reference = models.TextField(_("根拠"), blank=True, max_length=2000)
    note = models.TextField(_("理由・メモ"), blank=True, max_length=2000)
    done_on = models.DateField(_("確認した日"), null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    file_name = models.CharField(_("根拠の資料"), max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the bytes, in hexadecimal; also the stored file's name."""
    file_size = models.PositiveIntegerField(default=0)
    file_kind = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["review", "item"], name="review_item_once"),)

    def __str__(self) -> str:
        return f"{self.review_id}/{self.item}: {self.state}"
