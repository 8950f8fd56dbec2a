"""A joint purchase: its items, what towns want of them, the lots, and what is asked of vendors."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedIntegerField, EncryptedTextField

from machi.base.scoping import SharedModel


class JointPurchase(SharedModel):
    """From the towns' demand to lots, requirements, offers and awards."""

    class State(models.TextChoices):
        COLLECTING = "collecting", _("需要の受付中")
        LOTS = "lots", _("ロット確定・要件の作成中")
        TENDER = "tender", _("要件確定・見積の受付中")
        OPENED = "opened", _("開札済み")
        CANCELLED = "cancelled", _("中止")

    class Subject(models.TextChoices):
        GOODS = "goods", _("物品")
        CLOUD = "cloud", _("クラウドサービス・ソフトウェア")
        SERVICE = "service", _("業務委託")

    class Method(models.TextChoices):
        ADDITIVE = "additive", _("加算方式（技術点＋価格点）")
        DIVISION = "division", _("除算方式（技術点÷価格）")

    title = models.CharField(_("件名"), max_length=120)
    purpose = models.TextField(_("何のために買うか"))
    subject = models.CharField(_("買うもの"), max_length=10, choices=Subject.choices)
    collect_until = models.DateField(_("需要の締切"))
    tender_yen = models.PositiveBigIntegerField(_("調達1回の事務費（円）"), default=0)
    """What one tender costs a town, or the consortium: part of what joint buying saves."""
    state = models.CharField(_("状態"), max_length=12, choices=State.choices, default=State.COLLECTING)
    facts = models.JSONField(default=dict)
    """What decides which requirements are proposed (``domain.procurement_requirements``)."""
    library = models.CharField(max_length=20, blank=True)
    """Version of the requirement texts, once they are proposed."""
    method = models.CharField(_("評価の方式"), max_length=10, choices=Method.choices, default=Method.ADDITIVE)
    quality_points = models.DecimalField(
        _("技術点の満点"), max_digits=7, decimal_places=2, default=Decimal(200)
    )
    price_points = models.DecimalField(
        _("価格点の配分"), max_digits=7, decimal_places=2, default=Decimal(100)
    )
    base_points = models.DecimalField(_("基礎点"), max_digits=7, decimal_places=2, default=Decimal(0))
    offers_by = models.DateField(_("見積の期限"), null=True)
    lots_reason = models.TextField(_("ロットの理由"), blank=True)
    cancel_reason = models.TextField(_("中止の理由"), blank=True)
    created_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    lots_at = models.DateTimeField(_("ロット確定日時"), null=True)
    fixed_at = models.DateTimeField(_("要件確定日時"), null=True)
    opened_at = models.DateTimeField(_("開札日時"), null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return self.title


class PurchaseItem(SharedModel):
    """One thing that can be wanted, with the prices expected of it."""

    purchase = models.ForeignKey(JointPurchase, models.CASCADE, related_name="items")
    name = models.CharField(_("品目"), max_length=120)
    unit = models.CharField(_("単位"), max_length=20)
    description = models.TextField(_("仕様の概要"), blank=True)
    tiers = models.JSONField(default=list)
    """[from quantity, unit price at least, unit price at most] in yen, rising in quantity; found by asking around."""

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["purchase", "name"], name="purchase_item_once"),)

    def __str__(self) -> str:
        return self.name


class PurchaseLot(SharedModel):
    """What is tendered and delivered together; later who won it, and how its cost is shared."""

    class State(models.TextChoices):
        OPEN = "open", _("落札前")
        AWARDED = "awarded", _("落札")
        FAILED = "failed", _("不調")

    purchase = models.ForeignKey(JointPurchase, models.CASCADE, related_name="lots")
    item = models.ForeignKey(PurchaseItem, models.PROTECT, related_name="lots")
    number = models.PositiveSmallIntegerField(_("ロット番号"))
    on = models.DateField(_("納入日"))
    """The last day that suits all its towns."""
    expected = models.JSONField(default=dict)
    """What it was expected to save when it was formed (``engine.lots_ranges``)."""
    ceiling = EncryptedIntegerField(_("予定価格（円、税込）"), null=True, blank=True)
    """Secret until the offers are opened: kept encrypted."""
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.OPEN)
    evaluation = models.JSONField(null=True)
    """How the offers compared when the office last had them compared; None: not since something changed."""
    offer = models.ForeignKey("joint.PurchaseOffer", models.PROTECT, null=True, related_name="+")
    """The offer that won."""
    award_reason = models.TextField(_("理由"), blank=True)
    decided_at = models.DateTimeField(_("決定日時"), null=True)
    sharing = models.JSONField(null=True)
    """Who would pay what by each rule, as last computed; None: not yet."""
    rule = models.CharField(_("分担の方法"), max_length=24, blank=True)
    rule_reason = models.TextField(_("この方法にした理由"), blank=True)
    rule_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["purchase", "number"], name="purchase_lot_once"),)

    def __str__(self) -> str:
        return str(_("ロット%(number)s　%(item)s") % {"number": self.number, "item": self.item.name})


