"""Drafts, summaries, transcripts and minutes with every version; texts handed in for them; the town's own templates."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedTextField

from machi.base.scoping import ScopedModel


class DraftTemplate(ScopedModel):
    """One version of a template that the town wrote itself; the newest active one of a key is offered."""

    key = models.CharField(_("記号"), max_length=40)
    version = models.CharField(_("版"), max_length=20)
    kind = models.CharField(_("種類"), max_length=20)
    title = models.CharField(_("名前"), max_length=120)
    text = models.TextField(_("ひな型（JSON）"))
    active = models.BooleanField(_("使う"), default=True)
    made_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("登録日時"), default=timezone.now)

    class Meta:
        ordering = ("kind", "title", "-made_at")
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "key", "version"], name="draft_template_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class GivenText(ScopedModel):
    """A text that somebody handed in: a transcript, a document to be summarised. It belongs to one piece of work."""

    name = EncryptedCharField(_("名前"), max_length=300)
    kind = models.CharField(max_length=20)
    """As ``frontdesk.engine.reading`` calls it; besides ``vtt``, ``srt``, ``typed``, ``speech`` (heard by a machine),
    ``transcript`` (that, corrected and confirmed)."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes handed in; of what was heard, that of the recording."""
    text = EncryptedTextField()
    size = models.PositiveIntegerField(_("文字数"))
    given_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(_("受け取った日時"), default=timezone.now)

    def __str__(self) -> str:
        return f"given:{self.pk}"


class Draft(ScopedModel):
    """A piece of writing: what was asked, what it rests on, how far it is. Its words are in its versions."""

    class Work(models.TextChoices):
        DRAFT = "draft", _("文書の下書き")
        SUMMARY = "summary", _("要約")
        MINUTES = "minutes", _("会議の記録")
        TRANSCRIPT = "transcript", _("文字起こし")

    class State(models.TextChoices):
        WAITING = "waiting", _("作成中")
        MADE = "made", _("未確認")
        CONFIRMED = "confirmed", _("確認済み")
        FAILED = "failed", _("作れなかった")

    work = models.CharField(_("種類"), max_length=10, choices=Work.choices)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.MADE)
    title = EncryptedCharField(_("題名"), max_length=300)
    template_key = models.CharField(max_length=40, blank=True)
    template_version = models.CharField(max_length=20, blank=True)
    template_text = models.TextField(blank=True)
    """The template as it was, so that the letter can be set again after the template has changed."""
    asked = EncryptedTextField(default="{}")
    """JSON: the fields by key; of a summary its length, of minutes the day; of a transcript day and language."""
    given = models.ForeignKey(GivenText, models.PROTECT, null=True, related_name="drafts")
    document = models.ForeignKey("frontdesk.Document", models.PROTECT, null=True, related_name="+")
    passages = models.JSONField(default=list)
    """Numbers of the passages that were found for it: what a changed sentence is looked for in."""
    by_model = models.BooleanField(default=False)
    model = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    """Why no model wrote it, why it could not be made, or what of a recording could not be heard."""
    number = models.PositiveIntegerField(_("版"), default=0)
    """Of the newest version; 0: none is made yet."""
    unsourced = models.PositiveIntegerField(_("出典なし"), default=0)
    """Sentences without a source; of a transcript, lines that are marked as doubtful."""
    made_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    changed_at = models.DateTimeField(_("更新日時"), default=timezone.now)
    confirmed_by = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("確認日時"), null=True)
    ledger_index = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("-changed_at", "-pk")
        indexes = (models.Index(fields=["municipality", "work", "-changed_at"], name="draft_newest_first"),)

    def __str__(self) -> str:
        return f"draft:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("casework:draft", args=[self.municipality_id, self.pk])


class DraftVersion(ScopedModel):
    """What it said at one time. None is ever changed."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = EncryptedTextField()
    """JSON of ``engine.draft_pieces.Body``."""
    person = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    """Who edited it; None: the machine made it."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["draft", "number"], name="draft_version_number_once"),)

    def __str__(self) -> str:
        return f"{self.draft} #{self.number}"


class Recording(ScopedModel):
    """A recording that waits to be written down. With it goes its key: what is left of its file cannot be read."""

    draft = models.OneToOneField(Draft, models.CASCADE, related_name="recording")
    file = models.CharField(max_length=32, unique=True)
    """Name of its file (``domain.recordings``)."""
    key = EncryptedCharField(max_length=64)
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes handed in."""
    given_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"recording:{self.pk}"
