"""Discussion across towns: topics, what is said in them, who follows them, and what moderators are told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedTextField

from machi.base.scoping import SharedModel
from machi.learning.models.cases import Case
from machi.learning.models.courses import Cohort, Course


class Topic(SharedModel):
    """A question or a matter to talk about: of a course, of a cohort (its people only), of a case, or free."""

    title = EncryptedCharField(_("話題"), max_length=120, blank=True, null=True)
    """None once erased."""
    course = models.ForeignKey(Course, models.SET_NULL, null=True, blank=True, related_name="+")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="topics")
    accepted = models.OneToOneField(
        "learning.Post", models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    """The answer that helped, as whoever asked says."""
    opened_at = models.DateTimeField(_("始めた日時"), default=timezone.now)
    last_at = models.DateTimeField(_("最後の書き込み"), default=timezone.now)
    locked_at = models.DateTimeField(_("締め切った日時"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("隠した日時"), null=True, blank=True)
    sample = models.BooleanField(_("見本"), default=False)

    class Meta:
        ordering = ("-last_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(course__isnull=True, cohort__isnull=True)
                | Q(course__isnull=True, case__isnull=True)
                | Q(cohort__isnull=True, case__isnull=True),
                name="topic_about_one",
            ),
        )
        indexes = (models.Index(fields=["consortium", "last_at"]),)

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"


class Participant(SharedModel):
    """A person in one topic: there they are their town and a number, unless they choose to show their name."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="participants")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("番号"))
    """From 1 in the order of the first word; never changes."""
    named = models.BooleanField(_("この話題で名前を見せる"), default=False)
    office = models.BooleanField(_("共同事務局として"), default=False)
    """Speaks for the joint office, not for the town in which the page was opened."""

    class Meta:
        ordering = ("topic", "number")
        constraints = (
            models.UniqueConstraint(fields=["topic", "person"], name="participant_once"),
            models.UniqueConstraint(fields=["topic", "number"], name="participant_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.number}"


class Post(SharedModel):
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="posts")
    author = models.ForeignKey(Participant, models.PROTECT, related_name="posts")
    ordinal = models.PositiveIntegerField(_("番号"))
    body = EncryptedTextField(_("本文（Markdown）"), blank=True, null=True)
    """None once erased."""
    at = models.DateTimeField(_("書いた日時"), default=timezone.now)
    changed_at = models.DateTimeField(_("直した日時"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("隠した日時"), null=True, blank=True)
    hidden_because = EncryptedTextField(_("隠した理由"), blank=True, null=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("topic", "ordinal")
        constraints = (models.UniqueConstraint(fields=["topic", "ordinal"], name="post_ordinal_once"),)
        indexes = (models.Index(fields=["consortium", "at"]),)

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.ordinal}"


class TopicFollow(SharedModel):
    """Whoever wants to hear of a topic's new posts."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="follows")
    person = models.ForeignKey("base.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["topic", "person"], name="topic_follow_once"),)

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.person_id}"


class Notice(SharedModel):
    """Something for one person to read."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("番号で呼ばれました")
        TOWN = "town", _("自治体が呼ばれました")
        ACCEPTED = "accepted", _("あなたの答えが役に立ったとされました")
        HIDDEN = "hidden", _("あなたの書き込みが隠されました")

    person = models.ForeignKey("base.Person", models.CASCADE, related_name="+")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """The town for which the person is told of it."""
    post = models.ForeignKey(Post, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.UniqueConstraint(fields=["person", "post", "kind"], name="notice_once"),)
        indexes = (models.Index(fields=["consortium", "person", "read_at"]),)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.post_id}"


class DigestWish(SharedModel):
    """How often a person wants a letter of what is new."""

    class Often(models.TextChoices):
        DAILY = "daily", _("毎日")
        WEEKLY = "weekly", _("週に1回")
        OFF = "off", _("受け取らない")

    person = models.ForeignKey("base.Person", models.CASCADE, related_name="+")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """The town whose daily work sends it."""
    often = models.CharField(_("お知らせのメール"), max_length=6, choices=Often.choices, default=Often.WEEKLY)
    told_until = models.DateTimeField(default=timezone.now)
    """What was written later has not been told."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consortium", "person"], name="digest_wish_once"),)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.often}"


class PostReport(SharedModel):
    """Somebody thinks that moderators should look at a post."""

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("隠した")
        KEPT = "kept", _("そのままにした")

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports")
    person = models.ForeignKey("base.Person", models.CASCADE, related_name="+")
    reason = EncryptedTextField(_("理由"), blank=True, null=True)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=["post", "person"], name="post_report_once"),)
        indexes = (models.Index(fields=["consortium", "settled_at"]),)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.outcome}"
