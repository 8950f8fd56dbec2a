"""A municipality's rules of using generative AI: versions, and who has read which."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from machi.base.scoping import ScopedModel


class PublishedIsFinal(Exception):
    """A published version was to be changed or deleted."""


class PolicyVersion(ScopedModel):
    """One version of the rules. A published one never changes; what is new is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("作成中")
        PUBLISHED = "published", _("公開")

    number = models.PositiveIntegerField(_("版"))
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    sections = models.JSONField(default=list)
    """``[{"key", "title", "body"}]``, bodies in Markdown, in the order of the page."""
    follows = models.JSONField(default=list)
    """Names of the documents it follows."""
    systems = models.JSONField(default=list)
    """``[{"title", "purpose", "conditions"}]``: the approved AI systems on the day of publishing."""
    change_note = models.TextField(_("変えたところ"), blank=True)
    material = models.BooleanField(_("全員の確認をもう一度求める"), default=True)
    effective_on = models.DateField(_("施行日"), null=True, blank=True)
    review_on = models.DateField(_("次に見直す日"), null=True, blank=True)
    changed_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(_("公開日時"), null=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the published text in hexadecimal, as the ledger has it."""

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["municipality", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["municipality"], condition=models.Q(state="draft"), name="policy_one_draft"
            ),
        )

    def __str__(self) -> str:
        return f"v{self.number}"

    def save(self, *args: object, **kwargs: object) -> None:
        self._refuse_if_published()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_published()
        return super().delete(*args, **kwargs)

    def _refuse_if_published(self) -> None:
        stored = PolicyVersion.objects.filter(pk=self.pk).values_list("state", flat=True).first()
        if stored == self.State.PUBLISHED:
            raise PublishedIsFinal(str(self))


class PolicyAcknowledgement(ScopedModel):
    """That a person has read a version and confirmed it."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey("base.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField(_("確認日時"), default=timezone.now)

    class Meta:
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(fields=["version", "person"], name="policy_acknowledged_once"),
        )

    def __str__(self) -> str:
        return f"{self.version_id}: {self.person_id}"


class PolicyReminder(ScopedModel):
    """That those who had not confirmed a version were reminded by mail."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="reminders")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    people = models.PositiveIntegerField()
    """How many were written to."""

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.version_id}: {self.people}"
