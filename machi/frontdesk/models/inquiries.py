"""Inquiries of residents, their answers with citations, and what is handed over to staff."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedEmailField, EncryptedTextField

from machi.base.scoping import ScopedModel


def new_token() -> str:
    """The secret in a resident's link: 192 random bits."""
    return secrets.token_urlsafe(24)


class Inquiry(ScopedModel):
    """A question and the answer the desk gave. The words are kept encrypted: people write about themselves."""

    class State(models.TextChoices):
        ANSWERED = "answered", _("自動で回答")
        UNKNOWN = "unknown", _("回答なし")
        HANDED_OVER = "handed_over", _("職員が対応中")
        CLOSED = "closed", _("職員が回答済み")

    class Channel(models.TextChoices):
        WEB = "web", _("ウェブ")
        API = "api", _("API")
        CLI = "cli", _("コマンド")

    token = models.CharField(max_length=40, unique=True, default=new_token)
    question = EncryptedTextField(_("質問"))
    language = models.CharField(max_length=10, default="ja")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.WEB)
    state = models.CharField(_("状態"), max_length=20, choices=State.choices)
    asked_at = models.DateTimeField(_("日時"), default=timezone.now)
    on_date = models.DateField()
    """The date for which sources had to be valid."""
    urgent = models.JSONField(default=list)
    """Kinds of emergency recognised, most pressing first."""
    confidence = models.FloatField(_("確からしさ"), default=0)
    reasons = models.JSONField(default=list)
    """``[[code, {name: value}]]``: why it is as sure as it is."""
    related = models.JSONField(default=list)
    """Documents (ids) offered for further reading."""
    index_revision = models.CharField(max_length=64, blank=True)
    ledger_index = models.PositiveBigIntegerField(null=True)
    helped = models.BooleanField(_("役に立った"), null=True)
    erased_at = models.DateTimeField(_("消去日時"), null=True)
    """Since then only figures are left: no words, no contact details, no link."""

    class Meta:
        ordering = ("-asked_at",)
        indexes = (
            models.Index(fields=["municipality", "asked_at"]),
            models.Index(fields=["municipality", "state"]),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"


class Citation(ScopedModel):
    """One sentence of an answer, word for word from a document: ``document.text[start:end] == text``."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="citations")
    ordinal = models.PositiveSmallIntegerField()
    passage = models.ForeignKey("frontdesk.Passage", models.PROTECT, related_name="citations")
    document = models.ForeignKey("frontdesk.Document", models.PROTECT, related_name="citations")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["inquiry", "ordinal"], name="citation_ordinal_once"),)

    @property
    def about(self) -> str:
        """What the sentence speaks of: the heading above it, such as the facility of a list's row."""
        headings: list[str] = self.passage.headings
        return headings[-1] if headings else ""

    def __str__(self) -> str:
        return self.text


class HandOver(ScopedModel):
    """An inquiry that waits for, or has got, the answer of a person."""

    class State(models.TextChoices):
        OPEN = "open", _("未対応")
        TAKEN = "taken", _("対応中")
        ANSWERED = "answered", _("回答済み")

    inquiry = models.OneToOneField(Inquiry, models.CASCADE, related_name="hand_over")
    division = models.ForeignKey(
        "base.Division", models.PROTECT, related_name="hand_overs", verbose_name=_("担当課")
    )
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("受付日時"), default=timezone.now)
    due_at = models.DateTimeField(_("期限"))
    taken_by = models.ForeignKey(
        "base.Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("担当者")
    )
    answered_at = models.DateTimeField(_("回答日時"), null=True)
    name = EncryptedCharField(_("お名前"), max_length=80, blank=True, null=True)
    email = EncryptedEmailField(_("メールアドレス"), blank=True, null=True)
    telephone = EncryptedCharField(_("電話番号"), max_length=40, blank=True, null=True)

    class Meta:
        ordering = ("due_at",)
        indexes = (models.Index(fields=["municipality", "state", "due_at"]),)

    def __str__(self) -> str:
        return f"#{self.inquiry_id}"


class Message(ScopedModel):
    """A turn of the conversation after hand-over."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="messages")
    author = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    """None: the resident wrote it."""
    from_staff = models.BooleanField()
    internal = models.BooleanField(default=False)
    """A note among staff, never shown to the resident."""
    body = EncryptedTextField()
    documents = models.ManyToManyField("frontdesk.Document", related_name="+")
    """What the clerk's answer rests on."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"#{self.hand_over_id} {self.at:%Y-%m-%d}"


class Retention(ScopedModel):
    """How long closed inquiries are kept here; without a row, as long as ``DEFAULT_DAYS``."""

    DEFAULT_DAYS = 1095
    days = models.PositiveIntegerField(_("保存する日数"), default=DEFAULT_DAYS)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["municipality"], name="retention_once"),)

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.days}"
