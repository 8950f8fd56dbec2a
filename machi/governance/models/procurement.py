"""An AI procurement check: the need, the requirements made of it, vendors' answers, and who was chosen."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedIntegerField

from machi.base.scoping import ScopedModel


class Procurement(ScopedModel):
    """From the need to the choice. Once fixed, what vendors are measured by no longer changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("作成中")
        FIXED = "fixed", _("要件確定・評価中")
        DECIDED = "decided", _("選定済み")
        CANCELLED = "cancelled", _("中止")

    class Method(models.TextChoices):
        ADDITIVE = "additive", _("加算方式（技術点＋価格点）")
        DIVISION = "division", _("除算方式（技術点÷価格）")

    title = models.CharField(_("件名"), max_length=120)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.DRAFT)
    purpose = models.TextField(_("何のために使うか"), blank=True)
    users_note = models.TextField(_("誰がどこで使うか"), blank=True)
    data_note = models.TextField(_("どんなデータを扱うか"), blank=True)
    facts = models.JSONField(default=dict)
    """Declared facts by name, as ``engine.checklist`` asks of them."""
    budget = models.PositiveBigIntegerField(_("予算（円、税込）"), null=True, blank=True)
    starts_on = models.DateField(_("使い始める日"), null=True, blank=True)
    answers_by = models.DateField(_("回答の期限"), null=True, blank=True)
    checklist = models.CharField(max_length=20)
    """Version of the checklist its items came from."""
    method = models.CharField(_("評価の方式"), max_length=10, choices=Method.choices, default=Method.ADDITIVE)
    quality_points = models.DecimalField(
        _("技術点の満点"), max_digits=7, decimal_places=2, default=Decimal(200)
    )
    price_points = models.DecimalField(
        _("価格点の配分"), max_digits=7, decimal_places=2, default=Decimal(100)
    )
    base_points = models.DecimalField(_("基礎点"), max_digits=7, decimal_places=2, default=Decimal(0))
    ceiling = EncryptedIntegerField(_("予定価格（円、税込）"), null=True, blank=True)
    """Secret until the bids are opened: kept encrypted."""
    created_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    fixed_at = models.DateTimeField(_("確定日時"), null=True)
    decided_at = models.DateTimeField(_("選定日時"), null=True)
    chosen = models.ForeignKey("governance.Vendor", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("理由"), blank=True)
    """Of the choice, or of giving up."""

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["municipality", "state"]),)

    def __str__(self) -> str:
        return self.title


class ProcurementItem(ScopedModel):
    """One thing asked of vendors: requirement, criterion, question and clause, from the checklist or one's own."""

    procurement = models.ForeignKey(Procurement, models.CASCADE, related_name="items")
    code = models.CharField(_("項目コード"), max_length=40)
    """Id in the checklist, or ``own-1``, ``own-2``."""
    ordinal = models.PositiveSmallIntegerField()
    principle = models.CharField(max_length=20, blank=True)
    title = models.CharField(_("項目"), max_length=120)
    requirement = models.TextField(_("要件"))
    criterion = models.TextField(_("評価の観点"), blank=True)
    question = models.TextField(_("事業者への質問"), blank=True)
    clause = models.TextField(_("契約の条項"), blank=True)
    follows = models.TextField(_("よりどころ"), blank=True)
    selected = models.BooleanField(_("入れる"), default=True)
    must = models.BooleanField(_("必須"), default=False)
    weight = models.DecimalField(_("重み"), max_digits=5, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering = ("ordinal", "pk")
        constraints = (models.UniqueConstraint(fields=["procurement", "code"], name="procurement_item_once"),)

    def __str__(self) -> str:
        return self.title


class Vendor(ScopedModel):
    """Who answered, and for how much."""

    procurement = models.ForeignKey(Procurement, models.CASCADE, related_name="vendors")
    name = models.CharField(_("事業者名"), max_length=120)
    price = models.PositiveBigIntegerField(_("価格（円、税込）"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["procurement", "name"], name="vendor_name_once"),)

    def __str__(self) -> str:
        return self.name


class VendorAnswer(ScopedModel):
    """What a vendor answered to one item, and the points it was given."""

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="answers")
    item = models.ForeignKey(ProcurementItem, models.CASCADE, related_name="answers")
    points = models.PositiveSmallIntegerField(_("点数"), null=True)
    """0 to 4; None: not marked yet."""
    note = models.TextField(_("回答・メモ"), blank=True)

    class Meta:
        ordering = ("item__ordinal",)
        constraints = (
            models.UniqueConstraint(fields=["vendor", "item"], name="vendor_answer_once"),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True) | models.Q(points__lte=4), name="vendor_answer_points"
            ),
        )

    def __str__(self) -> str:
        return f"{self.vendor_id}/{self.item_id}: {self.points}"
