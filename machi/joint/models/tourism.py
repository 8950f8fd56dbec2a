"""Joint tourism: spots and events of the towns, plans that visitors made, and what they asked of operators."""

from __future__ import annotations

import secrets
from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField, EncryptedEmailField, EncryptedTextField

from machi.base.scoping import SharedModel


def new_link() -> str:
    """The secret in a link: 192 random bits."""
    return secrets.token_urlsafe(24)


class Spot(SharedModel):
    """A place to visit, or an event. It is its town's: only that town (and the joint office) changes it."""

    class Kind(models.TextChoices):
        SPOT = "spot", _("観光スポット")
        EVENT = "event", _("イベント")

    class Category(models.TextChoices):
        NATURE = "nature", _("自然・公園")
        HISTORY = "history", _("歴史・まち並み")
        MUSEUM = "museum", _("美術館・博物館")
        TEMPLE = "temple", _("神社・寺")
        HOT_SPRING = "hot_spring", _("温泉")
        FOOD = "food", _("食べる")
        SHOPPING = "shopping", _("買い物・市場")
        EXPERIENCE = "experience", _("体験")
        FAMILY = "family", _("子どもと遊ぶ")
        FESTIVAL = "festival", _("祭り・催し")
        FACILITY = "facility", _("公共施設")
        GATE = "gate", _("駅・観光案内所")

    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    kind = models.CharField(_("種類"), max_length=10, choices=Kind.choices, default=Kind.SPOT)
    code = models.CharField(_("オープンデータのID"), max_length=40, blank=True)
    """What makes it the same row in the next version of the town's list; spots entered by form get one too."""
    category = models.CharField(_("分類"), max_length=20, choices=Category.choices)
    name = models.CharField(_("名前"), max_length=120)
    name_kana = models.CharField(_("名前の読み（カナ）"), max_length=240, blank=True)
    name_en = models.CharField(_("名前（英語）"), max_length=200, blank=True)
    description = models.TextField(_("説明"), blank=True, max_length=2000)
    description_en = models.TextField(_("説明（英語）"), blank=True, max_length=2000)
    description_easy = models.TextField(_("説明（やさしい日本語）"), blank=True, max_length=2000)
    address = models.CharField(_("住所"), max_length=200, blank=True)
    latitude = models.FloatField(_("緯度"), validators=[MinValueValidator(20), MaxValueValidator(46)])
    longitude = models.FloatField(_("経度"), validators=[MinValueValidator(122), MaxValueValidator(154)])
    opens = models.TimeField(_("開く時刻"), null=True, blank=True)
    closes = models.TimeField(_("閉まる時刻"), null=True, blank=True)
    """Both empty: the hours are not known, and no route leads here. 23:59 stands for midnight."""
    weekdays = models.CharField(max_length=7, default="1111111")
    """1 or 0 for Monday to Sunday."""
    closed_dates = models.JSONField(default=list)
    """Days off besides, as ISO dates."""
    hours_note = models.CharField(_("開く日と時刻についての注意"), max_length=500, blank=True)
    starts_on = models.DateField(_("開始日"), null=True, blank=True)
    ends_on = models.DateField(_("終了日"), null=True, blank=True)
    visit_minutes = models.PositiveSmallIntegerField(
        _("ふつうの滞在時間（分）"), default=60, validators=[MinValueValidator(5), MaxValueValidator(720)]
    )
    fee = models.CharField(_("料金"), max_length=200, blank=True)
    access = models.CharField(_("行き方"), max_length=500, blank=True)
    barrier_free = models.CharField(_("バリアフリー"), max_length=500, blank=True)
    wifi = models.BooleanField(_("公衆無線LANがある"), default=False)
    telephone = models.CharField(_("電話番号"), max_length=40, blank=True)
    url = models.URLField(_("公式ページ"), max_length=500, blank=True)
    operator = models.CharField(_("運営者"), max_length=120, blank=True)
    operator_email = EncryptedEmailField(_("予約を受けるメールアドレス"), blank=True, null=True)
    """Never shown to visitors."""
    takes_requests = models.BooleanField(_("予約の希望を受け付ける"), default=False)
    largest_party = models.PositiveSmallIntegerField(
        _("一度に受けられる人数"), default=20, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    published = models.BooleanField(_("公開する"), default=False)
    source = models.CharField(_("出典"), max_length=200, blank=True)
    """The file it came from and its licence, as the page must show it."""
    changed_at = models.DateTimeField(_("更新日時"), default=timezone.now)

    class Meta:
        ordering = ("municipality", "name", "pk")
        indexes = (models.Index(fields=["consortium", "published", "municipality"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["consortium", "municipality", "code"],
                condition=~models.Q(code=""),
                name="spot_code_once",
            ),
        )

    def __str__(self) -> str:
        """The name for the reader of the page; easier Japanese adds how it is read."""
        language = get_language()
        if language == "en" and self.name_en:
            return self.name_en
        return f"{self.name}（{self.name_kana}）" if language == "ja-easy" and self.name_kana else self.name

    @property
    def told(self) -> str:
        """The description for the reader of the page."""
        language = get_language()
        if language == "en":
            return self.description_en or self.description
        return (self.description_easy if language == "ja-easy" else "") or self.description

    @property
    def hours_known(self) -> bool:
        return self.opens is not None and self.closes is not None

    @property
    def always_open(self) -> bool:
        return (self.opens, self.closes) == (time(0), time(23, 59))


class SpotUpload(SharedModel):
    """A list between the look at what it would change and its taking; each town has one at most."""

    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    options = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["consortium", "municipality"], name="spot_upload_once"),
        )

    def __str__(self) -> str:
        return self.name


