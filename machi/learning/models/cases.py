"""The case library: what towns did with AI, who else did the same, and what came of it there."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from machi.base.scoping import SharedModel


class CaseField(models.TextChoices):
    """The work in which AI was used."""

    COUNTER = "counter", _("窓口・問い合わせ")
    DOCUMENTS = "documents", _("文書作成・要約")
    MINUTES = "minutes", _("会議・議事録")
    APPLICATIONS = "applications", _("申請・入力")
    WELFARE = "welfare", _("福祉・健康・子育て")
    EDUCATION = "education", _("教育・生涯学習")
    TAX = "tax", _("税・料金")
    DISASTER = "disaster", _("防災・危機管理")
    WORKS = "works", _("道路・施設・環境")
    PLANNING = "planning", _("企画・統計・広報")
    STAFF = "staff", _("人事・研修・庶務")
    OTHER = "other", _("その他")


class CaseTool(models.TextChoices):
    """The kind of tool."""

    GENERATIVE = "generative", _("生成AI（文章）")
    SPEECH = "speech", _("音声の文字起こし")
    CHATBOT = "chatbot", _("AIの案内・検索")
    OCR = "ocr", "AI-OCR"
    RPA = "rpa", "RPA"
    IMAGE = "image", _("画像の認識")
    PREDICTION = "prediction", _("予測・最適化")
    TRANSLATION = "translation", _("翻訳・やさしい日本語")
    OTHER = "other", _("その他")


class Case(SharedModel):
    """What one town did. Its words are encrypted: a draft may name people until the recogniser and a reader have
    looked; what is published goes into the consortium's search index as it is read by all."""

    class State(models.TextChoices):
        DRAFT = "draft", _("下書き")
        SUBMITTED = "submitted", _("確認待ち")
        RETURNED = "returned", _("差し戻し")
        PUBLISHED = "published", _("公開中")
        WITHDRAWN = "withdrawn", _("取り下げ")

    class Counted(models.TextChoices):
        MEASURED = "measured", _("作業時間を測った")
        RECORDS = "records", _("件数と1件の時間から計算した")
        ESTIMATED = "estimated", _("担当者の感覚で見積もった")

    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+", verbose_name=_("自治体"))
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(_("題名"), max_length=120)
    field = models.CharField(_("分野"), max_length=20, choices=CaseField.choices)
    tool = models.CharField(_("道具の種類"), max_length=20, choices=CaseTool.choices)
    system = models.CharField(_("使ったAIシステム・道具の名前"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(
        _("始めた年"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    problem = EncryptedTextField(_("困っていたこと"), blank=True, null=True)
    before = EncryptedTextField(_("前のやり方"), blank=True, null=True)
    after = EncryptedTextField(_("いまのやり方"), blank=True, null=True)
    cost_once = models.PositiveBigIntegerField(_("はじめの費用（円）"), null=True, blank=True)
    cost_yearly = models.PositiveBigIntegerField(_("毎年の費用（円）"), null=True, blank=True)
    hours_saved = models.PositiveIntegerField(_("減った時間（月あたり時間）"), null=True, blank=True)
    counted = models.CharField(_("時間の数え方"), max_length=10, choices=Counted.choices, blank=True)
    counted_how = EncryptedTextField(_("数え方の説明"), blank=True, null=True)
    risk_checked = EncryptedTextField(_("確かめたリスク"), blank=True, null=True)
    risk_result = EncryptedTextField(_("確かめた結果と、決めた約束"), blank=True, null=True)
    ask_division = models.CharField(_("問い合わせ先の課"), max_length=60, blank=True)
    """A division: people change, and no private person is to be found here."""
    sample = models.BooleanField(_("見本"), default=False)
    """Made up to show how it works; said wherever the case is shown."""
    origin = models.ForeignKey("learning.Post", models.SET_NULL, null=True, blank=True, related_name="cases")
    """The accepted answer it was begun with."""
    reason = EncryptedTextField(_("理由"), blank=True, null=True)
    """Why it was returned or withdrawn, the last time."""
    revision = models.PositiveIntegerField(default=1)
    """Counts what was saved: a changed text is a new entry of the index."""
    created_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(_("変更日時"), default=timezone.now)
    submitted_at = models.DateTimeField(_("提出日時"), null=True, blank=True)
    submitted_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("公開日時"), null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-published_at", "-pk")
        indexes = (
            models.Index(fields=["consortium", "state", "published_at"]),
            models.Index(fields=["consortium", "town", "state"]),
        )

    def __str__(self) -> str:
        return self.title


class CaseFile(SharedModel):
    """A file of a case, kept under its digest below the town's folder."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    name = models.CharField(_("ファイル名"), max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("大きさ"))
    kind = models.CharField(max_length=10)
    """``base.engine.file_kind.FileKind``, told by its content."""
    by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("日時"), default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class CaseAdoption(SharedModel):
    """Another town does the same, within a joint project or by a plan of its own, and tells what came of it."""

    class State(models.TextChoices):
        TRYING = "trying", _("取り組み中")
        WORKED = "worked", _("うまくいった")
        PARTLY = "partly", _("一部うまくいった")
        FAILED = "failed", _("うまくいかなかった")

    case = models.ForeignKey(Case, models.CASCADE, related_name="adoptions")
    town = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+", verbose_name=_("自治体"))
    project = models.ForeignKey(
        "joint.JointProject",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("共同事業"),
    )
    plan = EncryptedTextField(_("自分の町の計画"), blank=True, null=True)
    adopted_on = models.DateField(_("取り入れた日"))
    state = models.CharField(_("結果"), max_length=10, choices=State.choices, default=State.TRYING)
    hours_saved = models.PositiveIntegerField(_("減った時間（月あたり時間）"), null=True, blank=True)
    counted = models.CharField(_("時間の数え方"), max_length=10, choices=Case.Counted.choices, blank=True)
    cost_once = models.PositiveBigIntegerField(_("はじめの費用（円）"), null=True, blank=True)
    cost_yearly = models.PositiveBigIntegerField(_("毎年の費用（円）"), null=True, blank=True)
    differed = EncryptedTextField(_("元の事例とちがったこと"), blank=True, null=True)
    told_on = models.DateField(_("結果を伝えた日"), null=True, blank=True)

    class Meta:
        ordering = ("adopted_on", "pk")
        constraints = (models.UniqueConstraint(fields=["case", "town"], name="case_adoption_once"),)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.town_id}"
