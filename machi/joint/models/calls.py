"""A call for joint projects, and what several towns propose together."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedEmailField

from machi.base.scoping import SharedModel
from machi.joint.models.projects import Area


class Call(SharedModel):
    """From the draft to the announcement. Once published, what proposals are measured by no longer changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("準備中")
        OPEN = "open", _("募集中")
        REVIEW = "review", _("審査中")
        DECIDED = "decided", _("採否決定")
        ANNOUNCED = "announced", _("結果公表")
        CANCELLED = "cancelled", _("中止")

    class Method(models.TextChoices):
        """As ``engine.normalising.Method``; ranks are left out: a sum of ranks is no sum of worth."""

        ADDITIVE = "additive", _("審査員の甘辛を差し引く（加法モデル）")
        Z_SCORE = "z_score", _("審査員ごとに平均と広がりをそろえる（標準化）")
        RAW = "raw", _("そのままの平均")

    title = models.CharField(_("公募の名前"), max_length=120)
    purpose = models.TextField(_("目的"))
    areas = models.JSONField(_("分野"), default=list)
    """Values of ``Area``."""
    eligibility = models.TextField(_("応募できる者"))
    requirements = models.JSONField(_("形式要件"), default=list)
    """Texts; screening says of each whether it is met."""
    least_members = models.PositiveSmallIntegerField(_("共同する自治体の最少数"), default=2)
    """The lead counts."""
    opens_on = models.DateField(_("募集を始める日"))
    closes_on = models.DateField(_("応募の締切日"))
    budget = models.PositiveBigIntegerField(_("予算の総額（円）"))
    ceiling = models.PositiveBigIntegerField(_("1件の上限額（円）"), null=True, blank=True)
    top = models.PositiveSmallIntegerField(_("観点ごとの満点"), default=5)
    reviewers_each = models.PositiveSmallIntegerField(_("提案1件あたりの審査員の数"), default=3)
    method = models.CharField(
        _("審査員の違いのならし方"), max_length=10, choices=Method.choices, default=Method.ADDITIVE
    )
    least_score = models.DecimalField(
        _("採択に必要な最低点"), max_digits=4, decimal_places=2, default=Decimal(0)
    )
    most_per_prefecture = models.PositiveSmallIntegerField(
        _("都道府県ごとの上限（件）"), null=True, blank=True
    )
    """By the lead's prefecture."""
    most_per_area = models.PositiveSmallIntegerField(_("分野ごとの上限（件）"), null=True, blank=True)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.TextField(_("中止の理由"), blank=True)
    note = models.TextField(_("講評"), blank=True)
    """What the joint office says of the results as a whole; public with them."""
    created_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    published_at = models.DateTimeField(_("募集開始日時"), null=True)
    closed_at = models.DateTimeField(_("締切日時"), null=True)
    decided_at = models.DateTimeField(_("決定日時"), null=True)
    announced_at = models.DateTimeField(_("公表日時"), null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return self.title

    @property
    def area_labels(self) -> list[str]:
        return [str(Area(one).label) for one in self.areas]


class CallCriterion(SharedModel):
    """What reviewers give points for."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(_("観点"), max_length=60)
    description = models.TextField(_("見るところ"), blank=True)
    weight = models.DecimalField(_("重み"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ("ordinal", "pk")

    def __str__(self) -> str:
        return self.title


class Proposal(SharedModel):
    """What towns propose together: a draft of theirs alone until every one of them has signed and the lead sends it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("作成中")
        SUBMITTED = "submitted", _("提出済み")
        PASSED = "passed", _("形式審査を通過")
        FAILED = "failed", _("形式要件を満たさず")
        ADOPTED = "adopted", _("採択")
        REJECTED = "rejected", _("不採択")
        WITHDRAWN = "withdrawn", _("取り下げ")

    call = models.ForeignKey(Call, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField(_("受付番号"), null=True)
    """In the order of handing in, from 1; None for a draft."""
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    lead = models.ForeignKey(
        "base.Municipality", models.PROTECT, related_name="+", verbose_name=_("代表自治体")
    )
    title = models.CharField(_("事業名"), max_length=120)
    area = models.CharField(_("分野"), max_length=20, choices=Area.choices, blank=True)
    summary = models.TextField(_("概要"), blank=True)
    """Public once adopted."""
    plan = models.TextField(_("実施内容"), blank=True)
    effects = models.TextField(_("期待される効果"), blank=True)
    partners = models.TextField(_("協力する事業者・団体"), blank=True)
    """One a line: who is among them does not review it."""
    amount = models.PositiveBigIntegerField(_("申請額（円）"), null=True, blank=True)
    starts_on = models.DateField(_("開始日"), null=True, blank=True)
    ends_on = models.DateField(_("終了日"), null=True, blank=True)
    contact_name = EncryptedCharField(_("担当者の氏名"), max_length=80, blank=True, null=True)
    contact_email = EncryptedEmailField(_("担当者のメールアドレス"), blank=True, null=True)
    revision = models.PositiveIntegerField(default=1)
    """Counts what was saved, so that two towns writing at once do not overwrite each other."""
    imported = models.BooleanField(_("一覧から取り込んだ"), default=False)
    """Came on paper, so did its towns' agreement."""
    created_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    changed_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(_("変更日時"), default=timezone.now)
    submitted_at = models.DateTimeField(_("提出日時"), null=True)

    class Meta:
        ordering = ("call", "number", "pk")
        indexes = (models.Index(fields=["consortium", "state"]),)
        constraints = (models.UniqueConstraint(fields=["call", "number"], name="proposal_number_once"),)

    def __str__(self) -> str:
        return self.title

    @property
    def partner_names(self) -> list[str]:
        return [line.strip() for line in self.partners.splitlines() if line.strip()]


class ProposalMember(SharedModel):
    """A town behind a proposal, the lead among them, and whether its head has signed what now stands there."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="members")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("同意した日時"), null=True)
    signed_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    """None where the agreement came on paper."""

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["proposal", "municipality"], name="proposal_member_once"),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.municipality_id}"


class ProposalAttachment(SharedModel):
    """A file of a proposal, kept under its digest below the lead's folder."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="attachments")
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