class VisitPlan(SharedModel):
    """A route that the planner made for somebody, kept under a secret link. Nothing in it says who."""

    municipality = models.ForeignKey("base.Municipality", models.PROTECT, related_name="+")
    """The town on whose page it was made."""
    token = models.CharField(max_length=40, unique=True, default=new_link)
    language = models.CharField(max_length=10, default="ja")
    starts_on = models.DateField(_("初日"))
    wishes = models.JSONField(default=dict)
    """What was asked for, as the form says it, so that it can be changed and planned again."""
    result = models.JSONField(default=dict)
    """Value, bound, how it was found, ends of days, and why spots were left out."""
    made_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    by_staff = models.BooleanField(default=False)
    """Made by somebody signed in: a model course, not counted as a visitor's."""
    ledger_index = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = (models.Index(fields=["consortium", "made_at"]),)

    def __str__(self) -> str:
        return f"#{self.pk}"


class PlanStop(SharedModel):
    """A visit, or lunch where ``spot`` is empty."""

    plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="stops")
    day = models.PositiveSmallIntegerField()
    ordinal = models.PositiveSmallIntegerField()
    spot = models.ForeignKey(Spot, models.PROTECT, null=True, related_name="stops")
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    """Minutes after midnight."""
    travel = models.PositiveSmallIntegerField(default=0)
    """Minutes of the way there."""
    reason = models.CharField(max_length=20, blank=True)
    """Why it is in the route: ``must``, ``event``, ``interest`` or ``near``."""

    class Meta:
        ordering = ("day", "ordinal")
        constraints = (models.UniqueConstraint(fields=["plan", "day", "ordinal"], name="plan_stop_once"),)

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.day}/{self.ordinal}"


class BookingRequest(SharedModel):
    """What a visitor asks of a spot's operator. Who asks is kept encrypted, and for the spot's town only."""

    class State(models.TextChoices):
        SENT = "sent", _("返事待ち")
        ACCEPTED = "accepted", _("受け付けた")
        DECLINED = "declined", _("断った")
        PROPOSED = "proposed", _("別の日時を提案")
        WITHDRAWN = "withdrawn", _("取り下げ")

    plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="requests")
    spot = models.ForeignKey(Spot, models.PROTECT, related_name="requests")
    token = models.CharField(max_length=40, unique=True, default=new_link)
    """The visitor's."""
    operator_token = models.CharField(max_length=40, unique=True, default=new_link)
    state = models.CharField(_("状態"), max_length=10, choices=State.choices, default=State.SENT)
    on = models.DateField(_("希望日"))
    at = models.TimeField(_("希望の時刻"))
    party = models.PositiveSmallIntegerField(_("人数"))
    language = models.CharField(max_length=10, default="ja")
    name = EncryptedCharField(_("お名前"), max_length=80, blank=True, null=True)
    email = EncryptedEmailField(_("メールアドレス"), blank=True, null=True)
    telephone = EncryptedCharField(_("電話番号"), max_length=40, blank=True, null=True)
    proposed_on = models.DateField(_("提案の日"), null=True, blank=True)
    proposed_at = models.TimeField(_("提案の時刻"), null=True, blank=True)
    made_at = models.DateTimeField(_("受付日時"), default=timezone.now)
    settled_at = models.DateTimeField(_("返事の日時"), null=True)
    erased_at = models.DateTimeField(_("消去日時"), null=True)
    """Since then no name, address or words are left, and the links are dead."""

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = (models.Index(fields=["consortium", "state"]),)

    def __str__(self) -> str:
        return f"#{self.pk}"


class RequestTurn(SharedModel):
    """What happened with a request, by whom, and what was said."""

    class Who(models.TextChoices):
        VISITOR = "visitor", _("申し込んだ人")
        OPERATOR = "operator", _("運営者")
        STAFF = "staff", _("町の職員")

    request = models.ForeignKey(BookingRequest, models.CASCADE, related_name="turns")
    who = models.CharField(max_length=10, choices=Who.choices)
    action = models.CharField(max_length=10)
    """The state it led to, or ``accepted`` of a proposal."""
    words = EncryptedTextField(blank=True, null=True)
    person = models.ForeignKey("base.Person", models.SET_NULL, null=True, related_name="+")
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("happened_at", "pk")

    def __str__(self) -> str:
        return f"#{self.request_id} {self.action}"