class PurchaseDemand(SharedModel):
    """What one town wants of one item."""

    purchase = models.ForeignKey(JointPurchase, models.CASCADE, related_name="demands")
    item = models.ForeignKey(PurchaseItem, models.CASCADE, related_name="demands")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("数量"))
    earliest = models.DateField(_("納入の希望（早くて）"))
    latest = models.DateField(_("納入の希望（遅くて）"))
    conditions = models.TextField(_("条件"), blank=True)
    ceiling = EncryptedIntegerField(_("上限額（円、税込）"), null=True, blank=True)
    """What the town can pay at most; other towns never see it."""
    lot = models.ForeignKey(PurchaseLot, models.SET_NULL, null=True, related_name="demands")
    entered_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("item_id", "municipality_id")
        constraints = (
            models.UniqueConstraint(fields=["item", "municipality"], name="purchase_demand_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="purchase_demand_positive"),
        )

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.item_id} x {self.quantity}"


class PurchaseRequirement(SharedModel):
    """One thing asked of vendors: requirement, criterion, question and clause, from the library or one's own."""

    purchase = models.ForeignKey(JointPurchase, models.CASCADE, related_name="requirements")
    code = models.CharField(_("項目コード"), max_length=40)
    """Id in the library or in the AI checklist, or ``own-1``, ``own-2``."""
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
        constraints = (
            models.UniqueConstraint(fields=["purchase", "code"], name="purchase_requirement_once"),
        )

    def __str__(self) -> str:
        return self.title


class PurchaseVendor(SharedModel):
    """A vendor who answered."""

    purchase = models.ForeignKey(JointPurchase, models.CASCADE, related_name="vendors")
    name = EncryptedTextField(_("事業者名"))
    """Sealed with the prices until the offers are opened."""

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.name)


class PurchaseOffer(SharedModel):
    """A vendor's price tiers for one lot."""

    vendor = models.ForeignKey(PurchaseVendor, models.CASCADE, related_name="offers")
    lot = models.ForeignKey(PurchaseLot, models.CASCADE, related_name="offers")
    sealed = EncryptedTextField()
    """JSON: [from quantity, unit price in yen, tax included], rising in quantity."""

    class Meta:
        ordering = ("lot_id", "vendor_id")
        constraints = (models.UniqueConstraint(fields=["vendor", "lot"], name="purchase_offer_once"),)

    def __str__(self) -> str:
        return f"{self.vendor_id}: {self.lot_id}"


class PurchaseAnswer(SharedModel):
    """What a vendor answered to one requirement, and the points it was given."""

    vendor = models.ForeignKey(PurchaseVendor, models.CASCADE, related_name="answers")
    requirement = models.ForeignKey(PurchaseRequirement, models.CASCADE, related_name="answers")
    points = models.PositiveSmallIntegerField(_("点数"), null=True)
    """0 to 4; None: not marked yet."""
    note = models.TextField(_("回答・メモ"), blank=True)

    class Meta:
        ordering = ("requirement__ordinal",)
        constraints = (
            models.UniqueConstraint(fields=["vendor", "requirement"], name="purchase_answer_once"),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True) | models.Q(points__lte=4),
                name="purchase_answer_points",
            ),
        )

    def __str__(self) -> str:
        return f"{self.vendor_id}/{self.requirement_id}: {self.points}"


class PurchaseContract(SharedModel):
    """The contract of an awarded lot, with the signed file."""

    lot = models.OneToOneField(PurchaseLot, models.CASCADE, related_name="contract")
    number = models.CharField(_("契約番号"), max_length=60)
    signed_on = models.DateField(_("契約日"))
    starts_on = models.DateField(_("契約期間（から）"))
    ends_on = models.DateField(_("契約期間（まで）"))
    amount = models.PositiveBigIntegerField(_("契約額（円、税込）"))
    kept_in = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """The town in whose folder the file lies."""
    file_name = models.CharField(_("契約書"), max_length=200)
    file_digest = models.CharField(max_length=64)
    file_kind = models.CharField(max_length=12)
    entered_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.number


class PurchaseDelivery(SharedModel):
    """What was delivered to a town on a day; the town confirms it."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("確認待ち")
        ACCEPTED = "accepted", _("検収済み")
        DEFECTIVE = "defective", _("不具合あり")

    lot = models.ForeignKey(PurchaseLot, models.CASCADE, related_name="deliveries")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("納入された数量"))
    on = models.DateField(_("納入された日"))
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.RECORDED)
    defects = models.TextField(_("不具合"), blank=True)
    entered_by = models.ForeignKey("base.Person", models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("確認日時"), null=True)

    class Meta:
        ordering = ("municipality_id", "on", "pk")

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.quantity} ({self.on})"


class PurchaseConsent(SharedModel):
    """What one town would pay of a lot by the chosen rule, and whether it agrees."""

    class State(models.TextChoices):
        ASKED = "asked", _("回答待ち")
        AGREED = "agreed", _("同意")
        OBJECTED = "objected", _("異議")

    lot = models.ForeignKey(PurchaseLot, models.CASCADE, related_name="consents")
    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    pays = models.BigIntegerField(_("負担額（円）"))
    state = models.CharField(_("回答"), max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.TextField(_("理由"), blank=True)
    answered_by = models.ForeignKey("base.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("回答日時"), null=True)

    class Meta:
        ordering = ("municipality_id",)
        constraints = (models.UniqueConstraint(fields=["lot", "municipality"], name="purchase_consent_once"),)

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.municipality_id}: {self.state}"
